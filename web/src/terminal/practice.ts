// The practice before the exam: items that cost no time and count for nothing. Nothing of it leaves the page.

import type { PaperItem } from "../wire";
import type { Cell } from "./state";

/** Where the practice stands. */
export interface Practice {
  readonly cursor: number;
  readonly cells: readonly Cell[];
  /** The candidate has moved to another item. */
  readonly moved: boolean;
}

/** What can be done in it: the same as in the exam. */
export type Rehearsal =
  | { readonly t: "go"; readonly position: number }
  | { readonly t: "choose"; readonly index: number }
  | { readonly t: "doubt" }
  | { readonly t: "clear" };

const SUMS: readonly (readonly [string, readonly number[]])[] = [
  ["2 + 3", [4, 5, 6, 7, 8]],
  ["9 − 4", [3, 4, 5, 6, 7]],
  ["3 × 3", [6, 7, 8, 9, 10]],
];

/** A practice nobody has touched. */
export const UNTOUCHED: Practice = { cursor: 0, cells: SUMS.map(() => ({ choices: [], doubtful: false, pending: false })), moved: false };

/** What follows from a move. */
export function rehearse(practice: Practice, move: Rehearsal): Practice {
  const change = (cell: Partial<Cell>): Practice => ({
    ...practice,
    cells: practice.cells.map((old, position) => (position === practice.cursor ? { ...old, ...cell } : old)),
  });
  switch (move.t) {
    case "go":
      return { ...practice, moved: true, cursor: Math.max(0, Math.min(SUMS.length - 1, move.position)) };
    case "choose":
      return move.index < practiceItem(practice, String).choices.length ? change({ choices: [move.index] }) : practice;
    case "doubt":
      return change({ doubtful: !practice.cells[practice.cursor]!.doubtful });
    case "clear":
      return change({ choices: [] });
    default: {
      const unknown: never = move;
      return unknown;
    }
  }
}

/** The item shown; `stem` words the question. */
export function practiceItem({ cursor }: Practice, stem: (sum: string) => string): PaperItem {
  const [sum, results] = SUMS[cursor]!;
  return {
    item: `practice-${cursor}`,
    language: "",
    stem: `<p>${stem(sum)}</p>`,
    multiple: false,
    choices: results.map((result, id) => ({ id, text: String(result) })),
  };
}
