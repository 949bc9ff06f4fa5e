// The same hall as a table that can be sorted; also the list of those who have no seat yet.

import { clockTime, countdown } from "../common/format";
import type { SeatView } from "../wire";
import type { Hands } from "./console";
import { Icon } from "./icons";
import { ENDING_MS, isDisconnected, isSilent, remainingNow, sorted, statusOf, type SortKey } from "./seats";
import { shown, type Console, type Hall } from "./state";
import { proctorText } from "./text";

const COLUMNS: readonly { key: SortKey | "formation"; number?: boolean }[] = [
  { key: "seat" }, { key: "number" }, { key: "name" }, { key: "status" }, { key: "connection" }, { key: "answered", number: true }, { key: "remaining", number: true }, { key: "active", number: true }, { key: "formation" },
];

export function SeatTable(props: { state: Console; hall: Hall; hands: Hands }) {
  const text = proctorText();
  const { state, hall, hands } = props;
  const unseated = state.view === "unseated";
  const rows = sorted(
    shown(state).filter((seat) => !unseated || seat.seat === null), state.sort.by, state.sort.descending, hall.roomById,
    (seat) => remainingNow(seat, state.tracks.get(seat.session), hall.head, state.now),
  );
  const nobodyUnseated = unseated && ![...hall.seats.values()].some((seat) => seat.seat === null);
  if (rows.length === 0) {
    return <p class="table-empty" data-testid="table-empty">{nobodyUnseated ? text.allSeated : text.noneShown}</p>;
  }
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={unseated ? text.unseated(rows.length) : text.table}>
      <table class="seat-table" data-testid="seat-table">
        <thead>
          <tr>
            <th scope="col"><span class="visually-hidden">{text.th.select}</span></th>
            {COLUMNS.map((column) => <Heading key={column.key} column={column.key} number={column.number === true} state={state} hands={hands} />)}
          </tr>
        </thead>
        <tbody>
          {rows.map((seat) => <Row key={seat.session} seat={seat} state={state} hall={hall} hands={hands} />)}
        </tbody>
      </table>
    </div>
  );
}

function Heading(props: { column: SortKey | "formation"; number: boolean; state: Console; hands: Hands }) {
  const text = proctorText();
  const { column, state, hands } = props;
  const label = text.th[column];
  const look = props.number ? "number" : "";
  if (column === "formation") {
    return <th scope="col">{label}</th>;
  }
  const active = state.sort.by === column;
  return (
    <th scope="col" class={look} aria-sort={active ? (state.sort.descending ? "descending" : "ascending") : "none"}>
      <button type="button" class="sort" title={text.sortBy(label)} data-testid={`sort-${column}`} onClick={() => hands.dispatch({ type: "sort", by: column })}>
        {label}<span aria-hidden="true">{active ? (state.sort.descending ? " ▼" : " ▲") : ""}</span>
      </button>
    </th>
  );
}

function Row(props: { seat: SeatView; state: Console; hall: Hall; hands: Hands }) {
  const text = proctorText();
  const { seat, state, hall, hands } = props;
  const track = state.tracks.get(seat.session);
  const status = statusOf(seat);
  const remaining = remainingNow(seat, track, hall.head, state.now);
  const selected = state.selected.has(seat.session);
  const gone = isDisconnected(seat);
  const silent = isSilent(seat, track, hall.head, state.now);
  const begun = seat.phase === "running" || seat.phase === "paused";
  const percent = seat.items === 0 ? 0 : Math.round((100 * seat.answered) / seat.items);
  return (
    <tr class={selected ? "row-selected" : ""} data-testid="table-row" data-session={seat.session} data-number={seat.participant_no} data-status={status}
      onClick={(event) => hands.dispatch({ type: "choose", session: seat.session, how: event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "only" })}>
      <td>
        <input type="checkbox" aria-label={`${text.th.select} ${seat.name}`} checked={selected} onClick={(event) => event.stopPropagation()}
          onChange={() => hands.dispatch({ type: "choose", session: seat.session, how: "toggle" })} />
      </td>
      <td class="tabular"><b>{seat.seat === null ? "–" : hall.roomById.get(seat.seat)?.label}</b></td>
      <td class="tabular">{seat.participant_no}</td>
      <td class="cell-name">{seat.name}</td>
      <td><span class={`status-word status-${status}`}><Icon name={status} />{text.status[status]}</span>{seat.late > 0 && <span class="status-word late-word" title={text.lateWord(seat.late)}><Icon name="late" />{seat.late}<span class="visually-hidden"> {text.filters.late}</span></span>}</td>
      <td>
        {(seat.connected || gone) && <span class={gone ? "status-word bad" : "status-word"}><Icon name={gone ? "disconnected" : "connected"} /><span class={gone ? "" : "visually-hidden"}>{gone ? text.disconnected : text.connected}</span></span>}
      </td>
      <td class="number">
        <span class="table-progress"><span class="seat-bar" aria-hidden="true"><span style={{ width: `${percent}%` }} /></span>{seat.answered}/{seat.items}</span>
      </td>
      <td class={begun && remaining < ENDING_MS ? "number seat-ending" : "number"}>{begun ? countdown(remaining) : "–"}</td>
      <td class={silent ? "number silent-word" : "number"}>{seat.active_utc_ms === null ? "–" : clockTime(seat.active_utc_ms, true)}{silent && <> <Icon name="silent" /><span class="visually-hidden">{text.silentWord}</span></>}</td>
      <td class="cell-formation">{seat.formation}</td>
    </tr>
  );
}
