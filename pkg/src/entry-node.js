// The entry for Node: the module is read and ready when this has been imported.

import { createRequire } from "node:module";

import { open } from "./node.js";

open("streamlint.wasm", import.meta.url, () => createRequire(import.meta.url).resolve("streamlint/streamlint.wasm"));

export { default, explain, rules, schema } from "./node.js";
export { check, checkAll, checkValue, fix, report } from "./api.js";
