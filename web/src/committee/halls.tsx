// Halls and their seats.

import { useState } from "preact/hooks";
import { post } from "../common/api";
import type { Created, HallView } from "../wire";
import { readInteger } from "../common/integer";
import { parseHall, type HallField } from "./forms";
import { TroubleNotice, useAct } from "./load";
import { gridSeats, SeatGrid } from "./seat-grid";
import type { SelectionProps } from "./selection";
import { strings } from "./strings";
import { useForm } from "./use-form";
import { ActButton, count, Empty, TextField } from "./widgets";

/** `#/seleksi/{id}/ruang`. */
export function HallsPage(props: SelectionProps) {
  const text = strings.halls;
  const { halls } = props.view;
  return (
    <div data-testid="page-halls">
      <h3 class="step-title">{text.heading}</h3>
      {halls.length === 0 ? <Empty>{text.empty}</Empty> : <ul class="hall-list">{halls.map((hall) => <HallCard key={hall.id} hall={hall} />)}</ul>}
      {props.mayManage && <AddHall {...props} />}
    </div>
  );
}

function HallCard(props: { hall: HallView }) {
  const text = strings.halls;
  const { hall } = props;
  const spare = hall.seats.filter((seat) => seat.spare).length;
  return (
    <li class="card hall-card" data-testid={`hall-${hall.code}`}>
      <h4>{hall.title} <span class="code">{hall.code}</span></h4>
      <p class="soft tabular">{text.seats(count(hall.seats.length), count(spare))} · <strong>{text.places(count(hall.seats.length - spare))}</strong></p>
      <SeatGrid title={hall.title} seats={hall.seats} />
    </li>
  );
}

function AddHall(props: SelectionProps) {
  const text = strings.halls;
  const nothing = { code: "", title: "", rows: "", columns: "", spare: "2" };
  const form = useForm(nothing, parseHall);
  const act = useAct();
  const [added, setAdded] = useState<string>();
  return (
    <form class="card" noValidate data-testid="hall-form" onSubmit={form.submit((value) => {
      setAdded(undefined);
      void act.run(() => post<Created>(`/api/v1/selections/${props.view.id}/halls`, value)).then((done) => {
        if (done !== undefined) {
          setAdded(value.code);
          form.replace(nothing);
          void props.changed();
        }
      });
    })}>
      <h4>{text.add}</h4>
      <div class="hall-form">
        <div>
          <div class="fields">
            <TextField form={form} name="title" label={strings.common.titleField} testid="hall-title" />
            <TextField form={form} name="code" label={strings.common.code} hint={strings.common.codeHint} testid="hall-code" />
          </div>
          <div class="fields narrow">
            <TextField form={form} name="rows" label={text.rows} inputMode="numeric" short testid="hall-rows" />
            <TextField form={form} name="columns" label={text.columns} inputMode="numeric" short testid="hall-columns" />
            <TextField form={form} name="spare" label={text.spare} hint={text.spareHint} inputMode="numeric" short testid="hall-spare" />
          </div>
        </div>
        <Preview values={form.values} />
      </div>
      <TroubleNotice trouble={act.trouble} />
      <div class="row">
        <ActButton type="submit" kind="primary" busy={act.busy} label={text.submit} testid="hall-submit" />
        <span role="status" class="done-word">{added !== undefined && text.added(added)}</span>
      </div>
    </form>
  );
}

function Preview(props: { values: Record<HallField, string> }) {
  const text = strings.halls;
  const rows = readInteger(props.values.rows, 1, 60);
  const columns = readInteger(props.values.columns, 1, 60);
  const spare = readInteger(props.values.spare, 0, 3_599);
  if ("fault" in rows || "fault" in columns) {
    return <div class="preview"><p class="soft">{text.previewNone}</p></div>;
  }
  const kept = "value" in spare ? Math.min(spare.value, rows.value * columns.value) : 0;
  const all = rows.value * columns.value;
  return (
    <div class="preview" data-testid="hall-preview">
      <p class="soft tabular">{text.preview}: {text.seats(count(all), count(kept))} · <strong>{text.places(count(all - kept))}</strong></p>
      <SeatGrid title={text.preview} seats={gridSeats(rows.value, columns.value, kept)} />
      <p class="legend soft"><span class="swatch place" aria-hidden="true" /> {text.legendPlace} <span class="swatch spare" aria-hidden="true" /> {text.legendSpare}</p>
    </div>
  );
}
