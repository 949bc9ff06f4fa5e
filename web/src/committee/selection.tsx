// One selection: its steps at the side, the page of the chosen step beside them.

import { useEffect, useRef, useState } from "preact/hooks";
import type { ItemPage, Me, PublicationView, RuleSetInUse, SelectionView } from "../wire";
import { may, maySomewhere } from "./access";
import { BlueprintPage } from "./blueprint-page";
import { CandidatesPage } from "./candidates";
import { checklist, nextStep, type Missing, type Step, type StepName, type StepState } from "./checklist";
import { FormationsPage } from "./formations";
import { HallsPage } from "./halls";
import { lazy } from "./lazy";
import { Loaded, useDocument, type Document } from "./load";
import { PapersPage } from "./papers";
import { PlacementPage } from "./placement";
import { PolicyPage } from "./policy";
import { href, resultsAt, WHOLE_BANK, type Route, type StepPage } from "./route";
import { SittingsPage } from "./sittings";
import { StagesPage } from "./stages";
import { strings } from "./strings";
import { useWide } from "./use-wide";
import { count } from "./widgets";

const RuleSetPage = lazy(() => import("./rule-set").then((module) => module.RuleSetPage));

/** What the pages of a selection are given. */
export interface SelectionProps {
  me: Me;
  view: SelectionView;
  /** The bank's table of contents; none when it may not be read or is not there yet. */
  bank: ItemPage | undefined;
  /** It is still being asked for. */
  bankBusy: boolean;
  /** What the selection is decided by. */
  ruleSet: Document<RuleSetInUse>;
  /** False for those who only read. */
  mayManage: boolean;
  /** True for those who may read candidates and draw reports. */
  mayInspect: boolean;
  /** Asks for the selection again after something was changed. */
  changed: () => Promise<void>;
}

type SelectionRoute = Extract<Route, { at: "selection" | "step" | "blueprint" }>;

/** `#/seleksi/{id}` and everything below. */
export function SelectionPage(props: { me: Me; route: SelectionRoute }) {
  const { me, route } = props;
  const selection = useDocument<SelectionView>(`/api/v1/selections/${route.selection}`);
  const bank = useDocument<ItemPage>(maySomewhere(me, "read items") ? "/api/v1/bank/items" : undefined);
  const ruleSet = useDocument<RuleSetInUse>(`/api/v1/selections/${route.selection}/rule-set`);
  const publications = useDocument<PublicationView[]>("/api/v1/publications");
  // Colleagues work at the same time: every step starts with fresh counts.
  const page = route.at === "step" ? route.step : route.at;
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) {
      void selection.reload();
      void ruleSet.reload();
    }
    first.current = false;
  }, [page]);
  return (
    <section class="page" data-testid="page-selection">
      <Loaded of={selection}>
        {(view) => {
          const steps = checklist(view, bank.value?.cells, ruleSet.value, publications.value?.filter((publication) => publication.selection === view.title).length);
          const inside: SelectionProps = {
            me, view, bank: bank.value, bankBusy: bank.busy && bank.value === undefined, ruleSet,
            mayManage: may(me, "manage", view.id), mayInspect: may(me, "inspect", view.id),
            changed: async () => {
              await Promise.all([selection.reload(), ruleSet.reload()]);
            },
          };
          return (
            <>
              <div class="selection-head">
                <h2>{view.title}</h2>
                <p class="soft facts">
                  <span class="code">{view.code}</span>
                  <span>{view.organiser}</span>
                  <span class="tabular">{strings.selections.candidates(count(view.candidates))}</span>
                </p>
              </div>
              <div class="beside">
                <StepRail selection={view.id} steps={steps} current={currentStep(route)} />
                <div class="beside-main">
                  {route.at === "selection" && <Overview selection={view.id} steps={steps} mayManage={inside.mayManage} bankUnknown={bank.value === undefined && !bank.busy} />}
                  {route.at === "step" && <StepBody step={route.step} inside={inside} />}
                  {route.at === "blueprint" && <BlueprintPage key={`${route.stage}/${route.formation ?? ""}`} {...inside} stage={route.stage} formation={route.formation} />}
                </div>
              </div>
            </>
          );
        }}
      </Loaded>
    </section>
  );
}

function currentStep(route: SelectionRoute): StepName | undefined {
  switch (route.at) {
    case "selection":
      return undefined;
    case "step":
      return route.step;
    case "blueprint":
      return "stages";
  }
}

function StepBody(props: { step: StepPage; inside: SelectionProps }) {
  const { inside } = props;
  switch (props.step) {
    case "formations":
      return <FormationsPage {...inside} />;
    case "halls":
      return <HallsPage {...inside} />;
    case "stages":
      return <StagesPage {...inside} />;
    case "rule_set":
      return <RuleSetPage {...inside} />;
    case "candidates":
      return <CandidatesPage {...inside} />;
    case "sittings":
      return <SittingsPage {...inside} />;
    case "placement":
      return <PlacementPage {...inside} />;
    case "papers":
      return <PapersPage {...inside} />;
    case "policy":
      return <PolicyPage {...inside} />;
  }
}

function stepHref(selection: string, step: StepName): string {
  switch (step) {
    case "bank":
      return href(WHOLE_BANK);
    case "conduct":
      return href({ at: "watch" });
    case "results":
      return href(resultsAt(selection));
    default:
      return href({ at: "step", selection, step });
  }
}

const MARKS: Record<StepState, string> = { done: "✓", missing: "!", waiting: "", optional: "–", unknown: "?" };

function StepRail(props: { selection: string; steps: Step[]; current: StepName | undefined }) {
  const text = strings.steps;
  const wide = useWide();
  const [open, setOpen] = useState(false);
  // On a phone the list folds away again once something was chosen.
  useEffect(() => setOpen(false), [props.current]);
  const done = props.steps.filter((step) => step.state === "done" || step.state === "optional").length;
  return (
    <nav class="steps" aria-label={text.heading}>
      <details open={wide || open} onToggle={(event) => {
        if (!wide) {
          setOpen(event.currentTarget.open);
        }
      }}>
        <summary data-testid="steps-fold">
          <strong>{props.current === undefined ? text.overview : text.names[props.current]}</strong>
          <span class="soft"> · {text.progress(done, props.steps.length)}</span>
        </summary>
        <ol>
          <li>
            <a href={href({ at: "selection", selection: props.selection })} aria-current={props.current === undefined ? "page" : undefined} data-testid="step-overview">
              <span class="mark overview" aria-hidden="true">≡</span><span>{text.overview}</span>
            </a>
          </li>
          {props.steps.map((step, index) => (
            <li key={step.name}>
              <a href={stepHref(props.selection, step.name)} aria-current={props.current === step.name ? "page" : undefined}
                data-testid={`step-${step.name}`} data-state={step.state}>
                <span class={`mark ${step.state}`} aria-hidden="true">{MARKS[step.state] === "" ? index + 1 : MARKS[step.state]}</span>
                <span>{text.names[step.name]}<span class="visually-hidden">, {text.states[step.state]}</span></span>
              </a>
            </li>
          ))}
        </ol>
        <p class="soft steps-progress">{text.progress(done, props.steps.length)}</p>
      </details>
    </nav>
  );
}

function Overview(props: { selection: string; steps: Step[]; mayManage: boolean; bankUnknown: boolean }) {
  const text = strings.steps;
  const next = nextStep(props.steps);
  return (
    <>
      {next === undefined
        ? <p class="notice good" data-testid="next-step">{text.allDone}</p>
        : (
          <div class="card next-step" data-testid="next-step" data-step={next.name}>
            <p class="soft">{text.next}</p>
            <h3>{text.names[next.name]}</h3>
            <p>{text.purposes[next.name]}</p>
            <MissingList missing={next.missing} />
            <a class="button primary" href={stepHref(props.selection, next.name)} data-testid="next-step-go">{props.mayManage ? text.go : text.look}</a>
          </div>
        )}
      {props.bankUnknown && <p class="notice warn">{text.bankUnknown}</p>}
      <ol class="checklist" data-testid="checklist">
        {props.steps.map((step, index) => (
          <li key={step.name} class={step.state} data-testid={`check-${step.name}`} data-state={step.state}>
            <span class={`mark ${step.state}`} aria-hidden="true">{MARKS[step.state] === "" ? index + 1 : MARKS[step.state]}</span>
            <div>
              <h3><a href={stepHref(props.selection, step.name)}>{text.names[step.name]}</a> <span class={`state ${step.state}`}>{text.states[step.state]}</span></h3>
              <p class="soft">{text.purposes[step.name]}</p>
              {step.state === "missing" && <MissingList missing={step.missing} />}
            </div>
          </li>
        ))}
      </ol>
    </>
  );
}

const PAPERS_SHOWN = 5;

function MissingList(props: { missing: Missing[] }) {
  const papers = props.missing.filter((missing) => missing.what === "papers");
  const others = props.missing.filter((missing) => missing.what !== "papers");
  const shown = [...others, ...papers.slice(0, PAPERS_SHOWN)];
  if (shown.length === 0) {
    return null;
  }
  return (
    <ul class="missing-list">
      {shown.map((missing) => <li key={missingWords(missing)}>{missingWords(missing)}</li>)}
      {papers.length > PAPERS_SHOWN && <li>{strings.steps.missing.papersMore(papers.length - PAPERS_SHOWN)}</li>}
    </ul>
  );
}

/** What is missing, in words. */
export function missingWords(missing: Missing): string {
  const text = strings.steps.missing;
  switch (missing.what) {
    case "formations":
      return text.formations;
    case "halls":
      return text.halls;
    case "items":
      return text.items;
    case "stages":
      return text.stages;
    case "blueprint":
      return missing.formations.length === 0 ? text.blueprint(missing.stage) : text.blueprintOf(missing.stage, missing.formations.join(", "));
    case "bank_short":
      return text.bankShort(missing.stage, missing.cells);
    case "rule_set":
      return text.ruleSet;
    case "misfits":
      return text.misfits(missing.misfits);
    case "candidates":
      return text.candidates;
    case "sittings":
      return text.sittings(missing.stage);
    case "places":
      return text.places(missing.stage, count(missing.short));
    case "unassigned":
      return text.unassigned(missing.stage, count(missing.candidates));
    case "papers":
      return text.papers(missing.sitting, count(missing.papers));
    case "sittings_open":
      return missing.sittings === 0 ? text.noSittings : text.sittingsOpen(missing.sittings);
    case "publication":
      return text.publication;
  }
}
