// Functions of the page's module, beside those of the package.

import type { Options } from "streamlint";

export * from "streamlint";
export { default } from "streamlint";

/** The text with `***` for everything that a report may not show: secrets, unknown values, comments. Line numbers hold. */
export function mask(text: string, options?: Options): string;

/** The connections of a text in Admin API shape. An unknown value is a template with its expression. */
export function values(text: string, options?: Options): Record<string, unknown>[];

/**
 * The connections of a text in another dialect, with a sentence for each thing that it lacks. Unknown values become its
 * variables. Throws an error if it supports none of the connections.
 */
export function convert(text: string, to: "terraform" | "kubernetes" | "cloudformation", options?: Options): { text: string; warnings: string[] };

/** A part of a text, in UTF-16 code units. */
export interface Range {
  from: number;
  to: number;
}

/**
 * The ranges of the text that may be secret, in order. Unlike in `mask`, comments are not among them, and neither is a
 * public field whose value is wrong. After a syntax error, more than known secrets is covered.
 */
export function secrets(text: string, options?: Options): { isDamaged: boolean; ranges: Range[] };

/** What the field or value at an offset is, in Markdown; nothing outside of fields that are known. Works in every syntax. */
export function describe(text: string, offset: number, options?: Options): (Range & { text: string }) | undefined;

export interface Completion {
  label: string;
  /** The new text, with `$1` where the cursor goes. */
  insert: string;
  /** Markdown. */
  description: string;
  isField: boolean;
  isRequired: boolean;
}

/** What can be written at an offset, in every syntax: fields in the words of the dialect, and values. */
export function completions(text: string, offset: number, options?: Options): Completions | undefined;

export interface Completions extends Range {
  /** Where a comma is missing, which goes in with an item. */
  commaAt: number | undefined;
  items: Completion[];
}
