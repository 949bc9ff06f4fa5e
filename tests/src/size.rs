//! How much a fault test does: the environment variable `SAKSAMA_FAULTS` is `quick` (the default, part of `make test`), `full` or `long`.

/// How much a fault test does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Seconds: on every change.
    Quick,
    /// Minutes: before a release.
    Full,
    /// Hours.
    Long,
}

impl Size {
    /// As the environment asks for it; a word that is not known ends the test.
    pub fn asked_for() -> Size {
        match std::env::var("SAKSAMA_FAULTS").as_deref() {
            Err(_) | Ok("" | "quick") => Size::Quick,
            Ok("full") => Size::Full,
            Ok("long") => Size::Long,
            Ok(other) => panic!("SAKSAMA_FAULTS={other} is none of quick, full, long"),
        }
    }

    /// One of three, by size.
    pub fn of<T>(self, quick: T, full: T, long: T) -> T {
        match self {
            Size::Quick => quick,
            Size::Full => full,
            Size::Long => long,
        }
    }
}

/// The seed of a run: `SAKSAMA_SEED`, or a fresh one. Every failure prints it.
pub fn seed() -> u64 {
    std::env::var("SAKSAMA_SEED").ok().map_or_else(rand::random, |text| text.parse().expect("SAKSAMA_SEED is a number"))
}
