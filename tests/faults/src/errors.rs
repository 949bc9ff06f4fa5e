//! Errors of the disk: the nth sync, write or truncation fails. Nothing is acknowledged that would not survive a power cut right after, the
//! process ends by itself, and the next one reads everything that was acknowledged.

use crate::Outcome;
use crate::hall::Scale;
use crate::program::{Program, Writing, acks};
use crate::replay::at_the_end;
use crate::trace::{Injection, record};
use anyhow::{Result, bail};

/// The hall under errors.
const SCALE: Scale = Scale { sittings: 1, sessions: 2 };
/// A short exam that still sees its log folded.
const PACE: [&str; 6] = ["--answers", "24", "--pause-ms", "200", "--log-pages", "32"];
/// More calls than such an exam makes: stepping always comes to an end.
const NTH_MAX: u64 = 400;
/// Runs at once; they mostly wait.
const AT_ONCE: u64 = 4;

/// Calls that fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// `fsync` and `fdatasync`.
    Syncs,
    /// `pwrite64`.
    Writes,
    /// `ftruncate`.
    Truncations,
}

impl Failing {
    /// All of them.
    pub const ALL: [Failing; 3] = [Failing::Syncs, Failing::Writes, Failing::Truncations];

    const fn calls(self) -> &'static str {
        match self {
            Failing::Syncs => "fsync,fdatasync",
            Failing::Writes => "pwrite64",
            Failing::Truncations => "ftruncate",
        }
    }
}

/// Which calls are made to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// 1, 2, 3, 5, 8 ... until a run is clean.
    Few,
    /// 1, 2, 3, 4 ... until a run is clean.
    Every,
}

impl Steps {
    fn list(self) -> Vec<u64> {
        match self {
            Steps::Few => {
                std::iter::successors(Some((1, 2)), |&(a, b)| Some((b, a + b))).map(|(a, _)| a).take_while(|&nth| nth <= NTH_MAX).collect()
            }
            Steps::Every => (1..=NTH_MAX).collect(),
        }
    }
}

/// Steps through the calls until a run is clean.
pub fn step_through(program: &Program, failing: Failing, steps: Steps) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for few in steps.list().chunks(AT_ONCE as usize) {
        let runs: Vec<Result<Option<Outcome>>> = std::thread::scope(|scope| {
            let running: Vec<_> = few.iter().map(|&nth| scope.spawn(move || one(program, failing, nth))).collect();
            running.into_iter().map(|run| run.join().unwrap_or_else(|_| bail!("a run panicked"))).collect()
        });
        let mut clean = false;
        for run in runs {
            match run? {
                Some(one) => outcome.add(one),
                None => clean = true,
            }
        }
        if clean {
            return Ok(outcome);
        }
    }
    bail!("{failing:?}: still not clean after {NTH_MAX} calls")
}

/// One run with one error; none if the run did not come that far.
fn one(program: &Program, failing: Failing, nth: u64) -> Result<Option<Outcome>> {
    let folder = tempfile::tempdir()?;
    let injection = Injection { calls: failing.calls(), error: "EIO", nth };
    let (trace, status) = record(program, folder.path(), SCALE, &PACE, Some(injection))?;
    if trace.injected == 0 {
        return Ok(None);
    }
    let mut broken = Vec::new();
    match status {
        None => broken.push("the process does not end by itself".to_owned()),
        // The error of a folding at the very end is nobody's business any more: everything stays in the log.
        Some(status) if status.success() && trace.acknowledges_after_an_error() => {
            broken.push("the process went on as if nothing had happened".to_owned());
        }
        Some(_) => {}
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let lost = runtime.block_on(at_the_end(&trace, SCALE))?;
    broken.extend(lost.into_iter().map(|lost| format!("after a power cut: {lost}")));
    // The next process, on what the files say.
    let (dir, file) = (folder.path().join("data"), folder.path().join("acks"));
    let mut next = Writing::start(&Program::writer(), &[], &dir, SCALE, &["--answers", "20"], &file)?;
    if !next.wait()?.is_some_and(|status| status.success()) {
        broken.push("the next process does not start or does not end".to_owned());
    }
    let acks = acks(&file)?;
    broken.extend(runtime.block_on(crate::verify::broken(&dir, SCALE, &acks)));
    let broken = broken.into_iter().take(3).map(|broken| format!("{failing:?}, call {nth}: {broken}")).collect();
    Ok(Some(Outcome { rounds: 1, acknowledged: acks.len() as u64, broken }))
}
