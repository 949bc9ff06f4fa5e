//! Marks from journals, papers and keys, with and without amendments; and journals, papers and keys that contradict themselves.

use exam_session::block::{Block, JournalHead};
use exam_session::command::Actor;
use exam_session::event::{Event, SessionEvent, SittingEvent};
use exam_session::record::Record;
use exam_session::time::Now;
use question_bank::id::{CommandId, Digest32, ItemId, SeatId, SessionId, SittingId};
use question_bank::key::{Choices, Key, Rule};
use question_bank::marks::Marks;
use question_bank::paper::{Catalogue, ChoiceOrder, Entry, Paper, PaperItem, PaperSection};
use recount::marks::{Attendance, Broken, Effect, Ending, Keys, Marked, Sitting};
use recount::{Amendment, marks};
use std::collections::BTreeMap;
use std::sync::Arc;

const SITTING: SittingId = SittingId::from_bytes([0xee; 16]);
const ANI: SessionId = SessionId::from_bytes([1; 16]);
const BUDI: SessionId = SessionId::from_bytes([2; 16]);

/// The item at a position of the paper.
const fn item(position: u16) -> ItemId {
    ItemId::from_bytes([100 + position as u8; 16])
}

/// Of all items.
const VERSION: u32 = 1;

fn key(weights: &[&str], blank: &str, rule: Rule) -> Key {
    let weights = weights.iter().map(|text| text.parse().expect("a decimal")).collect();
    Key::new(weights, blank.parse::<Marks>().expect("a decimal"), rule).expect("a key")
}

/// Section `umum`: one right choice; choices from 1 to 5. Section `bidang`: a sum that may punish; all or nothing, where a blank costs.
fn key_of(position: u16) -> Key {
    match position {
        0 => key(&["0", "5", "0", "0"], "0", Rule::Single),
        1 => key(&["1", "2", "3.5", "5"], "0", Rule::Single),
        2 => key(&["2.5", "2.5", "-1", "0"], "0", Rule::Sum),
        _ => key(&["5", "0", "0", "5"], "-0.5", Rule::AllOrNothing),
    }
}

fn keys() -> Keys {
    (0..4).map(|position| ((item(position), VERSION), key_of(position).seal())).collect()
}

fn paper() -> Paper {
    let entry = |position| Entry { item: item(position), version: VERSION, choices: 4, multiple: position >= 2 };
    let section = |code: &str| PaperSection { code: code.into(), title: code.into(), items: 2, duration_ms: None, linear: false };
    let order = ChoiceOrder::new(&[3, 1, 0, 2]).expect("a permutation");
    Paper {
        sections: Arc::new([section("umum"), section("bidang")]),
        items: (0..4).map(|entry| PaperItem { entry, order }).collect(),
        catalogue: Arc::new(Catalogue { entries: (0..4).map(entry).collect() }),
    }
}

fn prepared() -> SessionEvent {
    SessionEvent::Prepared { paper: paper().digest(), base_ms: 600_000, extra_ms: 0 }
}

fn checked_in() -> SessionEvent {
    SessionEvent::CheckedIn { seat: SeatId::from_bytes([9; 16]), documents: vec!["ktp".into()], override_reason: None }
}

fn answered(position: u16, choices: &[u8]) -> SessionEvent {
    SessionEvent::Answered { position, item: item(position), choices: Choices::from_ids(choices).expect("choices") }
}

fn late(position: u16, choices: &[u8]) -> SessionEvent {
    let choices = Choices::from_ids(choices).expect("choices");
    SessionEvent::AnsweredLate { position, item: item(position), choices, client_mono_ms: 1 }
}

fn admitted(evidence: u64, position: u16, choices: &[u8]) -> SessionEvent {
    let choices = Choices::from_ids(choices).expect("choices");
    SessionEvent::LateAdmitted { evidence, position, item: item(position), choices, reason: "kabel".into() }
}

/// Blocks of two records: the opening prepares both sessions, then one record for each event.
fn journal(events: &[(SessionId, SessionEvent)]) -> Vec<Block> {
    let opened = vec![Event::Sitting(SittingEvent::Opened), Event::Session(ANI, prepared()), Event::Session(BUDI, prepared())];
    let rest = events.iter().map(|(session, event)| (Some(*session), vec![Event::Session(*session, event.clone())]));
    let records: Vec<Record> = std::iter::once((None, opened)).chain(rest).zip(0..).map(record).collect();
    let mut head = JournalHead::empty(SITTING);
    let mut blocks = Vec::new();
    for batch in records.chunks(2) {
        let mut bytes = Vec::new();
        batch.iter().for_each(|record| record.encode(&mut bytes));
        blocks.push(head.block(SITTING, batch.len() as u32, bytes));
        head = JournalHead::after(&blocks[blocks.len() - 1]);
    }
    blocks
}

fn record(((scope, events), position): ((Option<SessionId>, Vec<Event>), u64)) -> Record {
    let at = Now { utc_ms: 1_800_000_000_000, mono_ms: position };
    let command = CommandId::from_bytes([position as u8; 16]);
    Record { nonce: [7; 16], position, at, actor: Actor::System, approver: None, scope, command, events }
}

fn sitting(events: &[(SessionId, SessionEvent)]) -> Sitting {
    Sitting { id: SITTING, blocks: journal(events), papers: BTreeMap::from([(ANI, paper().encode()), (BUDI, paper().encode())]) }
}

/// Ani takes the whole exam, Budi is absent.
fn exam() -> Vec<(SessionId, SessionEvent)> {
    vec![
        (BUDI, SessionEvent::AttendanceNoted { refused: false, reason: String::new() }),
        (ANI, checked_in()),
        (ANI, SessionEvent::Started),
        (ANI, answered(0, &[0])),
        (ANI, answered(0, &[1])),
        (ANI, SessionEvent::Viewed { position: 1 }),
        (ANI, answered(1, &[2])),
        (ANI, SessionEvent::Flagged { position: 1, doubtful: true }),
        (ANI, answered(2, &[0, 2])),
        (ANI, SessionEvent::Submitted),
    ]
}

#[test]
fn an_amendment_is_about_one_version() {
    let amendment = |version| Amendment { item: item(0), version, effect: Effect::Removed };
    let marked = |version| marks(&sitting(&exam()), &keys(), &[amendment(version)]).expect("everything is in order");
    assert_eq!(sections(&marked(VERSION + 1), ANI), Some(vec![("umum", 8_500), ("bidang", 1_000)]));
    assert_eq!(sections(&marked(VERSION), ANI), Some(vec![("umum", 3_500), ("bidang", 1_000)]));
}

fn sections(marked: &Marked, session: SessionId) -> Option<Vec<(&str, i64)>> {
    let of = marked.sessions.iter().find(|marks| marks.session == session).expect("a session");
    let sections = of.sections.as_ref()?;
    Some(sections.iter().map(|section| (section.code.as_str(), section.thousandths)).collect())
}

/// Marks of Ani by section.
fn check(events: &[(SessionId, SessionEvent)], amendments: &[(u16, Effect)], umum: i64, bidang: i64) {
    let amendments: Vec<Amendment> =
        amendments.iter().map(|(position, effect)| Amendment { item: item(*position), version: VERSION, effect: effect.clone() }).collect();
    let marked = marks(&sitting(events), &keys(), &amendments).expect("everything is in order");
    assert_eq!(sections(&marked, ANI), Some(vec![("umum", umum), ("bidang", bidang)]), "{events:?} {amendments:?}");
}

#[test]
fn answers_by_their_last_choice() {
    let mut events = exam();
    check(&events, &[], 8_500, 1_000);
    // The first choice was right until the second replaced it; a cleared answer is a blank again.
    events.insert(5, (ANI, answered(0, &[])));
    check(&events, &[], 3_500, 1_000);
    events.insert(6, (ANI, answered(3, &[0, 3])));
    check(&events, &[], 3_500, 11_500);
    events.insert(7, (ANI, answered(3, &[0])));
    check(&events, &[], 3_500, 1_500);
    events.insert(events.len() - 1, (ANI, answered(2, &[2])));
    check(&events, &[], 3_500, 0);
}

#[test]
fn late_answers_count_only_when_admitted() {
    let mut events = exam();
    events.push((ANI, late(3, &[0, 3])));
    check(&events, &[], 8_500, 1_000);
    let evidence = events.len() as u64;
    events.push((ANI, admitted(evidence, 3, &[0, 3])));
    check(&events, &[], 8_500, 11_500);
}

#[test]
fn amended_items() {
    let two_right = || Effect::Key(key(&["5", "0", "5", "0"], "0", Rule::Single));
    check(&exam(), &[(0, two_right())], 3_500, 1_000);
    check(&exam(), &[(1, two_right())], 10_000, 1_000);
    // Void: everybody gets the item's maximum, also for a blank and for a wrong choice.
    check(&exam(), &[(3, Effect::FullMarks)], 8_500, 11_500);
    check(&exam(), &[(2, Effect::FullMarks)], 8_500, 4_500);
    // Taken out: not even the blank costs anything.
    check(&exam(), &[(3, Effect::Removed)], 8_500, 1_500);
    check(&exam(), &[(0, Effect::Removed), (1, Effect::Removed)], 0, 1_000);
    // The last decision about an item counts, with the last corrected key.
    let generous = || Effect::Key(key(&["0", "0", "7", "0"], "0", Rule::Single));
    check(&exam(), &[(1, generous()), (1, Effect::FullMarks)], 12_000, 1_000);
    check(&exam(), &[(1, Effect::Removed), (1, generous())], 12_000, 1_000);
}

#[test]
fn attendance_and_endings() {
    let told = |events: &[(SessionId, SessionEvent)], session: SessionId| {
        let marked = marks(&sitting(events), &keys(), &[]).expect("everything is in order");
        let of = marked.sessions.into_iter().find(|marks| marks.session == session).expect("a session");
        (of.attendance, of.started, of.ending, of.sections.is_some())
    };
    assert_eq!(told(&exam(), ANI), (Attendance::Present, true, Some(Ending::Submitted), true));
    assert_eq!(told(&exam(), BUDI), (Attendance::Absent, false, None, false));
    assert_eq!(told(&[], BUDI), (Attendance::Unknown, false, None, false));
    let mut events = exam();
    events.pop();
    assert_eq!(told(&events, ANI), (Attendance::Present, true, None, true));
    events.push((ANI, SessionEvent::Terminated { reason: "curang".into() }));
    assert_eq!(told(&events, ANI).2, Some(Ending::Terminated));
    let came_later = [
        (BUDI, SessionEvent::AttendanceNoted { refused: true, reason: "berkas".into() }),
        (BUDI, checked_in()),
        (BUDI, SessionEvent::Started),
        (BUDI, SessionEvent::Expired),
    ];
    assert_eq!(told(&came_later[..1], BUDI), (Attendance::Refused, false, None, false));
    assert_eq!(told(&came_later, BUDI), (Attendance::Present, true, Some(Ending::Expired), true));
}

#[test]
fn who_started_and_answered_nothing_has_the_marks_of_blanks() {
    check(&[(ANI, checked_in()), (ANI, SessionEvent::Started), (ANI, SessionEvent::Expired)], &[], 0, -500);
}

/// Everything is in order, then `spoil` spoils it.
fn broken(spoil: impl FnOnce(&mut Sitting, &mut Keys)) -> Broken {
    let (mut sitting, mut keys) = (sitting(&exam()), keys());
    spoil(&mut sitting, &mut keys);
    marks(&sitting, &keys, &[]).expect_err("it is spoilt")
}

#[test]
fn a_journal_that_was_changed_is_not_believed() {
    assert_eq!(broken(|sitting, _| drop(sitting.blocks.remove(1))), Broken::Gap { expected: 2, found: 4 });
    assert_eq!(broken(|sitting, _| sitting.blocks.swap(0, 1)), Broken::Gap { expected: 0, found: 2 });
    assert_eq!(broken(|sitting, _| sitting.blocks[2].records[40] ^= 1), Broken::Hash(4));
    assert_eq!(broken(|sitting, _| sitting.blocks[1].hash.0[0] ^= 1), Broken::Hash(2));
    assert_eq!(broken(|sitting, _| sitting.id = SittingId::from_bytes([1; 16])), Broken::Gap { expected: 0, found: 0 });
    // Somebody changes a record and computes all hashes again: that is seen only by comparing the head with the one that was kept.
    let kept = marks(&sitting(&exam()), &keys(), &[]).expect("in order").head;
    let mut events = exam();
    events[3] = (ANI, answered(0, &[3]));
    let forged = marks(&sitting(&events), &keys(), &[]).expect("in order").head;
    assert_eq!(kept.next_position, forged.next_position);
    assert_ne!(kept.hash, forged.hash);
}

#[test]
fn papers_and_keys_must_be_those_of_the_journal() {
    let said = |spoil: fn(&mut Sitting, &mut Keys)| broken(spoil).to_string();
    let ani = ANI.to_string();
    assert_eq!(said(|sitting, _| drop(sitting.papers.remove(&ANI))), format!("session {ani}: its paper is missing"));
    let other_paper = |sitting: &mut Sitting, _: &mut Keys| {
        let mut paper = paper();
        paper.items.swap(0, 1);
        sitting.papers.insert(ANI, paper.encode());
    };
    assert_eq!(said(other_paper), format!("session {ani}: its paper is not the one that the journal names"));
    let missing = format!("the key of item {}, version 1, is missing", item(2));
    assert_eq!(said(|_, keys| drop(keys.remove(&(item(2), 1)))), missing);
    let shorter = |_: &mut Sitting, keys: &mut Keys| drop(keys.insert((item(2), 1), key(&["0", "1"], "0", Rule::Single).seal()));
    assert!(said(shorter).ends_with("has another number of choices than the item"));
    let unreadable = |_: &mut Sitting, keys: &mut Keys| {
        if let Some(sealed) = keys.get_mut(&(item(2), 1)) {
            sealed.0.pop();
        }
    };
    assert!(said(unreadable).ends_with("cannot be read"));
}

#[test]
fn events_that_cannot_have_happened() {
    let said = |at: usize, event: SessionEvent| {
        let mut events = exam();
        events.insert(at, (ANI, event));
        marks(&sitting(&events), &keys(), &[]).expect_err("impossible").to_string()
    };
    assert!(said(1, answered(0, &[1])).ends_with("an answer before the start"));
    assert!(said(10, answered(0, &[1])).ends_with("record 11: an answer after the end"));
    assert!(said(10, admitted(4, 0, &[0])).ends_with("that is not on record like this"));
    assert!(said(4, answered(9, &[1])).ends_with("position 9 is beyond the paper"));
    let other_item = SessionEvent::Answered { position: 3, item: item(1), choices: Choices::one(1) };
    assert!(said(4, other_item).ends_with("position 3 names another item than the paper"));
    assert!(said(6, answered(3, &[7])).ends_with("names a choice that the item does not have"));
    assert!(said(7, answered(1, &[1, 2])).ends_with("has several choices where one may be chosen"));
    let other_paper = SessionEvent::Prepared { paper: Digest32([0; 32]), base_ms: 1, extra_ms: 0 };
    assert!(said(1, other_paper).ends_with("is not the one that the journal names"));
}
