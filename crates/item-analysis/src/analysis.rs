//! Statistics of scales (a section, or the whole test) and of the items in them.

mod count;
mod drawn;
mod item;
mod scale;

pub use crate::groups::{Groups, SHARE_PERCENT};
pub(crate) use drawn::{SectionTotals, analyse_drawn};
pub use item::{Choice, ItemStatistics, Role};
pub use scale::Scale;

use crate::Marks;
use crate::responses::Responses;
use crate::times::Times;
use std::collections::BTreeMap;

/// Everything that is said about one table of responses.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The whole test, then its sections in the order of their first items.
    pub scales: Vec<Scale>,
    /// Items in the order of their columns.
    pub items: Vec<ItemStatistics>,
    /// Ids of people in the order of the totals of [`Scale::totals`], where there are ids.
    pub ids: Option<Vec<String>>,
}

/// Computes all statistics. An item is held against its own section where there are sections, else against the whole test.
pub fn analyse(responses: &Responses, times: &Times) -> Analysis {
    analyse_in_groups(responses, times, Groups::of)
}

/// The same with upper and lower groups of another definition, to compare with somebody else's numbers. `groups_of` gets the totals of a scale.
pub fn analyse_in_groups(responses: &Responses, times: &Times, groups_of: impl Fn(&[Marks]) -> Option<Groups>) -> Analysis {
    let own_scale = own_scales(responses);
    let totals = count::totals(responses, &own_scale);
    let groups: Vec<Option<Groups>> = totals.iter().map(|totals| groups_of(totals)).collect();
    let counts = count::answers(responses, &own_scale, &totals, &groups);
    let mut items = Vec::with_capacity(responses.items.len());
    let mut scales = scale::names(responses, &own_scale)
        .into_iter()
        .zip(&totals)
        .zip(&groups)
        .map(|((name, totals), groups)| Scale::new(name, totals, *groups))
        .collect::<Vec<_>>();
    for (at, (item, counts)) in responses.items.iter().zip(&counts).enumerate() {
        scales[0].add_item(item, counts);
        if own_scale[at] != 0 {
            scales[own_scale[at]].add_item(item, counts);
        }
    }
    scales.iter_mut().for_each(Scale::settle);
    for (at, (item, counts)) in responses.items.iter().zip(&counts).enumerate() {
        items.push(ItemStatistics::new(item, own_scale[at], counts, &scales[own_scale[at]], times.mean_s(&item.name)));
    }
    Analysis { scales, items, ids: responses.ids.clone() }
}

/// For each item the scale it is held against: 0 is the whole test, sections follow in the order in which they are met.
fn own_scales(responses: &Responses) -> Vec<usize> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let of = responses.items.iter().map(|item| match &item.section {
        None => 0,
        Some(section) => {
            let next = known.len() + 1;
            *known.entry(section).or_insert(next)
        }
    });
    of.collect()
}
