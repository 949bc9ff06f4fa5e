//! What is stored: golden files pin every variant of every event, every actor, a block and the empty journal; damage is noticed; nothing panics.
//!
//! `UPDATE_GOLDEN=1 cargo test -p exam-session --test golden` writes the files anew. Until release 1.0 that takes a note in the changelog, from
//! 1.0 on files are added and never changed.

use exam_session::block::{Block, BlockBroken, JournalHead};
use exam_session::command::{Actor, TerminalStamp, terminal_command_id};
use exam_session::event::{Event, SessionEvent, SittingEvent};
use exam_session::record::{Record, code_of};
use exam_session::time::Now;
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use question_bank::id::{CommandId, Digest32, ItemId, SeatId, SessionId, SittingId, StaffId};
use question_bank::key::Choices;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const SITTING: SittingId = SittingId::from_bytes([0x51; 16]);
const SESSION: SessionId = SessionId::from_bytes([0xa1; 16]);
const OTHER_SESSION: SessionId = SessionId::from_bytes([0xa2; 16]);
const PROCTOR: StaffId = StaffId::from_bytes([0x5a; 16]);
const COMMITTEE: StaffId = StaffId::from_bytes([0xc0; 16]);
const ITEM: ItemId = ItemId::from_bytes([0x17; 16]);
const SEAT: SeatId = SeatId::from_bytes([0x5e; 16]);

#[test]
fn every_stored_record_reads_and_writes_as_pinned() {
    for (name, record) in records() {
        let bytes = encoded(&record);
        check_file(&name, &bytes, &described(&record));
        assert_eq!(Record::decode_all(&bytes, 1).as_deref(), Ok(&[record][..]), "{name}");
    }
}

#[test]
fn a_block_and_the_empty_journal_are_pinned_with_their_hashes() {
    let empty = JournalHead::empty(SITTING);
    check_file("journal-empty", &empty.hash.0, &format!("SHA-256 of \"saksama/journal/v1\\n\" and the sitting's id {SITTING}\n"));
    let block = block();
    let mut text = format!("sitting {}\nfirst position {}\ncount {}\n", block.sitting, block.first_position, block.count);
    writeln!(text, "records ({} bytes)", block.records.len()).expect("a string takes everything");
    Record::decode_all(&block.records, block.count)
        .expect("the records of the block")
        .iter()
        .for_each(|record| text.push_str(&described(record)));
    writeln!(text, "hash {}", block.hash).expect("a string takes everything");
    check_file("block", &whole(&block), &text);
    assert_eq!(empty.read(&block).map(|records| records.len()), Ok(block.count as usize));
}

#[test]
fn hashes_are_those_the_documentation_promises() {
    let empty: [u8; 32] = Sha256::new().chain_update(b"saksama/journal/v1\n").chain_update([0x51; 16]).finalize().into();
    let block = block();
    let hash: [u8; 32] = Sha256::new()
        .chain_update(b"saksama/block/v1\n")
        .chain_update(empty)
        .chain_update([0x51; 16])
        .chain_update(0_u64.to_be_bytes())
        .chain_update(block.count.to_be_bytes())
        .chain_update(&block.records)
        .finalize()
        .into();
    assert_eq!((JournalHead::empty(SITTING).hash.0, block.hash.0), (empty, hash));
}

#[test]
fn the_folder_holds_nothing_but_what_is_pinned() {
    let names = records().into_iter().map(|(name, _)| name).chain(["block".to_owned(), "journal-empty".to_owned()]);
    let expected: BTreeSet<String> = names.flat_map(|name| [format!("{name}.hex"), format!("{name}.txt")]).collect();
    let found: BTreeSet<String> = std::fs::read_dir(folder())
        .expect("the folder of golden files")
        .map(|entry| entry.expect("a file").file_name().into_string().expect("a name in ASCII"))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn every_event_has_its_own_code_and_sessions_have_the_low_ones() {
    let sessions: Vec<u8> = session_events().into_iter().map(|event| code_of(&Event::Session(SESSION, event))).collect();
    let sittings: Vec<u8> = sitting_events().into_iter().map(|event| code_of(&Event::Sitting(event))).collect();
    assert_eq!(sessions, (1..=19).collect::<Vec<u8>>());
    assert_eq!(sittings, (40..=46).collect::<Vec<u8>>());
}

#[test]
fn every_flipped_bit_of_a_block_is_noticed() {
    let (head, block) = (JournalHead::empty(SITTING), block());
    assert!(head.read(&block).is_ok());
    for index in 0..whole(&block).len() {
        for bit in 0..8 {
            let damaged = flipped(&block, index, bit);
            assert!(head.read(&damaged).is_err(), "bit {bit} of byte {index}");
        }
    }
}

#[test]
fn a_block_follows_only_the_one_before() {
    let first = block();
    let second = JournalHead::after(&first).block(SITTING, 1, encoded(&numbered(first.count.into(), 900)));
    let (empty, after) = (JournalHead::empty(SITTING), JournalHead::after(&first));
    assert_eq!(after.read(&second).map(|records| records.len()), Ok(1));
    let gap = |expected, found| Err(BlockBroken::Gap { expected, found });
    assert_eq!(empty.read(&second), gap(0, first.count.into()), "a block is missing");
    assert_eq!(after.read(&first), gap(first.count.into(), 0), "a block came twice");
    let elsewhere = JournalHead { next_position: after.next_position, ..JournalHead::empty(SITTING) };
    assert_eq!(elsewhere.read(&second), Err(BlockBroken::Hash(first.count.into())), "the block before was another one");
    let stranger = JournalHead::empty(SittingId::from_bytes([0x52; 16]));
    assert_eq!(stranger.read(&first), Err(BlockBroken::Hash(0)), "the journal of another sitting");
}

#[test]
fn positions_and_times_inside_a_block_are_in_order() {
    let head = JournalHead::empty(SITTING);
    let read = |records: &[Record]| {
        let bytes = records.iter().flat_map(encoded).collect();
        head.read(&head.block(SITTING, records.len() as u32, bytes)).map(|records| records.len())
    };
    assert_eq!(read(&[numbered(0, 5), numbered(1, 5), numbered(2, 6)]), Ok(3));
    assert_eq!(read(&[numbered(0, 5), numbered(2, 5)]), Err(BlockBroken::Order { expected: 1, found: 2 }));
    assert_eq!(read(&[numbered(1, 5)]), Err(BlockBroken::Order { expected: 0, found: 1 }));
    assert_eq!(read(&[numbered(0, 5), numbered(1, 4)]), Err(BlockBroken::Order { expected: 1, found: 1 }));
    let broken = |count, bytes| matches!(head.read(&head.block(SITTING, count, bytes)), Err(BlockBroken::Record { position: 0, .. }));
    assert!(broken(0, Vec::new()), "a block has at least one record");
    assert!(broken(2, encoded(&numbered(0, 5))), "fewer records than announced");
    assert!(broken(1, [encoded(&numbered(0, 5)), encoded(&numbered(1, 5))].concat()), "more records than announced");
}

#[test]
fn a_truncated_record_is_refused() {
    for (name, record) in records() {
        let bytes = encoded(&record);
        for length in 0..bytes.len() {
            assert!(Record::decode_all(&bytes[..length], 1).is_err(), "{name} cut at {length}");
        }
        assert!(Record::decode_all(&[&bytes[..], &[0xf6]].concat(), 1).is_err(), "{name} with a byte more");
    }
}

#[test]
fn a_record_of_an_unknown_version_or_kind_is_refused() {
    let bytes = encoded(&numbered(0, 5));
    let with = |index: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[index] = byte;
        Record::decode_all(&bytes, 1).map(drop)
    };
    assert_eq!(with(0, bytes[0]), Ok(()));
    assert!(with(1, 2).is_err(), "version 2");
    assert_eq!(bytes[2..4], [0x18, 40], "the kind is that of the first event");
    assert!(with(3, 41).is_err(), "another kind");
    let mut unsigned = bytes.clone();
    *unsigned.last_mut().expect("a signature or none") = 0;
    assert!(Record::decode_all(&unsigned, 1).is_err(), "something else in place of the signature");
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 2_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/proptest-regressions/golden.txt"))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_is_written_is_read_back(written in random_records()) {
        let bytes: Vec<u8> = written.iter().flat_map(encoded).collect();
        assert_eq!(Record::decode_all(&bytes, written.len() as u32), Ok(written));
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), count in any::<u32>()) {
        let read = Record::decode_all(&bytes, count);
        assert!(count == 0 || read.is_err());
        let block = Block { sitting: SITTING, first_position: 0, count, records: bytes, hash: Digest32([0; 32]) };
        assert_eq!(JournalHead::empty(SITTING).read(&block), Err(BlockBroken::Hash(0)));
    }

    #[test]
    fn damaged_records_never_panic(which in any::<prop::sample::Index>(), damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5)) {
        let records = records();
        let mut bytes = encoded(&records[which.index(records.len())].1);
        for (index, byte) in damage {
            let length = bytes.len();
            bytes[index.index(length)] = byte;
        }
        if let Ok(read) = Record::decode_all(&bytes, 1) {
            assert_eq!(Record::decode_all(&encoded(&read[0]), 1), Ok(read), "what can be read can be written");
        }
    }
}

/// Every event once, in order: each variant names the one after it, so a new one does not compile until it stands here.
fn session_event_after(event: Option<&SessionEvent>) -> Option<SessionEvent> {
    let reason = || "Listrik padam di ruang ini".to_owned();
    let choices = Choices::from_ids(&[1, 3]).expect("two choices");
    let Some(event) = event else {
        return Some(SessionEvent::Prepared { paper: Digest32([0xd1; 32]), base_ms: 6_000_000, extra_ms: 1_800_000 });
    };
    Some(match event {
        SessionEvent::Prepared { .. } => {
            SessionEvent::CheckedIn { seat: SEAT, documents: vec!["KTP".to_owned(), "kartu peserta".to_owned()], override_reason: None }
        }
        SessionEvent::CheckedIn { .. } => SessionEvent::AttendanceNoted { refused: true, reason: "tanpa KTP".to_owned() },
        SessionEvent::AttendanceNoted { .. } => SessionEvent::SignedIn { epoch: 3 },
        SessionEvent::SignedIn { .. } => SessionEvent::Consented,
        SessionEvent::Consented => SessionEvent::Started,
        SessionEvent::Started => SessionEvent::Viewed { position: 17 },
        SessionEvent::Viewed { .. } => SessionEvent::Answered { position: 17, item: ITEM, choices },
        SessionEvent::Answered { .. } => SessionEvent::Flagged { position: 17, doubtful: true },
        SessionEvent::Flagged { .. } => SessionEvent::SectionClosed { section: 1, by_time: false },
        SessionEvent::SectionClosed { .. } => SessionEvent::Paused { reason: reason(), for_move: true },
        SessionEvent::Paused { .. } => SessionEvent::Resumed,
        SessionEvent::Resumed => SessionEvent::TimeGranted { ms: 300_000, reason: reason() },
        SessionEvent::TimeGranted { .. } => SessionEvent::Moved { seat: SEAT, epoch: 4, reason: reason() },
        SessionEvent::Moved { .. } => SessionEvent::Submitted,
        SessionEvent::Submitted => SessionEvent::Expired,
        SessionEvent::Expired => SessionEvent::Terminated { reason: "ponsel".to_owned() },
        SessionEvent::Terminated { .. } => {
            SessionEvent::AnsweredLate { position: 109, item: ITEM, choices: Choices::one(4), client_mono_ms: 5_999_999 }
        }
        SessionEvent::AnsweredLate { .. } => {
            SessionEvent::LateAdmitted { evidence: 70_000, position: 109, item: ITEM, choices: Choices::one(4), reason: reason() }
        }
        SessionEvent::LateAdmitted { .. } => return None,
    })
}

/// As [`session_event_after`].
fn sitting_event_after(event: Option<&SittingEvent>) -> Option<SittingEvent> {
    let Some(event) = event else { return Some(SittingEvent::Opened) };
    Some(match event {
        SittingEvent::Opened => SittingEvent::Started,
        SittingEvent::Started => SittingEvent::Held { reason: "Listrik padam".to_owned() },
        SittingEvent::Held { .. } => SittingEvent::Released { reason: String::new() },
        SittingEvent::Released { .. } => SittingEvent::Closed,
        SittingEvent::Closed => SittingEvent::MessageSent {
            sessions: vec![SESSION, OTHER_SESSION],
            text: "Sisa waktu lima menit \u{2014} tetap tenang".to_owned(),
        },
        SittingEvent::MessageSent { .. } => SittingEvent::Noted { session: None, text: "Hujan deras".to_owned() },
        SittingEvent::Noted { .. } => return None,
    })
}

/// As [`session_event_after`].
fn actor_after(actor: Option<Actor>) -> Option<Actor> {
    let Some(actor) = actor else { return Some(Actor::System) };
    match actor {
        Actor::System => Some(Actor::Candidate),
        Actor::Candidate => Some(Actor::Staff(PROCTOR)),
        Actor::Staff(_) => None,
    }
}

fn session_events() -> Vec<SessionEvent> {
    std::iter::successors(session_event_after(None), |event| session_event_after(Some(event))).collect()
}

fn sitting_events() -> Vec<SittingEvent> {
    std::iter::successors(sitting_event_after(None), |event| sitting_event_after(Some(event))).collect()
}

/// All pinned records with the names of their files.
fn records() -> Vec<(String, Record)> {
    let mut records = Vec::new();
    for event in session_events() {
        let event = Event::Session(SESSION, event);
        let name = file_name(&event);
        records.push((name, Record { scope: Some(SESSION), ..envelope(vec![event]) }));
    }
    for event in sitting_events() {
        let event = Event::Sitting(event);
        records.push((file_name(&event), envelope(vec![event])));
    }
    for actor in std::iter::successors(actor_after(None), |actor| actor_after(Some(*actor))) {
        let (name, command) = match actor {
            Actor::System => ("by-the-system", CommandId::from_bytes([0xe0; 16])),
            Actor::Candidate => ("by-the-candidate", terminal_command_id(TerminalStamp { epoch: 2, seq: 345 })),
            Actor::Staff(_) => ("by-staff", CommandId::from_bytes([0xe1; 16])),
        };
        let events = vec![Event::Session(SESSION, SessionEvent::Submitted)];
        records.push((name.to_owned(), Record { actor, command, scope: Some(SESSION), ..envelope(events) }));
    }
    let override_reason = Some("kapal terlambat".to_owned());
    let others = [
        ("with-an-approver", Record { approver: Some(COMMITTEE), ..envelope(vec![Event::Sitting(SittingEvent::Closed)]) }),
        (
            "checked-in-by-override",
            Record {
                scope: Some(SESSION),
                ..envelope(vec![Event::Session(SESSION, SessionEvent::CheckedIn { seat: SEAT, documents: Vec::new(), override_reason })])
            },
        ),
        (
            "noted-about-a-session",
            envelope(vec![Event::Sitting(SittingEvent::Noted { session: Some(SESSION), text: "menangis".to_owned() })]),
        ),
        ("message-to-all", envelope(vec![Event::Sitting(SittingEvent::MessageSent { sessions: Vec::new(), text: "Selamat".to_owned() })])),
        (
            "answer-cleared",
            Record {
                scope: Some(SESSION),
                ..envelope(vec![Event::Session(SESSION, SessionEvent::Answered { position: 0, item: ITEM, choices: Choices::NONE })])
            },
        ),
        (
            "several-events-of-one-session",
            Record {
                scope: Some(SESSION),
                ..envelope(vec![
                    Event::Session(SESSION, SessionEvent::SignedIn { epoch: 5 }),
                    Event::Session(SESSION, SessionEvent::Resumed),
                ])
            },
        ),
        (
            "sitting-with-events-of-sessions",
            envelope(vec![
                Event::Sitting(SittingEvent::Started),
                Event::Session(SESSION, SessionEvent::Started),
                Event::Session(OTHER_SESSION, SessionEvent::Started),
            ]),
        ),
        (
            "sitting-with-events-of-sessions-only",
            envelope(vec![
                Event::Session(SESSION, SessionEvent::TimeGranted { ms: 60_000, reason: "gaduh".to_owned() }),
                Event::Session(OTHER_SESSION, SessionEvent::TimeGranted { ms: 60_000, reason: "gaduh".to_owned() }),
            ]),
        ),
        (
            "at-the-limits",
            Record {
                position: u64::MAX,
                at: Now { utc_ms: i64::MIN, mono_ms: u64::MAX },
                ..envelope(vec![Event::Session(
                    SESSION,
                    SessionEvent::AnsweredLate {
                        position: u16::MAX,
                        item: ITEM,
                        choices: Choices::from_mask(1_023).expect("ten choices"),
                        client_mono_ms: u32::MAX,
                    },
                )])
            },
        ),
    ];
    records.extend(others.map(|(name, record)| (name.to_owned(), record)));
    records
}

/// A record of the proctor for the sitting.
fn envelope(events: Vec<Event>) -> Record {
    Record {
        nonce: *b"0123456789abcdef",
        position: 1_234,
        at: Now { utc_ms: 1_800_000_123_456, mono_ms: 3_723_456 },
        actor: Actor::Staff(PROCTOR),
        approver: None,
        scope: None,
        command: CommandId::from_bytes([0xcd; 16]),
        events,
    }
}

/// A note at a place and a time.
fn numbered(position: u64, mono_ms: u64) -> Record {
    let at = Now { utc_ms: 1_800_000_000_000, mono_ms };
    Record { position, at, ..envelope(vec![Event::Sitting(SittingEvent::Opened)]) }
}

/// The first block of a journal: doors, a start and an answer.
fn block() -> Block {
    let answered = Event::Session(SESSION, SessionEvent::Answered { position: 17, item: ITEM, choices: Choices::one(2) });
    let terminal = terminal_command_id(TerminalStamp { epoch: 1, seq: 3 });
    let records = [
        numbered(0, 100),
        Record { events: vec![Event::Sitting(SittingEvent::Started), Event::Session(SESSION, SessionEvent::Started)], ..numbered(1, 200) },
        Record { actor: Actor::Candidate, scope: Some(SESSION), command: terminal, events: vec![answered], ..numbered(2, 5_300) },
    ];
    JournalHead::empty(SITTING).block(SITTING, records.len() as u32, records.iter().flat_map(encoded).collect())
}

/// All bytes of a block: sitting, first position, count, records, hash.
fn whole(block: &Block) -> Vec<u8> {
    let parts: [&[u8]; 5] =
        [block.sitting.as_bytes(), &block.first_position.to_be_bytes(), &block.count.to_be_bytes(), &block.records, &block.hash.0];
    parts.concat()
}

fn flipped(block: &Block, index: usize, bit: u8) -> Block {
    let mut bytes = whole(block);
    bytes[index] ^= 1 << bit;
    let (sitting, rest) = bytes.split_at(16);
    let (first_position, rest) = rest.split_at(8);
    let (count, rest) = rest.split_at(4);
    let (records, hash) = rest.split_at(block.records.len());
    Block {
        sitting: SittingId::from_slice(sitting).expect("16 bytes"),
        first_position: u64::from_be_bytes(first_position.try_into().expect("8 bytes")),
        count: u32::from_be_bytes(count.try_into().expect("4 bytes")),
        records: records.to_vec(),
        hash: Digest32::from_slice(hash).expect("32 bytes"),
    }
}

fn encoded(record: &Record) -> Vec<u8> {
    let mut bytes = Vec::new();
    record.encode(&mut bytes);
    bytes
}

/// `13-time-granted`.
fn file_name(event: &Event) -> String {
    let written = match event {
        Event::Sitting(event) => format!("{event:?}"),
        Event::Session(_, event) => format!("{event:?}"),
    };
    let mut name = format!("{:02}", code_of(event));
    for letter in written.chars().take_while(char::is_ascii_alphanumeric) {
        if letter.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

fn described(record: &Record) -> String {
    let Record { nonce, position, at, actor, approver, scope, command, events } = record;
    let mut text = format!("position {position} at {} ms (wall clock), {} ms (sitting's clock)\n", at.utc_ms, at.mono_ms);
    let lines = [format!("actor {actor:?}"), format!("approver {approver:?}"), format!("scope {scope:?}"), format!("command {command}")];
    let nonce = format!("nonce {}", SessionId::from_bytes(*nonce));
    for line in lines.into_iter().chain([nonce]).chain(events.iter().map(|event| format!("event {} = {event:?}", code_of(event)))) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// Compares bytes with `name.hex`, and what they mean with `name.txt`.
fn check_file(name: &str, bytes: &[u8], text: &str) {
    let mut hex = String::new();
    for row in bytes.chunks(32) {
        row.iter().for_each(|byte| write!(hex, "{byte:02x}").expect("a string takes everything"));
        hex.push('\n');
    }
    for (suffix, content) in [("hex", hex.as_str()), ("txt", text)] {
        let path = folder().join(format!("{name}.{suffix}"));
        if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
            std::fs::create_dir_all(folder()).expect("a folder for golden files");
            std::fs::write(&path, content).expect("a golden file can be written");
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}.{suffix}: {error}; UPDATE_GOLDEN=1 writes it"));
        assert_eq!(content, stored, "{name}.{suffix} is stored otherwise; UPDATE_GOLDEN=1 writes it anew, the changelog says why");
    }
}

fn random_records() -> impl Strategy<Value = Vec<Record>> {
    proptest::collection::vec(random_record(), 1..6)
}

fn random_record() -> impl Strategy<Value = Record> {
    let actor =
        prop_oneof![Just(Actor::System), Just(Actor::Candidate), any::<[u8; 16]>().prop_map(|id| Actor::Staff(StaffId::from_bytes(id)))];
    let scope = prop_oneof![Just(None), Just(Some(SESSION)), Just(Some(OTHER_SESSION))];
    let who = (actor, proptest::option::of(any::<[u8; 16]>()), scope, any::<[u8; 16]>());
    let event = prop_oneof![
        2 => (any::<bool>(), random_session_event())
            .prop_map(|(first, event)| Event::Session(if first { SESSION } else { OTHER_SESSION }, event)),
        1 => random_sitting_event().prop_map(Event::Sitting),
    ];
    let events = proptest::collection::vec(event, 1..5);
    (any::<[u8; 16]>(), any::<u64>(), any::<i64>(), any::<u64>(), who, events).prop_map(
        |(nonce, position, utc_ms, mono_ms, (actor, approver, scope, command), events)| Record {
            nonce,
            position,
            at: Now { utc_ms, mono_ms },
            actor,
            approver: approver.map(StaffId::from_bytes),
            scope,
            command: CommandId::from_bytes(command),
            events,
        },
    )
}

/// One of the pinned events, with other numbers and words.
fn random_session_event() -> impl Strategy<Value = SessionEvent> {
    let numbers = (any::<u64>(), any::<u32>(), any::<u16>(), any::<bool>(), 0..1_024_u16);
    (any::<prop::sample::Index>(), numbers, ".{0,40}").prop_map(|(which, (long, number, short, flag, mask), words)| {
        let events = session_events();
        let mut event = events[which.index(events.len())].clone();
        let chosen = Choices::from_mask(mask).expect("at most ten choices");
        match &mut event {
            SessionEvent::Prepared { base_ms, extra_ms, .. } => (*base_ms, *extra_ms) = (number, u32::from(short)),
            SessionEvent::CheckedIn { documents, override_reason, .. } => {
                documents.push(words.clone());
                *override_reason = flag.then_some(words);
            }
            SessionEvent::AttendanceNoted { refused, reason } => (*refused, *reason) = (flag, words),
            SessionEvent::SignedIn { epoch } => *epoch = number,
            SessionEvent::Viewed { position } => *position = short,
            SessionEvent::Answered { position, choices, .. } => (*position, *choices) = (short, chosen),
            SessionEvent::Flagged { position, doubtful } => (*position, *doubtful) = (short, flag),
            SessionEvent::SectionClosed { section, by_time } => (*section, *by_time) = (short as u8, flag),
            SessionEvent::Paused { reason, for_move } => (*reason, *for_move) = (words, flag),
            SessionEvent::TimeGranted { ms, reason } => (*ms, *reason) = (number, words),
            SessionEvent::Moved { epoch, reason, .. } => (*epoch, *reason) = (number, words),
            SessionEvent::Terminated { reason } => *reason = words,
            SessionEvent::AnsweredLate { position, choices, client_mono_ms, .. } => {
                (*position, *choices, *client_mono_ms) = (short, chosen, number);
            }
            SessionEvent::LateAdmitted { evidence, position, choices, reason, .. } => {
                (*evidence, *position, *choices, *reason) = (long, short, chosen, words);
            }
            SessionEvent::Consented | SessionEvent::Started | SessionEvent::Resumed | SessionEvent::Submitted | SessionEvent::Expired => {}
        }
        event
    })
}

/// One of the pinned events, with other words.
fn random_sitting_event() -> impl Strategy<Value = SittingEvent> {
    (any::<prop::sample::Index>(), any::<bool>(), ".{0,40}").prop_map(|(which, flag, words)| {
        let events = sitting_events();
        let mut event = events[which.index(events.len())].clone();
        match &mut event {
            SittingEvent::Held { reason } | SittingEvent::Released { reason } => *reason = words,
            SittingEvent::MessageSent { sessions, text } => {
                *text = words;
                sessions.truncate(usize::from(flag));
            }
            SittingEvent::Noted { session, text } => (*session, *text) = (flag.then_some(SESSION), words),
            SittingEvent::Opened | SittingEvent::Started | SittingEvent::Closed => {}
        }
        event
    })
}
