//! Commands: all that can enter a sitting, as one closed enum.

use crate::time::Now;
use question_bank::id::{CommandId, Digest32, ItemId, SeatId, SessionId, StaffId};
use question_bank::key::Choices;

/// What somebody asks of a sitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Made by the author; sending the same id again does nothing twice. For terminals see [`terminal_command_id`].
    pub id: CommandId,
    /// When it arrived.
    pub at: Now,
    /// Random bytes that blind the record.
    pub nonce: [u8; 16],
    /// Who asks.
    pub actor: Actor,
    /// The second person, where one approved.
    pub approver: Option<StaffId>,
    /// What for.
    pub order: Order,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The owner itself (expiry, an automatic hold after an outage).
    System,
    /// The candidate of the session the command is for.
    Candidate,
    /// A staff member.
    Staff(StaffId),
}

/// For one session, or for the sitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// For one session.
    Session(SessionId, SessionOrder),
    /// For the sitting or several of its sessions.
    Sitting(SittingOrder),
}

/// What may be asked of one session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionOrder {
    /// The paper stands; for candidates who join after the doors were opened.
    Prepare(Preparation),
    /// The desk confirmed who this is.
    CheckIn {
        /// The seat to go to.
        seat: SeatId,
        /// Documents seen, in short words.
        documents: Vec<String>,
        /// Outside the window of check-in, with this reason.
        override_reason: Option<String>,
    },
    /// The desk notes who did not come or was turned away.
    NoteAttendance {
        /// True: refused at the desk; false: absent.
        refused: bool,
        /// Why.
        reason: String,
    },
    /// The PIN was right: this terminal now speaks for the session.
    SignIn,
    /// The candidate accepted the rules.
    Consent(TerminalStamp),
    /// The candidate starts.
    Start(TerminalStamp),
    /// The candidate looks at an item.
    View(TerminalStamp, u16),
    /// The candidate chooses, changes or clears an answer.
    Answer(TerminalStamp, GivenAnswer),
    /// Doubtful on or off.
    Flag(TerminalStamp, u16, bool),
    /// Leave the section for the next one.
    Advance(TerminalStamp, u8),
    /// The candidate ends the exam.
    Submit(TerminalStamp),
    /// An answer from a machine that no longer speaks for the session, or after the end.
    LateAnswer(TerminalStamp, GivenAnswer, u32),
    /// The time of the session or of its section is over.
    Expire,
}

/// Which terminal, and its how-manieth command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TerminalStamp {
    /// Grows with every sign-in and move.
    pub epoch: u32,
    /// Grows by one per command of this epoch, from 1.
    pub seq: u32,
}

/// An answer as given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenAnswer {
    /// Position in the paper, from 0.
    pub position: u16,
    /// The item at that position.
    pub item: ItemId,
    /// Canonical choices; none clears the answer.
    pub choices: Choices,
}

/// A session made ready before the doors open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preparation {
    /// The session.
    pub session: SessionId,
    /// Digest of its paper.
    pub paper: Digest32,
    /// Time of the blueprint.
    pub base_ms: u32,
    /// Extra time of the enrolment.
    pub extra_ms: u32,
}

/// What may be asked of the sitting as a whole, or of several sessions at once. No sessions means all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SittingOrder {
    /// Open the doors.
    Open(Vec<Preparation>),
    /// Let candidates start; where the policy says so, start all who are ready.
    Start,
    /// Stop all clocks of the hall.
    Hold {
        /// Why.
        reason: String,
    },
    /// Let the clocks of the hall run again.
    Release {
        /// Why, or nothing.
        reason: String,
    },
    /// Stop some clocks.
    Pause {
        /// Whom; none means all.
        sessions: Vec<SessionId>,
        /// Why.
        reason: String,
    },
    /// Let them run again.
    Resume {
        /// Whom; none means all.
        sessions: Vec<SessionId>,
    },
    /// Grant time.
    GrantTime {
        /// Whom; none means all.
        sessions: Vec<SessionId>,
        /// How much, 1 second to 2 hours.
        ms: u32,
        /// Why.
        reason: String,
    },
    /// Move a candidate to another seat.
    Move {
        /// Whom.
        session: SessionId,
        /// Where to.
        seat: SeatId,
        /// Why.
        reason: String,
    },
    /// End a session.
    Terminate {
        /// Whom.
        session: SessionId,
        /// Why.
        reason: String,
    },
    /// Let late evidence count.
    AdmitLate {
        /// Whose.
        session: SessionId,
        /// Journal position of the evidence.
        position: u64,
        /// Why.
        reason: String,
    },
    /// A word to terminals.
    Message {
        /// To whom; none means all.
        sessions: Vec<SessionId>,
        /// What.
        text: String,
    },
    /// An incident note.
    Note {
        /// About whom.
        session: Option<SessionId>,
        /// What.
        text: String,
    },
    /// Close the sitting.
    Close,
}

/// The command id of a terminal's command: its epoch and number, unique within the session.
pub fn terminal_command_id(stamp: TerminalStamp) -> CommandId {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&stamp.epoch.to_be_bytes());
    bytes[4..8].copy_from_slice(&stamp.seq.to_be_bytes());
    CommandId::from_bytes(bytes)
}

/// The stamp inside a terminal's command id.
pub fn terminal_stamp(id: CommandId) -> TerminalStamp {
    let part = |range: std::ops::Range<usize>| {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&id.as_bytes()[range]);
        u32::from_be_bytes(bytes)
    };
    TerminalStamp { epoch: part(0..4), seq: part(4..8) }
}

impl Order {
    /// The terminal's stamp, for orders of the candidate.
    pub fn stamp(&self) -> Option<TerminalStamp> {
        match self {
            Order::Session(_, order) => order.stamp(),
            Order::Sitting(_) => None,
        }
    }
}

impl SessionOrder {
    /// The terminal's stamp, for orders of the candidate.
    pub fn stamp(&self) -> Option<TerminalStamp> {
        match self {
            SessionOrder::Consent(stamp)
            | SessionOrder::Start(stamp)
            | SessionOrder::View(stamp, _)
            | SessionOrder::Answer(stamp, _)
            | SessionOrder::Flag(stamp, _, _)
            | SessionOrder::Advance(stamp, _)
            | SessionOrder::Submit(stamp)
            | SessionOrder::LateAnswer(stamp, _, _) => Some(*stamp),
            SessionOrder::Prepare(_)
            | SessionOrder::CheckIn { .. }
            | SessionOrder::NoteAttendance { .. }
            | SessionOrder::SignIn
            | SessionOrder::Expire => None,
        }
    }
}
