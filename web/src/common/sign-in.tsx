// Staff sign-in: a gate around every page that only staff may use. It asks who is there, shows the form when nobody is, says so politely when
// the person's roles do not fit, and draws the bar with name, language and sign-out above the page.

/// <reference types="vite/client" />

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";
import { signinStrings, type SignInStrings } from "../strings/signin";
import type { Me, RefusalBody, Role, StaffSignIn } from "../wire";
import { get, post, type Outcome } from "./api";
import { chooseLanguage, language, texts } from "./language";
import "./staff.css";

let chosenText: SignInStrings | undefined;

// Looked up once: choosing a language reloads the page.
function signinText(): SignInStrings {
  chosenText ??= texts(signinStrings);
  return chosenText;
}

/** Where the sign-in stands. */
export type Gate =
  | { at: "asking" }
  | { at: "unreachable" }
  | { at: "form"; busy: boolean; trouble: Trouble | undefined }
  | { at: "in"; me: Me; trouble: Trouble | undefined };

/** Why the last try did not work. */
export type Trouble = { kind: "refused"; refusal: RefusalBody } | { kind: "unreachable" };

/** What happens to the gate. */
export type GateAction =
  | { type: "ask" }
  | { type: "asked"; outcome: Outcome<Me> }
  | { type: "try" }
  | { type: "tried"; outcome: Outcome<Me> }
  | { type: "left"; outcome: Outcome<unknown> };

/** Pure: the next state of the gate. */
export function stepGate(state: Gate, action: GateAction): Gate {
  switch (action.type) {
    case "ask":
      return state.at === "in" ? state : { at: "asking" };
    case "asked":
      return asked(state, action.outcome);
    case "try":
      return { at: "form", busy: true, trouble: undefined };
    case "tried":
      return tried(action.outcome);
    case "left":
      return left(state, action.outcome);
  }
}

function asked(state: Gate, outcome: Outcome<Me>): Gate {
  switch (outcome.kind) {
    case "ok":
      return { at: "in", me: outcome.value, trouble: undefined };
    case "refused":
      if (outcome.status === 401) {
        return { at: "form", busy: false, trouble: undefined };
      }
      return { at: "form", busy: false, trouble: { kind: "refused", refusal: outcome.refusal } };
    case "unreachable":
      // Somebody who is in stays in: a cable out for a moment must not take the console away.
      return state.at === "in" ? state : { at: "unreachable" };
  }
}

function tried(outcome: Outcome<Me>): Gate {
  switch (outcome.kind) {
    case "ok":
      return { at: "in", me: outcome.value, trouble: undefined };
    case "refused":
      return { at: "form", busy: false, trouble: { kind: "refused", refusal: outcome.refusal } };
    case "unreachable":
      return { at: "form", busy: false, trouble: { kind: "unreachable" } };
  }
}

// Whoever could not be signed out is still in, and has to know.
function left(state: Gate, outcome: Outcome<unknown>): Gate {
  if (outcome.kind === "ok") {
    return { at: "form", busy: false, trouble: undefined };
  }
  return state.at === "in" ? { ...state, trouble: outcome } : state;
}

/** True when one of the person's grants names one of the roles. */
export function fits(me: Me, roles: readonly Role[]): boolean {
  return me.grants.some((grant) => roles.includes(grant.role));
}

const SIGNED_OUT = "saksama:signed-out";

/** To be called when the server says 401 (or closes a socket with 4001) in the middle of the work: the gate asks again who is there. */
export function askAgainWhoIsThere(): void {
  window.dispatchEvent(new Event(SIGNED_OUT));
}

/** The state of the sign-in and what can be done about it. */
export interface UseMe {
  gate: Gate;
  signIn(entry: StaffSignIn): void;
  signOut(): void;
  ask(): void;
}

/** Asks the server who is signed in and keeps the answer. */
export function useMe(): UseMe {
  const [gate, dispatch] = useReducer(stepGate, { at: "asking" } as Gate);
  const ask = (): void => {
    dispatch({ type: "ask" });
    void get<Me>("/api/v1/staff/me").then((outcome) => dispatch({ type: "asked", outcome }));
  };
  useEffect(() => {
    ask();
    window.addEventListener(SIGNED_OUT, ask);
    return () => window.removeEventListener(SIGNED_OUT, ask);
  }, []);
  return {
    gate,
    ask,
    signIn(entry) {
      dispatch({ type: "try" });
      void post<Me>("/api/v1/staff/sign-in", entry).then((outcome) => dispatch({ type: "tried", outcome }));
    },
    signOut() {
      void post<void>("/api/v1/staff/sign-out", {}).then((outcome) => dispatch({ type: "left", outcome }));
    },
  };
}

/** Draws `children` for a signed-in person with one of `roles`; the sign-in form or a polite word for everybody else. */
export function StaffGate(props: { roles: Role[]; title: string; children: (me: Me) => ComponentChildren }) {
  const text = signinText();
  const { gate, signIn, signOut, ask } = useMe();
  useEffect(() => {
    document.title = `${props.title} · Saksama`;
  }, [props.title]);
  return (
    <div class="staff-page">
      <a class="skip-link" href="#main" onClick={skipToMain}>{text.skip}</a>
      <StaffBar title={props.title} me={gate.at === "in" ? gate.me : undefined} signOut={signOut} />
      <main id="main" class="staff-main" tabIndex={-1}>
        {gate.at === "asking" && <p class="staff-wait" role="status">{text.loading}</p>}
        {gate.at === "unreachable" && <Unreachable ask={ask} />}
        {gate.at === "form" && <SignInForm busy={gate.busy} trouble={gate.trouble} signIn={signIn} />}
        {gate.at === "in" && gate.trouble !== undefined && (
          <div class="notice bad" role="alert" data-testid="sign-out-trouble"><TroubleText trouble={gate.trouble} /></div>
        )}
        {gate.at === "in" && (fits(gate.me, props.roles) ? props.children(gate.me) : <NotFitting me={gate.me} roles={props.roles} title={props.title} signOut={signOut} />)}
      </main>
    </div>
  );
}

// The hash of the address names what a page shows, so the link must not change it.
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function StaffBar(props: { title: string; me: Me | undefined; signOut: () => void }) {
  const text = signinText();
  return (
    <header class="staff-bar">
      <span class="staff-brand" aria-hidden="true">Saksama</span>
      <h1 class="staff-title">{props.title}</h1>
      <span class="staff-space" />
      <LanguageSwitch />
      {props.me !== undefined && (
        <>
          <span class="staff-name" data-testid="me-name" title={text.signedInAs(props.me.name)}>
            <span class="visually-hidden">{text.signedInAs("")}</span>
            {props.me.name}
          </span>
          <button type="button" class="staff-out" data-testid="sign-out" onClick={props.signOut}>{text.signOut}</button>
        </>
      )}
    </header>
  );
}

/** The two languages as a small pair of buttons; for the header of any page. */
export function LanguageSwitch() {
  const text = signinText();
  const chosen = language();
  return (
    <div class="language-switch" role="group" aria-label={text.language}>
      <button type="button" lang="id" aria-pressed={chosen === "id"} data-testid="language-id" onClick={() => chooseLanguage("id")}>
        ID<span class="visually-hidden"> Bahasa Indonesia</span>
      </button>
      <button type="button" lang="en" aria-pressed={chosen === "en"} data-testid="language-en" onClick={() => chooseLanguage("en")}>
        EN<span class="visually-hidden"> English</span>
      </button>
    </div>
  );
}

function SignInForm(props: { busy: boolean; trouble: Trouble | undefined; signIn: (entry: StaffSignIn) => void }) {
  const text = signinText();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [shown, setShown] = useState(false);
  const loginField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  useEffect(() => loginField.current?.focus(), []);
  // With the answer, not some time after it: whoever types again at once must not find the focus gone from under the fingers.
  useLayoutEffect(() => {
    if (props.trouble !== undefined && login !== "") {
      passwordField.current?.select();
    }
  }, [props.trouble]);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!props.busy) {
      props.signIn({ login: login.trim(), password });
    }
  };
  return (
    <form class="card staff-form" data-testid="sign-in-form" onSubmit={submit}>
      <h2>{text.heading}</h2>
      <p class="soft">{text.hint}</p>
      <div role="alert">
        {props.trouble !== undefined && (
          <div class="notice bad" data-testid="sign-in-trouble">
            <TroubleText trouble={props.trouble} />
          </div>
        )}
      </div>
      <label>
        {text.login}
        <input ref={loginField} data-testid="sign-in-login" name="login" autocomplete="username" autocapitalize="none" spellcheck={false} required
          value={login} onInput={(event) => setLogin(event.currentTarget.value)} />
      </label>
      <label>
        {text.password}
        <input ref={passwordField} data-testid="sign-in-password" name="password" type={shown ? "text" : "password"} autocomplete="current-password" required
          value={password} onInput={(event) => setPassword(event.currentTarget.value)} />
      </label>
      <label class="inline">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
        {text.showPassword}
      </label>
      <button type="submit" class="primary" data-testid="sign-in-submit" disabled={props.busy}>{props.busy ? text.submitting : text.submit}</button>
    </form>
  );
}

/** Why something did not work, in words. */
export function TroubleText(props: { trouble: Trouble }) {
  return <>{props.trouble.kind === "refused" ? <RefusalText refusal={props.trouble.refusal} /> : signinText().unreachable}</>;
}

function Unreachable(props: { ask: () => void }) {
  const text = signinText();
  return (
    <div class="card staff-form" role="alert">
      <p>{text.unreachable}</p>
      <button type="button" class="primary" data-testid="sign-in-retry" onClick={props.ask}>{text.retry}</button>
    </div>
  );
}

function NotFitting(props: { me: Me; roles: Role[]; title: string; signOut: () => void }) {
  const text = signinText();
  const yours = [...new Set(props.me.grants.map((grant) => text.roles[grant.role]))].join(", ");
  return (
    <div class="card staff-form" data-testid="not-fitting">
      <h2>{text.notFittingHeading}</h2>
      <p>{text.notFitting(props.title, props.me.name)}</p>
      <p class="soft">
        {text.needed}: {props.roles.map((role) => text.roles[role]).join(", ")}
        <br />
        {text.yours}: {yours === "" ? text.none : yours}
      </p>
      <button type="button" data-testid="other-account" onClick={props.signOut}>{text.otherAccount}</button>
    </div>
  );
}

/** A refusal in words: the sentence and, below it, what exactly is wrong. */
export function RefusalText(props: { refusal: RefusalBody }) {
  const details = props.refusal.details ?? [];
  return (
    <>
      {props.refusal.message}
      {details.length > 0 && (
        <ul class="refusal-details">
          {details.map((detail) => <li key={detail}>{detail}</li>)}
        </ul>
      )}
    </>
  );
}
