// The terminal's HTTP: who sits here, sign-in, and keeping the page and its pictures for the time the cable is out.

import { get, post } from "../common/api";
import type { SignIn, TerminalSession } from "../wire";
import type { Happening } from "./state";

const LEFT_KEY = "saksama.left";
const MEDIA_CACHE = "saksama-media";
const PICTURES_AT_ONCE = 2;

/** Asks who is signed in here. */
export async function askSession(): Promise<Happening> {
  const outcome = await get<TerminalSession>("/api/v1/terminal/session");
  switch (outcome.kind) {
    case "ok":
      // A candidate who has left this machine is not greeted again.
      return outcome.value.session === left() ? { t: "session_absent" } : { t: "session_found", who: outcome.value };
    case "refused":
      return outcome.status === 401 || outcome.status === 403 ? { t: "session_absent" } : { t: "unreachable" };
    case "unreachable":
      return { t: "unreachable" };
    default: {
      const unknown: never = outcome;
      return unknown;
    }
  }
}

/** Signs in with participant number and PIN. */
export async function signIn(participant_no: string, pin: string): Promise<Happening> {
  const body: SignIn = { participant_no, pin };
  const outcome = await post<TerminalSession>("/api/v1/terminal/sign-in", body);
  switch (outcome.kind) {
    case "ok":
      remember(null);
      return { t: "session_found", who: outcome.value };
    case "refused":
      return { t: "sign_in_refused", message: outcome.refusal.message };
    case "unreachable":
      return { t: "sign_in_refused", message: null };
    default: {
      const unknown: never = outcome;
      return unknown;
    }
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
