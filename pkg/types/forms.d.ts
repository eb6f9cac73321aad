import type { ConnectionType, Diagnostic, Severity } from "./index.d.ts";

export interface FormOptions {
  /** The severities that the form shows; errors and warnings by default. */
  severities?: Severity[] | undefined;
  /** The connection of the checked text that the form shows; the first by default. */
  connectionIndex?: number | undefined;
}

/** The shape of RJSF's `ErrorSchema`. */
export interface ErrorSchema {
  __errors?: string[] | undefined;
  [key: string]: ErrorSchema | string[] | undefined;
}

/** The shape of ajv's `ErrorObject`, which JSON Forms uses. */
export interface ErrorObject {
  instancePath: string;
  message: string;
  /** The name of the rule. */
  keyword: string;
  schemaPath: string;
  params: { severity: Severity; help: string | null; url: string };
}

/** Findings for `<Form extraErrors={…}>` of RJSF. */
export function extraErrors(found: readonly Diagnostic[], options?: FormOptions): ErrorSchema;

/** Findings for JSON Forms: its `additionalErrors`, best set by a middleware (see the README). */
export function additionalErrors(found: readonly Diagnostic[], options?: FormOptions): ErrorObject[];

/**
 * JSON pointers to the strings and numbers of a connection that may hold a secret, in the order of the value: mask them
 * in a form, and remove them where a definition is shown or passed on. They include all fields that the published
 * schema of the type does not list, all headers, and URLs with a user or a query.
 */
export function secretPointers(value: unknown, type?: ConnectionType): string[];
