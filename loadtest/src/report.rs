//! What a run leaves behind: `report.json` for machines and `report.html` for people, in the folder of the run.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Most points of one series; longer ones are thinned out before they are written.
pub const SERIES_POINTS_MAX: usize = 3_600;

/// One run of one scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    /// The scenario, as the subcommand is called: `rate`.
    pub scenario: String,
    /// One line for people.
    pub title: String,
    /// The command line, without paths of the machine.
    pub command: String,
    /// When the run began, milliseconds since 1970.
    pub started_utc_ms: i64,
    /// How long it took.
    pub seconds: f64,
    /// Single numbers.
    pub figures: Vec<Figure>,
    /// Numbers over time.
    pub series: Vec<Series>,
    /// How latencies were distributed.
    pub histograms: Vec<Distribution>,
    /// What was checked at the end.
    pub checks: Vec<Check>,
    /// What else the machine did meanwhile: "other processes used 0.31 core for 4 s".
    pub disturbances: Vec<String>,
}

/// A single number.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Name as in the bench's JSON: `saves_per_s`, `ack_ms_p99`.
    pub name: String,
    /// The number.
    pub value: f64,
    /// Its unit: `1/s`, `ms`; empty for ratios and counts.
    pub unit: String,
    /// What a reader should know about it; may be empty.
    pub note: String,
}

/// A number over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// What is measured: `server CPU`.
    pub name: String,
    /// Its unit: `core`, `MB`, `ms`.
    pub unit: String,
    /// Seconds since the start, and the value; at most [`SERIES_POINTS_MAX`].
    pub points: Vec<(f64, f64)>,
}

/// How a quantity was distributed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    /// What is measured: `ack`.
    pub name: String,
    /// Its unit: `ms`.
    pub unit: String,
    /// Median.
    pub p50: f64,
    /// Nine of ten are at most this.
    pub p90: f64,
    /// 99 of 100 are at most this.
    pub p99: f64,
    /// 999 of 1,000 are at most this.
    pub p999: f64,
    /// The worst.
    pub max: f64,
    /// How many there were.
    pub count: u64,
    /// Upper bound of a bucket and how many fell into it, ascending, without empty ones.
    pub buckets: Vec<(f64, u64)>,
}

/// One thing that was checked at the end of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What must hold: "every acknowledged answer is in the journal exactly once".
    pub name: String,
    /// Whether it does.
    pub ok: bool,
    /// Counts, or what is wrong.
    pub detail: String,
}

impl Figure {
    /// A number without a note.
    pub fn new(name: &str, value: f64, unit: &str) -> Figure {
        Figure { name: name.to_owned(), value, unit: unit.to_owned(), note: String::new() }
    }
}

impl RunReport {
    /// The value of a figure, if the run has it.
    pub fn figure(&self, name: &str) -> Option<f64> {
        self.figures.iter().find(|figure| figure.name == name).map(|figure| figure.value)
    }

    /// Whether every check holds.
    pub fn ok(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }
}

/// Writes `report.json` and `report.html` into a directory, which is made if it is not there.
pub fn write(dir: &Path, report: &RunReport) -> Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("failed to make {}", dir.display()))?;
    let json = serde_json::to_string_pretty(report).context("failed to encode the report")?;
    std::fs::write(dir.join("report.json"), json).context("failed to write report.json")
}
