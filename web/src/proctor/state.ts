// The state of the proctor's console and its one pure step.

import type { Outcome } from "../common/api";
import type { Id, LogLine, ProctorAnswer, ProposalView, RefusalBody, RoomSeat, SeatView, WatchDelta, WatchFrame, WatchHead, WatchSnapshot } from "../wire";
import type { Draft } from "./acts";
import { alertsNow, isFound, matches, rectangle, type Alert, type Filter, type Now, type SortKey, type Track } from "./seats";

/** Log lines kept on the page. */
export const LOG_LINES_MAX = 1_000;
/** A notice goes away after this. */
export const NOTICE_MS = 12_000;

/** How the connection stands. `gone`: the server said not to come back. */
export type Link = "connecting" | "live" | "lost" | "gone" | "reload";

/** The hall as last heard of. */
export interface Hall {
  epoch: number;
  position: number;
  head: WatchHead;
  room: readonly RoomSeat[];
  roomById: ReadonlyMap<Id, RoomSeat>;
  seats: ReadonlyMap<Id, SeatView>;
  log: readonly LogLine[];
  proposals: readonly ProposalView[];
}

/** A late answer as `GET /api/v1/sessions/{id}/late` tells it. */
export interface LateEntry {
  /** Position in the journal: what an admission names. */
  position: number;
  at_utc_ms: number;
  /** Position in the paper, from 0. */
  paper_position: number;
  choices: number[];
  note: string;
}

/** Late evidence of the session looked at. */
export interface Late {
  session: Id;
  entries: readonly LateEntry[] | undefined;
  trouble: Trouble | undefined;
}

/** Why something did not work. */
export type Trouble = { kind: "refused"; refusal: RefusalBody } | { kind: "unreachable" };

/** An open dialog. The command id is made with it, so that sending again is harmless. */
export interface Dialog {
  id: Id;
  draft: Draft;
  reason: string;
  busy: boolean;
  trouble: Trouble | undefined;
  /** It may have been done without our hearing of it: only the very same command may be sent again. */
  locked: boolean;
  /** An answer that must be read: a PIN, or a proposal. */
  answer: ProctorAnswer | undefined;
}

/** A short word about what was done. */
export interface Notice {
  id: number;
  /** What was done. */
  kind: Draft["kind"];
  sessions: number;
  untilMs: number;
}

/** The console. */
export interface Console {
  link: Link;
  /** A frame was missed: what is shown may be old until the next snapshot. */
  behind: boolean;
  hall: Hall | undefined;
  tracks: ReadonlyMap<Id, Track>;
  alerts: readonly Alert[];
  now: Now;
  /** Server's wall clock minus the page's monotonic clock. */
  utcOffsetMs: number;
  heardMs: number | undefined;
  view: "map" | "table" | "unseated";
  filter: Filter;
  find: string;
  sort: { by: SortKey; descending: boolean };
  selected: ReadonlySet<Id>;
  /** A click adds to the selection, as on a touch screen without keys. */
  many: boolean;
  /** Seat where a range starts. */
  anchor: Id | undefined;
  /** Seat that the keyboard is on. */
  cursor: Id | undefined;
  side: "person" | "proposals" | "log";
  dialog: Dialog | undefined;
  late: Late | undefined;
  notices: readonly Notice[];
}

/** How a click or key selects. */
export type How = "only" | "toggle" | "range";

/** What happens to the console. */
export type Action =
  | { type: "frame"; frame: WatchFrame; nowMs: number }
  | { type: "link"; up: boolean }
  | { type: "closed"; code: number }
  | { type: "tick"; nowMs: number }
  | { type: "view"; view: Console["view"] }
  | { type: "filter"; filter: Filter }
  | { type: "find"; find: string }
  | { type: "sort"; by: SortKey }
  | { type: "many" }
  | { type: "choose"; session: Id; how: How }
  | { type: "choose_many"; sessions: readonly Id[] }
  | { type: "choose_all" }
  | { type: "choose_none" }
  | { type: "cursor"; seat: Id }
  | { type: "side"; side: Console["side"] }
  | { type: "dialog"; id: Id; draft: Draft }
  | { type: "draft"; draft: Draft }
  | { type: "reason"; reason: string }
  | { type: "sending"; id: Id }
  | { type: "answered"; id: Id; outcome: Outcome<ProctorAnswer | undefined>; nowMs: number }
  | { type: "dismiss" }
  | { type: "late_asked"; session: Id }
  | { type: "late"; session: Id; outcome: Outcome<LateEntry[]> }
  | { type: "read"; notice: number };

const CLOSE_UNAUTHENTICATED = 4001;
const CLOSE_BAD_FRAME = 4000;
const CLOSE_VERSION = 4006;

/** True when the socket should be opened again after this close code. */
export function comesBack(code: number): boolean {
  return code !== CLOSE_UNAUTHENTICATED && code !== CLOSE_BAD_FRAME && code !== CLOSE_VERSION;
}

/** A console that has just been opened. */
export function blank(nowMs: number): Console {
  return {
    link: "connecting", behind: false, hall: undefined, tracks: new Map(), alerts: [], now: { ms: nowMs, utcMs: 0 }, utcOffsetMs: 0, heardMs: undefined,
    view: "map", filter: "all", find: "", sort: { by: "seat", descending: false }, selected: new Set(), many: false, anchor: undefined, cursor: undefined,
    side: "person", dialog: undefined, late: undefined, notices: [],
  };
}

/** Pure: the next state. */
export function step(state: Console, action: Action): Console {
  switch (action.type) {
    case "frame":
      return onFrame(state, action.frame, action.nowMs);
    case "link":
      return onLink(state, action.up);
    case "closed":
      return onClosed(state, action.code);
    case "tick":
      return onTick(state, action.nowMs);
    case "view":
      return { ...state, view: action.view };
    case "filter":
      // The same filter again switches it off.
      return { ...state, filter: state.filter === action.filter ? "all" : action.filter };
    case "find":
      return { ...state, find: action.find };
    case "sort":
      return { ...state, sort: { by: action.by, descending: state.sort.by === action.by && !state.sort.descending } };
    case "many":
      return { ...state, many: !state.many };
    case "choose":
      return onChoose(state, action.session, action.how);
    case "choose_many":
      return { ...state, selected: new Set(action.sessions), side: "person" };
    case "choose_all":
      return { ...state, selected: new Set(shown(state).map((seat) => seat.session)), side: "person" };
    case "choose_none":
      return { ...state, selected: new Set(), anchor: undefined };
    case "cursor":
      return { ...state, cursor: action.seat };
    case "side":
      return { ...state, side: action.side };
    case "dialog":
      return { ...state, dialog: { id: action.id, draft: action.draft, reason: "", busy: false, trouble: undefined, locked: false, answer: undefined } };
    case "draft":
      return withDialog(state, (dialog) => (dialog.busy || dialog.locked ? dialog : { ...dialog, draft: action.draft }));
    case "reason":
      return withDialog(state, (dialog) => (dialog.busy || dialog.locked ? dialog : { ...dialog, reason: action.reason }));
    case "sending":
      return withDialog(state, (dialog) => (dialog.id === action.id ? { ...dialog, busy: true, trouble: undefined } : dialog));
    case "answered":
      return onAnswered(state, action.id, action.outcome, action.nowMs);
    case "dismiss":
      return { ...state, dialog: undefined };
    case "late_asked":
      return { ...state, late: { session: action.session, entries: state.late?.session === action.session ? state.late.entries : undefined, trouble: undefined } };
    case "late":
      return onLate(state, action.session, action.outcome);
    case "read":
      return { ...state, notices: state.notices.filter((notice) => notice.id !== action.notice) };
  }
}

/** Sessions that filter and search let through, in the order of the snapshot. */
export function shown(state: Console): SeatView[] {
  const { hall } = state;
  if (hall === undefined) {
    return [];
  }
  return [...hall.seats.values()].filter((seat) => isShown(state, hall, seat));
}

/** Filter and search let this session through. */
export function isShown(state: Console, hall: Hall, seat: SeatView): boolean {
  const label = seat.seat === null ? undefined : hall.roomById.get(seat.seat)?.label;
  return matches(state.filter, seat, state.tracks.get(seat.session), hall.head, state.now) && isFound(state.find, seat, label);
}

function onFrame(state: Console, frame: WatchFrame, nowMs: number): Console {
  switch (frame.t) {
    case "snapshot":
      return alerted(onSnapshot(state, frame, nowMs));
    case "delta":
      return alerted(onDelta(state, frame, nowMs));
  }
}

function onSnapshot(state: Console, frame: WatchSnapshot, nowMs: number): Console {
  const seats = new Map(frame.seats.map((seat) => [seat.session, seat]));
  const first = frame.log[0]?.position ?? Number.MAX_SAFE_INTEGER;
  const sameSitting = state.hall?.head.sitting === frame.head.sitting;
  const older = sameSitting && frame.log.length > 0 ? (state.hall?.log ?? []).filter((line) => line.position < first) : [];
  const hall: Hall = {
    epoch: frame.epoch, position: frame.position, head: frame.head, room: frame.room, roomById: new Map(frame.room.map((seat) => [seat.id, seat])),
    seats, log: [...older, ...frame.log].slice(-LOG_LINES_MAX), proposals: frame.proposals,
  };
  return {
    ...heard(state, frame.head, nowMs),
    behind: false,
    hall,
    tracks: tracksAfter(state.tracks, state.hall?.seats, frame.seats, nowMs, true),
    selected: new Set([...state.selected].filter((session) => seats.has(session))),
    cursor: state.cursor !== undefined && hall.roomById.has(state.cursor) ? state.cursor : frame.room[0]?.id,
  };
}

function onDelta(state: Console, frame: WatchDelta, nowMs: number): Console {
  const { hall } = state;
  if (hall === undefined || (frame.epoch === hall.epoch && frame.position <= hall.position)) {
    return state;
  }
  if (frame.epoch !== hall.epoch || frame.position !== hall.position + 1) {
    return { ...state, behind: true };
  }
  const seats = new Map(hall.seats);
  frame.seats.forEach((seat) => seats.set(seat.session, seat));
  const next: Hall = {
    ...hall, position: frame.position, head: frame.head, seats, log: frame.log.length === 0 ? hall.log : [...hall.log, ...frame.log].slice(-LOG_LINES_MAX),
    proposals: frame.proposals ?? hall.proposals,
  };
  return { ...heard(state, frame.head, nowMs), hall: next, tracks: tracksAfter(state.tracks, hall.seats, frame.seats, nowMs, false) };
}

function heard(state: Console, head: WatchHead, nowMs: number): Console {
  return { ...state, heardMs: nowMs, utcOffsetMs: head.now_utc_ms - nowMs, now: { ms: nowMs, utcMs: head.now_utc_ms } };
}

/** Remembers since when a session runs or is disconnected; a state that goes on keeps its beginning. */
function tracksAfter(before: ReadonlyMap<Id, Track>, seatsBefore: ReadonlyMap<Id, SeatView> | undefined, seats: readonly SeatView[], nowMs: number, all: boolean): ReadonlyMap<Id, Track> {
  const next = all ? new Map<Id, Track>() : new Map(before);
  for (const seat of seats) {
    const old = before.get(seat.session);
    const was = seatsBefore?.get(seat.session);
    const goesOn = seat.phase === "running" && was?.phase === "running";
    next.set(seat.session, {
      receivedMs: nowMs,
      runningSinceMs: seat.phase !== "running" ? undefined : goesOn ? (old?.runningSinceMs ?? nowMs) : nowMs,
      sawStart: goesOn ? (old?.sawStart ?? false) : was !== undefined,
      disconnectedSinceMs: seat.connected ? undefined : was?.connected === false ? (old?.disconnectedSinceMs ?? nowMs) : nowMs,
    });
  }
  return next;
}

function alerted(state: Console): Console {
  if (state.hall === undefined) {
    return state;
  }
  const alerts = alertsNow(state.alerts, state.hall.seats.values(), state.tracks, state.hall.head, state.now);
  return alerts === state.alerts ? state : { ...state, alerts };
}

function onTick(state: Console, nowMs: number): Console {
  const notices = state.notices.some((notice) => notice.untilMs <= nowMs) ? state.notices.filter((notice) => notice.untilMs > nowMs) : state.notices;
  return alerted({ ...state, notices, now: { ms: nowMs, utcMs: nowMs + state.utcOffsetMs } });
}

function onLink(state: Console, up: boolean): Console {
  if (state.link === "gone" || state.link === "reload") {
    return state;
  }
  if (up) {
    return { ...state, link: "live", behind: true };
  }
  return { ...state, link: state.hall === undefined ? "connecting" : "lost" };
}

function onClosed(state: Console, code: number): Console {
  if (code === CLOSE_VERSION) {
    return { ...state, link: "reload" };
  }
  return comesBack(code) ? state : { ...state, link: "gone" };
}

function onChoose(state: Console, session: Id, how: How): Console {
  const { hall } = state;
  const seat = hall?.seats.get(session);
  if (hall === undefined || seat === undefined) {
    return state;
  }
  const cursor = seat.seat ?? state.cursor;
  const side = "person" as const;
  if (how === "range" && state.anchor !== undefined && seat.seat !== null) {
    return { ...state, selected: new Set(rectangle(hall.roomById, hall.seats.values(), state.anchor, seat.seat)), cursor, side };
  }
  const anchor = seat.seat ?? undefined;
  if (how === "toggle" || state.many) {
    const selected = new Set(state.selected);
    if (!selected.delete(session)) {
      selected.add(session);
    }
    return { ...state, selected, anchor, cursor, side };
  }
  return { ...state, selected: new Set([session]), anchor, cursor, side };
}

function withDialog(state: Console, change: (dialog: Dialog) => Dialog): Console {
  return state.dialog === undefined ? state : { ...state, dialog: change(state.dialog) };
}

function onAnswered(state: Console, id: Id, outcome: Outcome<ProctorAnswer | undefined>, nowMs: number): Console {
  const { dialog } = state;
  if (dialog === undefined || dialog.id !== id) {
    return state;
  }
  if (outcome.kind === "unreachable") {
    return { ...state, dialog: { ...dialog, busy: false, trouble: { kind: "unreachable" }, locked: true } };
  }
  if (outcome.kind === "refused") {
    // A status without one of our codes came from something in between: the command may have been done.
    const uncertain = outcome.refusal.code.startsWith("http_5");
    return { ...state, dialog: { ...dialog, busy: false, trouble: { kind: "refused", refusal: outcome.refusal }, locked: uncertain } };
  }
  const answer = outcome.value;
  if (answer?.t === "proposed" || (answer?.t === "done" && answer.pin !== null)) {
    return { ...state, dialog: { ...dialog, busy: false, trouble: undefined, locked: false, answer } };
  }
  const last = state.notices.at(-1)?.id ?? 0;
  const notice: Notice = { id: last + 1, kind: dialog.draft.kind, sessions: answer?.t === "done" ? answer.sessions : 0, untilMs: nowMs + NOTICE_MS };
  return { ...state, dialog: undefined, notices: [...state.notices, notice] };
}

function onLate(state: Console, session: Id, outcome: Outcome<LateEntry[]>): Console {
  if (state.late?.session !== session) {
    return state;
  }
  switch (outcome.kind) {
    case "ok":
      return { ...state, late: { session, entries: outcome.value, trouble: undefined } };
    case "refused":
      return { ...state, late: { ...state.late, trouble: { kind: "refused", refusal: outcome.refusal } } };
    case "unreachable":
      return { ...state, late: { ...state.late, trouble: { kind: "unreachable" } } };
  }
}
