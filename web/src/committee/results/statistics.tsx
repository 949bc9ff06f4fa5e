// What the numbers say about the exam: the report of items and tests in a frame, and pictures of totals and of the cut.

import { useEffect, useState } from "preact/hooks";
import { exists } from "../../common/api";
import { askAgainWhoIsThere } from "../../common/sign-in";
import type { ResultList, RevisionDetail, RevisionView } from "../../wire";
import { Loaded, TroubleNotice, useDocument } from "../load";
import { Empty } from "../widgets";
import type { StageProps } from "./area";
import { DistributionPicture, LadderPicture } from "./pictures";
import { newestRevision } from "./overview";
import { reportOf, type Report as FoundReport } from "./report";
import { FormationChooser } from "./result-lists";
import { office } from "./strings";

const text = office.statistics;

/** `#/hasil/{selection}/{stage}/statistik`. */
export function StatisticsPart(props: StageProps) {
  return (
    <div data-testid="part-body-statistics">
      <Pictures {...props} />
      <Report {...props} />
    </div>
  );
}

function Report(props: StageProps) {
  const { formations } = props.view;
  const [formation, setFormation] = useState(formations.find((one) => one.candidates > 0)?.code ?? formations[0]?.code ?? "");
  return (
    <section class="card">
      <h3>{text.report}</h3>
      <p class="soft">{text.reportHint}</p>
      <div class="field">
        <label for="statistics-formation">{text.formation}</label>
        <select id="statistics-formation" data-testid="statistics-formation" value={formation} onChange={(event) => setFormation(event.currentTarget.value)}>
          {formations.map((one) => <option key={one.id} value={one.code}>{one.code} · {one.title}</option>)}
        </select>
      </div>
      <FormationReport key={formation} stage={props.stage.id} formation={formation} />
    </section>
  );
}

function FormationReport(props: { stage: string; formation: string }) {
  const report = (kind: "html" | "csv"): string => `/api/v1/stages/${props.stage}/statistics.${kind}?formation=${encodeURIComponent(props.formation)}`;
  const [found, setFound] = useState<FoundReport>();
  const ask = (): void => {
    setFound(undefined);
    void exists(report("html")).then((outcome) => {
      if (outcome.kind === "refused" && outcome.status === 401) {
        askAgainWhoIsThere();
      }
      setFound(reportOf(outcome));
    });
  };
  useEffect(ask, []);
  return (
    <>
      {found === undefined && <p class="loading" role="status"><span class="spinner" aria-hidden="true" /> {text.reportComing}</p>}
      {found?.at === "none" && <Empty testid="no-statistics">{text.reportNone}</Empty>}
      {found?.at === "too_few" && <Empty testid="too-few-for-statistics">{text.reportTooFew}</Empty>}
      {found?.at === "trouble" && <TroubleNotice trouble={found.trouble} retry={ask} testid="statistics-trouble" />}
      {found?.at === "there" && (
        <>
          <p class="row">
            <a href={report("html")} target="_blank" rel="noopener" data-testid="statistics-open">{text.openReport}</a>
            <a href={report("csv")} download data-testid="statistics-csv">{text.csv}</a>
          </p>
          {/* A finished page of its own: nothing in it may act with the committee's sign-in. */}
          <iframe class="public-frame" title={text.frame} src={report("html")} sandbox="allow-same-origin" data-testid="statistics-frame" />
        </>
      )}
    </>
  );
}

function Pictures(props: StageProps) {
  const { stage } = props;
  const revisions = useDocument<RevisionView[]>(`/api/v1/stages/${stage.id}/revisions`);
  const newest = revisions.value === undefined ? undefined : newestRevision(revisions.value);
  const detail = useDocument<RevisionDetail>(newest === undefined ? undefined : `/api/v1/revisions/${newest.id}`);
  return (
    <section class="card">
      <h3>{text.pictures}</h3>
      <Loaded of={revisions}>
        {() => (newest === undefined
          ? <Empty testid="no-pictures">{text.picturesNone}</Empty>
          : <><p class="soft">{text.picturesOf(newest.number)}</p><Loaded of={detail}>{({ results }) => <Chosen lists={results.lists} />}</Loaded></>)}
      </Loaded>
    </section>
  );
}

function Chosen(props: { lists: ResultList[] }) {
  const [chosen, setChosen] = useState(0);
  const list = props.lists[chosen] ?? props.lists[0];
  return list === undefined ? <Empty>{office.lists.empty}</Empty> : (
    <>
      <FormationChooser lists={props.lists} chosen={chosen} choose={setChosen} />
      <DistributionPicture list={list} />
      <LadderPicture list={list} />
    </>
  );
}
