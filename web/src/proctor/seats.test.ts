import { describe, expect, it } from "vitest";
import type { RoomSeat, SeatView, WatchHead } from "../wire";
import {
  alertsNow, countAll, DISCONNECT_ALERT_MS, ENDING_MS, freeSeats, isDisconnected, isFound, isSilent, matches, neighbour, rectangle, remainingNow, shortNumbers, sorted, statusOf, type Now, type Track,
} from "./seats";

function seat(session: string, more: Partial<SeatView> = {}): SeatView {
  return {
    session, seat: null, participant_no: `2450${session}`, name: `Nama ${session}`, formation: "Perawat", phase: "running", attendance: "present", connected: true, answered: 5, doubtful: 0, items: 110,
    remaining_ms: 3_600_000, active_utc_ms: 1_000_000, granted_s: 0, late: 0, consented: true, ...more,
  };
}

const HEAD: WatchHead = { sitting: "s", code: "SKD-01", hall: "Aula", phase: "started", starts_utc_ms: 900_000, now_utc_ms: 1_000_000, records: 1, held_reason: null, silent_after_s: 300 };
const track = (more: Partial<Track> = {}): Track => ({ receivedMs: 0, runningSinceMs: 0, sawStart: false, disconnectedSinceMs: undefined, ...more });
const at = (ms: number): Now => ({ ms, utcMs: 1_000_000 + ms });
/** A room of 2 rows and 3 columns with an aisle before the last column. */
const ROOM: RoomSeat[] = [0, 1].flatMap((row) => [0, 1, 3].map((column) => ({ id: `${row}${column}`, label: `${"AB"[row]}-${column}`, row, column, spare: row === 1 && column === 3 })));
const BY_ID = new Map(ROOM.map((each) => [each.id, each]));

describe("status", () => {
  it("tells the absent and the refused from those who may still come", () => {
    expect(statusOf(seat("1", { phase: "expected", attendance: "absent" }))).toBe("absent");
    expect(statusOf(seat("1", { phase: "expected", attendance: "refused" }))).toBe("refused");
    expect(statusOf(seat("1", { phase: "expected", attendance: "expected" }))).toBe("expected");
  });
  it("believes the session once it has begun", () => expect(statusOf(seat("1", { attendance: "absent" }))).toBe("running"));
  it("misses a terminal only where one should be", () => {
    expect(isDisconnected(seat("1", { connected: false }))).toBe(true);
    expect(isDisconnected(seat("1", { connected: false, phase: "checked_in" }))).toBe(false);
    expect(isDisconnected(seat("1", { connected: false, phase: "submitted" }))).toBe(false);
  });
});

describe("remaining time", () => {
  it("shrinks while the session runs", () => expect(remainingNow(seat("1"), track(), HEAD, at(60_000))).toBe(3_540_000));
  it("stands still in a pause", () => expect(remainingNow(seat("1", { phase: "paused" }), track(), HEAD, at(60_000))).toBe(3_600_000));
  it("stands still while the hall is held", () => expect(remainingNow(seat("1"), track(), { ...HEAD, phase: "held" }, at(60_000))).toBe(3_600_000));
  it("ends at zero", () => expect(remainingNow(seat("1", { remaining_ms: 500 }), track(), HEAD, at(60_000))).toBe(0));
});

describe("silence", () => {
  const silent = (more: Partial<SeatView>, seen: Partial<Track>, ms: number): boolean => isSilent(seat("1", more), track(seen), HEAD, at(ms));
  it("begins after the sitting's limit without a saved answer", () => {
    expect(silent({}, {}, 299_000)).toBe(false);
    expect(silent({}, {}, 300_000)).toBe(true);
  });
  it("is seen although the candidate looks at items, when no answer was ever saved (2017)", () => {
    expect(silent({ answered: 0, active_utc_ms: 1_299_000 }, {}, 299_000)).toBe(false);
    expect(silent({ answered: 0, active_utc_ms: 1_300_000 }, {}, 300_000)).toBe(true);
  });
  it("begins anew after a pause", () => {
    expect(silent({ active_utc_ms: 0 }, { runningSinceMs: 0, sawStart: true }, 100_000)).toBe(false);
    expect(silent({ active_utc_ms: 0 }, { runningSinceMs: 0, sawStart: true }, 300_000)).toBe(true);
  });
  it("is known at once to a console that was opened in the middle", () => expect(silent({ active_utc_ms: 500_000 }, {}, 0)).toBe(true));
  it("is none when nothing runs", () => expect(silent({ phase: "paused" }, {}, 900_000)).toBe(false));
  it("is none while the hall is held", () => expect(isSilent(seat("1"), track(), { ...HEAD, phase: "held" }, at(900_000))).toBe(false));
  it("is none where the policy sets no limit", () => expect(isSilent(seat("1"), track(), { ...HEAD, silent_after_s: 0 }, at(900_000))).toBe(false));
});

describe("alerts", () => {
  const kinds = (seats: SeatView[], tracks: Track[], head: WatchHead, now: Now): string[] =>
    alertsNow([], seats, new Map(seats.map((each, index) => [each.session, tracks[index] ?? track()])), head, now).map((alert) => alert.key);
  it("forgive a reload of the terminal's page", () => {
    const gone = seat("1", { connected: false });
    expect(kinds([gone], [track({ disconnectedSinceMs: 0 })], HEAD, at(DISCONNECT_ALERT_MS - 1))).toEqual([]);
    expect(kinds([gone], [track({ disconnectedSinceMs: 0 })], HEAD, at(DISCONNECT_ALERT_MS))).toEqual(["disconnected:1"]);
  });
  it("do not mind who is gone in a pause", () => expect(kinds([seat("1", { connected: false, phase: "paused" })], [track({ disconnectedSinceMs: 0 })], HEAD, at(90_000))).toEqual([]));
  it("tell of the last five minutes", () => expect(kinds([seat("1", { remaining_ms: ENDING_MS + 1_000 })], [], HEAD, at(1_001))).toEqual(["ending:1"]));
  it("tell of doors that are not open at the scheduled time", () => {
    const planned: WatchHead = { ...HEAD, phase: "planned", starts_utc_ms: 1_000_000 };
    expect(kinds([], [], planned, at(-1))).toEqual([]);
    expect(kinds([], [], planned, at(0))).toEqual(["doors"]);
  });
  it("tell of late evidence even after the end", () => expect(kinds([seat("1", { phase: "expired", late: 2 })], [], HEAD, at(0))).toEqual(["late:1"]));
  it("keep the time at which they were raised, and are the same list while nothing changes", () => {
    const one = seat("1", { remaining_ms: 1_000 });
    const tracks = new Map([["1", track()]]);
    const first = alertsNow([], [one], tracks, HEAD, at(0));
    expect(alertsNow(first, [one], tracks, HEAD, at(500))).toBe(first);
  });
  it("go away when it is over", () => {
    const tracks = new Map([["1", track()]]);
    const first = alertsNow([], [seat("1", { remaining_ms: 1_000 })], tracks, HEAD, at(0));
    expect(alertsNow(first, [seat("1", { phase: "expired", remaining_ms: 0 })], tracks, HEAD, at(500))).toEqual([]);
  });
});

describe("filters", () => {
  const seats = [
    seat("1"), seat("2", { connected: false }), seat("3", { phase: "paused" }), seat("4", { phase: "ready" }), seat("5", { phase: "expected", attendance: "expected" }),
    seat("6", { phase: "expected", attendance: "absent" }), seat("7", { phase: "submitted", late: 1 }),
  ];
  it("count everybody where they belong", () =>
    expect(countAll(seats, new Map(), HEAD, at(0))).toEqual({ all: 7, not_come: 1, not_started: 1, running: 2, paused: 1, disconnected: 1, silent: 0, ended: 1, absent: 1, late: 1 }));
  it("show the disconnected only", () => expect(seats.filter((each) => matches("disconnected", each, undefined, HEAD, at(0))).map((each) => each.session)).toEqual(["2"]));
  it("find by number, name and seat", () => {
    expect(isFound("2450", seat("1"), undefined)).toBe(true);
    expect(isFound("NAMA 1", seat("1"), undefined)).toBe(true);
    expect(isFound("a-0", seat("1"), "A-07")).toBe(true);
    expect(isFound("b-0", seat("1"), "A-07")).toBe(false);
  });
});

describe("the table", () => {
  const seats = [seat("3", { seat: "11", answered: 9 }), seat("1", { seat: "01", answered: 1 }), seat("2", { seat: null, answered: 9 })];
  const order = (by: Parameters<typeof sorted>[1], descending = false): string[] => sorted(seats, by, descending, BY_ID, (each) => each.remaining_ms).map((each) => each.session);
  it("is in the order of the room, those without a seat last", () => expect(order("seat")).toEqual(["1", "3", "2"]));
  it("is sorted by number of answers, equal ones in the order of the room", () => {
    expect(order("answered")).toEqual(["1", "3", "2"]);
    expect(order("answered", true)).toEqual(["3", "2", "1"]);
  });
  it("is sorted by name", () => expect(order("name", true)).toEqual(["3", "2", "1"]));
});

describe("the room", () => {
  const seats = [seat("1", { seat: "00" }), seat("2", { seat: "01" }), seat("3", { seat: "11" }), seat("4", { seat: "13" })];
  it("offers free seats, spare ones first", () => expect(freeSeats(ROOM, [seat("1", { seat: "00" })]).map((each) => each.id)).toEqual(["13", "01", "03", "10", "11"]));
  it("selects a rectangle between two seats, whatever their order", () => {
    expect(rectangle(BY_ID, seats, "00", "11")).toEqual(["1", "2", "3"]);
    expect(rectangle(BY_ID, seats, "11", "00")).toEqual(["1", "2", "3"]);
  });
  it("steps over an aisle", () => expect(neighbour(ROOM, "01", "right")).toBe("03"));
  it("stays at the wall", () => expect(neighbour(ROOM, "03", "right")).toBe("03"));
  it("goes down a column", () => expect(neighbour(ROOM, "03", "down")).toBe("13"));
  it("shows the shortest ending by which numbers differ", () => {
    expect(shortNumbers(["24510300001", "24510400001", "24510300002"])("24510400001")).toBe("400001");
    expect(shortNumbers(["24510300001", "24510300002"])("24510300002")).toBe("0002");
    expect(shortNumbers(["1", "2"])("2")).toBe("2");
  });
});
