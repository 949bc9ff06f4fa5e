// The order of a board, kept incrementally: rows that changed are taken out of the sorted list and merged back in, so that a delta of five
// rows costs one pass over the list and not a new sort of thousands.

import type { BoardKind, BoardRow } from "../wire";

/** One list of ranks: the whole sitting, or one formation of a stage. */
export interface Group {
  /** Index into the board's formations; none for a sitting. */
  formation: number | undefined;
  /** Sorted: ranked rows by standing, then those without a rank. */
  rows: readonly BoardRow[];
  /** Beside `rows`: the rank, or none before the start and for the absent. */
  ranks: readonly (number | undefined)[];
}

/** Compares standings element by element; negative when `a` stands higher. */
export function compareStanding(a: readonly number[], b: readonly number[]): number {
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const difference = (b[index] ?? 0) - (a[index] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

/** A row has a rank once its candidate has started. */
export function isRanked(row: BoardRow): boolean {
  return row.rank > 0 && row.state !== "waiting" && row.state !== "absent";
}

/** The order on the screen: ranked rows by standing, then the waiting, then the absent; equal ones by number. */
export function compareRows(a: BoardRow, b: BoardRow): number {
  const byClass = orderClass(a) - orderClass(b);
  if (byClass !== 0) {
    return byClass;
  }
  if (isRanked(a)) {
    const byStanding = compareStanding(a.standing, b.standing);
    if (byStanding !== 0) {
      return byStanding;
    }
  }
  return a.number < b.number ? -1 : a.number > b.number ? 1 : a.id - b.id;
}

function orderClass(row: BoardRow): number {
  if (isRanked(row)) {
    return 0;
  }
  return row.state === "absent" ? 2 : 1;
}

/** Ranks of a sorted list: equal standings share one, and the next rank counts them all (1, 2, 2, 4). */
export function ranksOf(sorted: readonly BoardRow[]): (number | undefined)[] {
  const ranks: (number | undefined)[] = [];
  let before: BoardRow | undefined;
  sorted.forEach((row, index) => {
    if (!isRanked(row)) {
      ranks.push(undefined);
      return;
    }
    const shared = before !== undefined && compareStanding(before.standing, row.standing) === 0;
    ranks.push(shared ? ranks[index - 1] : index + 1);
    before = row;
  });
  return ranks;
}

/** All lists of a board: one for a sitting, one per formation that has rows for a stage. */
export function groupsOf(rows: readonly BoardRow[], kind: BoardKind): Group[] {
  const lists = new Map<number | undefined, BoardRow[]>();
  for (const row of rows) {
    const formation = groupKey(row, kind);
    const list = lists.get(formation);
    if (list === undefined) {
      lists.set(formation, [row]);
    } else {
      list.push(row);
    }
  }
  return [...lists]
    .sort(([a], [b]) => (a ?? 0) - (b ?? 0))
    .map(([formation, list]) => finished(formation, list.sort(compareRows)));
}

/** The lists after some rows changed; lists without a changed row stay the very same objects. */
export function withChanged(groups: readonly Group[], changed: readonly BoardRow[], kind: BoardKind): Group[] {
  const ids = new Set(changed.map((row) => row.id));
  const arriving = new Map<number | undefined, BoardRow[]>();
  for (const row of changed) {
    const formation = groupKey(row, kind);
    arriving.set(formation, [...(arriving.get(formation) ?? []), row]);
  }
  const result: Group[] = [];
  for (const group of groups) {
    const coming = arriving.get(group.formation) ?? [];
    arriving.delete(group.formation);
    const staying = group.rows.filter((row) => !ids.has(row.id));
    if (coming.length === 0 && staying.length === group.rows.length) {
      result.push(group);
      continue;
    }
    const rows = merged(staying, coming.sort(compareRows));
    if (rows.length > 0) {
      result.push(finished(group.formation, rows));
    }
  }
  for (const [formation, rows] of arriving) {
    result.push(finished(formation, rows.sort(compareRows)));
  }
  return result.sort((a, b) => (a.formation ?? 0) - (b.formation ?? 0));
}

/** Ranks by row id, for telling who moved. */
export function ranksById(groups: readonly Group[]): Map<number, number> {
  const ranks = new Map<number, number>();
  for (const group of groups) {
    group.rows.forEach((row, index) => {
      const rank = group.ranks[index];
      if (rank !== undefined) {
        ranks.set(row.id, rank);
      }
    });
  }
  return ranks;
}

function groupKey(row: BoardRow, kind: BoardKind): number | undefined {
  return kind === "stage" ? row.formation : undefined;
}

function finished(formation: number | undefined, rows: BoardRow[]): Group {
  return { formation, rows, ranks: ranksOf(rows) };
}

function merged(a: readonly BoardRow[], b: readonly BoardRow[]): BoardRow[] {
  const out: BoardRow[] = [];
  let left = 0;
  let right = 0;
  while (left < a.length || right < b.length) {
    const fromA = a[left];
    const fromB = b[right];
    if (fromB === undefined || (fromA !== undefined && compareRows(fromA, fromB) <= 0)) {
      out.push(fromA as BoardRow);
      left += 1;
    } else {
      out.push(fromB);
      right += 1;
    }
  }
  return out;
}
