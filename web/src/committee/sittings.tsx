// The timetable: which hall at which time, and how each sitting behaves.

import { useState } from "preact/hooks";
import { post, put } from "../common/api";
import { dateTime } from "../common/format";
import type { Created, NewSitting, SittingView } from "../wire";
import { capacity } from "./checklist";
import { instantText, nextCode, parseSitting, POLICY_MINUTES, readInstant, SITTING_POLICY, sittingPolicyTexts, minutesText, type SittingField } from "./forms";
import { TroubleNotice, useAct } from "./load";
import { PhaseChip } from "./phase-chip";
import type { SelectionProps } from "./selection";
import { strings } from "./strings";
import { useForm, type Form } from "./use-form";
import { ActButton, CheckField, count, Dialog, Empty, SelectField, TableFrame, TextField } from "./widgets";

/** `#/seleksi/{id}/sesi`. */
export function SittingsPage(props: SelectionProps) {
  const text = strings.sittings;
  const { view } = props;
  const ready = view.stages.length > 0 && view.halls.length > 0;
  const [changing, setChanging] = useState<SittingView>();
  const [word, setWord] = useState("");
  return (
    <div data-testid="page-sittings">
      <h3 class="step-title">{text.heading}</h3>
      {view.sittings.length === 0 ? <Empty>{text.empty}</Empty> : <SittingTable {...props} change={setChanging} />}
      <p role="status" class="done-word">{word}</p>
      {props.mayManage && (ready ? <AddSitting {...props} /> : <p class="notice warn" data-testid="sittings-need">{text.needStage}</p>)}
      {changing !== undefined && (
        <ChangeDialog sitting={changing} onClose={() => setChanging(undefined)} done={() => {
          setWord(text.changed(changing.code));
          setChanging(undefined);
          void props.changed();
        }} />
      )}
    </div>
  );
}

function SittingTable(props: SelectionProps & { change: (sitting: SittingView) => void }) {
  const text = strings.sittings;
  const { view } = props;
  const several = view.stages.length > 1;
  return (
    <TableFrame label={text.caption}>
      <table class="full">
        <caption class="visually-hidden">{text.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{strings.common.code}</th>
            <th scope="col">{text.starts}</th>
            {several && <th scope="col">{text.stage}</th>}
            <th scope="col">{text.hall}</th>
            <th scope="col" class="number">{text.enrolled}</th>
            <th scope="col" class="number">{text.drawn}</th>
            <th scope="col">{text.phase}</th>
            <th scope="col">{text.behaviour}</th>
            {props.mayManage && <th scope="col"><span class="visually-hidden">{text.change}</span></th>}
          </tr>
        </thead>
        <tbody>
          {view.sittings.map((sitting) => (
            <tr key={sitting.id} data-testid={`sitting-${sitting.code}`}>
              <th scope="row" class="code">{sitting.code}</th>
              <td class="tabular nowrap">{dateTime(sitting.starts_utc_ms)}</td>
              {several && <td>{view.stages.find((stage) => stage.id === sitting.stage)?.title}</td>}
              <td>{view.halls.find((hall) => hall.id === sitting.hall)?.title}</td>
              <td class="number">{strings.common.of(count(sitting.enrolled), count(capacity(sitting, view.halls)))}</td>
              <td class="number">{count(sitting.drawn)}</td>
              <td><PhaseChip phase={sitting.phase} /></td>
              <td class="rules-cell"><Behaviour sitting={sitting} /></td>
              {props.mayManage && (
                <td>
                  {sitting.phase === "planned" && (
                    <button type="button" class="small" data-testid="sitting-change" aria-label={text.changeSitting(sitting.code)} onClick={() => props.change(sitting)}>{text.change}</button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Behaviour(props: { sitting: SittingView }) {
  const text = strings.sittings;
  const { policy } = props.sitting;
  return (
    <details class="quiet">
      <summary>
        {policy.start_together ? text.together : text.individually}, {policy.seats_random ? text.randomSeats : text.assignedSeats}
      </summary>
      <dl class="pairs">
        {POLICY_MINUTES.map((field) => (
          <div key={field}><dt>{text.policy[field]}</dt><dd>{minutesText(policy[field])} {strings.common.minutes}</dd></div>
        ))}
        <div><dt>{text.policy.grace_ms}</dt><dd>{count(policy.grace_ms)} {text.policy.milliseconds}</dd></div>
      </dl>
    </details>
  );
}

const DAY_MS = 24 * 3_600_000;

// Eight o'clock tomorrow: a start most committees only have to correct a little.
function firstStart(nowUtcMs: number): string {
  const tomorrow = new Date(nowUtcMs + DAY_MS);
  tomorrow.setHours(8, 0, 0, 0);
  return instantText(tomorrow.getTime());
}

function firstValues(props: SelectionProps): Record<SittingField, string> {
  const { stages, halls, sittings } = props.view;
  const last = sittings.at(-1);
  const stage = stages.length === 1 ? stages[0] : stages.find((candidate) => candidate.id === last?.stage);
  return {
    stage: stage?.id ?? "",
    hall: halls.length === 1 ? (halls[0]?.id ?? "") : "",
    code: last === undefined ? (stage === undefined ? "" : `${stage.code}-01`) : nextCode(last.code),
    starts: firstStart(Date.now()),
    ...sittingPolicyTexts(SITTING_POLICY),
  };
}

function AddSitting(props: SelectionProps) {
  const text = strings.sittings;
  const { view } = props;
  const form = useForm<SittingField, NewSitting>(firstValues(props), (values) => parseSitting(values, Date.now()));
  const act = useAct();
  const [added, setAdded] = useState<string>();
  const close = overlapping(form.values, view.sittings);
  return (
    <form class="card" noValidate data-testid="sitting-form" onSubmit={form.submit((value) => {
      setAdded(undefined);
      void act.run(() => post<Created>(`/api/v1/selections/${view.id}/sittings`, value)).then((done) => {
        if (done !== undefined) {
          setAdded(value.code);
          form.replace({ ...form.values, code: nextCode(value.code) });
          void props.changed();
        }
      });
    })}>
      <h4>{text.add}</h4>
      <div class="fields">
        <SelectField form={form} name="stage" label={text.stage} empty={text.chooseStage} testid="sitting-stage"
          options={view.stages.map((stage) => ({ value: stage.id, label: stage.title }))} />
        <SelectField form={form} name="hall" label={text.hall} empty={text.chooseHall} testid="sitting-hall"
          options={view.halls.map((hall) => ({ value: hall.id, label: hall.title }))} />
        <TextField form={form} name="starts" type="datetime-local" label={text.starts} hint={text.startsHint(zone())} testid="sitting-starts" />
        <TextField form={form} name="code" label={strings.common.code} hint={text.codeExample} testid="sitting-code" />
      </div>
      {close !== undefined && <p class="notice warn" data-testid="sitting-overlap">{text.overlaps(close.code)}</p>}
      <PolicyFields form={form} />
      <TroubleNotice trouble={act.trouble} />
      <div class="row">
        <ActButton type="submit" kind="primary" busy={act.busy} label={text.submit} testid="sitting-submit" />
        <span role="status" class="done-word">{added !== undefined && text.added(added)}</span>
      </div>
    </form>
  );
}

function ChangeDialog(props: { sitting: SittingView; onClose: () => void; done: () => void }) {
  const text = strings.sittings;
  const { sitting } = props;
  const { stage, hall, code } = sitting;
  const form = useForm<SittingField, NewSitting>(
    { stage, hall, code, starts: instantText(sitting.starts_utc_ms), ...sittingPolicyTexts(sitting.policy) },
    (values) => parseSitting(values, sitting.starts_utc_ms),
  );
  const act = useAct();
  return (
    <Dialog title={text.changeSitting(code)} onClose={props.onClose} testid="sitting-dialog" wide>
      <form noValidate onSubmit={form.submit(({ starts_utc_ms, policy }) => {
        void act.run(() => put<unknown>(`/api/v1/sittings/${sitting.id}`, { starts_utc_ms, policy })).then((done) => {
          if (done !== undefined) {
            props.done();
          }
        });
      })}>
        <p class="soft">{text.changeHint}</p>
        <TextField form={form} name="starts" type="datetime-local" label={text.starts} hint={text.startsHint(zone())} testid="change-starts" />
        <PolicyFields form={form} />
        <TroubleNotice trouble={act.trouble} />
        <div class="row end">
          <button type="button" onClick={props.onClose}>{strings.common.cancel}</button>
          <ActButton type="submit" kind="primary" busy={act.busy} label={strings.common.save} testid="change-submit" />
        </div>
      </form>
    </Dialog>
  );
}

function zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Another sitting in the same hall less than an hour and a half away; worth a word, the server decides. */
export function overlapping(values: Pick<Record<SittingField, string>, "hall" | "starts">, sittings: SittingView[]): SittingView | undefined {
  const starts = readInstant(values.starts);
  if ("fault" in starts || values.hall === "") {
    return undefined;
  }
  return sittings.find((sitting) => sitting.hall === values.hall && sitting.phase !== "closed" && Math.abs(sitting.starts_utc_ms - starts.value) < 90 * 60_000);
}

function PolicyFields<T>(props: { form: Form<SittingField, T> }) {
  const text = strings.sittings;
  const { form } = props;
  const hints: Partial<Record<SittingField, string>> = {
    hard_close_after_s: text.policy.hard_close_after_s_hint,
    outage_automatic_s: text.policy.outage_automatic_s_hint,
  };
  return (
    <details class="fold">
      <summary data-testid="sitting-rules">{text.rules} <span class="soft">· {text.rulesHint}</span></summary>
      <div class="fields wide">
        <CheckField form={form} name="start_together" label={text.policy.start_together} hint={text.policy.start_together_hint} testid="sitting-start-together" />
        <CheckField form={form} name="seats_random" label={text.policy.seats_random} hint={text.policy.seats_random_hint} testid="sitting-seats-random" />
      </div>
      <div class="fields wide">
        {POLICY_MINUTES.map((field) => (
          <TextField key={field} form={form} name={field} label={text.policy[field]} hint={hints[field]} suffix={strings.common.minutes} short testid={`sitting-${field}`} />
        ))}
        <TextField form={form} name="grace_ms" label={text.policy.grace_ms} suffix={text.policy.milliseconds} inputMode="numeric" short testid="sitting-grace_ms" />
      </div>
    </details>
  );
}
