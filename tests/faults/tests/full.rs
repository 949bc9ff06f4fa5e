//! Full disks: answers are refused as busy and not stored, and when space returns the exam goes on with nothing lost.

use anyhow::Result;
use faults::full::{fills, impossible};
use faults::program::Program;
use faults::size::{again, rounds, seed, skipped};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_politely_and_loses_nothing() -> Result<()> {
    if let Some(why) = impossible() {
        skipped("full disks", &why);
        return Ok(());
    }
    let seed = seed();
    fills(&Program::server(), seed, rounds(3, 50, 500)).await?.judge("full disks", &again(seed, "full"));
    Ok(())
}
