// The list of candidates, and moving one of them to another sitting.

import { useState } from "preact/hooks";
import { post } from "../common/api";
import { dateTime } from "../common/format";
import type { CandidatePage, CandidateView, SittingView } from "../wire";
import { CandidateImport, categoryWords } from "./candidate-import";
import { parseMove } from "./forms";
import { Loaded, TroubleNotice, useAct, useDocument } from "./load";
import { CANDIDATES_PAGE, candidatesPath } from "./paths";
import type { SelectionProps } from "./selection";
import { strings } from "./strings";
import { useForm } from "./use-form";
import { ActButton, AreaField, Chip, count, Dialog, Empty, Pager, SelectField, TableFrame } from "./widgets";

type Move = { kind: "reschedule" | "attempt"; candidate: CandidateView };

/** `#/seleksi/{id}/peserta`. */
export function CandidatesPage(props: SelectionProps) {
  const text = strings.candidates;
  const { view } = props;
  const [find, setFind] = useState("");
  const [page, setPage] = useState(1);
  const list = useDocument<CandidatePage>(candidatesPath(view.id, { find, page }));
  const [move, setMove] = useState<Move>();
  const [word, setWord] = useState("");
  const changed = (): void => {
    void list.reload();
    void props.changed();
  };
  return (
    <div data-testid="page-candidates">
      <h3 class="step-title">{text.heading}</h3>
      {props.mayManage && <CandidateImport selection={view.id} open={view.candidates === 0} changed={changed} />}
      <div class="list-head">
        <h4>{text.listHeading}</h4>
        <FindForm find={(words) => {
          setFind(words);
          setPage(1);
        }} />
      </div>
      <p role="status" class="done-word">{word}</p>
      <Loaded of={list}>
        {(found) => found.total === 0
          ? <Empty testid="candidates-empty">{find === "" ? text.empty : text.findNone}</Empty>
          : (
            <>
              <p class="soft tabular" data-testid="candidates-total">{text.total(count(found.total))}</p>
              <CandidateTable {...props} rows={found.candidates} move={setMove} />
              <Pager page={page} size={CANDIDATES_PAGE} total={found.total} testid="candidates-pager" go={setPage} />
            </>
          )}
      </Loaded>
      {move !== undefined && (
        <MoveDialog move={move} {...props} onClose={() => setMove(undefined)} done={(sitting) => {
          const words = move.kind === "reschedule" ? text.rescheduled : text.attempted;
          setWord(words(move.candidate.name, sitting));
          setMove(undefined);
          changed();
        }} />
      )}
    </div>
  );
}

function FindForm(props: { find: (words: string) => void }) {
  const text = strings.candidates;
  const [words, setWords] = useState("");
  return (
    <form role="search" class="row" onSubmit={(event) => {
      event.preventDefault();
      props.find(words.trim());
    }}>
      <label class="visually-hidden" for="candidates-find">{text.findLabel}</label>
      <input id="candidates-find" type="search" placeholder={text.findLabel} data-testid="candidates-find" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      <button type="submit" data-testid="candidates-find-go">{strings.common.find}</button>
    </form>
  );
}

function CandidateTable(props: SelectionProps & { rows: CandidateView[]; move: (move: Move) => void }) {
  const text = strings.candidates;
  return (
    <TableFrame label={text.caption}>
      <table class="full">
        <caption class="visually-hidden">{text.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{text.number}</th>
            <th scope="col">{text.name}</th>
            <th scope="col">{text.formation}</th>
            <th scope="col">{text.category}</th>
            <th scope="col">{text.sitting}</th>
            <th scope="col">{text.seat}</th>
            <th scope="col" class="number">{text.attempts}</th>
            {props.mayManage && <th scope="col">{text.acts}</th>}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.id} data-testid={`candidate-${row.participant_no}`}>
              <td class="code nowrap">{row.participant_no}</td>
              <th scope="row" class="plain">{row.name}</th>
              <td class="code">{row.formation}</td>
              <td>{categoryWords(row)}</td>
              <td class="nowrap">{row.sitting === null ? <Chip kind="warn">{text.notPlaced}</Chip> : <span class="code">{row.sitting}</span>}</td>
              <td class="code nowrap">{row.seat}</td>
              <td class="number">{row.attempts}</td>
              {props.mayManage && <td class="nowrap"><MoveButton row={row} sittings={props.view.sittings} move={props.move} /></td>}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function MoveButton(props: { row: CandidateView; sittings: SittingView[]; move: (move: Move) => void }) {
  const text = strings.candidates;
  const { row } = props;
  // Without a sitting there is nothing to move; placement gives the first one.
  if (row.enrolment === "" || row.sitting === null) {
    return null;
  }
  // Before the doors open a sitting is exchanged; afterwards its journal stays and only a further attempt can follow.
  const kind = props.sittings.find((sitting) => sitting.code === row.sitting)?.phase === "planned" ? "reschedule" : "attempt";
  const label = kind === "reschedule" ? text.reschedule : text.attempt;
  return (
    <button type="button" class="small" data-testid={kind === "reschedule" ? "reschedule" : "further-attempt"} aria-label={text.actsFor(label, row.name)}
      onClick={() => props.move({ kind, candidate: row })}>{label}</button>
  );
}

function MoveDialog(props: SelectionProps & { move: Move; onClose: () => void; done: (sitting: string) => void }) {
  const text = strings.candidates;
  const { view, move } = props;
  const { candidate } = move;
  const reschedule = move.kind === "reschedule";
  const form = useForm({ sitting: "", reason: "" }, parseMove);
  const act = useAct();
  const stage = view.sittings.find((sitting) => sitting.code === candidate.sitting)?.stage;
  const open = view.sittings.filter((sitting) => sitting.phase === "planned" && sitting.code !== candidate.sitting && (stage === undefined || sitting.stage === stage));
  const path = `/api/v1/enrolments/${candidate.enrolment}/${reschedule ? "reschedule" : "attempts"}`;
  return (
    <Dialog title={reschedule ? text.rescheduleHeading(candidate.name) : text.attemptHeading(candidate.name)} onClose={props.onClose} testid="move-dialog">
      <form noValidate onSubmit={form.submit((value) => {
        void act.run(() => post<unknown>(path, value)).then((done) => {
          if (done !== undefined) {
            props.done(view.sittings.find((sitting) => sitting.id === value.sitting)?.code ?? "");
          }
        });
      })}>
        <p class="soft">{reschedule ? text.rescheduleHint : text.attemptHint}</p>
        {open.length === 0
          ? <p class="notice warn">{text.noSitting}</p>
          : <SelectField form={form} name="sitting" label={text.newSitting} empty={text.chooseSitting} testid="move-sitting"
              options={open.map((sitting) => ({ value: sitting.id, label: sittingWords(sitting, props) }))} />}
        <AreaField form={form} name="reason" label={strings.common.reason} hint={strings.common.reasonHint} testid="move-reason" />
        <TroubleNotice trouble={act.trouble} />
        <div class="row end">
          <button type="button" onClick={props.onClose}>{strings.common.cancel}</button>
          <ActButton type="submit" kind="primary" busy={act.busy} disabled={open.length === 0} label={reschedule ? text.confirmReschedule : text.confirmAttempt} testid="move-submit" />
        </div>
      </form>
    </Dialog>
  );
}

function sittingWords(sitting: SittingView, props: SelectionProps): string {
  const hall = props.view.halls.find((candidate) => candidate.id === sitting.hall)?.title ?? "";
  return strings.candidates.option(sitting.code, dateTime(sitting.starts_utc_ms), hall);
}
