// The terminal's HTTP: who sits here, sign-in, and keeping the page and its pictures for the time the cable is out.

import type { RefusalBody, SignIn, TerminalSession } from "../wire";
import type { Happening } from "./state";

/** The server refuses changes without it: a form of another site cannot set it. */
const OURS = { "x-saksama": "1" };
const LEFT_KEY = "saksama.left";
const MEDIA_CACHE = "saksama-media";
const PICTURES_AT_ONCE = 2;
/** A pulled cable refuses nothing and answers nothing: after this the page opens from the disk. */
const ASK_MS_MAX = 5_000;
/** Much longer: a sign-in that is given up may have spent the PIN. */
const SIGN_IN_MS_MAX = 30_000;

/** Asks who is signed in here. */
export async function askSession(): Promise<Happening> {
  const answer = await ask<TerminalSession>("/api/v1/terminal/session", { signal: AbortSignal.timeout(ASK_MS_MAX) });
  if (answer === null || (!answer.ok && (answer.status >= 500 || answer.status === 429))) return { t: "unreachable" };
  // A candidate who has left this machine is not greeted again.
  if (!answer.ok || answer.value.session === left()) return { t: "session_absent" };
  return { t: "session_found", who: answer.value };
}

/** Signs in with participant number and PIN. */
export async function signIn(participant_no: string, pin: string): Promise<Happening> {
  const body: SignIn = { participant_no, pin };
  const init = { method: "POST", headers: { ...OURS, "content-type": "application/json" }, body: JSON.stringify(body), signal: AbortSignal.timeout(SIGN_IN_MS_MAX) };
  const answer = await ask<TerminalSession>("/api/v1/terminal/sign-in", init);
  if (answer === null) return { t: "sign_in_refused", refusal: { t: "unreachable" } };
  if (!answer.ok) return { t: "sign_in_refused", refusal: { t: "server", message: answer.message } };
  remember(null);
  return { t: "session_found", who: answer.value };
}

type Answer<T> = { ok: true; value: T } | { ok: false; status: number; message: string };

/** Its own, smaller than `common/api.ts`: this page has a size budget, and no answer at all is an ordinary case here. */
async function ask<T>(path: string, init: RequestInit): Promise<Answer<T> | null> {
  try {
    const response = await fetch(path, { headers: OURS, credentials: "same-origin", cache: "no-store", ...init });
    if (response.ok) return { ok: true, value: (await response.json()) as T };
    // A refusal that is not ours (a proxy's page) has no words.
    const refusal = (await response.json().catch(() => ({}))) as Partial<RefusalBody>;
    return { ok: false, status: response.status, message: refusal.message ?? `HTTP ${response.status}` };
  } catch {
    return null;
  }
}

/** The candidate of this session has left the machine: pictures go, and its cookie is not used any more. */
export function leave(session: string): void {
  remember(session);
  if ("caches" in globalThis) void caches.delete(MEDIA_CACHE);
}

/** Brings the pictures of the paper into the cache from which the service worker serves them, a few at a time and never urgently. */
export async function keepPictures(urls: readonly string[]): Promise<void> {
  if (!("caches" in globalThis)) return;
  const cache = await caches.open(MEDIA_CACHE);
  const queue = [...urls];
  const work = async (): Promise<void> => {
    for (let url = queue.shift(); url !== undefined; url = queue.shift()) {
      if ((await cache.match(url)) === undefined) await cache.add(url).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: PICTURES_AT_ONCE }, work));
}

/** Lets this page be opened again without the server. */
export function keepPage(): void {
  void navigator.serviceWorker?.register("/ujian-worker.js", { scope: "/ujian" }).catch(() => undefined);
}

function left(): string | null {
  try {
    return localStorage.getItem(LEFT_KEY);
  } catch {
    return null;
  }
}

function remember(session: string | null): void {
  try {
    if (session === null) localStorage.removeItem(LEFT_KEY);
    else localStorage.setItem(LEFT_KEY, session);
  } catch {
    // No storage: a reload after leaving shows the end screen once more.
  }
}
