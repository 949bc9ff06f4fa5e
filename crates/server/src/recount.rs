//! `saksama recount`: computes results a second time, by code that shares nothing with the first, and compares. Opens no data directory.

use crate::rule_sets;
use anyhow::{Context, anyhow};
use clap::Args;
use recount::{Comparison, Line, compare, reaches, results};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Compute results a second time, independently, and compare them with a table of results.
///
/// The second scorer shares no code with `saksama rank`. Tables are described in docs/rules.md.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Recount {
    /// A rule set: a TOML file, or an id of `saksama rules list`
    #[arg(long, value_name = "FILE-OR-ID")]
    rules: String,
    /// CSV of people, as `saksama rank` takes it
    #[arg(long, value_name = "FILE")]
    scores: PathBuf,
    /// CSV of formation lines, as `saksama rank` takes it
    #[arg(long, value_name = "FILE")]
    formations: PathBuf,
    /// CSV of results to be compared, as `saksama rank` writes it
    #[arg(long, value_name = "FILE")]
    results: PathBuf,
    /// Id of the stage up to which was computed, or `final`; without it as far as the columns of the scores go
    #[arg(long, value_name = "STAGE")]
    until: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  saksama rank --rules cpns-2024 --scores s.csv --formations f.csv --out o.csv
  saksama recount --rules cpns-2024 --scores s.csv --formations f.csv --results o.csv

Exit codes: 0 equal, 1 different (each difference is named) or failed, 2 wrong use.";

/// Does what was asked.
pub fn run(asked: &Recount) -> anyhow::Result<ExitCode> {
    let rules = rule_sets::load(&asked.rules)?;
    eprintln!("{} (SHA-256 {})", rules.id, rules.hash);
    let (formations, scores) = (read(&asked.formations)?, read(&asked.scores)?);
    let until = match &asked.until {
        Some(until) => until.clone(),
        None => reaches(&rules, &scores).map_err(|error| anyhow!("recount: {error}"))?,
    };
    eprintln!("menghitung ulang sampai {until} / computing again up to {until}");
    let lines: Vec<Line> = results(&rules, &formations, &scores, &until).map_err(|error| anyhow!("recount: {error}"))?;
    eprintln!("membandingkan {} peserta dengan {} / comparing", lines.len(), asked.results.display());
    let found = compare(&lines, &read(&asked.results)?).map_err(|error| anyhow!("compare: {error}"))?;
    rule_sets::print(&told(&found))?;
    Ok(if found.is_equal() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("read {}", path.display()))
}

/// What a comparison found, for people: one line, or a table of differences.
fn told(found: &Comparison) -> String {
    let people = found.people;
    if found.is_equal() {
        return format!("sama: {people} peserta / equal: {people} people\n");
    }
    let mut text = format!("berbeda: {} sel dari {people} peserta / different: {} cells of {people} people\n", found.count, found.count);
    text += &format!("{:20}  {:14}  {:26}  {}\n", "participant_no", "column", "results", "recount");
    for difference in &found.differences {
        let cell = |text: &Option<String>| match text.as_deref() {
            None => "(tidak ada / missing)".to_owned(),
            Some("") => "-".to_owned(),
            Some(text) => text.to_owned(),
        };
        let (theirs, ours) = (cell(&difference.theirs), cell(&difference.ours));
        text += &format!("{:20}  {:14}  {theirs:26}  {ours}\n", difference.participant_no, difference.column);
    }
    if found.count > found.differences.len() {
        let more = found.count - found.differences.len();
        text += &format!("dan {more} lagi / and {more} more\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use recount::Difference;

    #[test]
    fn differences_are_a_table() {
        assert_eq!(told(&Comparison { people: 3, ..Comparison::default() }), "sama: 3 peserta / equal: 3 people\n");
        let difference = |column: &str, theirs: Option<&str>, ours: Option<&str>| Difference {
            participant_no: "2410001".to_owned(),
            column: column.to_owned(),
            theirs: theirs.map(str::to_owned),
            ours: ours.map(str::to_owned),
        };
        let differences = vec![difference("status", Some("selected"), Some("not_selected")), difference("rank", Some(""), None)];
        let text = told(&Comparison { people: 3, count: 7, differences });
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "berbeda: 7 sel dari 3 peserta / different: 7 cells of 3 people",
                "participant_no        column          results                     recount",
                "2410001               status          selected                    not_selected",
                "2410001               rank            -                           (tidak ada / missing)",
                "dan 5 lagi / and 5 more",
            ]
        );
    }
}
