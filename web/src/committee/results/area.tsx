// The area of results: which selection and stage, and the parts of its work as tabs.

import { useEffect, useRef } from "preact/hooks";
import type { Me, PublicationView, SelectionSummary, SelectionView, StageView } from "../../wire";
import { may } from "../access";
import { Loaded, useDocument } from "../load";
import { href, RESULT_PARTS, resultsAt, type ResultPart, type ResultsRoute } from "../route";
import { Empty } from "../widgets";
import { AnnouncementPart } from "./announcement";
import { ComputationPart } from "./computation";
import { CorrectionsPart } from "./corrections";
import { ObjectionsPart } from "./objections";
import { OverviewPart } from "./overview-part";
import { PublicationTable } from "./publication-table";
import { ReconciliationPart } from "./reconciliation";
import { RevisionsPart } from "./revisions";
import { StatisticsPart } from "./statistics";
import { office } from "./strings";
import "./results.css";

/** What every part is given. */
export interface StageProps {
  me: Me;
  view: SelectionView;
  stage: StageView;
  route: ResultsRoute;
  /** False for those who only read. */
  mayManage: boolean;
}

/** `#/hasil` and everything below. */
export function ResultsArea(props: { me: Me; route: ResultsRoute }) {
  const { me, route } = props;
  const selections = useDocument<SelectionSummary[]>("/api/v1/selections");
  // With one selection there is nothing to choose.
  const only = selections.value?.length === 1 ? selections.value[0]?.id : undefined;
  const selected = route.selection ?? only;
  return (
    <section class="page results-area" data-testid="page-results">
      <Loaded of={selections}>
        {(list) => (
          <div class="area-head">
            <h2>{office.heading}</h2>
            <label class="visually-hidden" for="results-selection">{office.selection}</label>
            <select id="results-selection" data-testid="results-selection" value={selected ?? ""}
              onChange={(event) => go(resultsAt(event.currentTarget.value === "" ? undefined : event.currentTarget.value))}>
              <option value="">{office.chooseSelection}</option>
              {list.map((selection) => <option key={selection.id} value={selection.id}>{selection.title}</option>)}
            </select>
          </div>
        )}
      </Loaded>
      {selected === undefined ? <Latest /> : <SelectionResults key={selected} me={me} selection={selected} route={route} />}
    </section>
  );
}

function go(route: ResultsRoute): void {
  location.hash = href(route);
}

function Latest() {
  const publications = useDocument<PublicationView[]>("/api/v1/publications");
  return (
    <>
      <p class="soft">{office.intro}</p>
      <section class="card">
        <h3>{office.latest}</h3>
        <Loaded of={publications}>
          {(list) => (list.length === 0 ? <p class="soft">{office.nothingLatest}</p> : <PublicationTable publications={list.slice(0, 20)} named />)}
        </Loaded>
      </section>
    </>
  );
}

function SelectionResults(props: { me: Me; selection: string; route: ResultsRoute }) {
  const { me, route } = props;
  const selection = useDocument<SelectionView>(`/api/v1/selections/${props.selection}`);
  return (
    <Loaded of={selection}>
      {(view) => {
        const stage = view.stages.find((candidate) => candidate.id === route.stage) ?? (view.stages.length === 1 ? view.stages[0] : undefined);
        if (view.stages.length === 0) {
          return <Empty>{office.noStages}</Empty>;
        }
        return (
          <>
            {view.stages.length > 1 && <StageTabs view={view} stage={stage} part={route.part} />}
            {stage === undefined
              ? <Empty>{office.chooseStage}</Empty>
              : <StageArea key={stage.id} me={me} view={view} stage={stage} route={route} mayManage={may(me, "manage", view.id)} />}
          </>
        );
      }}
    </Loaded>
  );
}

function StageTabs(props: { view: SelectionView; stage: StageView | undefined; part: ResultPart }) {
  const { view, stage, part } = props;
  return (
    <nav class="tabs" aria-label={office.stage}>
      {view.stages.map((candidate) => (
        <a key={candidate.id} href={href(resultsAt(view.id, candidate.id, part))} aria-current={candidate.id === stage?.id ? "page" : undefined}
          data-testid={`results-stage-${candidate.code}`}>{candidate.title}</a>
      ))}
    </nav>
  );
}

function StageArea(props: StageProps) {
  const { view, stage, route } = props;
  const parts = useRef<HTMLElement>(null);
  // On a phone the tabs are wider than the screen.
  useEffect(() => parts.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" }), [route.part]);
  return (
    <>
      <nav class="parts" aria-label={office.partsLabel} ref={parts}>
        {RESULT_PARTS.map((part) => (
          <a key={part} href={href(resultsAt(view.id, stage.id, part))} aria-current={part === route.part ? "page" : undefined} data-testid={`part-${part}`}>{office.parts[part]}</a>
        ))}
      </nav>
      <Part key={route.part} {...props} />
    </>
  );
}

function Part(props: StageProps) {
  switch (props.route.part) {
    case "overview":
      return <OverviewPart {...props} />;
    case "reconciliation":
      return <ReconciliationPart {...props} />;
    case "computation":
      return <ComputationPart {...props} />;
    case "corrections":
      return <CorrectionsPart {...props} />;
    case "revisions":
      return <RevisionsPart {...props} />;
    case "announcement":
      return <AnnouncementPart {...props} />;
    case "objections":
      return <ObjectionsPart {...props} />;
    case "statistics":
      return <StatisticsPart {...props} />;
  }
}
