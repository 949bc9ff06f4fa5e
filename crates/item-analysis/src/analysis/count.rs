//! Two walks over all cells: totals first, then who of which total gave which answer.

use crate::Marks;
use crate::groups::{Group, Groups};
use crate::moments::Moments;
use crate::responses::{Item, Responses};

/// How often an answer was given, and by whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AnswerCount {
    /// By how many people.
    pub people: u64,
    /// Sum of their totals, in thousandths.
    pub total_milli: i64,
    /// How many of them are in the lower group.
    pub lower: u64,
    /// How many of them are in the upper group.
    pub upper: u64,
}

impl AnswerCount {
    /// One more person with this total.
    fn add(&mut self, total_milli: i64, group: Group) {
        self.people += 1;
        self.total_milli += total_milli;
        match group {
            Group::Lower => self.lower += 1,
            Group::Middle => {}
            Group::Upper => self.upper += 1,
        }
    }
}

/// Totals of people for each scale; the first is the whole test.
pub(super) fn totals(responses: &Responses, own_scale: &[usize]) -> Vec<Vec<Marks>> {
    let scales = own_scale.iter().max().map_or(1, |last| last + 1);
    let mut totals = vec![Vec::with_capacity(responses.people); scales];
    let mut row_milli = vec![0_i64; scales];
    for row in responses.cells.chunks_exact(responses.items.len()) {
        row_milli.fill(0);
        for ((item, code), scale) in responses.items.iter().zip(row).zip(own_scale) {
            row_milli[*scale] += item.answers[usize::from(*code)].marks.milli();
        }
        row_milli[0] = row_milli.iter().sum();
        totals.iter_mut().zip(&row_milli).for_each(|(totals, milli)| totals.push(Marks::from_milli(*milli)));
    }
    totals
}

/// Counts of each answer of each item, against the item's own scale.
pub(super) fn answers(
    responses: &Responses,
    own_scale: &[usize],
    totals: &[Vec<Marks>],
    groups: &[Option<Groups>],
) -> Vec<Vec<AnswerCount>> {
    let mut counts: Vec<Vec<AnswerCount>> = responses.items.iter().map(|item| vec![AnswerCount::default(); item.answers.len()]).collect();
    let mut of_person = vec![(0_i64, Group::Middle); totals.len()];
    for (person, row) in responses.cells.chunks_exact(responses.items.len()).enumerate() {
        for ((of_person, totals), groups) in of_person.iter_mut().zip(totals).zip(groups) {
            let total = totals[person];
            *of_person = (total.milli(), groups.map_or(Group::Middle, |groups| groups.group(total)));
        }
        for ((counts, code), scale) in counts.iter_mut().zip(row).zip(own_scale) {
            let (milli, group) = of_person[*scale];
            counts[usize::from(*code)].add(milli, group);
        }
    }
    counts
}

/// Counts of each answer of one item over those who had it: code of the answer, and total on the item's scale.
pub(super) fn answers_of_one(item: &Item, taken: &[(u16, Marks)], groups: Option<Groups>) -> Vec<AnswerCount> {
    let mut counts = vec![AnswerCount::default(); item.answers.len()];
    for &(code, total) in taken {
        counts[usize::from(code)].add(total.milli(), groups.map_or(Group::Middle, |groups| groups.group(total)));
    }
    counts
}

/// Sums of an item's marks (x) and of the totals (y) of those who answered it this way or that; sums over the totals alone are the scale's.
pub(super) fn moments(item: &Item, counts: &[AnswerCount], scale: Moments) -> Moments {
    let mut sums = Moments { x: 0, xx: 0, xy: 0, ..scale };
    for (answer, count) in item.answers.iter().zip(counts) {
        let (marks, people) = (i128::from(answer.marks.milli()), i128::from(count.people));
        sums.x += marks * people;
        sums.xx += marks * marks * people;
        sums.xy += marks * i128::from(count.total_milli);
    }
    sums
}
