// Candidates from a table: check, look, accept. All or nothing.

import { useReducer, useState } from "preact/hooks";
import { upload } from "../common/api";
import type { CandidateImportReport, CandidateView } from "../wire";
import { CHOOSING, stepImport, type ImportAction, type ImportFlow } from "./import-flow";
import { TroubleNotice } from "./load";
import { troubleOf } from "./load-state";
import { ProblemTable } from "./problems";
import { strings } from "./strings";
import { ActButton, count, Figure, FileField, fileSize, TableFrame } from "./widgets";

type Flow = ImportFlow<CandidateImportReport, CandidateImportReport>;
type Action = ImportAction<CandidateImportReport, CandidateImportReport>;

/** The card with templates, upload, preview and acceptance. */
export function CandidateImport(props: { selection: string; open: boolean; changed: () => void }) {
  const text = strings.candidates;
  const [file, setFile] = useState<File>();
  const [flow, dispatch] = useReducer<Flow, Action>(stepImport, CHOOSING);

  const send = (accept: boolean): void => {
    if (file === undefined) {
      return;
    }
    const form = new FormData();
    form.append("file", file);
    dispatch({ type: accept ? "store" : "check" });
    void upload<CandidateImportReport>(`/api/v1/selections/${props.selection}/candidates/import?accept=${accept}`, form).then((outcome) => {
      if (outcome.kind !== "ok") {
        dispatch({ type: "failed", trouble: troubleOf(outcome) });
      } else if (accept && outcome.value.accepted) {
        dispatch({ type: "stored", done: outcome.value });
        props.changed();
      } else if (accept) {
        // Somebody changed the list in between: look again.
        dispatch({ type: "check" });
        dispatch({ type: "checked", report: outcome.value });
      } else {
        dispatch({ type: "checked", report: outcome.value });
      }
    });
  };

  return (
    <details class="card fold" open={props.open}>
      <summary data-testid="candidates-import-fold"><h4>{text.importHeading}</h4></summary>
      <p class="soft">{text.importHint}</p>
      <p class="row">
        <a class="button small" href={`/api/v1/selections/${props.selection}/candidates/template.csv`} download data-testid="candidates-template-csv">{text.templateCsv}</a>
        <a class="button small" href={`/api/v1/selections/${props.selection}/candidates/template.xlsx`} download data-testid="candidates-template-xlsx">{text.templateXlsx}</a>
      </p>
      {(flow.at === "choosing" || flow.at === "checking" || flow.at === "done") && (
        <>
          {flow.at === "done" && <p class="notice good" role="status" data-testid="candidates-accepted">{text.accepted(count(flow.done.new), count(flow.done.changed))}</p>}
          <form class="row bottom hinted" onSubmit={(event) => {
            event.preventDefault();
            send(false);
          }}>
            <FileField label={text.file} hint={text.fileHint} accept=".csv,.xlsx,text/csv" testid="candidates-file" onChoose={(files) => setFile(files[0])} />
            <ActButton type="submit" kind="primary" busy={flow.at === "checking"} busyLabel={text.checking} disabled={file === undefined} label={text.check} testid="candidates-check" />
          </form>
          <TroubleNotice trouble={flow.at === "choosing" ? flow.trouble : undefined} testid="candidates-import-trouble" />
        </>
      )}
      {(flow.at === "checked" || flow.at === "storing") && (
        <Report report={flow.report} file={file} storing={flow.at === "storing"} trouble={flow.at === "checked" ? flow.trouble : undefined}
          accept={() => send(true)} leave={() => dispatch({ type: "again" })} />
      )}
    </details>
  );
}

function Report(props: {
  report: CandidateImportReport;
  file: File | undefined;
  storing: boolean;
  trouble: Parameters<typeof TroubleNotice>[0]["trouble"];
  accept: () => void;
  leave: () => void;
}) {
  const text = strings.candidates;
  const { report } = props;
  const stops = report.problems.some((problem) => problem.stops);
  const effect = report.new + report.changed;
  return (
    <div data-testid="candidates-report">
      {props.file !== undefined && <p><strong>{props.file.name}</strong> <span class="soft">{fileSize(props.file.size)}</span></p>}
      <div class="figures">
        <Figure value={count(report.rows)} label={text.rows} testid="report-rows" />
        <Figure value={count(report.new)} label={text.new} kind="good" testid="report-new" />
        <Figure value={count(report.changed)} label={text.changed} testid="report-changed" />
        <Figure value={count(report.unchanged)} label={text.unchanged} />
        <Figure value={count(report.problems.length)} label={text.problems} {...(stops ? { kind: "bad" as const } : {})} testid="report-problems" />
      </div>
      {stops && <p class="notice bad">{text.refused}</p>}
      {!stops && effect > 0 && <p class="notice good">{text.fine}</p>}
      {!stops && effect === 0 && <p class="notice">{text.nothing}</p>}
      {report.problems.length > 0 && <ProblemTable problems={report.problems} />}
      {report.preview.length > 0 && <Preview rows={report.preview} />}
      <TroubleNotice trouble={props.trouble} testid="candidates-import-trouble" />
      <div class="row">
        {!stops && effect > 0 && (
          <ActButton kind="primary" busy={props.storing} busyLabel={text.accepting} label={text.accept(count(effect))} testid="candidates-accept" onClick={props.accept} />
        )}
        <button type="button" disabled={props.storing} data-testid="candidates-leave" onClick={props.leave}>{text.discard}</button>
      </div>
    </div>
  );
}

function Preview(props: { rows: CandidateView[] }) {
  const text = strings.candidates;
  return (
    <TableFrame label={text.previewCaption} tall>
      <table class="full">
        <caption>{text.previewCaption}</caption>
        <thead>
          <tr>
            <th scope="col">{text.number}</th>
            <th scope="col">{text.name}</th>
            <th scope="col">{text.formation}</th>
            <th scope="col">{text.category}</th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.participant_no}>
              <th scope="row" class="code">{row.participant_no}</th>
              <td>{row.name}</td>
              <td class="code">{row.formation}</td>
              <td>{categoryWords(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** Category, and the accommodation with its extra time when there is one. */
export function categoryWords(candidate: CandidateView): string {
  const { category, extra_time_s, accommodation } = candidate;
  const extra = extra_time_s > 0 ? strings.candidates.extra(String(Math.round(extra_time_s / 60))) : "";
  return [category, extra, accommodation].filter((part) => part !== "").join(", ");
}
