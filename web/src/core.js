// The package with the module of the page. Here and in the package's own entries, `streamlint` means this file (see
// vite.config.ts).

import { starter } from "../../pkg/js/start.js";
import * as module from "../generated/streamlint.js";
import address from "../generated/streamlint_bg.wasm?url";
import { bounded, call } from "../../pkg/js/api.js";
import { resolved } from "../../pkg/js/options.js";

export default starter(() => new URL(address, import.meta.url));
export * from "../../pkg/js/public.js";

/** @type {typeof import("./core.d.ts").mask} */
export function mask(text, options) {
  return call(() => module.mask(bounded(text, options), resolved(options)));
}

/** @type {typeof import("./core.d.ts").values} */
export function values(text, options) {
  return JSON.parse(call(() => module.values(bounded(text, options), resolved(options))));
}

/** @type {typeof import("./core.d.ts").convert} */
export function convert(text, to, options) {
  const [converted, ...warnings] = call(() => module.convert(bounded(text, options), resolved(options), to));
  return { text: converted, warnings };
}

/** @type {typeof import("./core.d.ts").secrets} */
export function secrets(text, options) {
  const whole = bounded(text, options);
  // A text above the size limit is not parsed.
  if (typeof whole === "number") return { isDamaged: true, ranges: [{ from: 0, to: text.length }] };
  const { isDamaged, offsets } = call(() => module.secrets(whole, resolved(options)));
  const ranges = Array.from({ length: offsets.length / 2 }, (_, at) => ({ from: offsets[2 * at], to: offsets[2 * at + 1] }));
  return { isDamaged, ranges };
}

/** @type {typeof import("./core.d.ts").describe} */
export function describe(text, offset, options) {
  return call(() => module.describe(bounded(text, options), resolved(options), offset));
}

/** @type {typeof import("./core.d.ts").completions} */
export function completions(text, offset, options) {
  const whole = bounded(text, options);
  return typeof whole === "number" ? undefined : call(() => module.completions(whole, resolved(options), offset));
}
