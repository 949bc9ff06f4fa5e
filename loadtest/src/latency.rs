//! Latencies: histograms that can be sent from process to process and put together.

use crate::report::Distribution;
use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

/// From a microsecond to a minute. With bounds: a histogram without them cuts off what is longer than it knows.
const US_MAX: u64 = 60_000_000;

/// How long things took, microseconds, to three digits; what took longer than a minute counts as a minute.
#[derive(Clone, Debug)]
pub struct Latencies(Histogram<u64>);

/// The same on its way between processes: lowest value of a bucket and how many fell into it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted(Vec<(u64, u64)>);

impl Counted {
    /// Puts another process's in as well.
    pub fn join(&mut self, other: Counted) {
        self.0.extend(other.0);
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }
}

impl Default for Latencies {
    fn default() -> Self {
        Latencies(Histogram::new_with_bounds(1, US_MAX, 3).expect("the bounds are in order"))
    }
}

impl Latencies {
    /// Notes one.
    pub fn record(&mut self, us: u64) {
        self.0.saturating_record(us.max(1));
    }

    /// Puts another one's in as well.
    pub fn add(&mut self, counted: &Counted) {
        for &(us, count) in &counted.0 {
            self.0.saturating_record_n(us.clamp(1, US_MAX), count);
        }
    }

    /// What another process counted.
    pub fn of(counted: &Counted) -> Latencies {
        let mut all = Latencies::default();
        all.add(counted);
        all
    }

    /// As sent to another process.
    pub fn counted(&self) -> Counted {
        Counted(self.0.iter_recorded().map(|step| (step.value_iterated_to(), step.count_at_value())).collect())
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.reset();
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// A quantile, 0 to 1, milliseconds.
    pub fn ms(&self, quantile: f64) -> f64 {
        self.0.value_at_quantile(quantile) as f64 / 1000.0
    }

    /// The worst, milliseconds.
    pub fn max_ms(&self) -> f64 {
        self.0.max() as f64 / 1000.0
    }

    /// As a report shows it, milliseconds, in buckets that grow by an eighth or so.
    pub fn distribution(&self, name: &str) -> Distribution {
        let mut buckets: Vec<(f64, u64)> = Vec::new();
        let mut upper = 1.0_f64;
        let mut count = 0;
        for step in self.0.iter_recorded() {
            while step.value_iterated_to() as f64 > upper {
                if count > 0 {
                    buckets.push((upper / 1000.0, count));
                    count = 0;
                }
                upper *= 1.125;
            }
            count += step.count_at_value();
        }
        if count > 0 {
            buckets.push((upper / 1000.0, count));
        }
        Distribution {
            name: name.to_owned(),
            unit: "ms".to_owned(),
            p50: self.ms(0.5),
            p90: self.ms(0.9),
            p99: self.ms(0.99),
            p999: self.ms(0.999),
            max: self.max_ms(),
            count: self.count(),
            buckets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_processes_together_are_as_one() {
        let (mut one, mut other, mut both) = (Latencies::default(), Latencies::default(), Latencies::default());
        for us in 1..=10_000_u64 {
            if us % 3 == 0 { &mut one } else { &mut other }.record(us * 7);
            both.record(us * 7);
        }
        let mut merged = Latencies::default();
        for part in [&one, &other] {
            let text = serde_json::to_string(&part.counted()).expect("numbers");
            merged.add(&serde_json::from_str(&text).expect("the same again"));
        }
        for quantile in [0.0, 0.5, 0.9, 0.99, 0.999, 1.0] {
            assert_eq!(merged.ms(quantile), both.ms(quantile), "{quantile}");
        }
        assert_eq!(merged.count(), both.count());
        assert_eq!(merged.counted(), both.counted());
    }

    #[test]
    fn what_is_longer_than_a_minute_counts_as_a_minute() {
        let mut all = Latencies::default();
        all.record(0);
        all.record(u64::MAX);
        assert_eq!(all.count(), 2);
        assert!((59_900.0..60_100.0).contains(&all.max_ms()), "{}", all.max_ms());
    }

    #[test]
    fn buckets_of_a_report_hold_everything_in_order() {
        let mut all = Latencies::default();
        (0..5_000_u64).for_each(|n| all.record(n * n));
        let shown = all.distribution("ack");
        assert_eq!(shown.buckets.iter().map(|(_, count)| count).sum::<u64>(), 5_000);
        assert!(shown.buckets.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(shown.buckets.iter().all(|(_, count)| *count > 0));
    }
}
