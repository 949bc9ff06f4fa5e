// The terminal's websocket: one at a time, and the words of an earlier one are not heard any more.

import type { TerminalFrame, TerminalNews } from "../wire";
import { type Happening, PROTOCOL_VERSION } from "./state";

const PATH = "/api/v1/terminal/ws";
const INSTANCE_KEY = "saksama.instance";

/** The line to the server. */
export interface Line {
  /** Opens a new connection at once, or after a random part of `window_ms` (full jitter). */
  connect(window_ms: number): void;
  greet(have_paper: string | null): void;
  send(frame: TerminalFrame): void;
  disconnect(): void;
}

/** Makes the line; `tell` hears what happens on it. */
export function line(tell: (happening: Happening) => void): Line {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const disconnect = (): void => {
    clearTimeout(timer);
    const old = socket;
    socket = undefined;
    old?.close();
  };
  const open = (): void => {
    disconnect();
    tell({ t: "connecting" });
    const mine = new WebSocket(`${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${PATH}`);
    socket = mine;
    const own = (hear: () => void): void => {
      if (socket === mine) hear();
    };
    mine.onopen = () => own(() => tell({ t: "opened" }));
    mine.onmessage = (message: MessageEvent<string>) => own(() => tell({ t: "news", news: JSON.parse(message.data) as TerminalNews }));
    mine.onclose = (event) =>
      own(() => {
        socket = undefined;
        tell({ t: "closed", code: event.code });
      });
  };
  const send = (frame: TerminalFrame): void => {
    // What cannot be sent stays in the outbox and is sent after the next welcome.
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  };
  return {
    connect(window_ms) {
      clearTimeout(timer);
      if (window_ms === 0) open();
      else timer = setTimeout(open, Math.random() * window_ms);
    },
    greet: (have_paper) => send({ t: "hello", version: PROTOCOL_VERSION, instance: instance(), have_paper }),
    send,
    disconnect,
  };
}

/** Random per tab, kept over reloads. */
function instance(): string {
  let known: string | null = null;
  try {
    known = sessionStorage.getItem(INSTANCE_KEY);
  } catch {
    // No storage: a reload will look like a second terminal, and the proctor decides.
  }
  if (known !== null) return known;
  const made = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    sessionStorage.setItem(INSTANCE_KEY, made);
  } catch {
    // As above.
  }
  return made;
}
