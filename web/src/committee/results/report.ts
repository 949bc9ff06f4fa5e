// Whether there is a report of statistics, by what the server answered to the question. Pure.

import type { Outcome } from "../../common/api";
import type { Trouble } from "../../common/sign-in";
import { troubleOf } from "../load-state";

/** What is to be shown: the report, why there is none, or what went wrong. */
export type Report = { at: "there" } | { at: "none" } | { at: "too_few" } | { at: "trouble"; trouble: Trouble };

/** Reads the answer to `HEAD`: it has no body, so only its status tells why. */
export function reportOf(outcome: Outcome<undefined>): Report {
  if (outcome.kind === "ok") {
    return { at: "there" };
  }
  switch (outcome.kind === "refused" ? outcome.status : undefined) {
    case 403:
    case 404:
      return { at: "none" };
    case 409:
      return { at: "too_few" };
    default:
      return { at: "trouble", trouble: troubleOf(outcome) };
  }
}
