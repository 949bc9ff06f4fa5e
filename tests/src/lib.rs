//! What the end-to-end tests share: the server as a child process, and a selection set up from nothing through the public API.

pub mod outbox;
pub mod proxy;
pub mod results;
pub mod scenario;
pub mod size;

use anyhow::{Context, Result, bail};
use loadtest::set_up::choose_rule_set;
pub use loadtest::set_up::{import, now_utc_ms};
use loadtest::staff::Staff;
use reqwest::multipart::{Form, Part};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;
use wire::Created;
use wire::bank::ImportDone;
use wire::proctor::SittingSummary;
use wire::roster::{
    AssignSittings, Assigned, BlueprintBody, BlueprintCell, BlueprintSection, CandidateImportReport, DrawReport, FormationLine,
    NewFormation, NewHall, NewSelection, NewSitting, NewStage, PutBlueprint, SelectionPolicy, SittingPolicyBody,
};

/// The repository.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The `saksama` program, built once if it is not there or old; as the tests themselves, for debugging or released.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| build("saksama", &[]))
}

/// The same program with the mistakes of the crate `sabotage`, built on demand.
pub fn sabotaged_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| build("saksama-sabotaged", &["--features", "sabotage"]))
}

fn build(name: &str, more: &[&str]) -> PathBuf {
    let (profile, folder): (&[&str], _) = if cfg!(debug_assertions) { (&[], "debug") } else { (&["--release"], "release") };
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--locked", "-p", "server", "--bin", name])
        .args(profile)
        .args(more)
        .current_dir(root())
        .status()
        .expect("cargo runs");
    assert!(built.success(), "the server does not build");
    root().join("target").join(folder).join(name)
}

/// A server whose disk failed ends itself within this.
const ENDS_WITHIN: Duration = Duration::from_secs(30);

/// How a server is run; the default is what people run.
#[derive(Clone, Debug, Default)]
pub struct Launch {
    /// The mistake to be made, by its name in the crate `sabotage`.
    pub sabotage: Option<&'static str>,
    /// Further environment.
    pub environment: Vec<(String, String)>,
}

impl Launch {
    /// With this mistake.
    pub fn sabotaged(name: &'static str) -> Launch {
        Launch { sabotage: Some(name), ..Launch::default() }
    }
}

/// A running server and its data, which outlives it.
pub struct Server {
    data: TempDir,
    launch: Launch,
    child: Option<Child>,
    /// Where it listens, e.g. `http://127.0.0.1:40123`.
    pub base: String,
}

impl Server {
    /// Starts on a fresh directory.
    pub async fn start() -> Result<Server> {
        Server::start_with(&[]).await
    }

    /// Starts on a fresh directory with further arguments, e.g. `--set key=value`.
    pub async fn start_with(arguments: &[&str]) -> Result<Server> {
        let mut server = Server { data: tempfile::tempdir()?, launch: Launch::default(), child: None, base: String::new() };
        server.run("127.0.0.1:0", arguments).await?;
        Ok(server)
    }

    async fn run(&mut self, listen: &str, more: &[&str]) -> Result<()> {
        let mut command = tokio::process::Command::new(if self.launch.sabotage.is_some() { sabotaged_program() } else { program() });
        // What is meant for the tests would be an unknown setting for the server.
        let mut child = command
            .env_remove(size::SIZE)
            .env_remove(size::SEED)
            .envs(self.launch.sabotage.map(|name| ("SAKSAMA_SABOTAGE", name)))
            .envs(self.launch.environment.iter().map(|(name, value)| (name, value)))
            .args(["serve", "--listen", listen, "--data"])
            .arg(self.data.path())
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::from(std::fs::File::create(self.log_path())?))
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("a piped standard output")?).lines();
        self.base = loop {
            let Some(line) = lines.next_line().await? else { bail!("the server ended: {}", self.log()) };
            if let Some(address) = line.strip_prefix("Listening on ") {
                break address.trim_end_matches('/').to_owned();
            }
        };
        // Whatever it still says must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        self.child = Some(child);
        Ok(())
    }

    /// Ends it as a power cut would, as far as a process can tell.
    pub async fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// Lets one of its calls on the journal's files fail with an I/O error, the `nth` of each thread from now on, and waits until it has ended by
    /// itself; its status, or none when it goes on.
    pub async fn end_by_io_error(&mut self, calls: &str, nth: u32) -> Result<Option<ExitStatus>> {
        let child = self.child.as_mut().context("a live process")?;
        let id = child.id().context("a live process")?.to_string();
        let mut failing = tokio::process::Command::new("strace")
            .args(["-f", "-qq", "-o", "/dev/null", "-p", &id])
            .args(["journal.db", "journal.db-wal"].map(|name| format!("--trace-path={}", self.data.path().join(name).display())))
            .args([format!("--trace={calls}"), format!("--inject={calls}:error=EIO:when={nth}")])
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("strace is not there; tools/setup test installs it")?;
        let ended = tokio::time::timeout(ENDS_WITHIN, child.wait()).await;
        failing.kill().await?;
        let Ok(status) = ended else { return Ok(None) };
        self.child = None;
        Ok(Some(status?))
    }

    /// Stops it and starts it again in another way.
    pub async fn relaunch(&mut self, launch: Launch) -> Result<()> {
        self.stop().await?;
        self.launch = launch;
        self.restart().await.map(|_| ())
    }

    /// Starts again where it listened before, and says how long it took to listen.
    pub async fn restart(&mut self) -> Result<Duration> {
        let began = Instant::now();
        let listen = self.base.trim_start_matches("http://").to_owned();
        self.run(&listen, &[]).await?;
        Ok(began.elapsed())
    }

    /// Asks it to stop, waits, and says whether it ended with code 0.
    pub async fn stop(&mut self) -> Result<bool> {
        self.signal("TERM")?;
        let Some(mut child) = self.child.take() else { return Ok(true) };
        Ok(child.wait().await?.success())
    }

    /// Sends it a signal, e.g. `STOP`; nothing when it does not run.
    pub fn signal(&self, name: &str) -> Result<()> {
        let Some(child) = &self.child else { return Ok(()) };
        let id = child.id().context("a live process")?;
        let sent = Command::new("kill").args([&format!("-{name}"), &id.to_string()]).status()?;
        if sent.success() { Ok(()) } else { bail!("kill -{name} {id} failed") }
    }

    /// Its data directory.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    fn log_path(&self) -> PathBuf {
        self.data.path().with_extension("log")
    }

    /// What it logged since it was last started.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// Runs another subcommand on its data.
    pub fn command(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = Command::new(program());
        let (noun, rest) = arguments.split_at(if arguments.first() == Some(&"admin") { 2 } else { 1 });
        Ok(command.args(noun).arg("--data").arg(self.data()).args(rest).output()?)
    }

    /// Makes a staff member and signs in.
    pub async fn staff(&self, login: &str, role: &str) -> Result<Staff> {
        let password = self.create_staff(login, role)?;
        Staff::sign_in(&self.base, login, &password).await
    }

    /// Makes a staff member; answers the password.
    pub fn create_staff(&self, login: &str, role: &str) -> Result<String> {
        let made = self.command(&["admin", "create-staff", "--login", login, "--name", &format!("Uji {login}"), "--role", role])?;
        if !made.status.success() {
            bail!("create-staff: {}", String::from_utf8_lossy(&made.stderr));
        }
        let text = String::from_utf8_lossy(&made.stdout).into_owned();
        let line = text.lines().find_map(|line| line.strip_prefix("password")).context("a password")?;
        Ok(line.split_whitespace().next().context("a password")?.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(self.log_path());
    }
}

/// The staff of a selection.
pub struct People {
    /// Writes items.
    pub author: Staff,
    /// Sets up, computes, publishes.
    pub committee: Staff,
    /// Checks in.
    pub registrar: Staff,
    /// Steers.
    pub proctor: Staff,
    /// Approves.
    pub second_proctor: Staff,
}

impl People {
    /// One of each.
    pub async fn new(server: &Server) -> Result<People> {
        Ok(People {
            author: server.staff("penulis", "author").await?,
            committee: server.staff("panitia", "committee").await?,
            registrar: server.staff("registrar", "registrar").await?,
            proctor: server.staff("pengawas", "proctor").await?,
            second_proctor: server.staff("pengawas2", "proctor").await?,
        })
    }
}

/// A formation of the demo bank: code, title, slots, and its cells of the field section.
pub const FORMATIONS: [(&str, &str, u32, &str); 3] = [
    ("guru", "Guru Ahli Pertama", 8, "guru"),
    ("perawat", "Perawat Ahli Pertama", 6, "kesehatan"),
    ("prakom", "Pranata Komputer Ahli Pertama", 4, "komputer"),
];

/// What was set up.
pub struct Exam {
    /// The selection.
    pub selection: String,
    /// Its stage.
    pub stage: String,
    /// Its sitting.
    pub sitting: SittingSummary,
    /// The draw.
    pub draw: DrawReport,
}

/// How large, and how it differs from the ordinary.
pub struct Plan {
    /// Candidates, at most 900.
    pub candidates: usize,
    /// Items per paper: umum, lokal, bidang.
    pub items: [u16; 3],
    /// Time for the paper.
    pub duration_s: u32,
    /// Behaviour of the sitting.
    pub policy: SittingPolicyBody,
    /// Further columns of some candidates, e.g. canaries: (row index, birth date, NIK); they have [`ACCOMMODATION`], too.
    pub private: Vec<(usize, String, String)>,
}

impl Default for Plan {
    fn default() -> Self {
        Plan { candidates: 12, items: [8, 6, 8], duration_s: 5_400, policy: SittingPolicyBody::default(), private: Vec::new() }
    }
}

/// Imports the demo bank and sets up a selection with one sitting, papers drawn.
pub async fn set_up(people: &People, plan: &Plan) -> Result<Exam> {
    import_demo_bank(&people.author).await?;
    set_up_from_bank(people, plan, |field| blueprint(plan, field)).await
}

/// The same from what is in the bank already; the blueprint of a formation is made from its cells of the field section.
pub async fn set_up_from_bank(people: &People, plan: &Plan, blueprint: impl Fn(&str) -> BlueprintBody) -> Result<Exam> {
    let committee = &people.committee;
    let new = NewSelection {
        code: "uji".into(),
        title: "Seleksi Uji".into(),
        organiser: "BKPSDM Uji".into(),
        policy: SelectionPolicy::default(),
    };
    let selection = committee.post::<Created>("/api/v1/selections", &new).await?.done()?.id;
    choose_rule_set(committee, &selection, &blueprint(FORMATIONS[0].3)).await?;
    let stage = NewStage { code: "skb".into(), title: "Seleksi Kompetensi".into() };
    let stage = committee.post::<Created>(&format!("/api/v1/selections/{selection}/stages"), &stage).await?.done()?.id;
    for (code, title, slots, topic) in FORMATIONS {
        let formation = NewFormation { code: code.into(), title: title.into(), slots, line: FormationLine::default() };
        let formation = committee.post::<Created>(&format!("/api/v1/selections/{selection}/formations"), &formation).await?.done()?.id;
        let body = PutBlueprint { formation: Some(formation), blueprint: blueprint(topic) };
        committee.put::<serde_json::Value>(&format!("/api/v1/stages/{stage}/blueprint"), &body).await?.done()?;
    }
    let columns = (plan.candidates as f64).sqrt().ceil() as u16;
    let hall = NewHall { code: "aula".into(), title: "Aula Uji".into(), rows: columns + 1, columns, spare: 2 };
    let hall = committee.post::<Created>(&format!("/api/v1/selections/{selection}/halls"), &hall).await?.done()?.id;
    let sitting = NewSitting {
        stage: stage.clone(),
        hall,
        code: "s1".into(),
        starts_utc_ms: now_utc_ms() + 30 * 60_000,
        policy: plan.policy.clone(),
    };
    let sitting = committee.post::<Created>(&format!("/api/v1/selections/{selection}/sittings"), &sitting).await?.done()?.id;
    let form = Form::new().part("file", Part::bytes(candidates_csv(plan).into_bytes()).file_name("peserta.csv"));
    let report: CandidateImportReport =
        committee.upload(&format!("/api/v1/selections/{selection}/candidates/import?accept=true"), form).await?.done()?;
    if !report.accepted || report.new as usize != plan.candidates {
        bail!("candidates were not imported: {:?}", report.problems);
    }
    let assigned: Assigned =
        committee.post(&format!("/api/v1/stages/{stage}/assign"), &AssignSittings { sittings: Vec::new(), seats: true }).await?.done()?;
    if assigned.assigned as usize != plan.candidates {
        bail!("{} of {} were assigned", assigned.assigned, plan.candidates);
    }
    let draw = committee.post(&format!("/api/v1/sittings/{sitting}/draw"), &serde_json::json!({})).await?.done()?;
    let sittings: Vec<SittingSummary> = people.proctor.get("/api/v1/proctor/sittings").await?.done()?;
    let sitting = sittings.into_iter().find(|one| one.id == sitting).context("the proctor sees the sitting")?;
    Ok(Exam { selection, stage, sitting, draw })
}

/// Imports `content/demo/bank` with its pictures.
pub async fn import_demo_bank(author: &Staff) -> Result<ImportDone> {
    let mut form = Form::new();
    let bank = root().join("content/demo/bank");
    for folder in [bank.clone(), bank.join("gambar")] {
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort();
        for file in files.into_iter().filter(|file| file.is_file()) {
            let name = file.strip_prefix(&bank)?.to_string_lossy().into_owned();
            form = form.part("file", Part::bytes(std::fs::read(&file)?).file_name(name));
        }
    }
    import(author, form, false).await
}

fn blueprint(plan: &Plan, field: &str) -> BlueprintBody {
    let section = |code: &str, title: &str, topic: Option<&str>, count: u16| BlueprintSection {
        code: code.into(),
        title: title.into(),
        duration_s: None,
        linear: false,
        shuffle_items: true,
        shuffle_choices: true,
        cells: vec![BlueprintCell { topic: topic.map(str::to_owned), subtopic: None, level: None, difficulty: None, count }],
    };
    BlueprintBody {
        sections: vec![
            section("umum", "Pengetahuan Umum", None, plan.items[0]),
            section("lokal", "Muatan Lokal", None, plan.items[1]),
            section("bidang", "Kompetensi Bidang", Some(field), plan.items[2]),
        ],
        duration_s: plan.duration_s,
        tie_order: vec!["bidang".into(), "umum".into(), "lokal".into()],
    }
}

/// What those of [`Plan::private`] need; nobody outside the hall is told.
pub const ACCOMMODATION: &str = "Pembaca layar KENARI-9911";

fn candidates_csv(plan: &Plan) -> String {
    let mut text = String::from("participant_no,name,formation,category,accommodation,extra_time_minutes,gpa,birth_date,nik\n");
    for index in 0..plan.candidates {
        let formation = FORMATIONS[index % FORMATIONS.len()].0;
        let (birth_date, nik, accommodation) = plan
            .private
            .iter()
            .find(|(row, _, _)| *row == index)
            .map_or(("1995-05-17", "", ""), |(_, date, nik)| (date.as_str(), nik.as_str(), ACCOMMODATION));
        let (number, name) = (index + 1, letters(index));
        text.push_str(&format!("UJI-{number:04},Peserta Uji {name},{formation},umum,{accommodation},0,3.50,{birth_date},{nik}\n"));
    }
    text
}

fn letters(index: usize) -> String {
    let letter = |value: usize| char::from(b'A' + (value % 26) as u8);
    format!("{}{}", letter(index / 26), letter(index))
}
