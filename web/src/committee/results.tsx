// Ranked lists: compute, look, publish; and what was published before.

import { useState } from "preact/hooks";
import { post } from "../common/api";
import { dateTime } from "../common/format";
import type { Me, PublicationView, Publish, ResultPreview, SelectionSummary, SelectionView, StageView } from "../wire";
import { may } from "./access";
import { parsePublish, type PublishField } from "./forms";
import { Loaded, TroubleNotice, useAct, useDocument } from "./load";
import { filesOf, revisionsOf } from "./publications";
import { RankedLists } from "./ranked-list";
import { href } from "./route";
import { strings } from "./strings";
import { useForm } from "./use-form";
import { ActButton, Chip, count, Dialog, Empty, TableFrame, TextField } from "./widgets";

/** `#/hasil/{selection}/{stage}`. */
export function ResultsPage(props: { me: Me; selection: string | undefined; stage: string | undefined }) {
  const text = strings.results;
  const selections = useDocument<SelectionSummary[]>("/api/v1/selections");
  const publications = useDocument<PublicationView[]>("/api/v1/publications");
  // With one selection there is nothing to choose.
  const only = selections.value?.length === 1 ? selections.value[0]?.id : undefined;
  const selected = props.selection ?? only;
  return (
    <section class="page" data-testid="page-results">
      <h2>{text.heading}</h2>
      <p class="soft">{text.intro}</p>
      <Loaded of={selections}>
        {(list) => (
          <div class="field">
            <label for="results-selection">{text.selection}</label>
            <select id="results-selection" data-testid="results-selection" value={selected ?? ""}
              onChange={(event) => {
                location.hash = href({ at: "results", selection: event.currentTarget.value === "" ? undefined : event.currentTarget.value, stage: undefined });
              }}>
              <option value="">{text.chooseSelection}</option>
              {list.map((selection) => <option key={selection.id} value={selection.id}>{selection.title}</option>)}
            </select>
          </div>
        )}
      </Loaded>
      {selected !== undefined
        ? <SelectionResults key={selected} me={props.me} selection={selected} stage={props.stage} publications={publications.value ?? []} changed={publications.reload} />
        : <Latest publications={publications.value ?? []} />}
    </section>
  );
}

function Latest(props: { publications: PublicationView[] }) {
  const text = strings.results;
  return props.publications.length === 0 ? null : (
    <section class="card">
      <h3>{text.latest}</h3>
      <PublicationTable publications={props.publications.slice(0, 20)} named />
    </section>
  );
}

interface StageProps {
  me: Me;
  selection: string;
  stage: string | undefined;
  publications: PublicationView[];
  changed: () => Promise<void>;
}

function SelectionResults(props: StageProps) {
  const text = strings.results;
  const selection = useDocument<SelectionView>(`/api/v1/selections/${props.selection}`);
  return (
    <Loaded of={selection}>
      {(view) => {
        const stage = view.stages.find((candidate) => candidate.id === props.stage) ?? (view.stages.length === 1 ? view.stages[0] : undefined);
        if (view.stages.length === 0) {
          return <Empty>{text.noStages}</Empty>;
        }
        return (
          <>
            {view.stages.length > 1 && (
              <nav class="tabs" aria-label={text.stage}>
                {view.stages.map((candidate) => (
                  <a key={candidate.id} href={href({ at: "results", selection: view.id, stage: candidate.id })} aria-current={candidate.id === stage?.id ? "page" : undefined}
                    data-testid={`results-stage-${candidate.code}`}>{candidate.title}</a>
                ))}
              </nav>
            )}
            {stage === undefined
              ? <Empty>{text.chooseStage}</Empty>
              : <StageResults key={stage.id} {...props} view={view} of={stage} />}
          </>
        );
      }}
    </Loaded>
  );
}

function StageResults(props: StageProps & { view: SelectionView; of: StageView }) {
  const text = strings.results;
  const { view, of } = props;
  const mayPublish = may(props.me, "manage", view.id);
  const [preview, setPreview] = useState<ResultPreview>();
  const [publishing, setPublishing] = useState(false);
  const [published, setPublished] = useState(false);
  const act = useAct();
  const revisions = revisionsOf(props.publications, view.title, of.title);
  const compute = (): void => {
    setPublished(false);
    void act.run(() => post<ResultPreview>(`/api/v1/stages/${of.id}/results`, {})).then((done) => {
      if (done !== undefined) {
        setPreview(done.value);
      }
    });
  };
  return (
    <>
      {may(props.me, "inspect", view.id) && (
        <div class="row acts">
          <ActButton kind={preview === undefined ? "primary" : undefined} busy={act.busy} busyLabel={text.computing} label={preview === undefined ? text.compute : text.again}
            testid="compute" onClick={compute} />
          {preview === undefined && <span class="soft">{text.computeHint}</span>}
          {preview !== undefined && mayPublish && (
            <ActButton kind="primary" busy={false} disabled={preview.obstacles.length > 0 || act.busy} label={text.publish} testid="publish" onClick={() => setPublishing(true)} />
          )}
        </div>
      )}
      <TroubleNotice trouble={act.trouble} />
      <div role="status">{published && <p class="notice good" data-testid="published">{text.published}</p>}</div>
      {preview !== undefined && <Obstacles preview={preview} />}
      {preview !== undefined && <RankedLists lists={preview.lists} />}
      <section class="card" data-testid="publications">
        <h3>{text.publications}</h3>
        {revisions.length === 0 ? <p class="soft">{text.noPublications}</p> : <PublicationTable publications={revisions} />}
        <p><a href="/hasil">{text.allPublications}</a></p>
      </section>
      {publishing && preview !== undefined && (
        <PublishDialog stage={of} selection={view} preview={preview} revisions={revisions} onClose={() => setPublishing(false)} done={() => {
          setPublishing(false);
          setPublished(true);
          void props.changed();
        }} />
      )}
    </>
  );
}

function Obstacles(props: { preview: ResultPreview }) {
  const text = strings.results;
  const { preview } = props;
  return (
    <>
      {preview.obstacles.length === 0
        ? <p class="notice good" data-testid="no-obstacles">{text.ready}</p>
        : (
          <div class="notice warn" data-testid="obstacles">
            <strong>{text.obstacles}</strong>
            <ul>{preview.obstacles.map((obstacle) => <li key={obstacle}>{obstacle}</li>)}</ul>
          </div>
        )}
      <p class="soft">{text.hash}: <span class="code hash" title={preview.input_hash}>{preview.input_hash.slice(0, 16)}…</span></p>
    </>
  );
}

function PublishDialog(props: { stage: StageView; selection: SelectionView; preview: ResultPreview; revisions: PublicationView[]; onClose: () => void; done: () => void }) {
  const text = strings.results;
  const { preview, revisions } = props;
  const revision = (revisions[0]?.revision ?? 0) + 1;
  const proposal = revisions[0]?.title ?? text.titleProposal(props.stage.title, props.selection.title);
  const form = useForm<PublishField, Publish>({ title: proposal, number: "", reason: "" }, (values) => parsePublish(values, preview.input_hash, revision > 1));
  const act = useAct();
  const people = preview.lists.reduce((sum, list) => sum + list.rows.length, 0);
  return (
    <Dialog title={text.publishHeading} onClose={props.onClose} testid="publish-dialog">
      <form noValidate onSubmit={form.submit((value) => {
        void act.run(() => post<unknown>(`/api/v1/stages/${props.stage.id}/publications`, value)).then((done) => {
          if (done !== undefined) {
            props.done();
          }
        });
      })}>
        <p class="notice warn">{text.publishHint}</p>
        <p class="row"><Chip kind="accent">{text.revision(revision)}</Chip> <span class="tabular">{props.stage.title} · {text.people(count(people))}</span></p>
        <TextField form={form} name="title" label={text.publishTitle} testid="publish-title" />
        <TextField form={form} name="number" label={text.publishNumber} hint={text.publishNumberHint} testid="publish-number" />
        {revision > 1 && <TextField form={form} name="reason" label={text.publishReason} hint={text.publishReasonHint(revision)} testid="publish-reason" />}
        <TroubleNotice trouble={act.trouble} testid="publish-trouble" />
        <div class="row end">
          <button type="button" onClick={props.onClose}>{strings.common.cancel}</button>
          <ActButton type="submit" kind="primary" busy={act.busy} busyLabel={text.publishing} label={text.publish} testid="publish-submit" />
        </div>
      </form>
    </Dialog>
  );
}

function PublicationTable(props: { publications: PublicationView[]; named?: boolean }) {
  const text = strings.results;
  const newest = Math.max(...props.publications.map((publication) => publication.revision));
  return (
    <TableFrame label={text.publications}>
      <table class="full">
        <caption class="visually-hidden">{text.publications}</caption>
        <thead>
          <tr>
            <th scope="col">{text.publishTitle}</th>
            <th scope="col">{text.revisionHeading}</th>
            <th scope="col">{text.files}</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {props.publications.map((publication) => (
            <tr key={publication.id} data-testid={`publication-${publication.revision}`}>
              <th scope="row" class="plain wide-cell">
                <a href={`/hasil/${publication.id}`}>{publication.title}</a>
                <small class="under soft">
                  {props.named === true && `${publication.selection} · ${publication.stage} · `}{dateTime(publication.published_utc_ms)} · {text.people(count(publication.people))}
                  {publication.number !== "" && ` · ${text.numberOf(publication.number)}`}
                </small>
                {publication.reason !== "" && <small class="under">{text.why(publication.reason)}</small>}
              </th>
              <td class="nowrap">
                {text.revision(publication.revision)} {props.named !== true && (publication.revision === newest ? <Chip kind="good">{text.current}</Chip> : <Chip kind="plain">{text.replaced}</Chip>)}
              </td>
              <td class="nowrap">
                {filesOf(publication).map((file, index) => (
                  <span key={file.kind}>{index > 0 && " · "}<a href={file.href} data-testid={`file-${file.kind}`}>{file.kind === "page" ? text.page : file.kind.toUpperCase()}</a></span>
                ))}
              </td>
              <td class="code hash" title={publication.sha256}>{publication.sha256.slice(0, 12)}…</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
