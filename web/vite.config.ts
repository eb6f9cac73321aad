import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// Only the page's own scripts, no evaluated code except WebAssembly, and no other hosts. Inline styles are allowed
// because CodeMirror inserts its styles into the page.
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
  // Relative, so that the page works in any folder of a static file server.
  base: "./",
  plugins: [
    react(),
    {
      // The development server needs more than the policy allows.
      name: "policy",
      apply: "build",
      transformIndexHtml: () => [
        { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
      ],
    },
  ],
  resolve: {
    // The package's sources with the page's module, which has more functions than the published one.
    alias: [
      { find: /^streamlint$/, replacement: path("src/core.js") },
      { find: /^streamlint\/(codemirror|forms)$/, replacement: path("../pkg/js/$1.js") },
      { find: /^\.\.\/generated\/streamlint\.js$/, replacement: path("generated/streamlint.js") },
      { find: /^\.\.\/js\/pattern\.js$/, replacement: path("../pkg/js/pattern.js") },
    ],
    // The package has its own copies of these dependencies for its tests. There must be only one of each.
    dedupe: [
      "@codemirror/autocomplete",
      "@codemirror/language",
      "@codemirror/lint",
      "@codemirror/state",
      "@codemirror/view",
      "@lezer/common",
    ],
  },
  // The development server must not copy the package, so that the module stays next to its script.
  optimizeDeps: { exclude: ["streamlint"] },
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 1500 },
  server: { host: "127.0.0.1", fs: { allow: [".", "../pkg"] } },
  preview: { host: "127.0.0.1" },
});
