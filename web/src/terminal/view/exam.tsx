// The exam itself: one item at a time, the clock, the counters, the grid.

import type { ComponentChildren } from "preact";
import { countdown } from "../../common/format";
import { type Urgency, remaining, urgency } from "../clock";
import { placed, sectionAt } from "../paper";
import { type State, answerable, cells, counts, leaving, moves, timeUp, unsentAnswers } from "../state";
import { Notices, StatusLine, Tools, type ViewProps, arrive } from "./frame";
import { Actions, Grid, Item, Legend } from "./item";
import { t } from "./texts";

/** The exam screen. */
export function Exam({ state, tell }: ViewProps) {
  const { paper, who } = state;
  if (paper === null || who === null) return null;
  const all = cells(state);
  const seen = counts(all);
  const may = moves(state);
  const sections = placed(paper).map(({ outline, first, end }) => ({ title: outline.title, first, end }));
  const ending = may.section_follows ? "advance" : "finish";
  return (
    <div class="exam" data-testid="exam" data-position={state.cursor}>
      <a class="skip-link" href="#item">
        {t.skip_link}
      </a>
      <header class="bar">
        <div class="candidate">
          <h1>{sectionAt(paper, state.cursor)?.outline.title}</h1>
          <p>
            {who.name} · <span class="tabular">{who.participant_no}</span> · {t.exam.seat(who.seat)}
          </p>
        </div>
        <Tools state={state} tell={tell} />
        <Clocks state={state} />
        <button type="button" class="ending" disabled={leaving(state) !== null} onClick={() => tell({ t: "ask", dialog: { t: ending } })} data-testid={ending}>
          {ending === "advance" ? t.exam.advance : t.exam.finish}
        </button>
      </header>
      <Notices state={state} tell={tell} />
      <main id="content">
        <Stage state={state} tell={tell} chosen={all[state.cursor]?.choices ?? []} doubtful={all[state.cursor]?.doubtful ?? false} />
      </main>
      <nav class={`grid ${state.listed ? "listed" : ""}`} aria-label={t.exam.grid}>
        <dl class="counts">
          <div>
            <dt>{t.exam.answered}</dt>
            <dd data-testid="count-answered">{seen.answered}</dd>
          </div>
          <div>
            <dt>{t.exam.unanswered}</dt>
            <dd data-testid="count-unanswered">{seen.unanswered}</dd>
          </div>
          <div>
            <dt>{t.exam.doubtful}</dt>
            <dd data-testid="count-doubtful">{seen.doubtful}</dd>
          </div>
        </dl>
        <button type="button" class="list" aria-expanded={state.listed} aria-controls="numbers" onClick={() => tell({ t: "list", open: !state.listed })}>
          {t.exam.grid}
        </button>
        <div id="numbers" class="all">
          {may.linear && <p class="soft">{t.exam.linear}</p>}
          <Grid
            sections={sections}
            cells={all}
            cursor={state.cursor}
            first={may.first}
            end={may.grid ? may.end : may.first}
            onGo={(position) => tell({ t: "go", position })}
          />
          <Legend />
        </div>
      </nav>
      <StatusLine state={state} />
    </div>
  );
}

interface StageProps extends ViewProps {
  chosen: readonly number[];
  doubtful: boolean;
}

/** The item and its buttons, or what stands in their place. */
function Stage({ state, tell, chosen, doubtful }: StageProps) {
  const item = state.paper?.items[state.cursor];
  const going = leaving(state);
  const over = timeUp(state);
  if (state.clock?.view.phase === "paused") return <Curtain title={t.paused.title} text={t.paused.text} testid="paused" />;
  if (going !== null) {
    return (
      <Curtain title={t.leaving[going]} text={t.leaving.text(unsentAnswers(state))} testid="leaving">
        <button type="button" onClick={() => tell({ t: "withdraw" })} data-testid="withdraw">
          {t.leaving.withdraw}
        </button>
      </Curtain>
    );
  }
  if (over !== null) return <Curtain title={t.time_up[over]} text={t.time_up.text} testid="time-up" />;
  if (item === undefined) return null;
  const may = moves(state);
  const can = answerable(state);
  return (
    <>
      <div class="pane">
        <Item
          position={state.cursor}
          heading={t.exam.item(state.cursor + 1, state.paper?.items.length ?? 0)}
          item={item}
          chosen={chosen}
          disabled={!can}
          onChoose={(index) => tell({ t: "choose", index, spoken: false })}
          onPicture={(picture) => tell({ t: "ask", dialog: { t: "picture", ...picture } })}
        />
      </div>
      <Actions
        chosen={chosen.length > 0}
        doubtful={doubtful}
        can={can}
        first={!may.previous}
        on={{
          previous: () => tell({ t: "previous" }),
          next: () => tell({ t: "next" }),
          doubt: () => tell({ t: "doubt" }),
          clear: () => tell({ t: "clear" }),
        }}
      />
    </>
  );
}

/** Hides the item and says why. */
function Curtain({ title, text, testid, children }: { title: string; text: string; testid: string; children?: ComponentChildren }) {
  return (
    <div class="curtain" role="alert" data-testid={testid}>
      <h2 id="item" ref={arrive} tabIndex={-1}>
        {title}
      </h2>
      <p>{text}</p>
      {children}
    </div>
  );
}

const WARNINGS: Record<Urgency, string | null> = { calm: null, ten: t.exam.ten, five: t.exam.five, over: t.exam.over };

/** The countdown of the paper and, where the section has its own, of the section. */
function Clocks({ state }: { state: State }) {
  if (state.clock === null) return null;
  const left = remaining(state.clock, state.now_ms);
  const stopped = state.clock.view.phase !== "running";
  return (
    <div class="clocks">
      {left.section_ms !== null && <Countdown ms={left.section_ms} label={t.exam.section_left} stopped={stopped} testid="section-countdown" />}
      <Countdown ms={left.paper_ms} label={t.exam.left} stopped={stopped} testid="countdown" />
    </div>
  );
}

function Countdown({ ms, label, stopped, testid }: { ms: number; label: string; stopped: boolean; testid: string }) {
  const urgent = urgency(ms);
  const note = stopped ? t.exam.stopped : WARNINGS[urgent];
  return (
    <div class={`clock ${stopped ? "stopped" : urgent}`} role="timer" aria-live="off" data-testid={`${testid}-box`} data-urgency={urgent}>
      <span class="label">{note ?? label}</span>
      <span class="visually-hidden">{note === null ? "" : label}</span>
      <strong class="tabular" data-testid={testid}>
        {countdown(ms)}
      </strong>
    </div>
  );
}
