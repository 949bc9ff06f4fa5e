import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { defineConfig } from "vite";

// One HTML entry per audience, so that a hall terminal loads nothing that only a committee needs.
const pages = readdirSync(resolve(import.meta.dirname, "pages")).filter((name) => name.endsWith(".html"));

// What Vite puts around a dynamic import weighs 1.3 kB, most of it for module preloading and older browsers. This one only brings the
// styles that a lazily loaded part needs, before it runs. (The terminal loads its English words lazily; its budget is 25 kB.)
const leanPreload = {
  name: "lean-preload",
  enforce: "pre" as const,
  load: (id: string) =>
    id === "\0vite/preload-helper.js"
      ? `const style = (path) => new Promise((done, failed) => {
           if (!path.endsWith(".css") || document.querySelector('link[href="/' + path + '"]')) return done();
           const link = document.head.appendChild(Object.assign(document.createElement("link"), { rel: "stylesheet", href: "/" + path }));
           link.onload = done;
           link.onerror = failed;
         });
         export const __vitePreload = (load, paths) => Promise.all((paths ?? []).map(style)).then(load);`
      : undefined,
};

export default defineConfig({
  root: "pages",
  base: "/",
  publicDir: false,
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [leanPreload],
  build: {
    target: "es2022",
    outDir: "../dist",
    emptyOutDir: false,
    assetsInlineLimit: 0,
    // The polyfill would be an inline script; the pages' policy forbids those and every browser we support preloads by itself.
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        ...Object.fromEntries(pages.map((name) => [name.replace(".html", ""), resolve(import.meta.dirname, "pages", name)])),
        // The terminal's service worker: its address must stay, and its scope is a page at the root.
        "ujian-worker": resolve(import.meta.dirname, "src/terminal/worker.ts"),
      },
      output: {
        entryFileNames: (chunk) => (chunk.name === "ujian-worker" ? "[name].js" : "assets/[name]-[hash].js"),
        // What loads a part later goes with what every page has; in a file of its own it would cost the terminal more than it weighs.
        advancedChunks: { groups: [{ name: "common", test: /common\/(language|format)|vite\/preload-helper/ }] },
      },
    },
  },
  test: { root: ".", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
} as Parameters<typeof defineConfig>[0]);
