// Programs and folders of the browser tests.

import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

/** The server under test. */
export const SAKSAMA = process.env["SAKSAMA_BIN"] ?? join(ROOT, "target/debug/saksama");
/** The browser: Debian's Chromium, not one of Playwright's own. */
export const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
/** How the browser is started: nothing of it may call anybody else. */
export const BROWSER = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** What Playwright writes when a test fails. */
export const OUTPUT = join(ROOT, "test-results/browser");
/** One picture of every page and state. */
export const SCREENSHOTS = join(ROOT, "test-results/screenshots");
/** axe-core, run inside the pages. */
export const AXE = join(ROOT, "web/node_modules/axe-core/axe.min.js");
/** Temporary folders begin like this. */
export const TEMPORARY = join(tmpdir(), "saksama-browser-");
/** Names the folder with the demonstration as it was seeded; set by the global set-up for all workers. */
export const SEEDED = "SAKSAMA_SEEDED";
