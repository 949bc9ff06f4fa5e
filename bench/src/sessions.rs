//! Live sessions in this process: owners and the journal, no sockets. Each session saves once a minute in real time; then as fast as it goes.

use crate::figures::{Figures, Spread};
use crate::hall::{self, Hall, SECTIONS};
use crate::journal::{self, Lane};
use crate::process;
use anyhow::{Context, Result, ensure};
use exam_session::owner::{Effect, Input, ReplyTo};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp};
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};
use store::journal::{Journal, NotStored};

/// Sessions of one sitting.
const SITTING_SESSIONS: usize = 500;
/// Threads that own the sittings, as the server's runtime has workers.
const THREADS: usize = 2;
/// A session saves this often.
const SAVE_EVERY_S: f64 = 60.0;
/// Answers of a sitting that wait or are on their way when it goes as fast as it can.
const OUTSTANDING: usize = 50;
/// The halls have been running for so long when measuring begins, on their own clocks.
const BEGAN_MS: u64 = 600_000;

/// What one thread measured.
#[derive(Default)]
struct Outcome {
    saves: u64,
    refused: u64,
    spread: Spread,
    /// Saves that were due and not durable when the time was over.
    open: usize,
}

/// How answers come.
#[derive(Clone, Copy)]
enum Pace {
    /// Poisson arrivals over all sessions of a thread, per second; what is due is given in, whatever happens meanwhile.
    Open(f64),
    /// [`OUTSTANDING`] of every sitting at any time.
    Closed,
}

/// Measures so many sessions, each of the two paces for `each`.
pub fn measure(dir: &Path, sessions: usize, each: Duration, figures: &mut Figures) -> Result<()> {
    let me = std::process::id();
    let dir = tempfile::tempdir_in(dir)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (journal, writer) = runtime.block_on(journal::open(dir.path()))?;
    let empty_kb = process::rss_kb(me)?;
    let began = Instant::now();
    let mut halls = make_halls(sessions, &journal)?;
    let kb = (process::rss_kb(me)? - empty_kb) / sessions as f64;
    eprintln!("  {sessions} sessions were made in {:.1} s", began.elapsed().as_secs_f64());

    let per_s = sessions as f64 / SAVE_EVERY_S;
    let cpu = process::cpu_s(me)?;
    let (steady, seconds) = run(&mut halls, &journal, Pace::Open(per_s / THREADS as f64), each)?;
    let cores = (process::cpu_s(me)? - cpu) / seconds;
    ensure!(steady.refused == 0, "{} answers were refused", steady.refused);
    // Open-loop: what is still open after the end is a queue that grows.
    let held = steady.open as f64 <= 0.01 * per_s * seconds;

    let cpu = process::cpu_s(me)?;
    let (fast, seconds_fast) = run(&mut halls, &journal, Pace::Closed, each)?;
    let us = (process::cpu_s(me)? - cpu) * 1e6 / fast.saves.max(1) as f64;
    let k = sessions / 1_000;
    let note = format!("{sessions} sessions in sittings of {SITTING_SESSIONS}, each saves once a minute");
    figures.noted("engine_sessions", if held { sessions as f64 } else { 0.0 }, "", if held { &note } else { "the queue grew" });
    figures.noted(&format!("engine_{k}k_rss_kb_per_session"), kb, "KB", "state, paper of 110 items, owner");
    figures.noted(&format!("engine_{k}k_cores"), cores, "core", &format!("at {per_s:.0} saves/s; owner steps and journal"));
    figures.noted(&format!("engine_{k}k_saves_per_s"), steady.saves as f64 / seconds, "1/s", "durable, at that pace");
    figures.spread(&format!("engine_{k}k_commit_ms"), "ms", &steady.spread, "from the scheduled instant until it is durable");
    let note = format!("durable, {OUTSTANDING} answers of every sitting outstanding; {us:.1} us of processor a save");
    figures.noted(&format!("engine_{k}k_max_saves_per_s"), fast.saves as f64 / seconds_fast, "1/s", &note);
    drop(journal);
    writer.join();
    Ok(())
}

/// Halls per thread. Memory of the making itself is mostly given back before anything is measured.
fn make_halls(sessions: usize, journal: &Journal) -> Result<Vec<Vec<Hall>>> {
    let count = sessions.div_ceil(SITTING_SESSIONS);
    let mut rng = SmallRng::seed_from_u64(1);
    let bank = &hall::invented_bank(&mut rng);
    std::thread::scope(|scope| {
        let making = (0..THREADS).map(|thread| {
            scope.spawn(move || {
                let mut rng = SmallRng::seed_from_u64(2 + thread as u64);
                let mut lane = Lane::new(journal);
                let mine = (thread..count).step_by(THREADS);
                let mine = mine.map(|sitting| {
                    let seats = SITTING_SESSIONS.min(sessions - sitting * SITTING_SESSIONS);
                    let mut hall = Hall::invented(bank, seats, &mut rng);
                    hall.run_up(&mut rng, &mut |block| lane.put(block))?;
                    Ok(hall)
                });
                let halls = mine.collect();
                lane.settle();
                halls
            })
        });
        let making: Vec<_> = making.collect();
        making.into_iter().map(|thread| thread.join().map_err(|_| anyhow::anyhow!("making halls panicked"))?).collect()
    })
}

fn run(halls: &mut [Vec<Hall>], journal: &Journal, pace: Pace, time: Duration) -> Result<(Outcome, f64)> {
    let began = Instant::now();
    let outcomes: Vec<Result<Outcome>> = std::thread::scope(|scope| {
        let running: Vec<_> = halls
            .iter_mut()
            .zip(0..)
            .map(|(halls, thread)| scope.spawn(move || Driver::new(halls, journal, began, thread).run(pace, time)))
            .collect();
        running.into_iter().map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("a driver panicked")))).collect()
    });
    let mut all = Outcome::default();
    for outcome in outcomes {
        let outcome = outcome?;
        all.saves += outcome.saves;
        all.refused += outcome.refused;
        all.open += outcome.open;
        all.spread.add(&outcome.spread);
    }
    Ok((all, time.as_secs_f64()))
}

/// A thread with the sittings it owns.
struct Driver<'a> {
    halls: &'a mut [Hall],
    /// What came in for each hall since its last step.
    inputs: Vec<Vec<Input>>,
    journal: &'a Journal,
    began: Instant,
    rng: SmallRng,
    said: mpsc::Sender<(usize, Result<(), NotStored>)>,
    heard: mpsc::Receiver<(usize, Result<(), NotStored>)>,
    given: u64,
    outcome: Outcome,
}

impl<'a> Driver<'a> {
    fn new(halls: &'a mut [Hall], journal: &'a Journal, began: Instant, seed: u64) -> Self {
        let (said, heard) = mpsc::channel();
        let inputs = halls.iter().map(|_| Vec::new()).collect();
        Driver { halls, inputs, journal, began, rng: SmallRng::seed_from_u64(seed), said, heard, given: 0, outcome: Outcome::default() }
    }

    fn run(mut self, pace: Pace, time: Duration) -> Result<Outcome> {
        match pace {
            Pace::Open(per_s) => self.open_loop(per_s, time)?,
            Pace::Closed => self.closed_loop(time)?,
        }
        let measured = (self.outcome.saves, self.outcome.spread.clone());
        self.outcome.open = (self.given - self.outcome.saves - self.outcome.refused) as usize;
        // Every hall must be at rest before the next run; what comes now is too late to count.
        while self.halls.iter().any(|hall| hall.owner.appending() || hall.owner.waiting() > 0) {
            self.hear_one(Duration::from_secs(10))?;
        }
        (self.outcome.saves, self.outcome.spread) = measured;
        Ok(self.outcome)
    }

    fn open_loop(&mut self, per_s: f64, time: Duration) -> Result<()> {
        let gap = Exp::new(per_s)?;
        let mut due = Duration::ZERO;
        loop {
            let now = self.began.elapsed();
            if now >= time {
                return Ok(());
            }
            let mut touched = Vec::new();
            while due <= now {
                let hall = self.rng.random_range(0..self.halls.len());
                self.give(hall, due);
                touched.push(hall);
                due += Duration::from_secs_f64(gap.sample(&mut self.rng));
            }
            for hall in touched {
                self.step(hall);
            }
            self.hear_one(due.min(time).saturating_sub(self.began.elapsed()))?;
        }
    }

    fn closed_loop(&mut self, time: Duration) -> Result<()> {
        for hall in 0..self.halls.len() {
            (0..OUTSTANDING).for_each(|_| self.give(hall, self.began.elapsed()));
            self.step(hall);
        }
        while self.began.elapsed() < time {
            let (hall, stored) = self.heard.recv().context("the journal's writer is gone")?;
            stored.context("the disk is full")?;
            self.inputs[hall].push(Input::Appended);
            (0..OUTSTANDING).for_each(|_| self.give(hall, self.began.elapsed()));
            self.step(hall);
        }
        Ok(())
    }

    /// A random person of a hall answers, as was scheduled for `due`.
    fn give(&mut self, hall: usize, due: Duration) {
        let items: u16 = SECTIONS.iter().map(|(_, items)| items).sum();
        let now = hall::at(BEGAN_MS + due.as_millis() as u64);
        let reply = ReplyTo(due.as_micros() as u64);
        let person = self.rng.random_range(0..self.halls[hall].people());
        let position = self.rng.random_range(0..items);
        let input = self.halls[hall].answer(person, position, now, reply, &mut self.rng);
        self.inputs[hall].push(input);
        self.given += 1;
    }

    /// Takes what the journal says, waiting for the first word at most so long.
    fn hear_one(&mut self, wait: Duration) -> Result<()> {
        let mut word = self.heard.recv_timeout(wait).ok();
        while let Some((hall, stored)) = word {
            stored.context("the disk is full")?;
            self.inputs[hall].push(Input::Appended);
            self.step(hall);
            word = self.heard.try_recv().ok();
        }
        Ok(())
    }

    fn step(&mut self, hall: usize) {
        if self.inputs[hall].is_empty() {
            return;
        }
        let elapsed = self.began.elapsed();
        let now = hall::at(BEGAN_MS + elapsed.as_millis() as u64);
        for effect in self.halls[hall].owner.step(now, std::mem::take(&mut self.inputs[hall])) {
            match effect {
                Effect::Append(block) => {
                    let said = self.said.clone();
                    self.journal.append(block, move |stored| {
                        let _ = said.send((hall, stored));
                    });
                }
                Effect::Answer { reply, answer: Ok(_) } => {
                    self.outcome.saves += 1;
                    self.outcome.spread.record(elapsed.saturating_sub(Duration::from_micros(reply.0)));
                }
                Effect::Answer { answer: Err(_), .. } => self.outcome.refused += 1,
                Effect::Applied { .. } => {}
            }
        }
    }
}
