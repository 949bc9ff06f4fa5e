//! Rows of results: what a stage is decided by and from, revisions, corrections, objections, published lists. Nothing of it is overwritten;
//! a correction and the decision of an objection only move on, from waiting to their end.

use crate::roster::By;
use question_bank::id::{
    CandidateId, CorrectionId, Digest32, ObjectionDecisionId, ObjectionId, PublicationId, RevisionId, SelectionId, StaffId, StageId,
};

/// The rule set of a selection, as chosen at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetChoice {
    /// Of this selection.
    pub selection_id: SelectionId,
    /// Hash of the rule set.
    pub hash: Digest32,
    /// JSON: text of each file by its name, `rules.toml` first.
    pub texts_json: String,
    /// Why.
    pub reason: String,
    /// By whom and when.
    pub by: By,
}

/// The newest choice of a selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetChosen {
    /// The choice.
    pub choice: RuleSetChoice,
    /// Name of who chose.
    pub by_name: String,
    /// How many choices there were.
    pub choices: u32,
}

/// A person of a selection as results need one. Private: birth date and grades.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// The candidate.
    pub id: CandidateId,
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// Code of the formation.
    pub formation_code: String,
    /// Category code.
    pub category: String,
    /// Grade point average, thousandths.
    pub gpa_milli: Option<i64>,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// JSON: further columns of the table of scores by name.
    pub facts_json: String,
}

/// People of a sitting as the proctors counted them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttendanceCount {
    /// In the hall.
    pub present: u32,
    /// Did not come.
    pub absent: u32,
    /// Remark.
    pub note: String,
    /// By whom and when.
    pub by: By,
    /// Name of who entered it.
    pub by_name: String,
}

/// What the committee says to a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DifferenceExplained {
    /// Code of the difference.
    pub code: String,
    /// The numbers it explains; with others it is void.
    pub numbers: String,
    /// In words.
    pub text: String,
    /// By whom and when.
    pub by: By,
    /// Name of who explained.
    pub by_name: String,
}

/// A file of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionFile {
    /// Name, e.g. `scores.csv`.
    pub name: String,
    /// Content.
    pub body: Vec<u8>,
}

/// Results to be adopted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRevision {
    /// The revision.
    pub id: RevisionId,
    /// Of this stage.
    pub stage_id: StageId,
    /// One more than the last one of the stage, from 1; otherwise refused as `revision_number_unique`.
    pub number: u32,
    /// The correction it comes from; none for the first.
    pub correction_id: Option<CorrectionId>,
    /// Why.
    pub reason: String,
    /// People on the lists.
    pub people: u32,
    /// Id of the rule set.
    pub rule_set: String,
    /// Its hash, hex.
    pub rule_set_hash: String,
    /// Over the input files.
    pub input_hash: Digest32,
    /// SHA-256 of `results.csv`.
    pub results_hash: Digest32,
    /// Its files.
    pub files: Vec<RevisionFile>,
    /// By whom and when.
    pub by: By,
    /// The second person; none for the first revision.
    pub second_id: Option<StaffId>,
}

/// Adopted results without their files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The revision.
    pub id: RevisionId,
    /// Of this stage.
    pub stage_id: StageId,
    /// From 1.
    pub number: u32,
    /// The correction it comes from; none for the first.
    pub correction_id: Option<CorrectionId>,
    /// Why.
    pub reason: String,
    /// People on the lists.
    pub people: u32,
    /// Id of the rule set.
    pub rule_set: String,
    /// Its hash, hex.
    pub rule_set_hash: String,
    /// Over the input files.
    pub input_hash: Digest32,
    /// SHA-256 of `results.csv`.
    pub results_hash: Digest32,
    /// By whom and when.
    pub by: By,
    /// Names of who adopted it.
    pub names: Vec<String>,
    /// Names of its files.
    pub files: Vec<String>,
    /// The publication made of it.
    pub publication_id: Option<PublicationId>,
}

/// Where a correction stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorrectionState {
    /// Waits for approvals.
    Open,
    /// Became a revision.
    Adopted,
    /// Was rejected.
    Rejected,
}

impl CorrectionState {
    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            CorrectionState::Open => "open",
            CorrectionState::Adopted => "adopted",
            CorrectionState::Rejected => "rejected",
        }
    }

    /// From the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        [CorrectionState::Open, CorrectionState::Adopted, CorrectionState::Rejected].into_iter().find(|state| state.code() == code)
    }
}

/// A change to be proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCorrection {
    /// The correction.
    pub id: CorrectionId,
    /// Of this stage.
    pub stage_id: StageId,
    /// What changes, as JSON.
    pub change_json: String,
    /// Why.
    pub reason: String,
    /// The objection that it answers.
    pub objection_id: Option<ObjectionId>,
    /// By whom and when.
    pub by: By,
}

/// A proposed or decided change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// As proposed.
    pub proposed: NewCorrection,
    /// Name of who proposed it.
    pub by_name: String,
    /// Where it stands.
    pub state: CorrectionState,
    /// Why it was rejected; empty otherwise.
    pub rejected_because: String,
    /// Number of the revision it became.
    pub revision: Option<u32>,
    /// In order.
    pub approvals: Vec<CorrectionApproval>,
}

/// An approval of one effect of a correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CorrectionApproval {
    /// The correction.
    pub correction_id: CorrectionId,
    /// What was seen and approved.
    pub effect_hash: Digest32,
    /// Of the browser it came from.
    pub browser_hash: Digest32,
    /// By whom and when.
    pub by: By,
    /// Name of who approved; not stored with it.
    pub by_name: String,
}

/// When objections are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectionWindow {
    /// From.
    pub opens_utc_ms: i64,
    /// Until, not included.
    pub closes_utc_ms: i64,
}

/// A file in support of an objection. Private.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Content.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attachment({} bytes)", self.bytes.len())
    }
}

/// An objection to be received. Private.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewObjection {
    /// The objection.
    pub id: ObjectionId,
    /// About this stage.
    pub stage_id: StageId,
    /// By and about this candidate.
    pub candidate_id: CandidateId,
    /// As written.
    pub text: String,
    /// A file in support.
    pub attachment: Option<Attachment>,
    /// When.
    pub at_utc_ms: i64,
}

/// An objection with its newest decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Objection {
    /// The objection.
    pub id: ObjectionId,
    /// About this stage.
    pub stage_id: StageId,
    /// By and about this candidate.
    pub candidate_id: CandidateId,
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// Code of the formation.
    pub formation_code: String,
    /// As written.
    pub text: String,
    /// Name, media type and size of the attached file.
    pub attachment: Option<(String, String, u32)>,
    /// When.
    pub at_utc_ms: i64,
    /// The decision that waits or was made; a returned one is none.
    pub decision: Option<ObjectionDecision>,
}

/// A decision to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewObjectionDecision {
    /// About this objection.
    pub objection_id: ObjectionId,
    /// Granted or refused.
    pub granted: bool,
    /// The answer to the candidate.
    pub answer: String,
    /// The correction that puts it right.
    pub correction_id: Option<CorrectionId>,
    /// Of the browser it came from.
    pub browser_hash: Digest32,
    /// By whom and when.
    pub by: By,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectionDecision {
    /// The decision: it is this one, as read, that a second person confirms.
    pub id: ObjectionDecisionId,
    /// As made.
    pub made: NewObjectionDecision,
    /// Name of who made it.
    pub by_name: String,
    /// Who confirmed it and when.
    pub confirmed: Option<(String, i64)>,
}

/// A list to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPublication {
    /// The publication.
    pub id: PublicationId,
    /// Of this selection.
    pub selection_id: SelectionId,
    /// Of this stage.
    pub stage_id: StageId,
    /// The revision that is published.
    pub revision_id: RevisionId,
    /// Its number, above every published one of the stage; otherwise the insert is refused as `publication_revision_unique`.
    pub revision: u32,
    /// Filing number of the announcement.
    pub number: String,
    /// Heading.
    pub title: String,
    /// Why, from the second revision on.
    pub reason: String,
    /// People on the lists.
    pub people: u32,
    /// Over what the lists were computed from.
    pub input_hash: Digest32,
    /// The JSON file, byte for byte.
    pub body: Vec<u8>,
    /// SHA-256 of `body`.
    pub sha256: Digest32,
    /// By whom and when.
    pub by: By,
}

/// A published list without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The publication.
    pub id: PublicationId,
    /// Of this selection.
    pub selection_id: SelectionId,
    /// Of this stage.
    pub stage_id: StageId,
    /// Title of the selection.
    pub selection_title: String,
    /// Title of the stage.
    pub stage_title: String,
    /// From 1.
    pub revision: u32,
    /// Filing number of the announcement.
    pub number: String,
    /// Heading.
    pub title: String,
    /// Why, from the second revision on.
    pub reason: String,
    /// People on the lists.
    pub people: u32,
    /// Over what the lists were computed from.
    pub input_hash: Digest32,
    /// SHA-256 of the JSON file.
    pub sha256: Digest32,
    /// By whom and when.
    pub by: By,
}
