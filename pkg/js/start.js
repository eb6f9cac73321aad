// Loads the module in a browser.

import load from "../generated/streamlint.js";
import { connect, isConnected } from "./api.js";

/** @typedef {import("../types/index.d.ts").InitInput} InitInput */

/**
 * Returns an `init` that takes the module from its argument, or else from `usual`. Calling it again does nothing, even
 * during the first call; after a failure it may be called again.
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
  const isAddress = typeof input === "string" || input instanceof URL || input instanceof Request;
  const module = isAddress ? await fetch(input) : input;
  if (module instanceof Response && !module.ok) {
    throw new Error(`streamlint's module is not at ${module.url}: the server responds with ${module.status}`);
  }
  await load({ module_or_path: module });
  connect();
}
