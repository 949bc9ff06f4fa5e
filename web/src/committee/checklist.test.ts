import { describe, expect, it } from "vitest";
import type { BlueprintBody, ChosenRuleSet, FormationLine, HallView, RuleSetInUse, SelectionView, SittingView } from "../wire";
import { capacity, checklist, nextStep, uncovered, unplaced, type StepName, type StepState } from "./checklist";
import { SITTING_POLICY } from "./forms";

const BLUEPRINT: BlueprintBody = {
  sections: [
    {
      code: "umum", title: "Umum", duration_s: null, linear: false, shuffle_items: true, shuffle_choices: true,
      cells: [{ topic: null, subtopic: null, level: null, difficulty: null, count: 10 }],
    },
  ],
  duration_s: 3600,
  tie_order: [],
};
const BANK = [{ section: "umum", topic: "numerik", subtopic: "", items: 30 }];

function hall(seats: number, spare: number): HallView {
  return {
    id: "h", code: "aula", title: "Aula",
    seats: Array.from({ length: seats }, (_, index) => ({ id: `${index}`, label: `A-${index}`, row: 0, column: index, spare: index >= seats - spare })),
  };
}

function sitting(change: Partial<SittingView>): SittingView {
  return { id: "t", stage: "s", hall: "h", code: "skb-01", starts_utc_ms: 0, policy: SITTING_POLICY, phase: "planned", enrolled: 0, drawn: 0, ...change };
}

const EMPTY: SelectionView = {
  id: "x", code: "cpns", title: "CPNS", organiser: "Kota", stages: [], formations: [], halls: [], sittings: [], candidates: 0,
  policy: {
    names: "initials", reveal: { by: "at_end" }, freeze_before_end_s: 0, marks_at_end: true, grant_approval_above_s: null, terminate_approval: true,
    admit_late_approval: true, attempt_rule: "last", columns: { category: true, marks: true, values: true, rank: true },
  },
};
const LINE: FormationLine = { category: "umum", job: "", education: "", unit: "", agency: "", further: [] };
const FORMATIONS = [
  { id: "f1", code: "kom", title: "Pranata Komputer", slots: 2, line: LINE, candidates: 5 },
  { id: "f2", code: "gur", title: "Guru", slots: 3, line: LINE, candidates: 5 },
];
const CHOSEN: ChosenRuleSet = {
  view: {
    summary: { id: "bkpsdm-3", year: 2026, title: { id: "", en: "" }, hash: "", stages: ["tes"] }, explanation: { id: "", en: "" }, categories: ["umum"], jobs: [],
    adjustments: [], unsure: [], cases: [], text: "",
  },
  selection: "x", by: "", at_utc_ms: 0, reason: "", choices: 1,
};
const RULES: RuleSetInUse = { chosen: CHOSEN, misfits: [] };
const SET_UP: SelectionView = {
  ...EMPTY,
  formations: FORMATIONS,
  halls: [hall(12, 2)],
  stages: [{ id: "s", code: "skb", title: "SKB", blueprints: [{ formation: null, blueprint: BLUEPRINT }] }],
  candidates: 10,
  sittings: [sitting({ enrolled: 10, drawn: 10 })],
};

function states(view: SelectionView, publications = 0): Partial<Record<StepName, StepState>> {
  return Object.fromEntries(checklist(view, BANK, RULES, publications).map((step) => [step.name, step.state]));
}

function missing(view: SelectionView, name: StepName, bank = BANK): unknown[] {
  return checklist(view, bank, RULES, 0).find((step) => step.name === name)?.missing ?? [];
}

describe("the checklist", () => {
  it("of an empty selection begins with formations and lets later steps wait", () => {
    const steps = checklist(EMPTY, [], RULES, 0);
    expect(nextStep(steps)?.name).toBe("formations");
    expect(states(EMPTY)).toMatchObject({ formations: "missing", halls: "missing", stages: "waiting", candidates: "waiting", placement: "waiting", papers: "waiting", results: "waiting" });
  });
  it("of a selection ready for the day leads to the conduct", () => {
    expect(states(SET_UP)).toMatchObject({ formations: "done", stages: "done", sittings: "done", placement: "done", papers: "done", policy: "optional", conduct: "missing" });
    expect(nextStep(checklist(SET_UP, BANK, RULES, 0))?.name).toBe("conduct");
  });
  it("ends with a publication", () => {
    const closed = { ...SET_UP, sittings: [sitting({ enrolled: 10, drawn: 10, phase: "closed" })] };
    expect(nextStep(checklist(closed, BANK, RULES, 0))?.name).toBe("results");
    expect(nextStep(checklist(closed, BANK, RULES, 1))).toBeUndefined();
  });
  it("names formations no blueprint covers", () => {
    const stage = { id: "s", code: "skb", title: "SKB", blueprints: [{ formation: "f1", blueprint: BLUEPRINT }] };
    expect(uncovered(stage, SET_UP)).toEqual(["gur"]);
    expect(missing({ ...SET_UP, stages: [stage] }, "stages")).toEqual([{ what: "blueprint", stage: "SKB", formations: ["gur"] }]);
  });
  it("tells when the bank is too small, but not when it is unknown", () => {
    expect(missing(SET_UP, "stages", [{ section: "umum", topic: "numerik", subtopic: "", items: 9 }])).toEqual([{ what: "bank_short", stage: "SKB", cells: 1 }]);
    const unknown = checklist(SET_UP, undefined, undefined, undefined);
    expect(unknown.find((step) => step.name === "stages")?.state).toBe("done");
    expect(unknown.filter((step) => step.state === "unknown").map((step) => step.name)).toEqual(["bank", "rule_set", "results"]);
  });
  it("counts places without the spare seats", () => {
    expect(capacity(sitting({}), SET_UP.halls)).toBe(10);
    expect(missing({ ...SET_UP, candidates: 14 }, "sittings")).toEqual([{ what: "places", stage: "SKB", short: 4 }]);
  });
  it("counts candidates without a sitting and papers not drawn", () => {
    const half = { ...SET_UP, sittings: [sitting({ enrolled: 6, drawn: 4 })] };
    expect(unplaced(half.stages[0] as (typeof half.stages)[0], half)).toBe(4);
    expect(missing(half, "placement")).toEqual([{ what: "unassigned", stage: "SKB", candidates: 4 }]);
    expect(missing(half, "papers")).toEqual([{ what: "papers", sitting: "skb-01", papers: 2 }]);
  });
  it("asks for a rule set, and for what does not fit it", () => {
    const rules = (ruleSet: RuleSetInUse) => checklist(SET_UP, BANK, ruleSet, 0).find((step) => step.name === "rule_set");
    expect(rules({ chosen: null, misfits: [] })).toEqual({ name: "rule_set", state: "missing", missing: [{ what: "rule_set" }] });
    expect(rules({ chosen: CHOSEN, misfits: ["bagian umum", "bagian lokal"] })?.missing).toEqual([{ what: "misfits", misfits: 2 }]);
    expect(rules(RULES)?.state).toBe("done");
  });
  it("a stage without a sitting is missing one", () => expect(missing({ ...SET_UP, sittings: [] }, "sittings")).toEqual([{ what: "sittings", stage: "SKB" }]));
});
