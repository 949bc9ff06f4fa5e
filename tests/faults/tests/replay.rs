//! Torn, reordered and dropped writes: whatever of the unsynced ones reached the disk, the journal opens and holds what was acknowledged.

use anyhow::Result;
use faults::program::{Program, have};
use faults::replay::{Honesty, states};
use faults::size::{again, rounds, seed, skipped};

#[test]
fn nothing_acknowledged_is_lost_by_unsynced_writes_that_went_missing() -> Result<()> {
    if !have("strace") {
        skipped("states of a disk after a power cut", "strace is not installed");
        return Ok(());
    }
    let seed = seed();
    states(&Program::writer(), Honesty::Honest, seed, rounds(300, 5_000, 200_000))?.judge("states of a disk", &again(seed, "replay"));
    Ok(())
}

#[test]
fn a_disk_that_only_pretends_to_sync_would_be_noticed() -> Result<()> {
    if !have("strace") {
        skipped("a disk that pretends", "strace is not installed");
        return Ok(());
    }
    let outcome = states(&Program::writer(), Honesty::Lying, seed(), 300)?;
    assert!(!outcome.broken.is_empty(), "nothing was missed in {} states", outcome.rounds);
    Ok(())
}
