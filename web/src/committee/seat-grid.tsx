// A hall's seats drawn as they stand, the front above.

import type { RoomSeat } from "../wire";
import { strings } from "./strings";

/** The seats a new hall would get: a grid whose last seats are spare. */
export function gridSeats(rows: number, columns: number, spare: number): Pick<RoomSeat, "row" | "column" | "spare">[] {
  const all = rows * columns;
  return Array.from({ length: all }, (_, index) => ({ row: Math.floor(index / columns), column: index % columns, spare: index >= all - spare }));
}

const STEP = 14;
const SEAT = 11;

/** The seats as a picture with words. */
export function SeatGrid(props: { title: string; seats: Pick<RoomSeat, "row" | "column" | "spare">[] }) {
  const rows = Math.max(0, ...props.seats.map((seat) => seat.row + 1));
  const columns = Math.max(0, ...props.seats.map((seat) => seat.column + 1));
  const spare = props.seats.filter((seat) => seat.spare).length;
  const width = columns * STEP;
  const height = rows * STEP + 8;
  return (
    <svg class="seat-grid" role="img" aria-label={strings.halls.grid(props.title, rows, columns, spare)} viewBox={`-2 -2 ${width + 1} ${height + 1}`}
      style={{ maxWidth: `${Math.min(560, width * 1.8)}px` }}>
      <rect class="front" x={width * 0.3} y={0} width={width * 0.4} height={3} rx={1.5} />
      {props.seats.map((seat) => (
        <rect key={`${seat.row}/${seat.column}`} class={seat.spare ? "spare" : "place"} x={seat.column * STEP} y={seat.row * STEP + 8} width={SEAT} height={SEAT} rx={2} />
      ))}
    </svg>
  );
}
