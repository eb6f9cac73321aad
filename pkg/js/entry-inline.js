// The entry that brings the module along, as text: for bundlers and hosts that serve no files beside the script.

import { inline } from "./start.js";
import wasm from "../streamlint.wasm";

export default inline(wasm);
export * from "./public.js";
