// From what somebody fills in to a proposed correction. Pure.

import type { Change, FactValue, Id, NewCorrection, VoidPolicy } from "../../wire";

/** The kinds of corrections, in the order in which they are offered. */
export const CHANGE_KINDS = ["key", "void", "status", "facts", "decision", "move_decision", "recompute"] as const;

/** One of them. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What may be said of somebody; `open` takes an earlier one back. */
export const CHANGE_STATUSES = ["disqualified", "withdrawn", "absent", "ineligible", "open"] as const;

/** Everything the form holds; only what belongs to `kind` is sent. */
export interface ChangeDraft {
  kind: ChangeKind;
  item: string;
  right: number[];
  policy: VoidPolicy;
  participant_no: string;
  status: (typeof CHANGE_STATUSES)[number];
  from: string;
  facts: FactValue[];
  formation: string;
  order: string[];
  /** Formations of the people of `order`, by number. */
  homes: ReadonlyMap<string, string>;
  reason: string;
}

/** Fields that can be wrong. */
export type ChangeField = "item" | "right" | "participant_no" | "from" | "facts" | "order" | "reason";

/** What is wrong with a field. */
export type ChangeFault = "empty" | "choices" | "facts" | "order" | "formations";

/** A form nobody has filled in. */
export function emptyDraft(kind: ChangeKind): ChangeDraft {
  return {
    kind, item: "", right: [], policy: "full_marks", participant_no: "", status: "disqualified", from: "", facts: [{ column: "", value: "" }], formation: "", order: [], homes: new Map(), reason: "",
  };
}

/** The form with another kind chosen. Who is in order of one formation is not so across formations. */
export function ofKind(kind: ChangeKind): Partial<ChangeDraft> {
  return { kind, formation: "", order: [], homes: new Map() };
}

/** The proposal, or what is wrong. */
export function readDraft(draft: ChangeDraft, objection: Id | undefined): { ok: true; value: NewCorrection } | { ok: false; faults: Partial<Record<ChangeField, ChangeFault>> } {
  const faults: Partial<Record<ChangeField, ChangeFault>> = { ...faultsOf(draft), ...(draft.reason.trim() === "" ? { reason: "empty" as const } : {}) };
  return Object.keys(faults).length > 0
    ? { ok: false, faults }
    : { ok: true, value: { change: changeOf(draft), reason: draft.reason.trim(), objection: objection ?? null } };
}

function faultsOf(draft: ChangeDraft): Partial<Record<ChangeField, ChangeFault>> {
  const empty = (field: "item" | "participant_no" | "from"): Partial<Record<ChangeField, ChangeFault>> => (draft[field].trim() === "" ? { [field]: "empty" } : {});
  switch (draft.kind) {
    case "key":
      return { ...empty("item"), ...(draft.right.length === 0 ? { right: "choices" } : {}) };
    case "void":
      return empty("item");
    case "status":
      return { ...empty("participant_no"), ...empty("from") };
    case "facts":
      return { ...empty("participant_no"), ...(draft.facts.some((fact) => fact.column.trim() !== "") ? {} : { facts: "facts" }) };
    case "decision":
      return draft.order.length < 2 ? { order: "order" } : {};
    case "move_decision":
      return new Set(draft.order.map((number) => draft.homes.get(number))).size < 2 ? { order: "formations" } : {};
    case "recompute":
      return {};
  }
}

function changeOf(draft: ChangeDraft): Change {
  const participant_no = draft.participant_no.trim();
  switch (draft.kind) {
    case "key":
      return { kind: "key", item: draft.item.trim(), right: [...draft.right].sort((a, b) => a - b) };
    case "void":
      return { kind: "void", item: draft.item.trim(), policy: draft.policy };
    case "status":
      return { kind: "status", participant_no, status: draft.status, from: draft.from };
    case "facts":
      return {
        kind: "facts",
        participant_no,
        values: draft.facts.map(({ column, value }) => ({ column: column.trim(), value: value.trim() })).filter(({ column }) => column !== ""),
      };
    case "decision":
      return { kind: "decision", formation: draft.formation, order: draft.order };
    case "move_decision":
      return { kind: "move_decision", order: draft.order };
    case "recompute":
      return { kind: "recompute" };
  }
}

/** A list with the thing at `index` moved by one place; the same list where there is no such place. */
export function moved<T>(list: T[], index: number, by: -1 | 1): T[] {
  const other = index + by;
  const [a, b] = [list[index], list[other]];
  return a === undefined || b === undefined ? list : list.map((one, place) => (place === index ? b : place === other ? a : one));
}
