//! States in which a disk may be found after a power cut: of the writes that were not synced each one may be there, or not, or some of its
//! sectors. They are built from the trace of a run and read as the server reads a journal.

use crate::Outcome;
use crate::hall::Scale;
use crate::program::Program;
use crate::size::random;
use crate::trace::{Act, File, Trace, record};
use crate::verify::broken;
use crate::writer::Ack;
use anyhow::{Context, Result};
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, RngExt};
use std::path::Path;

/// A disk writes this many bytes as one.
const SECTOR: u64 = 512;
/// The hall whose writes are recorded.
const SCALE: Scale = Scale { sittings: 2, sessions: 3 };
/// How it answers: slowly enough that its log is folded twice.
const PACE: [&str; 6] = ["--answers", "420", "--pause-ms", "35", "--log-pages", "32"];
/// States built from one recording; then another one is made.
const STATES_PER_RECORDING: u64 = 5_000;
/// Promises broken after which a recording is not looked at any further.
const BROKEN_MAX: usize = 20;

/// Which of the writes that were not synced reached the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// All: a crash of the process only.
    All,
    /// None.
    None,
    /// Some whole ones.
    Some,
    /// Some sectors of some.
    Torn,
}

/// Whether the disk keeps its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Honesty {
    /// What was synced is there.
    Honest,
    /// Syncs do nothing: for the proof that the test would notice.
    Lying,
}

/// A disk in the middle of a run.
struct Platter<'t> {
    trace: &'t Trace,
    /// Content that survives.
    durable: [Option<Vec<u8>>; 3],
    /// Calls that were made and are not known to be durable, by index.
    pending: Vec<usize>,
    promised: Vec<Ack>,
    honesty: Honesty,
    /// Next call, and calls that began and did not return.
    next: usize,
    under_way: Vec<(usize, Vec<usize>)>,
}

fn file_of(act: &Act) -> Option<File> {
    match act {
        Act::Write(file, ..) | Act::Truncate(file, _) | Act::Unlink(file) | Act::Sync(file) => Some(*file),
        Act::Ack(_) => None,
    }
}

/// Does an act to a file, as far as `sector` lets it.
fn apply(content: &mut Option<Vec<u8>>, act: &Act, mut sector: impl FnMut() -> bool) {
    match act {
        Act::Write(_, offset, bytes) => {
            let content = content.get_or_insert_default();
            let (mut at, end) = (*offset, offset + bytes.len() as u64);
            while at < end {
                let next = ((at / SECTOR + 1) * SECTOR).min(end);
                if sector() {
                    if (content.len() as u64) < next {
                        content.resize(next as usize, 0);
                    }
                    content[at as usize..next as usize].copy_from_slice(&bytes[(at - offset) as usize..(next - offset) as usize]);
                }
                at = next;
            }
        }
        Act::Truncate(_, length) => content.get_or_insert_default().resize(*length as usize, 0),
        Act::Unlink(_) => *content = None,
        Act::Sync(_) | Act::Ack(_) => {}
    }
}

impl<'t> Platter<'t> {
    fn new(trace: &'t Trace, honesty: Honesty) -> Self {
        Platter { trace, durable: Default::default(), pending: Vec::new(), promised: Vec::new(), honesty, next: 0, under_way: Vec::new() }
    }

    /// Goes on by one line of the trace.
    fn advance(&mut self, line: usize) {
        let (returning, under_way) =
            std::mem::take(&mut self.under_way).into_iter().partition(|(call, _)| self.trace.calls[*call].returns == Some(line));
        self.under_way = under_way;
        for (call, covered) in returning {
            self.returned(call, covered);
        }
        while let Some(call) = self.trace.calls.get(self.next).filter(|call| call.begins == line) {
            let index = self.next;
            self.next += 1;
            let mut covered = Vec::new();
            match &call.act {
                Act::Ack(ack) => self.promised.push(*ack),
                // A sync covers what returned before it began. It also makes durable which files there are.
                Act::Sync(file) => {
                    let returned = |other: &usize| self.trace.calls[*other].returns.is_some_and(|returns| returns < line);
                    let covers = |other: &usize| {
                        let act = &self.trace.calls[*other].act;
                        file_of(act) == Some(*file) || matches!(act, Act::Unlink(_))
                    };
                    covered = self.pending.iter().copied().filter(|other| returned(other) && covers(other)).collect();
                }
                Act::Write(..) | Act::Truncate(..) | Act::Unlink(_) if !call.failed => self.pending.push(index),
                Act::Write(..) | Act::Truncate(..) | Act::Unlink(_) => {}
            }
            match call.returns {
                Some(returns) if returns == line => self.returned(index, covered),
                Some(_) => self.under_way.push((index, covered)),
                None => {}
            }
        }
    }

    fn returned(&mut self, call: usize, covered: Vec<usize>) {
        if self.honesty == Honesty::Lying {
            return;
        }
        for &index in &covered {
            // After a failed sync the pages count as clean and are never written again: they are gone.
            let act = &self.trace.calls[index].act;
            if let Some(file) = file_of(act).filter(|_| !self.trace.calls[call].failed) {
                apply(&mut self.durable[file as usize], act, || true);
            }
        }
        self.pending.retain(|index| !covered.contains(index));
    }

    /// What would be found if the power went now.
    fn found(&self, fate: Fate, random: &mut SmallRng) -> [Option<Vec<u8>>; 3] {
        let mut found = self.durable.clone();
        let share = random.random_range(0.05..0.95);
        for &index in &self.pending {
            let act = &self.trace.calls[index].act;
            let Some(file) = file_of(act) else { continue };
            let there = match fate {
                Fate::All => true,
                Fate::None => false,
                Fate::Some | Fate::Torn => random.random_bool(share),
            };
            if there {
                let torn = fate == Fate::Torn && random.random_bool(0.5);
                apply(&mut found[file as usize], act, || !torn || random.random_bool(0.5));
            }
        }
        found
    }
}

/// Memory if there is any to write to, otherwise a temporary folder: what is checked here is content, not durability.
fn scratch() -> Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(if memory.is_dir() { tempfile::tempdir_in(memory)? } else { tempfile::tempdir()? })
}

fn lay_out(dir: &Path, found: &[Option<Vec<u8>>; 3]) -> Result<()> {
    std::fs::create_dir_all(dir)?;
    for file in File::ALL {
        if let Some(bytes) = &found[file as usize] {
            std::fs::write(dir.join(file.name()), bytes)?;
        }
    }
    Ok(())
}

/// Looks at what would be found at the end of a trace if nothing unsynced survived: what is acknowledged must be there all the same.
pub async fn at_the_end(trace: &Trace, scale: Scale) -> Result<Vec<String>> {
    let mut platter = Platter::new(trace, Honesty::Honest);
    (0..trace.lines).for_each(|line| platter.advance(line));
    let folder = scratch()?;
    lay_out(folder.path(), &platter.found(Fate::None, &mut random(0, 0)))?;
    Ok(broken(folder.path(), scale, &platter.promised).await)
}

/// Builds `count` states of one trace, spread evenly over it, and reads each. `part` of `parts` threads.
async fn walk(trace: &Trace, honesty: Honesty, seed: u64, count: u64, part: u64, parts: u64) -> Result<Outcome> {
    let (folder, mut outcome, mut platter) = (scratch()?, Outcome::default(), Platter::new(trace, honesty));
    let lines = trace.lines as u64;
    for line in 0..lines {
        platter.advance(line as usize);
        // States first, first + 1, ... belong to this line.
        let (first, end) = (line * count / lines, (line + 1) * count / lines);
        for state in (first..end).filter(|state| state % parts == part) {
            let mut random = random(seed, state);
            let fate = *[Fate::All, Fate::None, Fate::Some, Fate::Some, Fate::Torn, Fate::Torn].choose(&mut random).context("a fate")?;
            // A folder of its own: the reader of the state before closes its files in its own time.
            let dir = folder.path().join(state.to_string());
            lay_out(&dir, &platter.found(fate, &mut random))?;
            let found = broken(&dir, SCALE, &platter.promised).await;
            let _ = std::fs::remove_dir_all(&dir);
            let tell = |broken| {
                format!(
                    "seed {seed}, state {state}, line {line} of {lines}, {fate:?} of {} unsynced writes: {broken}",
                    platter.pending.len()
                )
            };
            outcome.add(Outcome {
                rounds: 1,
                acknowledged: platter.promised.len() as u64,
                broken: found.into_iter().take(3).map(tell).collect(),
            });
            if outcome.broken.len() >= BROKEN_MAX {
                return Ok(outcome);
            }
        }
    }
    Ok(outcome)
}

fn states_of(trace: &Trace, honesty: Honesty, seed: u64, count: u64) -> Result<Outcome> {
    let parts = std::thread::available_parallelism().map_or(1, |threads| threads.get() as u64);
    let mut outcome = Outcome::default();
    std::thread::scope(|scope| -> Result<()> {
        let walkers: Vec<_> = (0..parts)
            .map(|part| {
                scope.spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
                    runtime.block_on(walk(trace, honesty, seed, count, part, parts))
                })
            })
            .collect();
        for walker in walkers {
            outcome.add(walker.join().map_err(|_| anyhow::anyhow!("a walker panicked"))??);
        }
        Ok(())
    })?;
    Ok(outcome)
}

/// Records runs and reads so many states of them.
pub fn states(program: &Program, honesty: Honesty, seed: u64, count: u64) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let mut recordings = 0;
    while outcome.rounds < count && outcome.broken.is_empty() {
        let folder = tempfile::tempdir()?;
        let (trace, status) = record(program, folder.path(), SCALE, &PACE, None)?;
        anyhow::ensure!(status.is_some_and(|status| status.success()), "the writer ended with {status:?}");
        let seed = random(seed, recordings).next_u64();
        outcome.add(states_of(&trace, honesty, seed, (count - outcome.rounds).min(STATES_PER_RECORDING))?);
        recordings += 1;
    }
    Ok(outcome)
}
