// Small parts that a row has on a hall screen and on a phone alike.

import type { BoardRow, BoardSection } from "../wire";
import type { Rose } from "./state";
import { boardText } from "./text";

const SYMBOL = { waiting: "○", running: "▶", paused: "❚❚", ended: "✓", absent: "✕" } as const;

/** A column head that fits: short titles as they are, long ones by their code. */
export function sectionHead(section: BoardSection): string {
  return section.title.length <= 10 ? section.title : section.code.toUpperCase();
}

export function StateWord(props: { row: BoardRow }) {
  const text = boardText();
  return (
    <span class={`state state-${props.row.state}`}>
      <span class="state-symbol" aria-hidden="true">{SYMBOL[props.row.state]}</span>
      <span class="state-word">{text.states[props.row.state]}</span>
    </span>
  );
}

export function Progress(props: { row: BoardRow }) {
  const { answered, items } = props.row;
  const percent = items === 0 ? 0 : Math.round((100 * answered) / items);
  return (
    <span class="progress">
      <span class="progress-track" aria-hidden="true"><span class="progress-bar" style={{ width: `${percent}%` }} /></span>
      <span class="progress-number tabular">{answered}/{items}</span>
    </span>
  );
}

export function RoseMark(props: { rose: Rose | undefined }) {
  if (props.rose === undefined) {
    return null;
  }
  return (
    <span class="rose-mark" data-testid="rose">
      <span aria-hidden="true">▲{props.rose.places}</span>
      <span class="visually-hidden">{boardText().rose(props.rose.places)}</span>
    </span>
  );
}
