//! Rule sets: those that come with the program, the one a selection uses.

use crate::Id;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct TwoLanguages {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// One line of `GET /api/v1/rule-sets`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleSetSummary {
    /// Id, e.g. `cpns-2024`.
    pub id: String,
    /// Year of the round.
    pub year: u16,
    /// What it is about.
    pub title: TwoLanguages,
    /// SHA-256 of its text, hex.
    pub hash: String,
    /// Ids of its stages, in order.
    pub stages: Vec<String>,
}

/// `GET /api/v1/rule-sets/{id}`: a rule set explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleSetView {
    /// Id, year, title, hash, stages.
    pub summary: RuleSetSummary,
    /// The whole set in words, a sentence or an item a line; deeper lines are indented by two spaces.
    pub explanation: TwoLanguages,
    /// Ids of categories.
    pub categories: Vec<String>,
    /// Jobs with a predicate of their own.
    pub jobs: Vec<String>,
    /// Ids of adjustments that can be granted.
    pub adjustments: Vec<String>,
    /// What the sources leave open.
    pub unsure: Vec<UnsureView>,
    /// Worked cases and whether they hold.
    pub cases: Vec<CaseView>,
    /// The TOML text.
    pub text: String,
}

/// What the sources leave open, and what is done meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct UnsureView {
    /// Key of the rule set.
    pub parameter: String,
    /// What is done meanwhile.
    pub default: String,
    /// What is open.
    pub about: TwoLanguages,
}

/// A worked case inside a rule set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CaseView {
    /// Id.
    pub id: String,
    /// What it shows.
    pub title: TwoLanguages,
    /// Empty when the case holds; otherwise what differs.
    pub differences: Vec<String>,
}

/// `POST /api/v1/rule-sets/check`: reads a rule set and stores nothing.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct CheckRuleSet {
    /// The TOML text, at most 256 KiB.
    pub text: String,
}

/// The answer: faults with their lines, or the set explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleSetChecked {
    /// Everything that is wrong.
    pub problems: Vec<RuleSetProblem>,
    /// The set, when nothing is wrong.
    pub view: Option<RuleSetView>,
}

/// A fault of a rule set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleSetProblem {
    /// Line, from 1.
    pub line: u32,
    /// What is wrong.
    pub sentence: TwoLanguages,
}

/// `PUT /api/v1/selections/{id}/rule-set`: by id of a shipped set, or by text.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct ChooseRuleSet {
    /// Id of a set that comes with the program.
    #[serde(default)]
    pub id: Option<String>,
    /// Or the text of the agency's own.
    #[serde(default)]
    pub text: Option<String>,
    /// Why; required when another one was chosen before.
    #[serde(default)]
    pub reason: String,
}

/// `GET /api/v1/selections/{id}/rule-set`: what the selection is decided by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RuleSetInUse {
    /// None until one was chosen.
    pub chosen: Option<ChosenRuleSet>,
    /// What of the selection does not fit it (a stage, a section, a formation's category); must be put right before results are adopted.
    pub misfits: Vec<String>,
}

/// A choice and who made it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ChosenRuleSet {
    /// The set.
    pub view: RuleSetView,
    /// The selection.
    pub selection: Id,
    /// By whom.
    pub by: String,
    /// When.
    pub at_utc_ms: i64,
    /// Why.
    pub reason: String,
    /// How many choices there were, this one included.
    pub choices: u32,
}
