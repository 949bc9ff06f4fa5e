// The texts of this page in the chosen language, looked up once: a hall has a thousand seats, and choosing a language reloads the page.

import { texts } from "../common/language";
import { boardStrings, type BoardStrings } from "../strings/board";

let chosen: BoardStrings | undefined;

/** The texts of the page. */
export function boardText(): BoardStrings {
  chosen ??= texts(boardStrings);
  return chosen;
}
