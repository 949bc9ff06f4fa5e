import { describe, expect, test } from "vitest";
import { keyed } from "./keys";
import { Bench, clockView, welcome } from "./testing";

describe("keys", () => {
  const exam = new Bench().running().state;
  test.each([
    ["a", { t: "choose", index: 0, spoken: true }],
    ["E", { t: "choose", index: 4, spoken: true }],
    ["3", { t: "choose", index: 2, spoken: true }],
    ["r", { t: "doubt" }],
    ["ArrowRight", { t: "next" }],
    ["ArrowLeft", { t: "previous" }],
    ["?", { t: "ask", dialog: { t: "help" } }],
    ["ArrowDown", null],
    ["PageDown", null],
    ["Enter", null],
    ["k", null],
    ["0", null],
  ])("%s in the exam", (key, expected) => {
    expect(keyed(exam, key)).toEqual(expected);
  });
  test("not while a dialog is open, nor outside the exam", () => {
    expect(keyed({ ...exam, dialog: { t: "help" } }, "a")).toBeNull();
    expect(keyed(new Bench().in().state, "a")).toBeNull();
  });
  test("letters can be switched off, arrows stay", () => {
    const off = { ...exam, preferences: { ...exam.preferences, shortcuts: false } };
    expect([keyed(off, "a"), keyed(off, "r"), keyed(off, "ArrowRight")]).toEqual([null, null, { t: "next" }]);
  });
  test("the practice has the same keys", () => {
    const bench = new Bench().in(welcome({ paper_digest: null, answers: [], clock: clockView({ phase: "ready" }) })).do({ t: "practise", on: true });
    expect(keyed(bench.state, "b")).toEqual({ t: "rehearse", move: { t: "choose", index: 1 } });
    expect(keyed(bench.state, "ArrowRight")).toEqual({ t: "rehearse", move: { t: "go", position: 1 } });
  });
});
