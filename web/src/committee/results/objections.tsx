// The desk of objections: when they are taken, the queue, and the decisions of two.

import { useId, useState } from "preact/hooks";
import { put } from "../../common/api";
import { dateTime } from "../../common/format";
import type { CorrectionView, ObjectionDesk, ObjectionView, ObjectionWindow, PutObjectionWindow } from "../../wire";
import { Loaded, TroubleNotice, useAct, useDocument } from "../load";
import { parseWindow, windowTexts, type WindowField } from "../results-forms";
import { useForm } from "../use-form";
import { ActButton, Chip, Empty, TextField } from "../widgets";
import type { StageProps } from "./area";
import { ObjectionCard } from "./objection-card";
import { desk as text } from "./strings";

type Filter = "waiting" | "all" | "answered";
const FILTERS: Filter[] = ["waiting", "all", "answered"];

/** `#/hasil/{selection}/{stage}/sanggah`. */
export function ObjectionsPart(props: StageProps) {
  const { stage } = props;
  const desk = useDocument<ObjectionDesk>(`/api/v1/stages/${stage.id}/objections`);
  const corrections = useDocument<CorrectionView[]>(`/api/v1/stages/${stage.id}/corrections`);
  return (
    <div data-testid="part-body-objections">
      <p class="soft">{text.intro}</p>
      <Loaded of={desk}>
        {(known) => (
          <>
            <Window {...props} window={known.window} changed={desk.reload} />
            {/* A form fills in the objection's own correction when it is first drawn. */}
            <Loaded of={corrections}>{(proposed) => <Queue {...props} objections={known.objections} corrections={proposed} changed={desk.reload} />}</Loaded>
          </>
        )}
      </Loaded>
    </div>
  );
}

function Window(props: StageProps & { window: ObjectionWindow | null; changed: () => Promise<void> }) {
  const { stage, window: known } = props;
  const form = useForm<WindowField, ObjectionWindow>(windowTexts(known, Date.now()), parseWindow);
  const act = useAct();
  const [stored, setStored] = useState(false);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <section class="card" data-testid="objection-window">
      <h3>{text.window} {known !== null && <WindowChip window={known} />}</h3>
      <p>{known === null ? text.windowNone : text.windowIs(dateTime(known.opens_utc_ms), dateTime(known.closes_utc_ms))}</p>
      {props.mayManage && (
        <details class="fold" open={known === null}>
          <summary data-testid="window-fold">{known === null ? text.windowSet : text.windowChange}</summary>
          <form noValidate onInput={() => setStored(false)} onSubmit={form.submit((window) => {
            void act.run(() => put(`/api/v1/stages/${stage.id}/objection-window`, { window } satisfies PutObjectionWindow)).then((done) => {
              setStored(done !== undefined);
              void props.changed();
            });
          })}>
            <div class="fields">
              <TextField form={form} name="opens" type="datetime-local" label={text.opens} hint={text.zone(zone)} testid="window-opens" />
              <TextField form={form} name="closes" type="datetime-local" label={text.closes} hint={text.zone(zone)} testid="window-closes" />
            </div>
            <TroubleNotice trouble={act.trouble} testid="window-trouble" />
            <ActButton type="submit" kind="primary" busy={act.busy} label={text.windowSet} testid="window-submit" />
          </form>
        </details>
      )}
      <p role="status" class="done-word" data-testid="window-stored">{stored && text.windowStored}</p>
    </section>
  );
}

function WindowChip(props: { window: ObjectionWindow }) {
  const now = Date.now();
  const { opens_utc_ms, closes_utc_ms } = props.window;
  if (now < opens_utc_ms) {
    return <Chip kind="plain">{text.windowBefore}</Chip>;
  }
  return now < closes_utc_ms ? <Chip kind="good">{text.windowOpen}</Chip> : <Chip kind="plain">{text.windowOver}</Chip>;
}

function Queue(props: StageProps & { objections: ObjectionView[]; corrections: CorrectionView[]; changed: () => Promise<void> }) {
  const { objections } = props;
  const [filter, setFilter] = useState<Filter>("waiting");
  const [find, setFind] = useState("");
  const id = useId();
  const shown = objections.filter((objection) => fits(objection, filter, find));
  const waiting = objections.filter((objection) => objection.state !== "answered").length;
  const counts: Record<Filter, number> = { waiting, all: objections.length, answered: objections.length - waiting };
  return (
    <section aria-label={text.queue} data-testid="objection-queue">
      <h3>{text.queue}</h3>
      {objections.length === 0 ? <Empty testid="no-objections">{text.none}</Empty> : (
        <>
          <div class="row bottom find">
            <div class="tabs" role="group" aria-label={text.filter}>
              {FILTERS.map((one) => (
                <button key={one} type="button" class="tab" aria-pressed={filter === one} data-testid={`objections-${one}`} onClick={() => setFilter(one)}>
                  {text.filters[one]} <span class="soft tabular">{counts[one]}</span>
                </button>
              ))}
            </div>
            <div class="field grow">
              <label for={id}>{text.find}</label>
              <input id={id} type="search" autocomplete="off" data-testid="objections-find" value={find} onInput={(event) => setFind(event.currentTarget.value)} />
            </div>
          </div>
          {shown.length === 0
            ? <Empty>{text.noneHere}</Empty>
            : shown.map((objection) => <ObjectionCard key={objection.id} {...props} objection={objection} open={shown.length === 1} />)}
        </>
      )}
    </section>
  );
}

function fits(objection: ObjectionView, filter: Filter, find: string): boolean {
  const wanted = find.trim().toLowerCase();
  const state = filter === "all" || (objection.state === "answered") === (filter === "answered");
  return state && (wanted === "" || objection.participant_no.toLowerCase().includes(wanted) || objection.name.toLowerCase().includes(wanted));
}
