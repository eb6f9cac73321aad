// Completions and hovers in streamlint.toml, from its published schema. The server reports its errors.

import { CompletionItem, CompletionItemKind, Hover, languages, MarkdownString, Position, Range, SnippetString } from "vscode";

import schema from "../generated/config.schema.json";

/** @typedef {Record<string, any>} Schema */

const HEADER = /^\s*\[{1,2}\s*([\w.-]+)\s*\]{1,2}/;
const KEY = /^\s*([\w-]+)\s*=/;

/** Offers the keys and values of the schema. @param {import("vscode").DocumentSelector} selector */
export function completeSettings(selector) {
  return [
    languages.registerCompletionItemProvider(
      selector,
      {
        provideCompletionItems(document, position) {
          const lines = document.getText().split("\n");
          const before = (lines[position.line] ?? "").slice(0, position.character);
          const written = (/[\w.-]*$/.exec(before) ?? [""])[0];
          const range = new Range(new Position(position.line, position.character - written.length), position);
          return completions(lines, position.line, before).map(({ label, insert, about, isKey }) => {
            const item = new CompletionItem(label, isKey ? CompletionItemKind.Property : CompletionItemKind.EnumMember);
            item.insertText = new SnippetString(insert);
            item.documentation = new MarkdownString(about);
            item.range = range;
            return item;
          });
        },
      },
      '"',
      "=",
      "[",
    ),
    languages.registerHoverProvider(selector, {
      provideHover(document, position) {
        const lines = document.getText().split("\n");
        const line = lines[position.line] ?? "";
        const key = KEY.exec(line)?.[1];
        const found = key === undefined ? undefined : tableAt(lines, position.line)?.properties?.[key];
        const end = key === undefined ? 0 : line.indexOf(key) + key.length;
        return found && position.character <= end ? new Hover(new MarkdownString(plain(found).description ?? "")) : undefined;
      },
    }),
  ];
}

/**
 * Returns the completions at the end of the text before the cursor.
 *
 * @param {string[]} lines
 * @param {number} line
 * @param {string} before the line up to the cursor
 */
export function completions(lines, line, before) {
  if (/^\s*\[{1,2}[\w.-]*$/.test(before)) return headers(before.includes("[["));
  const table = tableAt(lines, line);
  const key = KEY.exec(before)?.[1];
  if (key !== undefined) {
    const isQuoted = (before.split('"').length - 1) % 2 === 1;
    return values(table?.properties?.[key]).map(({ value, about }) => {
      const isBare = isQuoted || typeof value !== "string";
      return { label: String(value), insert: isBare ? String(value) : `"${value}"`, about, isKey: false };
    });
  }
  if (!/^\s*[\w-]*$/.test(before)) return [];
  const written = new Set(siblings(lines, line).map((other) => KEY.exec(other)?.[1]));
  return Object.entries(/** @type {Record<string, Schema>} */ (table?.properties ?? {}))
    .filter(([name]) => !name.startsWith("$") && !written.has(name))
    .map(([name, inner]) => ({ label: name, insert: `${name} = ${start(inner)}`, about: plain(inner).description ?? "", isKey: true }))
    .filter(({ insert }) => !insert.endsWith(" = "));
}

/** Returns the tables that have a header. @param {boolean} isList */
function headers(isList) {
  const names = isList ? ["overrides", "policies", "overrides.policies"] : ["rules", "overrides.rules"];
  return names.map((name) => ({ label: name, insert: name, about: plain(at(name)).description ?? "", isKey: true }));
}

/** Returns the schema of the table that contains a line. @param {string[]} lines @param {number} line */
function tableAt(lines, line) {
  const header = lines.slice(0, line).findLast((other) => HEADER.test(other));
  return header === undefined ? schema : element(at(HEADER.exec(header)?.[1] ?? ""));
}

/** Returns the other lines of the table that contains a line. @param {string[]} lines @param {number} line */
function siblings(lines, line) {
  const start = lines.slice(0, line).findLastIndex((other) => HEADER.test(other)) + 1;
  const length = lines.slice(line + 1).findIndex((other) => HEADER.test(other));
  const end = length < 0 ? lines.length : line + 1 + length;
  return [...lines.slice(start, line), ...lines.slice(line + 1, end)];
}

/** Returns the schema of a table by its name. @param {string} name @returns {Schema | undefined} */
function at(name) {
  /** @type {Schema | undefined} */
  let found = schema;
  for (const part of name.split(".")) found = element(found)?.properties?.[part];
  return found;
}

/** Returns the schema of a table, or of an element of a list of tables. @param {Schema | undefined} found @returns {Schema | undefined} */
function element(found) {
  const resolved = plain(found);
  return resolved.items ? plain(resolved.items) : resolved;
}

/** Resolves the references of a schema. @param {Schema | undefined} found @returns {Schema} */
function plain(found) {
  if (found?.$ref === undefined) return found ?? {};
  const name = found.$ref.replace("#/$defs/", "");
  return { ...plain(/** @type {Record<string, Schema>} */ (schema.$defs)[name]), ...found, $ref: undefined };
}

/**
 * Returns the allowed values, or those of a list's elements.
 *
 * @param {Schema | undefined} found
 * @returns {{ value: string | boolean, about: string }[]}
 */
function values(found) {
  const resolved = plain(found);
  if (resolved.type === "boolean") return [true, false].map((value) => ({ value, about: "" }));
  const words = (resolved.enum ?? []).map((/** @type {string} */ value, /** @type {number} */ index) => ({
    value,
    about: resolved.enumDescriptions?.[index] ?? "",
  }));
  const inner = [resolved.items, ...(resolved.anyOf ?? []), ...(resolved.oneOf ?? [])].filter((one) => one !== undefined);
  return [...words, ...inner.flatMap(values)];
}

/** Returns the start of a value, as a snippet; empty for a table with its own header. @param {Schema} found */
function start(found) {
  const resolved = plain(found);
  if (resolved.type === "object" || (resolved.type === "array" && plain(resolved.items).type === "object")) return "";
  if (resolved.type === "array") return '["$0"]';
  return resolved.anyOf || resolved.oneOf ? "$0" : '"$0"';
}
