//! Faults, each as a function that says what went wrong: tests assert that nothing did, and that something did where a mistake was made on purpose
//! (`tests/server_teeth.rs`).
//!
//! A seed repeats what is done to whom and when; how tasks and packets interleave is the machine's.

pub mod clocks;
pub mod ends;
pub mod partitions;
pub mod pause;

use crate::outbox::{Diary, Fate, compare};
use crate::size::SEED;
use crate::{Launch, People, Plan, Server, set_up};
use anyhow::{Context, Result};
use loadtest::sitting::{open, seat_people, start};
use loadtest::terminal::Seated;
use std::time::Duration;
use wire::roster::SittingPolicyBody;

/// What came of a scenario.
#[derive(Debug, Default)]
pub struct Report {
    /// What must not have happened; empty when every promise was kept.
    pub violations: Vec<String>,
    /// What was done and measured, a line each.
    pub figures: Vec<String>,
}

/// Most violations that a failing test prints.
const SHOWN_MAX: usize = 20;

impl Report {
    /// Prints what was measured; fails with what went wrong and how to repeat it.
    pub fn insist(&self, test: &str, seed: u64) {
        self.figures.iter().for_each(|figure| println!("{test}: {figure}"));
        let shown: Vec<&str> = self.violations.iter().take(SHOWN_MAX).map(String::as_str).collect();
        let program = test.split("::").next().unwrap_or(test);
        assert!(
            shown.is_empty(),
            "{} violations with seed {seed}; again: {SEED}={seed} cargo test -p tests --test {program}\n{}",
            self.violations.len(),
            shown.join("\n")
        );
    }

    /// Takes another one in.
    fn add(&mut self, other: Report) {
        self.violations.extend(other.violations);
        self.figures.extend(other.figures);
    }
}

/// A sitting that has started, and everybody signed in at a terminal.
pub struct Hall {
    /// The server.
    pub server: Server,
    /// Its people.
    pub people: People,
    /// Everybody's seat and cookie.
    pub seated: Vec<Seated>,
    /// Records of the journal before anybody said anything at a terminal.
    pub records: u64,
}

impl Hall {
    /// From nothing. It is set up by the program that people run, and goes on as it is asked for.
    pub async fn new(launch: &Launch, candidates: usize, policy: SittingPolicyBody) -> Result<Hall> {
        let mut server = Server::start().await?;
        let people = People::new(&server).await?;
        let exam = set_up(&people, &Plan { candidates, policy, ..Plan::default() }).await?;
        open(&people.proctor, &exam.sitting).await?;
        let seated = seat_people(&people.registrar, &server.base, &exam.sitting.id, candidates, |_| ()).await?;
        start(&people.proctor, &exam.sitting.id).await?;
        let records = metric(&server, "saksama_journal_records_total").await? as u64;
        server.relaunch(launch.clone()).await?;
        Ok(Hall { server, people, seated, records })
    }

    /// `host:port` of the server.
    pub fn address(&self) -> &str {
        self.server.base.trim_start_matches("http://")
    }

    /// When everything is answered: compares what is stored with what was promised, stops the server, and has the files checked. `own` is the
    /// number of records that the server made by itself.
    pub async fn close(mut self, mut diaries: Vec<Diary>, own: u64) -> Result<Report> {
        let mut violations = compare(self.address(), &self.seated, &mut diaries).await?;
        if !self.server.stop().await? {
            violations.push("SIGTERM did not end with code 0".to_owned());
        }
        let checked = self.server.command(&["fsck"])?;
        let text = String::from_utf8_lossy(&checked.stdout).into_owned();
        if !checked.status.success() {
            violations.push(format!("fsck: {text:.2000}"));
        }
        // Every acknowledged command stands in the journal exactly once, and nothing that nobody sent does.
        let found: u64 = text.split(", ").find_map(|part| part.strip_suffix(" records")?.parse().ok()).unwrap_or(0);
        let fates = |fate: Fate| diaries.iter().map(|diary| diary.of(&fate)).sum::<u64>();
        let (saved, late, withdrawn) = (fates(Fate::Saved), fates(Fate::Late), fates(Fate::Withdrawn));
        let others: u64 = diaries.iter().map(|diary| diary.other_saved).sum();
        let least = self.records + own + others + saved + late;
        // What a page took back after a "busy" may have been stored by an earlier sending of which it never heard.
        if !(least..=least + withdrawn).contains(&found) {
            violations.push(format!("the journal has {found} records, {least} were acknowledged ({withdrawn} withdrawn)"));
        }
        let sent: u64 = diaries.iter().flat_map(|diary| &diary.choices).map(|choice| u64::from(choice.sent)).sum();
        let choices: u64 = diaries.iter().map(|diary| diary.choices.len() as u64).sum();
        let lost = violations.len();
        let figures = vec![format!(
            "{} terminals, {choices} choices sent {sent} times: {saved} saved, {late} late; {found} records in the journal; {lost} violations",
            diaries.len()
        )];
        Ok(Report { violations, figures })
    }
}

/// A number of the server's own, summed over its labels.
pub async fn metric(server: &Server, name: &str) -> Result<f64> {
    let text = reqwest::get(format!("{}/metrics", server.base)).await?.error_for_status()?.text().await?;
    let value = |line: &str| {
        let rest = line.strip_prefix(name).filter(|rest| rest.starts_with(['{', ' ']))?;
        rest.split_whitespace().last()?.parse().ok()
    };
    let numbers: Vec<f64> = text.lines().filter_map(value).collect();
    numbers.first().context("the server has no such number")?;
    Ok(numbers.iter().sum())
}

/// Median and greatest, for a line of figures.
pub fn spread(times: &mut [Duration]) -> String {
    times.sort();
    match (times.get(times.len() / 2), times.last()) {
        (Some(median), Some(most)) => format!("p50 {:.2} s, max {:.2} s", median.as_secs_f64(), most.as_secs_f64()),
        _ => "none".to_owned(),
    }
}
