// Who moves: sorting and filtering of an effect, and the same made from two revisions. Pure.

import type { EffectRow, ResultList, ResultRow, StandingView } from "../../wire";
import { compareDecimals, difference } from "./decimals";
import { isInside } from "./standing";

/** Columns of the table, in order. */
export const EFFECT_COLUMNS = [
  "participant_no", "name", "formation", "total_before", "total_after", "difference", "rank_before", "rank_after", "status_before", "status_after", "cut",
] as const;

/** One of them. */
export type EffectColumn = (typeof EFFECT_COLUMNS)[number];

/** Which rows are shown. */
export type EffectFilter = "all" | "enters" | "leaves" | "total";

/** What is shown and how. `sort` none: as the server sends them, by formation and new rank. */
export interface EffectView {
  filter: EffectFilter;
  find: string;
  sort: { column: EffectColumn; down: boolean } | undefined;
}

/** What a table begins with. */
export const WHOLE_EFFECT: EffectView = { filter: "all", find: "", sort: undefined };

/** The view after a click on the head of a column: first up, then down, then as it came. */
export function sortedBy(view: EffectView, column: EffectColumn): EffectView {
  if (view.sort?.column !== column) {
    return { ...view, sort: { column, down: false } };
  }
  return { ...view, sort: view.sort.down ? undefined : { column, down: true } };
}

/** The rows a view shows, in its order. */
export function shownRows(rows: EffectRow[], view: EffectView): EffectRow[] {
  const wanted = view.find.trim().toLowerCase();
  const kept = rows.filter((row) => passes(row, view.filter) && (wanted === "" || row.participant_no.toLowerCase().includes(wanted) || row.name.toLowerCase().includes(wanted)));
  const { sort } = view;
  if (sort === undefined) {
    return kept;
  }
  const order = kept.map((row, index) => ({ row, index }));
  order.sort((a, b) => (sort.down ? -1 : 1) * compare(a.row, b.row, sort.column) || a.index - b.index);
  return order.map(({ row }) => row);
}

function passes(row: EffectRow, filter: EffectFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "enters":
      return row.enters;
    case "leaves":
      return row.leaves;
    case "total":
      // "0" where both totals are equal, nothing where they cannot be compared.
      return row.total_difference !== "" && compareDecimals(row.total_difference, "0") !== 0;
  }
}

function compare(a: EffectRow, b: EffectRow, column: EffectColumn): number {
  switch (column) {
    case "participant_no":
    case "name":
    case "formation":
      return a[column].localeCompare(b[column], "id");
    case "total_before":
      return compareDecimals(a.before?.total ?? "", b.before?.total ?? "");
    case "total_after":
      return compareDecimals(a.after?.total ?? "", b.after?.total ?? "");
    case "difference":
      return compareDecimals(a.total_difference, b.total_difference);
    case "rank_before":
      return rankOf(a.before) - rankOf(b.before);
    case "rank_after":
      return rankOf(a.after) - rankOf(b.after);
    case "status_before":
      return (a.before?.status ?? "").localeCompare(b.before?.status ?? "");
    case "status_after":
      return (a.after?.status ?? "").localeCompare(b.after?.status ?? "");
    case "cut":
      return cutOf(b) - cutOf(a);
  }
}

// Who has no rank comes after everybody who has one.
function rankOf(standing: StandingView | null): number {
  return standing?.rank ?? Number.MAX_SAFE_INTEGER;
}

function cutOf(row: EffectRow): number {
  return Number(row.enters) - Number(row.leaves);
}

/** What changed from one revision to another, in the form of an effect: by formation and new rank, like the lists. */
export function compareLists(before: ResultList[], after: ResultList[]): EffectRow[] {
  const old = placesOf(before);
  const now = placesOf(after);
  const rows = [...now].flatMap(([key, place]) => rowOf(old.get(key), place) ?? []);
  const gone = [...old].filter(([key]) => !now.has(key)).flatMap(([, place]) => rowOf(place, undefined) ?? []);
  return [...rows, ...gone];
}

interface Place {
  formation: string;
  row: ResultRow;
}

// Somebody may stand in one formation only, but a changed formation is somebody gone there and new here.
function placesOf(lists: ResultList[]): Map<string, Place> {
  return new Map(lists.flatMap((list) => list.rows.map((row) => [`${list.formation} ${row.participant_no}`, { formation: list.formation, row }] as const)));
}

function rowOf(before: Place | undefined, after: Place | undefined): EffectRow | undefined {
  const place = after ?? before;
  if (place === undefined) {
    return undefined;
  }
  const [old, now] = [standingOf(before), standingOf(after)];
  const unchanged = old !== null && now !== null && old.total === now.total && old.rank === now.rank && old.status === now.status && old.code === now.code && old.to_formation === now.to_formation;
  const inside = (standing: StandingView | null): boolean => standing !== null && isInside(standing.status);
  return unchanged ? undefined : {
    participant_no: place.row.participant_no,
    name: place.row.name,
    formation: place.formation,
    before: old,
    after: now,
    // Totals of different stages are of different things.
    total_difference: before?.row.place === after?.row.place ? difference(old?.total ?? "", now?.total ?? "") : "",
    enters: !inside(old) && inside(now),
    leaves: inside(old) && !inside(now),
  };
}

function standingOf(place: Place | undefined): StandingView | null {
  return place === undefined
    ? null
    : { total: place.row.total, rank: place.row.rank, status: place.row.status, code: place.row.code, to_formation: place.row.to_formation };
}
