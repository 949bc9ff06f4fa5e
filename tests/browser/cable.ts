// The cable between a terminal and the server: pulled, nothing comes through and nobody is told; plugged in again, what was on its way arrives.

import { createServer, connect, type Server as Listener, type Socket } from "node:net";

interface Line {
  near: Socket;
  far: Socket;
}

/** A way to the server that can be interrupted like a cable, without a word to either side. */
export class Cable {
  private readonly lines = new Set<Line>();
  private pulled = false;

  private constructor(private readonly listener: Listener) {}

  /** Lays a cable to a port of this machine. */
  static async to(port: number): Promise<Cable> {
    const listener = createServer({ pauseOnConnect: true });
    const cable = new Cable(listener);
    listener.on("connection", (near) => cable.open({ near, far: connect(port, "127.0.0.1") }));
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    return cable;
  }

  /** The terminal's end. */
  get url(): string {
    const address = this.listener.address();
    if (address === null || typeof address === "string") throw new Error("the cable is not laid");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Nothing comes through any more, and nobody is told. */
  pull(): void {
    this.pulled = true;
    for (const { near, far } of this.lines) {
      near.pause();
      far.pause();
    }
  }

  /** What was on its way arrives. */
  plug(): void {
    this.pulled = false;
    for (const { near, far } of this.lines) {
      near.resume();
      far.resume();
    }
  }

  /** Takes the cable away. */
  remove(): void {
    for (const { near, far } of this.lines) {
      near.destroy();
      far.destroy();
    }
    this.listener.close();
  }

  private open(line: Line): void {
    const { near, far } = line;
    this.lines.add(line);
    const over = (): void => {
      this.lines.delete(line);
      near.destroy();
      far.destroy();
    };
    for (const [from, to] of [[near, far], [far, near]] as const) {
      from.on("data", (bytes) => to.write(bytes));
      from.on("end", () => to.end());
      from.on("error", over);
      from.on("close", over);
    }
    if (this.pulled) far.pause();
    else near.resume();
    if (this.pulled) near.pause();
  }
}
