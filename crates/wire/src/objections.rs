//! Objections (*sanggah*): a candidate's, one for each stage, about oneself; decided by two.

use crate::Id;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// When objections are taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ObjectionWindow {
    /// From.
    pub opens_utc_ms: i64,
    /// Until, not included.
    pub closes_utc_ms: i64,
}

/// `POST /api/v1/objections/sign-in`: what a candidate knows of oneself; counted, and slowed down after a few wrong tries.
#[derive(Clone, Serialize, Deserialize, TS, ToSchema)]
pub struct CandidateSignIn {
    /// Participant number.
    pub participant_no: String,
    /// National id number (NIK), 16 digits.
    pub nik: String,
    /// `YYYY-MM-DD`.
    pub birth_date: String,
}

impl std::fmt::Debug for CandidateSignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CandidateSignIn(private)")
    }
}

/// `GET /api/v1/objections/mine`, and the answer to signing in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MyObjections {
    /// Name.
    pub name: String,
    /// Participant number.
    pub participant_no: String,
    /// Title of the selection.
    pub selection: String,
    /// Stages with a published list, newest first.
    pub stages: Vec<MyStage>,
}

/// A stage as the candidate may object to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MyStage {
    /// The stage.
    pub stage: Id,
    /// Title.
    pub title: String,
    /// The newest publication.
    pub publication: Id,
    /// Address of one's own line.
    pub line: String,
    /// Address of the certificate of scores.
    pub certificate: String,
    /// When objections are taken; none until the committee has said so.
    pub window: Option<ObjectionWindow>,
    /// The window is open now.
    pub open: bool,
    /// One's objection.
    pub objection: Option<MyObjection>,
}

/// One's own objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct MyObjection {
    /// The objection.
    pub id: Id,
    /// As written.
    pub text: String,
    /// Name of the attached file.
    pub attachment: Option<String>,
    /// When it was received.
    pub at_utc_ms: i64,
    /// `received`, `granted` or `refused`; a decision is shown once two have made it.
    pub state: String,
    /// The committee's answer; empty before.
    pub answer: String,
    /// When it was answered.
    pub answered_utc_ms: Option<i64>,
}

/// `POST /api/v1/stages/{id}/objections`, by a candidate who is signed in.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct NewObjection {
    /// 20 to 4,000 characters.
    pub text: String,
    /// A file in support.
    #[serde(default)]
    pub attachment: Option<NewAttachment>,
}

/// A file: PDF, JPEG or PNG, at most 2 MiB.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct NewAttachment {
    /// Name.
    pub name: String,
    /// Content in base64.
    pub base64: String,
}

/// `PUT /api/v1/stages/{id}/objection-window`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct PutObjectionWindow {
    /// From and until.
    pub window: ObjectionWindow,
}

/// `GET /api/v1/stages/{id}/objections`: the committee's desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ObjectionDesk {
    /// When objections are taken.
    pub window: Option<ObjectionWindow>,
    /// Those that wait first, oldest first.
    pub objections: Vec<ObjectionView>,
}

/// An objection as the committee sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ObjectionView {
    /// The objection.
    pub id: Id,
    /// Who.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// Formation code.
    pub formation: String,
    /// As written.
    pub text: String,
    /// The attached file, at `/api/v1/objections/{id}/attachment`.
    pub attachment: Option<AttachmentView>,
    /// When it was received.
    pub at_utc_ms: i64,
    /// Where it stands.
    pub state: ObjectionState,
    /// The decision that was proposed or made.
    pub decision: Option<ObjectionDecision>,
    /// Why the person who asks cannot confirm the decision: `not_committee`, `same_person`, `same_browser`, `correction_open`; none when they can.
    pub hindrance: Option<String>,
}

/// A file that was attached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct AttachmentView {
    /// Name.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Size.
    pub bytes: u32,
}

/// Where an objection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectionState {
    /// Nobody has decided.
    Received,
    /// One has decided; a second must confirm.
    Decided,
    /// Two have decided; the candidate sees the answer.
    Answered,
}

/// A decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ObjectionDecision {
    /// The decision; a second person names the one that was read.
    pub id: Id,
    /// Granted or refused.
    pub granted: bool,
    /// The answer to the candidate.
    pub answer: String,
    /// The correction that puts it right.
    pub correction: Option<Id>,
    /// Who decided.
    pub by: String,
    /// When.
    pub at_utc_ms: i64,
    /// Who confirmed.
    pub confirmed_by: Option<String>,
    /// When.
    pub confirmed_utc_ms: Option<i64>,
}

/// `POST /api/v1/objections/{id}/decision`. Then another confirms it ([`ConfirmDecision`]) or returns it ([`ReturnDecision`]).
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct DecideObjection {
    /// Granted or refused.
    pub granted: bool,
    /// The answer to the candidate, 10 to 4,000 characters.
    pub answer: String,
    /// The correction that puts it right; a granted objection whose effect changes no list has none.
    #[serde(default)]
    pub correction: Option<Id>,
}

/// `POST /api/v1/objections/{id}/confirm`: by a second person, about the decision that was read.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct ConfirmDecision {
    /// The decision.
    pub decision_id: Id,
}

/// `POST /api/v1/objections/{id}/return`: takes the decision that was read back.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct ReturnDecision {
    /// The decision.
    pub decision_id: Id,
    /// Why.
    pub reason: String,
}
