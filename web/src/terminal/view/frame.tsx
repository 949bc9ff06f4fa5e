// What surrounds every page: notices, the status line, the display tools, dialogs and the voice for screen readers.

import type { ComponentChildren } from "preact";
import { type Happening, type State, ZOOMS, screen, status } from "../state";
import { noticeText, sayingText, statusText, t } from "./texts";

/** How views speak. */
export type Tell = (happening: Happening) => void;

/** What every view gets. */
export interface ViewProps {
  state: State;
  tell: Tell;
}

/** Text size, contrast, help. */
export function Tools({ state: { preferences }, tell }: ViewProps) {
  const at = ZOOMS.findIndex((zoom) => zoom === preferences.zoom);
  const zoom = (step: number): void => {
    const next = ZOOMS[Math.max(0, Math.min(ZOOMS.length - 1, step))] ?? 100;
    tell({ t: "prefer", preferences: { ...preferences, zoom: next } });
  };
  return (
    <div class="tools" role="group" aria-label={t.tools.label}>
      <button type="button" aria-label={`A−: ${t.tools.smaller}`} disabled={at <= 0} onClick={() => zoom(at - 1)} data-testid="zoom-out">
        A−
      </button>
      <button type="button" aria-label={`A: ${t.tools.usual}`} onClick={() => zoom(0)} data-testid="zoom-usual">
        A
      </button>
      <button type="button" aria-label={`A+: ${t.tools.larger}`} disabled={at >= ZOOMS.length - 1} onClick={() => zoom(at + 1)} data-testid="zoom-in">
        A+
      </button>
      <button
        type="button"
        aria-label={t.tools.contrast}
        title={t.tools.contrast}
        aria-pressed={preferences.contrast}
        onClick={() => tell({ t: "prefer", preferences: { ...preferences, contrast: !preferences.contrast } })}
        data-testid="contrast"
      >
        <span class="half" aria-hidden="true" />
      </button>
      <button type="button" aria-label={`?: ${t.tools.help}`} title={t.tools.help} onClick={() => tell({ t: "ask", dialog: { t: "help" } })} data-testid="help">
        ?
      </button>
    </div>
  );
}

/** Words of the proctor and of the server that wait to be read. */
export function Notices({ state, tell }: ViewProps) {
  return (
    <div class="notices">
      {state.notices.map((notice) => (
        <div key={notice.id} role="alert" class={`notice ${notice.t === "message" ? "" : "warn"}`} data-testid={notice.t === "message" ? "message" : "notice"}>
          <p>
            {notice.t === "message" && <strong>{t.notice.message}: </strong>}
            {noticeText(notice)}
          </p>
          <button type="button" onClick={() => tell({ t: "dismiss", id: notice.id })} data-testid="dismiss">
            {t.notice.dismiss}
          </button>
        </div>
      ))}
    </div>
  );
}

/** The truth about what is saved where. The words are not a live region: the voice below says what is worth hearing. */
export function StatusLine({ state }: { state: State }) {
  const now = status(state);
  const calm = now.t === "saved";
  const kind = calm ? "saved" : now.t === "cut" ? "cut" : "waiting";
  return (
    <footer class={`status ${kind}`} aria-label={t.status.label} data-testid="status" data-state={now.t}>
      <span class="mark" aria-hidden="true">
        {calm ? "✓" : kind === "cut" ? "!" : "↑"}
      </span>
      <span>{statusText(now, screen(state))}</span>
      {!state.disk && <span class="no-disk">{t.status.no_disk}</span>}
    </footer>
  );
}

/** Says things once to screen readers. */
export function Voice({ state }: { state: State }) {
  return (
    <div class="visually-hidden" role="log" aria-live="polite" data-testid="voice">
      {state.said.map(({ number, what }) => (
        <p key={number}>{sayingText(what)}</p>
      ))}
    </div>
  );
}

interface ModalProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  testid: string;
  wide?: boolean;
}

/** A native modal dialog; closing it gives the focus back to where it came from. */
export function Modal({ title, onClose, children, testid, wide }: ModalProps) {
  return (
    <dialog
      ref={openOrClose}
      class={wide === true ? "wide" : ""}
      aria-labelledby="dialog-title"
      data-testid={testid}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id="dialog-title">{title}</h2>
      {children}
    </dialog>
  );
}

let opened: HTMLDialogElement | null = null;
function openOrClose(dialog: HTMLDialogElement | null): void {
  if (dialog === null) opened?.close();
  else dialog.showModal();
  opened = dialog;
}

/** Gives the focus to what has just appeared. */
export function arrive(element: HTMLElement | null): void {
  element?.focus();
}

interface PageProps extends ViewProps {
  title: string;
  children?: ComponentChildren;
  wide?: boolean;
  /** True where a field takes the focus instead of the heading. */
  field?: boolean;
}

/** A page before or after the exam: one card in the middle. */
export function Page({ state, tell, title, children, wide, field }: PageProps) {
  return (
    <div class="page">
      <header class="bar">
        <p class="brand">{state.who === null ? "Saksama" : `${state.who.selection} · ${state.who.stage}`}</p>
        <Tools state={state} tell={tell} />
      </header>
      <Notices state={state} tell={tell} />
      <main id="content" class={`card ${wide === true ? "wide" : ""}`}>
        <h1 key={title} ref={field === true ? null : arrive} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </main>
      {state.place === "in" && state.blocked === null && <StatusLine state={state} />}
    </div>
  );
}
