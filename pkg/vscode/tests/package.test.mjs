// The contents of the extension's package.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { unpacked } from "./workbench.mjs";

const LARGEST = 1.5 * 1024 * 1024;

test("the package is small", () => {
  const { size } = statSync(new URL("../streamlint.vsix", import.meta.url));
  console.log(`streamlint.vsix: ${size} bytes`);
  assert.ok(size <= LARGEST, `${size} bytes are more than ${LARGEST}`);
});

test("the package contains only the files that it runs", () => {
  const files = readdirSync(unpacked(), { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  const names = files.map(({ name }) => name.toLowerCase()).sort();
  assert.deepEqual(names, [
    "changelog.md",
    "extension.js",
    "icon.png",
    "license.txt",
    "licenses.txt",
    "node.js",
    "package.json",
    "readme.md",
    "server.wasm",
  ]);
});

test("the entry for browsers needs only VS Code, and that of the desktop app only Node", () => {
  const folder = join(unpacked(), "dist");
  const required = (file) => new Set([...readFileSync(join(folder, file), "utf8").matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name));
  assert.deepEqual([...required("extension.js")], ["vscode"]);
  const outside = [...required("node.js")].filter((name) => name !== "./extension.js" && !process.getBuiltinModule(name));
  assert.deepEqual(outside, []);
});

test("the settings and commands are those of the manifest", () => {
  const { contributes, capabilities } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const source = readFileSync(new URL("../src/extension.js", import.meta.url), "utf8") + readFileSync(new URL("../src/client.js", import.meta.url), "utf8");
  const settings = Object.keys(contributes.configuration.properties).map((name) => name.replace("streamlint.", ""));
  const read = [...source.matchAll(/\.get\("(\w+)"/g)].map(([, name]) => name);
  // The client library reads the last one.
  assert.deepEqual([...new Set([...read, "trace.server"])].sort(), settings.sort());
  const commands = contributes.commands.map(({ command }) => command).sort();
  const registered = [...source.matchAll(/registerCommand\("([^"]+)"/g)].map(([, name]) => name).sort();
  assert.deepEqual(registered, commands);
  assert.deepEqual(capabilities.untrustedWorkspaces.restrictedConfigurations, ["streamlint.path"]);
});
