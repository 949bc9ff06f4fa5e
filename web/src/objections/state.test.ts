import { describe, expect, it } from "vitest";
import type { Outcome } from "../common/api";
import type { MyObjections } from "../wire";
import {
  ATTACHMENT_BYTES_MAX, attachmentFault, draftFaults, draftOf, EMPTY_DRAFT, readSignIn, START, step, windowPlace, windowTurned, type Action, type Attachment, type State,
} from "./state";

const MINE: MyObjections = { name: "Siti Aminah", participant_no: "P-001", selection: "CPNS", stages: [] };
const OK: Outcome<MyObjections> = { kind: "ok", value: MINE };
const refused = (status: number): Outcome<never> => ({ kind: "refused", status, refusal: { code: "no", message: "Tidak." } });
const SILENT: Outcome<never> = { kind: "unreachable" };

function after(...actions: Action[]): State {
  return actions.reduce(step, START);
}

describe("the page of objections", () => {
  it("asks who is there, and shows the form when nobody is", () => {
    expect(after({ type: "asked", outcome: refused(401) }).place).toEqual({ at: "form", busy: false, trouble: undefined });
    expect(after({ type: "asked", outcome: SILENT }).place).toEqual({ at: "unreachable" });
    expect(after({ type: "asked", outcome: OK }).place).toMatchObject({ at: "in", mine: MINE });
  });
  it("says why somebody may not come in", () => {
    const { place } = after({ type: "try" }, { type: "tried", outcome: refused(403) });
    expect(place).toMatchObject({ at: "form", busy: false, trouble: { kind: "refused", refusal: { code: "no" } } });
  });
  it("stays in when the server is silent or busy for a moment", () => {
    const inside = after({ type: "asked", outcome: OK });
    expect(step(inside, { type: "asked", outcome: SILENT })).toEqual(inside);
    expect(step(inside, { type: "asked", outcome: refused(503) })).toEqual(inside);
    expect(step(inside, { type: "asked", outcome: refused(401) }).place.at).toBe("form");
  });
  it("keeps what was written when the sign-in ran out, and gives it to nobody else", () => {
    const writing = after({ type: "asked", outcome: OK }, { type: "write", stage: "s", part: { text: "Nilai saya berbeda" } }, { type: "send", stage: "s" });
    const out = step(writing, { type: "sent", stage: "s", outcome: refused(401) });
    expect(out.place.at).toBe("form");
    expect(draftOf(out, "s").text).toBe("Nilai saya berbeda");
    expect(draftOf(step(out, { type: "tried", outcome: OK }), "s").text).toBe("Nilai saya berbeda");
    for (const type of ["tried", "asked"] as const) {
      const other = step(out, { type, outcome: { kind: "ok", value: { ...MINE, participant_no: "P-002" } } });
      expect(draftOf(other, "s")).toEqual(EMPTY_DRAFT);
      expect(other.place).toMatchObject({ at: "in", sending: undefined, mine: { participant_no: "P-002" } });
    }
    expect(draftOf(step(writing, { type: "left", outcome: { kind: "ok", value: undefined } }), "s")).toEqual(EMPTY_DRAFT);
  });
  it("is left only when the server says so", () => {
    const inside = after({ type: "asked", outcome: OK }, { type: "write", stage: "s", part: { text: "x" } });
    expect(step(inside, { type: "left", outcome: { kind: "ok", value: undefined } })).toEqual({ ...START, place: { at: "form", busy: false, trouble: undefined } });
    for (const [outcome, kind] of [[SILENT, "unreachable"], [refused(503), "refused"]] as const) {
      const stays = step(inside, { type: "left", outcome });
      expect(stays.place).toMatchObject({ at: "in", signOutTrouble: { kind } });
      expect(draftOf(stays, "s").text).toBe("x");
    }
  });
  it("forgets the draft once it is sent, and not when it was refused", () => {
    const sending = after({ type: "asked", outcome: OK }, { type: "write", stage: "s", part: { text: "x" } }, { type: "send", stage: "s" });
    const sent = step(sending, { type: "sent", stage: "s", outcome: { kind: "ok", value: undefined } });
    expect(sent.place).toMatchObject({ sending: undefined, sent: "s" });
    expect(draftOf(sent, "s")).toEqual(EMPTY_DRAFT);
    const kept = step(sending, { type: "sent", stage: "s", outcome: refused(409) });
    expect(kept.place).toMatchObject({ sending: undefined, trouble: { stage: "s" } });
    expect(draftOf(kept, "s").text).toBe("x");
  });
});

describe("an objection", () => {
  const draft = { ...EMPTY_DRAFT, sure: true };
  it("has 20 to 4,000 characters, counted without the spaces around", () => {
    expect(draftFaults({ ...draft, text: "a".repeat(20) })).toEqual([]);
    expect(draftFaults({ ...draft, text: ` ${"a".repeat(19)} ` })).toEqual(["short"]);
    expect(draftFaults({ ...draft, text: "a".repeat(4_001) })).toEqual(["long"]);
    expect(draftFaults({ ...draft, text: "😀".repeat(4_000) })).toEqual([]);
  });
  it("is sent knowingly", () => expect(draftFaults({ ...draft, sure: false, text: "a".repeat(20) })).toEqual(["sure"]));
  const files: [string, number, ReturnType<typeof attachmentFault>][] = [
    ["bukti.pdf", 1, undefined], ["FOTO.JPG", ATTACHMENT_BYTES_MAX, undefined], ["layar.png", ATTACHMENT_BYTES_MAX + 1, "large"], ["surat.docx", 10, "type"], ["kosong.pdf", 0, "empty"],
  ];
  it.each(files)("with %s of %d bytes", (name, size, fault) => expect(attachmentFault({ name, size })).toBe(fault));
});

describe("an attachment", () => {
  const file: Attachment = { name: "layar.png", bytes: 3, base64: "AAAA" };
  const choosing = after({ type: "asked", outcome: OK }, { type: "write", stage: "s", part: { file: undefined, reading: "b" } });
  it("is there once it is read", () => {
    expect(draftOf(step(choosing, { type: "read", stage: "s", choice: "b", file }), "s")).toMatchObject({ file, reading: undefined, fileFault: undefined });
    expect(draftOf(step(choosing, { type: "read", stage: "s", choice: "b", file: undefined }), "s")).toMatchObject({ file: undefined, reading: undefined, fileFault: "unreadable" });
  });
  it("is the newest choice, and that of the one who chose it", () => {
    expect(step(choosing, { type: "read", stage: "s", choice: "a", file })).toBe(choosing);
    const gone = step(choosing, { type: "left", outcome: { kind: "ok", value: undefined } });
    expect(step(gone, { type: "read", stage: "s", choice: "b", file })).toBe(gone);
  });
});

describe("signing in", () => {
  it("takes a NIK with spaces or dots", () => {
    expect(readSignIn({ participant_no: " P-001 ", nik: "3671 0112 3456 0001", birth_date: "1999-12-31" }))
      .toEqual({ ok: true, value: { participant_no: "P-001", nik: "3671011234560001", birth_date: "1999-12-31" } });
  });
  it("tells every field that is wrong", () => {
    expect(readSignIn({ participant_no: "", nik: "123", birth_date: "" })).toEqual({ ok: false, faults: { participant_no: "empty", nik: "nik", birth_date: "date" } });
  });
});

describe("the window", () => {
  const hour = 3_600_000;
  const window = { opens_utc_ms: 100 * hour, closes_utc_ms: 172 * hour };
  it("is before, open or over by the clock, whatever was true when the page was opened", () => {
    expect(windowPlace(null, 0)).toEqual({ at: "none" });
    expect(windowPlace(window, 99 * hour)).toEqual({ at: "before", window });
    expect(windowPlace(window, 100 * hour)).toMatchObject({ at: "open", left: { days: 3, hours: 0, minutes: 0 } });
    expect(windowPlace(window, 171 * hour - 60_000)).toMatchObject({ left: { days: 0, hours: 1, minutes: 1 } });
    expect(windowPlace(window, 172 * hour - 1)).toMatchObject({ at: "open", left: { days: 0, hours: 0, minutes: 0 } });
    expect(windowPlace(window, 172 * hour)).toEqual({ at: "over", window });
  });
  it("turns when it opens and when it closes", () => {
    const turns: [number, number, boolean][] = [[98, 99, false], [99, 100, true], [100, 171, false], [171, 172, true], [172, 180, false], [99, 180, true]];
    for (const [from, to, turned] of turns) {
      expect(windowTurned(window, from * hour, to * hour), `${from} to ${to}`).toBe(turned);
    }
    expect(windowTurned(null, 0, 180 * hour)).toBe(false);
  });
});
