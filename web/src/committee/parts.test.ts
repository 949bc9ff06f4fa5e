import { describe, expect, it } from "vitest";
import type { Outcome } from "../common/api";
import { CHOOSING, stepImport, type ImportFlow } from "./import-flow";
import { keyedChoices } from "./item-keys";
import { stepLoad } from "./load-state";
import { byUrgency } from "./urgency";
import { withRole, withSelection } from "./grant-rows";

describe("a document of the server", () => {
  const ok = (value: number): Outcome<number> => ({ kind: "ok", value });
  it("keeps its older value while it is asked again, and when the server is silent", () => {
    const there = stepLoad({ value: undefined, busy: true, trouble: undefined }, { type: "answered", outcome: ok(1) });
    expect(there).toEqual({ value: 1, busy: false, trouble: undefined });
    const asked = stepLoad(there, { type: "asked", keep: true });
    expect(asked).toEqual({ value: 1, busy: true, trouble: undefined });
    expect(stepLoad(asked, { type: "answered", outcome: { kind: "unreachable" } })).toEqual({ value: 1, busy: false, trouble: { kind: "unreachable" } });
  });
  it("forgets it when another document is asked for", () => {
    expect(stepLoad({ value: 1, busy: false, trouble: undefined }, { type: "asked", keep: false }).value).toBeUndefined();
  });
});

describe("an import", () => {
  type Flow = ImportFlow<string, number>;
  const trouble = { kind: "unreachable" } as const;
  it("is checked, then stored", () => {
    let flow: Flow = stepImport<string, number>(CHOOSING, { type: "check" });
    flow = stepImport<string, number>(flow, { type: "checked", report: "r" });
    flow = stepImport<string, number>(flow, { type: "store" });
    expect(stepImport<string, number>(flow, { type: "stored", done: 3 })).toEqual({ at: "done", done: 3 });
  });
  it("that cannot be stored still shows its report", () => {
    const flow: Flow = { at: "storing", report: "r" };
    expect(stepImport(flow, { type: "failed", trouble })).toEqual({ at: "checked", report: "r", trouble });
  });
  it("that cannot be checked goes back to the files", () => {
    expect(stepImport<string, number>({ at: "checking" }, { type: "failed", trouble })).toEqual({ at: "choosing", trouble, note: "none" });
  });
  it("is not stored twice", () => {
    const flow: Flow = { at: "storing", report: "r" };
    expect(stepImport(flow, { type: "store" })).toBe(flow);
  });
});

describe("an item's key", () => {
  it("is the choice that earns", () => {
    expect(keyedChoices({ choices: ["x", "y"], weights: ["0", "5"] }).map((choice) => choice.right)).toEqual([false, true]);
  });
  it("of graded choices is none", () => {
    expect(keyedChoices({ choices: ["x", "y"], weights: ["4", "5"] }).some((choice) => choice.right)).toBe(false);
  });
  it("is not told to those who may not see it", () => {
    expect(keyedChoices({ choices: ["x", "y"], weights: [] })).toEqual([{ letter: "A", weight: "", right: false }, { letter: "B", weight: "", right: false }]);
  });
});

describe("lists", () => {
  it("of sittings begin with what needs eyes", () => {
    const sitting = (code: string, phase: "planned" | "started" | "held" | "closed", starts_utc_ms: number) => ({
      id: code, code, selection: "", stage: "", hall: "", starts_utc_ms, phase, enrolled: 0, present: 0, running: 0, ended: 0, drawn: true,
    });
    const list = [sitting("old", "closed", 1), sitting("later", "planned", 9), sitting("new", "closed", 2), sitting("soon", "planned", 8), sitting("stop", "held", 7), sitting("run", "started", 6)];
    expect(byUrgency(list).map((one) => one.code)).toEqual(["stop", "run", "soon", "later", "new", "old"]);
  });
});

describe("a grant", () => {
  it("names a hall only for people in a hall", () => {
    const proctor = { role: "proctor" as const, selection: "a", hall: "h" };
    expect(withRole(proctor, "committee")).toEqual({ role: "committee", selection: "a", hall: null });
    expect(withRole(proctor, "admin")).toEqual({ role: "admin", selection: null, hall: null });
    expect(withSelection(proctor, "b")).toEqual({ role: "proctor", selection: "b", hall: null });
    expect(withSelection(proctor, "a")).toEqual(proctor);
  });
});
