//! Full disks: the directory of a real server stands on a small file system that is filled up and emptied again while candidates answer.

use crate::Outcome;
use crate::exam::{Exam, Seen, Server};
use crate::program::{Program, tool};
use crate::size::random;
use anyhow::{Context, Result};
use rand::RngExt;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

const CANDIDATES: usize = 8;
/// Size of the file system: several times what a small exam needs.
const SIZE: &str = "size=48m";
/// Pages that a filled disk may have left: the log ends somewhere within a commit.
const PAGES_LEFT_MAX: u64 = 24;
const PAGE: u64 = 4096;
/// The server is restarted after so many fills, and what it stored is compared.
const FILLS_PER_START: u64 = 5;
/// Refusals that are waited for on a full disk.
const REFUSALS: u64 = 2 * CANDIDATES as u64;
/// Everybody saves again when there is space, and more than once.
const SAVES_AFTER: u64 = 10 * CANDIDATES as u64;
/// What must come comes within this.
const PATIENCE: Duration = Duration::from_secs(20);

/// A small file system in memory, mounted.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one on an empty folder.
    pub fn new(folder: &Path) -> Result<SmallDisk> {
        tool("mount", &["-t", "tmpfs", "-o", SIZE, "tmpfs", folder.to_str().context("a path in UTF-8")?])?;
        Ok(SmallDisk(folder.to_owned()))
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }

    /// Leaves so many pages.
    fn fill(&self, pages_left: u64) -> Result<()> {
        let mut file = std::fs::File::create(self.ballast())?;
        let mut written = 0;
        loop {
            match file.write_all(&[0xa5; PAGE as usize]) {
                Ok(()) => written += PAGE,
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(file.set_len(written.saturating_sub(pages_left * PAGE))?)
    }

    fn empty(&self) -> Result<()> {
        Ok(std::fs::remove_file(self.ballast())?)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = tool("umount", &["--lazy", self.0.to_str().unwrap_or_default()]);
    }
}

/// Why no disk can be filled here, if so.
pub fn impossible() -> Option<String> {
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => return Some(error.to_string()),
    };
    SmallDisk::new(folder.path()).err().map(|error| format!("no small file system can be mounted here, which takes root: {error:#}"))
}

async fn until(what: &str, happened: impl Fn() -> bool) -> Option<String> {
    let began = Instant::now();
    while !happened() {
        if began.elapsed() > PATIENCE {
            return Some(format!("{what} did not happen within {PATIENCE:?}"));
        }
        tokio::task::yield_now().await;
    }
    None
}

/// Fills the disk under a running exam so many times.
pub async fn fills(program: &Program, seed: u64, count: u64) -> Result<Outcome> {
    let (folder, elsewhere) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let disk = SmallDisk::new(folder.path())?;
    let data = folder.path().join("data");
    let mut server = Server::start(program, &[], &data, &elsewhere.path().join("log"), "127.0.0.1:0").await?;
    let mut exam = Exam::begin(&server, CANDIDATES).await?;
    let mut outcome = Outcome::default();
    for first in (0..count).step_by(FILLS_PER_START as usize) {
        let answering = exam.answer(first);
        let seen = std::sync::Arc::clone(&answering.seen);
        for fill in first..count.min(first + FILLS_PER_START) {
            let broken = one_fill(&disk, &seen, &mut random(seed, fill)).await?;
            outcome.add(Outcome {
                rounds: 1,
                acknowledged: 0,
                broken: broken.into_iter().map(|broken| format!("seed {seed}, fill {fill}: {broken}")).collect(),
            });
        }
        exam.done(answering).await?;
        server.kill().await?;
        let mut broken = match server.again(program, &[]).await {
            Ok(()) => exam.broken().await?,
            Err(error) => vec![format!("{error:#}")],
        };
        broken.truncate(5);
        outcome.add(Outcome {
            rounds: 0,
            acknowledged: exam.certain(),
            broken: broken.into_iter().map(|broken| format!("seed {seed}, after fill {}: {broken}", first + FILLS_PER_START)).collect(),
        });
        if !outcome.broken.is_empty() {
            break;
        }
    }
    server.kill().await?;
    Ok(outcome)
}

async fn one_fill(disk: &SmallDisk, seen: &Seen, random: &mut rand::rngs::SmallRng) -> Result<Vec<String>> {
    let count = |counter: &std::sync::atomic::AtomicU64| counter.load(Ordering::Relaxed);
    let mut broken = Vec::new();
    broken.extend(until("saving", || count(&seen.saved) > 0).await);
    let busy = count(&seen.busy);
    disk.fill(random.random_range(0..PAGES_LEFT_MAX))?;
    broken.extend(until("being refused as busy on a full disk", || count(&seen.busy) >= busy + REFUSALS).await);
    disk.empty()?;
    let saved = count(&seen.saved);
    broken.extend(until("saving again when there is space", || count(&seen.saved) >= saved + SAVES_AFTER).await);
    if count(&seen.refused) > 0 {
        broken.push("answers were refused otherwise than as busy".to_owned());
    }
    Ok(broken)
}
