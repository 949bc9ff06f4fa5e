// What was computed, as a computation and a revision both show it: hashes, second scorer, funnel, lists.

import type { Results } from "../../wire";
import { Funnel } from "./funnel";
import { ResultLists } from "./result-lists";
import { SecondScorerNotice } from "./second-scorer";
import { office } from "./strings";

/** `stage` answers "why?" about a person; none for what is not the newest revision. */
export function ResultsView(props: { results: Results; stage: string | undefined }) {
  const { results } = props;
  return (
    <>
      <SecondScorerNotice of={results.second_scorer} />
      <Funnel places={results.counts} moves={results.moves} />
      <ResultLists results={results} stage={props.stage} />
      <Hashes results={results} />
    </>
  );
}

function Hashes(props: { results: Results }) {
  const text = office.computation;
  const { results } = props;
  const hashes = [[text.ruleSet, results.rule_set_hash], [text.inputs, results.input_hash], [text.results, results.results_hash]] as const;
  return (
    <dl class="hashes soft">
      <div><dt>{text.ruleSet}</dt><dd><span data-testid="rule-set-used">{results.rule_set}</span> · <span data-testid="ties-on" data-on={results.ties_on}>{text.tiesOn[results.ties_on] ?? results.ties_on}</span></dd></div>
      {hashes.map(([title, hash]) => <div key={title}><dt>SHA-256, {title.toLowerCase()}</dt><dd class="code hash">{hash}</dd></div>)}
    </dl>
  );
}
