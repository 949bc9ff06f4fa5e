//! The proctor's console: `GET /api/v1/sittings/{id}/watch` (websocket, seat map) and `POST /api/v1/sittings/{id}/commands`.

use crate::Id;
use crate::terminal::Phase;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `GET /api/v1/proctor/sittings`: sittings the signed-in person may watch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SittingSummary {
    /// The sitting.
    pub id: Id,
    /// Code.
    pub code: String,
    /// Title of the selection.
    pub selection: String,
    /// Title of the stage.
    pub stage: String,
    /// Title of the hall.
    pub hall: String,
    /// Scheduled start.
    pub starts_utc_ms: i64,
    /// Where it stands.
    pub phase: SittingPhase,
    /// Enrolled candidates.
    pub enrolled: u32,
    /// Of these, checked in or further.
    pub present: u32,
    /// Sessions whose clock runs.
    pub running: u32,
    /// Sessions that are over.
    pub ended: u32,
    /// True when every enrolled session has a drawn paper.
    pub drawn: bool,
}

/// Where a sitting stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SittingPhase {
    /// Scheduled; not opened.
    Planned,
    /// Doors open: check-in and sign-in.
    Open,
    /// Candidates may run.
    Started,
    /// All sessions stopped by a recorded pause of the hall.
    Held,
    /// Closed: nothing more enters, except evidence and notes.
    Closed,
}

/// What the console receives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum WatchFrame {
    /// Everything, on connecting and whenever the console lagged.
    Snapshot(WatchSnapshot),
    /// Seats that changed, and the head of the sitting.
    Delta(WatchDelta),
}

/// The hall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WatchSnapshot {
    /// Changes when the server restarts.
    pub epoch: u32,
    /// Number of the last delta contained.
    pub position: u32,
    /// The sitting as a whole.
    pub head: WatchHead,
    /// The room: all seats, occupied or not.
    pub room: Vec<RoomSeat>,
    /// One per session.
    pub seats: Vec<SeatView>,
    /// Newest last, at most 200.
    pub log: Vec<LogLine>,
    /// Acts waiting for a second person.
    pub proposals: Vec<ProposalView>,
}

/// What changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WatchDelta {
    /// Same as in the snapshot.
    pub epoch: u32,
    /// One more than the frame before.
    pub position: u32,
    /// The sitting as a whole.
    pub head: WatchHead,
    /// Changed sessions.
    pub seats: Vec<SeatView>,
    /// New log lines.
    pub log: Vec<LogLine>,
    /// All waiting proposals, when they changed.
    pub proposals: Option<Vec<ProposalView>>,
}

/// The sitting as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WatchHead {
    /// The sitting.
    pub sitting: Id,
    /// Code.
    pub code: String,
    /// Hall title.
    pub hall: String,
    /// Where it stands.
    pub phase: SittingPhase,
    /// Scheduled start.
    pub starts_utc_ms: i64,
    /// Server's wall clock at sending.
    pub now_utc_ms: i64,
    /// Durable records in the journal.
    pub records: u32,
    /// Why it is held, if it is.
    pub held_reason: Option<String>,
    /// Alert: no answer saved for so long while running, seconds.
    pub silent_after_s: u32,
}

/// One seat of the room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RoomSeat {
    /// The seat.
    pub id: Id,
    /// Label on the desk, e.g. `A-07`.
    pub label: String,
    /// Row, from 0 at the front.
    pub row: u16,
    /// Column, from 0 at the left seen from the entrance.
    pub column: u16,
    /// Kept free for moves.
    pub spare: bool,
}

/// One session on the seat map.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SeatView {
    /// The session.
    pub session: Id,
    /// Its seat now; none before check-in when seats are random.
    pub seat: Option<Id>,
    /// Participant number.
    pub participant_no: String,
    /// Name.
    pub name: String,
    /// Formation title.
    pub formation: String,
    /// Where the session stands.
    pub phase: Phase,
    /// `expected`, `present`, `absent` or `refused`.
    pub attendance: Attendance,
    /// A terminal's socket is live.
    pub connected: bool,
    /// Answered items.
    pub answered: u16,
    /// Doubtful items.
    pub doubtful: u16,
    /// Items on the paper.
    pub items: u16,
    /// Remaining time at sending, milliseconds.
    pub remaining_ms: u32,
    /// Last saved answer or view, wall clock.
    pub active_utc_ms: Option<i64>,
    /// Extra time granted so far beyond the enrolment's allowance, seconds.
    pub granted_s: u32,
    /// Pieces of late evidence waiting for a decision.
    pub late: u16,
    /// True when consented.
    pub consented: bool,
}

/// Attendance of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Attendance {
    /// Not yet come.
    Expected,
    /// Checked in.
    Present,
    /// Recorded as absent.
    Absent,
    /// Came and was refused.
    Refused,
}

/// One line of the sitting's log, told from its journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct LogLine {
    /// Position in the journal.
    pub position: u32,
    /// When, wall clock.
    pub at_utc_ms: i64,
    /// Stable kind, e.g. `paused`, `time_granted`, `moved`, `noted`.
    pub kind: String,
    /// Who did it: a staff member's name, `sistem`, or the candidate's number.
    pub who: String,
    /// The approver, where there was one.
    pub approver: Option<String>,
    /// Whom it is about: participant number, or nothing for the whole sitting.
    pub about: Option<String>,
    /// Amounts and reasons in words.
    pub text: String,
}

/// `POST /api/v1/sittings/{id}/commands`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ProctorCommand {
    /// Made by the page, 32 hex digits; resending the same id does nothing twice.
    pub id: Id,
    /// What to do.
    pub act: ProctorAct,
    /// Why; required where the act says so.
    #[serde(default)]
    pub reason: String,
}

/// What a proctor may do. `sessions: []` means all sessions of the sitting to which the act applies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum ProctorAct {
    /// Open the doors: check-in and sign-in become possible.
    Open,
    /// Let the sitting start.
    Start,
    /// Stop all clocks of the hall (reason required).
    Hold,
    /// Let all clocks of the hall run again.
    Release,
    /// Stop the clock of some sessions (reason required).
    Pause {
        /// Whom.
        sessions: Vec<Id>,
    },
    /// Let them run again.
    Resume {
        /// Whom.
        sessions: Vec<Id>,
    },
    /// Grant time (reason required; a second person where the policy says so).
    GrantTime {
        /// Whom.
        sessions: Vec<Id>,
        /// Seconds, 1 to 7,200.
        seconds: u32,
    },
    /// Move a candidate to another seat; answers with a fresh PIN.
    Move {
        /// Whom.
        session: Id,
        /// Where to: a free seat of the hall.
        seat: Id,
    },
    /// End a session (reason required; a second person where the policy says so).
    Terminate {
        /// Whom.
        session: Id,
    },
    /// Let late evidence count (reason required; a second person where the policy says so).
    AdmitLate {
        /// Whose.
        session: Id,
        /// Journal position of the late answer.
        position: u32,
    },
    /// A word to the terminals.
    Message {
        /// To whom; empty means all.
        sessions: Vec<Id>,
        /// Plain text, at most 500 characters.
        text: String,
    },
    /// An incident note.
    Note {
        /// About whom, if about one.
        session: Option<Id>,
        /// Plain text, at most 2,000 characters.
        text: String,
    },
    /// Close the sitting: everything must be over.
    Close,
}

/// The answer to an accepted command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum ProctorAnswer {
    /// Durable, at this journal position.
    Done {
        /// Journal position.
        position: u32,
        /// With `move`: the PIN for the new seat.
        pin: Option<IssuedPin>,
        /// Sessions it applied to.
        sessions: u32,
    },
    /// Waits for a second person.
    Proposed {
        /// The proposal.
        proposal: Id,
    },
}

/// A PIN, shown once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct IssuedPin {
    /// Eight digits.
    pub pin: String,
    /// Valid until.
    pub expires_utc_ms: i64,
    /// Label of the seat to go to.
    pub seat: String,
}

/// An act that waits for a second person.
/// `POST /api/v1/proposals/{id}/approve` and `/reject` decide it; the proposer cannot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct ProposalView {
    /// The proposal.
    pub id: Id,
    /// Who asks.
    pub proposer: String,
    /// Staff id of who asks, so that a page can hide the button from them.
    pub proposer_id: Id,
    /// What for, in words.
    pub text: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub at_utc_ms: i64,
}
