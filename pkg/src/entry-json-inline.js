// As entry-inline.js, with the module that reads JSON in the shape of the Admin API.

import { inline } from "./start.js";
import wasm from "../streamlint-json.wasm";

export default inline(wasm);
export * from "./public.js";
