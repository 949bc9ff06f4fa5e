//! Runs of the load tester as child processes, on copies of directories that were prepared once.

use crate::child::{self, Server};
use crate::figures::Figures;
use anyhow::{Context, Result, bail};
use loadtest::report::RunReport;
use question_bank::id::Digest32;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Preparing thousands of people takes no longer than this.
const PREPARED_WITHIN: Duration = Duration::from_secs(900);
/// A child is looked after this often.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// Where runs happen and what they leave.
pub struct Place {
    /// Kept between runs.
    pub cache: PathBuf,
    /// Reports of this run.
    pub out: PathBuf,
}

/// One run.
pub struct Run {
    /// Its name in the results.
    pub step: String,
    /// The subcommand and its own flags.
    pub arguments: Vec<String>,
    /// How many people are prepared for it.
    pub people: usize,
    /// What their preparation needs to know besides.
    pub prepare: Vec<String>,
    /// Over TLS.
    pub tls: bool,
    /// It takes no longer than this.
    pub within: Duration,
}

impl Place {
    /// Runs a scenario on a fresh copy of the prepared directory. A run whose checks fail is a report too.
    pub fn run(&self, run: &Run) -> Result<RunReport> {
        let prepared = self.prepared(run.people, &run.prepare)?;
        let data = tempfile::tempdir_in(&self.cache)?;
        copy_files(&prepared, data.path())?;
        let mut command = self.command(run)?;
        command.arg("--data").arg(data.path());
        if run.tls {
            command.arg("--tls");
        }
        self.report(run, command)
    }

    /// Runs the same frames against a bare echo.
    pub fn echo(&self, run: &Run) -> Result<RunReport> {
        let mut echo = Command::new(std::env::current_exe()?);
        let server = Server::start(echo.args(["echo", "--listen", "127.0.0.1:0"]), Duration::from_secs(10))?;
        let mut command = self.command(run)?;
        command.args(["--server", &format!("http://{}", server.address), "--sessions", &run.people.to_string()]);
        self.report(run, command)
    }

    fn command(&self, run: &Run) -> Result<Command> {
        let mut command = Command::new(child::program("saksama-loadtest")?);
        command.args(&run.arguments).arg("--quiet").arg("--out").arg(self.out.join(&run.step));
        Ok(command)
    }

    fn report(&self, run: &Run, command: Command) -> Result<RunReport> {
        let path = self.out.join(&run.step).join("report.json");
        // What an earlier run left must not pass for this one's.
        let _ = std::fs::remove_file(&path);
        let ended_well = wait(command, run.within).with_context(|| run.step.clone())?;
        let text = std::fs::read_to_string(&path).with_context(|| format!("{}: no report", run.step))?;
        let report: RunReport = serde_json::from_str(&text).with_context(|| format!("{}: the report", run.step))?;
        if !ended_well && report.ok() {
            bail!("{}: the load tester failed after its report", run.step);
        }
        Ok(report)
    }

    /// A directory with so many people who are signed in and ready, made once for these very programs.
    pub fn prepared(&self, people: usize, arguments: &[String]) -> Result<PathBuf> {
        let mut programs = std::fs::read(child::program("saksama")?)?;
        programs.extend(std::fs::read(child::program("saksama-loadtest")?)?);
        let key = Digest32::of(&programs).to_string();
        let kind = format!("people-{people}{}-", arguments.concat());
        let mine = format!("{kind}{}", &key[..12]);
        let (dir, marker) = (self.cache.join(&mine), self.cache.join(&mine).join("prepared"));
        if marker.exists() {
            return Ok(dir);
        }
        forget(&self.cache, &kind)?;
        std::fs::create_dir_all(&dir)?;
        let began = Instant::now();
        eprintln!("preparing {people} people, kept for later runs of the same programs");
        let mut command = Command::new(child::program("saksama-loadtest")?);
        command.args(["prepare", "--sessions", &people.to_string()]).args(arguments).arg("--data").arg(&dir);
        if !wait(command, PREPARED_WITHIN)? {
            bail!("preparing {people} people failed");
        }
        std::fs::write(marker, key)?;
        eprintln!("prepared in {:.0} s", began.elapsed().as_secs_f64());
        Ok(dir)
    }
}

/// Deletes kept directories of this kind: those of other builds, and what was interrupted.
pub fn forget(cache: &Path, kind: &str) -> Result<()> {
    for entry in std::fs::read_dir(cache)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(kind) {
            std::fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// Adds a run's figures under its name: `rate-max/saves_per_s`.
pub fn collect(step: &str, report: &RunReport, figures: &mut Figures) {
    for figure in &report.figures {
        figures.noted(&format!("{step}/{}", figure.name), figure.value, &figure.unit, &figure.note);
    }
}

/// Waits for a child, at most so long; true when it ended well.
pub fn wait(mut command: Command, within: Duration) -> Result<bool> {
    let began = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().with_context(|| format!("failed to start {command:?}"))?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if began.elapsed() > within {
            // Its server and its clients would outlive it.
            crate::process::kill_with_descendants(child.id());
            let _ = child.wait();
            bail!("it took longer than {} s", within.as_secs());
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn copy_files(from: &Path, to: &Path) -> Result<()> {
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            std::fs::create_dir_all(&target)?;
            copy_files(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
