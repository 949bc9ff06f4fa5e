// The list on a phone: found rows only, a few dozen at a time.

import { marks } from "../common/format";
import { search, type Found } from "./pages";
import { Progress, RoseMark, sectionHead, StateWord } from "./row-parts";
import { shownGroups, type Board, type Rose, type Screen } from "./state";
import { boardText } from "./text";

export function PhoneList(props: { state: Screen; board: Board; more: () => void }) {
  const text = boardText();
  const { state, board } = props;
  const { found, total } = search(shownGroups(state), state.find, state.phoneRows);
  return (
    <>
      <p class="phone-found soft" role="status" data-testid="board-found">
        {state.find.trim() === "" ? "" : total === 0 ? text.noneFound : text.found(total)}
      </p>
      <ol class="phone-list">
        {found.map((entry) => <PhoneRow key={entry.row.id} entry={entry} board={board} rose={state.roses.get(entry.row.id)} />)}
      </ol>
      {total > found.length && <button type="button" class="phone-more" data-testid="board-more" onClick={props.more}>{text.showMore}</button>}
    </>
  );
}

function PhoneRow(props: { entry: Found; board: Board; rose: Rose | undefined }) {
  const text = boardText();
  const { board, rose } = props;
  const { row, rank } = props.entry;
  return (
    <li class={rose === undefined ? "phone-row" : "phone-row rose"} data-testid="board-row" data-row={row.id} data-rank={rank ?? ""}>
      <span class="phone-rank">
        <span class="visually-hidden">{text.rank} </span>
        {rank ?? "–"}
        <RoseMark rose={rose} />
      </span>
      <span class="phone-who">
        <strong class="tabular">{row.number}</strong>
        {row.name !== "" && <span>{row.name}</span>}
        <span class="phone-formation">{board.formations[row.formation]}</span>
      </span>
      <span class="phone-total">
        <span class="visually-hidden">{text.total} </span>
        {rank === undefined ? "–" : marks(row.total_milli)}
      </span>
      <span class="phone-marks">
        {board.sections.map((section, index) => (
          <span key={section.code}><abbr title={section.title}>{sectionHead(section)}</abbr> <b class="tabular">{rank === undefined ? "–" : marks(row.marks_milli[index] ?? 0)}</b></span>
        ))}
      </span>
      <span class="phone-marks">
        <Progress row={row} />
        <StateWord row={row} />
      </span>
    </li>
  );
}
