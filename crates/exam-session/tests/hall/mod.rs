//! A small hall for the tests: who sits there, on which paper, under which policy, and what its journal says.

use exam_session::block::{Block, JournalHead};
use exam_session::command::Preparation;
use exam_session::record::Record;
use exam_session::sitting::{Sitting, SittingPolicy};
use question_bank::id::{ItemId, SeatId, SessionId, SittingId, StaffId};
use question_bank::paper::{Catalogue, ChoiceOrder, Entry, Paper, PaperItem, PaperSection};
use std::sync::Arc;

/// The sitting.
pub const SITTING: SittingId = SittingId::from_bytes([0xee; 16]);
/// Its scheduled start, wall clock.
pub const SCHEDULED_UTC_MS: i64 = 1_800_000_000_000;
/// Time of the blueprint: ten minutes.
pub const BASE_MS: u32 = 600_000;

/// The n-th session.
pub const fn session(n: u8) -> SessionId {
    SessionId::from_bytes([n; 16])
}

/// The n-th seat.
pub const fn seat(n: u8) -> SeatId {
    SeatId::from_bytes([n; 16])
}

/// The n-th staff member.
pub const fn staff(n: u8) -> StaffId {
    StaffId::from_bytes([n; 16])
}

/// The item at a position; it is the same on every paper here.
pub const fn item(position: u16) -> ItemId {
    ItemId::from_bytes([100 + position as u8; 16])
}

/// A paper of sections (items, own time, linear). Items have five choices; every fourth lets several be chosen.
pub fn paper(sections: &[(u16, Option<u32>, bool)]) -> Arc<Paper> {
    let items: u16 = sections.iter().map(|(items, _, _)| items).sum();
    let entry = |position| Entry { item: item(position), version: 1, choices: 5, multiple: position % 4 == 3 };
    let section = |(index, &(items, duration_ms, linear)): (usize, &(u16, Option<u32>, bool))| PaperSection {
        code: format!("bagian-{index}"),
        title: format!("Bagian {index}"),
        items,
        duration_ms,
        linear,
    };
    let order = ChoiceOrder::new(&[0, 1, 2, 3, 4]).expect("five choices in their own order");
    Arc::new(Paper {
        sections: sections.iter().enumerate().map(section).collect(),
        items: (0..items).map(|entry| PaperItem { entry, order }).collect(),
        catalogue: Arc::new(Catalogue { entries: (0..items).map(entry).collect() }),
    })
}

/// Each starts individually within half an hour, two seconds of grace, nothing needs approval.
pub fn policy() -> SittingPolicy {
    SittingPolicy {
        start_together: false,
        scheduled_utc_ms: SCHEDULED_UTC_MS,
        check_in_opens_before_ms: 60 * 60_000,
        check_in_closes_before_ms: 0,
        latest_start_after_ms: 30 * 60_000,
        hard_close_after_ms: None,
        grace_ms: 2_000,
        outage_automatic_ms: 5 * 60_000,
        grant_approval_above_ms: None,
        terminate_approval: false,
        admit_late_approval: false,
    }
}

/// A planned sitting of so many sessions on the same paper.
pub fn sitting(sessions: u8, policy: SittingPolicy, paper: &Arc<Paper>) -> Sitting {
    Sitting::new(SITTING, policy, (1..=sessions).map(|n| (session(n), Arc::clone(paper))).collect())
}

/// What makes the n-th session ready.
pub fn preparation(n: u8, paper: &Paper, extra_ms: u32) -> Preparation {
    Preparation { session: session(n), paper: paper.digest(), base_ms: BASE_MS, extra_ms }
}

/// Reads a journal from its beginning.
pub fn read(blocks: &[Block]) -> Vec<Record> {
    let mut head = JournalHead::empty(SITTING);
    let mut records = Vec::new();
    for block in blocks {
        records.extend(head.read(block).expect("the block follows the one before"));
        head = JournalHead::after(block);
    }
    records
}

/// The state that follows from a journal must be the living one, field for field.
pub fn assert_replays(mut planned: Sitting, blocks: &[Block], living: &Sitting) {
    read(blocks).iter().for_each(|record| planned.apply(record));
    assert_same(&planned, living);
}

/// Two sittings stand at the same place.
pub fn assert_same(left: &Sitting, right: &Sitting) {
    assert_eq!(left.head(), right.head());
    assert!(left.sessions().eq(right.sessions()), "sessions differ:\n{:#?}", differing(left, right));
}

fn differing(left: &Sitting, right: &Sitting) -> Vec<String> {
    let pairs = left.sessions().zip(right.sessions()).filter(|(left, right)| left != right);
    pairs.map(|(left, right)| format!("{left:?}\n{right:?}")).collect()
}
