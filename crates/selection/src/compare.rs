//! The order of people: in a stage by totals, at the end by values, ties and decisions.

use crate::candidate::Candidate;
use crate::exact::Exact;
use crate::outcome::{Outcomes, Value};
use crate::value::{Used, used};
use rules::Score;
use rules::rule_set::{Missing, RuleSet, Selection, Stage, TieKey};
use std::cmp::{Ordering, Reverse};

/// Somebody in the pool of a stage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entrant<'a> {
    pub candidate: usize,
    pub total: Score,
    pub used: Used<'a>,
}

/// Better first; people who are equal in all that decides stand beside each other.
pub(crate) fn by_total(stage: &Stage, one: &Entrant<'_>, other: &Entrant<'_>) -> Ordering {
    let ties = || stage.tie_order.iter().map(|&section| other.used.score(section).cmp(&one.used.score(section)));
    other.total.cmp(&one.total).then_with(|| ties().find(|order| order.is_ne()).unwrap_or(Ordering::Equal))
}

/// Somebody in the final order.
#[derive(Clone, Debug)]
pub(crate) struct Finalist<'a> {
    pub candidate: usize,
    pub person: &'a Candidate,
    pub value: &'a Value,
}

/// People in the final order, best first, in classes: members of one class are equal and the committee has not decided between them.
pub(crate) type Classes<'a> = Vec<Vec<Finalist<'a>>>;

/// What one key says: a value on the scale to 100, or a number of its own kind.
pub(crate) type Mark = (Exact, i64);

/// What is needed to order people at the end.
#[derive(Clone, Copy)]
pub(crate) struct FinalOrder<'a> {
    pub rules: &'a RuleSet,
    pub selection: &'a Selection,
    pub outcomes: &'a Outcomes,
}

impl<'a> FinalOrder<'a> {
    /// Orders people by value, then by the tie order, each step only among those who are equal so far.
    pub fn classes(&self, mut people: Vec<Finalist<'a>>) -> Classes<'a> {
        people.sort_by_key(|finalist| (Reverse(finalist.value.compared), finalist.candidate));
        let mut classes = Vec::new();
        for equals in split(people, |one, other| one.value.compared == other.value.compared) {
            self.refine(equals, &self.selection.tie_order, &mut classes);
        }
        classes
    }

    fn refine(&self, equals: Vec<Finalist<'a>>, keys: &[TieKey], classes: &mut Classes<'a>) {
        let [key, rest @ ..] = keys else {
            classes.push(equals);
            return;
        };
        if equals.len() == 1 {
            classes.push(equals);
            return;
        }
        let mut marked: Vec<(Option<Mark>, Finalist<'a>)> =
            equals.into_iter().map(|finalist| (self.mark(*key, &finalist), finalist)).collect();
        let missing = marked.iter().any(|(mark, _)| mark.is_none());
        if missing && self.selection.missing == Missing::Committee && *key != TieKey::Committee {
            // What would decide cannot be compared: only the committee can.
            let to_committee: Vec<TieKey> = rest.iter().copied().filter(|key| *key == TieKey::Committee).collect();
            return self.refine(marked.into_iter().map(|(_, finalist)| finalist).collect(), &to_committee, classes);
        }
        if missing && *key == TieKey::Committee {
            classes.push(marked.into_iter().map(|(_, finalist)| finalist).collect());
            return;
        }
        marked.sort_by_key(|(mark, finalist)| (Reverse(*mark), finalist.candidate));
        for equals in split(marked, |one, other| one.0 == other.0) {
            self.refine(equals.into_iter().map(|(_, finalist)| finalist).collect(), rest, classes);
        }
    }

    /// What a key says of somebody; higher is better.
    pub fn mark(&self, key: TieKey, finalist: &Finalist<'_>) -> Option<Mark> {
        let person = finalist.person;
        let number = match key {
            // A stage of weighted sections has no total: its value on the scale to 100 is compared.
            TieKey::Stage(stage) if self.rules.stages[stage].weighted() => return Some((finalist.value.raw[stage], 0)),
            TieKey::Stage(stage) => Some(self.outcomes.stage(finalist.candidate, stage).total?.micro()),
            TieKey::Section(stage, section) => Some(used(self.rules, stage, person).ok()??.score(section).micro()),
            TieKey::Gpa => Some(person.gpa?.micro()),
            TieKey::BirthDate => Some(-person.birth_date?.ordinal()),
            TieKey::Committee => Some(-i64::from(person.decision?)),
        };
        number.map(|number| (Exact::ZERO, number))
    }
}

/// Cuts a sorted list where neighbours differ.
fn split<T>(sorted: Vec<T>, equal: impl Fn(&T, &T) -> bool) -> Vec<Vec<T>> {
    let mut runs: Vec<Vec<T>> = Vec::new();
    for item in sorted {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| equal(last, &item)) => run.push(item),
            _ => runs.push(vec![item]),
        }
    }
    runs
}
