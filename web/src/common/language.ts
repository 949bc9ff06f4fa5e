// Indonesian first, English second. Every visible text lives in `src/strings/`, one file per page, each with both languages of the same shape.

/** The two languages of the pages. */
export type Language = "id" | "en";

const KEY = "saksama.language";

/** The language chosen on this machine; Indonesian unless somebody chose English. */
export function language(): Language {
  try {
    return localStorage.getItem(KEY) === "en" ? "en" : "id";
  } catch {
    return "id";
  }
}

/** Chooses the language for this machine and reloads the page. */
export function chooseLanguage(next: Language): void {
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Private mode: the choice lasts for this page only.
  }
  location.reload();
}

/** Picks the texts of the chosen language and tells the document. */
export function texts<T>(both: { id: T; en: T }): T {
  const chosen = language();
  // Setting it anew would make the browser style the whole page again.
  if (document.documentElement.lang !== chosen) document.documentElement.lang = chosen;
  return both[chosen];
}
