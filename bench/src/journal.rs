//! The journal beside bare SQLite: the same bytes, the same batch, the same disk, turn by turn in one run.

use crate::bare_sqlite;
use crate::figures::{Figures, Spread};
use crate::hall::{self, Hall};
use anyhow::{Context, Result};
use exam_session::block::{Block, JournalHead};
use question_bank::id::SittingId;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use store::journal::{Journal, NotStored, Writer};

/// Records of a block.
pub const BATCH: usize = 100;
/// Sittings that append at the same time.
const SITTINGS: usize = 36;
/// Turns of journal and bare SQLite; the ratio is the median of theirs, so that a disturbance of one of them does not decide.
const TURNS: usize = 5;

/// Measures the journal at blocks of [`BATCH`] records, of one sitting and of many, and bare SQLite in between. Each turn takes `each` per side.
pub fn measure(dir: &Path, each: Duration, figures: &mut Figures) -> Result<()> {
    let records = encoded_answers()?;
    let row_bytes = records.len() / BATCH;
    let [mut one, mut many, mut rusqlite, mut sqlx, mut ratios] = [const { Vec::new() }; 5];
    let (mut spread_one, mut spread_many) = (Spread::default(), Spread::default());
    for _ in 0..TURNS {
        let (rate, spread) = append(dir, 1, &records, each)?;
        spread_one.add(&spread);
        one.push(rate);
        rusqlite.push(bare_sqlite::rusqlite_rows(dir, BATCH, row_bytes, each)?.0);
        sqlx.push(bare_sqlite::sqlx_rows(dir, BATCH, row_bytes, each)?.0);
        let bare = f64::max(rusqlite[rusqlite.len() - 1], sqlx[sqlx.len() - 1]);
        ratios.push(rate / bare);
        let (rate, spread) = append(dir, SITTINGS, &records, each)?;
        spread_many.add(&spread);
        many.push(rate);
    }
    let bytes = format!("{row_bytes} bytes a record");
    figures.noted(
        "journal_records_per_s",
        median(&mut one),
        "1/s",
        &format!("one sitting, blocks of {BATCH}, {bytes}, hashed and chained"),
    );
    figures.spread("journal_append_us", "us", &spread_one, "one block of 100, until it is durable");
    figures.noted("journal_36_records_per_s", median(&mut many), "1/s", &format!("{SITTINGS} sittings at once, blocks of {BATCH}"));
    figures.spread("journal_36_append_us", "us", &spread_many, "one block of 100, 36 sittings at once");
    figures.noted("rusqlite_rows_per_s", median(&mut rusqlite), "1/s", &format!("bare, rusqlite, batches of {BATCH}, {bytes}, in between"));
    figures.noted("sqlx_rows_per_s", median(&mut sqlx), "1/s", "the same through sqlx");
    let note = "journal_records_per_s over the faster of the two in the same turn; median of the turns";
    figures.noted("ratio_commit_to_bare_sqlite", median(&mut ratios), "", note);
    Ok(())
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// [`BATCH`] records as an owner encodes them, one answer each.
fn encoded_answers() -> Result<Vec<u8>> {
    let mut rng = SmallRng::seed_from_u64(1);
    let mut hall = Hall::invented(&hall::invented_bank(&mut rng), BATCH, &mut rng);
    hall.run_up(&mut rng, &mut |_| {})?;
    let mut block = None;
    hall.all_answer(7, hall::at(600_000), &mut rng, &mut |answers| block = Some(answers))?;
    Ok(block.context("a block of answers")?.records)
}

/// Opens a journal whose failure ends this process, as it ends the server.
pub async fn open(dir: &Path) -> Result<(Journal, Writer)> {
    let fatal = |fatal| {
        eprintln!("the journal failed: {fatal:?}");
        std::process::abort();
    };
    Ok(Journal::open(dir, store::journal::LOG_PAGES, fatal).await?)
}

/// Puts blocks into a journal as fast as it takes them, with a bounded number on their way.
pub struct Lane<'a> {
    journal: &'a Journal,
    said: mpsc::Sender<bool>,
    heard: mpsc::Receiver<bool>,
    open: usize,
}

impl<'a> Lane<'a> {
    /// Blocks of a lane on their way.
    const OPEN_MAX: usize = 256;

    /// A lane of its own for each thread.
    pub fn new(journal: &'a Journal) -> Self {
        let (said, heard) = mpsc::channel();
        Lane { journal, said, heard, open: 0 }
    }

    /// Puts a block in, waiting for an earlier one if there are too many.
    ///
    /// # Panics
    /// When the disk is full.
    pub fn put(&mut self, block: Block) {
        if self.open == Self::OPEN_MAX {
            self.settle_one();
        }
        let said = self.said.clone();
        self.journal.append(block, move |stored| {
            let _ = said.send(stored.is_ok());
        });
        self.open += 1;
    }

    /// Waits until everything is durable.
    pub fn settle(mut self) {
        while self.open > 0 {
            self.settle_one();
        }
    }

    fn settle_one(&mut self) {
        assert_eq!(self.heard.recv(), Ok(true), "the disk has space and the writer lives");
        self.open -= 1;
    }
}

/// Records per second when each of so many sittings has one block on its way at any time, and how long a block takes.
fn append(dir: &Path, sittings: usize, records: &[u8], each: Duration) -> Result<(f64, Spread)> {
    let dir = tempfile::tempdir_in(dir)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (journal, writer) = runtime.block_on(open(dir.path()))?;
    let (said, heard) = mpsc::channel::<(usize, Instant, Result<(), NotStored>)>();
    let ids: Vec<SittingId> = (0..sittings as u64).map(|n| SittingId::derive("bench", &[&n.to_be_bytes()])).collect();
    let mut heads: Vec<JournalHead> = ids.iter().map(|&id| JournalHead::empty(id)).collect();
    let mut send = |sitting: usize| {
        let (said, at) = (said.clone(), Instant::now());
        let block: Block = heads[sitting].block(ids[sitting], BATCH as u32, records.to_vec());
        heads[sitting] = JournalHead::after(&block);
        journal.append(block, move |stored| {
            let _ = said.send((sitting, at, stored));
        });
    };
    let began = Instant::now();
    (0..sittings).for_each(&mut send);
    let (mut blocks, mut open, mut spread) = (0, sittings, Spread::default());
    while open > 0 {
        let (sitting, at, stored) = heard.recv().context("the journal's writer is gone")?;
        stored.context("the disk is full")?;
        spread.record(at.elapsed());
        blocks += 1;
        if began.elapsed() < each {
            send(sitting);
        } else {
            open -= 1;
        }
    }
    let rate = (blocks * BATCH) as f64 / began.elapsed().as_secs_f64();
    drop(journal);
    writer.join();
    Ok((rate, spread))
}
