//! `saksama rank`: from tables of scores and formations to a table of results. Opens no data directory.

use crate::rule_sets;
use anyhow::{Context, anyhow, bail};
use clap::Args;
use rules::explain::Language;
use rules::rule_set::DecideOn;
use rules::{RuleSet, Status};
use selection::explain::Computed;
use selection::outcome::Place;
use selection::tables::{Fault, read_formations, read_scores, write_results};
use selection::{Candidate, Formation, Outcomes, compute};
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Most people who are explained when no number is named.
const EXPLAINED_MAX: usize = 1_000;
/// Bytes read from a table at once.
const BUFFER_BYTES: usize = 1 << 20;

/// Rank candidates by a rule set: thresholds, cut, integration, slots, moves. From files to a file.
///
/// Columns of the three tables are described in docs/rules.md. Rows of the result are ordered by formation, rank and number, so that the
/// same people in another order give the same file.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct Rank {
    /// A rule set: a TOML file, or an id of `saksama rules list`
    #[arg(long, value_name = "FILE-OR-ID")]
    rules: String,
    /// CSV of people: participant_no, formation, a column for each section, and what else is known
    #[arg(long, value_name = "FILE")]
    scores: PathBuf,
    /// CSV of formation lines: formation, slots, category, job, education, unit
    #[arg(long, value_name = "FILE")]
    formations: PathBuf,
    /// CSV to be made; an older one is replaced
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Say in words why this participant stands where they stand; may be repeated. Without a number: everybody, of up to 1,000
    #[arg(long, value_name = "NUMBER", num_args = 0..=1, default_missing_value = "")]
    explain: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  saksama rank --rules skd-2024 --scores skd.csv --formations formasi.csv --out hasil.csv
  saksama rank --rules kota.toml --scores s.csv --formations f.csv --out o.csv --explain 2410001

Exit codes: 0 written, 1 failed (faults of a table with their lines), 2 wrong use.";

/// Does what was asked.
pub fn run(asked: &Rank) -> anyhow::Result<ExitCode> {
    let rules = rule_sets::load(&asked.rules)?;
    let formations = read_formations(open(&asked.formations)?, &rules).map_err(|faults| refused(&asked.formations, &faults))?;
    let (people, until) = read_scores(open(&asked.scores)?, &rules, &formations.rows).map_err(|faults| refused(&asked.scores, &faults))?;
    note_unused(&asked.formations, &formations.unused);
    note_unused(&asked.scores, &people.unused);
    let (formations, candidates) = (formations.rows, people.rows);
    let outcomes = compute(&rules, &formations, &candidates, until).map_err(|error| anyhow!(error))?;
    write(&asked.out, &rules, &formations, &candidates, &outcomes)?;
    summary(&rules, &formations, &outcomes, until);
    explain(asked, Computed { rules: &rules, formations: &formations, candidates: &candidates, outcomes: &outcomes })?;
    Ok(ExitCode::SUCCESS)
}

fn open(path: &Path) -> anyhow::Result<BufReader<File>> {
    let file = File::open(path).with_context(|| format!("read {}", path.display()))?;
    Ok(BufReader::with_capacity(BUFFER_BYTES, file))
}

fn refused(path: &Path, faults: &[Fault]) -> anyhow::Error {
    let faults: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
    anyhow!("use {}:{}", path.display(), faults.concat())
}

fn note_unused(path: &Path, columns: &[String]) {
    if !columns.is_empty() {
        eprintln!("{}: kolom tidak dipakai / columns not used: {}", path.display(), columns.join(", "));
    }
}

/// Beside its place first, so that nobody ever reads half a table.
fn write(path: &Path, rules: &RuleSet, formations: &[Formation], candidates: &[Candidate], outcomes: &Outcomes) -> anyhow::Result<()> {
    let writing = || format!("write {}", path.display());
    let mut half = path.as_os_str().to_owned();
    half.push(".part");
    let half = PathBuf::from(half);
    let mut file = BufWriter::with_capacity(BUFFER_BYTES, File::create(&half).with_context(writing)?);
    write_results(&mut file, rules, formations, candidates, outcomes).with_context(writing)?;
    file.flush().with_context(writing)?;
    std::fs::rename(&half, path).with_context(writing)
}

fn summary(rules: &RuleSet, formations: &[Formation], outcomes: &Outcomes, until: Place) {
    println!("{} (SHA-256 {})", rules.id, rules.hash);
    let people = outcomes.of.len();
    println!("{people} peserta, {} formasi / {people} people, {} formations", formations.len(), formations.len());
    for status in Status::ALL {
        let count = outcomes.of.iter().filter(|outcome| outcome.status == status).count();
        if count > 0 {
            let (indonesian, english) = status.text();
            println!("{count:>9}  {status}: {indonesian} / {english}");
        }
    }
    match until {
        Place::Final => {
            println!("{}", ties_on(rules));
            let sum = |slots: &[u32]| slots.iter().map(|&slots| u64::from(slots)).sum::<u64>();
            println!("{:>9}  kebutuhan kosong / vacant slots", sum(&outcomes.vacant));
            let held = sum(&outcomes.held);
            if held > 0 {
                println!("{held:>9}  menunggu keputusan panitia / wait for the committee's decision (note committee_decides)");
            }
        }
        Place::Stage(stage) if stage + 1 < rules.stages.len() => {
            let id = &rules.stages[stage].id;
            println!("Tidak ada kolom tahap sesudah {id}; dihitung sampai {id} / no columns after {id}; computed up to {id}");
        }
        Place::Stage(_) => {}
    }
}

/// The setting that can change winners is told with every result.
fn ties_on(rules: &RuleSet) -> String {
    let decide_on = rules.selection.as_ref().map_or(DecideOn::Exact, |selection| selection.decide_on);
    let decimals = rules.display.decimals;
    match decide_on {
        DecideOn::Exact => "Nilai sama diputuskan pada nilai persis / ties are decided on exact values".to_owned(),
        DecideOn::Published => format!(
            "Nilai sama diputuskan pada nilai yang diumumkan ({decimals} desimal) / \
             ties are decided on published values ({decimals} decimals)"
        ),
    }
}

fn explain(asked: &Rank, computed: Computed<'_>) -> anyhow::Result<()> {
    let everybody = asked.explain.iter().any(String::is_empty);
    if everybody && computed.candidates.len() > EXPLAINED_MAX {
        bail!("explain everybody: there are more than {EXPLAINED_MAX}; name participants, as in --explain NUMBER");
    }
    let named = asked.explain.iter().filter(|_| !everybody).map(String::as_str);
    let all = computed.candidates.iter().filter(|_| everybody).map(|candidate| &*candidate.number);
    for number in named.chain(all) {
        for language in [Language::Indonesian, Language::English] {
            let Some(text) = computed.explain(number, language) else {
                bail!("explain participant {number}: there is nobody of that number")
            };
            rule_sets::print(&format!("\n{text}\n"))?;
        }
    }
    Ok(())
}
