// The language server of `streamlint lsp`, as a WebAssembly module in this process.

import { Fd, WASI, wasi } from "@bjorn3/browser_wasi_shim";

import { Files } from "./files.js";
import { pathOf, uriOf } from "./uris.js";

/** @typedef {import("./files.js").Disk} Disk */
/** @typedef {{ method?: string, params?: any, id?: number | string }} Message */

/** More rounds than reading settings and policies can take. */
const MOST_ROUNDS = 100;

/** The name of a settings file: when one changes, the server reads all settings again. */
const SETTINGS = "/streamlint.toml";

export class Server {
  #input = new Input();
  #output = new Output();
  #files;
  #handle;

  /**
   * @param {WebAssembly.Module} module
   * @param {Disk} disk
   * @param {string} [folder] the folder that file names in messages are relative to
   */
  constructor(module, disk, folder = "/") {
    this.#files = new Files(disk);
    this.#files.addFolderOf(`${folder}/`);
    const streams = [this.#input, this.#output, new Output()];
    const host = new WASI(["streamlint"], [`PWD=${folder}`], [...streams, this.#files.preopened], { debug: false });
    const instance = /** @type {any} */ (new WebAssembly.Instance(module, { wasi_snapshot_preview1: host.wasiImport }));
    host.initialize(instance);
    this.#handle = () => instance.exports.handle();
  }

  /**
   * Handles messages of the client, and returns those of the server. After an error the server cannot be used any more.
   *
   * @param {Message[]} messages
   */
  async handle(messages) {
    /** @type {Message[]} */
    const responses = [];
    for (const together of groups(messages)) {
      together.forEach((message) => this.#look(message));
      let sent = this.#exchange(together);
      for (let round = 0; round < MOST_ROUNDS; round += 1) {
        const found = await this.#files.read();
        if (found.length === 0) break;
        const changes = [SETTINGS, ...found].map((path) => ({ uri: uriOf(path), type: 2 }));
        // Drops messages about files that could not be read: they are outdated, or will be sent again.
        sent = sent.filter(({ method }) => method !== "window/showMessage");
        sent.push(...this.#exchange([notification("workspace/didChangeWatchedFiles", { changes })]));
      }
      responses.push(...sent);
    }
    return responses;
  }

  /** Forgets the files that a message reports as changed. @param {Message} message */
  #look({ method, params }) {
    if (method === "textDocument/didOpen") {
      const path = pathOf(params.textDocument.uri);
      if (path !== undefined) this.#files.addFolderOf(path);
    }
    const saved = method === "textDocument/didSave" ? [params.textDocument] : [];
    const changed = method === "workspace/didChangeWatchedFiles" ? params.changes : [];
    for (const { uri } of [...saved, ...changed]) {
      const path = pathOf(uri);
      if (path !== undefined) this.#files.forget(path);
    }
  }

  /** @param {Message[]} messages @returns {Message[]} */
  #exchange(messages) {
    this.#input.text = JSON.stringify(messages);
    this.#handle();
    return JSON.parse(this.#output.take() || "[]");
  }
}

/**
 * Groups messages that are handled together. The files that a document needs are read before the first request about
 * it.
 *
 * @param {Message[]} messages
 */
function groups(messages) {
  /** @type {Message[][]} */
  const all = [];
  let isRequest = true;
  for (const message of messages) {
    const isNext = message.method !== undefined && message.id !== undefined;
    const last = all.at(-1);
    if (last === undefined || (isNext && !isRequest) || message.method === "textDocument/didOpen") all.push([message]);
    else last.push(message);
    isRequest = isNext;
  }
  return all;
}

/** @param {string} method @param {any} params */
const notification = (method, params) => ({ jsonrpc: "2.0", method, params });

class Stream extends Fd {
  /** @override */
  fd_fdstat_get() {
    const fdstat = new wasi.Fdstat(wasi.FILETYPE_CHARACTER_DEVICE, 0);
    fdstat.fs_rights_base = BigInt(wasi.RIGHTS_FD_READ | wasi.RIGHTS_FD_WRITE);
    return { ret: 0, fdstat };
  }
}

class Input extends Stream {
  #rest = new Uint8Array();

  set text(/** @type {string} */ text) {
    this.#rest = new TextEncoder().encode(text);
  }

  /** @override @param {number} size */
  fd_read(size) {
    const data = this.#rest.slice(0, size);
    this.#rest = this.#rest.subarray(size);
    return { ret: 0, data };
  }
}

class Output extends Stream {
  #decoder = new TextDecoder();
  #text = "";

  take() {
    const text = this.#text;
    this.#text = "";
    return text;
  }

  /** @override @param {Uint8Array} data */
  fd_write(data) {
    this.#text += this.#decoder.decode(data, { stream: true });
    return { ret: 0, nwritten: data.byteLength };
  }
}
