// Which page the hash of the address names. Pure: the rest of the pages never look at `location.hash` themselves.

import type { Id } from "../wire";

/** The steps of a selection that have a page, in the order of the work. */
export const STEP_PAGES = ["formations", "halls", "stages", "candidates", "sittings", "placement", "papers", "policy"] as const;

/** One of them. */
export type StepPage = (typeof STEP_PAGES)[number];

/** Every page there is. */
export type Route =
  | { at: "selections" }
  | { at: "selection"; selection: Id }
  | { at: "step"; selection: Id; step: StepPage }
  | { at: "blueprint"; selection: Id; stage: Id; formation: Id | undefined }
  | { at: "bank"; section: string; topic: string; subtopic: string; find: string; page: number }
  | { at: "import" }
  | { at: "watch" }
  | { at: "results"; selection: Id | undefined; stage: Id | undefined }
  | { at: "staff" };

/** The main entries of the navigation. */
export type Area = "selections" | "bank" | "watch" | "results" | "staff";

// What stands in the address is Indonesian, like the paths of all pages.
const WORDS: Record<StepPage, string> = {
  formations: "formasi",
  halls: "ruang",
  stages: "kisi-kisi",
  candidates: "peserta",
  sittings: "sesi",
  placement: "penempatan",
  papers: "naskah",
  policy: "kebijakan",
};

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
      return { at: "results", selection: parts[1], stage: parts[2] };
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
      return ["#/hasil", route.selection, route.stage].filter((part) => part !== undefined).join("/");
    case "staff":
      return "#/petugas";
  }
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
