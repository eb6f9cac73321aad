// The entry that brings the module along, as text: for bundlers and hosts that serve no files beside the script.

import { starter } from "./start.js";
import wasm from "../streamlint.wasm";

const init = starter(() => Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0)));

export default init;
export * from "./public.js";
