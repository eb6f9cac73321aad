// Findings as form errors: each belongs to its own input, even if the input is still empty.

import { isReference, isShown, secretOfUrl } from "./schema-walk.js";

/** @typedef {import("../types/index.d.ts").Diagnostic} Diagnostic */
/** @typedef {import("../types/forms.d.ts").FormOptions} FormOptions */

/** @type {typeof import("../types/forms.d.ts").extraErrors} */
export function extraErrors(found, options) {
  /** @type {import("../types/forms.d.ts").ErrorSchema} */
  const root = {};
  for (const diagnostic of selected(found, options)) {
    /** @type {any} */
    let at = root;
    for (const part of parts(diagnostic.pointer)) {
      if (!Object.hasOwn(at, part)) Object.defineProperty(at, part, { value: {}, enumerable: true, writable: true });
      at = at[part];
    }
    (at.__errors ??= []).push(sentence(diagnostic));
  }
  return root;
}

/** @type {typeof import("../types/forms.d.ts").additionalErrors} */
export function additionalErrors(found, options) {
  return selected(found, options).map((diagnostic) => ({
    instancePath: diagnostic.pointer,
    message: sentence(diagnostic),
    keyword: diagnostic.rule,
    schemaPath: "",
    params: { severity: diagnostic.severity, help: diagnostic.help, url: diagnostic.url },
  }));
}

/** @type {typeof import("../types/forms.d.ts").secretPointers} */
export function secretPointers(value, type) {
  /** @type {string[]} */
  const found = [];
  // An iterative walk that supports deep and cyclic values.
  const todo = [{ value, path: /** @type {string[]} */ ([]), pointer: "" }];
  const seen = new Set();
  for (let next = todo.pop(); next; next = todo.pop()) {
    const { value, path, pointer } = next;
    if (typeof value === "object" && value !== null) {
      if (seen.has(value)) continue;
      seen.add(value);
      const isList = Array.isArray(value);
      const inner = Object.entries(value).map(([key, value]) => ({
        value,
        path: [...path, isList ? "*" : key],
        pointer: `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`,
      }));
      todo.push(...inner.reverse());
    } else if (typeof value === "string" && value !== "" && !isReference(value) && (!isShown(path, type) || secretOfUrl(value))) {
      found.push(pointer);
    } else if (typeof value === "number" && !isShown(path, type)) {
      found.push(pointer);
    }
  }
  return found;
}

/** @param {readonly Diagnostic[]} found @param {FormOptions} [options] */
function selected(found, { severities = ["error", "warning"], connectionIndex = 0 } = {}) {
  return found.filter(
    (diagnostic) =>
      severities.includes(diagnostic.severity) && (diagnostic.connectionIndex ?? connectionIndex) === connectionIndex,
  );
}

/** @param {Diagnostic} diagnostic */
function sentence({ message, help }) {
  return help === null ? message : `${message}: ${help}`;
}

/** The unescaped keys of a JSON pointer. @param {string} pointer */
export function parts(pointer) {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
