//! Statistics where each person has other items.

use super::item::ItemStatistics;
use super::scale::Scale;
use super::{Analysis, count};
use crate::Marks;
use crate::groups::Groups;
use crate::papers::PaperItem;
use crate::times::Times;

/// What people have in a section, whichever items they had.
pub(crate) struct SectionTotals {
    /// Name.
    pub name: String,
    /// Items on each paper.
    pub items: usize,
    /// By person.
    pub totals: Vec<Marks>,
}

/// An item is held against its section over those who had it; the groups, too, are of those. Alpha and what follows from it is not defined.
pub(crate) fn analyse_drawn(sections: &[SectionTotals], items: &[&PaperItem], times: &Times) -> Analysis {
    let people = sections.first().map_or(0, |section| section.totals.len());
    let whole: Vec<Marks> = (0..people).map(|person| sections.iter().map(|section| section.totals[person]).sum()).collect();
    let items_on_paper = sections.iter().map(|section| section.items).sum();
    let mut scales = vec![Scale::of_drawn(None, items_on_paper, &whole, Groups::of(&whole))];
    scales.extend(sections.iter().map(|section| {
        let SectionTotals { name, items, totals } = section;
        Scale::of_drawn(Some(name.clone()), *items, totals, Groups::of(totals))
    }));
    let statistics = items.iter().map(|one| {
        let section = &sections[one.section];
        let taken: Vec<(u16, Marks)> = one.answers.iter().map(|&(person, code)| (code, section.totals[person as usize])).collect();
        let totals: Vec<Marks> = taken.iter().map(|(_, total)| *total).collect();
        let scale = Scale::of_drawn(Some(section.name.clone()), section.items, &totals, Groups::of(&totals));
        let counts = count::answers_of_one(&one.item, &taken, scale.groups);
        ItemStatistics::new(&one.item, one.section + 1, &counts, &scale, times.mean_s(&one.item.name))
    });
    Analysis { items: statistics.collect(), scales, ids: None }
}
