// Participant number, NIK and date of birth: what a candidate knows of oneself.

import { useRef, useState } from "preact/hooks";
import type { CandidateSignIn } from "../wire";
import { readSignIn, type SignInField, type Trouble } from "./state";
import { text } from "./text";
import { TroubleNotice } from "./trouble";

/** The form; after a try it goes to the first field that is wrong. */
export function SignInForm(props: { busy: boolean; trouble: Trouble | undefined; signIn: (entry: CandidateSignIn) => void }) {
  const words = text.signIn;
  const [values, setValues] = useState<Record<SignInField, string>>({ participant_no: "", nik: "", birth_date: "" });
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const read = readSignIn(values);
  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (read.ok) {
      props.signIn(read.value);
    } else {
      const first = (["participant_no", "nik", "birth_date"] as const).find((field) => read.faults[field] !== undefined);
      form.current?.querySelector<HTMLInputElement>(`[name="${first ?? "nik"}"]`)?.focus();
    }
  };
  const field = (name: SignInField, label: string, hint: string, attributes: { type: string; inputMode?: "numeric"; max?: string }) => {
    const fault = tried && !read.ok ? read.faults[name] : undefined;
    return (
      <div class={fault === undefined ? "field" : "field wrong"}>
        <label for={name}>{label}</label>
        <input id={name} name={name} {...attributes} autocomplete="off" autocapitalize="characters" spellcheck={false} data-testid={name} aria-invalid={fault !== undefined}
          aria-describedby={`${name}-hint ${name}-fault`} value={values[name]} onInput={(event) => setValues({ ...values, [name]: event.currentTarget.value })} />
        <small class="hint" id={`${name}-hint`}>{hint}</small>
        <small class="fault" id={`${name}-fault`}>{fault === undefined ? "" : text.faults[fault]}</small>
      </div>
    );
  };
  return (
    <form ref={form} class="card sign-in" noValidate data-testid="candidate-sign-in" onSubmit={submit}>
      <h2>{words.heading}</h2>
      <p class="soft">{words.hint}</p>
      <TroubleNotice trouble={props.trouble} testid="sign-in-trouble" />
      {field("participant_no", words.number, words.numberHint, { type: "text" })}
      {field("nik", words.nik, words.nikHint, { type: "text", inputMode: "numeric" })}
      {field("birth_date", words.birthDate, "", { type: "date" })}
      <button type="submit" class="primary" disabled={props.busy} data-testid="sign-in-submit">{props.busy ? words.submitting : words.submit}</button>
      <p class="soft private">{words.private}</p>
    </form>
  );
}
