// What every entry has: the functions of the package, once a module is connected.

import { Door } from "./door.js";
import { said } from "./options.js";

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
  return bytes > limit ? door().refuse(bytes, said(options), whole) : undefined;
}

/**
 * @param {string} source
 * @param {Options} [options]
 * @returns {Diagnostic[]}
 */
export function check(source, options) {
  const answer = refused(text(source), options) ?? door().ask("check", source, said(options));
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
    return { text: text(source.text), said: said(own), answer: refused(source.text, own) };
  });
  const words = said(shared);
  const read = all.filter((source) => source.answer === undefined);
  for (const source of read) door().ask("add", source.text, source.said);
  /** @type {Diagnostic[][]} */
  const together = JSON.parse(door().askAll(words));
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
  return JSON.parse(door().ask("fix", source, said(rest), unsafe ? 1 : 0));
}

/**
 * @param {string} source
 * @param {Options} [options]
 * @returns {string}
 */
export function report(source, options) {
  return refused(text(source), options, true) ?? door().ask("report", source, said(options));
}
