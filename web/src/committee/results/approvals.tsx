// The approvals of a correction: who gave them, why one may not give the next, and the acts.

import { useState } from "preact/hooks";
import { post } from "../../common/api";
import { dateTime } from "../../common/format";
import type { Approve, Effect, Reject } from "../../wire";
import { href, resultsAt } from "../route";
import { ActButton } from "../widgets";
import type { StageProps } from "./area";
import { ConfirmDialog, ReasonDialog } from "./dialogs";
import { corrections } from "./strings";

const text = corrections.approval;

interface ApprovalsProps extends StageProps {
  effect: Effect;
  busy: boolean;
  /** The person in front of the page has just approved. */
  approved: boolean;
  /** Asks for the effect: what was refused because it changed is looked at anew. */
  again: () => void;
  /** Something was decided; true when it was one's own approval. */
  changed: (own: boolean) => void;
}

/** The card with both approvals. */
export function Approvals(props: ApprovalsProps) {
  const { effect, view, stage } = props;
  const { correction } = effect;
  const { approvals } = correction;
  const [asked, setAsked] = useState<"approve" | "reject">();
  const open = correction.state === "open";
  const close = (): void => {
    setAsked(undefined);
    props.again();
  };
  const done = (own: boolean): void => {
    setAsked(undefined);
    props.changed(own);
  };
  return (
    <section class="card approvals" data-testid="approvals" data-count={approvals.length}>
      <h3>{text.heading}</h3>
      <ol class="approval-list">
        {[text.first, text.second].map((title, index) => {
          const approval = approvals[index];
          return (
            <li key={title} class={approval === undefined ? undefined : "given"} data-testid={`approval-${index + 1}`}>
              <span class={approval === undefined ? "mark" : "mark done"} aria-hidden="true">{approval === undefined ? index + 1 : "✓"}</span>
              <span><strong>{title}</strong><small class="under soft">{approval === undefined ? text.waiting : text.by(approval.by, dateTime(approval.at_utc_ms))}</small></span>
            </li>
          );
        })}
      </ol>
      <div role="status">
        {correction.state === "adopted" && correction.revision !== null && (
          <p class="notice good" data-testid="became-revision">
            {text.adopted(correction.revision)} <a href={href(resultsAt(view.id, stage.id, "announcement"))}>{text.publishNext}</a>
          </p>
        )}
        {correction.state === "rejected" && <p class="notice" data-testid="rejected">{text.rejected(correction.rejected_because)}</p>}
        {open && props.approved && <p class="notice good" data-testid="approved">{text.approved}</p>}
      </div>
      {open && <p class="soft">{text.rule}</p>}
      {open && effect.obstacles.length > 0 && <Obstacles obstacles={effect.obstacles} />}
      {open && correction.hindrance !== null && <p class="notice" data-testid="hindrance" data-code={correction.hindrance}>{text.hindrances[correction.hindrance] ?? text.hindranceOther}</p>}
      {open && props.mayManage && (
        <div class="row">
          <ActButton kind="primary" busy={props.busy} disabled={correction.hindrance !== null || effect.obstacles.length > 0} label={text.approve} testid="approve" onClick={() => setAsked("approve")} />
          <ActButton kind="danger" busy={props.busy} label={text.reject} testid="reject" onClick={() => setAsked("reject")} />
        </div>
      )}
      {asked === "approve" && (
        <ConfirmDialog title={text.approveHeading} hint={approvals.length === 0 ? text.approveFirst : text.approveSecond} submit={text.approve} busyLabel={text.approving} testid="approve-dialog"
          onClose={close} done={() => done(true)} send={() => post(`/api/v1/corrections/${correction.id}/approve`, { effect_hash: effect.effect_hash } satisfies Approve)}>
          <p><strong>{correction.sentence}</strong></p>
          <p class="soft">{corrections.effect.hash}: <span class="code hash">{effect.effect_hash}</span></p>
        </ConfirmDialog>
      )}
      {asked === "reject" && (
        <ReasonDialog title={text.rejectHeading} hint={text.rejectHint} label={text.rejectReason} submit={text.reject} kind="danger" testid="reject-dialog"
          onClose={close} done={() => done(false)} send={(reason) => post(`/api/v1/corrections/${correction.id}/reject`, { reason } satisfies Reject)} />
      )}
    </section>
  );
}

function Obstacles(props: { obstacles: string[] }) {
  return (
    <div class="notice warn" data-testid="effect-obstacles">
      <strong>{corrections.effect.obstacles}</strong>
      <ul>{props.obstacles.map((obstacle) => <li key={obstacle}>{obstacle}</li>)}</ul>
    </div>
  );
}
