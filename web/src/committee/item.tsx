// An item as a candidate sees it, and beside it what only authors may know.

import { useMemo } from "preact/hooks";
import type { ItemView } from "../wire";
import { decimal, keyedChoices } from "./item-keys";
import { strings } from "./strings";
import { Chip } from "./widgets";

const EXCERPT = 150;

/** One line of the list, which opens into the whole item. */
export function ItemLine(props: { item: ItemView; open?: boolean }) {
  const text = strings.bank;
  const { item } = props;
  const words = useMemo(() => excerpt(item.stem), [item.stem]);
  return (
    <details class="item" open={props.open} data-testid={`item-${item.code}`}>
      <summary>
        <span class="item-code code">{item.code}</span>
        <span class="item-words">{words}</span>
        <span class="item-facts soft">
          {[item.topic, item.subtopic].filter((part) => part !== "").join(" / ")} · {item.level} · {difficulty(item.difficulty)} · {text.version(item.version)}
        </span>
      </summary>
      <ItemFace item={item} />
    </details>
  );
}

/** Stem and choices as on a terminal; key, weights and basis marked off from them. */
export function ItemFace(props: { item: ItemView }) {
  const text = strings.bank;
  const { item } = props;
  const hidden = item.weights.length === 0;
  return (
    <div class="item-face">
      <RichText class="stem" html={item.stem} />
      <ol class="choices">
        {keyedChoices(item).map((choice, index) => (
          <li key={choice.letter} class={choice.right ? "right" : undefined} data-testid={choice.right ? "right-choice" : undefined}>
            <span class="letter" aria-hidden="true">{choice.letter}</span>
            <RichText html={item.choices[index] ?? ""} />
            {choice.weight !== "" && (
              <span class="weight tabular">
                {choice.right && <Chip kind="good">{text.key}</Chip>} <span class="visually-hidden">{text.weight} </span>{decimal(choice.weight)}
              </span>
            )}
          </li>
        ))}
      </ol>
      <p class="soft">
        {text.rules[item.rule] ?? item.rule} · {text.blank(decimal(item.blank))} · {item.language}
        {hidden && ` · ${text.keyHidden}`}
      </p>
      {item.basis !== "" && <div class="basis"><strong>{text.basis}</strong><p>{item.basis}</p></div>}
    </div>
  );
}

/** Rich text as stored: the server took everything but a small part of HTML out at import, and the pages' policy forbids scripts and styles in it. */
export function RichText(props: { html: string; class?: string }) {
  return <div class={`rich ${props.class ?? ""}`} dangerouslySetInnerHTML={{ __html: props.html }} />;
}

/** The first words of rich text; a picture counts with its description. */
export function excerpt(html: string): string {
  const body = new DOMParser().parseFromString(html, "text/html").body;
  for (const formula of Array.from(body.querySelectorAll("annotation"))) {
    formula.remove();
  }
  for (const picture of Array.from(body.querySelectorAll("img"))) {
    picture.replaceWith(` [${picture.alt}] `);
  }
  for (const block of Array.from(body.querySelectorAll("p, li, td, th, blockquote, br, pre"))) {
    block.append(" ");
  }
  const words = (body.textContent ?? "").replace(/\s+/g, " ").trim();
  return words.length <= EXCERPT ? words : `${words.slice(0, EXCERPT).trimEnd()}…`;
}

function difficulty(code: string): string {
  const words: Record<string, string> = strings.editor.difficulties;
  return words[code] ?? code;
}
