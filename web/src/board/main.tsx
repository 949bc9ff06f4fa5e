// Public screens: the list of boards, or the board named by the address's hash.

/// <reference types="vite/client" />

import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get } from "../common/api";
import type { BoardSummary } from "../wire";
import { LanguageSwitch } from "./language-switch";
import { BoardScreen } from "./screen";
import { boardText } from "./text";
import "./board.css";

const LIST_AGAIN_MS = 20_000;

function App() {
  const text = boardText();
  const board = useHash();
  useEffect(() => {
    document.title = `${text.title} · Saksama`;
  }, [text]);
  return board === "" ? <BoardList /> : <BoardScreen key={board} id={board} />;
}

function useHash(): string {
  const [hash, setHash] = useState(location.hash.slice(1));
  useEffect(() => {
    const changed = (): void => setHash(location.hash.slice(1));
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return hash;
}

function BoardList() {
  const text = boardText();
  const [boards, setBoards] = useState<BoardSummary[] | undefined>(undefined);
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  useEffect(() => {
    const load = (): void => {
      void get<BoardSummary[]>("/api/v1/boards").then((outcome) => {
        if (outcome.kind === "ok") {
          setBoards(outcome.value);
        }
        setTrouble(outcome.kind === "ok" ? undefined : outcome.kind === "refused" ? outcome.refusal.message : text.unreachable);
      });
    };
    load();
    const timer = setInterval(load, LIST_AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const kinds = (["stage", "sitting"] as const).filter((kind) => boards?.some((board) => board.kind === kind));
  return (
    <div class="board-list-page">
      <header class="board-list-head">
        <h1>{text.title}</h1>
        <LanguageSwitch />
      </header>
      <main>
        <p class="board-list-hint">{text.chooseHint}</p>
        {trouble !== undefined && <p class="notice warn" role="status" data-testid="boards-trouble">{trouble}</p>}
        {boards === undefined && trouble === undefined && <p role="status">{text.loading}</p>}
        {boards?.length === 0 && <p class="card" data-testid="no-boards">{text.noBoards}</p>}
        {kinds.map((kind) => (
          <section key={kind}>
            <h2>{text.kinds[kind]}</h2>
            <ul class="board-list" data-testid={`boards-${kind}`}>
              {boards?.filter((board) => board.kind === kind).map((board) => (
                <li key={board.id}>
                  <a href={`#${board.id}`} data-testid="board-link">
                    <strong>{board.title}</strong>
                    <span>{board.subtitle}</span>
                    <span class="soft">{text.candidates(board.candidates)}</span>
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </main>
    </div>
  );
}

const app = document.getElementById("app");
if (app !== null) {
  render(<App />, app);
}
