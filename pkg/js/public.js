// What a user of the package sees in a browser; in Node, node.js has the rest.

export { check, checkAll, checkValue, fix, reportJson } from "./api.js";
export { explain } from "../generated/pages.js";
export { rules } from "../generated/rules.js";
export { schema } from "../generated/schemas.js";
