// The fields of each kind of correction, with what helps to fill them in: the item and its choices, the person by number.

import { useState } from "preact/hooks";
import { get } from "../../common/api";
import type { CandidatePage, ItemView, RuleSetInUse, VoidPolicy } from "../../wire";
import { ItemFace, RichText } from "../item";
import { keyedChoices } from "../item-keys";
import { TroubleNotice, useAct, useDocument } from "../load";
import { candidatesPath } from "../paths";
import { ActButton, Chip, Labelled } from "../widgets";
import type { StageProps } from "./area";
import { CHANGE_STATUSES } from "./change";
import type { DraftForm } from "./new-correction";
import { corrections as text } from "./strings";
import { DecisionFields, MoveDecisionFields } from "./tie-fields";

type FieldsProps = StageProps & { form: DraftForm };

/** The fields of the chosen kind. */
export function ChangeFields(props: FieldsProps) {
  switch (props.form.draft.kind) {
    case "key":
    case "void":
      return <ItemFields {...props} />;
    case "status":
      return <><PersonField {...props} /><StatusFields {...props} /></>;
    case "facts":
      return <><PersonField {...props} /><FactFields {...props} /></>;
    case "decision":
      return <DecisionFields {...props} />;
    case "move_decision":
      return <MoveDecisionFields {...props} />;
    case "recompute":
      return null;
  }
}

function ItemFields(props: FieldsProps) {
  const { form } = props;
  const { draft, set } = form;
  const [item, setItem] = useState<ItemView>();
  const act = useAct();
  const look = (): void => {
    void act.run(() => get<ItemView>(`/api/v1/bank/items/${encodeURIComponent(draft.item.trim())}`)).then((done) => {
      setItem(done?.value);
      if (done !== undefined) {
        set({ item: done.value.code, right: keyedChoices(done.value).flatMap((choice, index) => (choice.right ? [index] : [])) });
      }
    });
  };
  const shown = item !== undefined && item.code === draft.item.trim() ? item : undefined;
  return (
    <>
      <div class="row bottom hinted">
        <Labelled id="correction-item" label={text.item} hint={text.itemHint} fault={form.fault("item")}>
          <input id="correction-item" autocomplete="off" data-testid="correction-item" aria-invalid={form.fault("item") !== undefined} aria-describedby="correction-item-hint correction-item-fault"
            value={draft.item} onInput={(event) => set({ item: event.currentTarget.value, right: [] })}
            onKeyDown={(event) => {
              if (event.key === "Enter") {
                event.preventDefault();
                look();
              }
            }} />
        </Labelled>
        <ActButton busy={act.busy} disabled={draft.item.trim() === ""} label={text.itemShow} testid="correction-item-show" onClick={look} />
      </div>
      <TroubleNotice trouble={act.trouble} testid="correction-item-trouble" />
      {draft.kind === "key" && (shown === undefined ? <p class="soft">{text.itemFirst}</p> : <RightChoices item={shown} form={form} />)}
      {draft.kind === "key" && form.fault("right") !== undefined && <p class="fault" role="alert">{form.fault("right")}</p>}
      {draft.kind === "void" && shown !== undefined && <ItemFace item={shown} />}
      {draft.kind === "void" && <Policies form={form} />}
    </>
  );
}

function RightChoices(props: { item: ItemView; form: DraftForm }) {
  const { item, form } = props;
  const { right } = form.draft;
  const now = keyedChoices(item);
  const toggle = (choice: number): void => form.set({ right: right.includes(choice) ? right.filter((one) => one !== choice) : [...right, choice] });
  return (
    <fieldset class="bare right-choices" data-testid="right-choices">
      <legend>{text.right}</legend>
      <small class="hint">{text.rightHint(now.some((choice) => choice.right))}</small>
      <RichText class="stem" html={item.stem} />
      <ul class="choices">
        {now.map((choice, index) => (
          <li key={choice.letter} class={right.includes(index) ? "right" : undefined}>
            <label class="inline">
              <input type="checkbox" checked={right.includes(index)} data-testid={`right-${index}`} onChange={() => toggle(index)} />
              <span class="letter">{text.choice(choice.letter)}</span>
            </label>
            <RichText html={item.choices[index] ?? ""} />
            {choice.right && <Chip kind="accent">{choice.weight}</Chip>}
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

const POLICIES: VoidPolicy[] = ["full_marks", "removed"];

function Policies(props: { form: DraftForm }) {
  const { draft, set } = props.form;
  return (
    <fieldset class="bare kinds">
      <legend>{text.policy}</legend>
      {POLICIES.map((policy) => (
        <label key={policy} class="inline">
          <input type="radio" name="policy" value={policy} checked={draft.policy === policy} data-testid={`policy-${policy}`} onChange={() => set({ policy })} />
          <span>{text.policies[policy].title}<small class="hint">{text.policies[policy].hint}</small></span>
        </label>
      ))}
    </fieldset>
  );
}

function PersonField(props: FieldsProps) {
  const { form, view } = props;
  const { draft, set } = form;
  const [found, setFound] = useState<{ number: string; words: string }>();
  const act = useAct();
  const number = draft.participant_no.trim();
  const look = (): void => {
    void act.run(() => get<CandidatePage>(candidatesPath(view.id, { find: number, page: 1 }))).then((done) => {
      const person = done?.value.candidates.find((candidate) => candidate.participant_no.toLowerCase() === number.toLowerCase());
      if (done !== undefined) {
        setFound({ number, words: person === undefined ? text.participantNone : text.participantIs(person.name, person.formation) });
      }
    });
  };
  return (
    <>
      <div class={found?.number === number ? "row bottom hinted" : "row bottom"}>
        <Labelled id="correction-person" label={text.participant} hint={found?.number === number ? found.words : undefined} fault={form.fault("participant_no")}>
          <input id="correction-person" autocomplete="off" data-testid="correction-person" aria-invalid={form.fault("participant_no") !== undefined}
            aria-describedby="correction-person-hint correction-person-fault" value={draft.participant_no} onInput={(event) => set({ participant_no: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key === "Enter") {
                event.preventDefault();
                look();
              }
            }} />
        </Labelled>
        <ActButton busy={act.busy} disabled={number === ""} label={text.participantFind} testid="correction-person-find" onClick={look} />
      </div>
      <TroubleNotice trouble={act.trouble} testid="correction-person-trouble" />
    </>
  );
}

function StatusFields(props: FieldsProps) {
  const { form, view } = props;
  const { draft, set } = form;
  const ruleSet = useDocument<RuleSetInUse>(`/api/v1/selections/${view.id}/rule-set`);
  const stages = ruleSet.value?.chosen?.view.summary.stages ?? [];
  return (
    <div class="fields">
      <Labelled id="correction-status" label={text.status}>
        <select id="correction-status" data-testid="correction-status" value={draft.status}
          onChange={(event) => set({ status: CHANGE_STATUSES.find((status) => status === event.currentTarget.value) ?? "disqualified" })}>
          {CHANGE_STATUSES.map((status) => <option key={status} value={status}>{text.statusOptions[status]}</option>)}
        </select>
      </Labelled>
      <Labelled id="correction-from" label={text.from} fault={form.fault("from")}>
        <select id="correction-from" data-testid="correction-from" value={draft.from} aria-invalid={form.fault("from") !== undefined} aria-describedby="correction-from-fault"
          onChange={(event) => set({ from: event.currentTarget.value })}>
          <option value="">–</option>
          {stages.map((stage) => <option key={stage} value={stage}>{stage}</option>)}
          <option value="final">{text.fromFinal}</option>
        </select>
      </Labelled>
    </div>
  );
}

const COLUMNS = ["gpa", "birth_date", "category", "adjustments", "prior_year"];

function FactFields(props: FieldsProps) {
  const { form } = props;
  const { facts } = form.draft;
  const change = (index: number, part: Partial<(typeof facts)[number]>): void => form.set({ facts: facts.map((fact, place) => (place === index ? { ...fact, ...part } : fact)) });
  return (
    <>
      <datalist id="fact-columns">{COLUMNS.map((column) => <option key={column} value={column} />)}</datalist>
      {facts.map((fact, index) => (
        <fieldset key={index} class="bare">
          <legend class="visually-hidden">{text.fact(index + 1)}</legend>
          <div class="row bottom hinted">
            <Labelled id={`fact-column-${index}`} label={text.column} hint={text.columnHint} fault={index === 0 ? form.fault("facts") : undefined}>
              <input id={`fact-column-${index}`} list="fact-columns" autocomplete="off" data-testid={`fact-${index}-column`} aria-describedby={`fact-column-${index}-hint fact-column-${index}-fault`}
                value={fact.column} onInput={(event) => change(index, { column: event.currentTarget.value })} />
            </Labelled>
            <Labelled id={`fact-value-${index}`} label={text.value} hint={text.valueHint}>
              <input id={`fact-value-${index}`} autocomplete="off" data-testid={`fact-${index}-value`} aria-describedby={`fact-value-${index}-hint`} value={fact.value}
                onInput={(event) => change(index, { value: event.currentTarget.value })} />
            </Labelled>
            {facts.length > 1 && (
              <button type="button" class="icon" aria-label={text.removeFact(index + 1)} onClick={() => form.set({ facts: facts.filter((_, place) => place !== index) })}>✕</button>
            )}
          </div>
        </fieldset>
      ))}
      <p><button type="button" class="small" data-testid="fact-add" onClick={() => form.set({ facts: [...facts, { column: "", value: "" }] })}>{text.addFact}</button></p>
    </>
  );
}
