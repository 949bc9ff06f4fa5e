// The texts of the chosen language, picked once: choosing another language reloads the page.

import { texts } from "../common/language";
import { objectionStrings } from "../strings/objections";

/** All visible texts of this page. */
export const text = texts(objectionStrings);
