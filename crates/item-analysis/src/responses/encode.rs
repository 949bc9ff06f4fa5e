//! Cells of one column become codes; each different answer is looked at once.

use super::{Answer, Item, OMITTED, Reading};
use crate::Marks;
use crate::key::{KeyItem, Marking};
use crate::unreadable::Fault;
use std::collections::BTreeMap;

/// Most different answers to one item.
const ANSWERS_MAX: usize = u16::MAX as usize;

/// Reads one column.
pub(super) struct Encoder {
    /// From 0.
    pub column: usize,
    name: String,
    key: Option<KeyItem>,
    codes: BTreeMap<Vec<u8>, u16>,
    answers: Vec<Answer>,
}

impl Encoder {
    pub fn new(column: usize, name: String, key: Option<&KeyItem>, reading: &Reading) -> Encoder {
        let codes = ["", "NA"].into_iter().chain(reading.omitted.iter().map(|text| text.trim()));
        let mut encoder = Encoder {
            column,
            name,
            key: key.cloned(),
            codes: codes.map(|text| (text.as_bytes().to_vec(), OMITTED)).collect(),
            answers: vec![Answer { label: String::new(), marks: Marks::ZERO }],
        };
        encoder.add_choices();
        encoder
    }

    /// Choices that the key names are there, chosen or not.
    fn add_choices(&mut self) {
        let choices: Vec<(String, Marks)> = match self.key.as_ref().map(|key| &key.marking) {
            None | Some(Marking::Scored) => Vec::new(),
            Some(Marking::Right { choices, marks }) => choices.iter().map(|choice| (choice.clone(), *marks)).collect(),
            Some(Marking::Weights(weights)) => weights.iter().map(|(choice, marks)| (choice.clone(), *marks)).collect(),
        };
        for (label, marks) in choices {
            self.add(label, marks);
        }
    }

    /// The code of a cell.
    pub fn code(&mut self, cell: &[u8]) -> Result<u16, Fault> {
        match self.codes.get(cell) {
            Some(code) => Ok(*code),
            None => self.new_answer(&String::from_utf8_lossy(cell)),
        }
    }

    fn new_answer(&mut self, text: &str) -> Result<u16, Fault> {
        if self.answers.len() > ANSWERS_MAX {
            return Err(Fault::AnswersTooMany { max: ANSWERS_MAX });
        }
        let marks = match self.key.as_ref().map(|key| &key.marking) {
            None | Some(Marking::Scored) => text.parse().map_err(|source| Fault::NotAScore { text: text.to_owned(), source })?,
            // The right ones are known already.
            Some(Marking::Right { .. }) => Marks::ZERO,
            Some(Marking::Weights(_)) => return Err(Fault::ChoiceUnknown { text: text.to_owned() }),
        };
        match self.key.as_ref().and_then(|key| key.max) {
            Some(max) if marks > max => Err(Fault::AboveMax { text: text.to_owned(), max: max.to_string() }),
            _ => Ok(self.add(text.to_owned(), marks)),
        }
    }

    fn add(&mut self, label: String, marks: Marks) -> u16 {
        let next = u16::try_from(self.answers.len()).expect("fewer answers than codes");
        let code = *self.codes.entry(label.clone().into_bytes()).or_insert(next);
        if code == next {
            self.answers.push(Answer { label, marks });
        }
        code
    }

    pub fn into_item(self) -> Item {
        let keyed = self.key.as_ref().is_some_and(|key| key.marking != Marking::Scored);
        let choices_listed = matches!(self.key, Some(KeyItem { marking: Marking::Weights(_), .. }));
        let most = self.answers.iter().map(|answer| answer.marks).max().unwrap_or(Marks::ZERO);
        let max = self.key.as_ref().and_then(|key| key.max).unwrap_or(most);
        Item { name: self.name, section: self.key.and_then(|key| key.section), max, keyed, choices_listed, answers: self.answers }
    }
}
