// Builds the files of the extension: `node scripts/build.mjs SERVER.wasm STREAMLINT` (the server for WASI, and the native
// command, which prints the rules). `make vscode` runs it.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const [server, command] = process.argv.slice(2).map((path) => resolve(path));
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const at = (...parts) => join(root, ...parts);

for (const folder of ["dist", "generated"]) {
  rmSync(at(folder), { recursive: true, force: true });
  mkdirSync(at(folder));
}
copyFileSync(server, at("dist", "server.wasm"));
const rules = JSON.parse(execFileSync(command, ["rules", "--format", "json"], { encoding: "utf8" }));
copyFileSync(at("../../schemas/config.schema.json"), at("generated", "config.schema.json"));
writeFileSync(at("generated", "rules.json"), JSON.stringify(rules.map(({ name, summary }) => ({ name, summary }))));

const common = {
  bundle: true,
  minify: true,
  format: "cjs",
  target: "es2022",
  external: ["vscode", "./extension.js"],
  legalComments: "none",
  metafile: true,
};
const built = [
  await build({ ...common, entryPoints: [at("src", "extension.js")], outfile: at("dist", "extension.js") }),
  await build({ ...common, entryPoints: [at("src", "node.js")], outfile: at("dist", "node.js"), platform: "node" }),
];

// The licenses of the extension and of its bundled packages.
const text = (path) => readFileSync(path, "utf8").trim();
writeFileSync(
  at("LICENSE.txt"),
  ["Licensed under the MIT License or the Apache License 2.0, at your option.", text(at("../../LICENSE-MIT")), text(at("../../LICENSE-APACHE")), ""].join("\n\n"),
);
const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));
const folders = new Set(inputs.map((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]).filter(Boolean));
const licenses = [...folders].sort().map((folder) => {
  const { name, version, license } = JSON.parse(text(join(folder, "package.json")));
  const files = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file));
  if (!existsSync(folder) || files.length === 0) throw new Error(`${name} has no license`);
  return [`${name} ${version} (${license})`, ...files.map((file) => text(join(folder, file)))].join("\n\n");
});
writeFileSync(at("dist", "licenses.txt"), `${licenses.join(`\n\n${"-".repeat(80)}\n\n`)}\n`);
