// The one honest clock, as this page shows it: the server's remaining time, minus what the monotonic clock has measured since it was heard.

import type { ClockView } from "../wire";

/** What the server said, and when (monotonic milliseconds of this page) it was heard. */
export interface Clock {
  readonly view: ClockView;
  readonly heard_ms: number;
}

/** Remaining times at one instant. */
export interface Remaining {
  readonly paper_ms: number;
  readonly section_ms: number | null;
}

/** How pressing the time is: told by colour and by text. */
export type Urgency = "calm" | "ten" | "five" | "over";

/** Minutes at which the remaining time is announced to screen readers. */
const ANNOUNCED_MIN = [1, 5, 10, 30] as const;

/** What is left at `now_ms`; only a running session's time passes. */
export function remaining(clock: Clock, now_ms: number): Remaining {
  const view = aged(clock.view, now_ms - clock.heard_ms);
  return { paper_ms: view.remaining_ms, section_ms: view.section_remaining_ms };
}

/** The same view `elapsed_ms` later, as far as one can know without asking the server. */
export function aged(view: ClockView, elapsed_ms: number): ClockView {
  if (view.phase !== "running") return view;
  const passed = Math.max(0, elapsed_ms);
  const left = (ms: number): number => Math.max(0, Math.round(ms - passed));
  return {
    ...view,
    remaining_ms: left(view.remaining_ms),
    section_remaining_ms: view.section_remaining_ms === null ? null : left(view.section_remaining_ms),
  };
}

/** The warning that goes with a remaining time. */
export function urgency(ms: number): Urgency {
  if (ms <= 0) return "over";
  if (ms <= 5 * 60_000) return "five";
  return ms <= 10 * 60_000 ? "ten" : "calm";
}

/** The announced minute that was passed on the way from `before_ms` to `after_ms`; the smallest when there were several. */
export function minutePassed(before_ms: number, after_ms: number): number | null {
  return ANNOUNCED_MIN.find((minute) => after_ms <= minute * 60_000 && before_ms > minute * 60_000) ?? null;
}
