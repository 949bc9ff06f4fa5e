import { describe, expect, it } from "vitest";
import type { Outcome } from "../../common/api";
import { reportOf } from "./report";

describe("a report of statistics", () => {
  const refused = (status: number): Outcome<undefined> => ({ kind: "refused", status, refusal: { code: `http_${status}`, message: `HTTP ${status}` } });
  const answers: [Outcome<undefined>, ReturnType<typeof reportOf>["at"]][] = [
    [{ kind: "ok", value: undefined }, "there"], [refused(404), "none"], [refused(403), "none"], [refused(409), "too_few"], [refused(500), "trouble"], [{ kind: "unreachable" }, "trouble"],
  ];
  it.each(answers)("after %j is %s", (outcome, at) => expect(reportOf(outcome).at).toBe(at));
});
