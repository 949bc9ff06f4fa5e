// Computes the stage now, shows everything that came out, and adopts it as revision 1.

import { useState } from "preact/hooks";
import { post } from "../../common/api";
import type { AdoptFirst, Computation } from "../../wire";
import { TroubleNotice, useAct } from "../load";
import { href, resultsAt } from "../route";
import { ActButton } from "../widgets";
import type { StageProps } from "./area";
import { ReasonDialog } from "./dialogs";
import { ResultsView } from "./results-view";
import { office } from "./strings";

/** `#/hasil/{selection}/{stage}/perhitungan`. */
export function ComputationPart(props: StageProps) {
  const text = office.computation;
  const { stage } = props;
  const act = useAct();
  const [computation, setComputation] = useState<Computation>();
  const [adopting, setAdopting] = useState(false);
  const [adopted, setAdopted] = useState(false);
  const compute = (): void => {
    void act.run(() => post<Computation>(`/api/v1/stages/${stage.id}/computation`, {})).then((done) => {
      if (done !== undefined) {
        setComputation(done.value);
      }
    });
  };
  const mayAdopt = props.mayManage && computation !== undefined && computation.current === null;
  return (
    <div data-testid="part-body-computation">
      <p class="soft">{text.intro}</p>
      <div class="row acts">
        <ActButton kind={computation === undefined ? "primary" : undefined} busy={act.busy} busyLabel={text.computing} label={computation === undefined ? text.compute : text.again}
          testid="compute" onClick={() => {
            setAdopted(false);
            compute();
          }} />
        {mayAdopt && (
          <ActButton kind="primary" busy={false} disabled={computation.obstacles.length > 0 || act.busy} label={text.adopt} testid="adopt" onClick={() => setAdopting(true)} />
        )}
      </div>
      <TroubleNotice trouble={act.trouble} />
      <div role="status">{adopted && <p class="notice good" data-testid="adopted">{text.adopted}</p>}</div>
      {computation !== undefined && <Standing {...props} computation={computation} />}
      {computation !== undefined && <ResultsView results={computation.results} stage={explained(computation) ? stage.id : undefined} />}
      {adopting && computation !== undefined && (
        <ReasonDialog title={text.adoptHeading} hint={text.adoptHint} label={text.adoptReason} fieldHint={text.adoptReasonHint} submit={text.adopt} optional testid="adopt-dialog"
          onClose={() => setAdopting(false)}
          send={(reason) => post(`/api/v1/stages/${stage.id}/revisions`, { input_hash: computation.results.input_hash, reason } satisfies AdoptFirst)}
          done={() => {
            setAdopting(false);
            setAdopted(true);
            compute();
          }} />
      )}
    </div>
  );
}

/** The server explains the newest revision, so "why?" fits only a computation that is equal to it, or one before there is any. */
function explained(computation: Computation): boolean {
  return computation.current === null || computation.unchanged;
}

function Standing(props: StageProps & { computation: Computation }) {
  const text = office.computation;
  const { computation, view, stage } = props;
  const { current, obstacles, remarks } = computation;
  return (
    <>
      {current !== null && (computation.unchanged
        ? <p class="notice good" data-testid="unchanged">{text.unchanged(current.number)}</p>
        : (
          <p class="notice warn" data-testid="changed">
            {text.changed(current.number)} {props.mayManage && <a href={href(resultsAt(view.id, stage.id, "corrections", "new"))}>{text.recompute}</a>}
          </p>
        ))}
      {obstacles.length > 0 && (
        <div class="notice warn" data-testid="obstacles">
          <strong>{text.obstacles}</strong>
          <ul>{obstacles.map((obstacle) => <li key={obstacle}>{obstacle}</li>)}</ul>
        </div>
      )}
      {current === null && obstacles.length === 0 && <p class="notice good" data-testid="no-obstacles">{text.ready}</p>}
      {remarks.length > 0 && (
        <div class="notice" data-testid="remarks">
          <strong>{text.remarks}</strong>
          <ul>{remarks.map((remark) => <li key={remark}>{remark}</li>)}</ul>
        </div>
      )}
    </>
  );
}
