import { describe, expect, it } from "vitest";
import type { Outcome } from "../../common/api";
import { staleOf } from "./preview";

describe("a preview that was to be published", () => {
  const refused = (status: number, code: string): Outcome<unknown> => ({ kind: "refused", status, refusal: { code, message: "" } });
  const answers: [Outcome<unknown>, ReturnType<typeof staleOf>][] = [
    [refused(404, "not_found"), "gone"], [refused(409, "preview_outdated"), "outdated"], [refused(409, "already_published"), undefined], [refused(404, "http_404"), undefined],
    [{ kind: "ok", value: undefined }, undefined], [{ kind: "unreachable" }, undefined],
  ];
  it.each(answers)("after %j is stale: %s", (outcome, stale) => expect(staleOf(outcome)).toBe(stale));
});
