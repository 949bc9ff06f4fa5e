// Spreading candidates over the sittings of a stage.

import { useState } from "preact/hooks";
import { post } from "../common/api";
import { dateTime } from "../common/format";
import type { Assigned, SittingView, StageView } from "../wire";
import { capacity, unplaced } from "./checklist";
import { TroubleNotice, useAct } from "./load";
import type { SelectionProps } from "./selection";
import { strings } from "./strings";
import { ActButton, count, Empty, TableFrame } from "./widgets";

/** `#/seleksi/{id}/penempatan`. */
export function PlacementPage(props: SelectionProps) {
  const text = strings.placement;
  const { view } = props;
  const ready = view.candidates > 0 && view.sittings.length > 0;
  return (
    <div data-testid="page-placement">
      <h3 class="step-title">{text.heading}</h3>
      <p class="soft">{text.intro}</p>
      {ready ? view.stages.map((stage) => <StagePlacement key={stage.id} {...props} stage={stage} />) : <Empty>{text.needs}</Empty>}
    </div>
  );
}

function StagePlacement(props: SelectionProps & { stage: StageView }) {
  const text = strings.placement;
  const { view, stage } = props;
  const sittings = view.sittings.filter((sitting) => sitting.stage === stage.id);
  const planned = sittings.filter((sitting) => sitting.phase === "planned");
  const [left, setLeft] = useState<string[]>([]);
  const [seats, setSeats] = useState(false);
  const [result, setResult] = useState<Assigned>();
  const act = useAct();
  const chosen = planned.filter((sitting) => !left.includes(sitting.id));
  const free = chosen.reduce((sum, sitting) => sum + Math.max(0, capacity(sitting, view.halls) - sitting.enrolled), 0);
  const without = unplaced(stage, view);
  const assign = (): void => {
    setResult(undefined);
    void act.run(() => post<Assigned>(`/api/v1/stages/${stage.id}/assign`, { sittings: chosen.map((sitting) => sitting.id), seats })).then((done) => {
      if (done !== undefined) {
        setResult(done.value);
        void props.changed();
      }
    });
  };
  return (
    <section class="card" data-testid={`placement-${stage.code}`}>
      <h4>{stage.title}</h4>
      <p class={without > 0 ? "notice warn" : "notice good"} data-testid="placement-left">{without > 0 ? text.unplaced(count(without)) : text.allPlaced}</p>
      <PlacementTable {...props} sittings={sittings} left={left} toggle={(id, use) => setLeft(use ? left.filter((other) => other !== id) : [...left, id])} />
      {props.mayManage && without > 0 && (
        <>
          <fieldset class="bare">
            <legend>{text.seats}</legend>
            <div class="stack">
              <label class="inline">
                <input type="radio" name={`seats-${stage.id}`} checked={!seats} data-testid="seats-later" onChange={() => setSeats(false)} /><span>{text.seatsLater}</span>
              </label>
              <label class="inline">
                <input type="radio" name={`seats-${stage.id}`} checked={seats} data-testid="seats-now" onChange={() => setSeats(true)} /><span>{text.seatsNow}</span>
              </label>
              <small class="hint indent">{text.seatsNowHint}</small>
            </div>
          </fieldset>
          <div class="row">
            <ActButton kind="primary" busy={act.busy} busyLabel={text.acting} disabled={chosen.length === 0} label={text.act} testid="assign" onClick={assign} />
            <span class="soft tabular">{chosen.length === 0 ? text.noneChosen : text.willFill(count(free))}</span>
          </div>
        </>
      )}
      <TroubleNotice trouble={act.trouble} />
      <div role="status" data-testid="assign-result">
        {result !== undefined && (
          <p class={result.left_over > 0 ? "notice warn" : "notice good"}>
            {text.done(count(result.assigned))}{result.left_over > 0 && ` ${text.left(count(result.left_over))}`}
          </p>
        )}
      </div>
    </section>
  );
}

function PlacementTable(props: SelectionProps & { stage: StageView; sittings: SittingView[]; left: string[]; toggle: (id: string, use: boolean) => void }) {
  const text = strings.placement;
  return (
    <TableFrame label={text.caption(props.stage.title)}>
      <table class="full">
        <caption class="visually-hidden">{text.caption(props.stage.title)}</caption>
        <thead>
          <tr>
            {props.mayManage && <th scope="col">{text.use}</th>}
            <th scope="col">{strings.sittings.heading}</th>
            <th scope="col">{strings.sittings.starts}</th>
            <th scope="col">{strings.sittings.hall}</th>
            <th scope="col">{text.filled}</th>
          </tr>
        </thead>
        <tbody>
          {props.sittings.map((sitting) => (
            <tr key={sitting.id} data-testid={`place-${sitting.code}`}>
              {props.mayManage && (
                <td>
                  {sitting.phase === "planned"
                    ? <input type="checkbox" class="large" aria-label={text.useSitting(sitting.code)} checked={!props.left.includes(sitting.id)}
                        onChange={(event) => props.toggle(sitting.id, event.currentTarget.checked)} />
                    : <span class="soft">{text.notOpen}</span>}
                </td>
              )}
              <th scope="row" class="code">{sitting.code}</th>
              <td class="tabular nowrap">{dateTime(sitting.starts_utc_ms)}</td>
              <td>{props.view.halls.find((hall) => hall.id === sitting.hall)?.title}</td>
              <td><Filled enrolled={sitting.enrolled} places={capacity(sitting, props.view.halls)} code={sitting.code} /></td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Filled(props: { enrolled: number; places: number; code: string }) {
  const text = strings.placement;
  const free = props.places - props.enrolled;
  return (
    <span class="filled">
      <meter min={0} max={Math.max(1, props.places)} value={props.enrolled} aria-label={`${text.filled} ${props.code}`} />
      <span class="tabular nowrap">{strings.common.of(count(props.enrolled), count(props.places))} · {free > 0 ? `${text.free} ${count(free)}` : text.full}</span>
    </span>
  );
}
