import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

// One HTML entry per audience, so that a hall terminal loads nothing that only a committee needs.
const pages = readdirSync(resolve(import.meta.dirname, "pages")).filter((name) => name.endsWith(".html"));

export default defineConfig({
  root: "pages",
  base: "/",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    target: "es2022",
    outDir: "../dist",
    emptyOutDir: false,
    assetsInlineLimit: 0,
    // The polyfill would be an inline script; the pages' policy forbids those and every browser we support preloads by itself.
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: Object.fromEntries(pages.map((name) => [name.replace(".html", ""), resolve(import.meta.dirname, "pages", name)])),
    },
  },
  test: { root: ".", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
} as Parameters<typeof defineConfig>[0]);
