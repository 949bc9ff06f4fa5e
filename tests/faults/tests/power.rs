//! Power cuts on real file systems: whatever was acknowledged before the cut is there afterwards, and counts.

use anyhow::Result;
use faults::cut::{FileSystem, cuts, impossible};
use faults::program::Program;
use faults::size::{again, rounds, seed, skipped};

fn nothing_is_lost_on(file_system: FileSystem) -> Result<()> {
    if let Some(why) = impossible(file_system) {
        skipped(&format!("power cuts on {file_system:?}"), &why);
        return Ok(());
    }
    let seed = seed();
    cuts(file_system, &Program::writer(), seed, rounds(8, 100, 1_000))?
        .judge(&format!("power cuts on {file_system:?}"), &again(seed, "power"));
    Ok(())
}

#[test]
fn nothing_acknowledged_is_lost_by_a_power_cut_on_ext4() -> Result<()> {
    nothing_is_lost_on(FileSystem::Ext4)
}

#[test]
fn nothing_acknowledged_is_lost_by_a_power_cut_on_xfs() -> Result<()> {
    nothing_is_lost_on(FileSystem::Xfs)
}
