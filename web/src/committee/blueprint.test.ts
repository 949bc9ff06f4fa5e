import { describe, expect, it } from "vitest";
import type { BankCell, BlueprintBody } from "../wire";
import { draftFromBank, draftOf, itemsOn, review, shortCells, stepDraft, type Draft, type FaultCode } from "./blueprint";
import type { Pool } from "./pool";

const CONTENTS: BankCell[] = [
  { section: "umum", topic: "numerik", subtopic: "deret", items: 7 },
  { section: "umum", topic: "numerik", subtopic: "peluang", items: 4 },
  { section: "umum", topic: "bahasa", subtopic: "", items: 20 },
  { section: "bidang", topic: "komputer", subtopic: "basis-data", items: 13 },
];
const POOL: Pool = { contents: CONTENTS, counted: {} };

const BODY: BlueprintBody = {
  sections: [
    {
      code: "umum", title: "Pengetahuan umum", duration_s: null, linear: false, shuffle_items: true, shuffle_choices: true,
      cells: [
        { topic: "numerik", subtopic: null, level: null, difficulty: null, count: 10 },
        { topic: "bahasa", subtopic: null, level: null, difficulty: null, count: 15 },
      ],
    },
    {
      code: "bidang", title: "Kompetensi bidang", duration_s: 1800, linear: true, shuffle_items: false, shuffle_choices: true,
      cells: [{ topic: "komputer", subtopic: "basis-data", level: null, difficulty: null, count: 10 }],
    },
  ],
  duration_s: 5400,
  tie_order: ["bidang", "umum"],
};

function codes(draft: Draft): FaultCode[] {
  return review(draft, POOL).faults.map((fault) => fault.code);
}

function keyOf(draft: Draft, index: number): number {
  return draft.sections[index]?.key ?? -1;
}

describe("a stored blueprint", () => {
  it("comes back unchanged from its draft", () => expect(review(draftOf(BODY), POOL).body).toEqual(BODY));
  it("is added up", () => {
    const found = review(draftOf(BODY), POOL);
    expect(found.items).toBe(35);
    expect(Object.values(found.itemsOf)).toEqual([25, 10]);
    expect(itemsOn(BODY)).toBe(35);
    expect(found.faults).toEqual([]);
  });
});

describe("editing", () => {
  it("adds up while somebody types", () => {
    let draft = draftOf(BODY);
    const section = keyOf(draft, 0);
    draft = stepDraft(draft, { type: "cell added", section });
    expect(codes(draft)).toEqual(["counts_missing"]);
    expect(review(draft, POOL).body).toBeUndefined();
    const cell = draft.sections[0]?.cells.at(-1)?.key ?? -1;
    draft = stepDraft(draft, { type: "cell edited", section, cell, change: { topic: "bahasa", difficulty: "hard", count: "3" } });
    expect(review(draft, POOL).items).toBe(38);
    expect(review(draft, POOL).body?.sections[0]?.cells[2]).toEqual({ topic: "bahasa", subtopic: null, level: null, difficulty: "hard", count: 3 });
  });
  it("another topic forgets the subtopic", () => {
    const draft = draftOf(BODY);
    const cell = draft.sections[1]?.cells[0]?.key ?? -1;
    const next = stepDraft(draft, { type: "cell edited", section: keyOf(draft, 1), cell, change: { topic: "guru" } });
    expect(next.sections[1]?.cells[0]).toMatchObject({ topic: "guru", subtopic: "" });
  });
  it("a new section code does not break the tie order", () => {
    const draft = draftOf(BODY);
    const next = stepDraft(draft, { type: "section edited", section: keyOf(draft, 0), change: { code: "twk" } });
    expect(review(next, undefined).body?.tie_order).toEqual(["bidang", "twk"]);
  });
  it("a removed section leaves the tie order", () => {
    const draft = draftOf(BODY);
    const next = stepDraft(draft, { type: "section removed", section: keyOf(draft, 0) });
    expect(next.tie).toEqual([keyOf(draft, 1)]);
  });
  it("moves sections and tie order, and stops at the ends", () => {
    const draft = draftOf(BODY);
    const down = stepDraft(draft, { type: "section moved", section: keyOf(draft, 0), by: 1 });
    expect(down.sections.map((section) => section.code)).toEqual(["bidang", "umum"]);
    expect(stepDraft(down, { type: "section moved", section: keyOf(down, 1), by: 1 })).toEqual(down);
    expect(stepDraft(draft, { type: "tie moved", section: keyOf(draft, 0), by: -1 }).tie).toEqual([keyOf(draft, 0), keyOf(draft, 1)]);
  });
});

describe("a first draft from the bank", () => {
  it("has a section for each code and a cell for each topic", () => {
    const draft = draftFromBank(CONTENTS);
    expect(draft.sections.map((section) => [section.code, section.cells.map((cell) => cell.topic)])).toEqual([
      ["bidang", ["komputer"]],
      ["umum", ["bahasa", "numerik"]],
    ]);
    expect(review(draft, POOL).body).toBeUndefined();
  });
  it("of an empty bank says what is missing", () => expect(codes(draftFromBank([]))).toEqual(["no_sections"]));
});

describe("what is wrong", () => {
  const edited = (change: (draft: Draft) => Draft): FaultCode[] => codes(change(draftOf(BODY)));
  const section = (index: number, change: Record<string, unknown>) => (draft: Draft): Draft => ({
    ...draft, sections: draft.sections.map((one, at) => (at === index ? { ...one, ...change } : one)),
  });
  const cell = (change: Record<string, string>) => (draft: Draft): Draft => ({
    ...draft, sections: draft.sections.map((one, at) => (at === 0 ? { ...one, cells: one.cells.map((row, index) => (index === 0 ? { ...row, ...change } : row)) } : one)),
  });
  const rules: [string, (draft: Draft) => Draft, FaultCode[]][] = [
    ["a paper without time", (draft) => ({ ...draft, minutes: "" }), ["paper_time"]],
    ["a paper of nine hours", (draft) => ({ ...draft, minutes: "540" }), ["paper_time"]],
    ["a section without a title", section(0, { title: " " }), ["section_title"]],
    ["a code twice", section(1, { code: "umum", cells: [] }), ["section_code_twice", "section_empty"]],
    ["a section of ten seconds", section(1, { minutes: "0:10" }), ["section_time"]],
    ["a paper of more than 500 items", (draft) => cell({ topic: "sejarah", count: "490" })({ ...draft, sections: draft.sections.map((one) => ({ ...one, code: `x${one.code}` })) }), ["section_unknown", "section_unknown", "too_many_items"]],
    ["a section longer than the paper", section(1, { minutes: "91" }), ["sections_longer"]],
    ["sections that leave time unused", (draft) => section(0, { minutes: "30" })(draft), ["sections_shorter"]],
    ["a section the bank does not know", section(1, { code: "tpa" }), ["section_unknown"]],
    ["more items than the topic has", cell({ count: "12" }), ["cell_short"]],
    ["a count of nothing", cell({ count: "0" }), ["cell_count"]],
    ["a cell without a count", cell({ count: "" }), ["counts_missing"]],
    ["the same filter twice", cell({ topic: "bahasa", count: "5" }), ["cell_twice"]],
    ["cells that share too few items", cell({ topic: "", count: "20" }), ["section_short"]],
  ];
  it.each(rules)("%s", (_, change, expected) => expect(edited(change)).toEqual(expected));

  it("a bank that is too small is told but does not stop the work", () => {
    const found = review(cell({ count: "12" })(draftOf(BODY)), POOL);
    expect(found.faults.every((fault) => !fault.stops)).toBe(true);
    expect(found.body).toBeDefined();
  });
  it("an unknown bank is not held against the draft", () => expect(review(cell({ count: "400" })(draftOf(BODY)), undefined).faults).toEqual([]));
  it("counts cells a stored blueprint cannot fill", () => {
    expect(shortCells(BODY, CONTENTS)).toBe(0);
    expect(shortCells(BODY, [])).toBe(3);
  });
});
