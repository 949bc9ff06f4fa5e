//! The check at the end of every run: what terminals were told against what the journal holds, what follows from the answers against what the server
//! says.
//!
//! It reads the run's diaries, asks `saksama journal` for the records of the data directory, and computes marks and ranks itself, in whole
//! thousandths, from the journal's answers and `key.json`. It shares no code with the server. Two million answers take some seconds.

mod clock;
mod diary;
mod journal;
mod scores;
#[cfg(test)]
mod tests;

use crate::report::Check;
use crate::staff::Staff;
use anyhow::{Context, Result, bail};
use journal::Journal;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Checks a folder, prints a line per check, and says whether everything holds. `staff` as in [`run`].
pub async fn command(dir: &Path, data: &Path, saksama: &Path, staff: Option<&Staff>) -> Result<bool> {
    let checks = run(dir, data, saksama, staff).await?;
    for check in &checks {
        println!("{}  {}: {}", if check.ok { "ok  " } else { "FAIL" }, check.name, check.detail);
    }
    Ok(checks.iter().all(|check| check.ok))
}

/// Compares the folder of a run (`diaries-*.jsonl`, `key.json`) with the data directory it was run against, through the program `saksama`.
///
/// - *exactly once*: every acknowledged answer (`s`, `l`) has one record, with the position, item and choices that were sent;
/// - *counts*: per session and position the acknowledged answer with the highest (epoch, seq) is the one that counts; a later one that was sent and
///   never answered (`?`) may have overtaken it;
/// - *never sent*: the journal has no answer that is in no diary. Answers without an answer (`?`) or refused at last (`r`) may be there: an earlier
///   sending of the same number may have arrived. Those refused as busy at their only sending (`b`) may not. Sittings in which nobody of the diaries
///   sits belong to other runs and are left aside;
/// - *late*: acknowledged as late and recorded as late are the same; nothing counts after its session was over;
/// - *clocks*: see below;
/// - *fsck*: `saksama fsck` ends with 0;
/// - *scores*: marks per section, totals, states and ranks of every list with people of the diaries, recomputed here, equal the committee's.
///
/// Clocks: from started, paused, resumed, held, released, granted and ended the time of each session follows on the sitting's own clock
/// (`mono_ms`). Compared with it are the remaining times that terminals were told (`clocks` of a diary, within 1 s), every expiry (not before the time
/// is over, and at most 10 s after it), and every answer that was called late or in time. The sitting's clock itself never goes back and never runs ahead of
/// the wall clock (within 1 s; a wall clock set back during a run shows here too). Sections with a time of their own are left aside.
///
/// `staff` may read results (committee, auditor) on the running server. Without it the data directory must be at rest: a copy of it inside `dir` is served
/// for a moment, asked, and removed.
pub async fn run(dir: &Path, data: &Path, saksama: &Path, staff: Option<&Staff>) -> Result<Vec<Check>> {
    let (folder, directory, program) = (dir.to_owned(), data.to_owned(), saksama.to_owned());
    let compared = tokio::task::spawn_blocking(move || compare(&folder, &directory, &program)).await??;
    let Compared { mut checks, journal } = compared;
    let said = match staff {
        Some(staff) => scores::ask(staff).await,
        None => ask_a_copy(dir, data, saksama).await,
    };
    let scores = said.as_ref().map_err(|error| format!("the server did not tell its results: {error:#}"));
    let scores = scores.and_then(|said| {
        let key = scores::Key::read(dir).map_err(|error| format!("{error:#}"))?;
        Ok(scores::compare(&key, &journal, said))
    });
    checks.push(journal.clocks_agree(&said.map(|said| said.hard_closes).unwrap_or_default()));
    checks.push(scores.unwrap_or_else(|detail| Check { name: scores::NAME.to_owned(), ok: false, detail }));
    Ok(checks)
}

struct Compared {
    checks: Vec<Check>,
    journal: Journal,
}

/// All that needs no server.
fn compare(dir: &Path, data: &Path, saksama: &Path) -> Result<Compared> {
    let diaries = diary::read(dir)?;
    let mut child = Command::new(saksama)
        .arg("journal")
        .arg("--data")
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("failed to run {}", saksama.display()))?;
    let lines = BufReader::with_capacity(1 << 20, child.stdout.take().context("a piped standard output")?);
    let journal = Journal::read(diaries, lines);
    if journal.is_err() {
        let _ = child.kill();
    }
    let mut said = String::new();
    child.stderr.take().context("a piped standard error")?.read_to_string(&mut said)?;
    let ended = child.wait()?;
    let journal = journal.with_context(|| format!("failed to understand the journal; saksama said {said:?}"))?;
    let unbroken = Check {
        name: "the journal can be read and its chain is unbroken".to_owned(),
        ok: ended.success(),
        detail: if ended.success() { format!("{} records", journal.records) } else { said.trim().to_owned() },
    };
    let mut checks = vec![unbroken];
    checks.extend(journal.checks());
    checks.push(fsck(data, saksama)?);
    Ok(Compared { checks, journal })
}

fn fsck(data: &Path, saksama: &Path) -> Result<Check> {
    let output = Command::new(saksama).arg("fsck").arg("--data").arg(data).output().context("failed to run saksama fsck")?;
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let mut lines: Vec<&str> = said.lines().take(1 + SHOWN_MAX).collect();
    if !output.status.success() {
        // Progress comes there too; the last line says why.
        lines.extend(complained.lines().last());
    }
    Ok(Check { name: "saksama fsck finds everything equal".to_owned(), ok: output.status.success(), detail: lines.join("; ") })
}

/// What a server says that runs on a copy of a data directory at rest.
async fn ask_a_copy(dir: &Path, data: &Path, saksama: &Path) -> Result<scores::Said> {
    let copy = Copy::of(data, dir.join("data-copy"))?;
    let (program, at) = (saksama.to_owned(), copy.0.clone());
    let served = tokio::task::spawn_blocking(move || Served::start(&program, &at)).await??;
    let staff = Staff::sign_in(&served.base, LOGIN, &served.password).await?;
    scores::ask(&staff).await
}

const LOGIN: &str = "pemeriksa.uji";

/// The databases of a directory at rest; removed when it is dropped.
struct Copy(PathBuf);

impl Copy {
    fn of(data: &Path, to: PathBuf) -> Result<Copy> {
        std::fs::create_dir_all(&to).with_context(|| format!("failed to make {}", to.display()))?;
        let copy = Copy(to);
        for name in ["saksama.db", "saksama.db-wal", "journal.db", "journal.db-wal"] {
            let from = data.join(name);
            if from.is_file() {
                std::fs::copy(&from, copy.0.join(name)).with_context(|| format!("failed to copy {}", from.display()))?;
            }
        }
        Ok(copy)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A server that lives as long as this does.
struct Served {
    child: std::process::Child,
    base: String,
    password: String,
}

impl Served {
    fn start(saksama: &Path, data: &Path) -> Result<Served> {
        let made = Command::new(saksama)
            .args(["admin", "create-staff", "--login", LOGIN, "--name", "Pemeriksa Uji", "--role", "auditor", "--data"])
            .arg(data)
            .output()?;
        let said = String::from_utf8_lossy(&made.stdout).into_owned();
        let password = said.lines().find_map(|line| line.strip_prefix("password")).and_then(|rest| rest.split_whitespace().next());
        let password = password.with_context(|| format!("no auditor was made: {}", String::from_utf8_lossy(&made.stderr)))?.to_owned();
        let mut child = Command::new(saksama)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().context("a piped standard output")?);
        let mut served = Served { child, base: String::new(), password };
        for line in std::io::BufRead::lines(lines) {
            if let Some(address) = line?.strip_prefix("Listening on ") {
                served.base = address.trim_end_matches('/').to_owned();
                return Ok(served);
            }
        }
        bail!("the server of the copy ended before it listened")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What is wrong, counted, with the first few in words.
#[derive(Clone, Default)]
struct Offenders {
    count: u64,
    first: Vec<String>,
}

/// Offenders that are shown in words.
const SHOWN_MAX: usize = 5;

impl Offenders {
    fn add(&mut self, words: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < SHOWN_MAX {
            self.first.push(words());
        }
    }

    fn append(&mut self, others: &Offenders) {
        self.count += others.count;
        self.first.extend(others.first.iter().cloned());
        self.first.truncate(SHOWN_MAX);
    }

    /// A check that holds when there are none; `numbers` says what was looked at.
    fn check(&self, name: &str, numbers: String) -> Check {
        let detail = if self.count == 0 { numbers } else { format!("{numbers}; {} wrong: {}", self.count, self.first.join("; ")) };
        Check { name: name.to_owned(), ok: self.count == 0, detail }
    }
}

/// Canonical choice ids as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Choices(u16);

impl Choices {
    fn ids(self) -> impl Iterator<Item = u8> {
        (0..16).filter(move |id| self.0 & 1 << id != 0)
    }
}

impl<'de> serde::Deserialize<'de> for Choices {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bits;
        impl<'de> serde::de::Visitor<'de> for Bits {
            type Value = Choices;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("choice ids, 0 to 15")
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut ids: A) -> Result<Choices, A::Error> {
                let mut bits = 0;
                while let Some(id) = ids.next_element::<u8>()? {
                    bits |= 1_u16.checked_shl(u32::from(id)).ok_or_else(|| serde::de::Error::custom("a choice id above 15"))?;
                }
                Ok(Choices(bits))
            }
        }
        deserializer.deserialize_seq(Bits)
    }
}

/// An id, from 32 hexadecimal digits.
fn id(text: &str) -> Result<u128> {
    if text.len() != 32 {
        bail!("{text:?} is not an id");
    }
    u128::from_str_radix(text, 16).with_context(|| format!("{text:?} is not an id"))
}
