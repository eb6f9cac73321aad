import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Only the page's own scripts, no evaluated code but WebAssembly, and no other hosts. CodeMirror writes its
// styles into the page, hence the one about styles.
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

const path = (file: string) => decodeURIComponent(new URL(file, import.meta.url).pathname);

export default defineConfig({
  // Works from any folder of a server of files.
  base: "./",
  plugins: [
    react(),
    {
      // The development server needs more than the policy grants.
      name: "policy",
      apply: "build",
      transformIndexHtml: () => [
        { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
      ],
    },
  ],
  resolve: {
    // The sources of the package with the module of the page, which has more functions than the published one.
    alias: [
      { find: /^streamlint$/, replacement: path("src/core.js") },
      { find: /^streamlint\/(codemirror|forms)$/, replacement: path("../pkg/js/$1.js") },
      { find: /^\.\.\/generated\/streamlint\.js$/, replacement: path("generated/streamlint.js") },
      { find: /^\.\.\/js\/pattern\.js$/, replacement: path("../pkg/js/pattern.js") },
    ],
    // The package beside this folder has peers of its own for its tests; there must be one of each.
    dedupe: [
      "@codemirror/autocomplete",
      "@codemirror/language",
      "@codemirror/lint",
      "@codemirror/state",
      "@codemirror/view",
      "@lezer/common",
    ],
  },
  // The development server prepares no copy of the package, so that its module stays beside its script.
  optimizeDeps: { exclude: ["streamlint"] },
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 1500 },
  server: { host: "127.0.0.1", fs: { allow: [".", "../pkg"] } },
  preview: { host: "127.0.0.1" },
});
