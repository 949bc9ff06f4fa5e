//! The write-ahead log of `journal.db` as SQLite will read it after a crash: up to the first frame whose checksum does not follow. What stands
//! behind that frame is silently forgotten, which is right after a power cut and wrong when a bit of the disk has flipped. The difference can be
//! seen: every commit is synced before the next one begins, so a power cut damages the last commit at most.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

const NAME: &str = "journal.db-wal";
/// Bytes of a page of the journal's database, SQLite's usual.
const PAGE: u64 = 4_096;
/// Zeros of one write.
const STRIDE: u64 = 64 * 1024;
const HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// What a log looks like before it is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogState {
    /// Everything follows, or there is none.
    Whole,
    /// The last commit is not whole. After a power cut that is the one that was under way, which nobody was told of; otherwise it is damage.
    LastCommitTorn,
    /// Commits that were durable cannot be read any more.
    Damaged,
}

/// Looks at the log of a directory; nothing may have opened it before.
pub fn examine(dir: &Path) -> io::Result<LogState> {
    match std::fs::read(dir.join(NAME)) {
        Ok(log) => Ok(state(&log)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(LogState::Whole),
        Err(error) => Err(error),
    }
}

/// Bytes of a log of so many pages.
const fn bytes_of(pages: u32) -> u64 {
    HEADER as u64 + pages as u64 * (FRAME_HEADER as u64 + PAGE)
}

/// Makes the log so many pages long before anything is written to it. A sync of bytes that are there already costs half of one that makes the
/// file longer; SQLite reads a log of zeros as an empty one, and zeros behind its end as its end. Nobody may be writing to the log.
pub fn lengthen(dir: &Path, pages: u32) -> io::Result<()> {
    let log = OpenOptions::new().write(true).create(true).truncate(false).open(dir.join(NAME))?;
    let (mut length, wanted) = (log.metadata()?.len(), bytes_of(pages));
    if length >= wanted {
        return Ok(());
    }
    let zeros = [0; STRIDE as usize];
    while length < wanted {
        let stride = STRIDE.min(wanted - length);
        log.write_all_at(&zeros[..stride as usize], length)?;
        length += stride;
    }
    log.sync_all()?;
    File::open(dir)?.sync_all()
}

fn state(log: &[u8]) -> LogState {
    let Some((header, frames)) = log.split_at_checked(HEADER).filter(|(header, _)| header.iter().any(|&byte| byte != 0)) else {
        return LogState::Whole;
    };
    let little_endian = word(header, 0) == 0x377f_0682;
    let page_size = word(header, 8) as usize;
    let salts = salts(header, 16);
    let mut sum = checksum((0, 0), &header[..24], little_endian);
    // A header is one sector: it is there or it is not.
    if !(little_endian || word(header, 0) == 0x377f_0683) || sum != (word(header, 24), word(header, 28)) || page_size == 0 {
        return LogState::Damaged;
    }
    let behind = frames.chunks_exact(FRAME_HEADER + page_size).skip_while(|frame| {
        sum = checksum(checksum(sum, &frame[..8], little_endian), &frame[FRAME_HEADER..], little_endian);
        self::salts(frame, 8) == salts && sum == (word(frame, 16), word(frame, 20))
    });
    // Frames of this generation of the log; one bit of what says so may be the one that flipped.
    let ours: Vec<_> = behind.filter(|frame| (self::salts(frame, 8) ^ salts).count_ones() <= 1).collect();
    match ours.iter().filter(|frame| word(frame, 4) != 0).count() {
        _ if ours.is_empty() => LogState::Whole,
        0 | 1 => LogState::LastCommitTorn,
        _ => LogState::Damaged,
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4].iter().fold(0, |word, &byte| word << 8 | u32::from(byte))
}

fn salts(bytes: &[u8], at: usize) -> u64 {
    u64::from(word(bytes, at)) << 32 | u64::from(word(bytes, at + 4))
}

/// SQLite's checksum of a log: pairs of words, summed up and into each other.
fn checksum((mut first, mut second): (u32, u32), bytes: &[u8], little_endian: bool) -> (u32, u32) {
    for pair in bytes.chunks_exact(8) {
        let word = |at| if little_endian { word(pair, at).swap_bytes() } else { word(pair, at) };
        first = first.wrapping_add(word(0)).wrapping_add(second);
        second = second.wrapping_add(word(4)).wrapping_add(first);
    }
    (first, second)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::*;
    use rusqlite::Connection;

    #[test]
    fn a_log_of_zeros_is_an_empty_one_and_keeps_its_length() {
        let dir = tempfile::tempdir().unwrap();
        let log = dir.path().join(NAME);
        let length = || std::fs::metadata(&log).unwrap().len();
        super::super::connect(dir.path(), true).unwrap().execute_batch("create table t (x)").unwrap();
        assert!(!log.exists(), "the last connection folds the log and takes it away");
        lengthen(dir.path(), 100).unwrap();
        assert_eq!(examine(dir.path()).unwrap(), LogState::Whole);
        for round in 1..=3 {
            // Ended without closing, as a crash does: the log stays.
            let connection = std::mem::ManuallyDrop::new(super::super::connect(dir.path(), true).unwrap());
            connection.execute("insert into t values (randomblob(9000))", []).unwrap();
            let rows: i64 = connection.query_row("select count(*) from t", [], |row| row.get(0)).unwrap();
            assert_eq!((rows, length()), (round, bytes_of(100)));
            assert_eq!(examine(dir.path()).unwrap(), LogState::Whole);
        }
    }

    #[test]
    fn one_flipped_bit_of_a_log_is_seen_and_a_torn_last_commit_is_no_damage() {
        let dir = tempfile::tempdir().unwrap();
        let connection = super::super::connect(dir.path(), true).unwrap();
        connection.execute_batch("create table t (x)").unwrap();
        let log = dir.path().join(NAME);
        let commit = |connection: &Connection| connection.execute("insert into t values (randomblob(9000))", []).unwrap();
        commit(&connection);
        let before_last = std::fs::metadata(&log).unwrap().len() as usize;
        commit(&connection);
        let written = std::fs::read(&log).unwrap();
        assert_eq!(examine(dir.path()).unwrap(), LogState::Whole);
        for bit in (0..written.len() * 8).step_by(4_001) {
            let mut flipped = written.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let expected = if bit / 8 < before_last { LogState::Damaged } else { LogState::LastCommitTorn };
            assert_eq!(state(&flipped), expected, "bit {bit}");
        }
        for length in (before_last..written.len()).step_by(512) {
            assert_eq!(state(&written[..length]), LogState::Whole, "a commit that never came to its end is no damage");
        }
    }
}
