//! How much a fault test does: the environment variable `SAKSAMA_FAULTS` is `quick` (the default, part of `make test`), `full` or `long`.

/// The environment variable that chooses the size.
pub const SIZE: &str = "SAKSAMA_FAULTS";
/// The environment variable that repeats a run.
pub const SEED: &str = "SAKSAMA_FAULTS_SEED";

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
        match std::env::var(SIZE).as_deref() {
            Err(_) | Ok("" | "quick") => Size::Quick,
            Ok("full") => Size::Full,
            Ok("long") => Size::Long,
            Ok(other) => panic!("{SIZE}={other} is none of quick, full, long"),
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

/// The seed of a run: the one asked for, or a fresh one. Every failure prints it.
pub fn seed() -> u64 {
    std::env::var(SEED).map_or_else(|_| rand::random(), |text| text.parse().unwrap_or_else(|_| panic!("{SEED}={text} is not a number")))
}
