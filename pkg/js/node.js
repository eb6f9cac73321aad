// Loads the module in Node.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { initSync } from "../generated/streamlint.js";
import { connect, one } from "./api.js";

/** The folder of the package, once the module has been found. */
let home = "";

/**
 * Loads the module of this name.
 *
 * @param {string} name
 * @param {string} here the URL of the entry
 * @param {() => string} elsewhere a path in the package, for an entry that is part of a bundle
 */
export function open(name, here, elsewhere) {
  // A path instead of a URL, because server bundlers would treat a URL as an asset.
  const beside = join(dirname(fileURLToPath(here)), "..", name);
  const path = existsSync(beside) ? beside : join(dirname(elsewhere()), name);
  home = dirname(path);
  initSync({ module: readFileSync(path) });
  connect();
}

/** @type {{ rules: any[], pages: Record<string, string>, schemas: Record<string, any> } | undefined} */
let read;

/** The catalog, read on first use: it would take longer to load than a check takes. */
function catalog() {
  read ??= JSON.parse(readFileSync(join(home, "dist", "catalog.json"), "utf8"));
  return /** @type {NonNullable<typeof read>} */ (read);
}

/** The same as in generated/rules.js. */
export const rules = () => structuredClone(catalog().rules);

/** The same as in generated/pages.js. @param {string} name */
export const explain = (name) => one("rule", name, catalog().pages);

/** The same as in generated/schemas.js. @param {string} name */
export const schema = (name) => structuredClone(one("schema", name, catalog().schemas));

/** Does nothing in Node; browsers need it. */
export default async function init() {}
