// The lists of a computation or a revision: one formation at a time, everybody findable, the cut drawn where it is.

import { useId, useState } from "preact/hooks";
import type { ResultList, ResultRow, Results } from "../../wire";
import { decimal } from "../item-keys";
import { strings } from "../strings";
import { Chip, count, Empty, TableFrame } from "../widgets";
import { findPeople, lastInside, rankedOf, type Hit } from "./lists";
import { office, statusWords } from "./strings";
import { WhyDialog } from "./why";

const SHOWN = 300;
const HITS_SHOWN = 50;
/** More formations than this are chosen from a list instead of tabs. */
const TABS_MAX = 8;

/** All lists. `stage` answers "why?"; without it nobody is asked. */
export function ResultLists(props: { results: Results; stage: string | undefined }) {
  const text = office.lists;
  const { lists, values } = props.results;
  const [chosen, setChosen] = useState(0);
  const [find, setFind] = useState("");
  const [why, setWhy] = useState<ResultRow>();
  const id = useId();
  const list = lists[chosen] ?? lists[0];
  if (list === undefined) {
    return <Empty>{text.empty}</Empty>;
  }
  const hits = findPeople(lists, find);
  return (
    <section class="card" data-testid="result-lists">
      <h3>{text.heading}</h3>
      <div class="field find-person">
        <label for={id}>{text.find}</label>
        <input id={id} type="search" autocomplete="off" data-testid="find-person" value={find} onInput={(event) => setFind(event.currentTarget.value)} />
      </div>
      <div role="status" class="soft">{find.trim() !== "" && foundWords(hits.length)}</div>
      {find.trim() === ""
        ? (
          <>
            <FormationChooser lists={lists} chosen={chosen} choose={setChosen} />
            <List key={list.formation} list={list} values={values} why={props.stage === undefined ? undefined : setWhy} />
          </>
        )
        : hits.length > 0 && (
          <Hits hits={hits.slice(0, HITS_SHOWN)} why={props.stage === undefined ? undefined : setWhy} show={(hit) => {
            setChosen(lists.indexOf(hit.list));
            setFind("");
          }} />
        )}
      {why !== undefined && props.stage !== undefined && <WhyDialog stage={props.stage} number={why.participant_no} name={why.name} onClose={() => setWhy(undefined)} />}
    </section>
  );
}

function foundWords(hits: number): string {
  const text = office.lists;
  return hits === 0 ? text.notFound : hits > HITS_SHOWN ? text.foundMore(count(hits)) : text.found(count(hits));
}

/** Tabs for a few formations, a list for many. */
export function FormationChooser(props: { lists: ResultList[]; chosen: number; choose: (index: number) => void }) {
  const text = office.lists;
  const id = useId();
  const { lists, chosen, choose } = props;
  if (lists.length > TABS_MAX) {
    return (
      <div class="field">
        <label for={id}>{text.formation}</label>
        <select id={id} data-testid="choose-formation" value={String(chosen)} onChange={(event) => choose(Number(event.currentTarget.value))}>
          {lists.map((list, index) => <option key={list.formation} value={String(index)}>{list.formation} · {list.title} ({count(list.rows.length)})</option>)}
        </select>
      </div>
    );
  }
  return (
    <div class="tabs" role="group" aria-label={text.formation}>
      {lists.map((list, index) => (
        <button key={list.formation} type="button" class="tab" aria-pressed={index === chosen} data-testid={`list-${list.formation}`} onClick={() => choose(index)}>
          {list.title} <span class="soft tabular">{count(list.rows.length)}</span>
        </button>
      ))}
    </div>
  );
}

function List(props: { list: ResultList; values: string[]; why: ((row: ResultRow) => void) | undefined }) {
  const text = office.lists;
  const { list, values } = props;
  const [all, setAll] = useState(false);
  const edge = lastInside(list);
  const rows = all ? list.rows : list.rows.slice(0, SHOWN);
  const categories = new Set(list.rows.map((row) => row.category)).size > 1;
  return (
    <>
      <p class="soft tabular">
        {text.facts(count(list.slots), count(list.rows.length), count(rankedOf(list)))}
        {list.vacant !== null && list.vacant > 0 && <> · <strong>{text.vacant(count(list.vacant))}</strong></>}
        {list.total_threshold !== null && ` · ${text.threshold(decimal(list.total_threshold))}`}
      </p>
      <TableFrame label={text.caption(list.title)} tall>
        <table class="full ranked">
          <caption class="visually-hidden">{text.caption(list.title)}</caption>
          <thead>
            <tr>
              <th scope="col" class="number">{text.rank}</th>
              <th scope="col">{text.number}</th>
              <th scope="col">{text.name}</th>
              {categories && <th scope="col">{text.category}</th>}
              {list.sections.map((section) => (
                <th key={section.code} scope="col" class="number">
                  {section.title}
                  <small class="under soft">{decimal(section.max)}{section.threshold !== null && ` · ${text.sectionThreshold(decimal(section.threshold))}`}</small>
                </th>
              ))}
              <th scope="col" class="number">{text.total}</th>
              {values.map((title) => <th key={title} scope="col" class="number">{title}</th>)}
              <th scope="col">{text.status}</th>
              {props.why !== undefined && <th scope="col"><span class="visually-hidden">{text.why}</span></th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <Row key={row.participant_no} row={row} list={list} values={values} categories={categories} edge={index === edge && edge < list.rows.length - 1} why={props.why} />
            ))}
          </tbody>
        </table>
      </TableFrame>
      {rows.length < list.rows.length && <button type="button" onClick={() => setAll(true)}>{text.all(count(list.rows.length))}</button>}
    </>
  );
}

function Row(props: { row: ResultRow; list: ResultList; values: string[]; categories: boolean; edge: boolean; why: ((row: ResultRow) => void) | undefined }) {
  const text = office.lists;
  const { row, list, why } = props;
  return (
    <tr class={props.edge ? `edge ${row.status}` : row.status} data-testid={`rank-${row.participant_no}`} data-status={row.status}>
      <td class="number rank">{row.rank ?? "–"}</td>
      <td class="code nowrap">{row.participant_no}</td>
      <th scope="row" class="plain name-cell">{row.name}</th>
      {props.categories && <td>{row.category}</td>}
      {list.sections.map((section, index) => <td key={section.code} class="number">{decimal(row.marks[index] ?? "")}</td>)}
      <td class="number"><strong>{decimal(row.total ?? "")}</strong></td>
      {props.values.map((title, index) => <td key={title} class="number">{decimal(row.values[index] ?? "")}</td>)}
      <td><Status row={row} />{props.edge && list.cut_after !== null && <span class="edge-word">{text.cut(list.cut_after)}</span>}</td>
      {why !== undefined && <td><WhyButton row={row} why={why} /></td>}
    </tr>
  );
}

function WhyButton(props: { row: ResultRow; why: (row: ResultRow) => void }) {
  const text = office.lists;
  return (
    <button type="button" class="small plain" aria-label={text.whyOf(props.row.participant_no)} data-testid={`why-${props.row.participant_no}`} onClick={() => props.why(props.row)}>{text.why}</button>
  );
}

/** Status in words, its code, the slot of a move, a tie that waits. */
export function Status(props: { row: Pick<ResultRow, "status" | "code" | "group" | "to_formation" | "note"> }) {
  const text = office.lists;
  const { row } = props;
  return (
    <>
      {statusWords(row.status)} {row.code !== "" && <span class="code code-chip">{row.code}</span>}
      {row.group !== "" && <small class="under soft">{text.group(row.group)}</small>}
      {row.to_formation !== "" && <small class="under">{text.toFormation(row.to_formation)}</small>}
      {row.note === "committee_decides" && <> <Chip kind="warn">{text.decides}</Chip></>}
    </>
  );
}

function Hits(props: { hits: Hit[]; why: ((row: ResultRow) => void) | undefined; show: (hit: Hit) => void }) {
  const text = office.lists;
  return (
    <TableFrame label={text.find}>
      <table class="full" data-testid="hits">
        <caption class="visually-hidden">{text.find}</caption>
        <thead>
          <tr>
            <th scope="col">{text.number}</th>
            <th scope="col">{text.name}</th>
            <th scope="col">{text.formation}</th>
            <th scope="col" class="number">{text.rank}</th>
            <th scope="col" class="number">{text.total}</th>
            <th scope="col">{text.status}</th>
            <th scope="col">{strings.formations.act}</th>
          </tr>
        </thead>
        <tbody>
          {props.hits.map((hit) => (
            <tr key={`${hit.list.formation} ${hit.row.participant_no}`} data-testid={`hit-${hit.row.participant_no}`}>
              <td class="code nowrap">{hit.row.participant_no}</td>
              <th scope="row" class="plain name-cell">{hit.row.name}</th>
              <td>{hit.list.title} <span class="code soft">{hit.list.formation}</span></td>
              <td class="number">{hit.row.rank ?? "–"}</td>
              <td class="number">{decimal(hit.row.total ?? "")}</td>
              <td><Status row={hit.row} /></td>
              <td class="nowrap">
                {props.why !== undefined && <WhyButton row={hit.row} why={props.why} />}
                <button type="button" class="small plain" aria-label={`${text.toList}: ${hit.row.participant_no}`} onClick={() => props.show(hit)}>{text.toList}</button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
