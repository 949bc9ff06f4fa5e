// The vacant jobs and their slots.

import { useState } from "preact/hooks";
import { post } from "../common/api";
import type { Created } from "../wire";
import { parseFormation } from "./forms";
import { TroubleNotice, useAct } from "./load";
import type { SelectionProps } from "./selection";
import { strings } from "./strings";
import { useForm } from "./use-form";
import { ActButton, count, Empty, TableFrame, TextField } from "./widgets";

/** `#/seleksi/{id}/formasi`. */
export function FormationsPage(props: SelectionProps) {
  const text = strings.formations;
  const { view } = props;
  return (
    <div data-testid="page-formations">
      <h3 class="step-title">{text.heading}</h3>
      {view.formations.length === 0 ? <Empty>{text.empty}</Empty> : <FormationTable {...props} />}
      {props.mayManage && <AddFormation {...props} />}
    </div>
  );
}

function FormationTable(props: SelectionProps) {
  const text = strings.formations;
  const { formations } = props.view;
  const sum = (field: "slots" | "candidates"): number => formations.reduce((total, formation) => total + formation[field], 0);
  return (
    <TableFrame label={text.caption}>
      <table class="full">
        <caption class="visually-hidden">{text.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{strings.common.code}</th>
            <th scope="col">{text.name}</th>
            <th scope="col" class="number">{text.slots}</th>
            <th scope="col" class="number">{text.candidates}</th>
            <th scope="col" class="number">{text.perSlot}</th>
          </tr>
        </thead>
        <tbody>
          {formations.map((formation) => (
            <tr key={formation.id} data-testid={`formation-${formation.code}`}>
              <td class="code">{formation.code}</td>
              <th scope="row" class="plain">{formation.title}</th>
              <td class="number">{count(formation.slots)}</td>
              <td class="number">{count(formation.candidates)}</td>
              <td class="number">{formation.candidates === 0 ? <span class="soft">{text.nobody}</span> : ratio(formation.candidates, formation.slots)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <th scope="row">{text.total}</th>
            <td class="number">{count(sum("slots"))}</td>
            <td class="number">{count(sum("candidates"))}</td>
            <td />
          </tr>
        </tfoot>
      </table>
    </TableFrame>
  );
}

function ratio(candidates: number, slots: number): string {
  return (candidates / Math.max(1, slots)).toFixed(1).replace(".", ",");
}

function AddFormation(props: SelectionProps) {
  const text = strings.formations;
  const nothing = { code: "", title: "", slots: "" };
  const form = useForm(nothing, parseFormation);
  const act = useAct();
  const [added, setAdded] = useState<string>();
  return (
    <form class="card" noValidate data-testid="formation-form" onSubmit={form.submit((value) => {
      setAdded(undefined);
      void act.run(() => post<Created>(`/api/v1/selections/${props.view.id}/formations`, value)).then((done) => {
        if (done !== undefined) {
          setAdded(value.code);
          form.replace(nothing);
          void props.changed();
        }
      });
    })}>
      <h4>{text.add}</h4>
      <div class="fields">
        <TextField form={form} name="code" label={strings.common.code} hint={strings.common.codeHint} testid="formation-code" />
        <TextField form={form} name="title" label={text.name} hint={text.nameExample} testid="formation-title" />
        <TextField form={form} name="slots" label={text.slots} inputMode="numeric" short testid="formation-slots" />
      </div>
      <TroubleNotice trouble={act.trouble} />
      <div class="row">
        <ActButton type="submit" kind="primary" busy={act.busy} label={text.submit} testid="formation-submit" />
        <span role="status" class="done-word">{added !== undefined && text.added(added)}</span>
      </div>
    </form>
  );
}
