//! Setting up a selection: stages, formations, blueprints, halls, sittings, candidates, papers.

use crate::Id;
use crate::proctor::{RoomSeat, SittingPhase};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// One line of `GET /api/v1/selections`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SelectionSummary {
    /// The selection.
    pub id: Id,
    /// Code, unique.
    pub code: String,
    /// Title.
    pub title: String,
    /// Organising agency.
    pub organiser: String,
    /// Candidates.
    pub candidates: u32,
    /// Sittings.
    pub sittings: u32,
}

/// `POST /api/v1/selections`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct NewSelection {
    /// Code, `a-z 0-9 -`, unique.
    pub code: String,
    /// Title.
    pub title: String,
    /// Organising agency.
    pub organiser: String,
    /// Public behaviour.
    #[serde(default)]
    pub policy: SelectionPolicy,
}

/// What is public and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct SelectionPolicy {
    /// Names on screens and lists.
    pub names: NamePolicy,
    /// When a candidate's row on a screen moves.
    pub reveal: RevealPolicy,
    /// Freeze the boards so many seconds before a sitting's end; 0 = never.
    pub freeze_before_end_s: u32,
    /// Show section marks and total on the terminal at the end.
    pub marks_at_end: bool,
    /// Granting a candidate more than so many seconds in all needs a second person; 0 = always; none = never.
    pub grant_approval_above_s: Option<u32>,
    /// Ending a session needs a second person.
    pub terminate_approval: bool,
    /// Admitting late evidence needs a second person.
    pub admit_late_approval: bool,
    /// Which attempt counts when there are several.
    pub attempt_rule: AttemptRule,
    /// Columns of published lists.
    pub columns: ColumnPolicy,
}

/// Columns of published lists besides number, name (by [`NamePolicy`]), total and code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct ColumnPolicy {
    /// Category.
    pub category: bool,
    /// Marks per section.
    pub marks: bool,
    /// Values of stages on the scale to 100, and the final one.
    pub values: bool,
    /// Rank.
    pub rank: bool,
}

impl Default for ColumnPolicy {
    fn default() -> Self {
        ColumnPolicy { category: true, marks: true, values: true, rank: true }
    }
}

impl Default for SelectionPolicy {
    fn default() -> Self {
        SelectionPolicy {
            names: NamePolicy::Initials,
            reveal: RevealPolicy::EveryAnswered { items: 5 },
            freeze_before_end_s: 0,
            marks_at_end: true,
            grant_approval_above_s: Some(600),
            terminate_approval: true,
            admit_late_approval: true,
            attempt_rule: AttemptRule::Last,
            columns: ColumnPolicy::default(),
        }
    }
}

/// Names in public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NamePolicy {
    /// Full name.
    Full,
    /// Initials.
    Initials,
    /// Number only.
    None,
}

/// When a row on a public screen moves; keeps the board from telling whether one answer was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum RevealPolicy {
    /// After every so many newly answered items (changed answers wait for the next reveal).
    EveryAnswered {
        /// Items, 2 to 50.
        items: u16,
    },
    /// At an interval.
    Interval {
        /// Seconds, 10 to 3,600.
        seconds: u32,
    },
    /// Only when the session is over.
    AtEnd,
}

/// Which of several attempts counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttemptRule {
    /// The last one that was started.
    Last,
    /// The first one that was started.
    First,
    /// The one with the best standing.
    Best,
}

/// `GET /api/v1/selections/{id}`: everything that was set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SelectionView {
    /// The selection.
    pub id: Id,
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
    /// Organising agency.
    pub organiser: String,
    /// Public behaviour.
    pub policy: SelectionPolicy,
    /// Stages in order.
    pub stages: Vec<StageView>,
    /// Formations by code.
    pub formations: Vec<FormationView>,
    /// Halls by code.
    pub halls: Vec<HallView>,
    /// Sittings by start.
    pub sittings: Vec<SittingView>,
    /// Candidates counted.
    pub candidates: u32,
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StageView {
    /// The stage.
    pub id: Id,
    /// Code, e.g. `skb`.
    pub code: String,
    /// Title.
    pub title: String,
    /// Blueprints: one for all formations (`formation` none) and those that differ.
    pub blueprints: Vec<BlueprintView>,
}

/// A blueprint with its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct BlueprintView {
    /// For this formation only; none means for all others.
    pub formation: Option<Id>,
    /// The blueprint.
    pub blueprint: BlueprintBody,
}

/// Sections, cells, time, tie order of screens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct BlueprintBody {
    /// Sections in order, 1 to 10.
    pub sections: Vec<BlueprintSection>,
    /// Time for the whole paper, seconds, 60 to 28,800.
    pub duration_s: u32,
    /// Section codes that break a tie after the total, in order.
    pub tie_order: Vec<String>,
}

/// One section of a blueprint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct BlueprintSection {
    /// Code, as in the items.
    pub code: String,
    /// Title shown to candidates.
    pub title: String,
    /// Own time limit, seconds.
    #[serde(default)]
    pub duration_s: Option<u32>,
    /// `free` or `linear`.
    #[serde(default)]
    pub linear: bool,
    /// Items in random order within the section; otherwise cell by cell in drawn order.
    #[serde(default)]
    pub shuffle_items: bool,
    /// Choices in random order.
    #[serde(default)]
    pub shuffle_choices: bool,
    /// Cells in order.
    pub cells: Vec<BlueprintCell>,
}

/// A cell: a filter and a count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct BlueprintCell {
    /// Only this topic.
    #[serde(default)]
    pub topic: Option<String>,
    /// Only this subtopic.
    #[serde(default)]
    pub subtopic: Option<String>,
    /// Only this cognitive level (`C1` ... `C6`).
    #[serde(default)]
    pub level: Option<String>,
    /// Only this difficulty (`easy`, `medium`, `hard`).
    #[serde(default)]
    pub difficulty: Option<String>,
    /// Items to draw.
    pub count: u16,
}

/// `POST /api/v1/selections/{id}/stages`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct NewStage {
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
}

/// `PUT /api/v1/stages/{id}/blueprint`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct PutBlueprint {
    /// For this formation only.
    #[serde(default)]
    pub formation: Option<Id>,
    /// The blueprint.
    pub blueprint: BlueprintBody,
}

/// `POST /api/v1/selections/{id}/formations`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct NewFormation {
    /// Code.
    pub code: String,
    /// Title of the job.
    pub title: String,
    /// Vacant slots.
    pub slots: u32,
    /// Where it stands for the rule set.
    #[serde(default)]
    pub line: FormationLine,
}

/// `PUT /api/v1/formations/{id}`: title, slots and line; the code stays.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct PutFormation {
    /// Title of the job.
    pub title: String,
    /// Vacant slots.
    pub slots: u32,
    /// Where it stands for the rule set.
    pub line: FormationLine,
}

/// A vacancy line as the rule set sees it: what thresholds, moves and conversions go by (docs/rules.md, table F).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct FormationLine {
    /// Category (*jenis kebutuhan*), e.g. `umum`; empty where the rule set has only one.
    pub category: String,
    /// Job; one with a predicate of its own, or any other word.
    pub job: String,
    /// Education requirement.
    pub education: String,
    /// Placement unit.
    pub unit: String,
    /// Kind of agency, e.g. `daerah`.
    pub agency: String,
    /// Further columns: `max_skb`, `weight_cat` and so on, with their values.
    pub further: Vec<LineValue>,
}

/// A further column of a vacancy line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LineValue {
    /// Column.
    pub column: String,
    /// Value.
    pub value: String,
}

/// A vacancy line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FormationView {
    /// The formation.
    pub id: Id,
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
    /// Vacant slots.
    pub slots: u32,
    /// Where it stands for the rule set.
    pub line: FormationLine,
    /// Candidates.
    pub candidates: u32,
}

/// `POST /api/v1/selections/{id}/halls`: seats are made as a grid; the last `spare` of them are kept free.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct NewHall {
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
    /// Rows, 1 to 60.
    pub rows: u16,
    /// Columns, 1 to 60.
    pub columns: u16,
    /// Seats kept free for moves.
    pub spare: u16,
}

/// A hall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct HallView {
    /// The hall.
    pub id: Id,
    /// Code.
    pub code: String,
    /// Title.
    pub title: String,
    /// Seats.
    pub seats: Vec<RoomSeat>,
}

/// `POST /api/v1/selections/{id}/sittings`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct NewSitting {
    /// Stage.
    pub stage: Id,
    /// Hall.
    pub hall: Id,
    /// Code.
    pub code: String,
    /// Scheduled start.
    pub starts_utc_ms: i64,
    /// Behaviour.
    #[serde(default)]
    pub policy: SittingPolicyBody,
}

/// How a sitting behaves. Durations in seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(default)]
pub struct SittingPolicyBody {
    /// True: the proctor's start starts everybody who is ready. False: afterwards each presses start.
    pub start_together: bool,
    /// Check-in opens so long before the scheduled start.
    pub check_in_opens_before_s: u32,
    /// Check-in closes so long before the scheduled start.
    pub check_in_closes_before_s: u32,
    /// Nobody starts later than this after the proctor's start.
    pub latest_start_after_s: u32,
    /// Everything ends at the latest so long after the proctor's start, pauses of the hall not counted; 0 = no hard close.
    pub hard_close_after_s: u32,
    /// An answer this long after the deadline still counts (network), milliseconds.
    pub grace_ms: u32,
    /// After an outage longer than this the sitting is held until a proctor decides.
    pub outage_automatic_s: u32,
    /// Alert a proctor when a running session saved nothing for so long.
    pub silent_after_s: u32,
    /// A PIN is valid so long.
    pub pin_valid_s: u32,
    /// Seats: random at check-in; otherwise as assigned.
    pub seats_random: bool,
}

impl Default for SittingPolicyBody {
    fn default() -> Self {
        SittingPolicyBody {
            start_together: false,
            check_in_opens_before_s: 90 * 60,
            check_in_closes_before_s: 5 * 60,
            latest_start_after_s: 30 * 60,
            hard_close_after_s: 0,
            grace_ms: 2_000,
            outage_automatic_s: 15 * 60,
            silent_after_s: 5 * 60,
            pin_valid_s: 15 * 60,
            seats_random: true,
        }
    }
}

/// A sitting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SittingView {
    /// The sitting.
    pub id: Id,
    /// Stage.
    pub stage: Id,
    /// Hall.
    pub hall: Id,
    /// Code.
    pub code: String,
    /// Scheduled start.
    pub starts_utc_ms: i64,
    /// Behaviour.
    pub policy: SittingPolicyBody,
    /// Where it stands.
    pub phase: SittingPhase,
    /// Enrolled candidates.
    pub enrolled: u32,
    /// Sessions with a drawn paper.
    pub drawn: u32,
}

/// The answer to `POST /api/v1/selections/{id}/candidates/import?accept=false|true` (CSV or XLSX as multipart field `file`).
/// All or nothing: with problems nothing is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CandidateImportReport {
    /// Rows read.
    pub rows: u32,
    /// New candidates.
    pub new: u32,
    /// Rows that change nothing.
    pub unchanged: u32,
    /// Rows that change an existing candidate.
    pub changed: u32,
    /// Everything that is wrong.
    pub problems: Vec<Problem>,
    /// Stored.
    pub accepted: bool,
    /// The first 20 rows as understood.
    pub preview: Vec<CandidateView>,
}

/// What is wrong in an imported file, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Problem {
    /// File name.
    pub file: String,
    /// Row in a table (the header is row 1), index in an array from 0, or line in a text; 0 = the file as a whole.
    pub row: u32,
    /// Column or field.
    pub field: String,
    /// Stable code, e.g. `key_missing`.
    pub code: String,
    /// In words.
    pub reason: String,
    /// False for a remark that does not stop the item.
    pub stops: bool,
}

/// A candidate as the committee sees one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CandidateView {
    /// The candidate; empty in a preview.
    pub id: Id,
    /// The enrolment; empty in a preview.
    pub enrolment: Id,
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// Formation code.
    pub formation: String,
    /// Category code, e.g. `umum`, `disabilitas`.
    pub category: String,
    /// Accommodation in words.
    pub accommodation: String,
    /// Extra time, seconds.
    pub extra_time_s: u32,
    /// Sitting code, once assigned.
    pub sitting: Option<String>,
    /// Seat label, once assigned.
    pub seat: Option<String>,
    /// Number of attempts.
    pub attempts: u32,
}

/// `GET /api/v1/selections/{id}/candidates?find=&page=`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CandidatePage {
    /// All that match.
    pub total: u32,
    /// At most 100.
    pub candidates: Vec<CandidateView>,
}

/// `POST /api/v1/stages/{id}/assign`: enrol everybody of the selection who has no sitting yet, in participant order or at random, until the halls are full.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct AssignSittings {
    /// Sittings to fill, in order; empty means all planned sittings of the stage.
    #[serde(default)]
    pub sittings: Vec<Id>,
    /// Also assign random seats now (otherwise at check-in).
    #[serde(default)]
    pub seats: bool,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Assigned {
    /// Newly assigned.
    pub assigned: u32,
    /// Without a place.
    pub left_over: u32,
}

/// `POST /api/v1/enrolments/{id}/reschedule`: before the candidate has started.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct Reschedule {
    /// New sitting.
    pub sitting: Id,
    /// Why.
    pub reason: String,
}

/// `POST /api/v1/enrolments/{id}/attempts`: a further attempt in another sitting.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct NewAttempt {
    /// Its sitting.
    pub sitting: Id,
    /// Why.
    pub reason: String,
}

/// The answer to `POST /api/v1/sittings/{id}/draw`: papers for all enrolled sessions. Drawing again before the doors open replaces them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DrawReport {
    /// Papers drawn.
    pub papers: u32,
    /// Items available per cell, by section and cell.
    pub cells: Vec<DrawnCell>,
    /// Pairs of neighbouring seats looked at.
    pub neighbour_pairs: u32,
    /// Positions compared over all pairs.
    pub positions_compared: u32,
    /// Positions where neighbours have the same item.
    pub positions_shared: u32,
    /// Algorithm, `draw/v1`.
    pub algorithm: String,
    /// Seed, hex; secret until the sitting is over, shown then.
    pub seed: Option<String>,
}

/// A cell of the draw report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DrawnCell {
    /// Formation title; none for the common blueprint.
    pub formation: Option<String>,
    /// Section code.
    pub section: String,
    /// The cell in words, e.g. `topic numerik`.
    pub cell: String,
    /// Items in the bank that fit.
    pub available: u32,
    /// Items on each paper.
    pub count: u32,
}
