//! How hard it is to keep up, and what gives way first.
//!
//! Measured is how long commands wait until they are durable. While that stays over its target, freshness is given up step by step: rankings,
//! consoles, public pages, and in the end the work that can be done tomorrow. Answers are on no step of this ladder.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::Duration;

/// What has given way, each step with all those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Level {
    /// Nothing.
    Calm = 0,
    /// Rankings move seldom.
    SlowRankings = 1,
    /// Consoles hear seldom, and rankings move hardly ever.
    SlowConsoles = 2,
    /// Public pages are answered from memory, as they were rendered last.
    KeptPages = 3,
    /// Imports, exports and reports are told to come back later.
    NoBulk = 4,
}

impl Level {
    /// All of them, in order.
    pub const ALL: [Level; 5] = [Level::Calm, Level::SlowRankings, Level::SlowConsoles, Level::KeptPages, Level::NoBulk];

    fn of(number: u8) -> Level {
        Level::ALL[usize::from(number).min(Level::ALL.len() - 1)]
    }

    fn up(self) -> Level {
        Level::of(self as u8 + 1)
    }

    fn down(self) -> Level {
        Level::of((self as u8).saturating_sub(1))
    }

    /// Boards send at most one frame in this time.
    pub const fn board_tick(self) -> Duration {
        match self {
            Level::Calm => Duration::from_millis(250),
            Level::SlowRankings => Duration::from_secs(1),
            Level::SlowConsoles | Level::KeptPages | Level::NoBulk => Duration::from_secs(10),
        }
    }

    /// Consoles are sent every so manieth of their publications, of which there are two a second.
    pub const fn console_every(self) -> u32 {
        match self {
            Level::Calm | Level::SlowRankings => 1,
            Level::SlowConsoles | Level::KeptPages | Level::NoBulk => 10,
        }
    }
}

/// Looks over the target until the next step up.
const LOOKS_UP: u32 = 2;
/// Looks below half of the target until the next step down. From the top to the bottom that is 8 s with the default interval.
const LOOKS_DOWN: u32 = 4;

/// Where on the ladder we stand. It goes up by one step while the delay stays over the target, because what was given up so far did not help, and
/// down more slowly. Between half of the target and the target it stays, so that it does not swing.
#[derive(Debug)]
pub struct Ladder {
    target: Duration,
    level: Level,
    over: u32,
    under: u32,
}

impl Ladder {
    /// At the bottom. With a target of zero everything that waits at all is too slow, which is for drills.
    pub fn new(target: Duration) -> Self {
        Ladder { target, level: Level::Calm, over: 0, under: 0 }
    }

    /// One look at the delay of the last interval; none when nothing waited.
    pub fn look(&mut self, delay: Option<Duration>) -> Level {
        let over = delay.is_some_and(|delay| delay > self.target);
        let under = delay.is_none_or(|delay| delay < self.target / 2);
        self.over = if over { self.over + 1 } else { 0 };
        self.under = if under { self.under + 1 } else { 0 };
        if self.over >= LOOKS_UP {
            (self.level, self.over) = (self.level.up(), 0);
        } else if self.under >= LOOKS_DOWN {
            (self.level, self.under) = (self.level.down(), 0);
        }
        self.level
    }
}

/// The pressure on this node; cheap to clone. Halls say what they see, everybody reads the level.
#[derive(Clone, Debug, Default)]
pub struct Pressure {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    level: AtomicU8,
    /// Longest wait that was reported since the last look, microseconds; plus one, as zero says that there was none.
    longest: AtomicU64,
    /// Delay of the last look, microseconds.
    delay_us: AtomicU64,
}

impl Pressure {
    /// What has given way now.
    pub fn level(&self) -> Level {
        Level::of(self.shared.level.load(Ordering::Relaxed))
    }

    /// Delay of the last look.
    pub fn delay(&self) -> Duration {
        Duration::from_micros(self.shared.delay_us.load(Ordering::Relaxed))
    }

    /// Somebody waited so long until a command was durable, or waits so long already.
    pub fn waited(&self, wait: Duration) {
        let us = u64::try_from(wait.as_micros()).unwrap_or(u64::MAX - 1);
        self.shared.longest.fetch_max(us + 1, Ordering::Relaxed);
    }

    /// Looks at the journal's writer every interval, until it is dropped.
    pub async fn run(self, journal: store::journal::Journal, target: Duration, interval: Duration) {
        let mut every = tokio::time::interval(interval);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let (mut ladder, mut writer) = (Ladder::new(target), Writer::default());
        loop {
            every.tick().await;
            if let Some(wait) = writer.look(journal.gauges(), interval) {
                self.waited(wait);
            }
            let longest = self.shared.longest.swap(0, Ordering::Relaxed).checked_sub(1).map(Duration::from_micros);
            self.shared.delay_us.store(longest.map_or(0, |delay| delay.as_micros() as u64), Ordering::Relaxed);
            let (before, level) = (self.level(), ladder.look(longest));
            if level != before {
                self.shared.level.store(level as u8, Ordering::Relaxed);
                let (delay_ms, from, to) = (longest.unwrap_or_default().as_millis() as u64, before as u8, level as u8);
                tracing::warn!(delay_ms, from, to, "the level of pressure changed: {level:?}");
            }
        }
    }
}

/// What the writer's gauges say about waiting, from one look to the next.
#[derive(Debug, Default)]
struct Writer {
    commits: u64,
    stuck: Duration,
}

impl Writer {
    /// How long appends wait for the writer; none when none did.
    fn look(&mut self, gauges: &store::journal::Gauges, interval: Duration) -> Option<Duration> {
        let commits = gauges.commits.load(Ordering::Relaxed);
        let moved = commits != self.commits;
        self.commits = commits;
        // A writer that is stuck in a commit says nothing, and that is what is said here.
        let stuck = !moved && gauges.waiting.load(Ordering::Relaxed) > 0;
        self.stuck = if stuck { self.stuck + interval } else { Duration::ZERO };
        let waited = moved.then(|| Duration::from_micros(gauges.delay_us.load(Ordering::Relaxed)));
        waited.max(stuck.then_some(self.stuck))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Delays look by look in milliseconds (`-` is none), with the level after each.
    fn check(told: &[(&str, &str)]) {
        for (delays, expected) in told {
            let mut ladder = Ladder::new(Duration::from_millis(50));
            let levels: Vec<String> = delays
                .split_whitespace()
                .map(|delay| ladder.look(delay.parse().ok().map(Duration::from_millis)))
                .map(|level| (level as u8).to_string())
                .collect();
            assert_eq!(levels.join(" "), *expected, "{delays}");
        }
    }

    #[test]
    fn the_ladder_climbs_while_the_delay_stays_and_comes_down_by_itself() {
        check(&[
            // One slow look is a burst.
            ("90 10 90 10", "0 0 0 0"),
            ("51 51 51 51 51 51 51 51 51 51", "0 1 1 2 2 3 3 4 4 4"),
            // The target itself is not over it, and half of it is not under it.
            ("50 50 50 50", "0 0 0 0"),
            ("60 60 40 40 40 40 40 25 25", "0 1 1 1 1 1 1 1 1"),
            ("60 60 24 24 24 24", "0 1 1 1 1 0"),
            // A dip does not count as recovery, and no traffic does.
            ("60 60 10 10 10 60 10 10 10 10", "0 1 1 1 1 1 1 1 1 0"),
            ("60 60 60 60 - - - - - - - - -", "0 1 1 2 2 2 2 1 1 1 1 0 0"),
        ]);
    }

    #[test]
    fn what_gives_way_never_comes_back_on_a_higher_step() {
        for pair in Level::ALL.windows(2) {
            assert!(pair[0].board_tick() <= pair[1].board_tick() && pair[0].console_every() <= pair[1].console_every());
            assert_eq!((pair[0].up(), pair[1].down()), (pair[1], pair[0]));
        }
        assert_eq!((Level::Calm.down(), Level::NoBulk.up()), (Level::Calm, Level::NoBulk));
    }

    #[test]
    fn a_writer_that_stands_still_is_slow() {
        let (mut writer, gauges, interval) = (Writer::default(), store::journal::Gauges::default(), Duration::from_millis(500));
        let mut look = |commits: u64, waiting: u64, delay_us: u64| {
            gauges.commits.store(commits, Ordering::Relaxed);
            gauges.waiting.store(waiting, Ordering::Relaxed);
            gauges.delay_us.store(delay_us, Ordering::Relaxed);
            writer.look(&gauges, interval).map(|wait| wait.as_millis() as u64)
        };
        assert_eq!(look(0, 0, 0), None);
        assert_eq!(look(9, 1, 7_000), Some(7));
        assert_eq!([look(9, 1, 7_000), look(9, 2, 7_000)], [Some(500), Some(1_000)], "in a commit that does not end");
        assert_eq!(look(10, 0, 900_000), Some(900));
        assert_eq!(look(10, 0, 900_000), None, "the last word of a writer that has nothing to do is no news");
    }
}
