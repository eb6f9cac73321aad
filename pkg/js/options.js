// Options as the core takes them: checked, and resolved for one path. The core knows neither paths nor globs.

import { nearest } from "../generated/streamlint.js";
import { matcher } from "./glob.js";
import { pattern } from "./pattern.js";

/** @typedef {import("../types/index.d.ts").Options} Options */

/** The type of each option. */
const TYPES = {
  filename: "string",
  dialect: "string",
  type: "string",
  mode: "string",
};

/** What may also be set for some paths. */
const OF_PATHS = {
  rules: "rules",
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

const OVERRIDE = { paths: "list", mode: "string", ...OF_PATHS };

/** For the command, which walks through folders and has an exit status. They are accepted and ignored. */
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

/**
 * @param {Options | undefined} options
 * @returns {Record<string, any> | undefined}
 */
export function resolved(options) {
  if (options === undefined || options === null) return undefined;
  if (typeof options !== "object") throw new TypeError("the options of streamlint are an object");
  const { config, ...rest } = options;
  const own = checked(rest, TYPES);
  if (config === undefined || config === null) return own;
  if (typeof config !== "object") throw new TypeError("`config` is an object");
  refusePolicies(config);
  if ("mode" in config) throw new TypeError("`mode` is an option beside `config`, not in it");
  const { overrides = [], ...all } = checked(config, CONFIG);
  const path = (own.filename ?? "").replace(/^\.?\//, "");
  /** @type {Record<string, any>} */
  const result = { ...all, ...own, rules: { ...all.rules } };
  for (const override of overrides) {
    if (override !== null && typeof override === "object") refusePolicies(override);
    const { paths, rules, ...set } = checked(override, OVERRIDE);
    if (paths === undefined) throw new TypeError("an override needs `paths`");
    if (matcher("paths", paths)(path)) Object.assign(result, set, { rules: { ...result.rules, ...rules } });
  }
  for (const text of result.placeholders ?? []) pattern("placeholders", text, false);
  if (result.connectionNames !== undefined) pattern("connectionNames", result.connectionNames, true);
  if (result.workspaceNames !== undefined) pattern("workspaceNames", result.workspaceNames, true);
  return result;
}

/**
 * Policies need a JSON Schema engine, which would triple the module.
 *
 * @param {object} config
 */
function refusePolicies(config) {
  if ("policies" in config) {
    throw new TypeError(
      "`config.policies` needs the command (`npx streamlint check --policy FILE`) or the Rust crate `streamlint`",
    );
  }
}

/**
 * The options that are set, each of its type.
 *
 * @param {object} options
 * @param {Record<string, string>} types
 * @returns {Record<string, any>}
 */
function checked(options, types) {
  const set = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  for (const [name, value] of set) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined) throw new TypeError(`unknown option \`${name}\`; ${advice(name, Object.keys(types))}`);
    if (type === "list" || (type === "list or boolean" && typeof value !== "boolean")) {
      if (!Array.isArray(value)) throw new TypeError(`\`${name}\` is an array, not ${article(value)}`);
      for (const word of value) expect(name, word, "string");
    } else if (type === "rules") {
      if (typeof value !== "object" || Array.isArray(value)) throw new TypeError(`\`${name}\` is an object of rules`);
      for (const level of Object.values(value)) expect(name, level, "string");
    } else if (type === "overrides") {
      const isObject = (/** @type {unknown} */ one) => typeof one === "object" && one !== null && !Array.isArray(one);
      if (!Array.isArray(value) || !value.every(isObject)) throw new TypeError(`\`${name}\` is an array of objects`);
    } else if (type !== "list or boolean") {
      expect(name, value, type);
    }
  }
  return Object.fromEntries(set);
}

/** @param {string} name @param {unknown} value @param {string} type */
function expect(name, value, type) {
  if (typeof value !== type) throw new TypeError(`\`${name}\` is a ${type}, not ${article(value)}`);
  if (type === "number" && !(Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0)) {
    throw new TypeError(`\`${name}\` is a whole number of bytes`);
  }
}

/** @param {string} name @param {string[]} known */
function advice(name, known) {
  const camel = name.replace(/[-_](\w)/g, (_, letter) => letter.toUpperCase());
  const meant = known.includes(camel) ? camel : nearest(name, known);
  return meant === undefined ? `the options are ${known.join(", ")}` : `did you mean \`${meant}\`?`;
}

/** @param {unknown} value */
function article(value) {
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
