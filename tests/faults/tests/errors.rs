//! Errors of the disk at every call: no false acknowledgement, the process ends, the next one has everything.

use anyhow::Result;
use faults::errors::{Failing, Steps, step_through};
use faults::program::{Program, have};
use faults::size::{again, rounds, skipped};

fn every(failing: Failing) -> Result<()> {
    if !have("strace") {
        skipped(&format!("errors of {failing:?}"), "strace is not installed");
        return Ok(());
    }
    let steps = if rounds(0, 1, 1) == 0 { Steps::Few } else { Steps::Every };
    step_through(&Program::writer(), failing, steps)?.judge(&format!("errors of {failing:?}"), &again(0, "errors"));
    Ok(())
}

#[test]
fn a_failed_sync_acknowledges_nothing_and_ends_the_process() -> Result<()> {
    every(Failing::Syncs)
}

#[test]
fn a_failed_write_acknowledges_nothing_and_ends_the_process() -> Result<()> {
    every(Failing::Writes)
}

#[test]
fn a_failed_truncation_acknowledges_nothing_and_ends_the_process() -> Result<()> {
    every(Failing::Truncations)
}
