// A rule set explained: its sentences by stage, what its sources leave open, its worked cases, its text.

import { language, texts } from "../common/language";
import { ruleSetStrings } from "../strings/rule-sets";
import type { CaseView, RuleSetView, UnsureView } from "../wire";
import { readExplanation, type Branch } from "./explanation";
import { Chip, TableFrame } from "./widgets";

const text = texts(ruleSetStrings);

/** Everything about a set; `copy` takes its text to be changed. */
export function RuleSetBody(props: { view: RuleSetView; copy: (view: RuleSetView) => void }) {
  const { view } = props;
  return (
    <>
      <div class="explanation">{readExplanation(view.explanation[language()]).map((branch, index) => <Top key={index} branch={branch} />)}</div>
      <Cases cases={view.cases} />
      <Unsure unsure={view.unsure} />
      <details class="fold">
        <summary>{text.text} <span class="soft code">{view.summary.id}</span></summary>
        <p><button type="button" class="small" onClick={() => props.copy(view)}>{text.copyHere}</button></p>
        <pre class="toml" role="region" aria-label={text.text} tabIndex={0}>{view.text}</pre>
      </details>
      <p class="soft">{text.hash}: <span class="code hash">{view.summary.hash}</span></p>
    </>
  );
}

// A line with deeper ones folds; a line alone is a sentence.
function Top(props: { branch: Branch }) {
  const { branch } = props;
  return branch.below.length === 0 ? <p>{branch.line}</p> : (
    <details class="fold" open>
      <summary>{branch.line}</summary>
      <Lines branches={branch.below} />
    </details>
  );
}

function Lines(props: { branches: Branch[] }) {
  return <ul>{props.branches.map((branch, index) => <li key={index}>{branch.line}{branch.below.length > 0 && <Lines branches={branch.below} />}</li>)}</ul>;
}

function Cases(props: { cases: CaseView[] }) {
  const failing = props.cases.filter((one) => one.differences.length > 0).length;
  if (props.cases.length === 0) {
    return null;
  }
  return (
    <details class="fold" open={failing > 0}>
      <summary>{text.cases} <span class="soft">· {failing === 0 ? text.casesHold(props.cases.length) : text.casesFail(failing)}</span></summary>
      <ul class="plain-list cases-list">
        {props.cases.map((one) => (
          <li key={one.id} data-testid={`case-${one.id}`}>
            {one.differences.length === 0 ? <Chip kind="good">{text.holds}</Chip> : <Chip kind="bad">{text.fails}</Chip>} <span class="code">{one.id}</span> {one.title[language()]}
            {one.differences.length > 0 && <ul>{one.differences.map((difference) => <li key={difference}>{difference}</li>)}</ul>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function Unsure(props: { unsure: UnsureView[] }) {
  if (props.unsure.length === 0) {
    return null;
  }
  return (
    <details class="fold">
      <summary>{text.unsure} <span class="soft">({props.unsure.length})</span></summary>
      <p class="soft">{text.unsureHint}</p>
      <TableFrame label={text.unsure}>
        <table class="full">
          <caption class="visually-hidden">{text.unsure}</caption>
          <thead><tr><th scope="col">{text.parameter}</th><th scope="col">{text.default}</th><th scope="col">{text.about}</th></tr></thead>
          <tbody>
            {props.unsure.map((one) => (
              <tr key={one.parameter}><th scope="row" class="plain code">{one.parameter}</th><td>{one.default}</td><td class="wide-cell">{one.about[language()]}</td></tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </details>
  );
}
