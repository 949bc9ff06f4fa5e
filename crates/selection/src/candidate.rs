//! What is computed from: formation lines and the people who applied for them.

pub use rules::STAGES_MAX;
use rules::rule_set::{CategoryId, RuleSet};
use rules::{Score, Status};
use std::fmt;

/// One formation line: a job, category, education requirement and unit with its slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formation {
    /// Code, unique.
    pub code: Box<str>,
    /// Slots.
    pub slots: u32,
    /// Category.
    pub category: CategoryId,
    /// Job, as an id ([`rules::rule_set::as_id`]).
    pub job: String,
    /// Education requirement, as an id.
    pub education: String,
    /// Placement unit, as an id.
    pub unit: String,
    /// Kind of agency, as an id.
    pub agency: String,
    /// Highest score by column: that of this line's form.
    pub max: Box<[Score]>,
    /// Share of the stage in percent by column; zero in stages that are added up.
    pub weight: Box<[Score]>,
}

/// Scores by column: all sections of all stages in order ([`columns`]); none where the person has no score.
pub type Scores = Box<[Option<Score>]>;

/// One person in one formation line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Participant number, unique; not always digits.
    pub number: Box<str>,
    /// Place of the formation.
    pub formation: u32,
    /// Category applied for, where it is not that of the formation.
    pub category: Option<CategoryId>,
    /// Scores of this year.
    pub scores: Scores,
    /// Score of another year that is used or may be.
    pub prior: Option<Box<Prior>>,
    /// Grade point average or average of the diploma.
    pub gpa: Option<Score>,
    /// Birth date.
    pub birth_date: Option<BirthDate>,
    /// Place among those of the same formation who are tied to the end, by the committee's recorded decision; 1 is first.
    pub decision: Option<u16>,
    /// The same among people of several formations who are tied for a vacant slot: number of the decision, place in it.
    pub move_decisions: Box<[(u16, u16)]>,
    /// Adjustments granted: bit n for the nth of the rule set.
    pub adjustments: u32,
    /// What happened to the person, by stage; the last one that counts is after the last stage.
    pub entries: [Entry; STAGES_MAX + 1],
}

impl Candidate {
    /// The place in a decision about a move, if it names this person.
    pub fn place_in_move(&self, number: u16) -> Option<u16> {
        self.move_decisions.iter().find(|(known, _)| *known == number).map(|(_, place)| *place)
    }
}

/// A score of another year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prior {
    /// Year.
    pub year: u16,
    /// By section of the first stage; all are there.
    pub scores: Scores,
}

/// What happened to a person at a stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Entry {
    /// Nothing: the scores tell.
    #[default]
    Open,
    /// Was not there.
    Absent,
    /// Was disqualified.
    Disqualified,
    /// Withdrew.
    Withdrawn,
    /// Does not meet the requirements.
    Ineligible,
}

impl Entry {
    /// The status it gives.
    pub fn status(self) -> Option<Status> {
        match self {
            Entry::Open => None,
            Entry::Absent => Some(Status::Absent),
            Entry::Disqualified => Some(Status::Disqualified),
            Entry::Withdrawn => Some(Status::Withdrawn),
            Entry::Ineligible => Some(Status::Ineligible),
        }
    }
}

/// A day. Earlier is smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BirthDate(u32);

impl BirthDate {
    /// Reads `1999-12-31`, `31-12-1999` and `31/12/1999`.
    pub fn read(text: &str) -> Option<BirthDate> {
        let mut parts = text.trim().split(['-', '/']);
        let (first, month, last) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<u32>().ok()).flatten();
        let (year, month, day) = (number(year).filter(|_| year.len() == 4)?, number(month)?, number(day)?);
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        ((1..=days).contains(&day) && year >= 1900).then_some(BirthDate(year * 10_000 + month * 100 + day))
    }
}

impl BirthDate {
    /// A number that grows with the date.
    pub(crate) fn ordinal(self) -> i64 {
        i64::from(self.0)
    }
}

impl fmt::Display for BirthDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}-{:02}", self.0 / 10_000, self.0 / 100 % 100, self.0 % 100)
    }
}

/// Section ids of all stages in order: the columns of scores.
pub fn columns(rules: &RuleSet) -> impl Iterator<Item = &str> {
    rules.stages.iter().flat_map(|stage| stage.sections.iter().map(|section| section.id.as_str()))
}

/// First column of a stage.
pub fn first_column(rules: &RuleSet, stage: usize) -> usize {
    rules.stages[..stage].iter().map(|stage| stage.sections.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birth_dates() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(BirthDate::read(text).map(|date| date.to_string()).as_deref(), expected, "{text}");
        };
        check("1999-12-31", Some("1999-12-31"));
        check(" 31/12/1999 ", Some("1999-12-31"));
        check("1-2-2000", Some("2000-02-01"));
        check("29-02-2000", Some("2000-02-29"));
        check("29-02-1900", None);
        check("31-04-1999", None);
        check("99-12-31", None);
        check("1999-13-01", None);
        check("kemarin", None);
        assert!(BirthDate::read("1998-12-31") < BirthDate::read("1999-01-01"), "older is smaller");
    }
}
