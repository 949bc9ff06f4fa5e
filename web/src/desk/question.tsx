// Absent, refused, or a new PIN: a question before it is done.

import { useEffect, useRef } from "preact/hooks";
import { RefusalText } from "../common/sign-in";
import type { Action, Question } from "./state";
import { deskText } from "./text";

export function QuestionDialog(props: { question: Question; dispatch: (action: Action) => void; send: (question: Question) => void }) {
  const text = deskText();
  const { question, dispatch } = props;
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
  const ready = !question.busy && (question.kind !== "refused" || question.reason.trim() !== "");
  const submit = (event: Event): void => {
    event.preventDefault();
    if (ready) {
      props.send(question);
    }
  };
  const cancel = (event: Event): void => {
    event.preventDefault();
    if (!question.busy) {
      dispatch({ type: "dismiss" });
    }
  };
  const onClose = (): void => {
    // A browser may close on a second Escape without asking.
    if (leaving.current) {
      return;
    }
    if (question.busy) {
      element.current?.showModal();
    } else {
      dispatch({ type: "dismiss" });
    }
  };
  const grave = question.kind !== "reissue";
  return (
    <dialog ref={element} class="desk-dialog" aria-labelledby="question-title" data-testid="question" data-kind={question.kind} onCancel={cancel} onClose={onClose}>
      <form onSubmit={submit}>
        <h2 id="question-title">{text.headings[question.kind]}</h2>
        <p class="desk-dialog-who"><strong>{question.person.name}</strong><br /><span class="tabular">{question.person.participant_no}</span></p>
        <p class="soft">{text.explain[question.kind]}</p>
        {grave && (
          <label>
            {question.kind === "refused" ? text.reason : text.reasonOptional}
            <input type="text" data-testid="question-reason" maxLength={500} required={question.kind === "refused"} value={question.reason} disabled={question.busy} onInput={(event) => dispatch({ type: "reason", reason: event.currentTarget.value })} />
          </label>
        )}
        {question.kind === "refused" && (
          <p class="quick-reasons">{text.refuseReasons.map((reason) => <button key={reason} type="button" onClick={() => dispatch({ type: "reason", reason })}>{reason}</button>)}</p>
        )}
        <div role="alert">
          {question.trouble !== undefined && <div class="notice bad" data-testid="question-trouble">{question.trouble.kind === "refused" ? <RefusalText refusal={question.trouble.refusal} /> : text.unreachableSend}</div>}
        </div>
        <div class="card-buttons">
          <span class="card-space" />
          <button type="button" data-testid="question-cancel" disabled={question.busy} onClick={() => dispatch({ type: "dismiss" })}>{text.cancel}</button>
          <button type="submit" class={grave ? "danger-full" : "primary"} data-testid="question-send" disabled={!ready}>{question.busy ? text.sending : text.confirm[question.kind]}</button>
        </div>
      </form>
    </dialog>
  );
}
