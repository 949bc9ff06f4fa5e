// What is wrong with a draft, in words.

import type { Draft, Fault } from "./blueprint";
import { strings } from "./strings";

/** One fault in words, without its place. */
export function faultSentence(fault: Fault): string {
  return strings.editor.faults[fault.code](round(fault.amount), round(fault.limit));
}

function round(amount: number | undefined): number {
  return amount === undefined ? 0 : Math.round(amount * 10) / 10;
}

/** Where it is, in words; nothing for the paper as a whole. */
export function faultPlace(fault: Fault, draft: Draft): string {
  const { place } = fault;
  if (place.at === "paper") {
    return "";
  }
  const index = draft.sections.findIndex((section) => section.key === place.section);
  const section = draft.sections[index];
  const title = section === undefined || section.title.trim() === "" ? String(index + 1) : section.title.trim();
  return place.at === "section"
    ? strings.editor.inSection(title)
    : strings.editor.inCell(title, (section?.cells.findIndex((cell) => cell.key === place.cell) ?? 0) + 1);
}

/** All faults: first those that keep the draft from being saved. */
export function FaultList(props: { draft: Draft; faults: Fault[] }) {
  const text = strings.editor;
  const stops = props.faults.filter((fault) => fault.stops);
  const remarks = props.faults.filter((fault) => !fault.stops);
  return (
    <div id="faults" tabIndex={-1} data-testid="blueprint-faults" aria-live="polite">
      {stops.length === 0 && remarks.length === 0 && <p class="fine">✓ {text.fine}</p>}
      <Group title={text.stops} kind="bad" faults={stops} draft={props.draft} />
      <Group title={text.remarks} kind="warn" faults={remarks} draft={props.draft} />
    </div>
  );
}

function Group(props: { title: string; kind: "bad" | "warn"; faults: Fault[]; draft: Draft }) {
  if (props.faults.length === 0) {
    return null;
  }
  return (
    <div class={`notice small ${props.kind}`}>
      <h4>{props.title}</h4>
      <ul>
        {props.faults.map((fault) => {
          const place = faultPlace(fault, props.draft);
          const key = `${fault.code} ${JSON.stringify(fault.place)}`;
          return <li key={key}>{place !== "" && <b>{place}: </b>}{faultSentence(fault)}</li>;
        })}
      </ul>
    </div>
  );
}
