// The package says what the native command says: every case of the core, byte for byte.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

import { check, checkValue, report } from "streamlint";

const command = process.env.STREAMLINT;
const folder = mkdtempSync(join(tmpdir(), "streamlint-"));
after(() => rmSync(folder, { recursive: true }));

const cases = new URL("../../tests/cases/", import.meta.url);
for (const file of readdirSync(cases)) {
  test(`the cases of ${file}`, () => {
    assert.ok(command, "STREAMLINT is the native command; `make npm-test` sets it");
    for (const { name, file: filename = "case.json", value, text, mode, type, select } of JSON.parse(
      readFileSync(new URL(file, cases), "utf8"),
    )) {
      const source = text ?? JSON.stringify(value, null, 2);
      const words = ["check", "--format", "json", filename];
      if (mode) words.push("--mode", mode);
      if (type) words.push("--type", type);
      for (const rule of select ?? []) words.push("--select", rule);
      writeFileSync(join(folder, filename), source);
      const native = spawnSync(command, words, { cwd: folder, encoding: "utf8" });
      assert.equal(native.stderr, "", name);
      const options = { filename, mode, type, config: { select } };
      assert.equal(report(source, options), native.stdout, name);

      // The findings are those of the report, counted in UTF-16.
      const [listed] = JSON.parse(native.stdout).files;
      const found = check(source, options);
      const bytes = Buffer.from(source);
      const unit = (offset) => bytes.subarray(0, offset).toString().length;
      const place = ({ start, end }) => ({ from: unit(start.offset), to: unit(end.offset) });
      const expected = (listed?.diagnostics ?? []).map(({ span, related, fix, ...rest }) => ({
        ...rest,
        ...place(span),
        related: related.map(({ message, span }) => ({ message, ...place(span) })),
        fix: fix && {
          ...fix,
          edits: fix.edits.map(({ start, end, text }) => ({ from: unit(start), to: unit(end), text })),
        },
      }));
      assert.deepEqual(found, expected, name);

      // A value has the same findings, without places.
      if (value !== undefined && !source.includes("streamlint-ignore")) {
        const key = ({ rule, pointer, message }) => `${rule} ${pointer} ${message}`;
        const sorted = (list) => list.map(key).sort();
        assert.deepEqual(sorted(checkValue(value, { mode, type, config: { select } })), sorted(found), name);
      }
    }
  });
}
