//! Each deliberate mistake about disks must turn a test of this package red; a test that cannot fail proves nothing.
//!
//! | mistake | test that finds it |
//! | --- | --- |
//! | `synchronous_normal` | `power`: power cuts, on ext4 and on XFS; `replay`: states of a disk |
//! | `believe_after_error` | `errors`: failed syncs, failed writes |
//! | `trust_blocks` | `flips`: flipped bits, in choices of the journal |
//! | `full_disk_is_saved` | `full`: full disks under the real server |

use anyhow::Result;
use faults::Outcome;
use faults::cut::{FileSystem, cuts, impossible};
use faults::errors::{Failing, Steps, step_through};
use faults::flips::{Finished, Left, flip_choices};
use faults::full::{self, fills};
use faults::program::{Program, have};
use faults::replay::{Honesty, states};
use faults::size::{seed, skipped};
use sabotage::Sabotage;
use std::io::Write;

/// Tries of a mistake that shows itself by chance.
const TRIES: u64 = 20;

fn must_be_found(mistake: Sabotage, by: &str, outcome: &Outcome) {
    assert!(!outcome.broken.is_empty(), "{} was not found by {by} in {} rounds", mistake.name(), outcome.rounds);
    let _ = writeln!(std::io::stderr(), "{} was found by {by} in round {}: {}", mistake.name(), outcome.rounds, outcome.broken[0]);
}

#[test]
fn power_cuts_find_commits_without_a_sync() -> Result<()> {
    for file_system in [FileSystem::Ext4, FileSystem::Xfs] {
        if let Some(why) = impossible(file_system) {
            skipped(&format!("power cuts on {file_system:?}"), &why);
            continue;
        }
        let outcome = cuts(file_system, &Program::sabotaged_writer(Sabotage::SynchronousNormal), seed(), TRIES)?;
        must_be_found(Sabotage::SynchronousNormal, &format!("power cuts on {file_system:?}"), &outcome);
    }
    Ok(())
}

#[test]
fn states_of_a_disk_find_commits_without_a_sync() -> Result<()> {
    if !have("strace") {
        skipped("states of a disk", "strace is not installed");
        return Ok(());
    }
    let outcome = states(&Program::sabotaged_writer(Sabotage::SynchronousNormal), Honesty::Honest, seed(), 300)?;
    must_be_found(Sabotage::SynchronousNormal, "states of a disk", &outcome);
    Ok(())
}

#[test]
fn errors_find_a_writer_that_believes_after_them() -> Result<()> {
    if !have("strace") {
        skipped("errors", "strace is not installed");
        return Ok(());
    }
    for failing in [Failing::Syncs, Failing::Writes] {
        let outcome = step_through(&Program::sabotaged_writer(Sabotage::BelieveAfterError), failing, Steps::Few)?;
        must_be_found(Sabotage::BelieveAfterError, &format!("errors of {failing:?}"), &outcome);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn full_disks_find_a_server_that_says_saved() -> Result<()> {
    if let Some(why) = full::impossible() {
        skipped("full disks", &why);
        return Ok(());
    }
    let outcome = fills(&Program::sabotaged_server(Sabotage::FullDiskIsSaved), seed(), 1).await?;
    must_be_found(Sabotage::FullDiskIsSaved, "full disks", &outcome);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flipped_bits_find_a_server_that_trusts_blocks() -> Result<()> {
    let finished = Finished::new(Left::Unsealed, false).await?;
    let outcome = flip_choices(&finished, &Program::sabotaged_server(Sabotage::TrustBlocks), TRIES as usize).await?;
    must_be_found(Sabotage::TrustBlocks, "flipped bits", &outcome);
    Ok(())
}
