// The computed lists, one formation at a time.

import { useState } from "preact/hooks";
import { marks } from "../common/format";
import type { ListRow, RankedList } from "../wire";
import { lastWithinSlots } from "./slots";
import { strings } from "./strings";
import { count, TableFrame } from "./widgets";

const SHOWN = 300;

/** A choice of formation and its list. */
export function RankedLists(props: { lists: RankedList[] }) {
  const text = strings.results;
  const [chosen, setChosen] = useState(0);
  const list = props.lists[chosen] ?? props.lists[0];
  if (list === undefined) {
    return null;
  }
  return (
    <section class="card" data-testid="ranked-lists">
      <h3>{text.lists}</h3>
      <div class="tabs" role="group" aria-label={text.lists}>
        {props.lists.map((candidate, index) => (
          <button key={candidate.formation} type="button" class="tab" aria-pressed={candidate === list} data-testid={`list-${candidate.formation}`} onClick={() => setChosen(index)}>
            {candidate.title} <span class="soft tabular">{count(candidate.rows.length)}</span>
          </button>
        ))}
      </div>
      <List key={list.formation} list={list} />
    </section>
  );
}

function List(props: { list: RankedList }) {
  const text = strings.results;
  const { list } = props;
  const [all, setAll] = useState(false);
  const ranked = list.rows.filter((row) => row.rank !== null).length;
  const edge = lastWithinSlots(list);
  const rows = all ? list.rows : list.rows.slice(0, SHOWN);
  return (
    <>
      <p class="soft tabular">{text.slots(count(list.slots))} · {text.people(count(list.rows.length))} · {text.ranked(count(ranked))}</p>
      <TableFrame label={text.listCaption(list.title)} tall>
        <table class="full ranked">
          <caption class="visually-hidden">{text.listCaption(list.title)}</caption>
          <thead>
            <tr>
              <th scope="col" class="number">{text.rank}</th>
              <th scope="col">{text.number}</th>
              <th scope="col">{text.name}</th>
              {list.sections.map((section) => <th key={section.code} scope="col" class="number">{section.title}</th>)}
              <th scope="col" class="number">{text.total}</th>
              <th scope="col">{text.status}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => <Row key={row.participant_no} row={row} list={list} edge={index === edge && edge < list.rows.length - 1} />)}
          </tbody>
        </table>
      </TableFrame>
      {rows.length < list.rows.length && <button type="button" onClick={() => setAll(true)}>{strings.common.clear} ({count(list.rows.length)})</button>}
    </>
  );
}

function Row(props: { row: ListRow; list: RankedList; edge: boolean }) {
  const text = strings.results;
  const { row, list } = props;
  return (
    <tr class={props.edge ? `edge ${row.status}` : row.status} data-testid={`rank-${row.participant_no}`}>
      <td class="number rank">{row.rank ?? "–"}</td>
      <td class="code nowrap">{row.participant_no}</td>
      <th scope="row" class="plain">{row.name}</th>
      {list.sections.map((section, index) => <td key={section.code} class="number">{row.marks_milli[index] === undefined ? "" : marks(row.marks_milli[index])}</td>)}
      <td class="number"><strong>{row.total_milli === null ? "" : marks(row.total_milli)}</strong></td>
      <td class="nowrap">
        {text.statuses[row.status] ?? row.status}
        {props.edge && <span class="edge-word">{text.slotsLine(count(list.slots))}</span>}
      </td>
    </tr>
  );
}
