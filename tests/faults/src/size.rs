//! How many rounds, and the seed.

use rand::SeedableRng;
use rand::rngs::SmallRng;

/// The environment variable that chooses the size.
pub const VARIABLE: &str = "SAKSAMA_FAULTS";
/// The environment variable that repeats a run.
pub const SEED: &str = "SAKSAMA_FAULTS_SEED";

/// Rounds of the chosen size.
pub fn rounds(quick: u64, full: u64, long: u64) -> u64 {
    match std::env::var(VARIABLE).as_deref() {
        Err(_) | Ok("" | "quick") => quick,
        Ok("full") => full,
        Ok("long") => long,
        Ok(other) => panic!("{VARIABLE}={other}: quick, full or long"),
    }
}

/// The seed of this run: given, or another one each time.
pub fn seed() -> u64 {
    match std::env::var(SEED) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{SEED}={text} is not a number")),
        Err(_) => {
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_micros() as u64 % 1_000_000_007)
        }
    }
}

/// Randomness of one round.
pub fn random(seed: u64, round: u64) -> SmallRng {
    SmallRng::seed_from_u64(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(round))
}

/// The command line that repeats a run.
pub fn again(seed: u64, test: &str) -> String {
    let size = std::env::var(VARIABLE).unwrap_or_else(|_| "quick".to_owned());
    format!("{VARIABLE}={size} {SEED}={seed} cargo test -p faults --test {test}")
}

/// Says, past the capture of the test harness, why a test was not made.
pub fn skipped(what: &str, why: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "SKIPPED: {what}: {why}");
}
