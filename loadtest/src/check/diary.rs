//! What the simulated people wrote down: every answer they sent, and what they were told of it.

use super::{Choices, id};
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// One session's diary.
pub struct Diary {
    pub participant_no: String,
    pub session: u128,
    /// By stamp, ascending; no stamp twice.
    pub saves: Vec<Save>,
    /// What stands before this was sent in an earlier run.
    pub from: Stamp,
    /// What the terminal was told of its remaining time: wall clock, milliseconds that remain.
    pub clocks: Vec<(i64, u32)>,
}

/// An answer that was sent.
#[derive(Clone, Copy)]
pub struct Save {
    pub stamp: Stamp,
    pub item: u128,
    pub position: u16,
    pub choices: Choices,
    pub outcome: Outcome,
    /// Records of it that count, and records of it as late; counted while the journal is read, up to 255.
    pub in_time: u8,
    pub late: u8,
}

/// Terminal epoch and number of the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    pub epoch: u32,
    pub seq: u32,
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "epoch {} seq {}", self.epoch, self.seq)
    }
}

/// What a terminal was told of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Saved,
    Late,
    /// Refused at last; an earlier sending may have arrived.
    Refused,
    /// Refused as busy, and sent only once.
    Busy,
    Unanswered,
}

impl Outcome {
    fn parse(code: &str) -> Option<Outcome> {
        Some(match code {
            "s" => Outcome::Saved,
            "l" => Outcome::Late,
            "r" => Outcome::Refused,
            "b" => Outcome::Busy,
            "?" => Outcome::Unanswered,
            _ => return None,
        })
    }
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    participant_no: Cow<'a, str>,
    session: &'a str,
    saves: Vec<(u32, u32, u16, &'a str, Choices, &'a str)>,
    #[serde(default)]
    from: (u32, u32),
    #[serde(default)]
    clocks: Vec<(i64, u32)>,
}

/// All diaries of a run.
pub fn read(dir: &Path) -> Result<Vec<Diary>> {
    let names = std::fs::read_dir(dir).with_context(|| format!("failed to read {}", dir.display()))?;
    let mut files: Vec<PathBuf> = names.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_diaries(path)).collect();
    files.sort();
    if files.is_empty() {
        bail!("there are no diaries in {}", dir.display());
    }
    let mut diaries = Vec::new();
    for path in files {
        let mut file = BufReader::with_capacity(1 << 20, File::open(&path)?);
        let mut line = String::new();
        while file.read_line(&mut line)? > 0 {
            diaries.push(diary(&line).with_context(|| format!("failed to understand diary {} of {}", diaries.len() + 1, path.display()))?);
            line.clear();
        }
    }
    Ok(diaries)
}

fn is_diaries(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with("diaries-") && name.ends_with(".jsonl")
}

fn diary(line: &str) -> Result<Diary> {
    let Line { participant_no, session, saves, from: (epoch, seq), clocks } = serde_json::from_str(line)?;
    let mut saves = saves.into_iter().map(save).collect::<Result<Vec<_>>>()?;
    saves.sort_by_key(|save| save.stamp);
    if let Some(twice) = saves.windows(2).find(|pair| pair[0].stamp == pair[1].stamp) {
        bail!("{participant_no} used {} for two answers", twice[0].stamp);
    }
    Ok(Diary { participant_no: participant_no.into_owned(), session: id(session)?, saves, from: Stamp { epoch, seq }, clocks })
}

fn save((epoch, seq, position, item, choices, outcome): (u32, u32, u16, &str, Choices, &str)) -> Result<Save> {
    let outcome = Outcome::parse(outcome).with_context(|| format!("an outcome {outcome:?}"))?;
    Ok(Save { stamp: Stamp { epoch, seq }, item: id(item)?, position, choices, outcome, in_time: 0, late: 0 })
}
