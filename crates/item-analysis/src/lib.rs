//! What the answers say about the exam: difficulty, discrimination, distractors, reliability, and pictures of them.
//!
//! Pure: files come in as bytes and go out as text. Marks are read and added exactly ([`Marks`]); every sum of squares and products is an
//! exact integer, and only the last division or root is a float. So the order of people and items changes no digit of any statistic.
//! Formulas, thresholds and their sources: `docs/item-statistics.md`. Nothing here decides about a candidate.

pub mod analysis;
pub mod chart;
pub mod flag;
mod groups;
pub mod key;
mod moments;
pub mod output;
pub mod papers;
pub mod phrase;
pub mod report;
pub mod responses;
mod table;
pub mod times;
pub mod unreadable;

pub use analysis::{Analysis, analyse};
pub use key::Key;
pub use papers::{Papers, analyse_papers};
pub use question_bank::marks::Marks;
pub use responses::{Reading, Responses};
pub use times::Times;
pub use unreadable::Unreadable;

/// A file that was read: its name as errors call it, and what is in it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// As the user named it.
    pub name: &'a str,
    /// Its bytes; UTF-8, with or without a byte order mark.
    pub bytes: &'a [u8],
}
