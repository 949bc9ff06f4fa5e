import { describe, expect, it } from "vitest";
import type { EffectRow, StandingView } from "../../wire";
import { effectCsv, inert } from "./effect-csv";

const standing = (change: Partial<StandingView>): StandingView => ({ total: null, rank: null, status: "absent", code: "", to_formation: "", ...change });

describe("an effect as CSV", () => {
  const row: EffectRow = {
    participant_no: "P-1", name: 'Siti "Ai", S.E.', formation: "A",
    before: standing({ total: "300.5", rank: 2, status: "not_selected", code: "TL" }),
    after: standing({ total: "299.25", rank: 1, status: "selected_by_move", code: "P/L-2", to_formation: "B" }),
    total_difference: "-1.25", enters: true, leaves: false,
  };
  const gone: EffectRow = { participant_no: "P-2", name: "Budi", formation: "A", before: standing({}), after: null, total_difference: "", enters: false, leaves: true };
  it("has the columns of the server's table, a line for each person, and numbers with their sign", () => {
    expect(effectCsv([row, gone]).split("\n")).toEqual([
      "participant_no,name,formation,total_before,total_after,difference,rank_before,rank_after,status_before,status_after,code_before,code_after,to_formation_before,to_formation_after,enters,leaves",
      'P-1,"Siti ""Ai"", S.E.",A,300.5,299.25,-1.25,2,1,not_selected,selected_by_move,TL,P/L-2,,B,yes,',
      "P-2,Budi,A,,,,,,absent,,,,,,,yes",
      "",
    ]);
  });
  it("carries no formula in any cell", () => {
    const bad = { ...row, participant_no: "-1", name: "=1,2", formation: "+A", before: standing({ total: "=9", code: "@x", to_formation: "\tB" }) };
    expect(effectCsv([bad]).split("\n")[1]).toBe("'-1,\"'=1,2\",'+A,'=9,299.25,-1.25,,1,absent,selected_by_move,'@x,P/L-2,'\tB,B,yes,");
  });
  const cases: [string, string][] = [
    ["=1+1", "'=1+1"], ["+62811", "'+62811"], ["-2", "'-2"], ["@SUM(A1)", "'@SUM(A1)"], ["\t=1", "'\t=1"], ["\rx", "'\rx"], ["\nx", "'\nx"], ["  =1", "'  =1"],
    ["\uFEFF=1", "'\uFEFF=1"], ["＝1", "'＝1"], ["Siti-Aminah", "Siti-Aminah"], ["'Aisyah", "'Aisyah"], ["", ""],
  ];
  it.each(cases)("makes %j %j, as the server does", (text, kept) => expect(inert(text)).toBe(kept));
});
