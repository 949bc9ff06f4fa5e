// An effect as a table to be taken away, with the columns and words of the server's `effect.csv`. Pure.

import type { EffectRow } from "../../wire";

const COLUMNS = [
  "participant_no", "name", "formation", "total_before", "total_after", "difference", "rank_before", "rank_after", "status_before", "status_after",
  "code_before", "code_after", "to_formation_before", "to_formation_after", "enters", "leaves",
];

/** A line for everybody with a change, below the names of the columns. */
export function effectCsv(rows: EffectRow[]): string {
  return [COLUMNS, ...rows.map(cells)].map((line) => `${line.map(quoted).join(",")}\n`).join("");
}

function cells(row: EffectRow): string[] {
  const { before, after } = row;
  return [
    ...[row.participant_no, row.name, row.formation].map(inert),
    // Numbers keep their sign, so that they can be summed.
    ...[before?.total ?? "", after?.total ?? "", row.total_difference].map(number),
    String(before?.rank ?? ""),
    String(after?.rank ?? ""),
    ...[before?.status, after?.status, before?.code, after?.code, before?.to_formation, after?.to_formation].map((text) => inert(text ?? "")),
    ...[row.enters, row.leaves].map((is) => (is ? "yes" : "")),
  ];
}

function number(text: string): string {
  return /^[+-]?\d+(?:\.\d+)?$/.test(text) ? text : inert(text);
}

// Also in full width, and behind blanks and invisible characters, which some programs skip.
const FORMULA = /^(?:[\t\r\n]|[\s\p{Cc}\uFEFF\u200B-\u200F]*[=+\-@＝＋－＠])/u;

/** A text that no spreadsheet takes for a formula. */
export function inert(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
