// The keys of `config` are those of streamlint.toml, with the same meaning.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { check, checkAll, checkValue, fix, reportJson, schema } from "streamlint";

import { matcher } from "../js/glob.js";
import { pattern } from "../js/pattern.js";
import { command } from "./native.mjs";

const table = (name) => JSON.parse(readFileSync(new URL(`../../tests/policies/${name}.json`, import.meta.url), "utf8"));

/** @param {string} name */
const kebab = (name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** A config as the text of a streamlint.toml. */
function toml(config) {
  const value = (it, named) => {
    if (Array.isArray(it)) return `[${it.map((one) => value(one, true)).join(", ")}]`;
    if (typeof it !== "object") return JSON.stringify(it);
    return `{ ${Object.entries(it).map(([key, inner]) => `${named ? kebab(key) : key} = ${value(inner, false)}`).join(", ")} }`;
  };
  return Object.entries(config).map(([key, it]) => `${kebab(key)} = ${value(it, false)}\n`).join("");
}

test("globs match as in the table", () => {
  const { matches, refused } = table("globs");
  for (const { glob, yes, no } of matches) {
    const isMatch = matcher("paths", [glob]);
    for (const path of yes) assert.ok(isMatch(path), `${glob} and ${path}`);
    for (const path of no) assert.ok(!isMatch(path), `${glob} and not ${path}`);
  }
  for (const glob of refused) assert.throws(() => matcher("paths", [glob]), /`paths` has an invalid glob/, glob);
});

test("regular expressions match as in the table", () => {
  const { matches, refused } = table("patterns");
  for (const { pattern: text, whole, found, absent } of matches) {
    const [anywhere, all] = [pattern("placeholders", text, false), pattern("connectionNames", text, true)];
    for (const one of [...whole, ...found]) assert.ok(anywhere.test(one), `${text} is found in ${one}`);
    for (const one of absent) assert.ok(!anywhere.test(one), `${text} is not found in ${one}`);
    for (const one of whole) assert.ok(all.test(one), `${text} is ${one}`);
    for (const one of [...found, ...absent]) assert.ok(!all.test(one), `${text} is not ${one}`);
  }
  for (const text of refused) {
    for (const whole of [false, true]) {
      assert.throws(() => pattern("placeholders", text, whole), /`placeholders` has an invalid regular expression/, text);
    }
  }
});

for (const { name, config, files } of table("cases")) {
  test(name, () => {
    const sources = Object.entries(files).map(([filename, { text }]) => ({ filename, text }));
    const { mode, ...rest } = config;
    const options = { mode, config: rest };
    const found = checkAll(sources, options);
    const reported = found.map((all) => all.map(({ severity, rule, pointer }) => `${severity} ${rule} ${pointer}`));
    assert.deepEqual(reported, Object.values(files).map((file) => file.found));

    // The command reports the same findings with an equivalent streamlint.toml.
    const folder = mkdtempSync(join(tmpdir(), "streamlint-"));
    try {
      writeFileSync(join(folder, "streamlint.toml"), toml(config));
      for (const { filename, text } of sources) {
        mkdirSync(dirname(join(folder, filename)), { recursive: true });
        writeFileSync(join(folder, filename), text);
      }
      const native = (...paths) => {
        const { stdout, stderr } = spawnSync(command, ["check", "--format", "json", ...paths], { cwd: folder, encoding: "utf8" });
        assert.equal(stderr, "");
        return stdout;
      };
      const messages = JSON.parse(native(...sources.map(({ filename }) => filename))).files;
      const of = (filename) => messages.find(({ path }) => path === filename)?.diagnostics ?? [];
      const words = (all) => all.map(({ message, help }) => ({ message, help }));
      sources.forEach(({ filename }, at) => assert.deepEqual(words(found[at]), words(of(filename))));
      for (const { filename, text } of sources) {
        assert.equal(reportJson(text, { filename, ...options }), native(filename));
        const alone = check(text, { filename, ...options });
        assert.equal(alone.length, JSON.parse(native(filename)).summary.errors + alone.filter(({ severity }) => severity !== "error").length);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test("it accepts the keys of the published schema, in camel case", () => {
  const { properties, $defs } = schema("config");
  const value = { rules: {}, overrides: [], requirePrivateNetworking: false, mode: "create", failOn: "error" };
  const ofConfig = (key) => key !== "mode";
  const lists = new Set(["include", "exclude", "placeholders", "allowedHosts", "reachableHosts", "knownSamples", "knownBuiltInRoles"]);
  const some = (key) => value[key] ?? (lists.has(key) ? [] : "a");
  // Policies are rejected, which a separate test covers.
  const all = (from) => Object.keys(from).filter((key) => key !== "$schema" && key !== "policies").map(camel);
  for (const key of all(properties).filter(ofConfig)) check("{}", { config: { [key]: some(key) } });
  for (const key of all($defs.override.properties)) {
    check("{}", { config: { overrides: [{ paths: [], ...(key !== "paths" && { [key]: some(key) }) }] } });
  }
  // It has no other keys, except for options of the command.
  const flags = ["select", "ignore", "skipUnrecognized", "sizeLimit", "groupId", "tenantName", "envelope", "pretty"];
  assert.throws(() => check("{}", { config: { x: 1 } }), ({ message }) => {
    const listed = message.slice(message.indexOf("the options are ") + 16).split(", ");
    assert.deepEqual(listed.sort(), [...flags, ...all(properties).filter(ofConfig)].sort());
    return true;
  });
});

test("names of workspaces must match their pattern", () => {
  const rules = (tenantName) => {
    const text = '{ "name": "hook", "type": "Https", "url": "https://a.example" }';
    const written = reportJson(text, { config: { tenantName, workspaceNames: "prod-.*" } });
    return JSON.parse(written).files[0].diagnostics.map(({ rule, pointer }) => rule + pointer);
  };
  assert.deepEqual(rules("prod-1"), []);
  assert.deepEqual(rules("dev-1"), ["malformed-name/tenantName"]);
});

test("it applies to values as well", () => {
  const config = { placeholders: ["^__"], connectionNames: "[a-z]+" };
  assert.deepEqual(checkValue({ name: "hook", type: "Https", url: "__URL__" }, { config }), []);
  assert.deepEqual(checkValue({ name: "Hook", type: "Https", url: "__URL__" }, { config }).map(({ rule }) => rule), ["malformed-name"]);
});

test("a placeholder in the text of a fix is recognized", () => {
  // The value becomes a placeholder only when the fix has removed the scheme.
  const text = JSON.stringify({
    name: "orders",
    type: "Kafka",
    bootstrapServers: "SASL_SSL://local:9092",
    authentication: { mechanism: "PLAIN", username: "u", password: "${PASSWORD}" },
    security: { protocol: "SASL_SSL" },
  });
  const config = { placeholders: ["^local"] };
  const { text: fixed, remaining } = fix(text, { config });
  assert.ok(fixed.includes('"local:9092"'));
  assert.deepEqual(check(fixed).map(({ rule }) => rule), ["unreachable-host"]);
  assert.deepEqual(remaining, []);
});

test("strings of all kinds reach the patterns", () => {
  const seen = (name, placeholders) => check(JSON.stringify({ name, type: "Https", url: "https://a.example" }), { config: { placeholders } }).length;
  for (const name of ["a😀 b", "é é", "a\tb c", " a", "a\u2028b"]) {
    assert.equal(seen(name, ["^never$"]), 1, name);
    assert.equal(seen(name, ["[^a-z]"]), 0, name);
  }
  // A lone surrogate and a NUL cause no error.
  for (const name of ["a\ud83d b", "a\0 b"]) assert.ok(seen(name, ["b$"]) <= 1);
});

test("invalid settings have a message", () => {
  const wrong = (config, reported) => assert.throws(() => check("{}", { config, filename: "a.json" }), reported);
  wrong({ "fail-on": "error" }, /^TypeError: unknown option `config.fail-on`; did you mean `config.failOn`\?$/);
  wrong({ rules: { "missing-feild": "off" } }, /`config.rules` cannot be `missing-feild`; did you mean `missing-field`\?/);
  wrong({ rules: { "missing-field": "warn" } }, /`config.rules` cannot be `warn`; use one of error, warning, info, off/);
  wrong({ rules: { "missing-field": 2 } }, /`config.rules.missing-field` is a string, not a number/);
  wrong({ rules: ["missing-field"] }, /`config.rules` is an object of rules, not an array/);
  wrong({ rules: { "missing-field": "off" }, overrides: [{ paths: ["*"], rules: { "missing-field": "of" } }] }, /`config.overrides\[0\].rules` cannot be `of`/);
  wrong({ select: ["missing-feild"] }, /`config.select` cannot be `missing-feild`; did you mean `missing-field`\?/);
  wrong({ ignore: ["missing-field", 1] }, /`config.ignore\[1\]` is a string, not a number/);
  wrong({ sizeLimit: -1 }, /`config.sizeLimit` is a whole number of bytes, not -1/);
  wrong({ mode: "create" }, /`mode` is an option beside `config`/);
  wrong({ policies: [] }, /`config.policies` needs the command .* or the Rust crate `streamlint`/);
  wrong({ overrides: [{ paths: ["*"], policies: [] }] }, /`config.policies` needs the command/);
  wrong({ overrides: [{ paths: ["*"], mode: "creat" }] }, /`config.overrides\[0\].mode` cannot be `creat`; did you mean `create`\?/);
  wrong({ placeholders: "a" }, /`config.placeholders` is an array, not a string/);
  wrong({ placeholders: ["("] }, /`config.placeholders` has an invalid regular expression, `\(`: /);
  wrong({ overrides: [{ paths: [], placeholders: ["("] }] }, /`config.overrides\[0\].placeholders` has an invalid regular expression/);
  wrong({ connectionNames: "(?=a)" }, /`config.connectionNames` .* look-around is not supported/);
  wrong({ allowedHosts: ["https://a.example"] }, /`config.allowedHosts` takes names/);
  wrong({ requirePrivateNetworking: ["Https"] }, /`config.requirePrivateNetworking` cannot be `Https`/);
  wrong({ overrides: [{ rules: {} }] }, /`config.overrides\[0\]` needs `paths`/);
  wrong({ overrides: [{ paths: ["a["] }] }, /`config.overrides\[0\].paths` has an invalid glob, `a\[`: /);
  wrong({ overrides: [{ paths: [], exclude: [] }] }, /unknown option `config.overrides\[0\].exclude`/);
  wrong({ overrides: {} }, /`config.overrides` is an array of objects/);
});
