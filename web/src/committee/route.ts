// Which page the hash of the address names. Pure: the rest of the pages never look at `location.hash` themselves.

import type { Id } from "../wire";

/** The steps of a selection that have a page, in the order of the work. */
export const STEP_PAGES = ["formations", "halls", "stages", "rule_set", "candidates", "sittings", "placement", "papers", "policy"] as const;

/** One of them. */
export type StepPage = (typeof STEP_PAGES)[number];

/** The parts of a stage's results, in the order of the work. */
export const RESULT_PARTS = ["overview", "reconciliation", "computation", "corrections", "revisions", "announcement", "objections", "statistics"] as const;

/** One of them. */
export type ResultPart = (typeof RESULT_PARTS)[number];

/** A page of the area of results. `id` names a revision or a correction (or `new`); `objection` is what a new correction answers. */
export interface ResultsRoute {
  at: "results";
  selection: Id | undefined;
  stage: Id | undefined;
  part: ResultPart;
  id: Id | undefined;
  objection: Id | undefined;
}

/** Every page there is. */
export type Route =
  | { at: "selections" }
  | { at: "selection"; selection: Id }
  | { at: "step"; selection: Id; step: StepPage }
  | { at: "blueprint"; selection: Id; stage: Id; formation: Id | undefined }
  | { at: "bank"; section: string; topic: string; subtopic: string; find: string; page: number }
  | { at: "import" }
  | { at: "watch" }
  | ResultsRoute
  | { at: "staff" };

/** The main entries of the navigation. */
export type Area = "selections" | "bank" | "watch" | "results" | "staff";

// What stands in the address is Indonesian, like the paths of all pages.
const WORDS: Record<StepPage, string> = {
  formations: "formasi",
  halls: "ruang",
  stages: "kisi-kisi",
  rule_set: "himpunan-aturan",
  candidates: "peserta",
  sittings: "sesi",
  placement: "penempatan",
  papers: "naskah",
  policy: "kebijakan",
};

const PART_WORDS: Record<ResultPart, string> = {
  overview: "ikhtisar",
  reconciliation: "rekonsiliasi",
  computation: "perhitungan",
  corrections: "koreksi",
  revisions: "revisi",
  announcement: "pengumuman",
  objections: "sanggah",
  statistics: "statistik",
};
const NEW_WORD = "baru";

/** The route of a part of a stage's results. */
export function resultsAt(selection?: Id, stage?: Id, part: ResultPart = "overview", id?: Id, objection?: Id): ResultsRoute {
  return { at: "results", selection, stage, part, id, objection };
}

/** The whole bank, first page. */
export const WHOLE_BANK: Route = { at: "bank", section: "", topic: "", subtopic: "", find: "", page: 1 };

/** Reads a hash such as `#/seleksi/0af3/peserta`; what is not understood leads to the list of selections. */
export function readRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const parts = path.split("/").filter((part) => part !== "").map(decode);
  switch (parts[0]) {
    case "seleksi":
      return readSelection(parts);
    case "bank":
      return parts[1] === "impor" ? { at: "import" } : readBank(new URLSearchParams(query));
    case "pantau":
      return { at: "watch" };
    case "hasil":
      return readResults(parts, new URLSearchParams(query));
    case "petugas":
      return { at: "staff" };
    default:
      return { at: "selections" };
  }
}

function readSelection(parts: string[]): Route {
  const [, selection, word, stage, formation] = parts;
  if (selection === undefined) {
    return { at: "selections" };
  }
  if (word === WORDS.stages && stage !== undefined) {
    return { at: "blueprint", selection, stage, formation };
  }
  const step = STEP_PAGES.find((page) => WORDS[page] === word);
  return step === undefined ? { at: "selection", selection } : { at: "step", selection, step };
}

function readResults(parts: string[], query: URLSearchParams): Route {
  const [, selection, stage, word, id] = parts;
  const part = RESULT_PARTS.find((one) => PART_WORDS[one] === word) ?? "overview";
  return resultsAt(selection, stage, part, id === NEW_WORD ? "new" : id, query.get("sanggah") ?? undefined);
}

function readBank(query: URLSearchParams): Route {
  const page = Number.parseInt(query.get("page") ?? "1", 10);
  return {
    at: "bank",
    section: query.get("section") ?? "",
    topic: query.get("topic") ?? "",
    subtopic: query.get("subtopic") ?? "",
    find: query.get("find") ?? "",
    page: Number.isFinite(page) && page > 0 ? page : 1,
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a page, ready for `href`. */
export function href(route: Route): string {
  switch (route.at) {
    case "selections":
      return "#/seleksi";
    case "selection":
      return `#/seleksi/${route.selection}`;
    case "step":
      return `#/seleksi/${route.selection}/${WORDS[route.step]}`;
    case "blueprint":
      return `#/seleksi/${route.selection}/${WORDS.stages}/${route.stage}${route.formation === undefined ? "" : `/${route.formation}`}`;
    case "bank":
      return `#/bank${bankQuery(route)}`;
    case "import":
      return "#/bank/impor";
    case "watch":
      return "#/pantau";
    case "results":
      return resultsHref(route);
    case "staff":
      return "#/petugas";
  }
}

function resultsHref(route: ResultsRoute): string {
  const { selection, stage, part, id, objection } = route;
  const below = stage === undefined || (part === "overview" && id === undefined) ? [] : [PART_WORDS[part], id === "new" ? NEW_WORD : id];
  const path = ["#/hasil", selection, stage, ...below].filter((piece) => piece !== undefined).join("/");
  return objection === undefined ? path : `${path}?sanggah=${objection}`;
}

function bankQuery(route: Extract<Route, { at: "bank" }>): string {
  const query = new URLSearchParams();
  for (const name of ["section", "topic", "subtopic", "find"] as const) {
    if (route[name] !== "") {
      query.set(name, route[name]);
    }
  }
  if (route.page > 1) {
    query.set("page", String(route.page));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** The entry of the navigation a page belongs to. */
export function areaOf(route: Route): Area {
  switch (route.at) {
    case "selections":
    case "selection":
    case "step":
    case "blueprint":
      return "selections";
    case "bank":
    case "import":
      return "bank";
    case "watch":
      return "watch";
    case "results":
      return "results";
    case "staff":
      return "staff";
  }
}
