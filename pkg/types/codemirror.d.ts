import type { CompletionSource } from "@codemirror/autocomplete";
import type { LintSource } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import type { EditorOptions } from "./index.d.ts";

export type { EditorOptions };

/** Everything: marks with quick fixes, hovers and completions. */
export function streamlint(options?: EditorOptions): Extension;

/** Marks, and quick fixes: a fix that may change the meaning is labeled as a guess. */
export function streamlintLinter(options?: EditorOptions): Extension;

/** The same as a source for a `linter()` of your own. */
export function streamlintSource(options?: EditorOptions): LintSource;

/** The description of the field under the pointer, from the published schemas. Needs `json()` of @codemirror/lang-json. */
export function streamlintHover(options?: EditorOptions): Extension;

/** Fields and values of the published schemas. Needs `json()` of @codemirror/lang-json. */
export function streamlintCompletion(options?: EditorOptions): CompletionSource;

/**
 * Dots over possible secrets: fields that are `writeOnly`, headers, unknown fields, and the user or query of a URL. The
 * text does not change. Needs `json()` of @codemirror/lang-json.
 */
export function streamlintSecrets(options?: EditorOptions): Extension;
