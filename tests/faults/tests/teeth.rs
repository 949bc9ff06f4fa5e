//! Each deliberate mistake about disks must turn a test of this package red; a test that cannot fail proves nothing.
//!
//! | mistake | test that finds it |
//! | --- | --- |
//! | `synchronous_normal` | `power`: power cuts, on ext4 and on XFS |

use anyhow::Result;
use faults::Outcome;
use faults::cut::{FileSystem, cuts, impossible};
use faults::program::Program;
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
