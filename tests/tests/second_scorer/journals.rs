//! Random journals and amendments: the state machine of a sitting and `scoring` on one side, the second scorer's fold of the records on the
//! other.

use exam_session::block::{Block, JournalHead};
use exam_session::command::Actor;
use exam_session::event::{Event, SessionEvent, SittingEvent};
use exam_session::record::Record;
use exam_session::session::Phase;
use exam_session::sitting::{Sitting, SittingPolicy};
use exam_session::time::Now;
use question_bank::id::{CommandId, ItemId, SeatId, SessionId, SittingId};
use question_bank::key::{Choices, Key, Rule};
use question_bank::marks::Marks;
use question_bank::paper::{Catalogue, ChoiceOrder, Entry, Paper, PaperItem, PaperSection};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use recount::marks::{Effect, Ending};
use scoring::scheme::{Amendment, Keys, Tally, tally};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

const SITTING: SittingId = SittingId::from_bytes([0xee; 16]);
/// Versions of items: the last few are second ones of the first items.
const ENTRIES: u8 = 24;
const ITEMS: u8 = 20;
const ON_PAPER: usize = 9;
const SESSIONS: u8 = 6;

fn item(n: u8) -> ItemId {
    ItemId::from_bytes([n; 16])
}

/// Item and version at a place of the catalogue.
fn version(entry: u8) -> (ItemId, u32) {
    (item(entry % ITEMS), 1 + u32::from(entry / ITEMS))
}

fn session(n: u8) -> SessionId {
    SessionId::from_bytes([0x80 + n; 16])
}

/// Two to six choices, every rule, weights and blanks below zero too.
fn key(rng: &mut SmallRng) -> Key {
    loop {
        let weights = (0..rng.random_range(2..=6)).map(|_| Marks::from_milli(rng.random_range(-4..=20) * 250)).collect();
        let rule = [Rule::Single, Rule::Sum, Rule::AllOrNothing][rng.random_range(0..3)];
        let blank = Marks::from_milli([0, 0, 0, -250, 125][rng.random_range(0..5)]);
        if let Ok(key) = Key::new(weights, blank, rule) {
            return key;
        }
    }
}

/// Papers of nine of the items in random order, in two sections.
fn papers(keys: &[Key], rng: &mut SmallRng) -> Vec<Arc<Paper>> {
    let entries = keys.iter().zip(0..).map(|(key, n)| Entry {
        item: version(n).0,
        version: version(n).1,
        choices: key.weights().len() as u8,
        multiple: key.rule() != Rule::Single,
    });
    let catalogue = Arc::new(Catalogue { entries: entries.collect() });
    let section = |code: &str, items| PaperSection { code: code.into(), title: code.into(), items, duration_ms: None, linear: false };
    let sections: Arc<[PaperSection]> = Arc::new([section("umum", 4), section("bidang", ON_PAPER as u16 - 4)]);
    let mut paper = || {
        let mut left: Vec<u16> = (0..u16::from(ENTRIES)).collect();
        let items = (0..ON_PAPER).map(|_| {
            let entry = left.swap_remove(rng.random_range(0..left.len()));
            left.retain(|other| other % u16::from(ITEMS) != entry % u16::from(ITEMS));
            let ids: Vec<u8> = (0..catalogue.entries[usize::from(entry)].choices).collect();
            PaperItem { entry, order: ChoiceOrder::new(&ids).expect("a permutation") }
        });
        Arc::new(Paper { sections: Arc::clone(&sections), items: items.collect(), catalogue: Arc::clone(&catalogue) })
    };
    (0..SESSIONS).map(|_| paper()).collect()
}

/// What may happen to one session, in an order that is possible.
fn life(paper: &Paper, rng: &mut SmallRng) -> Vec<SessionEvent> {
    if rng.random_bool(0.2) {
        return vec![SessionEvent::AttendanceNoted { refused: rng.random_bool(0.5), reason: "tidak hadir".into() }];
    }
    let mut events = vec![SessionEvent::CheckedIn { seat: SeatId::from_bytes([1; 16]), documents: vec![], override_reason: None }];
    events.extend([SessionEvent::SignedIn { epoch: 1 }, SessionEvent::Consented]);
    if rng.random_bool(0.1) {
        return events;
    }
    events.push(SessionEvent::Started);
    for _ in 0..rng.random_range(0..25) {
        events.push(match rng.random_range(0..5) {
            0 => SessionEvent::Viewed { position: rng.random_range(0..ON_PAPER as u16) },
            1 => SessionEvent::Flagged { position: rng.random_range(0..ON_PAPER as u16), doubtful: rng.random_bool(0.5) },
            _ => {
                let (position, item, choices) = answer(paper, rng);
                SessionEvent::Answered { position, item, choices }
            }
        });
    }
    match rng.random_range(0..4) {
        0 => return events,
        1 => events.push(SessionEvent::Submitted),
        2 => events.push(SessionEvent::Expired),
        _ => events.push(SessionEvent::Terminated { reason: "pelanggaran".into() }),
    }
    for _ in 0..rng.random_range(0..3) {
        let (position, item, choices) = answer(paper, rng);
        events.push(SessionEvent::AnsweredLate { position, item, choices, client_mono_ms: 5 });
    }
    events
}

fn answer(paper: &Paper, rng: &mut SmallRng) -> (u16, ItemId, Choices) {
    let position = rng.random_range(0..ON_PAPER as u16);
    let entry = paper.entry(position).expect("a position of the paper");
    let choices = if entry.multiple {
        Choices::from_mask(rng.random_range(0..1 << entry.choices)).expect("a mask")
    } else if rng.random_bool(0.1) {
        Choices::NONE
    } else {
        Choices::one(rng.random_range(0..entry.choices))
    };
    (position, entry.item, choices)
}

/// All sessions' events mixed, with admissions of some late answers, as records in blocks of random size.
fn journal(papers: &[Arc<Paper>], rng: &mut SmallRng) -> Vec<Block> {
    let mut opened = vec![Event::Sitting(SittingEvent::Opened)];
    let prepared = |paper: &Paper| SessionEvent::Prepared { paper: paper.digest(), base_ms: 600_000, extra_ms: 0 };
    opened.extend(papers.iter().zip(0..).map(|(paper, n)| Event::Session(session(n), prepared(paper))));
    let mut happened = vec![(None, opened)];
    let mut lives: Vec<Vec<SessionEvent>> = papers.iter().map(|paper| life(paper, rng)).collect();
    lives.iter_mut().for_each(|life| life.reverse());
    while lives.iter().any(|life| !life.is_empty()) {
        let n = rng.random_range(0..lives.len());
        let Some(event) = lives[n].pop() else { continue };
        let of = session(n as u8);
        let at = happened.len() as u64;
        happened.push((Some(of), vec![Event::Session(of, event.clone())]));
        if let (SessionEvent::AnsweredLate { position, item, choices, .. }, true) = (event, rng.random_bool(0.5)) {
            let admitted = SessionEvent::LateAdmitted { evidence: at, position, item, choices, reason: "kabel".into() };
            happened.push((Some(of), vec![Event::Session(of, admitted)]));
        }
    }
    let records: Vec<Record> = happened.into_iter().zip(0..).map(|((scope, events), position)| record(scope, events, position)).collect();
    let (mut blocks, mut head, mut rest) = (Vec::new(), JournalHead::empty(SITTING), &records[..]);
    while !rest.is_empty() {
        let (batch, after) = rest.split_at(rng.random_range(1..=rest.len().min(5)));
        let mut bytes = Vec::new();
        batch.iter().for_each(|record| record.encode(&mut bytes));
        let block = head.block(SITTING, batch.len() as u32, bytes);
        head = JournalHead::after(&block);
        blocks.push(block);
        rest = after;
    }
    blocks
}

fn record(scope: Option<SessionId>, events: Vec<Event>, position: u64) -> Record {
    let at = Now { utc_ms: 1_800_000_000_000, mono_ms: position };
    let command = CommandId::from_bytes((position as u128).to_be_bytes());
    Record { nonce: [7; 16], position, at, actor: Actor::System, approver: None, scope, command, events }
}

fn policy() -> SittingPolicy {
    SittingPolicy {
        start_together: false,
        scheduled_utc_ms: 1_800_000_000_000,
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

/// Replays the journal with the state machine.
fn replayed(papers: &[Arc<Paper>], blocks: &[Block]) -> Sitting {
    let enrolled = papers.iter().zip(0..).map(|(paper, n)| (session(n), Arc::clone(paper))).collect();
    let (mut sitting, mut head) = (Sitting::new(SITTING, policy(), enrolled), JournalHead::empty(SITTING));
    for block in blocks {
        head.read(block).expect("the block follows").iter().for_each(|record| sitting.apply(record));
        head = JournalHead::after(block);
    }
    sitting
}

/// What the committee decides about items after the exam, in order; now and then several times about one.
fn decisions(keys: &[Key], rng: &mut SmallRng) -> Vec<(u8, Amendment)> {
    let mut decisions = Vec::new();
    for n in 0..ITEMS {
        for _ in 0..[0, 0, 0, 1, 1, 2, 3][rng.random_range(0..7)] {
            decisions.push((n, decision(&versions(keys, n), rng)));
        }
    }
    decisions
}

/// The versions of an item, with their keys.
fn versions(keys: &[Key], n: u8) -> Vec<(u32, &Key)> {
    keys.iter().zip(0..).filter(|(_, entry)| version(*entry).0 == item(n)).map(|(key, entry)| (version(entry).1, key)).collect()
}

/// A corrected key only where it can be made: one of one-choice items, with one or several right choices that all versions have.
fn decision(versions: &[(u32, &Key)], rng: &mut SmallRng) -> Amendment {
    let right = Choices::from_mask(rng.random_range(1..1 << 4)).expect("a mask");
    let possible = versions.iter().all(|(_, key)| key.corrected(right).is_some());
    match rng.random_range(0..4) {
        0 => Amendment::FullMarks,
        1 => Amendment::Removed,
        _ if possible => Amendment::Right(right),
        _ => Amendment::FullMarks,
    }
}

/// The same in the words of the second scorer: one for each version, with its own key; and some about versions that are on no paper.
fn in_its_words(keys: &[Key], decisions: &[(u8, Amendment)], rng: &mut SmallRng) -> Vec<recount::Amendment> {
    let mut amendments = Vec::new();
    for &(n, decided) in decisions {
        for (version, key) in versions(keys, n) {
            let effect = match decided {
                Amendment::FullMarks => Effect::FullMarks,
                Amendment::Removed => Effect::Removed,
                Amendment::Right(right) => Effect::Key(key.corrected(right).expect("it can be made")),
            };
            amendments.push(recount::Amendment { item: item(n), version, effect });
        }
        if rng.random_bool(0.2) {
            amendments.push(recount::Amendment { item: item(n), version: 3, effect: Effect::Removed });
        }
    }
    amendments
}

#[test]
fn random_journals() {
    let (mut marked, mut started, mut changed) = (0, 0, 0);
    for seed in 0..1_000 {
        let mut rng = SmallRng::seed_from_u64(seed);
        let keys: Vec<Key> = (0..ENTRIES).map(|_| key(&mut rng)).collect();
        let papers = papers(&keys, &mut rng);
        let blocks = journal(&papers, &mut rng);
        let sitting = replayed(&papers, &blocks);
        let of_item: HashMap<(ItemId, u32), Key> = keys.iter().zip(0..).map(|(key, entry)| (version(entry), key.clone())).collect();
        let unamended = Keys::new(&papers[0].catalogue, of_item).expect("all keys");
        let decisions = if rng.random_bool(0.7) { decisions(&keys, &mut rng) } else { Vec::new() };
        let last: BTreeMap<ItemId, Amendment> = decisions.iter().map(|&(n, decided)| (item(n), decided)).collect();
        let first_keys = unamended.amended(&papers[0].catalogue, &last);
        let amendments = in_its_words(&keys, &decisions, &mut rng);
        let second_keys = keys.iter().zip(0..).map(|(key, entry)| (version(entry), key.seal())).collect();
        let stored: BTreeMap<SessionId, Vec<u8>> = papers.iter().zip(0..).map(|(paper, n)| (session(n), paper.encode())).collect();
        let ours = recount::marks(&recount::marks::Sitting { id: SITTING, blocks, papers: stored }, &second_keys, &amendments);
        let ours = ours.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        for ((_, state), ours) in sitting.sessions().zip(&ours.sessions) {
            let theirs = |keys: &Keys| (!state.slots().is_empty()).then(|| tally(state.paper(), state.slots(), keys));
            let sections = |tally: Tally| tally.sections.iter().map(|marks| marks.milli()).collect::<Vec<_>>();
            let of_second = ours.sections.as_ref().map(|of| of.iter().map(|section| section.thousandths).collect());
            assert_eq!(of_second, theirs(&first_keys).map(sections), "seed {seed}, session {}, {decisions:?}", ours.session);
            changed += usize::from(theirs(&first_keys) != theirs(&unamended));
            let ended = match state.phase() {
                Phase::Submitted => Some(Ending::Submitted),
                Phase::Expired => Some(Ending::Expired),
                Phase::Terminated => Some(Ending::Terminated),
                Phase::Expected | Phase::CheckedIn | Phase::SignedIn | Phase::Ready | Phase::Running => None,
            };
            assert_eq!(ours.ending, ended, "seed {seed}, session {}", ours.session);
            marked += 1;
            started += usize::from(ours.started);
        }
    }
    assert!(marked == 6_000 && started > 3_000, "{marked} sessions, {started} of them started");
    assert!(changed > 1_000, "amendments changed only {changed} sessions");
}
