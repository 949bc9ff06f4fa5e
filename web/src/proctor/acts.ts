// Acts as the dialogs hold them: what is still missing, and the command they become.

import type { Id, ProctorAct, ProposalView, SeatView } from "../wire";
import { isOver } from "./seats";

/** An act being written. `sessions: []` means all to whom it applies. */
export type Draft =
  | { kind: "open" }
  | { kind: "start" }
  | { kind: "hold" }
  | { kind: "release" }
  | { kind: "close" }
  | { kind: "pause"; sessions: readonly Id[] }
  | { kind: "resume"; sessions: readonly Id[] }
  | { kind: "grant"; sessions: readonly Id[]; minutes: string }
  | { kind: "move"; session: Id; seat: Id }
  | { kind: "terminate"; session: Id; sure: boolean }
  | { kind: "admit"; session: Id; position: number; item: number }
  | { kind: "message"; sessions: readonly Id[]; text: string }
  | { kind: "note"; session: Id | null; text: string }
  | { kind: "approve"; proposal: ProposalView }
  | { kind: "reject"; proposal: ProposalView };

/** What a draft still lacks. */
export type Missing = "reason" | "minutes" | "seat" | "text" | "sure";

export const MESSAGE_CHARS_MAX = 500;
export const NOTE_CHARS_MAX = 2_000;
export const GRANT_MINUTES_MAX = 120;

/** Whether the contract asks for a reason, allows one, or has no place for it. */
export function reasonOf(kind: Draft["kind"]): "required" | "optional" | "none" {
  switch (kind) {
    case "hold":
    case "pause":
    case "grant":
    case "terminate":
    case "admit":
    case "move":
      return "required";
    case "resume":
    case "release":
    case "close":
      return "optional";
    case "open":
    case "start":
    case "message":
    case "note":
    case "approve":
    case "reject":
      return "none";
  }
}

/** Acts that cannot be taken back easily: drawn in red, and confirmed. */
export function isDangerous(kind: Draft["kind"]): boolean {
  return kind === "terminate" || kind === "close" || kind === "hold";
}

/** The first thing that is missing, or nothing when the act can be sent. */
export function missing(draft: Draft, reason: string): Missing | undefined {
  if (reasonOf(draft.kind) === "required" && reason.trim() === "") {
    return "reason";
  }
  switch (draft.kind) {
    case "grant":
      return minutesOf(draft.minutes) === undefined ? "minutes" : undefined;
    case "move":
      return draft.seat === "" ? "seat" : undefined;
    case "terminate":
      return draft.sure ? undefined : "sure";
    case "message":
      return draft.text.trim() === "" || draft.text.length > MESSAGE_CHARS_MAX ? "text" : undefined;
    case "note":
      return draft.text.trim() === "" || draft.text.length > NOTE_CHARS_MAX ? "text" : undefined;
    case "open":
    case "start":
    case "hold":
    case "release":
    case "close":
    case "pause":
    case "resume":
    case "admit":
    case "approve":
    case "reject":
      return undefined;
  }
}

/** Whole minutes from 1 to 120, or nothing. */
export function minutesOf(text: string): number | undefined {
  const minutes = /^\s*\d{1,3}\s*$/.test(text) ? Number(text) : 0;
  return minutes >= 1 && minutes <= GRANT_MINUTES_MAX ? minutes : undefined;
}

/** The act of the contract; none for a decision about a proposal, which has its own path. */
export function toAct(draft: Draft): ProctorAct | undefined {
  switch (draft.kind) {
    case "open":
      return { do: "open" };
    case "start":
      return { do: "start" };
    case "hold":
      return { do: "hold" };
    case "release":
      return { do: "release" };
    case "close":
      return { do: "close" };
    case "pause":
      return { do: "pause", sessions: [...draft.sessions] };
    case "resume":
      return { do: "resume", sessions: [...draft.sessions] };
    case "grant":
      return { do: "grant_time", sessions: [...draft.sessions], seconds: (minutesOf(draft.minutes) ?? 0) * 60 };
    case "move":
      return { do: "move", session: draft.session, seat: draft.seat };
    case "terminate":
      return { do: "terminate", session: draft.session };
    case "admit":
      return { do: "admit_late", session: draft.session, position: draft.position };
    case "message":
      return { do: "message", sessions: [...draft.sessions], text: draft.text.trim() };
    case "note":
      return { do: "note", session: draft.session, text: draft.text.trim() };
    case "approve":
    case "reject":
      return undefined;
  }
}

/** Where the decision of a second person goes. */
export function decisionPath(draft: Draft): string | undefined {
  return draft.kind === "approve" || draft.kind === "reject" ? `/api/v1/proposals/${draft.proposal.id}/${draft.kind}` : undefined;
}

/** Acts for one or many sessions. */
export type SessionAct = "pause" | "resume" | "grant" | "message" | "move" | "terminate";

/** The act makes sense for this session now; the server has the last word. */
export function applies(act: SessionAct, seat: SeatView): boolean {
  switch (act) {
    case "pause":
      return seat.phase === "running";
    case "resume":
      return seat.phase === "paused";
    case "grant":
      return !isOver(seat) && seat.attendance !== "absent" && seat.attendance !== "refused";
    case "message":
      return seat.phase === "signed_in" || seat.phase === "ready" || seat.phase === "running" || seat.phase === "paused";
    case "move":
      return !isOver(seat) && seat.attendance === "present";
    case "terminate":
      return seat.phase === "signed_in" || seat.phase === "ready" || seat.phase === "running" || seat.phase === "paused";
  }
}
