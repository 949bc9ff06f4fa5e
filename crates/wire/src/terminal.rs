//! The candidate's terminal: sign-in over HTTP, then one websocket `/api/v1/terminal/ws`.
//!
//! The terminal speaks first (`hello`), the server answers `welcome`; from then on every frame of the terminal that carries a `seq` is
//! answered exactly once by `saved`, `late` or `refused` with the same `seq`. `seq` starts at `welcome.next_seq` and grows by one per
//! command; resending the same `seq` is harmless.

use crate::Id;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `POST /api/v1/terminal/sign-in`: participant number and the single-use PIN from the desk. Sets the terminal's cookie.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct SignIn {
    /// Participant number as printed on the card; compared without regard to case and surrounding spaces.
    pub participant_no: String,
    /// Eight digits.
    pub pin: String,
}

/// Who sits here: the answer to sign-in and to `GET /api/v1/terminal/session`.
#[derive(Clone, Debug, Serialize, Deserialize, TS, ToSchema)]
pub struct TerminalSession {
    /// The session this terminal is bound to.
    pub session: Id,
    /// Candidate's name, to be confirmed by the candidate.
    pub name: String,
    /// Participant number.
    pub participant_no: String,
    /// Title of the formation applied for.
    pub formation: String,
    /// Title of the selection.
    pub selection: String,
    /// Title of the stage.
    pub stage: String,
    /// Code of the sitting.
    pub sitting: String,
    /// Title of the hall.
    pub hall: String,
    /// Label of the seat.
    pub seat: String,
    /// Whole time of the paper with the candidate's extra time, seconds.
    pub duration_s: u32,
    /// Sections in order, for the page of rules.
    pub sections: Vec<SectionOutline>,
    /// Rules and the consent text, rich text.
    pub rules: String,
}

/// One section as announced before the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SectionOutline {
    /// Section code.
    pub code: String,
    /// Title shown.
    pub title: String,
    /// Number of items.
    pub items: u16,
    /// Own time limit, seconds, when the section has one.
    pub duration_s: Option<u32>,
    /// True when items are taken in order without going back.
    pub linear: bool,
}

/// What a terminal may say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum TerminalFrame {
    /// First frame. `instance` is random per browser tab and survives a reload; `have_paper` is the digest of the paper the page has stored.
    Hello {
        /// [`crate::PROTOCOL_VERSION`].
        version: u32,
        /// Random per tab, kept over reloads.
        instance: String,
        /// Digest of the stored paper, so that it need not be sent again.
        have_paper: Option<String>,
    },
    /// The candidate confirmed name and formation and accepted the rules.
    Consent {
        /// Number of the command.
        seq: u32,
    },
    /// The candidate's own start, where the sitting lets each start individually.
    Start {
        /// Number of the command.
        seq: u32,
    },
    /// The candidate looks at an item.
    View {
        /// Number of the command.
        seq: u32,
        /// Position in the paper, from 0.
        position: u16,
    },
    /// The candidate's choice for an item: empty clears it.
    Answer {
        /// Number of the command.
        seq: u32,
        /// Position in the paper, from 0.
        position: u16,
        /// The item at that position (checked).
        item: Id,
        /// Canonical choice ids as given in [`PaperChoice::id`]; empty means cleared.
        choices: Vec<u8>,
    },
    /// Doubtful (*ragu-ragu*) on or off.
    Flag {
        /// Number of the command.
        seq: u32,
        /// Position in the paper, from 0.
        position: u16,
        /// Doubtful or not.
        doubtful: bool,
    },
    /// Leave a linear or timed section for the next one.
    Advance {
        /// Number of the command.
        seq: u32,
        /// Index of the section being left, from 0.
        section: u8,
    },
    /// The candidate ends the exam.
    Submit {
        /// Number of the command.
        seq: u32,
    },
    /// An answer found in the outbox of a machine that is no longer the session's terminal, or after the end: evidence, does not count by itself.
    LateAnswer {
        /// Number the command had on that machine.
        seq: u32,
        /// Terminal epoch in which it was made.
        epoch: u32,
        /// Position in the paper, from 0.
        position: u16,
        /// The item.
        item: Id,
        /// Canonical choice ids.
        choices: Vec<u8>,
        /// The machine's own monotonic time of the choice, milliseconds since its page was loaded.
        client_mono_ms: u32,
    },
}

/// What the server tells a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum TerminalNews {
    /// First answer: the whole state of the session as durably stored.
    Welcome(Box<Welcome>),
    /// The paper's faces; sent once the session runs, when the page does not have it.
    Paper(Box<PaperFrame>),
    /// The command is durable.
    Saved {
        /// Number of the command.
        seq: u32,
    },
    /// The answer came too late: it is kept as evidence and does not count.
    Late {
        /// Number of the command.
        seq: u32,
    },
    /// Not done, and why.
    Refused {
        /// Number of the command.
        seq: u32,
        /// Stable code, e.g. `busy`, `superseded`, `session_ended`, `item_closed`, `paused`.
        code: String,
        /// With `busy`: try again after so many milliseconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        retry_after_ms: Option<u32>,
    },
    /// Phase, clock or section changed, or a periodic word about the clock.
    Clock(ClockView),
    /// A word from the proctor.
    Message {
        /// Position of the message in the sitting's journal.
        id: u32,
        /// Plain text.
        text: String,
    },
    /// This machine no longer speaks for the session (it was moved): send what is left in the outbox as `late_answer`; when that is answered,
    /// or after ten seconds of silence, the server closes with `4002`.
    Evidence {
        /// Epoch of the terminal that speaks for the session now.
        epoch: u32,
    },
    /// The session is over.
    Ended {
        /// How.
        how: EndKind,
        /// Marks, where the policy shows them. Never a word of passing.
        marks: Option<EndMarks>,
        /// Answered items.
        answered: u16,
    },
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EndKind {
    /// The candidate submitted.
    Submitted,
    /// The time was over.
    Expired,
    /// A proctor ended it.
    Terminated,
}

/// Section marks and total at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct EndMarks {
    /// One per section, in order.
    pub sections: Vec<SectionMarks>,
    /// Total in thousandths of a mark.
    pub total_milli: i64,
}

/// Marks of one section.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct SectionMarks {
    /// Section code.
    pub code: String,
    /// Title shown.
    pub title: String,
    /// Thousandths of a mark.
    pub marks_milli: i64,
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Enrolled in the sitting, not yet seen.
    Expected,
    /// Identity checked at the desk, PIN issued.
    CheckedIn,
    /// Signed in at a terminal.
    SignedIn,
    /// Consented to the rules; waits for the start.
    Ready,
    /// The clock runs.
    Running,
    /// The clock is stopped by a recorded pause (seat or hall).
    Paused,
    /// Over: the candidate submitted.
    Submitted,
    /// Over: the time ran out.
    Expired,
    /// Over: a proctor ended it.
    Terminated,
}

/// The state a (re)connecting terminal gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Welcome {
    /// The session.
    pub session: Id,
    /// Terminal epoch; grows when the proctor moves the session. Outbox entries of an older epoch go as `late_answer`.
    pub epoch: u32,
    /// First unused command number of this epoch.
    pub next_seq: u32,
    /// Clock and phase.
    pub clock: ClockView,
    /// Digest of the paper, once the session has started.
    pub paper_digest: Option<String>,
    /// One per item position, once the session has started.
    pub answers: Vec<AnswerView>,
    /// Last viewed position.
    pub cursor: u16,
    /// True when a start needs the candidate's own press.
    pub start_individually: bool,
    /// How to come back after a lost connection: full jitter over this many milliseconds.
    pub reconnect_jitter_ms: u32,
    /// Set when the session is over.
    pub ended: Option<Ended>,
}

/// How it ended, inside a `welcome`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Ended {
    /// How.
    pub how: EndKind,
    /// Marks, where the policy shows them.
    pub marks: Option<EndMarks>,
    /// Answered items.
    pub answered: u16,
}

/// What is durably stored for one position.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnswerView {
    /// Canonical choice ids; empty means unanswered.
    pub choices: Vec<u8>,
    /// Doubtful.
    pub doubtful: bool,
}

/// The one honest clock, as of this frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClockView {
    /// Where the session stands.
    pub phase: Phase,
    /// Remaining time of the whole paper, milliseconds; the whole allowance before the start.
    pub remaining_ms: u32,
    /// Index of the current section, from 0.
    pub section: u8,
    /// Remaining time of the section, when it has its own.
    pub section_remaining_ms: Option<u32>,
    /// True once the proctor has let the sitting start.
    pub sitting_started: bool,
}

/// The paper as a candidate may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaperFrame {
    /// Digest of the drawn paper (lower-case hex of SHA-256).
    pub digest: String,
    /// Sections in order; their items follow one another in `items`.
    pub sections: Vec<SectionOutline>,
    /// Items in drawn order.
    pub items: Vec<PaperItem>,
}

/// The face of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaperItem {
    /// Canonical id.
    pub item: Id,
    /// Language tag of the text.
    pub language: String,
    /// Sanitised rich text (HTML with MathML); pictures point to `/media/{hash}`.
    pub stem: String,
    /// True when several choices may be chosen.
    pub multiple: bool,
    /// Choices in shown order.
    pub choices: Vec<PaperChoice>,
}

/// The face of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PaperChoice {
    /// Canonical choice id, from 0; the same choice has the same id on every paper.
    pub id: u8,
    /// Sanitised rich text.
    pub text: String,
}

/// Close codes of the terminal's, proctor's and screens' websockets.
pub mod close {
    /// A frame could not be read, or was not allowed here.
    pub const BAD_FRAME: u16 = 4000;
    /// No valid cookie: sign in again.
    pub const UNAUTHENTICATED: u16 = 4001;
    /// The same tab came back on another socket, or the session was moved to another seat.
    pub const SUPERSEDED: u16 = 4002;
    /// Another terminal is live for this session; the proctor can move it.
    pub const SECOND_TERMINAL: u16 = 4003;
    /// The reader was too slow; come back for a fresh snapshot.
    pub const TOO_SLOW: u16 = 4004;
    /// The server stops; come back after the jitter.
    pub const GOING_AWAY: u16 = 4005;
    /// The page is older or newer than the server: reload it.
    pub const VERSION: u16 = 4006;
}
