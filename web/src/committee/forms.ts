// From what people type to what the server is sent. Pure; a form that does not parse says what is wrong with which field.

import { readInteger } from "../common/integer";
import type {
  AttemptRule, NamePolicy, NewHall, NewSelection, NewSitting, NewStage, RevealPolicy, SelectionPolicy, SittingPolicyBody,
} from "../wire";

/** What is wrong with one field. */
export type FieldFault =
  | { code: "empty" }
  | { code: "code_form" }
  | { code: "login_form" }
  | { code: "integer" }
  | { code: "range"; min: number; max: number }
  | { code: "duration" }
  | { code: "instant" }
  | { code: "past" }
  | { code: "window" }
  | { code: "closes_before" }
  | { code: "length"; min: number; max: number }
  | { code: "lines"; min: number; max: number }
  | { code: "column_value"; line: string }
  | { code: "seats"; seats: number };

/** A value, or the faults by field. */
export type Parsed<T, K extends string> = { ok: true; value: T } | { ok: false; faults: Partial<Record<K, FieldFault>> };

/** What one field came to. */
export type Read<T> = { value: T } | { fault: FieldFault };

const CODE = /^[a-z0-9-]{1,40}$/;
const LOGIN = /^[a-z0-9._-]{3,40}$/;

/** Any text but nothing. */
export function readText(text: string): Read<string> {
  const trimmed = text.trim();
  return trimmed === "" ? { fault: { code: "empty" } } : { value: trimmed };
}

/** A code: `a-z 0-9 -`. */
export function readCode(text: string): Read<string> {
  const trimmed = text.trim();
  if (trimmed === "") {
    return { fault: { code: "empty" } };
  }
  return CODE.test(trimmed) ? { value: trimmed } : { fault: { code: "code_form" } };
}

/** A login: 3 to 40 of `a-z 0-9 . - _`. */
export function readLogin(text: string): Read<string> {
  const trimmed = text.trim();
  if (trimmed === "") {
    return { fault: { code: "empty" } };
  }
  return LOGIN.test(trimmed) ? { value: trimmed } : { fault: { code: "login_form" } };
}

/** Minutes (`90`) or minutes and seconds (`1:30`), as seconds. */
export function readMinutes(text: string, minSeconds: number, maxSeconds: number): Read<number> {
  const trimmed = text.trim();
  if (trimmed === "") {
    return { fault: { code: "empty" } };
  }
  const match = /^(\d{1,5})(?::([0-5]\d))?$/.exec(trimmed);
  if (match === null) {
    return { fault: { code: "duration" } };
  }
  const value = Number(match[1]) * 60 + Number(match[2] ?? "0");
  return value < minSeconds || value > maxSeconds ? { fault: { code: "range", min: Math.ceil(minSeconds / 60), max: Math.floor(maxSeconds / 60) } } : { value };
}

/** Seconds as `90` minutes or `1:30`; the inverse of [`readMinutes`]. */
export function minutesText(seconds: number): string {
  const rest = seconds % 60;
  const whole = Math.floor(seconds / 60);
  return rest === 0 ? String(whole) : `${whole}:${String(rest).padStart(2, "0")}`;
}

/** The value of a `datetime-local` field as an instant, in this machine's time zone. */
export function readInstant(text: string): Read<number> {
  const trimmed = text.trim();
  if (trimmed === "") {
    return { fault: { code: "empty" } };
  }
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::\d\d)?$/.exec(trimmed);
  if (match === null) {
    return { fault: { code: "instant" } };
  }
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  const at = new Date(year, month - 1, day, hour, minute);
  // The constructor turns 31 February into 3 March; such a date was not meant.
  const meant = at.getMonth() === month - 1 && at.getDate() === day && hour < 24;
  return meant ? { value: at.getTime() } : { fault: { code: "instant" } };
}

/** An instant as the value of a `datetime-local` field. */
export function instantText(utcMs: number): string {
  const at = new Date(utcMs);
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Puts the fields of a form together: the value when all could be read, otherwise all faults at once. */
export function gather<K extends string, F extends Record<K, unknown>, T>(reads: { [P in K]: Read<F[P]> }, make: (fields: F) => T): Parsed<T, K> {
  const faults: Partial<Record<K, FieldFault>> = {};
  const fields: Partial<F> = {};
  let wrong = false;
  for (const name of Object.keys(reads) as K[]) {
    const read = reads[name];
    if ("fault" in read) {
      faults[name] = read.fault;
      wrong = true;
    } else {
      fields[name] = read.value;
    }
  }
  return wrong ? { ok: false, faults } : { ok: true, value: make(fields as F) };
}

/** Fields of a new selection. */
export type SelectionField = "code" | "title" | "organiser";

/** A new selection with the default policy. */
export function parseSelection(values: Record<SelectionField, string>): Parsed<Omit<NewSelection, "policy">, SelectionField> {
  return gather<SelectionField, { code: string; title: string; organiser: string }, Omit<NewSelection, "policy">>(
    { code: readCode(values.code), title: readText(values.title), organiser: readText(values.organiser) },
    (fields) => fields,
  );
}

/** Fields of a stage. */
export type StageField = "code" | "title";

/** A new stage. */
export function parseStage(values: Record<StageField, string>): Parsed<NewStage, StageField> {
  return gather<StageField, { code: string; title: string }, NewStage>(
    { code: readCode(values.code), title: readText(values.title) },
    (fields) => fields,
  );
}

/** Fields of a hall. */
export type HallField = "code" | "title" | "rows" | "columns" | "spare";

/** A new hall; at least one seat must be left for a candidate. */
export function parseHall(values: Record<HallField, string>): Parsed<NewHall, HallField> {
  const parsed = gather<HallField, { code: string; title: string; rows: number; columns: number; spare: number }, NewHall>(
    {
      code: readCode(values.code),
      title: readText(values.title),
      rows: readInteger(values.rows, 1, 60),
      columns: readInteger(values.columns, 1, 60),
      spare: readInteger(values.spare, 0, 3_599),
    },
    (fields) => fields,
  );
  if (parsed.ok && parsed.value.spare >= parsed.value.rows * parsed.value.columns) {
    return { ok: false, faults: { spare: { code: "seats", seats: parsed.value.rows * parsed.value.columns } } };
  }
  return parsed;
}

/** The behaviour of a sitting unless somebody says otherwise; the same as the server's default. */
export const SITTING_POLICY: SittingPolicyBody = {
  start_together: false,
  check_in_opens_before_s: 90 * 60,
  check_in_closes_before_s: 5 * 60,
  latest_start_after_s: 30 * 60,
  hard_close_after_s: 0,
  grace_ms: 2_000,
  outage_automatic_s: 15 * 60,
  silent_after_s: 5 * 60,
  pin_valid_s: 15 * 60,
  seats_random: true,
};

/** The durations of a sitting's policy, typed in minutes. */
export const POLICY_MINUTES = [
  "check_in_opens_before_s", "check_in_closes_before_s", "latest_start_after_s", "hard_close_after_s", "outage_automatic_s", "silent_after_s", "pin_valid_s",
] as const;

/** Fields of a sitting. Choices between two are `"1"` or nothing. */
export type SittingField = "stage" | "hall" | "code" | "starts" | "start_together" | "seats_random" | "grace_ms" | (typeof POLICY_MINUTES)[number];

/** The fields of a policy as text. */
export function sittingPolicyTexts(policy: SittingPolicyBody): Record<Exclude<SittingField, "stage" | "hall" | "code" | "starts">, string> {
  return {
    start_together: policy.start_together ? "1" : "",
    seats_random: policy.seats_random ? "1" : "",
    grace_ms: String(policy.grace_ms),
    check_in_opens_before_s: minutesText(policy.check_in_opens_before_s),
    check_in_closes_before_s: minutesText(policy.check_in_closes_before_s),
    latest_start_after_s: minutesText(policy.latest_start_after_s),
    hard_close_after_s: minutesText(policy.hard_close_after_s),
    outage_automatic_s: minutesText(policy.outage_automatic_s),
    silent_after_s: minutesText(policy.silent_after_s),
    pin_valid_s: minutesText(policy.pin_valid_s),
  };
}

/** A sitting; a start that lies in the past was mistyped. */
export function parseSitting(values: Record<SittingField, string>, nowUtcMs: number): Parsed<NewSitting, SittingField> {
  const parsed = readSitting(values, nowUtcMs);
  if (parsed.ok && parsed.value.policy.check_in_closes_before_s >= parsed.value.policy.check_in_opens_before_s) {
    return { ok: false, faults: { check_in_closes_before_s: { code: "window" } } };
  }
  return parsed;
}

const POLICY_S_MAX = 48 * 3600;

function readSitting(values: Record<SittingField, string>, nowUtcMs: number): Parsed<NewSitting, SittingField> {
  const starts = readInstant(values.starts);
  const minutes = (field: (typeof POLICY_MINUTES)[number], minSeconds = 0): Read<number> => readMinutes(values[field], minSeconds, POLICY_S_MAX);
  type Fields = Record<(typeof POLICY_MINUTES)[number] | "starts" | "grace_ms", number> & Record<"stage" | "hall" | "code", string> &
    Record<"start_together" | "seats_random", boolean>;
  return gather<SittingField, Fields, NewSitting>(
    {
      stage: readText(values.stage),
      hall: readText(values.hall),
      code: readCode(values.code),
      starts: "value" in starts && starts.value < nowUtcMs - 24 * 3_600_000 ? { fault: { code: "past" } } : starts,
      start_together: { value: values.start_together === "1" },
      seats_random: { value: values.seats_random === "1" },
      grace_ms: readInteger(values.grace_ms, 0, 60_000),
      check_in_opens_before_s: minutes("check_in_opens_before_s", 60),
      check_in_closes_before_s: minutes("check_in_closes_before_s"),
      latest_start_after_s: minutes("latest_start_after_s", 60),
      hard_close_after_s: minutes("hard_close_after_s"),
      outage_automatic_s: minutes("outage_automatic_s"),
      silent_after_s: minutes("silent_after_s", 30),
      pin_valid_s: minutes("pin_valid_s", 60),
    },
    ({ stage, hall, code, starts: starts_utc_ms, ...policy }) => ({ stage, hall, code, starts_utc_ms, policy }),
  );
}

/** The next code of a series: `sesi-09` -> `sesi-10`; a code without a number gets `-2`. */
export function nextCode(code: string): string {
  const match = /^(.*?)(\d+)$/.exec(code);
  if (match === null) {
    return `${code}-2`;
  }
  const digits = match[2] ?? "";
  return `${match[1] ?? ""}${String(Number(digits) + 1).padStart(digits.length, "0")}`;
}

/** Fields of a selection's policy. Choices between two are `"1"` or nothing. */
export type PolicyField =
  | "names" | "reveal" | "reveal_items" | "reveal_seconds" | "freeze" | "marks_at_end" | "grant_approval" | "grant_above"
  | "terminate_approval" | "admit_late_approval" | "attempt_rule" | "column_category" | "column_marks" | "column_values" | "column_rank";

/** A policy as the texts of its form. */
export function policyTexts(policy: SelectionPolicy): Record<PolicyField, string> {
  const above = policy.grant_approval_above_s;
  return {
    names: policy.names,
    reveal: policy.reveal.by,
    reveal_items: policy.reveal.by === "every_answered" ? String(policy.reveal.items) : "5",
    reveal_seconds: policy.reveal.by === "interval" ? String(policy.reveal.seconds) : "60",
    freeze: minutesText(policy.freeze_before_end_s),
    marks_at_end: policy.marks_at_end ? "1" : "",
    grant_approval: above === null ? "never" : above === 0 ? "always" : "above",
    grant_above: above === null || above === 0 ? "10" : minutesText(above),
    terminate_approval: policy.terminate_approval ? "1" : "",
    admit_late_approval: policy.admit_late_approval ? "1" : "",
    attempt_rule: policy.attempt_rule,
    column_category: policy.columns.category ? "1" : "",
    column_marks: policy.columns.marks ? "1" : "",
    column_values: policy.columns.values ? "1" : "",
    column_rank: policy.columns.rank ? "1" : "",
  };
}

/** The policy a form says. Fields that do not matter for the chosen way are not looked at. */
export function parsePolicy(values: Record<PolicyField, string>): Parsed<SelectionPolicy, PolicyField> {
  const reveal = readReveal(values);
  const grant = readGrantApproval(values);
  const freeze = readMinutes(values.freeze, 0, 8 * 3600);
  if ("faults" in reveal || "faults" in grant || "fault" in freeze) {
    return {
      ok: false,
      faults: {
        ...("faults" in reveal ? reveal.faults : {}),
        ...("faults" in grant ? grant.faults : {}),
        ...("fault" in freeze ? { freeze: freeze.fault } : {}),
      },
    };
  }
  return {
    ok: true,
    value: {
      names: values.names as NamePolicy,
      reveal: reveal.value,
      freeze_before_end_s: freeze.value,
      marks_at_end: values.marks_at_end === "1",
      grant_approval_above_s: grant.value,
      terminate_approval: values.terminate_approval === "1",
      admit_late_approval: values.admit_late_approval === "1",
      attempt_rule: values.attempt_rule as AttemptRule,
      columns: {
        category: values.column_category === "1",
        marks: values.column_marks === "1",
        values: values.column_values === "1",
        rank: values.column_rank === "1",
      },
    },
  };
}

type PolicyRead<T> = { value: T } | { faults: Partial<Record<PolicyField, FieldFault>> };

function readReveal(values: Record<PolicyField, string>): PolicyRead<RevealPolicy> {
  switch (values.reveal as RevealPolicy["by"]) {
    case "every_answered": {
      const items = readInteger(values.reveal_items, 2, 50);
      return "fault" in items ? { faults: { reveal_items: items.fault } } : { value: { by: "every_answered", items: items.value } };
    }
    case "interval": {
      const seconds = readInteger(values.reveal_seconds, 10, 3_600);
      return "fault" in seconds ? { faults: { reveal_seconds: seconds.fault } } : { value: { by: "interval", seconds: seconds.value } };
    }
    case "at_end":
      return { value: { by: "at_end" } };
  }
}

function readGrantApproval(values: Record<PolicyField, string>): PolicyRead<number | null> {
  if (values.grant_approval === "never") {
    return { value: null };
  }
  if (values.grant_approval === "always") {
    return { value: 0 };
  }
  const above = readMinutes(values.grant_above, 1, 7_200);
  return "fault" in above ? { faults: { grant_above: above.fault } } : { value: above.value };
}

/** Fields of a move to another sitting. */
export type MoveField = "sitting" | "reason";

/** Another sitting, with a reason. */
export function parseMove(values: Record<MoveField, string>): Parsed<{ sitting: string; reason: string }, MoveField> {
  return gather<MoveField, { sitting: string; reason: string }, { sitting: string; reason: string }>(
    { sitting: readText(values.sitting), reason: readText(values.reason) },
    (fields) => fields,
  );
}

/** Fields of a new member of staff, besides the grants. */
export type StaffField = "login" | "name";

/** Login and name. */
export function parseStaff(values: Record<StaffField, string>): Parsed<{ login: string; name: string }, StaffField> {
  return gather<StaffField, { login: string; name: string }, { login: string; name: string }>(
    { login: readLogin(values.login), name: readText(values.name) },
    (fields) => fields,
  );
}
