// The entry that contains the module as base64, for bundlers and hosts that serve no files besides the script.

import { starter } from "./start.js";
import wasm from "../streamlint.wasm";

export default starter(() => Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0)));
export * from "./public.js";
