// The expected results: the core's test cases, and the native command's report on each.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const command = process.env.STREAMLINT;
assert.ok(command, "STREAMLINT is the native command; `make npm-test` sets it");

const tables = new URL("../../tests/cases/", import.meta.url);

/** Every case of the core, by file, with its text and the package's options. */
export const cases = Object.fromEntries(
  readdirSync(tables).map((table) => [
    table,
    JSON.parse(readFileSync(new URL(table, tables), "utf8")).map(
      ({ name, file: filename = "case.json", value, text, mode, type, select, needs }) => ({
        name,
        needs,
        value,
        text: text ?? JSON.stringify(value, null, 2),
        options: { filename, mode, type, config: { select } },
      }),
    ),
  ]),
);

/** The native command's JSON report on a case. */
export function native({ name, text, options: { filename, mode, type, config } }) {
  const folder = mkdtempSync(join(tmpdir(), "streamlint-"));
  try {
    writeFileSync(join(folder, filename), text);
    const words = ["check", "--format", "json", filename];
    if (mode) words.push("--mode", mode);
    if (type) words.push("--type", type);
    for (const rule of config.select ?? []) words.push("--select", rule);
    const { stdout, stderr } = spawnSync(command, words, { cwd: folder, encoding: "utf8" });
    // A named file without a definition is mentioned on standard error.
    assert.equal(stderr.replace(`streamlint: ${filename}: no connection definition found\n`, ""), "", name);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
