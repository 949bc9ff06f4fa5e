// One sitting at the desk: requests, clock and keys around the pure state. What is drawn is in the other files.

import { useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { get, newId, post } from "../common/api";
import { clockTime, countdown } from "../common/format";
import { askAgainWhoIsThere, RefusalText } from "../common/sign-in";
import type { AttendanceEntry, DeskList, Id, IssuedPin, SittingSummary } from "../wire";
import { PersonCard } from "./card";
import { PinPanel } from "./pin";
import { QuestionDialog } from "./question";
import { Search } from "./search";
import { blank, lacking, serverNow, step, toCheckIn, windowState, type Action, type Card, type Desk, type Question, type WindowState } from "./state";
import { deskText } from "./text";

/** After the last key so long until the server is asked. */
const TYPING_MS = 90;
/** The list is asked for again so often: other desks work too. */
const AGAIN_MS = 5_000;

export function DeskPage(props: { id: Id; sitting: SittingSummary | undefined }) {
  const text = deskText();
  const [state, dispatch] = useReducer<Desk, Action>(step, blank(performance.now()));
  useList(props.id, state, dispatch);
  useEffect(() => {
    const timer = setInterval(() => dispatch({ type: "tick", nowMs: performance.now() }), 1_000);
    return () => clearInterval(timer);
  }, []);
  const nowUtcMs = serverNow(state);
  const window_ = state.list === undefined ? undefined : windowState(state.list.window, nowUtcMs);
  const checkIn = (): void => {
    if (state.card === undefined || state.card.busy || window_ === undefined) {
      return;
    }
    if (state.card.person.attendance === "present") {
      return;
    }
    if (lacking(state.card, window_) !== undefined) {
      dispatch({ type: "tried" });
      return;
    }
    void sendCheckIn(state.card, window_, dispatch);
  };
  // A layout effect: with an ordinary one a key pressed at once after another would meet the handler of the state before.
  useLayoutEffect(() => {
    // Escape goes one step back wherever the focus is; an open dialog closes by itself.
    const pressed = (event: KeyboardEvent): void => {
      if (state.question !== undefined) {
        return;
      }
      if (event.key === "Escape") {
        event.preventDefault();
        dispatch({ type: "back" });
      } else if (event.key === "Enter" && event.ctrlKey && state.card !== undefined) {
        event.preventDefault();
        checkIn();
      }
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
  const open = state.card !== undefined || state.issued !== undefined;
  return (
    <div class={open ? "desk desk-open" : "desk"} data-testid="desk">
      <Head state={state} sitting={props.sitting} window_={window_} nowUtcMs={nowUtcMs} />
      <div class="desk-body">
        <Search state={state} dispatch={dispatch} />
        <section class="desk-person">
          {state.list === undefined && state.trouble === undefined && <p role="status">{text.loading}</p>}
          {state.word !== undefined && <p class="notice good" role="status" data-testid="desk-word">{text.done[state.word.kind](state.word.name)}</p>}
          {!open && state.list !== undefined && <p class="desk-nobody">{text.nobodyChosen}</p>}
          {state.card !== undefined && state.list !== undefined && window_ !== undefined && (
            <PersonCard key={state.card.id} card={state.card} list={state.list} window_={window_} dispatch={dispatch} checkIn={checkIn} />
          )}
          {state.issued !== undefined && (
            <PinPanel key={state.issued.pin.pin} issued={state.issued} sitting={props.sitting} nowUtcMs={nowUtcMs} next={() => dispatch({ type: "back" })} />
          )}
        </section>
      </div>
      {state.question !== undefined && (
        <QuestionDialog key={state.question.id} question={state.question} dispatch={dispatch} send={(question) => void sendQuestion(question, dispatch)} />
      )}
    </div>
  );
}

/** Asks for the list soon after typing, at once after a check-in, and every few seconds. */
function useList(sitting: Id, state: Desk, dispatch: (action: Action) => void): void {
  const find = useRef(state.find);
  find.current = state.find;
  const load = (): void => {
    const wanted = find.current;
    void get<DeskList>(`/api/v1/desk/sittings/${sitting}/candidates?find=${encodeURIComponent(wanted.trim())}`).then((outcome) => {
      if (outcome.kind === "refused" && outcome.status === 401) {
        askAgainWhoIsThere();
      }
      dispatch({ type: "listed", find: wanted, outcome, nowMs: performance.now(), freshId: newId() });
    });
  };
  const first = useRef(true);
  useEffect(() => {
    const timer = setTimeout(load, first.current ? 0 : TYPING_MS);
    first.current = false;
    return () => clearTimeout(timer);
  }, [state.find]);
  useEffect(() => {
    if (state.askAgain > 0) {
      load();
    }
  }, [state.askAgain]);
  useEffect(() => {
    const timer = setInterval(load, AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
}

async function sendCheckIn(card: Card, window_: WindowState, dispatch: (action: Action) => void): Promise<void> {
  dispatch({ type: "sending" });
  const outcome = await post<IssuedPin>(`/api/v1/desk/sessions/${card.person.session}/check-in`, toCheckIn(card, window_));
  if (outcome.kind === "refused" && outcome.status === 401) {
    askAgainWhoIsThere();
  }
  dispatch({ type: "checked_in", id: card.id, outcome });
}

async function sendQuestion(question: Question, dispatch: (action: Action) => void): Promise<void> {
  dispatch({ type: "asking" });
  const path = `/api/v1/desk/sessions/${question.person.session}`;
  if (question.kind === "reissue") {
    const outcome = await post<IssuedPin>(`${path}/pin`, { id: question.id });
    dispatch({ type: "answered", id: question.id, outcome, nowMs: performance.now() });
    return;
  }
  const entry: AttendanceEntry = { id: question.id, attendance: question.kind, reason: question.reason.trim() };
  const outcome = await post<unknown>(`${path}/attendance`, entry);
  dispatch({ type: "answered", id: question.id, outcome: outcome.kind === "ok" ? { kind: "ok", value: undefined } : outcome, nowMs: performance.now() });
}

function Head(props: { state: Desk; sitting: SittingSummary | undefined; window_: WindowState | undefined; nowUtcMs: number }) {
  const text = deskText();
  const { state, sitting, window_, nowUtcMs } = props;
  const counts = state.list?.counts;
  return (
    <div class="desk-head">
      <div class="desk-title">
        <a href="#" data-testid="desk-back">‹ {text.back}</a>
        {sitting !== undefined && <h2 data-testid="sitting-title">{sitting.code} · {sitting.hall}</h2>}
      </div>
      {window_ !== undefined && state.list !== undefined && (
        <div class={`desk-window window-${window_.kind}`} data-testid="window" data-window={window_.kind}>
          <strong>{text.window[window_.kind]}</strong>
          <span class="tabular">{windowWords(window_, state.list, nowUtcMs)}</span>
        </div>
      )}
      {state.list !== undefined && <span class="desk-clock tabular"><span class="visually-hidden">{text.clock} </span><span data-testid="server-clock">{clockTime(nowUtcMs, true)}</span></span>}
      {counts !== undefined && (
        <dl class="desk-counts tabular" data-testid="counts">
          <div><dt>{text.counts.enrolled}</dt><dd data-testid="count-enrolled">{counts.enrolled}</dd></div>
          <div class="count-present"><dt>{text.counts.present}</dt><dd data-testid="count-present">{counts.present}</dd></div>
          <div><dt>{text.counts.left}</dt><dd data-testid="count-left">{Math.max(0, counts.enrolled - counts.present - counts.absent - counts.refused)}</dd></div>
          <div><dt>{text.counts.absent}</dt><dd data-testid="count-absent">{counts.absent}</dd></div>
          <div><dt>{text.counts.refused}</dt><dd data-testid="count-refused">{counts.refused}</dd></div>
        </dl>
      )}
      {state.trouble !== undefined && (
        <div class="notice bad desk-trouble" role="alert" data-testid="desk-trouble">{state.trouble.kind === "refused" ? <RefusalText refusal={state.trouble.refusal} /> : text.unreachable}</div>
      )}
    </div>
  );
}

function windowWords(window_: WindowState, list: DeskList, nowUtcMs: number): string {
  const text = deskText();
  const { opens_utc_ms, closes_utc_ms } = list.window;
  switch (window_.kind) {
    case "open":
      return text.closesIn(clockTime(closes_utc_ms), countdown(window_.leftMs));
    case "not_yet":
      return text.opensIn(clockTime(opens_utc_ms), countdown(window_.leftMs));
    case "closed":
      return nowUtcMs >= closes_utc_ms ? text.closedAt(clockTime(closes_utc_ms)) : "";
    case "doors":
      return `${clockTime(opens_utc_ms)}–${clockTime(closes_utc_ms)}`;
  }
}
