// The entry for Node: importing it loads the module.

import { createRequire } from "node:module";

import { open } from "./node.js";

// Tools that collect the files of a server (for Next's standalone output) find them by these expressions.
new URL(/* webpackIgnore: true */ "../streamlint.wasm", import.meta.url);
new URL(/* webpackIgnore: true */ "./catalog.json", import.meta.url);

// The path of the module itself would make bundlers parse it and resolve its imports.
open("streamlint.wasm", import.meta.url, () => createRequire(import.meta.url).resolve("streamlint/package.json"));

export { default, explain, rules, schema } from "./node.js";
export { check, checkAll, checkValue, fix, reportJson } from "./api.js";
