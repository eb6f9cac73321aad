// Options as the core takes them: names and values in turn, each ended by a NUL. What is for some paths only, and the
// regular expressions, are resolved here: the core knows neither paths nor patterns.

import { matcher } from "./glob.js";
import { pattern } from "./pattern.js";

/** @typedef {import("../types/index.d.ts").Options} Options */

/**
 * What is said to the core, and the regular expressions that are to be tried on the strings of the text: with the word
 * under which the core takes the strings that match.
 *
 * @typedef {{ words: string, patterns: { word: string, test: (text: string) => boolean }[] }} Said
 */

/** What each option is. */
const KINDS = {
  filename: "string",
  dialect: "string",
  type: "string",
  mode: "string",
};

/** What may also be set for some paths. */
const OF_PATHS = {
  rules: "rules",
  mode: "string",
  workspace: "string",
  placeholders: "list",
  connectionNames: "string",
  workspaceNames: "string",
  requirePrivateNetworking: "list or boolean",
  allowedHosts: "list",
  reachableHosts: "list",
  knownSamples: "list",
  knownBuiltInRoles: "list",
};

/** What is for the command, which walks through folders and has an exit status; it may stand here and says nothing. */
const OF_COMMAND = { include: "list", exclude: "list", failOn: "string", baseline: "string" };

const CONFIG = {
  select: "list",
  ignore: "list",
  skipUnrecognized: "boolean",
  sizeLimit: "number",
  groupId: "string",
  tenantName: "string",
  envelope: "string",
  pretty: "string",
  overrides: "overrides",
  ...OF_COMMAND,
  ...OF_PATHS,
};

const NOTHING = Object.freeze({ words: "", patterns: [] });

/**
 * @param {Options | undefined} options
 * @returns {Said}
 */
export function said(options) {
  if (options === undefined || options === null) return NOTHING;
  if (typeof options !== "object") throw new TypeError("the options of streamlint are an object");
  const { config, ...rest } = options;
  const own = checked(rest, KINDS);
  if (config === undefined || config === null) return { words: written(own), patterns: [] };
  if (typeof config !== "object") throw new TypeError("`config` is an object");
  return resolved(checked({ ...config }, CONFIG), own);
}

/**
 * The config for one path, in words.
 *
 * @param {Record<string, any>} config
 * @param {Record<string, any>} own what stands beside it, which beats it
 * @returns {Said}
 */
function resolved({ overrides = [], include: _, exclude: __, failOn: ___, baseline: ____, ...config }, own) {
  const path = (own.filename ?? "").replace(/^\.?\//, "");
  const rules = Object.entries(config.rules ?? {});
  for (const override of overrides) {
    const { paths, ...set } = checked(override, { ...OF_PATHS, paths: "list" });
    if (paths === undefined) throw new TypeError("an override says for which `paths` it is");
    if (!matcher("paths", paths)(path)) continue;
    rules.push(...Object.entries(set.rules ?? {}));
    Object.assign(config, set);
  }
  const { placeholders = [], connectionNames, workspaceNames, ...plain } = config;
  const levels = { rules: rules.map(([rule, level]) => `${rule}=${level}`) };
  const named = { connectionNames, workspaceNames };
  let words = written({ ...plain, ...levels, ...named, ...own });

  /** @type {RegExp[]} */
  const filled = placeholders.map((/** @type {string} */ text) => pattern("placeholders", text, false));
  const patterns = [];
  if (filled.length > 0) {
    patterns.push({ word: "placeholder", test: (/** @type {string} */ text) => filled.some((one) => one.test(text)) });
  }
  if (connectionNames !== undefined) {
    const names = pattern("connectionNames", connectionNames, true);
    patterns.push({ word: "connectionName", test: (/** @type {string} */ text) => names.test(text) });
  }
  if (workspaceNames !== undefined) {
    const names = pattern("workspaceNames", workspaceNames, true);
    if (names.test(config.tenantName ?? "")) words += one("workspaceName", config.tenantName ?? "");
  }
  return { words, patterns };
}

/**
 * What is said of the strings of a text.
 *
 * @param {Said["patterns"]} patterns
 * @param {Iterable<string>} strings
 */
export function matching(patterns, strings) {
  let words = "";
  for (const text of strings) {
    for (const { word, test } of patterns) if (test(text)) words += one(word, text);
  }
  return words;
}

/**
 * The options that are set, each of its kind.
 *
 * @param {Record<string, unknown>} options
 * @param {Record<string, string>} kinds
 * @returns {Record<string, any>}
 */
function checked(options, kinds) {
  const set = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  for (const [name, value] of set) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) {
      const camel = name.replace(/[-_](\w)/g, (_, letter) => letter.toUpperCase());
      const all = Object.hasOwn(kinds, camel) ? `write \`${camel}\`` : `there are ${Object.keys(kinds).join(", ")}`;
      throw new TypeError(`streamlint has no option \`${name}\`; ${all}`);
    }
    if (kind === "list" || (kind === "list or boolean" && typeof value !== "boolean")) {
      if (!Array.isArray(value)) throw new TypeError(`\`${name}\` is an array, and this is ${article(value)}`);
      for (const word of value) asKind(name, word, "string");
    } else if (kind === "rules") {
      if (typeof value !== "object" || Array.isArray(value)) throw new TypeError(`\`${name}\` is an object of rules`);
      for (const level of Object.values(/** @type {object} */ (value))) asKind(name, level, "string");
    } else if (kind === "overrides") {
      const isObject = (/** @type {unknown} */ one) => typeof one === "object" && one !== null && !Array.isArray(one);
      if (!Array.isArray(value) || !value.every(isObject)) throw new TypeError(`\`${name}\` is an array of objects`);
    } else if (kind !== "list or boolean") {
      asKind(name, value, kind);
    }
  }
  return Object.fromEntries(set);
}

/** @param {string} name @param {unknown} value @param {string} kind */
function asKind(name, value, kind) {
  if (typeof value !== kind) throw new TypeError(`\`${name}\` is a ${kind}, and this is ${article(value)}`);
  if (kind === "number" && !(Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0)) {
    throw new TypeError(`\`${name}\` is a whole number of bytes`);
  }
  if (String(value).includes("\0")) throw new TypeError(`\`${name}\` has a NUL in it`);
}

/**
 * Options in words; a list is said once for every element.
 *
 * @param {Record<string, unknown>} options
 */
function written(options) {
  let words = "";
  for (const [name, value] of Object.entries(options)) {
    // What is false is not said at all, unless the core knows the word.
    if (value === undefined || (value === false && name === "requirePrivateNetworking")) continue;
    for (const word of Array.isArray(value) ? value : [value]) words += one(name, word);
  }
  return words;
}

/** @param {string} name @param {unknown} value */
const one = (name, value) => `${name}\0${value}\0`;

/** @param {unknown} value */
function article(value) {
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
