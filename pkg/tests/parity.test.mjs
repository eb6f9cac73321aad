// The package says what the native command says: every case of the core, byte for byte; and its smaller module says it of
// those that are JSON in the shape of the Admin API.

import assert from "node:assert/strict";
import { test } from "node:test";

import * as whole from "streamlint";
import * as json from "streamlint/json";

import { cases, native } from "./native.mjs";

for (const [file, table] of Object.entries(cases)) {
  test(`the cases of ${file}`, () => {
    for (const one of table) {
      const written = native(one);
      holds(whole, one, written);
      const [listed] = JSON.parse(written).files;
      if (/\.jsonc?$/.test(one.options.filename) && listed?.dialect === "admin-api") holds(json, one, written);
    }
  });
}

test("streamlint/json says of a text that it does not read it", () => {
  const said = (text, options) => json.check(text, options).map(({ rule, message }) => `${rule}: ${message}`);
  assert.deepEqual(said("name: orders\n"), ["syntax-error: this build of streamlint reads no YAML"]);
  assert.deepEqual(said("", { filename: "a.yaml" }).length, 1);
  assert.deepEqual(said('resource "a" "b" {}\n'), ["syntax-error: this build of streamlint reads no HCL"]);
  assert.deepEqual(said("GET /a\n", { filename: "a.http" }), ["syntax-error: this build of streamlint reads no request files"]);
  assert.throws(() => json.check("{}", { dialect: "terraform" }), /`dialect` has no such word; there are admin-api/);
});

/** A case is reported as the native command does. */
function holds({ check, checkValue, report }, { name, text, value, options }, written) {
  assert.equal(report(text, options), written, name);

  // The findings are those of the report, counted in UTF-16.
  const [listed] = JSON.parse(written).files;
  const found = check(text, options);
  const bytes = Buffer.from(text);
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
  if (value !== undefined && !text.includes("streamlint-ignore")) {
    const sorted = (list) => list.map(({ rule, pointer, message }) => `${rule} ${pointer} ${message}`).sort();
    const { filename: _, ...of_value } = options;
    assert.deepEqual(sorted(checkValue(value, of_value)), sorted(found), name);
  }
}
