import { describe, expect, it } from "vitest";
import { readInteger } from "../common/integer";
import type { SelectionPolicy } from "../wire";
import {
  instantText, minutesText, nextCode, parseHall, parsePolicy, parseSitting, policyTexts, readCode, readInstant, readLogin, readMinutes,
  SITTING_POLICY, sittingPolicyTexts,
} from "./forms";

describe("numbers as people write them", () => {
  const integers: [string, number | string][] = [
    ["12", 12], [" 12 ", 12], ["1.200", 1200], ["", "empty"], ["12a", "integer"], ["1.20", "integer"], ["1,5", "integer"], ["0", "range"], ["5000", "range"],
  ];
  it.each(integers)("integer %j", (text, expected) => {
    const read = readInteger(text, 1, 2000);
    expect("value" in read ? read.value : read.fault.code).toBe(expected);
  });

  const minutes: [string, number | string][] = [["90", 5400], ["1:30", 90], ["0:05", 5], ["1:5", "duration"], ["1:75", "duration"], ["1,5", "duration"], ["500", "range"]];
  it.each(minutes)("minutes %j", (text, expected) => {
    const read = readMinutes(text, 1, 28_800);
    expect("value" in read ? read.value : read.fault.code).toBe(expected);
  });

  it("writes seconds so that they read back", () => {
    for (const seconds of [5, 60, 90, 100, 5400, 28_800]) {
      expect(readMinutes(minutesText(seconds), 1, 28_800)).toEqual({ value: seconds });
    }
  });
});

describe("codes and logins", () => {
  it.each(["skb", "cpns-2026", "a", "1"])("%j is a code", (code) => expect(readCode(code)).toEqual({ value: code }));
  it.each(["SKB", "a b", "a_b", "ä", "a".repeat(41)])("%j is no code", (code) => expect(readCode(code)).toEqual({ fault: { code: "code_form" } }));
  it("a login is 3 to 40 characters", () => {
    expect(readLogin("ab")).toEqual({ fault: { code: "login_form" } });
    expect(readLogin("siti.aminah_2")).toEqual({ value: "siti.aminah_2" });
  });
  const next: [string, string][] = [["skb-01", "skb-02"], ["skb-09", "skb-10"], ["skb-99", "skb-100"], ["pagi", "pagi-2"]];
  it.each(next)("after %j comes %j", (code, expected) => expect(nextCode(code)).toBe(expected));
});

describe("instants of a datetime-local field", () => {
  it("read back what they were written from", () => {
    const at = new Date(2026, 10, 30, 8, 5).getTime();
    expect(instantText(at)).toBe("2026-11-30T08:05");
    expect(readInstant("2026-11-30T08:05")).toEqual({ value: at });
  });
  it.each(["2026-02-31T08:00", "2026-11-30", "besok"])("%j is no instant", (text) => expect(readInstant(text)).toEqual({ fault: { code: "instant" } }));
});

describe("a hall", () => {
  const hall = { code: "aula", title: "Aula", rows: "5", columns: "6", spare: "2" };
  it("is a grid with spare seats", () => expect(parseHall(hall)).toEqual({ ok: true, value: { code: "aula", title: "Aula", rows: 5, columns: 6, spare: 2 } }));
  it("must leave a seat for a candidate", () => expect(parseHall({ ...hall, spare: "30" })).toEqual({ ok: false, faults: { spare: { code: "seats", seats: 30 } } }));
  it("tells all faults at once", () => {
    const parsed = parseHall({ ...hall, code: "Aula!", rows: "61", columns: "" });
    expect(parsed.ok ? [] : Object.keys(parsed.faults).sort()).toEqual(["code", "columns", "rows"]);
  });
});

describe("a sitting", () => {
  const now = new Date(2026, 10, 1).getTime();
  const values = { stage: "s", hall: "h", code: "skb-01", starts: "2026-11-30T08:00", ...sittingPolicyTexts(SITTING_POLICY) };
  it("has the server's defaults unless somebody changes them", () => {
    const parsed = parseSitting(values, now);
    expect(parsed.ok && parsed.value.policy).toEqual(SITTING_POLICY);
    expect(parsed.ok && parsed.value.starts_utc_ms).toBe(new Date(2026, 10, 30, 8).getTime());
  });
  it("does not lie in the past", () => {
    const parsed = parseSitting({ ...values, starts: "2025-11-30T08:00" }, now);
    expect(parsed.ok ? undefined : parsed.faults.starts).toEqual({ code: "past" });
  });
  it("lets people in some time", () => {
    const parsed = parseSitting({ ...values, check_in_opens_before_s: "10", check_in_closes_before_s: "10" }, now);
    expect(parsed.ok ? undefined : parsed.faults).toEqual({ check_in_closes_before_s: { code: "window" } });
  });
  it("needs stage and hall", () => {
    const parsed = parseSitting({ ...values, stage: "", hall: "" }, now);
    expect(parsed.ok ? undefined : parsed.faults).toEqual({ stage: { code: "empty" }, hall: { code: "empty" } });
  });
});

describe("a policy", () => {
  const policy: SelectionPolicy = {
    names: "initials", reveal: { by: "every_answered", items: 5 }, freeze_before_end_s: 0, marks_at_end: true, grant_approval_above_s: 600,
    terminate_approval: true, admit_late_approval: false, columns: { category: true, marks: false, values: true, rank: false }, attempt_rule: "last",
  };
  it.each([
    policy,
    { ...policy, reveal: { by: "interval" as const, seconds: 30 }, grant_approval_above_s: null },
    { ...policy, reveal: { by: "at_end" as const }, grant_approval_above_s: 0, freeze_before_end_s: 90 },
  ])("reads back what its form was filled from", (given) => expect(parsePolicy(policyTexts(given))).toEqual({ ok: true, value: given }));
  it("does not look at fields of another way of revealing", () => {
    expect(parsePolicy({ ...policyTexts(policy), reveal: "at_end", reveal_items: "many" }).ok).toBe(true);
  });
  it("keeps the reveal within its limits", () => {
    const parsed = parsePolicy({ ...policyTexts(policy), reveal_items: "1" });
    expect(parsed.ok ? undefined : parsed.faults.reveal_items).toEqual({ code: "range", min: 2, max: 50 });
  });
});
