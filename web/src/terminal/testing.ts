// What the tests of the terminal share: a candidate, a paper, and the shortest way into a running exam.

import type { ClockView, PaperFrame, TerminalFrame, TerminalNews, TerminalSession, Welcome } from "../wire";
import { type Effect, type Happening, type Restored, type State, initial } from "./state";
import { step } from "./step";

export const WHO: TerminalSession = {
  session: "5e".repeat(16),
  name: "Sri Wahyuni",
  participant_no: "2400-0417",
  formation: "Penata Layanan",
  selection: "CPNS",
  stage: "SKD",
  sitting: "S1",
  hall: "Aula",
  seat: "A-12",
  duration_s: 6000,
  sections: [],
  rules: "",
};

/** A paper of sections with so many items each, five choices an item whose ids are rotated. */
export function paper(sections: readonly { items: number; linear?: boolean; duration_s?: number }[] = [{ items: 3 }, { items: 2 }], multiple: readonly number[] = []): PaperFrame {
  const count = sections.reduce((sum, section) => sum + section.items, 0);
  return {
    digest: `d${count}`,
    sections: sections.map(({ items, linear, duration_s }, index) => ({
      code: `S${index}`,
      title: `Section ${index}`,
      items,
      linear: linear ?? false,
      duration_s: duration_s ?? null,
    })),
    items: Array.from({ length: count }, (_, position) => ({
      item: `item${position}`,
      language: "id",
      stem: `<p>${position}</p><img src="/media/p${position % 2}">`,
      multiple: multiple.includes(position),
      choices: Array.from({ length: 5 }, (_, index) => ({ id: (index + position) % 5, text: `${index}` })),
    })),
  };
}

export function clockView(change: Partial<ClockView> = {}): ClockView {
  return { phase: "running", remaining_ms: 6_000_000, section: 0, section_remaining_ms: null, sitting_started: true, ...change };
}

export function welcome(change: Partial<Welcome> = {}): TerminalNews {
  return {
    t: "welcome",
    session: WHO.session,
    epoch: 1,
    next_seq: 0,
    clock: clockView(),
    paper_digest: "d5",
    answers: Array.from({ length: 5 }, () => ({ choices: [], doubtful: false })),
    cursor: 0,
    start_individually: true,
    reconnect_jitter_ms: 10_000,
    ended: null,
    ...change,
  };
}

export const NOTHING: Restored = { snapshot: null, elapsed_ms: 0, commands: [], paper: null, disk: true };

/** A page under test: feeds actions to the step and remembers what it asked for. */
export class Bench {
  state: State = initial({ zoom: 100, contrast: false, shortcuts: true }, false);
  effects: Effect[] = [];
  now_ms = 1_000;

  /** One action; what was asked for before is forgotten. */
  do(happening: Happening): this {
    const { state, effects } = step(this.state, { ...happening, now_ms: this.now_ms });
    this.state = state;
    this.effects = [...effects];
    return this;
  }
  news(news: TerminalNews): this {
    return this.do({ t: "news", news });
  }
  /** Lets time pass, with one tick at its end. */
  wait(ms: number): this {
    this.now_ms += ms;
    return this.do({ t: "tick" });
  }
  /** Reports everything that is being written as kept on disk; returns the frames sent since. */
  keep(): TerminalFrame[] {
    const sent: TerminalFrame[] = this.sent();
    for (;;) {
      const entry = this.state.outbox.find(({ kept }) => kept === "writing");
      if (entry === undefined) break;
      this.do({ t: "kept", epoch: entry.epoch, seq: entry.seq, where: "disk" });
      sent.push(...this.sent());
    }
    return sent;
  }
  sent(): TerminalFrame[] {
    return this.effects.flatMap((effect) => (effect.t === "send" ? [effect.frame] : []));
  }
  /** Signed in, connected, and greeted by the server. */
  in(greeting: TerminalNews = welcome({ paper_digest: null, answers: [], clock: clockView({ phase: "signed_in", sitting_started: false }) }), restored = NOTHING): this {
    this.do({ t: "session_found", who: WHO }).do({ t: "restored", who: WHO, restored });
    return this.line(greeting);
  }
  line(greeting: TerminalNews): this {
    return this.do({ t: "connecting" }).do({ t: "opened" }).news(greeting);
  }
  /** In a running exam with its first view acknowledged. */
  running(face: PaperFrame = paper(), change: Partial<Welcome> = {}): this {
    this.in(welcome({ paper_digest: face.digest, answers: face.items.map(() => ({ choices: [], doubtful: false })), ...change }));
    this.news({ t: "paper", ...face });
    this.keep();
    for (const { seq } of this.state.outbox) this.news({ t: "saved", seq });
    return this;
  }
  /** The numbers of the answers on their way, oldest first. */
  answers(): number[] {
    return this.state.outbox.flatMap(({ frame, seq }) => (frame.t === "answer" ? [seq] : []));
  }
}
