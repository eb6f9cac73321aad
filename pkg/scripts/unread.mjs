// Which functions and which data of a module nothing leads to. The linker has left in it where each function and each
// piece of data knows of another (`--emit-relocs`; tool-conventions/Linking.md of WebAssembly says how). binaryen sees
// functions that call each other, and of data nothing.

import { dataSegments, reader, sections } from "./sections.mjs";

const FUNCTION = 0;
const DATA = 1;

/** The relocations that name a function or data, and those that have an addend. */
const OF_SYMBOLS = [0, 1, 2, 3, 4, 5];
const WITH_ADDEND = [3, 4, 5, 8, 9];

/**
 * A module in which data is blank that nothing reads, and the names of the functions that are still reached.
 *
 * @param {Uint8Array} wasm
 * @param {number[]} roots the functions that are called from outside
 * @param {(name: string) => boolean} stops whether a function of this name does nothing any more
 */
export function withoutUnread(wasm, roots, stops) {
  const symbols = symbolsOf(wasm);
  const pieces = [...symbols].sort((a, b) => a.from - b.from);
  // What stands in each piece that refers to others; two names may share a piece.
  let [next, around] = [0, []];
  for (const { at, symbol } of references(wasm)) {
    while (next < pieces.length && pieces[next].from <= at) around.push(pieces[next++]);
    around = around.filter(({ end }) => end > at);
    if (around.length === 0) throw new Error("what refers to data is neither a function nor data");
    for (const { knows } of around) knows.push(symbol);
  }
  const reached = new Set();
  const waiting = symbols.filter(({ kind, index }) => kind === FUNCTION && roots.includes(index));
  while (waiting.length > 0) {
    const symbol = waiting.pop();
    if (reached.has(symbol)) continue;
    reached.add(symbol);
    if (symbol.kind === DATA || !stops(symbol.name)) waiting.push(...symbol.knows.map((index) => symbols[index]));
  }
  const blank = Uint8Array.from(wasm);
  const data = symbols.filter(({ kind }) => kind === DATA);
  for (const { from, end } of data) blank.fill(0, from, end);
  for (const symbol of data) {
    if (reached.has(symbol)) blank.set(wasm.subarray(symbol.from, symbol.end), symbol.from);
  }
  const functions = [...reached].filter(({ kind }) => kind === FUNCTION).map(({ index }) => index);
  return { blank, functions: new Set(functions) };
}

/**
 * The symbols of a module, each with the bytes that it stands for; none for what is outside.
 *
 * @param {Uint8Array} wasm
 */
function symbolsOf(wasm) {
  const bodies = bodiesOf(wasm);
  const segments = dataSegments(wasm);
  const symbols = [];
  const linking = sections(wasm).find(({ name }) => name === "linking");
  if (!linking) throw new Error("the module was linked without --emit-relocs");
  const read = reader(wasm, linking.from);
  if (read.number() !== 2) throw new Error("the module's symbols are written in another way than they were");
  while (read.at() < linking.end) {
    const isTable = read.byte() === 8;
    const length = read.number();
    if (!isTable) {
      read.skip(length);
      continue;
    }
    for (let count = read.number(); count > 0; count--) {
      const kind = read.byte();
      const flags = read.number();
      const isOutside = (flags & 0x10) !== 0;
      const symbol = { kind, name: "", index: -1, from: 0, end: 0, knows: [] };
      if (kind === DATA) {
        symbol.name = read.text();
        if (!isOutside) {
          const { from } = segments[read.number()];
          symbol.from = from + read.number();
          symbol.end = symbol.from + read.number();
        }
      } else {
        symbol.index = read.number();
        // A section has no name, and of what is outside the import says it.
        if (kind !== 3 && (!isOutside || flags & 0x40)) symbol.name = read.text();
        if (kind === FUNCTION && bodies.has(symbol.index)) Object.assign(symbol, bodies.get(symbol.index));
      }
      symbols.push(symbol);
    }
  }
  return symbols;
}

/**
 * Where the functions of a module stand, by their numbers; imported ones have the first.
 *
 * @param {Uint8Array} wasm
 */
function bodiesOf(wasm) {
  const bodies = new Map();
  const all = sections(wasm);
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(wasm)).filter(({ kind }) => kind === "function");
  const read = reader(wasm, all.find(({ id }) => id === 10).from);
  const count = read.number();
  for (let index = 0; index < count; index++) {
    const length = read.number();
    bodies.set(imports.length + index, { from: read.at(), end: read.at() + length });
    read.skip(length);
  }
  return bodies;
}

/**
 * Every place in a module that refers to a symbol, in their order.
 *
 * @param {Uint8Array} wasm
 */
function references(wasm) {
  const found = [];
  const all = sections(wasm);
  for (const { name, from } of all) {
    if (!name.startsWith("reloc.")) continue;
    const read = reader(wasm, from);
    const target = all[read.number()].from;
    for (let count = read.number(); count > 0; count--) {
      const kind = read.byte();
      const at = target + read.number();
      const symbol = read.number();
      if (WITH_ADDEND.includes(kind)) read.signed();
      if (OF_SYMBOLS.includes(kind)) found.push({ at, symbol });
      else if (![6, 7, 13, 20].includes(kind)) throw new Error(`a relocation of kind ${kind} is new`);
    }
  }
  return found.sort((a, b) => a.at - b.at);
}
