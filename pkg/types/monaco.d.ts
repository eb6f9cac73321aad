import type * as Monaco from "monaco-editor";
import type { Diagnostic, Options } from "./index.d.ts";

export interface MonacoOptions extends Options {
  /** Milliseconds between the last keystroke and the marks; 50 by default. */
  delay?: number | undefined;
  /** What to wait for before the first check; `init()` by default. */
  ready?: Promise<void> | undefined;
  /** Called with the findings of each check. */
  onCheck?: (found: Diagnostic[]) => void | undefined;
}

/** Findings for `monaco.editor.setModelMarkers`. */
export function markers(
  found: readonly Diagnostic[],
  model: Pick<Monaco.editor.ITextModel, "getPositionAt">,
): Monaco.editor.IMarkerData[];

/** Keeps the marks of a model in step with its text, and offers quick fixes, until it is disposed of. */
export function streamlint(
  monaco: typeof Monaco,
  model: Monaco.editor.ITextModel,
  options?: MonacoOptions,
): Monaco.IDisposable;
