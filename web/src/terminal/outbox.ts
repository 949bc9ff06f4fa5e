// The disk of this terminal: one IndexedDB database with the outbox, the last known state of each session, and papers by digest.
// Everything of the outbox is keyed by (session, epoch, seq), so that candidates who follow one another at a machine never meet.

import type { PaperFrame } from "../wire";
import type { Command, Leftover, Restored, Snapshot } from "./state";

/** The disk, or what stands in for it when this browser keeps nothing. */
export interface Outbox {
  /** False when nothing survives a reload. */
  readonly disk: boolean;
  /** Marks the session as the one this machine works on and reads all there is of it. */
  restore(session: string): Promise<Restored>;
  /** The session this machine worked on last. */
  last(): Promise<Snapshot | null>;
  /** Resolves when the command is on disk. */
  put(session: string, command: Command): Promise<void>;
  /** Takes commands out and writes the state that goes with it, in one transaction. */
  remove(session: string, commands: readonly { epoch: number; seq: number }[], snapshot: Snapshot | null): Promise<void>;
  keep(snapshot: Snapshot): Promise<void>;
  keepPaper(paper: PaperFrame): Promise<void>;
  /** The candidate leaves this machine: papers go, and the session too unless answers of it are still here. */
  forget(session: string): Promise<void>;
  /** Answers of other candidates that never reached the server. */
  leftovers(): Promise<Leftover[]>;
}

interface StoredSession {
  session: string;
  snapshot: Snapshot;
  written_utc_ms: number;
}
interface StoredCommand extends Command {
  session: string;
}

const DATABASE = "saksama-terminal";
const VERSION = 1;
const OPEN_MS_MAX = 5_000;

/** Opens the disk; a browser without one gets a stand-in that says so. */
export async function openOutbox(factory: IDBFactory | undefined, wall: () => number = Date.now): Promise<Outbox> {
  try {
    if (factory === undefined) throw new Error("no IndexedDB");
    return disk(await openDatabase(factory), wall);
  } catch {
    return memory();
  }
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    // A browser that never answers must not keep a candidate from the exam.
    const timer = setTimeout(() => reject(new Error("IndexedDB does not answer")), OPEN_MS_MAX);
    const request = factory.open(DATABASE, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("outbox", { keyPath: ["session", "epoch", "seq"] });
      request.result.createObjectStore("sessions", { keyPath: "session" });
      request.result.createObjectStore("papers", { keyPath: "digest" });
      request.result.createObjectStore("current");
    };
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      clearTimeout(timer);
      resolve(request.result);
    };
  });
}

type StoreName = "outbox" | "sessions" | "papers" | "current";

function disk(db: IDBDatabase, wall: () => number): Outbox {
  /** Runs `work` in one transaction and resolves with its result once that is committed. */
  const within = <T>(
    stores: StoreName[],
    mode: IDBTransactionMode,
    work: (tx: IDBTransaction) => T | Promise<T>,
    durability: IDBTransactionDurability = "relaxed",
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      const tx = db.transaction(stores, mode, { durability });
      let result: T | Promise<T>;
      tx.oncomplete = () => resolve(result);
      tx.onerror = () => reject(tx.error);
      tx.onabort = () => reject(tx.error);
      result = work(tx);
      if (result instanceof Promise) result.catch(reject);
    });
  const write = (tx: IDBTransaction, snapshot: Snapshot): void => {
    const row: StoredSession = { session: snapshot.who.session, snapshot, written_utc_ms: wall() };
    tx.objectStore("sessions").put(row);
  };
  const outboxOf = (session: string): IDBKeyRange => IDBKeyRange.bound([session], [session, []]);

  return {
    disk: true,
    restore: (session) =>
      within(["outbox", "sessions", "papers", "current"], "readwrite", async (tx) => {
        tx.objectStore("current").put(session, "session");
        const commands = await result<StoredCommand[]>(tx.objectStore("outbox").getAll(outboxOf(session)));
        const row = await result<StoredSession | undefined>(tx.objectStore("sessions").get(session));
        const digest = row?.snapshot.paper_digest ?? null;
        const paper = digest === null ? undefined : await result<PaperFrame | undefined>(tx.objectStore("papers").get(digest));
        return {
          snapshot: row?.snapshot ?? null,
          elapsed_ms: row === undefined ? 0 : Math.max(0, wall() - row.written_utc_ms),
          commands: commands.map(({ epoch, seq, frame, at_ms }) => ({ epoch, seq, frame, at_ms })),
          paper: paper ?? null,
          disk: true,
        };
      }),
    last: () =>
      within(["sessions", "current"], "readonly", async (tx) => {
        const session = await result<string | undefined>(tx.objectStore("current").get("session"));
        const row = session === undefined ? undefined : await result<StoredSession | undefined>(tx.objectStore("sessions").get(session));
        return row?.snapshot ?? null;
      }),
    put: (session, { epoch, seq, frame, at_ms }) =>
      within(
        ["outbox"],
        "readwrite",
        (tx) => {
          const row: StoredCommand = { session, epoch, seq, frame, at_ms };
          tx.objectStore("outbox").put(row);
        },
        // Committed means flushed: what is shown as kept survives a power cut of this machine. Nothing else here needs that.
        frame.t === "view" ? "relaxed" : "strict",
      ),
    remove: (session, commands, snapshot) =>
      within(["outbox", "sessions"], "readwrite", (tx) => {
        for (const { epoch, seq } of commands) tx.objectStore("outbox").delete([session, epoch, seq]);
        if (snapshot !== null) write(tx, snapshot);
      }),
    keep: (snapshot) => within(["sessions"], "readwrite", (tx) => write(tx, snapshot)),
    keepPaper: (paper) =>
      within(["papers"], "readwrite", (tx) => {
        tx.objectStore("papers").put(paper);
      }),
    forget: (session) =>
      within(["outbox", "sessions", "papers", "current"], "readwrite", async (tx) => {
        tx.objectStore("current").delete("session");
        tx.objectStore("papers").clear();
        const commands = await result<StoredCommand[]>(tx.objectStore("outbox").getAll(outboxOf(session)));
        if (commands.some(({ frame }) => frame.t === "answer")) return;
        tx.objectStore("outbox").delete(outboxOf(session));
        tx.objectStore("sessions").delete(session);
      }),
    leftovers: () =>
      within(["outbox", "sessions"], "readonly", async (tx) => {
        const commands = await result<StoredCommand[]>(tx.objectStore("outbox").getAll());
        const found = new Map<string, Set<string>>();
        for (const { session, epoch, frame } of commands) {
          if (frame.t === "answer") found.set(session, (found.get(session) ?? new Set()).add(`${epoch}/${frame.position}`));
        }
        const leftovers: Leftover[] = [];
        for (const [session, positions] of found) {
          const row = await result<StoredSession | undefined>(tx.objectStore("sessions").get(session));
          leftovers.push({ participant_no: row?.snapshot.who.participant_no ?? "?", answers: positions.size });
        }
        return leftovers;
      }),
  };
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** No disk: the state of the page is all there is, and `put` fails so that nothing is shown as kept. */
function memory(): Outbox {
  return {
    disk: false,
    restore: () => Promise.resolve({ snapshot: null, elapsed_ms: 0, commands: [], paper: null, disk: false }),
    last: () => Promise.resolve(null),
    put: () => Promise.reject(new Error("nothing is kept here")),
    remove: () => Promise.resolve(),
    keep: () => Promise.resolve(),
    keepPaper: () => Promise.resolve(),
    forget: () => Promise.resolve(),
    leftovers: () => Promise.resolve([]),
  };
}
