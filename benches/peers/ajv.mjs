// Nanoseconds a document for ajv on our published schemas: [valid text → first-error verdict, broken text → all errors].
// Usage: node ajv.mjs valid.json broken.json, each an array of document texts.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";

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
const measure = (texts, validators) => {
  const round = () => {
    for (const text of texts) {
      const value = JSON.parse(text);
      const validate = validators[value.type];
      if (!validate(value)) sink += validate.errors.length;
    }
  };
  round();
  const times = [];
  for (let i = 0; i < ROUNDS; i++) {
    const start = process.hrtime.bigint();
    round();
    times.push(Number(process.hrtime.bigint() - start) / texts.length);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1];
};

const first = measure(valid, compile({}));
const all = measure(broken, compile({ allErrors: true }));
console.log(JSON.stringify([first, all]));
