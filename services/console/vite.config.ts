import { defineConfig, type Plugin } from "vite";

/** Every browser that runs this console reads woff2; the woff copies would only make the installation larger. */
const woff2Only: Plugin = {
  name: "woff2-only",
  enforce: "pre",
  transform(code, id) {
    if (!id.includes("@fontsource") || !id.endsWith(".css")) return null;
    return code.replaceAll(/,\s*url\([^)]+\.woff\) format\('woff'\)/g, "");
  },
};

export default defineConfig({
  plugins: [woff2Only],
  build: {
    target: "es2022",
    // The content security policy allows no data: addresses, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  server: {
    proxy: { "/api": { target: "http://127.0.0.1:8080", ws: true } },
  },
});
