import { describe, expect, it } from "vitest";
import type { BankCell, ItemView } from "../wire";
import { available, availableTogether, countItems, sectionsOf, subtopicsOf, topicsOf, type Filter, type Pool } from "./pool";

const CONTENTS: BankCell[] = [
  { section: "umum", topic: "numerik", subtopic: "deret", items: 2 },
  { section: "umum", topic: "numerik", subtopic: "", items: 1 },
  { section: "umum", topic: "bahasa", subtopic: "ejaan", items: 3 },
  { section: "lokal", topic: "sejarah", subtopic: "kolonial", items: 5 },
];
const ANY: Filter = { topic: "", subtopic: "", level: "", difficulty: "" };

function item(topic: string, subtopic: string, level: string, difficulty: string): ItemView {
  return {
    id: "", version: 1, code: "", section: "umum", topic, subtopic, level, difficulty, language: "id", rule: "single", stem: "", choices: [], weights: [], blank: "0", basis: "",
  };
}

describe("the table of contents", () => {
  it("sums sections, topics and subtopics", () => {
    expect(sectionsOf(CONTENTS)).toEqual([{ code: "lokal", items: 5 }, { code: "umum", items: 6 }]);
    expect(topicsOf(CONTENTS, "umum")).toEqual([{ code: "bahasa", items: 3 }, { code: "numerik", items: 3 }]);
    expect(subtopicsOf(CONTENTS, "umum", "numerik")).toEqual([{ code: "deret", items: 2 }]);
  });
});

describe("items available to a cell", () => {
  const pool: Pool = { contents: CONTENTS, counted: {} };
  it("follow topic and subtopic exactly", () => {
    expect(available(pool, "umum", ANY)).toEqual({ items: 6, exact: true });
    expect(available(pool, "umum", { ...ANY, topic: "numerik" })).toEqual({ items: 3, exact: true });
    expect(available(pool, "umum", { ...ANY, topic: "numerik", subtopic: "deret" })).toEqual({ items: 2, exact: true });
    expect(available(pool, "bidang", ANY)).toEqual({ items: 0, exact: true });
  });
  it("are an upper bound for level and difficulty until the section is counted", () => {
    const hard = { ...ANY, difficulty: "hard" };
    expect(available(pool, "umum", hard)).toEqual({ items: 6, exact: false });
    const counted = countItems([item("numerik", "deret", "C3", "hard"), item("numerik", "deret", "C3", "hard"), item("bahasa", "", "C2", "easy")]);
    expect(available({ ...pool, counted: { umum: counted } }, "umum", hard)).toEqual({ items: 2, exact: true });
    expect(available({ ...pool, counted: { umum: counted } }, "umum", { ...ANY, level: "C4" })).toEqual({ items: 0, exact: true });
  });
  it("count once for overlapping cells", () => {
    expect(availableTogether(pool, "umum", [{ ...ANY, topic: "numerik" }, ANY])).toEqual({ items: 6, exact: true });
    expect(availableTogether(pool, "umum", [{ ...ANY, topic: "numerik" }, { ...ANY, topic: "bahasa", subtopic: "ejaan" }])).toEqual({ items: 6, exact: true });
  });
});
