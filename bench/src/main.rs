//! `saksama-bench`: measures the machine and the engine in the same run, and prints one as a ratio of the other.

mod archive;
mod bare_sqlite;
mod child;
mod disk;
mod echo;
mod figures;
mod full;
mod goals;
mod hall;
mod journal;
mod load;
mod process;
mod quick;
mod ranking;
mod restart;
mod sessions;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use figures::Figures;
use process::Watch;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Measures this machine and the exam engine on it.
///
/// Traffic goes to 127.0.0.1 only, every measurement is bounded in time, and what is written goes away again.
#[derive(Parser)]
#[command(name = "saksama-bench", version, arg_required_else_help = true)]
struct Arguments {
    /// Where files are written that are measured; on the disk that is to be measured
    #[arg(long, value_name = "DIR", default_value = "target/bench-cache", global = true)]
    dir: PathBuf,
    /// Also print the figures as one JSON object
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// The machine alone: syncs, plain files, bare SQLite
    Machine {
        /// Seconds for each figure
        #[arg(long, default_value_t = 2.0)]
        seconds: f64,
    },
    /// A bare websocket echo at /ws; runs until it is killed
    Echo {
        /// Address and port; port 0 takes a free one
        #[arg(long, default_value = "127.0.0.1:0")]
        listen: String,
    },
    /// The figures that tell most, in 45 seconds; the last line is one JSON object
    Quick {
        /// Where reports go
        #[arg(long, value_name = "DIR", default_value = "test-results/bench-quick")]
        out: PathBuf,
    },
    /// The machine, the engine and every scenario of the load tester; prints the table of docs/performance.md
    Full {
        /// Where reports go
        #[arg(long, value_name = "DIR", default_value = "test-results/bench")]
        out: PathBuf,
        /// Only steps whose name contains this: machine, journal, rate, memory, start, reconnect and so on
        #[arg(long, value_name = "TEXT", default_value = "")]
        only: String,
        /// Nothing over TLS
        #[arg(long)]
        plain: bool,
    },
    /// The engine in this process, without sockets
    #[command(subcommand)]
    Engine(Engine),
}

#[derive(Subcommand)]
enum Engine {
    /// The journal at blocks of 100 records, beside bare SQLite at the same batch and bytes
    Journal {
        /// Seconds for each turn of each side
        #[arg(long, default_value_t = 1.0)]
        seconds: f64,
    },
    /// Many live sessions: owners and journal, each session saving once a minute, then as fast as it goes
    Sessions {
        /// How many
        #[arg(long, default_value_t = 300_000)]
        sessions: usize,
        /// Seconds for each of the two paces
        #[arg(long, default_value_t = 10.0)]
        seconds: f64,
    },
    /// From exec to the first accepted save on a directory of many records; the directory is kept in DIR
    Restart {
        /// Records in the journal, about
        #[arg(long, default_value_t = 10_000_000)]
        records: u64,
        /// Sessions that run
        #[arg(long, default_value_t = 18_000)]
        live: usize,
    },
    /// From exec to `Listening on`, on an empty directory
    Cold,
    /// Changes and ranks in a live ranking
    Ranking {
        /// How many are ranked
        #[arg(long, default_value_t = 1_000_000)]
        ranked: u32,
        /// Seconds
        #[arg(long, default_value_t = 3.0)]
        seconds: f64,
    },
}

fn main() -> ExitCode {
    let Arguments { dir, json, what } = Arguments::parse();
    match run(dir, json, what) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("saksama-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// True when nothing was wrong.
fn run(dir: PathBuf, json: bool, what: What) -> Result<bool> {
    std::fs::create_dir_all(&dir).with_context(|| format!("failed to make {}", dir.display()))?;
    let started_utc_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    let place = |out| load::Place { cache: dir.clone(), out };
    match what {
        What::Echo { listen } => echo::serve(&listen).map(|()| true),
        What::Quick { out } => quick::run(&place(out), started_utc_ms),
        What::Full { out, only, plain } => full::run(&place(out), &only, !plain, started_utc_ms),
        What::Machine { .. } | What::Engine(_) => {
            let watch = Watch::begin();
            let mut figures = Figures::default();
            measure(&dir, what, &mut figures)?;
            watch.end().disturbances().iter().for_each(|words| eprintln!("disturbed: {words}"));
            if json {
                println!("{}", serde_json::to_string(&figures.0)?);
            }
            Ok(true)
        }
    }
}

fn measure(dir: &Path, what: What, figures: &mut Figures) -> Result<()> {
    let time = Duration::from_secs_f64;
    match what {
        What::Machine { seconds } => {
            let own = tempfile::tempdir_in(dir)?;
            disk::measure(own.path(), time(seconds), figures)?;
            bare_sqlite::measure(own.path(), time(seconds), figures)?;
        }
        What::Engine(Engine::Journal { seconds }) => journal::measure(dir, time(seconds), figures)?,
        What::Engine(Engine::Sessions { sessions, seconds }) => sessions::measure(dir, sessions, time(seconds), figures)?,
        What::Engine(Engine::Restart { records, live }) => restart::full(dir, archive::Size { records, live }, figures)?,
        What::Engine(Engine::Cold) => restart::cold(dir, figures)?,
        What::Engine(Engine::Ranking { ranked, seconds }) => ranking::measure(ranked, time(seconds), figures),
        What::Echo { .. } | What::Quick { .. } | What::Full { .. } => {}
    }
    Ok(())
}
