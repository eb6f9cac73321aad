// The snippets of docs/editors.md, each parsed in its format.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import luaparse from "luaparse";
import { parse as toml } from "smol-toml";

const guide = readFileSync(new URL("../../../docs/editors.md", import.meta.url), "utf8");
/** The snippets by section and format. */
const snippets = Object.fromEntries(
  guide
    .split(/^## /m)
    .slice(1)
    .map((section) => [
      section.split("\n", 1)[0],
      [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, format, text]) => ({ format, text })),
    ]),
);
const of = (section, format) => snippets[section].filter((snippet) => snippet.format === format).map(({ text }) => text);

test("every snippet is in a checked format", () => {
  const formats = Object.values(snippets).flat().map(({ format }) => format);
  assert.deepEqual([...new Set(formats)].sort(), ["json", "lua", "rust", "sh", "toml"]);
});

test("Neovim gets a file in the shape of nvim-lspconfig", () => {
  const [file, init] = of("Neovim", "lua").map((text) => luaparse.parse(text, { luaVersion: "5.1" }).body);
  assert.equal(file.length, 1);
  assert.equal(file[0].type, "ReturnStatement");
  const fields = Object.fromEntries(file[0].arguments[0].fields.map(({ key, value }) => [key.name, value.fields.map(({ value }) => value.raw)]));
  assert.deepEqual(fields.cmd, ['"streamlint"', '"lsp"']);
  assert.ok(fields.filetypes.includes('"terraform"'));
  assert.deepEqual(fields.root_markers, ['"streamlint.toml"', '".git"']);
  assert.equal(init[0].expression.base.identifier.name, "enable");
});

test("Helix gets a server and the languages that use it", () => {
  const [languages] = of("Helix", "toml").map(toml);
  const { command, args } = languages["language-server"].streamlint;
  assert.deepEqual([command, ...args], ["streamlint", "lsp"]);
  for (const { name, "language-servers": servers } of languages.language) {
    assert.equal(servers.at(-1), "streamlint", name);
  }
});

test("VS Code gets settings that the extension has", () => {
  const [settings] = of("VS Code", "json").map((text) => JSON.parse(text));
  const { contributes } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const known = Object.keys(settings).filter((name) => name.startsWith("streamlint."));
  assert.deepEqual(known, ["streamlint.path"]);
  assert.ok(known.every((name) => name in contributes.configuration.properties));
});

test("Zed gets an extension", () => {
  const [extension, manifest] = of("Zed", "toml").map(toml);
  assert.equal(extension.language_servers.streamlint.name, "streamlint");
  assert.deepEqual(manifest.lib["crate-type"], ["cdylib"]);
  const [source] = of("Zed", "rust");
  execFileSync("rustfmt", ["--edition", "2021", "--check", "--config", "max_width=120"], { input: source });
  const [settings] = of("Zed", "json").map((text) => JSON.parse(text));
  for (const language of extension.language_servers.streamlint.languages) {
    assert.ok(settings.languages[language].language_servers.includes("streamlint"), language);
  }
});
