// What the pages look up in computed lists. Pure.

import type { ResultList, ResultRow } from "../../wire";
import { isInside } from "./standing";

/** Somebody found on a list. */
export interface Hit {
  list: ResultList;
  row: ResultRow;
}

/** Index of the last row inside the cut, -1 where there is no cut. Rows come in the order of `results.csv`, so they may not be sorted by rank. */
export function lastInside(list: Pick<ResultList, "cut_after" | "rows">): number {
  const { cut_after } = list;
  if (cut_after === null) {
    return -1;
  }
  return list.rows.findLastIndex((row) => isInside(row.status) && row.rank !== null && row.rank <= cut_after);
}

/** Everybody whose number or name contains the text, in the order of the lists. */
export function findPeople(lists: ResultList[], text: string): Hit[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") {
    return [];
  }
  return lists.flatMap((list) =>
    list.rows.filter((row) => row.participant_no.toLowerCase().includes(wanted) || row.name.toLowerCase().includes(wanted)).map((row) => ({ list, row })));
}

/** People of a formation whom the committee has to put in order. */
export function tiedPeople(list: Pick<ResultList, "rows">): ResultRow[] {
  return list.rows.filter((row) => row.note === "committee_decides");
}

/** Somebody who waits for the committee's decision, and of which formation. */
export interface Waiting {
  formation: string;
  row: ResultRow;
}

/**
 * Everybody who waits for the committee's decision about a move, in the order of the lists; nobody where all are of one formation, which needs no
 * decision across. Who is shortlisted waits for the decision of the own formation.
 */
export function tiedAcross(lists: Pick<ResultList, "formation" | "rows">[]): Waiting[] {
  const waiting = lists.flatMap((list) => tiedPeople(list).filter((row) => row.status === "not_selected").map((row) => ({ formation: list.formation, row })));
  return new Set(waiting.map(({ formation }) => formation)).size > 1 ? waiting : [];
}

/** People with a rank. */
export function rankedOf(list: Pick<ResultList, "rows">): number {
  return list.rows.reduce((sum, row) => sum + (row.rank === null ? 0 : 1), 0);
}
