#!/usr/bin/env node
// `npx streamlint`: the command, built for WASI and run by Node. It sees the same file system as the native command.

import { chmodSync, readFileSync, statSync } from "node:fs";
import { parse, sep } from "node:path";

// Node warns that node:wasi may change. The parts used here are tested in Node 20 and later, and the warning would
// clutter the output.
const emitWarning = /** @type {(...words: any[]) => void} */ (process.emitWarning);
process.emitWarning = (/** @type {any[]} */ ...words) => {
  if (!String(words[0]).startsWith("WASI is an experimental feature")) emitWarning.apply(process, words);
};
const { WASI } = await import("node:wasi");

// WASI has a single root. On Windows that is the drive of the working directory, and paths use `/`.
const { root } = parse(process.cwd());
const slashed = (/** @type {string} */ word) =>
  sep === "\\" && !word.startsWith("-") ? word.replace(/^[A-Za-z]:(?=[\\/])/, "").replaceAll("\\", "/") : word;

const wasi = new WASI({
  version: "preview1",
  args: ["streamlint", ...process.argv.slice(2).map(slashed)],
  // WASI has no function for the working directory or the terminal's width.
  env: { ...process.env, PWD: slashed(process.cwd()), ...(process.stdout.columns && { COLUMNS: `${process.stdout.columns}` }) },
  preopens: { "/": root },
  returnOnExit: true,
});

// WASI preview 1 has no permissions and no umask. New files are private until they are renamed into place, where they
// get the permissions of the file that they replace. A read-only file is not replaced.
const umask = process.umask(0o077);
const DENIED = 2;
/** @typedef {(fromFolder: number, from: number, fromLength: number, toFolder: number, to: number, toLength: number) => number} Rename */
/** @type {Rename} */
const rename = (fromFolder, from, fromLength, toFolder, to, toLength) => {
  const path = (/** @type {number} */ at, /** @type {number} */ length) =>
    root + Buffer.from(memory.buffer, at, length).toString();
  const old = statSync(path(to, toLength), { throwIfNoEntry: false });
  if (old && (old.mode & 0o222) === 0) return DENIED;
  chmodSync(path(from, fromLength), old ? old.mode & 0o7777 : 0o666 & ~umask);
  return calls.path_rename(fromFolder, from, fromLength, toFolder, to, toLength);
};

const module = new WebAssembly.Module(readFileSync(new URL("command.wasm", import.meta.url)));
const { wasi_snapshot_preview1: calls } = /** @type {Record<"wasi_snapshot_preview1", { path_rename: Rename }>} */ (
  wasi.getImportObject()
);
const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: { ...calls, path_rename: rename } });
const memory = /** @type {WebAssembly.Memory} */ (instance.exports.memory);
process.exitCode = wasi.start(instance);
