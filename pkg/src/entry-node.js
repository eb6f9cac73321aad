// The entry for Node: the module is read and ready when this has been imported.

import { createRequire } from "node:module";

import { open } from "./node.js";

open("streamlint.wasm", import.meta.url, () => createRequire(import.meta.url).resolve("streamlint/streamlint.wasm"));

export { default } from "./node.js";
export * from "./public.js";
