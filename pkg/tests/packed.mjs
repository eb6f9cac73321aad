// The packed package, installed in a separate project.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The first example of the README, and its expected output. */
export const example = /```js\n([^]*?)```/.exec(readFileSync(join(root, "README.md"), "utf8"))[1];
export const EXAMPLE_OUTPUT = 'error: `kafka` is not a connection type ("kafka")';

export const run = (cwd, command, ...words) => execFileSync(command, words, { cwd, encoding: "utf8", stdio: "pipe" });

/** Packs the package and installs it in a folder; returns npm's description of it. */
export function install(folder) {
  const [packed] = JSON.parse(run(root, "npm", "pack", "--json", "--ignore-scripts", "--pack-destination", folder));
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  run(folder, "npm", "install", "--no-audit", "--no-fund", join(folder, packed.filename));
  return packed;
}
