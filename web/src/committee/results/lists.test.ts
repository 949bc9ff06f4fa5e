import { describe, expect, it } from "vitest";
import type { EffectRow, ResultList, ResultRow, StandingView } from "../../wire";
import { distributionOf, ladderOf } from "./charts";
import { compareDecimals, difference } from "./decimals";
import { compareLists, shownRows, sortedBy, WHOLE_EFFECT } from "./effect";
import { findPeople, lastInside, rankedOf, tiedAcross, tiedPeople } from "./lists";

function row(participant_no: string, change: Partial<ResultRow>): ResultRow {
  return {
    participant_no, name: `Nama ${participant_no}`, category: "umum", rank: null, marks: [], total: null, values: [], status: "absent", code: "", place: "tes", group: "",
    to_formation: "", note: "", ...change,
  };
}

function list(rows: ResultRow[], change: Partial<ResultList> = {}): ResultList {
  return { formation: "A", title: "Pranata Komputer", category: "umum", job: "", slots: 2, vacant: null, sections: [], total_threshold: null, cut_after: 2, rows, ...change };
}

const WITH_CUT = list([
  row("1", { rank: 1, total: "310", status: "selected" }),
  row("2", { rank: 2, total: "300.5", status: "selected" }),
  row("3", { rank: 3, total: "300.25", status: "not_selected", note: "committee_decides" }),
  row("4", { rank: 3, total: "300.25", status: "not_selected", note: "committee_decides" }),
  row("5", { total: "120", status: "below_threshold" }),
  row("6", {}),
], { total_threshold: "250" });

describe("decimals", () => {
  const compared: [string, string, number][] = [["2", "10", -1], ["10.50", "10.5", 0], ["-1", "-2", 1], ["0.1", "0.09", 1], ["9007199254740993", "9007199254740992", 1], ["", "0", -1], ["", "", 0]];
  it.each(compared)("%j beside %j", (a, b, expected) => expect(compareDecimals(a, b)).toBe(expected));
  const differences: [string, string, string][] = [["300", "305", "+5"], ["300.5", "300.25", "-0.25"], ["1", "1.000", "0"], ["0.1", "0.3", "+0.2"], ["", "5", ""], ["-2", "3", "+5"]];
  it.each(differences)("from %j to %j is %j", (before, after, expected) => expect(difference(before, after)).toBe(expected));
});

describe("a list", () => {
  it("has its cut after the last rank inside, whatever comes behind", () => {
    expect(lastInside(WITH_CUT)).toBe(1);
    expect(lastInside(list([row("1", {})], { cut_after: null }))).toBe(-1);
    expect(lastInside(list([row("1", { rank: 1, status: "shortlisted" }), row("2", { rank: 1, status: "shortlisted" })], { cut_after: 1 }))).toBe(1);
  });
  it("is searched by number and by name", () => {
    expect(findPeople([WITH_CUT], "nama 3").map((hit) => hit.row.participant_no)).toEqual(["3"]);
    expect(findPeople([WITH_CUT], "  ")).toEqual([]);
    expect(findPeople([WITH_CUT], "xyz")).toEqual([]);
  });
  it("counts who is ranked and knows whom the committee has to order", () => {
    expect(rankedOf(WITH_CUT)).toBe(4);
    expect(tiedPeople(WITH_CUT).map((one) => one.participant_no)).toEqual(["3", "4"]);
  });
});

describe("people who wait for the committee's decision across formations", () => {
  const waits = (participant_no: string): ResultRow => row(participant_no, { note: "committee_decides", status: "not_selected" });
  const a = list([row("1", {}), row("6", { note: "committee_decides", status: "shortlisted" })]);
  const b = list([row("2", {}), waits("3"), waits("4")], { formation: "B" });
  const c = list([waits("5")], { formation: "C" });
  it("are those of all lists together", () => {
    expect(tiedAcross([a, b, c]).map(({ formation, row: one }) => [formation, one.participant_no])).toEqual([["B", "3"], ["B", "4"], ["C", "5"]]);
  });
  it("are nobody where they are all of one formation", () => expect(tiedAcross([a, b])).toEqual([]));
});

describe("pictures", () => {
  it("put every total into one bar, and the threshold on the picture", () => {
    const distribution = distributionOf(WITH_CUT);
    expect(distribution?.people).toBe(5);
    expect(distribution?.bins.reduce((sum, bin) => sum + bin.people, 0)).toBe(5);
    expect(distribution?.bins.length).toBeLessThanOrEqual(16);
    expect(distribution).toMatchObject({ lowest: "120", highest: "310", threshold: "250", cut: "300.5" });
  });
  it("of one total are one bar, of none nothing", () => {
    expect(distributionOf(list([row("1", { total: "55", rank: 1 })]))?.bins).toEqual([52, 53, 54, 55, 56, 57, 58].map((from) => ({ from, to: from + 1, people: from === 55 ? 1 : 0 })));
    expect(distributionOf(list([row("1", { total: "0", rank: 1 })]))?.bins.map((bin) => bin.from)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(distributionOf(list([row("1", {})]))).toBeUndefined();
  });
  it("show as many above the cut as below it", () => {
    expect(ladderOf(WITH_CUT, 1).map((rung) => [rung.row.participant_no, rung.inside])).toEqual([["2", true], ["3", false]]);
    expect(ladderOf(WITH_CUT, 9)).toHaveLength(4);
    expect(ladderOf(list([row("1", {})], { cut_after: null }), 5)).toEqual([]);
  });
  it("put everybody on the side of their status, whoever stands above", () => {
    const moved = list([
      row("1", { rank: 1, total: "310", status: "selected" }),
      row("2", { rank: 2, total: "305", status: "not_selected" }),
      row("3", { rank: 3, total: "300", status: "selected_by_move", to_formation: "B" }),
    ], { cut_after: 3 });
    expect(ladderOf(moved, 5).map((rung) => [rung.row.participant_no, rung.inside])).toEqual([["1", true], ["3", true], ["2", false]]);
  });
});

describe("an effect", () => {
  const standing = (total: string | null, rank: number | null, status: string): StandingView => ({ total, rank, status, code: "", to_formation: "" });
  const moves = (participant_no: string, before: StandingView | null, after: StandingView | null, total_difference: string, change: Partial<EffectRow> = {}): EffectRow =>
    ({ participant_no, name: participant_no, formation: "A", before, after, total_difference, enters: false, leaves: false, ...change });
  const rows = [
    moves("1", standing("100", 9, "not_selected"), standing("105", 1, "selected"), "+5", { enters: true }),
    moves("2", standing("99.5", 2, "selected"), standing("99.5", 10, "not_selected"), "0", { leaves: true }),
    moves("3", standing("9", 3, "selected"), standing("8.5", 3, "selected"), "-0.5"),
    moves("4", null, standing(null, null, "absent"), ""),
  ];
  const numbers = (list_: EffectRow[]): string[] => list_.map((one) => one.participant_no);
  it("comes as the server sends it until somebody sorts", () => expect(numbers(shownRows(rows, WHOLE_EFFECT))).toEqual(["1", "2", "3", "4"]));
  it("sorts numbers as numbers, up, then down, then not at all", () => {
    const up = sortedBy(WHOLE_EFFECT, "total_before");
    expect(numbers(shownRows(rows, up))).toEqual(["4", "3", "2", "1"]);
    const down = sortedBy(up, "total_before");
    expect(numbers(shownRows(rows, down))).toEqual(["1", "2", "3", "4"]);
    expect(sortedBy(down, "total_before").sort).toBeUndefined();
    expect(numbers(shownRows(rows, sortedBy(WHOLE_EFFECT, "rank_after")))).toEqual(["1", "3", "2", "4"]);
    expect(numbers(shownRows(rows, sortedBy(WHOLE_EFFECT, "difference")))).toEqual(["4", "3", "2", "1"]);
    expect(numbers(shownRows(rows, sortedBy(WHOLE_EFFECT, "cut")))).toEqual(["1", "3", "4", "2"]);
  });
  it("is filtered by what somebody wants to see", () => {
    expect(numbers(shownRows(rows, { ...WHOLE_EFFECT, filter: "enters" }))).toEqual(["1"]);
    expect(numbers(shownRows(rows, { ...WHOLE_EFFECT, filter: "leaves" }))).toEqual(["2"]);
    expect(numbers(shownRows(rows, { ...WHOLE_EFFECT, filter: "total" }))).toEqual(["1", "3"]);
    expect(numbers(shownRows(rows, { ...WHOLE_EFFECT, find: "3" }))).toEqual(["3"]);
  });
});

describe("two revisions compared", () => {
  it("tell who entered, left, came and went, and nobody who stayed", () => {
    const before = [list([row("1", { rank: 1, total: "100", status: "selected" }), row("2", { rank: 2, total: "90", status: "not_selected" }), row("3", {}), row("4", { rank: 4, total: "1", status: "not_selected" })])];
    const after = [list([row("2", { rank: 1, total: "102.5", status: "selected" }), row("1", { rank: 2, total: "100", status: "not_selected" }), row("3", {}), row("5", { rank: 9, total: "1", status: "not_selected" })])];
    const rows = compareLists(before, after);
    expect(rows.map((one) => [one.participant_no, one.total_difference, one.enters, one.leaves])).toEqual([
      ["2", "+12.5", true, false], ["1", "0", false, true], ["5", "", false, false], ["4", "", false, false],
    ]);
    expect(compareLists(before, before)).toEqual([]);
    const ended = [list([row("1", { total: "311", place: "skd" })])];
    const final = [list([row("1", { total: "78.125", place: "final" })])];
    expect(compareLists(ended, final).map((one) => one.total_difference)).toEqual([""]);
  });
});
