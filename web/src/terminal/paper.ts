// What the sections of a paper allow: which items are open while one section is current.

import type { PaperFrame, SectionOutline } from "../wire";

/** Positions `first..end` (end excluded). */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/** A section with the positions of its items. */
export interface PlacedSection extends Range {
  readonly index: number;
  readonly outline: SectionOutline;
}

/** The sections with their positions, in order. */
export function placed(paper: PaperFrame): PlacedSection[] {
  let first = 0;
  return paper.sections.map((outline, index) => {
    const range = { index, outline, first, end: first + outline.items };
    first = range.end;
    return range;
  });
}

/** The section an item belongs to. */
export function sectionAt(paper: PaperFrame, position: number): PlacedSection | undefined {
  return placed(paper).find((section) => position >= section.first && position < section.end);
}

/** True for a section that is left once and for all: taken in order, or with its own time. */
export function confined(outline: SectionOutline): boolean {
  return outline.linear || outline.duration_s !== null;
}

/**
 * The positions that may be opened while section `current` is current: the section itself when it is confined, otherwise all the
 * unconfined sections around it, so that an ordinary paper is open as a whole.
 */
export function openRange(paper: PaperFrame, current: number): Range {
  const sections = placed(paper);
  const here = sections[Math.min(current, sections.length - 1)];
  if (here === undefined) return { first: 0, end: 0 };
  let { first, end } = here;
  if (!confined(here.outline)) {
    for (let index = here.index - 1; index >= 0 && !confined(sections[index]!.outline); index -= 1) first = sections[index]!.first;
    for (let index = here.index + 1; index < sections.length && !confined(sections[index]!.outline); index += 1) end = sections[index]!.end;
  }
  return { first, end };
}

/** The pictures of a paper, each once, in the order of the items. */
export function pictures(paper: PaperFrame): string[] {
  const found = new Set<string>();
  for (const item of paper.items) {
    for (const html of [item.stem, ...item.choices.map((choice) => choice.text)]) {
      for (const match of html.matchAll(/\bsrc="(\/media\/[^"]+)"/g)) found.add(match[1]!);
    }
  }
  return [...found];
}
