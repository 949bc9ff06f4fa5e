//! When things are due, and waking up at that instant: an open loop does not care what the server does meanwhile.

use anyhow::{Context, Result};
use rand::RngExt;
use rand::rngs::SmallRng;
use rand_distr::{Distribution, Exp};
use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec};
use std::os::fd::OwnedFd;
use std::time::Duration;
use tokio::io::unix::AsyncFd;

/// Poisson arrivals over a number of sessions.
#[derive(Clone, Debug)]
pub struct Arrivals {
    gap_us: Option<Exp<f64>>,
    /// Not rounded: rounding every gap to whole microseconds would make high rates slower than asked for.
    due_us: f64,
    until_us: f64,
}

impl Arrivals {
    /// So many a second for a time; the first one comes after the first gap. A rate of zero has no arrivals.
    pub fn new(per_s: f64, duration: Duration, rng: &mut SmallRng) -> Arrivals {
        let gap_us = Exp::new(per_s / 1e6).ok().filter(|_| per_s > 0.0);
        let mut arrivals = Arrivals { gap_us, due_us: 0.0, until_us: duration.as_micros() as f64 };
        arrivals.next(rng);
        arrivals
    }

    /// When the next one is due, microseconds from the beginning; none when the time is over.
    pub fn due_us(&self) -> Option<u64> {
        (self.gap_us.is_some() && self.due_us < self.until_us).then_some(self.due_us as u64)
    }

    /// Goes on to the next one.
    pub fn next(&mut self, rng: &mut SmallRng) {
        if let Some(gap) = &self.gap_us {
            self.due_us += gap.sample(rng);
        }
    }
}

/// Whose turn it is: everybody equally likely.
pub fn anybody(sessions: usize, rng: &mut SmallRng) -> usize {
    rng.random_range(0..sessions)
}

/// A timer of microseconds; the runtime's own knows only milliseconds.
pub struct FineTimer(AsyncFd<OwnedFd>);

impl FineTimer {
    /// Makes one; needs a runtime.
    #[expect(deprecated, reason = "unsound only for types whose descriptor may change; an owned one is the same for ever")]
    pub fn new() -> Result<FineTimer> {
        let fd = rustix::time::timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
        Ok(FineTimer(AsyncFd::new(fd).context("a timer")?))
    }

    /// Waits; at least gives everybody else a turn.
    pub async fn sleep(&self, duration: Duration) -> Result<()> {
        if duration.is_zero() {
            tokio::task::yield_now().await;
            return Ok(());
        }
        let value = Timespec { tv_sec: duration.as_secs() as i64, tv_nsec: i64::from(duration.subsec_nanos()) };
        let once = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value: value };
        rustix::time::timerfd_settime(self.0.get_ref(), TimerfdTimerFlags::empty(), &once)?;
        // Edge-triggered: being set again makes the next expiry another edge, so that the descriptor need not be read.
        self.0.readable().await?.clear_ready();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    fn all(per_s: f64, seconds: u64) -> Vec<u64> {
        let mut rng = SmallRng::seed_from_u64(7);
        let mut arrivals = Arrivals::new(per_s, Duration::from_secs(seconds), &mut rng);
        let mut due = Vec::new();
        while let Some(at) = arrivals.due_us() {
            due.push(at);
            arrivals.next(&mut rng);
        }
        due
    }

    #[test]
    fn as_many_as_asked_for_also_when_gaps_are_shorter_than_a_microsecond() {
        for per_s in [50.0, 1_000.0, 40_000.0, 3_000_000.0] {
            let count = all(per_s, 2).len() as f64;
            let expected = per_s * 2.0;
            assert!((count - expected).abs() < 5.0 * expected.sqrt(), "{per_s}: {count}");
        }
    }

    #[test]
    fn gaps_are_those_of_a_poisson_process() {
        let due = all(1_000.0, 20);
        let gaps: Vec<f64> = due.windows(2).map(|pair| (pair[1] - pair[0]) as f64).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        let variance = gaps.iter().map(|gap| (gap - mean).powi(2)).sum::<f64>() / gaps.len() as f64;
        assert!((mean - 1_000.0).abs() < 50.0, "{mean}");
        assert!((variance.sqrt() / mean - 1.0).abs() < 0.1, "exponential gaps scatter as much as they last: {}", variance.sqrt() / mean);
    }

    #[test]
    fn nothing_is_due_after_the_end_or_at_no_rate() {
        assert!(all(500.0, 3).iter().all(|due| *due < 3_000_000));
        assert!(all(0.0, 3).is_empty());
    }

    #[tokio::test]
    async fn a_fine_timer_can_be_used_again() {
        let timer = FineTimer::new().expect("a timer");
        let began = std::time::Instant::now();
        for _ in 0..5 {
            timer.sleep(Duration::from_micros(200)).await.expect("it ends");
        }
        assert!(began.elapsed() >= Duration::from_micros(1_000), "never early");
    }
}
