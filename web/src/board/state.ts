// The state of a public screen and its one pure step.

import type { BoardFrame, BoardKind, BoardRow, BoardSection, BoardSnapshot } from "../wire";
import { pagesOf, type Page } from "./pages";
import { groupsOf, ranksById, withChanged, type Group } from "./ranking";

/** A page stands so long before the screen turns it. */
export const TURN_MS = 12_000;
/** A row that moved up is marked so long. */
export const ROSE_MS = 5_000;
/** Fewest and most lines on a page of a hall screen, and how many at first. */
export const LINES = { min: 6, max: 30, first: 12 };
/** Rows shown at once on a phone, and added by "more". */
export const PHONE_ROWS = 40;

/** How the connection stands. */
export type Link = "connecting" | "live" | "lost" | "reload" | "gone";

/** The board as last heard of. */
export interface Board {
  epoch: number;
  position: number;
  kind: BoardKind;
  title: string;
  subtitle: string;
  sections: readonly BoardSection[];
  formations: readonly string[];
  frozen: boolean;
  reveal: string;
  groups: readonly Group[];
  candidates: number;
}

/** A row that moved up. */
export interface Rose {
  places: number;
  untilMs: number;
}

/** A screen. */
export interface Screen {
  link: Link;
  /** A frame was missed: what is shown is kept, and the next snapshot is awaited. */
  behind: boolean;
  board: Board | undefined;
  updatedUtcMs: number | undefined;
  roses: ReadonlyMap<number, Rose>;
  /** Lines on a page. */
  lines: number;
  page: number;
  paused: boolean;
  /** When the page was turned last, on the page's own monotonic clock. */
  turnedMs: number;
  nowMs: number;
  /** Only this formation; none means all. */
  formation: number | undefined;
  find: string;
  phoneRows: number;
}

/** What happens to a screen. */
export type Action =
  | { type: "frame"; frame: BoardFrame; atUtcMs: number; nowMs: number }
  | { type: "link"; up: boolean }
  | { type: "closed"; code: number }
  | { type: "tick"; nowMs: number }
  | { type: "turn"; by: 1 | -1; nowMs: number }
  | { type: "pause"; nowMs: number }
  | { type: "lines"; by: number }
  | { type: "formation"; formation: number | undefined; nowMs: number }
  | { type: "find"; find: string }
  | { type: "more" };

/** Close codes after which coming back makes no sense (see `wire::terminal::close`). */
export const CLOSE_BAD_FRAME = 4000;
export const CLOSE_VERSION = 4006;

/** A screen that has just been switched on. */
export function blank(nowMs: number): Screen {
  return {
    link: "connecting", behind: false, board: undefined, updatedUtcMs: undefined, roses: new Map(), lines: LINES.first, page: 0, paused: false,
    turnedMs: nowMs, nowMs, formation: undefined, find: "", phoneRows: PHONE_ROWS,
  };
}

/** Pure: the next state. */
export function step(state: Screen, action: Action): Screen {
  switch (action.type) {
    case "frame":
      return onFrame(state, action.frame, action.atUtcMs, action.nowMs);
    case "link":
      return onLink(state, action.up);
    case "closed":
      return onClosed(state, action.code);
    case "tick":
      return onTick(state, action.nowMs);
    case "turn":
      return turned(state, action.by, action.nowMs);
    case "pause":
      return { ...state, paused: !state.paused, turnedMs: action.nowMs };
    case "lines":
      return clamped({ ...state, lines: Math.min(LINES.max, Math.max(LINES.min, state.lines + action.by)) });
    case "formation":
      return { ...state, formation: action.formation, page: 0, turnedMs: action.nowMs, phoneRows: PHONE_ROWS };
    case "find":
      return { ...state, find: action.find, phoneRows: PHONE_ROWS };
    case "more":
      return { ...state, phoneRows: state.phoneRows + PHONE_ROWS };
  }
}

/** The groups chosen to be shown. */
export function shownGroups(state: Screen): readonly Group[] {
  const groups = state.board?.groups ?? [];
  return state.formation === undefined ? groups : groups.filter((group) => group.formation === state.formation);
}

/** The pages of the hall screen. */
export function shownPages(state: Screen): Page[] {
  return pagesOf(shownGroups(state), state.lines);
}

function onFrame(state: Screen, frame: BoardFrame, atUtcMs: number, nowMs: number): Screen {
  switch (frame.t) {
    case "snapshot": {
      const board = fromSnapshot(frame);
      const formation = state.formation !== undefined && state.formation < board.formations.length && board.kind === "stage" ? state.formation : undefined;
      return clamped({ ...state, board, formation, behind: false, updatedUtcMs: atUtcMs, roses: new Map() });
    }
    case "delta": {
      const board = state.board;
      if (board === undefined || (frame.epoch === board.epoch && frame.position <= board.position)) {
        return state;
      }
      if (frame.epoch !== board.epoch || frame.position !== board.position + 1) {
        return { ...state, behind: true };
      }
      const groups = frame.rows.length === 0 ? board.groups : withChanged(board.groups, frame.rows, board.kind);
      const next: Board = { ...board, position: frame.position, frozen: frame.frozen, groups, candidates: countRows(groups) };
      return clamped({ ...state, board: next, updatedUtcMs: atUtcMs, roses: rosesAfter(state.roses, board.groups, groups, frame.rows, nowMs) });
    }
  }
}

function fromSnapshot(frame: BoardSnapshot): Board {
  const { epoch, position, kind, title, subtitle, sections, formations, frozen, reveal, rows } = frame;
  return { epoch, position, kind, title, subtitle, sections, formations, frozen, reveal, groups: groupsOf(rows, kind), candidates: rows.length };
}

function countRows(groups: readonly Group[]): number {
  return groups.reduce((sum, group) => sum + group.rows.length, 0);
}

/** Marks the changed rows that stand higher than before; older marks that are not over stay. */
function rosesAfter(roses: ReadonlyMap<number, Rose>, before: readonly Group[], after: readonly Group[], changed: readonly BoardRow[], nowMs: number): ReadonlyMap<number, Rose> {
  if (changed.length === 0) {
    return roses;
  }
  const was = ranksById(before);
  const is = ranksById(after);
  const next = new Map([...roses].filter(([, rose]) => rose.untilMs > nowMs));
  for (const { id } of changed) {
    const old = was.get(id);
    const now = is.get(id);
    if (old === undefined || now === undefined) {
      continue;
    }
    if (now < old) {
      next.set(id, { places: old - now, untilMs: nowMs + ROSE_MS });
    } else if (now > old) {
      next.delete(id);
    }
  }
  return next;
}

function onLink(state: Screen, up: boolean): Screen {
  if (state.link === "reload" || state.link === "gone") {
    return state;
  }
  if (up) {
    // Live only once a snapshot is there; until then the old rows are shown as old.
    return { ...state, link: "live", behind: true };
  }
  return { ...state, link: state.board === undefined ? "connecting" : "lost" };
}

function onClosed(state: Screen, code: number): Screen {
  if (code === CLOSE_VERSION) {
    return { ...state, link: "reload" };
  }
  return code === CLOSE_BAD_FRAME ? { ...state, link: "gone" } : state;
}

function onTick(state: Screen, nowMs: number): Screen {
  const over = [...state.roses].some(([, rose]) => rose.untilMs <= nowMs);
  const roses = over ? new Map([...state.roses].filter(([, rose]) => rose.untilMs > nowMs)) : state.roses;
  const next = { ...state, nowMs, roses };
  if (state.paused || nowMs - state.turnedMs < TURN_MS) {
    return next;
  }
  return turned(next, 1, nowMs);
}

function turned(state: Screen, by: 1 | -1, nowMs: number): Screen {
  const pages = Math.max(1, shownPages(state).length);
  return { ...state, page: (state.page + by + pages) % pages, turnedMs: nowMs };
}

function clamped(state: Screen): Screen {
  const pages = Math.max(1, shownPages(state).length);
  return state.page < pages ? state : { ...state, page: pages - 1 };
}
