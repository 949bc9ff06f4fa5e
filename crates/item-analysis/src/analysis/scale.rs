//! A scale: the items of a section, or of the whole test, and how reliably their sum measures.

use super::count::{self, AnswerCount};
use crate::Marks;
use crate::groups::{Group, Groups};
use crate::moments::{self, Moments};
use crate::responses::{Item, Responses};

/// Statistics of the sum of some items. Marks in all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// The section; nothing for the whole test.
    pub name: Option<String>,
    /// Number of items.
    pub items: usize,
    /// Number of people.
    pub people: usize,
    /// Mean total.
    pub mean: f64,
    /// Standard deviation of the totals, with n − 1.
    pub sd: f64,
    /// The smallest total.
    pub min: Marks,
    /// The greatest total.
    pub max: Marks,
    /// Coefficient alpha (Cronbach 1951; for marks of 0 and 1 the same as KR-20). Not defined for one item or when all totals are equal or
    /// people had different items.
    pub alpha: Option<f64>,
    /// Standard error of measurement, in marks.
    pub sem: Option<f64>,
    /// The upper and the lower 27 %.
    pub groups: Option<Groups>,
    /// People in the lower and in the upper group.
    pub group_people: (usize, usize),
    /// Total of each person, in the order of the table.
    pub totals: Vec<Marks>,
    /// Sums over totals (y); x is not used.
    sums: Moments,
    /// Sum over items of n² times their variance; none where people had different items.
    item_spread: Option<i128>,
}

impl Scale {
    pub(super) fn new(name: Option<String>, totals: &[Marks], groups: Option<Groups>) -> Scale {
        let mut sums = Moments { n: totals.len() as i128, ..Moments::default() };
        for total in totals {
            let milli = i128::from(total.milli());
            sums.y += milli;
            sums.yy += milli * milli;
        }
        let in_group = |group| groups.map_or(0, |groups| totals.iter().filter(|total| groups.group(**total) == group).count());
        Scale {
            name,
            items: 0,
            people: totals.len(),
            mean: moments::mean(sums.y, sums.n),
            sd: moments::sd(sums.spread_y(), sums.n),
            min: totals.iter().min().copied().unwrap_or_default(),
            max: totals.iter().max().copied().unwrap_or_default(),
            alpha: None,
            sem: None,
            groups,
            group_people: (in_group(Group::Lower), in_group(Group::Upper)),
            totals: totals.to_vec(),
            sums,
            item_spread: Some(0),
        }
    }

    /// A scale on which each person has so many items, but not the same.
    pub(super) fn of_drawn(name: Option<String>, items: usize, totals: &[Marks], groups: Option<Groups>) -> Scale {
        Scale { items, item_spread: None, ..Scale::new(name, totals, groups) }
    }

    pub(super) fn add_item(&mut self, item: &Item, counts: &[AnswerCount]) {
        self.items += 1;
        let spread = self.moments(item, counts).spread_x();
        self.item_spread = self.item_spread.map(|sum| sum + spread);
    }

    /// When all items are added.
    pub(super) fn settle(&mut self) {
        self.alpha = self.item_spread.and_then(|spread| alpha(self.items, spread, self.sums.spread_y()));
        self.sem = self.alpha.map(|alpha| self.sd * (1.0 - alpha).max(0.0).sqrt());
    }

    /// Sums of an item (x) and this scale (y).
    pub(super) fn moments(&self, item: &Item, counts: &[AnswerCount]) -> Moments {
        count::moments(item, counts, self.sums)
    }

    /// Alpha of the other items of this scale.
    pub(super) fn alpha_without(&self, sums: &Moments) -> Option<f64> {
        alpha(self.items - 1, self.item_spread? - sums.spread_x(), sums.with_rest().spread_y())
    }
}

/// k/(k−1) · (1 − Σ variances of items / variance of totals); both are given times n².
fn alpha(items: usize, item_spread: i128, total_spread: i128) -> Option<f64> {
    if items < 2 || total_spread == 0 {
        return None;
    }
    let items = items as f64;
    Some(items / (items - 1.0) * ((total_spread - item_spread) as f64 / total_spread as f64))
}

/// Nothing for the whole test, then the names of sections by their scale.
pub(super) fn names(responses: &Responses, own_scale: &[usize]) -> Vec<Option<String>> {
    let mut names = vec![None; own_scale.iter().max().map_or(1, |last| last + 1)];
    for (item, scale) in responses.items.iter().zip(own_scale) {
        names[*scale].clone_from(&item.section);
    }
    names
}
