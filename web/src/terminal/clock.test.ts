import { describe, expect, test } from "vitest";
import { countdown } from "../common/format";
import { aged, minutePassed, remaining, urgency } from "./clock";
import { clockView } from "./testing";

describe("clock", () => {
  test("a running clock runs by the monotonic time since it was heard", () => {
    const clock = { view: clockView({ remaining_ms: 90_000, section_remaining_ms: 30_000 }), heard_ms: 500 };
    expect(remaining(clock, 10_500)).toEqual({ paper_ms: 80_000, section_ms: 20_000 });
  });
  test.each(["signed_in", "ready", "paused", "submitted"] as const)("%s: the clock stands", (phase) => {
    expect(remaining({ view: clockView({ phase, remaining_ms: 90_000 }), heard_ms: 0 }, 60_000).paper_ms).toBe(90_000);
  });
  test("it never shows less than nothing", () => {
    expect(aged(clockView({ remaining_ms: 1_000, section_remaining_ms: 10 }), 5_000)).toMatchObject({ remaining_ms: 0, section_remaining_ms: 0 });
  });
  test("a wall clock that was set back adds no time", () => {
    expect(aged(clockView({ remaining_ms: 1_000 }), -5_000).remaining_ms).toBe(1_000);
  });
  test.each([
    [600_001, "calm"],
    [600_000, "ten"],
    [300_001, "ten"],
    [300_000, "five"],
    [1, "five"],
    [0, "over"],
  ] as const)("%i ms left is %s", (ms, expected) => {
    expect(urgency(ms)).toBe(expected);
  });
  test.each([
    [1_800_001, 1_800_000, 30],
    [600_500, 599_500, 10],
    [599_500, 598_500, null],
    [2_000_000, 200_000, 5],
    [60_001, 59_000, 1],
  ])("from %i to %i ms passes %s minutes", (before, after, expected) => {
    expect(minutePassed(before, after)).toBe(expected);
  });
  test("0:00 means over", () => {
    expect([countdown(1), countdown(0), countdown(3_661_000)]).toEqual(["00:01", "00:00", "1:01:01"]);
  });
});
