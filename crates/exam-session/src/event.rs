//! Events: what happened. They hold results, not requests; applying them cannot fail. Their stored form is in [`crate::record`].

use question_bank::id::{Digest32, ItemId, SeatId, SessionId};
use question_bank::key::Choices;

/// Something that happened in a sitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// To the sitting as a whole.
    Sitting(SittingEvent),
    /// To one session.
    Session(SessionId, SessionEvent),
}

/// What happens to the sitting as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SittingEvent {
    /// The doors are open.
    Opened,
    /// Candidates may start.
    Started,
    /// All clocks of the hall stand still.
    Held {
        /// Why.
        reason: String,
    },
    /// They run again.
    Released {
        /// Why, or nothing.
        reason: String,
    },
    /// The sitting is closed.
    Closed,
    /// A word went to terminals.
    MessageSent {
        /// To whom; none means all.
        sessions: Vec<SessionId>,
        /// What.
        text: String,
    },
    /// An incident note.
    Noted {
        /// About whom.
        session: Option<SessionId>,
        /// What.
        text: String,
    },
}

/// What happens to one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEvent {
    /// A paper stands ready.
    Prepared {
        /// Digest of the paper.
        paper: Digest32,
        /// Time of the blueprint.
        base_ms: u32,
        /// Extra time of the enrolment.
        extra_ms: u32,
    },
    /// The desk confirmed who this is.
    CheckedIn {
        /// The seat.
        seat: SeatId,
        /// Documents seen.
        documents: Vec<String>,
        /// Why outside the window, if it was.
        override_reason: Option<String>,
    },
    /// Absent or refused.
    AttendanceNoted {
        /// True: refused at the desk; false: absent.
        refused: bool,
        /// Why.
        reason: String,
    },
    /// A terminal speaks for the session.
    SignedIn {
        /// Its epoch.
        epoch: u32,
    },
    /// The rules were accepted.
    Consented,
    /// The clock runs.
    Started,
    /// An item was looked at.
    Viewed {
        /// Position in the paper.
        position: u16,
    },
    /// An answer was chosen, changed or cleared.
    Answered {
        /// Position in the paper.
        position: u16,
        /// The item.
        item: ItemId,
        /// What is chosen now.
        choices: Choices,
    },
    /// Doubtful on or off.
    Flagged {
        /// Position in the paper.
        position: u16,
        /// Doubtful or not.
        doubtful: bool,
    },
    /// A section was left for good.
    SectionClosed {
        /// Its index.
        section: u8,
        /// Because its time was over.
        by_time: bool,
    },
    /// The clock of this session stands still.
    Paused {
        /// Why.
        reason: String,
        /// Until the candidate signs in at the new seat.
        for_move: bool,
    },
    /// It runs again.
    Resumed,
    /// Time was granted.
    TimeGranted {
        /// How much.
        ms: u32,
        /// Why.
        reason: String,
    },
    /// Another seat.
    Moved {
        /// The seat.
        seat: SeatId,
        /// The epoch from which on the old terminal is not believed.
        epoch: u32,
        /// Why.
        reason: String,
    },
    /// The candidate ended the exam.
    Submitted,
    /// The time was over.
    Expired,
    /// A proctor ended it.
    Terminated {
        /// Why.
        reason: String,
    },
    /// An answer came too late: evidence, does not count by itself.
    AnsweredLate {
        /// Position in the paper.
        position: u16,
        /// The item.
        item: ItemId,
        /// What was chosen.
        choices: Choices,
        /// The machine's own monotonic time of the choice.
        client_mono_ms: u32,
    },
    /// Late evidence counts after all.
    LateAdmitted {
        /// Journal position of the evidence.
        evidence: u64,
        /// Position in the paper.
        position: u16,
        /// The item.
        item: ItemId,
        /// What counts now.
        choices: Choices,
        /// Why.
        reason: String,
    },
}
