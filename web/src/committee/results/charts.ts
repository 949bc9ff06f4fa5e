// Numbers behind the pictures: how totals are spread, who stands around the cut. Pure; floats place marks on a picture and decide nothing.

import type { ResultList, ResultRow } from "../../wire";
import { lastInside } from "./lists";
import { isInside } from "./standing";

/** One bar: totals from `from` (included) to `to` (not included). */
export interface Bin {
  from: number;
  to: number;
  people: number;
}

/** A distribution of totals. */
export interface Distribution {
  bins: Bin[];
  people: number;
  lowest: string;
  highest: string;
  /** Least total of this line. */
  threshold: string | undefined;
  /** Total of the last one inside the cut. */
  cut: string | undefined;
}

const BINS_MAX = 16;
/** Fewer bars than this are no picture; empty ones are put on both sides. */
const BINS_MIN = 7;
// Widths people count in.
const WIDTHS = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 2000, 5000];

/** How the totals of a formation are spread; nothing where nobody has one. */
export function distributionOf(list: Pick<ResultList, "rows" | "total_threshold" | "cut_after">): Distribution | undefined {
  const rows = list.rows.filter((row) => row.total !== null);
  const totals = rows.map((row) => ({ text: row.total ?? "", value: Number(row.total) })).sort((a, b) => a.value - b.value);
  const [first, last] = [totals[0], totals.at(-1)];
  if (first === undefined || last === undefined) {
    return undefined;
  }
  const threshold = list.total_threshold ?? undefined;
  const marks = threshold === undefined ? [] : [Number(threshold)];
  const [low, high] = [Math.min(first.value, ...marks), Math.max(last.value, ...marks)];
  const width = WIDTHS.find((candidate) => Math.floor(high / candidate) - Math.floor(low / candidate) < BINS_MAX) ?? Math.max(1, (high - low) / (BINS_MAX - 1));
  const [from, to] = [Math.floor(low / width), Math.floor(high / width)];
  const missing = Math.max(0, BINS_MIN - (to - from + 1));
  // No bar below zero where nobody is below zero.
  const start = from < 0 ? from - Math.ceil(missing / 2) : Math.max(0, from - Math.ceil(missing / 2));
  const bins: Bin[] = Array.from({ length: Math.max(to - start + 1 + Math.floor(missing / 2), BINS_MIN) }, (_, index) => ({
    from: round((start + index) * width), to: round((start + index + 1) * width), people: 0,
  }));
  for (const total of totals) {
    const bin = bins[Math.floor(total.value / width) - start];
    if (bin !== undefined) {
      bin.people += 1;
    }
  }
  const inside = list.rows[lastInside(list)];
  return { bins, people: totals.length, lowest: first.text, highest: last.text, threshold, cut: inside?.total ?? undefined };
}

function round(value: number): number {
  return Number(value.toFixed(6));
}

/** One rung of the ladder. */
export interface Rung {
  row: ResultRow;
  inside: boolean;
}

/** The people with a rank around the cut: at most `around` on each side; nothing where there is no cut. */
export function ladderOf(list: Pick<ResultList, "rows" | "cut_after">, around: number): Rung[] {
  if (lastInside(list) < 0) {
    return [];
  }
  const ranked = list.rows.map((row) => ({ row, inside: isInside(row.status) })).filter(({ row }) => row.rank !== null && row.total !== null);
  const inside = ranked.filter((rung) => rung.inside).slice(-around);
  const outside = ranked.filter((rung) => !rung.inside).slice(0, around);
  return [...inside, ...outside];
}
