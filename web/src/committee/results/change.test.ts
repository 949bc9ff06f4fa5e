import { describe, expect, it } from "vitest";
import { emptyDraft, moved, ofKind, readDraft, type ChangeDraft } from "./change";

function read(change: Partial<ChangeDraft>, objection?: string) {
  return readDraft({ ...emptyDraft(change.kind ?? "key"), reason: "Berita acara 12", ...change }, objection);
}

describe("a proposed correction", () => {
  it("of a key names the item and every right choice in order", () => {
    expect(read({ item: " B-013 ", right: [3, 1] })).toEqual({
      ok: true, value: { change: { kind: "key", item: "B-013", right: [1, 3] }, reason: "Berita acara 12", objection: null },
    });
    expect(read({ item: "B-013" })).toEqual({ ok: false, faults: { right: "choices" } });
  });
  it("always says why", () => expect(read({ kind: "recompute", reason: " " })).toEqual({ ok: false, faults: { reason: "empty" } }));
  it("sends only what belongs to its kind", () => {
    const messy: Partial<ChangeDraft> = { item: "B-1", right: [0], participant_no: "P-1", from: "skd" };
    expect(read({ ...messy, kind: "void", policy: "removed" })).toMatchObject({ value: { change: { kind: "void", item: "B-1", policy: "removed" } } });
    expect(read({ ...messy, kind: "status", status: "withdrawn" })).toMatchObject({ value: { change: { kind: "status", participant_no: "P-1", status: "withdrawn", from: "skd" } } });
    expect(read({ ...messy, kind: "recompute" })).toMatchObject({ value: { change: { kind: "recompute" } } });
  });
  it("of somebody names the person, and from when", () => {
    expect(read({ kind: "status" })).toEqual({ ok: false, faults: { participant_no: "empty", from: "empty" } });
  });
  it("of facts leaves out empty lines and keeps an empty value, which takes the fact away", () => {
    const facts = [{ column: "gpa", value: "" }, { column: " ", value: "3" }, { column: "birth_date ", value: " 1999-12-31" }];
    expect(read({ kind: "facts", participant_no: "P-1", facts })).toMatchObject({
      value: { change: { kind: "facts", participant_no: "P-1", values: [{ column: "gpa", value: "" }, { column: "birth_date", value: "1999-12-31" }] } },
    });
    expect(read({ kind: "facts", participant_no: "P-1" })).toEqual({ ok: false, faults: { facts: "facts" } });
  });
  it("of a tie needs at least two people", () => {
    expect(read({ kind: "decision", formation: "A", order: ["2", "1"] })).toMatchObject({ value: { change: { kind: "decision", formation: "A", order: ["2", "1"] } } });
    expect(read({ kind: "decision", order: ["2"] })).toEqual({ ok: false, faults: { order: "order" } });
  });
  it("across formations needs people of at least two of them", () => {
    const homes = new Map([["b1", "B"], ["b2", "B"], ["c1", "C"]]);
    expect(read({ kind: "move_decision", order: ["c1", "b2", "b1"], homes })).toEqual({
      ok: true, value: { change: { kind: "move_decision", order: ["c1", "b2", "b1"] }, reason: "Berita acara 12", objection: null },
    });
    for (const order of [[], ["c1"], ["b2", "b1"]]) {
      expect(read({ kind: "move_decision", order, homes })).toEqual({ ok: false, faults: { order: "formations" } });
    }
  });
  it("begins a new order with another kind", () => {
    const across: Partial<ChangeDraft> = { kind: "move_decision", order: ["b1", "c1"], homes: new Map([["b1", "B"], ["c1", "C"]]) };
    expect(read({ ...across, ...ofKind("decision") })).toEqual({ ok: false, faults: { order: "order" } });
  });
  it("names the objection it answers", () => expect(read({ kind: "recompute" }, "0a")).toMatchObject({ value: { objection: "0a" } }));
  it("is put in order one place at a time", () => {
    expect(moved(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 1, 1)).toEqual(["a", "b"]);
  });
});
