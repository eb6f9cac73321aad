// The entry for browsers: call `await init()` once to load the module.

import { starter } from "./start.js";

/** Bundlers detect the module by exactly this expression. */
const init = starter(() => new URL("../streamlint.wasm", import.meta.url));

export default init;
export * from "./public.js";
