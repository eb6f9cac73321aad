// Looks up the published schemas of fields.

import { schema } from "streamlint";

/** @typedef {Record<string, any>} Schema */

/** @type {Record<string, Schema>} */
const read = {};

/** Returns a schema, which is copied once. @param {string} name @returns {Schema} */
const published = (name) => (read[name] ??= schema(/** @type {import("../types/names.d.ts").SchemaName} */ (name)));

/**
 * Returns the schema of the value at a path inside a connection; `*` is any element. Without a type, only the fields
 * that every connection has are known.
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
 * Whether the value at a path may be shown: only if the schema of its type (or of any type, if it is unknown) has the
 * field and does not mark it as `writeOnly`. Unlisted headers and settings may contain anything.
 *
 * @param {string[]} path
 * @param {string | undefined} type
 */
export function isShown(path, type) {
  const types = published("connection").properties.type.enum;
  return path.join() === "type" || (types.includes(type) ? [type] : types).some((/** @type {string} */ one) => isNamed(path, published(one)));
}

/** Whether a text is a reference to a variable: `${KAFKA_PASSWORD}`. @param {string} text */
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
 * Returns the part of a URL that grants access: the user and password, or everything from the query on. `undefined` for
 * other texts.
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
  const inner = part === "*" ? found?.items : Object.hasOwn(members, part) ? members[part] : found?.additionalProperties;
  return typeof inner === "object" ? inner : undefined;
}

/** Describes a field in a few lines, including its current value. @param {Schema} found @param {string} [word] */
export function describe(found, word) {
  const at = word === undefined ? -1 : (found.enum ?? []).indexOf(word);
  const lines = [found.title, found.description, at >= 0 ? found.enumDescriptions?.[at] : undefined];
  return lines.filter(Boolean).join("\n");
}

/** Returns the allowed values, except deprecated ones. @param {Schema} found @returns {{ value: string, detail: string | undefined }[]} */
export function valuesOf(found) {
  const words = found.enum ?? (found.const === undefined ? [] : [found.const]);
  const all = words.map((/** @type {string} */ value, /** @type {number} */ at) => ({
    value,
    detail: found.enumDescriptions?.[at],
  }));
  return all.filter((/** @type {{ value: string }} */ { value }) => !found["x-streamlint-deprecated"]?.includes(value));
}

/** Returns the fields that an object may have, with the start of each value. @param {Schema} found */
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
