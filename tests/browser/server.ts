// The server as a child process: started on a free port with a directory of its own, killed like a power cut, started again.

import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SAKSAMA, SEEDED, TEMPORARY } from "./places";

/** Who may sign in, as `demo.json` says. */
export interface Demo {
  selection: string;
  candidates: { participant_no: string; name: string }[];
  staff: { login: string; password: string; name: string; role: string }[];
}

/** What a log says when a server ended by itself. */
const LOG_CHARS = 4_000;
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 20_000;

// Whatever happens to the tests, no server outlives them.
const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** A server in a directory; the same one over kills and restarts. */
export class Server {
  private child: ChildProcess | undefined;
  private log = "";
  /** `http://127.0.0.1:41234`. */
  url = "";

  private constructor(
    readonly data: string,
    private readonly flags: readonly string[],
  ) {}

  /** Starts a server on a copy of the seeded demonstration. */
  static async demo(flags: readonly string[] = []): Promise<Server> {
    const seeded = process.env[SEEDED];
    if (seeded === undefined) throw new Error("the global set-up has not seeded a demonstration");
    const data = mkdtempSync(TEMPORARY);
    cpSync(seeded, data, { recursive: true });
    return Server.in(data, flags);
  }

  /** Starts a server in a directory. */
  static async in(data: string, flags: readonly string[] = []): Promise<Server> {
    const server = new Server(data, flags);
    await server.start();
    return server;
  }

  /** The port it listens on. */
  get port(): number {
    return Number(new URL(this.url).port);
  }

  /** Who may sign in. */
  get credentials(): Demo {
    return JSON.parse(readFileSync(join(this.data, "demo.json"), "utf8")) as Demo;
  }

  /** Starts it; a second time on the same port. */
  async start(): Promise<void> {
    const listen = `127.0.0.1:${this.url === "" ? 0 : this.port}`;
    const child = spawn(SAKSAMA, ["serve", "--data", this.data, "--listen", listen, "--demo", ...this.flags], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"] ?? "", NO_COLOR: "1" },
    });
    this.child = child;
    const note = (chunk: Buffer): void => {
      this.log = (this.log + chunk.toString()).slice(-LOG_CHARS);
    };
    child.stderr?.on("data", note);
    running.add(child);
    child.once("exit", () => running.delete(child));
    this.url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server does not listen:\n${this.log}`)), START_MS_MAX);
      let said = "";
      child.stdout?.on("data", (chunk: Buffer) => {
        note(chunk);
        said += chunk.toString();
        const address = /^Listening on (https?:\/\/\S+?)\/?$/m.exec(said)?.[1];
        if (address !== undefined) {
          clearTimeout(timer);
          resolve(address);
        }
      });
      child.once("error", reject);
      child.once("exit", (code, signal) => reject(new Error(`the server ended (${code ?? signal}):\n${this.log}`)));
    });
  }

  /** Ends it at once, like a power cut. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Tells it to stop and waits until it has. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** Ends it and deletes its directory. */
  async destroy(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  private async end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
    await ended;
    clearTimeout(timer);
  }
}
