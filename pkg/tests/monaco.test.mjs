// Monaco in Chromium: markers at the exact characters, quick fixes, hovers and completions.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { build } from "esbuild";

import { opened, POLICY } from "./browser.mjs";
import { root } from "./packed.mjs";

const folder = mkdtempSync(join(tmpdir(), "streamlint-monaco-"));
let browser, server, page;

const SCRIPT = `
  import * as monaco from "monaco-editor/editor";
  import "monaco-editor/features/register.all";
  import { streamlint } from "streamlint/monaco";
  globalThis.MonacoEnvironment = { getWorker: () => new Worker("/js/worker.js", { type: "module" }) };
  globalThis.monaco = monaco;
  monaco.languages.register({ id: "json" });
  globalThis.edit = (text) => {
    if (globalThis.kept) for (const one of [kept, editor]) one.dispose();
    const model = monaco.editor.createModel(text, "json");
    globalThis.editor = monaco.editor.create(document.getElementById("editor"), { model });
    globalThis.kept = streamlint(monaco, model, { delay: 0 });
    globalThis.marked = () => monaco.editor.getModelMarkers({ owner: "streamlint" }).map((marker) => [model.getValueInRange(marker), marker.code.value, marker.severity]);
    editor.focus();
  };
`;

before(async () => {
  mkdirSync(join(folder, "js"));
  const options = { bundle: true, format: "esm", target: "es2022", conditions: ["browser"], logLevel: "error", loader: { ".ttf": "file" } };
  await build({ ...options, stdin: { contents: SCRIPT, resolveDir: join(root, "tests") }, outfile: join(folder, "js", "page.js") });
  const worker = 'import "monaco-editor/editor/editor.worker";';
  await build({ ...options, stdin: { contents: worker, resolveDir: join(root, "tests") }, outfile: join(folder, "js", "worker.js") });
  copyFileSync(join(root, "streamlint.wasm"), join(folder, "streamlint.wasm"));
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><title>a</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/js/page.css"><div id="editor" style="height: 20rem"></div><script type="module" src="/js/page.js"></script>',
  );
  ({ server, browser, page } = await opened(folder, "edit", { policy: `${POLICY}; font-src 'self'` }));
});
after(async () => {
  await browser?.close();
  server?.close();
  rmSync(folder, { recursive: true });
});

/** Puts the cursor on a word, opens the quick fixes, and returns the items of the menu. */
async function offered(word) {
  await page.evaluate((word) => {
    const model = editor.getModel();
    editor.setPosition(model.getPositionAt(model.getValue().indexOf(word) + 1));
    editor.focus();
  }, word);
  await page.keyboard.press("Control+.");
  await page.waitForSelector(".action-widget .action .title");
  return page.$$eval(".action-widget .action .title", (titles) => titles.map((title) => title.textContent));
}

test("Monaco marks the exact characters after an emoji, and its quick fixes change them", async () => {
  await page.evaluate(() => edit('{ "name": "é😀a", "type": "https", "uri": "https://a.example.com" }'));
  await page.waitForFunction(() => marked().length > 0);
  const marks = await page.evaluate(() => marked());
  assert.deepEqual(marks.find(([, rule]) => rule === "unknown-type"), ['"https"', "unknown-type", 8]);
  await page.waitForSelector(".squiggly-error");

  assert.deepEqual(await offered('"https"'), ["Use Https"]);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => editor.getModel().getValue().includes('"Https"') && !marked().some(([, rule]) => rule === "unknown-type"));

  // An unsafe fix is labeled as a guess.
  assert.deepEqual(await offered('"uri"'), ["Rename it to `url` (a guess)"]);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => editor.getModel().getValue().includes('"url"'));
  // One undo step per fix.
  await page.evaluate(() => editor.trigger("test", "undo"));
  await page.waitForFunction(() => editor.getModel().getValue().includes('"uri"') && marked().some(([text]) => text === '"uri"'));

  await page.evaluate(() => kept.dispose());
  assert.deepEqual(await page.evaluate(() => marked()), []);
  assert.deepEqual(page.errors, []);
});

/** Opens a text with the cursor at the `|`. */
async function opens(marked) {
  await page.evaluate((marked) => {
    edit(marked.replace("|", ""));
    editor.setPosition(editor.getModel().getPositionAt(marked.indexOf("|")));
  }, marked);
}

/** The hover text at the `|`. */
async function hovered(marked, part) {
  await opens(marked);
  await page.waitForFunction(() => marked().length > 0);
  await page.evaluate(() => editor.trigger("test", "editor.action.showHover"));
  const hover = page.locator(".monaco-hover:visible", { hasText: part });
  await hover.waitFor();
  return hover;
}

/** The completions at the cursor. */
async function completed(marked) {
  await opens(marked);
  await page.evaluate(() => editor.trigger("test", "editor.action.triggerSuggest"));
  await page.waitForSelector(".suggest-widget.visible .monaco-list-row");
  return page.$$eval(".suggest-widget.visible .monaco-list-row .label-name", (names) => names.map((name) => name.textContent));
}

test("a hover describes the field, and its finding links to the rule's page", async () => {
  const hover = await hovered('{ "name": "orders", "type": "Kafka", "bootstrapServers": "broker-1.example.com|" }', "Bootstrap servers");
  assert.match(await hover.innerText(), /has no port/);
  const rule = hover.locator("a", { hasText: "missing-port" });
  await page.evaluate(() => (globalThis.open = (url) => ((globalThis.went = url), {})));
  await rule.click();
  await page.waitForFunction(() => globalThis.went);
  const links = await page.evaluate(() => monaco.editor.getModelMarkers({ owner: "streamlint" }).map(({ code }) => code.target.toString()));
  assert.ok(links.includes(await page.evaluate(() => String(went))));
});

test("missing fields and values are completed", async () => {
  const fields = await completed('{ "name": "a", "type": "Https", "|" }');
  assert.ok(fields[0] === '"url"' && fields.includes('"headers"') && !fields.includes('"name"'), String(fields));
  await page.keyboard.press("Enter");
  // The cursor is inside the value.
  await page.keyboard.type("x");
  await page.waitForFunction(() => editor.getModel().getValue() === '{ "name": "a", "type": "Https", "url": "x" }');

  const words = await completed('{ "name": "a", "type": "Kafka", "security": { "protocol": "|" } }');
  assert.ok(words[0] === '"SASL_SSL"' && !words.includes('"PLAINTEXT"'), String(words));
  await page.keyboard.type("SASL_S");
  await page.keyboard.press("Tab");
  await page.waitForFunction(() => editor.getModel().getValue().endsWith('"security": { "protocol": "SASL_SSL" } }'));
});

test("fix all applies all safe fixes and no guesses", async () => {
  await opens("{|}");
  // In a new editor, code actions are available only after Monaco has loaded that module.
  await page.waitForFunction(() => editor.getAction("editor.action.fixAll").isSupported());
  const fixed = await page.evaluate(async () => {
    const model = editor.getModel();
    model.setValue('{ "name": "a", "type": "https", "uri": "https://a.example.com" }');
    editor.setPosition(model.getPositionAt(28));
    while (!marked().some(([text]) => text === '"https"')) await new Promise((then) => setTimeout(then));
    await editor.getAction("editor.action.fixAll").run();
    while (!model.getValue().includes('"Https"')) await new Promise((then) => setTimeout(then));
    return model.getValue();
  });
  assert.equal(fixed, '{ "name": "a", "type": "Https", "uri": "https://a.example.com" }');
  assert.deepEqual(page.errors, []);
});
