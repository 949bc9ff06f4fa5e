//! What the scenarios `screens`, `slow` and `overload` share: the hall they run in, sessions that save beside what is measured, and the numbers that
//! the server tells of itself.

use crate::report::{Distribution, Figure, RunReport, Series};
use crate::terminal::Seated;
use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::task::JoinHandle;

/// Where screens watch: a server and a sitting that has started.
pub struct Hall {
    /// Address of the server, e.g. `http://127.0.0.1:8080`.
    pub server: String,
    /// The sitting.
    pub sitting: String,
    /// Those who will answer, signed in.
    pub seated: Vec<Seated>,
}

/// Sessions that save at a rate for a time, open loop; latency from the scheduled instant.
pub trait Saving: Send {
    /// Saves, waits for the answers, and can be called again.
    fn save(&mut self, per_s: u64, duration: Duration) -> impl Future<Output = Result<Saves>> + Send;
}

/// What became of saves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Saves {
    /// Sent.
    pub sent: u64,
    /// Acknowledged as durable.
    pub acked: u64,
    /// Told to come again, and sent again under the same number.
    pub busy: u64,
    /// Refused for good.
    pub refused: u64,
    /// Acknowledged per second of sending.
    pub acked_per_s: f64,
    /// Latency, milliseconds.
    pub ack_ms_p50: f64,
    /// Latency, milliseconds.
    pub ack_ms_p99: f64,
    /// Latency, milliseconds.
    pub ack_ms_max: f64,
}

impl Saves {
    /// Neither acknowledged nor refused within the wait after the last one.
    pub fn unanswered(&self) -> u64 {
        self.sent.saturating_sub(self.acked + self.refused)
    }

    /// The numbers as figures, their names beginning with `prefix`.
    pub fn figures(&self, prefix: &str) -> Vec<Figure> {
        vec![
            Figure::new(&format!("{prefix}_acked_per_s"), self.acked_per_s, "1/s"),
            Figure::new(&format!("{prefix}_ack_ms_p50"), self.ack_ms_p50, "ms"),
            Figure::new(&format!("{prefix}_ack_ms_p99"), self.ack_ms_p99, "ms"),
            Figure::new(&format!("{prefix}_busy"), self.busy as f64, ""),
            Figure::new(&format!("{prefix}_refused"), self.refused as f64, ""),
            Figure::new(&format!("{prefix}_unanswered"), self.unanswered() as f64, ""),
        ]
    }
}

/// The server's own numbers at an instant, by name with labels as in `/metrics`.
pub type Numbers = BTreeMap<String, f64>;

/// Resident memory of the server, bytes.
pub const RESIDENT: &str = "saksama_process_resident_bytes";
/// Commands that wait for the journal.
pub const WAITING: &str = "saksama_journal_waiting_appends";

/// Reads `/metrics`, which a server gives to its own machine.
pub async fn numbers(client: &reqwest::Client, server: &str) -> Result<Numbers> {
    let text = client.get(format!("{server}/metrics")).timeout(Duration::from_secs(5)).send().await?.error_for_status()?.text().await?;
    let number = |line: &str| {
        let (name, value) = line.rsplit_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    Ok(text.lines().filter(|line| !line.starts_with('#')).filter_map(number).collect())
}

/// Reads the server's numbers twice a second while something runs.
pub struct Watch {
    began: Instant,
    seen: Arc<Mutex<Vec<(f64, Numbers)>>>,
    task: JoinHandle<()>,
}

/// Most readings of one watch: half an hour.
const READINGS_MAX: usize = 3_600;

impl Watch {
    /// Begins.
    pub fn begin(server: &str) -> Watch {
        let (began, seen) = (Instant::now(), Arc::new(Mutex::new(Vec::new())));
        let (server, list) = (server.trim_end_matches('/').to_owned(), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            let client = reqwest::Client::new();
            let mut every = tokio::time::interval(Duration::from_millis(500));
            for _ in 0..READINGS_MAX {
                every.tick().await;
                // A server that is too busy to tell its numbers leaves a gap.
                if let Ok(numbers) = numbers(&client, &server).await {
                    list.lock().expect("nothing panics under this lock").push((began.elapsed().as_secs_f64(), numbers));
                }
            }
        });
        Watch { began, seen, task }
    }

    /// Seconds since the beginning.
    pub fn now_s(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// Ends, with a last reading.
    pub async fn end(self, server: &str) -> Result<Watched> {
        self.task.abort();
        let last = numbers(&reqwest::Client::new(), server.trim_end_matches('/')).await.context("the server's numbers at the end")?;
        let mut readings = std::mem::take(&mut *self.seen.lock().expect("nothing panics under this lock"));
        readings.push((self.began.elapsed().as_secs_f64(), last));
        Ok(Watched(readings))
    }
}

/// The server's numbers over time: seconds since the beginning, and what it said.
pub struct Watched(Vec<(f64, Numbers)>);

impl Watched {
    /// One number over time, in units of `scale`.
    pub fn series(&self, number: &str, name: &str, unit: &str, scale: f64) -> Series {
        let points = self.0.iter().filter_map(|(at_s, numbers)| Some((*at_s, numbers.get(number)? / scale)));
        Series { name: name.to_owned(), unit: unit.to_owned(), points: points.collect() }
    }

    /// The number at the beginning, at the end, and the most; zero where it was never told.
    pub fn first_last_most(&self, number: &str) -> (f64, f64, f64) {
        let values: Vec<f64> = self.0.iter().filter_map(|(_, numbers)| numbers.get(number).copied()).collect();
        let edge = |value: Option<&f64>| value.copied().unwrap_or(0.0);
        (edge(values.first()), edge(values.last()), values.iter().copied().fold(0.0, f64::max))
    }

    /// How much numbers grew whose names begin so; those that did not are left out.
    pub fn growth(&self, prefix: &str) -> Vec<(String, f64)> {
        let (Some((_, first)), Some((_, last))) = (self.0.first(), self.0.last()) else { return Vec::new() };
        let grown = last
            .iter()
            .filter(|(name, _)| name.starts_with(prefix))
            .map(|(name, value)| (name.clone(), value - first.get(name).unwrap_or(&0.0)));
        grown.filter(|(_, growth)| *growth > 0.0).collect()
    }
}

/// An empty report of a scenario that begins now.
pub fn report(scenario: &str, title: &str) -> RunReport {
    let started_utc_ms = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64);
    RunReport { scenario: scenario.to_owned(), title: title.to_owned(), started_utc_ms, ..RunReport::default() }
}

/// Latencies in microseconds, up to ten minutes.
pub fn latencies() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 600_000_000, 3).expect("the bounds are in order")
}

/// Notes a latency.
pub fn note(latencies: &mut Histogram<u64>, latency: Duration) {
    latencies.saturating_record((latency.as_micros() as u64).max(1));
}

/// Milliseconds at a quantile.
pub fn ms(latencies: &Histogram<u64>, quantile: f64) -> f64 {
    latencies.value_at_quantile(quantile) as f64 / 1000.0
}

/// Latencies as milliseconds, with some forty buckets.
pub fn distribution(name: &str, latencies: &Histogram<u64>) -> Distribution {
    let buckets = latencies.iter_log(100, 1.4).map(|step| (step.value_iterated_to() as f64 / 1000.0, step.count_since_last_iteration()));
    Distribution {
        name: name.to_owned(),
        unit: "ms".to_owned(),
        p50: ms(latencies, 0.5),
        p90: ms(latencies, 0.9),
        p99: ms(latencies, 0.99),
        p999: ms(latencies, 0.999),
        max: latencies.max() as f64 / 1000.0,
        count: latencies.len(),
        buckets: buckets.filter(|(_, count)| *count > 0).collect(),
    }
}
