export default {
  build: { target: "es2022", minify: false, chunkSizeWarningLimit: 1e9, reportCompressedSize: false, assetsInlineLimit: 0 },
  worker: { format: "es" },
};
