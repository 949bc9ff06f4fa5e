// Where a stage stands between the last answer and the published list. Pure; the page only draws it.

import type { CorrectionView, ObjectionDesk, Reconciliation, RevisionView, SittingReconciled } from "../../wire";
import type { ResultPart } from "../route";

/** The steps, in order. */
export type ResultStepName = "reconciliation" | "revision" | "announcement" | "objections" | "corrections";

/** What is to be said of a step. */
export type ResultFact =
  | { say: "open"; sittings: number }
  | { say: "unexplained"; differences: number }
  | { say: "reconciled"; sittings: number }
  | { say: "no_revision" }
  | { say: "revision"; number: number }
  | { say: "not_published"; number: number }
  | { say: "published"; number: number }
  | { say: "no_window" }
  | { say: "window"; opens_utc_ms: number; closes_utc_ms: number }
  | { say: "waiting"; objections: number }
  | { say: "answered"; objections: number }
  | { say: "no_objections" }
  | { say: "proposals"; corrections: number }
  | { say: "no_proposals" };

/** A step, where it stands, what is to be said and where the work is done. */
export interface ResultStep {
  name: ResultStepName;
  state: "done" | "missing" | "waiting" | "optional" | "unknown";
  facts: ResultFact[];
  part: ResultPart;
}

/** What is known of the stage; undefined where it is not there (yet). */
export interface StageKnown {
  reconciliation: Reconciliation | undefined;
  revisions: RevisionView[] | undefined;
  corrections: CorrectionView[] | undefined;
  desk: ObjectionDesk | undefined;
}

/** The newest revision. */
export function newestRevision(revisions: RevisionView[]): RevisionView | undefined {
  return revisions.reduce<RevisionView | undefined>((newest, one) => (newest === undefined || one.number > newest.number ? one : newest), undefined);
}

/** All steps of a stage. */
export function resultSteps(known: StageKnown): ResultStep[] {
  const newest = known.revisions === undefined ? undefined : newestRevision(known.revisions);
  const reconciliation = reconciliationStep(known.reconciliation);
  return [
    reconciliation,
    revisionStep(known.revisions, newest, reconciliation.state === "done"),
    announcementStep(known.revisions, newest),
    objectionsStep(known.desk, newest),
    correctionsStep(known.corrections),
  ];
}

/** The first thing to do now. */
export function nextResultStep(steps: ResultStep[]): ResultStep | undefined {
  return steps.find((step) => step.state === "missing");
}

// Nobody comes to a sitting without candidates: the server asks neither for its closing nor for its count.
function isHeld(sitting: SittingReconciled): boolean {
  return sitting.counts.enrolled > 0;
}

/** Whether a sitting still has to be closed, or a difference explained. */
export function needsWork(sitting: SittingReconciled): boolean {
  return isHeld(sitting) && (!sitting.closed || sitting.differences.some((difference) => difference.explanation === null));
}

function reconciliationStep(known: Reconciliation | undefined): ResultStep {
  const base = { name: "reconciliation", part: "reconciliation" } as const;
  if (known === undefined) {
    return { ...base, state: "unknown", facts: [] };
  }
  const held = known.sittings.filter(isHeld);
  const open = held.filter((sitting) => !sitting.closed).length;
  const facts: ResultFact[] = [
    ...(open > 0 ? [{ say: "open", sittings: open } as const] : []),
    ...(known.unexplained > 0 ? [{ say: "unexplained", differences: known.unexplained } as const] : []),
  ];
  return facts.length > 0 ? { ...base, state: "missing", facts } : { ...base, state: "done", facts: [{ say: "reconciled", sittings: held.length }] };
}

function revisionStep(revisions: RevisionView[] | undefined, newest: RevisionView | undefined, reconciled: boolean): ResultStep {
  const base = { name: "revision" } as const;
  if (revisions === undefined) {
    return { ...base, part: "computation", state: "unknown", facts: [] };
  }
  return newest === undefined
    ? { ...base, part: "computation", state: reconciled ? "missing" : "waiting", facts: [{ say: "no_revision" }] }
    : { ...base, part: "revisions", state: "done", facts: [{ say: "revision", number: newest.number }] };
}

function announcementStep(revisions: RevisionView[] | undefined, newest: RevisionView | undefined): ResultStep {
  const base = { name: "announcement", part: "announcement" } as const;
  if (revisions === undefined) {
    return { ...base, state: "unknown", facts: [] };
  }
  if (newest === undefined) {
    return { ...base, state: "waiting", facts: [] };
  }
  return newest.publication === null
    ? { ...base, state: "missing", facts: [{ say: "not_published", number: newest.number }] }
    : { ...base, state: "done", facts: [{ say: "published", number: newest.number }] };
}

function objectionsStep(desk: ObjectionDesk | undefined, newest: RevisionView | undefined): ResultStep {
  const base = { name: "objections", part: "objections" } as const;
  if (desk === undefined) {
    return { ...base, state: "unknown", facts: [] };
  }
  const { window } = desk;
  const waiting = desk.objections.filter((objection) => objection.state !== "answered").length;
  const answered = desk.objections.length - waiting;
  const facts: ResultFact[] = [
    window === null ? { say: "no_window" } : { say: "window", opens_utc_ms: window.opens_utc_ms, closes_utc_ms: window.closes_utc_ms },
    ...(waiting > 0 ? [{ say: "waiting", objections: waiting } as const] : []),
    ...(answered > 0 ? [{ say: "answered", objections: answered } as const] : []),
    ...(window !== null && desk.objections.length === 0 ? [{ say: "no_objections" } as const] : []),
  ];
  if (waiting > 0) {
    return { ...base, state: "missing", facts };
  }
  const published = newest !== undefined && newest.publication !== null;
  return { ...base, state: answered > 0 ? "done" : published || window !== null ? "optional" : "waiting", facts };
}

function correctionsStep(corrections: CorrectionView[] | undefined): ResultStep {
  const base = { name: "corrections", part: "corrections" } as const;
  if (corrections === undefined) {
    return { ...base, state: "unknown", facts: [] };
  }
  const open = corrections.filter((correction) => correction.state === "open").length;
  return open > 0
    ? { ...base, state: "missing", facts: [{ say: "proposals", corrections: open }] }
    : { ...base, state: "optional", facts: [{ say: "no_proposals" }] };
}
