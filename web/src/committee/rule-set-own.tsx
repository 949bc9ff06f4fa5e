// The agency's own rule set as text: checked line by line, explained when nothing is wrong, and only then to be chosen.

import { useState } from "preact/hooks";
import { post } from "../common/api";
import { language, texts } from "../common/language";
import { ruleSetStrings } from "../strings/rule-sets";
import type { RuleSetChecked, RuleSetProblem, RuleSetView } from "../wire";
import { TroubleNotice, useAct } from "./load";
import { RuleSetBody } from "./rule-set-view";
import { ActButton, FileField, Labelled, TableFrame } from "./widgets";

const text = texts(ruleSetStrings);
const BYTES_MAX = 256 * 1024;

/** The text and what the check says of it. A changed text has to be checked again before it can be chosen. */
export function OwnRuleSet(props: { value: string; set: (text: string) => void; choose: ((view: RuleSetView) => void) | undefined }) {
  const { value, set, choose } = props;
  const act = useAct();
  const [checked, setChecked] = useState<{ of: string; answer: RuleSetChecked }>();
  const tooLong = new TextEncoder().encode(value).length > BYTES_MAX;
  const answer = checked?.of === value ? checked.answer : undefined;
  return (
    <section class="card" data-testid="rule-set-own">
      <h4>{text.own}</h4>
      <p class="soft">{text.ownHint}</p>
      <div class="own">
        <Labelled id="own-text" label={text.ownText} fault={tooLong ? text.tooLong : undefined}>
          <textarea id="own-text" class="toml" rows={10} spellcheck={false} data-testid="own-text" aria-invalid={tooLong} aria-describedby="own-text-fault" value={value}
            onInput={(event) => set(event.currentTarget.value)} />
        </Labelled>
        <FileField label={text.ownFile} hint={text.ownFileHint} accept=".toml,text/plain" testid="own-file" onChoose={(files) => {
          void files[0]?.text().then(set);
        }} />
      </div>
      <TroubleNotice trouble={act.trouble} testid="own-trouble" />
      <p>
        <ActButton busy={act.busy} busyLabel={text.checking} disabled={value.trim() === "" || tooLong} label={text.check} testid="own-check" onClick={() => {
          void act.run(() => post<RuleSetChecked>("/api/v1/rule-sets/check", { text: value })).then((done) => {
            if (done !== undefined) {
              setChecked({ of: value, answer: done.value });
            }
          });
        }} />
      </p>
      <div role="status">
        {answer !== undefined && answer.problems.length > 0 && <p class="notice bad" data-testid="own-problems">{text.problems(answer.problems.length)}</p>}
        {answer?.view !== undefined && answer.view !== null && <p class="notice good" data-testid="own-fine">{text.fine}</p>}
      </div>
      {answer !== undefined && answer.problems.length > 0 && <Problems problems={answer.problems} text={value} />}
      {answer?.view !== undefined && answer.view !== null && <Checked view={answer.view} choose={choose} copy={(view) => set(view.text)} />}
    </section>
  );
}

function Checked(props: { view: RuleSetView; choose: ((view: RuleSetView) => void) | undefined; copy: (view: RuleSetView) => void }) {
  const { view, choose } = props;
  return (
    <>
      <p class="row">
        <strong><span class="code">{view.summary.id}</span> {view.summary.title[language()]}</strong>
        {choose !== undefined && <ActButton kind="primary" busy={false} label={text.choose} testid="own-choose" onClick={() => choose(view)} />}
      </p>
      <RuleSetBody view={view} copy={props.copy} />
    </>
  );
}

function Problems(props: { problems: RuleSetProblem[]; text: string }) {
  const lines = props.text.split("\n");
  return (
    <TableFrame label={text.problemsCaption} tall>
      <table class="full">
        <caption class="visually-hidden">{text.problemsCaption}</caption>
        <thead><tr><th scope="col" class="number">{text.line}</th><th scope="col">{text.problem}</th></tr></thead>
        <tbody>
          {props.problems.map((problem, index) => (
            <tr key={index} data-testid="own-problem">
              <td class="number">{problem.line}</td>
              <td>{problem.sentence[language()]}<small class="under code soft">{lines[problem.line - 1]}</small></td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
