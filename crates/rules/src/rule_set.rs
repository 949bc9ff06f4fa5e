//! A checked rule set. Every field can be relied on: ids exist, weights add up, each category has its predicate.

mod ending;

pub use ending::{
    Adjustment, Attribute, Code, DecideOn, Display, Donors, Effect, Missing, Move, MoveThreshold, Rounding, Selection, TieKey,
};

use crate::score::Score;
use crate::status::Status;

/// A text in both languages of the interface.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// What a regulation says, as data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet {
    /// Id: lower-case letters, digits, `-` and `_`.
    pub id: String,
    /// Year of the round.
    pub year: u16,
    /// What it is about.
    pub title: Text,
    /// Where the rules come from.
    pub sources: Vec<Source>,
    /// SHA-256, lower-case hex, as `sha256sum` prints it of the file. When stages are taken from another set: of the lines
    /// `<hash of the file>` and `<hash of that set>`, in the order of the stages.
    pub hash: String,
    /// Ids of categories (*jenis kebutuhan*); a [`CategoryId`] is a place in this list.
    pub categories: Vec<String>,
    /// Kind of agency where a table of formations does not say.
    pub default_agency: String,
    /// Stages in order.
    pub stages: Vec<Stage>,
    /// How the slots are given at the end; without it the last stage's shortlist is the result.
    pub selection: Option<Selection>,
    /// Changes to a stage's value on the scale to 100 that somebody has a claim to.
    pub adjustments: Vec<Adjustment>,
    /// How vacant slots are filled, step by step, in order.
    pub moves: Vec<Move>,
    /// What a published list writes for a status.
    pub codes: Vec<Code>,
    /// How numbers are shown.
    pub display: Display,
    /// What the sources leave open and what is done meanwhile.
    pub unsure: Vec<Unsure>,
    /// Cases with known results.
    pub cases: Vec<Case>,
}

/// A category by its place in [`RuleSet::categories`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CategoryId(pub u16);

/// A decree or a report of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The decree.
    pub decree: String,
    /// Article or dictum; may be empty.
    pub article: String,
    /// What is taken from it.
    pub about: Text,
}

/// One stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Id, e.g. `skd`.
    pub id: String,
    /// Title.
    pub title: Text,
    /// The rule set this stage was taken from.
    pub from: Option<String>,
    /// Sections in order.
    pub sections: Vec<Section>,
    /// Who has reached enough; one predicate for every category, more for single jobs.
    pub pass: Vec<PassRule>,
    /// A second group that fills what the first leaves open.
    pub fallback: Option<Fallback>,
    /// Sections that decide between equal totals, in order, as places in `sections`.
    pub tie_order: Vec<usize>,
    /// How many go on; without it everybody who passes.
    pub cut: Option<Cut>,
    /// Scores of other years that may be used.
    pub carried: Vec<Carried>,
}

/// A section, or a component of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Id: the name of its column.
    pub id: String,
    /// Title.
    pub title: Text,
    /// Highest score; a table of formations may say otherwise for one line.
    pub max: Score,
    /// Share of the stage in percent. Either all sections of a stage have one or none has.
    pub weight: Option<Score>,
}

/// A predicate and for whom it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassRule {
    /// For these categories.
    pub categories: Vec<CategoryId>,
    /// Only for these jobs; empty: for every job that has no predicate of its own.
    pub jobs: Vec<String>,
    /// What must be reached.
    pub predicate: Predicate,
}

/// What must be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// At least so much in each section.
    Each(Vec<(usize, Score)>),
    /// At least so much in all, and in the named sections.
    Total {
        /// In all.
        total: Score,
        /// By section.
        least: Vec<(usize, Score)>,
    },
    /// At least so much in the named sections; the others have no minimum.
    Listed(Vec<(usize, Score)>),
    /// No threshold is set.
    None,
    /// The regulation makes the lowest score the threshold: only the rank counts.
    RankOnly,
}

impl Predicate {
    /// Minima by section.
    pub fn least(&self) -> &[(usize, Score)] {
        match self {
            Predicate::Each(least) | Predicate::Listed(least) | Predicate::Total { least, .. } => least,
            Predicate::None | Predicate::RankOnly => &[],
        }
    }

    /// Minimum of the total.
    pub fn total(&self) -> Option<Score> {
        match self {
            Predicate::Total { total, .. } => Some(*total),
            Predicate::Each(_) | Predicate::Listed(_) | Predicate::None | Predicate::RankOnly => None,
        }
    }
}

/// A second group: those who miss the threshold but reach a looser one. It is opened only where the first group is smaller than the slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// What the first group is called.
    pub first: String,
    /// What the second group is called.
    pub second: String,
    /// Predicates of the second group; a category without one has no second group.
    pub pass: Vec<PassRule>,
    /// What somebody of the second group is when it was not opened.
    pub when_closed: WhenClosed,
    /// Which slots the second group competes for at the end.
    pub slots: FallbackSlots,
}

/// What somebody of a second group is that was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenClosed {
    /// Below the threshold.
    BelowThreshold,
    /// Passed but outside the cut.
    Outside,
}

/// Which slots a second group competes for at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FallbackSlots {
    /// Slots less the size of the first group, as counted at the cut.
    Reserved,
    /// Whatever the first group leaves at the end.
    Left,
}

/// How many go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// So many for each slot.
    pub factor: u32,
    /// Who passes when people with the same key stand across the boundary.
    pub boundary_tie: BoundaryTie,
}

/// Who passes when people with the same key stand across the boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BoundaryTie {
    /// All of them.
    AllPass,
    /// None of them.
    NonePasses,
}

/// Scores of another year that may be used in this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// Year of the score.
    pub year: u16,
    /// Maxima of that year's form, in the order of the sections.
    pub max: Vec<Score>,
    /// Which threshold such a score must reach.
    pub threshold: CarriedThreshold,
    /// What is done when somebody has a score of this year too.
    pub when_both: WhenBoth,
}

/// Which threshold a carried score must reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CarriedThreshold {
    /// The one of this round, for the category now applied for.
    Current,
    /// None: that it was reached is what made the score worth carrying, and the committee has checked it.
    Declared,
}

/// What is done when somebody has a carried score and one of this year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenBoth {
    /// The table of scores is refused.
    Refuse,
    /// The carried one counts.
    Prior,
    /// This year's counts.
    Current,
    /// The one with the higher total counts, this year's if they are equal.
    Higher,
}

/// What the sources leave open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsure {
    /// The key of the rule set.
    pub parameter: String,
    /// What is done meanwhile.
    pub default: String,
    /// What is open.
    pub about: Text,
}

/// A case with a known result; its tables have the form of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Id.
    pub id: String,
    /// What it shows.
    pub title: Text,
    /// Line of the rule set where it begins.
    pub line: usize,
    /// Lines of its tables.
    pub lines: CaseLines,
    /// Formations, CSV.
    pub formations: String,
    /// Scores, CSV.
    pub scores: String,
    /// Expected columns of the result, CSV; `participant_no` and whatever else is known.
    pub expect: String,
}

/// Where the tables of a case stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseLines {
    /// Formations.
    pub formations: TextLines,
    /// Scores.
    pub scores: TextLines,
    /// Expected columns.
    pub expect: TextLines,
}

/// Where the lines of a text stand in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextLines {
    /// Line of the file where the text begins.
    pub first: usize,
    /// Has each line of the text one of the file? Otherwise all of it stands on one.
    pub each: bool,
}

impl TextLines {
    /// The line of the file for a line of the text, from 1.
    pub fn line(self, of_text: u64) -> u64 {
        let further = if self.each { of_text.saturating_sub(1) } else { 0 };
        self.first as u64 + further
    }
}

impl RuleSet {
    /// A category by its id.
    pub fn category(&self, id: &str) -> Option<CategoryId> {
        self.categories.iter().position(|category| category == id).map(|place| CategoryId(place as u16))
    }

    /// Id of a category.
    pub fn category_name(&self, category: CategoryId) -> &str {
        &self.categories[usize::from(category.0)]
    }

    /// Jobs that some stage has a predicate of their own for, sorted.
    pub fn jobs(&self) -> Vec<&str> {
        let rules = self.stages.iter().flat_map(|stage| stage.pass.iter().chain(stage.fallback.iter().flat_map(|second| &second.pass)));
        let mut jobs: Vec<&str> = rules.flat_map(|rule| rule.jobs.iter().map(String::as_str)).collect();
        jobs.sort_unstable();
        jobs.dedup();
        jobs
    }

    /// The code of a status given at a stage (`final` after the last one); the most special entry wins. Empty when there is none.
    pub fn code(&self, stage: &str, status: Status, group: Option<&str>, by_move: Option<&str>) -> &str {
        let fits = |asked: &Option<String>, given: Option<&str>| asked.is_none() || asked.as_deref() == given;
        let fitting = self.codes.iter().filter(|code| {
            (code.stage == "*" || code.stage == stage) && code.status == status && fits(&code.group, group) && fits(&code.by_move, by_move)
        });
        let special = |code: &&Code| (code.by_move.is_some(), code.group.is_some(), code.stage != "*");
        fitting.max_by_key(special).map_or("", |code| &code.code)
    }
}

impl Stage {
    /// Highest total.
    pub fn max(&self) -> Score {
        self.sections.iter().map(|section| section.max).sum()
    }

    /// Are its sections weighted on the scale to 100, rather than added up?
    pub fn weighted(&self) -> bool {
        self.sections.iter().any(|section| section.weight.is_some())
    }

    /// The predicate of a category and job; every category has one.
    pub fn predicate(&self, category: CategoryId, job: &str) -> &Predicate {
        find(&self.pass, category, job).unwrap_or(&Predicate::None)
    }
}

impl Fallback {
    /// The second group's predicate; none where the category has no second group.
    pub fn predicate(&self, category: CategoryId, job: &str) -> Option<&Predicate> {
        find(&self.pass, category, job)
    }
}

/// The predicate that names the job, or else the category's general one.
fn find<'a>(rules: &'a [PassRule], category: CategoryId, job: &str) -> Option<&'a Predicate> {
    let mut of_category = rules.iter().filter(|rule| rule.categories.contains(&category));
    let named = of_category.clone().find(|rule| rule.jobs.iter().any(|named| named == job));
    named.or_else(|| of_category.find(|rule| rule.jobs.is_empty())).map(|rule| &rule.predicate)
}

/// Ids are compared in one spelling: lower case, words joined by `_`.
pub fn as_id(text: &str) -> String {
    let joined = |char: char| if char.is_whitespace() || char == '-' { '_' } else { char };
    text.trim().chars().map(joined).flat_map(char::to_lowercase).collect()
}
