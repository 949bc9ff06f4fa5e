//! What the engine should reach on two cores, with the load generator on the same two. The only place where these numbers stand.

use crate::figures::{Figures, shown};
use loadtest::report::{Goal as Shown, Reached};

/// A limit on one side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Bound {
    /// The more the better.
    AtLeast(f64),
    /// The less the better.
    AtMost(f64),
    /// Milliseconds: so many times the median sync of this disk, and so much more.
    Syncs(f64, f64),
}

/// A figure that has a floor and an aim.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// In words.
    pub quantity: &'static str,
    /// Where it is measured: step of the bench, and name of the figure there.
    pub figure: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What must stand.
    pub floor: Bound,
    /// What is wanted.
    pub aim: Bound,
    /// The figure of the machine itself that it is a share or multiple of.
    pub limit: Option<&'static str>,
}

/// The machine's median sync, microseconds.
pub const SYNC: &str = "machine/sync_us_p50";
const ECHO: &str = "echo/echo_per_s";

const fn goal(
    quantity: &'static str,
    figure: &'static str,
    unit: &'static str,
    floor: Bound,
    aim: Bound,
    limit: Option<&'static str>,
) -> Goal {
    Goal { quantity, figure, unit, floor, aim, limit }
}

use Bound::{AtLeast, AtMost, Syncs};

/// All goals, in the order of the table in `docs/performance.md`.
#[rustfmt::skip]
pub const GOALS: [Goal; 31] = [
    goal("18,000 live sessions, each saves once a minute: server", "steady-18k/server_cores", "core", AtMost(0.25), AtMost(0.10), None),
    goal("19,500 live sessions, each saves once a minute: server", "steady-19k/server_cores", "core", AtMost(0.25), AtMost(0.10), None),
    goal("live sessions in the engine without sockets", "engine/engine_sessions", "", AtLeast(300_000.0), AtLeast(1_000_000.0), None),
    goal("memory per connected session, 60 answers and rank (slope)", "memory/rss_kb_per_session", "KB", AtMost(6.0), AtMost(4.0), None),
    goal("growth of memory per session, 1,000 to 18,000 sessions", "memory/rss_growth", "", AtMost(0.10), AtMost(0.03), None),
    goal("growth of CPU per save, 1,000 to 18,000 sessions", "memory/cpu_growth", "", AtMost(0.60), AtMost(0.30), None),
    goal("durable saves/s, 5,000 sockets, open loop, p99 < 20 ms", "rate-max/saves_per_s", "1/s", AtLeast(40_000.0), AtLeast(80_000.0), Some(ECHO)),
    goal("the same over bare echo on the same sockets", "rate-max/ratio_saves_to_bare_echo", "", AtLeast(0.30), AtLeast(0.60), None),
    goal("journal records/s over bare SQLite rows/s, batch 100", "journal/ratio_commit_to_bare_sqlite", "", AtLeast(0.5), AtLeast(2.0), None),
    goal("ack at 10,000 saves/s, p50", "rate-10k/ack_ms_p50", "ms", AtMost(0.3), AtMost(0.15), Some(SYNC)),
    goal("ack at 10,000 saves/s, p99", "rate-10k/ack_ms_p99", "ms", AtMost(2.0), AtMost(0.6), Some(SYNC)),
    goal("ack at 10,000 saves/s, p99.9", "rate-10k/ack_ms_p999", "ms", AtMost(10.0), AtMost(3.0), Some(SYNC)),
    goal("ack at 40,000 saves/s, p50", "rate-40k/ack_ms_p50", "ms", AtMost(1.0), AtMost(0.2), Some(SYNC)),
    goal("ack at 40,000 saves/s, p99", "rate-40k/ack_ms_p99", "ms", AtMost(10.0), AtMost(2.5), Some(SYNC)),
    goal("ack at 40,000 saves/s, p99.9", "rate-40k/ack_ms_p999", "ms", AtMost(25.0), AtMost(6.0), Some(SYNC)),
    goal("ack p50 on any disk (1,000 saves/s)", "rate-1k/ack_ms_p50", "ms", Syncs(3.0, 0.2), Syncs(2.0, 0.1), Some(SYNC)),
    goal("CPU per durable save at 40,000/s, server side", "rate-40k/server_cpu_us_per_save", "us", AtMost(40.0), AtMost(22.0), None),
    goal("start: 10,000 press start together, p99", "start/start_ms_p99", "ms", AtMost(1_000.0), AtMost(400.0), None),
    goal("burst: 10,000 answers at one instant, p99", "burst/burst_ms_p99", "ms", AtMost(800.0), AtMost(250.0), None),
    goal("end: 18,000 expire in one second: submitted, durable, ranked", "end/end_ranked_ms", "ms", AtMost(2_000.0), AtMost(500.0), None),
    goal("reconnect: restart to the first accepted save", "reconnect/kill_to_first_save_s", "s", AtMost(3.0), AtMost(0.5), None),
    goal("reconnect: 18,000 back with state", "reconnect/kill_to_all_back_s", "s", AtMost(20.0), AtMost(12.0), None),
    goal("reveal to frame on a screen, 1,000 viewers, p99", "screens/reveal_ms_p99", "ms", AtMost(350.0), AtMost(280.0), None),
    goal("ranking: change + rank among 1,000,000", "ranking/ranking_per_s", "1/s", AtLeast(200_000.0), AtLeast(500_000.0), None),
    goal("restart with 10 million records to the first accepted save", "restart/restart_first_save_s", "s", AtMost(6.0), AtMost(2.5), None),
    goal("cold start, empty", "cold/cold_start_ms", "ms", AtMost(300.0), AtMost(50.0), None),
    goal("terminals' ack p99 with 10,000 public requests/s, over without", "overload/public_ack_p99_ratio", "", AtMost(3.0), AtMost(1.5), None),
    goal("quick run: durable saves/s, 5,000 sockets", "quick/saves_per_s", "1/s", AtLeast(40_000.0), AtLeast(80_000.0), Some("quick/echo_per_s")),
    goal("quick run: over bare echo", "quick/ratio_saves_to_bare_echo", "", AtLeast(0.30), AtLeast(0.60), None),
    goal("quick run: journal over bare SQLite", "quick/ratio_commit_to_bare_sqlite", "", AtLeast(0.5), AtLeast(2.0), None),
    goal("quick run: memory per connected session", "quick/rss_kb_per_session", "KB", AtMost(6.0), AtMost(4.0), None),
];

impl Bound {
    /// Is it kept? Without the disk's sync nothing that depends on it is.
    pub fn holds(self, value: f64, sync_us: Option<f64>) -> bool {
        match self {
            AtLeast(least) => value >= least,
            AtMost(most) => value <= most,
            Syncs(times, plus_ms) => sync_us.is_some_and(|sync_us| value <= times * sync_us / 1_000.0 + plus_ms),
        }
    }

    /// In words.
    pub fn words(self, unit: &str) -> String {
        let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
        // Bounds are round numbers: 0.1, not 0.100.
        let round = |value: f64| if value >= 10_000.0 { shown(value) } else { value.to_string() };
        match self {
            AtLeast(least) => format!(">= {}{unit}", round(least)),
            AtMost(most) => format!("<= {}{unit}", round(most)),
            Syncs(times, plus_ms) => format!("<= {} x sync + {}{unit}", round(times), round(plus_ms)),
        }
    }
}

impl Goal {
    /// How far a value reaches.
    pub fn reached(&self, value: f64, sync_us: Option<f64>) -> Reached {
        match (self.aim.holds(value, sync_us), self.floor.holds(value, sync_us)) {
            (true, _) => Reached::Aim,
            (false, true) => Reached::Floor,
            (false, false) => Reached::Nothing,
        }
    }

    /// As a report shows it beside the figure `name`.
    pub fn beside(&self, name: &str, value: f64, sync_us: Option<f64>) -> Shown {
        Shown {
            name: name.to_owned(),
            floor: self.floor.words(self.unit),
            aim: self.aim.words(self.unit),
            reached: self.reached(value, sync_us),
        }
    }
}

/// The goals of a step of the bench, for its own report, where figures stand without the step's name.
pub fn of_step(step: &str, figures: &Figures, sync_us: Option<f64>) -> Vec<Shown> {
    let beside = |goal: &Goal| {
        let name = goal.figure.strip_prefix(step)?.strip_prefix('/')?;
        Some(goal.beside(name, figures.get(name)?, sync_us))
    };
    GOALS.iter().filter_map(beside).collect()
}

/// The table for `docs/performance.md`: every goal that was measured, plain and over TLS, and its share of what the machine can do.
pub fn table(figures: &Figures, command: impl Fn(&str) -> String) -> String {
    let sync_us = figures.get(SYNC);
    let mut table = "| quantity | floor | aim | measured | | over TLS | to the machine's limit | command |\n| --- | --- | --- | ---: | --- | ---: | --- | --- |\n".to_owned();
    for goal in GOALS.iter().filter(|goal| !goal.figure.starts_with("quick/")) {
        let (step, name) = goal.figure.split_once('/').unwrap_or((goal.figure, ""));
        let with_unit = |value: f64| format!("{} {}", shown(value), goal.unit).trim().to_owned();
        let measured = figures.get(goal.figure);
        let tls = figures.get(&format!("{step}-tls/{name}")).map_or(String::new(), with_unit);
        let ratio = measured.zip(goal.limit.and_then(|limit| figures.get(limit))).map_or(String::new(), |(value, limit)| {
            // The one limit in microseconds is a sync, and what is compared with it stands in milliseconds.
            if goal.limit == Some(SYNC) {
                format!("{} x sync", shown(value * 1_000.0 / limit))
            } else {
                format!("{} of echo", shown(value / limit))
            }
        });
        let reached = measured.map_or("not measured", |value| goal.reached(value, sync_us).word());
        table.push_str(&format!(
            "| {} | {} | {} | {} | {reached} | {tls} | {ratio} | `{}` |\n",
            goal.quantity,
            goal.floor.words(goal.unit),
            goal.aim.words(goal.unit),
            measured.map_or("-".to_owned(), with_unit),
            command(step),
        ));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn aims_are_harder_than_floors_and_every_figure_has_one_goal() {
        for Goal { quantity, floor, aim, .. } in GOALS {
            let harder = match (floor, aim) {
                (AtLeast(floor), AtLeast(aim)) => aim > floor,
                (AtMost(floor), AtMost(aim)) => aim < floor,
                (Syncs(floor, plus), Syncs(aim, aim_plus)) => aim < floor && aim_plus < plus,
                _ => quantity.starts_with("19,500"),
            };
            assert!(harder, "{quantity}");
        }
        let figures: BTreeSet<&str> = GOALS.iter().map(|goal| goal.figure).collect();
        assert_eq!(figures.len(), GOALS.len());
    }

    #[test]
    fn a_slower_disk_moves_the_bound_that_is_made_of_its_sync() {
        assert!(Syncs(3.0, 0.2).holds(0.3, Some(40.0)) && !Syncs(3.0, 0.2).holds(0.33, Some(40.0)));
        assert!(Syncs(3.0, 0.2).holds(3.0, Some(1_000.0)));
        assert!(!Syncs(3.0, 0.2).holds(0.0, None));
    }

    #[test]
    fn the_table_says_what_was_measured_and_what_was_not() {
        let mut figures = Figures::default();
        for (name, value) in [("rate-max/saves_per_s", 50_000.0), ("echo/echo_per_s", 100_000.0), ("rate-max-tls/saves_per_s", 41_000.0)] {
            figures.noted(name, value, "1/s", "");
        }
        let table = table(&figures, |step| format!("make {step}"));
        let line = table.lines().find(|line| line.starts_with("| durable saves/s")).expect("the line");
        for part in [">= 40,000 1/s", "| 50,000 1/s |", "floor holds", "| 41,000 1/s |", "0.500 of echo", "`make rate-max`"] {
            assert!(line.contains(part), "{part}: {line}");
        }
        assert!(table.lines().any(|line| line.starts_with("| cold start") && line.contains("not measured")));
    }
}
