// How this machine likes to read: kept in localStorage and put on the document, as the language is.

import { type Preferences, ZOOMS } from "./state";

const KEY = "saksama.terminal";
const USUAL: Preferences = { zoom: 100, contrast: false, shortcuts: true };

/** What was chosen on this machine. */
export function preferences(): Preferences {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Preferences>;
    const zoom = ZOOMS.find((step) => step === stored.zoom) ?? USUAL.zoom;
    return { zoom, contrast: stored.contrast === true, shortcuts: stored.shortcuts !== false };
  } catch {
    return USUAL;
  }
}

/** Keeps the choice and shows the page by it. */
export function prefer(chosen: Preferences): void {
  show(chosen);
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // Private mode: the choice lasts for this page only.
  }
}

/** Shows the page as chosen: all sizes are in rem, and the layout follows by container queries. */
export function show({ zoom, contrast }: Preferences): void {
  document.documentElement.style.fontSize = zoom === 100 ? "" : `${zoom}%`;
  document.documentElement.dataset["contrast"] = contrast ? "high" : "usual";
}
