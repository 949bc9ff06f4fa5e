//! What happens to everybody at once: the start, an answer at one instant, the end, a lost line, a server that is gone.

use super::{LEAD_US, Run, Used, bar, latencies};
use crate::latency::Latencies;
use crate::machine::Watched;
use crate::orders::{Order, Outcome, Pace};
use crate::screen;
use crate::worker::unix_us;
use anyhow::{Context, Result, bail};
use std::time::Duration;

/// How long everybody's answers are waited for, milliseconds.
const DRAIN_MS: u64 = 30_000;
/// The grace of a sitting's policy, milliseconds.
const GRACE_MS: u64 = 2_000;
/// Everybody is back within this, or the run failed, seconds.
const BACK_WITHIN_S: u64 = 120;

impl Run {
    /// Each session saves about once a minute and looks at items, as people do.
    pub async fn steady(&mut self, seconds: f64, think_s: f64) -> Result<()> {
        let sessions = self.seats() as f64;
        // The mean of a log-normal time is above its median.
        let per_s = sessions / (think_s * (0.6_f64 * 0.6 / 2.0).exp());
        let at_unix_us = unix_us() + LEAD_US;
        let slice_ms = ((seconds * 1000.0 / 400.0) as u64).max(250);
        let order = Order::Save { pace: Pace::Human { think_s }, seconds, at_unix_us, slice_ms, drain_ms: 10_000, cut: false };
        let (outcome, used) = self.measured(self.all(&order), "steady").await?;
        let step = super::Step::of(per_s, seconds, outcome, used);
        self.say(&step.to_string());
        self.note(&step, "");
        let views = step.outcome().count("views") as f64;
        self.figure("views_per_s", views / seconds, "1/s");
        self.figure("saves_per_s", step.acked_per_s(), "1/s");
        self.time_line(&step);
        self.distribution("ack", &step.ack);
        Ok(())
    }

    /// Everybody is connected and has accepted the rules; the proctor starts the sittings; everybody presses start at one instant. Measured from
    /// the press to the paper received and read.
    pub async fn start(&mut self) -> Result<()> {
        let accepted = bar(self.seats() as u64, "rules accepted", self.quiet);
        self.crew.tell(Order::Consent, |done| accepted.set_position(done)).await.context("consent")?;
        accepted.finish_and_clear();
        self.start_sittings().await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let order = Order::Press { at_unix_us: unix_us() + LEAD_US };
        let (outcome, used) = self.measured(self.all(&order), "start").await?;
        self.sessions_of(&outcome);
        self.quantiles("start_ms", &latencies(&outcome, "paper"), "from the press to the paper received and read");
        self.quantiles("start_saved_ms", &latencies(&outcome, "start"), "from the press to its acknowledgement");
        self.used(&used);
        self.distribution("press to paper", &latencies(&outcome, "paper"));
        self.distribution("press to saved", &latencies(&outcome, "start"));
        Ok(())
    }

    /// Everybody answers at one instant, several times.
    pub async fn burst(&mut self, times: u32) -> Result<()> {
        let mut all = Latencies::default();
        let mut counts = [("sent", 0), ("acked", 0), ("refused", 0), ("busy", 0), ("open", 0)];
        let mut last = Used::default();
        let mut worst_p99 = 0.0_f64;
        for _ in 0..times {
            let order = Order::Burst { at_unix_us: unix_us() + LEAD_US, drain_ms: DRAIN_MS };
            let (outcome, used) = self.measured(self.all(&order), "burst").await?;
            counts.iter_mut().for_each(|(name, count)| *count += outcome.count(name));
            let ack = latencies(&outcome, "ack");
            worst_p99 = worst_p99.max(ack.ms(0.99));
            let sessions = outcome.connected;
            self.say(&format!("{sessions} answers: p50 {:.1}, p99 {:.1}, max {:.1} ms", ack.ms(0.5), ack.ms(0.99), ack.max_ms()));
            all.add(&ack.counted());
            last = Used { server_s: last.server_s + used.server_s, clients_s: last.clients_s + used.clients_s, ..used };
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        self.figure("sessions", self.seats() as f64, "");
        for (name, count) in counts {
            self.figure(name, count as f64, "");
        }
        self.quantiles("burst_ms", &all, "all bursts together");
        self.figure("burst_ms_p99_worst", worst_p99, "ms");
        self.figure("server_cpu_us_per_save", last.server_s * 1e6 / counts[1].1.max(1) as f64, "us");
        self.figure("client_cpu_us_per_save", last.clients_s * 1e6 / counts[1].1.max(1) as f64, "us");
        self.distribution("burst", &all);
        Ok(())
    }

    /// Everybody answers some items; then the time of all runs out in the same second. Needs sittings that start together.
    pub async fn end(&mut self, answers: u16) -> Result<()> {
        let accepted = bar(self.seats() as u64, "rules accepted", self.quiet);
        self.crew.tell(Order::Consent, |done| accepted.set_position(done)).await.context("consent")?;
        accepted.finish_and_clear();
        let watching = match (&self.server, &self.people) {
            (Some(server), Some(people)) => Some(tokio::spawn(screen::all_ended(server.desk().to_owned(), people.seats.len() as u32))),
            _ => None,
        };
        self.start_sittings().await?;
        self.crew.tell(Order::Press { at_unix_us: 0 }, |_| ()).await.context("papers")?;
        let filling = bar(self.seats() as u64 * u64::from(answers), "answers", self.quiet);
        self.crew.tell(Order::Fill { positions: answers }, |done| filling.set_position(done)).await?;
        filling.finish_and_clear();
        let waiting = bar(self.seats() as u64, "time running out", self.quiet);
        let within_s = self.people.as_ref().map_or(600, |people| u64::from(people.plan.duration_s) + 60);
        let order = Order::AwaitEnd { within_s, grace_ms: GRACE_MS };
        let outcome = self.crew.tell(order, |done| waiting.set_position(done)).await.context("ends")?;
        waiting.finish_and_clear();
        self.sessions_of(&outcome);
        self.quantiles("end_ms", &latencies(&outcome, "ended"), "from deadline and grace to the word of the end, each session");
        let instant = |name: &str| outcome.instants.get(name).copied().with_context(|| format!("{name} is not known"));
        let (first_due, last_due, last_ended) = (instant("first_due")?, instant("last_due")?, instant("last_ended")?);
        self.figure("end_due_spread_ms", (last_due - first_due) as f64 / 1e3, "ms");
        self.figure("end_all_ms", (last_ended - last_due) as f64 / 1e3, "ms");
        if let Some(watching) = watching {
            let ranked =
                tokio::time::timeout(Duration::from_secs(30), watching).await.context("the board never showed everybody's end")???;
            self.figure("end_ranked_ms", (ranked - last_due) as f64 / 1e3, "ms");
        }
        self.distribution("deadline and grace to ended", &latencies(&outcome, "ended"));
        Ok(())
    }

    /// Every line breaks at one instant while people go on answering; they come back as the page does.
    pub async fn reconnect_after_cut(&mut self) -> Result<()> {
        let order = self.going_on(true);
        let (outcome, used) = self.measured(order, "all lines cut").await?;
        let cut = outcome.instants.get("first_cut").copied().context("nothing was cut")?;
        let back = self.crew.tell(Order::AwaitBack { within_s: BACK_WITHIN_S }, |_| ()).await.context("coming back")?;
        self.sessions_of(&back);
        self.quantiles("back_ms", &latencies(&back, "back"), "from the cut to welcome, the random wait included");
        self.back_figures("cut", cut, &back)?;
        self.used(&used);
        self.distribution("cut to welcome", &latencies(&back, "back"));
        Ok(())
    }

    /// The server dies as in a power cut and is started again; people go on answering and come back as the page does.
    pub async fn reconnect_after_kill(&mut self) -> Result<()> {
        let orders = self.going_on(false);
        let Some(server) = &mut self.server else { bail!("only a server of the run's own can be killed") };
        let mut listening = 0;
        let (watcher, clients, base) = (&self.watcher, self.crew.pids(), server.desk().to_owned());
        let killing = async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            let at = unix_us();
            server.kill().await?;
            let took = server.restart().await?;
            listening = took.as_micros() as i64;
            watcher.change(Watched { server: server.pid(), clients, base: Some(base) });
            anyhow::Ok(at)
        };
        let (outcome, killed) = tokio::join!(self.crew.tell_each(orders, |_| ()), killing);
        let (_, killed) = (outcome?, killed?);
        let back = self.crew.tell(Order::AwaitBack { within_s: BACK_WITHIN_S }, |_| ()).await.context("coming back")?;
        self.sessions_of(&back);
        self.figure("restart_listening_ms", listening as f64 / 1e3, "ms");
        self.quantiles("back_after_kill_ms", &latencies(&back, "back"), "from the loss of the line to welcome, the random wait included");
        self.back_figures("kill", killed, &back)?;
        self.distribution("kill to welcome", &latencies(&back, "back"));
        Ok(())
    }

    /// Everybody saves about once a minute for a while.
    fn going_on(&self, cut: bool) -> Vec<Order> {
        let per_s = self.seats() as f64 / 60.0;
        let at_unix_us = unix_us() + LEAD_US;
        let order = |share: f64| {
            let pace = Pace::Poisson { per_s: per_s * share };
            Order::Save { pace, seconds: 15.0, at_unix_us, slice_ms: 250, drain_ms: 1_000, cut }
        };
        self.crew.shares().into_iter().map(order).collect()
    }

    fn back_figures(&mut self, what: &str, at_unix_us: i64, back: &Outcome) -> Result<()> {
        let last_back = back.instants.get("last_back").copied().context("nobody came back")?;
        self.figure(&format!("{what}_to_all_back_s"), (last_back - at_unix_us) as f64 / 1e6, "s");
        if let Some(first) = back.instants.get("first_saved_again") {
            self.figure(&format!("{what}_to_first_save_s"), (first - at_unix_us) as f64 / 1e6, "s");
        }
        self.figure(&format!("{what}_attempts_failed"), back.count("attempts_failed") as f64, "");
        Ok(())
    }

    /// Memory and processor time at several numbers of connected sessions, each with so many answers; sizes grow.
    /// With no `seconds` for processor time, memory alone.
    pub async fn memory(&mut self, sizes: &[usize], asked: &MemoryAsked, empty_rss_kb: f64) -> Result<()> {
        let MemoryAsked { answers, per_s, seconds } = *asked;
        let Some(people) = self.people.clone() else { bail!("memory needs a server of the run's own") };
        let watched = self.watched();
        let idle = crate::machine::Reading::now(&watched).server_rss_kb;
        let enrolled = (idle - empty_rss_kb) / people.seats.len() as f64;
        let mut points: Vec<(f64, f64)> = Vec::new();
        let mut cpu: Vec<(usize, f64)> = Vec::new();
        let mut there = 0;
        for &size in sizes {
            self.crew.join_in(&self.target, &people.seats[there..size], 1, self.hands.seed + there as u64, |_| ()).await?;
            there = size;
            self.begin().await?;
            let filling = bar(0, "answers", self.quiet);
            self.crew.tell(Order::Fill { positions: answers.min(people.plan.items) }, |done| filling.set_position(done)).await?;
            filling.finish_and_clear();
            tokio::time::sleep(Duration::from_secs(if seconds > 0.0 { 3 } else { 1 })).await;
            let rss = crate::machine::Reading::now(&self.watched()).server_rss_kb;
            self.say(&format!("{size:>6} connected: {:.1} MB", rss / 1024.0));
            self.figure(&format!("rss_kb_at_{size}"), rss, "KB");
            points.push((size as f64, rss));
            if seconds > 0.0 {
                let step = self.step(per_s, seconds).await?;
                let us = step.us_per_save(step.used.server_s);
                self.say(&format!("{size:>6} connected: {us:.1} us of server CPU a save at {per_s:.0}/s"));
                self.figure(&format!("server_cpu_us_per_save_at_{size}"), us, "us");
                cpu.push((size, us));
            }
        }
        let slope = slope(&points);
        self.figure("sessions", there as f64, "");
        self.figure("rss_kb_empty", empty_rss_kb, "KB");
        self.figure("rss_kb_per_enrolled", enrolled, "KB");
        self.figure("rss_kb_per_connected", slope, "KB");
        self.figure("rss_kb_per_session", enrolled + slope, "KB");
        if let (Some((_, least)), Some((_, most))) = (cpu.first(), cpu.last()) {
            self.figure("cpu_growth", most / least - 1.0, "");
        }
        if let [(first, rss), .., (last, rss_last)] = points[..] {
            self.figure("rss_growth", (rss_last - idle) / last / ((rss - idle) / first) - 1.0, "");
            self.set_note("memory of a connected session at the largest size over that at the smallest");
        }
        Ok(())
    }

    fn sessions_of(&mut self, outcome: &Outcome) {
        self.figure("sessions", outcome.connected as f64, "");
    }

    fn used(&mut self, used: &Used) {
        self.figure("server_cores", used.server_s / used.seconds, "core");
        self.figure("client_cores", used.clients_s / used.seconds, "core");
        self.figure("rss_kb", used.server_rss_kb, "KB");
    }

    fn quantiles(&mut self, name: &str, all: &Latencies, note: &str) {
        let values = [("p50", all.ms(0.5)), ("p99", all.ms(0.99)), ("p999", all.ms(0.999)), ("max", all.max_ms())];
        for (quantile, value) in values {
            self.figure(&format!("{name}_{quantile}"), value, "ms");
            self.set_note(note);
        }
    }
}

/// How memory is measured.
#[derive(Clone, Copy, Debug)]
pub struct MemoryAsked {
    /// Answers of each session, or the whole paper where it has fewer items.
    pub answers: u16,
    /// Saves a second while processor time is measured.
    pub per_s: f64,
    /// Seconds for measuring processor time at each size; 0: only memory.
    pub seconds: f64,
}

/// Least squares through (x, y).
fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len().max(1) as f64;
    let (mean_x, mean_y) = (points.iter().map(|(x, _)| x).sum::<f64>() / n, points.iter().map(|(_, y)| y).sum::<f64>() / n);
    let above: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let below: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    if below == 0.0 { 0.0 } else { above / below }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slope_is_what_each_further_one_costs() {
        assert!((slope(&[(1_000.0, 70.0), (2_000.0, 75.0), (10_000.0, 115.0)]) - 0.005).abs() < 1e-9);
        assert_eq!(slope(&[(1.0, 5.0)]), 0.0);
    }
}
