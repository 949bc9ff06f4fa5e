// The rule set of a selection: what is in force, what else there is, the agency's own text, and the choice.

import { useState } from "preact/hooks";
import { put } from "../common/api";
import { dateTime } from "../common/format";
import { language, texts } from "../common/language";
import { ruleSetStrings } from "../strings/rule-sets";
import type { ChooseRuleSet, ChosenRuleSet, RuleSetInUse, RuleSetSummary, RuleSetView } from "../wire";
import { Loaded, TroubleNotice, useAct, useDocument } from "./load";
import { OwnRuleSet } from "./rule-set-own";
import { RuleSetBody } from "./rule-set-view";
import type { SelectionProps } from "./selection";
import { strings } from "./strings";
import { useForm } from "./use-form";
import { ActButton, AreaField, Chip, Dialog, TableFrame } from "./widgets";
import "./rule-set.css";

const text = texts(ruleSetStrings);

/** What somebody is about to choose: a shipped set by its id, or a text of their own. */
type Candidate = { view: RuleSetView; by: "id" | "text" };

/** `#/seleksi/{id}/himpunan-aturan`. */
export function RuleSetPage(props: SelectionProps) {
  const [looking, setLooking] = useState<string>();
  const [own, setOwn] = useState("");
  const [choosing, setChoosing] = useState<Candidate>();
  const [chosen, setChosen] = useState<string>();
  const copy = (view: RuleSetView): void => {
    setOwn(view.text);
    document.getElementById("own-text")?.focus();
  };
  return (
    <div data-testid="page-rule-set" class="rule-set">
      <h3 class="step-title">{text.heading}</h3>
      <p class="soft">{text.intro}</p>
      <div role="status">{chosen !== undefined && <p class="notice good" data-testid="rule-set-stored">{text.chosen(chosen)}</p>}</div>
      <Loaded of={props.ruleSet}>
        {(known) => (
          <>
            <InUse known={known} copy={copy} />
            <Shipped current={known.chosen?.view.summary} looking={looking} look={setLooking} copy={copy} choose={props.mayManage ? (view) => setChoosing({ view, by: "id" }) : undefined} />
            <OwnRuleSet value={own} set={setOwn} choose={props.mayManage ? (view) => setChoosing({ view, by: "text" }) : undefined} />
            {choosing !== undefined && (
              <ChooseDialog selection={props.view.id} candidate={choosing} before={known.chosen} onClose={() => setChoosing(undefined)} done={() => {
                setChosen(choosing.view.summary.id);
                setChoosing(undefined);
                void props.changed();
              }} />
            )}
          </>
        )}
      </Loaded>
    </div>
  );
}

function InUse(props: { known: RuleSetInUse; copy: (view: RuleSetView) => void }) {
  const { chosen, misfits } = props.known;
  if (chosen === null) {
    return <p class="notice warn" data-testid="rule-set-none">{text.none}</p>;
  }
  const { view } = chosen;
  return (
    <section class="card" data-testid="rule-set-in-use">
      <h4>{text.inUse}</h4>
      <p><strong class="code">{view.summary.id}</strong> {view.summary.title[language()]}</p>
      <p class="soft">
        {text.chosenBy(chosen.by, dateTime(chosen.at_utc_ms))}{chosen.choices > 1 && ` · ${text.choices(chosen.choices)}`}{chosen.reason !== "" && ` · ${text.reasonWas(chosen.reason)}`}
      </p>
      {misfits.length === 0
        ? <p class="notice good" data-testid="rule-set-fits">{text.fits}</p>
        : (
          <div class="notice warn" data-testid="misfits">
            <strong>{text.misfits}</strong>
            <ul>{misfits.map((misfit) => <li key={misfit}>{misfit}</li>)}</ul>
            <p>{text.misfitsHint}</p>
          </div>
        )}
      <details class="fold">
        <summary data-testid="rule-set-explain">{text.explanation}</summary>
        <RuleSetBody view={view} copy={props.copy} />
      </details>
    </section>
  );
}

interface ShippedProps {
  current: RuleSetSummary | undefined;
  looking: string | undefined;
  look: (id: string | undefined) => void;
  copy: (view: RuleSetView) => void;
  choose: ((view: RuleSetView) => void) | undefined;
}

function Shipped(props: ShippedProps) {
  const { current, looking, look } = props;
  const list = useDocument<RuleSetSummary[]>("/api/v1/rule-sets");
  return (
    <section class="card">
      <h4>{text.shipped}</h4>
      <Loaded of={list}>
        {(sets) => (
          <TableFrame label={text.shipped}>
            <table class="full">
              <caption class="visually-hidden">{text.shipped}</caption>
              <thead>
                <tr><th scope="col">{text.id}</th><th scope="col">{text.title}</th><th scope="col" class="number">{text.year}</th><th scope="col">{text.stages}</th><th scope="col">{text.act}</th></tr>
              </thead>
              <tbody>
                {sets.map((set) => (
                  <tr key={set.id} data-testid={`rule-set-${set.id}`}>
                    <th scope="row" class="plain code nowrap">{set.id}</th>
                    <td class="wide-cell">{set.title[language()]} {current?.hash === set.hash && <Chip kind="good">{text.current}</Chip>}</td>
                    <td class="number">{set.year}</td>
                    <td class="code">{set.stages.join(", ")}</td>
                    <td>
                      <button type="button" class="small" aria-expanded={looking === set.id} aria-label={text.lookAt(set.id)} data-testid={`look-${set.id}`}
                        onClick={() => look(looking === set.id ? undefined : set.id)}>{text.look}</button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </TableFrame>
        )}
      </Loaded>
      {looking !== undefined && <Looked key={looking} {...props} id={looking} />}
    </section>
  );
}

function Looked(props: ShippedProps & { id: string }) {
  const set = useDocument<RuleSetView>(`/api/v1/rule-sets/${props.id}`);
  const { choose } = props;
  return (
    <div class="looked" data-testid="rule-set-looked">
      <Loaded of={set}>
        {(view) => (
          <>
            <p class="row">
              <strong>{view.summary.title[language()]}</strong>
              {choose !== undefined && props.current?.hash !== view.summary.hash && <ActButton kind="primary" busy={false} label={text.choose} testid={`choose-${view.summary.id}`} onClick={() => choose(view)} />}
            </p>
            <RuleSetBody view={view} copy={props.copy} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function ChooseDialog(props: { selection: string; candidate: Candidate; before: ChosenRuleSet | null; onClose: () => void; done: () => void }) {
  const { candidate, before } = props;
  const { view } = candidate;
  const form = useForm<"reason", string>({ reason: "" }, ({ reason }) => {
    const trimmed = reason.trim();
    return before !== null && trimmed === "" ? { ok: false, faults: { reason: { code: "empty" } } } : { ok: true, value: trimmed };
  });
  const act = useAct();
  return (
    <Dialog title={text.chooseHeading(view.summary.id)} onClose={props.onClose} testid="choose-dialog">
      <form noValidate onSubmit={form.submit((reason) => {
        const choice: ChooseRuleSet = candidate.by === "id" ? { id: view.summary.id, text: null, reason } : { id: null, text: view.text, reason };
        void act.run(() => put<unknown>(`/api/v1/selections/${props.selection}/rule-set`, choice)).then((done) => {
          if (done !== undefined) {
            props.done();
          }
        });
      })}>
        <p class={before === null ? undefined : "notice warn"}>{before === null ? text.chooseFirst : text.chooseAgain}</p>
        <p>{view.summary.title[language()]}<small class="under soft code hash">{view.summary.hash}</small></p>
        <AreaField form={form} name="reason" label={before === null ? text.reasonFirst : text.reason} hint={text.reasonHint} testid="choose-reason" />
        <TroubleNotice trouble={act.trouble} testid="choose-trouble" />
        <div class="row end">
          <button type="button" onClick={props.onClose}>{strings.common.cancel}</button>
          <ActButton type="submit" kind="primary" busy={act.busy} label={text.choose} testid="choose-submit" />
        </div>
      </form>
    </Dialog>
  );
}
