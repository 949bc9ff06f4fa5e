//! The time of a session as it follows from the journal's events, on the sitting's own clock.

/// A session's clock; milliseconds throughout.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// Time of the blueprint, extra time and grants.
    pub allowance_ms: u64,
    used_ms: u64,
    since_ms: Option<u64>,
    started: bool,
    paused: bool,
    held: bool,
}

impl Clock {
    /// Something happened at `now_ms` that may let it run or stop.
    pub fn change(&mut self, now_ms: u64, change: impl FnOnce(&mut Clock)) {
        self.used_ms = self.used_ms(now_ms);
        self.since_ms = None;
        change(self);
        if self.started && !self.paused && !self.held {
            self.since_ms = Some(now_ms);
        }
    }

    /// Before a change is applied by [`Clock::change`]: started or over.
    pub fn set_started(&mut self, started: bool) {
        self.started = started;
    }

    /// The seat is paused, or not.
    pub fn set_paused(&mut self, paused: bool) {
        self.paused = paused;
    }

    /// The hall is held, or not.
    pub fn set_held(&mut self, held: bool) {
        self.held = held;
    }

    /// Is the hall held?
    pub fn held(&self) -> bool {
        self.held
    }

    /// Time used up.
    pub fn used_ms(&self, now_ms: u64) -> u64 {
        self.used_ms + self.since_ms.map_or(0, |since_ms| now_ms.saturating_sub(since_ms))
    }

    /// Time beyond the allowance; negative while some remains.
    pub fn over_ms(&self, now_ms: u64) -> i64 {
        self.used_ms(now_ms) as i64 - self.allowance_ms as i64
    }
}
