// The exports of the package in a browser. The entry for Node reads the last three from a file.

export { check, checkAll, checkValue, fix, reportJson } from "./api.js";
export { explain } from "../generated/pages.js";
export { rules } from "../generated/rules.js";
export { schema } from "../generated/schemas.js";
