import type * as Monaco from "monaco-editor";
import type { Diagnostic, EditorOptions } from "./index.d.ts";

export type MonacoOptions = EditorOptions;

/** Findings for `monaco.editor.setModelMarkers`. With `monaco.Uri`, the code of each links to its rule's page. */
export function markers(
  found: readonly Diagnostic[],
  model: Pick<Monaco.editor.ITextModel, "getPositionAt">,
  uris?: Pick<typeof Monaco.Uri, "parse">,
): Monaco.editor.IMarkerData[];

/**
 * Updates the markers of a model until it is disposed of. Offers quick fixes, and all safe fixes as `source.fixAll`.
 * For models of `json` and `jsonc` it also provides hovers and completions from the published schemas.
 */
export function streamlint(
  monaco: typeof Monaco,
  model: Monaco.editor.ITextModel,
  options?: MonacoOptions,
): Monaco.IDisposable;
