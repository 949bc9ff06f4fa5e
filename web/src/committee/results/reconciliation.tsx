// What the journals say beside what the proctors counted, sitting by sitting.

import { useState } from "preact/hooks";
import { post, put } from "../../common/api";
import { dateTime } from "../../common/format";
import type { CountField } from "../../common/hand-count";
import type { CountDifference, ExplainDifference, PutAttendanceCount, Reconciliation, SittingCounts, SittingReconciled } from "../../wire";
import { decimal } from "../item-keys";
import { Loaded, TroubleNotice, useAct, useDocument } from "../load";
import { parseCount } from "../results-forms";
import { strings } from "../strings";
import { useForm } from "../use-form";
import { ActButton, AreaField, Chip, count, Dialog, Empty, TableFrame, TextField } from "../widgets";
import type { StageProps } from "./area";
import { ReasonDialog } from "./dialogs";
import { needsWork } from "./overview";
import { office } from "./strings";

const COUNTS = ["enrolled", "present", "absent", "not_started", "submitted", "expired", "terminated"] as const satisfies readonly (keyof SittingCounts)[];

type Opened = { do: "enter"; sitting: SittingReconciled } | { do: "explain"; sitting: SittingReconciled; difference: CountDifference };

/** `#/hasil/{selection}/{stage}/rekonsiliasi`. */
export function ReconciliationPart(props: StageProps) {
  const text = office.reconciliation;
  const reconciliation = useDocument<Reconciliation>(`/api/v1/stages/${props.stage.id}/reconciliation`);
  const [onlyOpen, setOnlyOpen] = useState(false);
  const [opened, setOpened] = useState<Opened>();
  const done = (): void => {
    setOpened(undefined);
    void reconciliation.reload();
  };
  return (
    <div data-testid="part-body-reconciliation">
      <p class="soft">{text.intro}</p>
      <Loaded of={reconciliation}>
        {(known) => {
          const shown = known.sittings.filter((sitting) => !onlyOpen || needsWork(sitting));
          return (
            <>
              <p role="status" class={known.unexplained === 0 ? "notice good" : "notice warn"} data-testid="unexplained">
                {known.unexplained === 0 ? text.fine : text.unexplained(known.unexplained)}
              </p>
              <p>
                <label class="inline">
                  <input type="checkbox" checked={onlyOpen} data-testid="only-open" onChange={(event) => setOnlyOpen(event.currentTarget.checked)} />
                  <span>{text.onlyOpen}</span>
                </label>
              </p>
              {shown.length === 0 ? <Empty>{text.nothing}</Empty> : <Sittings sittings={shown} total={known.total} mayManage={props.mayManage} open={setOpened} />}
            </>
          );
        }}
      </Loaded>
      {opened?.do === "enter" && <CountDialog sitting={opened.sitting} onClose={() => setOpened(undefined)} done={done} />}
      {opened?.do === "explain" && (
        <ReasonDialog title={text.explainHeading(opened.sitting.code)} hint={text.explainHint} label={text.explanation} submit={strings.common.save} testid="explain-dialog"
          initial={opened.difference.explanation?.text ?? ""} onClose={() => setOpened(undefined)} done={done}
          send={(words) => post(`/api/v1/sittings/${opened.sitting.sitting}/explained-differences`, { code: opened.difference.code, numbers: opened.difference.numbers, text: words } satisfies ExplainDifference)}>
          <p class="notice warn">{opened.difference.sentence}</p>
        </ReasonDialog>
      )}
    </div>
  );
}

function Sittings(props: { sittings: SittingReconciled[]; total: SittingCounts; mayManage: boolean; open: (what: Opened) => void }) {
  const text = office.reconciliation;
  return (
    <TableFrame label={text.caption}>
      <table class="full">
        <caption class="visually-hidden">{text.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{text.sitting}</th>
            {COUNTS.map((field) => <th key={field} scope="col" class="number">{text.counts[field]}</th>)}
            <th scope="col">{text.entry}</th>
            <th scope="col">{text.differences}</th>
          </tr>
        </thead>
        <tbody>
          {props.sittings.map((sitting) => <Sitting key={sitting.sitting} sitting={sitting} mayManage={props.mayManage} open={props.open} />)}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{text.total}</th>
            {COUNTS.map((field) => <td key={field} class="number">{count(props.total[field])}</td>)}
            <td />
            <td />
          </tr>
        </tfoot>
      </table>
    </TableFrame>
  );
}

function Sitting(props: { sitting: SittingReconciled; mayManage: boolean; open: (what: Opened) => void }) {
  const text = office.reconciliation;
  const { sitting, open } = props;
  const { entry } = sitting;
  const enter = entry === null ? text.enter : text.enterAgain;
  return (
    <tr data-testid={`reconciled-${sitting.code}`}>
      <th scope="row" class="plain nowrap">
        <span class="code">{sitting.code}</span>
        <small class="under soft">{sitting.hall}</small>
        <small class="under soft">{dateTime(sitting.starts_utc_ms)}</small>
        {sitting.sections.length > 0 && (
          <details class="quiet">
            <summary class="small-words">{text.sections}</summary>
            <ul class="plain-list small-words">
              {sitting.sections.map((section) => <li key={section.code}>{text.range(section.code, decimal(section.highest), decimal(section.lowest))}</li>)}
            </ul>
          </details>
        )}
      </th>
      {COUNTS.map((field) => <td key={field} class="number">{count(sitting.counts[field])}</td>)}
      <td class="entry-cell">
        {entry === null
          ? <span class="soft">{text.noEntry}</span>
          : (
            <>
              <span class="tabular">{text.entryOf(count(entry.present), count(entry.absent))}</span>
              <small class="under soft">{text.by(entry.by, dateTime(entry.at_utc_ms))}</small>
              {entry.note !== "" && <small class="under">{entry.note}</small>}
            </>
          )}
        {props.mayManage && sitting.closed && (
          <p class="tail">
            <button type="button" class="small" aria-label={text.enterFor(enter, sitting.code)} data-testid={`enter-${sitting.code}`} onClick={() => open({ do: "enter", sitting })}>{enter}</button>
          </p>
        )}
      </td>
      <td class="wide-cell">
        {!sitting.closed && <Chip kind="warn">{text.notClosed}</Chip>}
        {sitting.closed && sitting.differences.length === 0 && <Chip kind="good">{text.none}</Chip>}
        {sitting.differences.length > 0 && (
          <ul class="plain-list differences">
            {sitting.differences.map((difference) => <Difference key={difference.code} sitting={sitting} difference={difference} mayManage={props.mayManage} open={open} />)}
          </ul>
        )}
      </td>
    </tr>
  );
}

function Difference(props: { sitting: SittingReconciled; difference: CountDifference; mayManage: boolean; open: (what: Opened) => void }) {
  const text = office.reconciliation;
  const { sitting, difference, open } = props;
  const { explanation } = difference;
  const act = explanation === null ? text.explain : text.explainAgain;
  return (
    <li class={explanation === null ? "difference" : "difference explained"} data-testid={`difference-${difference.code}`}>
      <span>{difference.sentence}</span>
      {explanation !== null && <small class="under">{explanation.text} <span class="soft">({text.by(explanation.by, dateTime(explanation.at_utc_ms))})</span></small>}
      {props.mayManage && sitting.closed && (
        <button type="button" class="small" aria-label={text.explainFor(act, difference.sentence)} data-testid={`explain-${sitting.code}-${difference.code}`}
          onClick={() => open({ do: "explain", sitting, difference })}>{act}</button>
      )}
    </li>
  );
}

function CountDialog(props: { sitting: SittingReconciled; onClose: () => void; done: () => void }) {
  const text = office.reconciliation;
  const { sitting } = props;
  const { entry } = sitting;
  const form = useForm<CountField, PutAttendanceCount>(
    { present: entry === null ? "" : String(entry.present), absent: entry === null ? "" : String(entry.absent), note: entry?.note ?? "" },
    parseCount,
  );
  const act = useAct();
  return (
    <Dialog title={text.enterHeading(sitting.code)} onClose={props.onClose} testid="count-dialog">
      <form noValidate onSubmit={form.submit((value) => {
        void act.run(() => put<unknown>(`/api/v1/sittings/${sitting.sitting}/attendance-count`, value)).then((done) => {
          if (done !== undefined) {
            props.done();
          }
        });
      })}>
        <p>{text.enterHint}</p>
        <div class="fields">
          <TextField form={form} name="present" label={text.present} inputMode="numeric" short testid="count-present" />
          <TextField form={form} name="absent" label={text.absent} inputMode="numeric" short testid="count-absent" />
        </div>
        <AreaField form={form} name="note" label={text.note} testid="count-note" />
        <TroubleNotice trouble={act.trouble} testid="count-trouble" />
        <div class="row end">
          <button type="button" onClick={props.onClose}>{strings.common.cancel}</button>
          <ActButton type="submit" kind="primary" busy={act.busy} label={strings.common.save} testid="count-submit" />
        </div>
      </form>
    </Dialog>
  );
}
