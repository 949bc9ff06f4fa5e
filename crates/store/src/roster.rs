//! Rows of the roster: selections and what is set up in them, candidates and their places, PINs and terminals.

use question_bank::id::{
    AttemptId, CandidateId, Digest32, EnrolmentId, FormationId, HallId, SeatId, SelectionId, SessionId, SittingId, StaffId, StageId,
};
use std::fmt;

/// A recruitment round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The selection.
    pub id: SelectionId,
    /// Unique in the installation.
    pub code: String,
    /// Title.
    pub title: String,
    /// Organising agency.
    pub organiser: String,
    /// Public behaviour, as JSON.
    pub policy_json: String,
    /// When it was made.
    pub created_utc_ms: i64,
}

/// A selection with what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectionCounted {
    /// The selection.
    pub selection: Selection,
    /// Candidates.
    pub candidates: u32,
    /// Sittings.
    pub sittings: u32,
}

/// A stage of a selection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    /// The stage.
    pub id: StageId,
    /// Of this selection.
    pub selection_id: SelectionId,
    /// Unique in the selection.
    pub code: String,
    /// Title.
    pub title: String,
    /// Place among the stages, from 0.
    pub ordinal: u32,
}

/// A stage to be added after the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStage {
    /// The stage.
    pub id: StageId,
    /// Of this selection.
    pub selection_id: SelectionId,
    /// Unique in the selection.
    pub code: String,
    /// Title.
    pub title: String,
}

/// A vacancy line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formation {
    /// The formation.
    pub id: FormationId,
    /// Of this selection.
    pub selection_id: SelectionId,
    /// Unique in the selection.
    pub code: String,
    /// Title.
    pub title: String,
    /// Vacant slots.
    pub slots: u32,
    /// Where it stands for the rule set, as JSON.
    pub line_json: String,
}

/// A formation with what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormationCounted {
    /// The formation.
    pub formation: Formation,
    /// Candidates.
    pub candidates: u32,
}

/// A hall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hall {
    /// The hall.
    pub id: HallId,
    /// Of this selection.
    pub selection_id: SelectionId,
    /// Unique in the selection.
    pub code: String,
    /// Title.
    pub title: String,
}

/// A seat of a hall.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// The seat.
    pub id: SeatId,
    /// Of this hall.
    pub hall_id: HallId,
    /// Label on the desk, unique in the hall.
    pub label: String,
    /// Row, from 0 at the front.
    pub row: u16,
    /// Column, from 0 at the left.
    pub column: u16,
    /// Kept free for moves.
    pub spare: bool,
}

/// One hall in one time slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sitting {
    /// The sitting.
    pub id: SittingId,
    /// Of this stage.
    pub stage_id: StageId,
    /// In this hall.
    pub hall_id: HallId,
    /// Unique in the stage.
    pub code: String,
    /// Scheduled start.
    pub starts_utc_ms: i64,
    /// Behaviour, as JSON.
    pub policy_json: String,
}

/// A sitting with what it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SittingCounted {
    /// The sitting.
    pub sitting: Sitting,
    /// Sessions.
    pub enrolled: u32,
    /// Sessions with a drawn paper.
    pub drawn: u32,
}

/// A sitting with all that its owner must know of what is around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SittingToRun {
    /// The sitting.
    pub sitting: SittingId,
    /// Its stage.
    pub stage_id: StageId,
    /// Its selection.
    pub selection_id: SelectionId,
    /// Its hall.
    pub hall_id: HallId,
    /// Its code.
    pub code: String,
    /// Scheduled start.
    pub starts_utc_ms: i64,
    /// Behaviour, as JSON.
    pub policy_json: String,
    /// Title of the selection.
    pub selection_title: String,
    /// Title of the stage.
    pub stage_title: String,
    /// Title of the hall.
    pub hall_title: String,
    /// Public behaviour of the selection, as JSON.
    pub selection_policy_json: String,
}

/// Free and taken places of a sitting, for assigning candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SittingPlaces {
    /// The sitting.
    pub sitting: SittingId,
    /// Its hall.
    pub hall_id: HallId,
    /// Scheduled start.
    pub starts_utc_ms: i64,
    /// Seats that are not kept free.
    pub seats: u32,
    /// Seats kept free for moves.
    pub spare: u32,
    /// Sessions.
    pub taken: u32,
}

/// A national id number. Prints nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Nik(pub String);

impl fmt::Debug for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nik(private)")
    }
}

/// A candidate as imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateRow {
    /// A fresh random id, used if the participant number is new in the selection. Never derived from it: the id is a pseudonym.
    pub id: CandidateId,
    /// Participant number as written; compared by [`participant_key`].
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// `YYYY-MM-DD`.
    pub birth_date: Option<String>,
    /// Grade point average, thousandths.
    pub gpa_milli: Option<i64>,
    /// National id number; none leaves a stored one as it is.
    pub nik: Option<Nik>,
    /// The formation applied for, of the same selection.
    pub formation_id: FormationId,
    /// Category code.
    pub category: String,
    /// Accommodation in words; empty without one.
    pub accommodation: String,
    /// Extra time, seconds.
    pub extra_time_s: u32,
    /// Further columns of the table of scores by name, as JSON; `{}` without any.
    pub facts_json: String,
}

/// How participant numbers are compared: upper case, without white space.
pub fn participant_key(participant_no: &str) -> String {
    participant_no.split_whitespace().collect::<String>().to_uppercase()
}

/// What an import of candidates does or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CandidateCounts {
    /// New participant numbers.
    pub new: u32,
    /// Known ones with something different.
    pub changed: u32,
    /// Known ones, everything the same.
    pub unchanged: u32,
    /// Participant numbers whose formation would change although a paper was drawn for the old one. An import with such rows is refused
    /// as `candidate_formation_drawn`.
    pub drawn: Vec<String>,
}

/// A candidate with the place in the last stage they are enrolled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateLine {
    /// The candidate.
    pub id: CandidateId,
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// The formation.
    pub formation_id: FormationId,
    /// Its code.
    pub formation_code: String,
    /// Category code: of the enrolment, where there is one.
    pub category: String,
    /// Accommodation in words: of the enrolment, where there is one.
    pub accommodation: String,
    /// Extra time, seconds: of the enrolment, where there is one.
    pub extra_time_s: u32,
    /// The enrolment.
    pub enrolment_id: Option<EnrolmentId>,
    /// Attempts of that enrolment.
    pub attempts: u32,
    /// Session of the last attempt.
    pub session: Option<SessionId>,
    /// Its sitting.
    pub sitting_id: Option<SittingId>,
    /// Code of the sitting.
    pub sitting_code: Option<String>,
    /// Label of the assigned seat.
    pub seat_label: Option<String>,
}

/// A page of candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidatePage {
    /// All that match.
    pub total: u32,
    /// This page, by participant number.
    pub lines: Vec<CandidateLine>,
}

/// A candidate who has no session in a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unassigned {
    /// The candidate.
    pub candidate_id: CandidateId,
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// The formation.
    pub formation_id: FormationId,
    /// Category code.
    pub category: String,
}

/// A candidate to be enrolled in a stage and given a sitting. All ids are fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Whom.
    pub candidate_id: CandidateId,
    /// The enrolment; category, accommodation and extra time are the candidate's.
    pub enrolment_id: EnrolmentId,
    /// The first attempt.
    pub attempt_id: AttemptId,
    /// Its session.
    pub session: SessionId,
    /// Where.
    pub sitting: SittingId,
    /// Which seat, if that is decided now.
    pub seat_id: Option<SeatId>,
}

/// Who did something, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// The staff member.
    pub staff_id: StaffId,
    /// When.
    pub at_utc_ms: i64,
}

/// A session of a sitting with its candidate, enrolment and paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolledSession {
    /// The session.
    pub session: SessionId,
    /// Number of the attempt, from 1.
    pub attempt_number: u32,
    /// The candidate.
    pub candidate_id: CandidateId,
    /// The enrolment.
    pub enrolment_id: EnrolmentId,
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// The formation.
    pub formation_id: FormationId,
    /// Its code.
    pub formation_code: String,
    /// Its title.
    pub formation_title: String,
    /// Category code.
    pub category: String,
    /// Accommodation in words.
    pub accommodation: String,
    /// Extra time, seconds.
    pub extra_time_s: u32,
    /// `YYYY-MM-DD`; for the desk only.
    pub birth_date: Option<String>,
    /// The assigned seat.
    pub seat_id: Option<SeatId>,
    /// The drawn paper in its stored form.
    pub paper: Option<Vec<u8>>,
}

/// An attempt and where it takes place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptLine {
    /// The attempt.
    pub attempt_id: AttemptId,
    /// From 1.
    pub number: u32,
    /// Why there is a further one; empty for the first.
    pub reason: String,
    /// When it was made.
    pub created_utc_ms: i64,
    /// Its session.
    pub session: SessionId,
    /// Its sitting.
    pub sitting: SittingId,
    /// Code of the sitting.
    pub sitting_code: String,
    /// Scheduled start of the sitting.
    pub starts_utc_ms: i64,
}

/// A further attempt. Ids are fresh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAttempt {
    /// Of this enrolment.
    pub enrolment_id: EnrolmentId,
    /// The attempt.
    pub attempt_id: AttemptId,
    /// Its session.
    pub session: SessionId,
    /// Its sitting, of the same stage.
    pub sitting: SittingId,
    /// Why.
    pub reason: String,
}

/// What happened to a session that was given another sitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rescheduled {
    /// The session; its paper, seat, PIN and terminal are gone.
    pub session: SessionId,
    /// Where it was.
    pub from: SittingId,
    /// Where it is now.
    pub to: SittingId,
}

/// Why a session is in its sitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// First assigned.
    Assigned,
    /// Moved to another sitting before its start.
    Rescheduled,
    /// A further attempt.
    Attempt,
}

impl ChangeKind {
    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            ChangeKind::Assigned => "assigned",
            ChangeKind::Rescheduled => "rescheduled",
            ChangeKind::Attempt => "attempt",
        }
    }

    /// From the stored form.
    pub fn from_code(code: &str) -> Option<Self> {
        [ChangeKind::Assigned, ChangeKind::Rescheduled, ChangeKind::Attempt].into_iter().find(|kind| kind.code() == code)
    }
}

/// One entry of an enrolment's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnrolmentChange {
    /// By whom and when.
    pub by: By,
    /// What kind.
    pub kind: ChangeKind,
    /// From where, for a rescheduled one.
    pub from_sitting: Option<SittingId>,
    /// Where to.
    pub to_sitting: SittingId,
    /// Why.
    pub reason: String,
}

/// A PIN as stored: only its MAC. Prints no MAC.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin {
    /// For this session; an older PIN of it dies.
    pub session: SessionId,
    /// MAC of the PIN under the server's secret.
    pub mac: [u8; 32],
    /// Valid until.
    pub expires_utc_ms: i64,
    /// Wrong guesses it still survives.
    pub attempts_left: u32,
    /// The seat it was issued for.
    pub seat_id: Option<SeatId>,
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pin(session {}, expires {}, {} attempts left)", self.session, self.expires_utc_ms, self.attempts_left)
    }
}

/// A PIN found by participant number, and where its session is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinFound {
    /// The PIN.
    pub pin: Pin,
    /// The sitting of its session.
    pub sitting: SittingId,
}

/// A terminal that is to speak for a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewTerminal {
    /// SHA-256 of its token.
    pub token_hash: Digest32,
    /// For this session.
    pub session: SessionId,
    /// Grows with every sign-in and move.
    pub epoch: u32,
    /// When.
    pub created_utc_ms: i64,
}

/// A terminal found by its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// It signed in for this session.
    pub session: SessionId,
    /// The session's sitting.
    pub sitting: SittingId,
    /// As at its sign-in.
    pub epoch: u32,
}
