//! What must be true of a journal after anything that may happen to its disk.

use crate::hall::{Scale, given, planned, session_id, sitting_id};
use crate::writer::Ack;
use anyhow::{Context, Result, ensure};
use exam_session::block::JournalHead;
use exam_session::command::{Actor, TerminalStamp, terminal_stamp};
use exam_session::event::{Event, SessionEvent};
use exam_session::sitting::Sitting;
use question_bank::id::SessionId;
use question_bank::key::Choices;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use store::journal::Reader;

/// Blocks read at once.
const REPLAY_BLOCKS: u32 = 1_000;

/// A sitting as the server reads it at its start.
pub struct Recovered {
    /// Its state.
    pub sitting: Sitting,
    /// Where its journal ends.
    pub head: JournalHead,
    /// Its clock goes on from here.
    pub mono_ms: u64,
}

/// What an answer became: its place in the journal and its choices.
type Stored = HashMap<(SessionId, TerminalStamp), Vec<(u64, Choices)>>;

/// Reads a sitting as the server does: the chain of blocks, the records, the last heartbeat.
async fn recover(reader: &mut Reader, mut sitting: Sitting, mut stored: Option<&mut Stored>) -> Result<Recovered> {
    let (mut head, mut mono_ms) = (JournalHead::empty(sitting.id()), 0);
    loop {
        let blocks = reader.blocks(sitting.id(), head.next_position, REPLAY_BLOCKS).await.context("read blocks")?;
        for block in &blocks {
            for record in head.read(block)? {
                sitting.apply(&record);
                mono_ms = record.at.mono_ms;
                let Some(stored) = stored.as_deref_mut().filter(|_| record.actor == Actor::Candidate) else { continue };
                for event in &record.events {
                    if let Event::Session(session, SessionEvent::Answered { choices, .. }) = event {
                        stored.entry((*session, terminal_stamp(record.command))).or_default().push((record.position, *choices));
                    }
                }
            }
            head = JournalHead::after(block);
        }
        if blocks.len() < REPLAY_BLOCKS as usize {
            break;
        }
    }
    let end = reader.next_position(sitting.id()).await.context("read the end")?;
    ensure!(end == head.next_position, "the journal should end at {end} and ends at {}", head.next_position);
    if let Some(beat) = reader.heartbeat(sitting.id()).await.context("read the heartbeat")? {
        mono_ms = mono_ms.max(beat.mono_ms);
    }
    Ok(Recovered { sitting, head, mono_ms })
}

/// Reads all sittings of a directory, for a writer that goes on.
pub async fn recover_all(dir: &Path, scale: Scale) -> Result<Vec<Recovered>> {
    let paper = crate::hall::paper();
    let mut reader = Reader::open(dir).await?;
    let mut all = Vec::new();
    for n in 0..scale.sittings {
        all.push(recover(&mut reader, planned(n, scale.sessions, &paper), None).await?);
    }
    Ok(all)
}

/// Reads everything in a directory and says what is wrong, in words: a journal that cannot be read, an acknowledged answer that is not there,
/// is there twice, stands elsewhere or does not count, an answer that nobody gave.
pub async fn broken(dir: &Path, scale: Scale, acks: &[Ack]) -> Vec<String> {
    let mut broken = Vec::new();
    let paper = crate::hall::paper();
    let mut reader = match Reader::open(dir).await {
        Ok(reader) => reader,
        Err(_) if acks.is_empty() && !dir.join("journal.db").exists() => return broken,
        Err(error) => return vec![format!("the journal does not open: {error:?}")],
    };
    if acks.is_empty() && reader.sittings().await.is_err() {
        // Cut before the schema was durable: nothing was promised yet, and the next start makes it.
        return broken;
    }
    for n in 0..scale.sittings {
        let mut stored = Stored::new();
        match recover(&mut reader, planned(n, scale.sessions, &paper), Some(&mut stored)).await {
            Ok(recovered) => {
                judge(n, scale, &stored, &recovered.sitting, &mut broken);
                acks.iter().filter(|ack| ack.sitting == n).for_each(|ack| broken.extend(missing(ack, &stored)));
            }
            Err(error) => broken.push(format!("sitting {n} cannot be read: {error:#}")),
        }
    }
    broken
}

fn missing(ack: &Ack, stored: &Stored) -> Option<String> {
    let found = stored.get(&(session_id(ack.sitting, ack.session), ack.stamp));
    match found.map(Vec::as_slice) {
        Some([(position, _)]) if *position == ack.position => None,
        None | Some([]) => Some(format!("lost: {ack}")),
        Some(found) => {
            Some(format!("acknowledged as {ack}, but found at {:?}", found.iter().map(|(position, _)| position).collect::<Vec<_>>()))
        }
    }
}

/// Everything stored was given, once, and the last one of each item counts.
fn judge(n: u16, scale: Scale, stored: &Stored, sitting: &Sitting, broken: &mut Vec<String>) {
    let names: HashMap<SessionId, u16> = (0..scale.sessions).map(|m| (session_id(n, m), m)).collect();
    let mut last: BTreeMap<(u16, u16), (u64, Choices)> = BTreeMap::new();
    for ((session, stamp), found) in stored {
        let Some(&m) = names.get(session) else {
            broken.push(format!("sitting {n}: answers of a session that is not there"));
            continue;
        };
        if found.len() != 1 {
            broken.push(format!("sitting {n} session {m} {stamp:?} is there {} times", found.len()));
        }
        let given = given(m, *stamp);
        for &(position, choices) in found {
            if choices != given.choices {
                broken.push(format!("sitting {n} session {m} {stamp:?}: {choices:?} is stored, {:?} was given", given.choices));
            }
            let latest = last.entry((m, given.position)).or_insert((position, choices));
            *latest = (*latest).max_by_position((position, choices));
        }
    }
    for ((m, position), (_, choices)) in last {
        let counts =
            sitting.session(session_id(n, m)).and_then(|session| session.slots().get(usize::from(position))).map(|slot| slot.choices);
        if counts != Some(choices) {
            broken.push(format!("sitting {n} session {m} item {position}: {counts:?} counts, {choices:?} was the last"));
        }
    }
    debug_assert_eq!(sitting.id(), sitting_id(n));
}

trait Latest {
    fn max_by_position(self, other: Self) -> Self;
}

impl Latest for (u64, Choices) {
    fn max_by_position(self, other: Self) -> Self {
        if other.0 > self.0 { other } else { self }
    }
}
