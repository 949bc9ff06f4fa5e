//! Halls that need no set-up: who sits there and what each one answers follows from numbers alone, so that whoever reads a journal can say
//! what must stand in it.

use exam_session::command::{GivenAnswer, Preparation, SessionOrder, TerminalStamp};
use exam_session::sitting::{Sitting, SittingPolicy};
use question_bank::id::{ItemId, SeatId, SessionId, SittingId, StaffId};
use question_bank::key::Choices;
use question_bank::paper::{Catalogue, ChoiceOrder, Entry, Paper, PaperItem, PaperSection};
use std::sync::Arc;

/// Items of each paper.
pub const ITEMS: u16 = 40;
/// Scheduled start, wall clock.
pub const SCHEDULED_UTC_MS: i64 = 1_800_000_000_000;
/// Nobody's time ends within a test: a day.
const BASE_MS: u32 = 24 * 3_600_000;

/// How many sittings write to one journal, and how many sessions each has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Sittings.
    pub sittings: u16,
    /// Sessions of each; at most 300, so that a sitting is made ready in one batch.
    pub sessions: u16,
}

/// The n-th sitting.
pub fn sitting_id(n: u16) -> SittingId {
    SittingId::derive("faults/sitting", &[&n.to_be_bytes()])
}

/// The m-th session of the n-th sitting.
pub fn session_id(n: u16, m: u16) -> SessionId {
    SessionId::derive("faults/session", &[&n.to_be_bytes(), &m.to_be_bytes()])
}

/// The seat of the m-th session.
pub fn seat_id(m: u16) -> SeatId {
    SeatId::derive("faults/seat", &[&m.to_be_bytes()])
}

/// The proctor.
pub fn proctor() -> StaffId {
    StaffId::derive("faults/proctor", &[])
}

fn item_id(position: u16) -> ItemId {
    ItemId::derive("faults/item", &[&position.to_be_bytes()])
}

/// The paper of everybody: one section of single-choice items.
pub fn paper() -> Arc<Paper> {
    let entry = |position| Entry { item: item_id(position), version: 1, choices: 5, multiple: false };
    let order = ChoiceOrder::new(&[0, 1, 2, 3, 4]).expect("five choices in their own order");
    Arc::new(Paper {
        sections: vec![PaperSection { code: "umum".into(), title: "Umum".into(), items: ITEMS, duration_ms: None, linear: false }].into(),
        items: (0..ITEMS).map(|entry| PaperItem { entry, order }).collect(),
        catalogue: Arc::new(Catalogue { entries: (0..ITEMS).map(entry).collect() }),
    })
}

fn policy() -> SittingPolicy {
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

/// The n-th sitting as it was planned.
pub fn planned(n: u16, sessions: u16, paper: &Arc<Paper>) -> Sitting {
    Sitting::new(sitting_id(n), policy(), (0..sessions).map(|m| (session_id(n, m), Arc::clone(paper))).collect())
}

/// What makes a session ready.
pub fn preparation(n: u16, m: u16, paper: &Paper) -> Preparation {
    Preparation { session: session_id(n, m), paper: paper.digest(), base_ms: BASE_MS, extra_ms: 0 }
}

/// What the m-th session of a sitting answers under a number.
pub fn given(m: u16, stamp: TerminalStamp) -> GivenAnswer {
    let position = ((stamp.seq.wrapping_mul(7).wrapping_add(u32::from(m))) % u32::from(ITEMS)) as u16;
    let choice = (stamp.seq.wrapping_add(stamp.epoch).wrapping_mul(2_654_435_761) >> 13) % 5;
    GivenAnswer { position, item: item_id(position), choices: Choices::one(choice as u8) }
}

/// The order of that answer.
pub fn answer(m: u16, stamp: TerminalStamp) -> SessionOrder {
    SessionOrder::Answer(stamp, given(m, stamp))
}
