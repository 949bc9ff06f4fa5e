//! `saksama item-stats`: statistics of items from a table of responses. Files in, files out; everything between is `item-analysis`.

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use item_analysis::report::{self, Lines};
use item_analysis::responses::{Header, IdColumn, Missing};
use item_analysis::{Analysis, Key, Marks, Reading, Responses, Source, Times, analyse, output};
use question_bank::marks::BadMarks;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Compute statistics of items and of the test from a table of responses.
///
/// The responses are a CSV file with the names of items in the first line and a row for each person; cells are marks (0 and 1, or any others), or
/// choices together with --key. Writes a row for each item, and with a key a row for each choice; prints the reliability (alpha) of the test and of
/// its sections. docs/item-statistics.md has every formula, the meaning of each column and flag, and the forms of a key.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct ItemStats {
    /// Table of responses: a row per person, a column per item
    #[arg(long, value_name = "FILE")]
    responses: PathBuf,
    /// What is right, or the marks of each choice; may name sections
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Seconds that people took: a row per person, a column per item
    #[arg(long, value_name = "FILE")]
    times: Option<PathBuf>,
    /// The statistics of items
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The statistics of choices [default: with --key, beside --out, ending in .choices.csv]
    #[arg(long, value_name = "FILE", requires = "key")]
    choices: Option<PathBuf>,
    /// The column with the ids of people, or `none` [default: the first one if it looks like ids]
    #[arg(long, value_name = "COLUMN")]
    id: Option<String>,
    /// The first line is a person already; items are called item_1, item_2, and so on
    #[arg(long)]
    no_header: bool,
    /// A further text that means no answer, besides an empty cell and NA; may be repeated
    #[arg(long, value_name = "TEXT")]
    omitted: Vec<String>,
    /// What becomes of people who left something out
    #[arg(long, value_enum, default_value_t = MissingName::Zero)]
    missing: MissingName,
    /// A page with pictures, for committee and authors (HTML, needs nothing else)
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// In the report: the least marks that pass, in the whole test or in a section; may be repeated
    #[arg(long, value_name = "[SECTION=]MARKS", requires = "report", value_parser = threshold)]
    threshold: Vec<(Option<String>, Marks)>,
    /// In the report: after how many people the cut is
    #[arg(long, value_name = "PEOPLE", requires = "report")]
    cut: Option<usize>,
}

/// `65`, or `twk=65`.
fn threshold(text: &str) -> Result<(Option<String>, Marks), BadMarks> {
    match text.rsplit_once('=') {
        None => Ok((None, text.parse()?)),
        Some((section, marks)) => Ok((Some(section.to_owned()), marks.parse()?)),
    }
}

const EXAMPLES: &str = "\
Examples:
  saksama item-stats --responses skor.csv --out butir.csv
      marks are in the table
  saksama item-stats --responses jawaban.csv --key kunci.csv --out butir.csv
      choices are marked; butir.choices.csv says who took which
  saksama item-stats --responses jawaban.csv --key kunci.csv --omitted 8 --missing listwise --out butir.csv
  saksama item-stats --responses jawaban.csv --key kunci.csv --out butir.csv --report butir.html --threshold twk=65 --cut 30
      pictures as well: distributions, items, ranks around the cut

Limits: 1,000 items, 5,000,000 people, 2 GiB a file.
Exit codes: 0 written, 1 failed (the message names file, line and column), 2 wrong use.";

#[derive(Clone, Copy, ValueEnum)]
enum MissingName {
    /// no answer gives no marks
    Zero,
    /// whoever left anything out is left out
    Listwise,
}

/// Most bytes of a file that is read.
const FILE_BYTES_MAX: u64 = 2 << 30;

/// Reads, computes, writes and prints.
pub fn run(asked: &ItemStats) -> anyhow::Result<ExitCode> {
    let choices_path = asked.choices.clone().unwrap_or_else(|| asked.out.with_extension("choices.csv"));
    let outputs: Vec<&PathBuf> = [&asked.out, &choices_path].into_iter().chain(&asked.report).collect();
    keep_files(asked, &outputs)?;
    let (responses, times) = read(asked)?;
    for note in &responses.notes {
        eprintln!("note: {note}");
    }
    let analysis = analyse(&responses, &times);
    let report =
        asked.report.as_ref().map(|path| Ok::<_, anyhow::Error>((path, report_page(asked, &responses, &analysis)?))).transpose()?;
    write(&asked.out, &output::items_csv(&analysis))?;
    print!("{}", output::summary(&analysis));
    println!("items: {}", asked.out.display());
    if let Some(choices) = output::choices_csv(&analysis) {
        write(&choices_path, &choices)?;
        println!("choices: {}", choices_path.display());
    }
    if let Some((path, page)) = report {
        write(path, &page)?;
        println!("report: {}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

fn report_page(asked: &ItemStats, responses: &Responses, analysis: &Analysis) -> anyhow::Result<String> {
    let title = asked.responses.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
    let lines = Lines { thresholds: asked.threshold.iter().cloned().collect(), places: asked.cut };
    Ok(report::html(analysis, &title, &responses.notes, &lines, None)?)
}

fn read(asked: &ItemStats) -> anyhow::Result<(Responses, Times)> {
    let id = match asked.id.as_deref() {
        None => IdColumn::Guess,
        Some("none") => IdColumn::Absent,
        Some(name) => IdColumn::Named(name.to_owned()),
    };
    let reading = Reading {
        header: if asked.no_header { Header::Absent } else { Header::Present },
        id,
        missing: match asked.missing {
            MissingName::Zero => Missing::Zero,
            MissingName::Listwise => Missing::Listwise,
        },
        omitted: asked.omitted.clone(),
    };
    let key = asked.key.as_deref().map(|path| with_file(path, |source| Ok(Key::read(source)?))).transpose()?;
    let responses = with_file(&asked.responses, |source| Ok(Responses::read(source, key.as_ref(), &reading)?))?;
    let is_item = |name: &str| responses.items.iter().any(|item| item.name == name);
    let times = asked.times.as_deref().map(|path| with_file(path, |source| Ok(Times::read(source, &reading.id, is_item)?))).transpose()?;
    Ok((responses, times.unwrap_or_default()))
}

fn with_file<T>(path: &Path, parse: impl FnOnce(Source<'_>) -> anyhow::Result<T>) -> anyhow::Result<T> {
    let reading = || format!("read {}", path.display());
    if std::fs::metadata(path).with_context(reading)?.len() > FILE_BYTES_MAX {
        bail!("read {}: it is larger than 2 GiB", path.display());
    }
    let bytes = std::fs::read(path).with_context(reading)?;
    parse(Source { name: &path.to_string_lossy(), bytes: &bytes })
}

/// What was read is never written over, nor one output by another.
fn keep_files(asked: &ItemStats, outputs: &[&PathBuf]) -> anyhow::Result<()> {
    let inputs = [Some(&asked.responses), asked.key.as_ref(), asked.times.as_ref()];
    let inputs: Vec<PathBuf> = inputs.into_iter().flatten().filter_map(|path| path.canonicalize().ok()).collect();
    for (at, path) in outputs.iter().enumerate() {
        if path.canonicalize().is_ok_and(|path| inputs.contains(&path)) {
            bail!("write {}: it is one of the files that are read", path.display());
        }
        if outputs[..at].contains(path) {
            bail!("write {}: two files cannot have one name", path.display());
        }
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("write {}", path.display()))
}
