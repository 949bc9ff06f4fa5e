import { describe, expect, it } from "vitest";
import { readCount, wholeCount } from "./hand-count";

describe("a count by hand", () => {
  const cases: [string, string, [number, number] | undefined][] = [
    ["24", "2", [24, 2]], [" 24 ", "0", [24, 0]], ["1.204", "0", [1204, 0]], ["", "2", undefined], ["24", "", undefined], ["-1", "2", undefined], ["2,5", "0", undefined],
    ["100001", "0", undefined],
  ];
  it.each(cases)("%j present and %j absent", (present, absent, expected) => {
    expect(wholeCount({ present, absent, note: " dua sakit " })).toEqual(expected === undefined ? undefined : { present: expected[0], absent: expected[1], note: "dua sakit" });
  });
  it("tells what is wrong with each number", () => {
    expect(readCount({ present: "", absent: "100001", note: "" })).toEqual({ present: { fault: { code: "empty" } }, absent: { fault: { code: "range", min: 0, max: 100_000 } }, note: { value: "" } });
  });
});
