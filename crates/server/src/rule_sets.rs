//! `saksama rules`: lists, prints and checks rule sets. Opens no data directory.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use rules::explain::{Language, explain};
use rules::{RuleSet, shipped};
use selection::cases;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

/// Regulations as rule sets: list, print, check and explain them (docs/rules.md).
#[derive(Args)]
pub struct Rules {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    List(List),
    Show(Show),
    Check(Check),
}

/// List the rule sets that come with the program.
#[derive(Args)]
struct List {}

/// Print the TOML text of a rule set that comes with the program, to be copied and changed.
#[derive(Args)]
#[command(after_help = "Examples:\n  saksama rules show cpns-2024 > kota-2024.toml\n\n\
    Exit codes: 0 printed, 1 there is none of that id, 2 wrong use.")]
struct Show {
    /// Id, as `saksama rules list` prints it
    id: String,
}

/// Check a rule set, explain it in Indonesian and English, and run the worked cases inside.
#[derive(Args)]
#[command(after_help = "Examples:\n  saksama rules check skd-2024\n  saksama rules check kota-2024.toml\n\n\
    Exit codes: 0 in order and every case holds, 1 not (each fault with its line), 2 wrong use.")]
struct Check {
    /// A TOML file, or the id of a rule set that comes with the program
    #[arg(value_name = "FILE-OR-ID")]
    rules: String,
}

/// Does what was asked.
pub fn run(asked: &Rules) -> anyhow::Result<ExitCode> {
    match &asked.command {
        Command::List(List {}) => list()?,
        Command::Show(Show { id }) => match shipped::text(id) {
            Some(text) => print(text)?,
            None => bail!("print rule set {id}: there is none of that id; see `saksama rules list`"),
        },
        Command::Check(Check { rules }) => return check(rules),
    }
    Ok(ExitCode::SUCCESS)
}

fn list() -> anyhow::Result<()> {
    let mut lines = String::new();
    for id in shipped::ids() {
        let set = shipped::text(id).and_then(|text| RuleSet::parse(text, &shipped::library).ok());
        let title = set.map(|set| format!("{} / {}", set.title.id, set.title.en)).unwrap_or_default();
        lines += &format!("{id:10}  {title}\n");
    }
    print(&lines)
}

fn check(name: &str) -> anyhow::Result<ExitCode> {
    let rules = load(name)?;
    let mut text = format!("{}\n----\n\n{}\n", explain(&rules, Language::Indonesian), explain(&rules, Language::English));
    text += "Contoh yang sudah diketahui hasilnya / Worked cases:\n";
    let mut failed = 0;
    for case in &rules.cases {
        let differences = cases::run(&rules, case);
        let result = if differences.is_empty() { "ok" } else { "SALAH / WRONG" };
        text += &format!("  {} (baris/line {}): {} / {}: {result}\n", case.id, case.line, case.title.id, case.title.en);
        text.extend(differences.iter().map(|difference| format!("      {difference}\n")));
        failed += usize::from(!differences.is_empty());
    }
    if rules.cases.is_empty() {
        text += "  -\n";
    }
    print(&text)?;
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// To standard output, which may be closed early.
pub fn print(text: &str) -> anyhow::Result<()> {
    std::io::stdout().write_all(text.as_bytes()).context("print")
}

/// A rule set by its id, or from a file. Stages taken from another set: one that comes with the program, or `ID.toml` beside the file.
pub fn load(name: &str) -> anyhow::Result<RuleSet> {
    let path = Path::new(name);
    let text = match shipped::text(name).filter(|_| !path.is_file()) {
        Some(text) => text.to_owned(),
        None if path.is_file() => std::fs::read_to_string(path).with_context(|| format!("read {name}"))?,
        None => bail!("read rule set {name}: no file and no id of `saksama rules list`"),
    };
    let beside = |id: &str| std::fs::read_to_string(path.with_file_name(format!("{id}.toml"))).ok();
    let library = |id: &str| shipped::library(id).or_else(|| beside(id));
    RuleSet::parse(&text, &library).map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(|problem| format!("\n  {problem}")).collect();
        anyhow::anyhow!("use rule set {name}:{}", problems.concat())
    })
}
