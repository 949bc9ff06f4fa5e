// The demo the server may offer, and its walk-through. Pure.

import type { StartStrings } from "../strings/start";

/** `GET /api/v1/demo`; 404 where there is none. */
export interface Demo {
  selection: string;
  candidates: { participant_no: string; name: string }[];
  staff: { login: string; password: string; name: string; role: string }[];
  steps: string[];
}

/** The page where a role works. */
export function pageOf(role: string): string {
  switch (role) {
    case "registrar":
      return "/meja";
    case "proctor":
      return "/pengawas";
    default:
      return "/panitia";
  }
}

/** The steps of the walk-through. The server's are in Indonesian and know this very demo; other readers get ours. */
export function stepsFor(demo: Demo, language: "id" | "en", text: StartStrings["demo"]["walk"]): string[] {
  if (language === "id" && demo.steps.length > 0) {
    return demo.steps;
  }
  const login = (role: string): string => demo.staff.find((person) => person.role === role)?.login ?? text.somebody;
  const number = demo.candidates[0]?.participant_no ?? "…";
  return [
    text.open(login("proctor")),
    text.checkIn(login("registrar"), number),
    text.sit(number),
    text.start,
    text.board,
    text.finish,
    text.publish(login("committee")),
  ];
}

/** A part of a step: words, or one of our own pages to lead to. */
export interface StepPart {
  text: string;
  href: string | undefined;
}

const PAGES = /(^|[\s(“"])(\/(?:ujian|meja|pengawas|panitia|papan|hasil)(?![\w/]))/g;

/** Cuts a step where it names a page, so that the page can be a link. Anything else stays text. */
export function partsOf(step: string): StepPart[] {
  const parts: StepPart[] = [];
  let done = 0;
  for (const match of step.matchAll(PAGES)) {
    const path = match[2] ?? "";
    const from = match.index + (match[1] ?? "").length;
    if (from > done) {
      parts.push({ text: step.slice(done, from), href: undefined });
    }
    parts.push({ text: path, href: path });
    done = from + path.length;
  }
  if (done < step.length) {
    parts.push({ text: step.slice(done), href: undefined });
  }
  return parts;
}
