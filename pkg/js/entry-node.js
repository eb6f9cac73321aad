// The entry for Node: importing it loads the module.

import { createRequire } from "node:module";

import { open } from "./node.js";

// Tools that trace the files of a server (such as Next's standalone output) detect them by these expressions.
new URL(/* webpackIgnore: true */ "../streamlint.wasm", import.meta.url);
new URL(/* webpackIgnore: true */ "./catalog.json", import.meta.url);

// A path to the module itself would make bundlers parse it and resolve its imports.
open("streamlint.wasm", import.meta.url, () => createRequire(import.meta.url).resolve("streamlint/package.json"));

export { default, explain, rules, schema } from "./node.js";
export { check, checkAll, checkValue, fix, reportJson } from "./api.js";
