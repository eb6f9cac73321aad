// Compiles the README's TypeScript examples as printed.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { root } from "./packed.mjs";

test("its TypeScript compiles under --strict", () => {
  const blocks = [...readFileSync(join(root, "README.md"), "utf8").matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code);
  assert.ok(blocks.some((code) => code.includes("const config")));
  const folder = mkdtempSync(join(tmpdir(), "streamlint-readme-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules", "streamlint"));
    const files = blocks.map((code, at) => {
      writeFileSync(join(folder, `${at}.mts`), code);
      return `${at}.mts`;
    });
    const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom"];
    try {
      execFileSync(join(root, "node_modules", ".bin", "tsc"), [...options, ...files], { cwd: folder, encoding: "utf8" });
    } catch ({ stdout }) {
      assert.fail(stdout);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
