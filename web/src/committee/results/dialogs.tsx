// A question with one text to write, asked in several places: a reason, an explanation, a remark.

import type { ComponentChildren } from "preact";
import type { Outcome } from "../../common/api";
import { parseReason } from "../results-forms";
import { TroubleNotice, useAct } from "../load";
import { strings } from "../strings";
import { useForm } from "../use-form";
import { ActButton, AreaField, Dialog } from "../widgets";

interface ReasonProps {
  title: string;
  hint: string;
  label: string;
  fieldHint?: string;
  submit: string;
  kind?: "primary" | "danger";
  initial?: string;
  /** An empty text is sent as well. */
  optional?: boolean;
  testid: string;
  send: (reason: string) => Promise<Outcome<unknown>>;
  onClose: () => void;
  done: () => void;
  children?: ComponentChildren;
}

/** Asks for the text and sends it. */
export function ReasonDialog(props: ReasonProps) {
  const { testid } = props;
  const form = useForm<"reason", { reason: string }>(
    { reason: props.initial ?? "" },
    (values) => (props.optional === true ? { ok: true, value: { reason: values.reason.trim() } } : parseReason(values)),
  );
  const act = useAct();
  return (
    <Dialog title={props.title} onClose={props.onClose} testid={testid}>
      <form noValidate onSubmit={form.submit(({ reason }) => {
        void act.run(() => props.send(reason)).then((done) => {
          if (done !== undefined) {
            props.done();
          }
        });
      })}>
        <p>{props.hint}</p>
        {props.children}
        <AreaField form={form} name="reason" label={props.label} hint={props.fieldHint} testid={`${testid}-reason`} />
        <TroubleNotice trouble={act.trouble} testid={`${testid}-trouble`} />
        <div class="row end">
          <button type="button" onClick={props.onClose}>{strings.common.cancel}</button>
          <ActButton type="submit" kind={props.kind ?? "primary"} busy={act.busy} label={props.submit} testid={`${testid}-submit`} />
        </div>
      </form>
    </Dialog>
  );
}

interface ConfirmProps {
  title: string;
  hint: string;
  submit: string;
  busyLabel: string;
  testid: string;
  send: () => Promise<Outcome<unknown>>;
  onClose: () => void;
  done: () => void;
  children?: ComponentChildren;
}

/** Asks once more before an act that cannot be taken back. */
export function ConfirmDialog(props: ConfirmProps) {
  const { testid } = props;
  const act = useAct();
  return (
    <Dialog title={props.title} onClose={props.onClose} testid={testid}>
      <p class="notice warn">{props.hint}</p>
      {props.children}
      <TroubleNotice trouble={act.trouble} testid={`${testid}-trouble`} />
      <div class="row end">
        <button type="button" onClick={props.onClose}>{strings.common.cancel}</button>
        <ActButton kind="primary" busy={act.busy} busyLabel={props.busyLabel} label={props.submit} testid={`${testid}-submit`} onClick={() => {
          void act.run(props.send).then((done) => {
            if (done !== undefined) {
              props.done();
            }
          });
        }} />
      </div>
    </Dialog>
  );
}
