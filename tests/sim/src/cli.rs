//! The command line: one seed to look at, or many to be sure.

use crate::property::Violation;
use crate::{Options, Report, run};
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};
use std::ops::Range;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Plays whole exams in simulated time, with faults, and checks that every promise holds.
///
/// One seed is one run, and the same seed is the same run for ever. Exit code 0: every promise held. 1: one did not; the last lines say which,
/// in which seed, and how to see it again.
#[derive(Parser)]
#[command(name = "saksama-sim", version)]
struct Args {
    /// Run this seed and say what it came to.
    #[arg(long, conflicts_with = "seeds")]
    seed: Option<u64>,
    /// Run these seeds on all cores, `FROM..TO`, until the first that fails.
    #[arg(long, value_parser = range, default_value = "0..200")]
    seeds: Range<u64>,
    /// Simulated minutes until the faults end; then everything must come to its end.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    minutes: u64,
    /// Candidates of all halls together; otherwise each seed draws its own number.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=20_000))]
    candidates: Option<u32>,
    /// Print every event of the seed.
    #[arg(long, requires = "seed")]
    trace: bool,
    /// Threads; by default one per core.
    #[arg(long)]
    threads: Option<usize>,
}

fn range(text: &str) -> Result<Range<u64>, String> {
    let (from, to) = text.split_once("..").ok_or("write it as FROM..TO")?;
    let number = |text: &str| text.parse::<u64>().map_err(|error| error.to_string());
    let range = number(from)?..number(to)?;
    if range.is_empty() { Err("there is no seed in it".to_owned()) } else { Ok(range) }
}

/// What many seeds came to.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    /// Seeds that held.
    pub seeds: u64,
    /// Their candidates.
    pub candidates: u64,
    /// Their events.
    pub events: u64,
    /// Records in their journals.
    pub records: u64,
    /// Answers that pages showed as saved.
    pub saved: u64,
    /// Crashes of the server.
    pub crashes: u64,
    /// The smallest seed that failed, and how.
    pub failed: Option<(u64, Violation)>,
}

/// Runs the program.
pub fn run_args(args: impl IntoIterator<Item = std::ffi::OsString>) -> ExitCode {
    let args = Args::parse_from(args);
    let options = Options { seed: args.seed.unwrap_or(0), minutes: args.minutes, candidates: args.candidates, trace: args.trace };
    if args.seed.is_some() { one(&options) } else { many(&options, args.seeds, args.threads) }
}

/// Runs the program with the arguments of the process.
pub fn run_from_env() -> ExitCode {
    run_args(std::env::args_os())
}

fn one(options: &Options) -> ExitCode {
    let report = run(options);
    let Report { events, records, saved, candidates, crashes, violation, .. } = &report;
    let trace: String = report.trace.iter().map(|byte| format!("{byte:02x}")).collect();
    println!(
        "seed {}: {candidates} candidates, {events} events, {records} records, {saved} answers saved, {crashes} restarts",
        options.seed
    );
    println!("trace {trace}");
    match violation {
        None => ExitCode::SUCCESS,
        Some(violation) => failed(options, violation),
    }
}

fn many(options: &Options, seeds: Range<u64>, threads: Option<usize>) -> ExitCode {
    let bar = ProgressBar::new(seeds.end - seeds.start);
    bar.set_style(
        ProgressStyle::with_template("{bar:40} {pos}/{len} seeds, {per_sec}, {eta} left").unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    let began = Instant::now();
    let sum = sweep(options, seeds, threads, || bar.inc(1));
    bar.finish_and_clear();
    if let Some((seed, violation)) = &sum.failed {
        return failed(&Options { seed: *seed, ..*options }, violation);
    }
    println!(
        "{} seeds of {} simulated minutes hold: {} candidates, {} events, {} records, {} answers saved, {} restarts, in {:.1} s",
        sum.seeds,
        options.minutes,
        sum.candidates,
        sum.events,
        sum.records,
        sum.saved,
        sum.crashes,
        began.elapsed().as_secs_f64()
    );
    ExitCode::SUCCESS
}

/// Runs seeds on several threads until one fails; `done` is called after each.
pub fn sweep(options: &Options, seeds: Range<u64>, threads: Option<usize>, done: impl Fn() + Sync) -> Sum {
    let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let next = AtomicU64::new(seeds.start);
    let sum = Mutex::new(Sum::default());
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds.end {
                return;
            }
            let report = run(&Options { seed, ..*options });
            done();
            let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
            sum.seeds += 1;
            sum.candidates += report.candidates;
            sum.events += report.events;
            sum.records += report.records;
            sum.saved += report.saved;
            sum.crashes += report.crashes;
            if let Some(violation) = report.violation {
                // Seeds before this one are on their way in other threads; nothing after it needs to be run.
                next.store(seeds.end, Ordering::Relaxed);
                if sum.failed.as_ref().is_none_or(|(before, _)| seed < *before) {
                    sum.failed = Some((seed, violation));
                }
            }
        }
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    sum.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn failed(options: &Options, violation: &Violation) -> ExitCode {
    let Options { seed, minutes, candidates, .. } = options;
    let candidates = candidates.map(|candidates| format!(" --candidates {candidates}")).unwrap_or_default();
    println!("seed {seed} violates {violation}");
    println!("violated: {}", violation.property);
    println!("repeat it: saksama-sim --seed {seed} --minutes {minutes}{candidates} --trace");
    ExitCode::FAILURE
}
