// The rim of the terminal page: puts what happens in order, lets the pure step decide, and does what it asks for.

import { render } from "preact";
import { askSession, keepPage, keepPictures, leave, signIn } from "./http";
import { keyed } from "./keys";
import { type Outbox, openOutbox } from "./outbox";
import { prefer, preferences, show } from "./preferences";
import { line } from "./socket";
import { type Effect, type Happening, initial, unsentAnswers } from "./state";
import { step } from "./step";
import { App } from "./view/app";
import { t } from "./view/texts";

const TICK_MS = 250;
/** A page that was reloaded for its version so short a time ago is not reloaded again. */
const RELOAD_MS_MIN = 60_000;
const RELOADED_KEY = "saksama.reloaded";

let state = initial(preferences(), reloadedLately());
let drawing = false;
const disk: Promise<Outbox> = openOutbox(globalThis.indexedDB);
const server = line(tell);

function tell(happening: Happening): void {
  const next = step(state, { ...happening, now_ms: performance.now() });
  if (next.state !== state) {
    state = next.state;
    draw();
  }
  for (const effect of next.effects) perform(effect);
}

/** Draws once for all that happened in one turn. */
function draw(): void {
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    render(<App state={state} tell={tell} />, document.getElementById("app")!);
  });
}

function perform(effect: Effect): void {
  switch (effect.t) {
    case "ask_session":
      void askSession().then(tell);
      return;
    case "ask_session_after":
      setTimeout(() => void askSession().then(tell), Math.random() * effect.window_ms);
      return;
    case "sign_in":
      void signIn(effect.participant_no, effect.pin).then(tell);
      return;
    case "restore":
      void disk
        .then((outbox) => outbox.restore(effect.who.session))
        // A disk that cannot be read must not keep a candidate from the exam: the page goes on without, and says so.
        .catch(() => ({ snapshot: null, elapsed_ms: 0, commands: [], paper: null, disk: false }))
        .then((restored) => tell({ t: "restored", who: effect.who, restored }));
      return;
    case "restore_last":
      void disk
        .then(async (outbox): Promise<Happening> => {
          const last = await outbox.last();
          return last === null ? { t: "nothing_restored" } : { t: "restored", who: last.who, restored: await outbox.restore(last.who.session) };
        })
        .then(tell, () => tell({ t: "nothing_restored" }));
      return;
    case "look_for_leftovers":
      void disk.then((outbox) => outbox.leftovers()).then((leftovers) => tell({ t: "leftovers", leftovers }), ignore);
      return;
    case "connect":
      server.connect(0);
      return;
    case "connect_after":
      server.connect(effect.window_ms);
      return;
    case "disconnect":
      server.disconnect();
      return;
    case "greet":
      server.greet(effect.have_paper);
      return;
    case "send":
      server.send(effect.frame);
      return;
    case "put": {
      const { epoch, seq } = effect.command;
      void disk
        .then((outbox) => outbox.put(effect.session, effect.command))
        .then(
          () => tell({ t: "kept", epoch, seq, where: "disk" }),
          () => tell({ t: "kept", epoch, seq, where: "memory" }),
        );
      return;
    }
    case "remove":
      void disk.then((outbox) => outbox.remove(effect.session, effect.commands, effect.snapshot)).catch(ignore);
      return;
    case "keep":
      void disk.then((outbox) => outbox.keep(effect.snapshot)).catch(ignore);
      return;
    case "keep_paper":
      void disk.then((outbox) => outbox.keepPaper(effect.paper)).catch(ignore);
      return;
    case "keep_pictures":
      void keepPictures(effect.urls).catch(ignore);
      return;
    case "forget":
      leave(effect.session);
      void disk.then((outbox) => outbox.forget(effect.session)).catch(ignore);
      return;
    case "wake_after":
      setTimeout(() => tell({ t: "tick" }), effect.ms + 10);
      return;
    case "reload":
      server.disconnect();
      rememberReload();
      location.reload();
      return;
    case "prefer":
      prefer(effect.preferences);
      return;
    default: {
      const unknown: never = effect;
      throw new Error(`unknown effect ${String(unknown)}`);
    }
  }
}

/** What could not be removed or kept is sent or asked for again: harmless. */
function ignore(): void {
  return undefined;
}

function reloadedLately(): boolean {
  try {
    return Date.now() - Number(sessionStorage.getItem(RELOADED_KEY) ?? 0) < RELOAD_MS_MIN;
  } catch {
    return true;
  }
}

function rememberReload(): void {
  try {
    sessionStorage.setItem(RELOADED_KEY, String(Date.now()));
  } catch {
    // Without storage `reloadedLately` says yes, and the page is never reloaded by itself.
  }
}

document.title = t.title;
show(state.preferences);
draw();
keepPage();
perform({ t: "ask_session" });
setInterval(() => tell({ t: "tick" }), TICK_MS);
document.addEventListener("keydown", (event) => {
  const { target } = event;
  const typing = target instanceof HTMLInputElement && target.type !== "radio" && target.type !== "checkbox";
  const happening = typing || event.ctrlKey || event.altKey || event.metaKey ? null : keyed(state, event.key);
  if (happening === null) return;
  event.preventDefault();
  if (!event.repeat) tell(happening);
});
addEventListener("online", () => {
  if (state.link === "waiting") server.connect(1_000);
});
addEventListener("beforeunload", (event) => {
  // Only where a reload would really lose something.
  if (!state.disk && unsentAnswers(state) > 0) event.preventDefault();
});
