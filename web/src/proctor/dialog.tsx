// The dialog of an act: whom it concerns, what is asked for, the reason where the contract wants one, and the server's answer.

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { clockTime } from "../common/format";
import { RefusalText } from "../common/sign-in";
import type { Id, IssuedPin, RoomSeat } from "../wire";
import { GRANT_MINUTES_MAX, isDangerous, MESSAGE_CHARS_MAX, missing, NOTE_CHARS_MAX, reasonOf, type Draft } from "./acts";
import type { Hands } from "./console";
import { freeSeats, isOver } from "./seats";
import type { Dialog, Hall } from "./state";
import { proctorText } from "./text";

/** Names told one by one; the rest is counted. */
const NAMES_MAX = 6;

export function ActDialog(props: { dialog: Dialog; hall: Hall; hands: Hands; send: (dialog: Dialog) => void }) {
  const text = proctorText();
  const { dialog, hall, hands, send } = props;
  const { draft } = dialog;
  const element = useRef<HTMLDialogElement>(null);
  const leaving = useRef(false);
  useEffect(() => {
    const node = element.current;
    node?.showModal();
    return () => {
      leaving.current = true;
      node?.close();
    };
  }, []);
  const sendButton = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // The fields were out of reach while it was on its way: the keyboard goes on where it was.
    if (dialog.trouble !== undefined) {
      sendButton.current?.focus();
    }
  }, [dialog.trouble]);
  const dismiss = (): void => hands.dispatch({ type: "dismiss" });
  const ready = missing(draft, dialog.reason) === undefined && !dialog.busy;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (ready) {
      send(dialog);
    }
  };
  const onCancel = (event: Event): void => {
    // Escape must not hide a PIN that nobody has read, nor a request on its way.
    event.preventDefault();
    if (!dialog.busy && dialog.answer === undefined) {
      dismiss();
    }
  };
  const onClose = (): void => {
    // A browser may close on a second Escape without asking.
    if (leaving.current) {
      return;
    }
    if (dialog.busy || dialog.answer !== undefined) {
      element.current?.showModal();
    } else {
      dismiss();
    }
  };
  return (
    <dialog ref={element} class={isDangerous(draft.kind) ? "act-dialog act-danger" : "act-dialog"} aria-labelledby="dialog-title" data-testid="act-dialog" data-kind={draft.kind} onCancel={onCancel} onClose={onClose}>
      {dialog.answer === undefined ? (
        <form onSubmit={submit}>
          <h2 id="dialog-title">{text.headings[draft.kind]}</h2>
          <p class="soft">{text.explain[draft.kind]}</p>
          <Facts draft={draft} hall={hall} />
          <fieldset class="act-fields" disabled={dialog.busy || dialog.locked}>
            <Fields draft={draft} hall={hall} change={(next) => hands.dispatch({ type: "draft", draft: next })} />
            <Reason dialog={dialog} change={(reason) => hands.dispatch({ type: "reason", reason })} />
          </fieldset>
          <div role="alert">
            {dialog.trouble !== undefined && (
              <div class={dialog.locked ? "notice warn" : "notice bad"} data-testid="dialog-trouble">
                {dialog.trouble.kind === "refused" && <RefusalText refusal={dialog.trouble.refusal} />}
                {dialog.locked && <p class="uncertain">{text.uncertain}</p>}
              </div>
            )}
          </div>
          <div class="dialog-buttons">
            <button type="button" data-testid="dialog-cancel" disabled={dialog.busy} onClick={dismiss}>{text.cancel}</button>
            <button ref={sendButton} type="submit" class={isDangerous(draft.kind) ? "danger-full" : "primary"} data-testid="dialog-send" disabled={!ready}>
              {dialog.busy ? text.sending : dialog.locked ? text.sendAgain : text.acts[draft.kind]}
            </button>
          </div>
        </form>
      ) : dialog.answer.t === "proposed" ? (
        <Answer heading={text.proposed} dismiss={dismiss}><p data-testid="dialog-proposed">{text.proposedHint}</p></Answer>
      ) : dialog.answer.pin !== null ? (
        <Answer heading={text.pinHeading} dismiss={dismiss}><NewPin pin={dialog.answer.pin} name={draft.kind === "move" ? nameOf(hall, draft.session) : ""} /></Answer>
      ) : (
        <Answer heading={text.done} dismiss={dismiss}><p>{text.doneNotice(text.acts[draft.kind], dialog.answer.sessions)}</p></Answer>
      )}
    </dialog>
  );
}

function Answer(props: { heading: string; dismiss: () => void; children: ComponentChildren }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <div class="dialog-answer" role="status">
      <h2 id="dialog-title">{props.heading}</h2>
      {props.children}
      <div class="dialog-buttons"><button ref={button} type="button" class="primary" data-testid="dialog-close" onClick={props.dismiss}>{proctorText().closeDialog}</button></div>
    </div>
  );
}

function NewPin(props: { pin: IssuedPin; name: string }) {
  const text = proctorText();
  const { pin } = props;
  return (
    <>
      <p>{text.pinFor(props.name, pin.seat)}</p>
      <p class="big-pin tabular" data-testid="new-pin">{pin.pin.replace(/(.{4})(?=.)/g, "$1 ")}</p>
      <p class="soft">{text.pinValid(clockTime(pin.expires_utc_ms))}. {text.pinOnce}</p>
    </>
  );
}

function nameOf(hall: Hall, session: Id): string {
  return hall.seats.get(session)?.name ?? "";
}

/** Whom the act concerns, or how the sitting stands. */
function Facts(props: { draft: Draft; hall: Hall }) {
  const text = proctorText();
  const { draft, hall } = props;
  const seats = [...hall.seats.values()];
  switch (draft.kind) {
    case "open":
    case "hold":
    case "release":
      return null;
    case "start": {
      const waiting = seats.filter((seat) => seat.phase === "checked_in" || seat.phase === "signed_in").length;
      const expected = seats.filter((seat) => seat.phase === "expected" && seat.attendance === "expected").length;
      return waiting + expected === 0 ? null : <p class="notice warn" data-testid="start-facts">{text.notReadyYet(expected, waiting)}</p>;
    }
    case "close": {
      const left = seats.filter((seat) => !isOver(seat) && seat.attendance === "present").length;
      return <p class={left === 0 ? "notice good" : "notice warn"} data-testid="close-facts">{left === 0 ? text.allOver : text.notOverYet(left)}</p>;
    }
    case "pause":
    case "resume":
    case "grant":
    case "message":
      return <Whom hall={hall} sessions={draft.sessions} />;
    case "move":
    case "terminate":
      return <Whom hall={hall} sessions={[draft.session]} />;
    case "admit":
      return <><Whom hall={hall} sessions={[draft.session]} /><p>{text.lateItem(draft.item)}</p></>;
    case "note":
      return draft.session === null ? <p><strong>{text.about}:</strong> {text.aboutSitting}</p> : <Whom hall={hall} sessions={[draft.session]} />;
    case "approve":
    case "reject":
      return (
        <p class="whom">
          <strong>{draft.proposal.text}</strong>
          <br />
          {text.reason}: {draft.proposal.reason}
          <br />
          <span class="soft">{text.proposer(draft.proposal.proposer, clockTime(draft.proposal.at_utc_ms))}</span>
        </p>
      );
  }
}

function Whom(props: { hall: Hall; sessions: readonly Id[] }) {
  const text = proctorText();
  const { hall, sessions } = props;
  if (sessions.length === 0) {
    return <p class="whom" data-testid="dialog-whom"><strong>{text.toWhom}:</strong> {text.everyone}</p>;
  }
  const named = sessions.slice(0, NAMES_MAX).map((session) => hall.seats.get(session)).filter((seat) => seat !== undefined);
  return (
    <div class="whom" data-testid="dialog-whom">
      <strong>{text.toWhom}{sessions.length > 1 ? ` (${sessions.length})` : ""}:</strong>
      <ul>
        {named.map((seat) => (
          <li key={seat.session}><b>{seat.seat === null ? "–" : hall.roomById.get(seat.seat)?.label}</b> {seat.name} <span class="soft tabular">{seat.participant_no}</span></li>
        ))}
        {sessions.length > named.length && <li class="soft">{text.andMore(sessions.length - named.length)}</li>}
      </ul>
    </div>
  );
}

function Fields(props: { draft: Draft; hall: Hall; change: (draft: Draft) => void }) {
  const text = proctorText();
  const { draft, hall, change } = props;
  switch (draft.kind) {
    case "grant":
      return (
        <div class="minutes">
          <label>
            {text.minutesLabel}
            <input data-testid="grant-minutes" type="number" inputmode="numeric" min={1} max={GRANT_MINUTES_MAX} step={1} required value={draft.minutes} onInput={(event) => change({ ...draft, minutes: event.currentTarget.value })} />
          </label>
          {["5", "10", "15", "30"].map((minutes) => (
            <button key={minutes} type="button" aria-pressed={draft.minutes === minutes} onClick={() => change({ ...draft, minutes })}>{minutes} <span class="visually-hidden">{text.minutesLabel}</span></button>
          ))}
        </div>
      );
    case "move":
      return <SeatChoice seats={freeSeats(hall.room, hall.seats.values())} chosen={draft.seat} choose={(seat) => change({ ...draft, seat })} />;
    case "terminate":
      return (
        <label class="inline sure">
          <input type="checkbox" data-testid="terminate-sure" checked={draft.sure} onChange={(event) => change({ ...draft, sure: event.currentTarget.checked })} />
          {text.sure(nameOf(hall, draft.session))}
        </label>
      );
    case "message":
      return <LongText label={text.messageText} value={draft.text} limit={MESSAGE_CHARS_MAX} change={(next) => change({ ...draft, text: next })} />;
    case "note":
      return <LongText label={text.noteText} value={draft.text} limit={NOTE_CHARS_MAX} change={(next) => change({ ...draft, text: next })} />;
    case "open":
    case "start":
    case "hold":
    case "release":
    case "close":
    case "pause":
    case "resume":
    case "admit":
    case "approve":
    case "reject":
      return null;
  }
}

function SeatChoice(props: { seats: readonly RoomSeat[]; chosen: Id; choose: (seat: Id) => void }) {
  const text = proctorText();
  if (props.seats.length === 0) {
    return <p class="notice warn">{text.noFreeSeats}</p>;
  }
  const group = (label: string, spare: boolean) => {
    const seats = props.seats.filter((seat) => seat.spare === spare);
    return seats.length === 0 ? null : <optgroup label={label}>{seats.map((seat) => <option key={seat.id} value={seat.id}>{seat.label}</option>)}</optgroup>;
  };
  return (
    <label>
      {text.newSeat}
      <select data-testid="move-seat" required value={props.chosen} onChange={(event) => props.choose(event.currentTarget.value)}>
        <option value="">{text.chooseSeat}</option>
        {group(text.spareSeats, true)}
        {group(text.freeSeats, false)}
      </select>
    </label>
  );
}

function LongText(props: { label: string; value: string; limit: number; change: (text: string) => void }) {
  const text = proctorText();
  return (
    <label>
      {props.label}
      <textarea data-testid="dialog-text" rows={4} required maxLength={props.limit} value={props.value} onInput={(event) => props.change(event.currentTarget.value)} />
      <span class="soft chars">{text.left(props.limit - props.value.length)}</span>
    </label>
  );
}

function Reason(props: { dialog: Dialog; change: (reason: string) => void }) {
  const text = proctorText();
  const { dialog } = props;
  const wanted = reasonOf(dialog.draft.kind);
  if (wanted === "none") {
    return null;
  }
  return (
    <>
      <label>
        {wanted === "required" ? text.reason : text.reasonOptional}
        <input data-testid="dialog-reason" type="text" required={wanted === "required"} maxLength={500} value={dialog.reason} aria-describedby="reason-hint" onInput={(event) => props.change(event.currentTarget.value)} />
      </label>
      <p id="reason-hint" class="soft hint">{text.reasonHint}</p>
      {wanted === "required" && (
        <p class="quick-reasons">
          {text.reasons.map((reason) => <button key={reason} type="button" onClick={() => props.change(reason)}>{reason}</button>)}
        </p>
      )}
    </>
  );
}
