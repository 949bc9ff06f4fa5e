// The candidate's page of objections as a pure state: who is there, what is being written, what was refused.

import type { Outcome } from "../common/api";
import type { CandidateSignIn, Id, MyObjections, ObjectionWindow, RefusalBody } from "../wire";

/** Why something did not work. */
export type Trouble = { kind: "unreachable" } | { kind: "refused"; refusal: RefusalBody };

/** A file as it is sent. */
export interface Attachment {
  name: string;
  bytes: number;
  base64: string;
}

/** An objection being written; kept while the same person has to sign in again. */
export interface Draft {
  text: string;
  file: Attachment | undefined;
  /** The choice of a file that is being read. */
  reading: Id | undefined;
  fileFault: AttachmentFault | undefined;
  sure: boolean;
  tried: boolean;
}

/** Nothing written yet. */
export const EMPTY_DRAFT: Draft = { text: "", file: undefined, reading: undefined, fileFault: undefined, sure: false, tried: false };

/** Where the page stands. */
export type Place =
  | { at: "asking" }
  | { at: "unreachable" }
  | { at: "form"; busy: boolean; trouble: Trouble | undefined }
  | { at: "in"; mine: MyObjections; sending: Id | undefined; sent: Id | undefined; trouble: { stage: Id; trouble: Trouble } | undefined; signOutTrouble: Trouble | undefined };

/** The page: its place, and what is written by stage, by the person with the participant number `of`. */
export interface State {
  place: Place;
  of: string | undefined;
  drafts: ReadonlyMap<Id, Draft>;
}

/** Everything that can happen. */
export type Action =
  | { type: "ask" }
  | { type: "asked"; outcome: Outcome<MyObjections> }
  | { type: "try" }
  | { type: "tried"; outcome: Outcome<MyObjections> }
  | { type: "left"; outcome: Outcome<unknown> }
  | { type: "write"; stage: Id; part: Partial<Draft> }
  | { type: "read"; stage: Id; choice: Id; file: Attachment | undefined }
  | { type: "send"; stage: Id }
  | { type: "sent"; stage: Id; outcome: Outcome<unknown> };

/** Before anything is known. */
export const START: State = { place: { at: "asking" }, of: undefined, drafts: new Map() };

/** What comes next. */
export function step(state: State, action: Action): State {
  switch (action.type) {
    case "ask":
      return state.place.at === "in" ? state : { ...state, place: { at: "asking" } };
    case "asked":
      return asked(state, action.outcome);
    case "try":
      return { ...state, place: { at: "form", busy: true, trouble: undefined } };
    case "tried":
      return action.outcome.kind === "ok" ? entered(state, action.outcome.value) : { ...state, place: { at: "form", busy: false, trouble: troubleOf(action.outcome) } };
    case "left":
      return left(state, action.outcome);
    case "write":
      return written(state, action.stage, action.part);
    case "read":
      // Another file was chosen meanwhile, or somebody else is here.
      return draftOf(state, action.stage).reading === action.choice
        ? written(state, action.stage, { reading: undefined, file: action.file, fileFault: action.file === undefined ? "unreadable" : undefined })
        : state;
    case "send":
      return state.place.at === "in" ? { ...state, place: { ...state.place, sending: action.stage, sent: undefined, trouble: undefined, signOutTrouble: undefined } } : state;
    case "sent":
      return sent(state, action.stage, action.outcome);
  }
}

function asked(state: State, outcome: Outcome<MyObjections>): State {
  const { place } = state;
  switch (outcome.kind) {
    case "ok":
      return entered(state, outcome.value);
    case "refused":
      // Somebody who writes stays in while the server has too much to do.
      if (place.at === "in" && outcome.status !== 401) {
        return state;
      }
      return { ...state, place: { at: "form", busy: false, trouble: outcome.status === 401 ? undefined : troubleOf(outcome) } };
    case "unreachable":
      return place.at === "in" ? state : { ...state, place: { at: "unreachable" } };
  }
}

// What was written belongs to one person: who signs in after somebody else must not read it.
function entered(state: State, mine: MyObjections): State {
  const { place } = state;
  const same = state.of === mine.participant_no;
  return {
    place: same && place.at === "in" ? { ...place, mine } : { at: "in", mine, sending: undefined, sent: undefined, trouble: undefined, signOutTrouble: undefined },
    of: mine.participant_no,
    drafts: same ? state.drafts : new Map(),
  };
}

// Whoever could not be signed out is still in, and has to know.
function left(state: State, outcome: Outcome<unknown>): State {
  if (outcome.kind === "ok") {
    return { ...START, place: { at: "form", busy: false, trouble: undefined } };
  }
  return state.place.at === "in" ? { ...state, place: { ...state.place, signOutTrouble: troubleOf(outcome) } } : state;
}

function written(state: State, stage: Id, part: Partial<Draft>): State {
  return { ...state, drafts: new Map(state.drafts).set(stage, { ...draftOf(state, stage), ...part }) };
}

function sent(state: State, stage: Id, outcome: Outcome<unknown>): State {
  const { place } = state;
  if (place.at !== "in") {
    return state;
  }
  if (outcome.kind === "ok") {
    const drafts = new Map(state.drafts);
    drafts.delete(stage);
    return { ...state, place: { ...place, sending: undefined, sent: stage, trouble: undefined }, drafts };
  }
  // Signed out in the middle: the draft stays for after the sign-in.
  return outcome.kind === "refused" && outcome.status === 401
    ? { ...state, place: { at: "form", busy: false, trouble: troubleOf(outcome) } }
    : { ...state, place: { ...place, sending: undefined, trouble: { stage, trouble: troubleOf(outcome) } } };
}

function troubleOf(outcome: Exclude<Outcome<unknown>, { kind: "ok" }>): Trouble {
  return outcome.kind === "refused" ? { kind: "refused", refusal: outcome.refusal } : { kind: "unreachable" };
}

/** What is written about a stage. */
export function draftOf(state: State, stage: Id): Draft {
  return state.drafts.get(stage) ?? EMPTY_DRAFT;
}

/** Least and most characters of an objection. */
export const TEXT_CHARS = { min: 20, max: 4_000 };
/** Most bytes of an attachment. */
export const ATTACHMENT_BYTES_MAX = 2 * 1024 * 1024;

/** What is wrong with a file. */
export type AttachmentFault = "type" | "large" | "empty" | "unreadable";

/** What is wrong with a file before it is read, if anything. */
export function attachmentFault(file: { name: string; size: number }): AttachmentFault | undefined {
  if (!/\.(pdf|jpe?g|png)$/i.test(file.name)) {
    return "type";
  }
  return file.size === 0 ? "empty" : file.size > ATTACHMENT_BYTES_MAX ? "large" : undefined;
}

/** Characters as people count them. */
export function charsOf(text: string): number {
  return [...text.trim()].length;
}

/** What keeps a draft from being sent. */
export type DraftFault = "short" | "long" | "sure";

/** Everything that is missing; empty when it can be sent. */
export function draftFaults(draft: Draft): DraftFault[] {
  const chars = charsOf(draft.text);
  return [
    ...(chars < TEXT_CHARS.min ? ["short" as const] : chars > TEXT_CHARS.max ? ["long" as const] : []),
    ...(draft.sure ? [] : ["sure" as const]),
  ];
}

/** Fields of the sign-in. */
export type SignInField = "participant_no" | "nik" | "birth_date";

/** What is wrong with them. */
export type SignInFault = "empty" | "nik" | "date";

/** The sign-in, or its faults. Spaces and dots people put into a NIK are left out. */
export function readSignIn(values: Record<SignInField, string>): { ok: true; value: CandidateSignIn } | { ok: false; faults: Partial<Record<SignInField, SignInFault>> } {
  const participant_no = values.participant_no.trim();
  const nik = values.nik.replace(/[\s.-]/g, "");
  const birth_date = values.birth_date.trim();
  const faults: Partial<Record<SignInField, SignInFault>> = {
    ...(participant_no === "" ? { participant_no: "empty" } : {}),
    ...(nik === "" ? { nik: "empty" } : /^\d{16}$/.test(nik) ? {} : { nik: "nik" }),
    ...(/^\d{4}-\d\d-\d\d$/.test(birth_date) ? {} : { birth_date: "date" }),
  };
  return Object.keys(faults).length === 0 ? { ok: true, value: { participant_no, nik, birth_date } } : { ok: false, faults };
}

/** Where a stage's window stands at an instant. */
export type WindowPlace =
  | { at: "none" }
  | { at: "before"; window: ObjectionWindow }
  | { at: "open"; window: ObjectionWindow; left: { days: number; hours: number; minutes: number } }
  | { at: "over"; window: ObjectionWindow };

/** What to say of a window. Whether an objection is taken is the server's word; this machine only says what time it is. */
export function windowPlace(window: ObjectionWindow | null, nowUtcMs: number): WindowPlace {
  if (window === null) {
    return { at: "none" };
  }
  if (nowUtcMs < window.opens_utc_ms) {
    return { at: "before", window };
  }
  if (nowUtcMs >= window.closes_utc_ms) {
    return { at: "over", window };
  }
  const minutes = Math.floor((window.closes_utc_ms - nowUtcMs) / 60_000);
  return { at: "open", window, left: { days: Math.floor(minutes / 1440), hours: Math.floor((minutes % 1440) / 60), minutes: minutes % 60 } };
}

/** Whether the window opened or closed after the first instant and by the second: what the server said of it is old then. */
export function windowTurned(window: ObjectionWindow | null, fromUtcMs: number, toUtcMs: number): boolean {
  return windowPlace(window, fromUtcMs).at !== windowPlace(window, toUtcMs).at;
}
