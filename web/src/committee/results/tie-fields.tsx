// Who is tied, and the committee's order of them: within a formation, and across formations for a slot of a move.

import { useEffect } from "preact/hooks";
import type { RevisionDetail, RevisionView } from "../../wire";
import { Loaded, useDocument, type Document } from "../load";
import { Labelled } from "../widgets";
import type { StageProps } from "./area";
import { moved } from "./change";
import { tiedAcross, tiedPeople, type Waiting } from "./lists";
import type { DraftForm } from "./new-correction";
import { newestRevision } from "./overview";
import { corrections as text } from "./strings";

type FieldsProps = StageProps & { form: DraftForm };

/** The order of people of one formation who are tied. */
export function DecisionFields(props: FieldsProps) {
  const { form, stage } = props;
  return (
    <Loaded of={useNewest(stage.id)}>
      {({ results }) => {
        const tied = results.lists.map((list) => ({ list, people: tiedPeople(list) })).filter(({ people }) => people.length > 1);
        if (tied.length === 0) {
          return <p class="notice" data-testid="nobody-tied">{text.orderNone}</p>;
        }
        return (
          <>
            <Labelled id="correction-formation" label={text.formation} fault={form.fault("order")}>
              <select id="correction-formation" data-testid="correction-formation" value={form.draft.formation} aria-describedby="correction-formation-fault"
                onChange={(event) => {
                  const formation = event.currentTarget.value;
                  form.set({ formation, order: tied.find(({ list }) => list.formation === formation)?.people.map((row) => row.participant_no) ?? [] });
                }}>
                <option value="">{text.chooseFormation}</option>
                {tied.map(({ list }) => <option key={list.formation} value={list.formation}>{list.formation} · {list.title}</option>)}
              </select>
            </Labelled>
            <Order form={form} hint={text.orderHint} names={new Map(tied.flatMap(({ people }) => people.map((row) => [row.participant_no, row.name])))} />
          </>
        );
      }}
    </Loaded>
  );
}

/** The order of people of several formations who are tied for a slot of a move. */
export function MoveDecisionFields(props: FieldsProps) {
  const { form, stage } = props;
  return (
    <Loaded of={useNewest(stage.id)}>
      {({ results }) => {
        const waiting = tiedAcross(results.lists);
        return waiting.length === 0
          ? <p class="notice" data-testid="nobody-tied-across">{text.moveOrderNone}</p>
          : <AcrossFormations form={form} waiting={waiting} />;
      }}
    </Loaded>
  );
}

function AcrossFormations(props: { form: DraftForm; waiting: Waiting[] }) {
  const { form, waiting } = props;
  const { order } = form.draft;
  const fault = form.fault("order");
  useEffect(() => form.set({
    order: waiting.map(({ row }) => row.participant_no),
    homes: new Map(waiting.map(({ formation, row }) => [row.participant_no, formation])),
  }), []);
  const out = waiting.filter(({ row }) => !order.includes(row.participant_no));
  return (
    <>
      <Order form={form} hint={text.moveOrderHint} names={new Map(waiting.map(({ formation, row }) => [row.participant_no, text.participantIs(row.name, formation)]))}
        leaveOut={(number) => form.set({ order: order.filter((one) => one !== number) })} />
      {out.length > 0 && (
        <>
          <p><strong>{text.leftOut}</strong></p>
          <ul class="order" data-testid="decision-left-out">
            {out.map(({ formation, row }) => (
              <li key={row.participant_no}>
                <span class="order-name"><span class="code">{row.participant_no}</span> {text.participantIs(row.name, formation)}</span>
                <button type="button" class="small" aria-label={text.takeInPerson(row.participant_no)} onClick={() => form.set({ order: [...order, row.participant_no] })}>{text.takeIn}</button>
              </li>
            ))}
          </ul>
        </>
      )}
      {fault !== undefined && <p class="fault" role="alert">{fault}</p>}
    </>
  );
}

/** The newest revision with its lists. */
function useNewest(stage: string): Document<RevisionDetail> {
  const revisions = useDocument<RevisionView[]>(`/api/v1/stages/${stage}/revisions`);
  const newest = revisions.value === undefined ? undefined : newestRevision(revisions.value);
  return useDocument<RevisionDetail>(newest === undefined ? undefined : `/api/v1/revisions/${newest.id}`);
}

function Order(props: { form: DraftForm; hint: string; names: Map<string, string>; leaveOut?: (number: string) => void }) {
  const { form, names, leaveOut } = props;
  const { order } = form.draft;
  if (order.length === 0) {
    return null;
  }
  const move = (index: number, by: -1 | 1): void => form.set({ order: moved(order, index, by) });
  return (
    <>
      <p><strong>{text.order}</strong> <span class="soft">{props.hint}</span></p>
      <ol class="order" data-testid="decision-order">
        {order.map((number, index) => (
          <li key={number}>
            <span class="order-number">{index + 1}.</span>
            <span class="order-name"><span class="code">{number}</span> {names.get(number)}</span>
            <button type="button" class="icon" aria-label={text.up(number)} disabled={index === 0} onClick={() => move(index, -1)}>↑</button>
            <button type="button" class="icon" aria-label={text.down(number)} disabled={index === order.length - 1} onClick={() => move(index, 1)}>↓</button>
            {leaveOut !== undefined && <button type="button" class="icon" aria-label={text.leaveOut(number)} onClick={() => leaveOut(number)}>✕</button>}
          </li>
        ))}
      </ol>
    </>
  );
}
