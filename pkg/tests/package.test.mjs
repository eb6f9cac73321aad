// The packed package: its files, its size, its types, and the README's first example in an empty project.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";

import { example, install, root, run, EXAMPLE_OUTPUT } from "./packed.mjs";

const folder = mkdtempSync(join(tmpdir(), "streamlint-"));
after(() => rmSync(folder, { recursive: true }));
const packed = install(folder);

test("it contains only the exported files", () => {
  const files = packed.files.map(({ path }) => path);
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const targets = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry).flatMap(targets));
  for (const target of targets(exports).filter((target) => !target.includes("*"))) {
    assert.ok(files.includes(target.replace("./", "")), target);
  }
  assert.ok(files.includes("schemas/Kafka.schema.json") && files.includes("LICENSE-MIT"));
  assert.deepEqual(files.filter((path) => /^(src|js|bindgen|tests|scripts|generated|node_modules)\//.test(path)), []);
});

test("publint and attw find nothing", () => {
  run(root, "npx", "--no-install", "publint", "run", "--strict");
  run(root, "npx", "--no-install", "attw", join(folder, packed.filename), "--exclude-entrypoints", "streamlint.wasm", "--profile", "node16");
});

test("its first example works in an empty project", () => {
  writeFileSync(join(folder, "example.mjs"), example);
  assert.ok(run(folder, "node", "example.mjs").includes(EXAMPLE_OUTPUT));
  const required = example.replace(/import init, (.*) from (.*);/, "const { default: init, ...rest } = require($2);\nconst $1 = rest;");
  writeFileSync(join(folder, "example.cjs"), `(async () => {\n${required}\n})();`);
  assert.ok(run(folder, "node", "example.cjs").includes(EXAMPLE_OUTPUT));
});

test("the module is within its size budget", () => {
  const wasm = readFileSync(join(root, "streamlint.wasm"));
  const size = brotliCompressSync(wasm, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  assert.ok(size <= 275_000, `${size} bytes of brotli`);
});

test("a module contains no path of the build machine except Cargo's folder of crates", () => {
  for (const module of ["streamlint.wasm", "dist/command.wasm"]) {
    const wasm = readFileSync(join(root, module), "latin1");
    assert.ok(!wasm.includes(`${dirname(root)}/`), module);
    assert.ok(!wasm.includes("/.rustup/"), module);
  }
});

test("it contains the command", () => {
  writeFileSync(join(folder, "wrong.json"), '{ "name": "orders", "type": "kafka" }');
  const { status, stdout } = spawnSync("npx", ["--no-install", "streamlint", "check", "wrong.json", "--format", "concise"], { cwd: folder, encoding: "utf8" });
  assert.match(stdout, /^wrong\.json:1:29: error: `kafka` is not a connection type \[unknown-type\]$/m);
  assert.equal(status, 1);
});
