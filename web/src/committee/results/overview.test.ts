import { describe, expect, it } from "vitest";
import type { CorrectionView, ObjectionDesk, ObjectionView, Reconciliation, RevisionView } from "../../wire";
import { needsWork, newestRevision, nextResultStep, resultSteps, type ResultStepName, type StageKnown } from "./overview";

const COUNTS = { enrolled: 4, present: 3, absent: 1, not_started: 0, submitted: 3, expired: 0, terminated: 0 };

function reconciliation(closed: boolean, unexplained: number): Reconciliation {
  return { sittings: [{ sitting: "t", code: "skb-01", hall: "Aula", starts_utc_ms: 0, closed, counts: COUNTS, sections: [], entry: null, differences: [] }], total: COUNTS, unexplained };
}

function revision(number: number, publication: string | null): RevisionView {
  return {
    id: `r${number}`, number, at_utc_ms: number, reason: "", correction: null, by: ["a"], rule_set: "bkpsdm-3", rule_set_hash: "", input_hash: "", results_hash: "", people: 4, files: [], publication,
  };
}

function correction(state: CorrectionView["state"]): CorrectionView {
  return {
    id: state, change: { kind: "recompute" }, sentence: "", reason: "", by: "a", at_utc_ms: 0, state, approvals: [], hindrance: null, revision: null, objection: null, rejected_because: "",
  };
}

function objection(state: ObjectionView["state"]): ObjectionView {
  return { id: state, participant_no: "1", name: "", formation: "A", text: "", attachment: null, at_utc_ms: 0, state, decision: null, hindrance: null };
}

const DESK: ObjectionDesk = { window: null, objections: [] };
const WINDOW = { opens_utc_ms: 0, closes_utc_ms: 10 };

function states(known: Partial<StageKnown>): Partial<Record<ResultStepName, string>> {
  const all: StageKnown = { reconciliation: reconciliation(true, 0), revisions: [], corrections: [], desk: DESK, ...known };
  return Object.fromEntries(resultSteps(all).map((step) => [step.name, step.state]));
}

describe("where a stage stands", () => {
  it("begins with reconciliation: sittings closed, differences explained", () => {
    expect(states({ reconciliation: reconciliation(false, 0) })).toMatchObject({ reconciliation: "missing", revision: "waiting", announcement: "waiting", objections: "waiting" });
    const steps = resultSteps({ reconciliation: reconciliation(true, 2), revisions: [], corrections: [], desk: DESK });
    expect(nextResultStep(steps)).toMatchObject({ name: "reconciliation", facts: [{ say: "unexplained", differences: 2 }] });
  });
  it("waits for no sitting without candidates", () => {
    const [held] = reconciliation(true, 0).sittings;
    if (held === undefined) throw new Error("there is no sitting");
    const empty = { ...held, sitting: "e", closed: false, counts: { ...COUNTS, enrolled: 0, present: 0, absent: 0, submitted: 0 } };
    const [step] = resultSteps({ reconciliation: { sittings: [held, empty], total: COUNTS, unexplained: 0 }, revisions: [], corrections: [], desk: DESK });
    expect(step).toMatchObject({ state: "done", facts: [{ say: "reconciled", sittings: 1 }] });
    expect([needsWork(held), needsWork(empty), needsWork({ ...held, closed: false })]).toEqual([false, false, true]);
  });
  it("goes on to revision 1, then to the announcement", () => {
    expect(states({})).toMatchObject({ reconciliation: "done", revision: "missing" });
    expect(states({ revisions: [revision(1, null)] })).toMatchObject({ revision: "done", announcement: "missing" });
    expect(states({ revisions: [revision(1, "p")] })).toMatchObject({ announcement: "done", objections: "optional", corrections: "optional" });
  });
  it("asks for the announcement again after a correction became a revision", () => {
    expect(newestRevision([revision(1, "p"), revision(2, null)])?.number).toBe(2);
    expect(states({ revisions: [revision(2, null), revision(1, "p")] })).toMatchObject({ announcement: "missing" });
  });
  it("has objections that wait, for one or for the second person", () => {
    for (const state of ["received", "decided"] as const) {
      expect(states({ desk: { window: WINDOW, objections: [objection(state), objection("answered")] } })).toMatchObject({ objections: "missing" });
    }
    expect(states({ desk: { window: WINDOW, objections: [objection("answered")] } })).toMatchObject({ objections: "done" });
    expect(states({ desk: { window: WINDOW, objections: [] } })).toMatchObject({ objections: "optional" });
  });
  it("has proposals that wait", () => expect(states({ corrections: [correction("open"), correction("adopted")] })).toMatchObject({ corrections: "missing" }));
  it("does not guess what may not be read", () => {
    const unknown = resultSteps({ reconciliation: undefined, revisions: undefined, corrections: undefined, desk: undefined });
    expect(unknown.map((step) => step.state)).toEqual(["unknown", "unknown", "unknown", "unknown", "unknown"]);
  });
});
