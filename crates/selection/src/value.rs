//! Values on the scale to 100, and the final value.

use crate::candidate::{Candidate, Formation, Prior, first_column};
use crate::exact::{Exact, TooFine};
use crate::outcome::Value;
use rules::Score;
use rules::rule_set::{Carried, CarriedThreshold, DecideOn, Effect, Predicate, RuleSet, Selection, WhenBoth};

/// Scores that count at a stage, and the form they were made on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used<'a> {
    /// By section; all of them, but for sections without weight.
    pub scores: &'a [Option<Score>],
    /// The other year they come from.
    pub carried: Option<&'a Carried>,
}

/// Somebody has a score of this year and of another one, and the rule set does not allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Both;

impl Used<'_> {
    pub fn total(&self) -> Score {
        self.scores.iter().flatten().copied().sum()
    }

    pub fn score(&self, section: usize) -> Score {
        self.scores.get(section).copied().flatten().unwrap_or_default()
    }

    /// Does it reach a threshold?
    pub fn meets(&self, predicate: &Predicate) -> bool {
        predicate.least().iter().all(|&(section, least)| self.score(section) >= least)
            && predicate.total().is_none_or(|total| self.total() >= total)
    }

    /// Is it good without being tested again?
    pub fn declared(&self) -> bool {
        self.carried.is_some_and(|carried| carried.threshold == CarriedThreshold::Declared)
    }
}

/// The scores of somebody that count at a stage; none: absent.
pub(crate) fn used<'a>(rules: &'a RuleSet, stage: usize, candidate: &'a Candidate) -> Result<Option<Used<'a>>, Both> {
    let first = first_column(rules, stage);
    let own = &candidate.scores[first..first + rules.stages[stage].sections.len()];
    let own = own.iter().any(Option::is_some).then_some(Used { scores: own, carried: None });
    let prior = candidate.prior.as_deref().filter(|_| stage == 0).and_then(|prior| prior_used(rules, prior));
    match (own, prior) {
        (Some(own), Some((prior, carried))) => match carried.when_both {
            WhenBoth::Refuse => Err(Both),
            WhenBoth::Prior => Ok(Some(prior)),
            WhenBoth::Current => Ok(Some(own)),
            WhenBoth::Higher => Ok(Some(if prior.total() > own.total() { prior } else { own })),
        },
        (own, prior) => Ok(own.or(prior.map(|(prior, _)| prior))),
    }
}

fn prior_used<'a>(rules: &'a RuleSet, prior: &'a Prior) -> Option<(Used<'a>, &'a Carried)> {
    let carried = rules.stages[0].carried.iter().find(|carried| carried.year == prior.year)?;
    Some((Used { scores: &prior.scores, carried: Some(carried) }, carried))
}

/// The final value of somebody who has scores at every stage.
pub(crate) fn value(
    rules: &RuleSet,
    selection: &Selection,
    formation: &Formation,
    candidate: &Candidate,
    used: &[Used<'_>],
) -> Result<Value, TooFine> {
    let mut raw = Vec::with_capacity(used.len());
    let mut adjusted = Vec::with_capacity(used.len());
    let mut exact = Exact::ZERO;
    for (stage, used) in used.iter().enumerate() {
        let reached = on_hundred(rules, stage, formation, used)?;
        let with = with_adjustments(rules, stage, candidate, reached)?;
        exact = exact.plus(with.weighted(selection.weights[stage])?)?;
        raw.push(reached);
        adjusted.push(with);
    }
    let compared = match selection.decide_on {
        DecideOn::Exact => exact,
        DecideOn::Published => exact.rounded(rules.display),
    };
    Ok(Value { raw, adjusted, exact, compared })
}

/// A stage's scores by the maximum of their own form.
fn on_hundred(rules: &RuleSet, stage: usize, formation: &Formation, used: &Used<'_>) -> Result<Exact, TooFine> {
    let sections = first_column(rules, stage)..first_column(rules, stage) + rules.stages[stage].sections.len();
    if !rules.stages[stage].weighted() {
        let max = match used.carried {
            Some(carried) => carried.max.iter().copied().sum(),
            None => formation.max[sections].iter().copied().sum(),
        };
        return Ok(Exact::percent(used.total(), max));
    }
    let mut sum = Exact::ZERO;
    for (section, column) in sections.enumerate() {
        let max = used.carried.map_or(formation.max[column], |carried| carried.max[section]);
        sum = sum.plus(Exact::percent(used.score(section), max).weighted(formation.weight[column])?)?;
    }
    Ok(sum)
}

fn with_adjustments(rules: &RuleSet, stage: usize, candidate: &Candidate, reached: Exact) -> Result<Exact, TooFine> {
    let mut value = reached;
    for (place, adjustment) in rules.adjustments.iter().enumerate() {
        if adjustment.stage != stage || candidate.adjustments & (1 << place) == 0 {
            continue;
        }
        value = match adjustment.effect {
            Effect::ToMaximum => value.max(Exact::of(Score::HUNDRED)),
            Effect::Add { points, cap } => {
                let more = value.plus(Exact::of(points))?;
                // A cap ends what is added; it takes nothing away from who was above it.
                cap.map_or(more, |cap| more.min(Exact::of(cap)).max(value))
            }
        };
    }
    Ok(value)
}
