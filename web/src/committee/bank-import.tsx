// Items from files: check, look at what was understood, accept. Nothing is in the bank before that.

import { useReducer, useState } from "preact/hooks";
import { post, remove, upload } from "../common/api";
import type { ImportDone, ImportPreview, Me } from "../wire";
import { mayEverywhere } from "./access";
import { CHOOSING, stepImport, type ImportAction, type ImportFlow } from "./import-flow";
import { ItemLine } from "./item";
import { TroubleNotice, useAct } from "./load";
import { troubleOf } from "./load-state";
import { ProblemTable } from "./problems";
import { href, WHOLE_BANK } from "./route";
import { strings } from "./strings";
import { ActButton, count, Figure, FileField, fileSize } from "./widgets";

type Flow = ImportFlow<ImportPreview, ImportDone>;
type Action = ImportAction<ImportPreview, ImportDone>;

const ACCEPTED = ".csv,.xlsx,.json,.md,.markdown,.txt,.zip,.png,.jpg,.jpeg,.webp,.svg";

/** `#/bank/impor`. */
export function BankImportPage(props: { me: Me }) {
  const text = strings.import;
  const [flow, dispatch] = useReducer<Flow, Action>(stepImport, CHOOSING);

  const check = (files: File[], mapping: File | undefined): void => {
    const form = new FormData();
    for (const file of files) {
      form.append("file", file);
    }
    if (mapping !== undefined) {
      form.append("mapping", mapping);
    }
    dispatch({ type: "check" });
    void upload<ImportPreview>("/api/v1/bank/imports", form).then((outcome) =>
      dispatch(outcome.kind === "ok" ? { type: "checked", report: outcome.value } : { type: "failed", trouble: troubleOf(outcome) }));
  };
  const accept = (preview: ImportPreview): void => {
    dispatch({ type: "store" });
    void post<ImportDone>(`/api/v1/bank/imports/${preview.id}/accept`, { skip_bad: preview.bad > 0 }).then((outcome) =>
      dispatch(outcome.kind === "ok" ? { type: "stored", done: outcome.value } : { type: "failed", trouble: troubleOf(outcome) }));
  };

  return (
    <section class="page" data-testid="page-import">
      <p class="crumb"><a href={href(WHOLE_BANK)}>‹ {strings.bank.heading}</a></p>
      <h2>{text.heading}</h2>
      {mayEverywhere(props.me, "write items") && (flow.at === "choosing" || flow.at === "checking") && <Choose flow={flow} check={check} />}
      {(flow.at === "checked" || flow.at === "storing") && (
        <Preview preview={flow.report} storing={flow.at === "storing"} trouble={flow.at === "checked" ? flow.trouble : undefined}
          accept={() => accept(flow.report)} discarded={() => dispatch({ type: "discarded" })} />
      )}
      {flow.at === "done" && <Done done={flow.done} again={() => dispatch({ type: "again" })} />}
    </section>
  );
}

function Choose(props: { flow: Extract<Flow, { at: "choosing" | "checking" }>; check: (files: File[], mapping: File | undefined) => void }) {
  const text = strings.import;
  const [files, setFiles] = useState<File[]>([]);
  const [mapping, setMapping] = useState<File>();
  const { flow } = props;
  return (
    <form class="card" data-testid="import-form" onSubmit={(event) => {
      event.preventDefault();
      props.check(files, mapping);
    }}>
      <p class="soft">{text.intro}</p>
      <p class="row">
        <a class="button small" href="/api/v1/bank/template.csv" download>{strings.bank.templateCsv}</a>
        <a class="button small" href="/api/v1/bank/template.xlsx" download>{strings.bank.templateXlsx}</a>
      </p>
      {flow.at === "choosing" && flow.note === "discarded" && <p class="notice" role="status" data-testid="import-discarded">{text.discarded}</p>}
      <FileField label={text.files} hint={text.filesHint} accept={ACCEPTED} multiple testid="import-files" onChoose={setFiles} />
      {files.length > 0 && (
        <ul class="file-list" data-testid="import-file-list">
          {files.map((file) => <li key={file.name}><span>{file.name}</span> <span class="soft tabular">{fileSize(file.size)}</span></li>)}
        </ul>
      )}
      <details class="fold">
        <summary>{text.mappingFold}</summary>
        <FileField label={text.mapping} hint={text.mappingHint} accept=".toml" testid="import-mapping" onChoose={(chosen) => setMapping(chosen[0])} />
      </details>
      <TroubleNotice trouble={flow.at === "choosing" ? flow.trouble : undefined} testid="import-trouble" />
      <div class="row">
        <ActButton type="submit" kind="primary" busy={flow.at === "checking"} busyLabel={text.checking} disabled={files.length === 0} label={text.check} testid="import-check" />
        {files.length === 0 && <span class="soft">{text.noFiles}</span>}
      </div>
    </form>
  );
}

function Preview(props: {
  preview: ImportPreview;
  storing: boolean;
  trouble: Parameters<typeof TroubleNotice>[0]["trouble"];
  accept: () => void;
  discarded: () => void;
}) {
  const text = strings.import;
  const { preview } = props;
  return (
    <div data-testid="import-preview">
      <div class="figures">
        <Figure value={count(preview.good)} label={text.good} kind="good" testid="import-good" />
        <Figure value={count(preview.bad)} label={text.bad} {...(preview.bad > 0 ? { kind: "bad" as const } : {})} testid="import-bad" />
        <Figure value={count(preview.new)} label={text.new} testid="import-new" />
        <Figure value={count(preview.changed)} label={text.changed} testid="import-changed" />
        <Figure value={count(preview.unchanged)} label={text.unchanged} testid="import-unchanged" />
      </div>
      {preview.bad === 0
        ? <p class="notice good">{text.fine}</p>
        : <p class={preview.good === 0 ? "notice bad" : "notice warn"}>{preview.good === 0 ? text.allBad : text.someBad}</p>}
      <Acts {...props} />
      {preview.problems.length > 0 && (
        <section class="card">
          <h3>{text.problems(count(preview.problems.length))}</h3>
          <ProblemTable problems={preview.problems} />
        </section>
      )}
      {preview.items.length > 0 && (
        <section class="card">
          <h3>{text.items}</h3>
          <p class="soft">{text.itemsHint}</p>
          <div class="item-list">{preview.items.map((item, index) => <ItemLine key={item.code} item={item} open={index < 3} />)}</div>
        </section>
      )}
    </div>
  );
}

function Acts(props: Parameters<typeof Preview>[0]) {
  const text = strings.import;
  const { preview } = props;
  const discard = useAct();
  return (
    <>
      <TroubleNotice trouble={props.trouble ?? discard.trouble} testid="import-trouble" />
      <div class="row acts">
        {preview.good > 0 && (
          <ActButton kind="primary" busy={props.storing} busyLabel={text.accepting} disabled={discard.busy} testid={preview.bad > 0 ? "import-accept-good" : "import-accept"}
            label={preview.bad > 0 ? text.acceptGood(count(preview.good)) : text.accept(count(preview.good))} onClick={props.accept} />
        )}
        <ActButton kind="danger" busy={discard.busy} busyLabel={text.discarding} disabled={props.storing} label={text.discard} testid="import-discard"
          onClick={() => void discard.run(() => remove(`/api/v1/bank/imports/${preview.id}`)).then((done) => {
            if (done !== undefined) {
              props.discarded();
            }
          })} />
        <span class="soft">{text.kept}</span>
      </div>
    </>
  );
}

function Done(props: { done: ImportDone; again: () => void }) {
  const text = strings.import;
  const { done } = props;
  return (
    <div class="card" data-testid="import-done" role="status">
      <h3>{text.done}</h3>
      <div class="figures">
        <Figure value={count(done.new)} label={text.doneNew} kind="good" testid="done-new" />
        <Figure value={count(done.changed)} label={text.doneChanged} />
        <Figure value={count(done.unchanged)} label={text.doneUnchanged} />
        <Figure value={count(done.skipped)} label={text.doneSkipped} {...(done.skipped > 0 ? { kind: "warn" as const } : {})} testid="done-skipped" />
      </div>
      <div class="row">
        <a class="button primary" href={href(WHOLE_BANK)} data-testid="import-to-bank">{text.toBank}</a>
        <button type="button" onClick={props.again} data-testid="import-again">{text.more}</button>
      </div>
    </div>
  );
}
