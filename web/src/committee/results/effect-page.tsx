// The effect of a proposed correction, in full, and the approvals of two people.

import { useState } from "preact/hooks";
import { dateTime } from "../../common/format";
import type { Effect } from "../../wire";
import { TroubleNotice, useDocument } from "../load";
import { href, resultsAt } from "../route";
import { count, Figure } from "../widgets";
import { Approvals } from "./approvals";
import type { StageProps } from "./area";
import { StateChip } from "./corrections";
import { EffectTable } from "./effect-table";
import { SecondScorerNotice } from "./second-scorer";
import { corrections as text } from "./strings";

/** `#/hasil/{selection}/{stage}/koreksi/{correction}`. */
export function EffectPage(props: StageProps & { correction: string }) {
  const { stage, view } = props;
  const effect = useDocument<Effect>(`/api/v1/corrections/${props.correction}/effect`);
  const [approved, setApproved] = useState(false);
  const known = effect.value;
  return (
    <div data-testid="page-effect">
      <p class="crumb"><a href={href(resultsAt(view.id, stage.id, "corrections"))}>‹ {text.back}</a></p>
      {effect.trouble !== undefined && <TroubleNotice trouble={effect.trouble} retry={() => void effect.reload()} />}
      {known === undefined && effect.busy && <p class="loading" role="status"><span class="spinner" aria-hidden="true" /> {text.effect.computing}</p>}
      {known !== undefined && (
        <>
          <Head effect={known} />
          <Approvals {...props} effect={known} busy={effect.busy} approved={approved} again={() => void effect.reload()} changed={(own) => {
            setApproved(own);
            void effect.reload();
          }} />
          <Summary effect={known} />
          {known.rows.length === 0
            ? <p class="notice">{text.effect.nothing}</p>
            : <EffectTable rows={known.rows} csv={{ href: `/api/v1/corrections/${props.correction}/effect.csv` }} />}
          <p class="soft">{text.effect.hash}: <span class="code hash">{known.effect_hash}</span></p>
        </>
      )}
    </div>
  );
}

function Head(props: { effect: Effect }) {
  const { correction, before } = props.effect;
  return (
    <header class="correction-head">
      <h3>{correction.sentence}</h3>
      <p>{correction.reason}</p>
      <p class="row"><StateChip correction={correction} /> <span class="soft">{text.by} {correction.by}, {dateTime(correction.at_utc_ms)} · {text.effect.comparedWith(before)}</span></p>
    </header>
  );
}

function Summary(props: { effect: Effect }) {
  const { effect } = props;
  const words = text.effect;
  return (
    <section aria-label={words.heading}>
      <div class="figures" data-testid="effect-summary">
        <Figure value={count(effect.people)} label={words.people} testid="effect-people" />
        <Figure value={count(effect.changed)} label={words.changed} testid="effect-changed" />
        <Figure value={count(effect.rose)} label={words.rose} testid="effect-rose" />
        <Figure value={count(effect.fell)} label={words.fell} testid="effect-fell" />
        <Figure value={count(effect.enter)} label={words.enter} {...(effect.enter > 0 ? { kind: "good" } : {})} testid="effect-enter" />
        <Figure value={count(effect.leave)} label={words.leave} {...(effect.leave > 0 ? { kind: "bad" } : {})} testid="effect-leave" />
      </div>
      <SecondScorerNotice of={effect.second_scorer} />
    </section>
  );
}
