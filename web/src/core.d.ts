// Functions of the page's module, in addition to those of the package.

import type { Options } from "streamlint";

export * from "streamlint";
export { default } from "streamlint";

/** The text with `***` for secrets, unknown values and comments, as in reports. Line numbers stay the same. */
export function mask(text: string, options?: Options): string;

/** The connections of a text in Admin API shape. An unknown value is its placeholder or expression. */
export function values(text: string, options?: Options): Record<string, unknown>[];

/**
 * The connections of a text in another dialect, with a warning for each thing that it lacks. Unknown values become its
 * variables. Throws an error if it supports none of the connections.
 */
export function convert(text: string, to: "admin-api" | "terraform" | "kubernetes" | "cloudformation", options?: Options): { text: string; warnings: string[] };

/** A part of a text, in UTF-16 code units. */
export interface Range {
  from: number;
  to: number;
}

/**
 * The ranges of the text that may be secret, in order. Unlike in `mask`, comments and invalid values of public fields
 * are excluded. After a syntax error, the ranges cover more than the known secrets.
 */
export function secrets(text: string, options?: Options): { isDamaged: boolean; ranges: Range[] };

/** A Markdown description of the field or value at an offset, in every syntax; `undefined` outside of known fields. */
export function describe(text: string, offset: number, options?: Options): (Range & { text: string }) | undefined;

export interface Completion {
  label: string;
  /** The inserted text, with `$1` at the new position of the cursor. */
  insert: string;
  /** In Markdown. */
  description: string;
  isField: boolean;
  isRequired: boolean;
}

/** The fields and values that can be written at an offset, in the names of the dialect. Supports every syntax. */
export function completions(text: string, offset: number, options?: Options): Completions | undefined;

export interface Completions extends Range {
  /** The offset of a missing comma, which is inserted with an item. */
  commaAt: number | undefined;
  items: Completion[];
}
