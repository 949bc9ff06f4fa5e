// Drawing papers, and the report of each draw.

import { useState } from "preact/hooks";
import { get, post } from "../common/api";
import { dateTime } from "../common/format";
import type { DrawReport, SittingView } from "../wire";
import { TroubleNotice, useAct, type ServerAct } from "./load";
import { PhaseChip } from "./phase-chip";
import type { SelectionProps } from "./selection";
import { strings } from "./strings";
import { ActButton, Chip, count, Dialog, Empty, Figure, TableFrame } from "./widgets";

type Reports = Record<string, DrawReport>;

/** `#/seleksi/{id}/naskah`. */
export function PapersPage(props: SelectionProps) {
  const text = strings.papers;
  const filled = props.view.sittings.filter((sitting) => sitting.enrolled > 0);
  const missing = filled.filter((sitting) => sitting.phase === "planned" && sitting.drawn < sitting.enrolled);
  const [reports, setReports] = useState<Reports>({});
  const [again, setAgain] = useState<SittingView>();
  const [working, setWorking] = useState<{ sitting: string; done: number; all: number }>();
  const act = useAct();

  const draw = async (sittings: SittingView[]): Promise<void> => {
    for (const [index, sitting] of sittings.entries()) {
      setWorking({ sitting: sitting.id, done: index + 1, all: sittings.length });
      const done = await act.run(() => post<DrawReport>(`/api/v1/sittings/${sitting.id}/draw`, {}));
      if (done === undefined) {
        break;
      }
      setReports((before) => ({ ...before, [sitting.id]: done.value }));
    }
    setWorking(undefined);
    await props.changed();
  };

  const show = (sitting: SittingView): void => {
    void act.run(() => get<DrawReport>(`/api/v1/sittings/${sitting.id}/draw`)).then((done) => {
      if (done !== undefined) {
        setReports((before) => ({ ...before, [sitting.id]: done.value }));
      }
    });
  };

  return (
    <div data-testid="page-papers">
      <h3 class="step-title">{text.heading}</h3>
      <p class="soft">{text.intro}</p>
      {filled.length === 0 ? <Empty>{text.needs}</Empty> : (
        <>
          {props.mayManage && missing.length > 1 && (
            <p class="row">
              <ActButton kind="primary" busy={act.busy} busyLabel={working === undefined ? text.drawing : text.progress(working.done, working.all)} label={text.drawAll(missing.length)}
                testid="draw-all" onClick={() => void draw(missing)} />
            </p>
          )}
          <PaperTable {...props} sittings={filled} working={working?.sitting} act={act} show={show} draw={(sitting) => {
            if (sitting.drawn > 0) {
              setAgain(sitting);
            } else {
              void draw([sitting]);
            }
          }} />
          <TroubleNotice trouble={act.trouble} />
          {filled.filter((sitting) => reports[sitting.id] !== undefined).map((sitting) => <Report key={sitting.id} sitting={sitting} report={reports[sitting.id] as DrawReport} />)}
        </>
      )}
      {again !== undefined && (
        <Dialog title={text.againHeading(again.code)} onClose={() => setAgain(undefined)} testid="draw-dialog">
          <p>{text.againHint(count(again.drawn))}</p>
          <div class="row end">
            <button type="button" onClick={() => setAgain(undefined)}>{strings.common.cancel}</button>
            <button type="button" class="danger" data-testid="draw-confirm" onClick={() => {
              setAgain(undefined);
              void draw([again]);
            }}>{text.again}</button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function PaperTable(props: SelectionProps & { sittings: SittingView[]; working: string | undefined; act: ServerAct; show: (sitting: SittingView) => void; draw: (sitting: SittingView) => void }) {
  const text = strings.papers;
  return (
    <TableFrame label={text.caption}>
      <table class="full">
        <caption class="visually-hidden">{text.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{text.sitting}</th>
            <th scope="col">{text.starts}</th>
            <th scope="col">{text.phase}</th>
            <th scope="col" class="number">{text.papers}</th>
            {props.mayInspect && <th scope="col">{text.act}</th>}
          </tr>
        </thead>
        <tbody>
          {props.sittings.map((sitting) => {
            const whole = sitting.drawn >= sitting.enrolled;
            const label = sitting.drawn > 0 ? text.again : text.draw;
            return (
              <tr key={sitting.id} data-testid={`papers-${sitting.code}`}>
                <th scope="row" class="code">{sitting.code}</th>
                <td class="tabular nowrap">{dateTime(sitting.starts_utc_ms)}</td>
                <td><PhaseChip phase={sitting.phase} /></td>
                <td class="number nowrap">
                  <span data-testid="papers-drawn">{strings.common.of(count(sitting.drawn), count(sitting.enrolled))}</span> {whole && <Chip kind="good">{text.complete}</Chip>}
                </td>
                {props.mayInspect && (
                  <td>
                    <span class="row tight">
                      {props.mayManage && (sitting.phase === "planned"
                        ? <button type="button" class={whole ? "small" : "small primary"} disabled={props.act.busy} data-testid={`draw-${sitting.code}`}
                            aria-label={text.drawFor(label, sitting.code)} onClick={() => props.draw(sitting)}>
                            {props.working === sitting.id ? <><span class="spinner" aria-hidden="true" /> {text.drawing}</> : label}
                          </button>
                        : <span class="soft">{text.closed}</span>)}
                      {sitting.drawn > 0 && (
                        <button type="button" class="small" disabled={props.act.busy} data-testid={`show-report-${sitting.code}`} aria-label={text.reportOf(sitting.code)}
                          onClick={() => props.show(sitting)}>{text.showReport}</button>
                      )}
                    </span>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Report(props: { sitting: SittingView; report: DrawReport }) {
  const text = strings.papers;
  const { report } = props;
  return (
    <section class="card" data-testid={`report-${props.sitting.code}`} aria-label={text.reportOf(props.sitting.code)}>
      <h4>{text.reportOf(props.sitting.code)}</h4>
      <div class="figures">
        <Figure value={count(report.papers)} label={text.drawn} kind="good" testid="report-papers" />
        <div class="figure grow">
          <span class="figure-value text tabular" data-testid="report-shared">{text.shared(count(report.positions_shared), count(report.positions_compared))}</span>
          <span class="figure-label">{report.neighbour_pairs === 0 ? text.neighboursNone : text.neighbours(count(report.neighbour_pairs))}</span>
        </div>
      </div>
      <TableFrame label={text.cellsCaption}>
        <table class="full">
          <caption>{text.cellsCaption}</caption>
          <thead>
            <tr>
              <th scope="col">{text.formation}</th>
              <th scope="col">{text.section}</th>
              <th scope="col">{text.cell}</th>
              <th scope="col" class="number">{text.needed}</th>
              <th scope="col" class="number">{text.available}</th>
            </tr>
          </thead>
          <tbody>
            {report.cells.map((cell, index) => (
              <tr key={index}>
                <td>{cell.formation ?? text.common}</td>
                <td class="code">{cell.section}</td>
                <th scope="row" class="plain">{cell.cell}</th>
                <td class="number">{count(cell.count)}</td>
                <td class="number">{count(cell.available)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <p class="soft">
        {text.algorithm}: <span class="code">{report.algorithm}</span> · {text.seed}: {report.seed === null ? text.seedSecret : <span class="code hash">{report.seed}</span>}
      </p>
    </section>
  );
}
