// The table of a hall screen: exactly the rows of one page, as tall as the window allows.

import { Fragment } from "preact";
import { marks } from "../common/format";
import type { BoardRow } from "../wire";
import type { Page } from "./pages";
import { Progress, RoseMark, sectionHead, StateWord } from "./row-parts";
import type { Board, Rose, Screen } from "./state";
import { boardText } from "./text";

export function HallTable(props: { state: Screen; board: Board; page: Page }) {
  const text = boardText();
  const { state, board, page } = props;
  const named = board.groups.some((group) => group.rows.some((row) => row.name !== ""));
  const columns = board.sections.length + (named ? 6 : 5);
  return (
    <table class={named ? "hall-table" : "hall-table hall-nameless"} style={{ "--lines": String(state.lines) }} data-testid="hall-table">
      <thead>
        <tr>
          <th class="c-rank" scope="col">{text.rank}</th>
          <th class="c-number" scope="col">{text.number}</th>
          {named && <th class="c-name" scope="col">{text.name}</th>}
          {board.sections.map((section) => <th class="c-marks" scope="col" key={section.code} title={section.title}>{sectionHead(section)}</th>)}
          <th class="c-total" scope="col">{text.total}</th>
          <th class="c-progress" scope="col">{text.progress}</th>
          <th class="c-state" scope="col">{text.state}</th>
        </tr>
      </thead>
      <tbody>
        {page.map((slice) => (
          <Fragment key={slice.group.formation ?? -1}>
            {slice.group.formation !== undefined && (
              <tr class="hall-group">
                <th colSpan={columns} scope="rowgroup" data-testid="board-group">
                  {board.formations[slice.group.formation]}
                  <span> {text.candidates(slice.group.rows.length)}{slice.continued ? ` · ${text.continued}` : ""}</span>
                </th>
              </tr>
            )}
            {slice.group.rows.slice(slice.from, slice.to).map((row, index) => (
              <HallRow key={row.id} row={row} rank={slice.group.ranks[slice.from + index]} rose={state.roses.get(row.id)} named={named} />
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function HallRow(props: { row: BoardRow; rank: number | undefined; rose: Rose | undefined; named: boolean }) {
  const { row, rank, rose } = props;
  const begun = rank !== undefined;
  return (
    <tr class={`hall-row${rose === undefined ? "" : " rose"}${rank === undefined ? " unranked" : ""}`} data-testid="board-row" data-row={row.id} data-rank={rank ?? ""}>
      <td class="c-rank">
        <RoseMark rose={rose} />
        {rank ?? "–"}
      </td>
      <td class="c-number">{row.number}</td>
      {props.named && <td class="c-name">{row.name}</td>}
      {row.marks_milli.map((milli, index) => <td class="c-marks" key={index}>{begun ? marks(milli) : "–"}</td>)}
      <td class="c-total">{begun ? marks(row.total_milli) : "–"}</td>
      <td class="c-progress"><Progress row={row} /></td>
      <td class="c-state"><StateWord row={row} /></td>
    </tr>
  );
}
