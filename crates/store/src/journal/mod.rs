//! The journal: blocks of all sittings, made durable by one writer thread with group commit.
//!
//! Batches that arrive while a commit is under way share the next one: one sync serves every sitting of the node. The writer has a database
//! file, a connection and a thread of its own; nothing else in the product can hold its lock. It speaks to SQLite directly: a driver with a
//! thread of its own between the writer and the disk would cost every answer two more changes of thread.

pub mod log;
mod reader;
mod writer;

pub use reader::Reader;

use exam_session::block::Block;
use question_bank::id::SittingId;
use rusqlite::{Connection, OpenFlags};
use sabotage::Sabotage;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Most appends that wait for the writer; an owner has at most one on its way, so this is the number of sittings of a node.
pub const QUEUE_APPENDS_MAX: usize = 4_096;
/// Most blocks of one commit.
pub const COMMIT_BLOCKS_MAX: usize = 512;
/// A commit is closed when its blocks reach this many bytes.
pub const COMMIT_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A log of this many pages (8 MiB) is begun again: it must not grow for ever under a load that never pauses.
pub const LOG_PAGES: u32 = 2_048;

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
    /// The journal does not end where this block begins.
    #[error("a second writer wrote to the journal of sitting {0}")]
    SecondWriter(SittingId),
    /// A write or a sync failed.
    #[error("the journal could not be written")]
    Io(#[source] rusqlite::Error),
    /// The writer's thread panicked: what was on its way will never be answered.
    #[error("the journal's writer panicked")]
    Panicked,
}

/// The journal cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// SQLite says no.
    #[error("failed to open the journal")]
    Sqlite(#[from] rusqlite::Error),
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
    /// The log could not be made ready.
    #[error("failed to write the journal's log in advance")]
    Log(#[source] std::io::Error),
    /// The writer's thread could not be started.
    #[error("failed to start the journal's writer")]
    Thread(#[source] std::io::Error),
}

type Done = Box<dyn FnOnce(Result<(), NotStored>) + Send>;

enum Work {
    Append { block: Block, done: Done, since: Instant },
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
    /// From the append of the oldest block of the last commit until it was durable, microseconds: what the writer's queue costs an answer.
    pub delay_us: AtomicU64,
}

/// Handle of the writer; cheap to clone. The writer ends when the last handle is gone and everything is written.
#[derive(Clone)]
pub struct Journal {
    queue: mpsc::SyncSender<Work>,
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
    /// any more; it should end the process. `log_pages` is usually [`LOG_PAGES`].
    pub async fn open(dir: &Path, log_pages: u32, on_fatal: impl FnOnce(Fatal) + Send + 'static) -> Result<(Journal, Writer), OpenError> {
        let dir = dir.to_owned();
        let opening = move || {
            let (queue, work) = mpsc::sync_channel(QUEUE_APPENDS_MAX);
            let gauges = Arc::new(Gauges::default());
            let thread = writer::start(&dir, log_pages, work, Arc::clone(&gauges), on_fatal)?;
            Ok((Journal { queue, gauges }, Writer(thread)))
        };
        tokio::task::spawn_blocking(opening).await.unwrap_or_else(|_| Err(OpenError::Thread(std::io::Error::other("opening panicked"))))
    }

    /// Makes a block durable, then calls `done` on the writer's thread. Never waits: with a full queue `done` hears at once that nothing was
    /// stored.
    pub fn append(&self, block: Block, done: impl FnOnce(Result<(), NotStored>) + Send + 'static) {
        self.gauges.waiting.fetch_add(1, Ordering::Relaxed);
        match self.queue.try_send(Work::Append { block, done: Box::new(done), since: Instant::now() }) {
            Ok(()) => {}
            Err(mpsc::TrySendError::Full(Work::Append { done, .. })) => {
                self.gauges.waiting.fetch_sub(1, Ordering::Relaxed);
                done(Err(NotStored));
            }
            // The writer met a fatal error and the process is ending: there is nobody left to answer.
            Err(mpsc::TrySendError::Disconnected(_) | mpsc::TrySendError::Full(Work::Heartbeat(_))) => {}
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

fn connect(dir: &Path, create: bool) -> Result<Connection, OpenError> {
    let create = if create { OpenFlags::SQLITE_OPEN_CREATE } else { OpenFlags::empty() };
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | create;
    let connection = Connection::open_with_flags(dir.join("journal.db"), flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    let synchronous = if sabotage::on(Sabotage::SynchronousNormal) { "normal" } else { "full" };
    connection.pragma_update(None, "synchronous", synchronous)?;
    // Folding the log is done beside the writer, never inside a commit.
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(connection)
}

fn assert_durable(connection: &Connection) -> Result<(), OpenError> {
    let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
    if synchronous != 2 && !sabotage::on(Sabotage::SynchronousNormal) {
        return Err(OpenError::NotDurable { setting: "synchronous", found: synchronous.to_string(), wanted: "2 (full)" });
    }
    let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
    if mode != "wal" {
        return Err(OpenError::NotDurable { setting: "journal_mode", found: mode, wanted: "wal" });
    }
    Ok(())
}

/// The journal's SQL.
mod sql {
    pub const MIGRATION_1: &str = include_str!("../../../../migrations/sqlite-journal/0001_journal.sql");

    pub const BEGIN: &str = "begin immediate";
    pub const COMMIT: &str = "commit";
    pub const ROLLBACK: &str = "rollback";
    pub const NEWEST_BLOCK: &str = "select coalesce(max(block_id), 0)\nfrom journal_block";
    pub const OPEN_JOURNAL: &str =
        "insert into journal (sitting_id, last_block, next_position, mono_ms, utc_ms)\nvalues (?1, null, 0, 0, 0)\non conflict do nothing";
    pub const END_OF_JOURNAL: &str = "select last_block\nfrom journal\nwhere sitting_id = ?1";
    pub const INSERT_BLOCK: &str = "insert into journal_block (block_id, sitting_id, previous_block, first_position, count, hash, records)\nvalues (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    pub const MOVE_END: &str = "update journal\nset last_block = ?3, next_position = ?4\nwhere sitting_id = ?1 and next_position = ?2";
    pub const BEAT: &str = "update journal\nset mono_ms = ?2, utc_ms = ?3\nwhere sitting_id = ?1";
    pub const CHECKPOINT: &str = "pragma wal_checkpoint(passive)";
    pub const BEGIN_LOG_AGAIN: &str = "pragma wal_checkpoint(restart)";
    pub const INTEGRITY: &str = "pragma integrity_check(5)";

    pub const SITTINGS: &str = "select sitting_id\nfrom journal\nwhere last_block is not null\norder by sitting_id";
    pub const STEP_BACK: &str = "select previous_block, first_position\nfrom journal_block\nwhere block_id = ?1 and sitting_id = ?2";
    pub const BLOCK: &str = "select first_position, count, records, hash\nfrom journal_block\nwhere block_id = ?1 and sitting_id = ?2";
    pub const BLOCKS_IN_ALL: &str = "select count(*)\nfrom journal_block";
    pub const NEXT_POSITION: &str = "select next_position\nfrom journal\nwhere sitting_id = ?1";
    pub const HEARTBEAT: &str = "select mono_ms, utc_ms\nfrom journal\nwhere sitting_id = ?1 and utc_ms > 0";
}
