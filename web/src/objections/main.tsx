// The candidates' page of objections: the requests around the pure state. What is drawn is in the other files.

import { render } from "preact";
import { useEffect, useReducer } from "preact/hooks";
import { get, post } from "../common/api";
import { LanguageSwitch } from "../common/sign-in";
import type { CandidateSignIn, Id, MyObjections, NewObjection } from "../wire";
import { SignInForm } from "./sign-in-form";
import { StageCard } from "./stage-card";
import { draftOf, START, step } from "./state";
import { text } from "./text";
import { TroubleNotice } from "./trouble";
import "./objections.css";

function Objections() {
  const [state, dispatch] = useReducer(step, START);
  const { place } = state;
  const ask = (): void => {
    dispatch({ type: "ask" });
    void get<MyObjections>("/api/v1/objections/mine").then((outcome) => dispatch({ type: "asked", outcome }));
  };
  useEffect(() => {
    document.title = `${text.title} · Saksama`;
    ask();
  }, []);
  const signIn = (entry: CandidateSignIn): void => {
    dispatch({ type: "try" });
    void post<MyObjections>("/api/v1/objections/sign-in", entry).then((outcome) => dispatch({ type: "tried", outcome }));
  };
  const signOut = (): void => {
    void post("/api/v1/objections/sign-out", {}).then((outcome) => dispatch({ type: "left", outcome }));
  };
  const send = (stage: Id): void => {
    const draft = draftOf(state, stage);
    const objection: NewObjection = { text: draft.text.trim(), attachment: draft.file === undefined ? null : { name: draft.file.name, base64: draft.file.base64 } };
    dispatch({ type: "send", stage });
    void post<unknown>(`/api/v1/stages/${stage}/objections`, objection).then((outcome) => {
      dispatch({ type: "sent", stage, outcome });
      // A conflict: the window closed, or it was sent from somewhere else.
      if (outcome.kind === "ok" || (outcome.kind === "refused" && outcome.status === 409)) {
        ask();
      }
    });
  };
  return (
    <div class="objections">
      <a class="skip-link" href="#main">{text.skip}</a>
      <header class="staff-bar">
        <a class="staff-title" href="/" title={text.home}>Saksama</a>
        <span class="staff-space" />
        <LanguageSwitch />
        {place.at === "in" && <button type="button" data-testid="sign-out" onClick={signOut}>{text.signOut}</button>}
      </header>
      <main id="main" tabIndex={-1}>
        <h1>{text.title}</h1>
        {place.at === "asking" && <p class="soft" role="status">{text.loading}</p>}
        {place.at === "unreachable" && (
          <div class="notice bad" role="alert">
            {text.unreachable} <button type="button" onClick={ask}>{text.retry}</button>
          </div>
        )}
        {place.at === "form" && <SignInForm busy={place.busy} trouble={place.trouble} signIn={signIn} />}
        {place.at === "in" && (
          <div data-testid="mine">
            <TroubleNotice trouble={place.signOutTrouble} testid="sign-out-trouble" />
            <p class="who"><strong data-testid="who">{text.greeting(place.mine.name, place.mine.participant_no)}</strong><br /><span class="soft">{place.mine.selection}</span></p>
            {place.mine.stages.length === 0
              ? <p class="card" data-testid="no-stages">{text.noStages}</p>
              : place.mine.stages.map((stage) => (
                <StageCard key={stage.stage} stage={stage} draft={draftOf(state, stage.stage)} sending={place.sending === stage.stage} sent={place.sent === stage.stage}
                  trouble={place.trouble?.stage === stage.stage ? place.trouble.trouble : undefined} write={(part) => dispatch({ type: "write", stage: stage.stage, part })}
                  read={(choice, file) => dispatch({ type: "read", stage: stage.stage, choice, file })} send={() => send(stage.stage)} again={ask} />
              ))}
          </div>
        )}
        <p class="foot"><a href="/hasil">{text.results}</a></p>
      </main>
    </div>
  );
}

const app = document.getElementById("app");
if (app !== null) {
  render(<Objections />, app);
}
