// The measurements in Node: ajv with our published schemas, and our own package, if `make wasm` has built it.
//
// Usage: node node.mjs valid.json broken.json, each an array of document texts. Prints nanoseconds per document as {
// first, all, positions, wasm }, where `wasm` is { valid, broken, cold } of the package. `cold` is in milliseconds,
// from import to result, minus an empty Node process; the two run in turn, because the speed of a machine varies.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import sourceMap from "json-source-map";

const ROUNDS = 15;
const [valid, broken] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));
const types = [...new Set(valid.map((text) => JSON.parse(text).type))];
const compile = (options) => {
  const ajv = new Ajv({ strict: false, ...options });
  return Object.fromEntries(
    types.map((type) => [type, ajv.compile(JSON.parse(readFileSync(new URL(`../../schemas/${type}.schema.json`, import.meta.url))))]),
  );
};

let sink = 0;
const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
const measure = (texts, lint) => {
  const round = () => {
    for (const text of texts) sink += lint(text);
  };
  round();
  const time = () => {
    const start = process.hrtime.bigint();
    round();
    return Number(process.hrtime.bigint() - start) / texts.length;
  };
  return median(Array.from({ length: ROUNDS }, time));
};
const ajv = (validators, parse) => (text) => {
  const value = parse(text);
  const validate = validators[value.type];
  return validate(value) ? 0 : validate.errors.length;
};

const first = measure(valid, ajv(compile({}), JSON.parse));
const all = measure(broken, ajv(compile({ allErrors: true }), JSON.parse));
const positions = measure(valid, ajv(compile({}), (text) => sourceMap.parse(text).data));

const wasm = await ours("node.js");

async function ours(file) {
  const entry = new URL(`../../pkg/dist/${file}`, import.meta.url);
  if (!existsSync(entry)) return null;
  const { check } = await import(entry);
  const lint = (text) => check(text).length;
  const start = (script) => {
    const start = process.hrtime.bigint();
    execFileSync(process.execPath, ["--input-type=module", "--eval", script]);
    return Number(process.hrtime.bigint() - start) / 1e6;
  };
  const script = `import { check } from ${JSON.stringify(entry)}; check(${JSON.stringify(valid[0])});`;
  const starts = Array.from({ length: ROUNDS }, () => [start(script), start("")]);
  const cold = median(starts.map(([ours]) => ours)) - median(starts.map(([, empty]) => empty));
  return { valid: measure(valid, lint), broken: measure(broken, lint), cold };
}
console.log(JSON.stringify({ first, all, positions, wasm }));
