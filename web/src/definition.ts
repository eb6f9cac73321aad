// The definitions in a text: the positions of connections, and edits for changed values.

import { applyEdits, findNodeAtLocation, getNodeValue, modify, type Node, parseTree } from "jsonc-parser";

export type Path = (string | number)[];
export type Value = Record<string, unknown>;

/** A connection in the text. */
export interface Connection {
  /** The keys from the outermost value to the connection, if its text can be edited. */
  path?: Path;
  value: Value;
}

/** Returns the connections of a text, in order, as the core finds them; none if it cannot be parsed. */
export function connectionsIn(text: string): Connection[] {
  const root = tree(text);
  if (!root) return [];
  if (root.type === "array") return objectsIn(root, []);
  if (root.type !== "object") return [];
  for (const list of ["results", "connections"]) {
    const found = findNodeAtLocation(root, [list]);
    if (found?.type === "array" && !findNodeAtLocation(root, ["type"])) return objectsIn(found, [list]);
  }
  return [{ path: [], value: getNodeValue(root) as Value }];
}

function objectsIn(list: Node, path: Path): Connection[] {
  return (list.children ?? []).flatMap((node, at) =>
    node.type === "object" ? [{ path: [...path, at], value: getNodeValue(node) as Value }] : [],
  );
}

function tree(text: string): Node | undefined {
  try {
    return parseTree(text, [], { allowTrailingComma: true });
  } catch {
    // The nesting exceeds the browser's stack; the core reports it.
    return undefined;
  }
}

/** The new value; `undefined` if it was removed. */
export interface Change {
  path: Path;
  value: unknown;
}

/** Returns the changes from `before` to `after`. Undefined fields, and objects with only such fields, are ignored. */
export function changesBetween(before: unknown, after: unknown, path: Path = []): Change[] {
  if (isObject(after) && (isObject(before) || before === undefined)) {
    const old = before ?? {};
    const keys = [...new Set([...Object.keys(old), ...Object.keys(after)])];
    return keys.flatMap((key) => changesBetween(old[key], after[key], [...path, key]));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, value: after }];
}

/** Applies changes to the connection at a path, and keeps everything else. */
export function edited(text: string, connection: Path, changes: readonly Change[]): string {
  return changes.reduce((text, { path, value }) => changed(text, [...connection, ...path], value), text);
}

function changed(text: string, path: Path, value: unknown): string {
  if (value === undefined) return applyEdits(text, modify(text, path, undefined, {}));
  const root = tree(text);
  // The part of the path that exists.
  let depth = path.length;
  let node = root && findNodeAtLocation(root, path);
  while (root && !node && depth > 0) node = findNodeAtLocation(root, path.slice(0, --depth));
  if (!node) return text;
  const [key, ...rest] = path.slice(depth);
  const whole = (keys: Path) => keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  const style = styleOf(text);
  if (node.type === "object" && key !== undefined) return withMember(text, node, String(key), whole(rest), style);
  // If the existing value cannot contain the rest of the path, it is replaced.
  const [from, to] = [node.offset, node.offset + node.length];
  const indent = text.slice(from, to).includes("\n") ? indentAt(text, from) : undefined;
  return text.slice(0, from) + written(whole(path.slice(depth)), style, indent) + text.slice(to);
}

/** Adds a field to an object. An object on one line stays on one line. */
function withMember(text: string, object: Node, key: string, value: unknown, style: Style): string {
  const [from, to] = [object.offset, object.offset + object.length];
  const last = object.children?.at(-1);
  const name = `${JSON.stringify(key)}: `;
  const { step, end } = style;
  if (!last) {
    const outer = indentAt(text, from);
    const member = (indent?: string) => name + written(value, style, indent);
    const lines = `{${end}${outer}${step}${member(outer + step)}${end}${outer}}`;
    return text.slice(0, from) + (text.includes("\n") ? lines : `{ ${member()} }`) + text.slice(to);
  }
  const at = last.offset + last.length;
  if (!text.slice(from, to).includes("\n")) return `${text.slice(0, at)}, ${name}${written(value, style)}${text.slice(at)}`;
  const indent = indentAt(text, last.offset);
  // A comment after the last field stays on its line.
  const [comment = ""] = /^[^\S\r\n]*\/\/[^\r\n]*/.exec(text.slice(at)) ?? [];
  const rest = text.slice(at + comment.length);
  return `${text.slice(0, at)},${comment}${end}${indent}${name}${written(value, style, indent)}${rest}`;
}

/** Formats a value on lines that start with `indent`, or on one line. */
function written(value: unknown, style: Style, indent?: string): string {
  if (indent !== undefined) return JSON.stringify(value, null, style.step).replaceAll("\n", style.end + indent);
  if (Array.isArray(value)) return `[${value.map((inner) => written(inner, style)).join(", ")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${written(inner, style)}`);
  return members.length > 0 ? `{ ${members.join(", ")} }` : "{}";
}

interface Style {
  /** The indentation of one level. */
  step: string;
  /** The line break of the text. */
  end: string;
}

function styleOf(text: string): Style {
  const [, step = "  "] = /^([ \t]+)\S/m.exec(text) ?? [];
  return { step: step.startsWith("\t") ? "\t" : step, end: text.includes("\r\n") ? "\r\n" : "\n" };
}

/** Returns the whitespace at the start of the line of an offset. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}

export function isObject(value: unknown): value is Value {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
