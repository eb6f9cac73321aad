// Turns the module that cargo built into the one that the package ships.
//
// `#[wasm_bindgen]` marks the functions of the door, because plain Rust calls the attribute for that unsafe. They take
// and give numbers, so nothing else of wasm-bindgen is needed: its descriptions and its imports go, and the door's
// functions get back the names that they have in src/wasm.rs.

import binaryen from "binaryen";

import { dataSegments, exportedFunctions, sections } from "./sections.mjs";
import { withoutUnread } from "./unread.mjs";

/** The exported functions of src/wasm.rs. */
export const DOOR = ["add", "answer", "buffer", "check", "check_all", "fix", "refuse", "report", "strings"];

// Named one by one: with all of them the module would not load in Node 20.
const { Features } = binaryen;
const FEATURES =
  Features.BulkMemory |
  Features.BulkMemoryOpt |
  Features.CallIndirectOverlong |
  Features.Multivalue |
  Features.MutableGlobals |
  Features.NontrappingFPToInt |
  Features.ReferenceTypes |
  Features.SignExt;

/**
 * The functions in which Rust stops, as their names are mangled. None of them comes back, and nobody hears what they
 * would say: the door puts a new instance in the place of one that has stopped, with a sentence of its own.
 */
const STOPS =
  /4core9panicking|3std9panicking|slice_error_fail|slice_index_fail|7raw_vec12handle_error|17capacity_overflow|handle_alloc_error|alloc_error_handler|panic_already|panic_access_error|expect_failed|unwrap_failed/;

/** What writes values for programmers, as the sentences of {@link STOPS} do; nothing that people read is written so. */
const DEBUG = /(?:5Debug|\.\.Debug\$GT\$)3fmt/;

const isStop = (/** @type {string} */ name) => STOPS.test(name) || DEBUG.test(name);

/**
 * Lets Rust stop without a word; what leads to the sentence goes as well.
 *
 * @param {binaryen.Module} module
 * @param {Set<number>} reached the functions that the door leads to
 */
function stopSilently(module, reached) {
  let stops = 0;
  for (let at = 0; at < module.getNumFunctions(); at++) {
    const stop = module.getFunctionByIndex(at);
    const { name, module: from } = binaryen.getFunctionInfo(stop);
    if (from !== "" || (reached.has(at) && !isStop(name))) continue;
    binaryen.Function.setBody(stop, module.unreachable());
    if (isStop(name)) stops++;
  }
  if (stops === 0) throw new Error("the module has lost its names, so nothing can be said of how it stops");
}

/**
 * A module in which the places where Rust may stop are blank: `src/read.rs`, line, column. Each is a row of four numbers,
 * of which the first two say where a text ends in `.rs`; nothing but what {@link stopSilently} takes out reads them.
 *
 * @param {Uint8Array} wasm
 */
function withoutLocations(wasm) {
  const blank = Uint8Array.from(wasm);
  const segments = dataSegments(wasm);
  const within = (/** @type {number} */ address, /** @type {number} */ length) => {
    const home = segments.find(({ address: start, end, from }) => address >= start && address + length <= start + end - from);
    return home && home.from + address - home.address;
  };
  for (const { address, from, end } of segments) {
    const view = new DataView(wasm.buffer, wasm.byteOffset + from, end - from);
    for (let at = -address & 3; at + 16 <= view.byteLength; at += 4) {
      const [name, length, line, column] = [0, 4, 8, 12].map((next) => view.getUint32(at + next, true));
      const text = length > 3 && length < 256 ? within(name, length) : undefined;
      if (text === undefined || line === 0 || line > 1e5 || column === 0 || column > 1e3) continue;
      if (!/^[\w./-]+\.rs$/.test(Buffer.from(wasm.subarray(text, text + length)).toString("latin1"))) continue;
      blank.fill(0, from + at, from + at + 16);
      blank.fill(0, text, text + length);
    }
  }
  return blank;
}

// wasm-bindgen puts a hash of the crate behind each name.
const ofDoor = (/** @type {string} */ name) => /^(\w+)_[0-9a-f]{16}$/.exec(name)?.[1] ?? "";

/**
 * @param {Uint8Array} wasm
 * @param {{ names?: boolean }} [options] whether functions keep their names, for those who want to know what weighs
 * @returns {Uint8Array}
 */
export function shrink(wasm, { names = false } = {}) {
  const exports = exportedFunctions(wasm).filter(({ name }) => DOOR.includes(ofDoor(name)));
  const { blank, functions } = withoutUnread(wasm, exports.map(({ index }) => index), isStop);
  const module = binaryen.readBinary(withoutLinking(withoutLocations(blank)));
  module.setFeatures(FEATURES);
  const exported = Array.from({ length: module.getNumExports() }, (_, at) =>
    binaryen.getExportInfo(module.getExportByIndex(at)),
  );
  const found = [];
  for (const { name, value } of exported) {
    if (name === "memory") continue;
    module.removeExport(name);
    const short = ofDoor(name);
    if (DOOR.includes(short)) {
      module.addFunctionExport(value, short);
      found.push(short);
    }
  }
  if (found.sort().join() !== DOOR.join()) {
    throw new Error(`the module has ${found.join(", ")}, and src/wasm.rs should export ${DOOR.join(", ")}`);
  }
  stopSilently(module, functions);
  binaryen.setDebugInfo(names);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  // The stack grows down to byte 0, and no value stands there that an offset could be folded into.
  binaryen.setLowMemoryUnused(true);
  // A large function with one caller stays one of its own, which packs better.
  binaryen.setOneCallerInlineMaxSize(300);
  // Pieces without the zeros between them pack worse than the whole.
  binaryen.addPassToSkip("memory-packing");
  // The least functions cost more to call than to have twice.
  binaryen.setAlwaysInlineMaxSize(5);
  // What one round leaves without a use goes in the next.
  for (let round = 0; round < 3; round++) module.optimize();
  // Functions of one file are alike, and pack better side by side.
  module.runPasses(["reorder-functions-by-name"]);
  const small = names ? module.emitBinary() : withoutCustomSections(module.emitBinary());
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(small));
  if (imports.length > 0) {
    throw new Error(`the module imports ${imports.map(({ name }) => name).join(", ")}, and nobody is there to give it`);
  }
  return small;
}

/**
 * A module without its custom sections, which only tools read.
 *
 * @param {Uint8Array} wasm
 */
export function withoutCustomSections(wasm) {
  return withoutSections(wasm, ({ id }) => id === 0);
}

/**
 * A module without what the linker has left for {@link withoutUnread}; binaryen reads none of it.
 *
 * @param {Uint8Array} wasm
 */
function withoutLinking(wasm) {
  return withoutSections(wasm, ({ name }) => name === "linking" || name.startsWith("reloc."));
}

/**
 * @param {Uint8Array} wasm
 * @param {(section: { id: number, name: string }) => boolean} goes
 */
function withoutSections(wasm, goes) {
  const kept = sections(wasm).filter((section) => !goes(section));
  return Uint8Array.from(Buffer.concat([wasm.subarray(0, 8), ...kept.map(({ start, end }) => wasm.subarray(start, end))]));
}
