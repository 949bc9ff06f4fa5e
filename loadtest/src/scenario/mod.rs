//! What a run does with its people, and what is measured meanwhile.

mod events;
pub use events::MemoryAsked;
mod rate;

use crate::beside::{Saves, Saving};
use crate::check;
use crate::crew::Crew;
use crate::latency::Latencies;
use crate::machine::{Reading, Watched, Watcher, listener_of};
use crate::orders::{Order, Outcome, Seat, Target};
use crate::report::{self, Check, Distribution, Figure, RunReport, Series};
use crate::server::Server;
use crate::set_up::People;
use crate::worker::unix_us;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use std::path::PathBuf;
use std::time::{Duration, Instant};
use wire::proctor::ProctorAct;

pub use rate::{Found, Search, Step};

/// Most commands that a session takes in one epoch, with room for a last few.
const COMMANDS_MAX: f64 = 19_500.0;
/// Under overload saves are put off; all of them are stored within this, milliseconds.
const PUT_OFF_MS: u64 = 90_000;
/// An order for all processes begins so much after it was given.
const LEAD_US: i64 = 150_000;

/// What a run is about, for its report.
#[derive(Clone, Debug)]
pub struct Title {
    /// The scenario, as the subcommand is called.
    pub scenario: &'static str,
    /// One line for people.
    pub line: String,
    /// The command line, without paths.
    pub command: String,
}

/// A run: people at their terminals, a crew that plays them, and what comes of it.
pub struct Run {
    /// The server, when it is the run's own.
    pub server: Option<Server>,
    /// What the sockets go to.
    pub target: Target,
    /// Who sits there, when there is an exam.
    pub people: Option<People>,
    /// Folder of the run.
    pub dir: PathBuf,
    /// The client processes.
    pub crew: Crew,
    watcher: Watcher,
    began: Instant,
    started_utc_ms: i64,
    figures: Vec<Figure>,
    series: Vec<Series>,
    histograms: Vec<Distribution>,
    checks: Vec<Check>,
    hands: Hands,
    /// Saves that were asked for so far.
    planned: f64,
    quiet: bool,
}

/// How a crew is made.
#[derive(Clone, Copy, Debug)]
pub struct Hands {
    /// Client processes.
    pub processes: usize,
    /// Seed of everything random.
    pub seed: u64,
    /// No progress on the terminal.
    pub quiet: bool,
}

/// Processor time of an order.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// Seconds it took.
    pub seconds: f64,
    /// Of the server, seconds.
    pub server_s: f64,
    /// Of the clients, seconds.
    pub clients_s: f64,
    /// Memory of the server afterwards, KiB.
    pub server_rss_kb: f64,
}

/// A progress bar with a message.
pub fn bar(length: u64, what: &str, quiet: bool) -> ProgressBar {
    if quiet {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{msg:28} {bar:40} {pos}/{len} {elapsed_precise}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_message(what.to_owned())
}

impl Run {
    /// Opens all sockets.
    pub async fn open(
        server: Option<Server>,
        target: Target,
        people: Option<People>,
        seats: &[Seat],
        dir: PathBuf,
        hands: Hands,
    ) -> Result<Run> {
        std::fs::create_dir_all(&dir).with_context(|| format!("failed to make {}", dir.display()))?;
        let opening = bar(seats.len() as u64, "connecting", hands.quiet);
        let crew = Crew::open(&target, seats, hands.processes, hands.seed, |done| opening.set_position(done)).await?;
        opening.finish_and_clear();
        let pid = server.as_ref().map_or_else(|| listener_of(&target.base), Server::pid);
        let base = (!target.echo).then(|| server.as_ref().map_or_else(|| target.base.clone(), |server| server.desk().to_owned()));
        let watcher = Watcher::start(Watched { server: pid, clients: crew.pids(), base })?;
        Ok(Run {
            server,
            target,
            people,
            dir,
            crew,
            watcher,
            began: Instant::now(),
            started_utc_ms: unix_us() / 1000,
            figures: Vec::new(),
            series: Vec::new(),
            histograms: Vec::new(),
            checks: Vec::new(),
            hands,
            planned: 0.0,
            quiet: hands.quiet,
        })
    }

    fn watched(&self) -> Watched {
        let pid = self.server.as_ref().map_or_else(|| listener_of(&self.target.base), Server::pid);
        Watched { server: pid, clients: self.crew.pids(), base: None }
    }

    /// Where staff, screens and the public ask, in plain HTTP.
    pub fn desk(&self) -> &str {
        self.server.as_ref().map_or(&self.target.base, Server::desk)
    }

    /// Sessions that the crew plays.
    fn seats(&self) -> usize {
        self.crew.sessions()
    }

    fn figure(&mut self, name: &str, value: f64, unit: &str) {
        self.figures.push(Figure::new(name, value, unit));
    }

    /// Says something about the last figure.
    fn set_note(&mut self, note: &str) {
        if let Some(figure) = self.figures.last_mut() {
            note.clone_into(&mut figure.note);
        }
    }

    /// Takes over what was measured beside.
    pub fn take(&mut self, report: RunReport) {
        self.figures.extend(report.figures);
        self.series.extend(report.series);
        self.histograms.extend(report.histograms);
        self.checks.extend(report.checks);
    }

    fn distribution(&mut self, name: &str, all: &Latencies) {
        self.histograms.push(all.distribution(name));
    }

    /// Everybody consents, the proctor starts all sittings, everybody starts and has a paper.
    pub async fn begin(&mut self) -> Result<()> {
        let progress = bar(self.seats() as u64, "rules accepted", self.quiet);
        self.crew.tell(Order::Consent, |done| progress.set_position(done)).await.context("consent")?;
        self.start_sittings().await?;
        progress.set_message("papers read");
        self.crew.tell(Order::Press { at_unix_us: 0 }, |done| progress.set_position(done)).await.context("start")?;
        progress.finish_and_clear();
        Ok(())
    }

    /// The proctor's start, in all sittings that wait for it.
    async fn start_sittings(&mut self) -> Result<()> {
        let (Some(server), Some(people)) = (&self.server, &self.people) else { return Ok(()) };
        let proctor = people.staff(server, "proctor").await?;
        let commands = people.sittings.iter().map(|sitting| proctor.command(sitting, ProctorAct::Start, ""));
        for answer in futures_util::future::join_all(commands).await {
            let answer = answer?;
            if answer.code().is_some_and(|code| code != "sitting_started") {
                answer.done().context("starting a sitting")?;
            }
        }
        Ok(())
    }

    /// Gives an order and measures what it uses.
    async fn measured(&mut self, order: Vec<Order>, what: &str) -> Result<(Outcome, Used)> {
        let watched = self.watched();
        let (before, began) = (Reading::now(&watched), Instant::now());
        let outcome = self.crew.tell_each(order, |_| ()).await.with_context(|| what.to_owned())?;
        let after = Reading::now(&watched);
        let used = Used {
            seconds: began.elapsed().as_secs_f64(),
            server_s: after.server_s - before.server_s,
            clients_s: after.clients_s - before.clients_s,
            server_rss_kb: after.server_rss_kb,
        };
        Ok((outcome, used))
    }

    /// The same for all client processes.
    fn all(&self, order: &Order) -> Vec<Order> {
        vec![order.clone(); self.crew.pids().len()]
    }

    /// Compares what the server has with what was acknowledged, stops the server and has it check its own records.
    pub async fn check(&mut self) -> Result<()> {
        if self.target.echo {
            return Ok(());
        }
        let progress = bar(0, "comparing", self.quiet);
        let outcome = self.crew.tell(Order::Verify, |done| progress.set_position(done)).await.context("comparing")?;
        progress.finish_and_clear();
        let (right, wrong) = (outcome.count("verified"), outcome.count("wrong"));
        let detail = if wrong == 0 { format!("{right} sessions") } else { outcome.problems.join("; ") };
        self.checks.push(Check { name: "a fresh connection shows what was acknowledged".into(), ok: wrong == 0 && right > 0, detail });
        self.figure("lost", wrong as f64, "");
        self.set_note("sessions whose stored answers are not the acknowledged ones");
        self.crew.write_diaries(&self.dir).await?;
        if let Some(people) = &self.people {
            people.write_key(&self.dir)?;
        }
        let Some(server) = &mut self.server else { return Ok(()) };
        let stopped = server.stop().await?;
        self.checks.push(Check { name: "the server stops in order".into(), ok: stopped, detail: String::new() });
        let bar = bar(0, "checking the journal and all marks", self.quiet);
        bar.enable_steady_tick(Duration::from_millis(200));
        let checked = check::run(&self.dir, server.data(), server.program(), None).await.context("the check")?;
        bar.finish_and_clear();
        self.checks.extend(checked);
        Ok(())
    }

    /// Ends the run: the report is written and handed out.
    pub async fn finish(mut self, title: Title) -> Result<RunReport> {
        let seconds = self.began.elapsed().as_secs_f64();
        let (curves, disturbances) = self.watcher.stop().await;
        self.series.extend(curves);
        for series in &mut self.series {
            let thin = series.points.len().div_ceil(report::SERIES_POINTS_MAX).max(1);
            series.points = series.points.iter().step_by(thin).copied().collect();
        }
        self.crew.quit().await?;
        if let Some(server) = &mut self.server {
            server.stop().await?;
        }
        let report = RunReport {
            scenario: title.scenario.to_owned(),
            title: title.line,
            command: title.command,
            started_utc_ms: self.started_utc_ms,
            seconds,
            figures: self.figures,
            series: self.series,
            histograms: self.histograms,
            checks: self.checks,
            disturbances,
        };
        report::write(&self.dir, &report)?;
        Ok(report)
    }

    /// Plans so many further saves; refused when a session would run out of numbers.
    fn count_on(&mut self, saves: f64) -> Result<()> {
        if self.target.echo {
            return Ok(());
        }
        self.planned += saves;
        let each = self.planned / self.seats().max(1) as f64;
        if each + 6.0 * each.sqrt() > COMMANDS_MAX {
            bail!(
                "{each:.0} saves for each session are more than the {COMMANDS_MAX:.0} that a session takes; use more sessions or less time"
            );
        }
        Ok(())
    }
}

/// Latencies of an outcome by name.
fn latencies(outcome: &Outcome, name: &str) -> Latencies {
    outcome.latencies.get(name).map(Latencies::of).unwrap_or_default()
}

impl Saving for Run {
    /// As [`Run::step`], and everything that was put off is waited for.
    async fn save(&mut self, per_s: u64, duration: Duration) -> Result<Saves> {
        let step = self.step_and_wait(per_s as f64, duration.as_secs_f64(), PUT_OFF_MS).await?;
        Ok(Saves {
            sent: step.sent,
            acked: step.acked,
            busy: step.busy,
            refused: step.refused,
            acked_per_s: step.acked_per_s(),
            ack_ms_p50: step.ack.ms(0.5),
            ack_ms_p99: step.ack.ms(0.99),
            ack_ms_max: step.ack.max_ms(),
        })
    }
}
