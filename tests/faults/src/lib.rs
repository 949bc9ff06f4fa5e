//! Disks that fail: power cuts, torn and dropped writes, errors, no space, flipped bits. Each test breaks a disk under the real journal or the
//! real server and asks what every test of this project asks: is everything there that was acknowledged, once, and does it count?
//!
//! `saksama-journal-writer` is the hall under test where no sockets are needed: real owners and the real journal, one line per acknowledgement.
//! The same rounds run against a sabotaged writer and must find the mistake (`tests/teeth.rs`).
//!
//! How many rounds: `SAKSAMA_FAULTS` = `quick` (part of `make test`), `full` (`make fault`), `long` (`make fault-long`). What is random
//! follows from one seed, which failures print and `SAKSAMA_FAULTS_SEED` sets.

pub mod cut;
pub mod errors;
pub mod exam;
pub mod flips;
pub mod full;
pub mod hall;
pub mod program;
pub mod replay;
pub mod size;
pub mod trace;
pub mod verify;
pub mod writer;

/// What a number of rounds came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Rounds made.
    pub rounds: u64,
    /// Acknowledgements that were looked for.
    pub acknowledged: u64,
    /// Promises that were broken, in words; empty means none.
    pub broken: Vec<String>,
}

impl Outcome {
    /// Adds another one.
    pub fn add(&mut self, other: Outcome) {
        self.rounds += other.rounds;
        self.acknowledged += other.acknowledged;
        self.broken.extend(other.broken);
    }

    /// Fails the test with everything that was broken and the way to see it again, otherwise says what was done.
    pub fn judge(&self, what: &str, again: &str) {
        use std::io::Write;
        assert!(self.rounds > 0, "{what}: nothing was tried");
        assert!(
            self.broken.is_empty(),
            "{what}: {} of {} rounds broke a promise; see it again with\n    {again}\n{}",
            self.broken.len(),
            self.rounds,
            self.broken.join("\n")
        );
        // Past the capture of the test harness: the count is the result.
        let _ = writeln!(std::io::stderr(), "{what}: {} rounds, {} acknowledgements looked for, none lost", self.rounds, self.acknowledged);
    }
}
