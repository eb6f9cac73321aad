// How a module comes into Node.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { connect } from "./api.js";
import { Door } from "./door.js";

/**
 * Reads the module of this name and makes the package ready.
 *
 * @param {string} name
 * @param {string} here the URL of the entry
 * @param {() => string} elsewhere the path of the module for an entry that stands in a bundle, and not in the package
 */
export function open(name, here, elsewhere) {
  // A path and no URL: bundlers for servers would take a URL for an asset of theirs.
  const beside = join(dirname(fileURLToPath(here)), "..", name);
  connect(new Door(new WebAssembly.Module(readFileSync(existsSync(beside) ? beside : elsewhere()))));
}

/** Nothing is left to do here; browsers need it. */
export default async function init() {}
