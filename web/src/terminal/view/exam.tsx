// The exam itself: one item at a time, the clock, the counters, the grid.
//
// Keyboard. Letters and digits choose, R marks as doubtful, ? opens the help; they can be switched off there (WCAG 2.1.4). Left and right
// always mean the previous and the next item, inside the list of choices too: the radio group keeps up and down, which is how screen
// readers move in it, and never sees left and right. Page up and page down stay with scrolling.

import { useEffect, useMemo, useState } from "preact/hooks";
import { countdown } from "../../common/format";
import { type Urgency, remaining, urgency } from "../clock";
import { placed, sectionAt } from "../paper";
import { type State, answerable, cells, counts, leaving, moves, timeUp, unsentAnswers } from "../state";
import { Notices, StatusLine, type Tell, Tools, type ViewProps } from "./frame";
import { Grid, Item, Legend } from "./item";
import { t } from "./texts";

/** The exam screen. */
export function Exam({ state, tell }: ViewProps) {
  const { paper, who } = state;
  const [listed, setListed] = useState(false);
  const all = useMemo(() => cells(state), [state.paper, state.stored, state.outbox, state.epoch]);
  const seen = useMemo(() => counts(all), [all]);
  const may = moves(state);
  useEffect(() => listen(state, tell), [state.preferences.shortcuts, state.paper === null]);
  const go = (position: number): void => {
    setListed(false);
    tell({ t: "go", position });
  };
  const grid = useMemo(() => {
    if (paper === null) return null;
    const open = (position: number): boolean => may.grid && position >= may.first && position < may.end;
    const sections = placed(paper).map(({ outline, first, end }) => ({ title: outline.title, first, end }));
    return <Grid sections={sections} cells={all} cursor={state.cursor} open={open} onGo={go} />;
  }, [paper, all, state.cursor, may.grid, may.first, may.end]);
  if (paper === null || who === null) return null;
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
      <nav class={`grid ${listed ? "listed" : ""}`} aria-label={t.exam.grid}>
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
        <button type="button" class="list" aria-expanded={listed} aria-controls="numbers" onClick={() => setListed(!listed)}>
          {t.exam.grid}
        </button>
        <div id="numbers" class="all">
          {may.linear && <p class="soft">{t.exam.linear}</p>}
          {grid}
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
      <div class="actions" role="group" aria-label={t.exam.actions}>
        <button type="button" disabled={!may.previous} onClick={() => tell({ t: "previous" })} data-testid="previous">
          {t.exam.previous}
        </button>
        <button type="button" onClick={() => tell({ t: "next" })} data-testid="pass">
          {t.exam.pass}
        </button>
        <button type="button" class="doubt" aria-pressed={doubtful} disabled={!can} onClick={() => tell({ t: "doubt" })} data-testid="doubt">
          {t.exam.doubt}
        </button>
        <button type="button" disabled={!can || chosen.length === 0} onClick={() => tell({ t: "clear" })} data-testid="clear">
          {t.exam.clear}
        </button>
        <button type="button" class="primary" onClick={() => tell({ t: "next" })} data-testid="next">
          {t.exam.next}
        </button>
      </div>
    </>
  );
}

/** Hides the item and says why. */
function Curtain({ title, text, testid, children }: { title: string; text: string; testid: string; children?: preact.ComponentChildren }) {
  return (
    <div class="curtain" role="alert" data-testid={testid}>
      <h2 id="item" tabIndex={-1}>
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

/** Keys of the whole page; not while a dialog is open or something is being typed. Returns what stops listening. */
function listen({ preferences }: State, tell: Tell): () => void {
  const hear = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog[open]") !== null) return;
    const target = event.target;
    if (target instanceof HTMLInputElement && target.type !== "radio" && target.type !== "checkbox") return;
    const done = happeningOf(event.key, preferences.shortcuts);
    if (done === null || event.repeat) return;
    event.preventDefault();
    tell(done);
  };
  document.addEventListener("keydown", hear);
  return () => document.removeEventListener("keydown", hear);
}

function happeningOf(key: string, shortcuts: boolean): Parameters<Tell>[0] | null {
  if (key === "ArrowLeft") return { t: "previous" };
  if (key === "ArrowRight") return { t: "next" };
  if (!shortcuts) return null;
  if (/^[a-j]$/i.test(key)) return { t: "choose", index: key.toLowerCase().charCodeAt(0) - 97, spoken: true };
  if (/^[1-9]$/.test(key)) return { t: "choose", index: Number(key) - 1, spoken: true };
  if (/^r$/i.test(key)) return { t: "doubt" };
  return key === "?" ? { t: "ask", dialog: { t: "help" } } : null;
}
