// The functions of the package, for every entry, once a module is connected.

import * as module from "../generated/streamlint.js";
import { located, resolved } from "./options.js";

/** @typedef {import("../types/index.d.ts").Options} Options */

let isReady = false;
let isBroken = false;

/** Called once the module has its instance. */
export function connect() {
  isReady = true;
}

export const isConnected = () => isReady;

/**
 * Calls the module. Wrong options are a `TypeError`, or a string that the module throws. Everything else has stopped the
 * module in the middle of its work (a panic, or no more stack), so the next call gets a new instance; right now there may
 * be no stack for one.
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
 * The item of this name.
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

/** The length of the longest text that is read, in bytes, unless the options set another limit. */
const SIZE_LIMIT = 16 << 20;

/**
 * The text, or the number of its bytes where that is beyond the limit: such a text is not copied into the module.
 *
 * @param {unknown} text
 * @param {Options | undefined} options
 */
export function bounded(text, options) {
  if (typeof text !== "string") throw new TypeError(`streamlint checks a string, not ${typeof text}`);
  const limit = options?.config?.sizeLimit ?? SIZE_LIMIT;
  // A UTF-16 unit is one to three bytes.
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
    const own = sources.map(({ filename }) => resolved({ ...shared, filename }));
    return module.checkAll(texts, own, resolved(shared));
  }, options);
}

/** @type {typeof import("../types/index.d.ts").checkValue} */
export function checkValue(value, options) {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`JSON has no ${typeof value}, so there is nothing to check`);
  // The value was never text, so it has no positions.
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
