// The page's texts in the language of this machine, and how statuses, notices and sayings are worded.

import { language, texts } from "../../common/language";
import { terminal } from "../../strings/terminal";
import type { Notice, Saying, Screen, Status } from "../state";

/** All visible texts. */
export const t = texts({ id: terminal.id, en: language() === "en" ? await terminal.en() : terminal.id });

/** The status line in words. */
export function statusText(status: Status, shown: Screen): string {
  const words = t.status;
  const early = shown !== "exam" && shown !== "loading" && shown !== "ending" && shown !== "ended" && shown !== "blocked";
  switch (status.t) {
    case "saved":
      return early ? words.connected : words.saved;
    case "saving":
      return words.saving(status.answers);
    case "waiting":
      return status.disk ? words.waiting(status.answers) : words.waiting_memory(status.answers);
    case "marks":
      return words.marks;
    case "connecting":
      return status.answers === 0 ? words.connecting : status.disk ? words.connecting_with(status.answers) : words.cut_memory(status.answers);
    case "cut":
      if (status.answers === 0) return early ? words.cut_early : words.cut;
      return status.disk ? words.cut_with(status.answers) : words.cut_memory(status.answers);
    default: {
      const unknown: never = status;
      return unknown;
    }
  }
}

/** A notice in words. */
export function noticeText(notice: Notice): string {
  switch (notice.t) {
    case "message":
      return notice.text;
    case "late":
      return t.notice.late(notice.answers);
    case "moved":
      return t.notice.moved(notice.answers);
    case "refused":
      return t.notice.refused(
        notice.position === null ? t.notice.refused_other : t.notice.refused_item(notice.position + 1),
        t.notice.why[notice.code] ?? t.notice.why_other(notice.code),
      );
    default: {
      const unknown: never = notice;
      return unknown;
    }
  }
}

/** What screen readers are told. */
export function sayingText(saying: Saying): string {
  switch (saying.t) {
    case "minutes":
      return saying.section ? t.say.section_minutes(saying.minutes) : t.say.minutes(saying.minutes);
    case "chosen":
      return saying.on ? t.say.chosen(saying.letter) : t.say.unchosen(saying.letter);
    case "cleared":
      return t.say.cleared;
    case "doubtful":
      return saying.on ? t.say.doubtful : t.say.sure;
    case "saved":
      return t.say.saved(saying.position + 1);
    case "cut":
      return t.say.cut;
    case "back":
      return t.say.back;
    case "section":
      return t.say.section(saying.title);
    default: {
      const unknown: never = saying;
      return unknown;
    }
  }
}
