// Forms of the area of results. Pure, like `forms.ts`.

import { readCount, type CountField } from "../common/hand-count";
import type { DecideObjection, ObjectionWindow, PublicationDraft, Publish, PutAttendanceCount } from "../wire";
import { gather, instantText, readInstant, readText, type Parsed, type Read } from "./forms";

/** Text of `min` to `max` characters. */
export function readLength(text: string, min: number, max: number): Read<string> {
  const trimmed = text.trim();
  const length = [...trimmed].length;
  return length < min || length > max ? { fault: { code: "length", min, max } } : { value: trimmed };
}

/** The lines of a text that say something, `min` to `max` of them. */
export function readLines(text: string, min: number, max: number): Read<string[]> {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.length < min || lines.length > max ? { fault: { code: "lines", min, max } } : { value: lines };
}

/** A count by hand. */
export function parseCount(values: Record<CountField, string>): Parsed<PutAttendanceCount, CountField> {
  return gather<CountField, { present: number; absent: number; note: string }, PutAttendanceCount>(readCount(values), (fields) => fields);
}

/** Fields of an announcement. */
export type AnnouncementField = "letterhead" | "title" | "number" | "decrees" | "place" | "signatory_position" | "signatory_name";

/** An announcement as the texts of its form. */
export function announcementTexts(draft: PublicationDraft): Record<AnnouncementField, string> {
  const { publish } = draft;
  return {
    letterhead: publish.letterhead.join("\n"),
    title: publish.title,
    number: publish.number,
    decrees: publish.decrees.join("\n"),
    place: publish.place,
    signatory_position: publish.signatory_position,
    signatory_name: publish.signatory_name,
  };
}

const DECREES_MAX = 40;

/** What is announced of a revision. */
export function parseAnnouncement(values: Record<AnnouncementField, string>, revision: number): Parsed<Publish, AnnouncementField> {
  const optional = (text: string): Read<string> => ({ value: text.trim() });
  type Fields = Record<Exclude<AnnouncementField, "letterhead" | "decrees">, string> & Record<"letterhead" | "decrees", string[]>;
  return gather<AnnouncementField, Fields, Publish>(
    {
      letterhead: readLines(values.letterhead, 1, 6),
      title: readText(values.title),
      number: optional(values.number),
      decrees: readLines(values.decrees, 0, DECREES_MAX),
      place: optional(values.place),
      signatory_position: optional(values.signatory_position),
      signatory_name: optional(values.signatory_name),
    },
    (fields) => ({ revision, ...fields }),
  );
}

/** Fields of a window for objections. */
export type WindowField = "opens" | "closes";

const DAY_MS = 24 * 3_600_000;
const WINDOW_DAYS = 3;

/** The window as it is, or three days from the next full hour: what the regulations of 2021 to 2024 give. */
export function windowTexts(window: ObjectionWindow | null, nowUtcMs: number): Record<WindowField, string> {
  if (window !== null) {
    return { opens: instantText(window.opens_utc_ms), closes: instantText(window.closes_utc_ms) };
  }
  const hour = Math.ceil(nowUtcMs / 3_600_000) * 3_600_000;
  return { opens: instantText(hour), closes: instantText(hour + WINDOW_DAYS * DAY_MS) };
}

/** A window; it has to close after it opens. */
export function parseWindow(values: Record<WindowField, string>): Parsed<ObjectionWindow, WindowField> {
  const parsed = gather<WindowField, { opens: number; closes: number }, ObjectionWindow>(
    { opens: readInstant(values.opens), closes: readInstant(values.closes) },
    ({ opens, closes }) => ({ opens_utc_ms: opens, closes_utc_ms: closes }),
  );
  return parsed.ok && parsed.value.closes_utc_ms <= parsed.value.opens_utc_ms ? { ok: false, faults: { closes: { code: "closes_before" } } } : parsed;
}

/** Fields of a decision about an objection. */
export type DecisionField = "granted" | "answer" | "correction";

/** A decision; `granted` is "1" or "0". */
export function parseDecision(values: Record<DecisionField, string>): Parsed<DecideObjection, DecisionField> {
  return gather<DecisionField, { granted: string; answer: string; correction: string }, DecideObjection>(
    { granted: readText(values.granted), answer: readLength(values.answer, 10, 4_000), correction: { value: values.correction } },
    ({ granted, answer, correction }) => ({ granted: granted === "1", answer, correction: granted === "1" && correction !== "" ? correction : null }),
  );
}

/** One text that has to be there. */
export function parseReason(values: { reason: string }): Parsed<{ reason: string }, "reason"> {
  return gather<"reason", { reason: string }, { reason: string }>({ reason: readText(values.reason) }, (fields) => fields);
}
