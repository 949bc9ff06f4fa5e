// The two languages. Its own small copy, so that a public screen loads nothing of the staff pages.

import { chooseLanguage, language } from "../common/language";
import { boardText } from "./text";

export function LanguageSwitch() {
  const chosen = language();
  return (
    <div class="board-language" role="group" aria-label={boardText().language}>
      {(["id", "en"] as const).map((tag) => (
        <button key={tag} type="button" lang={tag} aria-pressed={chosen === tag} data-testid={`language-${tag}`} onClick={() => chooseLanguage(tag)}>
          {tag.toUpperCase()}
        </button>
      ))}
    </div>
  );
}
