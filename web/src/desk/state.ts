// The state of the check-in desk and its one pure step.

import type { Outcome } from "../common/api";
import type { CheckIn, CheckInWindow, DeskList, DeskPerson, Id, IssuedPin, RefusalBody } from "../wire";

/** Documents a registrar may tick, in the order of their keys. */
export const DOCUMENTS = ["kartu_peserta", "ktp", "surat_pengganti_ktp", "kartu_keluarga", "kia", "paspor"] as const;
export type Document = (typeof DOCUMENTS)[number];

/** A word about what was recorded stays so long. */
export const WORD_MS = 6_000;

/** Why something did not work. */
export type Trouble = { kind: "refused"; refusal: RefusalBody } | { kind: "unreachable" };

/** How check-in stands now. */
export type WindowState = { kind: "open"; leftMs: number } | { kind: "not_yet"; leftMs: number } | { kind: "closed" } | { kind: "doors" };

/** The person in front of the desk. */
export interface Card {
  /** Id of the check-in command, made when the card was opened; sending again is harmless. */
  id: Id;
  person: DeskPerson;
  identity: boolean;
  documents: readonly Document[];
  /** A certain seat; empty means as assigned, or random. */
  seat: Id;
  override: string;
  busy: boolean;
  trouble: Trouble | undefined;
  /** Somebody tried to check in; what is lacking is shown from then on. */
  tried: boolean;
}

/** A PIN on the screen. */
export interface Issued {
  person: DeskPerson;
  pin: IssuedPin;
  how: "check_in" | "reissue";
}

/** A question about the open card. */
export interface Question {
  id: Id;
  kind: "absent" | "refused" | "reissue";
  person: DeskPerson;
  reason: string;
  busy: boolean;
  trouble: Trouble | undefined;
}

/** The desk. */
export interface Desk {
  list: DeskList | undefined;
  /** What `list` was asked for. */
  listFind: string;
  /** When `list` came, on the page's monotonic clock. */
  listMs: number;
  nowMs: number;
  trouble: Trouble | undefined;
  find: string;
  /** Highlighted line; none is -1. */
  active: number;
  /** Enter was pressed before the answer for this search had come: a scanner is faster than the network. */
  enterWaits: boolean;
  card: Card | undefined;
  issued: Issued | undefined;
  question: Question | undefined;
  word: { kind: "absent" | "refused"; name: string; untilMs: number } | undefined;
  /** Grows whenever the search box should take the focus. */
  focusFind: number;
  /** Grows whenever the list should be asked for again at once. */
  askAgain: number;
}

/** What happens at the desk. */
export type Action =
  | { type: "listed"; find: string; outcome: Outcome<DeskList>; nowMs: number; freshId: Id }
  | { type: "tick"; nowMs: number }
  | { type: "find"; find: string }
  | { type: "move"; by: 1 | -1 }
  | { type: "enter"; freshId: Id }
  | { type: "open"; session: Id; freshId: Id }
  | { type: "back" }
  | { type: "identity" }
  | { type: "document"; document: Document }
  | { type: "seat"; seat: Id }
  | { type: "override"; override: string }
  | { type: "tried" }
  | { type: "sending" }
  | { type: "checked_in"; id: Id; outcome: Outcome<IssuedPin> }
  | { type: "ask"; kind: Question["kind"]; freshId: Id }
  | { type: "reason"; reason: string }
  | { type: "asking" }
  | { type: "answered"; id: Id; outcome: Outcome<IssuedPin | undefined>; nowMs: number }
  | { type: "dismiss" };

/** A desk that has just been opened. */
export function blank(nowMs: number): Desk {
  return {
    list: undefined, listFind: "", listMs: nowMs, nowMs, trouble: undefined, find: "", active: -1, enterWaits: false, card: undefined, issued: undefined, question: undefined, word: undefined,
    focusFind: 0, askAgain: 0,
  };
}

/** Pure: the next state. */
export function step(state: Desk, action: Action): Desk {
  switch (action.type) {
    case "listed":
      return onListed(state, action.find, action.outcome, action.nowMs, action.freshId);
    case "tick":
      return { ...state, nowMs: action.nowMs, word: state.word !== undefined && state.word.untilMs <= action.nowMs ? undefined : state.word };
    case "find":
      return { ...state, find: action.find, active: -1, enterWaits: false };
    case "move":
      return onMove(state, action.by);
    case "enter":
      return onEnter(state, action.freshId);
    case "open":
      return onOpen(state, state.list?.people.find((person) => person.session === action.session), action.freshId);
    case "back":
      return onBack(state);
    case "identity":
      return withCard(state, (card) => ({ ...card, identity: !card.identity }));
    case "document":
      return withCard(state, (card) => ({ ...card, documents: toggled(card.documents, action.document) }));
    case "seat":
      return withCard(state, (card) => ({ ...card, seat: action.seat }));
    case "override":
      return withCard(state, (card) => ({ ...card, override: action.override }));
    case "tried":
      return withCard(state, (card) => ({ ...card, tried: true }));
    case "sending":
      return withCard(state, (card) => ({ ...card, busy: true, trouble: undefined }));
    case "checked_in":
      return onCheckedIn(state, action.id, action.outcome);
    case "ask":
      return state.card === undefined ? state : { ...state, question: { id: action.freshId, kind: action.kind, person: state.card.person, reason: "", busy: false, trouble: undefined } };
    case "reason":
      return state.question === undefined ? state : { ...state, question: { ...state.question, reason: action.reason } };
    case "asking":
      return state.question === undefined ? state : { ...state, question: { ...state.question, busy: true, trouble: undefined } };
    case "answered":
      return onAnswered(state, action.id, action.outcome, action.nowMs);
    case "dismiss":
      return { ...state, question: undefined };
  }
}

/** The server's wall clock as this page reckons it. */
export function serverNow(state: Desk): number {
  return state.list === undefined ? 0 : state.list.window.now_utc_ms + (state.nowMs - state.listMs);
}

/** Whether check-in works now without an override. The server's word counts; between its words the page reckons with the clock. */
export function windowState(window: CheckInWindow, nowUtcMs: number): WindowState {
  const now = byClock(window, nowUtcMs);
  if (window.open) {
    return now.kind === "closed" ? now : { kind: "open", leftMs: window.closes_utc_ms - nowUtcMs };
  }
  // Open by the clock when it was sent, and yet not open: the server has another reason, such as a closed sitting.
  return now.kind === "open" && byClock(window, window.now_utc_ms).kind === "open" ? { kind: "closed" } : now;
}

function byClock(window: CheckInWindow, nowUtcMs: number): WindowState {
  if (nowUtcMs >= window.closes_utc_ms) {
    return { kind: "closed" };
  }
  if (nowUtcMs < window.opens_utc_ms) {
    return { kind: "not_yet", leftMs: window.opens_utc_ms - nowUtcMs };
  }
  return window.doors_open ? { kind: "open", leftMs: window.closes_utc_ms - nowUtcMs } : { kind: "doors" };
}

/** The first thing that stands in the way of a check-in. */
export function lacking(card: Card, window: WindowState): "over" | "identity" | "documents" | "override" | undefined {
  const { phase } = card.person;
  if (phase === "submitted" || phase === "expired" || phase === "terminated") {
    return "over";
  }
  if (!card.identity) {
    return "identity";
  }
  if (card.documents.length === 0) {
    return "documents";
  }
  return window.kind !== "open" && card.override.trim() === "" ? "override" : undefined;
}

/** The body of the check-in. */
export function toCheckIn(card: Card, window: WindowState): CheckIn {
  return {
    id: card.id,
    identity_confirmed: card.identity,
    documents: DOCUMENTS.filter((document) => card.documents.includes(document)),
    seat: card.seat === "" ? null : card.seat,
    override_reason: window.kind === "open" ? null : card.override.trim(),
  };
}

/** Whom Enter opens: the exact number, the highlighted line, or the only one found. */
export function meant(list: DeskList, find: string, active: number): DeskPerson | undefined {
  const highlighted = list.people[active];
  if (highlighted !== undefined) {
    return highlighted;
  }
  const wanted = find.trim().toLowerCase();
  if (wanted === "") {
    return undefined;
  }
  return list.people.find((person) => person.participant_no.toLowerCase() === wanted) ?? (list.people.length === 1 ? list.people[0] : undefined);
}

function onListed(state: Desk, find: string, outcome: Outcome<DeskList>, nowMs: number, freshId: Id): Desk {
  if (outcome.kind !== "ok") {
    return { ...state, trouble: outcome.kind === "refused" ? { kind: "refused", refusal: outcome.refusal } : { kind: "unreachable" } };
  }
  if (find !== state.find && state.list !== undefined) {
    // An answer for what was typed before: only the counts and the clock are worth taking.
    const { window, counts, free_seats } = outcome.value;
    return { ...state, trouble: undefined, list: { ...state.list, window, counts, free_seats }, listMs: nowMs, nowMs };
  }
  const list = outcome.value;
  const card = state.card;
  const fresh = card === undefined ? undefined : list.people.find((person) => person.session === card.person.session);
  const next: Desk = {
    ...state, list, listFind: find, listMs: nowMs, nowMs, trouble: undefined, active: Math.min(state.active, list.people.length - 1),
    card: card !== undefined && fresh !== undefined ? { ...card, person: fresh } : card,
  };
  return next.enterWaits ? onEnter({ ...next, enterWaits: false }, freshId) : next;
}

function onMove(state: Desk, by: 1 | -1): Desk {
  const last = (state.list?.people.length ?? 0) - 1;
  return { ...state, active: Math.max(-1, Math.min(last, state.active + by)) };
}

function onEnter(state: Desk, freshId: Id): Desk {
  if (state.list === undefined || (state.listFind !== state.find && state.active < 0)) {
    return { ...state, enterWaits: true };
  }
  return onOpen(state, meant(state.list, state.find, state.active), freshId);
}

function onOpen(state: Desk, person: DeskPerson | undefined, freshId: Id): Desk {
  if (person === undefined) {
    return state;
  }
  const card: Card = { id: freshId, person, identity: false, documents: [], seat: "", override: "", busy: false, trouble: undefined, tried: false };
  return { ...state, card, issued: undefined, question: undefined, enterWaits: false, active: state.list?.people.indexOf(person) ?? -1 };
}

/** One step back: the card or the PIN first, then the text of the search. */
function onBack(state: Desk): Desk {
  if (state.card?.busy === true) {
    return state;
  }
  const searching = state.card === undefined && state.issued === undefined;
  const done = state.issued !== undefined;
  return {
    ...state, card: undefined, issued: undefined, question: undefined, active: -1, enterWaits: false, find: searching || done ? "" : state.find, focusFind: state.focusFind + 1,
    askAgain: done ? state.askAgain + 1 : state.askAgain,
  };
}

function withCard(state: Desk, change: (card: Card) => Card): Desk {
  return state.card === undefined || state.card.busy ? state : { ...state, card: change(state.card) };
}

function toggled(documents: readonly Document[], document: Document): readonly Document[] {
  return documents.includes(document) ? documents.filter((each) => each !== document) : [...documents, document];
}

function onCheckedIn(state: Desk, id: Id, outcome: Outcome<IssuedPin>): Desk {
  const { card } = state;
  if (card === undefined || card.id !== id) {
    return state;
  }
  switch (outcome.kind) {
    case "ok":
      return { ...state, card: undefined, issued: { person: card.person, pin: outcome.value, how: "check_in" }, askAgain: state.askAgain + 1 };
    case "refused":
      return { ...state, card: { ...card, busy: false, trouble: { kind: "refused", refusal: outcome.refusal } } };
    case "unreachable":
      return { ...state, card: { ...card, busy: false, trouble: { kind: "unreachable" } } };
  }
}

function onAnswered(state: Desk, id: Id, outcome: Outcome<IssuedPin | undefined>, nowMs: number): Desk {
  const { question } = state;
  if (question === undefined || question.id !== id) {
    return state;
  }
  if (outcome.kind !== "ok") {
    const trouble: Trouble = outcome.kind === "refused" ? { kind: "refused", refusal: outcome.refusal } : { kind: "unreachable" };
    return { ...state, question: { ...question, busy: false, trouble } };
  }
  const again = { ...state, question: undefined, card: undefined, askAgain: state.askAgain + 1 };
  if (question.kind === "reissue") {
    return outcome.value === undefined ? again : { ...again, issued: { person: question.person, pin: outcome.value, how: "reissue" } };
  }
  return { ...again, find: "", active: -1, focusFind: state.focusFind + 1, word: { kind: question.kind, name: question.person.name, untilMs: nowMs + WORD_MS } };
}
