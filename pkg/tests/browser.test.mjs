// The built package in Chromium, under a content security policy that allows only WebAssembly.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { build } from "esbuild";

import { launch, serve } from "./browser.mjs";
import { cases, native } from "./native.mjs";
import { root } from "./packed.mjs";

const folder = mkdtempSync(join(tmpdir(), "streamlint-page-"));
let browser, server, bare, page;

/** The script of the page, with the functions that the tests call. */
const SCRIPT = `
  import init, * as streamlint from "streamlint";
  import * as inline from "streamlint/inline";
  import { basicSetup, EditorView } from "codemirror";
  import { json } from "@codemirror/lang-json";
  import { streamlint as marks, streamlintSecrets } from "streamlint/codemirror";
  globalThis.lint = { init, ...streamlint, inline };
  globalThis.edit = (doc) => {
    document.body.replaceChildren();
    return (globalThis.view = new EditorView({ doc, parent: document.body, extensions: [basicSetup, json(), marks({ delay: 0 }), streamlintSecrets()] }));
  };
`;
const WORKER = `
  import init, { check } from "streamlint";
  onmessage = async ({ data }) => { await init("/streamlint.wasm"); postMessage(check(data)); };
`;

before(async () => {
  const options = { bundle: true, format: "esm", target: "es2022", conditions: ["browser"], logLevel: "error" };
  mkdirSync(join(folder, "js"));
  for (const [name, contents] of [["page", SCRIPT], ["worker", WORKER]]) {
    const stdin = { contents, resolveDir: join(root, "tests") };
    await build({ ...options, stdin, outfile: join(folder, "js", `${name}.js`) });
  }
  // The script requests the module from the folder above its own.
  copyFileSync(join(root, "streamlint.wasm"), join(folder, "streamlint.wasm"));
  writeFileSync(join(folder, "index.html"), '<!doctype html><title>streamlint</title><link rel="icon" href="data:,"><script type="module" src="/js/page.js"></script>');
  server = await serve(folder);
  bare = await serve(folder, { types: false });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
  bare?.close();
  rmSync(folder, { recursive: true });
});

/** Opens a new page, and collects its errors. */
async function open(url = server.url) {
  await page?.close();
  page = await browser.context.newPage();
  page.errors = [];
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && page.errors.push(message.text()));
  await page.goto(url);
  await page.waitForFunction(() => globalThis.lint);
  return page;
}

test("init fetches the module once, whatever type the server gives it", async () => {
  for (const { url } of [server, bare]) {
    const page = await open(url);
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    const early = await page.evaluate(() => {
      try {
        return lint.check("{}");
      } catch (error) {
        return error.message;
      }
    });
    assert.equal(early, "streamlint is not ready: `await init()` once before the first check");
    const rules = await page.evaluate(async () => {
      await Promise.all([lint.init(), lint.init()]);
      await lint.init();
      return lint.check('{ "name": "hook", "type": "Https" }').map(({ rule }) => rule);
    });
    assert.deepEqual(rules, ["missing-field"]);
    assert.equal(asked.filter((url) => url.endsWith(".wasm")).length, 1);
    assert.deepEqual(page.errors, []);
  }
});

test("a missing module is reported, and a second attempt may succeed", async () => {
  const page = await open();
  const reported = await page.evaluate(async () => {
    const failure = await lint.init("/nowhere.wasm").catch((error) => error.message);
    await lint.init(fetch("/streamlint.wasm"));
    return [failure, lint.check("{").length];
  });
  assert.match(reported[0], /streamlint's module is not at .*nowhere.wasm: the server responds with 404/);
  assert.equal(reported[1] > 0, true);
});

test("bytes, a module and the inline entry work as well", async () => {
  for (const input of ["bytes", "module", "inline"]) {
    const page = await open();
    const rules = await page.evaluate(async (input) => {
      const bytes = await (await fetch("/streamlint.wasm")).arrayBuffer();
      const api = input === "inline" ? lint.inline : lint;
      const given = { bytes: () => bytes, module: () => WebAssembly.compile(bytes), inline: () => undefined }[input]();
      await (api.default ?? api.init)(given);
      return api.check('{ "name": "hook", "type": "Https" }').map(({ rule }) => rule);
    }, input);
    assert.deepEqual(rules, ["missing-field"], input);
    assert.deepEqual(page.errors, []);
  }
});

test("it works in a worker", async () => {
  const page = await open();
  const rules = await page.evaluate(
    () =>
      new Promise((then) => {
        const worker = new Worker("/js/worker.js", { type: "module" });
        worker.onmessage = ({ data }) => then(data.map(({ rule }) => rule));
        worker.postMessage('{ "name": "hook", "type": "Https" }');
      }),
  );
  assert.deepEqual(rules, ["missing-field"]);
});

test("every case of the core has the native command's report", async () => {
  const page = await open();
  await page.evaluate(() => lint.init());
  for (const table of Object.values(cases)) {
    const reports = await page.evaluate((table) => table.map(({ text, options }) => lint.reportJson(text, options)), table);
    table.forEach((one, at) => assert.equal(reports[at], native(one), one.name));
  }
});

test("CodeMirror marks the exact characters after an emoji, and its quick fix changes them", async () => {
  const page = await open();
  await page.evaluate(() => edit('{ "name": "é😀", "type": "Sample" }').focus());
  await page.keyboard.press("Control+Home");
  await page.evaluate(() => view.dispatch({ changes: { from: 26, to: 32, insert: "sample" } }));
  await page.waitForFunction(() => document.querySelector(".cm-lintRange-error"));
  const marked = await page.$$eval(".cm-lintRange-error", (marks) => marks.map((mark) => mark.textContent).join(""));
  assert.equal(marked, '"sample"');
  await page.hover(".cm-lintRange-error");
  await page.click('.cm-diagnosticAction:has-text("Use Sample")');
  await page.waitForFunction(() => view.state.doc.toString().includes('"Sample"'));
  assert.deepEqual(page.errors, []);
});

test("CodeMirror describes a field and its value", async () => {
  const page = await open();
  await page.evaluate(() => lint.init().then(() => edit('{ "name": "a", "type": "Kafka",\n"security": {\n"protocol": "SASL_SSL" } }')));
  await page.hover('.cm-line:nth-child(3) >> text=/SASL_SSL/');
  const reported = await page.textContent(".cm-streamlint-hover");
  assert.match(reported, /protocol/i);
  assert.match(reported, /SASL.*TLS|TLS.*SASL|encrypt/is);
});

test("CodeMirror's quick fixes distinguish safe fixes from guesses", async () => {
  const page = await open();
  await page.evaluate(() => edit('{ "name": "a", "type": "https", "uri": "https://a.example.com" }').focus());
  await page.waitForFunction(() => document.querySelectorAll(".cm-lintRange-error").length > 1);
  const offered = async (text) => {
    await page.hover(`.cm-lintRange-error:has-text('${text}')`);
    const actions = page.locator(`.cm-tooltip-lint:has-text('${text}') .cm-diagnosticAction`);
    await actions.first().waitFor();
    return actions;
  };
  assert.deepEqual(await (await offered("https")).allTextContents(), ["Use Https"]);
  await page.mouse.move(0, 0);
  const guess = await offered("uri");
  assert.deepEqual(await guess.allTextContents(), ["Rename it to url (a guess)"]);
  assert.deepEqual(await page.$$eval(".cm-tooltip-lint .cm-diagnosticText code", (codes) => codes.map((code) => code.textContent)), ["uri", "url"]);
  await guess.click();
  await page.waitForFunction(() => view.state.doc.toString() === '{ "name": "a", "type": "https", "url": "https://a.example.com" }');
  assert.deepEqual(page.errors, []);
});

test("CodeMirror completes fields and values with the keyboard alone", async () => {
  const page = await open();
  await page.evaluate(() => lint.init().then(() => edit('{ "name": "a", "type": "Kafka", "security": {  } }').focus()));
  await page.evaluate(() => view.dispatch({ selection: { anchor: view.state.doc.toString().indexOf("{  }") + 2 } }));
  const labels = async () => {
    await page.keyboard.press("Control+Space");
    await page.waitForSelector(".cm-tooltip-autocomplete li");
    return page.$$eval(".cm-tooltip-autocomplete li .cm-completionLabel", (labels) => labels.map((label) => label.textContent));
  };
  assert.deepEqual(await labels(), ['"protocol"', '"brokerPublicCertificate"']);
  // The description of the value is shown beside it.
  await page.waitForSelector(".cm-completionInfo");
  await page.waitForTimeout(100);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => view.state.doc.toString().includes('"protocol": ""'));
  await page.evaluate(() => view.dispatch({ selection: { anchor: view.state.doc.toString().indexOf('"protocol": "') + 13 } }));
  assert.ok((await labels()).includes('"SASL_SSL"'));
  await page.keyboard.type("SASL_S");
  await page.waitForFunction(() => document.querySelectorAll(".cm-tooltip-autocomplete li").length === 1);
  await page.waitForTimeout(100);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => view.state.doc.toString().includes('"protocol": "SASL_SSL" }'));
  assert.deepEqual(page.errors, []);
});

test("without a delay CodeMirror's marks appear with the keystroke", async () => {
  const page = await open();
  const marked = await page.evaluate(async () => {
    await lint.init();
    edit('{ "name": "sample_stream_solar", "type": "Sample" }').focus();
    await new Promise((then) => setTimeout(then, 100));
    view.dispatch({ changes: { from: 42, insert: "x" } });
    // Runs only the microtasks that are already queued: no timer and no frame.
    for (let turns = 0; turns < 20; turns++) await undefined;
    return [...document.querySelectorAll(".cm-lintRange-error")].map((mark) => mark.textContent).join("");
  });
  assert.equal(marked, '"xSample"');
});

test("CodeMirror covers only possible secrets with dots", async () => {
  const page = await open();
  const dotted = (doc) =>
    page.evaluate(async (doc) => {
      await lint.init();
      edit(doc);
      const style = getComputedStyle(document.querySelector(".cm-streamlint-secret") ?? document.body);
      const marks = [...document.querySelectorAll(".cm-streamlint-secret")].map((mark) => mark.textContent);
      return [style.webkitTextSecurity, marks.join("|")];
    }, doc);
  const kafka = (rest) => `{ "name": "orders", "type": "Kafka", ${rest} }`;
  assert.deepEqual(await dotted(kafka('"bootstrapServers": "b:9092", "authentication": { "username": "u", "password": "hunter2" }')), [
    "disc",
    "hunter2",
  ]);
  assert.deepEqual(await dotted(kafka('"config": { "acks": "all", "sasl.jaas.config": "p" }, "passwort": "q"')), ["disc", "p|q"]);
  assert.deepEqual(await dotted('[{ "name": "h", "type": "Https", "url": "https://u:p@h/?k=1", "headers": { "X": "v" } }]'), ["disc", "u:p|v"]);
  assert.deepEqual(await dotted('{ "name": "h", "type": "Https", "url": "https://h/a?k=1" }'), ["disc", "k=1"]);
  // A missing quote, and a value without quotes.
  assert.deepEqual((await dotted(kafka('"authentication": { "password": "hun')))[1].includes("hun"), true);
  assert.deepEqual((await dotted(kafka('"authentication": { "password": hunter2 }')))[1].replaceAll("|", "").includes("hunter2"), true);
  assert.deepEqual(await dotted('{ "name": "a", "type": "Sample" }'), ["none", ""]);
  assert.deepEqual(page.errors, []);
});
