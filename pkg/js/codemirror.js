// The CodeMirror 6 extensions: marks, quick fixes, hovers and completions.

import { syntaxTree } from "@codemirror/language";
import { forceLinting, linter } from "@codemirror/lint";
import { EditorState, RangeSetBuilder } from "@codemirror/state";
import { Decoration, EditorView, hoverTooltip, ViewPlugin } from "@codemirror/view";
import init, { check } from "streamlint";

import { describe, isReference, isShown, keysOf, schemaAt, secretOfUrl, valuesOf } from "./schema-walk.js";

/** @typedef {import("../types/index.d.ts").Diagnostic} Diagnostic */
/** @typedef {import("../types/codemirror.d.ts").EditorOptions} EditorOptions */
/** @typedef {import("@lezer/common").SyntaxNode} SyntaxNode */

/** The longest text, in UTF-16 code units, that is checked in the frame of the keystroke, and not after it. */
const AT_ONCE = 50_000;

/** @param {EditorOptions} [options] */
export function streamlintLinter(options = {}) {
  const { delay = 50 } = options;
  const marks = linter(streamlintSource(options), { delay });
  if (delay > 0) return marks;
  // A timer, even with 0 ms, fires after the frame that shows the keystroke, so the marks would be one frame late.
  const atOnce = EditorView.updateListener.of(({ docChanged, view }) => {
    if (docChanged && view.state.doc.length <= AT_ONCE) forceLinting(view);
  });
  return [marks, atOnce];
}

/** @param {EditorOptions} [options] */
export function streamlintSource({ delay: _, ready, onCheck, ...options } = {}) {
  return async (/** @type {{ state: EditorState }} */ { state }) => {
    await (ready ?? init());
    const text = state.doc.toString();
    // An empty editor has no findings.
    const found = text.trim() === "" ? [] : check(text, options);
    onCheck?.(found);
    return found.map((diagnostic) => ({
      from: diagnostic.from,
      to: diagnostic.to,
      severity: diagnostic.severity,
      source: `streamlint ${diagnostic.rule}`,
      message: [diagnostic.message, diagnostic.help].filter(Boolean).join("\n").replaceAll("`", ""),
      renderMessage: () => rendered(diagnostic),
      actions: diagnostic.fix ? [action(diagnostic, diagnostic.fix, options)] : [],
    }));
  };
}

/** The message and the help, on one line each, with back-ticked text as code. */
function rendered(/** @type {Diagnostic} */ { message, help }) {
  const dom = document.createElement("div");
  for (const sentence of help === null ? [message] : [message, help]) {
    const line = dom.appendChild(document.createElement("div"));
    for (const [at, part] of sentence.split("`").entries()) {
      line.append(at % 2 === 0 ? part : Object.assign(document.createElement("code"), { textContent: part }));
    }
  }
  return dom;
}

/** @param {Diagnostic} diagnostic @param {NonNullable<Diagnostic["fix"]>} fix @param {EditorOptions} options */
function action(diagnostic, fix, options) {
  return {
    name: `${fix.title.replaceAll("`", "")}${fix.safe ? "" : " (a guess)"}`,
    apply(/** @type {EditorView} */ view) {
      // The text may have changed, so the fix is computed for the current text.
      const same = check(view.state.doc.toString(), options).find(
        ({ rule, pointer, connectionIndex, fix: found }) =>
          rule === diagnostic.rule &&
          pointer === diagnostic.pointer &&
          connectionIndex === diagnostic.connectionIndex &&
          found?.title === fix.title,
      );
      const changes = same?.fix?.edits.map(({ from, to, text }) => ({ from, to, insert: text }));
      if (changes) view.dispatch({ changes, userEvent: "input.fix" });
    },
  };
}

/** @param {EditorOptions} [options] */
export function streamlintHover(options = {}) {
  return hoverTooltip((view, at) => {
    const node = syntaxTree(view.state).resolveInner(at, 1);
    if (node.name !== "PropertyName" && node.name !== "String") return null;
    const found = schemaAt(pathOf(view.state, node), typeOf(view.state, node, options));
    const text = found && describe(found, node.name === "String" ? read(view.state, node) : undefined);
    if (!text) return null;
    return {
      pos: node.from,
      end: node.to,
      above: true,
      create() {
        const dom = document.createElement("div");
        dom.className = "cm-streamlint-hover";
        dom.textContent = text;
        return { dom };
      },
    };
  });
}

/** @param {EditorOptions} [options] */
export function streamlintCompletion(options = {}) {
  return (/** @type {import("@codemirror/autocomplete").CompletionContext} */ context) => {
    const { state, pos } = context;
    const node = syntaxTree(state).resolveInner(pos, -1);
    const place = placeOf(state, node, pos);
    if (place === null) return null;
    const { object, key, from, to } = place;
    const type = typeOf(state, object, options);
    // CodeMirror would compare the pair of quotes with each completion and find no match.
    const like = (/** @type {RegExp} */ validFor) => (state.sliceDoc(from, to) === '""' ? { filter: false } : { validFor });
    if (key !== undefined) {
      const found = schemaAt([...pathOf(state, object), key], type);
      const values = found ? valuesOf(found) : [];
      if (values.length === 0) return null;
      return {
        from,
        to,
        options: values.map(({ value, detail }) => ({ label: JSON.stringify(value), type: "enum", info: detail })),
        ...like(/^"?[\w-]*"?$/),
      };
    }
    if (!context.explicit && node.name !== "PropertyName") return null;
    const found = schemaAt(pathOf(state, object), type);
    if (!found) return null;
    const present = new Set(object.getChildren("Property").map((child) => keyOf(state, child)));
    // An existing colon after the key is kept.
    const hasColon = /^\s*:/.test(state.sliceDoc(to, to + 10));
    const keys = keysOf(found).filter(({ key }) => !present.has(key) || key === read(state, node));
    keys.sort((one, other) => Number(other.isRequired) - Number(one.isRequired));
    return {
      from,
      to,
      options: keys.map(({ key, value, detail, isRequired }) => ({
        label: JSON.stringify(key),
        apply: JSON.stringify(key) + (hasColon ? "" : `: ${value}`),
        type: "property",
        info: detail,
        boost: isRequired ? 1 : 0,
      })),
      ...like(/^"?[\w.]*"?$/),
    };
  };
}

const dots = Decoration.mark({ class: "cm-streamlint-secret" });
// Only the display changes to dots: the cursor and copying still use the text.
const dotted = EditorView.baseTheme({
  ".cm-streamlint-secret, .cm-streamlint-secret *": { "-webkit-text-security": "disc" },
});

/** @param {EditorOptions} [options] */
export function streamlintSecrets(options = {}) {
  const plugin = ViewPlugin.define(
    (view) => {
      let tree = syntaxTree(view.state);
      const plugin = {
        decorations: secrets(view, options),
        update(/** @type {import("@codemirror/view").ViewUpdate} */ { docChanged, viewportChanged, state }) {
          if (!docChanged && !viewportChanged && syntaxTree(state) === tree) return;
          tree = syntaxTree(state);
          plugin.decorations = secrets(view, options);
        },
      };
      return plugin;
    },
    { decorations: (plugin) => plugin.decorations },
  );
  return [plugin, dotted];
}

/** @param {EditorView} view @param {EditorOptions} options */
function secrets({ state, visibleRanges }, options) {
  /** @type {RangeSetBuilder<Decoration>} */
  const found = new RangeSetBuilder();
  // A connection may be long and have many nodes, so its type is looked up once.
  /** @type {Map<number | undefined, string | undefined>} */
  const types = new Map();
  const isNodeShown = (/** @type {SyntaxNode} */ node) => {
    const connection = connectionOf(node);
    if (!types.has(connection?.from)) types.set(connection?.from, writtenType(state, connection, options));
    return isShown(pathOf(state, node), types.get(connection?.from));
  };
  let done = 0;
  for (const { from, to } of visibleRanges) {
    // Starts at the line, because a key decides whether the text after it is secret.
    let at = Math.max(done, state.doc.lineAt(from).from);
    let hidden = false;
    const dot = (/** @type {number} */ start, /** @type {number} */ end) => {
      if (start < end) found.add(start, end, dots);
    };
    // Text outside of the syntax tree is damaged, and may be part of a password.
    const gap = (/** @type {number} */ end) => {
      if (hidden && /[^\s,:]/.test(state.sliceDoc(at, end))) dot(at, end);
      at = Math.max(at, end);
    };
    syntaxTree(state).iterate({
      from: at,
      to,
      enter(ref) {
        const { type, from, to } = ref;
        const mayHoldNodes = type.isTop || ["Object", "Array", "Property"].includes(type.name);
        if (mayHoldNodes || (type.isError && ref.node.firstChild) || from < at) return;
        gap(from);
        if (type.name === "PropertyName") {
          hidden = !isNodeShown(ref.node);
        } else if (type.name === "String" || type.name === "Number") {
          if (type.name === "String" && isReference(state.sliceDoc(from + 1, to - 1))) {
            // A reference names a secret but does not contain it.
          } else if (!isNodeShown(ref.node)) {
            const quotes = type.name === "String" ? 1 : 0;
            dot(from + quotes, to - quotes);
          } else {
            const [start, end] = secretOfUrl(state.sliceDoc(from + 1, to - 1)) ?? [0, 0];
            dot(from + 1 + start, from + 1 + end);
          }
        } else if (type.isError && hidden) {
          gap(to);
        }
        at = Math.max(at, to);
      },
    });
    gap(to);
    done = at;
  }
  return found.finish();
}

/** @param {EditorOptions} [options] */
export function streamlint(options = {}) {
  // All requests share one source, because CodeMirror drops the results of a source that no longer exists.
  const data = [{ autocomplete: streamlintCompletion(options) }];
  return [streamlintLinter(options), streamlintHover(options), EditorState.languageData.of(() => data)];
}

/** The value of a string or name in JSON; the raw text if it is not closed. */
function read(/** @type {EditorState} */ state, /** @type {SyntaxNode} */ node) {
  const raw = state.sliceDoc(node.from, node.to);
  try {
    return JSON.parse(raw);
  } catch {
    return raw.replaceAll('"', "");
  }
}

/** @param {EditorState} state @param {SyntaxNode} property */
function keyOf(state, property) {
  const name = property.getChild("PropertyName");
  return name ? read(state, name) : "";
}

/** A node and its ancestors. @param {SyntaxNode | null} node */
function* upwards(node) {
  for (let at = node; at; at = at.parent) yield at;
}

/**
 * The keys from the connection around a node down to the node. The connection is the outermost object, or the
 * object directly in an array of the outermost value.
 *
 * @param {EditorState} state
 * @param {SyntaxNode} node
 */
function pathOf(state, node) {
  const path = [];
  for (const at of upwards(node)) {
    if (at.name === "Property") path.unshift(keyOf(state, at));
    if (at.name === "Array" && at.parent && isOutside(at)) return path;
    else if (at.name === "Array") path.unshift("*");
  }
  return path;
}

/** Whether an array contains connections: it is the outermost value, or a field of the outermost object. */
function isOutside(/** @type {SyntaxNode} */ array) {
  let depth = 0;
  for (const at of upwards(array.parent)) if (at.name === "Object" || at.name === "Array") depth++;
  return depth === 0 || (depth === 1 && array.firstChild?.nextSibling?.name === "Object");
}

/** The connection that contains a node. @param {SyntaxNode} node */
function connectionOf(node) {
  /** @type {SyntaxNode | null} */
  let connection = null;
  for (const at of upwards(node)) {
    if (at.name === "Array" && isOutside(at)) break;
    if (at.name === "Object") connection = at;
  }
  return connection;
}

/** The `type` of the connection that contains a node, or else the type in the options. */
function typeOf(/** @type {EditorState} */ state, /** @type {SyntaxNode} */ node, /** @type {EditorOptions} */ options) {
  return writtenType(state, connectionOf(node), options);
}

/** The same for a known connection. @param {EditorState} state @param {SyntaxNode | null} connection @param {EditorOptions} options */
function writtenType(state, connection, options) {
  const property = connection?.getChildren("Property").find((child) => keyOf(state, child) === "type");
  const value = property?.getChild("String");
  return value ? read(state, value) : options.type;
}

/**
 * The context of a completion: the object that contains it, the key if it is a value, and the range that it replaces.
 *
 * @param {EditorState} state
 * @param {SyntaxNode} node
 * @param {number} pos
 */
function placeOf(state, node, pos) {
  const isText = node.name === "String" || node.name === "PropertyName";
  const from = isText ? node.from : pos;
  const to = isText ? Math.max(node.to, pos) : pos;
  for (const at of upwards(node)) {
    if (at.name === "Property" && node.name !== "PropertyName") {
      const object = at.parent;
      return object && { object, key: keyOf(state, at), from, to };
    }
    if (at.name === "Array") return null;
    if (at.name === "Object") return { object: at, key: undefined, from, to };
  }
  return null;
}
