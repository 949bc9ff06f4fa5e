// How many items of the bank a blueprint's cell can draw from. Pure.

import type { BankCell, ItemView } from "../wire";

/** Items that agree in everything a cell can ask for. Level and difficulty are empty where only the table of contents is known. */
export interface Bucket {
  section: string;
  topic: string;
  subtopic: string;
  level: string;
  difficulty: string;
  items: number;
}

/** What is known of the bank: its table of contents, and whole sections where somebody asked for levels or difficulties. */
export interface Pool {
  contents: BankCell[];
  /** Sections counted item by item. */
  counted: Record<string, Bucket[]>;
}

/** What a cell asks for; empty means any. */
export interface Filter {
  topic: string;
  subtopic: string;
  level: string;
  difficulty: string;
}

/** Items that fit: exactly so many, or at most so many. */
export interface Available {
  items: number;
  exact: boolean;
}

/** The section codes of the bank, with their items, in alphabetical order. */
export function sectionsOf(contents: BankCell[]): { code: string; items: number }[] {
  return sums(contents, (cell) => cell.section);
}

/** The topics of a section. */
export function topicsOf(contents: BankCell[], section: string): { code: string; items: number }[] {
  return sums(contents.filter((cell) => cell.section === section), (cell) => cell.topic);
}

/** The subtopics of a topic; items without one are left out. */
export function subtopicsOf(contents: BankCell[], section: string, topic: string): { code: string; items: number }[] {
  return sums(contents.filter((cell) => cell.section === section && cell.topic === topic && cell.subtopic !== ""), (cell) => cell.subtopic);
}

function sums(cells: BankCell[], code: (cell: BankCell) => string): { code: string; items: number }[] {
  const byCode = new Map<string, number>();
  for (const cell of cells) {
    byCode.set(code(cell), (byCode.get(code(cell)) ?? 0) + cell.items);
  }
  return [...byCode].map(([code, items]) => ({ code, items })).sort((a, b) => a.code.localeCompare(b.code));
}

/** True when the table of contents cannot answer what the cell asks for. */
export function needsCounting(filter: Filter): boolean {
  return filter.level !== "" || filter.difficulty !== "";
}

function bucketsOf(pool: Pool, section: string): { buckets: Bucket[]; counted: boolean } {
  const counted = pool.counted[section];
  if (counted !== undefined) {
    return { buckets: counted, counted: true };
  }
  const buckets = pool.contents.filter((cell) => cell.section === section).map((cell) => ({ ...cell, level: "", difficulty: "" }));
  return { buckets, counted: false };
}

function fits(bucket: Bucket, filter: Filter, counted: boolean): boolean {
  return (
    (filter.topic === "" || bucket.topic === filter.topic) &&
    (filter.subtopic === "" || bucket.subtopic === filter.subtopic) &&
    (!counted || filter.level === "" || bucket.level === filter.level) &&
    (!counted || filter.difficulty === "" || bucket.difficulty === filter.difficulty)
  );
}

/** Items of the section that fit one cell. */
export function available(pool: Pool, section: string, filter: Filter): Available {
  return availableTogether(pool, section, [filter]);
}

/** Items of the section that fit at least one of the cells: a paper never holds an item twice, so this bounds their sum. */
export function availableTogether(pool: Pool, section: string, filters: Filter[]): Available {
  const { buckets, counted } = bucketsOf(pool, section);
  const items = buckets
    .filter((bucket) => filters.some((filter) => fits(bucket, filter, counted)))
    .reduce((sum, bucket) => sum + bucket.items, 0);
  return { items, exact: counted || !filters.some(needsCounting) };
}

/** Counts items one by one, for the sections somebody asked closer about. */
export function countItems(items: ItemView[]): Bucket[] {
  const buckets = new Map<string, Bucket>();
  for (const item of items) {
    const key = [item.section, item.topic, item.subtopic, item.level, item.difficulty].join("\n");
    const bucket = buckets.get(key);
    if (bucket === undefined) {
      const { section, topic, subtopic, level, difficulty } = item;
      buckets.set(key, { section, topic, subtopic, level, difficulty, items: 1 });
    } else {
      bucket.items += 1;
    }
  }
  return [...buckets.values()];
}
