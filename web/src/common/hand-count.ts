// What somebody typed as a count by hand, at the proctor's console or on the committee's pages. Pure.

import type { PutAttendanceCount } from "../wire";
import { readInteger } from "./integer";

/** Fields of a count by hand. */
export type CountField = "present" | "absent" | "note";

const PEOPLE_MAX = 100_000;

/** Two whole numbers of people and a remark, each read by itself. */
export function readCount(values: Record<CountField, string>) {
  return { present: readInteger(values.present, 0, PEOPLE_MAX), absent: readInteger(values.absent, 0, PEOPLE_MAX), note: { value: values.note.trim() } };
}

/** The count; nothing when one of the numbers is none. */
export function wholeCount(values: Record<CountField, string>): PutAttendanceCount | undefined {
  const { present, absent, note } = readCount(values);
  return "fault" in present || "fault" in absent ? undefined : { present: present.value, absent: absent.value, note: note.value };
}
