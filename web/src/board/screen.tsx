// One board: the socket, the clock and the keys around the pure state; a hall screen on large windows, a searchable list on phones.

import { useEffect, useReducer, useState } from "preact/hooks";
import { get } from "../common/api";
import { clockTime } from "../common/format";
import { feed } from "../common/socket";
import { type BoardStrings } from "../strings/board";
import type { BoardFrame, BoardSummary } from "../wire";
import { HallTable } from "./hall";
import { LanguageSwitch } from "./language-switch";
import { PhoneList } from "./phone";
import { blank, shownPages, step, TURN_MS, type Action, type Board, type Screen } from "./state";
import { boardText } from "./text";

const PHONE = "(max-width: 800px)";

export function BoardScreen(props: { id: string }) {
  const text = boardText();
  const [state, dispatch] = useReducer<Screen, Action>(step, blank(performance.now()));
  const [unknown, setUnknown] = useState(false);
  const phone = usePhone();
  useEffect(() => listen(props.id, dispatch), [props.id]);
  useEffect(() => {
    void get<BoardSummary[]>("/api/v1/boards").then((outcome) => {
      setUnknown(outcome.kind === "ok" && !outcome.value.some((board) => board.id === props.id));
    });
  }, [props.id]);
  useEffect(() => {
    const timer = setInterval(() => dispatch({ type: "tick", nowMs: performance.now() }), 1_000);
    return () => clearInterval(timer);
  }, []);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => onKey(event, dispatch);
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);

  if (state.board === undefined) {
    return (
      <main class="board-wait">
        <p role="status" data-testid="board-link-state">{unknown || state.link === "gone" ? text.unknown : linkText(state, text)}</p>
        <p><a href="#" data-testid="board-back">{text.back}</a></p>
      </main>
    );
  }
  return phone ? <PhoneBoard state={state} board={state.board} dispatch={dispatch} /> : <HallBoard state={state} board={state.board} dispatch={dispatch} />;
}

function listen(id: string, dispatch: (action: Action) => void): () => void {
  const socket = feed<BoardFrame>(`/api/v1/boards/${id}/ws`, {
    frame: (frame) => dispatch({ type: "frame", frame, atUtcMs: Date.now(), nowMs: performance.now() }),
    connected: (up) => dispatch({ type: "link", up }),
    closed(code) {
      dispatch({ type: "closed", code });
      return code !== 4000 && code !== 4006;
    },
  });
  return () => socket.stop();
}

function onKey(event: KeyboardEvent, dispatch: (action: Action) => void): void {
  const target = event.target as HTMLElement | null;
  const typing = target !== null && /^(INPUT|SELECT|TEXTAREA|BUTTON|A)$/.test(target.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey || typing) {
    return;
  }
  const nowMs = performance.now();
  switch (event.key) {
    case " ":
    case "p":
      dispatch({ type: "pause", nowMs });
      break;
    case "ArrowRight":
    case "PageDown":
      dispatch({ type: "turn", by: 1, nowMs });
      break;
    case "ArrowLeft":
    case "PageUp":
      dispatch({ type: "turn", by: -1, nowMs });
      break;
    case "+":
    case "=":
      dispatch({ type: "lines", by: -2 });
      break;
    case "-":
      dispatch({ type: "lines", by: 2 });
      break;
    case "f":
      toggleFullScreen();
      break;
    default:
      return;
  }
  event.preventDefault();
}

function toggleFullScreen(): void {
  const done = document.fullscreenElement === null ? document.documentElement.requestFullscreen() : document.exitFullscreen();
  // A browser may refuse full screen; the board is then simply not full screen.
  done.catch(() => undefined);
}

function usePhone(): boolean {
  const [phone, setPhone] = useState(() => matchMedia(PHONE).matches);
  useEffect(() => {
    const query = matchMedia(PHONE);
    const changed = (): void => setPhone(query.matches);
    query.addEventListener("change", changed);
    return () => query.removeEventListener("change", changed);
  }, []);
  return phone;
}

function linkText(state: Screen, text: BoardStrings): string {
  return state.link === "live" && state.behind ? text.links.behind : text.links[state.link];
}

function LinkState(props: { state: Screen }) {
  const text = boardText();
  const { state } = props;
  const calm = state.link === "live" && !state.behind;
  return (
    <p class="board-link">
      <span class={calm ? "board-live" : "board-lost"} role="status" data-testid="board-link-state" data-link={calm ? "live" : state.link === "live" ? "behind" : state.link}>
        <span class="board-dot" aria-hidden="true" />
        {linkText(state, text)}
      </span>
      {state.updatedUtcMs !== undefined && <span class="tabular" data-testid="board-updated">{text.updated(clockTime(state.updatedUtcMs, true))}</span>}
      {state.link === "reload" && <button type="button" onClick={() => location.reload()}>{text.reload}</button>}
    </p>
  );
}

function Counts(props: { board: Board }) {
  const text = boardText();
  const count = { running: 0, paused: 0, waiting: 0, ended: 0, absent: 0 };
  for (const group of props.board.groups) {
    for (const row of group.rows) {
      count[row.state] += 1;
    }
  }
  const kinds = (["running", "paused", "waiting", "ended", "absent"] as const).filter((kind) => count[kind] > 0);
  return (
    <p class="board-counts tabular" data-testid="board-counts">
      {[text.candidates(props.board.candidates), ...kinds.map((kind) => text.stateCount[kind](count[kind]))].join(" · ")}
    </p>
  );
}

function FormationChoice(props: { state: Screen; board: Board; dispatch: (action: Action) => void }) {
  const text = boardText();
  const { board, state } = props;
  if (board.kind !== "stage" || board.formations.length < 2) {
    return null;
  }
  const choose = (value: string): void => props.dispatch({ type: "formation", formation: value === "" ? undefined : Number(value), nowMs: performance.now() });
  return (
    <select aria-label={text.formation} data-testid="board-formation" value={state.formation === undefined ? "" : String(state.formation)}
      onChange={(event) => choose(event.currentTarget.value)}>
      <option value="">{text.allFormations}</option>
      {board.formations.map((formation, index) => <option key={index} value={String(index)}>{formation}</option>)}
    </select>
  );
}

function HallBoard(props: { state: Screen; board: Board; dispatch: (action: Action) => void }) {
  const text = boardText();
  const { state, board, dispatch } = props;
  const pages = shownPages(state);
  const turn = (by: 1 | -1): void => dispatch({ type: "turn", by, nowMs: performance.now() });
  const seconds = Math.ceil(Math.min(TURN_MS, Math.max(0, TURN_MS - (state.nowMs - state.turnedMs))) / 1_000);
  return (
    <div class="hall-board" data-testid="hall-board">
      <header class="hall-head">
        <div class="hall-title">
          <h1 data-testid="board-title">{board.title}</h1>
          <p data-testid="board-subtitle">{board.subtitle}</p>
        </div>
        <div class="hall-side">
          <LinkState state={state} />
          <Counts board={board} />
        </div>
      </header>
      <main class="hall-main">
        <div class={board.frozen ? "hall-word hall-frozen" : "hall-word"}>
          {board.frozen ? <p data-testid="board-frozen"><strong>{text.frozenShort}.</strong> {text.frozen}</p> : <p data-testid="board-reveal">{board.reveal}</p>}
          <p>{text.notFinal}</p>
        </div>
        {pages.length === 0 ? <p class="board-empty">{text.noRows}</p> : <HallTable state={state} board={board} page={pages[state.page] ?? []} />}
      </main>
      <footer class="hall-foot">
        <a class="button" href="#" data-testid="board-back">{text.back}</a>
        <FormationChoice state={state} board={board} dispatch={dispatch} />
        <span class="hall-keys">{text.keys}</span>
        <span class="hall-space" />
        <button type="button" aria-label={`A− ${text.more}`} title={text.more} data-testid="board-smaller" onClick={() => dispatch({ type: "lines", by: 2 })}>A−</button>
        <button type="button" aria-label={`A+ ${text.fewer}`} title={text.fewer} data-testid="board-larger" onClick={() => dispatch({ type: "lines", by: -2 })}>A+</button>
        <button type="button" aria-label={text.full} title={text.full} data-testid="board-full" onClick={toggleFullScreen}>⛶</button>
        <LanguageSwitch />
        <span class="hall-pager">
          <button type="button" aria-label={text.previous} title={text.previous} data-testid="board-previous" onClick={() => turn(-1)}>◀</button>
          <button type="button" aria-pressed={state.paused} aria-label={state.paused ? text.go : text.pause} title={state.paused ? text.go : text.pause} data-testid="board-pause"
            onClick={() => dispatch({ type: "pause", nowMs: performance.now() })}>{state.paused ? "▶" : "❚❚"}</button>
          <button type="button" aria-label={text.next} title={text.next} data-testid="board-next" onClick={() => turn(1)}>▶▶</button>
          <span class="hall-page tabular">
            <strong data-testid="board-page">{text.page(Math.min(state.page + 1, Math.max(1, pages.length)), Math.max(1, pages.length))}</strong>
            <span data-testid="board-turns">{state.paused ? text.paused : pages.length > 1 ? text.turnsIn(seconds) : ""}</span>
          </span>
        </span>
      </footer>
      {pages.length > 1 && !state.paused && <div class="hall-timer" key={state.turnedMs} aria-hidden="true" />}
    </div>
  );
}

function PhoneBoard(props: { state: Screen; board: Board; dispatch: (action: Action) => void }) {
  const text = boardText();
  const { state, board, dispatch } = props;
  return (
    <div class="phone-board" data-testid="phone-board">
      <header class="phone-head">
        <div class="phone-top">
          <a href="#" data-testid="board-back">‹ {text.back}</a>
          <LanguageSwitch />
        </div>
        <h1 data-testid="board-title">{board.title}</h1>
        <p data-testid="board-subtitle">{board.subtitle}</p>
        <LinkState state={state} />
      </header>
      <main class="phone-main">
        {board.frozen && <p class="notice warn" data-testid="board-frozen">{text.frozen}</p>}
        <p class="phone-reveal" data-testid="board-reveal">{board.reveal} {text.notFinal}</p>
        <Counts board={board} />
        <div class="phone-find">
          <input type="search" aria-label={text.find} placeholder={text.find} data-testid="board-find" autocomplete="off" spellcheck={false} value={state.find}
            onInput={(event) => dispatch({ type: "find", find: event.currentTarget.value })} />
          <FormationChoice state={state} board={board} dispatch={dispatch} />
        </div>
        <PhoneList state={state} board={board} more={() => dispatch({ type: "more" })} />
      </main>
    </div>
  );
}
