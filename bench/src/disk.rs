//! What the disk can do at all: one sync of 4 KiB, and a file that is only ever appended to, with group commit.

use crate::figures::{Figures, Spread};
use anyhow::Result;
use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// Size of a database page, and of the write whose sync is the machine's own figure.
const PAGE_BYTES: usize = 4_096;
/// Size of the pre-written file; the writer goes round in it.
const FILE_BYTES: usize = 64 * 1024 * 1024;
/// A record of one answer, as the journal's encoding makes it.
pub const RECORD_BYTES: usize = 158;
/// Batches that are measured, in records.
pub const BATCHES: [usize; 4] = [1, 10, 100, 1_000];

/// Measures syncs and appends in a directory, each for `each`.
pub fn measure(dir: &Path, each: Duration, figures: &mut Figures) -> Result<()> {
    let written = pre_written(dir)?;
    let spread = sync_pages(&written, each, |turn| (turn * PAGE_BYTES) % FILE_BYTES)?;
    figures.spread("sync_us", "us", &spread, "4 KiB, pwrite and fdatasync, pre-written file");
    let growing = open(dir, "growing")?;
    let spread = sync_pages(&growing, each, |turn| turn * PAGE_BYTES)?;
    figures.spread("sync_growing_us", "us", &spread, "4 KiB, pwrite and fdatasync, growing file");
    for batch in BATCHES {
        let rate = append(&written, batch, each)?;
        let note = format!("raw file, pre-written, {batch} records of {RECORD_BYTES} bytes a write and fdatasync");
        figures.noted(&format!("append_file_per_s_{batch}"), rate, "1/s", &note);
    }
    Ok(())
}

/// The median sync of a 4 KiB page on a pre-written file alone, microseconds.
pub fn sync_only(dir: &Path, each: Duration, figures: &mut Figures) -> Result<()> {
    let written = pre_written(dir)?;
    let spread = sync_pages(&written, each, |turn| (turn * PAGE_BYTES) % FILE_BYTES)?;
    figures.spread("sync_us", "us", &spread, "4 KiB, pwrite and fdatasync, pre-written file");
    Ok(())
}

fn open(dir: &Path, name: &str) -> Result<File> {
    Ok(OpenOptions::new().read(true).write(true).create(true).truncate(true).open(dir.join(name))?)
}

/// A file whose every block is allocated and written: a sync of it writes data and nothing else.
fn pre_written(dir: &Path) -> Result<File> {
    let file = open(dir, "written")?;
    let zeros = vec![0; 1024 * 1024];
    for turn in 0..FILE_BYTES / zeros.len() {
        file.write_all_at(&zeros, (turn * zeros.len()) as u64)?;
    }
    file.sync_all()?;
    Ok(file)
}

fn sync_pages(file: &File, each: Duration, place: impl Fn(usize) -> usize) -> Result<Spread> {
    let mut spread = Spread::default();
    let mut page = [0; PAGE_BYTES];
    let began = Instant::now();
    let mut turn = 0;
    while began.elapsed() < each {
        page.fill(turn as u8);
        let at = Instant::now();
        file.write_all_at(&page, place(turn) as u64)?;
        file.sync_data()?;
        spread.record(at.elapsed());
        turn += 1;
    }
    Ok(spread)
}

/// Records per second that are durable in a plain file, one write and one sync a batch.
fn append(file: &File, batch: usize, each: Duration) -> Result<f64> {
    let bytes = vec![7; batch * RECORD_BYTES];
    let turns = FILE_BYTES / bytes.len();
    let began = Instant::now();
    let mut turn = 0;
    while began.elapsed() < each {
        file.write_all_at(&bytes, ((turn % turns) * bytes.len()) as u64)?;
        file.sync_data()?;
        turn += 1;
    }
    Ok((turn * batch) as f64 / began.elapsed().as_secs_f64())
}
