//! The command line of `saksama`: serve, and the tools of an operator.

use crate::answer::No;
use crate::api::staff::{self, ToAdd};
use crate::app::{self, Running};
use crate::config::{self, Config, LogFormat};
use crate::item_stats::{self, ItemStats};
use crate::journal::{self, Texts};
use crate::{auth, clock, fsck, rank, recount, rule_sets};
use anyhow::{Context, anyhow, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use question_bank::export::{export_csv, export_zip};
use question_bank::id::{Digest32, HallId, ItemId, SelectionId, SittingId};
use question_bank::import::{Files, Import, Mapping, Problem, SourceFile, import};
use question_bank::item::{Item, Picture};
use question_bank::key::Key;
use std::collections::BTreeSet;
use std::io::{IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use store::Store;
use store::library::ItemFilter;
use store::seal::{self, Seal};
use store::staff::StaffChange;
use wire::staff::{Grant, Role};

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 wrong use or settings.";

/// Examination engine for civil-service recruitment: one program, one directory.
#[derive(Parser)]
#[command(name = "saksama", version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(Serve),
    Import(ImportBank),
    Export(ExportBank),
    Fsck(Fsck),
    Journal(Journal),
    ItemStats(ItemStats),
    Rank(rank::Rank),
    Recount(recount::Recount),
    Rules(rule_sets::Rules),
    Admin(Admin),
}

/// Serve the pages, the halls and the screens.
///
/// Settings come from their defaults, then DIR/saksama.toml (or --config), then the environment (SAKSAMA_LISTEN and so on), then flags; the
/// table printed at start says where each value came from. SIGTERM or SIGINT stops in order: sockets say goodbye, halls commit, the journal
/// is closed.
#[derive(Args)]
#[command(after_help = SERVE_EXAMPLES)]
struct Serve {
    /// Directory of everything that is stored; made if it is not there [default: data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Address and port; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Set up a demonstration when the directory is empty
    #[arg(long)]
    demo: bool,
    /// `auto`: a local certificate authority in DIR/tls; `off`: plain HTTP, loopback only [default: off]
    #[arg(long, value_name = "auto|off")]
    tls: Option<String>,
    /// PEM file of the certificate chain
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// PEM file of the private key
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A further name or address for the certificate of --tls auto; may be repeated
    #[arg(long, value_name = "NAME")]
    tls_name: Vec<String>,
    /// File of settings instead of DIR/saksama.toml
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Any setting of docs/operations.md; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

const SERVE_EXAMPLES: &str = "\
Examples:
  saksama serve --data ./data --demo
      a demonstration on this machine, http://127.0.0.1:8080/
  saksama serve --data /var/lib/saksama --listen 0.0.0.0:443 --tls auto --tls-name ujian.dinas.lan
      a hall; terminals trust DIR/tls/ca.pem once
  saksama serve --data ./data --set terminal_sockets_max=2000 --set log_format=json

Units are in the names of settings: _ms milliseconds, _s seconds, _bytes bytes.
Exit codes: 0 stopped as told, 1 failed, 2 wrong use or settings. An abort (SIGABRT) means that the journal could not be written: start again.";

/// Take items into the question bank; works while the server runs.
///
/// Files are question tables (CSV, XLSX; docs/import-table.md), or anything a mapping describes (JSON, text), and the pictures they name; ZIP
/// files and folders of them as well. All or nothing: with one bad item nothing is stored, unless --skip-bad.
#[derive(Args)]
#[command(after_help = IMPORT_EXAMPLES)]
struct ImportBank {
    #[command(flatten)]
    at: At,
    /// How to read somebody else's files (TOML)
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Store the good items and leave out the bad ones
    #[arg(long)]
    skip_bad: bool,
    /// Read and report only
    #[arg(long)]
    dry_run: bool,
    /// Files and folders
    #[arg(required = true, value_name = "FILES")]
    files: Vec<PathBuf>,
}

const IMPORT_EXAMPLES: &str = "\
Examples:
  saksama import --data ./data bank/
  saksama import --data ./data --mapping content/mappings/p3k-teknis.toml soal.teknis.json
  saksama import --data ./data --dry-run soal.xlsx gambar.zip

Limits: 2,000 files, 20 MiB a file, 200 MiB and 20,000 items in all.
Exit codes: 0 stored (or could be, with --dry-run), 1 not stored, 2 wrong use.";

/// Write the latest version of every item, with keys: the file is for its owner only.
#[derive(Args)]
#[command(after_help = "Examples:\n  saksama export --data ./data --out bank.zip   the table and its pictures\n  \
    saksama export --data ./data --out bank.csv   the table alone\n\nExit codes: 0 written, 1 failed, 2 wrong use.")]
struct ExportBank {
    #[command(flatten)]
    at: At,
    /// File to be made; ends in .zip or .csv
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Read everything again and compare: journals, papers, marks, ranks, published lists.
#[derive(Args)]
#[command(after_help = "Changes nothing. Best on a copy, or on a stopped server: a sitting that runs goes on while it is read.\n\n\
    Exit codes: 0 everything is equal, 1 could not be read, 2 wrong use, 3 something is not equal (each finding on a line).")]
struct Fsck {
    #[command(flatten)]
    at: At,
}

/// Print the records of one or all sittings as JSON lines, oldest first; works while the server runs.
///
/// Changes nothing. The chain of blocks is verified while it is read: a broken one ends the lines, and the message names the block. Sessions, staff
/// and items stand there by their ids; what staff typed (reasons, notes, messages, documents) may name somebody and is null without --texts.
#[derive(Args)]
#[command(after_help = JOURNAL_EXAMPLES)]
struct Journal {
    #[command(flatten)]
    at: At,
    /// Only this sitting, by its id or its code
    #[arg(long, value_name = "CODE-OR-ID")]
    sitting: Option<String>,
    /// Also what staff typed
    #[arg(long)]
    texts: bool,
}

const JOURNAL_EXAMPLES: &str = "\
Examples:
  saksama journal --data ./data > journal.jsonl
  saksama journal --data ./data --sitting s1 | jq -c 'select(.events[].kind == \"answered_late\")'
      every answer of sitting s1 that came too late

Exit codes: 0 printed and unbroken, 1 broken or not readable (the message names the block), 2 wrong use.";

/// Staff, when nobody can sign in; works while the server runs.
#[derive(Args)]
struct Admin {
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Subcommand)]
enum AdminCommand {
    CreateStaff(CreateStaff),
    ResetPassword(ResetPassword),
    List(List),
}

/// Add a staff member and print the password, once.
#[derive(Args)]
#[command(after_help = "Examples:\n  saksama admin create-staff --data ./data --login admin --name 'Siti Rahma' --role admin\n  \
    saksama admin create-staff --data ./data --login pengawas1 --name 'Budi' --role proctor --selection 0190… --hall 0190…\n\n\
    Exit codes: 0 done, 1 failed, 2 wrong use.")]
struct CreateStaff {
    #[command(flatten)]
    at: At,
    /// Login, 3 to 40 of a-z 0-9 . - _
    #[arg(long)]
    login: String,
    /// Name of the person
    #[arg(long)]
    name: String,
    /// What the person may do; may be repeated. No role implies another
    #[arg(long, required = true)]
    role: Vec<RoleName>,
    /// Only for this selection
    #[arg(long, value_name = "ID")]
    selection: Option<SelectionId>,
    /// Only for this hall
    #[arg(long, value_name = "ID", requires = "selection")]
    hall: Option<HallId>,
}

/// Make a new password for a staff member and print it, once; all browser sessions end.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
struct ResetPassword {
    #[command(flatten)]
    at: At,
    /// Login
    #[arg(long)]
    login: String,
    /// Also let in somebody who was locked
    #[arg(long)]
    unlock: bool,
}

/// List staff: login, state, roles, browser sessions, name.
#[derive(Args)]
#[command(after_help = EXIT_CODES)]
struct List {
    #[command(flatten)]
    at: At,
}

#[derive(Args)]
struct At {
    /// Directory of everything that is stored
    #[arg(long, value_name = "DIR", env = "SAKSAMA_DATA")]
    data: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum RoleName {
    Admin,
    Author,
    Committee,
    Registrar,
    Proctor,
    Auditor,
}

impl RoleName {
    fn role(self) -> Role {
        match self {
            RoleName::Admin => Role::Admin,
            RoleName::Author => Role::Author,
            RoleName::Committee => Role::Committee,
            RoleName::Registrar => Role::Registrar,
            RoleName::Proctor => Role::Proctor,
            RoleName::Auditor => Role::Auditor,
        }
    }
}

/// How long threads may go on after the end.
const RUNTIME_DRAIN: Duration = Duration::from_secs(1);

/// Does what the arguments ask.
pub fn run() -> ExitCode {
    crate::tls::install_provider();
    // Whatever this program writes holds names, numbers or keys: for its user only.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&anyhow!(error).context("start the runtime")),
    };
    let ended = runtime.block_on(perform(cli.command));
    // Not dropped: that would wait for threads that wait for others.
    runtime.shutdown_timeout(RUNTIME_DRAIN);
    match ended {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

async fn perform(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(serve) => run_serve(serve).await,
        Command::Import(asked) => import_bank(asked).await,
        Command::Export(asked) => export_bank(asked).await,
        Command::Fsck(Fsck { at }) => run_fsck(&at.data).await,
        Command::Journal(asked) => print_journal(asked).await,
        Command::ItemStats(asked) => item_stats::run(&asked),
        Command::Rank(asked) => rank::run(&asked),
        Command::Recount(asked) => recount::run(&asked),
        Command::Rules(asked) => rule_sets::run(&asked),
        Command::Admin(Admin { command }) => {
            match command {
                AdminCommand::CreateStaff(create) => create_staff(create).await?,
                AdminCommand::ResetPassword(reset) => reset_password(reset).await?,
                AdminCommand::List(list) => list_staff(list).await?,
            }
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("saksama: failed to {error:#}");
    let usage = error.downcast_ref::<config::Error>().is_some();
    ExitCode::from(if usage { 2 } else { 1 })
}

// Serve.

async fn run_serve(serve: Serve) -> anyhow::Result<ExitCode> {
    // The mistake of a sabotaged program is not a setting.
    let variables = std::env::vars().filter(|(name, _)| !(cfg!(feature = "sabotage") && name == sabotage::VARIABLE));
    let loaded = config::load(&flags(serve)?, variables)?;
    log_to_stderr(&loaded.config);
    println!("Saksama {}\n\nSettings:\n{}", env!("CARGO_PKG_VERSION"), loaded.table());
    allow_open_files(loaded.config.connections_max);
    let running = app::start(loaded.config).await?;
    announce(&running).await?;
    running.until_told().await?;
    Ok(ExitCode::SUCCESS)
}

fn flags(serve: Serve) -> anyhow::Result<config::Flags> {
    let mut values = Vec::new();
    for pair in &serve.set {
        let Some((key, value)) = pair.split_once('=') else { bail!("use --set {pair}: it must be KEY=VALUE") };
        values.push((key.trim().to_owned(), value.trim().to_owned()));
    }
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let named = [
        ("data", serve.data.map(text)),
        ("listen", serve.listen),
        ("demo", serve.demo.then(|| "true".to_owned())),
        ("tls", serve.tls),
        ("tls_cert", serve.tls_cert.map(text)),
        ("tls_key", serve.tls_key.map(text)),
        ("tls_names", (!serve.tls_name.is_empty()).then(|| serve.tls_name.join(","))),
    ];
    values.extend(named.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    Ok(config::Flags { config: serve.config, values })
}

fn log_to_stderr(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::new(&config.log_filter);
    let colours = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours);
    match config.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a task panicked")));
}

/// Raises the limit of open files to what the system allows, and says so if that is too few for the connections that were asked for.
fn allow_open_files(connections_max: usize) {
    use rustix::process::{Resource, getrlimit, setrlimit};
    /// Databases, logs, listeners, and files being read.
    const OTHER_FILES: u64 = 256;
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    let _ = setrlimit(Resource::Nofile, limit);
    let allowed = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let wanted = connections_max as u64 + OTHER_FILES;
    if allowed < wanted {
        tracing::warn!(
            allowed,
            wanted,
            "the system allows fewer open files than connections_max needs; raise LimitNOFILE or lower the setting"
        );
    }
}

/// Says where we are, whom to trust, and how to let the first person in.
async fn announce(running: &Running) -> anyhow::Result<()> {
    let app = &running.app;
    let scheme = if app.config.secure_cookies() { "https" } else { "http" };
    let address = running.address;
    println!("Listening on {scheme}://{address}/");
    if let Some(authority) = &app.authority {
        println!("Certificate for {}", authority.names.join(", "));
        println!(
            "\nTerminals must trust this certificate authority once (docs/operations.md tells how):\n  {}   also at /ca.pem\n  SHA-256 {}",
            authority.path.display(),
            authority.fingerprint
        );
    }
    if let Some(demo) = &running.demo {
        if !app.config.listen.ip().is_loopback() {
            println!("\nA demonstration: whoever reaches this address can sign in as anybody. Keep nothing real here.");
        }
        println!("{}", demo.table(&format!("{scheme}://{address}")));
    } else if app.store.staff_all(clock::utc_ms()).await?.is_empty() {
        let data = app.config.data.display();
        println!("\nNobody can sign in yet:\n  saksama admin create-staff --data {data} --login admin --name NAME --role admin");
    }
    Ok(())
}

/// Opens the store; the directory must be there, so that a slip of the pen does not make a new installation.
async fn open(data: &Path) -> anyhow::Result<Store> {
    if !data.is_dir() {
        bail!("open the data directory {}: it is not there", data.display());
    }
    if seal::open(data).with_context(|| format!("open the data directory {}", data.display()))? == Seal::Broken {
        bail!("open the data directory {}: its databases are not as the last server left them", data.display());
    }
    Store::open(data).await.with_context(|| format!("open the store in {}", data.display()))
}

// Bank.

async fn import_bank(asked: ImportBank) -> anyhow::Result<ExitCode> {
    let mapping = asked.mapping.as_deref().map(read_mapping).transpose()?;
    let files = read_files(&asked.files)?;
    let Import { items, pictures, problems, bad } = import(&files, mapping.as_ref());
    print_problems(&problems);
    let stopped = problems.iter().any(|problem| problem.stops);
    println!("{} items can be stored, {bad} cannot, {} pictures", items.len(), pictures.len());
    if items.is_empty() || (stopped && !asked.skip_bad) {
        println!("Nothing was stored.{}", if items.is_empty() { "" } else { " Correct the files, or add --skip-bad." });
        return Ok(ExitCode::from(1));
    }
    let store = open(&asked.at.data).await?;
    let items: Vec<(Item, Key)> = items.into_iter().map(|imported| (imported.item, imported.key)).collect();
    let counts = if asked.dry_run {
        store.compare_import(&items).await.context("compare the items with the bank")?
    } else {
        store.accept_import(&items, &pictures, clock::utc_ms()).await.context("store the items")?
    };
    store.close().await;
    let done = if asked.dry_run { "would be" } else { "are" };
    println!("{} {done} new, {} {done} new versions, {} unchanged", counts.new, counts.changed, counts.unchanged);
    Ok(ExitCode::SUCCESS)
}

fn read_mapping(path: &Path) -> anyhow::Result<Mapping> {
    let text = std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()))?;
    Mapping::parse(&text).map_err(|bad| anyhow!("read the mapping {}: {bad}", path.display()))
}

fn read_files(paths: &[PathBuf]) -> anyhow::Result<Files> {
    let mut files = Vec::new();
    for path in paths {
        let base = if path.is_dir() { path.as_path() } else { path.parent().unwrap_or(Path::new("")) };
        read_into(&mut files, base, path)?;
    }
    files.sort_by(|one: &SourceFile, other| one.name.cmp(&other.name));
    Files::new(files).map_err(|problem| anyhow!("take so much at once: {} {}", problem.file, problem.reason))
}

/// A file, or all files of a folder, named from `base` on.
fn read_into(files: &mut Vec<SourceFile>, base: &Path, path: &Path) -> anyhow::Result<()> {
    let reading = || format!("read {}", path.display());
    if path.is_dir() {
        for entry in std::fs::read_dir(path).with_context(reading)? {
            read_into(files, base, &entry.with_context(reading)?.path())?;
        }
        return Ok(());
    }
    if files.len() >= Files::COUNT_MAX {
        bail!("take more than {} files at once", Files::COUNT_MAX);
    }
    let size = std::fs::metadata(path).with_context(reading)?.len();
    if size > Files::FILE_BYTES_MAX as u64 {
        bail!("read {}: it is larger than {} bytes", path.display(), Files::FILE_BYTES_MAX);
    }
    let name = path.strip_prefix(base).unwrap_or(path).to_string_lossy().into_owned();
    files.push(SourceFile { name, bytes: std::fs::read(path).with_context(reading)? });
    Ok(())
}

fn print_problems(problems: &[Problem]) {
    if problems.is_empty() {
        return;
    }
    let width = |of: fn(&Problem) -> usize| problems.iter().map(of).max().unwrap_or(0);
    let (files, fields, codes) = (
        width(|problem| problem.file.len()).max(4),
        width(|problem| problem.field.len()).max(5),
        width(|problem| problem.code.len()).max(4),
    );
    println!("{:files$}  {:>6}  {:fields$}  {:codes$}  {:6}  reason", "file", "row", "field", "code", "weight");
    for Problem { file, row, field, code, reason, stops } in problems {
        let weight = if *stops { "stops" } else { "remark" };
        println!("{file:files$}  {row:>6}  {field:fields$}  {code:codes$}  {weight:6}  {reason}");
    }
    println!();
}

async fn export_bank(asked: ExportBank) -> anyhow::Result<ExitCode> {
    let ending = asked.out.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    let with_pictures = match ending.as_deref() {
        Some("zip") => true,
        Some("csv") => false,
        _ => bail!("write {}: its name must end in .zip or .csv", asked.out.display()),
    };
    let store = open(&asked.at.data).await?;
    let (items, pictures) = whole_bank(&store).await.context("read the bank")?;
    store.close().await;
    let table: Vec<(&Item, &Key)> = items.iter().map(|(item, key)| (item, key)).collect();
    let media_type = |hash| pictures.iter().find(|picture| picture.hash == hash).map(|picture| picture.media_type);
    let bytes = if with_pictures { export_zip(&table, &pictures) } else { export_csv(&table, &media_type) };
    // Keys are in there: a new file, readable by its owner only, and never over another one.
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&asked.out);
    made.and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
        .with_context(|| format!("write {}", asked.out.display()))?;
    println!("{} items, {} pictures, {} bytes: {}", items.len(), pictures.len(), bytes.len(), asked.out.display());
    Ok(ExitCode::SUCCESS)
}

/// The latest version of every item with its key, and the pictures they show.
async fn whole_bank(store: &Store) -> Result<(Vec<(Item, Key)>, Vec<Picture>), store::Error> {
    const PAGE_ITEMS: u32 = 500;
    let mut all = Vec::new();
    for page in 0.. {
        let items = store.latest_items(&ItemFilter { page, page_items: PAGE_ITEMS, ..ItemFilter::default() }).await?.items;
        if items.is_empty() {
            break;
        }
        let versions: Vec<(ItemId, u32)> = items.iter().map(|item| (item.id, item.version)).collect();
        let keys = store.keys_of_versions(&versions).await?;
        all.extend(items.into_iter().zip(keys.into_iter().map(|(_, _, key)| key)));
    }
    let mut hashes = BTreeSet::new();
    for (item, _) in &all {
        hashes.extend(pictures_in(&item.face.stem));
        hashes.extend(item.face.choices.iter().flat_map(|choice| pictures_in(choice)));
    }
    let mut pictures = Vec::with_capacity(hashes.len());
    for hash in hashes {
        pictures.push(store.picture(hash).await?);
    }
    Ok((all, pictures))
}

/// Pictures stand in a text as `/media/{hash}`.
fn pictures_in(text: &str) -> impl Iterator<Item = Digest32> {
    text.split("/media/").skip(1).filter_map(|rest| rest.get(..64)?.parse().ok())
}

/// A directory without its files was never served: nothing is made there by looking.
fn must_have(data: &Path, files: &[&str]) -> anyhow::Result<()> {
    match files.iter().find(|file| !data.join(file).is_file()) {
        None => Ok(()),
        Some(file) => bail!("read {}: {file} is not there; has a server run on it?", data.display()),
    }
}

async fn run_fsck(data: &Path) -> anyhow::Result<ExitCode> {
    must_have(data, &["saksama.db", "journal.db"])?;
    let report = fsck::run(data, |step| eprintln!("{step}")).await.with_context(|| format!("check {}", data.display()))?;
    println!(
        "{} sittings, {} records, {} sessions tallied; {} published lists, {} of them computed again",
        report.sittings, report.records, report.sessions, report.publications, report.recomputed
    );
    report.notes.iter().for_each(|note| println!("{note}"));
    if report.findings.is_empty() {
        println!("Everything is equal.");
        return Ok(ExitCode::SUCCESS);
    }
    report.findings.iter().for_each(|finding| println!("{finding}"));
    println!("{} findings: do not publish from this directory before they are explained.", report.findings.len());
    Ok(ExitCode::from(3))
}

async fn print_journal(asked: Journal) -> anyhow::Result<ExitCode> {
    let data = &asked.at.data;
    must_have(data, &["journal.db"])?;
    let only = match &asked.sitting {
        None => None,
        Some(name) => Some(sitting_named(data, name).await?),
    };
    let texts = if asked.texts { Texts::Shown } else { Texts::Hidden };
    let mut out = std::io::BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    let printed = journal::print(data, only, texts, &mut out).await;
    match printed {
        Ok(_) => Ok(ExitCode::SUCCESS),
        // Who reads has seen enough.
        Err(journal::Error::Write(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => {
            // What stands before the break was verified.
            let _ = out.flush();
            Err(error.into())
        }
    }
}

/// A sitting by its id, or by its code where only one has it.
async fn sitting_named(data: &Path, name: &str) -> anyhow::Result<SittingId> {
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    must_have(data, &["saksama.db"])?;
    let store = open(data).await?;
    let sittings = store.sittings_to_run().await.context("list the sittings")?;
    store.close().await;
    let ids: Vec<SittingId> = sittings.iter().filter(|sitting| sitting.code == name).map(|sitting| sitting.sitting).collect();
    match ids[..] {
        [only] => Ok(only),
        [] => bail!("find sitting {name}: there is none with this code"),
        _ => bail!("find sitting {name}: several have this code, so name it by its id: {ids:?}"),
    }
}

// Admin.

async fn create_staff(create: CreateStaff) -> anyhow::Result<()> {
    let store = open(&create.at.data).await?;
    if let Some(selection) = create.selection {
        store.selection_by_id(selection).await.context("find the selection")?;
    }
    if let Some(hall) = create.hall {
        store.hall_by_id(hall).await.context("find the hall")?;
    }
    let grant = |role: &RoleName| Grant {
        role: role.role(),
        selection: create.selection.map(|id| id.to_string()),
        hall: create.hall.map(|id| id.to_string()),
    };
    let grants: Vec<Grant> = create.role.iter().map(grant).collect();
    let new = ToAdd::parse(&create.login, &create.name, &grants).map_err(|no| refused(&no))?;
    let password = auth::new_password();
    let new = new.with_password(auth::hash_password(&password), clock::utc_ms());
    staff::add(&store, &new).await.map_err(|no| refused(&no))?;
    store.close().await;
    println!("id        {}\nlogin     {}\npassword  {password}   (shown once)", new.id, new.login);
    Ok(())
}

async fn reset_password(reset: ResetPassword) -> anyhow::Result<()> {
    let store = open(&reset.at.data).await?;
    let Some(at_door) = store.staff_by_login(&reset.login).await? else { bail!("find a staff member with login {}", reset.login) };
    let password = auth::new_password();
    let change = StaffChange {
        password_hash: Some(auth::hash_password(&password)),
        disabled: reset.unlock.then_some(false),
        ..StaffChange::default()
    };
    store.change_staff(at_door.staff.id, &change).await.context("change the password")?;
    store.close().await;
    println!("login     {}\npassword  {password}   (shown once)", reset.login);
    if at_door.staff.disabled && !reset.unlock {
        println!("This person is locked and cannot sign in; add --unlock to change that.");
    }
    Ok(())
}

async fn list_staff(list: List) -> anyhow::Result<()> {
    let store = open(&list.at.data).await?;
    for one in store.staff_all(clock::utc_ms()).await? {
        let mut roles: Vec<&str> = one.staff.grants.iter().map(|grant| grant.role.code()).collect();
        roles.dedup();
        let state = if one.staff.disabled { "locked" } else { "open" };
        println!("{:40}  {state:6}  {:40}  {:3}  {}", one.staff.login, roles.join(","), one.sessions, one.staff.name);
    }
    Ok(())
}

/// A refusal as an error of the command line.
fn refused(no: &No) -> anyhow::Error {
    match no {
        No::Bad { message, details, .. } => anyhow!("do that: {message} {}", details.join(", ")),
        No::Conflict { message, .. } => anyhow!("do that: {message}"),
        No::Failed(error) => anyhow!("do that: {error}"),
        other => anyhow!("do that: {other:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn pictures_are_found_where_a_text_shows_them() {
        let hash = "0a".repeat(32);
        let text = format!(r#"<img src="/media/{hash}" alt="x"> /media/short <img src="/media/{hash}">"#);
        assert_eq!(pictures_in(&text).map(|hash| hash.to_string()).collect::<Vec<_>>(), [hash.clone(), hash]);
    }
}
