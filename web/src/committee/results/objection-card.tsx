// One objection: what was written, the decision of one, the confirmation of another.

import { useState } from "preact/hooks";
import { post } from "../../common/api";
import { dateTime } from "../../common/format";
import type { ConfirmDecision, CorrectionView, DecideObjection, ObjectionDecision, ObjectionView, ReturnDecision } from "../../wire";
import { TroubleNotice, useAct } from "../load";
import { href, resultsAt } from "../route";
import { parseDecision, type DecisionField } from "../results-forms";
import { useForm } from "../use-form";
import { ActButton, AreaField, Chip, fileSize, SelectField } from "../widgets";
import type { StageProps } from "./area";
import { ReasonDialog } from "./dialogs";
import { office, desk as text } from "./strings";
import { WhyDialog } from "./why";

interface CardProps extends StageProps {
  objection: ObjectionView;
  corrections: CorrectionView[];
  open: boolean;
  changed: () => Promise<void>;
}

/** A line of the queue, which opens into the whole objection. */
export function ObjectionCard(props: CardProps) {
  const { objection, stage } = props;
  const [why, setWhy] = useState(false);
  return (
    <details class="card objection" open={props.open} data-testid={`objection-${objection.participant_no}`} data-state={objection.state}>
      <summary>
        <StateChip objection={objection} />
        <strong>{objection.name}</strong> <span class="code">{objection.participant_no}</span>
        <span class="soft">{text.formation(objection.formation)} · {text.received(dateTime(objection.at_utc_ms))}</span>
      </summary>
      <h4>{text.text}</h4>
      <p class="written" data-testid="objection-text">{objection.text}</p>
      <p class="row">
        {objection.attachment !== null && (
          <a href={`/api/v1/objections/${objection.id}/attachment`} download={objection.attachment.name} data-testid="objection-attachment">
            {text.attachment}: {objection.attachment.name} ({fileSize(objection.attachment.bytes)})
          </a>
        )}
        <button type="button" class="small" onClick={() => setWhy(true)}>{text.why}</button>
      </p>
      {objection.decision !== null && <Decision {...props} decision={objection.decision} />}
      {objection.state === "received" && props.mayManage && <DecideForm {...props} />}
      {objection.state === "decided" && objection.decision !== null && <Confirmation {...props} decision={objection.decision} />}
      {why && <WhyDialog stage={stage.id} number={objection.participant_no} name={objection.name} onClose={() => setWhy(false)} />}
    </details>
  );
}

function StateChip(props: { objection: ObjectionView }) {
  const { state } = props.objection;
  switch (state) {
    case "received":
      return <Chip kind="warn">{text.states.received}</Chip>;
    case "decided":
      return <Chip kind="accent">{text.states.decided}</Chip>;
    case "answered":
      return <Chip kind="good">{text.states.answered}</Chip>;
  }
}

function Decision(props: CardProps & { decision: ObjectionDecision }) {
  const { decision, view, stage } = props;
  return (
    <div class="decision" data-testid="objection-decision">
      <p><Chip kind={decision.granted ? "good" : "plain"}>{decision.granted ? text.granted : text.refused}</Chip> <span class="soft">{text.decidedBy(decision.by, dateTime(decision.at_utc_ms))}</span></p>
      <p class="written">{decision.answer}</p>
      {decision.correction !== null && <p><a href={href(resultsAt(view.id, stage.id, "corrections", decision.correction))}>{text.correctionSee}</a></p>}
      {decision.confirmed_by !== null && decision.confirmed_utc_ms !== null && <p class="soft" data-testid="objection-confirmed">{text.confirmedBy(decision.confirmed_by, dateTime(decision.confirmed_utc_ms))}</p>}
    </div>
  );
}

function DecideForm(props: CardProps) {
  const { objection, corrections, view, stage } = props;
  // A correction made for this objection is what the decision most likely names.
  const own = corrections.find((correction) => correction.objection === objection.id && correction.state !== "rejected");
  const form = useForm<DecisionField, DecideObjection>({ granted: "", answer: "", correction: own?.id ?? "" }, parseDecision);
  const act = useAct();
  const options = corrections.filter((correction) => correction.state !== "rejected").map((correction) => ({ value: correction.id, label: correction.sentence }));
  const fault = form.fault("granted");
  return (
    <form noValidate class="decide" data-testid="decide-form" onSubmit={form.submit((value) => {
      void act.run(() => post(`/api/v1/objections/${objection.id}/decision`, value)).then((done) => {
        if (done !== undefined) {
          void props.changed();
        }
      });
    })}>
      <fieldset class="bare kinds">
        <legend><h4>{text.decision}</h4></legend>
        {([["1", text.granted, text.grantedHint], ["0", text.refused, text.refusedHint]] as const).map(([value, title, hint]) => (
          <label key={value} class="inline">
            <input type="radio" name="granted" value={value} checked={form.values.granted === value} data-testid={`decide-${value === "1" ? "granted" : "refused"}`} onChange={() => form.set("granted", value)} />
            <span>{title}<small class="hint">{hint}</small></span>
          </label>
        ))}
        {fault !== undefined && <small class="fault" role="alert">{fault}</small>}
      </fieldset>
      {form.values.granted === "1" && (
        <>
          <SelectField form={form} name="correction" label={text.correction} hint={text.correctionHint} options={options} empty={text.correctionNone} testid="decide-correction" />
          <p><a href={href(resultsAt(view.id, stage.id, "corrections", "new", objection.id))} data-testid="decide-new-correction">{text.correctionNew}</a></p>
        </>
      )}
      <AreaField form={form} name="answer" label={text.answer} hint={text.answerHint} testid="decide-answer" />
      <TroubleNotice trouble={act.trouble} testid="decide-trouble" />
      <ActButton type="submit" kind="primary" busy={act.busy} busyLabel={text.submitting} label={text.submit} testid="decide-submit" />
    </form>
  );
}

function Confirmation(props: CardProps & { decision: ObjectionDecision }) {
  const { objection, decision } = props;
  const [returning, setReturning] = useState(false);
  const act = useAct();
  // Whatever came of it: a decision that was replaced meanwhile is read anew.
  const closeReturn = (): void => {
    setReturning(false);
    void props.changed();
  };
  return (
    <div class="confirmation">
      {objection.hindrance !== null
        ? <p class="notice" data-testid="objection-hindrance" data-code={objection.hindrance}>{text.hindrances[objection.hindrance] ?? text.hindranceOther}</p>
        : props.mayManage && <p class="soft">{text.confirmHint}</p>}
      <TroubleNotice trouble={act.trouble} testid="confirm-trouble" />
      {props.mayManage && (
        <div class="row">
          <ActButton kind="primary" busy={act.busy} busyLabel={text.confirming} disabled={objection.hindrance !== null} label={text.confirm} testid="objection-confirm" onClick={() => {
            void act.run(() => post(`/api/v1/objections/${objection.id}/confirm`, { decision_id: decision.id } satisfies ConfirmDecision)).then(() => props.changed());
          }} />
          <ActButton busy={act.busy} label={text.back} testid="objection-return" onClick={() => setReturning(true)} />
        </div>
      )}
      {returning && (
        <ReasonDialog title={text.backHeading} hint={text.backHint} label={office.revisions.reason} submit={text.back} testid="return-dialog" onClose={closeReturn}
          send={(reason) => post(`/api/v1/objections/${objection.id}/return`, { decision_id: decision.id, reason } satisfies ReturnDecision)} done={closeReturn} />
      )}
    </div>
  );
}
