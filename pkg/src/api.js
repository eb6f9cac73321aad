// What every entry has: the functions of the package, once a module is connected.

import { Door } from "./door.js";
import { matching, said } from "./options.js";

/** @typedef {import("../types/index.d.ts").Options} Options */
/** @typedef {import("../types/index.d.ts").Diagnostic} Diagnostic */

/** @type {Door | undefined} */
let connected;

/** @param {Door | undefined} door */
export function connect(door) {
  connected = door;
}

export function isConnected() {
  return connected !== undefined;
}

function door() {
  if (connected === undefined) {
    throw new Error("streamlint is not ready: `await init()` once before the first check");
  }
  return connected;
}

/** @param {unknown} text */
function text(text) {
  if (typeof text !== "string") throw new TypeError(`streamlint checks a string, and this is ${typeof text}`);
  return text;
}

/**
 * Options in the core's words. Of a text in whose strings something is to be looked for, its strings are asked first.
 *
 * @param {string} source
 * @param {Options | undefined} options
 */
function words(source, options) {
  const { words, patterns } = said(options);
  return patterns.length === 0 ? words : words + matching(patterns, strings(source, words));
}

/** The strings of a text, each once. @param {string} source @param {string} words */
function strings(source, words) {
  return new Set(door().ask("strings", source, words).split("\0").slice(0, -1));
}

/** What the core reads when the options name no limit, in bytes. */
const LIMIT = 16 << 20;

/**
 * What is said of a text beyond the limit; nothing for any other. Such a text is not copied into the module.
 *
 * @param {string} source
 * @param {Options | undefined} options
 * @param {boolean} whole whether a whole report is asked for
 */
function refused(source, options, whole = false) {
  const limit = options?.config?.sizeLimit ?? LIMIT;
  // A UTF-16 unit is one to three bytes.
  if (source.length * 3 <= limit) return undefined;
  const bytes = new TextEncoder().encode(source).length;
  return bytes > limit ? door().refuse(bytes, said(options).words, whole) : undefined;
}

/**
 * @param {string} source
 * @param {Options} [options]
 * @returns {Diagnostic[]}
 */
export function check(source, options) {
  const answer = refused(text(source), options) ?? door().ask("check", source, words(source, options));
  return answer === "" ? [] : JSON.parse(answer);
}

/**
 * @param {{ text: string, filename?: string }[]} sources
 * @param {Options} [options]
 * @returns {Diagnostic[][]}
 */
export function checkAll(sources, options) {
  const { filename: _, ...shared } = options ?? {};
  const all = sources.map((source) => {
    const own = { ...shared, filename: source.filename };
    const answer = refused(text(source.text), own);
    return { text: source.text, words: answer === undefined ? words(source.text, own) : "", answer };
  });
  const read = all.filter((source) => source.answer === undefined);
  for (const source of read) door().ask("add", source.text, source.words);
  /** @type {Diagnostic[][]} */
  const together = JSON.parse(door().askAll(said(shared).words));
  return all.map((source) => (source.answer === undefined ? together.shift() ?? [] : JSON.parse(source.answer)));
}

/**
 * @param {unknown} value
 * @param {Options} [options]
 * @returns {Diagnostic[]}
 */
export function checkValue(value, options) {
  const written = JSON.stringify(value);
  if (written === undefined) throw new TypeError(`JSON has no ${typeof value}, so there is nothing to check`);
  // The value was never text: what has a place in the text has none.
  return check(written, { ...options, filename: undefined, dialect: "admin-api" }).map((found) => ({
    ...found,
    from: 0,
    to: 0,
    related: found.related.map((related) => ({ ...related, from: 0, to: 0 })),
    fix: null,
  }));
}

/**
 * @param {string} source
 * @param {Options & { unsafe?: boolean }} [options]
 * @returns {{ text: string, applied: number, remaining: Diagnostic[] }}
 */
export function fix(source, options) {
  const { unsafe = false, ...rest } = options ?? {};
  const answer = refused(text(source), rest);
  if (answer !== undefined) return { text: source, applied: 0, remaining: JSON.parse(answer) };
  const { words, patterns } = said(rest);
  if (patterns.length === 0) return JSON.parse(door().ask("fix", source, words, unsafe ? 1 : 0));
  // What a fix writes may match as well, and then it is to be judged with that known.
  const known = strings(source, words);
  for (let round = 0; ; round += 1) {
    const fixed = JSON.parse(door().ask("fix", source, words + matching(patterns, known), unsafe ? 1 : 0));
    const before = known.size;
    for (const text of strings(fixed.text, words)) known.add(text);
    if (known.size === before || round === 8) return fixed;
  }
}

/**
 * @param {string} source
 * @param {Options} [options]
 * @returns {string}
 */
export function report(source, options) {
  return refused(text(source), options, true) ?? door().ask("report", source, words(source, options));
}
