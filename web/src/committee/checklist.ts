// What a selection still needs, step by step in the order of the work. Pure: a newcomer follows the list, the views only draw it.

import type { BankCell, HallView, RuleSetInUse, SelectionView, SittingView, StageView } from "../wire";
import { shortCells } from "./blueprint";
import type { StepPage } from "./route";

/** The steps: the pages of a selection, and the work that is done elsewhere. */
export type StepName = StepPage | "bank" | "conduct" | "results";

/** One thing that is missing, with what its sentence needs. */
export type Missing =
  | { what: "formations" }
  | { what: "halls" }
  | { what: "items" }
  | { what: "stages" }
  | { what: "blueprint"; stage: string; formations: string[] }
  | { what: "bank_short"; stage: string; cells: number }
  | { what: "rule_set" }
  | { what: "misfits"; misfits: number }
  | { what: "candidates" }
  | { what: "sittings"; stage: string }
  | { what: "places"; stage: string; short: number }
  | { what: "unassigned"; stage: string; candidates: number }
  | { what: "papers"; sitting: string; papers: number }
  | { what: "sittings_open"; sittings: number }
  | { what: "publication" };

/** Where a step stands: done, to be done now, waiting for an earlier one, something that may be left as it is, or not known (yet) to this account. */
export type StepState = "done" | "missing" | "waiting" | "optional" | "unknown";

/** A line of the list. */
export interface Step {
  name: StepName;
  state: StepState;
  missing: Missing[];
}

/** The list. `contents` is the bank's table of contents, `ruleSet` what the selection is decided by, `publications` how many there are; undefined while not known. */
export function checklist(view: SelectionView, contents: BankCell[] | undefined, ruleSet: RuleSetInUse | undefined, publications: number | undefined): Step[] {
  const formations = step("formations", true, view.formations.length === 0 ? [{ what: "formations" }] : []);
  const halls = step("halls", true, view.halls.length === 0 ? [{ what: "halls" }] : []);
  const items = contents?.reduce((sum, cell) => sum + cell.items, 0);
  const bank: Step = items === undefined ? { name: "bank", state: "unknown", missing: [] } : step("bank", true, items === 0 ? [{ what: "items" }] : []);
  const stages = step("stages", formations.state === "done", missingOfStages(view, contents));
  const rules: Step = ruleSet === undefined ? { name: "rule_set", state: "unknown", missing: [] } : step("rule_set", true, missingOfRuleSet(ruleSet));
  const candidates = step("candidates", formations.state === "done", view.candidates === 0 ? [{ what: "candidates" }] : []);
  const sittings = step("sittings", halls.state === "done" && view.stages.length > 0, missingOfSittings(view));
  const placement = step(
    "placement",
    view.sittings.length > 0 && view.candidates > 0,
    view.sittings.length > 0 && view.candidates > 0 ? missingOfPlacement(view) : view.candidates === 0 ? [{ what: "candidates" }] : [],
  );
  const enrolled = view.sittings.reduce((sum, sitting) => sum + sitting.enrolled, 0);
  const papers = step("papers", enrolled > 0 && stages.state === "done", missingOfPapers(view));
  const policy: Step = { name: "policy", state: "optional", missing: [] };
  const open = view.sittings.filter((sitting) => sitting.phase !== "closed").length;
  const conduct = step("conduct", papers.state === "done", open > 0 || view.sittings.length === 0 ? [{ what: "sittings_open", sittings: open }] : []);
  const results: Step = publications === undefined
    ? { name: "results", state: "unknown", missing: [] }
    : step("results", conduct.state === "done", publications === 0 ? [{ what: "publication" }] : []);
  return [formations, halls, bank, stages, rules, candidates, sittings, placement, papers, policy, conduct, results];
}

function step(name: StepName, ready: boolean, missing: Missing[]): Step {
  if (!ready) {
    return { name, state: "waiting", missing };
  }
  return { name, state: missing.length === 0 ? "done" : "missing", missing };
}

/** The first thing to do now, if anything is. */
export function nextStep(steps: Step[]): Step | undefined {
  return steps.find((step) => step.state === "missing");
}

/** Formations of a stage that no blueprint covers. */
export function uncovered(stage: StageView, view: SelectionView): string[] {
  if (stage.blueprints.some((blueprint) => blueprint.formation === null)) {
    return [];
  }
  return view.formations.filter((formation) => !stage.blueprints.some((own) => own.formation === formation.id)).map((formation) => formation.code);
}

function missingOfStages(view: SelectionView, contents: BankCell[] | undefined): Missing[] {
  if (view.stages.length === 0) {
    return [{ what: "stages" }];
  }
  return view.stages.flatMap((stage): Missing[] => {
    const without = uncovered(stage, view);
    const noneAtAll = stage.blueprints.length === 0;
    const short = contents === undefined ? 0 : stage.blueprints.reduce((sum, own) => sum + shortCells(own.blueprint, contents), 0);
    return [
      ...(noneAtAll || without.length > 0 ? [{ what: "blueprint" as const, stage: stage.title, formations: noneAtAll ? [] : without }] : []),
      ...(short > 0 ? [{ what: "bank_short" as const, stage: stage.title, cells: short }] : []),
    ];
  });
}

function missingOfRuleSet(ruleSet: RuleSetInUse): Missing[] {
  if (ruleSet.chosen === null) {
    return [{ what: "rule_set" }];
  }
  return ruleSet.misfits.length === 0 ? [] : [{ what: "misfits", misfits: ruleSet.misfits.length }];
}

function missingOfSittings(view: SelectionView): Missing[] {
  return view.stages.flatMap((stage): Missing[] => {
    const own = view.sittings.filter((sitting) => sitting.stage === stage.id);
    if (own.length === 0) {
      return [{ what: "sittings", stage: stage.title }];
    }
    const places = own.reduce((sum, sitting) => sum + capacity(sitting, view.halls), 0);
    return places < view.candidates ? [{ what: "places", stage: stage.title, short: view.candidates - places }] : [];
  });
}

function missingOfPlacement(view: SelectionView): Missing[] {
  return view.stages.flatMap((stage): Missing[] => {
    const without = unplaced(stage, view);
    return without > 0 ? [{ what: "unassigned", stage: stage.title, candidates: without }] : [];
  });
}

function missingOfPapers(view: SelectionView): Missing[] {
  return view.sittings
    .filter((sitting) => sitting.phase !== "closed" && sitting.drawn < sitting.enrolled)
    .map((sitting) => ({ what: "papers", sitting: sitting.code, papers: sitting.enrolled - sitting.drawn }));
}

/** Candidates of a stage without a sitting. */
export function unplaced(stage: StageView, view: SelectionView): number {
  const enrolled = view.sittings.filter((sitting) => sitting.stage === stage.id).reduce((sum, sitting) => sum + sitting.enrolled, 0);
  return Math.max(0, view.candidates - enrolled);
}

/** Places of a sitting: the seats of its hall that are not kept free. */
export function capacity(sitting: SittingView, halls: HallView[]): number {
  return halls.find((hall) => hall.id === sitting.hall)?.seats.filter((seat) => !seat.spare).length ?? 0;
}
