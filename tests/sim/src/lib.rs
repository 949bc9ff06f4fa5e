//! The simulator: whole halls in simulated time, against models that are too simple to be wrong.
//!
//! One `u64` seed is one run. It draws the halls, their people, the policies and the faults, and then plays ten minutes of exam: the real owners,
//! sessions, records and scoring, with a fake clock, a lossy network and a faulty disk around them. Whatever anybody is told, whatever is on the
//! disk and whatever a screen shows is compared with the model all the time ([`property::Property`]). There is no other source of randomness or
//! time, so the same seed gives the same trace.

mod board;
mod disk;
mod finish;
mod model;
mod page;
mod people;
mod plan;
pub mod property;
mod queue;
mod rng;
mod server;
mod trace;
mod world;

pub mod cli;

pub use plan::Options;
pub use world::Report;

use property::{Property, Violation};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs a seed. A panic of the code under test is a violation like any other.
pub fn run(options: &Options) -> Report {
    catch_unwind(AssertUnwindSafe(|| world::run(options))).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|words| (*words).to_owned()));
        let violation = Violation { property: Property::NoPanic, detail: words.unwrap_or_default(), at_ms: 0 };
        Report { trace: [0; 32], events: 0, records: 0, saved: 0, candidates: 0, crashes: 0, violation: Some(violation) }
    })
}
