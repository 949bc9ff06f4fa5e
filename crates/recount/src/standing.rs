//! What has become of one person so far.

use crate::formation::Formation;
use crate::number::Number;
use crate::person::Person;
use rules::Status;

/// A person on the way through the stages.
pub struct Standing<'a> {
    /// Who.
    pub person: &'a Person,
    /// The formation line applied for.
    pub formation: &'a Formation,
    /// First or second group, where a stage has two.
    pub group: Option<Group>,
    /// By stage that was taken: total and rank.
    pub taken: Vec<Taken>,
    /// What was decided; none while the person is still in.
    pub verdict: Option<Verdict>,
    /// Tied for a slot: the committee decides.
    pub waits: bool,
    /// The final value and rank of who reached the final order.
    pub last: Option<Last>,
}

/// First or second group of a stage with a fallback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Reached the threshold.
    First,
    /// Reached only the looser one.
    Second,
}

/// A stage that somebody has a score of.
#[derive(Clone)]
pub struct Taken {
    /// The sum of the sections, or the value on the scale to 100 where they have weights.
    pub total: Number,
    /// Rank in the line; none for who was not ranked.
    pub rank: Option<usize>,
}

/// What was decided about somebody.
#[derive(Clone)]
pub struct Verdict {
    /// The word.
    pub status: Status,
    /// In which stage; none: at the end.
    pub stage: Option<usize>,
    /// By which move, as a place in the rule set, and to which formation.
    pub moved: Option<(usize, usize)>,
}

/// The final order.
#[derive(Clone)]
pub struct Last {
    /// By stage: its value on the scale to 100, adjusted.
    pub on_hundred: Vec<Number>,
    /// Sum of the stages on the scale to 100 by their weights, adjusted.
    pub value: Number,
    /// Rank in the line; none for who was barred after the end.
    pub rank: Option<usize>,
}

impl<'a> Standing<'a> {
    /// Before the first stage.
    pub fn new(person: &'a Person, formations: &'a [Formation]) -> Self {
        let formation = &formations[person.formation];
        Standing { person, formation, group: None, taken: Vec::new(), verdict: None, waits: false, last: None }
    }

    /// Is nothing decided yet?
    pub fn is_in(&self) -> bool {
        self.verdict.is_none()
    }

    /// Decided in a stage.
    pub fn decide_in(&mut self, stage: usize, status: Status) {
        self.verdict = Some(Verdict { status, stage: Some(stage), moved: None });
    }

    /// Decided at the end.
    pub fn decide_at_the_end(&mut self, status: Status) {
        self.verdict = Some(Verdict { status, stage: None, moved: None });
    }
}
