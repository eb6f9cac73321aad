// Connects the client to the server in this process.

import { AbstractMessageReader, AbstractMessageWriter } from "vscode-languageclient/browser";

/** @typedef {import("vscode-languageclient/browser").Message} Message */

/** @param {import("./server.js").Server} server */
export function transports(server) {
  const reader = new Reader();
  return { reader, writer: new Writer(server, reader) };
}

class Reader extends AbstractMessageReader {
  /** @type {((message: Message) => void) | undefined} */
  #callback;

  /** @override @param {(message: Message) => void} callback */
  listen(callback) {
    this.#callback = callback;
    return { dispose: () => (this.#callback = undefined) };
  }

  /** @param {object} message */
  receive(message) {
    this.#callback?.(/** @type {Message} */ ({ jsonrpc: "2.0", ...message }));
  }

  /** Ends the connection after an error, so that the client starts a new server. */
  close() {
    this.fireClose();
  }
}

class Writer extends AbstractMessageWriter {
  #server;
  #reader;
  /** @type {Message[]} */
  #waiting = [];
  #isBusy = false;

  /** @param {import("./server.js").Server} server @param {Reader} reader */
  constructor(server, reader) {
    super();
    this.#server = server;
    this.#reader = reader;
  }

  /** @param {Message} message */
  async write(message) {
    this.#waiting.push(message);
    void this.#work();
  }

  end() {}

  async #work() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#waiting.length > 0) {
        for (const message of await this.#server.handle(/** @type {any} */ (this.#waiting.splice(0)))) this.#reader.receive(message);
      }
      this.#isBusy = false;
    } catch {
      // The error is not logged, because it may quote the document.
      this.#reader.close();
    }
  }
}
