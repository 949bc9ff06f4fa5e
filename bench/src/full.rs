//! `make bench`: the machine, the engine and every scenario in one run, plain and over TLS; the table of `docs/performance.md` at the end.

use crate::figures::Figures;
use crate::goals::{self, SYNC};
use crate::load::{self, Place, Run};
use crate::process::Watch;
use anyhow::{Context, Result, ensure};
use loadtest::report::{self, Check, Figure, RunReport};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Measurements of this program, each in a process of its own so that memory is its own: step and arguments.
const OWN: [(&str, &[&str]); 7] = [
    ("machine", &["machine"]),
    ("journal", &["engine", "journal"]),
    ("ranking", &["engine", "ranking"]),
    ("cold", &["engine", "cold"]),
    ("restart", &["engine", "restart"]),
    ("engine", &["engine", "sessions", "--sessions", "300000"]),
    ("engine-1m", &["engine", "sessions", "--sessions", "1000000"]),
];

/// Runs of the load tester: step, arguments, people, what their preparation needs to know, and whether also over TLS.
type Scenario = (&'static str, &'static [&'static str], usize, &'static [&'static str], bool);
const SCENARIOS: [Scenario; 13] = [
    ("rate-max", &["rate", "--find-max", "--seconds", "10"], 5_000, &[], true),
    ("rate-1k", &["rate", "--per-s", "1000", "--seconds", "10"], 5_000, &[], true),
    ("rate-10k", &["rate", "--per-s", "10000", "--seconds", "20"], 5_000, &[], true),
    ("rate-40k", &["rate", "--per-s", "40000", "--seconds", "20"], 5_000, &[], true),
    ("memory", &["memory", "--sizes", "1000,2000,10000,18000"], 18_000, &[], true),
    ("steady-18k", &["steady", "--seconds", "60"], 18_000, &[], true),
    ("steady-19k", &["steady", "--seconds", "60"], 19_500, &[], false),
    ("start", &["start"], 10_000, &[], true),
    ("burst", &["burst"], 10_000, &[], true),
    ("end", &["end"], 18_000, &["--duration", "60", "--together"], false),
    ("reconnect", &["reconnect"], 18_000, &[], true),
    ("screens", &["screens"], 5_000, &[], false),
    ("overload", &["overload"], 5_000, &[], false),
];
const ECHO: [&str; 6] = ["echo", "--find-max", "--from", "40000", "--seconds", "5"];
const ECHO_SOCKETS: usize = 5_000;
/// A step that takes longer has failed.
const WITHIN: Duration = Duration::from_secs(900);

/// What the run gathers.
#[derive(Default)]
struct Gathered {
    figures: Figures,
    checks: Vec<Check>,
    disturbances: Vec<String>,
}

/// Runs everything, or only steps whose name contains `only`; false when a step or a check failed.
pub fn run(place: &Place, only: &str, tls: bool, started_utc_ms: i64) -> Result<bool> {
    let began = Instant::now();
    let mut gathered = Gathered::default();
    let wanted = |step: &str| step.contains(only);
    for (step, arguments) in OWN.into_iter().filter(|(step, _)| wanted(step)) {
        gathered.step(step, || own(place, step, arguments));
    }
    if wanted("echo") {
        gathered.step("echo", || place.echo(&scenario("echo", &ECHO, ECHO_SOCKETS, &[], false)));
    }
    for (step, arguments, people, prepare, both) in SCENARIOS.into_iter().filter(|(step, ..)| wanted(step)) {
        gathered.step(step, || place.run(&scenario(step, arguments, people, prepare, false)));
        if both && tls {
            let step = format!("{step}-tls");
            gathered.step(&step, || place.run(&scenario(&step, arguments, people, prepare, true)));
        }
    }
    gathered.compare();
    gathered.finish(place, began.elapsed().as_secs_f64(), started_utc_ms)
}

fn scenario(step: &str, arguments: &[&str], people: usize, prepare: &[&str], tls: bool) -> Run {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    Run { step: step.to_owned(), arguments: words(arguments), people, prepare: words(prepare), tls, within: WITHIN }
}

/// A measurement of this program in a process of its own.
fn own(place: &Place, step: &str, arguments: &[&str]) -> Result<RunReport> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(arguments).arg("--dir").arg(&place.cache).arg("--json").stderr(Stdio::null());
    let output = command.output().with_context(|| step.to_owned())?;
    ensure!(output.status.success(), "{step}: {}", output.status);
    let figures: Vec<Figure> = serde_json::from_slice(&output.stdout).context("figures")?;
    Ok(RunReport { scenario: step.to_owned(), figures, ..RunReport::default() })
}

impl Gathered {
    /// One step: what it measured, what was wrong, what disturbed it. A step that fails does not stop the others.
    fn step(&mut self, step: &str, run: impl FnOnce() -> Result<RunReport>) {
        eprintln!("{step}");
        let watch = Watch::begin();
        let result = run();
        let seen = watch.end();
        self.disturbances.extend(seen.disturbances().into_iter().map(|words| format!("{step}: {words}")));
        match result {
            Ok(report) => {
                load::collect(step, &report, &mut self.figures);
                self.checks.extend(report.checks.into_iter().map(|check| Check { name: format!("{step}: {}", check.name), ..check }));
            }
            Err(error) => {
                eprintln!("  failed: {error:#}");
                self.checks.push(Check { name: format!("{step} runs"), ok: false, detail: format!("{error:#}") });
            }
        }
    }

    /// Figures that are made of several steps.
    fn compare(&mut self) {
        for suffix in ["", "-tls"] {
            let name = |step: &str, figure: &str| format!("{step}{suffix}/{figure}");
            self.figures.ratio(&name("rate-max", "ratio_saves_to_bare_echo"), &name("rate-max", "saves_per_s"), "echo/echo_per_s");
        }
        let million = self.figures.get("engine-1m/engine_sessions").filter(|&sessions| sessions > 0.0);
        if let Some(million) = million {
            self.figures.noted("engine/engine_sessions", million, "", "each saves once a minute; nothing queues up");
        }
    }

    fn finish(self, place: &Place, seconds: f64, started_utc_ms: i64) -> Result<bool> {
        let Gathered { figures, checks, disturbances } = self;
        disturbances.iter().for_each(|words| eprintln!("disturbed: {words}"));
        let ok = checks.iter().all(|check| check.ok);
        let sync_us = figures.get(SYNC);
        let table = goals::table(&figures, command_of);
        let beside = |goal: &goals::Goal| Some(goal.beside(goal.figure, figures.get(goal.figure)?, sync_us));
        let shown: Vec<_> = goals::GOALS.iter().filter_map(beside).collect();
        let report = RunReport {
            scenario: "bench".to_owned(),
            title: "Saksama beside its machine".to_owned(),
            command: "make bench".to_owned(),
            started_utc_ms,
            seconds,
            figures: figures.0,
            checks,
            disturbances,
            ..RunReport::default()
        };
        report::write_with_goals(&place.out, &report, &shown)?;
        write(&place.out.join("table.md"), &table)?;
        println!("{table}");
        Ok(ok)
    }
}

/// What a reader types to measure one line of the table again.
fn command_of(step: &str) -> String {
    if let Some((_, arguments)) = OWN.iter().find(|(own, _)| *own == step) {
        return format!("saksama-bench {}", arguments.join(" "));
    }
    if let Some((_, arguments, people, ..)) = SCENARIOS.iter().find(|(own, ..)| *own == step) {
        let people = if arguments.contains(&"--sizes") { String::new() } else { format!(" --sessions {people}") };
        return format!("saksama-loadtest {}{people}", arguments.join(" "));
    }
    format!("make bench ONLY={step}")
}

fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| format!("failed to write {}", path.display()))
}
