import { describe, expect, it } from "vitest";
import type { CheckInWindow, DeskList, DeskPerson } from "../wire";
import { blank, lacking, meant, serverNow, step, toCheckIn, windowState, WORD_MS, type Action, type Card, type Desk } from "./state";

function person(number: string, more: Partial<DeskPerson> = {}): DeskPerson {
  return {
    session: `s${number}`, participant_no: number, name: `Nama ${number}`, formation: "Perawat", category: "umum", birth_date: "1998-03-14", extra_time_s: 0, accommodation: "", seat: null,
    attendance: "expected", phase: "expected", ...more,
  };
}

const WINDOW: CheckInWindow = { opens_utc_ms: 1_000, closes_utc_ms: 9_000, now_utc_ms: 5_000, open: true, doors_open: true };

function list(people: DeskPerson[], more: Partial<DeskList> = {}): DeskList {
  return { window: WINDOW, counts: { enrolled: 60, present: 3, absent: 0, refused: 0 }, people, free_seats: [], ...more };
}

function listed(find: string, people: DeskPerson[], more: Partial<DeskList> = {}): Action {
  return { type: "listed", find, outcome: { kind: "ok", value: list(people, more) }, nowMs: 0, freshId: "id" };
}

function after(...actions: Action[]): Desk {
  return actions.reduce(step, blank(0));
}

const PIN = { pin: "12345678", expires_utc_ms: 99_000, seat: "A-07" };
const opened = (one: DeskPerson): Desk => after({ type: "find", find: one.participant_no }, listed(one.participant_no, [one]), { type: "enter", freshId: "c1" });

describe("the window", () => {
  it("is open between its times when the doors are", () => expect(windowState(WINDOW, 5_000)).toEqual({ kind: "open", leftMs: 4_000 }));
  it("closes by the clock, without a word of the server", () => expect(windowState(WINDOW, 9_000).kind).toBe("closed"));
  it("is not yet open before its time", () => expect(windowState({ ...WINDOW, open: false }, 400)).toEqual({ kind: "not_yet", leftMs: 600 }));
  it("opens by the clock, without a word of the server", () => expect(windowState({ ...WINDOW, open: false, now_utc_ms: 400 }, 1_200).kind).toBe("open"));
  it("waits for the doors", () => expect(windowState({ ...WINDOW, open: false, doors_open: false }, 5_000).kind).toBe("doors"));
  it("believes the server when it says no for another reason", () => expect(windowState({ ...WINDOW, open: false }, 6_000).kind).toBe("closed"));
  it("is reckoned with the server's clock, which goes on between its words", () =>
    expect(serverNow(after(listed("", []), { type: "tick", nowMs: 1_500 }))).toBe(6_500));
});

describe("finding", () => {
  const people = [person("100"), person("1001"), person("2")];
  it("means the exact number, even among others that begin like it", () => expect(meant(list(people), "100", -1)?.session).toBe("s100"));
  it("ignores case and spaces around the number", () => expect(meant(list([person("AB7"), person("AB71")]), " ab7 ", -1)?.session).toBe("sAB7"));
  it("means the only one found", () => expect(meant(list([person("55")]), "nama", -1)?.session).toBe("s55"));
  it("means nobody among several", () => expect(meant(list(people), "nama", -1)).toBeUndefined());
  it("means nobody without a word, even when only one is left", () => expect(meant(list([person("55")]), "", -1)).toBeUndefined());
  it("means the highlighted line first", () => expect(meant(list(people), "100", 2)?.session).toBe("s2"));
  it("opens at Enter", () => expect(opened(person("77")).card?.person.session).toBe("s77"));
  it("remembers an Enter that came before the answer, as a scanner's does", () => {
    const early = after(listed("", people), { type: "find", find: "2" }, { type: "enter", freshId: "x" });
    expect([early.card, early.enterWaits]).toEqual([undefined, true]);
    expect(step(early, listed("2", [person("2")])).card?.person.session).toBe("s2");
  });
  it("forgets that Enter when somebody types on", () => {
    const typed = after(listed("", people), { type: "find", find: "2" }, { type: "enter", freshId: "x" }, { type: "find", find: "20" }, listed("20", [person("20")]));
    expect(typed.card).toBeUndefined();
  });
  it("takes only counts and clock from an answer for an older search", () => {
    const state = after(listed("", people), { type: "find", find: "2" }, listed("", [], { counts: { enrolled: 60, present: 9, absent: 0, refused: 0 } }));
    expect([state.list?.people.length, state.list?.counts.present]).toEqual([3, 9]);
  });
  it("moves the highlight within the list", () => {
    const state = after(listed("", people), { type: "move", by: -1 }, { type: "move", by: 1 }, { type: "move", by: 1 }, { type: "move", by: 1 }, { type: "move", by: 1 });
    expect(state.active).toBe(2);
  });
  it("keeps the list when the server does not answer", () => {
    const state = step(after(listed("", people)), { type: "listed", find: "", outcome: { kind: "unreachable" }, nowMs: 0, freshId: "i" });
    expect([state.list?.people.length, state.trouble?.kind]).toEqual([3, "unreachable"]);
  });
});

describe("checking in", () => {
  const open = { kind: "open", leftMs: 1 } as const;
  const card = (state: Desk): Card => {
    if (state.card === undefined) {
      throw new Error("no card");
    }
    return state.card;
  };
  const checked = [{ type: "identity" }, { type: "document", document: "ktp" }] as const;
  const ready = checked.reduce<Desk>(step, opened(person("5")));

  it("asks for the face first, then for a document", () => {
    expect(lacking(card(opened(person("5"))), open)).toBe("identity");
    expect(lacking(card(step(opened(person("5")), { type: "identity" })), open)).toBe("documents");
    expect(lacking(card(ready), open)).toBeUndefined();
  });
  it("asks for a reason outside the window", () => {
    expect(lacking(card(ready), { kind: "closed" })).toBe("override");
    expect(lacking(card(step(ready, { type: "override", override: " macet " })), { kind: "closed" })).toBeUndefined();
  });
  it("is too late for a session that is over", () => expect(lacking(card(opened(person("5", { phase: "expired" }))), open)).toBe("over"));
  it("sends what was ticked, and no reason inside the window", () =>
    expect(toCheckIn(card(step(ready, { type: "override", override: "unused" })), open)).toEqual({ id: "c1", identity_confirmed: true, documents: ["ktp"], seat: null, override_reason: null }));
  it("sends the chosen seat and the reason outside the window", () => {
    const state = step(step(ready, { type: "seat", seat: "k1" }), { type: "override", override: " macet " });
    expect(toCheckIn(card(state), { kind: "doors" })).toMatchObject({ seat: "k1", override_reason: "macet" });
  });
  it("unticks a document", () => expect(card(step(ready, { type: "document", document: "ktp" })).documents).toEqual([]));
  it("keeps the id of the command over refusals and lost answers", () => {
    const refused = step(step(ready, { type: "sending" }), { type: "checked_in", id: "c1", outcome: { kind: "refused", status: 409, refusal: { code: "seat_taken", message: "…" } } });
    const lost = step(step(refused, { type: "sending" }), { type: "checked_in", id: "c1", outcome: { kind: "unreachable" } });
    expect([card(refused).trouble?.kind, card(lost).trouble?.kind, card(lost).id, card(lost).documents]).toEqual(["refused", "unreachable", "c1", ["ktp"]]);
  });
  it("changes nothing while it is on its way", () => expect(card(step(step(ready, { type: "sending" }), { type: "identity" })).identity).toBe(true));
  it("shows the PIN and asks for the list again", () => {
    const done = step(step(ready, { type: "sending" }), { type: "checked_in", id: "c1", outcome: { kind: "ok", value: PIN } });
    expect([done.card, done.issued?.pin.pin, done.issued?.how, done.askAgain]).toEqual([undefined, "12345678", "check_in", 1]);
  });
  it("forgets the PIN and the search with the next person", () => {
    const done = step(step(ready, { type: "checked_in", id: "c1", outcome: { kind: "ok", value: PIN } }), { type: "back" });
    expect([done.issued, done.find, done.focusFind]).toEqual([undefined, "", 1]);
  });
  it("follows what another desk does to the same person meanwhile", () =>
    expect(step(opened(person("5")), listed("5", [person("5", { attendance: "present", seat: "B-02" })])).card?.person.attendance).toBe("present"));
});

describe("going back", () => {
  it("closes the card first and keeps the search", () => {
    const back = step(opened(person("5")), { type: "back" });
    expect([back.card, back.find]).toEqual([undefined, "5"]);
    expect(step(back, { type: "back" }).find).toBe("");
  });
  it("does not leave a check-in on its way", () => expect(step(step(opened(person("5")), { type: "sending" }), { type: "back" }).card).toBeDefined());
});

describe("questions", () => {
  const asked = (kind: "absent" | "refused" | "reissue"): Desk => step(opened(person("5")), { type: "ask", kind, freshId: "q1" });
  it("an attendance ends with a word and an empty search", () => {
    const done = step(asked("absent"), { type: "answered", id: "q1", outcome: { kind: "ok", value: undefined }, nowMs: 10 });
    expect([done.word, done.find, done.card, done.question]).toEqual([{ kind: "absent", name: "Nama 5", untilMs: 10 + WORD_MS }, "", undefined, undefined]);
    expect(step(done, { type: "tick", nowMs: 10 + WORD_MS }).word).toBeUndefined();
  });
  it("a new PIN is shown as such", () => {
    const done = step(asked("reissue"), { type: "answered", id: "q1", outcome: { kind: "ok", value: PIN }, nowMs: 10 });
    expect([done.issued?.how, done.issued?.pin.seat]).toEqual(["reissue", "A-07"]);
  });
  it("a refusal of the server stays in the dialog", () => {
    const refused = step(asked("refused"), { type: "answered", id: "q1", outcome: { kind: "refused", status: 403, refusal: { code: "x", message: "…" } }, nowMs: 1 });
    expect([refused.question?.trouble?.kind, refused.question?.busy, refused.card?.person.session]).toEqual(["refused", false, "s5"]);
  });
  it("an answer to a dialog that was closed is nothing", () => {
    const closed = step(asked("absent"), { type: "dismiss" });
    expect(step(closed, { type: "answered", id: "q1", outcome: { kind: "ok", value: undefined }, nowMs: 1 })).toBe(closed);
  });
});
