// Where the vacant slots of a list end. Pure.

import type { RankedList } from "../wire";

/** Index of the last row whose rank is within the slots; -1 when there is none. People below the pass marks never fill a slot. */
export function lastWithinSlots(list: Pick<RankedList, "slots" | "rows">): number {
  return list.rows.findLastIndex((row) => row.status === "meets" && row.rank !== null && row.rank <= list.slots);
}
