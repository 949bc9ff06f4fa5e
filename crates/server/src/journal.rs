//! `saksama journal`: the records of a directory as JSON lines, for auditors and their programs.
//!
//! One line is one record: what happened, when, by whom, under which command. The chain of blocks is verified on the way, so what is printed is what
//! was written; the first block that does not follow ends it. A record knows people by random ids only. What staff typed as a reason, note, message
//! or document may name somebody all the same, so it is left out unless it is asked for.

use exam_session::block::{BlockBroken, JournalHead};
use exam_session::command::{Actor, terminal_stamp};
use exam_session::event::{Event, SessionEvent, SittingEvent};
use exam_session::record::Record;
use question_bank::id::{CommandId, Digest32, ItemId, SeatId, SessionId, SittingId, StaffId};
use question_bank::key::Choices;
use serde::{Serialize, Serializer};
use std::io::{self, Write};
use std::path::Path;
use store::journal::{OpenError, Reader};

/// Blocks read at once: at most 16 MiB, as a block is closed at 256 KiB.
const BLOCKS_AT_ONCE: u32 = 64;

/// What stopped the printing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The journal cannot be opened.
    #[error("open the journal")]
    Open(#[from] OpenError),
    /// The journals cannot be listed.
    #[error("list the journals")]
    List(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Nothing was ever recorded for this sitting.
    #[error("find a journal of sitting {0}: nothing is recorded for it")]
    NoJournal(SittingId),
    /// The file cannot be read.
    #[error("read the journal of sitting {sitting} from position {position} on")]
    Read {
        /// Whose journal.
        sitting: SittingId,
        /// First position that was not read.
        position: u64,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A block does not follow from the one before: it, or the one before, is not what was written.
    #[error("follow the journal of sitting {sitting}: it is broken at block {block}")]
    Broken {
        /// Whose journal.
        sitting: SittingId,
        /// Position of the block's first record.
        block: u64,
        /// What does not fit.
        #[source]
        source: BlockBroken,
    },
    /// The lines cannot be written.
    #[error("write the lines")]
    Write(#[from] io::Error),
}

/// Whether what staff typed is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Left out.
    Hidden,
    /// As written.
    Shown,
}

/// Prints the records of one sitting, or of all by id; answers how many. Also while a server writes: it ends where the journal ended when it got
/// there.
pub async fn print(dir: &Path, only: Option<SittingId>, texts: Texts, out: &mut impl Write) -> Result<u64, Error> {
    let mut journal = Reader::open(dir).await?;
    let mut sittings = journal.sittings().await.map_err(|error| Error::List(Box::new(error)))?;
    if let Some(only) = only {
        sittings.retain(|&sitting| sitting == only);
        if sittings.is_empty() {
            return Err(Error::NoJournal(only));
        }
    }
    let mut printed = 0;
    for sitting in sittings {
        printed += print_sitting(&mut journal, sitting, texts, out).await?;
    }
    out.flush()?;
    Ok(printed)
}

async fn print_sitting(journal: &mut Reader, sitting: SittingId, texts: Texts, out: &mut impl Write) -> Result<u64, Error> {
    let mut head = JournalHead::empty(sitting);
    loop {
        let position = head.next_position;
        let read = journal.blocks(sitting, position, BLOCKS_AT_ONCE).await;
        let blocks = read.map_err(|error| Error::Read { sitting, position, source: Box::new(error) })?;
        for block in &blocks {
            let records = head.read(block).map_err(|source| Error::Broken { sitting, block: block.first_position, source })?;
            for record in &records {
                serde_json::to_writer(&mut *out, &Line::new(sitting, record, texts)).map_err(io::Error::from)?;
                out.write_all(b"\n")?;
            }
            head = JournalHead::after(block);
        }
        if blocks.len() < BLOCKS_AT_ONCE as usize {
            return Ok(head.next_position);
        }
    }
}

/// One record as printed.
#[derive(Serialize)]
struct Line<'a> {
    sitting: SittingId,
    position: u64,
    utc_ms: i64,
    mono_ms: u64,
    actor: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    staff: Option<StaffId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approver: Option<StaffId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionId>,
    command: CommandId,
    /// Terminal that asked, and its how-manieth command.
    #[serde(skip_serializing_if = "Option::is_none")]
    epoch: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u32>,
    events: Vec<Happened<'a>>,
}

impl<'a> Line<'a> {
    fn new(sitting: SittingId, record: &'a Record, texts: Texts) -> Self {
        let (actor, staff) = match record.actor {
            Actor::System => ("system", None),
            Actor::Candidate => ("candidate", None),
            Actor::Staff(staff) => ("staff", Some(staff)),
        };
        // Signing in is asked for by the candidate too, but its command has a random id: no terminal speaks for the session yet.
        let by_terminal =
            record.actor == Actor::Candidate && !matches!(record.events[..], [Event::Session(_, SessionEvent::SignedIn { .. }), ..]);
        let stamp = by_terminal.then(|| terminal_stamp(record.command));
        Line {
            sitting,
            position: record.position,
            utc_ms: record.at.utc_ms,
            mono_ms: record.at.mono_ms,
            actor,
            staff,
            approver: record.approver,
            session: record.scope,
            command: record.command,
            epoch: stamp.map(|stamp| stamp.epoch),
            seq: stamp.map(|stamp| stamp.seq),
            events: record.events.iter().map(|event| Happened::new(record.scope, event, texts)).collect(),
        }
    }
}

/// One event; its session stands beside it when the record is not of that session alone.
#[derive(Serialize)]
struct Happened<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionId>,
    #[serde(flatten)]
    what: What<'a>,
}

impl<'a> Happened<'a> {
    fn new(scope: Option<SessionId>, event: &'a Event, texts: Texts) -> Self {
        match event {
            Event::Session(id, event) => Happened { session: Some(*id).filter(|_| scope != Some(*id)), what: of_session(event, texts) },
            Event::Sitting(event) => Happened { session: None, what: of_sitting(event, texts) },
        }
    }
}

/// An event in words: those of `docs/architecture.md`, and `sitting_` before the start that is not of a session.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum What<'a> {
    Prepared { paper: Hex, base_ms: u32, extra_ms: u32 },
    CheckedIn { seat: SeatId, documents: Typed<&'a [String]>, override_reason: Typed<Option<&'a str>> },
    AttendanceNoted { refused: bool, reason: Typed<&'a str> },
    SignedIn { epoch: u32 },
    Consented,
    Started,
    Viewed { position: u16 },
    Answered { position: u16, item: ItemId, choices: Chosen },
    Flagged { position: u16, doubtful: bool },
    SectionClosed { section: u8, by_time: bool },
    Paused { for_move: bool, reason: Typed<&'a str> },
    Resumed,
    TimeGranted { ms: u32, reason: Typed<&'a str> },
    Moved { seat: SeatId, epoch: u32, reason: Typed<&'a str> },
    Submitted,
    Expired,
    Terminated { reason: Typed<&'a str> },
    AnsweredLate { position: u16, item: ItemId, choices: Chosen, client_mono_ms: u32 },
    LateAdmitted { evidence: u64, position: u16, item: ItemId, choices: Chosen, reason: Typed<&'a str> },
    Opened,
    SittingStarted,
    Held { reason: Typed<&'a str> },
    Released { reason: Typed<&'a str> },
    Closed,
    MessageSent { to: &'a [SessionId], text: Typed<&'a str> },
    Noted { about: Option<SessionId>, text: Typed<&'a str> },
}

fn of_session(event: &SessionEvent, texts: Texts) -> What<'_> {
    match event {
        SessionEvent::Prepared { paper, base_ms, extra_ms } => {
            What::Prepared { paper: Hex(*paper), base_ms: *base_ms, extra_ms: *extra_ms }
        }
        SessionEvent::CheckedIn { seat, documents, override_reason } => {
            What::CheckedIn { seat: *seat, documents: Typed(documents, texts), override_reason: Typed(override_reason.as_deref(), texts) }
        }
        SessionEvent::AttendanceNoted { refused, reason } => What::AttendanceNoted { refused: *refused, reason: Typed(reason, texts) },
        SessionEvent::SignedIn { epoch } => What::SignedIn { epoch: *epoch },
        SessionEvent::Consented => What::Consented,
        SessionEvent::Started => What::Started,
        SessionEvent::Viewed { position } => What::Viewed { position: *position },
        SessionEvent::Answered { position, item, choices } => {
            What::Answered { position: *position, item: *item, choices: Chosen(*choices) }
        }
        SessionEvent::Flagged { position, doubtful } => What::Flagged { position: *position, doubtful: *doubtful },
        SessionEvent::SectionClosed { section, by_time } => What::SectionClosed { section: *section, by_time: *by_time },
        SessionEvent::Paused { reason, for_move } => What::Paused { for_move: *for_move, reason: Typed(reason, texts) },
        SessionEvent::Resumed => What::Resumed,
        SessionEvent::TimeGranted { ms, reason } => What::TimeGranted { ms: *ms, reason: Typed(reason, texts) },
        SessionEvent::Moved { seat, epoch, reason } => What::Moved { seat: *seat, epoch: *epoch, reason: Typed(reason, texts) },
        SessionEvent::Submitted => What::Submitted,
        SessionEvent::Expired => What::Expired,
        SessionEvent::Terminated { reason } => What::Terminated { reason: Typed(reason, texts) },
        SessionEvent::AnsweredLate { position, item, choices, client_mono_ms } => {
            What::AnsweredLate { position: *position, item: *item, choices: Chosen(*choices), client_mono_ms: *client_mono_ms }
        }
        SessionEvent::LateAdmitted { evidence, position, item, choices, reason } => What::LateAdmitted {
            evidence: *evidence,
            position: *position,
            item: *item,
            choices: Chosen(*choices),
            reason: Typed(reason, texts),
        },
    }
}

fn of_sitting(event: &SittingEvent, texts: Texts) -> What<'_> {
    match event {
        SittingEvent::Opened => What::Opened,
        SittingEvent::Started => What::SittingStarted,
        SittingEvent::Held { reason } => What::Held { reason: Typed(reason, texts) },
        SittingEvent::Released { reason } => What::Released { reason: Typed(reason, texts) },
        SittingEvent::Closed => What::Closed,
        SittingEvent::MessageSent { sessions, text } => What::MessageSent { to: sessions, text: Typed(text, texts) },
        SittingEvent::Noted { session, text } => What::Noted { about: *session, text: Typed(text, texts) },
    }
}

/// What staff typed; null when it is left out.
struct Typed<T>(T, Texts);

impl<T: Serialize> Serialize for Typed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.1 {
            Texts::Hidden => serializer.serialize_none(),
            Texts::Shown => self.0.serialize(serializer),
        }
    }
}

/// Canonical choice ids, ascending.
struct Chosen(Choices);

impl Serialize for Chosen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.ids())
    }
}

/// A digest as 64 hexadecimal digits.
struct Hex(Digest32);

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use exam_session::command::{TerminalStamp, terminal_command_id};
    use exam_session::time::Now;

    fn printed(record: &Record, texts: Texts) -> String {
        serde_json::to_string(&Line::new(SittingId::from_bytes([0xee; 16]), record, texts)).expect("a line is JSON")
    }

    fn record(actor: Actor, scope: Option<SessionId>, events: Vec<Event>) -> Record {
        let command = terminal_command_id(TerminalStamp { epoch: 2, seq: 345 });
        Record {
            nonce: [9; 16],
            position: 7,
            at: Now { utc_ms: 1_800_000_000_000, mono_ms: 60_000 },
            actor,
            approver: None,
            scope,
            command,
            events,
        }
    }

    #[test]
    fn an_answer_says_which_command_of_which_terminal_it_was() {
        let session = SessionId::from_bytes([1; 16]);
        let item = ItemId::from_bytes([0xaa; 16]);
        let answered = SessionEvent::Answered { position: 3, item, choices: Choices::from_ids(&[4, 1]).expect("choices") };
        let line = printed(&record(Actor::Candidate, Some(session), vec![Event::Session(session, answered)]), Texts::Hidden);
        assert_eq!(
            line,
            format!(
                "{{\"sitting\":\"{}\",\"position\":7,\"utc_ms\":1800000000000,\"mono_ms\":60000,\"actor\":\"candidate\",\"session\":\"{session}\",\
                 \"command\":\"00000002000001590000000000000000\",\"epoch\":2,\"seq\":345,\
                 \"events\":[{{\"kind\":\"answered\",\"position\":3,\"item\":\"{item}\",\"choices\":[1,4]}}]}}",
                "ee".repeat(16)
            )
        );
    }

    #[test]
    fn a_sign_in_is_no_command_of_a_terminal() {
        let session = SessionId::from_bytes([1; 16]);
        let line = printed(
            &record(Actor::Candidate, Some(session), vec![Event::Session(session, SessionEvent::SignedIn { epoch: 1 })]),
            Texts::Hidden,
        );
        assert!(!line.contains("\"seq\""), "{line}");
    }

    #[test]
    fn what_staff_typed_is_shown_only_when_asked_for() {
        let session = SessionId::from_bytes([1; 16]);
        let staff = Actor::Staff(StaffId::from_bytes([5; 16]));
        let paused = SessionEvent::Paused { reason: "Siti ke toilet".into(), for_move: false };
        let of_hall = record(staff, None, vec![Event::Session(session, paused)]);
        let hidden = printed(&of_hall, Texts::Hidden);
        assert!(!hidden.contains("Siti") && hidden.contains("\"reason\":null"), "{hidden}");
        assert!(
            hidden.contains(&format!("{{\"session\":\"{session}\",\"kind\":\"paused\"")),
            "an event of the hall names its session: {hidden}"
        );
        assert!(printed(&of_hall, Texts::Shown).contains("\"reason\":\"Siti ke toilet\""));
    }
}
