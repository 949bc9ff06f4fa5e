// A websocket that comes back by itself, paced with full jitter. For screens and consoles; the terminal has its own, which carries an outbox.

/** What happens on the socket. */
export interface FeedEvents<Frame> {
  frame(frame: Frame): void;
  connected(up: boolean): void;
  /** The server closed with one of its own codes (4000-4999); return false to stay away. */
  closed?(code: number): boolean;
}

/** Opens `path` and keeps it open until `stop()`. */
export function feed<Frame>(path: string, events: FeedEvents<Frame>, jitterMs = 5_000): { stop(): void } {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let failures = 0;

  const open = (): void => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(`${scheme}//${location.host}${path}`);
    socket.onopen = () => {
      failures = 0;
      events.connected(true);
    };
    socket.onmessage = (message: MessageEvent<string>) => events.frame(JSON.parse(message.data) as Frame);
    socket.onclose = (event) => {
      events.connected(false);
      const goOn = event.code < 4000 || events.closed === undefined || events.closed(event.code);
      if (!stopped && goOn) {
        failures += 1;
        const window = Math.min(jitterMs, 250 * 2 ** failures);
        timer = setTimeout(open, Math.random() * window);
      }
    };
  };
  open();

  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
}
