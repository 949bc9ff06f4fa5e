//! Reading a journal without writing to it: for recovery and `fsck`.

use super::{Heartbeat, OpenError, connect, sql};
use exam_session::block::Block;
use question_bank::id::{Digest32, SittingId};
use rusqlite::{Connection, OptionalExtension, params};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Reads a journal. Its functions read the disk on a thread for that.
pub struct Reader {
    open: Arc<Mutex<Open>>,
}

struct Open {
    connection: Connection,
    /// The sitting read last, and its blocks in order: first position and number.
    chain: Option<(SittingId, Vec<(u64, i64)>)>,
}

impl Reader {
    /// Opens `journal.db` of a directory.
    pub async fn open(dir: &Path) -> Result<Reader, OpenError> {
        let dir = dir.to_owned();
        let connection =
            tokio::task::spawn_blocking(move || connect(&dir, false)).await.map_err(|error| OpenError::Thread(error.into()))??;
        Ok(Reader { open: Arc::new(Mutex::new(Open { connection, chain: None })) })
    }

    async fn read<T: Send + 'static>(
        &self,
        look: impl FnOnce(&mut Open) -> Result<T, rusqlite::Error> + Send + 'static,
    ) -> Result<T, rusqlite::Error> {
        let open = Arc::clone(&self.open);
        let looking = move || look(&mut open.lock().unwrap_or_else(PoisonError::into_inner));
        tokio::task::spawn_blocking(looking).await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }

    /// All sittings that have a journal.
    pub async fn sittings(&mut self) -> Result<Vec<SittingId>, rusqlite::Error> {
        self.read(|open| {
            let mut statement = open.connection.prepare_cached(sql::SITTINGS)?;
            let ids = statement.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
            Ok(ids.collect::<Result<Vec<_>, _>>()?.iter().filter_map(|id| SittingId::from_slice(id)).collect())
        })
        .await
    }

    /// What SQLite finds wrong with the file itself; empty means nothing.
    pub async fn integrity(&mut self) -> Result<Vec<String>, rusqlite::Error> {
        self.read(|open| {
            let mut statement = open.connection.prepare(sql::INTEGRITY)?;
            let found = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            Ok(found.into_iter().filter(|line| line != "ok").collect())
        })
        .await
    }

    /// Number of blocks of all sittings together: more than their chains hold means that some belong to none.
    pub async fn blocks_in_all(&mut self) -> Result<u64, rusqlite::Error> {
        self.read(|open| open.connection.query_row(sql::BLOCKS_IN_ALL, [], |row| row.get::<_, i64>(0)).map(|count| count as u64)).await
    }

    /// Number of blocks of a sitting.
    pub async fn blocks_of(&mut self, sitting: SittingId) -> Result<u64, rusqlite::Error> {
        self.read(move |open| open.chain(sitting).map(|chain| chain.len() as u64)).await
    }

    /// The last block of a sitting: it tells what happened last without walking the rest.
    pub async fn last_block(&mut self, sitting: SittingId) -> Result<Option<Block>, rusqlite::Error> {
        self.read(move |open| {
            let Some(number) = open.end(sitting)? else { return Ok(None) };
            let mut statement = open.connection.prepare_cached(sql::BLOCK)?;
            statement.query_row(params![number, sitting.as_bytes().as_slice()], |row| block(sitting, row)).optional()
        })
        .await
    }

    /// Blocks of a sitting from a position on, at most `limit`, in order. A sitting is walked once, when its first blocks are asked for.
    pub async fn blocks(&mut self, sitting: SittingId, from: u64, limit: u32) -> Result<Vec<Block>, rusqlite::Error> {
        self.read(move |open| {
            let chain = open.chain(sitting)?;
            let begin = chain.partition_point(|&(first_position, _)| first_position < from);
            let numbers: Vec<i64> = chain[begin..].iter().take(limit as usize).map(|&(_, number)| number).collect();
            let mut statement = open.connection.prepare_cached(sql::BLOCK)?;
            let read = |number: i64| statement.query_row(params![number, sitting.as_bytes().as_slice()], |row| block(sitting, row));
            numbers.into_iter().map(read).collect()
        })
        .await
    }

    /// Where a sitting's journal says that it ends: a reader of all its blocks must come to the same position.
    pub async fn next_position(&mut self, sitting: SittingId) -> Result<u64, rusqlite::Error> {
        self.read(move |open| {
            let mut statement = open.connection.prepare_cached(sql::NEXT_POSITION)?;
            let end = statement.query_row([sitting.as_bytes().as_slice()], |row| row.get::<_, i64>(0)).optional()?;
            Ok(end.map_or(0, |position| position as u64))
        })
        .await
    }

    /// The last heartbeat of a sitting.
    pub async fn heartbeat(&mut self, sitting: SittingId) -> Result<Option<Heartbeat>, rusqlite::Error> {
        self.read(move |open| {
            let mut statement = open.connection.prepare_cached(sql::HEARTBEAT)?;
            let beat = |row: &rusqlite::Row<'_>| Ok(Heartbeat { sitting, mono_ms: row.get::<_, i64>(0)? as u64, utc_ms: row.get(1)? });
            statement.query_row([sitting.as_bytes().as_slice()], beat).optional()
        })
        .await
    }
}

fn block(sitting: SittingId, row: &rusqlite::Row<'_>) -> Result<Block, rusqlite::Error> {
    Ok(Block {
        sitting,
        first_position: row.get::<_, i64>(0)? as u64,
        count: row.get(1)?,
        records: row.get(2)?,
        hash: Digest32::from_slice(row.get_ref(3)?.as_blob()?).unwrap_or(Digest32([0; 32])),
    })
}

impl Open {
    /// Number of a sitting's last block.
    fn end(&self, sitting: SittingId) -> Result<Option<i64>, rusqlite::Error> {
        let mut statement = self.connection.prepare_cached(sql::END_OF_JOURNAL)?;
        Ok(statement.query_row([sitting.as_bytes().as_slice()], |row| row.get(0)).optional()?.flatten())
    }

    /// Walks a sitting's blocks back from its last one. A block names the one before it, so that a commit writes at the end of the file only:
    /// an index over sittings would be written at as many places as there are sittings.
    fn chain(&mut self, sitting: SittingId) -> Result<&[(u64, i64)], rusqlite::Error> {
        if self.chain.as_ref().is_none_or(|(of, _)| *of != sitting) {
            let id = sitting.as_bytes().as_slice();
            let mut statement = self.connection.prepare_cached(sql::STEP_BACK)?;
            let mut next = self.end(sitting)?;
            let mut chain = Vec::new();
            while let Some(number) = next {
                let (previous, first_position): (Option<i64>, i64) =
                    statement.query_row(params![number, id], |row| Ok((row.get(0)?, row.get(1)?)))?;
                chain.push((first_position as u64, number));
                // Numbers fall on the way back; in a damaged file they might not, and the walk must end all the same.
                next = previous.filter(|&previous| previous < number);
            }
            chain.reverse();
            drop(statement);
            self.chain = Some((sitting, chain));
        }
        Ok(self.chain.as_ref().map_or(&[], |(_, chain)| chain))
    }
}
