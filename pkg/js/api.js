// The package's functions for every entry, available once a module is connected.

import * as module from "../generated/streamlint.js";
import { located, resolved } from "./options.js";

/** @typedef {import("../types/index.d.ts").Options} Options */

let isReady = false;
let isBroken = false;

/** Called once the module is instantiated. */
export function connect() {
  isReady = true;
}

export const isConnected = () => isReady;

/**
 * Calls the module. Invalid options throw a `TypeError`, or a string in the module. Any other exception has aborted the
 * module (a panic, or a full stack), so the next call creates a new instance; right now there may be no stack left for
 * it.
 *
 * @template T
 * @param {() => T} work
 * @param {Options} [options]
 * @returns {T}
 */
export function call(work, options) {
  if (!isReady) throw new Error("streamlint is not ready: `await init()` once before the first check");
  if (isBroken) module.__wbg_reset_state();
  isBroken = false;
  try {
    return work();
  } catch (cause) {
    if (typeof cause === "string") throw new TypeError(located(cause, options));
    if (cause instanceof TypeError) throw cause;
    isBroken = true;
    throw new Error("streamlint stopped at this text; please report this bug", { cause });
  }
}

/**
 * Returns the item of this name.
 *
 * @template T
 * @param {string} what
 * @param {string} name
 * @param {Record<string, T>} all
 * @returns {T}
 */
export function one(what, name, all) {
  if (!Object.hasOwn(all, name)) {
    throw new TypeError(`there is no ${what} \`${String(name)}\`; there are ${Object.keys(all).join(", ")}`);
  }
  return all[name];
}

/** The maximum length of a text in bytes, unless the options set a different limit. */
const SIZE_LIMIT = 16 << 20;

/**
 * Returns the text, or its length in bytes if that exceeds the limit: such a text is not copied into the module.
 *
 * @param {unknown} text
 * @param {Options | undefined} options
 */
export function bounded(text, options) {
  if (typeof text !== "string") throw new TypeError(`streamlint checks a string, not ${typeof text}`);
  const limit = options?.config?.sizeLimit ?? SIZE_LIMIT;
  // A UTF-16 code unit takes one to three bytes in UTF-8.
  if (text.length * 3 <= limit) return text;
  const bytes = new TextEncoder().encode(text).length;
  return bytes > limit ? bytes : text;
}

/** @type {typeof import("../types/index.d.ts").check} */
export function check(text, options) {
  return call(() => module.check(bounded(text, options), resolved(options)), options);
}

/** @type {typeof import("../types/index.d.ts").checkAll} */
export function checkAll(sources, options) {
  const shared = { ...options, filename: undefined };
  return call(() => {
    const texts = sources.map(({ text }) => bounded(text, options));
    const resolvedOptions = sources.map(({ filename }) => resolved({ ...shared, filename }));
    return module.checkAll(texts, resolvedOptions, resolved(shared));
  }, options);
}

/** @type {typeof import("../types/index.d.ts").checkValue} */
export function checkValue(value, options) {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`JSON has no ${typeof value}, so there is nothing to check`);
  // A value has no text, so its findings have no positions.
  return check(text, { ...options, filename: undefined, dialect: "admin-api" }).map((found) => ({
    ...found,
    from: 0,
    to: 0,
    related: found.related.map((related) => ({ ...related, from: 0, to: 0 })),
    fix: null,
  }));
}

/** @type {typeof import("../types/index.d.ts").fix} */
export function fix(text, options) {
  const { unsafe = false, ...rest } = options ?? {};
  const fixed = call(() => module.fix(bounded(text, rest), resolved(rest), unsafe), rest);
  return fixed.applied === 0 ? { ...fixed, text } : fixed;
}

/** @type {typeof import("../types/index.d.ts").reportJson} */
export function reportJson(text, options) {
  return call(() => module.reportJson(bounded(text, options), resolved(options)), options);
}
