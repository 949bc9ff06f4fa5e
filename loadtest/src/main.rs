//! `saksama-loadtest`: simulated candidates for a running server.

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use loadtest::beside::Hall;
use loadtest::candidate::Habits;
use loadtest::staff::Staff;
use loadtest::{check, overload, rate, screens, sitting, slow};
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use wire::proctor::SittingSummary;
use wire::staff::Role;

/// Simulated candidates for a running Saksama server, over real sockets.
#[derive(Parser)]
#[command(name = "saksama-loadtest", version, after_help = "Only ever point this at a server of your own, on this machine.")]
struct Arguments {
    /// Address of the server.
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    server: String,
    /// Credentials that `saksama serve --demo` keeps in its data directory.
    #[arg(long, default_value = "data/demo/demo.json")]
    credentials: PathBuf,
    #[command(subcommand)]
    command: Scenario,
}

#[derive(Subcommand)]
enum Scenario {
    /// People take the exam at human pace, or faster: the seat map and the board come alive.
    Exam {
        /// How many candidates.
        #[arg(long, default_value_t = 56)]
        candidates: usize,
        /// 1 is human pace (about 75 minutes); 20 takes about four minutes.
        #[arg(long, default_value_t = 20.0)]
        speed: f64,
        /// Seed of everything random.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Durable saves at given rates, open loop; latency from the scheduled instant.
    Rate {
        /// How many sockets.
        #[arg(long, default_value_t = 56)]
        candidates: usize,
        /// Saves per second; several are run one after another.
        #[arg(long, value_delimiter = ',', default_value = "1000,5000,10000,20000,40000")]
        per_s: Vec<u64>,
        /// Seconds for each rate.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// Also print one JSON object per rate.
        #[arg(long)]
        json: bool,
    },
    /// Screens watch the board while sessions answer: from the acknowledgement that reveals to the frame on each screen.
    Screens(screens::Arguments),
    /// People who do not read or do not speak, beside people who save.
    Slow(slow::Arguments),
    /// More than the server can do: on the answers' lane, and public traffic beside an exam.
    Overload(overload::Arguments),
    /// Compares the folder of a run with the data directory it was run against.
    Check(check::Arguments),
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

#[tokio::main]
async fn main() -> Result<()> {
    let Arguments { server, credentials, command } = Arguments::parse();
    let text = std::fs::read_to_string(&credentials).with_context(|| format!("failed to read {}", credentials.display()))?;
    let credentials: Credentials = serde_json::from_str(&text).context("failed to understand the credentials")?;
    if let Scenario::Check(asked) = &command {
        let committee = sign_in(&server, &credentials, Role::Committee).await?;
        anyhow::ensure!(check::command(asked, Some(&committee)).await?, "the check failed");
        return Ok(());
    }
    let registrar = sign_in(&server, &credentials, Role::Registrar).await?;
    let proctor = sign_in(&server, &credentials, Role::Proctor).await?;
    let sittings: Vec<SittingSummary> = proctor.get("/api/v1/proctor/sittings").await?.done()?;
    let hall = sittings.into_iter().find(|sitting| sitting.drawn && sitting.ended == 0).context("no sitting with drawn papers is free")?;
    sitting::open(&proctor, &hall).await?;
    match command {
        Scenario::Exam { candidates, speed, seed } => exam(&server, &registrar, &proctor, &hall, candidates, speed, seed).await,
        Scenario::Rate { candidates, per_s, seconds, json } => {
            rates(&server, &registrar, &proctor, &hall, candidates, &per_s, seconds, json).await
        }
        other => beside(&other, &Hall { server: &server, registrar: &registrar, proctor: &proctor, sitting: &hall }).await,
    }
}

/// The scenarios that have their command line in their own module.
async fn beside(scenario: &Scenario, hall: &Hall<'_>) -> Result<()> {
    let ok = match scenario {
        Scenario::Screens(asked) => asked.out.finish(&screens::run(hall, asked).await?)?,
        Scenario::Slow(asked) => asked.out.finish(&slow::run(hall, asked).await?)?,
        Scenario::Overload(asked) => asked.out.finish(&overload::run(hall, asked).await?)?,
        Scenario::Exam { .. } | Scenario::Rate { .. } | Scenario::Check(_) => true,
    };
    anyhow::ensure!(ok, "a check failed");
    Ok(())
}

async fn sign_in(server: &str, credentials: &Credentials, role: Role) -> Result<Staff> {
    let found = credentials.staff.iter().find(|staff| staff.role == role).with_context(|| format!("no credentials for {role:?}"))?;
    Staff::sign_in(server, &found.login, &found.password).await
}

fn bar(length: u64, what: &'static str) -> ProgressBar {
    let style =
        ProgressStyle::with_template("{msg:24} {bar:40} {pos}/{len} {elapsed_precise}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length).with_style(style).with_message(what)
}

async fn exam(server: &str, registrar: &Staff, proctor: &Staff, hall: &SittingSummary, count: usize, speed: f64, seed: u64) -> Result<()> {
    let arriving = bar(count as u64, "check-in and sign-in");
    let seated = sitting::seat_people(registrar, server, &hall.id, count, |done| arriving.set_position(done)).await?;
    arriving.finish();
    let answers = Arc::new(AtomicU64::new(0));
    let items: u64 = seated.iter().flat_map(|seated| &seated.session.sections).map(|section| u64::from(section.items)).sum();
    let habits = Habits { speed, skips: 0.15, changes: 0.12, blanks: 0.2, seed };
    let people = seated.len();
    let exams = tokio::spawn(sitting::everybody(seated, habits, Arc::clone(&answers)));
    tokio::time::sleep(Duration::from_millis(500)).await;
    sitting::start(proctor, &hall.id).await?;
    let working = bar(items, "answers saved");
    while !exams.is_finished() {
        working.set_position(answers.load(Ordering::Relaxed));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    working.finish();
    let diaries = exams.await??;
    println!("{people} candidates are done; {} answers were acknowledged as durable.", diaries.iter().map(|diary| diary.acks).sum::<u64>());
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "the arguments of one subcommand")]
async fn rates(
    server: &str,
    registrar: &Staff,
    proctor: &Staff,
    hall: &SittingSummary,
    count: usize,
    per_s: &[u64],
    seconds: u64,
    json: bool,
) -> Result<()> {
    let arriving = bar(count as u64, "check-in and sign-in");
    let seated = sitting::seat_people(registrar, server, &hall.id, count, |done| arriving.set_position(done)).await?;
    arriving.finish();
    sitting::start(proctor, &hall.id).await?;
    let mut savers = Vec::with_capacity(seated.len());
    for (index, seated) in (0..).zip(&seated) {
        savers.push(rate::ready(seated, index).await?);
    }
    println!("{:>10} {:>10} {:>9} {:>8} {:>8} {:>8} {:>8}", "asked/s", "durable/s", "acked", "p50 ms", "p99 ms", "p99.9", "max");
    for &per_s in per_s {
        let (again, report) = rate::run(savers, per_s, Duration::from_secs(seconds), per_s).await?;
        savers = again;
        println!(
            "{:>10} {:>10.0} {:>9} {:>8.2} {:>8.2} {:>8.2} {:>8.2}{}",
            report.asked_per_s,
            report.acked_per_s,
            report.acked,
            report.ack_ms_p50,
            report.ack_ms_p99,
            report.ack_ms_p999,
            report.ack_ms_max,
            if report.acked == report.sent { String::new() } else { format!("  {} not acknowledged", report.sent - report.acked) }
        );
        if json {
            println!("{}", serde_json::to_string(&report)?);
        }
    }
    Ok(())
}
