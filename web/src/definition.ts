// The text as definitions: where connections stand in it, and how a change of one value becomes a change of the text.

import { applyEdits, findNodeAtLocation, getNodeValue, modify, type Node, parseTree } from "jsonc-parser";

export type Path = (string | number)[];
export type Value = Record<string, unknown>;

/** A connection in the text. */
export interface Connection {
  /** The keys from the outermost value to it. */
  path: Path;
  value: Value;
}

/** The connections of a text, in their order, as the core finds them; none where it cannot be read. */
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
    // Nested deeper than the stack of the browser; the core says so.
    return undefined;
  }
}

/** What a value became; `undefined` when it went. */
export interface Change {
  path: Path;
  value: unknown;
}

/** What has to change in `before` so that it becomes `after`. Members without a value, and objects of them, are nothing. */
export function changesBetween(before: unknown, after: unknown, path: Path = []): Change[] {
  if (isObject(after) && (isObject(before) || before === undefined)) {
    const old = before ?? {};
    const keys = [...new Set([...Object.keys(old), ...Object.keys(after)])];
    return keys.flatMap((key) => changesBetween(old[key], after[key], [...path, key]));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, value: after }];
}

/** The text after changes to the connection at a path. All else stays as it is written. */
export function edited(text: string, connection: Path, changes: readonly Change[]): string {
  const formattingOptions = { ...indentation(text), eol: text.includes("\r\n") ? "\r\n" : "\n" };
  return changes.reduce((text, { path, value }) => {
    const at = standing(text, [...connection, ...path], connection.length, value);
    if (!isOneLine(text, at.path.slice(0, -1))) return applyEdits(text, modify(text, at.path, at.value, { formattingOptions }));
    const edits = modify(text, at.path, at.value, {});
    return applyEdits(text, edits.map((edit) => ({ ...edit, content: edit.content.replace(/^,/, ", ") })));
  }, text);
}

/** Where a value can be put: what stands in the way of its path goes, because it cannot hold it. */
function standing(text: string, path: Path, from: number, value: unknown): { path: Path; value: unknown } {
  const root = tree(text);
  for (let length = from; root && length < path.length; length++) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    const fits = node?.type === (typeof path[length] === "number" ? "array" : "object");
    if (node && !fits) {
      const inner = path.slice(length).reduceRight((value, key) => ({ [key]: value }), value);
      return { path: path.slice(0, length), value: inner };
    }
  }
  return { path, value };
}

/** Whether an object or array is written in one line, with something in it: then it stays so. */
function isOneLine(text: string, path: Path): boolean {
  const root = tree(text);
  const node = root && findNodeAtLocation(root, path);
  return (node?.children?.length ?? 0) > 0 && !text.slice(node!.offset, node!.offset + node!.length).includes("\n");
}

function indentation(text: string): { insertSpaces: boolean; tabSize: number } {
  const [, white = "  "] = /^([ \t]+)\S/m.exec(text) ?? [];
  return white.startsWith("\t") ? { insertSpaces: false, tabSize: 4 } : { insertSpaces: true, tabSize: white.length };
}

export function isObject(value: unknown): value is Value {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
