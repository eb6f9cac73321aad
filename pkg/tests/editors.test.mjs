// The editor entries, as far as they work without a page; tests/browser.test.mjs tests the rest.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CompletionContext } from "@codemirror/autocomplete";
import { json } from "@codemirror/lang-json";
import { ensureSyntaxTree } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { check, rules } from "streamlint";
import { streamlintCompletion, streamlintSource } from "streamlint/codemirror";
import { markers, streamlint } from "streamlint/monaco";

import { placeAt } from "../js/json-place.js";

/** An editor state with the cursor at the `|`. */
function at(marked) {
  const pos = marked.indexOf("|");
  const state = EditorState.create({ doc: marked.replace("|", ""), extensions: [json()] });
  ensureSyntaxTree(state, state.doc.length, 5000);
  return { state, pos };
}

function complete(marked, options, explicit = true) {
  const { state, pos } = at(marked);
  return streamlintCompletion(options)(new CompletionContext(state, pos, explicit));
}

const labels = (result) => result?.options.map(({ label }) => label);

test("CodeMirror gets marks at the exact characters, and quick fixes", async () => {
  const doc = '{ "name": "é😀", "type": "kafka" }';
  let reported;
  const found = await streamlintSource({ onCheck: (all) => (reported = all) })({ state: EditorState.create({ doc }) });
  const type = found.find(({ source }) => source === "streamlint unknown-type");
  assert.equal(doc.slice(type.from, type.to), '"kafka"');
  assert.equal(type.severity, "error");
  assert.equal(reported.length, found.length);
  let state = EditorState.create({ doc: `// moved on\n${doc}` });
  const view = { state, dispatch: ({ changes }) => (state = state.update({ changes }).state) };
  type.actions[0].apply(view, 0, 0);
  assert.equal(state.doc.toString(), `// moved on\n${doc.replace("kafka", "Kafka")}`);
});

test("an unsafe fix is labeled as a guess", async () => {
  const doc = '{ "name": "a", "type": "Https", "uri": "https://a.example.com" }';
  const [found] = await streamlintSource()({ state: EditorState.create({ doc }) });
  assert.equal(found.actions[0].name, "Rename it to url (a guess)");
});

test("missing fields are completed", () => {
  const result = complete('{ "type": "Https", | }');
  assert.ok(labels(result).includes('"url"') && !labels(result).includes('"type"'));
  assert.equal(result.options.find(({ label }) => label === '"url"').apply, '"url": ""');
  assert.equal(result.options.find(({ label }) => label === '"headers"').apply, '"headers": {}');
  assert.deepEqual(labels(complete('{ "type": "Kafka", "security": { "pro|" } }')).sort(), [
    '"brokerPublicCertificate"',
    '"protocol"',
  ]);
  assert.equal(complete('{ "type": "Kafka", "pro|": 1 }').options[0].apply.includes(":"), false);
  assert.equal(complete('{ "type": "Kafka", | }', {}, false), null);
});

test("values are completed", () => {
  assert.ok(labels(complete('{ "type": "|" }')).includes('"Kafka"'));
  assert.equal(labels(complete('{ "type": "|" }')).length, 10);
  const mechanisms = labels(complete('{ "type": "Kafka", "authentication": { "mechanism": "|" } }'));
  assert.ok(mechanisms.includes('"SCRAM-512"'));
  assert.equal(complete('{ "type": "Kafka", "bootstrapServers": "|" }'), null);
});

test("connections in arrays and wrappers are found", () => {
  for (const [before, after] of [["[", "]"], ['{ "connections": [', "] }"], ['{ "results": [{}, ', "] }"]]) {
    const result = complete(`${before}{ "type": "Https", | }${after}`);
    assert.ok(labels(result)?.includes('"url"'), before);
  }
  assert.ok(labels(complete("{ | }", { type: "S3" })).includes('"aws"'));
});

/** A mock of the parts of Monaco that the package uses. */
function fake(text) {
  const model = {
    uri: "inmemory://a",
    getValue: () => text,
    getLanguageId: () => "json",
    getVersionId: () => 7,
    isDisposed: () => false,
    getPositionAt(offset) {
      const before = text.slice(0, offset).split("\n");
      return { lineNumber: before.length, column: before.at(-1).length + 1 };
    },
    onDidChangeContent: (then) => ((model.changed = then), { dispose() {} }),
  };
  const monaco = {
    editor: { setModelMarkers: (_model, _owner, list) => (monaco.markers = list) },
    languages: {
      registerCodeActionProvider: (_id, provider) => ((monaco.provider = provider), { dispose() {} }),
      registerHoverProvider: () => ({ dispose() {} }),
      registerCompletionItemProvider: () => ({ dispose() {} }),
    },
    Uri: { parse: String },
  };
  return { model, monaco, write: (next) => ((text = next), model.changed()) };
}

test("Monaco gets markers and code actions, and keeps them in step", async () => {
  const { model, monaco, write } = fake('{\n  "name": "é😀a",\n  "type": "kafka"\n}');
  const [found] = markers(check(model.getValue(), { config: { select: ["unknown-type"] } }), model);
  assert.deepEqual([found.startLineNumber, found.startColumn, found.endColumn], [3, 11, 18]);
  const checks = [];
  const kept = streamlint(monaco, model, { delay: 0, onCheck: (all) => checks.push(all.length) });
  await new Promise((then) => setTimeout(then, 20));
  const type = monaco.markers.find(({ code }) => code.value === "unknown-type");
  assert.equal(type.severity, 8);
  assert.equal(type.code.target, rules().find(({ name }) => name === "unknown-type").url);
  const { actions } = monaco.provider.provideCodeActions(model, found);
  assert.equal(actions[0].title, "Use Kafka");
  assert.deepEqual(actions[0].edit.edits[0].textEdit.range.startColumn, 11);
  write('{ "name": "sample_stream_solar", "type": "Sample" }');
  await new Promise((then) => setTimeout(then, 20));
  assert.deepEqual(monaco.markers, []);
  kept.dispose();
  assert.equal(checks.length, 2);
});

/** The position at the `|`: the path of the object, the field, and whether the cursor is at its value. */
function place(marked, type) {
  const found = placeAt(marked.replace("|", ""), marked.indexOf("|"), type);
  return found && [found.type, found.path.join("."), found.entry?.key?.text, found.isValue];
}

test("positions are found in incomplete texts", () => {
  assert.deepEqual(place('{ "type": "Kafka", "security": { "pro|'), ["Kafka", "security", '"pro', false]);
  assert.deepEqual(place('{ "type": | }', "S3"), ["S3", "", '"type"', true]);
  assert.deepEqual(place('{ "type": "Kafka", | }'), ["Kafka", "", undefined, false]);
  assert.deepEqual(place('{ "a": 1 "b|": 2, "type": "Https" }'), ["Https", "", '"b"', false]);
  assert.deepEqual(place('{ /* { "type": "S3" */ "a": "x|" }'), [undefined, "", '"a"', true]);
  assert.deepEqual(place('{ "security": { "protocol": "|" ] }, "type": "Kafka" }'), ["Kafka", "security", '"protocol"', true]);
  assert.deepEqual(place('{ "a\\"b": { "c|" } }'), [undefined, 'a"b', '"c"', false]);
  assert.equal(place('{ "type": "Kafka" // | \n }'), undefined);
  assert.equal(place('{ "type": "Kafka" } |'), undefined);
  assert.equal(place("["), undefined);
  for (const [before, after] of [["[", "]"], ['{ "connections": [', "] }"], ['{ "results": [{}, ', "] }"], ["", " {}"]]) {
    assert.deepEqual(place(`${before}{ "type": "Https", "|": 1 }${after}`), ["Https", "", '""', false], before);
  }
  assert.deepEqual(place('{ "schemaRegistryUrls": [{ "x": [{ "y|": 1 }] }] }'), [undefined, "x.*", '"y"', false]);
});

test("positions in a deep or damaged text are found without recursion", () => {
  for (const open of ["[", "{", '{"a":', "]", '"', "/*", "//"]) placeAt(open.repeat(100_000), 100_000, undefined);
  placeAt("{".repeat(100_000) + "]".repeat(100_000), 200_000, undefined);
});
