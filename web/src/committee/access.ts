// What a signed-in person is shown. Politeness only, in step with the server's rules: the server decides, and says so in words.

import type { Grant, Id, Me, Role } from "../wire";
import type { Area } from "./route";

/** What somebody may want to do. */
export type Act =
  /** Set up a selection, publish its results. */
  | "manage"
  /** Read candidates, draw reports and computed results. */
  | "inspect"
  /** Read items. */
  | "read items"
  /** See keys, import and export items: the bank is one for the whole installation. */
  | "write items"
  /** Accounts and grants. */
  | "administer";

const ROLES_OF_ACT: Record<Act, readonly Role[]> = {
  manage: ["committee"],
  inspect: ["committee", "auditor"],
  "read items": ["author", "committee", "auditor"],
  "write items": ["author", "committee"],
  administer: ["admin"],
};

const ROLES_OF_AREA: Record<Area, readonly Role[]> = {
  selections: ["committee", "author", "admin", "auditor"],
  bank: ["author", "committee", "auditor"],
  watch: ["committee", "auditor"],
  results: ["committee", "auditor"],
  staff: ["admin", "auditor"],
};

/** True when one of the person's grants covers the act in this selection. */
export function may(me: Me, act: Act, selection: Id): boolean {
  return covered(me, act, (grant) => grant.selection === null || grant.selection === selection);
}

/** True when the act may be done for the whole installation, e.g. creating a selection or importing items. */
export function mayEverywhere(me: Me, act: Act): boolean {
  return covered(me, act, (grant) => grant.selection === null);
}

/** True when the act may be done somewhere. */
export function maySomewhere(me: Me, act: Act): boolean {
  return covered(me, act, () => true);
}

// A grant for one hall is for people in that hall; nothing on these pages is.
function covered(me: Me, act: Act, fits: (grant: Grant) => boolean): boolean {
  return me.grants.some((grant) => ROLES_OF_ACT[act].includes(grant.role) && grant.hall === null && fits(grant));
}

/** The entries of the navigation this person sees, in order. */
export function areasFor(me: Me): Area[] {
  const all: Area[] = ["selections", "bank", "watch", "results", "staff"];
  return all.filter((area) => me.grants.some((grant) => ROLES_OF_AREA[area].includes(grant.role)));
}

/** Where this person's work begins: an author's in the bank. */
export function firstArea(me: Me): Area {
  const areas = areasFor(me);
  const author = maySomewhere(me, "write items") && !maySomewhere(me, "manage");
  return author && areas.includes("bank") ? "bank" : (areas[0] ?? "selections");
}

/** True for somebody who reads and changes nothing. */
export function onlyReads(me: Me): boolean {
  return !maySomewhere(me, "manage") && !mayEverywhere(me, "write items") && !mayEverywhere(me, "administer");
}
