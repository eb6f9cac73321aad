// Hovers and completions from the core, in every syntax and dialect. Those of the package support only JSON in Admin
// API shape.

import { type Completion, type CompletionContext, type CompletionResult, snippet } from "@codemirror/autocomplete";
import { EditorState, type Extension } from "@codemirror/state";
import { hoverTooltip } from "@codemirror/view";
import type { Options } from "streamlint";

import { completions, describe } from "./core";

/** The longest text, in UTF-16 code units, that is completed while the user types. */
const AT_ONCE = 50_000;

export function explanations(options: Options): Extension {
  // All requests share one source, because CodeMirror drops the results of a source that no longer exists.
  const data = [{ autocomplete: (context: CompletionContext) => completed(context, options) }];
  return [
    EditorState.languageData.of(() => data),
    hoverTooltip(({ state }, at) => {
      const found = describe(state.doc.toString(), at, options);
      if (!found) return null;
      const dom = Object.assign(shown(found.text), { className: "cm-streamlint-hover" });
      return { pos: found.from, end: found.to, above: true, create: () => ({ dom }) };
    }),
  ];
}

function completed({ state, pos, explicit }: CompletionContext, options: Options): CompletionResult | null {
  if (!explicit && state.doc.length > AT_ONCE) return null;
  const found = completions(state.doc.toString(), pos, options);
  if (!found || (!explicit && found.from === pos)) return null;
  const { from, to, commaAt } = found;
  const items = found.items.map(
    ({ label, insert, description, isField, isRequired }, at): Completion => ({
      label,
      type: isField ? "property" : "enum",
      apply: (view, item, from, to) => {
        if (commaAt !== undefined) view.dispatch({ changes: { from: commaAt, insert: "," } });
        const comma = commaAt === undefined ? 0 : 1;
        snippet(insert.replace("$1", "${}"))(view, item, from + comma, to + comma);
      },
      // The core's order: required fields and safe values come first.
      boost: Math.max(-99, -at),
      ...(isRequired && { detail: "required" }),
      ...(description && { info: () => shown(description) }),
    }),
  );
  // CodeMirror would compare the pair of quotes with each completion and find no match.
  const isEmpty = state.sliceDoc(from, to) === '""';
  return { from, to, options: items, ...(isEmpty ? { filter: false } : { validFor: /^"?[\w.-]*"?$/ }) };
}

/** Renders the core's Markdown: paragraphs and lists with code and bold text. */
function shown(markdown: string): HTMLElement {
  const dom = document.createElement("div");
  for (const line of markdown.split("\n").filter(Boolean)) {
    const row = dom.appendChild(document.createElement("div"));
    for (const [, bold, code, plain] of line.replace(/^- /, "• ").matchAll(/\*\*(.+?)\*\*|`([^`]*)`|([^*`]+|.)/g)) {
      const name = bold === undefined ? "code" : "strong";
      row.append(plain ?? Object.assign(document.createElement(name), { textContent: bold ?? code }));
    }
  }
  return dom;
}
