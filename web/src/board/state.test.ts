import { describe, expect, it } from "vitest";
import type { BoardFrame, BoardRow, BoardSnapshot } from "../wire";
import { boardStrings } from "../strings/board";
import { blank, CLOSE_BAD_FRAME, CLOSE_VERSION, LINES, ROSE_MS, shownPages, step, TURN_MS, type Action, type Screen } from "./state";

function row(id: number, total: number, more: Partial<BoardRow> = {}): BoardRow {
  return { id, number: `${id}`, name: "", formation: 0, marks_milli: [total], total_milli: total, standing: [total], rank: 1, answered: 1, items: 10, state: "running", ...more };
}

function snapshot(rows: BoardRow[], more: Partial<BoardSnapshot> = {}): BoardFrame {
  return { t: "snapshot", epoch: 1, position: 10, kind: "sitting", title: "Sesi 1", subtitle: "Aula", sections: [], formations: ["Perawat"], frozen: false, reveal: "…", rows, ...more };
}

function delta(position: number, rows: BoardRow[], epoch = 1): BoardFrame {
  return { t: "delta", epoch, position, frozen: false, rows };
}

function after(...actions: (Action | BoardFrame)[]): Screen {
  return actions.reduce<Screen>((state, each) => step(state, "t" in each ? { type: "frame", frame: each, atUtcMs: 5, nowMs: 0 } : each), blank(0));
}

const ids = (state: Screen): number[] => (state.board?.groups ?? []).flatMap((group) => group.rows.map((each) => each.id));

describe("frames", () => {
  it("a snapshot makes the board", () => expect(ids(after(snapshot([row(1, 5), row(2, 9)])))).toEqual([2, 1]));
  it("the next delta changes it", () => expect(ids(after(snapshot([row(1, 5), row(2, 9)]), delta(11, [row(1, 20)])))).toEqual([1, 2]));
  it("a delta before any snapshot is nothing", () => expect(after(delta(1, [row(1, 5)])).board).toBeUndefined());
  it("an old delta is nothing", () => {
    const state = after(snapshot([row(1, 5)]), delta(10, [row(1, 99)]));
    expect(state.board?.groups[0]?.rows[0]?.total_milli).toBe(5);
    expect(state.behind).toBe(false);
  });
  it("after a gap the old rows stay until the next snapshot", () => {
    const gap = after(snapshot([row(1, 5), row(2, 9)]), delta(12, [row(1, 20)]));
    expect(gap.behind).toBe(true);
    expect(ids(gap)).toEqual([2, 1]);
    expect(after(snapshot([row(1, 5)]), delta(12, []), snapshot([row(1, 20)], { position: 12 })).behind).toBe(false);
  });
  it("a delta of another epoch is a gap", () => expect(after(snapshot([row(1, 5)]), delta(11, [], 2)).behind).toBe(true));
  it("a delta without rows can freeze the board", () => {
    const frozen: BoardFrame = { t: "delta", epoch: 1, position: 11, frozen: true, rows: [] };
    expect(after(snapshot([row(1, 5)]), frozen).board?.frozen).toBe(true);
  });
  it("a new candidate is counted", () => expect(after(snapshot([row(1, 5)]), delta(11, [row(2, 1)])).board?.candidates).toBe(2));
});

describe("rows that move up", () => {
  const moved = after(snapshot([row(1, 5), row(2, 9), row(3, 7)]), delta(11, [row(1, 20)]));
  it("are marked with the places", () => expect([...moved.roses]).toEqual([[1, { places: 2, untilMs: ROSE_MS }]]));
  it("are unmarked after a while", () => expect(step(moved, { type: "tick", nowMs: ROSE_MS }).roses.size).toBe(0));
  it("are not marked when only the marks changed", () => expect(after(snapshot([row(1, 5), row(2, 9)]), delta(11, [row(2, 12)])).roses.size).toBe(0));
  it("are not marked for a first rank", () =>
    expect(after(snapshot([row(1, 0, { rank: 0, state: "waiting" }), row(2, 0)]), delta(11, [row(1, 20)])).roses.size).toBe(0));
  it("lose the mark when they fall again", () => expect(step(moved, { type: "frame", frame: delta(12, [row(1, 1)]), atUtcMs: 0, nowMs: 1 }).roses.size).toBe(0));
});

describe("pages", () => {
  const many = snapshot(Array.from({ length: 30 }, (_, index) => row(index, 100 - index)));
  it("turn by themselves after twelve seconds, round and round", () => {
    const first = after(many);
    expect(step(first, { type: "tick", nowMs: TURN_MS - 1 }).page).toBe(0);
    const second = step(first, { type: "tick", nowMs: TURN_MS });
    expect(second.page).toBe(1);
    const third = step(second, { type: "tick", nowMs: 2 * TURN_MS });
    expect(step(third, { type: "tick", nowMs: 3 * TURN_MS }).page).toBe(0);
  });
  it("stand still while paused, and start the time anew afterwards", () => {
    const paused = after(many, { type: "pause", nowMs: 100 }, { type: "tick", nowMs: 90_000 });
    expect(paused.page).toBe(0);
    const going = step(paused, { type: "pause", nowMs: 90_000 });
    expect(step(going, { type: "tick", nowMs: 90_000 + TURN_MS - 1 }).page).toBe(0);
  });
  it("turn backwards from the first to the last", () => expect(after(many, { type: "turn", by: -1, nowMs: 0 }).page).toBe(2));
  it("stay within what is there when the type gets smaller", () => {
    const last = after(many, { type: "turn", by: -1, nowMs: 0 });
    const smaller = step(last, { type: "lines", by: 18 });
    expect([smaller.lines, shownPages(smaller).length, smaller.page]).toEqual([30, 1, 0]);
  });
  it("have bounds for the type", () => {
    expect(after(many, { type: "lines", by: 999 }).lines).toBe(LINES.max);
    expect(after(many, { type: "lines", by: -999 }).lines).toBe(LINES.min);
  });
  it("show one formation when asked", () => {
    const stage = snapshot([row(1, 5, { formation: 0 }), row(2, 9, { formation: 1 })], { kind: "stage", formations: ["A", "B"] });
    const chosen = after(stage, { type: "formation", formation: 1, nowMs: 0 });
    expect(shownPages(chosen).flatMap((page) => page.map((slice) => slice.group.formation))).toEqual([1]);
  });
});

describe("the connection", () => {
  it("is live only with a fresh snapshot", () => {
    const up = after({ type: "link", up: true });
    expect([up.link, up.behind]).toEqual(["live", true]);
    expect(after({ type: "link", up: true }, snapshot([])).behind).toBe(false);
  });
  it("keeps the rows when it is lost", () => {
    const lost = after({ type: "link", up: true }, snapshot([row(1, 5)]), { type: "link", up: false });
    expect([lost.link, ids(lost)]).toEqual(["lost", [1]]);
  });
  it("asks for a reload when the page is too old, and stays so", () =>
    expect(after({ type: "closed", code: CLOSE_VERSION }, { type: "link", up: false }).link).toBe("reload"));
  it("is over when the board is not there", () => expect(after({ type: "closed", code: CLOSE_BAD_FRAME }).link).toBe("gone"));
});

describe("words", () => {
  it("never speak of passing", () => {
    const words = JSON.stringify(boardStrings, (_, value: unknown) => (typeof value === "function" ? String(value) : value));
    expect(words).not.toMatch(/lulus|lolos|passed|gagal|failed|ambang/i);
  });
});
