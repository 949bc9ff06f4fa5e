//! What comes after the stages: final order, adjustments, moves, codes, display.

use super::{CategoryId, Text};
use crate::score::Score;
use crate::status::Status;

/// How the slots are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// Share of each stage in percent, in the order of the stages.
    pub weights: Vec<Score>,
    /// What decides between equal values, in order.
    pub tie_order: Vec<TieKey>,
    /// Are values compared exactly or as published?
    pub decide_on: DecideOn,
    /// What is done in a tie when somebody lacks the mark or date that would decide it.
    pub missing: Missing,
}

/// What decides between equal values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TieKey {
    /// Total of a stage, higher first.
    Stage(usize),
    /// A section: place of the stage and of the section; higher first.
    Section(usize, usize),
    /// Grade point average or average of the diploma, higher first.
    Gpa,
    /// Older first.
    BirthDate,
    /// A recorded decision.
    Committee,
}

/// Are values compared exactly or as published?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecideOn {
    /// Exactly.
    Exact,
    /// Rounded as they are published.
    Published,
}

/// What is done in a tie when somebody lacks what would decide it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// The committee decides between all who are tied.
    Committee,
    /// Whoever lacks it comes last.
    Last,
}

/// A change to a stage's value on the scale to 100.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjustment {
    /// Id, as it stands in the table of scores.
    pub id: String,
    /// Title.
    pub title: Text,
    /// What proves the claim.
    pub evidence: Text,
    /// Place of the stage.
    pub stage: usize,
    /// What it does.
    pub effect: Effect,
}

/// What an adjustment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The value becomes 100.
    ToMaximum,
    /// Points are added.
    Add {
        /// So many, on the scale to 100.
        points: Score,
        /// Not above this.
        cap: Option<Score>,
    },
}

/// One step of filling vacant slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// Id, e.g. `U-1`.
    pub id: String,
    /// Title.
    pub title: Text,
    /// A step that is not enabled is not taken.
    pub enabled: bool,
    /// Categories of the vacant lines; none: every category.
    pub fill: Vec<CategoryId>,
    /// Categories of those who may be moved.
    pub donors: Donors,
    /// What must be equal between the two lines.
    pub same: Vec<Attribute>,
    /// What must differ.
    pub differ: Vec<Attribute>,
    /// The threshold somebody must have reached in the first stage.
    pub threshold: MoveThreshold,
    /// Only in agencies of these kinds; empty: in all.
    pub agencies: Vec<String>,
}

/// Categories of those who may be moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Donors {
    /// Every category.
    Any,
    /// That of the vacant line.
    Same,
    /// Every other than that of the vacant line.
    Other,
    /// These.
    Listed(Vec<CategoryId>),
}

/// What two formation lines may have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute {
    /// Job.
    Job,
    /// Education requirement.
    Education,
    /// Placement unit or location.
    Unit,
}

/// The threshold somebody must have reached to be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveThreshold {
    /// That of the own category (the first group, where there are two).
    Own,
    /// The looser one (the second group).
    Fallback,
    /// That of another category, for the own job.
    Of(CategoryId),
    /// None.
    None,
}

/// What a published list writes for a status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Id of the stage where the status was given, `final`, or `*`.
    pub stage: String,
    /// The status.
    pub status: Status,
    /// Only for this group of a fallback.
    pub group: Option<String>,
    /// Only for this move.
    pub by_move: Option<String>,
    /// The code.
    pub code: String,
    /// What it means.
    pub text: Text,
}

/// How numbers are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Display {
    /// Decimal places.
    pub decimals: u32,
    /// Decimal mark of published lists.
    pub mark: char,
    /// How the last place is found.
    pub rounding: Rounding,
}

/// How the last place is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// A half goes up.
    HalfUp,
    /// A half goes to the even neighbour.
    HalfEven,
    /// What is too much is cut off.
    Down,
}
