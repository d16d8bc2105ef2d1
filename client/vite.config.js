import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

const manifest = {
  name: "Éveil",
  short_name: "Éveil",
  start_url: "/collect/",
  scope: "/collect/",
  display: "standalone",
  background_color: "#f6f8f8",
  theme_color: "#0b6e6e",
  icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
};

export default defineConfig({
  base: "/collect/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../static/dist/client",
    emptyOutDir: true,
    // Field tablets are seldom new: browsers from the spring of 2022 on.
    target: ["chrome100", "firefox100", "safari15.4"],
    // The form engine is one large file, loaded only when an interview is opened.
    chunkSizeWarningLimit: 1200,
    // The engine's XPath grammar carries the loader of Emscripten, with an eval() that is never reached (the CSP forbids it).
    rolldownOptions: { checks: { eval: false } },
  },
  plugins: [
    VitePWA({
      // "prompt": a new version never takes over while an interview is open; the home screen offers it.
      registerType: "prompt",
      injectRegister: null,
      filename: "sw.js",
      manifest,
      workbox: {
        // Only the application itself is kept. What comes through the door lives in IndexedDB, under our own rules.
        globPatterns: ["**/*.{js,css,html,svg}"],
        inlineWorkboxRuntime: true,
        clientsClaim: true,
        cleanupOutdatedCaches: true,
        sourcemap: false,
      },
    }),
  ],
});
