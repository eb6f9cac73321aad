// The Monaco integration: markers, code actions, hovers and completions.

import init, { check, fix } from "streamlint";

import { placeAt, read } from "./json-place.js";
import { describe, keysOf, schemaAt, valuesOf } from "./schema-walk.js";

/** @typedef {import("../types/index.d.ts").Diagnostic} Diagnostic */
/** @typedef {import("monaco-editor").editor.ITextModel} Model */
/** @typedef {import("monaco-editor").Position} Position */

const OWNER = "streamlint";

/** Monaco's `MarkerSeverity`. */
const SEVERITIES = { error: 8, warning: 4, info: 2 };

/** The kinds of code actions, as Monaco's menus and `editor.action.fixAll` request them. */
const QUICK_FIX = "quickfix";
const FIX_ALL = "source.fixAll.streamlint";

/** The languages with hovers and completions. */
const JSON_LANGUAGES = ["json", "jsonc"];

/** @type {typeof import("../types/monaco.d.ts").markers} */
export function markers(found, model, uris) {
  return found.map((diagnostic) => ({
    ...range(model, diagnostic.from, diagnostic.to),
    severity: SEVERITIES[diagnostic.severity],
    message: [diagnostic.message, diagnostic.help].filter(Boolean).join("\n"),
    source: OWNER,
    code: uris ? { value: diagnostic.rule, target: uris.parse(diagnostic.url) } : diagnostic.rule,
  }));
}

/** @type {typeof import("../types/monaco.d.ts").streamlint} */
export function streamlint(monaco, model, { delay = 50, ready, onCheck, ...options } = {}) {
  /** @type {readonly Diagnostic[]} */
  let found = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const run = async () => {
    await (ready ?? init());
    if (model.isDisposed()) return;
    const text = model.getValue();
    // An empty editor has no findings.
    found = text.trim() === "" ? [] : check(text, options);
    monaco.editor.setModelMarkers(model, OWNER, markers(found, model, monaco.Uri));
    onCheck?.([...found]);
  };
  const changes = model.onDidChangeContent(() => {
    clearTimeout(waiting);
    waiting = setTimeout(run, delay);
  });
  const language = model.getLanguageId();
  const actions = {
    /** @type {import("monaco-editor").languages.CodeActionProvider["provideCodeActions"]} */
    provideCodeActions(asked, at, context) {
      const wants = (/** @type {string} */ kind) => isWithin(kind, context?.only);
      /** @type {import("monaco-editor").languages.CodeAction[]} */
      const offered = [];
      if (asked === model && wants(QUICK_FIX)) {
        const touched = found.filter((one) => one.fix && overlap(range(model, one.from, one.to), at));
        offered.push(...touched.map((diagnostic) => quickFix(monaco, model, diagnostic)));
      }
      // This fixes the whole text, so it is offered only if it is requested by kind.
      if (asked === model && context?.only && wants(FIX_ALL)) offered.push(...fixAll(model, options));
      return { actions: offered, dispose() {} };
    },
  };
  const kept = [changes, monaco.languages.registerCodeActionProvider(language, actions, { providedCodeActionKinds: [QUICK_FIX, FIX_ALL] })];
  if (JSON_LANGUAGES.includes(language)) {
    const isReady = async (/** @type {Model} */ asked) => {
      await (ready ?? init());
      return asked === model && !model.isDisposed();
    };
    kept.push(
      monaco.languages.registerHoverProvider(language, {
        provideHover: async (asked, at) => ((await isReady(asked)) ? hover(model, at, options) : undefined),
      }),
      monaco.languages.registerCompletionItemProvider(language, {
        triggerCharacters: ['"'],
        provideCompletionItems: async (asked, at) => ({
          suggestions: (await isReady(asked)) ? completions(monaco, model, at, options) : [],
        }),
      }),
    );
  }
  void run();
  return {
    dispose() {
      clearTimeout(waiting);
      for (const one of kept) one.dispose();
      if (!model.isDisposed()) monaco.editor.setModelMarkers(model, OWNER, []);
    },
  };
}

/** Whether a kind of code action equals another or is a subkind of it; always true if none is requested. @param {string} kind @param {string} [only] */
function isWithin(kind, only) {
  return !only || kind === only || kind.startsWith(`${only}.`);
}

/** @param {typeof import("monaco-editor")} monaco @param {Model} model @param {Diagnostic} diagnostic */
function quickFix(monaco, model, diagnostic) {
  const fix = /** @type {import("../types/index.d.ts").Fix} */ (diagnostic.fix);
  return {
    title: fix.safe ? fix.title : `${fix.title} (a guess)`,
    kind: QUICK_FIX,
    diagnostics: markers([diagnostic], model, monaco.Uri),
    isPreferred: fix.safe,
    edit: { edits: fix.edits.map((edit) => replacement(model, edit)) },
  };
}

/** One action for all safe fixes, if there are any. @param {Model} model @param {import("../types/index.d.ts").Options} options */
function fixAll(model, options) {
  const text = model.getValue();
  const { text: fixed, applied } = fix(text, options);
  if (applied === 0) return [];
  // Only the changed part is replaced, to keep the cursor and the folded regions.
  const shorter = Math.min(text.length, fixed.length);
  let [from, same] = [0, 0];
  while (from < shorter && text[from] === fixed[from]) from++;
  while (same < shorter - from && text.at(-1 - same) === fixed.at(-1 - same)) same++;
  const edit = { from, to: text.length - same, text: fixed.slice(from, fixed.length - same) };
  return [{ title: "Fix all that is safe to fix", kind: FIX_ALL, edit: { edits: [replacement(model, edit)] } }];
}

/** @param {Model} model @param {import("../types/index.d.ts").Edit} edit */
function replacement(model, { from, to, text }) {
  return { resource: model.uri, versionId: model.getVersionId(), textEdit: { range: range(model, from, to), text } };
}

/** The description of the field at a position, from the published schemas. @param {Model} model @param {Position} at @param {{ type?: string | undefined }} options */
function hover(model, at, options) {
  const place = placeAt(model.getValue(), model.getOffsetAt(at), options.type);
  if (!place?.leaf || !place.entry?.key) return undefined;
  const { path, type, leaf, entry, isValue } = place;
  const found = schemaAt([...path, read(place.entry.key)], type);
  const text = found && describe(found, isValue ? read(leaf) : undefined);
  if (!text) return undefined;
  return { range: range(model, leaf.from, leaf.to), contents: [{ value: markdown(text) }] };
}

/** Escapes a text for Markdown, except that back-ticked text is code. @param {string} text */
function markdown(text) {
  const parts = text.split("`").map((part, at) => (at % 2 === 0 ? part.replace(/[\\*_{}[\]()#+\-.!<>|~&]/g, "\\$&") : part));
  return parts.join("`").replaceAll("\n", "\n\n");
}

/** @param {typeof import("monaco-editor")} monaco @param {Model} model @param {Position} at @param {{ type?: string | undefined }} options */
function completions(monaco, model, at, options) {
  const [text, offset] = [model.getValue(), model.getOffsetAt(at)];
  const place = placeAt(text, offset, options.type);
  if (!place) return [];
  const { object, path, type, leaf, entry, isValue } = place;
  // An unclosed string extends to the end of its line.
  const isWhole = leaf && (!leaf.text.startsWith('"') || (leaf.text.length > 1 && leaf.text.endsWith('"')));
  const [from, to] = [leaf?.from ?? offset, isWhole ? leaf.to : offset];
  const { CompletionItemKind, CompletionItemInsertTextRule } = monaco.languages;
  const item = (/** @type {string} */ word, /** @type {string | undefined} */ documentation) => ({
    label: word,
    range: range(model, from, to),
    // Also matches text without quotes.
    filterText: leaf && !leaf.text.startsWith('"') ? word.slice(1, -1) : word,
    ...(documentation !== undefined && { documentation }),
  });
  if (isValue) {
    const found = entry?.key && schemaAt([...path, read(entry.key)], type);
    const words = found ? valuesOf(found) : [];
    return words.map(({ value, detail }, at) => {
      const insertText = JSON.stringify(value);
      // The order of the schema, which has the safest values first.
      const sortText = String(at).padStart(3, "0");
      return { ...item(insertText, detail), insertText, sortText, kind: CompletionItemKind.EnumMember };
    });
  }
  const found = schemaAt(path, type);
  if (!found) return [];
  const present = new Set(object.entries.flatMap((one) => (one.key && one !== entry ? [read(one.key)] : [])));
  // An existing colon after the key is kept.
  const hasColon = /^\s*:/.test(text.slice(to, to + 10));
  return keysOf(found)
    .filter(({ key }) => !present.has(key))
    .map(({ key, value, detail, isRequired }) => {
      const name = JSON.stringify(key);
      return {
        ...item(name, detail),
        kind: CompletionItemKind.Property,
        // The cursor goes between the quotes or brackets of the value.
        insertText: hasColon ? name : `${name}: ${value.replace(/^(["{[])(["}\]])$/, "$1$$0$2")}`,
        ...(!hasColon && { insertTextRules: CompletionItemInsertTextRule.InsertAsSnippet }),
        sortText: `${isRequired ? 0 : 1}${key}`,
      };
    });
}

/** @param {Pick<Model, "getPositionAt">} model @param {number} from @param {number} to */
function range(model, from, to) {
  const [start, end] = [model.getPositionAt(from), model.getPositionAt(to)];
  return {
    startLineNumber: start.lineNumber,
    startColumn: start.column,
    endLineNumber: end.lineNumber,
    endColumn: end.column,
  };
}

/** @typedef {ReturnType<typeof range>} Range */

/** @param {Range} one @param {Range} other */
function overlap(one, other) {
  const before = (/** @type {Range} */ a, /** @type {Range} */ b) =>
    a.endLineNumber < b.startLineNumber || (a.endLineNumber === b.startLineNumber && a.endColumn < b.startColumn);
  return !before(one, other) && !before(other, one);
}
