import { describe, expect, it } from "vitest";
import type { PublicationView } from "../wire";
import { group, shortHash } from "./grouping";

function publication(selection: string, stage: string, revision: number, published_utc_ms: number): PublicationView {
  return { id: `${selection}-${stage}-${revision}`, selection, stage, title: "", number: "", revision, reason: "", published_utc_ms, people: 0, sha256: "" };
}

describe("publications for the public", () => {
  it("are grouped by selection and stage, newest first, the revision in force above the others", () => {
    const groups = group([publication("2025", "SKB", 1, 10), publication("2026", "SKD", 1, 20), publication("2026", "SKB", 1, 30), publication("2026", "SKD", 2, 40)]);
    expect(groups.map((one) => one.selection)).toEqual(["2026", "2025"]);
    expect(groups[0]?.stages.map((stage) => [stage.stage, stage.current.revision, stage.earlier.map((earlier) => earlier.revision)])).toEqual([
      ["SKD", 2, [1]],
      ["SKB", 1, []],
    ]);
  });
  it("of none are none", () => expect(group([])).toEqual([]));
  it("show the beginning of their fingerprint", () => expect(shortHash("0123456789abcdef0123")).toBe("0123 4567 89ab cdef"));
});
