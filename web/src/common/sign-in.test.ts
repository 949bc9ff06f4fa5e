import { describe, expect, it } from "vitest";
import type { Me, Role } from "../wire";
import { fits, stepGate, type Gate } from "./sign-in";

const me = (...roles: Role[]): Me => ({ id: "1", login: "rina", name: "Rina", grants: roles.map((role) => ({ role, selection: null, hall: null })) });
const inside: Gate = { at: "in", me: me("proctor"), trouble: undefined };
const refusal = { code: "password_wrong", message: "…" };

describe("the gate", () => {
  it("shows the form to somebody unknown, without a reproach", () =>
    expect(stepGate({ at: "asking" }, { type: "asked", outcome: { kind: "refused", status: 401, refusal } })).toEqual({ at: "form", busy: false, trouble: undefined }));
  it("lets somebody known in", () => expect(stepGate({ at: "asking" }, { type: "asked", outcome: { kind: "ok", value: me("proctor") } }).at).toBe("in"));
  it("keeps somebody in while the cable is out", () => expect(stepGate(inside, { type: "asked", outcome: { kind: "unreachable" } })).toBe(inside));
  it("shows the form again when the session is over", () => expect(stepGate(inside, { type: "asked", outcome: { kind: "refused", status: 401, refusal } }).at).toBe("form"));
  it("tells why a try did not work", () =>
    expect(stepGate({ at: "form", busy: true, trouble: undefined }, { type: "tried", outcome: { kind: "refused", status: 403, refusal } })).toEqual({ at: "form", busy: false, trouble: { kind: "refused", refusal } }));
  it("keeps somebody in who could not be signed out, and says why", () => {
    expect(stepGate(inside, { type: "left", outcome: { kind: "ok", value: undefined } }).at).toBe("form");
    expect(stepGate(inside, { type: "left", outcome: { kind: "unreachable" } })).toEqual({ ...inside, trouble: { kind: "unreachable" } });
    expect(stepGate(inside, { type: "left", outcome: { kind: "refused", status: 503, refusal } })).toMatchObject({ at: "in", trouble: { kind: "refused", refusal } });
  });
  it("does not draw the page anew while asking again", () => expect(stepGate(inside, { type: "ask" })).toBe(inside));
});

describe("roles", () => {
  it("fit when one of many does", () => expect(fits(me("auditor", "registrar"), ["registrar", "committee"])).toBe(true));
  it("do not fit without grants", () => expect(fits(me(), ["registrar"])).toBe(false));
});
