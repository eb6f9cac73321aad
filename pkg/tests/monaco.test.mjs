// Monaco itself, in Chromium: markers under the very characters, and the quick fixes of its menu.

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
  monaco.languages.register({ id: "json" });
  globalThis.edit = (text) => {
    const model = monaco.editor.createModel(text, "json");
    globalThis.editor = monaco.editor.create(document.getElementById("editor"), { model });
    globalThis.kept = streamlint(monaco, model, { delay: 0 });
    globalThis.marked = () => monaco.editor.getModelMarkers({ owner: "streamlint" }).map((marker) => [model.getValueInRange(marker), marker.code, marker.severity]);
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

/** Puts the cursor on a word, asks for quick fixes, and gives what the menu offers. */
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

test("Monaco marks the very characters behind an emoji, and its quick fixes fix them", async () => {
  await page.evaluate(() => edit('{ "name": "é😀a", "type": "https", "uri": "https://a.example.com" }'));
  await page.waitForFunction(() => marked().length > 0);
  const marks = await page.evaluate(() => marked());
  assert.deepEqual(marks.find(([, rule]) => rule === "unknown-type"), ['"https"', "unknown-type", 8]);
  await page.waitForSelector(".squiggly-error");

  assert.deepEqual(await offered('"https"'), ["Use Https"]);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => editor.getModel().getValue().includes('"Https"') && !marked().some(([, rule]) => rule === "unknown-type"));

  // A guess is marked as one.
  assert.deepEqual(await offered('"uri"'), ["Rename it to `url` (a guess)"]);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => editor.getModel().getValue().includes('"url"'));
  // One step back for each.
  await page.evaluate(() => editor.trigger("test", "undo"));
  await page.waitForFunction(() => editor.getModel().getValue().includes('"uri"') && marked().some(([text]) => text === '"uri"'));

  await page.evaluate(() => kept.dispose());
  assert.deepEqual(await page.evaluate(() => marked()), []);
  assert.deepEqual(page.errors, []);
});
