// The blueprint while somebody edits it: a draft of texts, a pure step, and what is wrong with it in words' place (codes).

import type { BankCell, BlueprintBody, BlueprintCell, BlueprintSection } from "../wire";
import { readInteger } from "../common/integer";
import { minutesText, readCode, readMinutes } from "./forms";
import { available, availableTogether, sectionsOf, topicsOf, type Filter, type Pool } from "./pool";

/** One cell; empty filters mean any. `key` stays the same while the draft lives. */
export interface DraftCell extends Filter {
  key: number;
  count: string;
}

/** One section. */
export interface DraftSection {
  key: number;
  code: string;
  title: string;
  /** Own time; empty means none. */
  minutes: string;
  linear: boolean;
  shuffleItems: boolean;
  shuffleChoices: boolean;
  cells: DraftCell[];
}

/** The whole draft. Sections are named by key, so that a new code does not break the tie order. */
export interface Draft {
  nextKey: number;
  minutes: string;
  sections: DraftSection[];
  /** Keys of the sections that break a tie, in order. */
  tie: number[];
}

/** What may happen to a draft. */
export type DraftAction =
  | { type: "replaced"; draft: Draft }
  | { type: "minutes"; text: string }
  | { type: "section added"; code: string; title: string }
  | { type: "section removed"; section: number }
  | { type: "section moved"; section: number; by: -1 | 1 }
  | { type: "section edited"; section: number; change: Partial<Omit<DraftSection, "key" | "cells">> }
  | { type: "cell added"; section: number }
  | { type: "cell removed"; section: number; cell: number }
  | { type: "cell edited"; section: number; cell: number; change: Partial<Omit<DraftCell, "key">> }
  | { type: "tie added"; section: number }
  | { type: "tie removed"; section: number }
  | { type: "tie moved"; section: number; by: -1 | 1 };

/** Limits of a blueprint, as the server has them. */
export const LIMITS = { sections: 10, cells: 50, items: 500, titleChars: 120, durationMin: 60, durationMax: 28_800, sectionMin: 30, count: 500 };

const ANY: Filter = { topic: "", subtopic: "", level: "", difficulty: "" };

/** Pure: the next draft. */
export function stepDraft(draft: Draft, action: DraftAction): Draft {
  switch (action.type) {
    case "replaced":
      return action.draft;
    case "minutes":
      return { ...draft, minutes: action.text };
    case "section added":
      return addSection(draft, action.code, action.title);
    case "section removed":
      return {
        ...draft,
        sections: draft.sections.filter((section) => section.key !== action.section),
        tie: draft.tie.filter((key) => key !== action.section),
      };
    case "section moved":
      return { ...draft, sections: moved(draft.sections, (section) => section.key === action.section, action.by) };
    case "section edited":
      return editSection(draft, action.section, (section) => ({ ...section, ...action.change }));
    case "cell added":
      return {
        ...editSection(draft, action.section, (section) => ({ ...section, cells: [...section.cells, { key: draft.nextKey, ...ANY, count: "" }] })),
        nextKey: draft.nextKey + 1,
      };
    case "cell removed":
      return editSection(draft, action.section, (section) => ({ ...section, cells: section.cells.filter((cell) => cell.key !== action.cell) }));
    case "cell edited":
      return editSection(draft, action.section, (section) => ({
        ...section,
        cells: section.cells.map((cell) => (cell.key === action.cell ? editCell(cell, action.change) : cell)),
      }));
    case "tie added":
      return draft.tie.includes(action.section) ? draft : { ...draft, tie: [...draft.tie, action.section] };
    case "tie removed":
      return { ...draft, tie: draft.tie.filter((key) => key !== action.section) };
    case "tie moved":
      return { ...draft, tie: moved(draft.tie, (key) => key === action.section, action.by) };
  }
}

function addSection(draft: Draft, code: string, title: string): Draft {
  const section: DraftSection = {
    key: draft.nextKey,
    code,
    title,
    minutes: "",
    linear: false,
    shuffleItems: true,
    shuffleChoices: true,
    cells: [{ key: draft.nextKey + 1, ...ANY, count: "" }],
  };
  return { ...draft, nextKey: draft.nextKey + 2, sections: [...draft.sections, section], tie: [...draft.tie, section.key] };
}

function editSection(draft: Draft, key: number, edit: (section: DraftSection) => DraftSection): Draft {
  return { ...draft, sections: draft.sections.map((section) => (section.key === key ? edit(section) : section)) };
}

// A subtopic belongs to a topic: another topic forgets it.
function editCell(cell: DraftCell, change: Partial<Omit<DraftCell, "key">>): DraftCell {
  const next = { ...cell, ...change };
  return change.topic !== undefined && change.topic !== cell.topic && change.subtopic === undefined ? { ...next, subtopic: "" } : next;
}

function moved<T>(list: T[], isIt: (entry: T) => boolean, by: -1 | 1): T[] {
  const from = list.findIndex(isIt);
  const to = from + by;
  if (from < 0 || to < 0 || to >= list.length) {
    return list;
  }
  const next = [...list];
  const [entry] = next.splice(from, 1);
  next.splice(to, 0, entry as T);
  return next;
}

/** A draft of a stored blueprint. */
export function draftOf(body: BlueprintBody): Draft {
  let nextKey = 1;
  const sections = body.sections.map((section): DraftSection => ({
    key: nextKey++,
    code: section.code,
    title: section.title,
    minutes: section.duration_s === null ? "" : minutesText(section.duration_s),
    linear: section.linear,
    shuffleItems: section.shuffle_items,
    shuffleChoices: section.shuffle_choices,
    cells: section.cells.map((cell) => ({
      key: nextKey++,
      topic: cell.topic ?? "",
      subtopic: cell.subtopic ?? "",
      level: cell.level ?? "",
      difficulty: cell.difficulty ?? "",
      count: String(cell.count),
    })),
  }));
  const keyOf = (code: string): number | undefined => sections.find((section) => section.code === code)?.key;
  return {
    nextKey,
    minutes: minutesText(body.duration_s),
    sections,
    tie: body.tie_order.map(keyOf).filter((key) => key !== undefined),
  };
}

/** A first draft for a stage without a blueprint: the bank's sections with a cell for each topic, the counts left to the committee. */
export function draftFromBank(contents: BankCell[]): Draft {
  let nextKey = 1;
  const sections = sectionsOf(contents)
    .slice(0, LIMITS.sections)
    .map(({ code }): DraftSection => ({
      key: nextKey++,
      code,
      title: titleOf(code),
      minutes: "",
      linear: false,
      shuffleItems: true,
      shuffleChoices: true,
      cells: topicsOf(contents, code).map((topic) => ({ key: nextKey++, ...ANY, topic: topic.code, count: "" })),
    }));
  return { nextKey, minutes: "90", sections, tie: sections.map((section) => section.key) };
}

/** A title made of a code: `muatan-lokal` -> `Muatan lokal`. */
export function titleOf(code: string): string {
  const words = code.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Where something is wrong. */
export type Place = { at: "paper" } | { at: "section"; section: number } | { at: "cell"; section: number; cell: number };

/** What is wrong, or worth knowing; only `stops` keeps a draft from being saved. */
export interface Fault {
  place: Place;
  code: FaultCode;
  stops: boolean;
  /** Amounts the sentence needs. */
  amount?: number;
  limit?: number;
}

/** Every sentence there is about a draft. */
export type FaultCode =
  | "no_sections" | "too_many_sections" | "too_many_items" | "paper_time" | "sections_longer" | "sections_shorter"
  | "section_code" | "section_code_twice" | "section_title" | "section_time" | "section_empty" | "too_many_cells" | "counts_missing" | "section_unknown" | "section_short"
  | "cell_count" | "cell_short" | "cell_twice";

/** Sums and faults of a draft. */
export interface Review {
  /** Items on a paper. */
  items: number;
  /** Items per section, by key. */
  itemsOf: Record<number, number>;
  /** Seconds for the whole paper, when they can be read. */
  durationS: number | undefined;
  faults: Fault[];
  /** What would be sent; none while something stops it. */
  body: BlueprintBody | undefined;
}

/** Adds up, looks at everything, and makes the blueprint when nothing stops it. */
export function review(draft: Draft, pool: Pool | undefined): Review {
  const faults: Fault[] = [];
  const paper = (code: FaultCode, stops: boolean, amount?: number, limit?: number): void => {
    faults.push({ place: { at: "paper" }, code, stops, ...(amount === undefined ? {} : { amount }), ...(limit === undefined ? {} : { limit }) });
  };
  if (draft.sections.length === 0) {
    paper("no_sections", true);
  }
  if (draft.sections.length > LIMITS.sections) {
    paper("too_many_sections", true, draft.sections.length, LIMITS.sections);
  }
  const duration = readMinutes(draft.minutes, LIMITS.durationMin, LIMITS.durationMax);
  const durationS = "value" in duration ? duration.value : undefined;
  if (durationS === undefined) {
    paper("paper_time", true);
  }
  const itemsOf: Record<number, number> = {};
  for (const section of draft.sections) {
    const found = reviewSection(section, draft, pool);
    itemsOf[section.key] = found.items;
    faults.push(...found.faults);
  }
  reviewTimes(draft, durationS, paper);
  const items = Object.values(itemsOf).reduce((sum, count) => sum + count, 0);
  if (items > LIMITS.items) {
    paper("too_many_items", true, items, LIMITS.items);
  }
  const body = faults.some((fault) => fault.stops) || durationS === undefined ? undefined : bodyOf(draft, durationS);
  return { items, itemsOf, durationS, faults, body };
}

function reviewSection(section: DraftSection, draft: Draft, pool: Pool | undefined): { items: number; faults: Fault[] } {
  const faults: Fault[] = [];
  const say = (code: FaultCode, stops: boolean, amount?: number, limit?: number): void => {
    faults.push({
      place: { at: "section", section: section.key }, code, stops, ...(amount === undefined ? {} : { amount }), ...(limit === undefined ? {} : { limit }),
    });
  };
  if ("fault" in readCode(section.code)) {
    say("section_code", true);
  } else if (draft.sections.some((other) => other.key < section.key && other.code.trim() === section.code.trim())) {
    say("section_code_twice", true);
  }
  if (section.title.trim() === "" || section.title.trim().length > LIMITS.titleChars) {
    say("section_title", true);
  }
  if (section.minutes.trim() !== "" && "fault" in readMinutes(section.minutes, LIMITS.sectionMin, LIMITS.durationMax)) {
    say("section_time", true);
  }
  if (section.cells.length === 0) {
    say("section_empty", true);
  }
  if (section.cells.length > LIMITS.cells) {
    say("too_many_cells", true, section.cells.length, LIMITS.cells);
  }
  const uncounted = section.cells.filter((cell) => cell.count.trim() === "").length;
  if (uncounted > 0) {
    say("counts_missing", true, uncounted);
  }
  let items = 0;
  for (const [index, cell] of section.cells.entries()) {
    const count = readInteger(cell.count, 1, LIMITS.count);
    items += "value" in count ? count.value : 0;
    faults.push(...reviewCell(cell, index, section, pool));
  }
  if (pool !== undefined && section.code.trim() !== "") {
    const together = availableTogether(pool, section.code.trim(), section.cells);
    if (!pool.contents.some((cell) => cell.section === section.code.trim())) {
      say("section_unknown", false);
    } else if (items > together.items && !faults.some((fault) => fault.code === "cell_short")) {
      // Every cell alone has enough, but they share their items.
      say("section_short", false, items, together.items);
    }
  }
  return { items, faults };
}

function reviewCell(cell: DraftCell, index: number, section: DraftSection, pool: Pool | undefined): Fault[] {
  const place: Place = { at: "cell", section: section.key, cell: cell.key };
  const count = readInteger(cell.count, 1, LIMITS.count);
  if ("fault" in count) {
    // A count not typed yet is told once for the section: a new draft begins with many of them.
    return count.fault.code === "empty" ? [] : [{ place, code: "cell_count", stops: true, limit: LIMITS.count }];
  }
  const faults: Fault[] = [];
  if (section.cells.slice(0, index).some((other) => sameFilter(other, cell))) {
    faults.push({ place, code: "cell_twice", stops: false });
  }
  if (pool !== undefined && pool.contents.some((known) => known.section === section.code.trim())) {
    const there = available(pool, section.code.trim(), cell);
    if (count.value > there.items) {
      faults.push({ place, code: "cell_short", stops: false, amount: count.value, limit: there.items });
    }
  }
  return faults;
}

function sameFilter(a: Filter, b: Filter): boolean {
  return a.topic === b.topic && a.subtopic === b.subtopic && a.level === b.level && a.difficulty === b.difficulty;
}

function reviewTimes(draft: Draft, durationS: number | undefined, say: (code: FaultCode, stops: boolean, amount?: number, limit?: number) => void): void {
  const own = draft.sections.map((section) => readMinutes(section.minutes, LIMITS.sectionMin, LIMITS.durationMax)).filter((read) => "value" in read).map((read) => read.value);
  if (durationS === undefined || own.length === 0) {
    return;
  }
  const sum = own.reduce((total, seconds) => total + seconds, 0);
  if (sum > durationS) {
    say("sections_longer", true, sum / 60, durationS / 60);
  } else if (own.length === draft.sections.length && sum < durationS) {
    say("sections_shorter", false, sum / 60, durationS / 60);
  }
}

// Only called when nothing stops the draft, so every text reads.
function bodyOf(draft: Draft, durationS: number): BlueprintBody {
  const codeOf = (key: number): string | undefined => draft.sections.find((section) => section.key === key)?.code.trim();
  return {
    sections: draft.sections.map(sectionBody),
    duration_s: durationS,
    tie_order: draft.tie.map(codeOf).filter((code) => code !== undefined),
  };
}

function sectionBody(section: DraftSection): BlueprintSection {
  const own = readMinutes(section.minutes, LIMITS.sectionMin, LIMITS.durationMax);
  return {
    code: section.code.trim(),
    title: section.title.trim(),
    duration_s: "value" in own ? own.value : null,
    linear: section.linear,
    shuffle_items: section.shuffleItems,
    shuffle_choices: section.shuffleChoices,
    cells: section.cells.map(cellBody),
  };
}

function cellBody(cell: DraftCell): BlueprintCell {
  const count = readInteger(cell.count, 1, LIMITS.count);
  const or = (text: string): string | null => (text === "" ? null : text);
  return {
    topic: or(cell.topic), subtopic: or(cell.subtopic), level: or(cell.level), difficulty: or(cell.difficulty), count: "value" in count ? count.value : 0,
  };
}

/** Items on a paper of a stored blueprint. */
export function itemsOn(body: BlueprintBody): number {
  return body.sections.reduce((sum, section) => sum + section.cells.reduce((cells, cell) => cells + cell.count, 0), 0);
}

/** Cells of a stored blueprint that the bank cannot fill, as far as the table of contents tells. */
export function shortCells(body: BlueprintBody, contents: BankCell[]): number {
  const pool: Pool = { contents, counted: {} };
  return body.sections.reduce((sum, section) => {
    const filters = section.cells.map((cell) => ({
      topic: cell.topic ?? "", subtopic: cell.subtopic ?? "", level: cell.level ?? "", difficulty: cell.difficulty ?? "",
    }));
    const alone = section.cells.filter((cell, index) => cell.count > available(pool, section.code, filters[index] ?? ANY).items).length;
    const wanted = section.cells.reduce((cells, cell) => cells + cell.count, 0);
    const together = wanted > availableTogether(pool, section.code, filters).items ? 1 : 0;
    return sum + Math.max(alone, together);
  }, 0);
}
