// The keyboard of the exam and of the practice.
//
// Letters and digits choose, R marks as doubtful, ? opens the help; they can be switched off there (WCAG 2.1.4). Left and right always mean
// the previous and the next item, inside the list of choices too: the radio group keeps up and down, which is how screen readers move in
// it, and never sees left and right. Page up and page down stay with scrolling.

import { type Happening, type State, screen } from "./state";

/** What a key means now; null when it is none of ours. */
export function keyed(state: State, key: string): Happening | null {
  const shown = screen(state);
  if ((shown !== "exam" && shown !== "practice") || state.dialog !== null) return null;
  const { practice } = state;
  const rehearsing = shown === "practice" && practice !== null ? practice : null;
  const letters = state.preferences.shortcuts;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    const next = key === "ArrowRight";
    if (rehearsing === null) return { t: next ? "next" : "previous" };
    return { t: "rehearse", move: { t: "go", position: rehearsing.cursor + (next ? 1 : -1) } };
  }
  if (!letters) return null;
  if (key === "?") return { t: "ask", dialog: { t: "help" } };
  if (/^r$/i.test(key)) return rehearsing === null ? { t: "doubt" } : { t: "rehearse", move: { t: "doubt" } };
  const index = /^[a-j]$/i.test(key) ? key.toLowerCase().charCodeAt(0) - 97 : /^[1-9]$/.test(key) ? Number(key) - 1 : null;
  if (index === null) return null;
  return rehearsing === null ? { t: "choose", index, spoken: true } : { t: "rehearse", move: { t: "choose", index } };
}
