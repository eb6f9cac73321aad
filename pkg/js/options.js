// Checks the options, and resolves them for one path. The core has neither paths nor globs.

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

/** The options that may also be set for some paths. */
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

/** Options of the command, which walks folders and has an exit status. They are accepted and ignored. */
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
  const values = checked(rest, TYPES, "");
  if (config === undefined || config === null) return values;
  if (typeof config !== "object") throw new TypeError("`config` is an object");
  refusePolicies(config);
  if ("mode" in config) throw new TypeError("`mode` is an option beside `config`, not in it");
  const { overrides = [], ...all } = checked(config, CONFIG, "config.");
  const path = (values.filename ?? "").replace(/^\.?\//, "");
  /** @type {Record<string, any>} */
  const result = { ...all, ...values, rules: { ...all.rules } };
  for (const [at, override] of overrides.entries()) {
    const prefix = `config.overrides[${at}].`;
    refusePolicies(override);
    const { paths, rules, ...set } = checked(override, OVERRIDE, prefix);
    if (paths === undefined) throw new TypeError(`\`config.overrides[${at}]\` needs \`paths\``);
    checkPatterns(set, prefix);
    if (matcher(`${prefix}paths`, paths)(path)) Object.assign(result, set, { rules: { ...result.rules, ...rules } });
  }
  checkPatterns(all, "config.");
  return result;
}

/** @param {Record<string, any>} set @param {string} prefix */
function checkPatterns(set, prefix) {
  for (const text of set.placeholders ?? []) pattern(`${prefix}placeholders`, text, false);
  for (const name of ["connectionNames", "workspaceNames"]) {
    if (set[name] !== undefined) pattern(`${prefix}${name}`, set[name], true);
  }
}

/**
 * Adds the path of the option to an error of the core. The core gets the resolved options of one path, not their
 * origins, so this looks for the option that contains the word in the message.
 *
 * @param {string} message
 * @param {Options | undefined} options
 */
export function located(message, options) {
  const [, name, word] = /^`(\w+)`(?: cannot be `(.*?)`)?/.exec(message) ?? [];
  if (name === undefined) return message;
  const { config, ...values } = options ?? {};
  /** @type {[string, any][]} */
  const all = [["", values], ["config.", config]];
  for (const [at, override] of (config?.overrides ?? []).entries()) all.push([`config.overrides[${at}].`, override]);
  const holders = all.filter(([, set]) => set?.[name] !== undefined);
  const found = holders.find(([, set]) => word !== undefined && JSON.stringify(set[name]).includes(JSON.stringify(word))) ?? holders[0];
  return found ? message.replace(name, found[0] + name) : message;
}

/**
 * Rejects policies: they need a JSON Schema engine, which would triple the size of the module.
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
 * Returns the options that are set, after checking their types.
 *
 * @param {object} options
 * @param {Record<string, string>} types
 * @param {string} prefix the path of the options
 * @returns {Record<string, any>}
 */
function checked(options, types, prefix) {
  const set = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  for (const [name, value] of set) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    const path = prefix + name;
    if (type === undefined) throw new TypeError(`unknown option \`${path}\`; ${advice(name, Object.keys(types), prefix)}`);
    if (type === "list" || (type === "list or boolean" && typeof value !== "boolean")) {
      if (!Array.isArray(value)) throw new TypeError(`\`${path}\` is an array, not ${article(value)}`);
      for (const [at, word] of value.entries()) expect(`${path}[${at}]`, word, "string");
    } else if (type === "rules") {
      if (typeof value !== "object" || Array.isArray(value)) throw new TypeError(`\`${path}\` is an object of rules, not ${article(value)}`);
      for (const [rule, level] of Object.entries(value)) expect(`${path}.${rule}`, level, "string");
    } else if (type === "overrides") {
      const isObject = (/** @type {unknown} */ one) => typeof one === "object" && one !== null && !Array.isArray(one);
      if (!Array.isArray(value) || !value.every(isObject)) throw new TypeError(`\`${path}\` is an array of objects`);
    } else if (type !== "list or boolean") {
      expect(path, value, type);
    }
  }
  return Object.fromEntries(set);
}

/** @param {string} path @param {unknown} value @param {string} type */
function expect(path, value, type) {
  if (typeof value !== type) throw new TypeError(`\`${path}\` is a ${type}, not ${article(value)}`);
  if (type === "number" && !(Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0)) {
    throw new TypeError(`\`${path}\` is a whole number of bytes, not ${value}`);
  }
}

/** @param {string} name @param {string[]} known @param {string} prefix */
function advice(name, known, prefix) {
  const camel = name.replace(/[-_](\w)/g, (_, letter) => letter.toUpperCase());
  const meant = known.includes(camel) ? camel : nearest(name, known);
  return meant === undefined ? `the options are ${known.join(", ")}` : `did you mean \`${prefix}${meant}\`?`;
}

/** @param {unknown} value */
function article(value) {
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
