// A new proposal: what kind, what exactly, why. Nothing changes before two have approved its effect.

import { useEffect, useState } from "preact/hooks";
import { post } from "../../common/api";
import type { Created, ObjectionDesk, ObjectionView } from "../../wire";
import { TroubleNotice, useAct, useDocument } from "../load";
import { href, resultsAt } from "../route";
import { strings } from "../strings";
import { ActButton, Labelled } from "../widgets";
import type { StageProps } from "./area";
import { CHANGE_KINDS, emptyDraft, ofKind, readDraft, type ChangeDraft, type ChangeFault, type ChangeField } from "./change";
import { ChangeFields } from "./change-fields";
import { corrections as text } from "./strings";

/** A form in hand: the draft, how it changes, and what is wrong with it in words. */
export interface DraftForm {
  draft: ChangeDraft;
  set: (part: Partial<ChangeDraft>) => void;
  fault: (field: ChangeField) => string | undefined;
}

/** `#/hasil/{selection}/{stage}/koreksi/baru`, with `?sanggah=` for an objection that it answers. */
export function NewCorrectionPage(props: StageProps) {
  const { stage, view, route } = props;
  const desk = useDocument<ObjectionDesk>(route.objection === undefined ? undefined : `/api/v1/stages/${stage.id}/objections`);
  const objection = desk.value?.objections.find((one) => one.id === route.objection);
  const [draft, setDraft] = useState<ChangeDraft>(emptyDraft("key"));
  const [tried, setTried] = useState(false);
  const act = useAct();
  useEffect(() => {
    if (objection !== undefined) {
      setDraft((before) => ({ ...before, participant_no: before.participant_no === "" ? objection.participant_no : before.participant_no }));
    }
  }, [objection?.id]);
  const read = readDraft(draft, route.objection);
  const form: DraftForm = {
    draft,
    set: (part) => setDraft((before) => ({ ...before, ...part })),
    fault: (field) => (tried && !read.ok ? faultWords(read.faults[field]) : undefined),
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (read.ok) {
      void act.run(() => post<Created>(`/api/v1/stages/${stage.id}/corrections`, read.value)).then((done) => {
        if (done !== undefined) {
          location.hash = href(resultsAt(view.id, stage.id, "corrections", done.value.id));
        }
      });
    }
  };
  return (
    <div data-testid="page-new-correction">
      <p class="crumb"><a href={href(resultsAt(view.id, stage.id, "corrections"))}>‹ {text.back}</a></p>
      <h3 class="step-title">{text.propose}</h3>
      {objection !== undefined && <ObjectionNotice objection={objection} />}
      <form class="card new-correction" noValidate onSubmit={submit}>
        <Kinds form={form} />
        <ChangeFields {...props} form={form} />
        <Labelled id="correction-reason" label={text.reason} hint={text.reasonHint} fault={form.fault("reason")}>
          <textarea id="correction-reason" rows={3} data-testid="correction-reason" aria-invalid={form.fault("reason") !== undefined}
            aria-describedby="correction-reason-hint correction-reason-fault" value={draft.reason} onInput={(event) => form.set({ reason: event.currentTarget.value })} />
        </Labelled>
        <TroubleNotice trouble={act.trouble} />
        <div class="row">
          <ActButton type="submit" kind="primary" busy={act.busy} busyLabel={text.submitting} label={text.submit} testid="correction-submit" />
          <span class="soft">{text.submitHint}</span>
        </div>
      </form>
    </div>
  );
}

function faultWords(fault: ChangeFault | undefined): string | undefined {
  switch (fault) {
    case undefined:
      return undefined;
    case "empty":
      return strings.faults.empty;
    case "choices":
      return text.faults.choices;
    case "facts":
      return text.faults.facts;
    case "order":
      return text.faults.order;
    case "formations":
      return text.faults.formations;
  }
}

function ObjectionNotice(props: { objection: ObjectionView }) {
  return (
    <div class="notice" data-testid="answers-objection">
      <p><strong>{text.answers(props.objection.name, props.objection.participant_no)}</strong></p>
      <p class="written">{props.objection.text}</p>
    </div>
  );
}

function Kinds(props: { form: DraftForm }) {
  const { draft, set } = props.form;
  return (
    <fieldset class="bare kinds">
      <legend>{text.kind}</legend>
      {CHANGE_KINDS.map((kind) => (
        <label key={kind} class="inline">
          <input type="radio" name="kind" value={kind} checked={draft.kind === kind} data-testid={`kind-${kind}`} onChange={() => set(ofKind(kind))} />
          <span>{text.kinds[kind].title}<small class="hint">{text.kinds[kind].hint}</small></span>
        </label>
      ))}
    </fieldset>
  );
}
