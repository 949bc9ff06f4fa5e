// One item with its choices, and the grid of numbers. Used by the exam and by the practice alike.

import { Component } from "preact";
import type { PaperItem } from "../../wire";
import type { Cell } from "../state";
import { letterOf } from "../step";
import { type Picture, Rich, pictureIn } from "./rich";
import { t } from "./texts";

interface ItemProps {
  /** Changes when another item is shown. */
  position: number;
  heading: string;
  item: PaperItem;
  chosen: readonly number[];
  disabled: boolean;
  onChoose: (index: number) => void;
  onPicture?: (picture: Picture) => void;
}

/** The item. Focus goes to its heading whenever another one is shown. */
export function Item({ position, heading, item, chosen, disabled, onChoose, onPicture }: ItemProps) {
  const pictures = onPicture === undefined ? {} : { onPicture };
  return (
    <>
      <h2 key={position} ref={arriveAtItem} tabIndex={-1} id="item" data-testid="item-heading">
        {heading}
      </h2>
      <div data-testid="stem">
        <Rich key={position} class="stem" html={item.stem} lang={item.language} {...pictures} />
      </div>
      <fieldset key={`choices-${position}`} class={`choices ${item.choices.every((choice) => choice.text.includes("<img")) ? "pictures" : ""}`} disabled={disabled}>
        <legend class={item.multiple ? "" : "visually-hidden"}>{item.multiple ? t.exam.choices_multiple : t.exam.choices}</legend>
        {item.choices.map((choice, index) => {
          const picture = onPicture === undefined ? null : pictureIn(choice.text);
          return (
            <div key={choice.id} class={`choice ${chosen.includes(choice.id) ? "chosen" : ""}`}>
              <label>
                <input
                  type={item.multiple ? "checkbox" : "radio"}
                  name={`item-${position}`}
                  checked={chosen.includes(choice.id)}
                  onChange={() => onChoose(index)}
                  data-testid={`choice-${letterOf(index)}`}
                />
                <span class="letter">{letterOf(index)}</span>
                <Rich html={choice.text} lang={item.language} />
              </label>
              {picture !== null && (
                <button type="button" class="enlarge" aria-label={`${letterOf(index)}: ${t.exam.picture}`} title={t.exam.picture} onClick={() => onPicture?.(picture)}>
                  +
                </button>
              )}
            </div>
          );
        })}
      </fieldset>
    </>
  );
}

function arriveAtItem(heading: HTMLElement | null): void {
  if (heading === null) return;
  heading.focus({ preventScroll: true });
  heading.closest(".pane")?.scrollTo(0, 0);
  // In the one-column layout the page itself scrolls.
  const { top } = heading.getBoundingClientRect();
  if (top < 0 || top > innerHeight) heading.scrollIntoView();
}

interface ActionsProps {
  chosen: boolean;
  doubtful: boolean;
  /** False while nothing may be changed. */
  can: boolean;
  first: boolean;
  on: Record<"previous" | "next" | "doubt" | "clear", () => void>;
}

/** The buttons below the item. "Lewati" and "Simpan dan lanjutkan" do the same: what was chosen is saved already. */
export function Actions({ chosen, doubtful, can, first, on }: ActionsProps) {
  return (
    <div class="actions" role="group" aria-label={t.exam.actions}>
      <button type="button" disabled={first} onClick={on.previous} data-testid="previous">
        {t.exam.previous}
      </button>
      <button type="button" onClick={on.next} data-testid="pass">
        {t.exam.pass}
      </button>
      <button type="button" class="doubt" aria-pressed={doubtful} disabled={!can} onClick={on.doubt} data-testid="doubt">
        {t.exam.doubt}
      </button>
      <button type="button" disabled={!can || !chosen} onClick={on.clear} data-testid="clear">
        {t.exam.clear}
      </button>
      <button type="button" class="primary" onClick={on.next} data-testid="next">
        {t.exam.next}
      </button>
    </div>
  );
}

/** A section of the grid. */
export interface GridSection {
  title: string;
  first: number;
  end: number;
}

interface GridProps {
  sections: readonly GridSection[];
  cells: readonly Cell[];
  cursor: number;
  /** The positions that may be opened. */
  first: number;
  end: number;
  onGo: (position: number) => void;
}

/** The numbers, by section: colour and symbol tell the state, an outline the current item. Drawn only when one of them changes. */
export class Grid extends Component<GridProps> {
  override shouldComponentUpdate(next: GridProps): boolean {
    const { cells, cursor, first, end } = this.props;
    return next.cells !== cells || next.cursor !== cursor || next.first !== first || next.end !== end;
  }
  override render({ sections, cells, cursor, first, end, onGo }: GridProps) {
    const open = (position: number): boolean => position >= first && position < end;
    return (
    <>
      {sections.map((section) => (
        <div key={section.first} class="numbers">
          <h3>{section.title}</h3>
          <div role="group" aria-label={section.title}>
            {cells.slice(section.first, section.end).map((cell, offset) => {
              const position = section.first + offset;
              const answered = cell.choices.length > 0;
              return (
                <button
                  key={position}
                  type="button"
                  class={`cell ${answered ? "answered" : ""} ${cell.doubtful ? "doubtful" : ""} ${cell.pending ? "pending" : ""}`}
                  aria-label={t.exam.cell(position + 1, answered, cell.doubtful, cell.pending, !open(position) && position !== cursor)}
                  aria-current={position === cursor ? "true" : undefined}
                  disabled={!open(position)}
                  onClick={() => onGo(position)}
                  data-testid={`cell-${position + 1}`}
                  data-state={`${answered ? "answered" : "unanswered"}${cell.doubtful ? " doubtful" : ""}${cell.pending ? " pending" : ""}`}
                >
                  {position + 1}
                </button>
              );
            })}
          </div>
        </div>
      ))}
    </>
    );
  }
}

/** What the symbols of the grid mean. */
export function Legend() {
  const samples: readonly (readonly [string, string])[] = [
    ["answered", t.exam.answered],
    ["", t.exam.unanswered],
    ["answered doubtful", t.exam.doubtful],
    ["answered pending", t.exam.unsent],
    ["current", t.exam.current],
  ];
  return (
    <ul class="legend">
      {samples.map(([kind, text]) => (
        <li key={text}>
          <span class={`cell ${kind}`} aria-hidden="true">
            1
          </span>
          {text}
        </li>
      ))}
    </ul>
  );
}
