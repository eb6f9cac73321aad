// How the module comes into a browser.

import { connect, isConnected } from "./api.js";
import { Door } from "./door.js";

/** @typedef {import("../types/index.d.ts").InitInput} InitInput */

/**
 * An `init` that takes the module from where it is told, or else from where `usual` says. Calling it again does nothing,
 * also while it is under way; after a failure it may be called again.
 *
 * @param {() => InitInput} usual
 */
export function starter(usual) {
  /** @type {Promise<void> | undefined} */
  let under_way;
  return function init(/** @type {InitInput | Promise<InitInput> | undefined} */ input) {
    if (isConnected()) return Promise.resolve();
    under_way ??= start(input ?? usual()).finally(() => {
      under_way = undefined;
    });
    return under_way;
  };
}

/** @param {InitInput | Promise<InitInput>} from */
async function start(from) {
  const input = await from;
  if (input instanceof WebAssembly.Module) {
    connect(new Door(input, await WebAssembly.instantiate(input)));
    return;
  }
  const { module, instance } = await instantiate(input);
  connect(new Door(module, instance));
}

/** @param {string | URL | Request | Response | BufferSource} input */
async function instantiate(input) {
  if (input instanceof ArrayBuffer || ArrayBuffer.isView(input)) {
    return WebAssembly.instantiate(/** @type {BufferSource} */ (input));
  }
  const response = input instanceof Response ? input : await fetch(input);
  if (!response.ok) {
    throw new Error(`streamlint's module is not at ${response.url}: the server says ${response.status}`);
  }
  // Servers that do not know the type of the file are many, and streaming asks for it.
  const streams = response.headers.get("content-type")?.startsWith("application/wasm");
  if (streams) return WebAssembly.instantiateStreaming(response);
  return WebAssembly.instantiate(await response.arrayBuffer());
}

/**
 * An `init` whose module is at hand, as base64.
 *
 * @param {string} base64
 */
export function inline(base64) {
  return starter(() => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}
