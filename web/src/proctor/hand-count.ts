// What somebody typed as a count by hand. Pure.

import type { PutAttendanceCount } from "../wire";

const PEOPLE_MAX = 100_000;

/** Two whole numbers of people and a remark; nothing when one of them is none. */
export function readCount(values: { present: string; absent: string; note: string }): PutAttendanceCount | undefined {
  const people = (text: string): number | undefined => (/^\d{1,6}$/.test(text.trim()) && Number(text) <= PEOPLE_MAX ? Number(text) : undefined);
  const [present, absent] = [people(values.present), people(values.absent)];
  return present === undefined || absent === undefined ? undefined : { present, absent, note: values.note.trim() };
}
