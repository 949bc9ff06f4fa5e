//! The question bank, for authors and the committee.

use crate::Id;
use crate::roster::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The answer to `POST /api/v1/bank/imports` (multipart: `file` one or more, optionally `mapping`): nothing is in the bank yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ImportPreview {
    /// The waiting import; kept for one hour.
    pub id: Id,
    /// Items read without a stopping problem.
    pub good: u32,
    /// Items with a stopping problem.
    pub bad: u32,
    /// Of the good: new in the bank.
    pub new: u32,
    /// Of the good: a new version of an item.
    pub changed: u32,
    /// Of the good: already there, word for word.
    pub unchanged: u32,
    /// Everything that is wrong, at most 1,000.
    pub problems: Vec<Problem>,
    /// The first 50 good items, with their keys.
    pub items: Vec<ItemView>,
}

/// `POST /api/v1/bank/imports/{id}/accept`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct AcceptImport {
    /// Go on without the bad items; otherwise one bad item refuses the whole import.
    pub skip_bad: bool,
}

/// What an accepted import did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ImportDone {
    /// New items.
    pub new: u32,
    /// New versions.
    pub changed: u32,
    /// Already there.
    pub unchanged: u32,
    /// Left out.
    pub skipped: u32,
}

/// `GET /api/v1/bank/items?section=&topic=&find=&page=`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ItemPage {
    /// All that match.
    pub total: u32,
    /// At most 50.
    pub items: Vec<ItemView>,
    /// Counts per section and topic over the whole bank.
    pub cells: Vec<BankCell>,
}

/// A line of the bank's table of contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct BankCell {
    /// Section code.
    pub section: String,
    /// Topic code.
    pub topic: String,
    /// Subtopic code.
    pub subtopic: String,
    /// Items.
    pub items: u32,
}

/// An item as an author sees it; never sent to a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ItemView {
    /// The item.
    pub id: Id,
    /// Version, from 1.
    pub version: u32,
    /// Stable code from the file.
    pub code: String,
    /// Section code.
    pub section: String,
    /// Topic code.
    pub topic: String,
    /// Subtopic code.
    pub subtopic: String,
    /// `C1` ... `C6`.
    pub level: String,
    /// `easy`, `medium`, `hard`.
    pub difficulty: String,
    /// Language tag.
    pub language: String,
    /// `single`, `sum`, `all_or_nothing`.
    pub rule: String,
    /// Rich text.
    pub stem: String,
    /// Rich text, one per choice.
    pub choices: Vec<String>,
    /// Weight per choice as a decimal, for those who may see keys; otherwise empty.
    pub weights: Vec<String>,
    /// Marks for blank, decimal.
    pub blank: String,
    /// What the key rests on.
    pub basis: String,
}
