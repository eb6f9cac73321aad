/** The module as base64, which is what esbuild makes of it for the entry that brings it along. */
declare module "*.wasm" {
  const base64: string;
  export default base64;
}
