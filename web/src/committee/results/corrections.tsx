// Proposed corrections: the list, a new one, and the effect of one.

import { dateTime } from "../../common/format";
import type { CorrectionView, RevisionView } from "../../wire";
import { Loaded, useDocument } from "../load";
import { href, resultsAt } from "../route";
import { Chip, Empty, TableFrame } from "../widgets";
import type { StageProps } from "./area";
import { EffectPage } from "./effect-page";
import { NewCorrectionPage } from "./new-correction";
import { corrections as text } from "./strings";

/** `#/hasil/{selection}/{stage}/koreksi` and below. */
export function CorrectionsPart(props: StageProps) {
  const { id } = props.route;
  if (id === undefined) {
    return <CorrectionList {...props} />;
  }
  return id === "new" ? <NewCorrectionPage {...props} /> : <EffectPage key={id} {...props} correction={id} />;
}

function CorrectionList(props: StageProps) {
  const { stage, view } = props;
  const list = useDocument<CorrectionView[]>(`/api/v1/stages/${stage.id}/corrections`);
  const revisions = useDocument<RevisionView[]>(`/api/v1/stages/${stage.id}/revisions`);
  const adopted = (revisions.value ?? []).length > 0;
  return (
    <div data-testid="part-body-corrections">
      <div class="page-head">
        <p class="soft">{text.intro}</p>
        {props.mayManage && adopted && <a class="button primary" href={href(resultsAt(view.id, stage.id, "corrections", "new"))} data-testid="propose">{text.propose}</a>}
      </div>
      {revisions.value !== undefined && !adopted && <p class="notice" data-testid="need-revision">{text.needRevision}</p>}
      <Loaded of={list}>
        {(known) => (known.length === 0 ? <Empty testid="no-corrections">{text.none}</Empty> : <CorrectionTable {...props} list={inOrder(known)} />)}
      </Loaded>
    </div>
  );
}

/** Those that wait first, then the newest. */
export function inOrder(list: CorrectionView[]): CorrectionView[] {
  const waits = (correction: CorrectionView): number => (correction.state === "open" ? 0 : 1);
  return [...list].sort((a, b) => waits(a) - waits(b) || b.at_utc_ms - a.at_utc_ms);
}

function CorrectionTable(props: StageProps & { list: CorrectionView[] }) {
  const { stage, view } = props;
  return (
    <TableFrame label={text.caption}>
      <table class="full">
        <caption class="visually-hidden">{text.caption}</caption>
        <thead>
          <tr><th scope="col">{text.change}</th><th scope="col">{text.by}</th><th scope="col">{text.state}</th><th scope="col">{text.effect.heading}</th></tr>
        </thead>
        <tbody>
          {props.list.map((correction) => (
            <tr key={correction.id} data-testid="correction" data-state={correction.state}>
              <th scope="row" class="plain wide-cell">
                {correction.sentence}
                <small class="under soft">{correction.reason}</small>
                {correction.state === "rejected" && <small class="under">{text.approval.rejected(correction.rejected_because)}</small>}
              </th>
              <td>{correction.by}<small class="under soft">{dateTime(correction.at_utc_ms)}</small></td>
              <td><StateChip correction={correction} /></td>
              <td>
                <a href={href(resultsAt(view.id, stage.id, "corrections", correction.id))} aria-label={text.seeEffectOf(correction.sentence)} data-testid="see-effect">{text.seeEffect}</a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

/** Where a correction stands, as a word with a colour. */
export function StateChip(props: { correction: CorrectionView }) {
  const { correction } = props;
  switch (correction.state) {
    case "open":
      return <><Chip kind="warn">{text.states.open}</Chip> <small class="under soft nowrap">{text.approvals(correction.approvals.length)}</small></>;
    case "adopted":
      return <Chip kind="good">{correction.revision === null ? text.states.adopted : text.becameRevision(correction.revision)}</Chip>;
    case "rejected":
      return <Chip kind="plain">{text.states.rejected}</Chip>;
  }
}
