import type * as Monaco from "monaco-editor";
import type { Diagnostic, EditorOptions } from "./index.d.ts";

export type MonacoOptions = EditorOptions;

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
