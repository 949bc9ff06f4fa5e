//! The final order: by value, then by the keys of the tie order, each only among those who are equal so far (`docs/rules.md`, "What is
//! computed", 3 to 5).

use crate::number::{self, Number};
use crate::standing::Standing;
use rules::rule_set::{DecideOn, Missing, RuleSet, Selection, TieKey};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Places of people in a list; those in one tie are equal to the end.
pub type Tie = Vec<usize>;

/// People (places in `standings`) best first. A tie of more than one is what nothing decides.
pub fn of(rules: &RuleSet, selection: &Selection, standings: &[Standing<'_>], people: Vec<usize>) -> Vec<Tie> {
    let value = |place: &usize| standings[*place].last.as_ref().map(|last| compared(rules, selection, &last.value));
    let ties = split(people, value);
    ties.into_iter().flat_map(|tie| by_keys(selection, standings, tie, &selection.tie_order)).collect()
}

/// Values are compared exactly, or as they are published.
fn compared(rules: &RuleSet, selection: &Selection, value: &Number) -> Number {
    match selection.decide_on {
        DecideOn::Exact => value.clone(),
        DecideOn::Published => number::rounded(value, rules.display),
    }
}

/// Splits a tie by the first key, and what is equal then by the keys after it.
fn by_keys(selection: &Selection, standings: &[Standing<'_>], tie: Tie, keys: &[TieKey]) -> Vec<Tie> {
    let [first, rest @ ..] = keys else { return vec![tie] };
    if tie.len() == 1 {
        return vec![tie];
    }
    let split = match first {
        TieKey::Stage(stage) => split(tie, |place| Some(standings[*place].taken[*stage].total.clone())),
        TieKey::Section(stage, section) => split(tie, |place| score(&standings[*place], *stage, *section)),
        TieKey::Gpa if somebody_lacks(selection, &tie, |place| standings[place].person.gpa.is_none()) => {
            return by_decision(selection, standings, tie);
        }
        TieKey::Gpa => split(tie, |place| standings[*place].person.gpa.clone()),
        TieKey::BirthDate if somebody_lacks(selection, &tie, |place| standings[place].person.birth_date.is_none()) => {
            return by_decision(selection, standings, tie);
        }
        // Older first: the earlier date is the better key.
        TieKey::BirthDate => split(tie, |place| standings[*place].person.birth_date.map(Reverse)),
        TieKey::Committee => return by_decision(selection, standings, tie),
    };
    split.into_iter().flat_map(|tie| by_keys(selection, standings, tie, rest)).collect()
}

fn score(standing: &Standing<'_>, stage: usize, section: usize) -> Option<Number> {
    standing.person.scores[stage].as_ref().map(|scores| scores.of[section].clone())
}

/// Where somebody lacks what would decide, the committee decides between all who are tied, if the rule set says so.
fn somebody_lacks(selection: &Selection, tie: &Tie, lacks: impl Fn(usize) -> bool) -> bool {
    selection.missing == Missing::Committee && tie.iter().any(|&place| lacks(place))
}

/// By the committee's recorded decision, if it has decided about all who are tied: those of one line by their places in its tie; those of
/// several by the last decision about a move that names them all and has no place twice.
fn by_decision(selection: &Selection, standings: &[Standing<'_>], tie: Tie) -> Vec<Tie> {
    let lines: BTreeSet<usize> = tie.iter().map(|&place| standings[place].person.formation).collect();
    let about_the_move = if lines.len() == 1 { None } else { newest_about_all(standings, &tie) };
    let decision = |place: &usize| {
        let person = standings[*place].person;
        if lines.len() == 1 { person.decision } else { person.move_decisions.get(&about_the_move?).copied() }
    };
    let about_all = tie.iter().all(|place| decision(place).is_some());
    if selection.tie_order.contains(&TieKey::Committee) && about_all { split(tie, |place| decision(place).map(Reverse)) } else { vec![tie] }
}

/// The number of the last decision about a move in which all of a tie have a place, and nobody the place of another.
fn newest_about_all(standings: &[Standing<'_>], tie: &Tie) -> Option<u32> {
    let mut by_decision: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for &place in tie {
        for (&number, &at) in &standings[place].person.move_decisions {
            by_decision.entry(number).or_default().insert(at);
        }
    }
    let complete = |number: &u32, places: &BTreeSet<u32>| {
        let named = tie.iter().all(|&place| standings[place].person.move_decisions.contains_key(number));
        named && places.len() == tie.len()
    };
    by_decision.into_iter().rev().find(|(number, places)| complete(number, places)).map(|(number, _)| number)
}

/// Higher keys first; who has none comes last; equal keys stay together.
fn split<K: Ord>(tie: Tie, key: impl Fn(&usize) -> Option<K>) -> Vec<Tie> {
    let mut keyed: Vec<(Option<K>, usize)> = tie.into_iter().map(|place| (key(&place), place)).collect();
    keyed.sort_by(|(one, _), (other, _)| other.cmp(one));
    keyed.chunk_by(|(one, _), (other, _)| one == other).map(|equal| equal.iter().map(|(_, place)| *place).collect()).collect()
}
