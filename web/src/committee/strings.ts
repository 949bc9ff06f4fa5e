// The texts of the chosen language, picked once: choosing another language reloads the page.

import { texts } from "../common/language";
import { committeeStrings } from "../strings/committee";

/** All visible texts of these pages. */
export const strings = texts(committeeStrings);
