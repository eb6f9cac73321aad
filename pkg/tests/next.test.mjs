// The package in a Next project: rendered on the server and in the browser, and run with only the files that Next
// traces.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { after, before, test } from "node:test";

import { launch } from "./browser.mjs";
import { install, root } from "./packed.mjs";

const next = dirname(createRequire(import.meta.url).resolve("next/package.json"));
const { nodeFileTrace } = createRequire(import.meta.url)("next/dist/compiled/@vercel/nft");
const env = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", NEXT_IGNORE_INCORRECT_LOCKFILE: "1" };

const files = {
  "next.config.mjs": `const root = ${JSON.stringify(root)};
export default { output: "standalone", outputFileTracingRoot: root, turbopack: { root } };
`,
  "app/layout.js": 'export default ({ children }) => <html><head><link rel="icon" href="data:," /></head><body>{children}</body></html>;\n',
  "app/page.js": `import { check, explain } from "streamlint";
import { Findings } from "./findings.js";
export const dynamic = "force-dynamic";
export default function Page() {
  const text = '{ "name": "orders", "type": "kafka" }';
  const rules = check(text).map(({ rule }) => rule);
  return <main><p id="server">{rules.join()}: {explain("unknown-type").slice(0, 14)}</p><Findings text={text} /></main>;
}
`,
  "app/findings.js": `"use client";
import { useEffect, useState } from "react";
import init, { check } from "streamlint";
export function Findings({ text }) {
  const [reported, say] = useState("nothing yet");
  useEffect(() => { init().then(() => check(text).map(({ rule }) => rule).join()).then(say, (error) => say(String(error))); }, [text]);
  return <p id="client">{reported}</p>;
}
`,
};

// Inside the package, so that Node can resolve Next and React.
const folder = mkdtempSync(join(root, "tests", ".next-"));
const elsewhere = mkdtempSync(join(tmpdir(), "streamlint-next-"));
let browser;

before(async () => {
  install(folder);
  mkdirSync(join(folder, "app"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
  rmSync(elsewhere, { recursive: true });
});

async function freePort() {
  const server = createServer();
  await new Promise((then) => server.listen(0, "127.0.0.1", then));
  const { port } = server.address();
  await new Promise((then) => server.close(then));
  return port;
}

test("tools that trace a server's files find the module and the pages of rules", async () => {
  const files = join(folder, "node_modules", "streamlint");
  const { fileList } = await nodeFileTrace([join(files, "dist", "node.js")], { base: files });
  assert.deepEqual([...fileList].sort(), ["dist/catalog.json", "dist/node.js", "package.json", "streamlint.wasm"]);
});

test("Next builds it, and the traced server and the pages work on their own", async () => {
  execFileSync(process.execPath, [join(next, "dist", "bin", "next"), "build"], { cwd: folder, env, stdio: "pipe" });
  const site = join(elsewhere, "site", relative(root, folder));
  cpSync(join(folder, ".next", "standalone"), join(elsewhere, "site"), { recursive: true });
  cpSync(join(folder, ".next", "static"), join(site, ".next", "static"), { recursive: true });
  rmSync(join(folder, "node_modules"), { recursive: true });
  const port = await freePort();
  const server = spawn(process.execPath, [join(site, "server.js")], {
    env: { ...env, PORT: String(port), HOSTNAME: "127.0.0.1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise((then, fail) => {
      server.stdout.on("data", (text) => String(text).includes("Ready") && then());
      server.once("exit", () => fail(new Error("the server has ended")));
    });
    const page = await browser.context.newPage();
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(String(error)));
    page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
    await page.goto(`http://127.0.0.1:${port}`);
    const rules = "missing-field,missing-field,missing-field,unknown-type";
    assert.equal(await page.textContent("#server"), `${rules}: # unknown-type`);
    await page.waitForFunction(() => globalThis.document.querySelector("#client").textContent !== "nothing yet");
    assert.equal(await page.textContent("#client"), rules);
    assert.deepEqual(wrong, []);
    await page.close();
  } finally {
    server.kill();
  }
});
