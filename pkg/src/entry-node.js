// The entry for Node: the module is read and ready when this has been imported.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { connect } from "./api.js";
import { Door } from "./door.js";

// A path and no URL: bundlers for servers would take a URL for an asset of theirs.
const file = join(dirname(fileURLToPath(import.meta.url)), "..", "streamlint.wasm");
connect(new Door(new WebAssembly.Module(readFileSync(file))));

/** Nothing is left to do here; browsers need it. */
export default async function init() {}

export * from "./public.js";
