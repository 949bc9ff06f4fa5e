// The announcement: its words, a preview of exactly what the public will see, the publication, and what was published before.

import { useEffect, useRef, useState } from "preact/hooks";
import { post, type Outcome } from "../../common/api";
import type { PreviewMade, PublicationDraft, PublicationView, Publish, PublishPreview, RevisionView } from "../../wire";
import { Loaded, TroubleNotice, useAct, useDocument } from "../load";
import { announcementTexts, parseAnnouncement, type AnnouncementField } from "../results-forms";
import { useForm, type Form } from "../use-form";
import { ActButton, AreaField, TextField } from "../widgets";
import type { StageProps } from "./area";
import { ConfirmDialog } from "./dialogs";
import { newestRevision } from "./overview";
import { staleOf, type Stale } from "./preview";
import { PublicationTable } from "./publication-table";
import { office } from "./strings";

const text = office.announcement;

/** `#/hasil/{selection}/{stage}/pengumuman`. */
export function AnnouncementPart(props: StageProps) {
  const { stage } = props;
  const draft = useDocument<PublicationDraft>(props.mayManage ? `/api/v1/stages/${stage.id}/publication-draft` : undefined);
  const revisions = useDocument<RevisionView[]>(`/api/v1/stages/${stage.id}/revisions`);
  const publications = useDocument<PublicationView[]>("/api/v1/publications");
  const [done, setDone] = useState(false);
  // Outlives the form, which begins anew with every revision.
  const [stale, setStale] = useState<Stale>();
  const again = (): void => void Promise.all([draft.reload(), revisions.reload(), publications.reload()]);
  return (
    <div data-testid="part-body-announcement">
      <p class="soft">{text.intro}</p>
      <div role="status">{done && <p class="notice good" data-testid="published">{text.done}</p>}</div>
      <Loaded of={revisions}>
        {(all) => {
          const newest = newestRevision(all);
          const upToDate = newest !== undefined && newest.publication !== null;
          return (
            <>
              {props.mayManage && (
                <Loaded of={draft}>
                  {(known) => (known.publish.revision === 0 || upToDate
                    ? <p class="notice" data-testid="no-revision">{upToDate ? text.upToDate(known.publish.revision) : text.noRevision}</p>
                    : <AnnouncementForm key={known.publish.revision} {...props} draft={known} again={again} stale={stale} setStale={setStale} done={() => {
                      setDone(true);
                      again();
                    }} />)}
                </Loaded>
              )}
              <section class="card" data-testid="publications">
                <h3>{text.published}</h3>
                <Loaded of={publications}>{(known) => <Published revisions={all} publications={known} />}</Loaded>
                <p><a href="/hasil">{text.all}</a></p>
              </section>
            </>
          );
        }}
      </Loaded>
    </div>
  );
}

function Published(props: { revisions: RevisionView[]; publications: PublicationView[] }) {
  const own = props.publications
    .filter((publication) => props.revisions.some((revision) => revision.publication === publication.id))
    .sort((a, b) => b.revision - a.revision);
  return own.length === 0 ? <p class="soft">{text.none}</p> : <PublicationTable publications={own} />;
}

interface FormProps extends StageProps {
  draft: PublicationDraft;
  stale: Stale | undefined;
  setStale: (stale: Stale | undefined) => void;
  again: () => void;
  done: () => void;
}

function AnnouncementForm(props: FormProps) {
  const { draft, stage } = props;
  const { revision } = draft.publish;
  const form = useForm<AnnouncementField, Publish>(announcementTexts(draft), (values) => parseAnnouncement(values, revision));
  const act = useAct();
  const [preview, setPreview] = useState<{ made: PreviewMade; of: Publish }>();
  const [publishing, setPublishing] = useState(false);
  // What was looked at is what is published; a changed word needs another look.
  const now = parseAnnouncement(form.values, revision);
  const fresh = preview !== undefined && now.ok && JSON.stringify(now.value) === JSON.stringify(preview.of);
  const drop = (why: Stale | undefined): void => {
    setPublishing(false);
    setPreview(undefined);
    props.setStale(why);
  };
  const publish = async (of: PreviewMade): Promise<Outcome<PublicationView>> => {
    const outcome = await post<PublicationView>(`/api/v1/stages/${stage.id}/publications`, { preview: of.id } satisfies PublishPreview);
    const why = staleOf(outcome);
    if (why !== undefined) {
      drop(why);
      props.again();
    }
    return outcome;
  };
  return (
    <>
      {draft.obstacles.length > 0
        ? (
          <div class="notice warn" data-testid="announcement-obstacles">
            <strong>{text.obstacles}</strong>
            <ul>{draft.obstacles.map((obstacle) => <li key={obstacle}>{obstacle}</li>)}</ul>
          </div>
        )
        : <p class="notice good" data-testid="announcement-ready">{text.ready}</p>}
      <form class="card" noValidate data-testid="announcement-form" onSubmit={form.submit((value) => {
        void act.run(() => post<PreviewMade>(`/api/v1/stages/${stage.id}/publication-previews`, value)).then((made) => {
          if (made !== undefined) {
            setPreview({ made: made.value, of: value });
            props.setStale(undefined);
          }
        });
      })}>
        <h3>{text.form}: {office.revisions.revision(revision)}</h3>
        <Fields form={form} />
        <TroubleNotice trouble={act.trouble} testid="announcement-trouble" />
        <div role="alert" data-testid="preview-stale">{props.stale !== undefined && <p class="notice warn">{text.stale[props.stale]}</p>}</div>
        <div class="row">
          <ActButton type="submit" kind={fresh ? undefined : "primary"} busy={act.busy} busyLabel={text.previewing} label={text.preview} testid="preview" />
          <ActButton kind="primary" busy={false} disabled={!fresh || draft.obstacles.length > 0} label={text.publish} testid="publish" onClick={() => setPublishing(true)} />
          <span class="soft">{preview === undefined ? text.previewFirst : fresh ? "" : text.previewOld}</span>
        </div>
      </form>
      {preview !== undefined && <Preview made={preview.made} />}
      {publishing && preview !== undefined && (
        <ConfirmDialog title={text.publishHeading(revision)} hint={text.publishHint} submit={text.publish} busyLabel={text.publishing} testid="publish-dialog"
          onClose={() => {
            setPublishing(false);
            props.again();
          }} send={() => publish(preview.made)} done={() => {
            drop(undefined);
            props.done();
          }}>
          <p><strong>{preview.of.title}</strong></p>
        </ConfirmDialog>
      )}
    </>
  );
}

function Fields(props: { form: Form<AnnouncementField, Publish> }) {
  const { form } = props;
  return (
    <>
      <div class="fields halves">
        <AreaField form={form} name="letterhead" label={text.letterhead} hint={text.letterheadHint} testid="announcement-letterhead" />
        <AreaField form={form} name="decrees" label={text.decrees} hint={text.decreesHint} testid="announcement-decrees" />
      </div>
      <div class="fields halves">
        <TextField form={form} name="title" label={text.title} testid="announcement-title" />
        <TextField form={form} name="number" label={text.number} hint={text.numberHint} testid="announcement-number" />
      </div>
      <div class="fields">
        <TextField form={form} name="place" label={text.place} hint={text.optional} testid="announcement-place" />
        <TextField form={form} name="signatory_position" label={text.position} hint={text.optional} testid="announcement-position" />
        <TextField form={form} name="signatory_name" label={text.name} hint={text.optional} testid="announcement-name" />
      </div>
    </>
  );
}

function Preview(props: { made: PreviewMade }) {
  const { made } = props;
  const section = useRef<HTMLElement>(null);
  // It was asked for to be looked at.
  useEffect(() => section.current?.scrollIntoView({ block: "start" }), [made.id]);
  return (
    <section class="card" data-testid="announcement-preview" ref={section}>
      <h3>{text.previewHeading}</h3>
      <p class="row">
        <a href={made.page} target="_blank" rel="noopener">{text.previewOpen}</a>
        <span><span class="soft">{text.previewFiles}: </span>
          {made.files.map((file, index) => <span key={file.name}>{index > 0 && " · "}<a href={file.href} data-testid={`preview-${file.name}`}>{file.name}</a></span>)}
        </span>
      </p>
      {/* A page for the public: its links and its search lead to the other pages of the preview, but no script may act with the committee's sign-in. */}
      <iframe class="public-frame" title={text.previewFrame} src={made.page} sandbox="allow-same-origin allow-forms" data-testid="preview-frame" />
    </section>
  );
}
