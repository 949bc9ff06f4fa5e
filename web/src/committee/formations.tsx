// The vacant jobs and their slots.

import { useState } from "preact/hooks";
import { post, put } from "../common/api";
import type { Created, FormationView, NewFormation, PutFormation } from "../wire";
import { formationTexts, NO_FORMATION, parseFormation, parseFormationChange, type FormationField } from "./formation-forms";
import { TroubleNotice, useAct } from "./load";
import type { SelectionProps } from "./selection";
import { strings } from "./strings";
import { useForm, type Form } from "./use-form";
import { ActButton, AreaField, count, Dialog, Empty, SelectField, TableFrame, TextField } from "./widgets";

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
  const [changing, setChanging] = useState<FormationView>();
  const [changed, setChanged] = useState<string>();
  const sum = (field: "slots" | "candidates"): number => formations.reduce((total, formation) => total + formation[field], 0);
  return (
    <>
      <TableFrame label={text.caption}>
        <table class="full">
          <caption class="visually-hidden">{text.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{strings.common.code}</th>
              <th scope="col">{text.name}</th>
              <th scope="col">{text.line}</th>
              <th scope="col" class="number">{text.slots}</th>
              <th scope="col" class="number">{text.candidates}</th>
              <th scope="col" class="number">{text.perSlot}</th>
              {props.mayManage && <th scope="col">{text.act}</th>}
            </tr>
          </thead>
          <tbody>
            {formations.map((formation) => (
              <tr key={formation.id} data-testid={`formation-${formation.code}`}>
                <td class="code">{formation.code}</td>
                <th scope="row" class="plain">{formation.title}</th>
                <td>{lineWords(formation)}</td>
                <td class="number">{count(formation.slots)}</td>
                <td class="number">{count(formation.candidates)}</td>
                <td class="number">{formation.candidates === 0 ? <span class="soft">{text.nobody}</span> : ratio(formation.candidates, formation.slots)}</td>
                {props.mayManage && (
                  <td>
                    <button type="button" class="small" aria-label={text.changeOf(formation.code)} data-testid={`formation-change-${formation.code}`}
                      onClick={() => setChanging(formation)}>{text.change}</button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <td />
              <th scope="row">{text.total}</th>
              <td />
              <td class="number">{count(sum("slots"))}</td>
              <td class="number">{count(sum("candidates"))}</td>
              <td />
              {props.mayManage && <td />}
            </tr>
          </tfoot>
        </table>
      </TableFrame>
      <p role="status" class="done-word">{changed !== undefined && text.changed(changed)}</p>
      {changing !== undefined && (
        <ChangeDialog {...props} formation={changing} onClose={() => setChanging(undefined)} done={() => {
          setChanged(changing.code);
          setChanging(undefined);
          void props.changed();
        }} />
      )}
    </>
  );
}

function lineWords(formation: FormationView): string {
  const { category, job, education, unit, agency } = formation.line;
  return [category, job, education, unit, agency].filter((part) => part !== "").join(" · ");
}

function ChangeDialog(props: SelectionProps & { formation: FormationView; onClose: () => void; done: () => void }) {
  const text = strings.formations;
  const form = useForm<FormationField, PutFormation>(formationTexts(props.formation), parseFormationChange);
  const act = useAct();
  return (
    <Dialog title={text.changeOf(props.formation.code)} onClose={props.onClose} testid="formation-dialog" wide>
      <form noValidate onSubmit={form.submit((value) => {
        void act.run(() => put<unknown>(`/api/v1/formations/${props.formation.id}`, value)).then((done) => {
          if (done !== undefined) {
            props.done();
          }
        });
      })}>
        <p class="soft">{text.changeHint}</p>
        <div class="fields">
          <TextField form={form} name="title" label={text.name} testid="change-title" />
          <TextField form={form} name="slots" label={text.slots} inputMode="numeric" short testid="change-slots" />
        </div>
        <LineFields {...props} form={form} testid="change" />
        <TroubleNotice trouble={act.trouble} />
        <div class="row end">
          <button type="button" onClick={props.onClose}>{strings.common.cancel}</button>
          <ActButton type="submit" kind="primary" busy={act.busy} label={strings.common.save} testid="change-submit" />
        </div>
      </form>
    </Dialog>
  );
}

/** Where a formation stands for the rule set: the category is one of the set's, once one was chosen. */
function LineFields<T>(props: SelectionProps & { form: Form<FormationField, T>; testid: string }) {
  const text = strings.formations;
  const { form, testid } = props;
  const rules = props.ruleSet.value?.chosen?.view;
  const known = rules?.categories ?? [];
  const own = form.values.category;
  const options = [...known.map((value) => ({ value, label: value })), ...(own === "" || known.includes(own) ? [] : [{ value: own, label: text.categoryOther(own) }])];
  return (
    <>
      <div class="fields">
        {known.length === 0
          ? <TextField form={form} name="category" label={text.category} hint={text.categoryHint} testid={`${testid}-category`} />
          : <SelectField form={form} name="category" label={text.category} options={options} empty={text.categoryNone} testid={`${testid}-category`} />}
        <TextField form={form} name="job" label={text.job} hint={text.jobHint((rules?.jobs ?? []).join(", "))} testid={`${testid}-job`} />
        <TextField form={form} name="education" label={text.education} testid={`${testid}-education`} />
        <TextField form={form} name="unit" label={text.unit} testid={`${testid}-unit`} />
        <TextField form={form} name="agency" label={text.agency} hint={text.agencyHint} testid={`${testid}-agency`} />
      </div>
      <AreaField form={form} name="further" label={text.further} hint={text.furtherHint} testid={`${testid}-further`} />
    </>
  );
}

function ratio(candidates: number, slots: number): string {
  return (candidates / Math.max(1, slots)).toFixed(1).replace(".", ",");
}

function AddFormation(props: SelectionProps) {
  const text = strings.formations;
  const form = useForm<FormationField, NewFormation>(NO_FORMATION, parseFormation);
  const act = useAct();
  const [added, setAdded] = useState<string>();
  return (
    <form class="card" noValidate data-testid="formation-form" onSubmit={form.submit((value) => {
      setAdded(undefined);
      void act.run(() => post<Created>(`/api/v1/selections/${props.view.id}/formations`, value)).then((done) => {
        if (done !== undefined) {
          setAdded(value.code);
          form.replace({ ...NO_FORMATION, category: form.values.category, agency: form.values.agency });
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
      <details class="fold">
        <summary data-testid="formation-line">{text.moreFold}</summary>
        <LineFields {...props} form={form} testid="formation" />
      </details>
      <TroubleNotice trouble={act.trouble} />
      <div class="row">
        <ActButton type="submit" kind="primary" busy={act.busy} label={text.submit} testid="formation-submit" />
        <span role="status" class="done-word">{added !== undefined && text.added(added)}</span>
      </div>
    </form>
  );
}
