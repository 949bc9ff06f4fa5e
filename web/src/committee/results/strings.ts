// The texts of the chosen language, picked once: choosing another language reloads the page.

import { texts } from "../../common/language";
import { correctionStrings } from "../../strings/corrections";
import { objectionDeskStrings } from "../../strings/objection-desk";
import { resultsOfficeStrings } from "../../strings/results-office";

/** Texts of the area: overview, reconciliation, computation, lists, revisions, announcement, statistics. */
export const office = texts(resultsOfficeStrings);

/** Texts of corrections. */
export const corrections = texts(correctionStrings);

/** Texts of the desk of objections. */
export const desk = texts(objectionDeskStrings);

/** A status in words. */
export function statusWords(status: string): string {
  return office.statuses[status] ?? status;
}
