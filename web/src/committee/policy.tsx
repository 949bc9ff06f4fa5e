// What is public and how, and which acts need two people.

import { useState } from "preact/hooks";
import { put } from "../common/api";
import type { SelectionPolicy } from "../wire";
import { parsePolicy, policyTexts, type PolicyField } from "./forms";
import { TroubleNotice, useAct } from "./load";
import type { SelectionProps } from "./selection";
import { strings } from "./strings";
import { useForm, type Form } from "./use-form";
import { ActButton, CheckField, SelectField, TextField } from "./widgets";

type PolicyForm = Form<PolicyField, SelectionPolicy>;

/** `#/seleksi/{id}/kebijakan`. */
export function PolicyPage(props: SelectionProps) {
  const text = strings.policy;
  const form = useForm<PolicyField, SelectionPolicy>(policyTexts(props.view.policy), parsePolicy);
  const act = useAct();
  const [stored, setStored] = useState(false);
  return (
    <form noValidate data-testid="page-policy" onInput={() => setStored(false)} onSubmit={form.submit((policy) => {
      void act.run(() => put<unknown>(`/api/v1/selections/${props.view.id}/policy`, policy)).then((done) => {
        setStored(done !== undefined);
        if (done !== undefined) {
          void props.changed();
        }
      });
    })}>
      <h3 class="step-title">{text.heading}</h3>
      <p class="soft">{text.intro}</p>
      <fieldset class="bare" disabled={!props.mayManage || act.busy}>
        <legend class="visually-hidden">{text.heading}</legend>
        <PublicPart form={form} />
        <ColumnsPart form={form} />
        <TwoPeoplePart form={form} />
        <section class="card">
          <h4>{text.attempts}</h4>
          <SelectField form={form} name="attempt_rule" label={text.attempt} options={options(text.attemptOptions)} testid="policy-attempt" />
        </section>
      </fieldset>
      <TroubleNotice trouble={act.trouble} />
      {props.mayManage && (
        <div class="row">
          <ActButton type="submit" kind="primary" busy={act.busy} label={text.save} testid="policy-save" />
          <span role="status" class="done-word" data-testid="policy-stored">{stored && text.stored}</span>
        </div>
      )}
    </form>
  );
}

function options(words: Record<string, string>): { value: string; label: string }[] {
  return Object.entries(words).map(([value, label]) => ({ value, label }));
}

function PublicPart(props: { form: PolicyForm }) {
  const text = strings.policy;
  const { form } = props;
  return (
    <section class="card">
      <h4>{text.public}</h4>
      <div class="fields wide">
        <SelectField form={form} name="names" label={text.names} options={options(text.namesOptions)} testid="policy-names" />
        <SelectField form={form} name="reveal" label={text.reveal} hint={text.revealHint} options={options(text.revealOptions)} testid="policy-reveal" />
        {form.values.reveal === "every_answered" && (
          <TextField form={form} name="reveal_items" label={text.revealItems} hint={text.revealItemsHint} inputMode="numeric" short testid="policy-reveal-items" />
        )}
        {form.values.reveal === "interval" && (
          <TextField form={form} name="reveal_seconds" label={text.revealSeconds} hint={text.revealSecondsHint} suffix={text.seconds} inputMode="numeric" short testid="policy-reveal-seconds" />
        )}
        <TextField form={form} name="freeze" label={text.freeze} hint={text.freezeHint} suffix={strings.common.minutes} short testid="policy-freeze" />
      </div>
      <CheckField form={form} name="marks_at_end" label={text.marksAtEnd} testid="policy-marks" />
    </section>
  );
}

function ColumnsPart(props: { form: PolicyForm }) {
  const text = strings.policy;
  const { form } = props;
  return (
    <section class="card">
      <h4>{text.columns}</h4>
      <p class="soft">{text.columnsHint}</p>
      <CheckField form={form} name="column_category" label={text.columnOptions.category} testid="policy-column-category" />
      <CheckField form={form} name="column_marks" label={text.columnOptions.marks} testid="policy-column-marks" />
      <CheckField form={form} name="column_values" label={text.columnOptions.values} testid="policy-column-values" />
      <CheckField form={form} name="column_rank" label={text.columnOptions.rank} testid="policy-column-rank" />
    </section>
  );
}

function TwoPeoplePart(props: { form: PolicyForm }) {
  const text = strings.policy;
  const { form } = props;
  return (
    <section class="card">
      <h4>{text.two}</h4>
      <div class="fields wide">
        <SelectField form={form} name="grant_approval" label={text.grant} options={options(text.grantOptions)} testid="policy-grant" />
        {form.values.grant_approval === "above" && (
          <TextField form={form} name="grant_above" label={text.grantAbove} suffix={strings.common.minutes} short testid="policy-grant-above" />
        )}
      </div>
      <CheckField form={form} name="terminate_approval" label={text.terminate} testid="policy-terminate" />
      <CheckField form={form} name="admit_late_approval" label={text.admitLate} testid="policy-late" />
    </section>
  );
}
