// The service worker of the terminal page, served as /ujian-worker.js with the scope /ujian: the page opens without the server, with the
// newest shell that was seen. It keeps no answers and speaks no protocol; the page does that.

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching extends Waiting {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Worker {
  addEventListener(name: "install" | "activate", hear: (event: Waiting) => void): void;
  addEventListener(name: "fetch", hear: (event: Fetching) => void): void;
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
}

const worker = globalThis as unknown as Worker;
const PAGE = "/ujian";
const SHELL_CACHE = "saksama-shell";
const MEDIA_CACHE = "saksama-media";
/** A server that does not answer a page load in this time counts as gone. */
const PAGE_MS_MAX = 3_000;

worker.addEventListener("install", (event) => event.waitUntil(fetch(PAGE, { cache: "no-cache" }).then(keepShell).then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event));
  // Both are named by their content: what is in the cache is right for ever.
  else if (url.pathname.startsWith("/assets/")) event.respondWith(cached(SHELL_CACHE, event.request));
  else if (url.pathname.startsWith("/media/")) event.respondWith(cached(MEDIA_CACHE, event.request));
});

/** The newest page the server gives, or else the last one seen. */
async function page(event: Fetching): Promise<Response> {
  try {
    const response = await fetch(event.request, { signal: AbortSignal.timeout(PAGE_MS_MAX) });
    if (response.status < 500) {
      if (response.ok && new URL(event.request.url).pathname === PAGE) event.waitUntil(keepShell(response.clone()).catch(() => undefined));
      return response;
    }
  } catch {
    // No server: from the cache, below.
  }
  const kept = await caches.match(PAGE, { cacheName: SHELL_CACHE });
  return kept ?? Response.error();
}

async function cached(name: string, request: Request): Promise<Response> {
  const cache = await caches.open(name);
  const kept = await cache.match(request.url, { ignoreVary: true });
  if (kept !== undefined) return kept;
  const response = await fetch(request);
  if (response.ok) await cache.put(request.url, response.clone()).catch(() => undefined);
  return response;
}

/** Keeps the page and all assets it needs, found by reading them; drops assets of older pages. */
async function keepShell(response: Response): Promise<void> {
  const cache = await caches.open(SHELL_CACHE);
  if (!response.ok) throw new Error(`page: ${response.status}`);
  const html = await response.clone().text();
  const needed = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (needed.has(path)) return;
    needed.add(path);
    const asset = await cached(SHELL_CACHE, new Request(path));
    if (!asset.ok) throw new Error(`${path}: ${asset.status}`);
    if (!/\.(js|css)$/.test(path)) return;
    const text = await asset.clone().text();
    const named = [...text.matchAll(/["'`(]((?:\.\/|\/assets\/)[\w.-]+\.(?:js|css|svg|woff2))["'`)]/g)].map((match) => new URL(match[1]!, new URL(path, location.origin)).pathname);
    await Promise.all(named.map(visit));
  };
  await Promise.all([...html.matchAll(/["'](\/assets\/[^"']+)["']/g)].map((match) => visit(match[1]!)));
  // The page last: a shell is complete or not there.
  await cache.put(PAGE, response);
  const paths = (await cache.keys()).map((request) => new URL(request.url).pathname);
  await Promise.all(paths.filter((path) => path !== PAGE && !needed.has(path)).map((path) => cache.delete(path)));
}

export {};
