//! Results of a stage: computed by the selection's rule set, adopted as revisions, corrected by proposals of two, published.
//!
//! Scores and values are decimals as text with a point (`"85.5"`), exact as computed or rounded as the rule set displays them.

use crate::Id;
use crate::rule_sets::TwoLanguages;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// The answer to `POST /api/v1/stages/{id}/computation`: computed now from journals, keys, corrections and rule set. Changes nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Computation {
    /// Everything that was computed.
    pub results: Results,
    /// The stage's newest revision; none before the first.
    pub current: Option<RevisionView>,
    /// Computed again, the newest revision would be the same, byte for byte.
    pub unchanged: bool,
    /// What stands in the way of adopting the first revision; empty when nothing does.
    pub obstacles: Vec<String>,
    /// What does not stand in the way and should be known (late answers that wait, ties the committee decides).
    pub remarks: Vec<String>,
}

/// Results as computed or as stored in a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Results {
    /// Id and title of the rule set.
    pub rule_set: String,
    /// SHA-256 of the rule set, hex.
    pub rule_set_hash: String,
    /// What ties are decided on: `exact` or `published` values.
    pub ties_on: String,
    /// SHA-256 over the input files, hex.
    pub input_hash: String,
    /// SHA-256 of `results.csv`, hex.
    pub results_hash: String,
    /// Counts, stage by stage, then the end.
    pub counts: Vec<PlaceCounts>,
    /// One list per formation, by code.
    pub lists: Vec<ResultList>,
    /// Titles of the columns of values on the scale to 100, in order; empty when there are none.
    pub values: Vec<String>,
    /// Vacancy moves, in the order in which they were made.
    pub moves: Vec<MoveView>,
    /// What the second scorer says.
    pub second_scorer: SecondScorer,
}

/// How many people stand how, at a stage or at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PlaceCounts {
    /// Id of the stage, or `final`.
    pub place: String,
    /// Title.
    pub title: String,
    /// People who came so far.
    pub entered: u32,
    /// People whose standing was decided here, by status, in the order of lists.
    pub decided: Vec<StatusCount>,
    /// People who went on.
    pub went_on: u32,
}

/// People with a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StatusCount {
    /// Status word.
    pub status: String,
    /// The word in both languages.
    pub title: TwoLanguages,
    /// Code of the rule set; empty when it has none here.
    pub code: String,
    /// People.
    pub people: u32,
}

/// One formation's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ResultList {
    /// Formation code.
    pub formation: String,
    /// Formation title.
    pub title: String,
    /// Category.
    pub category: String,
    /// Job, as an id.
    pub job: String,
    /// Vacant slots.
    pub slots: u32,
    /// Slots that nobody has; only after the end.
    pub vacant: Option<u32>,
    /// Sections of the last stage computed, in column order.
    pub sections: Vec<ListSection>,
    /// Least total for this line's own category and job.
    pub total_threshold: Option<String>,
    /// The last rank that goes on or has a slot; none when nobody does.
    pub cut_after: Option<u32>,
    /// In the order of `results.csv`.
    pub rows: Vec<ResultRow>,
}

/// A column of marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ListSection {
    /// Section id.
    pub code: String,
    /// Title.
    pub title: String,
    /// Highest score.
    pub max: String,
    /// Least score for this line's own category and job.
    pub threshold: Option<String>,
}

/// One candidate on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ResultRow {
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// Category applied for.
    pub category: String,
    /// Rank, from 1; equals share one; none for who was not ranked.
    pub rank: Option<u32>,
    /// Marks per section of the list; empty without marks.
    pub marks: Vec<String>,
    /// The number that was ranked.
    pub total: Option<String>,
    /// Values on the scale to 100, one per title of [`Results::values`]; empty strings where there are none.
    pub values: Vec<String>,
    /// Status word (docs/rules.md).
    pub status: String,
    /// Code of the rule set.
    pub code: String,
    /// Where it was decided: id of a stage, or `final`.
    pub place: String,
    /// Group of a fallback; empty without one.
    pub group: String,
    /// The formation of a slot that came by a move; empty without one.
    pub to_formation: String,
    /// `committee_decides`, or empty.
    pub note: String,
}

/// A vacancy move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MoveView {
    /// Id of the step.
    pub step: String,
    /// Who.
    pub participant_no: String,
    /// From this formation.
    pub from: String,
    /// To this one.
    pub to: String,
}

/// What the independent second scorer found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SecondScorer {
    /// Every total, status and rank is the same.
    pub agrees: bool,
    /// People compared.
    pub people: u32,
    /// At most 200.
    pub differences: Vec<ScorerDifference>,
}

/// Where the two scorers differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ScorerDifference {
    /// Who; empty when it is about no single person.
    pub participant_no: String,
    /// Which column.
    pub column: String,
    /// What the first scorer says.
    pub first: String,
    /// What the second says.
    pub second: String,
}

/// `GET /api/v1/stages/{id}/explanations/{participant_no}`: why somebody stands where they stand in the newest revision, or as computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Explanation {
    /// Paragraphs.
    pub text: TwoLanguages,
}

/// A revision. Never changed; its files are `GET /api/v1/revisions/{id}/{file}`, for committee and auditors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RevisionView {
    /// The revision.
    pub id: Id,
    /// From 1.
    pub number: u32,
    /// When.
    pub at_utc_ms: i64,
    /// Why.
    pub reason: String,
    /// The correction it came from; none for the first.
    pub correction: Option<Id>,
    /// Who adopted it: one person the first, two every other.
    pub by: Vec<String>,
    /// Id of the rule set.
    pub rule_set: String,
    /// SHA-256 of the rule set, hex.
    pub rule_set_hash: String,
    /// SHA-256 over the input files, hex.
    pub input_hash: String,
    /// SHA-256 of `results.csv`, hex.
    pub results_hash: String,
    /// People.
    pub people: u32,
    /// Names of its files: `rules.toml`, sets that it takes stages from, `formations.csv`, `scores.csv`, `results.csv`, `sources.json`.
    pub files: Vec<String>,
    /// The publication made of it, if there is one.
    pub publication: Option<Id>,
}

/// `GET /api/v1/revisions/{id}`: a revision with its lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RevisionDetail {
    /// The revision.
    pub revision: RevisionView,
    /// What it says.
    pub results: Results,
}

/// `POST /api/v1/stages/{id}/revisions`: adopts what was computed as revision 1; refused when the inputs changed since.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct AdoptFirst {
    /// Of the computation that was looked at.
    pub input_hash: String,
    /// A remark for the record; may be empty.
    #[serde(default)]
    pub reason: String,
}

// Reconciliation.

/// `GET /api/v1/stages/{id}/reconciliation`: what the journals say beside what the proctors entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Reconciliation {
    /// By start and code.
    pub sittings: Vec<SittingReconciled>,
    /// All sittings together.
    pub total: SittingCounts,
    /// Differences without an explanation; publication waits for them.
    pub unexplained: u32,
}

/// One sitting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SittingReconciled {
    /// The sitting.
    pub sitting: Id,
    /// Code.
    pub code: String,
    /// Title of the hall.
    pub hall: String,
    /// Scheduled start.
    pub starts_utc_ms: i64,
    /// Doors are closed.
    pub closed: bool,
    /// As the journal has it.
    pub counts: SittingCounts,
    /// Highest and lowest marks by section.
    pub sections: Vec<SectionRange>,
    /// As the proctors counted; none until somebody entered it.
    pub entry: Option<AttendanceCount>,
    /// What does not fit together.
    pub differences: Vec<CountDifference>,
}

/// Counts of a sitting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SittingCounts {
    /// Enrolled.
    pub enrolled: u32,
    /// Checked in.
    pub present: u32,
    /// Not checked in, or refused at the door.
    pub absent: u32,
    /// Checked in and never began.
    pub not_started: u32,
    /// Ended by the candidate.
    pub submitted: u32,
    /// Ended by the clock.
    pub expired: u32,
    /// Ended by a proctor.
    pub terminated: u32,
}

/// Highest and lowest marks of a section in a sitting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SectionRange {
    /// Section code.
    pub code: String,
    /// Highest.
    pub highest: String,
    /// Lowest.
    pub lowest: String,
}

/// The count that the proctors took by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AttendanceCount {
    /// People in the hall.
    pub present: u32,
    /// People who did not come.
    pub absent: u32,
    /// Remark.
    pub note: String,
    /// Who entered it.
    pub by: String,
    /// When.
    pub at_utc_ms: i64,
}

/// `PUT /api/v1/sittings/{id}/attendance-count`: by a proctor of the hall or the committee; the newest entry counts, all are kept.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct PutAttendanceCount {
    /// People in the hall.
    pub present: u32,
    /// People who did not come.
    pub absent: u32,
    /// Remark.
    #[serde(default)]
    pub note: String,
}

/// Something that does not fit together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CountDifference {
    /// Stable code: `no_entry`, `present_differs`, `absent_differs`, `counts_differ`, `not_started`.
    pub code: String,
    /// The numbers that differ, `6/5`; an explanation is for exactly these.
    pub numbers: String,
    /// In words.
    pub sentence: String,
    /// What the committee says to it; void when the numbers move.
    pub explanation: Option<DifferenceExplained>,
}

/// An explanation of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct DifferenceExplained {
    /// In words.
    pub text: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at_utc_ms: i64,
}

/// `POST /api/v1/sittings/{id}/explained-differences`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct ExplainDifference {
    /// Code of the difference.
    pub code: String,
    /// The numbers that were seen; the difference must still be this one.
    pub numbers: String,
    /// In words.
    pub text: String,
}

// Corrections.

/// What a correction changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// The key was wrong, or several choices are right: each of these earns the item's full marks, every other nothing.
    Key {
        /// Item code.
        item: String,
        /// Canonical choice ids, from 0, as the bank shows them.
        right: Vec<u8>,
    },
    /// The item is void.
    Void {
        /// Item code.
        item: String,
        /// What becomes of its marks.
        policy: VoidPolicy,
    },
    /// Somebody is out, or was absent, or is in again.
    Status {
        /// Who.
        participant_no: String,
        /// `absent`, `disqualified`, `withdrawn`, `ineligible`; `open` takes an earlier one back.
        status: String,
        /// From this stage on (its id in the rule set), or `final`.
        from: String,
    },
    /// A fact about somebody was wrong or missing.
    Facts {
        /// Who.
        participant_no: String,
        /// Column of the table of scores (`gpa`, `birth_date`, `category`, `adjustments`, `prior_year`, `prior_twk` ...) and its new value.
        values: Vec<FactValue>,
    },
    /// The committee decides between people who are tied to the end.
    Decision {
        /// Formation code.
        formation: String,
        /// Participant numbers, first first.
        order: Vec<String>,
    },
    /// The committee decides between people of several formations who are tied to the end for a slot in a vacancy move.
    MoveDecision {
        /// Participant numbers, first first.
        order: Vec<String>,
    },
    /// Nothing but what changed since: late answers admitted, formations or rule set changed, an earlier stage corrected.
    Recompute,
}

/// What becomes of the marks of a void item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoidPolicy {
    /// Everybody who had it gets its full marks.
    FullMarks,
    /// Nobody gets marks for it, and the maximum of the form falls; only where everybody of a formation had it.
    Removed,
}

/// A column and its new value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FactValue {
    /// Column.
    pub column: String,
    /// Value; empty takes it away.
    pub value: String,
}

/// `POST /api/v1/stages/{id}/corrections`: proposes one, from the first revision on.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct NewCorrection {
    /// What changes.
    pub change: Change,
    /// Why.
    pub reason: String,
    /// The objection that it answers.
    #[serde(default)]
    pub objection: Option<Id>,
}

/// A proposed or decided correction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct CorrectionView {
    /// The correction.
    pub id: Id,
    /// What changes.
    pub change: Change,
    /// The change in words.
    pub sentence: String,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub by: String,
    /// When.
    pub at_utc_ms: i64,
    /// Where it stands.
    pub state: CorrectionState,
    /// Approvals so far; two make a revision. They count for the effect that was seen, and are void when it changes.
    pub approvals: Vec<Approval>,
    /// Why the person who asks cannot approve it: `decided`, `not_committee`, `same_person`, `same_browser`; none when they can.
    pub hindrance: Option<String>,
    /// The revision it became.
    pub revision: Option<u32>,
    /// The objection that it answers.
    pub objection: Option<Id>,
    /// Why it was rejected.
    pub rejected_because: String,
}

/// Where a correction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CorrectionState {
    /// Waits for approvals.
    Open,
    /// Became a revision.
    Adopted,
    /// Was rejected or taken back.
    Rejected,
}

/// One approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Approval {
    /// By whom.
    pub by: String,
    /// When.
    pub at_utc_ms: i64,
}

/// `GET /api/v1/corrections/{id}/effect` (and `effect.csv`): computed in full beside the newest revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Effect {
    /// The correction.
    pub correction: CorrectionView,
    /// Number of the revision it is compared with.
    pub before: u32,
    /// Names this effect: an approval is for exactly it.
    pub effect_hash: String,
    /// People on the lists.
    pub people: u32,
    /// People with any change.
    pub changed: u32,
    /// People whose total rose.
    pub rose: u32,
    /// People whose total fell.
    pub fell: u32,
    /// People who come into the cut or get a slot.
    pub enter: u32,
    /// People who leave the cut or lose a slot.
    pub leave: u32,
    /// Everybody with a change, by formation and new rank.
    pub rows: Vec<EffectRow>,
    /// What stands in the way of approving it.
    pub obstacles: Vec<String>,
    /// What the second scorer says of the results with the correction.
    pub second_scorer: SecondScorer,
}

/// What a correction does to one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct EffectRow {
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// Formation code.
    pub formation: String,
    /// Standing before; none for somebody new.
    pub before: Option<StandingView>,
    /// Standing after; none for somebody who is gone.
    pub after: Option<StandingView>,
    /// Difference of the totals, with its sign, `0` when they are equal; empty without both, and where they are totals of different stages.
    pub total_difference: String,
    /// Comes into the cut or gets a slot.
    pub enters: bool,
    /// Leaves the cut or loses a slot.
    pub leaves: bool,
}

/// Where somebody stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct StandingView {
    /// Total.
    pub total: Option<String>,
    /// Rank.
    pub rank: Option<u32>,
    /// Status word.
    pub status: String,
    /// Code.
    pub code: String,
    /// Formation of a slot by a move; empty without one.
    pub to_formation: String,
}

/// `POST /api/v1/corrections/{id}/approve`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct Approve {
    /// Of the effect that was looked at.
    pub effect_hash: String,
}

/// `POST /api/v1/corrections/{id}/reject`: by anybody of the committee.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct Reject {
    /// Why.
    pub reason: String,
}

// Publication.

/// `POST /api/v1/stages/{id}/publication-previews`: shows what publishing the newest revision would be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Publish {
    /// Number of the revision that was looked at; it must be the newest.
    pub revision: u32,
    /// Lines of the letterhead, 1 to 6.
    pub letterhead: Vec<String>,
    /// Heading of the announcement (after *tentang*).
    pub title: String,
    /// Number of the announcement, as the agency files it.
    #[serde(default)]
    pub number: String,
    /// Decrees the announcement rests on.
    #[serde(default)]
    pub decrees: Vec<String>,
    /// Where it is signed; may be empty.
    #[serde(default)]
    pub place: String,
    /// Position of who signs; may be empty.
    #[serde(default)]
    pub signatory_position: String,
    /// Name of who signs; may be empty.
    #[serde(default)]
    pub signatory_name: String,
}

/// `POST /api/v1/stages/{id}/publications`: publishes what a preview showed; refused when something changed since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PublishPreview {
    /// The preview.
    pub preview: Id,
}

/// The answer to a preview: pages and files below `/api/v1/publication-previews/{id}/` for ten minutes, for the committee only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PreviewMade {
    /// The preview.
    pub id: Id,
    /// The page, for a frame.
    pub page: String,
    /// Files by name and address.
    pub files: Vec<FileLink>,
}

/// A file and its address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct FileLink {
    /// Name, e.g. `daftar.pdf`.
    pub name: String,
    /// Address.
    pub href: String,
}

/// `GET /api/v1/stages/{id}/publication-draft`: what to begin with, from the stage's last announcement and the rule set's sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PublicationDraft {
    /// The fields; `revision` is the newest one, 0 before the first.
    pub publish: Publish,
    /// What stands in the way of publishing; empty when nothing does.
    pub obstacles: Vec<String>,
}

/// `GET /api/v1/publications`: public, newest first. The page is `/hasil/{id}`; files are `/hasil/{id}/daftar.csv`, `.xlsx`, `.pdf`, `.json` and
/// `/hasil/{id}/semua.zip`; one person's line is `/hasil/{id}/peserta/{participant_no}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct PublicationView {
    /// The publication.
    pub id: Id,
    /// Selection title.
    pub selection: String,
    /// Stage title.
    pub stage: String,
    /// Heading.
    pub title: String,
    /// Filing number.
    pub number: String,
    /// Revision, from 1.
    pub revision: u32,
    /// Why, from the second on.
    pub reason: String,
    /// When.
    pub published_utc_ms: i64,
    /// People on the lists.
    pub people: u32,
    /// SHA-256 of the JSON file, hex.
    pub sha256: String,
}
