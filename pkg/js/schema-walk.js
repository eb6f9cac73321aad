// The published schemas of the fields of a definition.

import { schema } from "streamlint";

/** @typedef {Record<string, any>} Schema */

/** @type {Record<string, Schema>} */
const read = {};

/** A schema, copied once. @param {string} name @returns {Schema} */
const published = (name) => (read[name] ??= schema(/** @type {import("../types/names.d.ts").SchemaName} */ (name)));

/**
 * The schema of the value at a path inside a connection; `*` is any element. Without a type, only the fields of every
 * connection are known.
 *
 * @param {string[]} path
 * @param {string | undefined} type
 * @returns {Schema | undefined}
 */
export function schemaAt(path, type) {
  const any = published("connection");
  if (path.length === 1 && path[0] === "type") return any.properties.type;
  /** @type {Schema | undefined} */
  let found = any.properties.type.enum.includes(type) ? published(/** @type {string} */ (type)) : any;
  for (const part of path) {
    found = inside(found, part);
  }
  return found;
}

/**
 * Whether the value at a path may be shown on a screen: only what the schema of the type (or of any, where it
 * is not known) names and does not call `writeOnly`. Headers and settings that it does not name may contain anything.
 *
 * @param {string[]} path
 * @param {string | undefined} type
 */
export function isShown(path, type) {
  const types = published("connection").properties.type.enum;
  return path.join() === "type" || (types.includes(type) ? [type] : types).some((/** @type {string} */ one) => isNamed(path, published(one)));
}

/** Whether a text is a reference to a value: `${KAFKA_PASSWORD}`. @param {string} text */
export const isReference = (text) => /^\$\{[A-Za-z_][\w.]*\}$/.test(text);

/** @param {string[]} path @param {Schema | undefined} found */
function isNamed(path, found) {
  for (const part of path) {
    const isNamed = part === "*" ? found?.items : Object.hasOwn(found?.properties ?? {}, part);
    found = isNamed ? inside(found, part) : undefined;
    if (!found || found.writeOnly) return false;
  }
  return true;
}

/**
 * The part of a URL that gives access: its user and password, or all from its query on; nothing in other texts.
 *
 * @param {string} text
 * @returns {[from: number, to: number] | undefined}
 */
export function secretOfUrl(text) {
  const [, scheme = "", user = "", rest = ""] = /^([a-z][a-z\d+.-]*:\/\/)([^/?#]*@)?([^?#]*)/i.exec(text) ?? [];
  if (user) return [scheme.length, scheme.length + user.length - 1];
  const query = scheme.length + rest.length;
  return scheme && query < text.length ? [query + 1, text.length] : undefined;
}

/** @param {Schema | undefined} found @param {string} part @returns {Schema | undefined} */
function inside(found, part) {
  const members = found?.properties ?? {};
  const own = part === "*" ? found?.items : Object.hasOwn(members, part) ? members[part] : found?.additionalProperties;
  return typeof own === "object" ? own : undefined;
}

/** A few lines about a field, and about the word that is its value. @param {Schema} found @param {string} [word] */
export function describe(found, word) {
  const at = word === undefined ? -1 : (found.enum ?? []).indexOf(word);
  const lines = [found.title, found.description, at >= 0 ? found.enumDescriptions?.[at] : undefined];
  return lines.filter(Boolean).join("\n");
}

/** The values that are allowed, without deprecated ones. @param {Schema} found @returns {{ value: string, detail: string | undefined }[]} */
export function valuesOf(found) {
  const words = found.enum ?? (found.const === undefined ? [] : [found.const]);
  const all = words.map((/** @type {string} */ value, /** @type {number} */ at) => ({
    value,
    detail: found.enumDescriptions?.[at],
  }));
  return all.filter((/** @type {{ value: string }} */ { value }) => !found["x-streamlint-deprecated"]?.includes(value));
}

/** The fields that an object may have, with a start for the value of each. @param {Schema} found */
export function keysOf(found) {
  /** @type {string[]} */
  const required = found.required ?? [];
  return Object.entries(/** @type {Record<string, Schema>} */ (found.properties ?? {}))
    .filter(([key]) => !key.startsWith("$") && key !== "//")
    .map(([key, inner]) => ({
      key,
      value: start(inner),
      detail: describe(inner) || undefined,
      isRequired: required.includes(key),
    }));
}

/** @param {Schema} inner */
function start(inner) {
  const [type] = [inner.type].flat();
  if (type === "object") return "{}";
  if (type === "array") return "[]";
  return inner.const === undefined ? '""' : JSON.stringify(inner.const);
}
