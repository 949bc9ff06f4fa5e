// The texts of this page in the chosen language, looked up once: a hall has a thousand seats, and choosing a language reloads the page.

import { texts } from "../common/language";
import { deskStrings, type DeskStrings } from "../strings/desk";

let chosen: DeskStrings | undefined;

/** The texts of the page. */
export function deskText(): DeskStrings {
  chosen ??= texts(deskStrings);
  return chosen;
}
