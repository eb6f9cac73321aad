// As entry-browser.js, with the module that reads JSON in the shape of the Admin API.

import { starter } from "./start.js";

const init = starter(() => new URL("../streamlint-json.wasm", import.meta.url));

export default init;
export * from "./public.js";
