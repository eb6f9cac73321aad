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

/** What the published schemas say about the member under the pointer. Needs `json()` of @codemirror/lang-json. */
export function streamlintHover(options?: EditorOptions): Extension;

/** Members and words that the published schemas know. Needs `json()` of @codemirror/lang-json. */
export function streamlintCompletion(options?: EditorOptions): CompletionSource;

/**
 * Dots in the place of what may be secret: members that are `writeOnly`, headers, what the schemas do not know, and the user
 * or query of a URL. The text stays what it is. Needs `json()` of @codemirror/lang-json.
 */
export function streamlintSecrets(options?: EditorOptions): Extension;
