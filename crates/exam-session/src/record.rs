//! Records: accepted commands made durable, as deterministic CBOR arrays (RFC 8949, 4.2.1: arrays only, definite lengths, shortest integers).
//!
//! ```text
//! record = [1, kind, nonce16, position, t_utc_ms, t_mono_ms, actor, approver|null, scope, command16, [event...], signature|null]
//! actor  = 0 (system) | 1 (the candidate of the scope) | bytes16 (staff)
//! scope  = null (sitting) | bytes16 (session)
//! event  = [code, ...]; in a record of the sitting, an event of a session is [0, session16, [code, ...]]
//! ```
//!
//! `kind` is the code of the first event. Golden files in `tests/golden/` pin every variant; `docs/architecture.md` has the table of codes.

use crate::command::Actor;
use crate::event::{Event, SessionEvent, SittingEvent};
use crate::time::Now;
use minicbor::data::Type;
use minicbor::decode::Error as DecodeError;
use minicbor::{Decoder, Encoder};
use question_bank::id::{CommandId, Digest32, Id, ItemId, SessionId, StaffId};
use question_bank::key::Choices;
use std::convert::Infallible;

/// Version of the stored form.
pub const VERSION: u8 = 1;

/// An accepted command and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Random bytes that blind the record, so that hashes of records tell nothing about them.
    pub nonce: [u8; 16],
    /// Place in the journal, from 0, without gaps.
    pub position: u64,
    /// When it was decided.
    pub at: Now,
    /// Who asked.
    pub actor: Actor,
    /// Who approved.
    pub approver: Option<StaffId>,
    /// The session it is about; none for the sitting.
    pub scope: Option<SessionId>,
    /// Id of the command.
    pub command: CommandId,
    /// What happened; at least one.
    pub events: Vec<Event>,
}

/// The bytes are not a record of a known version: stop, the journal is damaged or from a newer program.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a record of a known version: {0}")]
pub struct RecordBroken(pub String);

type Out<'a> = Encoder<&'a mut Vec<u8>>;
type Written = Result<(), minicbor::encode::Error<Infallible>>;

impl Record {
    /// Appends the stored form.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let written = self.write(&mut Encoder::new(out));
        debug_assert!(written.is_ok(), "writing to a vector cannot fail");
    }

    fn write(&self, e: &mut Out) -> Written {
        let kind = self.events.first().map_or(0, code_of);
        e.array(12)?.u8(VERSION)?.u8(kind)?.bytes(&self.nonce)?.u64(self.position)?;
        e.i64(self.at.utc_ms)?.u64(self.at.mono_ms)?;
        match self.actor {
            Actor::System => e.u8(0)?,
            Actor::Candidate => e.u8(1)?,
            Actor::Staff(staff) => e.bytes(staff.as_bytes())?,
        };
        optional(e, self.approver)?;
        optional(e, self.scope)?;
        e.bytes(self.command.as_bytes())?;
        e.array(self.events.len() as u64)?;
        for event in &self.events {
            match event {
                Event::Session(id, event) if Some(*id) == self.scope => write_session_event(e, event)?,
                Event::Session(id, event) => {
                    e.array(3)?.u8(0)?.bytes(id.as_bytes())?;
                    write_session_event(e, event)?;
                }
                Event::Sitting(event) => write_sitting_event(e, event)?,
            }
        }
        e.null()?;
        Ok(())
    }

    /// Reads `count` records that follow one another, and nothing else.
    pub fn decode_all(bytes: &[u8], count: u32) -> Result<Vec<Record>, RecordBroken> {
        let mut d = Decoder::new(bytes);
        let mut records = Vec::with_capacity(count.min(100_000) as usize);
        for index in 0..count {
            records.push(Record::read(&mut d).map_err(|error| RecordBroken(format!("record {index} of the block: {error}")))?);
        }
        if d.position() != bytes.len() {
            return Err(RecordBroken("bytes follow the last record of the block".to_owned()));
        }
        Ok(records)
    }

    fn read(d: &mut Decoder<'_>) -> Result<Record, DecodeError> {
        array_of(d, 12)?;
        if d.u8()? != VERSION {
            return Err(DecodeError::message("unknown version"));
        }
        let kind = d.u8()?;
        let nonce = fixed(d.bytes()?)?;
        let position = d.u64()?;
        let at = Now { utc_ms: d.i64()?, mono_ms: d.u64()? };
        let actor = match d.datatype()? {
            Type::Bytes => Actor::Staff(id(d)?),
            _ => match d.u8()? {
                0 => Actor::System,
                1 => Actor::Candidate,
                _ => return Err(DecodeError::message("unknown actor")),
            },
        };
        let approver = optional_id(d)?;
        let scope = optional_id(d)?;
        let command = id(d)?;
        let count = d.array()?.ok_or_else(|| DecodeError::message("indefinite array"))?;
        let mut events = Vec::with_capacity(count.min(4096) as usize);
        for _ in 0..count {
            events.push(read_event(d, scope)?);
        }
        if events.first().map(code_of) != Some(kind) {
            return Err(DecodeError::message("the kind is not that of the first event"));
        }
        d.null()?;
        Ok(Record { nonce, position, at, actor, approver, scope, command, events })
    }
}

/// The stored code of an event.
pub fn code_of(event: &Event) -> u8 {
    match event {
        Event::Sitting(event) => match event {
            SittingEvent::Opened => 40,
            SittingEvent::Started => 41,
            SittingEvent::Held { .. } => 42,
            SittingEvent::Released { .. } => 43,
            SittingEvent::Closed => 44,
            SittingEvent::MessageSent { .. } => 45,
            SittingEvent::Noted { .. } => 46,
        },
        Event::Session(_, event) => session_code(event),
    }
}

fn session_code(event: &SessionEvent) -> u8 {
    match event {
        SessionEvent::Prepared { .. } => 1,
        SessionEvent::CheckedIn { .. } => 2,
        SessionEvent::AttendanceNoted { .. } => 3,
        SessionEvent::SignedIn { .. } => 4,
        SessionEvent::Consented => 5,
        SessionEvent::Started => 6,
        SessionEvent::Viewed { .. } => 7,
        SessionEvent::Answered { .. } => 8,
        SessionEvent::Flagged { .. } => 9,
        SessionEvent::SectionClosed { .. } => 10,
        SessionEvent::Paused { .. } => 11,
        SessionEvent::Resumed => 12,
        SessionEvent::TimeGranted { .. } => 13,
        SessionEvent::Moved { .. } => 14,
        SessionEvent::Submitted => 15,
        SessionEvent::Expired => 16,
        SessionEvent::Terminated { .. } => 17,
        SessionEvent::AnsweredLate { .. } => 18,
        SessionEvent::LateAdmitted { .. } => 19,
    }
}

fn write_sitting_event(e: &mut Out, event: &SittingEvent) -> Written {
    let code = code_of(&Event::Sitting(event.clone()));
    match event {
        SittingEvent::Opened | SittingEvent::Started | SittingEvent::Closed => e.array(1)?.u8(code)?,
        SittingEvent::Held { reason } | SittingEvent::Released { reason } => e.array(2)?.u8(code)?.str(reason)?,
        SittingEvent::MessageSent { sessions, text } => {
            e.array(3)?.u8(code)?.array(sessions.len() as u64)?;
            for session in sessions {
                e.bytes(session.as_bytes())?;
            }
            e.str(text)?
        }
        SittingEvent::Noted { session, text } => {
            e.array(3)?.u8(code)?;
            optional(e, *session)?;
            e.str(text)?
        }
    };
    Ok(())
}

fn write_session_event(e: &mut Out, event: &SessionEvent) -> Written {
    let code = session_code(event);
    match event {
        SessionEvent::Prepared { paper, base_ms, extra_ms } => e.array(4)?.u8(code)?.bytes(&paper.0)?.u32(*base_ms)?.u32(*extra_ms)?,
        SessionEvent::CheckedIn { seat, documents, override_reason } => {
            e.array(4)?.u8(code)?.bytes(seat.as_bytes())?.array(documents.len() as u64)?;
            for document in documents {
                e.str(document)?;
            }
            match override_reason {
                Some(reason) => e.str(reason)?,
                None => e.null()?,
            }
        }
        SessionEvent::AttendanceNoted { refused, reason } => e.array(3)?.u8(code)?.bool(*refused)?.str(reason)?,
        SessionEvent::SignedIn { epoch } => e.array(2)?.u8(code)?.u32(*epoch)?,
        SessionEvent::Consented | SessionEvent::Started | SessionEvent::Resumed | SessionEvent::Submitted | SessionEvent::Expired => {
            e.array(1)?.u8(code)?
        }
        SessionEvent::Viewed { position } => e.array(2)?.u8(code)?.u16(*position)?,
        SessionEvent::Answered { position, item, choices } => {
            e.array(4)?.u8(code)?.u16(*position)?.bytes(item.as_bytes())?.u16(choices.mask())?
        }
        SessionEvent::Flagged { position, doubtful } => e.array(3)?.u8(code)?.u16(*position)?.bool(*doubtful)?,
        SessionEvent::SectionClosed { section, by_time } => e.array(3)?.u8(code)?.u8(*section)?.bool(*by_time)?,
        SessionEvent::Paused { reason, for_move } => e.array(3)?.u8(code)?.str(reason)?.bool(*for_move)?,
        SessionEvent::TimeGranted { ms, reason } => e.array(3)?.u8(code)?.u32(*ms)?.str(reason)?,
        SessionEvent::Moved { seat, epoch, reason } => e.array(4)?.u8(code)?.bytes(seat.as_bytes())?.u32(*epoch)?.str(reason)?,
        SessionEvent::Terminated { reason } => e.array(2)?.u8(code)?.str(reason)?,
        SessionEvent::AnsweredLate { position, item, choices, client_mono_ms } => {
            e.array(5)?.u8(code)?.u16(*position)?.bytes(item.as_bytes())?.u16(choices.mask())?.u32(*client_mono_ms)?
        }
        SessionEvent::LateAdmitted { evidence, position, item, choices, reason } => {
            e.array(6)?.u8(code)?.u64(*evidence)?.u16(*position)?.bytes(item.as_bytes())?.u16(choices.mask())?.str(reason)?
        }
    };
    Ok(())
}

fn read_event(d: &mut Decoder<'_>, scope: Option<SessionId>) -> Result<Event, DecodeError> {
    let length = d.array()?.ok_or_else(|| DecodeError::message("indefinite array"))?;
    let code = d.u8()?;
    let event = match (code, length, scope) {
        (0, 3, _) => {
            let session = id(d)?;
            let length = d.array()?.ok_or_else(|| DecodeError::message("indefinite array"))?;
            let code = d.u8()?;
            Event::Session(session, read_session_event(d, code, length)?)
        }
        (40.., _, _) => Event::Sitting(read_sitting_event(d, code, length)?),
        (_, _, Some(session)) => Event::Session(session, read_session_event(d, code, length)?),
        (_, _, None) => return Err(DecodeError::message("an event of a session in a record without one")),
    };
    Ok(event)
}

fn read_sitting_event(d: &mut Decoder<'_>, code: u8, length: u64) -> Result<SittingEvent, DecodeError> {
    Ok(match (code, length) {
        (40, 1) => SittingEvent::Opened,
        (41, 1) => SittingEvent::Started,
        (42, 2) => SittingEvent::Held { reason: string(d)? },
        (43, 2) => SittingEvent::Released { reason: string(d)? },
        (44, 1) => SittingEvent::Closed,
        (45, 3) => {
            let count = d.array()?.ok_or_else(|| DecodeError::message("indefinite array"))?;
            let sessions = (0..count).map(|_| id(d)).collect::<Result<_, _>>()?;
            SittingEvent::MessageSent { sessions, text: string(d)? }
        }
        (46, 3) => SittingEvent::Noted { session: optional_id(d)?, text: string(d)? },
        _ => return Err(DecodeError::message("unknown event of a sitting")),
    })
}

fn read_session_event(d: &mut Decoder<'_>, code: u8, length: u64) -> Result<SessionEvent, DecodeError> {
    Ok(match (code, length) {
        (1, 4) => SessionEvent::Prepared { paper: Digest32(fixed(d.bytes()?)?), base_ms: d.u32()?, extra_ms: d.u32()? },
        (2, 4) => {
            let seat = id(d)?;
            let count = d.array()?.ok_or_else(|| DecodeError::message("indefinite array"))?;
            let documents = (0..count).map(|_| string(d)).collect::<Result<_, _>>()?;
            let override_reason = if d.datatype()? == Type::Null { d.null().map(|()| None)? } else { Some(string(d)?) };
            SessionEvent::CheckedIn { seat, documents, override_reason }
        }
        (3, 3) => SessionEvent::AttendanceNoted { refused: d.bool()?, reason: string(d)? },
        (4, 2) => SessionEvent::SignedIn { epoch: d.u32()? },
        (5, 1) => SessionEvent::Consented,
        (6, 1) => SessionEvent::Started,
        (7, 2) => SessionEvent::Viewed { position: d.u16()? },
        (8, 4) => SessionEvent::Answered { position: d.u16()?, item: item(d)?, choices: choices(d)? },
        (9, 3) => SessionEvent::Flagged { position: d.u16()?, doubtful: d.bool()? },
        (10, 3) => SessionEvent::SectionClosed { section: d.u8()?, by_time: d.bool()? },
        (11, 3) => SessionEvent::Paused { reason: string(d)?, for_move: d.bool()? },
        (12, 1) => SessionEvent::Resumed,
        (13, 3) => SessionEvent::TimeGranted { ms: d.u32()?, reason: string(d)? },
        (14, 4) => SessionEvent::Moved { seat: id(d)?, epoch: d.u32()?, reason: string(d)? },
        (15, 1) => SessionEvent::Submitted,
        (16, 1) => SessionEvent::Expired,
        (17, 2) => SessionEvent::Terminated { reason: string(d)? },
        (18, 5) => SessionEvent::AnsweredLate { position: d.u16()?, item: item(d)?, choices: choices(d)?, client_mono_ms: d.u32()? },
        (19, 6) => {
            SessionEvent::LateAdmitted { evidence: d.u64()?, position: d.u16()?, item: item(d)?, choices: choices(d)?, reason: string(d)? }
        }
        _ => return Err(DecodeError::message("unknown event of a session")),
    })
}

fn array_of(d: &mut Decoder<'_>, length: u64) -> Result<(), DecodeError> {
    if d.array()? == Some(length) { Ok(()) } else { Err(DecodeError::message("an array of another length")) }
}

fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], DecodeError> {
    bytes.try_into().map_err(|_| DecodeError::message("a byte string of another length"))
}

fn id<Kind>(d: &mut Decoder<'_>) -> Result<Id<Kind>, DecodeError> {
    Ok(Id::from_bytes(fixed(d.bytes()?)?))
}

fn item(d: &mut Decoder<'_>) -> Result<ItemId, DecodeError> {
    id(d)
}

fn optional_id<Kind>(d: &mut Decoder<'_>) -> Result<Option<Id<Kind>>, DecodeError> {
    if d.datatype()? == Type::Null { d.null().map(|()| None) } else { id(d).map(Some) }
}

fn optional<Kind>(e: &mut Out, id: Option<Id<Kind>>) -> Written {
    match id {
        Some(id) => e.bytes(id.as_bytes())?,
        None => e.null()?,
    };
    Ok(())
}

fn choices(d: &mut Decoder<'_>) -> Result<Choices, DecodeError> {
    Choices::from_mask(d.u16()?).ok_or_else(|| DecodeError::message("choices beyond the tenth"))
}

fn string(d: &mut Decoder<'_>) -> Result<String, DecodeError> {
    d.str().map(str::to_owned)
}
