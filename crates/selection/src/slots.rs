//! Who gets the slots of a line.

use crate::compare::{Classes, FinalOrder, Finalist};
use crate::compute::{Error, Run};
use crate::outcome::{Group, Place};
use crate::value::value;
use rules::Status;
use rules::rule_set::{FallbackSlots, Selection};

/// What became of a number of slots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Given {
    taken: usize,
    /// Wait for the committee's decision between equals.
    held: usize,
}

impl Run<'_> {
    /// Orders those who came through all stages and gives the slots.
    pub(crate) fn slots_in_line(&mut self, selection: &Selection, line: usize, people: Vec<usize>) -> Result<(), Error> {
        let slots = self.formations[line].slots as usize;
        let finalists = self.finalists(selection, line, people)?;
        let (first, second): (Vec<usize>, Vec<usize>) =
            finalists.into_iter().partition(|&person| self.outcomes.of[person].group != Some(Group::Second));
        let fallback = self.rules.stages.first().and_then(|stage| stage.fallback.as_ref()).filter(|_| !second.is_empty());
        let first_size = self.outcomes.first_group[line] as usize;
        // The second group is there only where the first was smaller than the slots.
        let (mut for_first, mut for_second) = (slots, 0);
        if fallback.is_some_and(|fallback| fallback.slots == FallbackSlots::Reserved) {
            (for_first, for_second) = (first_size.min(slots), slots.saturating_sub(first_size));
        }
        let given = self.give(selection, &first, for_first, 0);
        if fallback.is_some_and(|fallback| fallback.slots == FallbackSlots::Left) {
            for_second = slots - given.taken - given.held;
        }
        let given_second = self.give(selection, &second, for_second, first.len());
        let held = given.held + given_second.held;
        self.outcomes.held[line] = held as u32;
        self.outcomes.vacant[line] = (slots - given.taken - given_second.taken - held) as u32;
        Ok(())
    }

    /// Those whom nothing bars, with their values.
    fn finalists(&mut self, selection: &Selection, line: usize, people: Vec<usize>) -> Result<Vec<usize>, Error> {
        let stages = self.rules.stages.len();
        let mut finalists = Vec::with_capacity(people.len());
        for person in people {
            let candidate = &self.candidates[person];
            let used: Vec<_> = (0..stages).filter_map(|stage| self.used(stage, person)).collect();
            let value = value(self.rules, selection, &self.formations[line], candidate, &used)
                .map_err(|source| Error::TooFine { number: candidate.number.to_string(), source })?;
            let outcome = &mut self.outcomes.of[person];
            (outcome.at, outcome.rank, outcome.value) = (Place::Final, None, Some(Box::new(value)));
            match candidate.entries[stages].status() {
                Some(status) => outcome.status = status,
                None => {
                    outcome.status = Status::NotSelected;
                    finalists.push(person);
                }
            }
        }
        Ok(finalists)
    }

    /// People in the final order.
    pub(crate) fn classes(&self, selection: &Selection, people: &[usize]) -> Vec<Vec<usize>> {
        let finalist = |&candidate: &usize| {
            let value = self.outcomes.of[candidate].value.as_deref()?;
            Some(Finalist { candidate, person: &self.candidates[candidate], value })
        };
        let order = FinalOrder { rules: self.rules, selection, outcomes: &self.outcomes };
        let classes: Classes<'_> = order.classes(people.iter().filter_map(finalist).collect());
        classes.into_iter().map(|class| class.into_iter().map(|finalist| finalist.candidate).collect()).collect()
    }

    /// Gives slots to the best of a group; ranks begin after `ranked_after` people.
    fn give(&mut self, selection: &Selection, people: &[usize], slots: usize, ranked_after: usize) -> Given {
        let mut given = Given::default();
        let mut rank = ranked_after;
        for class in self.classes(selection, people) {
            let open = slots - given.taken - given.held;
            let fits = class.len() <= open;
            for &person in &class {
                let outcome = &mut self.outcomes.of[person];
                outcome.rank = Some(rank as u32 + 1);
                if fits {
                    outcome.status = Status::Selected;
                } else if open > 0 {
                    (outcome.status, outcome.undecided) = (Status::Shortlisted, true);
                }
            }
            if fits {
                given.taken += class.len();
            } else {
                given.held += open;
            }
            rank += class.len();
        }
        given
    }
}
