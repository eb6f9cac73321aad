// The entry for Node: the module is read and ready when this has been imported.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { connect } from "./api.js";
import { Door } from "./door.js";

/** Where the module is. A path and no URL: bundlers for servers would take a URL for an asset of theirs. */
function locate() {
  const beside = join(dirname(fileURLToPath(import.meta.url)), "..", "streamlint.wasm");
  // A bundle stands somewhere else than the package.
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve("streamlint/streamlint.wasm");
}

connect(new Door(new WebAssembly.Module(readFileSync(locate()))));

/** Nothing is left to do here; browsers need it. */
export default async function init() {}

export * from "./public.js";
