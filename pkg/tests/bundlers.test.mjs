// The README's first example, from the packed package, built with popular bundlers and run in a browser.

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";

import * as esbuild from "esbuild";
import * as vite from "vite";
import webpack from "webpack";

import { launch, POLICY, serve } from "./browser.mjs";
import { example, install, EXAMPLE_OUTPUT } from "./packed.mjs";

const folder = mkdtempSync(join(tmpdir(), "streamlint-bundlers-"));
let browser;

before(async () => {
  install(folder);
  writeFileSync(join(folder, "main.js"), example);
  // Next and similar frameworks also import the module on the server and render there.
  writeFileSync(join(folder, "server.js"), 'import { check } from "streamlint";\nexport const render = () => check("{").length;\n');
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><title>a</title><link rel="icon" href="data:,"><script type="module" src="/main.js"></script>',
  );
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

/** The console output of a page, until it contains the expected text or an error. */
async function reported(url) {
  const page = await browser.context.newPage();
  const lines = [];
  const done = new Promise((then) => {
    page.on("console", (message) => {
      lines.push(message.text());
      if (message.text() === EXAMPLE_OUTPUT || message.type() === "error") then();
    });
    page.on("pageerror", (error) => then(lines.push(String(error))));
    setTimeout(then, 20_000).unref();
  });
  await page.goto(url);
  await done;
  await page.close();
  return lines;
}

const isFine = (lines) => assert.ok(lines.includes(EXAMPLE_OUTPUT), lines.join("\n"));

test("Vite builds it", async () => {
  const outDir = join(folder, "vite");
  await vite.build({ root: folder, logLevel: "error", build: { outDir } });
  const server = await serve(outDir);
  isFine(await reported(server.url));
  server.close();
});

test("Vite's development server serves it", async () => {
  const server = await vite.createServer({ root: folder, logLevel: "error", server: { host: "127.0.0.1", port: 0 } });
  await server.listen();
  isFine(await reported(`http://127.0.0.1:${server.httpServer.address().port}`));
  await server.close();
});

/** Builds with webpack and returns the folder. */
async function packed(name, options) {
  const path = join(folder, name);
  const stats = await new Promise((then, fail) =>
    webpack({ context: folder, mode: "production", ...options, output: { path, filename: "main.js", ...options.output } }, (error, stats) =>
      error ? fail(error) : then(stats),
    ),
  );
  assert.ok(!stats.hasErrors() && !stats.hasWarnings(), stats.toString("errors-warnings"));
  return path;
}

test("webpack builds it", async () => {
  const path = await packed("webpack", { entry: "./main.js", performance: false });
  cpSync(join(folder, "index.html"), join(path, "index.html"));
  const server = await serve(path, { policy: POLICY });
  isFine(await reported(server.url));
  server.close();
});

test("esbuild builds it, and the module is served beside the script", async () => {
  const path = join(folder, "esbuild");
  await esbuild.build({ absWorkingDir: folder, entryPoints: ["main.js"], bundle: true, format: "esm", outdir: join(path, "js"), logLevel: "error" });
  cpSync(join(folder, "node_modules", "streamlint", "streamlint.wasm"), join(path, "streamlint.wasm"));
  writeFileSync(join(path, "index.html"), '<!doctype html><title>a</title><link rel="icon" href="data:,"><script type="module" src="/js/main.js"></script>');
  const server = await serve(path, { policy: POLICY });
  isFine(await reported(server.url));
  server.close();
});

test("it works in a worker, with Vite and with webpack", async () => {
  writeFileSync(join(folder, "worker.js"), `import init, { check } from "streamlint";
onmessage = async ({ data }) => { await init(); postMessage(check(data).map(({ rule }) => rule)); };
`);
  writeFileSync(join(folder, "asks.js"), `const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => console.log(data.includes("unknown-type") ? ${JSON.stringify(EXAMPLE_OUTPUT)} : data.join());
worker.onerror = ({ message }) => console.error(message);
worker.postMessage('{ "name": "orders", "type": "kafka" }');
`);
  writeFileSync(join(folder, "worker.html"), '<!doctype html><title>a</title><link rel="icon" href="data:,"><script type="module" src="/asks.js"></script>');
  const outDir = join(folder, "vite-worker");
  const input = join(folder, "worker.html");
  await vite.build({ root: folder, logLevel: "error", worker: { format: "es" }, build: { outDir, rollupOptions: { input } } });
  cpSync(join(outDir, "worker.html"), join(outDir, "index.html"));
  const path = await packed("webpack-worker", { entry: "./asks.js", performance: false });
  cpSync(join(folder, "index.html"), join(path, "index.html"));
  for (const built of [outDir, path]) {
    const server = await serve(built, { policy: POLICY });
    isFine(await reported(server.url));
    server.close();
  }
});

test("webpack builds code with require", async () => {
  const required = `const { default: init, check } = require("streamlint/inline");
require("streamlint");
require("streamlint/forms");
init().then(() => {
  const text = '{ "name": "orders", "type": "kafka" }';
  const { severity, message, from, to } = check(text).find(({ rule }) => rule === "unknown-type");
  console.log(\`\${severity}: \${message} (\${text.slice(from, to)})\`);
});`;
  writeFileSync(join(folder, "main.cjs"), required);
  const path = await packed("required", { entry: "./main.cjs", performance: false });
  cpSync(join(folder, "index.html"), join(path, "index.html"));
  const server = await serve(path, { policy: POLICY });
  isFine(await reported(server.url));
  server.close();
});

test("it works in a server bundle, with Vite and with webpack as in Next", async () => {
  const outDir = join(folder, "ssr");
  await vite.build({ root: folder, logLevel: "error", ssr: { noExternal: true }, build: { ssr: "server.js", outDir } });
  const output = { library: { type: "commonjs2" }, filename: "server.cjs" };
  const path = await packed("next", { entry: "./server.js", target: "node", output });
  for (const file of [join(outDir, "server.js"), join(path, "server.cjs")]) {
    const { render, default: whole } = await import(pathToFileURL(file));
    assert.ok((render ?? whole.render)() > 0, file);
  }
});
