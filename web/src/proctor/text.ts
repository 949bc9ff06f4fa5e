// The texts of this page in the chosen language, looked up once: a hall has a thousand seats, and choosing a language reloads the page.

import { texts } from "../common/language";
import { proctorStrings, type ProctorStrings } from "../strings/proctor";

let chosen: ProctorStrings | undefined;

/** The texts of the page. */
export function proctorText(): ProctorStrings {
  chosen ??= texts(proctorStrings);
  return chosen;
}
