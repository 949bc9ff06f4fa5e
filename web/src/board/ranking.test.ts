import { describe, expect, it } from "vitest";
import type { BoardRow, BoardState } from "../wire";
import { compareStanding, groupsOf, ranksOf, withChanged, type Group } from "./ranking";
import { pagesOf, search } from "./pages";

/** A row with a standing; everything else follows from it. */
function row(id: number, standing: number[], more: Partial<BoardRow> = {}): BoardRow {
  const [total, ...sections] = standing;
  return {
    id, number: `2450-${String(id).padStart(4, "0")}`, name: `Peserta ${id}`, formation: 0, marks_milli: sections, total_milli: total ?? 0, standing, rank: 1,
    answered: 10, items: 110, state: "running", ...more,
  };
}

function check(rows: BoardRow[], expected: [number, number | undefined][]): void {
  const [group] = groupsOf(rows, "sitting");
  expect(group?.rows.map((each, index) => [each.id, group.ranks[index]])).toEqual(expected);
}

function said(groups: readonly Group[]): unknown {
  return groups.map((group) => [group.formation, group.rows.map((each, index) => `${each.id}:${group.ranks[index] ?? "-"}`)]);
}

describe("standing", () => {
  it("is compared element by element, higher first", () => {
    expect(compareStanding([300, 100], [299, 150])).toBeLessThan(0);
    expect(compareStanding([300, 100], [300, 150])).toBeGreaterThan(0);
    expect(compareStanding([300, 100], [300, 100])).toBe(0);
  });
  it("holds negative marks", () => expect(compareStanding([-1000], [-2000])).toBeLessThan(0));
});

describe("ranks of a sitting", () => {
  it("orders by total", () => check([row(1, [100]), row(2, [300]), row(3, [200])], [[2, 1], [3, 2], [1, 3]]));
  it("breaks a tie by the tie order", () => check([row(1, [356, 146, 100]), row(2, [356, 146, 115])], [[2, 1], [1, 2]]));
  it("lets equal standings share a rank and skips the next", () =>
    check([row(1, [200]), row(2, [300]), row(3, [200]), row(4, [100])], [[2, 1], [1, 2], [3, 2], [4, 4]]));
  it("orders equal standings by number, so that the screen does not flicker", () => check([row(9, [50]), row(4, [50])], [[4, 1], [9, 1]]));
  it("gives no rank before the start, and puts the absent last", () =>
    check(
      [row(1, [0], { rank: 0, state: "absent" }), row(2, [0], { rank: 0, state: "waiting" }), row(3, [0], { rank: 7 })],
      [[3, 1], [2, undefined], [1, undefined]],
    ));
  it("ranks somebody with zero marks who has started", () => check([row(1, [0]), row(2, [5])], [[2, 1], [1, 2]]));
  it("follows BKN's published case T1 (total, TKP, TIU, TWK)", () => {
    const case1 = [[150, 110, 135], [148, 125, 115], [145, 105, 117], [147, 115, 105], [146, 112, 109], [146, 110, 100], [146, 115, 95]];
    const rows = case1.map(([tkp = 0, tiu = 0, twk = 0], index) => row(index + 1, [tkp + tiu + twk, tkp, tiu, twk]));
    const [group] = groupsOf(rows, "sitting");
    expect(group?.rows.map((each) => each.id)).toEqual([1, 2, 4, 5, 3, 7, 6]);
  });
  it("is empty for nobody", () => expect(groupsOf([], "sitting")).toEqual([]));
  it("names ranks without rows of no rank in between", () => expect(ranksOf([row(1, [3]), row(2, [0], { rank: 0, state: "waiting" })])).toEqual([1, undefined]));
});

describe("a stage", () => {
  it("ranks within each formation, in the order of the formations", () => {
    const rows = [row(1, [10], { formation: 2 }), row(2, [20], { formation: 0 }), row(3, [30], { formation: 2 }), row(4, [40], { formation: 0 })];
    expect(said(groupsOf(rows, "stage"))).toEqual([[0, ["4:1", "2:2"]], [2, ["3:1", "1:2"]]]);
  });
  it("keeps the untouched formations as they are", () => {
    const before = groupsOf([row(1, [10], { formation: 0 }), row(2, [20], { formation: 1 })], "stage");
    const after = withChanged(before, [row(2, [25], { formation: 1 })], "stage");
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });
  it("moves a row whose formation changed, and drops an empty list", () => {
    const before = groupsOf([row(1, [10], { formation: 0 }), row(2, [20], { formation: 1 })], "stage");
    expect(said(withChanged(before, [row(1, [10], { formation: 1 })], "stage"))).toEqual([[1, ["2:1", "1:2"]]]);
  });
  it("makes a list for a formation that was not there", () =>
    expect(said(withChanged([], [row(1, [10], { formation: 3 })], "stage"))).toEqual([[3, ["1:1"]]]));
});

describe("an incremental change", () => {
  it("comes to the same as sorting anew, for 300 random deltas", () => {
    let seed = 42;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    const states: BoardState[] = ["waiting", "running", "paused", "ended", "absent"];
    const any = (id: number): BoardRow => row(id, [random(20), random(3)], { formation: random(4), rank: random(5), state: states[random(5)] ?? "running" });
    const rows = new Map(Array.from({ length: 80 }, (_, id) => [id, any(id)]));
    for (const kind of ["sitting", "stage"] as const) {
      let groups = groupsOf([...rows.values()], kind);
      for (let turn = 0; turn < 150; turn += 1) {
        const ids = new Set(Array.from({ length: 1 + random(6) }, () => random(90)));
        const changed = [...ids].map(any);
        changed.forEach((each) => rows.set(each.id, each));
        groups = withChanged(groups, changed, kind);
        expect(said(groups)).toEqual(said(groupsOf([...rows.values()], kind)));
      }
    }
  });
});

describe("pages", () => {
  const many = (count: number, formation = 0, from = 0): BoardRow[] => Array.from({ length: count }, (_, index) => row(from + index, [1000 - index], { formation }));
  const sizes = (rows: BoardRow[], kind: "sitting" | "stage", lines: number): string[] =>
    pagesOf(groupsOf(rows, kind), lines).map((page) => page.map((slice) => `${slice.continued ? "+" : ""}${slice.to - slice.from}`).join(","));

  it("cut a sitting into full pages", () => expect(sizes(many(25), "sitting", 10)).toEqual(["10", "+10", "+5"]));
  it("are none for nobody", () => expect(sizes([], "sitting", 10)).toEqual([]));
  it("count the heading of a formation as a line and repeat it", () => expect(sizes(many(12), "stage", 10)).toEqual(["9", "+3"]));
  it("put small formations together", () => expect(sizes([...many(3, 0), ...many(4, 1, 10), ...many(5, 2, 20)], "stage", 10)).toEqual(["3,4", "5"]));
  it("leave no heading alone at the foot", () => expect(sizes([...many(7, 0), ...many(6, 1, 10)], "stage", 10)).toEqual(["7", "6"]));
  it("show every row exactly once", () => {
    const rows = [...many(41, 0), ...many(2, 1, 100), ...many(1, 2, 200), ...many(67, 3, 300)];
    const shown = pagesOf(groupsOf(rows, "stage"), 9).flatMap((page) => page.flatMap((slice) => slice.group.rows.slice(slice.from, slice.to)));
    expect(shown.map((each) => each.id).sort()).toEqual(rows.map((each) => each.id).sort());
  });
  it("never exceed the lines", () => {
    const rows = [...many(41, 0), ...many(2, 1, 100), ...many(1, 2, 200), ...many(67, 3, 300)];
    for (const page of pagesOf(groupsOf(rows, "stage"), 9)) {
      expect(page.reduce((sum, slice) => sum + 1 + slice.to - slice.from, 0)).toBeLessThanOrEqual(9);
    }
  });
});

describe("search on a phone", () => {
  const groups = groupsOf([row(12, [30]), row(112, [20]), row(7, [10], { name: "Siti Rahma" })], "sitting");
  it("finds by part of the number, spaces and dashes aside", () => expect(search(groups, "2450 0012", 9).found.map((each) => each.row.id)).toEqual([12]));
  it("finds by part of the name and keeps the rank", () => expect(search(groups, "siti", 9).found).toMatchObject([{ rank: 3, row: { id: 7 } }]));
  it("shows at most so many and tells how many there are", () => expect(search(groups, "", 2)).toMatchObject({ total: 3, found: [{}, {}] }));
  it("finds nothing where nothing is", () => expect(search(groups, "999", 9).total).toBe(0));
});
