//! The two clocks of the operating system, read here and nowhere else.

use exam_session::time::Now;
use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Wall clock, Unix milliseconds.
pub fn utc_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// A sitting's clock: it goes on from where it was last seen and runs with the monotonic clock, so that neither an outage nor a step of the
/// wall clock takes time from anybody.
#[derive(Clone, Copy, Debug)]
pub struct SittingClock {
    base_ms: u64,
    since: Instant,
}

impl SittingClock {
    /// Goes on from `base_ms`, now.
    pub fn resume(base_ms: u64) -> Self {
        SittingClock { base_ms, since: Instant::now() }
    }

    /// This instant on both clocks.
    pub fn now(&self) -> Now {
        Now { utc_ms: utc_ms(), mono_ms: self.mono_ms() }
    }

    /// The sitting's clock.
    pub fn mono_ms(&self) -> u64 {
        if sabotage::on(sabotage::Sabotage::WallClock) {
            static BEGAN: OnceLock<i64> = OnceLock::new();
            return self.base_ms.saturating_add_signed(utc_ms() - *BEGAN.get_or_init(utc_ms));
        }
        self.base_ms + self.since.elapsed().as_millis() as u64
    }

    /// When the sitting's clock will show `mono_ms`.
    pub fn instant_of(&self, mono_ms: u64) -> Instant {
        self.since + std::time::Duration::from_millis(mono_ms.saturating_sub(self.base_ms))
    }
}
