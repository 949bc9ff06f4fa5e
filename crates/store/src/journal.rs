//! The journal: blocks of all sittings, made durable by one writer thread with group commit.
//!
//! Batches that arrive while a commit is under way share the next one: one sync serves every sitting of the node. The writer has a database
//! file, a connection and a thread of its own; nothing else in the product can hold its lock.

use exam_session::block::Block;
use question_bank::id::{Digest32, SittingId};
use sabotage::Sabotage;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Most appends that wait for the writer; an owner has at most one on its way, so this is the number of sittings of a node.
pub const QUEUE_APPENDS_MAX: usize = 4_096;
/// Most blocks of one commit.
pub const COMMIT_BLOCKS_MAX: usize = 512;
/// A commit is closed when its blocks reach this many bytes.
pub const COMMIT_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Rows of one statement: five binds each.
const STATEMENT_ROWS_MAX: usize = 100;
/// The log of the database is folded into it this often, from another connection.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(2);

/// How far a sitting's clock has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heartbeat {
    /// Whose.
    pub sitting: SittingId,
    /// The sitting's clock.
    pub mono_ms: u64,
    /// Wall clock.
    pub utc_ms: i64,
}

/// Nothing of this append is stored; try again when there is space, on the disk or in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no space; nothing was stored")]
pub struct NotStored;

/// After this nothing may be believed: the process must stop, and a supervisor starts it again.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    /// A block with this key is there already.
    #[error("a second writer wrote to the journal of sitting {0}")]
    SecondWriter(SittingId),
    /// A write or a sync failed.
    #[error("the journal could not be written")]
    Io(#[source] sqlx::Error),
    /// The writer's thread panicked: what was on its way will never be answered.
    #[error("the journal's writer panicked")]
    Panicked,
}

/// The journal cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite says no.
    #[error("failed to open the journal")]
    Sqlite(#[source] sqlx::Error),
    /// The durability that every acknowledgement rests on is not there.
    #[error("the journal's {setting} is {found}, not {wanted}; refusing to start")]
    NotDurable {
        /// Setting of the database.
        setting: &'static str,
        /// What it is.
        found: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// The writer's thread could not be started.
    #[error("failed to start the journal's writer")]
    Thread(#[source] std::io::Error),
}

type Done = Box<dyn FnOnce(Result<(), NotStored>) + Send>;

enum Work {
    Append(Block, Done),
    Heartbeat(Heartbeat),
}

/// What an operator watches.
#[derive(Debug, Default)]
pub struct Gauges {
    /// Appends that wait.
    pub waiting: AtomicU64,
    /// Commits so far.
    pub commits: AtomicU64,
    /// Records so far.
    pub records: AtomicU64,
    /// Duration of the last commit, microseconds.
    pub commit_us: AtomicU64,
}

/// Handle of the writer; cheap to clone. The writer ends when the last handle is gone and everything is written.
#[derive(Clone)]
pub struct Journal {
    queue: mpsc::Sender<Work>,
    gauges: Arc<Gauges>,
}

/// The writer's thread, to be joined at stop.
pub struct Writer(std::thread::JoinHandle<()>);

impl Writer {
    /// Waits until everything is written; all [`Journal`] handles must be gone.
    pub fn join(self) {
        let _ = self.0.join();
    }
}

impl Journal {
    /// Opens `journal.db` in a directory and starts its writer. `on_fatal` is called on the writer's thread when nothing may be believed
    /// any more; it should end the process.
    pub async fn open(dir: &Path, on_fatal: impl FnOnce(Fatal) + Send + 'static) -> Result<(Journal, Writer), OpenError> {
        let mut connection = connect(dir, true).await?;
        migrate(&mut connection).await.map_err(OpenError::Sqlite)?;
        assert_durable(&mut connection).await?;
        let mut folding = connect(dir, true).await?;
        let (queue, work) = mpsc::channel(QUEUE_APPENDS_MAX);
        let gauges = Arc::new(Gauges::default());
        let writer_gauges = Arc::clone(&gauges);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(OpenError::Thread)?;
        let thread = std::thread::Builder::new()
            .name("journal".to_owned())
            .spawn(move || {
                let writing = || {
                    runtime.block_on(async {
                        let outcome = tokio::select! {
                            outcome = write_all(connection, work, &writer_gauges) => outcome,
                            fatal = fold_the_log(&mut folding) => Err(fatal),
                        };
                        // The last connection that closes folds what is left.
                        let _ = folding.close().await;
                        outcome
                    })
                };
                // Nothing of the writer is used after a panic, so nothing half done is seen.
                let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(writing));
                if let Err(fatal) = outcome.unwrap_or(Err(Fatal::Panicked)) {
                    on_fatal(fatal);
                }
            })
            .map_err(OpenError::Thread)?;
        Ok((Journal { queue, gauges }, Writer(thread)))
    }

    /// Makes a block durable, then calls `done` on the writer's thread. Never waits: with a full queue `done` hears at once that nothing was
    /// stored.
    pub fn append(&self, block: Block, done: impl FnOnce(Result<(), NotStored>) + Send + 'static) {
        self.gauges.waiting.fetch_add(1, Ordering::Relaxed);
        match self.queue.try_send(Work::Append(block, Box::new(done))) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(Work::Append(_, done))) => {
                self.gauges.waiting.fetch_sub(1, Ordering::Relaxed);
                done(Err(NotStored));
            }
            // The writer met a fatal error and the process is ending: there is nobody left to answer.
            Err(mpsc::error::TrySendError::Closed(_) | mpsc::error::TrySendError::Full(Work::Heartbeat(_))) => {}
        }
    }

    /// Notes how far a clock has come; may be lost when the queue is full, as the next one says more.
    pub fn beat(&self, heartbeat: Heartbeat) {
        let _ = self.queue.try_send(Work::Heartbeat(heartbeat));
    }

    /// What an operator watches.
    pub fn gauges(&self) -> &Gauges {
        &self.gauges
    }
}

/// Reads a journal without writing to it: for recovery and `fsck`.
pub struct Reader {
    connection: SqliteConnection,
}

impl Reader {
    /// Opens `journal.db` of a directory.
    pub async fn open(dir: &Path) -> Result<Reader, OpenError> {
        let connection = connect(dir, false).await?;
        Ok(Reader { connection })
    }

    /// All sittings that have a journal.
    pub async fn sittings(&mut self) -> Result<Vec<SittingId>, sqlx::Error> {
        let rows = sqlx::query(sql::SITTINGS).fetch_all(&mut self.connection).await?;
        Ok(rows.iter().filter_map(|row| SittingId::from_slice(row.get::<&[u8], _>(0))).collect())
    }

    /// Blocks of a sitting from a position on, at most `limit`, in order.
    pub async fn blocks(&mut self, sitting: SittingId, from: u64, limit: u32) -> Result<Vec<Block>, sqlx::Error> {
        let rows = sqlx::query(sql::BLOCKS)
            .bind(sitting.as_bytes().as_slice())
            .bind(from as i64)
            .bind(i64::from(limit))
            .fetch_all(&mut self.connection)
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| Block {
                sitting,
                first_position: row.get::<i64, _>(0) as u64,
                count: row.get::<i64, _>(1) as u32,
                records: row.get(2),
                hash: Digest32::from_slice(row.get::<&[u8], _>(3)).unwrap_or(Digest32([0; 32])),
            })
            .collect())
    }

    /// The last heartbeat of a sitting.
    pub async fn heartbeat(&mut self, sitting: SittingId) -> Result<Option<Heartbeat>, sqlx::Error> {
        let row = sqlx::query(sql::HEARTBEAT).bind(sitting.as_bytes().as_slice()).fetch_optional(&mut self.connection).await?;
        Ok(row.map(|row| Heartbeat { sitting, mono_ms: row.get::<i64, _>(0) as u64, utc_ms: row.get(1) }))
    }
}

async fn connect(dir: &Path, create: bool) -> Result<SqliteConnection, OpenError> {
    SqliteConnectOptions::new()
        .filename(dir.join("journal.db"))
        .create_if_missing(create)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(if sabotage::on(Sabotage::SynchronousNormal) { SqliteSynchronous::Normal } else { SqliteSynchronous::Full })
        .busy_timeout(Duration::from_secs(5))
        // Folding the log is done beside the writer, never inside a commit.
        .pragma("wal_autocheckpoint", "0")
        .disable_statement_logging()
        .connect()
        .await
        .map_err(OpenError::Sqlite)
}

async fn migrate(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let version: i64 = sqlx::query("pragma user_version").fetch_one(&mut *connection).await?.get(0);
    if version == 0 {
        let mut tx = connection.begin().await?;
        sqlx::raw_sql(sql::MIGRATION_1).execute(&mut *tx).await?;
        sqlx::raw_sql("pragma user_version = 1").execute(&mut *tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn assert_durable(connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let synchronous: i64 = sqlx::query("pragma synchronous").fetch_one(&mut *connection).await.map_err(OpenError::Sqlite)?.get(0);
    if synchronous != 2 && !sabotage::on(Sabotage::SynchronousNormal) {
        return Err(OpenError::NotDurable { setting: "synchronous", found: synchronous.to_string(), wanted: "2 (full)" });
    }
    let mode: String = sqlx::query("pragma journal_mode").fetch_one(&mut *connection).await.map_err(OpenError::Sqlite)?.get(0);
    if mode != "wal" {
        return Err(OpenError::NotDurable { setting: "journal_mode", found: mode, wanted: "wal" });
    }
    Ok(())
}

/// Goes on until nothing may be believed any more.
async fn fold_the_log(connection: &mut SqliteConnection) -> Fatal {
    let mut every = tokio::time::interval(CHECKPOINT_EVERY);
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
    loop {
        every.tick().await;
        // A passive checkpoint waits for nobody; what it could not fold it folds next time.
        match sqlx::query("pragma wal_checkpoint(passive)").execute(&mut *connection).await {
            Ok(_) => {}
            // After a failed sync the pages may count as clean although they are not on the disk: the next folding would drop them from the log.
            Err(error) if io_failed(&error) && !disk_full(&error) && !sabotage::on(Sabotage::BelieveAfterError) => return Fatal::Io(error),
            Err(error) => tracing::warn!(%error, "the journal's log could not be folded into its file; it grows until that works"),
        }
    }
}

async fn write_all(mut connection: SqliteConnection, mut work: mpsc::Receiver<Work>, gauges: &Gauges) -> Result<(), Fatal> {
    while let Some(first) = work.recv().await {
        let commit = gather(first, &mut work);
        let began = Instant::now();
        let stored = write(&mut connection, &commit).await?;
        gauges.commit_us.store(began.elapsed().as_micros() as u64, Ordering::Relaxed);
        gauges.waiting.fetch_sub(commit.done.len() as u64, Ordering::Relaxed);
        if stored.is_ok() {
            gauges.commits.fetch_add(1, Ordering::Relaxed);
            gauges.records.fetch_add(commit.blocks.iter().map(|block| u64::from(block.count)).sum(), Ordering::Relaxed);
        }
        for done in commit.done {
            done(stored);
        }
    }
    let _ = connection.close().await;
    Ok(())
}

/// What one commit makes durable.
#[derive(Default)]
struct Commit {
    blocks: Vec<Block>,
    done: Vec<Done>,
    /// The newest of each sitting.
    heartbeats: BTreeMap<SittingId, Heartbeat>,
}

/// Takes what waits, within the limits of a commit.
fn gather(first: Work, work: &mut mpsc::Receiver<Work>) -> Commit {
    let mut commit = Commit::default();
    let mut bytes = 0;
    let mut next = Some(first);
    while let Some(one) = next {
        match one {
            Work::Append(block, done) => {
                bytes += block.records.len();
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

async fn write(connection: &mut SqliteConnection, commit: &Commit) -> Result<Result<(), NotStored>, Fatal> {
    match try_write(connection, commit).await {
        Ok(()) => Ok(Ok(())),
        Err(error) if disk_full(&error) => {
            tracing::warn!("the disk is full: answers are refused as busy until there is space");
            Ok(if sabotage::on(Sabotage::FullDiskIsSaved) { Ok(()) } else { Err(NotStored) })
        }
        Err(error) if second_writer(&error) => {
            Err(Fatal::SecondWriter(commit.blocks.first().map_or(SittingId::from_bytes([0; 16]), |block| block.sitting)))
        }
        Err(_) if sabotage::on(Sabotage::BelieveAfterError) => Ok(Ok(())),
        Err(error) => Err(Fatal::Io(error)),
    }
}

async fn try_write(connection: &mut SqliteConnection, commit: &Commit) -> Result<(), sqlx::Error> {
    // One statement is its own transaction, and one trip to the connection instead of three.
    if commit.heartbeats.is_empty() && commit.blocks.len() <= STATEMENT_ROWS_MAX {
        return insert_blocks(connection, &commit.blocks).await;
    }
    sqlx::raw_sql("begin immediate").execute(&mut *connection).await?;
    let written = write_parts(connection, commit).await;
    if written.is_err() {
        // After a full disk SQLite has mostly ended the transaction by itself, and says so here. sqlx's own transactions take that answer for
        // a transaction that is still open and never begin another; a transaction that really is open refuses the next "begin".
        let _ = sqlx::raw_sql("rollback").execute(connection).await;
    }
    written
}

async fn write_parts(connection: &mut SqliteConnection, commit: &Commit) -> Result<(), sqlx::Error> {
    for blocks in commit.blocks.chunks(STATEMENT_ROWS_MAX) {
        insert_blocks(connection, blocks).await?;
    }
    let heartbeats: Vec<&Heartbeat> = commit.heartbeats.values().collect();
    for beats in heartbeats.chunks(STATEMENT_ROWS_MAX) {
        // One statement for many sittings: answers wait for the same commit.
        let mut query = sqlx::query(AssertSqlSafe(sql::beat(beats.len())));
        for beat in beats {
            query = query.bind(beat.sitting.as_bytes().as_slice()).bind(beat.mono_ms as i64).bind(beat.utc_ms);
        }
        query.execute(&mut *connection).await?;
    }
    sqlx::raw_sql("commit").execute(connection).await.map(|_| ())
}

async fn insert_blocks(connection: &mut SqliteConnection, blocks: &[Block]) -> Result<(), sqlx::Error> {
    if blocks.is_empty() {
        return Ok(());
    }
    let mut query = sqlx::query(AssertSqlSafe(sql::insert_blocks(blocks.len())));
    for block in blocks {
        query = query
            .bind(block.sitting.as_bytes().as_slice())
            .bind(block.first_position as i64)
            .bind(i64::from(block.count))
            .bind(block.records.as_slice())
            .bind(block.hash.0.as_slice());
    }
    query.execute(connection).await.map(|_| ())
}

/// SQLITE_FULL, or SQLITE_IOERR_SHMSIZE, which comes first where the shared memory of the log cannot grow: nothing of it was committed.
fn disk_full(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "13" || code == "4874")
}

/// SQLITE_IOERR in all its forms.
fn io_failed(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == 10)
}

/// SQLITE_CONSTRAINT_PRIMARYKEY or _UNIQUE.
fn second_writer(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code == "1555" || code == "2067")
}

/// The journal's SQL.
mod sql {
    pub const MIGRATION_1: &str = include_str!("../../../migrations/sqlite-journal/0001_journal.sql");
    pub const SITTINGS: &str = "select distinct sitting_id\nfrom journal_block\norder by sitting_id";
    pub const BLOCKS: &str = "select first_position, count, records, hash\nfrom journal_block\nwhere sitting_id = $1 and first_position >= $2\norder by first_position\nlimit $3";
    pub const HEARTBEAT: &str = "select mono_ms, utc_ms\nfrom heartbeat\nwhere sitting_id = $1";

    pub fn insert_blocks(rows: usize) -> String {
        format!("insert into journal_block (sitting_id, first_position, count, records, hash)\nvalues {}", binds(rows, 5))
    }

    pub fn beat(rows: usize) -> String {
        let values = binds(rows, 3);
        format!(
            "insert into heartbeat (sitting_id, mono_ms, utc_ms)\nvalues {values}\non conflict (sitting_id) do update\nset mono_ms = excluded.mono_ms, utc_ms = excluded.utc_ms"
        )
    }

    /// `($1, $2), ($3, $4)` for two rows of two columns.
    fn binds(rows: usize, columns: usize) -> String {
        let row = |row: usize| {
            let columns: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
            format!("({})", columns.join(", "))
        };
        (0..rows).map(row).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;

    async fn pages_max(connection: &mut SqliteConnection, pages: u32) {
        sqlx::query(AssertSqlSafe(format!("pragma max_page_count = {pages}"))).execute(connection).await.unwrap();
    }

    #[test]
    fn a_full_queue_says_so_at_once() {
        let (queue, mut work) = mpsc::channel(1);
        let journal = Journal { queue, gauges: Arc::default() };
        let block =
            Block { sitting: SittingId::derive("test", &[]), first_position: 0, count: 1, records: vec![0], hash: Digest32([0; 32]) };
        let answers = Arc::new(std::sync::Mutex::new(Vec::new()));
        for _ in 0..2 {
            let answers = Arc::clone(&answers);
            journal.append(block.clone(), move |stored| answers.lock().unwrap().push(stored));
        }
        assert_eq!(*answers.lock().unwrap(), [Err(NotStored)], "the first one waits for the writer");
        assert_eq!(journal.gauges.waiting.load(Ordering::Relaxed), 1);
        assert!(matches!(work.try_recv(), Ok(Work::Append(_, _))));
    }

    /// `max_page_count` makes a disk of a known size. With a heartbeat a commit has several statements, and SQLite ends the transaction by itself.
    #[tokio::test]
    async fn a_full_disk_is_refused_politely_and_ends_when_there_is_space() {
        let dir = tempfile::tempdir().unwrap();
        let mut connection = connect(dir.path(), true).await.unwrap();
        migrate(&mut connection).await.unwrap();
        let sitting = SittingId::derive("test", &[]);
        let block = Block { sitting, first_position: 0, count: 1, records: vec![0; 1 << 16], hash: Digest32([0; 32]) };
        let beat = Heartbeat { sitting, mono_ms: 1, utc_ms: 1 };
        for heartbeats in [BTreeMap::new(), BTreeMap::from([(sitting, beat)])] {
            pages_max(&mut connection, 1).await;
            let first_position = heartbeats.len() as u64;
            let commit = Commit { blocks: vec![Block { first_position, ..block.clone() }], done: Vec::new(), heartbeats };
            for _ in 0..2 {
                assert_eq!(write(&mut connection, &commit).await.unwrap(), Err(NotStored), "{} heartbeats", commit.heartbeats.len());
            }
            pages_max(&mut connection, 100_000).await;
            assert_eq!(write(&mut connection, &commit).await.unwrap(), Ok(()));
        }
    }
}
