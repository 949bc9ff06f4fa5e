// Saving what a page made itself.

/** How long the browser may take to begin with it. */
const KEPT_MS = 60_000;

/** Saves a table under a name, as a download. */
export function saveCsv(name: string, text: string): void {
  const href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  Object.assign(document.createElement("a"), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
}
