// The console of one sitting: the socket, the clock and the requests around the pure state. What is drawn is in the other files.

import { useEffect, useReducer } from "preact/hooks";
import { get, newId, post } from "../common/api";
import { clockTime } from "../common/format";
import { askAgainWhoIsThere } from "../common/sign-in";
import { feed } from "../common/socket";
import type { Id, Me, ProctorAnswer, ProctorCommand, WatchFrame } from "../wire";
import { decisionPath, toAct, type Draft } from "./acts";
import { HandCount } from "./count";
import { ActDialog } from "./dialog";
import { Icon } from "./icons";
import { SeatMap } from "./map";
import { Side } from "./side";
import { blank, comesBack, shown, step, type Action, type Console, type Dialog, type Hall, type LateEntry } from "./state";
import { countAll, FILTERS } from "./seats";
import { SeatTable } from "./table";
import { proctorText } from "./text";

/** While people write, something changes every few seconds: a longer silence of the server is worth a word. */
const HEARD_WORTH_TELLING_S = 15;

/** What the views may ask for. */
export interface Hands {
  dispatch: (action: Action) => void;
  /** Opens a dialog for an act, with a fresh command id. */
  begin: (draft: Draft) => void;
  mayAct: boolean;
  /** May be the second person. */
  mayDecide: boolean;
  me: Me;
}

export function ConsolePage(props: { sitting: Id; me: Me; mayAct: boolean; mayDecide: boolean }) {
  const text = proctorText();
  const [state, dispatch] = useReducer<Console, Action>(step, blank(performance.now()));
  useEffect(() => listen(props.sitting, dispatch), [props.sitting]);
  useEffect(() => {
    const timer = setInterval(() => dispatch({ type: "tick", nowMs: performance.now() }), 1_000);
    return () => clearInterval(timer);
  }, []);
  useLateEvidence(state, dispatch);
  const hands: Hands = { dispatch, begin: (draft) => dispatch({ type: "dialog", id: newId(), draft }), mayAct: props.mayAct, mayDecide: props.mayDecide, me: props.me };
  const { hall } = state;
  if (hall === undefined) {
    return (
      <div class="console-wait">
        <p role="status" data-testid="console-link">{text.links[state.link]}</p>
        <p><a href="#">{text.back}</a></p>
      </div>
    );
  }
  return (
    <div class="console" data-testid="console">
      <Head state={state} hall={hall} hands={hands} />
      {hall.head.phase === "closed" && <HandCount sitting={props.sitting} mayAct={props.mayAct} />}
      <div class="console-body">
        <section class="console-room" aria-label={text.views}>
          <Tools state={state} hall={hall} dispatch={dispatch} />
          {state.view === "map" ? <SeatMap state={state} hall={hall} hands={hands} /> : <SeatTable state={state} hall={hall} hands={hands} />}
        </section>
        <Side state={state} hall={hall} hands={hands} />
      </div>
      <Notices state={state} dispatch={dispatch} />
      {state.dialog !== undefined && (
        <ActDialog key={state.dialog.id} dialog={state.dialog} hall={hall} hands={hands} send={(dialog) => void send(props.sitting, dialog, dispatch)} />
      )}
    </div>
  );
}

function listen(sitting: Id, dispatch: (action: Action) => void): () => void {
  const socket = feed<WatchFrame>(`/api/v1/sittings/${sitting}/watch`, {
    frame: (frame) => dispatch({ type: "frame", frame, nowMs: performance.now() }),
    connected: (up) => dispatch({ type: "link", up }),
    closed(code) {
      dispatch({ type: "closed", code });
      if (code === 4001) {
        askAgainWhoIsThere();
      }
      return comesBack(code);
    },
  });
  return () => socket.stop();
}

async function send(sitting: Id, dialog: Dialog, dispatch: (action: Action) => void): Promise<void> {
  dispatch({ type: "sending", id: dialog.id });
  const act = toAct(dialog.draft);
  const command: ProctorCommand | undefined = act === undefined ? undefined : { id: dialog.id, act, reason: dialog.reason.trim() };
  const path = decisionPath(dialog.draft) ?? `/api/v1/sittings/${sitting}/commands`;
  const outcome = await post<ProctorAnswer | undefined>(path, command ?? {});
  if (outcome.kind === "refused" && outcome.status === 401) {
    askAgainWhoIsThere();
  }
  dispatch({ type: "answered", id: dialog.id, outcome, nowMs: performance.now() });
}

/** Asks for the late evidence of the one selected session, again whenever its count changes. */
function useLateEvidence(state: Console, dispatch: (action: Action) => void): void {
  const session = state.selected.size === 1 ? [...state.selected][0] : undefined;
  const late = session === undefined ? 0 : (state.hall?.seats.get(session)?.late ?? 0);
  useEffect(() => {
    if (session !== undefined && late > 0) {
      dispatch({ type: "late_asked", session });
      void get<LateEntry[]>(`/api/v1/sessions/${session}/late`).then((outcome) => dispatch({ type: "late", session, outcome }));
    }
  }, [session, late]);
}

function Head(props: { state: Console; hall: Hall; hands: Hands }) {
  const text = proctorText();
  const { state, hall, hands } = props;
  const { head } = hall;
  const act = (kind: "open" | "start" | "hold" | "release" | "close", look: string) => (
    <button type="button" class={look} data-testid={`act-${kind}`} onClick={() => hands.begin({ kind })}>{text.acts[kind]}</button>
  );
  return (
    <>
      <div class="console-head">
        <a class="console-back" href="#" data-testid="console-back">‹ {text.back}</a>
        <h2 data-testid="sitting-title">{head.code} · {head.hall}</h2>
        <span class={`badge badge-${head.phase}`} data-testid="sitting-phase" data-phase={head.phase}>{text.phases[head.phase]}</span>
        <span class="console-facts tabular">
          <span>{text.scheduled(clockTime(head.starts_utc_ms))}</span>
          <span title={text.serverClock}><span class="visually-hidden">{text.serverClock} </span><strong data-testid="server-clock">{clockTime(state.now.utcMs, true)}</strong></span>
          <span data-testid="records">{text.records(head.records)}</span>
        </span>
        <LinkState state={state} />
        <span class="console-acts" role="group" aria-label={text.hallActs}>
          {!hands.mayAct && <span class="soft">{text.readOnly}</span>}
          {hands.mayAct && head.phase === "planned" && act("open", "primary")}
          {hands.mayAct && head.phase === "open" && act("start", "primary")}
          {hands.mayAct && head.phase === "started" && act("hold", "danger")}
          {hands.mayAct && head.phase === "held" && act("release", "primary")}
          {hands.mayAct && head.phase !== "planned" && head.phase !== "closed" && act("close", "danger")}
        </span>
      </div>
      {head.phase === "held" && (
        <p class="console-held" role="status" data-testid="held">{head.held_reason === null || head.held_reason === "" ? text.heldPlain : text.held(head.held_reason)}</p>
      )}
    </>
  );
}

function LinkState(props: { state: Console }) {
  const text = proctorText();
  const { state } = props;
  const calm = state.link === "live" && !state.behind;
  const heardS = state.heardMs === undefined ? 0 : Math.max(0, Math.floor((state.now.ms - state.heardMs) / 1_000));
  return (
    <span class={calm ? "console-link good" : "console-link bad"} data-testid="console-link" data-link={calm ? "live" : state.link === "live" ? "behind" : state.link}>
      <Icon name={calm ? "connected" : "disconnected"} />
      <span role="status">{state.link === "live" && state.behind ? text.links.behind : text.links[state.link]}</span>
      {heardS >= HEARD_WORTH_TELLING_S && state.hall?.head.phase === "started" && <span class="console-heard tabular">{text.heard(heardS)}</span>}
    </span>
  );
}

function Tools(props: { state: Console; hall: Hall; dispatch: (action: Action) => void }) {
  const text = proctorText();
  const { state, hall, dispatch } = props;
  const counts = countAll(hall.seats.values(), state.tracks, hall.head, state.now);
  const unseated = [...hall.seats.values()].filter((seat) => seat.seat === null).length;
  const views = [["map", text.map], ["table", text.table], ["unseated", text.unseated(unseated)]] as const;
  const shownCount = shown(state).length;
  return (
    <div class="tools">
      <div class="filters" role="group" aria-label={text.filterLabel}>
        {FILTERS.map((filter) => (
          <button key={filter} type="button" class={`filter filter-${filter}${counts[filter] === 0 ? " filter-none" : ""}`} aria-pressed={state.filter === filter} data-testid={`filter-${filter}`}
            onClick={() => dispatch({ type: "filter", filter })}>
            <b class="tabular">{counts[filter]}</b> {text.filters[filter]}
          </button>
        ))}
      </div>
      <div class="tool-row">
        <div class="views" role="group" aria-label={text.views}>
          {views.map(([view, label]) => (
            <button key={view} type="button" aria-pressed={state.view === view} data-testid={`view-${view}`} onClick={() => dispatch({ type: "view", view })}>{label}</button>
          ))}
        </div>
        <input type="search" class="find" aria-label={text.find} placeholder={text.find} data-testid="find" value={state.find} onInput={(event) => dispatch({ type: "find", find: event.currentTarget.value })} />
        <span class="tool-space" />
        <span class="soft tabular" role="status" data-testid="selected-count">{text.selected(state.selected.size)}</span>
        <button type="button" aria-pressed={state.many} data-testid="select-many" onClick={() => dispatch({ type: "many" })}>{text.many}</button>
        <button type="button" data-testid="select-all" onClick={() => dispatch({ type: "choose_all" })}>
          {shownCount === hall.seats.size ? text.selectAll : text.selectShown(shownCount)}
        </button>
        <button type="button" data-testid="select-none" disabled={state.selected.size === 0} onClick={() => dispatch({ type: "choose_none" })}>{text.selectNone}</button>
      </div>
    </div>
  );
}

function Notices(props: { state: Console; dispatch: (action: Action) => void }) {
  const text = proctorText();
  return (
    <div class="notices" role="status" aria-live="polite" data-testid="notices">
      {props.state.notices.map((notice) => (
        <div class="notice good" key={notice.id} data-testid="notice">
          <span>{text.doneNotice(text.acts[notice.kind], notice.sessions)}</span>
          <button type="button" aria-label={text.closeDialog} onClick={() => props.dispatch({ type: "read", notice: notice.id })}>✕</button>
        </div>
      ))}
    </div>
  );
}
