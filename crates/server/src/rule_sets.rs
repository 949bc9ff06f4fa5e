//! `saksama rules`: lists, prints and checks rule sets. Opens no data directory.

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use rules::explain::{Language, explain};
use rules::{Library, Problem, RuleSet, shipped};
use selection::cases;
use std::cell::RefCell;
use std::io::{ErrorKind, Write};
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
    let rules = read(name, RuleSet::parse)?;
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

/// A rule set by its id, or from a file, to compute with. Stages taken from another set: `ID.toml` beside the file, or one that comes with
/// the program; where a set was named by its id, the latter alone.
pub fn load(name: &str) -> anyhow::Result<RuleSet> {
    let rules = read(name, RuleSet::parse_stored)?;
    if rules.sources.is_empty() {
        eprintln!("{name}: himpunan aturan tanpa sumber / a rule set without sources");
    }
    Ok(rules)
}

/// How a text becomes a rule set.
type Parse = fn(&str, Library<'_>) -> Result<RuleSet, Vec<Problem>>;

fn read(name: &str, parse: Parse) -> anyhow::Result<RuleSet> {
    let path = Path::new(name);
    let parsed = match shipped::text(name).filter(|_| !path.is_file()) {
        Some(text) => parse(text, &shipped::library),
        None if path.is_file() => read_file(path, parse)?,
        None => bail!("read rule set {name}: no file and no id of `saksama rules list`"),
    };
    parsed.map_err(|problems| {
        let problems: Vec<String> = problems.iter().map(|problem| format!("\n  {problem}")).collect();
        anyhow::anyhow!("use rule set {name}:{}", problems.concat())
    })
}

/// A stored revision is computed with the sets that were stored with it, whatever this program ships under the same ids.
fn read_file(path: &Path, parse: Parse) -> anyhow::Result<Result<RuleSet, Vec<Problem>>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    let unreadable = RefCell::new(None);
    let library = |id: &str| {
        let beside = path.with_file_name(format!("{id}.toml"));
        match std::fs::read_to_string(&beside) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == ErrorKind::NotFound => shipped::library(id),
            Err(error) => {
                unreadable.replace(Some((beside, error)));
                None
            }
        }
    };
    let parsed = parse(&text, &library);
    match unreadable.into_inner() {
        Some((beside, error)) => Err(error).with_context(|| format!("read {}", beside.display())),
        None => Ok(parsed),
    }
}
