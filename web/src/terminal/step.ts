// The terminal's one pure step: what happens, and what is to be done about it. The rim (main.tsx) does it.
//
// The order of things that must hold:
// * a command is put into the outbox on disk before it is sent, and leaves it only when the server has said what became of it;
// * commands go out in the order in which they were made; one that ends a section or the exam waits until all before it are answered;
// * two commands of the same number (of different epochs) are never on their way together, so that an answer to one is not taken for
//   an answer to the other;
// * nothing is sent while the session is paused, so that answers made while the cable was out are decided when the time runs again.

import type { AnswerView, ClockView, TerminalFrame, TerminalNews, Welcome } from "../wire";
import { aged, minutePassed, remaining } from "./clock";
import { openRange, pictures, sectionAt } from "./paper";
import { UNTOUCHED, rehearse } from "./practice";
import {
  type Action,
  type CommandFrame,
  type Effect,
  type Entry,
  type Happening,
  type Notice,
  type Restored,
  type Saying,
  type Snapshot,
  type State,
  type Step,
  answerable,
  cells,
  initial,
  moves,
  underway,
  unsentAnswers,
} from "./state";

/** The server speaks about every 15 s: after this silence the line counts as dead. */
const SILENCE_MS_MAX = 40_000;
/** A line that does not come up in this time is tried anew. */
const GREETING_MS_MAX = 20_000;
/** The first attempt after a loss is quick. */
const FIRST_RETRY_WINDOW_MS = 1_000;
/** Commands on their way at one time. */
const FLYING_MAX = 16;
/** How often a mark refused with `paused` is offered again. */
const HELD_MAX = 3;
const HOLD_MS = 2_000;
/** A refusal that shows a disagreement asks for a fresh welcome, but not more often than this. */
const RESYNC_MS_MIN = 10_000;
/** Every so many failed connections the page asks over HTTP whether it is still signed in: a browser does not tell why a websocket failed. */
const FAILURES_PER_PROBE = 3;

/** What follows from an action. */
export function step(state: State, action: Action): Step {
  const effects: Effect[] = [];
  const next = settle(happen(state, action, effects), action.now_ms, effects);
  return { state: announceTime(state, next), effects };
}

function happen(before: State, action: Action, effects: Effect[]): State {
  if (action.t === "tick") return tick(before, action.now_ms, effects);
  const now_ms = action.now_ms;
  const state = { ...before, now_ms };
  switch (action.t) {
    case "session_found":
      return sessionFound(state, action.who, effects);
    case "session_absent":
      return state.place === "in" && state.ended !== null ? state : signOut(state, effects);
    case "unreachable":
      return unreachable(state, effects);
    case "sign_in_refused":
      return { ...state, signing_in: false, sign_in_refusal: action.refusal };
    case "restored":
      return restore(state, action.who, action.restored, effects);
    case "nothing_restored":
      effects.push({ t: "ask_session_after", window_ms: 5_000 });
      return { ...state, place: "unreachable" };
    case "leftovers":
      return { ...state, leftovers: action.leftovers };
    case "kept":
      return kept(state, action.epoch, action.seq, action.where);
    case "connecting":
      return { ...state, link: "connecting", heard_ms: now_ms };
    case "opened":
      effects.push({ t: "greet", have_paper: state.paper?.digest ?? null });
      return { ...state, link: "greeting", heard_ms: now_ms };
    case "closed":
      return closed(state, action.code, effects);
    case "news":
      return heard({ ...state, heard_ms: now_ms }, action.news, effects);
    default:
      return candidate(state, action, effects);
  }
}

type ByCandidate = Extract<
  Happening,
  {
    t:
      | "sign_in" | "confirm" | "not_me" | "consent" | "agree" | "practise" | "rehearse" | "list" | "start" | "go" | "previous" | "next" | "pass_over" | "choose" | "clear"
      | "doubt" | "ask" | "close_dialog" | "advance" | "submit" | "withdraw" | "dismiss" | "retry" | "leave" | "prefer";
  }
>;

/** What the person in front of the page does. */
function candidate(state: State, action: ByCandidate, effects: Effect[]): State {
  switch (action.t) {
    case "sign_in": {
      if (state.signing_in) return state;
      const pin = action.pin.replace(/\s/g, "");
      if (!/^\d{8}$/.test(pin)) return { ...state, sign_in_refusal: { t: "malformed" } };
      effects.push({ t: "sign_in", participant_no: action.participant_no.trim(), pin });
      return { ...state, signing_in: true, sign_in_refusal: null };
    }
    case "confirm":
      return { ...state, confirmed: true };
    case "not_me":
      return { ...state, not_me: action.yes };
    case "consent":
      if (state.epoch < 0 || underway(state, "consent")) return state;
      return issue({ ...state, practice: UNTOUCHED }, (seq) => ({ t: "consent", seq }), effects);
    case "agree":
      return { ...state, agreed: action.yes };
    case "practise":
      return { ...state, practice: action.on ? UNTOUCHED : null };
    case "rehearse":
      return state.practice === null ? state : { ...state, practice: rehearse(state.practice, action.move) };
    case "list":
      return { ...state, listed: action.open };
    case "start":
      if (state.epoch < 0 || underway(state, "start")) return state;
      return issue(state, (seq) => ({ t: "start", seq }), effects);
    case "go": {
      const { grid, first, end } = moves(state);
      return grid && action.position >= first && action.position < end ? { ...state, cursor: action.position, listed: false } : state;
    }
    case "previous":
      return moves(state).previous ? { ...state, cursor: state.cursor - 1 } : state;
    case "next":
      return next(state, false);
    case "pass_over":
      return next({ ...state, dialog: null }, true);
    case "choose":
      return choose(state, action.index, action.spoken, effects);
    case "clear": {
      const item = state.paper?.items[state.cursor];
      if (item === undefined || !answerable(state) || here(state).choices.length === 0) return state;
      const position = state.cursor;
      return issue(say(state, { t: "cleared" }), (seq) => ({ t: "answer", seq, position, item: item.item, choices: [] }), effects);
    }
    case "doubt": {
      if (!answerable(state)) return state;
      const doubtful = !here(state).doubtful;
      const position = state.cursor;
      return issue(say(state, { t: "doubtful", on: doubtful }), (seq) => ({ t: "flag", seq, position, doubtful }), effects);
    }
    case "ask":
      return { ...state, dialog: action.dialog };
    case "close_dialog":
      return { ...state, dialog: null };
    case "advance": {
      const section = state.clock?.view.section ?? 0;
      const closed = { ...state, dialog: null };
      return mayEnd(state) ? issue(closed, (seq) => ({ t: "advance", seq, section }), effects) : closed;
    }
    case "submit": {
      const closed = { ...state, dialog: null };
      return mayEnd(state) ? issue(closed, (seq) => ({ t: "submit", seq }), effects) : closed;
    }
    case "withdraw":
      return withdraw(state, effects);
    case "dismiss":
      return { ...state, notices: state.notices.filter((notice) => notice.id !== action.id) };
    case "retry":
      if (state.blocked === "version" || state.blocked === "error") effects.push({ t: "reload" });
      else effects.push({ t: "connect" });
      return { ...state, blocked: null, link: "waiting" };
    case "leave":
      return leave(state, action.sure, effects);
    case "prefer":
      effects.push({ t: "prefer", preferences: action.preferences });
      return { ...state, preferences: action.preferences };
    default: {
      const unknown: never = action;
      return unknown;
    }
  }
}

/** The exam may be ended, and a section left, while it runs and nothing of that kind is under way. */
function mayEnd(state: State): boolean {
  return state.clock?.view.phase === "running" && state.ended === null && !underway(state, "submit") && !underway(state, "advance");
}

// ---- Before the exam ------------------------------------------------------------------------------------------------------------

function sessionFound(state: State, who: State["who"] & object, effects: Effect[]): State {
  if (state.place === "in") {
    // The answer to a probe: still signed in, unless another page of this machine has signed in somebody else.
    if (state.who?.session !== who.session) effects.push({ t: "reload" });
    return state;
  }
  effects.push({ t: "restore", who });
  return { ...initial(state.preferences, state.reloaded), now_ms: state.now_ms, place: "in", who };
}

function unreachable(state: State, effects: Effect[]): State {
  switch (state.place) {
    case "in":
      return state;
    case "sign_in":
      return { ...state, signing_in: false, sign_in_refusal: { t: "unreachable" } };
    case "asking":
    case "unreachable":
      effects.push({ t: "restore_last" });
      return state;
    default: {
      const unknown: never = state.place;
      return unknown;
    }
  }
}

function signOut(state: State, effects: Effect[]): State {
  effects.push({ t: "disconnect" }, { t: "look_for_leftovers" });
  return { ...initial(state.preferences, state.reloaded), now_ms: state.now_ms, place: "sign_in" };
}

function restore(before: State, who: Snapshot["who"], restored: Restored, effects: Effect[]): State {
  // Without an answer of the server (`place` was not yet "in") the line counts as cut from the beginning.
  const failures = before.place === "in" ? 0 : 1;
  let state: State = { ...before, place: "in", who, restored: true, disk: restored.disk, failures };
  const { snapshot, paper } = restored;
  if (snapshot !== null) {
    state = {
      ...state,
      epoch: snapshot.epoch,
      start_individually: snapshot.start_individually,
      reconnect_jitter_ms: snapshot.reconnect_jitter_ms,
      clock: { view: aged(snapshot.clock, restored.elapsed_ms), heard_ms: state.now_ms },
      paper_digest: snapshot.paper_digest,
      paper: paper !== null && paper.digest === snapshot.paper_digest ? paper : null,
      stored: snapshot.stored,
      cursor: snapshot.cursor,
      ended: snapshot.ended,
      next_seq: snapshot.next_seq,
    };
  }
  const outbox = restored.commands.map((command): Entry => ({ ...command, kept: "disk", flying: false, not_before_ms: 0, late: false, held: 0 }));
  state = { ...state, outbox, next_seq: afterOutbox(state.next_seq, state.epoch, outbox) };
  effects.push({ t: "connect" });
  return { ...state, cursor: lastView(state) ?? state.cursor };
}

function leave(state: State, sure: boolean, effects: Effect[]): State {
  if (state.who !== null) {
    if (unsentAnswers(state) > 0 && !sure) return { ...state, dialog: { t: "leave" } };
    effects.push({ t: "forget", session: state.who.session });
  }
  return signOut(state, effects);
}

// ---- The candidate's commands ---------------------------------------------------------------------------------------------------

/** Numbers a command and has it put into the outbox; it is sent once it is kept. */
function issue(state: State, frame: (seq: number) => CommandFrame, effects: Effect[]): State {
  if (state.who === null || state.epoch < 0) return state;
  const seq = state.next_seq;
  const command = { epoch: state.epoch, seq, frame: frame(seq), at_ms: Math.round(state.now_ms) };
  effects.push({ t: "put", session: state.who.session, command });
  const entry: Entry = { ...command, kept: "writing", flying: false, not_before_ms: 0, late: false, held: 0 };
  return { ...state, next_seq: seq + 1, outbox: [...state.outbox, entry] };
}

function here(state: State): { choices: readonly number[]; doubtful: boolean } {
  return cells(state)[state.cursor] ?? { choices: [], doubtful: false };
}

function choose(state: State, index: number, spoken: boolean, effects: Effect[]): State {
  const item = state.paper?.items[state.cursor];
  const choice = item?.choices[index];
  if (item === undefined || choice === undefined || !answerable(state)) return state;
  const chosen = here(state).choices;
  const has = chosen.includes(choice.id);
  const on = !(item.multiple && has);
  const said = spoken ? say(state, { t: "chosen", letter: letterOf(index), on }) : state;
  if (!item.multiple && has) return said;
  const choices = item.multiple ? (has ? chosen.filter((id) => id !== choice.id) : [...chosen, choice.id].sort((a, b) => a - b)) : [choice.id];
  const position = state.cursor;
  return issue(said, (seq) => ({ t: "answer", seq, position, item: item.item, choices }), effects);
}

/** The letter of a choice in shown order. */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

function next(state: State, sure: boolean): State {
  const { last, section_follows, linear } = moves(state);
  if (last) return { ...state, dialog: { t: section_follows ? "advance" : "finish" } };
  // In a linear section an item that is left cannot be opened again.
  if (linear && !sure && here(state).choices.length === 0) return { ...state, dialog: { t: "pass_over" } };
  return { ...state, cursor: state.cursor + 1 };
}

/** Takes back the end of a section or of the exam, as long as it has not been sent on this connection. */
function withdraw(state: State, effects: Effect[]): State {
  const ends = (entry: Entry): boolean =>
    entry.epoch === state.epoch && !entry.flying && (entry.frame.t === "submit" || entry.frame.t === "advance");
  return remove(state, state.outbox.filter(ends), effects);
}

// ---- The outbox -----------------------------------------------------------------------------------------------------------------

function kept(state: State, epoch: number, seq: number, where: "disk" | "memory"): State {
  const outbox = state.outbox.map((entry) => (entry.epoch === epoch && entry.seq === seq ? { ...entry, kept: where } : entry));
  return { ...state, outbox, disk: state.disk && where === "disk" };
}

/** Takes entries out, here and on disk; the snapshot that goes with it is written in the same transaction. */
function remove(state: State, entries: readonly Entry[], effects: Effect[]): State {
  if (entries.length === 0 || state.who === null) return state;
  const left = { ...state, outbox: state.outbox.filter((entry) => !entries.includes(entry)) };
  const commands = entries.map(({ epoch, seq }) => ({ epoch, seq }));
  effects.push({ t: "remove", session: state.who.session, commands, snapshot: snapshotOf(left) });
  return left;
}

function afterOutbox(next_seq: number, epoch: number, outbox: readonly Entry[]): number {
  return outbox.reduce((next, entry) => (entry.epoch === epoch ? Math.max(next, entry.seq + 1) : next), next_seq);
}

function lastView(state: State): number | null {
  const views = state.outbox.flatMap(({ epoch, frame }) => (epoch === state.epoch && frame.t === "view" ? [frame.position] : []));
  return views.at(-1) ?? null;
}

/** What is kept on disk of this state. */
export function snapshotOf(state: State): Snapshot | null {
  if (state.who === null || state.clock === null) return null;
  return {
    who: state.who,
    epoch: state.epoch,
    next_seq: state.next_seq,
    clock: aged(state.clock.view, state.now_ms - state.clock.heard_ms),
    paper_digest: state.paper_digest,
    stored: state.stored,
    cursor: state.cursor,
    start_individually: state.start_individually,
    reconnect_jitter_ms: state.reconnect_jitter_ms,
    ended: state.ended,
  };
}

function keep(state: State, effects: Effect[]): State {
  const snapshot = snapshotOf(state);
  if (snapshot !== null) effects.push({ t: "keep", snapshot });
  return state;
}

// ---- The server's words ---------------------------------------------------------------------------------------------------------

function heard(state: State, news: TerminalNews, effects: Effect[]): State {
  switch (news.t) {
    case "welcome":
      return welcome(state, news, effects);
    case "paper": {
      effects.push({ t: "keep_paper", paper: news }, { t: "keep_pictures", urls: pictures(news) });
      return keep({ ...state, paper: news, paper_digest: news.digest }, effects);
    }
    case "saved":
      return answered(state, news.seq, (entry) => saved(state, entry, effects));
    case "late":
      return answered(state, news.seq, (entry) => {
        const gone = remove(state, [entry], effects);
        return entry.epoch === state.epoch && entry.frame.t === "answer" ? notifyLate(gone) : gone;
      });
    case "refused":
      return answered(state, news.seq, (entry) => refused(state, entry, news.code, news.retry_after_ms, effects));
    case "clock":
      return clock(state, news, effects);
    case "message":
      if (state.messages_seen.includes(news.id)) return state;
      return notify({ ...state, messages_seen: [...state.messages_seen, news.id] }, { t: "message", text: news.text });
    case "evidence": {
      // The session sits elsewhere now: what is left here is told as evidence, then the server closes. Until then nothing may be answered.
      const outbox = state.outbox.map((entry) => ({ ...entry, flying: false }));
      return remove({ ...state, link: "up", blocked: "elsewhere", dialog: null, epoch: news.epoch, outbox }, outbox.filter((entry) => entry.frame.t !== "answer"), effects);
    }
    case "ended":
      return keep({ ...state, ended: { how: news.how, marks: news.marks, answered: news.answered }, dialog: null }, effects);
    default: {
      // A newer server may say more than this page knows.
      const unknown: never = news;
      void unknown;
      return state;
    }
  }
}

function welcome(before: State, news: Welcome, effects: Effect[]): State {
  if (before.who === null || before.who.session !== news.session) {
    effects.push({ t: "reload" });
    return before;
  }
  const known = before.epoch === news.epoch;
  const shown = known && before.viewed !== null;
  let state: State = {
    ...before,
    link: "up",
    failures: 0,
    blocked: null,
    epoch: news.epoch,
    clock: { view: news.clock, heard_ms: before.now_ms },
    paper_digest: news.paper_digest,
    stored: news.answers,
    start_individually: news.start_individually,
    reconnect_jitter_ms: news.reconnect_jitter_ms,
    ended: news.ended,
    outbox: before.outbox.map((entry) => (entry.flying ? { ...entry, flying: false } : entry)),
  };
  // Of another epoch only answers are worth telling.
  const older = state.outbox.filter((entry) => entry.epoch !== news.epoch);
  state = remove(state, older.filter((entry) => entry.frame.t !== "answer"), effects);
  const evidence = older.filter((entry) => entry.frame.t === "answer").length;
  if (evidence > 0 && !known) state = notify(state, { t: "moved", answers: evidence });
  state = {
    ...state,
    next_seq: afterOutbox(known ? Math.max(news.next_seq, before.next_seq) : news.next_seq, news.epoch, state.outbox),
    viewed: known ? state.viewed : null,
  };
  if (!shown) {
    state = { ...state, cursor: lastView(state) ?? news.cursor };
    // A reload may have come before all pictures had.
    if (state.paper !== null) effects.push({ t: "keep_pictures", urls: pictures(state.paper) });
  }
  if (before.link !== "up" && before.failures > 0) state = say(state, { t: "back" });
  return keep(state, effects);
}

/** Finds the command that an answer of the server belongs to: the one on its way with that number. */
function answered(state: State, seq: number, then: (entry: Entry) => State): State {
  const entry = state.outbox.find((candidate) => candidate.seq === seq && candidate.flying);
  return entry === undefined ? state : then(entry);
}

function saved(state: State, entry: Entry, effects: Effect[]): State {
  const gone = (next: State): State => remove({ ...next, outbox: state.outbox }, [entry], effects);
  if (entry.epoch !== state.epoch || entry.late) return gone(state);
  const { frame } = entry;
  switch (frame.t) {
    case "answer":
      return gone(say(store(state, frame.position, { choices: frame.choices }), { t: "saved", position: frame.position }));
    case "flag":
      return gone(store(state, frame.position, { doubtful: frame.doubtful }));
    case "consent":
      return gone(view(state, (now) => (now.phase === "signed_in" ? { ...now, phase: "ready" } : now)));
    case "advance":
      // The clock frame with the new section follows; until then the section that was left is not shown again.
      return gone(view(state, (now) => (now.section === frame.section ? { ...now, section: now.section + 1, section_remaining_ms: null } : now)));
    case "submit":
      return gone(view(state, (now) => ({ ...now, phase: "submitted" })));
    case "start":
    case "view":
      return gone(state);
    default: {
      const unknown: never = frame;
      return unknown;
    }
  }
}

function store(state: State, position: number, change: Partial<AnswerView>): State {
  const stored = Array.from({ length: Math.max(state.stored.length, position + 1) }, (_, at) => state.stored[at] ?? { choices: [], doubtful: false });
  stored[position] = { ...stored[position]!, ...change };
  return { ...state, stored };
}

function view(state: State, change: (now: ClockView) => ClockView): State {
  if (state.clock === null) return state;
  return { ...state, clock: { view: change(aged(state.clock.view, state.now_ms - state.clock.heard_ms)), heard_ms: state.now_ms } };
}

function refused(state: State, entry: Entry, code: string, retry_after_ms: number | undefined, effects: Effect[]): State {
  const { frame } = entry;
  const change = (fields: Partial<Entry>): State => ({
    ...state,
    outbox: state.outbox.map((one) => (one === entry ? { ...one, flying: false, ...fields } : one)),
  });
  const overtaken = state.outbox.some((newer) => newer.flying && newer.epoch === entry.epoch && newer.seq > entry.seq && sameThing(newer.frame, frame));
  // A newer answer of this item is on its way and may be taken first: offered again after it, this one would be shown over it.
  if (code === "superseded" || (overtaken && (code === "busy" || code === "paused"))) return remove(state, [entry], effects);
  if (code === "busy") {
    const ms = retry_after_ms ?? 1_000;
    effects.push({ t: "wake_after", ms });
    return change({ not_before_ms: state.now_ms + ms });
  }
  // The number was used for something else, for instance before this machine lost its memory: the same again under a new one.
  if (code === "number_reused" && frame.t === "answer") return issue(remove(state, [entry], effects), (seq) => ({ ...frame, seq }), effects);
  // Another terminal speaks for the session: the answer stays here, to be told as evidence when the server asks for it.
  if (code === "terminal_superseded" && frame.t === "answer") return change({ not_before_ms: state.now_ms + HOLD_MS });
  if (code === "paused" && entry.epoch === state.epoch && (frame.t === "answer" || frame.t === "flag") && entry.held < HELD_MAX) {
    // A pause that was declared while the cable was out: the answer is offered again when the time runs on.
    effects.push({ t: "wake_after", ms: HOLD_MS });
    return change({ held: entry.held + 1, not_before_ms: state.now_ms + HOLD_MS });
  }
  if (code === "session_ended" && frame.t === "answer" && !entry.late) {
    // Too late to count, but not too late to be told: it goes out again as evidence.
    return change({ late: true });
  }
  let next = remove(state, [entry], effects);
  if (frame.t === "view") return next;
  next = notify(next, { t: "refused", code, position: frame.t === "answer" ? frame.position : null });
  if (next.resynced_ms !== null && next.now_ms - next.resynced_ms < RESYNC_MS_MIN) return next;
  // Page and server disagree: a fresh welcome brings the state as the server has it.
  effects.push({ t: "connect" });
  return grounded({ ...next, resynced_ms: next.now_ms, link: "connecting" });
}

function clock(before: State, news: ClockView, effects: Effect[]): State {
  const started = before.clock?.view.phase !== "running" && news.phase === "running";
  const state = { ...before, clock: { view: news, heard_ms: before.now_ms } };
  // A pause is over: what waited for it is offered at once.
  const outbox = started ? state.outbox.map((entry) => (entry.held > 0 ? { ...entry, not_before_ms: 0 } : entry)) : state.outbox;
  return keep({ ...state, outbox, practice: started ? null : state.practice }, effects);
}

// ---- The line -------------------------------------------------------------------------------------------------------------------

/** Nothing is on its way any more; what was not answered will be sent again. */
function grounded(state: State): State {
  return { ...state, outbox: state.outbox.map((entry) => (entry.flying ? { ...entry, flying: false } : entry)) };
}

function closed(before: State, code: number, effects: Effect[]): State {
  const state = grounded(before);
  const block = (blocked: State["blocked"]): State => ({ ...state, blocked, link: "off", dialog: null });
  if (state.ended !== null && (state.outbox.length === 0 || (code >= 4000 && code < 4004))) return { ...state, link: "off" };
  switch (code) {
    case 4000:
      return block("error");
    case 4001:
      return signOut(state, effects);
    case 4002:
      // Answers that crossed with the move are told as evidence, on a line that was opened after it.
      if (state.outbox.some(({ epoch, frame }) => frame.t === "answer" && epoch === state.epoch)) {
        effects.push({ t: "connect_after", window_ms: FIRST_RETRY_WINDOW_MS });
        return { ...block("elsewhere"), link: "waiting" };
      }
      return block("elsewhere");
    case 4003:
      return block("second");
    case 4006:
      if (state.reloaded) return block("version");
      effects.push({ t: "reload" });
      return { ...state, link: "off" };
    default:
      // 4004 and 4005 (going away: the whole hall comes back at once, so the first attempt waits too), and every broken line.
      return lose(state, code === 4005, effects);
  }
}

function lose(before: State, paced: boolean, effects: Effect[]): State {
  const failures = before.failures + 1;
  const window_ms = failures === 1 && !paced ? FIRST_RETRY_WINDOW_MS : before.reconnect_jitter_ms;
  effects.push({ t: "connect_after", window_ms });
  if (failures % FAILURES_PER_PROBE === 0) effects.push({ t: "ask_session" });
  const state: State = { ...before, link: "waiting", failures };
  return before.link === "up" ? say(state, { t: "cut" }) : state;
}

function tick(before: State, now_ms: number, effects: Effect[]): State {
  let state = before;
  const silent_ms = now_ms - state.heard_ms;
  const needed = state.ended === null || state.outbox.length > 0;
  if (needed && ((state.link === "up" && silent_ms > SILENCE_MS_MAX) || ((state.link === "connecting" || state.link === "greeting") && silent_ms > GREETING_MS_MAX))) {
    effects.push({ t: "disconnect" });
    state = lose(grounded({ ...state, now_ms }), false, effects);
  }
  if (state.clock === null) return state;
  const [was, is] = [remaining(state.clock, state.now_ms), remaining(state.clock, now_ms)];
  // A tick within the same shown second changes nothing, and nothing is drawn.
  if (seconds(was.paper_ms) === seconds(is.paper_ms) && seconds(was.section_ms) === seconds(is.section_ms)) return state;
  return { ...state, now_ms };
}

/** Says that a round minute was passed, whichever action passed it. */
function announceTime(before: State, after: State): State {
  if (before.clock === null || after.clock === null || before.clock.view.phase !== "running" || after.clock.view.phase !== "running") return after;
  const [was, is] = [remaining(before.clock, before.now_ms), remaining(after.clock, after.now_ms)];
  const minutes = minutePassed(was.paper_ms, is.paper_ms);
  if (minutes !== null) return say(after, { t: "minutes", minutes, section: false });
  if (was.section_ms === null || is.section_ms === null || before.clock.view.section !== after.clock.view.section) return after;
  const sectionMinutes = minutePassed(was.section_ms, is.section_ms);
  return sectionMinutes === null ? after : say(after, { t: "minutes", minutes: sectionMinutes, section: true });
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : Math.ceil(ms / 1000);
}

// ---- What follows from every step -----------------------------------------------------------------------------------------------

function settle(before: State, now_ms: number, effects: Effect[]): State {
  return pump(prune(look(confine(before), effects), effects), now_ms, effects);
}

/** Keeps the cursor inside what the current section leaves open. */
function confine(state: State): State {
  if (state.paper === null || state.clock === null || state.paper.items.length === 0) return state;
  const { first, end } = openRange(state.paper, state.clock.view.section);
  if (state.cursor >= first && state.cursor < end) return state;
  const moved: State = { ...state, cursor: first, dialog: state.dialog?.t === "picture" || state.dialog?.t === "help" ? state.dialog : null };
  const title = sectionAt(state.paper, first)?.outline.title;
  return title === undefined || state.viewed === null ? moved : say(moved, { t: "section", title });
}

/** Reports the item that is looked at. */
function look(state: State, effects: Effect[]): State {
  const running = state.clock?.view.phase === "running" && state.ended === null;
  if (!running || state.paper === null || state.viewed === state.cursor || !answerable(state)) return state;
  const position = state.cursor;
  return issue({ ...state, viewed: position }, (seq) => ({ t: "view", seq, position }), effects);
}

/**
 * Drops marks and views that wait although a newer one of their kind is kept: sent again after it they would undo it. Answers stay, as
 * evidence; the server knows which is the newest.
 */
function prune(state: State, effects: Effect[]): State {
  if (state.outbox.length < 2) return state;
  const old = ({ frame, flying, epoch, seq }: Entry): boolean =>
    !flying &&
    ((frame.t === "view" && !moves(state).linear) || frame.t === "flag") &&
    state.outbox.some((newer) => newer.kept !== "writing" && newer.epoch === epoch && newer.seq > seq && sameThing(newer.frame, frame));
  return remove(state, state.outbox.filter(old), effects);
}

function sameThing(a: CommandFrame, b: CommandFrame): boolean {
  return a.t === b.t && (a.t === "view" || ("position" in a && "position" in b && a.position === b.position));
}

/** Sends what may be sent. */
function pump(state: State, now_ms: number, effects: Effect[]): State {
  if (state.link !== "up" || state.outbox.length === 0 || state.outbox.every((entry) => entry.flying)) return state;
  const paused = state.clock?.view.phase === "paused";
  const order = [...state.outbox].sort((a, b) => a.epoch - b.epoch || a.seq - b.seq);
  const numbers = new Set(order.filter((entry) => entry.flying).map((entry) => entry.seq));
  const sent = new Set<Entry>();
  for (const [index, entry] of order.entries()) {
    const barrier = endsSomething(entry) && entry.epoch === state.epoch;
    if (!entry.flying) {
      const own = entry.epoch === state.epoch && !entry.late;
      const waits = entry.kept === "writing" || entry.not_before_ms > now_ms || (paused && own) || (barrier && index > 0);
      if (waits || numbers.size >= FLYING_MAX || numbers.has(entry.seq)) break;
      numbers.add(entry.seq);
      sent.add(entry);
      effects.push({ t: "send", frame: own ? entry.frame : lateFrame(entry) });
    }
    if (barrier) break;
  }
  return sent.size === 0 ? state : { ...state, outbox: state.outbox.map((entry) => (sent.has(entry) ? { ...entry, flying: true } : entry)) };
}

function endsSomething({ frame }: Entry): boolean {
  return frame.t === "submit" || frame.t === "advance";
}

function lateFrame({ frame, epoch, at_ms }: Entry): TerminalFrame {
  return frame.t === "answer"
    ? { t: "late_answer", seq: frame.seq, epoch, position: frame.position, item: frame.item, choices: frame.choices, client_mono_ms: at_ms }
    : frame;
}

type NewNotice = Notice extends infer Each ? (Each extends Notice ? Omit<Each, "id"> : never) : never;

function notify(state: State, notice: NewNotice): State {
  const id = (state.notices.at(-1)?.id ?? 0) + 1;
  return { ...state, notices: [...state.notices, { ...notice, id } as Notice].slice(-4) };
}

/** One notice for all late answers. */
function notifyLate(state: State): State {
  const late = state.notices.find((notice) => notice.t === "late");
  if (late === undefined) return notify(state, { t: "late", answers: 1 });
  return { ...state, notices: state.notices.map((notice) => (notice === late ? { ...late, answers: late.answers + 1 } : notice)) };
}

function say(state: State, what: Saying): State {
  return { ...state, said: [...state.said, { number: (state.said.at(-1)?.number ?? 0) + 1, what }].slice(-3) };
}
