// Which rows stand on which page of a hall screen. A page has a fixed number of lines; a formation's heading takes one of them.

import type { BoardRow } from "../wire";
import type { Group } from "./ranking";

/** A run of rows of one group on a page. */
export interface Slice {
  group: Group;
  from: number;
  to: number;
  /** Not the first page of this group. */
  continued: boolean;
}

/** What stands on one page. */
export type Page = readonly Slice[];

/** A row found on a phone. */
export interface Found {
  row: BoardRow;
  rank: number | undefined;
}

/** Cuts the groups into pages. A heading never stands alone at the foot of a page. */
export function pagesOf(groups: readonly Group[], lines: number): Page[] {
  const pages: Slice[][] = [];
  let page: Slice[] = [];
  let left = lines;
  const turn = (): void => {
    pages.push(page);
    page = [];
    left = lines;
  };
  for (const group of groups) {
    const heading = group.formation === undefined ? 0 : 1;
    let from = 0;
    while (from < group.rows.length) {
      const wanted = group.rows.length - from;
      const room = left - heading;
      // Starting a group low on a page is worth it only when it fits whole or shows a few of its rows.
      if (page.length > 0 && room < Math.min(wanted, 3)) {
        turn();
        continue;
      }
      const to = Math.min(group.rows.length, from + Math.max(1, room));
      page.push({ group, from, to, continued: from > 0 });
      left -= heading + (to - from);
      from = to;
      if (left <= heading) {
        turn();
      }
    }
  }
  if (page.length > 0) {
    pages.push(page);
  }
  return pages;
}

/** Rows whose number contains all of `find` (spaces and dashes do not matter) or whose name does; at most `limit`, and how many there are. */
export function search(groups: readonly Group[], find: string, limit: number): { found: Found[]; total: number } {
  const number = find.replace(/[\s-]/g, "").toLowerCase();
  const name = find.trim().toLowerCase();
  const found: Found[] = [];
  let total = 0;
  for (const group of groups) {
    group.rows.forEach((row, index) => {
      if (name !== "" && !row.number.replace(/[\s-]/g, "").toLowerCase().includes(number) && !row.name.toLowerCase().includes(name)) {
        return;
      }
      total += 1;
      if (found.length < limit) {
        found.push({ row, rank: group.ranks[index] });
      }
    });
  }
  return { found, total };
}
