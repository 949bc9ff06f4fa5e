// The size budget of the pages, in gzip bytes of script that a page loads at first: fails when one is over.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const BUDGET_KB = { terminal: 25, board: 20, proctor: 40, desk: 40, committee: 60, start: 20, results: 20, objections: 20 };
// Parts that a page loads when they are first opened; their own script only.
const PART_KB = { area: 40, "rule-set": 10 };

function scriptsOf(page) {
  const html = readFileSync(join(dist, `${page}.html`), "utf8");
  const first = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => match[1]);
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(join(dist, path), "utf8");
    for (const match of text.matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g)) visit(join(dirname(path), match[1]));
  };
  first.forEach(visit);
  return [...seen];
}

let over = false;
for (const [page, limit] of Object.entries(BUDGET_KB)) {
  if (!existsSync(join(dist, `${page}.html`))) {
    console.error(`${page}: not built`);
    over = true;
    continue;
  }
  const bytes = scriptsOf(page).reduce((sum, path) => sum + gzipSync(readFileSync(join(dist, path)), { level: 9 }).length, 0);
  const kb = (bytes / 1000).toFixed(1);
  console.log(`${page.padEnd(10)} ${kb.padStart(6)} kB gzip of ${limit}`);
  if (bytes > limit * 1000) {
    console.error(`${page}: over its budget`);
    over = true;
  }
}
for (const [part, limit] of Object.entries(PART_KB)) {
  const file = readdirSync(join(dist, "assets")).find((name) => name.startsWith(`${part}-`) && name.endsWith(".js"));
  const bytes = file === undefined ? Infinity : gzipSync(readFileSync(join(dist, "assets", file)), { level: 9 }).length;
  console.log(`${part.padEnd(10)} ${(bytes / 1000).toFixed(1).padStart(6)} kB gzip of ${limit}, loaded later`);
  if (bytes > limit * 1000) {
    console.error(`${part}: over its budget, or not built`);
    over = true;
  }
}
process.exit(over ? 1 : 0);
