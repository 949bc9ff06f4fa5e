// A rule set for the sections of a story: one test that decides the slots, no thresholds, every status with a code.

/** Code, title and highest marks of a section. */
export type RuledSection = [code: string, title: string, max: number];

const CODES: [stage: string, status: string, code: string][] = [
  ["tes", "absent", "TH"], ["tes", "below_threshold", "TL"], ["final", "selected", "L"], ["final", "not_selected", "TL"],
  ["*", "disqualified", "DIS"], ["*", "withdrawn", "APS"], ["*", "ineligible", "TMS"],
];

/** The text, as an agency would paste it. */
export function ruleSetText(id: string, sections: RuledSection[]): string {
  const order = sections.map(([code]) => `"${code}"`).join(", ");
  return `id = "${id}"
year = 2026
sources = [{ decree = "Aturan uji", article = "1" }]
title = { id = "Tes instansi", en = "Agency's test" }
categories = ["umum", "disabilitas"]
default_agency = "daerah"

[[stages]]
id = "tes"
title = { id = "Tes tertulis", en = "Written test" }
tie_order = [${order}]

${sections.map(([code, title, max]) => `[[stages.sections]]\nid = "${code}"\ntitle = { id = "${title}", en = "${title}" }\nmax = ${max}\n`).join("\n")}
[[stages.pass]]
categories = ["*"]
rule = "none"

[final]
weights = { tes = 100 }
tie_order = [${order}, "gpa", "birth_date", "committee"]
decide_ties_on = "exact"
missing = "committee"

[display]
decimals = 3
mark = ","
rounding = "half_up"

${CODES.map(([stage, status, code]) => `[[codes]]\nstage = "${stage}"\nstatus = "${status}"\ncode = "${code}"\ntext = { id = "${status}", en = "${status}" }\n`).join("\n")}`;
}
