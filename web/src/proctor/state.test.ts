import { describe, expect, it } from "vitest";
import type { LogLine, ProctorAnswer, SeatView, WatchDelta, WatchHead, WatchSnapshot } from "../wire";
import { applies, decisionPath, minutesOf, missing, reasonOf, toAct, type Draft } from "./acts";
import { blank, comesBack, NOTICE_MS, shown, step, type Action, type Console } from "./state";

const HEAD: WatchHead = { sitting: "s", code: "SKD-01", hall: "Aula", phase: "started", starts_utc_ms: 0, now_utc_ms: 1_000_000, records: 1, held_reason: null, silent_after_s: 300 };

function seat(session: string, more: Partial<SeatView> = {}): SeatView {
  return {
    session, seat: `k${session}`, participant_no: `2450${session}`, name: `Nama ${session}`, formation: "Perawat", phase: "running", attendance: "present", connected: true, answered: 5, doubtful: 0, items: 110,
    remaining_ms: 3_600_000, active_utc_ms: 1_000_000, granted_s: 0, late: 0, consented: true, ...more,
  };
}

const line = (position: number): LogLine => ({ position, at_utc_ms: 0, kind: "noted", who: "x", approver: null, about: null, text: "" });
/** Seats k1 k2 in the first row, k3 k4 in the second. */
const ROOM = ["1", "2", "3", "4"].map((name, index) => ({ id: `k${name}`, label: `A-${name}`, row: Math.floor(index / 2), column: index % 2, spare: false }));

function snapshot(seats: SeatView[], more: Partial<WatchSnapshot> = {}): Action {
  return { type: "frame", nowMs: 0, frame: { t: "snapshot", epoch: 1, position: 5, head: HEAD, room: ROOM, seats, log: [], proposals: [], ...more } };
}

function delta(position: number, seats: SeatView[], more: Partial<WatchDelta> = {}, nowMs = 100): Action {
  return { type: "frame", nowMs, frame: { t: "delta", epoch: 1, position, head: HEAD, seats, log: [], proposals: null, ...more } };
}

function after(...actions: Action[]): Console {
  return actions.reduce(step, blank(0));
}

const four = snapshot(["1", "2", "3", "4"].map((name) => seat(name)));
const selected = (state: Console): string[] => [...state.selected].sort();

describe("frames", () => {
  it("a snapshot makes the hall and sets the server's clock", () => {
    const state = after(four, { type: "tick", nowMs: 2_000 });
    expect([state.hall?.seats.size, state.now.utcMs]).toEqual([4, 1_002_000]);
  });
  it("the next delta changes one seat and leaves the others", () => {
    const state = after(four, delta(6, [seat("2", { answered: 6 })]));
    expect([...(state.hall?.seats.values() ?? [])].map((each) => each.answered)).toEqual([5, 6, 5, 5]);
  });
  it("a gap is not guessed over: nothing changes until the next snapshot", () => {
    const gap = after(four, delta(7, [seat("2", { answered: 6 })]));
    expect([gap.behind, gap.hall?.seats.get("2")?.answered]).toEqual([true, 5]);
    expect(step(gap, four).behind).toBe(false);
  });
  it("an old delta is nothing", () => expect(after(four, delta(5, [seat("2", { answered: 6 })])).hall?.seats.get("2")?.answered).toBe(5));
  it("a delta of another epoch is a gap", () => expect(after(four, delta(6, [], { epoch: 2 })).behind).toBe(true));
  it("proposals stay when a delta does not speak of them", () => {
    const proposal = { id: "p", proposer: "x", proposer_id: "me", text: "t", reason: "r", at_utc_ms: 0 };
    const state = after(snapshot([], { proposals: [proposal] }), delta(6, []));
    expect(state.hall?.proposals.length).toBe(1);
    expect(step(state, delta(7, [], { proposals: [] })).hall?.proposals.length).toBe(0);
  });
  it("log lines are added, and older ones outlive a fresh snapshot without doubling", () => {
    const state = after(snapshot([], { log: [line(1), line(2)] }), delta(6, [], { log: [line(3)] }), snapshot([], { log: [line(2), line(3), line(4)] }));
    expect(state.hall?.log.map((each) => each.position)).toEqual([1, 2, 3, 4]);
  });
  it("a session that runs on keeps the time since when; a pause begins it anew", () => {
    const on = after(four, delta(6, [seat("1", { answered: 6 })], {}, 100));
    expect([on.tracks.get("1")?.runningSinceMs, on.tracks.get("1")?.sawStart]).toEqual([0, false]);
    const resumed = [delta(7, [seat("1", { phase: "paused" })], {}, 200), delta(8, [seat("1")], {}, 300)].reduce(step, on);
    expect([resumed.tracks.get("1")?.runningSinceMs, resumed.tracks.get("1")?.sawStart]).toEqual([300, true]);
  });
  it("a disconnected socket keeps the time since when", () => {
    const state = after(four, delta(6, [seat("1", { connected: false })], {}, 100), delta(7, [seat("1", { connected: false })], {}, 900));
    expect(state.tracks.get("1")?.disconnectedSinceMs).toBe(100);
  });
  it("an alert rises by the clock alone", () => {
    const state = after(four, delta(6, [seat("1", { connected: false })], {}, 100), { type: "tick", nowMs: 4_000 });
    expect(state.alerts.map((alert) => alert.key)).toEqual(["disconnected:1"]);
  });
});

describe("the connection", () => {
  it("keeps the hall when it is lost", () => expect(after({ type: "link", up: true }, four, { type: "link", up: false })).toMatchObject({ link: "lost", hall: { epoch: 1 } }));
  it("is up to date only with a snapshot", () => expect(after(four, { type: "link", up: false }, { type: "link", up: true }).behind).toBe(true));
  it("comes back after slowness and a restart, not after a sign-out or a new version", () => expect([4004, 4005, 4001, 4006].map(comesBack)).toEqual([true, true, false, false]));
  it("stays away once it was told to", () => expect(after({ type: "closed", code: 4006 }, { type: "link", up: false }).link).toBe("reload"));
});

describe("selecting", () => {
  it("one replaces the other", () => expect(selected(after(four, { type: "choose", session: "1", how: "only" }, { type: "choose", session: "3", how: "only" }))).toEqual(["3"]));
  it("toggling adds and takes away", () => {
    const two = after(four, { type: "choose", session: "1", how: "only" }, { type: "choose", session: "4", how: "toggle" });
    expect(selected(two)).toEqual(["1", "4"]);
    expect(selected(step(two, { type: "choose", session: "1", how: "toggle" }))).toEqual(["4"]);
  });
  it("a range is the rectangle in the room", () => expect(selected(after(four, { type: "choose", session: "1", how: "only" }, { type: "choose", session: "3", how: "range" }))).toEqual(["1", "3"]));
  it("a click adds in the mode for many", () => expect(selected(after(four, { type: "many" }, { type: "choose", session: "1", how: "only" }, { type: "choose", session: "2", how: "only" }))).toEqual(["1", "2"]));
  it("all means all that the filter shows", () => {
    const state = after(snapshot([seat("1"), seat("2", { phase: "paused" })]), { type: "filter", filter: "paused" }, { type: "choose_all" });
    expect(selected(state)).toEqual(["2"]);
  });
  it("forgets sessions that are gone", () => expect(selected(after(four, { type: "choose_all" }, snapshot([seat("2")])))).toEqual(["2"]));
  it("the same filter again switches it off", () => expect(shown(after(four, { type: "filter", filter: "paused" }, { type: "filter", filter: "paused" })).length).toBe(4));
  it("sorting by the same column again turns it round", () => expect(after({ type: "sort", by: "name" }, { type: "sort", by: "name" }).sort).toEqual({ by: "name", descending: true }));
});

describe("a dialog", () => {
  const grant: Draft = { kind: "grant", sessions: ["1"], minutes: "10" };
  const opened = after(four, { type: "dialog", id: "c1", draft: grant }, { type: "reason", reason: "Listrik padam" });
  const answered = (state: Console, value: ProctorAnswer | undefined): Console => step(state, { type: "answered", id: "c1", outcome: { kind: "ok", value }, nowMs: 50 });

  it("closes with a notice when it is done", () => {
    const done = answered(opened, { t: "done", position: 9, pin: null, sessions: 1 });
    expect([done.dialog, done.notices]).toEqual([undefined, [{ id: 1, kind: "grant", sessions: 1, untilMs: 50 + NOTICE_MS }]]);
    expect(step(done, { type: "tick", nowMs: 50 + NOTICE_MS }).notices).toEqual([]);
  });
  it("stays when it waits for a second person", () => expect(answered(opened, { t: "proposed", proposal: "p" }).dialog?.answer).toEqual({ t: "proposed", proposal: "p" }));
  it("stays when there is a PIN to be read", () =>
    expect(answered(opened, { t: "done", position: 9, pin: { pin: "1", expires_utc_ms: 0, seat: "A" }, sessions: 1 }).dialog?.answer).toBeDefined());
  it("closes after a decision that has no body", () => expect(answered(opened, undefined).dialog).toBeUndefined());
  it("stays open to change after a refusal, with the same id", () => {
    const refused = step(opened, { type: "answered", id: "c1", outcome: { kind: "refused", status: 409, refusal: { code: "not_running", message: "…" } }, nowMs: 1 });
    expect([refused.dialog?.id, refused.dialog?.locked, refused.dialog?.busy]).toEqual(["c1", false, false]);
    expect(step(refused, { type: "reason", reason: "lain" }).dialog?.reason).toBe("lain");
  });
  it("is locked when the answer was lost: only the very same command may be sent again", () => {
    const lost = step(opened, { type: "answered", id: "c1", outcome: { kind: "unreachable" }, nowMs: 1 });
    expect(lost.dialog?.locked).toBe(true);
    expect(step(lost, { type: "draft", draft: { ...grant, minutes: "99" } }).dialog?.draft).toEqual(grant);
  });
  it("is locked after an error of something in between", () => {
    const odd = step(opened, { type: "answered", id: "c1", outcome: { kind: "refused", status: 502, refusal: { code: "http_502", message: "HTTP 502" } }, nowMs: 1 });
    expect(odd.dialog?.locked).toBe(true);
  });
  it("changes nothing while it is on its way", () => expect(step(step(opened, { type: "sending", id: "c1" }), { type: "reason", reason: "lain" }).dialog?.reason).toBe("Listrik padam"));
  it("does not mind an answer to another dialog", () => expect(step(opened, { type: "answered", id: "old", outcome: { kind: "unreachable" }, nowMs: 1 })).toBe(opened));
});

describe("late evidence", () => {
  const entry = { position: 7, at_utc_ms: 0, paper_position: 2, choices: [1], note: "" };
  it("is kept for the session that was asked for", () =>
    expect(after(four, { type: "late_asked", session: "1" }, { type: "late", session: "1", outcome: { kind: "ok", value: [entry] } }).late?.entries).toEqual([entry]));
  it("of another session is nothing", () =>
    expect(after(four, { type: "late_asked", session: "1" }, { type: "late", session: "2", outcome: { kind: "ok", value: [entry] } }).late?.entries).toBeUndefined());
});

describe("acts", () => {
  function check(draft: Draft, reason: string, lacks: string | undefined): void {
    expect(missing(draft, reason)).toBe(lacks);
  }
  it("ask for a reason where the contract does", () => {
    check({ kind: "hold" }, "  ", "reason");
    check({ kind: "pause", sessions: [] }, "", "reason");
    check({ kind: "admit", session: "1", position: 3, item: 1 }, "", "reason");
    check({ kind: "resume", sessions: [] }, "", undefined);
    expect(reasonOf("message")).toBe("none");
  });
  it("grant whole minutes from 1 to 120", () => {
    expect(["0", "1", "120", "121", "1.5", "-5", "", " 10 "].map(minutesOf)).toEqual([undefined, 1, 120, undefined, undefined, undefined, undefined, 10]);
    check({ kind: "grant", sessions: [], minutes: "0" }, "padam", "minutes");
  });
  it("end a session only when confirmed by name", () => {
    check({ kind: "terminate", session: "1", sure: false }, "curang", "sure");
    check({ kind: "terminate", session: "1", sure: true }, "curang", undefined);
  });
  it("move to a seat, say something, note something", () => {
    check({ kind: "move", session: "1", seat: "" }, "Terminal rusak", "seat");
    check({ kind: "move", session: "1", seat: "a" }, "", "reason");
    check({ kind: "message", sessions: [], text: " " }, "", "text");
    check({ kind: "note", session: null, text: "x".repeat(2_001) }, "", "text");
  });
  it("become the contract's acts", () => {
    expect(toAct({ kind: "grant", sessions: ["1"], minutes: "10" })).toEqual({ do: "grant_time", sessions: ["1"], seconds: 600 });
    expect(toAct({ kind: "pause", sessions: [] })).toEqual({ do: "pause", sessions: [] });
    expect(toAct({ kind: "admit", session: "1", position: 3, item: 9 })).toEqual({ do: "admit_late", session: "1", position: 3 });
    expect(toAct({ kind: "note", session: null, text: " x " })).toEqual({ do: "note", session: null, text: "x" });
  });
  it("a decision has its own path", () => {
    const proposal = { id: "p1", proposer: "x", proposer_id: "y", text: "t", reason: "r", at_utc_ms: 0 };
    expect([decisionPath({ kind: "approve", proposal }), toAct({ kind: "approve", proposal })]).toEqual(["/api/v1/proposals/p1/approve", undefined]);
    expect(decisionPath({ kind: "start" })).toBeUndefined();
  });
  it("apply to those to whom they make sense", () => {
    expect(["pause", "resume", "grant", "move", "terminate"].map((act) => applies(act as "pause", seat("1", { phase: "paused" })))).toEqual([false, true, true, true, true]);
    expect(["pause", "grant", "move", "terminate", "message"].map((act) => applies(act as "pause", seat("1", { phase: "submitted" })))).toEqual([false, false, false, false, false]);
  });
});
