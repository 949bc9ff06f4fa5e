// The hall as in the room: one button per seat.

import { countdown } from "../common/format";
import type { Id, RoomSeat, SeatView } from "../wire";
import type { Hands } from "./console";
import { Icon } from "./icons";
import { ENDING_MS, isDisconnected, isSilent, neighbour, remainingNow, shortNumbers, statusOf, type Status } from "./seats";
import { isShown, type Console, type Hall } from "./state";
import { proctorText } from "./text";

const AISLE = "22px";
const LEGEND: readonly Status[] = ["expected", "checked_in", "signed_in", "ready", "running", "paused", "submitted", "expired", "terminated", "absent", "refused"];
const ARROWS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" } as const;

export function SeatMap(props: { state: Console; hall: Hall; hands: Hands }) {
  const text = proctorText();
  const { state, hall, hands } = props;
  const bySeat = new Map<Id, SeatView>();
  for (const seat of hall.seats.values()) {
    if (seat.seat !== null) {
      bySeat.set(seat.seat, seat);
    }
  }
  const short = shortNumbers([...hall.seats.values()].map((seat) => seat.participant_no));
  const onKeyDown = (event: KeyboardEvent): void => onMapKey(event, state, hall, hands, bySeat);
  return (
    <div class="map-scroll">
      <p class="map-front" aria-hidden="true">{text.front}</p>
      <div class="map" role="group" aria-label={text.mapLabel} data-testid="seat-map" style={{ gridTemplateColumns: columns(hall.room) }} onKeyDown={onKeyDown} onKeyUp={swallowSpace}>
        {hall.room.map((place) => {
          const seat = bySeat.get(place.id);
          return seat === undefined
            ? <EmptySeat key={place.id} place={place} focusable={state.cursor === place.id} hands={hands} moving={movable(state, hall)} />
            : <TakenSeat key={place.id} place={place} seat={seat} state={state} hall={hall} hands={hands} number={short(seat.participant_no)} />;
        })}
      </div>
      <Legend />
    </div>
  );
}

/** Columns without any seat are aisles and stay narrow. */
function columns(room: readonly RoomSeat[]): string {
  const used = new Set(room.map((seat) => seat.column));
  const last = Math.max(0, ...used);
  return Array.from({ length: last + 1 }, (_, column) => (used.has(column) ? "minmax(82px, 1fr)" : AISLE)).join(" ");
}

function onMapKey(event: KeyboardEvent, state: Console, hall: Hall, hands: Hands, bySeat: ReadonlyMap<Id, SeatView>): void {
  if ((event.ctrlKey || event.metaKey) && event.key === "a") {
    event.preventDefault();
    hands.dispatch({ type: "choose_all" });
    return;
  }
  if (event.key === "Escape") {
    hands.dispatch({ type: "choose_none" });
    return;
  }
  const at = state.cursor;
  if (at === undefined) {
    return;
  }
  if (event.key === " ") {
    event.preventDefault();
    const seat = bySeat.get(at);
    if (seat !== undefined) {
      hands.dispatch({ type: "choose", session: seat.session, how: event.shiftKey ? "range" : "toggle" });
    }
    return;
  }
  if (event.key in ARROWS) {
    event.preventDefault();
    const next = neighbour(hall.room, at, ARROWS[event.key as keyof typeof ARROWS]);
    document.getElementById(`seat-${next}`)?.focus();
  }
}

// Space selects on the way down; the button's own click on the way up would select again.
function swallowSpace(event: KeyboardEvent): void {
  if (event.key === " ") {
    event.preventDefault();
  }
}

/** The one selected session that could be moved to an empty seat by pressing it. */
function movable(state: Console, hall: Hall): Id | undefined {
  const [only] = state.selected;
  const seat = state.selected.size === 1 && only !== undefined ? hall.seats.get(only) : undefined;
  return seat !== undefined && seat.attendance === "present" ? seat.session : undefined;
}

function EmptySeat(props: { place: RoomSeat; focusable: boolean; hands: Hands; moving: Id | undefined }) {
  const text = proctorText();
  const { place, hands, moving } = props;
  const press = (): void => {
    if (moving !== undefined && hands.mayAct) {
      hands.begin({ kind: "move", session: moving, seat: place.id });
    }
  };
  return (
    <button type="button" id={`seat-${place.id}`} class={place.spare ? "seat seat-empty seat-spare" : "seat seat-empty"} style={{ gridRow: place.row + 1, gridColumn: place.column + 1 }} tabIndex={props.focusable ? 0 : -1}
      data-testid="seat" data-seat={place.label} data-status={place.spare ? "spare" : "empty"}
      onFocus={() => hands.dispatch({ type: "cursor", seat: place.id })} onClick={press}>
      <span class="visually-hidden">{text.emptyLabel(place.label, place.spare)}</span>
      <span class="seat-top" aria-hidden="true"><b>{place.label}</b></span>
      <span class="seat-free" aria-hidden="true">{place.spare ? text.spare : text.empty}</span>
    </button>
  );
}

function TakenSeat(props: { place: RoomSeat; seat: SeatView; state: Console; hall: Hall; hands: Hands; number: string }) {
  const text = proctorText();
  const { place, seat, state, hall, hands } = props;
  const track = state.tracks.get(seat.session);
  const status = statusOf(seat);
  const remaining = remainingNow(seat, track, hall.head, state.now);
  const gone = isDisconnected(seat);
  const silent = isSilent(seat, track, hall.head, state.now);
  const ending = seat.phase === "running" && remaining < ENDING_MS;
  const selected = state.selected.has(seat.session);
  const clock = seat.phase === "running" || seat.phase === "paused";
  const classes = ["seat", `status-${status}`, selected && "seat-selected", !isShown(state, hall, seat) && "seat-aside", gone && "seat-gone", silent && "seat-silent", seat.late > 0 && "seat-late"].filter(Boolean).join(" ");
  const label = [
    text.seatLabel(place.label, seat.participant_no, seat.name), text.status[status], clock && text.answeredOf(seat.answered, seat.items), clock && text.remainingMinutes(Math.ceil(remaining / 60_000)),
    gone ? text.disconnected : seat.connected ? text.connected : false, silent && text.silentWord, seat.late > 0 && text.lateWord(seat.late),
  ].filter(Boolean).join(", ");
  return (
    <button type="button" id={`seat-${place.id}`} class={classes} style={{ gridRow: place.row + 1, gridColumn: place.column + 1 }} tabIndex={state.cursor === place.id ? 0 : -1} aria-pressed={selected}
      title={`${place.label} · ${seat.participant_no} · ${seat.name}`} data-testid="seat" data-seat={place.label} data-session={seat.session} data-number={seat.participant_no} data-status={status}
      data-connected={seat.connected} data-silent={silent}
      onFocus={() => hands.dispatch({ type: "cursor", seat: place.id })}
      onClick={(event) => hands.dispatch({ type: "choose", session: seat.session, how: event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "only" })}>
      <span class="visually-hidden">{label}</span>
      <span class="seat-top" aria-hidden="true">
        <b>{place.label}</b>
        <span class="seat-number tabular">{props.number}</span>
        {(seat.connected || gone) && <span class={gone ? "seat-link bad" : "seat-link"}><Icon name={gone ? "disconnected" : "connected"} /></span>}
      </span>
      <span class="seat-status" aria-hidden="true"><Icon name={status} /><span>{text.short[status]}</span>{silent && <span class="seat-flag"><Icon name="silent" /></span>}{seat.late > 0 && <span class="seat-flag"><Icon name="late" /></span>}</span>
      <span class="seat-numbers tabular" aria-hidden="true">
        <span class={seat.phase === "running" && seat.answered === 0 ? "seat-ending" : ""}>{(clock || seat.answered > 0) && <>{seat.answered}<span class="seat-items">/{seat.items}</span></>}</span>
        <span class={ending ? "seat-ending" : ""}>{clock ? countdown(remaining) : ""}</span>
      </span>
      <span class="seat-bar" aria-hidden="true"><span style={{ width: `${seat.items === 0 ? 0 : Math.round((100 * seat.answered) / seat.items)}%` }} /></span>
    </button>
  );
}

function Legend() {
  const text = proctorText();
  return (
    <ul class="legend" aria-label={text.legend}>
      {LEGEND.map((status) => <li key={status} class={`legend-${status}`}><Icon name={status} />{text.status[status]}</li>)}
      <li><Icon name="connected" />{text.connected}</li>
      <li><Icon name="disconnected" />{text.disconnected}</li>
      <li><Icon name="silent" />{text.silentWord}</li>
      <li><Icon name="late" />{text.filters.late}</li>
    </ul>
  );
}
