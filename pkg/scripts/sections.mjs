// What stands where in a WebAssembly module.

/**
 * Reads the numbers and names that a module is written with.
 *
 * @param {Uint8Array} wasm
 * @param {number} at
 */
export function reader(wasm, at) {
  // Seven bits at a time.
  const bits = () => {
    let value = 0n;
    let length = 0n;
    for (let byte = 0x80; byte & 0x80; length += 7n) {
      byte = wasm[at++];
      value |= BigInt(byte & 0x7f) << length;
    }
    return { value, length };
  };
  const number = () => Number(bits().value);
  return {
    at: () => at,
    byte: () => wasm[at++],
    number,
    signed: () => {
      const { value, length } = bits();
      return Number(BigInt.asIntN(Number(length), value));
    },
    skip: (/** @type {number} */ length) => (at += length),
    text: () => {
      const length = number();
      return Buffer.from(wasm.subarray(at, (at += length))).toString();
    },
  };
}

/**
 * The sections of a module: where each starts and ends, and from where its content goes; that of a custom section starts
 * behind its name.
 *
 * @param {Uint8Array} wasm
 */
export function sections(wasm) {
  const all = [];
  for (let start = 8; start < wasm.length; ) {
    const read = reader(wasm, start);
    const id = read.byte();
    const length = read.number();
    const end = read.at() + length;
    const name = id === 0 ? read.text() : "";
    all.push({ id, name, start, from: read.at(), end });
    start = end;
  }
  return all;
}

/**
 * Where the bytes of a module's data stand in it, and at which address they will.
 *
 * @param {Uint8Array} wasm
 */
export function dataSegments(wasm) {
  const segments = [];
  for (const { id, from } of sections(wasm)) {
    if (id !== 11) continue;
    const read = reader(wasm, from);
    for (let count = read.number(); count > 0; count--) {
      // An active segment of memory 0, whose address is a constant.
      if (read.number() !== 0 || read.byte() !== 0x41) throw new Error("the module's data is not laid out as it was");
      const address = read.signed();
      if (read.byte() !== 0x0b) throw new Error("the module's data is not laid out as it was");
      const length = read.number();
      segments.push({ address, from: read.at(), end: read.at() + length });
      read.skip(length);
    }
  }
  return segments;
}

/**
 * The functions that a module exports: their names and numbers.
 *
 * @param {Uint8Array} wasm
 */
export function exportedFunctions(wasm) {
  const exported = [];
  for (const { id, from } of sections(wasm)) {
    if (id !== 7) continue;
    const read = reader(wasm, from);
    for (let count = read.number(); count > 0; count--) {
      const name = read.text();
      const kind = read.byte();
      const index = read.number();
      if (kind === 0) exported.push({ name, index });
    }
  }
  return exported;
}
