// Monaco: markers and code actions.

import init, { check } from "streamlint";

/** @typedef {import("../types/index.d.ts").Diagnostic} Diagnostic */
/** @typedef {import("monaco-editor").editor.ITextModel} Model */

const OWNER = "streamlint";

/** Monaco's `MarkerSeverity`. */
const SEVERITIES = { error: 8, warning: 4, info: 2 };

/** @type {typeof import("../types/monaco.d.ts").markers} */
export function markers(found, model) {
  return found.map((diagnostic) => ({
    ...range(model, diagnostic.from, diagnostic.to),
    severity: SEVERITIES[diagnostic.severity],
    message: [diagnostic.message, diagnostic.help].filter(Boolean).join("\n"),
    source: OWNER,
    code: diagnostic.rule,
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
    found = check(model.getValue(), options);
    monaco.editor.setModelMarkers(model, OWNER, markers(found, model));
    onCheck?.([...found]);
  };
  const changes = model.onDidChangeContent(() => {
    clearTimeout(waiting);
    waiting = setTimeout(run, delay);
  });
  const actions = monaco.languages.registerCodeActionProvider(model.getLanguageId(), {
    provideCodeActions(asked, at) {
      const version = model.getVersionId();
      const touched = asked === model ? found.filter((one) => one.fix && overlap(range(model, one.from, one.to), at)) : [];
      return {
        actions: touched.map((diagnostic) => action(model, version, diagnostic)),
        dispose() {},
      };
    },
  });
  void run();
  return {
    dispose() {
      clearTimeout(waiting);
      changes.dispose();
      actions.dispose();
      if (!model.isDisposed()) monaco.editor.setModelMarkers(model, OWNER, []);
    },
  };
}

/** @param {Model} model @param {number} versionId @param {Diagnostic} diagnostic */
function action(model, versionId, diagnostic) {
  const fix = /** @type {import("../types/index.d.ts").Fix} */ (diagnostic.fix);
  return {
    title: fix.safe ? fix.title : `${fix.title} (a guess)`,
    kind: "quickfix",
    diagnostics: markers([diagnostic], model),
    isPreferred: fix.safe,
    edit: {
      edits: fix.edits.map(({ from, to, text }) => ({
        resource: model.uri,
        versionId,
        textEdit: { range: range(model, from, to), text },
      })),
    },
  };
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
