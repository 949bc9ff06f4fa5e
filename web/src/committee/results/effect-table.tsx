// Who moves: a table sortable by every column, before and after side by side.

import { useId, useMemo, useState } from "preact/hooks";
import { saveCsv } from "../../common/save";
import type { EffectRow, StandingView } from "../../wire";
import { decimal } from "../item-keys";
import { Chip, count, TableFrame } from "../widgets";
import { EFFECT_COLUMNS, shownRows, sortedBy, WHOLE_EFFECT, type EffectColumn, type EffectFilter, type EffectView } from "./effect";
import { effectCsv } from "./effect-csv";
import { corrections as text, office, statusWords } from "./strings";

const SHOWN = 300;
const FILTERS: EffectFilter[] = ["all", "enters", "leaves", "total"];
const NUMBERS: EffectColumn[] = ["total_before", "total_after", "difference", "rank_before", "rank_after"];
const PERSON = EFFECT_COLUMNS.slice(0, 3);
const GROUPS: ["total" | "rank" | "status", EffectColumn[]][] = [
  ["total", ["total_before", "total_after", "difference"]], ["rank", ["rank_before", "rank_after"]], ["status", ["status_before", "status_after"]],
];

/** The table with its filter. The same can be taken away: from `csv.href`, or made here and saved as `csv.name`. */
export function EffectTable(props: { rows: EffectRow[]; csv: { href: string } | { name: string } }) {
  const words = text.effect;
  const [view, setView] = useState<EffectView>(WHOLE_EFFECT);
  const [all, setAll] = useState(false);
  const shown = useMemo(() => shownRows(props.rows, view), [props.rows, view]);
  const drawn = all ? shown : shown.slice(0, SHOWN);
  return (
    <section class="card" data-testid="effect-rows">
      <h3>{words.caption}</h3>
      <Filter view={view} set={setView} />
      <p class="row">
        <span role="status" class="soft tabular" data-testid="effect-shown">{words.shown(count(shown.length), count(props.rows.length))}</span>
        <Csv {...props} />
      </p>
      {shown.length === 0 ? <p>{words.none}</p> : (
        <TableFrame label={words.caption} tall>
          <table class="full effect-table">
            <caption class="visually-hidden">{words.caption}</caption>
            <EffectHead view={view} set={setView} />
            <tbody>{drawn.map((row) => <Row key={`${row.formation} ${row.participant_no}`} row={row} />)}</tbody>
          </table>
        </TableFrame>
      )}
      {drawn.length < shown.length && <button type="button" onClick={() => setAll(true)}>{words.more(count(shown.length))}</button>}
    </section>
  );
}

function Csv(props: { rows: EffectRow[]; csv: { href: string } | { name: string } }) {
  const { rows, csv } = props;
  return "href" in csv
    ? <a class="button small" href={csv.href} download data-testid="effect-csv">{text.effect.csv}</a>
    : <button type="button" class="small" data-testid="effect-csv" onClick={() => saveCsv(csv.name, effectCsv(rows))}>{text.effect.csv}</button>;
}

function Filter(props: { view: EffectView; set: (view: EffectView) => void }) {
  const words = text.effect;
  const { view, set } = props;
  const id = useId();
  return (
    <div class="row bottom find">
      <div class="tabs" role="group" aria-label={words.show}>
        {FILTERS.map((filter) => (
          <button key={filter} type="button" class="tab" aria-pressed={view.filter === filter} data-testid={`effect-filter-${filter}`} onClick={() => set({ ...view, filter })}>{words.filters[filter]}</button>
        ))}
      </div>
      <div class="field grow">
        <label for={id}>{words.find}</label>
        <input id={id} type="search" autocomplete="off" data-testid="effect-find" value={view.find} onInput={(event) => set({ ...view, find: event.currentTarget.value })} />
      </div>
    </div>
  );
}

interface HeadProps {
  view: EffectView;
  set: (view: EffectView) => void;
}

function EffectHead(props: HeadProps) {
  const words = text.effect;
  return (
    <thead>
      <tr>
        {PERSON.map((column) => <ColumnHead key={column} {...props} column={column} label={words.columns[column]} rows={2} />)}
        {GROUPS.map(([group, columns]) => <th key={group} scope="colgroup" colSpan={columns.length} class="group">{words.groups[group]}</th>)}
        <ColumnHead {...props} column="cut" label={words.columns.cut} rows={2} />
      </tr>
      <tr>
        {GROUPS.flatMap(([, columns]) => columns.map((column) => <ColumnHead key={column} {...props} column={column} label={shortWords(column)} rows={1} />))}
      </tr>
    </thead>
  );
}

function shortWords(column: EffectColumn): string {
  const words = text.effect;
  return column.endsWith("_before") ? words.before : column.endsWith("_after") ? words.after : words.columns[column];
}

function ColumnHead(props: HeadProps & { column: EffectColumn; label: string; rows: 1 | 2 }) {
  const words = text.effect;
  const { column, label, view, set } = props;
  const sorted = view.sort?.column === column ? view.sort : undefined;
  return (
    <th scope="col" rowSpan={props.rows} class={NUMBERS.includes(column) ? "number" : undefined} aria-sort={sorted === undefined ? "none" : sorted.down ? "descending" : "ascending"}>
      <button type="button" class="sort" aria-label={words.sort(words.columns[column])} data-testid={`sort-${column}`} onClick={() => set(sortedBy(view, column))}>
        {label} <span aria-hidden="true">{sorted === undefined ? "↕" : sorted.down ? "↓" : "↑"}</span>
      </button>
    </th>
  );
}

function Row(props: { row: EffectRow }) {
  const { row } = props;
  const { before, after } = row;
  return (
    <tr class={row.enters ? "enters" : row.leaves ? "leaves" : undefined} data-testid={`effect-${row.participant_no}`}>
      {PERSON.map((column) => column === "name" ? <th key={column} scope="row" class="plain name-cell">{row.name}</th> : <td key={column} class="code nowrap">{row[column as "participant_no" | "formation"]}</td>)}
      <td class="number">{decimal(before?.total ?? "")}</td>
      <td class="number"><strong>{decimal(after?.total ?? "")}</strong></td>
      <td class="number">{decimal(row.total_difference)}</td>
      <td class="number">{before?.rank ?? "–"}</td>
      <td class="number"><strong>{after?.rank ?? "–"}</strong></td>
      <td>{standingWords(before, text.effect.newPerson)}</td>
      <td>{standingWords(after, text.effect.gone)}</td>
      <td>{row.enters ? <Chip kind="good">{text.effect.enters}</Chip> : row.leaves ? <Chip kind="bad">{text.effect.leaves}</Chip> : ""}</td>
    </tr>
  );
}

function standingWords(standing: StandingView | null, none: string): string {
  if (standing === null) {
    return none;
  }
  const parts = [statusWords(standing.status), standing.code, standing.to_formation === "" ? "" : office.lists.toFormation(standing.to_formation)];
  return parts.filter((part) => part !== "").join(" · ");
}
