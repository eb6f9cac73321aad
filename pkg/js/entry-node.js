// The entry for Node: the module is read and ready when this has been imported.

import { createRequire } from "node:module";

import { open } from "./node.js";

// What gathers the files that a server needs (Next's standalone output) knows them by these expressions.
new URL(/* webpackIgnore: true */ "../streamlint.wasm", import.meta.url);
new URL(/* webpackIgnore: true */ "./catalogue.json", import.meta.url);

// Not of the module itself: bundlers would take it apart, and look for what it imports.
open("streamlint.wasm", import.meta.url, () => createRequire(import.meta.url).resolve("streamlint/package.json"));

export { default, explain, rules, schema } from "./node.js";
export { check, checkAll, checkValue, fix, reportJson } from "./api.js";
