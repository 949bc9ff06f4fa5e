// Random stories of one candidate: answers, cut cables, crashed browsers, busy servers, pauses, slow disks. The step is driven as the rim
// drives it, against a server and a disk that are too simple to be wrong. The seed is in the name of a failing test.

import { describe, expect, test } from "vitest";
import type { AnswerView, TerminalFrame, TerminalNews } from "../wire";
import { type Command, type Effect, type Happening, type Snapshot, type State, cells, initial, status } from "./state";
import { step } from "./step";
import { WHO, clockView, paper } from "./testing";

const FACE = paper([{ items: 4 }, { items: 3 }], [5]);

/** Mulberry32: small, seeded, good enough for stories. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides | 0;
  };
}

class World {
  roll: (sides: number) => number;
  now_ms = 0;
  state: State = initial({ zoom: 100, contrast: false, shortcuts: true }, false);
  // The disk: what is written, and what is still being written, in order.
  outbox = new Map<number, Command>();
  snapshot: Snapshot | null = null;
  writing: (() => void)[] = [];
  /** The newest choice per position that the disk has taken: it may never be lost. */
  durable = new Map<number, { seq: number; choices: readonly number[] }>();
  // The line: frames on their way, each direction in order; null when there is no line.
  up: TerminalFrame[] | null = null;
  down: TerminalNews[] = [];
  wanted = false;
  reachable = true;
  // The server.
  answers: AnswerView[] = FACE.items.map(() => ({ choices: [], doubtful: false }));
  decided = new Map<number, number>();
  seqs = new Set<number>();
  cursor = 0;
  busy = false;
  phase: "running" | "paused" = "running";
  ended = false;

  constructor(seed: number) {
    this.roll = dice(seed);
    this.open();
  }

  tell(happening: Happening): void {
    const { state, effects } = step(this.state, { ...happening, now_ms: this.now_ms });
    this.state = state;
    for (const effect of effects) this.perform(effect);
  }

  perform(effect: Effect): void {
    switch (effect.t) {
      case "connect":
      case "connect_after":
        this.wanted = true;
        return;
      case "disconnect":
        this.up = null;
        this.down = [];
        return;
      case "greet":
      case "send":
        this.up?.push(effect.t === "greet" ? { t: "hello", version: 1, instance: "i", have_paper: effect.have_paper } : effect.frame);
        return;
      case "put": {
        const { command } = effect;
        this.writing.push(() => {
          this.outbox.set(command.seq, command);
          if (command.frame.t === "answer") this.durable.set(command.frame.position, { seq: command.seq, choices: command.frame.choices });
          this.tell({ t: "kept", epoch: command.epoch, seq: command.seq, where: "disk" });
        });
        return;
      }
      case "remove":
        this.writing.push(() => {
          for (const { seq } of effect.commands) this.outbox.delete(seq);
          if (effect.snapshot !== null) this.snapshot = effect.snapshot;
        });
        return;
      case "keep":
        this.writing.push(() => (this.snapshot = effect.snapshot));
        return;
      default:
        return;
    }
  }

  /** The browser starts, with the disk as it is. */
  open(): void {
    this.state = initial({ zoom: 100, contrast: false, shortcuts: true }, false);
    this.writing = [];
    this.up = null;
    this.down = [];
    const offline = this.snapshot !== null && this.roll(2) === 0;
    this.tell(offline ? { t: "unreachable" } : { t: "session_found", who: WHO });
    const commands = [...this.outbox.values()].sort((a, b) => a.seq - b.seq);
    const face = this.snapshot?.paper_digest === FACE.digest ? FACE : null;
    this.tell({ t: "restored", who: WHO, restored: { snapshot: this.snapshot, elapsed_ms: 0, commands, paper: face, disk: true } });
    if (this.state.paper !== null) this.nothingLost();
  }

  nothingLost(): void {
    for (const [position, { choices }] of this.durable) expect(cells(this.state)[position]?.choices).toEqual(choices);
  }

  decide(frame: TerminalFrame): void {
    const say = (news: TerminalNews): number => this.down.push(news);
    if (frame.t === "hello") {
      say({
        t: "welcome",
        session: WHO.session,
        epoch: 1,
        next_seq: Math.max(-1, ...this.seqs) + 1,
        clock: clockView({ phase: this.ended ? "submitted" : this.phase }),
        paper_digest: FACE.digest,
        answers: structuredClone(this.answers),
        cursor: this.cursor,
        start_individually: true,
        reconnect_jitter_ms: 10_000,
        ended: this.ended ? { how: "submitted", marks: null, answered: 0 } : null,
      });
      if (frame.have_paper !== FACE.digest) say({ t: "paper", ...FACE });
      return;
    }
    const { seq } = frame;
    if (this.seqs.has(seq)) return void say({ t: "saved", seq });
    if (this.busy && this.roll(2) === 0) return void say({ t: "refused", seq, code: "busy", retry_after_ms: this.roll(3_000) });
    if (this.ended) return void say({ t: "refused", seq, code: "session_ended" });
    if (this.phase === "paused") return void say({ t: "refused", seq, code: "paused" });
    if (frame.t === "answer") {
      if (seq < (this.decided.get(frame.position) ?? -1)) return void say({ t: "refused", seq, code: "superseded" });
      expect(frame.item).toBe(FACE.items[frame.position]?.item);
      this.decided.set(frame.position, seq);
      this.answers[frame.position] = { ...this.answers[frame.position]!, choices: frame.choices };
    }
    if (frame.t === "flag") this.answers[frame.position] = { ...this.answers[frame.position]!, doubtful: frame.doubtful };
    if (frame.t === "view") this.cursor = frame.position;
    if (frame.t === "submit") this.ended = true;
    this.seqs.add(seq);
    say({ t: "saved", seq });
    if (this.ended) say({ t: "ended", how: "submitted", marks: null, answered: 0 });
  }

  cut(): void {
    if (this.up === null) return;
    this.up = null;
    this.down = [];
    this.tell({ t: "closed", code: 1006 });
  }
  connect(): void {
    if (!this.wanted || this.up !== null) return;
    this.wanted = false;
    this.tell({ t: "connecting" });
    if (!this.reachable) return this.tell({ t: "closed", code: 1006 });
    this.up = [];
    this.tell({ t: "opened" });
  }
  toServer(): void {
    const frame = this.up?.shift();
    if (frame !== undefined) this.decide(frame);
  }
  toPage(): void {
    const news = this.down.shift();
    if (news !== undefined) this.tell({ t: "news", news });
  }
  write(): void {
    this.writing.shift()?.();
  }
  pause(phase: "running" | "paused"): void {
    if (this.ended) return;
    this.phase = phase;
    if (this.up !== null) this.down.push({ t: "clock", ...clockView({ phase }) });
  }

  /** One random thing. */
  turn(): void {
    this.now_ms += this.roll(400);
    const acts: readonly (readonly [number, () => void])[] = [
      [30, () => this.tell({ t: "choose", index: this.roll(6), spoken: false })],
      [3, () => this.tell({ t: "clear" })],
      [5, () => this.tell({ t: "doubt" })],
      [10, () => this.tell({ t: "next" })],
      [5, () => this.tell({ t: "previous" })],
      [8, () => this.tell({ t: "go", position: this.roll(8) })],
      [40, () => this.toServer()],
      [40, () => this.toPage()],
      [50, () => this.write()],
      [12, () => this.connect()],
      [3, () => this.cut()],
      [2, () => (this.reachable = this.roll(3) > 0)],
      [2, () => this.open()],
      [2, () => (this.busy = this.roll(2) === 0)],
      [2, () => this.pause(this.roll(2) === 0 ? "paused" : "running")],
      [8, () => this.tell({ t: "tick" })],
    ];
    let at = this.roll(acts.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, act] of acts) {
      at -= weight;
      if (at < 0) {
        act();
        break;
      }
    }
    this.honest();
  }

  /** Nothing is shown as saved that the server does not have. */
  honest(): void {
    cells(this.state).forEach((cell, position) => {
      if (!cell.pending && this.state.epoch === 1) expect([position, cell.choices]).toEqual([position, this.answers[position]?.choices]);
    });
    if (status(this.state).t === "saved") expect(this.state.outbox.filter(({ frame }) => frame.t === "answer")).toEqual([]);
  }

  /** Everything is well again, for long enough. */
  heal(): void {
    this.reachable = true;
    this.busy = false;
    this.pause("running");
    const quiet = (): boolean => this.state.link === "up" && this.state.outbox.length + this.writing.length + this.down.length + (this.up?.length ?? 0) === 0;
    for (let round = 0; round < 600 && !quiet(); round += 1) {
      this.now_ms += 100;
      this.write();
      this.connect();
      this.toServer();
      this.toPage();
      this.tell({ t: "tick" });
      this.honest();
    }
  }
}

describe("stories", () => {
  test.each(Array.from({ length: Number(process.env["SEEDS"] ?? 80) }, (_, index) => index + 1))("seed %i: nothing is lost and nothing is claimed", (seed) => {
    const world = new World(seed);
    for (let turn = 0; turn < 400; turn += 1) world.turn();
    world.heal();
    expect(world.state.outbox).toEqual([]);
    expect(status(world.state)).toEqual({ t: "saved" });
    expect(cells(world.state).map(({ choices, doubtful }) => ({ choices, doubtful }))).toEqual(world.answers);
    world.nothingLost();
    // The end waits for the last answer.
    world.tell({ t: "choose", index: world.roll(5), spoken: false });
    world.tell({ t: "submit" });
    const wanted = cells(world.state).map(({ choices }) => choices);
    world.heal();
    expect(world.ended).toBe(true);
    expect(world.answers.map(({ choices }) => choices)).toEqual(wanted);
  });
});
