//! Filling vacant slots: the rule set's steps, one after the other.
//!
//! Lines are served in the order of their codes, and each takes the best who may come; people have no say. Whether a tie is decided depends on
//! who stands in it, so each line's pool is ordered by itself.

use crate::candidate::{Candidate, Formation};
use crate::compute::Run;
use crate::outcome::{Group, Moved};
use crate::value::used;
use rules::Status;
use rules::rule_set::{Attribute, Donors, Move, MoveThreshold, RuleSet, Selection, as_id};
use std::collections::BTreeMap;

impl<'a> Run<'a> {
    /// Takes every enabled step.
    pub(crate) fn fill_vacancies(&mut self, selection: &Selection) {
        let rules = self.rules;
        let enabled = rules.moves.iter().enumerate().filter(|(_, step)| step.enabled);
        if enabled.clone().next().is_none() || self.outcomes.vacant.iter().all(|&vacant| vacant == 0) {
            return;
        }
        let mut by_code: Vec<usize> = (0..self.formations.len()).collect();
        by_code.sort_by(|&one, &other| self.formations[one].code.cmp(&self.formations[other].code));
        for (place, step) in enabled {
            let donors = self.donors(step);
            for &line in &by_code {
                if self.outcomes.vacant[line] > 0 && fills(step, &self.formations[line]) {
                    self.fill(selection, place, step, line, &donors);
                }
            }
        }
    }

    /// People without a slot whom a step may move, by what their line has in common with the vacant one.
    fn donors(&self, step: &Move) -> BTreeMap<Vec<&'a str>, Vec<usize>> {
        let formations: &'a [Formation] = self.formations;
        let mut donors: BTreeMap<Vec<&'a str>, Vec<usize>> = BTreeMap::new();
        for (person, outcome) in self.outcomes.of.iter().enumerate() {
            if outcome.status == Status::NotSelected
                && !outcome.undecided
                && reaches(self.rules, self.formations, &self.candidates[person], outcome.group, step)
            {
                let line = &formations[self.candidates[person].formation as usize];
                donors.entry(common(step, line)).or_default().push(person);
            }
        }
        donors
    }

    fn fill(&mut self, selection: &Selection, place: usize, step: &Move, line: usize, donors: &BTreeMap<Vec<&'a str>, Vec<usize>>) {
        let vacant_line = &self.formations[line];
        let may_come = |&person: &usize| {
            let from = self.candidates[person].formation as usize;
            let outcome = &self.outcomes.of[person];
            let free = outcome.status == Status::NotSelected && !outcome.undecided;
            from != line && free && suits(step, vacant_line, &self.formations[from])
        };
        let people: Vec<usize> = donors.get(&common(step, vacant_line)).into_iter().flatten().copied().filter(may_come).collect();
        let classes = self.classes(selection, &people);
        for (order, class) in classes.iter().enumerate() {
            let vacant = self.outcomes.vacant[line] as usize;
            if class.len() > vacant {
                // Equals across the last slot: the committee decides, nobody else gets it.
                for &person in class.iter().filter(|_| vacant > 0) {
                    let outcome = &mut self.outcomes.of[person];
                    (outcome.undecided, outcome.waits_for) = (true, Some((place, line)));
                }
                (self.outcomes.held[line], self.outcomes.vacant[line]) = (self.outcomes.held[line] + vacant as u32, 0);
                return;
            }
            let before = classes.get(order + 1).and_then(|next| next.first().copied());
            for &person in class {
                let outcome = &mut self.outcomes.of[person];
                (outcome.status, outcome.moved) = (Status::SelectedByMove, Some((place, line)));
                self.outcomes.moves.push(Moved { step: place, candidate: person, to: line, before });
            }
            self.outcomes.vacant[line] -= class.len() as u32;
        }
    }
}

/// Has somebody reached the threshold of a step?
pub(crate) fn reaches(rules: &RuleSet, formations: &[Formation], person: &Candidate, group: Option<Group>, step: &Move) -> bool {
    match step.threshold {
        MoveThreshold::None => true,
        MoveThreshold::Own => group != Some(Group::Second),
        MoveThreshold::Fallback => group == Some(Group::Second),
        MoveThreshold::Of(category) => {
            let predicate = rules.stages[0].predicate(category, &formations[person.formation as usize].job);
            used(rules, 0, person).ok().flatten().is_some_and(|used| used.meets(predicate))
        }
    }
}

/// May people of a line come to the vacant one by a step?
pub(crate) fn leads(step: &Move, vacant: &Formation, from: &Formation) -> bool {
    vacant.code != from.code && fills(step, vacant) && suits(step, vacant, from) && common(step, vacant) == common(step, from)
}

/// May a vacant line be filled by a step?
fn fills(step: &Move, line: &Formation) -> bool {
    let agency = step.agencies.is_empty() || step.agencies.iter().any(|agency| as_id(agency) == line.agency);
    agency && (step.fill.is_empty() || step.fill.contains(&line.category))
}

/// May people of a line come to the vacant one, apart from what both must have in common?
fn suits(step: &Move, vacant: &Formation, from: &Formation) -> bool {
    let category = match &step.donors {
        Donors::Any => true,
        Donors::Same => from.category == vacant.category,
        Donors::Other => from.category != vacant.category,
        Donors::Listed(categories) => categories.contains(&from.category),
    };
    category && step.differ.iter().all(|&attribute| of(attribute, from) != of(attribute, vacant))
}

fn common<'a>(step: &Move, line: &'a Formation) -> Vec<&'a str> {
    step.same.iter().map(|&attribute| of(attribute, line)).collect()
}

fn of(attribute: Attribute, line: &Formation) -> &str {
    match attribute {
        Attribute::Job => &line.job,
        Attribute::Education => &line.education,
        Attribute::Unit => &line.unit,
    }
}
