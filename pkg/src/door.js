// The other side of src/wasm.rs. Numbers cross the border; texts stand in the module's memory, as UTF-8.

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Texts up to this many UTF-16 units are written straight into the module's memory, which holds three bytes for each. */
const SHORT = 1 << 20;

/** The least that is asked for, in bytes, so that a text of the usual size finds room without asking again. */
const ROOM = 1 << 16;

const NOTHING = new Uint8Array(0);

/** One instance of the module, and a new one after it has stopped. */
export class Door {
  #module;
  #exports;
  /** What is written into; it has no length any more when the memory has moved. */
  #room = NOTHING;

  /**
   * @param {WebAssembly.Module} module
   * @param {WebAssembly.Instance} [instance]
   */
  constructor(module, instance = new WebAssembly.Instance(module)) {
    this.#module = module;
    this.#exports = /** @type {any} */ (instance.exports);
  }

  /**
   * Calls a function on a text with options (as `said` in options.js), and gives its answer: text, or `""` for nothing.
   *
   * @param {string} name
   * @param {string} text
   * @param {string} said
   * @param {...number} rest
   */
  ask(name, text, said, ...rest) {
    const bytes = text.length > SHORT ? encoder.encode(text) : undefined;
    return this.#call(() => {
      // A UTF-16 unit is three bytes at most.
      const room = this.#reserve((bytes?.length ?? text.length * 3) + said.length * 3);
      bytes && room.set(bytes);
      const written = bytes?.length ?? encoder.encodeInto(text, room).written;
      return this.#exports[name](written, write(said, room, written), ...rest);
    });
  }

  /**
   * The findings in all the texts that were added, as {@link Door.ask} gives them.
   *
   * @param {string} said
   */
  askAll(said) {
    return this.#call(() => this.#exports.check_all(write(said, this.#reserve(said.length * 3), 0)));
  }

  /**
   * The answer to a text of so many bytes that it is not brought there at all: its findings, or the whole report.
   *
   * @param {number} bytes
   * @param {string} said
   * @param {boolean} whole
   */
  refuse(bytes, said, whole) {
    return this.#call(() => this.#exports.refuse(bytes, write(said, this.#reserve(said.length * 3), 0), whole ? 1 : 0));
  }

  /** @param {number} bytes */
  #reserve(bytes) {
    if (this.#room.length < bytes || this.#room.length === 0) {
      const length = Math.max(bytes, ROOM);
      const address = this.#exports.buffer(length);
      this.#room = new Uint8Array(this.#exports.memory.buffer, address, length);
    }
    return this.#room;
  }

  /** @param {() => number} call */
  #call(call) {
    let length;
    try {
      length = call();
    } catch (cause) {
      // Whatever was half done is left behind with the instance.
      this.#exports = /** @type {any} */ (new WebAssembly.Instance(this.#module).exports);
      this.#room = NOTHING;
      throw new Error("streamlint stopped in the middle of this text, which is a mistake of its own; please report it", {
        cause,
      });
    }
    if (length === 0) return "";
    const answer = new Uint8Array(this.#exports.memory.buffer, this.#exports.answer(), Math.abs(length));
    const said = decoder.decode(answer);
    if (length < 0) throw new TypeError(said);
    return said;
  }
}

/**
 * Writes options and gives their length in bytes.
 *
 * @param {string} said
 * @param {Uint8Array} room
 * @param {number} at
 */
function write(said, room, at) {
  return said === "" ? 0 : encoder.encodeInto(said, room.subarray(at)).written;
}
