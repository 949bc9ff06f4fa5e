//! Answers as the engine has them: who had which item, what was chosen, and what that gives. Where everybody had the same items they are one
//! table; where papers were drawn each item is held against the section of those who had it.

use crate::analysis::{self, Analysis, SectionTotals};
use crate::responses::{Item, Note, Responses};
use crate::times::Times;
use crate::{Marks, analyse};

/// An item that fewer people had is left out of statistics of drawn papers: with four people chance alone gives any correlation.
pub const PEOPLE_MIN: usize = 5;

/// The answers of some people to their papers.
#[derive(Clone, Debug, Default)]
pub struct Papers {
    /// How many people.
    pub people: usize,
    /// Sections in the order of the paper, with the number of items that each paper has in it.
    pub sections: Vec<(String, usize)>,
    /// All items that stand on some paper, each name once, in the order in which they are shown.
    pub items: Vec<PaperItem>,
}

/// An item and the answers of those who had it.
#[derive(Clone, Debug)]
pub struct PaperItem {
    /// The item with its choices; the section of its own is not used.
    pub item: Item,
    /// Index of its section.
    pub section: usize,
    /// Who had it, ascending, each once, and the code of the answer.
    pub answers: Vec<(u32, u16)>,
}

/// Statistics of papers, and what has to be known of them.
#[derive(Clone, Debug)]
pub struct PapersAnalysis {
    /// The statistics.
    pub analysis: Analysis,
    /// What whoever reads them has to know.
    pub notes: Vec<Note>,
}

/// Computes all statistics; none for fewer than two people, who have no variance.
pub fn analyse_papers(papers: &Papers, times: &Times) -> Option<PapersAnalysis> {
    if papers.people < 2 || papers.items.is_empty() {
        return None;
    }
    if papers.same_items() {
        return Some(PapersAnalysis { analysis: analyse(&papers.table(), times), notes: Vec::new() });
    }
    let (frequent, rare): (Vec<&PaperItem>, Vec<&PaperItem>) = papers.items.iter().partition(|item| item.answers.len() >= PEOPLE_MIN);
    let mut notes = vec![Note::PapersDrawn];
    notes.extend((!rare.is_empty()).then_some(Note::ItemsRare { items: rare.len(), people_min: PEOPLE_MIN }));
    Some(PapersAnalysis { analysis: analysis::analyse_drawn(&papers.totals(), &frequent, times), notes })
}

impl Papers {
    /// Everybody had every item.
    pub fn same_items(&self) -> bool {
        self.items.iter().all(|item| item.answers.len() == self.people)
    }

    /// One table of everybody and every item.
    fn table(&self) -> Responses {
        let mut cells = vec![0; self.people * self.items.len()];
        for (column, item) in self.items.iter().enumerate() {
            for &(person, code) in &item.answers {
                cells[person as usize * self.items.len() + column] = code;
            }
        }
        let section = |item: &PaperItem| Some(self.sections[item.section].0.clone());
        let items = self.items.iter().map(|item| Item { section: section(item), ..item.item.clone() });
        Responses { items: items.collect(), ids: None, people: self.people, cells, notes: Vec::new() }
    }

    /// What each person has in each section; items that are left out count here as well.
    fn totals(&self) -> Vec<SectionTotals> {
        let none =
            |(name, items): &(String, usize)| SectionTotals { name: name.clone(), items: *items, totals: vec![Marks::ZERO; self.people] };
        let mut sections: Vec<SectionTotals> = self.sections.iter().map(none).collect();
        for item in &self.items {
            for &(person, code) in &item.answers {
                sections[item.section].totals[person as usize] += item.item.answers[usize::from(code)].marks;
            }
        }
        sections
    }
}
