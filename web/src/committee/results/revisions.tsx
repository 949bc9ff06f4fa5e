// The history of a stage's results: every revision with its reason, approvers, hashes and files; its lists; one compared with another.

import { useId, useMemo, useState } from "preact/hooks";
import { dateTime } from "../../common/format";
import type { RevisionDetail, RevisionView } from "../../wire";
import { Loaded, useDocument } from "../load";
import { href, resultsAt } from "../route";
import { Chip, count, Empty } from "../widgets";
import type { StageProps } from "./area";
import { compareLists } from "./effect";
import { EffectTable } from "./effect-table";
import { newestRevision } from "./overview";
import { ResultsView } from "./results-view";
import { filesOfRevision } from "./revision-files";
import { office } from "./strings";

const text = office.revisions;

/** `#/hasil/{selection}/{stage}/revisi` and below. */
export function RevisionsPart(props: StageProps) {
  const { stage, route } = props;
  const revisions = useDocument<RevisionView[]>(`/api/v1/stages/${stage.id}/revisions`);
  return (
    <div data-testid="part-body-revisions">
      <Loaded of={revisions}>
        {(known) => {
          const list = [...known].sort((a, b) => b.number - a.number);
          return route.id === undefined ? <History {...props} list={list} /> : <RevisionPage key={route.id} {...props} list={list} id={route.id} />;
        }}
      </Loaded>
    </div>
  );
}

function History(props: StageProps & { list: RevisionView[] }) {
  const { list } = props;
  return (
    <>
      <p class="soft">{text.intro}</p>
      {list.length === 0 ? <Empty testid="no-revisions">{text.none}</Empty> : (
        <ol class="history" aria-label={text.caption} data-testid="revisions">
          {list.map((revision) => <Revision key={revision.id} {...props} revision={revision} inForce={revision === list[0]} />)}
        </ol>
      )}
    </>
  );
}

function Revision(props: StageProps & { revision: RevisionView; inForce: boolean }) {
  const { revision, view, stage } = props;
  return (
    <li class="card" data-testid={`revision-${revision.number}`}>
      <h3>
        {text.revision(revision.number)} {props.inForce && <Chip kind="good">{text.inForce}</Chip>}{" "}
        {revision.publication === null
          ? <Chip kind="plain">{text.notPublished}</Chip>
          : <a class="quiet-link" href={`/hasil/${revision.publication}`}><Chip kind="accent">{text.published}</Chip></a>}
      </h3>
      <Facts {...props} revision={revision} />
      <p class="row">
        <a class="button small" href={href(resultsAt(view.id, stage.id, "revisions", revision.id))} aria-label={text.listsOf(revision.number)} data-testid={`revision-${revision.number}-lists`}>{text.lists}</a>
        <Files revision={revision} />
      </p>
    </li>
  );
}

function Facts(props: StageProps & { revision: RevisionView }) {
  const { revision, view, stage } = props;
  const hashes = [[text.hashes.rule_set, revision.rule_set_hash], [text.hashes.input, revision.input_hash], [text.hashes.results, revision.results_hash]] as const;
  return (
    <dl class="revision-facts">
      <div><dt>{text.when}</dt><dd>{dateTime(revision.at_utc_ms)} · {text.people(count(revision.people))}</dd></div>
      <div><dt>{text.by}</dt><dd data-testid={`revision-${revision.number}-by`}>{revision.by.join(", ")}</dd></div>
      <div>
        <dt>{text.reason}</dt>
        <dd>
          {revision.reason === "" ? "–" : revision.reason}
          {revision.correction !== null && <> · <a href={href(resultsAt(view.id, stage.id, "corrections", revision.correction))}>{text.fromCorrection}</a></>}
        </dd>
      </div>
      <div><dt>{office.computation.ruleSet}</dt><dd class="code">{revision.rule_set}</dd></div>
      {hashes.map(([title, hash]) => <div key={title}><dt>SHA-256, {title}</dt><dd class="code hash">{hash}</dd></div>)}
    </dl>
  );
}

function Files(props: { revision: RevisionView }) {
  return (
    <span data-testid={`revision-${props.revision.number}-files`}>
      <span class="soft">{text.files}: </span>
      {filesOfRevision(props.revision).map((file, index) => (
        <span key={file.name}>{index > 0 && " · "}<a href={file.href} download={file.savedAs}>{text.fileKinds[file.kind]} <span class="code">{file.name}</span></a></span>
      ))}
    </span>
  );
}

function RevisionPage(props: StageProps & { list: RevisionView[]; id: string }) {
  const { list, id, view, stage } = props;
  const detail = useDocument<RevisionDetail>(`/api/v1/revisions/${id}`);
  const [other, setOther] = useState("");
  const field = useId();
  return (
    <>
      <p class="crumb"><a href={href(resultsAt(view.id, stage.id, "revisions"))}>‹ {text.back}</a></p>
      <Loaded of={detail}>
        {({ revision, results }) => (
          <div data-testid="page-revision">
            <h3 class="step-title">{text.revision(revision.number)}</h3>
            <Facts {...props} revision={revision} />
            <p><Files revision={revision} /></p>
            {list.length > 1 && (
              <div class="field">
                <label for={field}>{text.compare}</label>
                <select id={field} value={other} data-testid="compare" onChange={(event) => setOther(event.currentTarget.value)}>
                  <option value="">{text.compareNone}</option>
                  {list.filter((candidate) => candidate.id !== id).map((candidate) => <option key={candidate.id} value={candidate.id}>{text.revision(candidate.number)}</option>)}
                </select>
              </div>
            )}
            {other === ""
              ? <ResultsView results={results} stage={newestRevision(list)?.id === id ? stage.id : undefined} />
              : <Comparison key={other} other={other} detail={{ revision, results }} />}
          </div>
        )}
      </Loaded>
    </>
  );
}

/** What changed from the older of both to the newer. */
function Comparison(props: { other: string; detail: RevisionDetail }) {
  const other = useDocument<RevisionDetail>(`/api/v1/revisions/${props.other}`);
  return <Loaded of={other}>{(found) => <Compared {...inTime(found, props.detail)} />}</Loaded>;
}

function inTime(a: RevisionDetail, b: RevisionDetail): { older: RevisionDetail; newer: RevisionDetail } {
  return a.revision.number < b.revision.number ? { older: a, newer: b } : { older: b, newer: a };
}

function Compared(props: { older: RevisionDetail; newer: RevisionDetail }) {
  const { older, newer } = props;
  const rows = useMemo(() => compareLists(older.results.lists, newer.results.lists), [older, newer]);
  const numbers = [older.revision.number, newer.revision.number] as const;
  return rows.length === 0
    ? <p class="notice">{text.noDifference(...numbers)}</p>
    : <><p class="notice">{text.differences(count(rows.length), ...numbers)}</p><EffectTable rows={rows} csv={{ name: `bandingan-revisi-${numbers.join("-")}.csv` }} /></>;
}
