//! The writer's thread, and the one beside it that folds the database's log.

use super::{
    COMMIT_BLOCKS_MAX, COMMIT_BYTES_MAX, Done, Fatal, Gauges, Heartbeat, NotStored, OpenError, Work, assert_durable, connect, log, sql,
};
use exam_session::block::Block;
use question_bank::id::SittingId;
use rusqlite::{CachedStatement, Connection, params};
use sabotage::Sabotage;
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// The log of the database is folded into it this often, from another connection, and whenever half of it is new.
const FOLD_EVERY: Duration = Duration::from_secs(2);

thread_local! {
    /// Pages of the log after the last commit of this thread, as SQLite tells a hook that can hold no state.
    static LOG_PAGES: Cell<u32> = const { Cell::new(0) };
}

/// Starts the writer on a thread of its own.
pub(super) fn start(
    dir: &Path,
    log_pages: u32,
    work: mpsc::Receiver<Work>,
    gauges: Arc<Gauges>,
    on_fatal: impl FnOnce(Fatal) + Send + 'static,
) -> Result<JoinHandle<()>, OpenError> {
    migrate(&connect(dir, true)?)?;
    make_log_ready(dir, log_pages)?;
    let connection = connect(dir, true)?;
    assert_durable(&connection)?;
    // What a crash left behind the end of the log must not look like damage after the next one.
    connection.query_row(sql::BEGIN_LOG_AGAIN, [], |_| Ok(()))?;
    let folding = connect(dir, true)?;
    let (fold, asked_to_fold) = mpsc::sync_channel(1);
    let mut writer = Writer::new(connection, log_pages, fold)?;
    let begin_log_again = Arc::clone(&writer.begin_log_again);
    let on_fatal = Arc::new(Mutex::new(Some(on_fatal)));
    let end_with = move |fatal: Fatal| {
        // Whichever of the two threads comes first.
        if let Some(on_fatal) = on_fatal.lock().unwrap_or_else(PoisonError::into_inner).take() {
            on_fatal(fatal);
        }
    };
    let folder_ends_with = end_with.clone();
    let folder = std::thread::Builder::new()
        .name("journal-log".to_owned())
        .spawn(move || fold_the_log(&folding, log_pages, &asked_to_fold, &begin_log_again).unwrap_or_else(folder_ends_with))
        .map_err(OpenError::Thread)?;
    let writing = move || {
        // Nothing of the writer is used after a panic, so nothing half done is seen.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| writer.write_all(&work, &gauges)));
        let connection = writer.end();
        let _ = folder.join();
        drop(connection);
        if let Err(fatal) = outcome.unwrap_or(Err(Fatal::Panicked)) {
            end_with(fatal);
        }
    };
    std::thread::Builder::new().name("journal".to_owned()).spawn(writing).map_err(OpenError::Thread)
}

fn migrate(connection: &Connection) -> Result<(), rusqlite::Error> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if version == 0 {
        connection.execute_batch(&format!("begin;\n{}\npragma user_version = 1;\ncommit;", sql::MIGRATION_1))?;
    }
    Ok(())
}

/// With room for what is written while the log is folded. On a full disk the log stays as long as it is.
fn make_log_ready(dir: &Path, log_pages: u32) -> Result<(), OpenError> {
    match log::lengthen(dir, log_pages + log_pages / 2) {
        Err(error) if error.kind() == io::ErrorKind::StorageFull => {
            tracing::warn!("the disk is full: the journal's log could not be written in advance");
            Ok(())
        }
        ready => ready.map_err(OpenError::Log),
    }
}

fn fold_the_log(connection: &Connection, log_pages: u32, asked: &mpsc::Receiver<()>, begin_log_again: &AtomicBool) -> Result<(), Fatal> {
    while asked.recv_timeout(FOLD_EVERY) != Err(mpsc::RecvTimeoutError::Disconnected) {
        // A passive checkpoint waits for nobody; what it could not fold it folds next time.
        match checkpoint(connection) {
            Ok(pages) if pages > log_pages => begin_log_again.store(true, Ordering::Relaxed),
            Ok(_) => {}
            Err(error) => after_failed_folding(error)?,
        }
    }
    Ok(())
}

/// After a failed write or sync the kernel may count pages as clean that are not on the disk, and the next folding would drop them from the log.
/// A folding that had no space, or came at a bad moment, is made up for by the next one.
fn after_failed_folding(error: rusqlite::Error) -> Result<(), Fatal> {
    if io_failed(&error) && !disk_full(&error) && !sabotage::on(Sabotage::BelieveAfterError) {
        return Err(Fatal::Io(error));
    }
    tracing::warn!(%error, "the journal's log could not be folded into its file; it grows until that works");
    Ok(())
}

/// Folds what can be folded; answers the pages of the log.
fn checkpoint(connection: &Connection) -> Result<u32, rusqlite::Error> {
    let pages: i64 = connection.prepare_cached(sql::CHECKPOINT)?.query_row([], |row| row.get(1))?;
    Ok(u32::try_from(pages).unwrap_or(0))
}

/// What one commit makes durable.
#[derive(Default)]
struct Commit {
    blocks: Vec<Block>,
    done: Vec<Done>,
    /// The newest of each sitting.
    heartbeats: BTreeMap<SittingId, Heartbeat>,
    /// When the first of the blocks was handed over.
    since: Option<Instant>,
}

/// Takes what waits, within the limits of a commit.
fn gather(first: Work, work: &mpsc::Receiver<Work>) -> Commit {
    let mut commit = Commit::default();
    let mut bytes = 0;
    let mut next = Some(first);
    while let Some(one) = next {
        match one {
            Work::Append { block, done, since } => {
                bytes += block.records.len();
                commit.since.get_or_insert(since);
                commit.blocks.push(block);
                commit.done.push(done);
            }
            Work::Heartbeat(beat) => {
                commit.heartbeats.insert(beat.sitting, beat);
            }
        }
        let room = commit.blocks.len() < COMMIT_BLOCKS_MAX && bytes < COMMIT_BYTES_MAX;
        next = if room { work.try_recv().ok() } else { None };
    }
    commit
}

/// Why a commit did not happen.
enum Failed {
    SecondWriter(SittingId),
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Failed::Sqlite(error)
    }
}

struct Writer {
    connection: Connection,
    /// Blocks are numbered in the order of their commits.
    newest_block: i64,
    /// Last block of each sitting written to so far.
    ends: HashMap<SittingId, Option<i64>>,
    /// The log is long: fold the rest of it between two commits, so that the next one begins it again.
    begin_log_again: Arc<AtomicBool>,
    /// Asks the other thread to fold.
    fold: mpsc::SyncSender<()>,
    /// It is asked again when the log has so many new pages.
    fold_after_pages: u32,
    asked_at_pages: u32,
}

impl Writer {
    fn new(connection: Connection, log_pages: u32, fold: mpsc::SyncSender<()>) -> Result<Self, rusqlite::Error> {
        let newest_block = connection.query_row(sql::NEWEST_BLOCK, [], |row| row.get(0))?;
        connection.wal_hook(Some(|_, pages| {
            LOG_PAGES.set(u32::try_from(pages).unwrap_or(0));
            Ok(())
        }));
        let begin_log_again = Arc::default();
        Ok(Writer {
            connection,
            newest_block,
            ends: HashMap::new(),
            begin_log_again,
            fold,
            fold_after_pages: log_pages / 2,
            asked_at_pages: 0,
        })
    }

    /// The other thread has nothing more to do; the last connection that closes takes the log away.
    fn end(self) -> Connection {
        self.connection
    }

    /// A long log is folded at once; that a question waits already is as good.
    fn ask_to_fold(&mut self) {
        let pages = LOG_PAGES.get();
        // A shorter log was begun again.
        self.asked_at_pages = self.asked_at_pages.min(pages);
        if pages - self.asked_at_pages >= self.fold_after_pages {
            self.asked_at_pages = pages;
            let _ = self.fold.try_send(());
        }
    }

    fn write_all(&mut self, work: &mpsc::Receiver<Work>, gauges: &Gauges) -> Result<(), Fatal> {
        while let Ok(first) = work.recv() {
            let commit = gather(first, work);
            let began = Instant::now();
            let stored = self.write(&commit)?;
            gauges.commit_us.store(began.elapsed().as_micros() as u64, Ordering::Relaxed);
            if let Some(since) = commit.since {
                gauges.delay_us.store(since.elapsed().as_micros() as u64, Ordering::Relaxed);
            }
            gauges.waiting.fetch_sub(commit.done.len() as u64, Ordering::Relaxed);
            if stored.is_ok() {
                gauges.commits.fetch_add(1, Ordering::Relaxed);
                gauges.records.fetch_add(commit.blocks.iter().map(|block| u64::from(block.count)).sum(), Ordering::Relaxed);
            }
            for done in commit.done {
                done(stored);
            }
            self.ask_to_fold();
            if self.begin_log_again.swap(false, Ordering::Relaxed) {
                // Nearly all of it was folded a moment ago.
                checkpoint(&self.connection).map(drop).or_else(after_failed_folding)?;
            }
        }
        Ok(())
    }

    fn write(&mut self, commit: &Commit) -> Result<Result<(), NotStored>, Fatal> {
        match self.try_write(commit) {
            Ok(()) => Ok(Ok(())),
            Err(Failed::Sqlite(error)) if disk_full(&error) => {
                tracing::warn!("the disk is full: answers are refused as busy until there is space");
                Ok(if sabotage::on(Sabotage::FullDiskIsSaved) { Ok(()) } else { Err(NotStored) })
            }
            Err(Failed::SecondWriter(sitting)) => Err(Fatal::SecondWriter(sitting)),
            Err(Failed::Sqlite(_)) if sabotage::on(Sabotage::BelieveAfterError) => Ok(Ok(())),
            Err(Failed::Sqlite(error)) => Err(Fatal::Io(error)),
        }
    }

    fn try_write(&mut self, commit: &Commit) -> Result<(), Failed> {
        let newest_block = self.newest_block;
        let written = self.write_parts(commit);
        if written.is_err() {
            self.newest_block = newest_block;
            self.ends.clear();
            // After a full disk SQLite has mostly ended the transaction by itself, and says so here; one that is still open is ended.
            let _ = self.connection.prepare_cached(sql::ROLLBACK).and_then(|mut rollback| rollback.execute([]));
        }
        written
    }

    fn write_parts(&mut self, commit: &Commit) -> Result<(), Failed> {
        self.statement(sql::BEGIN)?.execute([])?;
        for block in &commit.blocks {
            self.write_block(block)?;
        }
        if !commit.heartbeats.is_empty() {
            for beat in commit.heartbeats.values() {
                self.end_of(beat.sitting)?;
            }
            let mut statement = self.statement(sql::BEAT)?;
            for beat in commit.heartbeats.values() {
                statement.execute(params![beat.sitting.as_bytes().as_slice(), beat.mono_ms as i64, beat.utc_ms])?;
            }
        }
        self.statement(sql::COMMIT)?.execute([])?;
        Ok(())
    }

    fn statement(&self, sql: &str) -> Result<CachedStatement<'_>, rusqlite::Error> {
        self.connection.prepare_cached(sql)
    }

    fn write_block(&mut self, block: &Block) -> Result<(), Failed> {
        let previous = self.end_of(block.sitting)?;
        let id = self.newest_block + 1;
        let sitting = block.sitting.as_bytes().as_slice();
        let next_position = block.first_position + u64::from(block.count);
        self.statement(sql::INSERT_BLOCK)?
            .execute(params![
                id,
                sitting,
                previous,
                block.first_position as i64,
                block.count,
                block.hash.0.as_slice(),
                block.records.as_slice()
            ])
            // The number is taken: somebody else writes to this file.
            .map_err(|error| if number_taken(&error) { Failed::SecondWriter(block.sitting) } else { error.into() })?;
        let moved = self.statement(sql::MOVE_END)?.execute(params![sitting, block.first_position as i64, id, next_position as i64])?;
        if moved != 1 {
            return Err(Failed::SecondWriter(block.sitting));
        }
        self.newest_block = id;
        self.ends.insert(block.sitting, Some(id));
        Ok(())
    }

    /// The last block of a sitting; a sitting that is new gets its row.
    fn end_of(&mut self, sitting: SittingId) -> Result<Option<i64>, rusqlite::Error> {
        if let Some(&end) = self.ends.get(&sitting) {
            return Ok(end);
        }
        let id = sitting.as_bytes().as_slice();
        self.statement(sql::OPEN_JOURNAL)?.execute([id])?;
        let end = self.statement(sql::END_OF_JOURNAL)?.query_row([id], |row| row.get(0))?;
        self.ends.insert(sitting, end);
        Ok(end)
    }
}

/// SQLITE_FULL, or SQLITE_IOERR_SHMSIZE, which comes first where the shared memory of the log cannot grow: nothing of it was committed.
fn disk_full(error: &rusqlite::Error) -> bool {
    extended_code(error).is_some_and(|code| code == rusqlite::ffi::SQLITE_FULL || code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}

/// SQLITE_IOERR in all its forms.
fn io_failed(error: &rusqlite::Error) -> bool {
    extended_code(error).is_some_and(|code| code & 0xff == rusqlite::ffi::SQLITE_IOERR)
}

fn number_taken(error: &rusqlite::Error) -> bool {
    extended_code(error)
        .is_some_and(|code| code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY || code == rusqlite::ffi::SQLITE_CONSTRAINT_ROWID)
}

fn extended_code(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use question_bank::id::Digest32;

    fn block(first_position: u64, bytes: usize) -> Block {
        let sitting = SittingId::derive("test", &[]);
        Block { sitting, first_position, count: 1, records: vec![0; bytes], hash: Digest32([0; 32]) }
    }

    #[test]
    fn a_full_queue_says_so_at_once() {
        let (queue, work) = mpsc::sync_channel(1);
        let journal = super::super::Journal { queue, gauges: Arc::default() };
        let answers = Arc::new(std::sync::Mutex::new(Vec::new()));
        for _ in 0..2 {
            let answers = Arc::clone(&answers);
            journal.append(block(0, 1), move |stored| answers.lock().unwrap().push(stored));
        }
        assert_eq!(*answers.lock().unwrap(), [Err(NotStored)], "the first one waits for the writer");
        assert_eq!(journal.gauges().waiting.load(Ordering::Relaxed), 1);
        assert!(matches!(work.try_recv(), Ok(Work::Append { .. })));
    }

    /// `max_page_count` makes a disk of a known size. With a heartbeat a commit has several statements, and SQLite ends the transaction by itself.
    #[test]
    fn a_full_disk_is_refused_politely_and_ends_when_there_is_space() {
        let dir = tempfile::tempdir().unwrap();
        let connection = connect(dir.path(), true).unwrap();
        migrate(&connection).unwrap();
        let mut writer = Writer::new(connection, 100, mpsc::sync_channel(1).0).unwrap();
        let beat = Heartbeat { sitting: block(0, 0).sitting, mono_ms: 1, utc_ms: 1 };
        for heartbeats in [BTreeMap::new(), BTreeMap::from([(beat.sitting, beat)])] {
            writer.connection.pragma_update(None, "max_page_count", 1).unwrap();
            let first_position = heartbeats.len() as u64;
            let commit = Commit { blocks: vec![block(first_position, 1 << 16)], heartbeats, ..Commit::default() };
            for _ in 0..2 {
                assert_eq!(writer.write(&commit).unwrap(), Err(NotStored), "{} heartbeats", commit.heartbeats.len());
            }
            writer.connection.pragma_update(None, "max_page_count", 100_000).unwrap();
            assert_eq!(writer.write(&commit).unwrap(), Ok(()));
        }
    }

    #[test]
    fn a_long_log_is_begun_again_under_a_load_that_never_pauses() {
        let dir = tempfile::tempdir().unwrap();
        let connection = connect(dir.path(), true).unwrap();
        migrate(&connection).unwrap();
        let folding = connect(dir.path(), true).unwrap();
        let mut writer = Writer::new(connection, 100, mpsc::sync_channel(1).0).unwrap();
        let length = || std::fs::metadata(dir.path().join("journal.db-wal")).unwrap().len();
        let mut lengths = Vec::new();
        for round in 0..5 {
            for index in 0..20 {
                let commit = Commit { blocks: vec![block(round * 20 + index, 1 << 16)], ..Commit::default() };
                assert_eq!(writer.write(&commit).unwrap(), Ok(()));
            }
            checkpoint(&folding).unwrap();
            // One more commit while the other connection was busy, then the writer's own turn.
            checkpoint(&writer.connection).unwrap();
            lengths.push(length());
        }
        assert!(lengths.iter().all(|&bytes| bytes <= lengths[0] * 2), "{lengths:?}");
    }
}
