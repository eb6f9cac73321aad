// `npx streamlint` behaves like the native command: the same output, exit status and handling of files.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

import { command as native } from "./native.mjs";

const here = fileURLToPath(new URL("../dist/command.js", import.meta.url));
const repository = fileURLToPath(new URL("../..", import.meta.url));
const WRONG = '{ "name": "hook", "type": "https", "url": "https://a.example.com" }\n';
const RIGHT = WRONG.replace("https", "Https");

const folder = mkdtempSync(join(tmpdir(), "streamlint-"));
after(() => rmSync(folder, { recursive: true }));

const run = (words, { cwd = folder, input = "" } = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [here, ...words], { cwd, input, encoding: "utf8" });
  return { status, stdout, stderr };
};
const runNative = (words, { cwd = folder, input = "" } = {}) => {
  const { status, stdout, stderr } = spawnSync(native, words, { cwd, input, encoding: "utf8" });
  return { status, stdout, stderr };
};

for (const words of [
  ["check", "examples"],
  ["check", "examples", "--format", "json"],
  ["check", join(repository, "examples"), "--format", "concise", "--color", "always"],
  ["check", "examples", "--diff"],
  ["check", "examples/good", "nowhere.json", "README.md"],
  ["check", "--ignore", "missing-feild"],
  ["check", "-", "--stdin-filename", "a.jsonc"],
  ["rules"],
  ["explain", "missing-field"],
  ["explain", "missing-field", "--format", "markdown", "--color", "always"],
  ["init", "Kafka", "--comments"],
  ["--version"],
]) {
  test(`streamlint ${words.join(" ").replace(repository, "/…/")}`, () => {
    const both = { cwd: repository, input: `// a comment\n${WRONG}` };
    assert.deepEqual(run(words, both), runNative(words, both));
  });
}

test("fixes are written through a link, keep the permissions, and leave no temporary file", () => {
  writeFileSync(join(folder, "a.json"), WRONG);
  chmodSync(join(folder, "a.json"), 0o640);
  symlinkSync("a.json", join(folder, "link.json"));
  assert.equal(run(["check", "--fix", "link.json"]).status, 0);
  assert.equal(readFileSync(join(folder, "a.json"), "utf8"), RIGHT);
  assert.equal(statSync(join(folder, "a.json")).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(folder).sort(), ["a.json", "link.json"]);
});

test("a read-only file is not changed", () => {
  writeFileSync(join(folder, "read-only.json"), WRONG, { mode: 0o400 });
  const { status, stderr } = run(["check", "--fix", "read-only.json"]);
  assert.equal(stderr, "streamlint: read-only.json: permission denied\n");
  assert.equal(status, 2);
  assert.equal(readFileSync(join(folder, "read-only.json"), "utf8"), WRONG);
});

test("fixed standard input is written to standard output", () => {
  const { status, stdout } = run(["check", "--fix", "-"], { input: WRONG });
  assert.deepEqual({ status, stdout }, { status: 0, stdout: RIGHT });
});
