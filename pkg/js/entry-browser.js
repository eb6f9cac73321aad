// The entry for browsers: `await init()` once brings the module.

import { starter } from "./start.js";

/** Bundlers find the module by this very expression. */
const init = starter(() => new URL("../streamlint.wasm", import.meta.url));

export default init;
export * from "./public.js";
