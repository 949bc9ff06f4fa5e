// The size budget of the pages, in gzip bytes of script that a page loads at first: fails when one is over.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const BUDGET_KB = { terminal: 25, board: 20, proctor: 40, desk: 40, committee: 60, start: 20, results: 20 };

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
process.exit(over ? 1 : 0);
