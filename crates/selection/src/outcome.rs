//! What is computed: how everybody stands, stage by stage and at the end.

use crate::exact::Exact;
use rules::rule_set::RuleSet;
use rules::{Score, Status};

/// Where everybody stands, in the order of the candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcomes {
    /// One for each candidate.
    pub of: Vec<Outcome>,
    /// One for each candidate and stage, by candidate.
    pub(crate) stages: Vec<StageResult>,
    pub(crate) stage_count: usize,
    /// By formation: people of the first group at the cut, where there are two groups.
    pub(crate) first_group: Vec<u32>,
    /// By formation: slots that nobody has.
    pub vacant: Vec<u32>,
    /// By formation: slots that wait for the committee's decision between equals.
    pub held: Vec<u32>,
    /// Every move, in the order of the steps.
    pub moves: Vec<Moved>,
}

/// How one person stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Where it was decided.
    pub at: Place,
    /// The status.
    pub status: Status,
    /// Rank in the formation line at that place, from 1; equals share one.
    pub rank: Option<u32>,
    /// The group, where there are two.
    pub group: Option<Group>,
    /// Was a score of another year used?
    pub carried: bool,
    /// Tied across the last slot with people who are equal in everything: the committee decides.
    pub undecided: bool,
    /// Where that is a vacant slot: by which step, and in which formation, by their places.
    pub waits_for: Option<(usize, usize)>,
    /// Values of those who were in the final order.
    pub value: Option<Box<Value>>,
    /// By which step the person was moved, and to which formation, by their places.
    pub moved: Option<(usize, usize)>,
}

/// Where a status was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// At a stage.
    Stage(usize),
    /// After the last one.
    Final,
}

/// First or second group of a stage with a fallback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Reached the threshold.
    First,
    /// Reached the looser one only.
    Second,
}

/// What one person has at one stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageResult {
    /// Sum of the sections; none without scores.
    pub total: Option<Score>,
    /// Rank in the formation line, from 1; zero: none.
    pub rank: u32,
}

/// Values on the scale to 100 of somebody in the final order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// By stage, as reached.
    pub raw: Vec<Exact>,
    /// By stage, with adjustments.
    pub adjusted: Vec<Exact>,
    /// The final value.
    pub exact: Exact,
    /// What is compared: the same, or rounded, by the rule set.
    pub compared: Exact,
}

/// One move of one person, by their places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// Step of the rule set.
    pub step: usize,
    /// The person.
    pub candidate: usize,
    /// To this formation.
    pub to: usize,
    /// Who came next in the order of those who could have come.
    pub before: Option<usize>,
}

impl Outcomes {
    /// What a person has at a stage.
    pub fn stage(&self, candidate: usize, stage: usize) -> StageResult {
        self.stages[candidate * self.stage_count + stage]
    }

    /// The number by which a person was ranked: the final value, or the total of the stage where it ended; none without scores, and none in a
    /// stage of weighted sections.
    pub fn total(&self, rules: &RuleSet, candidate: usize) -> Option<Total> {
        let outcome = &self.of[candidate];
        match (outcome.at, &outcome.value) {
            (Place::Final, Some(value)) if rules.stages.len() > 1 || rules.stages[0].weighted() => Some(Total::Value(value.exact)),
            (Place::Final, _) => self.stage(candidate, 0).total.map(Total::Score),
            (Place::Stage(stage), _) => self.stage(candidate, stage).total.map(Total::Score),
        }
    }

    /// Code of the rule set for a person; empty while the committee has not decided, whatever a stage before calls who goes on.
    pub fn code<'a>(&self, rules: &'a RuleSet, candidate: usize) -> &'a str {
        let outcome = &self.of[candidate];
        if outcome.undecided {
            return "";
        }
        let by_move = outcome.moved.map(|(step, _)| rules.moves[step].id.as_str());
        rules.code(outcome.at.id(rules), outcome.status, outcome.group.and_then(|group| group.name(rules)), by_move)
    }
}

/// The number by which somebody was ranked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Total of a stage.
    Score(Score),
    /// Final value.
    Value(Exact),
}

impl Place {
    /// Id of the stage, or `final`.
    pub fn id(self, rules: &RuleSet) -> &str {
        match self {
            Place::Stage(stage) => &rules.stages[stage].id,
            Place::Final => "final",
        }
    }
}

impl Group {
    /// Its name in the rule set.
    pub fn name(self, rules: &RuleSet) -> Option<&str> {
        let fallback = rules.stages.first()?.fallback.as_ref()?;
        Some(match self {
            Group::First => &fallback.first,
            Group::Second => &fallback.second,
        })
    }
}
