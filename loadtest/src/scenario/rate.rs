//! Saves at given rates, and the search for the highest one that holds: open loop, so that a stalled server cannot hide behind a waiting client.

use super::{LEAD_US, PUT_OFF_MS, Run, Used, latencies};
use crate::latency::Latencies;
use crate::orders::{Order, Outcome, Pace};
use crate::report::Series;
use crate::worker::unix_us;
use anyhow::Result;
use std::fmt;

/// The worst p99 of a rate that still holds, milliseconds.
const P99_MS_MAX: f64 = 20.0;
/// Share of a step's saves that may be unanswered at its end.
const BACKLOG_MAX: f64 = 0.01;
/// How long answers are waited for after a step, milliseconds.
const DRAIN_MS: u64 = 10_000;
/// The search ends here, whatever happens, saves a second.
const RATE_MIN: f64 = 50.0;
const RATE_MAX: f64 = 200_000.0;
/// So often the gap between what holds and what does not is halved.
const HALVINGS: u32 = 2;

/// What one rate came to.
#[derive(Clone, Debug)]
pub struct Step {
    /// Asked for, a second.
    pub per_s: f64,
    /// For so long, seconds.
    pub seconds: f64,
    /// Said.
    pub sent: u64,
    /// Acknowledged.
    pub acked: u64,
    /// Refused for good.
    pub refused: u64,
    /// Told to come again later.
    pub busy: u64,
    /// Unanswered when the time was over.
    pub backlog: u64,
    /// Unanswered for good.
    pub open: u64,
    /// Latencies from the scheduled instant.
    pub ack: Latencies,
    /// Processor time.
    pub used: Used,
    outcome: Outcome,
}

impl Step {
    /// What an order came to that was to make so many saves a second for so long.
    pub(super) fn of(per_s: f64, seconds: f64, outcome: Outcome, used: Used) -> Step {
        let end_ms = (seconds * 1000.0) as u64;
        let backlog = outcome.slices.iter().filter(|slice| slice.at_ms <= end_ms).max_by_key(|slice| slice.at_ms);
        Step {
            per_s,
            seconds,
            sent: outcome.count("sent"),
            acked: outcome.count("acked"),
            refused: outcome.count("refused") + outcome.count("late"),
            busy: outcome.count("busy"),
            backlog: backlog.map_or(0, |slice| slice.open),
            open: outcome.count("open"),
            ack: latencies(&outcome, "ack"),
            used,
            outcome,
        }
    }

    pub(super) fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Does this rate hold: quick, nothing queues up, nothing is missing?
    pub fn holds(&self) -> bool {
        self.ack.ms(0.99) < P99_MS_MAX
            && self.backlog as f64 <= self.sent as f64 * BACKLOG_MAX
            && self.open == 0
            && self.busy + self.refused == 0
    }

    /// Acknowledged per second.
    pub fn acked_per_s(&self) -> f64 {
        self.acked as f64 / self.seconds
    }

    pub(super) fn us_per_save(&self, seconds: f64) -> f64 {
        seconds * 1e6 / self.acked.max(1) as f64
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Step { per_s, acked, ack, used, .. } = self;
        write!(
            f,
            "{per_s:>9.0}/s  acked {acked:>9}  p50 {:>7.2}  p99 {:>7.2}  p99.9 {:>7.2}  max {:>7.1} ms  CPU us/save: server {:>5.1} client {:>5.1}",
            ack.ms(0.5),
            ack.ms(0.99),
            ack.ms(0.999),
            ack.max_ms(),
            self.us_per_save(used.server_s),
            self.us_per_save(used.clients_s),
        )?;
        let missing = [("refused", self.refused), ("busy", self.busy), ("behind", self.backlog), ("open", self.open)];
        missing.iter().filter(|(_, count)| *count > 0).try_for_each(|(what, count)| write!(f, "  {count} {what}"))
    }
}

/// How the highest rate is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Search {
    /// First rate, a second.
    pub from: f64,
    /// Seconds of a step.
    pub step_s: f64,
    /// Seconds of the last run, at half of what was found.
    pub seconds: f64,
}

/// What a search found.
pub struct Found {
    /// All steps, the last one being that at half the highest rate.
    pub steps: Vec<Step>,
    /// The highest rate that held; 0 if not even the first one did.
    pub highest: f64,
}

impl Run {
    /// Saves at a rate for a time.
    pub async fn step(&mut self, per_s: f64, seconds: f64) -> Result<Step> {
        self.step_and_wait(per_s, seconds, DRAIN_MS).await
    }

    /// The same; answers are waited for so long after the last save, milliseconds.
    pub(super) async fn step_and_wait(&mut self, per_s: f64, seconds: f64, drain_ms: u64) -> Result<Step> {
        self.count_on(per_s * seconds)?;
        let at_unix_us = unix_us() + LEAD_US;
        let slice_ms = ((seconds * 1000.0 / 400.0) as u64).max(250);
        let order = |share: f64| {
            let pace = Pace::Poisson { per_s: per_s * share };
            Order::Save { pace, seconds, at_unix_us, slice_ms, drain_ms, cut: false }
        };
        let orders = self.crew.shares().into_iter().map(order).collect();
        let (outcome, used) = self.measured(orders, "saves").await?;
        Ok(Step::of(per_s, seconds, outcome, used))
    }

    /// Given rates, one after another.
    pub async fn rates(&mut self, rates: &[f64], seconds: f64) -> Result<()> {
        for &per_s in rates {
            let step = self.step(per_s, seconds).await?;
            self.say(&step.to_string());
            self.note(&step, &format!("_at_{per_s:.0}"));
            if Some(&per_s) == rates.last() {
                self.note(&step, "");
                self.figure("saves_per_s", step.acked_per_s(), "1/s");
                self.time_line(&step);
                self.distribution("ack", &step.ack);
            }
        }
        Ok(())
    }

    /// The highest rate that holds, then a run at half of it.
    pub async fn find_max(&mut self, search: Search) -> Result<Found> {
        let (mut good, mut bad) = (0.0, None);
        let mut rate = search.from;
        let mut steps = Vec::new();
        let mut halvings = HALVINGS;
        while (RATE_MIN..=RATE_MAX).contains(&rate) {
            // What an overloaded step left behind must not count for the next one.
            let step = self.step_and_wait(rate, search.step_s, PUT_OFF_MS).await?;
            self.say(&format!("{step}{}", if step.holds() { "" } else { "  does not hold" }));
            let holds = step.holds();
            steps.push(step);
            if holds {
                good = rate
            } else {
                bad = Some(rate)
            }
            if good > 0.0 && bad.is_some() {
                if halvings == 0 {
                    break;
                }
                halvings -= 1;
            }
            rate = next_rate(good, bad);
        }
        if good > 0.0 {
            let step = self.step(good / 2.0, search.seconds).await?;
            self.say(&format!("{step}  (half)"));
            self.note(&step, "");
            self.time_line(&step);
            self.distribution("ack", &step.ack);
            steps.push(step);
        }
        let name = if self.target.echo { "echo_per_s" } else { "saves_per_s" };
        self.figure(name, good, "1/s");
        Ok(Found { steps, highest: good })
    }

    pub(super) fn say(&self, line: &str) {
        if !self.quiet {
            eprintln!("{line}");
        }
    }

    /// Figures of a step.
    pub(super) fn note(&mut self, step: &Step, suffix: &str) {
        let sessions = step.outcome.connected;
        let mut figure = |name: &str, value: f64, unit: &str| self.figure(&format!("{name}{suffix}"), value, unit);
        figure("sessions", sessions as f64, "");
        figure("asked_per_s", step.per_s, "1/s");
        figure("acked_per_s", step.acked_per_s(), "1/s");
        figure("sent", step.sent as f64, "");
        figure("acked", step.acked as f64, "");
        figure("refused", step.refused as f64, "");
        figure("busy", step.busy as f64, "");
        figure("open", step.open as f64, "");
        figure("ack_ms_p50", step.ack.ms(0.5), "ms");
        figure("ack_ms_p99", step.ack.ms(0.99), "ms");
        figure("ack_ms_p999", step.ack.ms(0.999), "ms");
        figure("ack_ms_max", step.ack.max_ms(), "ms");
        figure("server_cpu_us_per_save", step.us_per_save(step.used.server_s), "us");
        figure("client_cpu_us_per_save", step.us_per_save(step.used.clients_s), "us");
        figure("server_cores", step.used.server_s / step.used.seconds, "core");
        figure("client_cores", step.used.clients_s / step.used.seconds, "core");
        figure("rss_kb", step.used.server_rss_kb, "KB");
    }

    /// Curves of a step over its time.
    pub(super) fn time_line(&mut self, step: &Step) {
        let mut before_s = 0.0;
        let mut curves = [("ack p50", "ms"), ("ack p99", "ms"), ("saves acknowledged", "1/s"), ("saves open", "")]
            .map(|(name, unit)| Series { name: name.to_owned(), unit: unit.to_owned(), points: Vec::new() });
        for slice in &step.outcome.slices {
            let at_s = slice.at_ms as f64 / 1000.0;
            let all = Latencies::of(&slice.ack);
            let values = [all.ms(0.5), all.ms(0.99), all.count() as f64 / (at_s - before_s), slice.open as f64];
            curves.iter_mut().zip(values).for_each(|(curve, value)| curve.points.push((at_s, value)));
            before_s = at_s;
        }
        self.series.extend(curves);
    }
}

/// Up by a quarter until something does not hold, then the middle between the best and the worst; down by halves if nothing has held yet.
fn next_rate(good: f64, bad: Option<f64>) -> f64 {
    match bad {
        None => good * 1.25,
        Some(bad) if good == 0.0 => bad / 2.0,
        Some(bad) => f64::midpoint(good, bad),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_search_goes_up_by_quarters_and_then_halves_the_gap() {
        assert_eq!(next_rate(10_000.0, None), 12_500.0);
        assert_eq!(next_rate(10_000.0, Some(12_500.0)), 11_250.0);
        assert_eq!(next_rate(0.0, Some(10_000.0)), 5_000.0);
    }
}
