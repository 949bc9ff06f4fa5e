//! Blueprints: what a paper is made of, how long it takes and how screens break ties. What it takes to pass stands in the rule set.

use crate::item::{CellOfItem, Difficulty, Level};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The plan of a paper; one per stage and, where it differs, per formation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blueprint {
    /// Sections in order.
    pub sections: Vec<Section>,
    /// Time for the whole paper, seconds.
    pub duration_s: u32,
    /// Section codes that break a tie after the total, in order.
    pub tie_order: Vec<String>,
}

/// One section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Code, as in the items.
    pub code: String,
    /// Title shown.
    pub title: String,
    /// Own time limit, seconds.
    #[serde(default)]
    pub duration_s: Option<u32>,
    /// Items in order, without going back.
    #[serde(default)]
    pub linear: bool,
    /// Items of all cells in one random order.
    #[serde(default)]
    pub shuffle_items: bool,
    /// Choices in random order.
    #[serde(default)]
    pub shuffle_choices: bool,
    /// Cells in order.
    pub cells: Vec<Cell>,
}

/// A filter and a count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// Only this topic.
    #[serde(default)]
    pub topic: Option<String>,
    /// Only this subtopic.
    #[serde(default)]
    pub subtopic: Option<String>,
    /// Only this level.
    #[serde(default)]
    pub level: Option<Level>,
    /// Only this difficulty.
    #[serde(default)]
    pub difficulty: Option<Difficulty>,
    /// Items to draw.
    pub count: u16,
}

/// What is wrong with a blueprint; the text names the place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub struct BadBlueprint {
    /// Where, e.g. `sections[1].cells[0].count`.
    pub place: String,
    /// Why.
    pub reason: &'static str,
}

impl Cell {
    /// Does an item of this section belong here?
    pub fn takes(&self, section: &str, item: &CellOfItem) -> bool {
        let same = |wanted: &Option<String>, is: &str| wanted.as_deref().is_none_or(|wanted| wanted == is);
        item.section == section
            && same(&self.topic, &item.topic)
            && same(&self.subtopic, &item.subtopic)
            && self.level.is_none_or(|level| level == item.level)
            && self.difficulty.is_none_or(|difficulty| difficulty == item.difficulty)
    }

    /// The filter in words, e.g. `topic numerik, level C3`.
    pub fn describe(&self) -> String {
        let parts: Vec<String> = [
            self.topic.as_ref().map(|topic| format!("topic {topic}")),
            self.subtopic.as_ref().map(|subtopic| format!("subtopic {subtopic}")),
            self.level.map(|level| format!("level {level}")),
            self.difficulty.map(|difficulty| format!("difficulty {difficulty}")),
        ]
        .into_iter()
        .flatten()
        .collect();
        if parts.is_empty() { "any item".to_owned() } else { parts.join(", ") }
    }
}

impl Blueprint {
    /// Most items on a paper.
    pub const ITEMS_MAX: u32 = 500;

    /// Number of items on a paper.
    pub fn items(&self) -> u32 {
        self.sections.iter().map(Section::items).sum()
    }

    /// Says the first thing that is wrong.
    pub fn check(&self) -> Result<(), BadBlueprint> {
        let bad = |place: String, reason| Err(BadBlueprint { place, reason });
        if !(1..=10).contains(&self.sections.len()) {
            return bad("sections".to_owned(), "a blueprint has 1 to 10 sections");
        }
        if !(60..=28_800).contains(&self.duration_s) {
            return bad("duration_s".to_owned(), "a paper takes 60 to 28,800 seconds");
        }
        let mut codes = BTreeSet::new();
        for (index, section) in self.sections.iter().enumerate() {
            section.check(&format!("sections[{index}]"), self.duration_s)?;
            if !codes.insert(section.code.as_str()) {
                return bad(format!("sections[{index}].code"), "two sections have the same code");
            }
        }
        if self.items() > Blueprint::ITEMS_MAX {
            return bad("sections".to_owned(), "a paper has at most 500 items");
        }
        let mut tie = BTreeSet::new();
        for (index, code) in self.tie_order.iter().enumerate() {
            if !codes.contains(code.as_str()) || !tie.insert(code) {
                return bad(format!("tie_order[{index}]"), "not a section of this blueprint, or named twice");
            }
        }
        Ok(())
    }
}

impl Section {
    /// Number of items.
    pub fn items(&self) -> u32 {
        self.cells.iter().map(|cell| u32::from(cell.count)).sum()
    }

    fn check(&self, place: &str, whole_s: u32) -> Result<(), BadBlueprint> {
        let bad = |field: &str, reason| Err(BadBlueprint { place: format!("{place}.{field}"), reason });
        if !is_code(&self.code) {
            return bad("code", "a code has 1 to 40 of a-z, 0-9 and -");
        }
        if self.title.trim().is_empty() || self.title.chars().count() > 120 {
            return bad("title", "a title has 1 to 120 characters");
        }
        if self.duration_s.is_some_and(|duration_s| !(30..=whole_s).contains(&duration_s)) {
            return bad("duration_s", "a section takes 30 seconds to the time of the whole paper");
        }
        if !(1..=50).contains(&self.cells.len()) {
            return bad("cells", "a section has 1 to 50 cells");
        }
        match self.cells.iter().position(|cell| cell.count == 0) {
            Some(index) => bad(&format!("cells[{index}].count"), "a cell draws at least one item"),
            None => Ok(()),
        }
    }
}

/// Codes of sections, topics, items, selections: 1 to 40 of `a-z`, `0-9`, `-`.
pub fn is_code(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
