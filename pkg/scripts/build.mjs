// Builds the files of the package from js/ and the output of cargo: `node scripts/build.mjs GENERATED COMMAND.wasm
// STREAMLINT`. The arguments are the output folder of pkg/bindgen, the command for WASI, and the native command, which
// prints the pages.
// `make wasm` runs it.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const [bindings, wasi, command] = process.argv.slice(2).map((path) => resolve(path));
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const at = (...parts) => join(root, ...parts);
const reported = (...words) => execFileSync(command, words, { encoding: "utf8", maxBuffer: 1 << 24 });

for (const folder of ["dist", "generated", "schemas"]) {
  rmSync(at(folder), { recursive: true, force: true });
  mkdirSync(at(folder));
}
for (const file of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(at("..", file), at(file));

for (const file of ["streamlint.js", "streamlint.d.ts"]) copyFileSync(join(bindings, file), at("generated", file));
// Removes unreachable code that wasm-bindgen leaves, which saves 1 %. The features are those that rustc enables.
const features = ["bulk-memory", "extended-const", "multivalue", "mutable-globals", "nontrapping-float-to-int", "reference-types", "sign-ext"];
const flags = ["-Os", ...features.map((feature) => `--enable-${feature}`)];
execFileSync(at("node_modules", ".bin", "wasm-opt"), [...flags, join(bindings, "streamlint_bg.wasm"), "-o", at("streamlint.wasm")]);
copyFileSync(wasi, at("dist", "command.wasm"));

// The output of the native command and the published files, as modules that bundlers drop unless they are imported.
const rules = JSON.parse(reported("rules", "--format", "json"));
const pages = Object.fromEntries(rules.map(({ name }) => [name, reported("explain", name, "--format", "markdown")]));
const schemas = {};
for (const file of readdirSync(at("..", "schemas"))) {
  copyFileSync(at("..", "schemas", file), at("schemas", file));
  schemas[file.replace(".schema.json", "")] = JSON.parse(readFileSync(at("schemas", file), "utf8"));
}
writeFileSync(at("dist", "catalog.json"), JSON.stringify({ rules, pages, schemas }));
// Parsed on first use, as one JSON string: faster than an object literal of this size.
const data = (value) => `let read;\nconst all = () => (read ??= JSON.parse(${JSON.stringify(JSON.stringify(value))}));`;
const module = (name, value, ...lines) =>
  writeFileSync(at("generated", name), [data(value), ...lines, ""].join("\n"));
const named = 'import { one } from "../js/api.js";';
module("rules.js", rules, "export const rules = () => structuredClone(all());");
const name = "/** @param {string} name */";
module("pages.js", pages, named, name, 'export const explain = (name) => one("rule", name, all());');
module("schemas.js", schemas, named, name, 'export const schema = (name) => structuredClone(one("schema", name, all()));');

// The names that users write, as union types.
const union = (name, what, words) => `/** ${what} */\nexport type ${name} =\n  | ${words.map((word) => `"${word}"`).join("\n  | ")};\n`;
const names = [
  union("RuleName", "A rule of the catalog.", rules.map(({ name }) => name)),
  union("ConnectionType", "A connection type.", schemas.connection.properties.type.enum),
  union("SchemaName", "A published schema: of a connection type, or of something around one.", Object.keys(schemas).sort()),
];
writeFileSync(at("types", "names.d.ts"), names.join("\n"));

// Each entry, for `import` and for `require`; `here` replaces `import.meta.url` for `require`. Other packages stay
// external.
const ofNode = { platform: "node", here: 'require("node:url").pathToFileURL(__filename).href' };
const ofBrowser = { here: "globalThis.document?.currentScript?.src ?? globalThis.location?.href" };
const entries = [
  { file: "entry-node.js", name: "node", ...ofNode },
  { file: "entry-browser.js", name: "browser", ...ofBrowser },
  { file: "entry-inline.js", name: "inline" },
  { file: "command.js", name: "command", platform: "node" },
  ...["codemirror", "monaco", "forms"].map((name) => ({ file: `${name}.js`, name })),
];
for (const { file, name, platform, here } of entries) {
  const common = {
    entryPoints: { [name]: at("js", file) },
    platform,
    bundle: true,
    outdir: at("dist"),
    target: "es2022",
    loader: { ".wasm": "base64" },
    external: ["streamlint", "@codemirror/*", "monaco-editor"],
    legalComments: "none",
  };
  await build({ ...common, format: "esm" });
  if (name === "command") continue;
  await build({
    ...common,
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    ...(here && { banner: { js: `const here = ${here};` }, define: { "import.meta.url": "here" } }),
  });
}

// The types for `require` are the same as for `import`.
for (const file of readdirSync(at("types")).filter((name) => name.endsWith(".d.ts"))) {
  const text = readFileSync(at("types", file), "utf8");
  writeFileSync(at("types", file.replace(/\.d\.ts$/, ".d.cts")), text.replaceAll('.d.ts"', '.d.cts"'));
}
