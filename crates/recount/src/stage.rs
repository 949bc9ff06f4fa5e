//! One stage in one formation line (`docs/rules.md`, "What is computed", 1 and 2).

use crate::formation::Formation;
use crate::number::{Number, sum, whole};
use crate::person::Scores;
use crate::standing::{Group, Standing, Taken};
use crate::threshold;
use rules::Status;
use rules::rule_set::{BoundaryTie, Cut, Fallback, RuleSet, Stage, WhenClosed};

/// Decides about everybody of a line who does not go on after a stage. `people` are all who applied in the line.
pub fn judge(rules: &RuleSet, place: usize, people: &mut [Standing<'_>]) {
    let stage = &rules.stages[place];
    absent_and_barred(place, people);
    measure(stage, place, people);
    match (stage.cut, &stage.fallback) {
        (Some(cut), Some(fallback)) => cut_with_fallback(stage, place, cut, fallback, people),
        (cut, _) => {
            let slots = slots(people);
            let people = ranked(stage, place, 0, all_in(people));
            let going_on = cut.map_or(people.len(), |cut| how_many(&ranks(place, &people), cut.factor as usize * slots, cut.boundary_tie));
            outside(place, going_on, people);
        }
    }
}

/// The total of a stage: the sum of its sections, or their value on the scale to 100 where they have weights.
pub fn total(place: usize, formation: &Formation, scores: &Scores) -> Number {
    match &formation.weights[place] {
        None => scores.sum(),
        Some(weights) => {
            let parts = scores.of.iter().zip(&scores.maxima).zip(weights);
            sum(parts.map(|((score, max), weight)| weight * score / max))
        }
    }
}

/// The value of a stage on the scale to 100, by the maximum of the form that the scores were reached on.
pub fn on_hundred(place: usize, formation: &Formation, scores: &Scores) -> Number {
    match formation.weights[place] {
        Some(_) => total(place, formation, scores),
        None => whole(100) * scores.sum() / sum(scores.maxima.iter().cloned()),
    }
}

/// Size of the first group of the first stage, as counted at its cut.
pub fn size_of_first_group(people: &[Standing<'_>]) -> usize {
    people.iter().filter(|standing| standing.group == Some(Group::First)).count()
}

fn all_in<'s, 'a>(people: &'s mut [Standing<'a>]) -> Vec<&'s mut Standing<'a>> {
    people.iter_mut().filter(|standing| standing.is_in()).collect()
}

/// Whoever is barred keeps that status; whoever has no score is absent.
fn absent_and_barred(place: usize, people: &mut [Standing<'_>]) {
    for standing in all_in(people) {
        let scores = standing.person.scores[place].as_ref();
        if let Some(scores) = scores {
            standing.taken.push(Taken { total: total(place, standing.formation, scores), rank: None });
        }
        match standing.person.on_record[place] {
            Some(status) => standing.decide_in(place, status),
            None if scores.is_none() => standing.decide_in(place, Status::Absent),
            None => {}
        }
    }
}

/// The others are measured by the predicate of their category and job.
fn measure(stage: &Stage, place: usize, people: &mut [Standing<'_>]) {
    for standing in all_in(people) {
        let Some(scores) = &standing.person.scores[place] else { continue };
        let (category, job) = (standing.person.category, &standing.formation.job);
        let asked = threshold::of(&stage.pass, category, job);
        let reached = scores.declared || asked.is_none_or(|asked| threshold::is_reached(asked, scores));
        let looser = stage.fallback.as_ref().and_then(|fallback| threshold::of(&fallback.pass, category, job));
        let second = looser.is_some_and(|looser| threshold::is_reached(looser, scores));
        match (reached, second) {
            (true, _) if stage.fallback.is_some() => standing.group = Some(Group::First),
            (true, _) => {}
            (false, true) => standing.group = Some(Group::Second),
            (false, false) => standing.decide_in(place, Status::BelowThreshold),
        }
    }
}

/// With a second group: it is opened only where the first is smaller than the slots.
fn cut_with_fallback(stage: &Stage, place: usize, cut: Cut, fallback: &Fallback, people: &mut [Standing<'_>]) {
    let slots = slots(people);
    let (first, second): (Vec<_>, Vec<_>) = all_in(people).into_iter().partition(|standing| standing.group == Some(Group::First));
    let size = first.len();
    let first = ranked(stage, place, 0, first);
    if size < slots {
        let second = ranked(stage, place, size, second);
        outside(place, how_many(&ranks(place, &second), cut.factor as usize * (slots - size), cut.boundary_tie), second);
        return;
    }
    outside(place, how_many(&ranks(place, &first), cut.factor as usize * slots, cut.boundary_tie), first);
    match fallback.when_closed {
        WhenClosed::BelowThreshold => second.into_iter().for_each(|standing| standing.decide_in(place, Status::BelowThreshold)),
        WhenClosed::Outside => outside(place, 0, ranked(stage, place, size, second)),
    }
}

fn slots(people: &[Standing<'_>]) -> usize {
    people.first().map_or(0, |standing| standing.formation.slots)
}

/// People best first, with their ranks: by total, then by the sections of the tie order, higher first. Equals share a rank (1, 2, 2, 4).
/// `before` others stand before all of these.
fn ranked<'s, 'a>(stage: &Stage, place: usize, before: usize, people: Vec<&'s mut Standing<'a>>) -> Vec<&'s mut Standing<'a>> {
    let mut keyed: Vec<(Vec<Number>, &mut Standing<'_>)> = people.into_iter().map(|person| (key(stage, place, person), person)).collect();
    keyed.sort_by(|(one, _), (other, _)| other.cmp(one));
    for index in 0..keyed.len() {
        let equal = index > 0 && keyed[index].0 == keyed[index - 1].0;
        let rank = if equal { keyed[index - 1].1.taken[place].rank } else { Some(before + index + 1) };
        keyed[index].1.taken[place].rank = rank;
    }
    keyed.into_iter().map(|(_, standing)| standing).collect()
}

fn key(stage: &Stage, place: usize, standing: &Standing<'_>) -> Vec<Number> {
    let total = standing.taken[place].total.clone();
    let sections =
        standing.person.scores[place].iter().flat_map(|scores| stage.tie_order.iter().map(|&section| scores.of[section].clone()));
    std::iter::once(total).chain(sections).collect()
}

fn ranks(place: usize, people: &[&mut Standing<'_>]) -> Vec<Option<usize>> {
    people.iter().map(|standing| standing.taken[place].rank).collect()
}

/// How many of those with these ranks, best first, go on: at most `quota`, but people who are equal in everything to the last one inside all
/// pass, or none of them.
fn how_many(ranks: &[Option<usize>], quota: usize, boundary_tie: BoundaryTie) -> usize {
    if ranks.len() <= quota || quota == 0 {
        return ranks.len().min(quota);
    }
    let (last_inside, first_outside) = (ranks[quota - 1], ranks[quota]);
    match boundary_tie {
        _ if last_inside != first_outside => quota,
        BoundaryTie::AllPass => ranks.iter().filter(|rank| **rank <= last_inside).count(),
        BoundaryTie::NonePasses => ranks.iter().filter(|rank| **rank < last_inside).count(),
    }
}

/// Those after the first `going_on` are outside.
fn outside(place: usize, going_on: usize, people: Vec<&mut Standing<'_>>) {
    people.into_iter().skip(going_on).for_each(|standing| standing.decide_in(place, Status::PassedButOutsideTheCut));
}
