// The count of people taken by hand after the doors are closed: what the committee's reconciliation compares the journal with.

import { useEffect, useState } from "preact/hooks";
import { get, put, type Outcome } from "../common/api";
import { clockTime } from "../common/format";
import { wholeCount } from "../common/hand-count";
import { askAgainWhoIsThere, TroubleText, type Trouble } from "../common/sign-in";
import type { AttendanceCount, Id } from "../wire";
import { proctorText } from "./text";

/** A line below the head of a closed sitting: the newest entry, and the form for another. */
export function HandCount(props: { sitting: Id; mayAct: boolean }) {
  const text = proctorText().handCount;
  const path = `/api/v1/sittings/${props.sitting}/attendance-count`;
  const [entry, setEntry] = useState<AttendanceCount | null>();
  const [writing, setWriting] = useState(false);
  const [trouble, setTrouble] = useState<Trouble>();
  const ask = (): void => {
    void get<AttendanceCount | null>(path).then((outcome) => {
      if (outcome.kind === "ok") {
        setEntry(outcome.value ?? null);
        setWriting(outcome.value === null || outcome.value === undefined);
      }
      setTrouble(troubleOf(outcome));
    });
  };
  useEffect(ask, [path]);
  if (trouble !== undefined) {
    return (
      <section class="hand-count" aria-label={text.heading} data-testid="hand-count">
        <strong>{text.heading}</strong>
        <span role="alert" class="hand-count-trouble" data-testid="hand-count-unknown"><TroubleText trouble={trouble} /></span>
        <button type="button" data-testid="hand-count-retry" onClick={ask}>{text.retry}</button>
      </section>
    );
  }
  if (entry === undefined) {
    return null;
  }
  return (
    <section class="hand-count" aria-label={text.heading} data-testid="hand-count">
      <strong>{text.heading}</strong>
      <span role="status" data-testid="hand-count-entry">
        {entry === null ? text.none : `${text.entry(entry.present, entry.absent)} (${text.by(entry.by, clockTime(entry.at_utc_ms))})`}
      </span>
      {props.mayAct && !writing && <button type="button" data-testid="hand-count-again" onClick={() => setWriting(true)}>{text.again}</button>}
      {props.mayAct && writing && <CountForm path={path} done={ask} />}
    </section>
  );
}

// The gate takes over when the sign-in ran out in the middle of the work.
function troubleOf(outcome: Outcome<unknown>): Trouble | undefined {
  if (outcome.kind === "refused" && outcome.status === 401) {
    askAgainWhoIsThere();
  }
  return outcome.kind === "ok" ? undefined : outcome;
}

function CountForm(props: { path: string; done: () => void }) {
  const text = proctorText().handCount;
  const [values, setValues] = useState({ present: "", absent: "", note: "" });
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | { kind: "wrong" }>();
  const answered = (outcome: Outcome<unknown>): void => {
    setBusy(false);
    setTrouble(troubleOf(outcome));
    if (outcome.kind === "ok") {
      props.done();
    }
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    const entry = wholeCount(values);
    setTrouble(entry === undefined ? { kind: "wrong" } : undefined);
    if (entry !== undefined) {
      setBusy(true);
      void put<unknown>(props.path, entry).then(answered);
    }
  };
  const field = (name: "present" | "absent" | "note", label: string) => (
    <label>
      {label}
      <input name={name} class={name === "note" ? "wide" : "narrow"} inputMode={name === "note" ? "text" : "numeric"} autocomplete="off" data-testid={`hand-count-${name}`} value={values[name]}
        onInput={(event) => setValues({ ...values, [name]: event.currentTarget.value })} />
    </label>
  );
  return (
    <form noValidate onSubmit={submit}>
      {field("present", text.present)}
      {field("absent", text.absent)}
      {field("note", text.note)}
      <button type="submit" class="primary" disabled={busy} data-testid="hand-count-submit">{text.submit}</button>
      <span role="alert" class="hand-count-trouble" data-testid="hand-count-trouble">
        {trouble !== undefined && (trouble.kind === "wrong" ? text.wrong : <TroubleText trouble={trouble} />)}
      </span>
    </form>
  );
}
