// Options as the core takes them: names and values in turn, each ended by a NUL.

/** @typedef {import("../types/index.d.ts").Options} Options */

/** What each option is; a list is said once for every element. */
const KINDS = {
  filename: "string",
  dialect: "string",
  type: "string",
  mode: "string",
};

const CONFIG = {
  select: "list",
  ignore: "list",
  recognisedOnly: "boolean",
  sizeLimit: "number",
  groupId: "string",
  tenantName: "string",
  envelope: "string",
  pretty: "string",
};

/**
 * @param {Options | undefined} options
 * @returns {string}
 */
export function said(options) {
  if (options === undefined || options === null) return "";
  if (typeof options !== "object") throw new TypeError("the options of streamlint are an object");
  const { config, ...rest } = options;
  let words = all(rest, KINDS);
  if (config !== undefined && config !== null) {
    if (typeof config !== "object") throw new TypeError("`config` is an object");
    words += all({ ...config }, CONFIG);
  }
  return words;
}

/**
 * @param {Record<string, unknown>} options
 * @param {Record<string, string>} kinds
 */
function all(options, kinds) {
  let words = "";
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue;
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) {
      throw new TypeError(`streamlint has no option \`${name}\`; there are ${Object.keys(kinds).join(", ")}`);
    }
    if (kind === "list") {
      if (!Array.isArray(value)) throw new TypeError(`\`${name}\` is an array of rule names`);
      for (const word of value) words += one(name, word, "string");
    } else {
      words += one(name, value, kind);
    }
  }
  return words;
}

/** @param {string} name @param {unknown} value @param {string} kind */
function one(name, value, kind) {
  if (typeof value !== kind) throw new TypeError(`\`${name}\` is a ${kind}, and this is ${article(value)}`);
  if (kind === "number" && !(Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0)) {
    throw new TypeError(`\`${name}\` is a whole number of bytes`);
  }
  const word = String(value);
  if (word.includes("\0")) throw new TypeError(`\`${name}\` has a NUL in it`);
  return `${name}\0${word}\0`;
}

/** @param {unknown} value */
function article(value) {
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
