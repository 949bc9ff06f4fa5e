//! The journal's border: what was appended is read back in order, group commit shares commits, a second writer is caught, nothing is changed.

use exam_session::block::{Block, JournalHead};
use exam_session::command::Actor;
use exam_session::event::{Event, SittingEvent};
use exam_session::record::Record;
use exam_session::time::Now;
use question_bank::id::{CommandId, SittingId};
use std::path::Path;
use std::sync::mpsc;
use store::journal::{Fatal, Heartbeat, Journal, LOG_PAGES, NotStored, Reader, Writer};

fn sitting(name: &str) -> SittingId {
    SittingId::derive("test", &[name.as_bytes()])
}

fn block(sitting: SittingId, head: &JournalHead, records: u64) -> Block {
    let mut bytes = Vec::new();
    for offset in 0..records {
        let position = head.next_position + offset;
        let record = Record {
            nonce: [7; 16],
            position,
            at: Now { utc_ms: 1_800_000_000_000, mono_ms: position },
            actor: Actor::System,
            approver: None,
            scope: None,
            command: CommandId::derive("test", &[&position.to_be_bytes()]),
            events: vec![Event::Sitting(SittingEvent::Noted { session: None, text: format!("catatan {position}") })],
        };
        record.encode(&mut bytes);
    }
    head.block(sitting, records as u32, bytes)
}

async fn open(dir: &Path) -> (Journal, Writer, mpsc::Receiver<Fatal>) {
    let (fatal, heard) = mpsc::channel();
    let (journal, writer) =
        Journal::open(dir, LOG_PAGES, move |error| fatal.send(error).expect("the test listens")).await.expect("the journal opens");
    (journal, writer, heard)
}

async fn append(journal: &Journal, block: Block) -> Result<(), NotStored> {
    let (done, stored) = tokio::sync::oneshot::channel();
    journal.append(block, move |result| done.send(result).expect("the test waits"));
    stored.await.expect("the writer answers")
}

async fn close(journal: Journal, writer: Writer) {
    drop(journal);
    tokio::task::spawn_blocking(move || writer.join()).await.expect("the writer ends");
}

#[tokio::test]
async fn what_was_appended_is_read_back_in_order_with_its_chain() {
    let dir = tempfile::tempdir().expect("a folder");
    let (journal, writer, _fatal) = open(dir.path()).await;
    let id = sitting("a");
    let mut head = JournalHead::empty(id);
    for records in [1, 5, 100] {
        let block = block(id, &head, records);
        head = JournalHead::after(&block);
        append(&journal, block).await.expect("stored");
    }
    for mono_ms in [17, 4711] {
        journal.beat(Heartbeat { sitting: id, mono_ms, utc_ms: 1 });
    }
    for other in 0..250 {
        journal.beat(Heartbeat { sitting: sitting(&format!("other {other}")), mono_ms: other, utc_ms: 1 });
    }
    close(journal, writer).await;

    let mut reader = Reader::open(dir.path()).await.expect("readable");
    assert_eq!(reader.sittings().await.expect("readable"), [id]);
    assert_eq!(reader.heartbeat(id).await.expect("readable").map(|beat| beat.mono_ms), Some(4711));
    let mut found = JournalHead::empty(id);
    let mut positions = 0;
    for block in reader.blocks(id, 0, 10).await.expect("readable") {
        positions += found.read(&block).expect("the chain holds").len();
        found = JournalHead::after(&block);
    }
    assert_eq!((positions, found), (106, head));
    assert_eq!(reader.blocks(id, 6, 10).await.expect("readable").len(), 1);
    assert_eq!(reader.next_position(id).await.expect("readable"), 106);
    assert_eq!((reader.blocks_of(id).await.expect("readable"), reader.blocks_in_all().await.expect("readable")), (3, 3));
}

#[tokio::test]
async fn many_sittings_share_commits() {
    let dir = tempfile::tempdir().expect("a folder");
    let (journal, writer, _fatal) = open(dir.path()).await;
    let waiting: Vec<_> = (0..300)
        .map(|index| {
            let (journal, id) = (journal.clone(), sitting(&format!("s{index}")));
            tokio::spawn(async move { append(&journal, block(id, &JournalHead::empty(id), 3)).await })
        })
        .collect();
    for one in waiting {
        one.await.expect("no panic").expect("stored");
    }
    let commits = journal.gauges().commits.load(std::sync::atomic::Ordering::Relaxed);
    assert!(commits < 300, "{commits} commits for 300 batches");
    assert_eq!(journal.gauges().records.load(std::sync::atomic::Ordering::Relaxed), 900);
    close(journal, writer).await;
}

#[tokio::test]
async fn a_second_writer_is_fatal() {
    let dir = tempfile::tempdir().expect("a folder");
    let (journal, writer, fatal) = open(dir.path()).await;
    let id = sitting("a");
    let first = block(id, &JournalHead::empty(id), 2);
    append(&journal, first.clone()).await.expect("stored");
    journal.append(first, |_| panic!("a second writer gets no answer"));
    let error = tokio::task::spawn_blocking(move || fatal.recv()).await.expect("no panic").expect("the writer says why");
    assert!(matches!(error, Fatal::SecondWriter(of) if of == id), "{error:?}");
    close(journal, writer).await;
}

#[tokio::test]
async fn a_block_never_changes_and_never_goes() {
    let dir = tempfile::tempdir().expect("a folder");
    let (journal, writer, _fatal) = open(dir.path()).await;
    let id = sitting("a");
    append(&journal, block(id, &JournalHead::empty(id), 2)).await.expect("stored");
    close(journal, writer).await;
    let connection = rusqlite::Connection::open(dir.path().join("journal.db")).expect("the file opens");
    for statement in ["update journal_block set count = 1", "delete from journal_block"] {
        let refused = connection.execute(statement, []).expect_err("the journal refuses");
        assert!(refused.to_string().contains("a journal block never"), "{refused}");
    }
}
