import { describe, expect, it } from "vitest";
import type { FormationView, PublicationDraft } from "../wire";
import { readExplanation } from "./explanation";
import { formationTexts, NO_FORMATION, parseFormation, parseFormationChange, readFurther } from "./formation-forms";
import { announcementTexts, parseAnnouncement, parseCount, parseDecision, parseWindow, windowTexts } from "./results-forms";

describe("a count by hand", () => {
  it("is two numbers and perhaps a remark", () => {
    expect(parseCount({ present: "1.204", absent: "0", note: " " })).toEqual({ ok: true, value: { present: 1204, absent: 0, note: "" } });
    expect(parseCount({ present: "", absent: "-1", note: "" })).toMatchObject({ ok: false, faults: { present: { code: "empty" }, absent: { code: "range" } } });
  });
});

describe("an announcement", () => {
  const draft: PublicationDraft = {
    publish: { revision: 2, letterhead: ["PEMERINTAH KOTA", "BKPSDM"], title: "Hasil SKB", number: "", decrees: ["Keputusan 1"], place: "", signatory_position: "", signatory_name: "" },
    obstacles: [],
  };
  it("reads back what its form was filled from", () => expect(parseAnnouncement(announcementTexts(draft), 2)).toEqual({ ok: true, value: draft.publish }));
  it("has one to six lines of letterhead", () => {
    const texts = announcementTexts(draft);
    expect(parseAnnouncement({ ...texts, letterhead: "\n \n" }, 2)).toEqual({ ok: false, faults: { letterhead: { code: "lines", min: 1, max: 6 } } });
    expect(parseAnnouncement({ ...texts, letterhead: "1\n2\n3\n4\n5\n6\n7" }, 2).ok).toBe(false);
    expect(parseAnnouncement({ ...texts, decrees: "" }, 2)).toMatchObject({ ok: true, value: { decrees: [] } });
  });
});

describe("a window for objections", () => {
  it("is proposed as three days, and reads back", () => {
    const hour = 3_600_000;
    const proposed = parseWindow(windowTexts(null, 5 * hour + 1));
    expect(proposed).toEqual({ ok: true, value: { opens_utc_ms: 6 * hour, closes_utc_ms: 78 * hour } });
    const window = { opens_utc_ms: 7 * hour, closes_utc_ms: 8 * hour };
    expect(parseWindow(windowTexts(window, 0))).toEqual({ ok: true, value: window });
  });
  it("closes after it opens", () => {
    expect(parseWindow({ opens: "2026-11-25T08:00", closes: "2026-11-25T08:00" })).toEqual({ ok: false, faults: { closes: { code: "closes_before" } } });
  });
});

describe("a decision about an objection", () => {
  it("has an answer, and a correction only when it is granted", () => {
    const answer = "Nilai sudah dihitung menurut aturan.";
    expect(parseDecision({ granted: "0", answer, correction: "0a" })).toEqual({ ok: true, value: { granted: false, answer, correction: null } });
    expect(parseDecision({ granted: "1", answer, correction: "0a" })).toMatchObject({ value: { granted: true, correction: "0a" } });
    expect(parseDecision({ granted: "", answer: "ya", correction: "" })).toMatchObject({ ok: false, faults: { granted: { code: "empty" }, answer: { code: "length", min: 10, max: 4_000 } } });
  });
});

describe("a formation", () => {
  const formation: FormationView = {
    id: "f", code: "prakom", title: "Pranata Komputer", slots: 3, candidates: 0,
    line: { category: "umum", job: "prakom", education: "S1", unit: "Diskominfo", agency: "daerah", further: [{ column: "max_skb", value: "500" }, { column: "weight_cat", value: "60" }] },
  };
  it("reads back what its form was filled from", () => {
    const { line, slots, title } = formation;
    expect(parseFormationChange(formationTexts(formation))).toEqual({ ok: true, value: { title, slots, line } });
  });
  it("needs nothing for a rule set with one category", () => {
    expect(parseFormation({ ...NO_FORMATION, code: "guru", title: "Guru", slots: "2" })).toMatchObject({ ok: true, value: { code: "guru", line: { category: "", further: [] } } });
  });
  it("says which further column cannot be read", () => {
    expect(readFurther("max_skb = 500\n\nbobot 60")).toEqual({ fault: { code: "column_value", line: "bobot 60" } });
  });
});

describe("the explanation of a rule set", () => {
  it("is a tree by its indents", () => {
    expect(readExplanation("Tahap\n  Bagian\n    umum: 200\n  Batas\n\nAkhir")).toEqual([
      { line: "Tahap", below: [{ line: "Bagian", below: [{ line: "umum: 200", below: [] }] }, { line: "Batas", below: [] }] },
      { line: "Akhir", below: [] },
    ]);
  });
  it("keeps a line that is deeper than its place allows", () => expect(readExplanation("    a\n      b")).toEqual([{ line: "a", below: [{ line: "b", below: [] }] }]));
});
