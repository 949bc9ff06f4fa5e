//! `overload`: more than the server can do. On the answers' own lane three times what it sustains; and public traffic beside an exam, which must not
//! notice it.

use crate::beside::{self, RESIDENT, Saves, Saving, WAITING, Watch};
use crate::public::{self, Answers, Traffic};
use crate::report::{Check, Figure, RunReport};
use anyhow::Result;
use std::time::{Duration, Instant};

/// An answer slower than this is a lane that is full.
const SUSTAINED_MS_P99: f64 = 20.0;
/// The search for the rate begins here and ends there.
const SEARCH_PER_S: std::ops::RangeInclusive<u64> = 2_000..=300_000;
/// How long the search stays at a rate.
const SEARCH_STEP: Duration = Duration::from_secs(2);
/// The server must be itself again within this.
const RECOVERED_WITHIN: Duration = Duration::from_secs(30);
/// It is watched for so long.
const RECOVERY_WATCHED: Duration = Duration::from_secs(60);
/// Recovered: ack p99 is below so many times that before.
const RECOVERED_RATIO: f64 = 2.0;

/// The command line.
#[derive(clap::Args)]
pub struct Arguments {
    /// Which lane is overloaded
    #[arg(long, value_enum, default_value_t = Lane::Both)]
    lane: Lane,
    /// What the answers' lane sustains, saves per second; searched for when it is not given
    #[arg(long)]
    sustained_per_s: Option<u64>,
    /// How much more than that is sent
    #[arg(long, default_value_t = 3.0)]
    factor: f64,
    /// Public requests per second
    #[arg(long, default_value_t = 10_000)]
    public_per_s: u64,
    /// Keep-alive connections of the public
    #[arg(long, default_value_t = 64)]
    public_connections: usize,
    /// Saves per second beside the public traffic
    #[arg(long, default_value_t = 2_000)]
    saves_per_s: u64,
    /// Seconds of each load
    #[arg(long, default_value_t = 10)]
    seconds: u64,
}

/// Which traffic is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Lane {
    /// Saves.
    Answers,
    /// Public pages.
    Public,
    /// One after the other.
    Both,
}

/// Runs the scenario with sessions that save.
pub async fn run(server: &str, asked: &Arguments, savers: &mut impl Saving) -> Result<RunReport> {
    let mut report = beside::report("overload", "more than the server can do");
    let began = Instant::now();
    let watch = Watch::begin(server);
    // The first saves of a session fill caches on both sides.
    savers.save(asked.saves_per_s.min(1_000), Duration::from_secs(1)).await?;
    if asked.lane != Lane::Public {
        answers(&mut report, asked, savers).await?;
    }
    if asked.lane != Lane::Answers {
        public(&mut report, server, asked, savers).await?;
    }
    let watched = watch.end(server).await?;
    let (_, _, resident) = watched.first_last_most(RESIDENT);
    report.figures.push(Figure::new("server_mb_max", resident / 1e6, "MB"));
    report.series.push(watched.series(RESIDENT, "server memory", "MB", 1e6));
    report.series.push(watched.series(WAITING, "journal queue", "", 1.0));
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

/// The answers' lane: half of what it sustains, then `factor` times as much, then half again until it is as before.
async fn answers(report: &mut RunReport, asked: &Arguments, savers: &mut impl Saving) -> Result<()> {
    let sustained = match asked.sustained_per_s {
        Some(per_s) => per_s,
        None => sustained(savers).await?,
    };
    let (calm_per_s, duration) = ((sustained / 2).max(1), Duration::from_secs(asked.seconds));
    let before = savers.save(calm_per_s, duration).await?;
    let over_per_s = (sustained as f64 * asked.factor) as u64;
    let began = Instant::now();
    let during = savers.save(over_per_s, duration).await?;
    let waited = began.elapsed().saturating_sub(duration);
    let recovered = recovery(savers, calm_per_s, before.ack_ms_p99, waited).await?;

    report.figures.push(Figure::new("sustained_per_s", sustained as f64, "1/s"));
    report.figures.push(Figure::new("overload_asked_per_s", over_per_s as f64, "1/s"));
    report.figures.extend(before.figures("before_overload"));
    report.figures.extend(during.figures("overload"));
    report.figures.push(recovered_figure("overload_recovered_s", recovered));
    report.checks.push(nothing_shed("every save of the overload is acknowledged or refused as busy", &during));
    report.checks.push(recovered_check("the answers' lane recovers by itself", recovered));
    Ok(())
}

/// Public traffic beside the exam.
async fn public(report: &mut RunReport, server: &str, asked: &Arguments, savers: &mut impl Saving) -> Result<()> {
    let duration = Duration::from_secs(asked.seconds);
    let before = savers.save(asked.saves_per_s, duration).await?;
    let traffic = Traffic {
        server: server.to_owned(),
        paths: public::PATHS.map(str::to_owned).into(),
        per_s: asked.public_per_s,
        connections: asked.public_connections,
        duration,
    };
    let visitors = tokio::spawn(public::run(traffic));
    let during = savers.save(asked.saves_per_s, duration).await?;
    let ended = Instant::now();
    let answers = visitors.await??;
    let recovered = recovery(savers, asked.saves_per_s, before.ack_ms_p99, ended.elapsed()).await?;

    report.figures.extend(before.figures("before_public"));
    report.figures.extend(during.figures("beside_public"));
    let ratio = during.ack_ms_p99 / before.ack_ms_p99.max(0.001);
    report
        .figures
        .push(Figure { note: "ack p99 beside public traffic over that before".into(), ..Figure::new("public_ack_p99_ratio", ratio, "") });
    report.figures.extend(public_figures(&answers, duration));
    report.figures.push(recovered_figure("public_recovered_s", recovered));
    report.histograms.push(beside::distribution("public answers", &answers.latencies));
    report.checks.push(nothing_shed("public traffic costs the exam no answer", &during));
    let refused = answers.with(503);
    report.checks.push(Check {
        name: "who is sent away is told when to come again".into(),
        ok: answers.retry_after == refused,
        detail: format!("{refused} answers 503, {} with Retry-After", answers.retry_after),
    });
    report.checks.push(recovered_check("the exam is as before when the public has gone", recovered));
    Ok(())
}

fn public_figures(answers: &Answers, duration: Duration) -> Vec<Figure> {
    let answered: u64 = answers.by_status.values().sum();
    let share = |count: u64| count as f64 / answered.max(1) as f64;
    vec![
        Figure {
            note: format!("by status: {:?}", answers.by_status),
            ..Figure::new("public_due_per_s", answers.due as f64 / duration.as_secs_f64(), "1/s")
        },
        Figure::new("public_answered_per_s", answered as f64 / duration.as_secs_f64(), "1/s"),
        Figure::new("public_share_200", share(answers.with(200)), ""),
        Figure::new("public_share_503", share(answers.with(503)), ""),
        Figure::new("public_unsent", (answers.due - answers.sent) as f64, ""),
        Figure::new("public_unanswered", answers.unanswered as f64, ""),
        Figure::new("public_lost_connections", answers.lost_connections as f64, ""),
        Figure::new("public_ms_p99", beside::ms(&answers.latencies, 0.99), "ms"),
    ]
}

/// The highest rate, in steps of a quarter, whose answers are quick and complete.
async fn sustained(savers: &mut impl Saving) -> Result<u64> {
    let mut good = *SEARCH_PER_S.start();
    let mut per_s = good;
    while per_s <= *SEARCH_PER_S.end() {
        let saves = savers.save(per_s, SEARCH_STEP).await?;
        if saves.ack_ms_p99 >= SUSTAINED_MS_P99 || saves.acked < saves.sent {
            break;
        }
        good = per_s;
        per_s += per_s / 4;
    }
    Ok(good)
}

/// How long after the load until a second's answers are as quick as before it; none when that took too long. `waited` is how long ago the load ended.
async fn recovery(savers: &mut impl Saving, per_s: u64, before_ms_p99: f64, waited: Duration) -> Result<Option<Duration>> {
    let began = Instant::now();
    while began.elapsed() < RECOVERY_WATCHED {
        let slice_began = began.elapsed();
        let saves = savers.save(per_s, Duration::from_secs(1)).await?;
        if saves.ack_ms_p99 < before_ms_p99 * RECOVERED_RATIO && saves.acked == saves.sent {
            return Ok(Some(waited + slice_began));
        }
    }
    Ok(None)
}

fn recovered_figure(name: &str, recovered: Option<Duration>) -> Figure {
    let seconds = recovered.map_or(f64::INFINITY, |took| took.as_secs_f64());
    Figure {
        note: "until ack p99 is below twice that before".into(),
        ..Figure::new(name, seconds.min(RECOVERY_WATCHED.as_secs_f64()), "s")
    }
}

fn recovered_check(name: &str, recovered: Option<Duration>) -> Check {
    let ok = recovered.is_some_and(|took| took <= RECOVERED_WITHIN);
    let detail = recovered.map_or("not while it was watched".to_owned(), |took| format!("after {:.1} s", took.as_secs_f64()));
    Check { name: name.to_owned(), ok, detail }
}

fn nothing_shed(name: &str, saves: &Saves) -> Check {
    let detail =
        format!("{} sent, {} acknowledged, {} refused, {} without an answer", saves.sent, saves.acked, saves.refused, saves.unanswered());
    Check { name: name.to_owned(), ok: saves.unanswered() == 0, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A server by rule: quick up to a rate, then slow, and it refuses what is beyond.
    struct Model {
        sustains_per_s: u64,
        slow_calls: u32,
    }

    impl Saving for Model {
        async fn save(&mut self, per_s: u64, duration: Duration) -> Result<Saves> {
            let sent = per_s * duration.as_secs();
            let over = per_s > self.sustains_per_s;
            let slow = over || self.slow_calls > 0;
            self.slow_calls = if over { 3 } else { self.slow_calls.saturating_sub(1) };
            let acked = if over { self.sustains_per_s * duration.as_secs() } else { sent };
            Ok(Saves { sent, acked, refused: sent - acked, ack_ms_p99: if slow { 500.0 } else { 2.0 }, ..Saves::default() })
        }
    }

    #[tokio::test]
    async fn the_rate_is_found_and_the_recovery_is_waited_for() {
        let mut savers = Model { sustains_per_s: 10_000, slow_calls: 0 };
        let found = sustained(&mut savers).await.expect("a rate");
        assert!((8_000..=10_000).contains(&found), "{found}");
        let recovered = recovery(&mut savers, 1_000, 2.0, Duration::from_secs(4)).await.expect("it answers");
        assert!(recovered.is_some_and(|took| took >= Duration::from_secs(4)), "the wait before counts too: {recovered:?}");
        assert_eq!(savers.slow_calls, 0, "not before it is quick again");
    }

    #[test]
    fn a_save_without_an_answer_fails_the_run() {
        assert!(nothing_shed("x", &Saves { sent: 10, acked: 7, refused: 3, ..Saves::default() }).ok);
        assert!(!nothing_shed("x", &Saves { sent: 10, acked: 7, refused: 2, ..Saves::default() }).ok);
    }
}
