//! Time as the core sees it.

/// One instant on both clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// Wall clock, Unix milliseconds: for people and for the window of check-in, never for a candidate's remaining time.
    pub utc_ms: i64,
    /// The sitting's own clock, milliseconds. It runs only while an owner is alive: after a crash it goes on from what was persisted, so that an
    /// outage costs nobody anything and sessions interrupted together get the same credit.
    pub mono_ms: u64,
}

/// Running time that was used up: grows only while it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunningTime {
    consumed_ms: u64,
    since_ms: Option<u64>,
}

impl RunningTime {
    /// Lets it run from `mono_ms`; does nothing when it runs.
    pub fn run(&mut self, mono_ms: u64) {
        self.since_ms.get_or_insert(mono_ms);
    }

    /// Stops it at `mono_ms`; does nothing when it stands still.
    pub fn stop(&mut self, mono_ms: u64) {
        self.consumed_ms = self.consumed(mono_ms);
        self.since_ms = None;
    }

    /// Is it running?
    pub fn runs(&self) -> bool {
        self.since_ms.is_some()
    }

    /// Milliseconds used up until `mono_ms`.
    pub fn consumed(&self, mono_ms: u64) -> u64 {
        self.consumed_ms + self.since_ms.map_or(0, |since_ms| mono_ms.saturating_sub(since_ms))
    }

    /// The instant at which `limit_ms` will be or was used up, if it runs. It may lie before the running began, when the limit was passed
    /// before: stopping and running again must not give a second grace.
    pub fn reaches(&self, limit_ms: u64) -> Option<u64> {
        self.since_ms.map(|since_ms| since_ms.saturating_add(limit_ms).saturating_sub(self.consumed_ms))
    }
}
