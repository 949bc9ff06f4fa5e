// The form of a formation: title, slots, and where it stands for the rule set. Pure, like `forms.ts`.

import type { FormationLine, FormationView, LineValue, NewFormation, PutFormation } from "../wire";
import { readInteger } from "../common/integer";
import { gather, readCode, readText, type Parsed, type Read } from "./forms";

/** Fields of a formation. `further` holds one `column = value` a line. */
export type FormationField = "code" | "title" | "slots" | "category" | "job" | "education" | "unit" | "agency" | "further";

/** A form nobody has filled in. */
export const NO_FORMATION: Record<FormationField, string> = { code: "", title: "", slots: "", category: "", job: "", education: "", unit: "", agency: "", further: "" };

/** A formation as the texts of its form. */
export function formationTexts(formation: FormationView): Record<FormationField, string> {
  const { category, job, education, unit, agency, further } = formation.line;
  return {
    code: formation.code,
    title: formation.title,
    slots: String(formation.slots),
    category, job, education, unit, agency,
    further: further.map(({ column, value }) => `${column} = ${value}`).join("\n"),
  };
}

interface Fields extends Omit<FormationLine, "further"> {
  code: string;
  title: string;
  slots: number;
  further: LineValue[];
}

/** A new formation. */
export function parseFormation(values: Record<FormationField, string>): Parsed<NewFormation, FormationField> {
  return gather<FormationField, Fields & Record<FormationField, unknown>, NewFormation>(reads(values), ({ code, title, slots, ...line }) => ({ code, title, slots, line }));
}

/** A changed formation; the code stays. */
export function parseFormationChange(values: Record<FormationField, string>): Parsed<PutFormation, FormationField> {
  return gather<FormationField, Fields & Record<FormationField, unknown>, PutFormation>(reads(values), ({ code: _, title, slots, ...line }) => ({ title, slots, line }));
}

function reads(values: Record<FormationField, string>): { [P in FormationField]: Read<Fields[P]> } {
  const word = (text: string): Read<string> => ({ value: text.trim() });
  return {
    code: readCode(values.code),
    title: readText(values.title),
    slots: readInteger(values.slots, 1, 100_000),
    category: word(values.category),
    job: word(values.job),
    education: word(values.education),
    unit: word(values.unit),
    agency: word(values.agency),
    further: readFurther(values.further),
  };
}

/** Lines of `column = value`. */
export function readFurther(text: string): Read<LineValue[]> {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const values = lines.map((line) => /^([a-z0-9_-]+)\s*=\s*(.+)$/.exec(line));
  const wrong = values.findIndex((match) => match === null);
  return wrong >= 0
    ? { fault: { code: "column_value", line: lines[wrong] ?? "" } }
    : { value: values.flatMap((match) => (match === null ? [] : [{ column: match[1] ?? "", value: (match[2] ?? "").trim() }])) };
}
