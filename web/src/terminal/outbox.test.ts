import { IDBFactory } from "fake-indexeddb";
import "fake-indexeddb/auto";
import { describe, expect, test } from "vitest";
import { openOutbox } from "./outbox";
import type { Command, Snapshot } from "./state";
import { WHO, clockView, paper } from "./testing";

const answer = (seq: number, position = 0, epoch = 1): Command => ({
  epoch,
  seq,
  at_ms: seq * 10,
  frame: { t: "answer", seq, position, item: `item${position}`, choices: [1] },
});
const snapshot = (change: Partial<Snapshot> = {}): Snapshot => ({
  who: WHO,
  epoch: 1,
  next_seq: 1,
  clock: clockView(),
  paper_digest: "d5",
  stored: [],
  cursor: 0,
  start_individually: true,
  reconnect_jitter_ms: 10_000,
  ended: null,
  ...change,
});
const S = WHO.session;

describe("outbox", () => {
  test("what was put is there after a reload, in the order of epoch and number", async () => {
    const factory = new IDBFactory();
    const before = await openOutbox(factory);
    for (const command of [answer(2), answer(10), answer(1), answer(1, 3, 0)]) await before.put(S, command);
    const after = await openOutbox(factory);
    expect((await after.restore(S)).commands).toEqual([answer(1, 3, 0), answer(1), answer(2), answer(10)]);
  });
  test("a command leaves together with the state that contains it", async () => {
    const factory = new IDBFactory();
    const outbox = await openOutbox(factory);
    await outbox.put(S, answer(1));
    await outbox.put(S, answer(2));
    await outbox.remove(S, [{ epoch: 1, seq: 1 }], snapshot({ stored: [{ choices: [1], doubtful: false }] }));
    const restored = await (await openOutbox(factory)).restore(S);
    expect(restored.commands).toEqual([answer(2)]);
    expect(restored.snapshot?.stored).toEqual([{ choices: [1], doubtful: false }]);
  });
  test("candidates at one machine never meet", async () => {
    const outbox = await openOutbox(new IDBFactory());
    await outbox.put(S, answer(1));
    await outbox.put("other", answer(1, 4));
    expect((await outbox.restore(S)).commands).toEqual([answer(1)]);
    expect((await outbox.restore("other")).commands).toEqual([answer(1, 4)]);
  });
  test("the time since the last word is told by the wall clock, and never below zero", async () => {
    const factory = new IDBFactory();
    let now = 1_000_000;
    const outbox = await openOutbox(factory, () => now);
    await outbox.keep(snapshot());
    now += 42_000;
    expect((await outbox.restore(S)).elapsed_ms).toBe(42_000);
    now -= 100_000;
    expect((await outbox.restore(S)).elapsed_ms).toBe(0);
  });
  test("the paper comes back by its digest", async () => {
    const outbox = await openOutbox(new IDBFactory());
    await outbox.keep(snapshot());
    expect((await outbox.restore(S)).paper).toBeNull();
    await outbox.keepPaper(paper());
    expect((await outbox.restore(S)).paper?.items).toHaveLength(5);
    await outbox.keep(snapshot({ paper_digest: "another" }));
    expect((await outbox.restore(S)).paper).toBeNull();
  });
  test("the last session is known without the server, until it is left", async () => {
    const outbox = await openOutbox(new IDBFactory());
    expect(await outbox.last()).toBeNull();
    await outbox.restore(S);
    await outbox.keep(snapshot());
    expect((await outbox.last())?.who).toEqual(WHO);
    await outbox.forget(S);
    expect(await outbox.last()).toBeNull();
    expect((await outbox.restore(S)).snapshot).toBeNull();
  });
  test("answers that were not sent stay when the candidate leaves, and are told to the next", async () => {
    const outbox = await openOutbox(new IDBFactory());
    await outbox.keep(snapshot());
    await outbox.keepPaper(paper());
    for (const command of [answer(1), answer(2), answer(3, 1)]) await outbox.put(S, command);
    await outbox.forget(S);
    expect(await outbox.leftovers()).toEqual([{ participant_no: WHO.participant_no, answers: 2 }]);
    const restored = await outbox.restore(S);
    expect(restored.commands).toHaveLength(3);
    expect(restored.paper).toBeNull();
  });
  test("commands that are no answers are no leftovers", async () => {
    const outbox = await openOutbox(new IDBFactory());
    await outbox.keep(snapshot());
    await outbox.put(S, { epoch: 1, seq: 1, at_ms: 0, frame: { t: "view", seq: 1, position: 3 } });
    expect(await outbox.leftovers()).toEqual([]);
    await outbox.forget(S);
    expect((await outbox.restore(S)).commands).toEqual([]);
  });
  test("a browser without a disk says so", async () => {
    const outbox = await openOutbox(undefined);
    expect(outbox.disk).toBe(false);
    await expect(outbox.put(S, answer(1))).rejects.toThrow();
    expect((await outbox.restore(S)).disk).toBe(false);
  });
});
