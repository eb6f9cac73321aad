// What a user of the package sees, whatever the entry.

export { check, checkAll, checkValue, fix, report } from "./api.js";
export { explain } from "../generated/pages.js";
export { rules } from "../generated/rules.js";
export { schema } from "../generated/schemas.js";
