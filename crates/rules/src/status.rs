//! How a person stands: one word in every table, screen and document.

use std::fmt;
use std::str::FromStr;

/// How a person stands. What a published list writes for it is data of the rule set ([`crate::rule_set::Code`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Has a slot of the line applied for.
    Selected,
    /// Has a slot of another line.
    SelectedByMove,
    /// Goes on to the next stage; or, at the end, is tied and the committee has not decided.
    Shortlisted,
    /// Was in the final order and has no slot.
    NotSelected,
    /// Reached the threshold, but not the cut.
    PassedButOutsideTheCut,
    /// Did not reach the threshold.
    BelowThreshold,
    /// Was not there.
    Absent,
    /// Was disqualified.
    Disqualified,
    /// Withdrew.
    Withdrawn,
    /// Does not meet the requirements.
    Ineligible,
}

/// Where a status can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// In a stage.
    InStage,
    /// After the last one.
    AtTheEnd,
    /// Both.
    Anywhere,
}

impl Status {
    /// All of them, as lists are sorted.
    pub const ALL: [Status; 10] = [
        Status::Selected,
        Status::SelectedByMove,
        Status::Shortlisted,
        Status::NotSelected,
        Status::PassedButOutsideTheCut,
        Status::BelowThreshold,
        Status::Absent,
        Status::Disqualified,
        Status::Withdrawn,
        Status::Ineligible,
    ];

    /// The word of the tables.
    pub const fn word(self) -> &'static str {
        match self {
            Status::Selected => "selected",
            Status::SelectedByMove => "selected_by_move",
            Status::Shortlisted => "shortlisted",
            Status::NotSelected => "not_selected",
            Status::PassedButOutsideTheCut => "passed_but_outside_the_cut",
            Status::BelowThreshold => "below_threshold",
            Status::Absent => "absent",
            Status::Disqualified => "disqualified",
            Status::Withdrawn => "withdrawn",
            Status::Ineligible => "ineligible",
        }
    }

    /// For readers: Indonesian and English.
    pub const fn text(self) -> (&'static str, &'static str) {
        match self {
            Status::Selected => ("lulus pada formasi yang dilamar", "selected for the formation applied for"),
            Status::SelectedByMove => ("lulus melalui perpindahan", "selected by a move"),
            Status::Shortlisted => ("ikut tahap berikutnya", "goes on to the next stage"),
            Status::NotSelected => ("tidak lulus", "not selected"),
            Status::PassedButOutsideTheCut => ("dalam peringkat, di luar batas jumlah", "ranked, outside the cut"),
            Status::BelowThreshold => ("di bawah ambang", "below the threshold"),
            Status::Absent => ("tidak hadir", "absent"),
            Status::Disqualified => ("didiskualifikasi", "disqualified"),
            Status::Withdrawn => ("mengundurkan diri", "withdrawn"),
            Status::Ineligible => ("tidak memenuhi syarat", "ineligible"),
        }
    }

    /// Where it can be given.
    pub const fn given(self) -> Given {
        match self {
            Status::Selected | Status::SelectedByMove | Status::NotSelected => Given::AtTheEnd,
            Status::Shortlisted | Status::PassedButOutsideTheCut | Status::BelowThreshold | Status::Absent => Given::InStage,
            Status::Disqualified | Status::Withdrawn | Status::Ineligible => Given::Anywhere,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// No such status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such status")]
pub struct NoSuchStatus;

impl FromStr for Status {
    type Err = NoSuchStatus;

    fn from_str(word: &str) -> Result<Self, NoSuchStatus> {
        Status::ALL.into_iter().find(|status| status.word() == word).ok_or(NoSuchStatus)
    }
}
