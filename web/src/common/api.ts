// HTTP with the server's refusals as values. The only place of the staff and public pages that calls `fetch`.

import type { RefusalBody } from "../wire";

/** What a request came to: a value, a refusal of the server, or no answer at all. */
export type Outcome<T> =
  | { kind: "ok"; value: T }
  | { kind: "refused"; status: number; refusal: RefusalBody }
  | { kind: "unreachable" };

/** GET a JSON document. */
export function get<T>(path: string): Promise<Outcome<T>> {
  return send<T>("GET", path, undefined);
}

/** Whether there is something at an address, without asking for all of it. */
export function exists(path: string): Promise<Outcome<undefined>> {
  return send<undefined>("HEAD", path, undefined);
}

/** POST a JSON document. */
export function post<T>(path: string, body: unknown): Promise<Outcome<T>> {
  return send<T>("POST", path, body);
}

/** PUT a JSON document. */
export function put<T>(path: string, body: unknown): Promise<Outcome<T>> {
  return send<T>("PUT", path, body);
}

/** DELETE a thing; the answer has no body worth reading. */
export function remove(path: string): Promise<Outcome<undefined>> {
  return send<undefined>("DELETE", path, undefined);
}

/** POST files as multipart fields. */
export function upload<T>(path: string, form: FormData): Promise<Outcome<T>> {
  return send<T>("POST", path, form);
}

async function send<T>(method: string, path: string, body: unknown): Promise<Outcome<T>> {
  // The header cannot be set by a form of another site: the server refuses changes without it.
  const headers: Record<string, string> = { "x-saksama": "1" };
  const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (body instanceof FormData) {
    init.body = body;
  } else if (body !== undefined) {
    headers["content-type"] = "application/json";
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    return { kind: "unreachable" };
  }
  const text = await response.text().catch(() => "");
  if (response.ok) {
    return { kind: "ok", value: (text === "" ? undefined : JSON.parse(text)) as T };
  }
  return { kind: "refused", status: response.status, refusal: readRefusal(text, response.status) };
}

function readRefusal(text: string, status: number): RefusalBody {
  try {
    const parsed = JSON.parse(text) as Partial<RefusalBody>;
    if (typeof parsed.code === "string" && typeof parsed.message === "string") {
      return parsed as RefusalBody;
    }
  } catch {
    // Not ours: a proxy's page, or nothing.
  }
  return { code: `http_${status}`, message: `HTTP ${status}` };
}

/** A fresh id: 16 random bytes as 32 hexadecimal digits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
