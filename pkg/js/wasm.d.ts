/** The module as base64: esbuild inlines it in the entry that contains the module. */
declare module "*.wasm" {
  const base64: string;
  export default base64;
}
