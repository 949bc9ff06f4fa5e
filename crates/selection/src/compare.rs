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
    /// Orders people by value, then by the tie order, each step only among those who are equal so far. Members of a class stand by number, so
    /// that the order in which they came leaves no trace.
    pub fn classes(&self, mut people: Vec<Finalist<'a>>) -> Classes<'a> {
        people
            .sort_by(|one, other| other.value.compared.cmp(&one.value.compared).then_with(|| one.person.number.cmp(&other.person.number)));
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
        if *key == TieKey::Committee {
            return self.by_decision(equals, classes);
        }
        let mut marked: Vec<(Option<Mark>, Finalist<'a>)> =
            equals.into_iter().map(|finalist| (self.mark(*key, &finalist), finalist)).collect();
        let missing = marked.iter().any(|(mark, _)| mark.is_none());
        if missing && self.selection.missing == Missing::Committee {
            // What would decide cannot be compared: only the committee can.
            let to_committee: Vec<TieKey> = rest.iter().copied().filter(|key| *key == TieKey::Committee).collect();
            return self.refine(marked.into_iter().map(|(_, finalist)| finalist).collect(), &to_committee, classes);
        }
        marked.sort_by_key(|(mark, _)| Reverse(*mark));
        for equals in split(marked, |one, other| one.0 == other.0) {
            self.refine(equals.into_iter().map(|(_, finalist)| finalist).collect(), rest, classes);
        }
    }

    /// Orders people by the committee's decision, if everybody who is tied has a place by it: within a formation the place in its tie; between
    /// formations, where those were never compared, the place by a decision about a move, which nobody else may have.
    fn by_decision(&self, mut equals: Vec<Finalist<'a>>, classes: &mut Classes<'a>) {
        let place = deciding_place(&equals);
        if equals.iter().any(|finalist| place(finalist.person).is_none()) {
            classes.push(equals);
            return;
        }
        equals.sort_by_key(|finalist| place(finalist.person));
        classes.extend(split(equals, |one, other| place(one.person) == place(other.person)));
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

/// Are there people of more than one formation? That happens in a move only.
pub(crate) fn of_several_formations(people: &[Finalist<'_>]) -> bool {
    people.iter().any(|finalist| finalist.person.formation != people[0].person.formation)
}

/// Which recorded place decides between people who are equal in every other key: of one formation the place in its tie; of several the place in
/// the newest decision about a move that names them all, each at a place of its own. Nobody compared places of different decisions.
pub(crate) fn deciding_place(people: &[Finalist<'_>]) -> impl Fn(&Candidate) -> Option<u16> + use<> {
    let several = of_several_formations(people);
    let newest = people[0].person.move_decisions.iter().map(|(number, _)| *number).filter(|number| names_all(people, *number)).max();
    move |person| if several { person.place_in_move(newest?) } else { person.decision }
}

fn names_all(people: &[Finalist<'_>], number: u16) -> bool {
    let mut places: Vec<Option<u16>> = people.iter().map(|finalist| finalist.person.place_in_move(number)).collect();
    places.sort_unstable();
    places.iter().all(Option::is_some) && places.is_sorted_by(|one, other| one < other)
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
