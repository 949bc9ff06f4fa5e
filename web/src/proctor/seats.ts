// What the console derives from the seats: status, filters, order, alerts. Pure; the clock comes as an argument.

import type { Id, RoomSeat, SeatView, WatchHead } from "../wire";

/** The status a seat is drawn with. */
export type Status =
  | "expected" | "absent" | "refused" | "checked_in" | "signed_in" | "ready" | "running" | "paused" | "submitted" | "expired" | "terminated";

/** What this page itself has seen of a session, on its own monotonic clock. */
export interface Track {
  /** When `remaining_ms` was right. */
  receivedMs: number;
  /** Since when this page has seen it running without a break. */
  runningSinceMs: number | undefined;
  /** This page saw it begin to run (or go on after a pause); otherwise it may have been running for long. */
  sawStart: boolean;
  /** Since when this page has seen it without a socket. */
  disconnectedSinceMs: number | undefined;
}

/** The instant for which something is derived. */
export interface Now {
  /** The page's monotonic clock. */
  ms: number;
  /** The server's wall clock. */
  utcMs: number;
}

/** Filters of the map and the table. */
export type Filter = "all" | "not_come" | "not_started" | "running" | "paused" | "disconnected" | "silent" | "ended" | "absent" | "late";
export const FILTERS: readonly Filter[] = ["all", "not_come", "not_started", "running", "paused", "disconnected", "silent", "late", "ended", "absent"];

/** Columns by which the table can be sorted. */
export type SortKey = "seat" | "number" | "name" | "status" | "answered" | "remaining" | "active" | "connection";

/** Why the proctor should look at somebody, or at the hall. */
export type AlertKind = "disconnected" | "no_answers" | "silent" | "ending" | "late" | "doors";

/** Something to look at, since when. */
export interface Alert {
  key: string;
  kind: AlertKind;
  session: Id | undefined;
  raisedUtcMs: number;
}

/** A socket that is gone for less than this is a reload, not an alert. */
export const DISCONNECT_ALERT_MS = 3_000;
/** Little time left. */
export const ENDING_MS = 5 * 60_000;

const STATUS_ORDER: readonly Status[] = ["running", "paused", "ready", "signed_in", "checked_in", "expected", "submitted", "expired", "terminated", "refused", "absent"];

/** The status of a session. */
export function statusOf(seat: SeatView): Status {
  if (seat.phase === "expected" || seat.phase === "checked_in") {
    if (seat.attendance === "absent" || seat.attendance === "refused") {
      return seat.attendance;
    }
  }
  return seat.phase;
}

/** The session is over. */
export function isOver(seat: SeatView): boolean {
  return seat.phase === "submitted" || seat.phase === "expired" || seat.phase === "terminated";
}

/** A terminal should be there and is not. */
export function isDisconnected(seat: SeatView): boolean {
  return !seat.connected && (seat.phase === "signed_in" || seat.phase === "ready" || seat.phase === "running" || seat.phase === "paused");
}

/** Remaining time now: it shrinks only while the session runs and the hall is not held. */
export function remainingNow(seat: SeatView, track: Track | undefined, head: WatchHead, now: Now): number {
  if (seat.phase !== "running" || head.phase === "held" || track === undefined) {
    return seat.remaining_ms;
  }
  return Math.max(0, seat.remaining_ms - (now.ms - track.receivedMs));
}

/** Nothing was saved for too long, or nothing at all since this page has seen the session running. */
export function isSilent(seat: SeatView, track: Track | undefined, head: WatchHead, now: Now): boolean {
  if (seat.phase !== "running" || head.phase === "held" || head.silent_after_s === 0) {
    return false;
  }
  const limitMs = head.silent_after_s * 1_000;
  const runningMs = track?.runningSinceMs === undefined ? 0 : now.ms - track.runningSinceMs;
  if (seat.answered === 0) {
    // Looking at items without saving an answer is what went wrong in 2017: activity alone is no excuse.
    return runningMs >= limitMs;
  }
  const quietMs = seat.active_utc_ms === null ? runningMs : now.utcMs - seat.active_utc_ms;
  // After a pause the candidate gets the whole time anew.
  return quietMs >= limitMs && (track?.sawStart !== true || runningMs >= limitMs);
}

/** The seat belongs to what the filter asks for. */
export function matches(filter: Filter, seat: SeatView, track: Track | undefined, head: WatchHead, now: Now): boolean {
  const status = statusOf(seat);
  switch (filter) {
    case "all":
      return true;
    case "not_come":
      return status === "expected";
    case "not_started":
      return status === "checked_in" || status === "signed_in" || status === "ready";
    case "running":
      return status === "running";
    case "paused":
      return status === "paused";
    case "disconnected":
      return isDisconnected(seat);
    case "silent":
      return isSilent(seat, track, head, now);
    case "ended":
      return isOver(seat);
    case "absent":
      return status === "absent" || status === "refused";
    case "late":
      return seat.late > 0;
  }
}

/** The seat is meant by a search for part of a number, a name or a seat label. */
export function isFound(find: string, seat: SeatView, label: string | undefined): boolean {
  const wanted = find.trim().toLowerCase();
  return wanted === "" || seat.participant_no.toLowerCase().includes(wanted) || seat.name.toLowerCase().includes(wanted) || (label ?? "").toLowerCase().includes(wanted);
}

/** How many seats each filter would show. */
export function countAll(seats: Iterable<SeatView>, tracks: ReadonlyMap<Id, Track>, head: WatchHead, now: Now): Record<Filter, number> {
  const counts: Record<Filter, number> = { all: 0, not_come: 0, not_started: 0, running: 0, paused: 0, disconnected: 0, silent: 0, ended: 0, absent: 0, late: 0 };
  for (const seat of seats) {
    for (const filter of FILTERS) {
      counts[filter] += matches(filter, seat, tracks.get(seat.session), head, now) ? 1 : 0;
    }
  }
  return counts;
}

/** The order of the table. Equal rows stay in the order of the room. */
export function sorted(seats: readonly SeatView[], by: SortKey, descending: boolean, room: ReadonlyMap<Id, RoomSeat>, remaining: (seat: SeatView) => number): SeatView[] {
  const place = (seat: SeatView): number => {
    const at = seat.seat === null ? undefined : room.get(seat.seat);
    return at === undefined ? Number.MAX_SAFE_INTEGER : at.row * 10_000 + at.column;
  };
  const compare = (a: SeatView, b: SeatView): number => {
    switch (by) {
      case "seat":
        return 0;
      case "number":
        return compareText(a.participant_no, b.participant_no);
      case "name":
        return compareText(a.name, b.name);
      case "status":
        return STATUS_ORDER.indexOf(statusOf(a)) - STATUS_ORDER.indexOf(statusOf(b));
      case "answered":
        return a.answered - b.answered;
      case "remaining":
        return remaining(a) - remaining(b);
      case "active":
        return (a.active_utc_ms ?? 0) - (b.active_utc_ms ?? 0);
      case "connection":
        return Number(isDisconnected(b)) - Number(isDisconnected(a)) || Number(a.connected) - Number(b.connected);
    }
  };
  const byRoom = (a: SeatView, b: SeatView): number => place(a) - place(b) || compareText(a.participant_no, b.participant_no);
  const sign = descending ? -1 : 1;
  return [...seats].sort((a, b) => sign * (by === "seat" ? byRoom(a, b) : compare(a, b)) || byRoom(a, b));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Seats without a candidate, spare ones first. */
export function freeSeats(room: readonly RoomSeat[], seats: Iterable<SeatView>): RoomSeat[] {
  const taken = new Set<Id>();
  for (const seat of seats) {
    if (seat.seat !== null) {
      taken.add(seat.seat);
    }
  }
  return room.filter((seat) => !taken.has(seat.id)).sort((a, b) => Number(b.spare) - Number(a.spare) || a.row - b.row || a.column - b.column);
}

/** Sessions in the rectangle of the room between two seats. */
export function rectangle(room: ReadonlyMap<Id, RoomSeat>, seats: Iterable<SeatView>, from: Id, to: Id): Id[] {
  const a = room.get(from);
  const b = room.get(to);
  if (a === undefined || b === undefined) {
    return [];
  }
  const inside = (at: RoomSeat): boolean =>
    at.row >= Math.min(a.row, b.row) && at.row <= Math.max(a.row, b.row) && at.column >= Math.min(a.column, b.column) && at.column <= Math.max(a.column, b.column);
  const found: Id[] = [];
  for (const seat of seats) {
    const at = seat.seat === null ? undefined : room.get(seat.seat);
    if (at !== undefined && inside(at)) {
      found.push(seat.session);
    }
  }
  return found;
}

/** The nearest seat of the room in a direction, for the arrow keys. */
export function neighbour(room: readonly RoomSeat[], from: Id, direction: "up" | "down" | "left" | "right"): Id {
  const at = room.find((seat) => seat.id === from);
  if (at === undefined) {
    return room[0]?.id ?? from;
  }
  const vertical = direction === "up" || direction === "down";
  const sign = direction === "down" || direction === "right" ? 1 : -1;
  let best: RoomSeat | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const seat of room) {
    const along = sign * (vertical ? seat.row - at.row : seat.column - at.column);
    const across = Math.abs(vertical ? seat.column - at.column : seat.row - at.row);
    if (along <= 0 || (!vertical && across > 0)) {
      continue;
    }
    const cost = along + across * 1_000;
    if (cost < bestCost) {
      best = seat;
      bestCost = cost;
    }
  }
  return best?.id ?? from;
}

/** The shortest ending, of four characters at least, by which the participant numbers of this sitting differ. */
export function shortNumbers(numbers: readonly string[]): (number: string) => string {
  const whole = new Set(numbers);
  const longest = Math.max(0, ...numbers.map((number) => number.length));
  let length = 4;
  while (length < longest && new Set([...whole].map((number) => number.slice(-length))).size < whole.size) {
    length += 1;
  }
  return (number) => number.slice(-length);
}

/** Everything there is to look at now; what was raised before keeps its time. */
export function alertsNow(before: readonly Alert[], seats: Iterable<SeatView>, tracks: ReadonlyMap<Id, Track>, head: WatchHead, now: Now): readonly Alert[] {
  const known = new Map(before.map((alert) => [alert.key, alert]));
  const found: Alert[] = [];
  const raise = (kind: AlertKind, session: Id | undefined): void => {
    const key = session === undefined ? kind : `${kind}:${session}`;
    found.push(known.get(key) ?? { key, kind, session, raisedUtcMs: now.utcMs });
  };
  if (head.phase === "planned" && now.utcMs >= head.starts_utc_ms) {
    raise("doors", undefined);
  }
  for (const seat of seats) {
    const track = tracks.get(seat.session);
    if (seat.late > 0) {
      raise("late", seat.session);
    }
    if (seat.phase !== "running") {
      continue;
    }
    if (!seat.connected && track?.disconnectedSinceMs !== undefined && now.ms - track.disconnectedSinceMs >= DISCONNECT_ALERT_MS) {
      raise("disconnected", seat.session);
    }
    if (isSilent(seat, track, head, now)) {
      raise(seat.answered === 0 ? "no_answers" : "silent", seat.session);
    }
    if (remainingNow(seat, track, head, now) < ENDING_MS) {
      raise("ending", seat.session);
    }
  }
  const same = found.length === before.length && found.every((alert, index) => alert === before[index]);
  return same ? before : found;
}
