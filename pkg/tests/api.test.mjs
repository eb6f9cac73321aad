// The behavior of the package's functions, apart from the findings.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import init, { check, checkAll, checkValue, explain, fix, reportJson, rules, schema } from "streamlint";

const HOOK = '{ "name": "hook", "type": "Https", "url": "https://hooks.example.com" }';

test("it is ready after the import, and init may still be called", async () => {
  assert.deepEqual(check(HOOK), []);
  await init();
  assert.deepEqual(check(HOOK), []);
  const required = createRequire(import.meta.url)("streamlint");
  assert.deepEqual(required.check(HOOK), []);
});

test("offsets are those of JavaScript strings", () => {
  const text = '{ "name": "a😀é", "type": "kafka" }';
  const marked = check(text).map(({ rule, from, to }) => [rule, text.slice(from, to)]);
  assert.ok(marked.some(([rule, part]) => rule === "unknown-type" && part === '"kafka"'));
  assert.ok(marked.some(([rule, part]) => rule === "malformed-name" && part === '"a😀é"'));
});

test("a lone surrogate shifts no offset", () => {
  const text = '{ "name": "a\ud83d", "type": "kafka" }';
  const found = check(text).find(({ rule }) => rule === "unknown-type");
  assert.equal(text.slice(found.from, found.to), '"kafka"');
});

test("safe fixes are applied, and unsafe ones on request", () => {
  const text = '{ "name": "a", "type": "Https", "uri": "https://a.example.com", }';
  const safe = fix(text);
  assert.equal(safe.text, '{ "name": "a", "type": "Https", "uri": "https://a.example.com" }');
  assert.equal(safe.applied, 1);
  assert.deepEqual(safe.remaining.map(({ rule }) => rule), ["unknown-field"]);
  const all = fix(text, { unsafe: true });
  assert.equal(all.text, '{ "name": "a", "type": "Https", "url": "https://a.example.com" }');
  assert.deepEqual(all.remaining, []);
});

test("edits produce the same text as fix", () => {
  const text = '{ "name": "é😀", "type": "kafka" }';
  const [found] = check(text, { config: { select: ["unknown-type"] } });
  const [edit] = found.fix.edits;
  assert.equal(text.slice(0, edit.from) + edit.text + text.slice(edit.to), '{ "name": "é😀", "type": "Kafka" }');
});

test("texts that are linted together are compared", () => {
  const sources = [{ text: HOOK, filename: "a.json" }, { text: HOOK, filename: "b.json" }];
  assert.deepEqual(checkAll(sources), [[], []]);
  const rules = checkAll(sources, { config: { tenantName: "shop" } }).map((found) => found.map(({ rule }) => rule));
  assert.deepEqual(rules.flat(), ["duplicate-name"]);
  assert.deepEqual(checkAll([]), []);
});

test("values have pointers but no positions", () => {
  const [found] = checkValue({ name: "hook", type: "Https" });
  assert.equal(found.rule, "missing-field");
  assert.equal(found.pointer, "/url");
  assert.deepEqual([found.from, found.to, found.fix], [0, 0, null]);
  assert.throws(() => checkValue(undefined), /JSON has no undefined/);
});

test("a text beyond the limit is one finding", () => {
  const config = { sizeLimit: 1000 };
  const long = JSON.stringify({ name: "a".repeat(1000), type: "Https" });
  for (const rules of [check(long, { config }), fix(long, { config }).remaining, checkAll([{ text: long }], { config })[0]]) {
    assert.deepEqual(rules.map(({ rule }) => rule), ["too-deep"]);
  }
  assert.equal(JSON.parse(reportJson(long, { config })).summary.errors, 1);
  assert.deepEqual(check(HOOK, { config }), []);
});

test("long texts with characters of every width are supported", () => {
  for (const filler of ["a", "é", "€", "😀"]) {
    for (const count of [10, 70_000, 1_100_000]) {
      const text = JSON.stringify({ "//": filler.repeat(count), name: "hook", type: "Https" });
      const [found] = check(text);
      assert.equal(found.pointer, "/url");
      assert.equal(check(text).length, 1);
    }
  }
});

test("invalid arguments have a message", () => {
  assert.throws(() => check(), /checks a string/);
  assert.throws(() => check(HOOK, { mode: "creat" }), /`mode` cannot be `creat`; did you mean `create`\?/);
  assert.throws(() => check(HOOK, { type: 1 }), /`type` is a string, not a number/);
  assert.throws(() => check(HOOK, { mod: "create" }), /unknown option `mod`; did you mean `mode`\?/);
  assert.throws(() => check(HOOK, { config: { select: ["missing-fild"] } }), /did you mean `missing-field`\?/);
  assert.throws(() => check(HOOK, { config: { sizeLimit: -1 } }), /whole number of bytes/);
  assert.throws(() => explain("no-such-rule"), /there is no rule `no-such-rule`/);
  assert.throws(() => schema("toString"), /there is no schema/);
});

test("rules, pages and schemas are returned as copies", () => {
  assert.ok(rules().length > 50);
  for (const { name } of rules()) assert.match(explain(name), new RegExp(`^# ${name}\n`));
  const kafka = schema("Kafka");
  kafka.title = "mine";
  assert.notEqual(schema("Kafka").title, "mine");
});
