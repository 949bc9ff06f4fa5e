// What the terminal knows, what can happen to it, and what can be read from it. Nothing here does IO or asks a clock.

import type { AnswerView, ClockView, Ended, PaperFrame, TerminalFrame, TerminalNews, TerminalSession } from "../wire";
import { type Clock, remaining } from "./clock";
import { openRange, placed } from "./paper";
import type { Practice, Rehearsal } from "./practice";

/** `crate::PROTOCOL_VERSION` of the wire. */
export const PROTOCOL_VERSION = 1;

/** A frame that is a command of this terminal and carries a `seq` (late answers are made from commands when they are sent). */
export type CommandFrame = Exclude<TerminalFrame, { t: "hello" } | { t: "late_answer" }>;

/** A command as the outbox on disk keeps it. */
export interface Command {
  readonly epoch: number;
  readonly seq: number;
  readonly frame: CommandFrame;
  /** Monotonic milliseconds of the page in which it was made. */
  readonly at_ms: number;
}

/** A command on its way: it stays until the server has said what became of it. */
export interface Entry extends Command {
  /** Where it is kept: nothing is sent before this is known. */
  readonly kept: "writing" | "disk" | "memory";
  /** Sent on the present connection and not yet answered. */
  readonly flying: boolean;
  /** Not sent before this instant (the server was busy). */
  readonly not_before_ms: number;
  /** Goes out as a late answer although it is of this epoch: the session had ended. */
  readonly late: boolean;
  /** How often the server has said "not running" to it. */
  readonly held: number;
}

/** What is kept on disk to show the exam again without the server. Written with every acknowledgement. */
export interface Snapshot {
  readonly who: TerminalSession;
  readonly epoch: number;
  readonly next_seq: number;
  readonly clock: ClockView;
  readonly paper_digest: string | null;
  readonly stored: readonly AnswerView[];
  readonly cursor: number;
  readonly start_individually: boolean;
  readonly reconnect_jitter_ms: number;
  readonly ended: Ended | null;
}

/** What was found on disk for a session. */
export interface Restored {
  readonly snapshot: Snapshot | null;
  /** Wall-clock time since the snapshot was written: the only use of the wall clock, and only until the next word of the server. */
  readonly elapsed_ms: number;
  readonly commands: readonly Command[];
  readonly paper: PaperFrame | null;
  readonly disk: boolean;
}

/** Answers that another session left on this machine. */
export interface Leftover {
  readonly participant_no: string;
  readonly answers: number;
}

/** How this machine likes to read. */
export interface Preferences {
  /** Per cent. */
  readonly zoom: number;
  readonly contrast: boolean;
  /** Single-letter keys (A-J, 1-9, R, ?). */
  readonly shortcuts: boolean;
}

/** The steps of the text size, per cent. */
export const ZOOMS = [100, 125, 150, 175, 200] as const;

/** Why this page may not go on although the server answers. */
export type Block = "elsewhere" | "second" | "version" | "error";

/** A notice to the candidate which stays until it is put away. */
export type Notice =
  | { readonly id: number; readonly t: "message"; readonly text: string }
  | { readonly id: number; readonly t: "refused"; readonly code: string; readonly position: number | null }
  | { readonly id: number; readonly t: "late"; readonly answers: number }
  | { readonly id: number; readonly t: "moved"; readonly answers: number };

/** Something to be said once to screen readers, politely. */
export type Saying =
  | { readonly t: "minutes"; readonly minutes: number; readonly section: boolean }
  | { readonly t: "chosen"; readonly letter: string; readonly on: boolean }
  | { readonly t: "cleared" }
  | { readonly t: "doubtful"; readonly on: boolean }
  | { readonly t: "saved"; readonly position: number }
  | { readonly t: "cut" }
  | { readonly t: "back" }
  | { readonly t: "section"; readonly title: string };

/** What lies over the page. */
export type Dialog =
  | { readonly t: "help" }
  | { readonly t: "finish" }
  | { readonly t: "advance" }
  | { readonly t: "pass_over" }
  | { readonly t: "leave" }
  | { readonly t: "picture"; readonly src: string; readonly alt: string };

/** Why the candidate is not let in. */
export type SignInRefusal = { readonly t: "malformed" } | { readonly t: "unreachable" } | { readonly t: "server"; readonly message: string };

/** Everything. */
export interface State {
  readonly now_ms: number;
  readonly place: "asking" | "unreachable" | "sign_in" | "in";
  readonly signing_in: boolean;
  readonly sign_in_refusal: SignInRefusal | null;
  readonly leftovers: readonly Leftover[];
  readonly who: TerminalSession | null;
  /** False when this browser keeps nothing on disk. */
  readonly disk: boolean;
  /** True once the disk has been read: no connection before that. */
  readonly restored: boolean;
  readonly link: "off" | "connecting" | "greeting" | "up" | "waiting";
  /** When the server was last heard, or the connection begun. */
  readonly heard_ms: number;
  readonly failures: number;
  readonly blocked: Block | null;
  readonly reloaded: boolean;
  /** -1 until the first welcome, ever. */
  readonly epoch: number;
  readonly next_seq: number;
  readonly start_individually: boolean;
  readonly reconnect_jitter_ms: number;
  readonly clock: Clock | null;
  readonly paper: PaperFrame | null;
  readonly paper_digest: string | null;
  /** What the server has acknowledged, per position. */
  readonly stored: readonly AnswerView[];
  readonly outbox: readonly Entry[];
  readonly cursor: number;
  /** The position last reported with a view command by this page. */
  readonly viewed: number | null;
  readonly ended: Ended | null;
  readonly confirmed: boolean;
  readonly not_me: boolean;
  /** Null when not practising. */
  readonly practice: Practice | null;
  /** The box of the consent is ticked. */
  readonly agreed: boolean;
  /** The list of items is unfolded, where it is folded for want of room. */
  readonly listed: boolean;
  readonly dialog: Dialog | null;
  readonly notices: readonly Notice[];
  readonly messages_seen: readonly number[];
  /** The newest things said, oldest first. */
  readonly said: readonly { readonly number: number; readonly what: Saying }[];
  readonly resynced_ms: number | null;
  readonly preferences: Preferences;
}

/** All that can happen: words of the server, of the rim, and of the candidate. */
export type Happening =
  | { t: "tick" }
  | { t: "session_found"; who: TerminalSession }
  | { t: "session_absent" }
  | { t: "unreachable" }
  | { t: "sign_in_refused"; refusal: SignInRefusal }
  | { t: "restored"; who: TerminalSession; restored: Restored }
  | { t: "nothing_restored" }
  | { t: "leftovers"; leftovers: readonly Leftover[] }
  | { t: "kept"; epoch: number; seq: number; where: "disk" | "memory" }
  | { t: "connecting" }
  | { t: "opened" }
  | { t: "closed"; code: number }
  | { t: "news"; news: TerminalNews }
  | { t: "sign_in"; participant_no: string; pin: string }
  | { t: "confirm" }
  | { t: "not_me"; yes: boolean }
  | { t: "consent" }
  | { t: "agree"; yes: boolean }
  | { t: "practise"; on: boolean }
  | { t: "rehearse"; move: Rehearsal }
  | { t: "list"; open: boolean }
  | { t: "start" }
  | { t: "go"; position: number }
  | { t: "previous" }
  | { t: "next" }
  | { t: "pass_over" }
  | { t: "choose"; index: number; spoken: boolean }
  | { t: "clear" }
  | { t: "doubt" }
  | { t: "ask"; dialog: Dialog }
  | { t: "close_dialog" }
  | { t: "advance" }
  | { t: "submit" }
  | { t: "withdraw" }
  | { t: "dismiss"; id: number }
  | { t: "retry" }
  | { t: "leave"; sure: boolean }
  | { t: "prefer"; preferences: Preferences };

/** A happening with its instant, in monotonic milliseconds of this page. */
export type Action = Happening & { readonly now_ms: number };

/** What the rim shall do. */
export type Effect =
  | { t: "ask_session" }
  | { t: "ask_session_after"; window_ms: number }
  | { t: "sign_in"; participant_no: string; pin: string }
  | { t: "restore"; who: TerminalSession }
  | { t: "restore_last" }
  | { t: "look_for_leftovers" }
  | { t: "connect" }
  | { t: "connect_after"; window_ms: number }
  | { t: "disconnect" }
  | { t: "send"; frame: TerminalFrame }
  | { t: "greet"; have_paper: string | null }
  | { t: "put"; session: string; command: Command }
  | { t: "remove"; session: string; commands: readonly { epoch: number; seq: number }[]; snapshot: Snapshot | null }
  | { t: "keep"; snapshot: Snapshot }
  | { t: "keep_paper"; paper: PaperFrame }
  | { t: "keep_pictures"; urls: readonly string[] }
  | { t: "forget"; session: string }
  | { t: "wake_after"; ms: number }
  | { t: "reload" }
  | { t: "prefer"; preferences: Preferences };

/** A state, and what is to be done about it. */
export interface Step {
  readonly state: State;
  readonly effects: readonly Effect[];
}

/** The state of a page that has just been opened. */
export function initial(preferences: Preferences, reloaded: boolean): State {
  return {
    now_ms: 0,
    place: "asking",
    signing_in: false,
    sign_in_refusal: null,
    leftovers: [],
    who: null,
    disk: true,
    restored: false,
    link: "off",
    heard_ms: 0,
    failures: 0,
    blocked: null,
    reloaded,
    epoch: -1,
    next_seq: 0,
    start_individually: false,
    reconnect_jitter_ms: 10_000,
    clock: null,
    paper: null,
    paper_digest: null,
    stored: [],
    outbox: [],
    cursor: 0,
    viewed: null,
    ended: null,
    confirmed: false,
    not_me: false,
    practice: null,
    agreed: false,
    listed: false,
    dialog: null,
    notices: [],
    messages_seen: [],
    said: [],
    resynced_ms: null,
    preferences,
  };
}

// ---- What can be read from a state ----------------------------------------------------------------------------------------------

/** One position as the candidate sees it: the newest choice made here, else what the server has acknowledged. */
export interface Cell {
  readonly choices: readonly number[];
  readonly doubtful: boolean;
  /** Something of it has not been acknowledged. */
  readonly pending: boolean;
}

/** All positions; the same array as long as nothing of it has changed. Commands of an older epoch are evidence, not answers, and do not show. */
export function cells(state: State): readonly Cell[] {
  const { paper, stored, outbox, epoch } = state;
  if (known.paper !== paper || known.stored !== stored || known.outbox !== outbox || known.epoch !== epoch) {
    known = { paper, stored, outbox, epoch, cells: cellsOf(state) };
  }
  return known.cells;
}

let known: Pick<State, "paper" | "stored" | "outbox" | "epoch"> & { cells: readonly Cell[] } = { paper: null, stored: [], outbox: [], epoch: -1, cells: [] };

function cellsOf(state: State): Cell[] {
  const all: Cell[] = (state.paper?.items ?? []).map((_, position) => {
    const stored = state.stored[position];
    return { choices: stored?.choices ?? [], doubtful: stored?.doubtful ?? false, pending: false };
  });
  for (const { epoch, late, frame } of state.outbox) {
    if (epoch !== state.epoch || late || (frame.t !== "answer" && frame.t !== "flag")) continue;
    const cell = all[frame.position];
    if (cell === undefined) continue;
    all[frame.position] =
      frame.t === "answer" ? { ...cell, choices: frame.choices, pending: true } : { ...cell, doubtful: frame.doubtful, pending: true };
  }
  return all;
}

/** The numbers above the grid and in the confirmation. */
export interface Counts {
  readonly answered: number;
  readonly unanswered: number;
  readonly doubtful: number;
  readonly unsent: number;
}

/** Counts what `cells` shows. */
export function counts(all: readonly Cell[]): Counts {
  const count = (which: (cell: Cell) => boolean): number => all.filter(which).length;
  const answered = count((cell) => cell.choices.length > 0);
  return { answered, unanswered: all.length - answered, doubtful: count((cell) => cell.doubtful), unsent: count((cell) => cell.pending) };
}

/** Positions (and, for older epochs, choices) with an answer the server has not acknowledged. */
export function unsentAnswers(state: State): number {
  const found = new Set<string>();
  for (const { epoch, frame } of state.outbox) if (frame.t === "answer") found.add(`${epoch}/${frame.position}`);
  return found.size;
}

/** The truth about what is saved where. */
export type Status =
  | { readonly t: "saved" }
  | { readonly t: "saving"; readonly answers: number }
  | { readonly t: "waiting"; readonly answers: number; readonly disk: boolean }
  | { readonly t: "marks" }
  | { readonly t: "connecting"; readonly answers: number; readonly disk: boolean }
  | { readonly t: "cut"; readonly answers: number; readonly disk: boolean };

/** What the status line says. */
export function status(state: State): Status {
  const answers = unsentAnswers(state);
  const disk = state.disk && state.outbox.every((entry) => entry.kept !== "memory");
  if (state.link !== "up") {
    if (state.ended !== null && answers === 0) return { t: "saved" };
    const first = state.link !== "waiting" && state.failures === 0;
    return { t: first ? "connecting" : "cut", answers, disk };
  }
  if (answers > 0) {
    const writing = state.outbox.some((entry) => entry.kept === "writing" && entry.frame.t === "answer");
    return writing ? { t: "saving", answers } : { t: "waiting", answers, disk };
  }
  return state.outbox.some((entry) => entry.frame.t === "flag") ? { t: "marks" } : { t: "saved" };
}

/** Which page is shown. */
export type Screen =
  | "asking"
  | "unreachable"
  | "sign_in"
  | "blocked"
  | "confirm"
  | "not_me"
  | "rules"
  | "practice"
  | "waiting"
  | "loading"
  | "exam"
  | "ending"
  | "ended";

/** The page that goes with a state. */
export function screen(state: State): Screen {
  if (state.place !== "in") return state.place;
  if (state.blocked !== null) return "blocked";
  if (state.ended !== null) return "ended";
  const phase = state.clock?.view.phase ?? "signed_in";
  switch (phase) {
    case "expected":
    case "checked_in":
    case "signed_in":
      if (state.not_me) return "not_me";
      return state.confirmed ? "rules" : "confirm";
    case "ready":
      return state.practice !== null ? "practice" : "waiting";
    case "running":
    case "paused":
      return state.paper === null || state.paper.digest !== (state.paper_digest ?? state.paper.digest) ? "loading" : "exam";
    case "submitted":
    case "expired":
    case "terminated":
      return "ending";
    default: {
      const unknown: never = phase;
      return unknown;
    }
  }
}

/** True when by this page's clock the time of the paper or of the current section is over: the server has the last word. */
export function timeUp(state: State): "paper" | "section" | null {
  if (state.clock === null || state.clock.view.phase !== "running") return null;
  const left = remaining(state.clock, state.now_ms);
  if (left.paper_ms <= 0) return "paper";
  return left.section_ms !== null && left.section_ms <= 0 ? "section" : null;
}

/** A command that waits to change the whole exam, so that nothing else may be done meanwhile. */
export function leaving(state: State): "submit" | "advance" | null {
  for (const { frame, epoch } of state.outbox) {
    if (epoch === state.epoch && (frame.t === "submit" || frame.t === "advance")) return frame.t;
  }
  return null;
}

/** True when a command of this kind is on its way. */
export function underway(state: State, kind: CommandFrame["t"]): boolean {
  return state.outbox.some((entry) => entry.epoch === state.epoch && entry.frame.t === kind);
}

/** True when the current item may be answered now. */
export function answerable(state: State): boolean {
  return screen(state) === "exam" && state.clock?.view.phase === "running" && timeUp(state) === null && leaving(state) === null;
}

/** How the candidate may move from the present item. */
export interface Moves {
  /** Positions the grid may open. */
  readonly grid: boolean;
  readonly previous: boolean;
  /** The last item of what is open: `next` asks for the end of the section or of the exam. */
  readonly last: boolean;
  /** There is another section behind the open ones. */
  readonly section_follows: boolean;
  readonly linear: boolean;
  readonly first: number;
  readonly end: number;
}

/** What the current section allows. */
export function moves(state: State): Moves {
  const paper = state.paper;
  if (paper === null) return { grid: false, previous: false, last: true, section_follows: false, linear: false, first: 0, end: 0 };
  const { first, end } = openRange(paper, state.clock?.view.section ?? 0);
  const linear = placed(paper).find((section) => section.first === first && section.end === end)?.outline.linear ?? false;
  return {
    grid: !linear,
    previous: !linear && state.cursor > first,
    last: state.cursor >= end - 1,
    section_follows: end < paper.items.length,
    linear,
    first,
    end,
  };
}
