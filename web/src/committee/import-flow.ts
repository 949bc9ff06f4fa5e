// An import in two acts: check a file, look at what was understood, then accept or leave it. Pure; the same for candidates and for items.

import type { Trouble } from "../common/sign-in";

/** Where an import stands. `R` is the report of the check, `D` what accepting did. */
export type ImportFlow<R, D> =
  | { at: "choosing"; trouble: Trouble | undefined; note: "none" | "discarded" }
  | { at: "checking" }
  | { at: "checked"; report: R; trouble: Trouble | undefined }
  | { at: "storing"; report: R }
  | { at: "done"; done: D };

/** What happens to it. */
export type ImportAction<R, D> =
  | { type: "check" }
  | { type: "checked"; report: R }
  | { type: "store" }
  | { type: "stored"; done: D }
  | { type: "failed"; trouble: Trouble }
  | { type: "discarded" }
  | { type: "again" };

/** The beginning. */
export const CHOOSING: ImportFlow<never, never> = { at: "choosing", trouble: undefined, note: "none" };

/** Pure: the next state. An answer that comes after somebody went on to something else changes nothing. */
export function stepImport<R, D>(state: ImportFlow<R, D>, action: ImportAction<R, D>): ImportFlow<R, D> {
  switch (action.type) {
    case "check":
      return { at: "checking" };
    case "checked":
      return state.at === "checking" ? { at: "checked", report: action.report, trouble: undefined } : state;
    case "store":
      return state.at === "checked" ? { at: "storing", report: state.report } : state;
    case "stored":
      return state.at === "storing" ? { at: "done", done: action.done } : state;
    case "failed":
      return failed(state, action.trouble);
    case "discarded":
      return { at: "choosing", trouble: undefined, note: "discarded" };
    case "again":
      return CHOOSING;
  }
}

// A check that failed leads back to the files; storing that failed leads back to the report, which is still there.
function failed<R, D>(state: ImportFlow<R, D>, trouble: Trouble): ImportFlow<R, D> {
  switch (state.at) {
    case "checking":
      return { at: "choosing", trouble, note: "none" };
    case "storing":
    case "checked":
      return { at: "checked", report: state.report, trouble };
    case "choosing":
    case "done":
      return state;
  }
}
