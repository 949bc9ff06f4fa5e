//! Marks by section, from a sitting's journal, the drawn papers and the keys. The journal's chain of hashes and the digests of the papers are
//! verified on the way.

use crate::journal::{self, Told};
use exam_session::block::Block;
use question_bank::id::{Digest32, ItemId, SessionId, SittingId};
use question_bank::key::{Choices, Key, Rule, SealedKey};
use question_bank::paper::{Entry, Paper, PaperReader};
use std::collections::BTreeMap;

/// What is stored of a sitting.
#[derive(Clone, Debug)]
pub struct Sitting {
    /// Which.
    pub id: SittingId,
    /// Its journal, in order.
    pub blocks: Vec<Block>,
    /// Papers of its sessions, in their stored form ([`Paper::encode`]).
    pub papers: BTreeMap<SessionId, Vec<u8>>,
}

/// Sealed keys by item and version: at least those of all items on the papers.
pub type Keys = BTreeMap<(ItemId, u32), SealedKey>;

/// What was decided about an item after the exam. Of several about the same item the later ones go further: the last effect counts, with
/// the last corrected key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// About which item.
    pub item: ItemId,
    /// In which version: another version may have another key.
    pub version: u32,
    /// What is done.
    pub effect: Effect,
}

/// What is done about an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It is marked by this key; several right choices are such a key.
    Key(Key),
    /// Everybody who had it on the paper gets its maximum, also who left it blank.
    FullMarks,
    /// Nobody gets marks for it.
    Removed,
}

/// What was computed of a sitting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Where its journal ends: to be compared with the head that the store keeps, for a journal without its last blocks is in order too.
    pub head: Head,
    /// Sessions by id: all who have a paper.
    pub sessions: Vec<SessionMarks>,
}

/// Where a journal ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Position of the next record.
    pub next_position: u64,
    /// Hash of the last block.
    pub hash: Digest32,
}

/// What was computed of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionMarks {
    /// Which.
    pub session: SessionId,
    /// At the desk.
    pub attendance: Attendance,
    /// Did the clock run? Without that there are no marks.
    pub started: bool,
    /// How it ended; none while it did not.
    pub ending: Option<Ending>,
    /// Sections of the paper in order; none for who never started.
    pub sections: Option<Vec<SectionMarks>>,
}

/// Marks of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionMarks {
    /// Its code.
    pub code: String,
    /// Exact marks in thousandths.
    pub thousandths: i64,
}

/// What the desk noted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Attendance {
    /// Nothing yet.
    #[default]
    Unknown,
    /// Checked in.
    Present,
    /// Not there.
    Absent,
    /// There, and turned away.
    Refused,
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The candidate ended it.
    Submitted,
    /// The time was over.
    Expired,
    /// A proctor ended it.
    Terminated,
}

/// What is stored contradicts itself: stop, nothing that depends on it can be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// Positions do not follow.
    #[error("the journal has a block at {found} where {expected} was expected")]
    Gap {
        /// Next position of the journal.
        expected: u64,
        /// Position of the block.
        found: u64,
    },
    /// The chain of hashes is broken.
    #[error("the hash of the journal's block at {0} does not follow from the block before")]
    Hash(u64),
    /// Records cannot be read.
    #[error("the journal's block at {at}: {reason}")]
    Record {
        /// Position of the block.
        at: u64,
        /// Why.
        reason: String,
    },
    /// An event that cannot have happened.
    #[error("session {session}, record {at}: {reason}")]
    Event {
        /// Whose.
        session: SessionId,
        /// Position of the record.
        at: u64,
        /// What is wrong.
        reason: &'static str,
    },
    /// A paper is missing, unreadable, or not the one that the journal names.
    #[error("session {session}: its paper {reason}")]
    Paper {
        /// Whose.
        session: SessionId,
        /// What is wrong.
        reason: &'static str,
    },
    /// An answer does not fit the paper.
    #[error("session {session}: the answer at position {position} {reason}")]
    Answer {
        /// Whose.
        session: SessionId,
        /// Position in the paper.
        position: u16,
        /// What is wrong.
        reason: &'static str,
    },
    /// A key is missing, unreadable, or of another item.
    #[error("the key of item {item}, version {version}, {reason}")]
    Key {
        /// Whose.
        item: ItemId,
        /// Its version.
        version: u32,
        /// What is wrong.
        reason: &'static str,
    },
}

/// Marks of all sessions of a sitting.
pub fn marks(sitting: &Sitting, keys: &Keys, amendments: &[Amendment]) -> Result<Marked, Broken> {
    let journal = journal::read(sitting.id, &sitting.blocks)?;
    let mut told = journal::fold(&journal.records)?;
    let mut sessions = Vec::new();
    for (&session, stored) in &sitting.papers {
        let told = told.remove(&session).unwrap_or_default();
        let paper = paper(session, stored, &told)?;
        let sections = if told.started { Some(sections(session, &paper, &told, keys, amendments)?) } else { None };
        sessions.push(SessionMarks { session, attendance: told.attendance, started: told.started, ending: told.ending, sections });
    }
    match told.into_keys().next() {
        Some(session) => Err(Broken::Paper { session, reason: "is missing" }),
        None => Ok(Marked { head: journal.head, sessions }),
    }
}

/// The paper of a session, which must be the one that the journal names.
fn paper(session: SessionId, stored: &[u8], told: &Told) -> Result<Paper, Broken> {
    let broken = |reason| Broken::Paper { session, reason };
    let digest = journal::sha256(&[b"saksama/paper/v1\n", stored]);
    if told.paper.is_some_and(|named| named != digest) {
        return Err(broken("is not the one that the journal names"));
    }
    if told.started && told.paper.is_none() {
        return Err(broken("is not named by the journal"));
    }
    let mut reader = PaperReader::default();
    reader.add(stored).map_err(|_| broken("cannot be read"))?;
    let papers = reader.finish().map_err(|_| broken("cannot be read"))?;
    papers.first().map(|paper| Paper::clone(paper)).ok_or_else(|| broken("cannot be read"))
}

/// Sums of the items' marks, section by section: items of a section follow one another on the paper.
fn sections(session: SessionId, paper: &Paper, told: &Told, keys: &Keys, amendments: &[Amendment]) -> Result<Vec<SectionMarks>, Broken> {
    if let Some((&position, _)) = told.answers.iter().find(|(position, _)| paper.entry(**position).is_none()) {
        return Err(Broken::Answer { session, position, reason: "is beyond the paper" });
    }
    let mut position = 0;
    let mut sections = Vec::new();
    for section in paper.sections.iter() {
        let mut thousandths = 0;
        for _ in 0..section.items {
            let fewer = Broken::Paper { session, reason: "has fewer items than its sections say" };
            let entry = paper.entry(position).ok_or(fewer)?;
            let chosen = chosen(session, position, entry, told)?;
            thousandths += item_marks(entry, chosen, keys, amendments)?;
            position += 1;
        }
        sections.push(SectionMarks { code: section.code.clone(), thousandths });
    }
    Ok(sections)
}

/// What is chosen at a position; nothing where nothing was answered.
fn chosen(session: SessionId, position: u16, entry: &Entry, told: &Told) -> Result<Choices, Broken> {
    let Some((item, chosen)) = told.answers.get(&position) else { return Ok(Choices::NONE) };
    let broken = |reason| Err(Broken::Answer { session, position, reason });
    if *item != entry.item {
        return broken("names another item than the paper");
    }
    if chosen.ids().any(|choice| choice >= entry.choices) {
        return broken("names a choice that the item does not have");
    }
    if chosen.len() > 1 && !entry.multiple {
        return broken("has several choices where one may be chosen");
    }
    Ok(*chosen)
}

/// Marks of one item in thousandths, after all amendments.
fn item_marks(entry: &Entry, chosen: Choices, keys: &Keys, amendments: &[Amendment]) -> Result<i64, Broken> {
    let broken = |reason| Broken::Key { item: entry.item, version: entry.version, reason };
    let sealed = keys.get(&(entry.item, entry.version)).ok_or_else(|| broken("is missing"))?;
    let mut key = Key::open(sealed).map_err(|_| broken("cannot be read"))?;
    let mut last = None;
    for amendment in amendments.iter().filter(|amendment| (amendment.item, amendment.version) == (entry.item, entry.version)) {
        if let Effect::Key(corrected) = &amendment.effect {
            key = corrected.clone();
        }
        last = Some(&amendment.effect);
    }
    if key.weights().len() != usize::from(entry.choices) {
        return Err(broken("has another number of choices than the item"));
    }
    Ok(match last {
        None | Some(Effect::Key(_)) => by_key(&key, chosen),
        Some(Effect::FullMarks) => most(&key),
        Some(Effect::Removed) => 0,
    })
}

/// What these choices earn, in thousandths: [`Rule`] says how.
fn by_key(key: &Key, chosen: Choices) -> i64 {
    if chosen.is_empty() {
        return key.blank().milli();
    }
    let weights: Vec<i64> = key.weights().iter().map(|weight| weight.milli()).collect();
    let sum: i64 = chosen.ids().map(|choice| weights[usize::from(choice)]).sum();
    match key.rule() {
        Rule::Single => sum,
        Rule::Sum => sum.max(0).min(most(key)),
        Rule::AllOrNothing => {
            let exact = (0..).zip(&weights).all(|(choice, weight)| chosen.contains(choice) == (*weight > 0));
            if exact { most(key) } else { 0 }
        }
    }
}

/// The most that an item can earn, in thousandths.
fn most(key: &Key) -> i64 {
    let weights = key.weights().iter().map(|weight| weight.milli());
    match key.rule() {
        Rule::Single => weights.max().unwrap_or(0),
        Rule::Sum | Rule::AllOrNothing => weights.filter(|weight| *weight > 0).sum(),
    }
}
