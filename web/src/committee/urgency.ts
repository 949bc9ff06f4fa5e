// Which sittings come first on the watch page. Pure.

import type { SittingPhase, SittingSummary } from "../wire";

const URGENCY: Record<SittingPhase, number> = { held: 0, started: 1, open: 2, planned: 3, closed: 4 };

/** What needs eyes first: held, running, open, then the timetable; what is over comes last, newest first. */
export function byUrgency(list: SittingSummary[]): SittingSummary[] {
  return [...list].sort((a, b) => {
    const phase = URGENCY[a.phase] - URGENCY[b.phase];
    return phase !== 0 ? phase : (a.starts_utc_ms - b.starts_utc_ms) * (a.phase === "closed" ? -1 : 1);
  });
}
