// Where the stage stands, from reconciliation to the published list, and what is to be done next.

import { dateTime } from "../../common/format";
import type { CorrectionView, ObjectionDesk, Reconciliation, RevisionView } from "../../wire";
import { useDocument } from "../load";
import { href, resultsAt } from "../route";
import { strings } from "../strings";
import type { StageProps } from "./area";
import { nextResultStep, resultSteps, type ResultFact, type ResultStep } from "./overview";
import { office } from "./strings";

const MARKS: Record<ResultStep["state"], string> = { done: "✓", missing: "!", waiting: "", optional: "–", unknown: "?" };

/** `#/hasil/{selection}/{stage}`. */
export function OverviewPart(props: StageProps) {
  const { stage, view } = props;
  const base = `/api/v1/stages/${stage.id}`;
  const reconciliation = useDocument<Reconciliation>(`${base}/reconciliation`);
  const revisions = useDocument<RevisionView[]>(`${base}/revisions`);
  const corrections = useDocument<CorrectionView[]>(`${base}/corrections`);
  const desk = useDocument<ObjectionDesk>(`${base}/objections`);
  const busy = [reconciliation, revisions, corrections, desk].some((document) => document.busy && document.value === undefined);
  if (busy) {
    return <p class="loading" role="status"><span class="spinner" aria-hidden="true" /> {strings.common.loading}</p>;
  }
  const steps = resultSteps({ reconciliation: reconciliation.value, revisions: revisions.value, corrections: corrections.value, desk: desk.value });
  const next = nextResultStep(steps);
  const text = office.overview;
  return (
    <div data-testid="part-body-overview">
      <p class="soft">{office.intro}</p>
      {next !== undefined && (
        <div class="card next-step" data-testid="result-next" data-step={next.name}>
          <p class="soft">{text.next}</p>
          <h3>{text.steps[next.name]}</h3>
          {next.facts.map((fact) => <p key={fact.say}>{factWords(fact)}</p>)}
          <a class="button primary" href={href(resultsAt(view.id, stage.id, next.part))}>{office.open}: {office.parts[next.part]}</a>
        </div>
      )}
      <ol class="checklist" data-testid="result-steps">
        {steps.map((step, index) => (
          <li key={step.name} data-testid={`result-step-${step.name}`} data-state={step.state}>
            <span class={`mark ${step.state}`} aria-hidden="true">{MARKS[step.state] === "" ? index + 1 : MARKS[step.state]}</span>
            <div>
              <h3><a href={href(resultsAt(view.id, stage.id, step.part))}>{text.steps[step.name]}</a> <span class={`state ${step.state}`}>{text.states[step.state]}</span></h3>
              {step.facts.map((fact) => <p key={fact.say} class="soft">{factWords(fact)}</p>)}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** A fact in words. */
function factWords(fact: ResultFact): string {
  const words = office.overview.sentences;
  switch (fact.say) {
    case "open":
      return words.open(fact.sittings);
    case "unexplained":
      return words.unexplained(fact.differences);
    case "reconciled":
      return words.reconciled(fact.sittings);
    case "no_revision":
      return words.noRevision;
    case "revision":
      return words.revision(fact.number);
    case "not_published":
      return words.notPublished(fact.number);
    case "published":
      return words.published(fact.number);
    case "no_window":
      return words.noWindow;
    case "window":
      return words.window(dateTime(fact.opens_utc_ms), dateTime(fact.closes_utc_ms));
    case "waiting":
      return words.waiting(fact.objections);
    case "answered":
      return words.answered(fact.objections);
    case "no_objections":
      return words.noObjections;
    case "proposals":
      return words.proposals(fact.corrections);
    case "no_proposals":
      return words.noProposals;
  }
}
