//! `make bench-quick`: the figures that tell most, within 45 seconds; the last line is one JSON object.

use crate::figures::Figures;
use crate::load::{Place, Run, collect};
use crate::process::Watch;
use crate::{disk, goals, journal};
use anyhow::Result;
use loadtest::report::{self, Check, RunReport};
use serde_json::{Map, Value};
use std::time::{Duration, Instant};

/// Sockets of the open-loop runs.
const SOCKETS: usize = 5_000;
/// People of the memory run, and its two sizes.
const PEOPLE: usize = 10_000;
const SIZES: &str = "2000,10000";
/// Answers of each session of the memory run. Sixty, as `make bench` has them, take half a minute, and an answer is four bytes.
const ANSWERS: &str = "6";
/// A run that takes longer has failed.
const WITHIN: Duration = Duration::from_secs(60);

/// Figures that stand in the last line under their own names: where they come from.
const KEYS: [(&str, &str); 13] = [
    ("sessions", "rate/sessions"),
    ("acked", "rate/acked"),
    ("lost", "rate/lost"),
    ("saves_per_s", "rate/saves_per_s"),
    ("ack_ms_p50", "rate/ack_ms_p50"),
    ("ack_ms_p99", "rate/ack_ms_p99"),
    ("ack_ms_p999", "rate/ack_ms_p999"),
    ("server_cpu_us_per_save", "rate/server_cpu_us_per_save"),
    ("echo_per_s", "echo/echo_per_s"),
    ("ratio_saves_to_bare_echo", "ratio_saves_to_bare_echo"),
    ("ratio_commit_to_bare_sqlite", "ratio_commit_to_bare_sqlite"),
    ("rss_kb_per_session", "memory/rss_kb_per_session"),
    ("sync_us_p50", "sync_us_p50"),
];

/// Runs everything; false when a check failed.
pub fn run(place: &Place, started_utc_ms: i64) -> Result<bool> {
    // Not part of the 45 seconds: it is done once for a build, like the build.
    place.prepared(SOCKETS, &[])?;
    place.prepared(PEOPLE, &[])?;
    let (began, watch) = (Instant::now(), Watch::begin());
    let mut figures = Figures::default();
    let own = tempfile::tempdir_in(&place.cache)?;
    disk::sync_only(own.path(), Duration::from_millis(500), &mut figures)?;
    journal::measure(own.path(), Duration::from_millis(150), &mut figures)?;
    let mut checks = Vec::new();
    // The last line is printed whatever happens; what could not be measured is null in it.
    let mut step = |name: &str, result: Result<RunReport>| {
        match result {
            Ok(report) => {
                collect(name, &report, &mut figures);
                checks.extend(report.checks);
            }
            Err(error) => checks.push(Check { name: format!("{name} runs"), ok: false, detail: format!("{error:#}") }),
        }
        eprintln!("{name} is done after {:.1} s", began.elapsed().as_secs_f64());
    };
    step("rate", place.run(&open_loop("rate", "rate", 20_000)));
    step("echo", place.echo(&open_loop("echo", "echo", 60_000)));
    let arguments = ["memory", "--sizes", SIZES, "--seconds", "0", "--answers", ANSWERS].map(str::to_owned).into();
    let memory = Run { step: "memory".to_owned(), arguments, people: PEOPLE, prepare: Vec::new(), tls: false, within: WITHIN };
    step("memory", place.run(&memory));
    figures.ratio("ratio_saves_to_bare_echo", "rate/saves_per_s", "echo/echo_per_s");

    let seen = watch.end();
    let seconds = began.elapsed().as_secs_f64();
    let disturbances = seen.disturbances();
    disturbances.iter().for_each(|words| eprintln!("disturbed: {words}"));
    checks.iter().filter(|check| !check.ok).for_each(|check| eprintln!("not ok: {}: {}", check.name, check.detail));
    let ok = checks.iter().all(|check| check.ok);

    let mut line = Map::new();
    for (key, from) in KEYS {
        line.insert(key.to_owned(), figures.get(from).map_or(Value::Null, rounded));
    }
    line.insert("seconds".to_owned(), rounded(seconds));
    line.insert("others_cores".to_owned(), rounded(seen.others));
    line.insert("steal_cores".to_owned(), rounded(seen.stolen));
    line.insert("disturbed".to_owned(), Value::from(!disturbances.is_empty()));
    line.insert("ok".to_owned(), Value::from(ok));
    let named = Figures(KEYS.iter().filter_map(|(key, from)| renamed(&figures, key, from)).collect());
    let report = RunReport {
        scenario: "bench-quick".to_owned(),
        title: "Saksama beside its machine, the quick version".to_owned(),
        command: "make bench-quick".to_owned(),
        started_utc_ms,
        seconds,
        figures: named.0.clone(),
        checks,
        disturbances,
        ..RunReport::default()
    };
    report::write_with_goals(&place.out, &report, &goals::of_step("quick", &named, named.get("sync_us_p50")))?;
    println!("{}", Value::Object(line));
    Ok(ok)
}

fn open_loop(step: &str, scenario: &str, from: u32) -> Run {
    let from = from.to_string();
    let arguments = [scenario, "--find-max", "--from", &from, "--step-seconds", "1", "--seconds", "2"].map(str::to_owned).into();
    Run { step: step.to_owned(), arguments, people: SOCKETS, prepare: Vec::new(), tls: false, within: WITHIN }
}

fn renamed(figures: &Figures, key: &str, from: &str) -> Option<report::Figure> {
    let figure = figures.0.iter().find(|figure| figure.name == from)?;
    Some(report::Figure { name: key.to_owned(), ..figure.clone() })
}

/// Four digits that count are more than any of this is good for.
fn rounded(value: f64) -> Value {
    let digits = if value.abs() >= 1_000.0 { 0 } else { 4 };
    let text = format!("{value:.digits$}");
    if digits == 0 { text.parse::<i64>().map_or(Value::Null, Value::from) } else { text.parse::<f64>().map_or(Value::Null, Value::from) }
}
