// Whether what was previewed can still be published. Pure.

import type { Outcome } from "../../common/api";

/** Why a preview cannot be published any more: the server has it no longer, or something changed since. */
export type Stale = "gone" | "outdated";

/** Why another preview is needed, by the server's answer to publishing; nothing where another preview would not help. */
export function staleOf(outcome: Outcome<unknown>): Stale | undefined {
  if (outcome.kind !== "refused") {
    return undefined;
  }
  switch (`${outcome.status} ${outcome.refusal.code}`) {
    case "404 not_found":
      return "gone";
    case "409 preview_outdated":
      return "outdated";
    default:
      return undefined;
  }
}
