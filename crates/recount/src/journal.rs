//! A sitting's journal, read and verified: `docs/architecture.md`, "The record" and "Storage".

use crate::marks::{Attendance, Broken, Ending, Head};
use exam_session::block::Block;
use exam_session::event::{Event, SessionEvent};
use exam_session::record::Record;
use question_bank::id::{Digest32, ItemId, SessionId, SittingId};
use question_bank::key::Choices;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Records of a journal, in order.
pub struct Journal {
    /// All of them.
    pub records: Vec<Record>,
    /// Where it ends.
    pub head: Head,
}

/// Reads blocks in order. Each must begin where the one before ended, its hash must follow from that one's, and its records must stand at
/// their places.
pub fn read(sitting: SittingId, blocks: &[Block]) -> Result<Journal, Broken> {
    let mut head = Head { next_position: 0, hash: sha256(&[b"saksama/journal/v1\n", sitting.as_bytes()]) };
    let mut records = Vec::new();
    for block in blocks {
        let at = block.first_position;
        if at != head.next_position || block.sitting != sitting {
            return Err(Broken::Gap { expected: head.next_position, found: at });
        }
        let (first, count) = (at.to_be_bytes(), block.count.to_be_bytes());
        let hash = sha256(&[b"saksama/block/v1\n", &head.hash.0, sitting.as_bytes(), &first, &count, &block.records]);
        if hash != block.hash {
            return Err(Broken::Hash(at));
        }
        let inside = Record::decode_all(&block.records, block.count).map_err(|error| Broken::Record { at, reason: error.0 })?;
        if let Some((record, expected)) = inside.iter().zip(at..).find(|(record, expected)| record.position != *expected) {
            return Err(Broken::Record { at, reason: format!("record {} where {expected} was expected", record.position) });
        }
        records.extend(inside);
        head = Head { next_position: at + u64::from(block.count), hash };
    }
    Ok(Journal { records, head })
}

/// SHA-256 of parts, one after another.
pub fn sha256(parts: &[&[u8]]) -> Digest32 {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    Digest32(hash.finalize().into())
}

/// What the journal says about one session.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Digest of the paper.
    pub paper: Option<Digest32>,
    /// At the desk.
    pub attendance: Attendance,
    /// The clock ran.
    pub started: bool,
    /// How it ended.
    pub ending: Option<Ending>,
    /// By position in the paper: what is chosen.
    pub answers: BTreeMap<u16, (ItemId, Choices)>,
    /// Evidence of late answers, by position in the journal.
    late: BTreeMap<u64, (u16, ItemId, Choices)>,
}

/// Goes through all records in order.
pub fn fold(records: &[Record]) -> Result<BTreeMap<SessionId, Told>, Broken> {
    let mut sessions: BTreeMap<SessionId, Told> = BTreeMap::new();
    for record in records {
        for event in &record.events {
            match event {
                Event::Session(session, event) => {
                    let impossible = |reason| Broken::Event { session: *session, at: record.position, reason };
                    sessions.entry(*session).or_default().hear(record.position, event).map_err(impossible)?;
                }
                Event::Sitting(_) => {}
            }
        }
    }
    Ok(sessions)
}

impl Told {
    /// One event. Answers set what is chosen; a late answer only when it was admitted; nothing else changes what is chosen.
    fn hear(&mut self, at: u64, event: &SessionEvent) -> Result<(), &'static str> {
        match event {
            SessionEvent::Prepared { paper, .. } => self.paper = Some(*paper),
            SessionEvent::CheckedIn { .. } => self.attendance = Attendance::Present,
            SessionEvent::AttendanceNoted { refused: true, .. } => self.attendance = Attendance::Refused,
            SessionEvent::AttendanceNoted { refused: false, .. } => self.attendance = Attendance::Absent,
            SessionEvent::Started => self.started = true,
            SessionEvent::Answered { .. } if !self.started => return Err("an answer before the start"),
            SessionEvent::Answered { .. } if self.ending.is_some() => return Err("an answer after the end"),
            SessionEvent::Answered { position, item, choices } => {
                self.answers.insert(*position, (*item, *choices));
            }
            SessionEvent::AnsweredLate { position, item, choices, .. } => {
                self.late.insert(at, (*position, *item, *choices));
            }
            SessionEvent::LateAdmitted { evidence, position, item, choices, .. } => {
                if self.late.get(evidence) != Some(&(*position, *item, *choices)) {
                    return Err("a late answer was admitted that is not on record like this");
                }
                self.answers.insert(*position, (*item, *choices));
            }
            SessionEvent::Submitted => self.ending = Some(Ending::Submitted),
            SessionEvent::Expired => self.ending = Some(Ending::Expired),
            SessionEvent::Terminated { .. } => self.ending = Some(Ending::Terminated),
            SessionEvent::SignedIn { .. }
            | SessionEvent::Consented
            | SessionEvent::Viewed { .. }
            | SessionEvent::Flagged { .. }
            | SessionEvent::SectionClosed { .. }
            | SessionEvent::Paused { .. }
            | SessionEvent::Resumed
            | SessionEvent::TimeGranted { .. }
            | SessionEvent::Moved { .. } => {}
        }
        Ok(())
    }
}
