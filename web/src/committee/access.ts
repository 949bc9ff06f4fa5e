// What a signed-in person is shown. Politeness only: the server decides, and says so in words.

import type { Id, Me, Role } from "../wire";
import type { Area } from "./route";

/** What somebody may want to do. */
export type Act = "manage" | "author" | "administer";

const ROLES_OF_ACT: Record<Act, readonly Role[]> = {
  // Selections, candidates, papers, results, publication.
  manage: ["committee", "admin"],
  // Items.
  author: ["author", "committee", "admin"],
  // Staff.
  administer: ["admin"],
};

const ROLES_OF_AREA: Record<Area, readonly Role[]> = {
  selections: ["committee", "admin", "auditor"],
  bank: ["author", "committee", "admin", "auditor"],
  watch: ["committee", "admin", "auditor"],
  results: ["committee", "admin", "auditor"],
  staff: ["admin", "auditor"],
};

/** True when one of the person's grants covers the act, for this selection when one is named. */
export function may(me: Me, act: Act, selection?: Id): boolean {
  return me.grants.some(
    (grant) => ROLES_OF_ACT[act].includes(grant.role) && (grant.selection === null || selection === undefined || grant.selection === selection),
  );
}

/** True when the act may be done for all selections, e.g. creating a new one. */
export function mayEverywhere(me: Me, act: Act): boolean {
  return me.grants.some((grant) => ROLES_OF_ACT[act].includes(grant.role) && grant.selection === null);
}

/** The entries of the navigation this person sees, in order. */
export function areasFor(me: Me): Area[] {
  const all: Area[] = ["selections", "bank", "watch", "results", "staff"];
  return all.filter((area) => me.grants.some((grant) => ROLES_OF_AREA[area].includes(grant.role)));
}

/** True for somebody who reads everything and changes nothing. */
export function onlyReads(me: Me): boolean {
  return !(["manage", "author", "administer"] as const).some((act) => may(me, act));
}
