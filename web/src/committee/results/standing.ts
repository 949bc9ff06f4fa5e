// Words of a status that mean a place: who goes on or has a slot. Pure.

const INSIDE = ["shortlisted", "selected", "selected_by_move"];

/** True for somebody who goes on or has a slot. */
export function isInside(status: string): boolean {
  return INSIDE.includes(status);
}
