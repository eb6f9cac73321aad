// The entry for Node: the module is read and ready when this has been imported.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { initSync } from "../generated/streamlint.js";
import { connect, one } from "./api.js";

// Tools that collect the files of a server (for Next's standalone output) find them by these expressions.
new URL(/* webpackIgnore: true */ "../streamlint.wasm", import.meta.url);
new URL(/* webpackIgnore: true */ "./catalogue.json", import.meta.url);

// A path, because bundlers for servers would take a URL for an asset of theirs. Inside such a bundle the package is
// elsewhere; the path of the module itself would make bundlers parse it and resolve its imports.
const beside = join(dirname(fileURLToPath(import.meta.url)), "..");
const isBundled = !existsSync(join(beside, "streamlint.wasm"));
const home = isBundled ? dirname(createRequire(import.meta.url).resolve("streamlint/package.json")) : beside;
initSync({ module: readFileSync(join(home, "streamlint.wasm")) });
connect();

/** @type {{ rules: any[], pages: Record<string, string>, schemas: Record<string, any> } | undefined} */
let read;

/** The catalogue, read when it is first asked for: a script that held it would take longer to load than a check takes. */
const catalogue = () => (read ??= JSON.parse(readFileSync(join(home, "dist", "catalogue.json"), "utf8")));

/** As generated/rules.js. */
export const rules = () => structuredClone(catalogue().rules);

/** As generated/pages.js. @param {string} name */
export const explain = (name) => one("rule", name, catalogue().pages);

/** As generated/schemas.js. @param {string} name */
export const schema = (name) => structuredClone(one("schema", name, catalogue().schemas));

/** Nothing is left to do here; browsers need it. */
export default async function init() {}

export { check, checkAll, checkValue, fix, reportJson } from "./api.js";
