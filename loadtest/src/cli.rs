//! The command line.

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use loadtest::beside::Hall;
use loadtest::candidate::Habits;
use loadtest::orders::{Seat, Target};
use loadtest::report::RunReport;
use loadtest::scenario::{Hands, MemoryAsked, Run, Search, Title, bar};
use loadtest::server::{self, How, Server, beside, raise_descriptors};
use loadtest::set_up::{self, People, Plan};
use loadtest::staff::Staff;
use loadtest::terminal::signed_in;
use loadtest::{check, overload, screens, sitting, slow, worker};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use wire::proctor::SittingSummary;
use wire::staff::Role;

const EXAMPLES: &str = "\
Examples:
  saksama-loadtest rate --sessions 5000 --per-s 10000,40000 --seconds 30
      a server of its own, 5,000 people signed in, two rates for 30 s each
  saksama-loadtest rate --sessions 5000 --find-max
      the highest rate with ack p99 < 20 ms at which nothing queues up
  saksama-loadtest prepare --sessions 18000 --data /tmp/hall
  saksama-loadtest rate --data /tmp/hall --per-s 2000
      set up once, use many times (every run works on a copy)
  saksama-loadtest --server http://127.0.0.1:8080 --credentials data/demo/demo.json exam
      people take the exam of a running demonstration

Every run ends with a check of what the server stored against what it acknowledged; one that fails ends with exit code 1.
Reports go to test-results/load/. Only ever load a server of your own, on this machine.";

/// Longest time for a paper, seconds: in most runs nobody's time should run out.
const LONG_S: u32 = 28_800;

/// Halls of simulated candidates for Saksama, over real sockets.
#[derive(Parser)]
#[command(name = "saksama-loadtest", version, after_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Args, Clone)]
struct Common {
    /// A running server, instead of one started for this run.
    #[arg(long, global = true, value_name = "URL")]
    server: Option<String>,
    /// Credentials of its staff, as `saksama serve --demo` keeps them in its data directory.
    #[arg(long, global = true, value_name = "FILE", default_value = "data/demo/demo.json")]
    credentials: PathBuf,
    /// The server's program [default: `saksama` beside this one].
    #[arg(long, global = true, value_name = "PATH")]
    saksama: Option<PathBuf>,
    /// Data directory of the run's own server [default: in the folder of the run]; of one that was prepared a copy is used.
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The run's own server speaks TLS.
    #[arg(long, global = true)]
    tls: bool,
    /// People, each with a terminal.
    #[arg(long, global = true, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=30_000))]
    sessions: u32,
    /// Seats of a hall; every hall has one sitting.
    #[arg(long, global = true, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u16).range(1..=1_400))]
    hall_seats: u16,
    /// Items of a paper; a multiple of three.
    #[arg(long, global = true, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u16).range(3..=300))]
    items: u16,
    /// Client processes that hold the sockets.
    #[arg(long, global = true, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=16))]
    workers: u8,
    /// Seed of everything random.
    #[arg(long, global = true, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Folder of the run [default: test-results/load/SCENARIO-TIME].
    #[arg(long, global = true, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the report as one line of JSON, last.
    #[arg(long, global = true)]
    json: bool,
    /// Keep the data directory of the run's own server in the folder of the run.
    #[arg(long, global = true)]
    keep: bool,
    /// No progress on the terminal.
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Subcommand)]
enum Command {
    /// People take the exam at human pace, or faster: the seat map and the board come alive.
    Exam {
        /// How many candidates.
        #[arg(long, default_value_t = 56)]
        candidates: usize,
        /// 1 is human pace (about 75 minutes); 20 takes about four minutes.
        #[arg(long, default_value_t = 20.0)]
        speed: f64,
    },
    /// Sets up people in --data DIR, signed in and ready to start, for later runs.
    Prepare {
        /// Time for the paper, seconds.
        #[arg(long, value_name = "S", default_value_t = LONG_S, value_parser = clap::value_parser!(u32).range(60..=28_800))]
        duration: u32,
        /// The proctor's start starts everybody's clock, as `end` needs it.
        #[arg(long)]
        together: bool,
    },
    /// Durable saves at given rates, or the highest one that holds.
    Rate(Rates),
    /// Everybody saves about once a minute and looks at items, with human think times.
    Steady {
        /// For how long, seconds.
        #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=3_600))]
        seconds: u32,
        /// Median of thinking about an item, seconds; the mean is a fifth more.
        #[arg(long, value_name = "S", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=600))]
        think: u32,
    },
    /// Everybody is connected and presses start at one instant; from the press to the paper received and read.
    Start,
    /// Everybody answers at one instant, several times.
    Burst {
        /// How often.
        #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100))]
        times: u32,
    },
    /// The time of all runs out in the same second; until everybody was told and the board shows all ranks.
    End {
        /// Time for the paper, seconds.
        #[arg(long, value_name = "S", default_value_t = 60, value_parser = clap::value_parser!(u32).range(60..=3_600))]
        duration: u32,
        /// Answers of everybody before.
        #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(0..=300))]
        answers: u16,
    },
    /// All lines break at once, or the server dies and is started again, while people go on answering.
    Reconnect {
        /// What happens.
        #[arg(long, value_enum, default_value_t = Loss::Both)]
        by: Loss,
    },
    /// Memory of a session and processor time of a save, at several numbers of connected sessions with a full paper of answers each.
    Memory {
        /// Numbers of sessions, growing; the last one is as many as are set up.
        #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1000,2000,10000,18000", value_parser = clap::value_parser!(u32).range(1..=30_000))]
        sizes: Vec<u32>,
        /// Saves a second while processor time is measured.
        #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=200_000))]
        per_s: u32,
        /// Seconds for measuring processor time at each size; 0: only memory.
        #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u32).range(0..=600))]
        seconds: u32,
        /// Answers of each session before it is measured [default: the whole paper]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        answers: Option<u16>,
    },
    /// Screens watch a sitting's board while people answer: from the acknowledgement of the answer that reveals to the frame on each screen.
    Screens(screens::Arguments),
    /// People who do not read or do not speak, beside people who save.
    Slow(slow::Arguments),
    /// More than the server can do: on the answers' lane, and public traffic beside an exam.
    Overload(overload::Arguments),
    /// Compares the folder of a run with --data, the data directory it was run against (--keep), once more.
    Check {
        /// Folder of the run: its diaries and key.json.
        #[arg(long, value_name = "DIR")]
        run: PathBuf,
    },
    /// The same frames to a bare websocket echo (`saksama-bench echo`): what the machine could do at most.
    Echo(Rates),
    /// A client process; takes orders on standard input.
    #[command(hide = true)]
    Worker,
}

/// How lines are lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Loss {
    /// Every line breaks.
    Cut,
    /// The server is killed as by a power cut, and started again.
    Kill,
    /// One after the other.
    Both,
}

#[derive(Args, Clone)]
struct Rates {
    /// Saves a second; several are run one after another.
    #[arg(long, value_name = "N", value_delimiter = ',', default_value = "1000,5000,10000", value_parser = clap::value_parser!(u32).range(1..=200_000))]
    per_s: Vec<u32>,
    /// Seconds for each rate.
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=3_600))]
    seconds: u32,
    /// Look for the highest rate with ack p99 < 20 ms at which nothing queues up; then a run at half of it.
    #[arg(long)]
    find_max: bool,
    /// Where the search begins.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=200_000))]
    from: u32,
    /// Seconds of a step of the search.
    #[arg(long, value_name = "S", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=600))]
    step_seconds: u32,
}

/// Runs the program.
pub fn main() -> ExitCode {
    let Arguments { common, command } = Arguments::parse();
    raise_descriptors();
    let ran = match command {
        Command::Worker => worker::run().map(|()| true),
        command => tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(anyhow::Error::from)
            .and_then(|runtime| runtime.block_on(carry_out(common, command))),
    };
    match ran {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("saksama-loadtest: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// True when every check held.
async fn carry_out(common: Common, command: Command) -> Result<bool> {
    match command {
        Command::Worker => Ok(true),
        Command::Exam { candidates, speed } => exam(&common, candidates, speed).await.map(|()| true),
        Command::Prepare { duration, together } => prepare(&common, duration, together).await.map(|()| true),
        Command::Rate(rates) => {
            let mut run = common.open("rate", LONG_S, false).await?;
            run.begin().await?;
            rates.run(&mut run).await?;
            run.check().await?;
            common.finish(run, "rate", |report| rate_line(report, "saves")).await
        }
        Command::Steady { seconds, think } => {
            let mut run = common.open("steady", LONG_S, false).await?;
            run.begin().await?;
            run.steady(seconds.into(), think.into()).await?;
            run.check().await?;
            common.finish(run, "steady", |report| rate_line(report, "saves")).await
        }
        Command::Start => {
            let mut run = common.open("start", LONG_S, false).await?;
            run.start().await?;
            run.check().await?;
            common.finish(run, "start", |report| figures_line(report, &["sessions", "start_ms_p50", "start_ms_p99", "start_ms_max"])).await
        }
        Command::Burst { times } => {
            let mut run = common.open("burst", LONG_S, false).await?;
            run.begin().await?;
            run.burst(times).await?;
            run.check().await?;
            common.finish(run, "burst", |report| figures_line(report, &["sessions", "burst_ms_p50", "burst_ms_p99", "burst_ms_max"])).await
        }
        Command::End { duration, answers } => {
            let mut run = common.open("end", duration, true).await?;
            run.end(answers).await?;
            run.check().await?;
            common.finish(run, "end", |report| figures_line(report, &["sessions", "end_ms_p99", "end_all_ms", "end_ranked_ms"])).await
        }
        Command::Reconnect { by } => {
            let mut run = common.open("reconnect", LONG_S, false).await?;
            run.begin().await?;
            if by != Loss::Kill {
                run.reconnect_after_cut().await?;
            }
            if by != Loss::Cut {
                run.reconnect_after_kill().await?;
            }
            run.check().await?;
            let names = ["sessions", "cut_to_all_back_s", "restart_listening_ms", "kill_to_first_save_s", "kill_to_all_back_s"];
            common.finish(run, "reconnect", |report| figures_line(report, &names)).await
        }
        Command::Memory { sizes, per_s, seconds, answers } => {
            let asked = MemoryAsked { answers: answers.unwrap_or(u16::MAX), per_s: per_s.into(), seconds: seconds.into() };
            memory(common, &sizes, asked).await
        }
        Command::Screens(asked) => watch_screens(common, &asked).await,
        Command::Slow(asked) => {
            let mut run = common.open_some("slow", LONG_S, false, asked.slow_ones()).await?;
            run.begin().await?;
            let Some(people) = &run.people else { bail!("slow needs a server of the run's own") };
            let cookies: Vec<String> = people.seats.iter().skip(run.crew.sessions()).map(|seat| seat.cookie.clone()).collect();
            let (board, address) = (people.sittings[0].clone(), run.desk().to_owned());
            let report = slow::run(&address, &board, &asked, &cookies, &mut run).await?;
            run.take(report);
            run.check().await?;
            common.finish(run, "slow", |report| figures_line(report, &["without_ack_ms_p99", "with_ack_ms_p99", "server_mb_growth"])).await
        }
        Command::Overload(asked) => {
            let mut run = common.open("overload", LONG_S, false).await?;
            run.begin().await?;
            let address = run.desk().to_owned();
            let report = overload::run(&address, &asked, &mut run).await?;
            run.take(report);
            run.check().await?;
            let names = ["sustained_per_s", "overload_recovered_s", "public_answered_per_s", "public_ack_p99_ratio", "public_recovered_s"];
            common.finish(run, "overload", |report| figures_line(report, &names)).await
        }
        Command::Check { run } => {
            let Some(data) = &common.data else { bail!("name the data directory with --data") };
            let program = common.saksama.clone().map_or_else(beside, Ok)?;
            let committee = match &common.server {
                Some(base) => Some(sign_in(base, &credentials(&common)?, Role::Committee).await?),
                None => None,
            };
            check::command(&run, data, &program, committee.as_ref()).await
        }
        Command::Echo(rates) => {
            let base = common.server.clone().context("name the echo's address with --server")?;
            let target = Target { base, authority: None, echo: true };
            let nobody =
                |n| Seat { participant_no: format!("E-{n}"), session: String::new(), sitting: String::new(), cookie: String::new() };
            let seats: Vec<Seat> = (0..common.sessions).map(nobody).collect();
            let mut run = Run::open(None, target, None, &seats, common.out("echo"), common.hands()).await?;
            rates.run(&mut run).await?;
            common.finish(run, "echo", |report| rate_line(report, "echoes")).await
        }
    }
}

impl Rates {
    async fn run(&self, run: &mut Run) -> Result<()> {
        if self.find_max {
            let search = Search { from: self.from.into(), step_s: self.step_seconds.into(), seconds: self.seconds.into() };
            run.find_max(search).await?;
        } else {
            let rates: Vec<f64> = self.per_s.iter().map(|per_s| f64::from(*per_s)).collect();
            run.rates(&rates, self.seconds.into()).await?;
        }
        Ok(())
    }
}

async fn watch_screens(common: Common, asked: &screens::Arguments) -> Result<bool> {
    let dir = common.out("screens");
    std::fs::create_dir_all(&dir).with_context(|| format!("failed to make {}", dir.display()))?;
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut own = None;
    let hall = if common.server.is_some() {
        let Given { base, registrar, proctor, hall } = Given::find(&common).await?;
        let seated = sitting::seat_people(&registrar, &base, &hall.id, asked.candidates, |_| ()).await?;
        sitting::start(&proctor, &hall.id).await?;
        Hall { server: base, sitting: hall.id, seated }
    } else {
        let (server, people) = common.own_server(&dir, &common.plan(asked.candidates, LONG_S, false)).await?;
        let sitting = people.sittings[0].clone();
        sitting::start(&people.staff(&server, "proctor").await?, &sitting).await?;
        let mut seated = Vec::with_capacity(asked.candidates);
        for seat in people.seats.iter().filter(|seat| seat.sitting == sitting).take(asked.candidates) {
            seated.push(signed_in(&client, server.desk(), &seat.cookie).await?);
        }
        let base = server.desk().to_owned();
        own = Some((server, people));
        Hall { server: base, sitting, seated }
    };
    let mut report = screens::run(&hall, asked, &dir).await?;
    if let Some((mut server, people)) = own {
        server.stop().await?;
        people.write_key(&dir)?;
        report.checks.extend(check::run(&dir, server.data(), server.program(), None).await?);
    }
    report.command = command_line();
    report.title = figures_line(&report, &["viewers", "reveals", "reveal_ms_p50", "reveal_ms_p99", "reveal_ms_max"]);
    common.conclude(&report, &dir)
}

async fn memory(common: Common, sizes: &[u32], asked: MemoryAsked) -> Result<bool> {
    let sizes: Vec<usize> = sizes.iter().map(|size| *size as usize).collect();
    let (true, Some(&most)) = (sizes.is_sorted(), sizes.last()) else { bail!("--sizes must grow") };
    let dir = common.out("memory");
    let plan = common.plan(most, LONG_S, false);
    let (mut server, people) = common.own_server(&dir, &plan).await?;
    if people.seats.len() < most {
        bail!("{most} sessions are wanted, {} were set up", people.seats.len());
    }
    // What setting up left behind is no part of a session: a fresh process has read what is stored and nothing else.
    server.stop().await?;
    let empty = server::resident_kb_of_an_empty_one(server.program(), &dir).await?;
    server.restart().await?;
    let target = server.target();
    let mut run = Run::open(Some(server), target, Some(people), &[], dir, common.hands()).await?;
    run.memory(&sizes, &asked, empty).await?;
    run.check().await?;
    common
        .finish(run, "memory", |report| {
            figures_line(report, &["sessions", "rss_kb_per_session", "rss_kb_per_connected", "rss_growth", "cpu_growth"])
        })
        .await
}

fn figures_line(report: &RunReport, names: &[&str]) -> String {
    let shown = names.iter().filter_map(|name| report.figures.iter().find(|figure| figure.name == *name));
    let shown =
        shown.map(|figure| format!("{} {:.*} {}", figure.name, usize::from(figure.value.fract() != 0.0) * 2, figure.value, figure.unit));
    shown.map(|text| text.trim_end().to_owned()).collect::<Vec<_>>().join(", ")
}

fn rate_line(report: &RunReport, what: &str) -> String {
    let of = |name: &str| report.figure(name).unwrap_or_default();
    let most = report.figure("echo_per_s").unwrap_or_else(|| of("saves_per_s"));
    format!(
        "{:.0} sessions, {most:.0} {what}/s; at {:.0}/s p50 {:.2}, p99 {:.2}, p99.9 {:.2} ms; CPU a save: server {:.1}, client {:.1} us",
        of("sessions"),
        of("asked_per_s"),
        of("ack_ms_p50"),
        of("ack_ms_p99"),
        of("ack_ms_p999"),
        of("server_cpu_us_per_save"),
        of("client_cpu_us_per_save"),
    )
}

impl Common {
    fn out(&self, scenario: &str) -> PathBuf {
        let stamp = set_up::now_utc_ms() / 1000;
        self.out.clone().unwrap_or_else(|| PathBuf::from(format!("test-results/load/{scenario}-{stamp}")))
    }

    fn hands(&self) -> Hands {
        Hands { processes: self.workers.into(), seed: self.seed, quiet: self.quiet }
    }

    /// A server with people who are signed in, and all their sockets.
    async fn open(&self, scenario: &str, duration_s: u32, start_together: bool) -> Result<Run> {
        self.open_some(scenario, duration_s, start_together, 0).await
    }

    /// The same; so many people of those who are set up stay away.
    async fn open_some(&self, scenario: &str, duration_s: u32, start_together: bool, away: usize) -> Result<Run> {
        let dir = self.out(scenario);
        if self.server.is_some() {
            return self.open_given(dir).await;
        }
        let plan = self.plan(self.sessions as usize + away, duration_s, start_together);
        let (server, people) = self.own_server(&dir, &plan).await?;
        let seats = people.seats[..people.seats.len().saturating_sub(away)].to_vec();
        let target = server.target();
        Run::open(Some(server), target, Some(people), &seats, dir, self.hands()).await
    }

    fn plan(&self, sessions: usize, duration_s: u32, start_together: bool) -> Plan {
        let (hall_seats, items) = (self.hall_seats.into(), self.items);
        Plan { sessions, hall_seats, items, bank_items: items * 2, duration_s, start_together }
    }

    async fn own_server(&self, dir: &Path, plan: &Plan) -> Result<(Server, People)> {
        std::fs::create_dir_all(dir).with_context(|| format!("failed to make {}", dir.display()))?;
        let data = match &self.data {
            // What was prepared can be used again: a run works on a copy.
            Some(data) if data.join(set_up::FILE).exists() => copy(data, &dir.join("data"))?,
            Some(data) => data.clone(),
            None => dir.join("data"),
        };
        std::fs::create_dir_all(&data).with_context(|| format!("failed to make {}", data.display()))?;
        let known = People::read(&data)?;
        let terminals = known.as_ref().map_or(plan.sessions, |people| people.seats.len());
        let program = self.saksama.clone().map_or_else(beside, Ok)?;
        let how = How { program, data, log: dir.join("server.log"), tls: self.tls, terminals, settings: Vec::new() };
        let server = Server::start(how).await?;
        let people = match known {
            Some(people) if people.plan.start_together == plan.start_together => people,
            Some(_) => bail!("the people of {} were prepared for another kind of start", server.data().display()),
            None => {
                let progress = bar(plan.sessions as u64, "", self.quiet);
                let people = set_up::set_up(&server, plan, |what, done, of| {
                    progress.set_message(what);
                    progress.set_length(of);
                    progress.set_position(done);
                });
                let people = people.await.context("setting up")?;
                progress.finish_and_clear();
                people
            }
        };
        Ok((server, people))
    }

    async fn open_given(&self, dir: PathBuf) -> Result<Run> {
        let Given { base, registrar, proctor, hall } = Given::find(self).await?;
        let arriving = bar(u64::from(self.sessions), "check-in and sign-in", self.quiet);
        let seated = sitting::seat_people(&registrar, &base, &hall.id, self.sessions as usize, |done| arriving.set_position(done)).await?;
        arriving.finish_and_clear();
        sitting::start(&proctor, &hall.id).await?;
        let seat = |seated: loadtest::terminal::Seated| Seat {
            participant_no: seated.session.participant_no,
            session: seated.session.session,
            sitting: hall.id.clone(),
            cookie: seated.cookie,
        };
        let seats: Vec<Seat> = seated.into_iter().map(seat).collect();
        let target = Target { base, authority: None, echo: false };
        Run::open(None, target, None, &seats, dir, self.hands()).await
    }

    async fn finish(&self, run: Run, scenario: &'static str, line: impl FnOnce(&RunReport) -> String) -> Result<bool> {
        let dir = run.dir.clone();
        let title = Title { scenario, line: String::new(), command: command_line() };
        let mut report = run.finish(title).await?;
        report.title = line(&report);
        self.conclude(&report, &dir)
    }

    /// Writes the report and says how the run went; true when every check held.
    fn conclude(&self, report: &RunReport, dir: &Path) -> Result<bool> {
        loadtest::report::write(dir, report)?;
        if !self.keep {
            // Nobody asked for it, and it can be gigabytes.
            let _ = std::fs::remove_dir_all(dir.join("data"));
        }
        for check in report.checks.iter().filter(|check| !check.ok) {
            eprintln!("NOT SO: {}: {}", check.name, check.detail);
        }
        for disturbance in &report.disturbances {
            eprintln!("disturbed: {disturbance}");
        }
        let scenario = &report.scenario;
        println!("{scenario}: {}; {} ({})", report.title, if report.ok() { "check passed" } else { "CHECK FAILED" }, dir.display());
        if self.json {
            println!("{}", serde_json::to_string(report)?);
        }
        Ok(report.ok())
    }
}

/// Copies a data directory at rest.
fn copy(from: &Path, to: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(to).with_context(|| format!("failed to make {}", to.display()))?;
    for entry in std::fs::read_dir(from).with_context(|| format!("failed to read {}", from.display()))? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            std::fs::copy(entry.path(), to)?;
        }
    }
    Ok(to.to_owned())
}

/// The command line as it was given, without directories of this machine.
fn command_line() -> String {
    let words = std::env::args().map(|word| match word.rsplit_once('/') {
        Some((_, last)) if word.starts_with('/') => last.to_owned(),
        _ => word,
    });
    let mut words: Vec<String> = words.collect();
    if let Some(first) = words.first_mut() {
        *first = "saksama-loadtest".to_owned();
    }
    words.join(" ")
}

async fn prepare(common: &Common, duration_s: u32, together: bool) -> Result<()> {
    let Some(data) = &common.data else { bail!("name the directory with --data") };
    std::fs::create_dir_all(data)?;
    if People::read(data)?.is_some() {
        bail!("{} was prepared before", data.display());
    }
    let plan = common.plan(common.sessions as usize, duration_s, together);
    let began = std::time::Instant::now();
    let (mut server, people) = common.own_server(data, &plan).await?;
    server.stop().await?;
    println!("{} people in {} sittings are signed in ({:.0} s).", people.seats.len(), people.sittings.len(), began.elapsed().as_secs_f64());
    Ok(())
}

#[derive(Deserialize)]
struct Credentials {
    staff: Vec<StaffCredentials>,
}

#[derive(Deserialize)]
struct StaffCredentials {
    login: String,
    password: String,
    role: Role,
}

/// A server that was there before, and a sitting of it that is free.
struct Given {
    base: String,
    registrar: Staff,
    proctor: Staff,
    hall: SittingSummary,
}

impl Given {
    async fn find(common: &Common) -> Result<Given> {
        let base = common.server.clone().unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
        let credentials = credentials(common)?;
        let registrar = sign_in(&base, &credentials, Role::Registrar).await?;
        let proctor = sign_in(&base, &credentials, Role::Proctor).await?;
        let sittings: Vec<SittingSummary> = proctor.get("/api/v1/proctor/sittings").await?.done()?;
        let hall =
            sittings.into_iter().find(|sitting| sitting.drawn && sitting.ended == 0).context("no sitting with drawn papers is free")?;
        sitting::open(&proctor, &hall).await?;
        Ok(Given { base, registrar, proctor, hall })
    }
}

fn credentials(common: &Common) -> Result<Credentials> {
    let path = &common.credentials;
    let text = std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    serde_json::from_str(&text).context("failed to understand the credentials")
}

async fn sign_in(server: &str, credentials: &Credentials, role: Role) -> Result<Staff> {
    let found = credentials.staff.iter().find(|staff| staff.role == role).with_context(|| format!("no credentials for {role:?}"))?;
    Staff::sign_in(server, &found.login, &found.password).await
}

async fn exam(common: &Common, count: usize, speed: f64) -> Result<()> {
    let Given { base, registrar, proctor, hall } = Given::find(common).await?;
    let arriving = bar(count as u64, "check-in and sign-in", common.quiet);
    let seated = sitting::seat_people(&registrar, &base, &hall.id, count, |done| arriving.set_position(done)).await?;
    arriving.finish();
    let answers = Arc::new(AtomicU64::new(0));
    let items: u64 = seated.iter().flat_map(|seated| &seated.session.sections).map(|section| u64::from(section.items)).sum();
    let habits = Habits { speed, skips: 0.15, changes: 0.12, blanks: 0.2, seed: common.seed };
    let people = seated.len();
    let exams = tokio::spawn(sitting::everybody(seated, habits, Arc::clone(&answers)));
    tokio::time::sleep(Duration::from_millis(500)).await;
    sitting::start(&proctor, &hall.id).await?;
    let working = bar(items, "answers saved", common.quiet);
    while !exams.is_finished() {
        working.set_position(answers.load(Ordering::Relaxed));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    working.finish();
    let diaries = exams.await??;
    println!("{people} candidates are done; {} answers were acknowledged as durable.", diaries.iter().map(|diary| diary.acks).sum::<u64>());
    Ok(())
}
