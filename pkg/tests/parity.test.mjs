// The package's reports equal those of the native command, byte for byte, for every case of the core.

import assert from "node:assert/strict";
import { test } from "node:test";

import { check, checkValue, reportJson } from "streamlint";

import { cases, native } from "./native.mjs";

for (const [file, table] of Object.entries(cases)) {
  test(`the cases of ${file}`, () => {
    for (const one of table) holds(one, native(one));
  });
}

/** Checks that the report on a case equals the native command's. */
function holds({ name, text, value, needs, options }, written) {
  assert.equal(reportJson(text, options), written, name);

  // The findings are those of the report, with UTF-16 offsets.
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

  // A value has the same findings without positions. It is always a body of the API, so dialects are not detected.
  if (value !== undefined && needs !== "dialects" && !text.includes("streamlint-ignore")) {
    const sorted = (list) => list.map(({ rule, pointer, message }) => `${rule} ${pointer} ${message}`).sort();
    const { filename: _, ...of_value } = options;
    assert.deepEqual(sorted(checkValue(value, of_value)), sorted(found), name);
  }
}
