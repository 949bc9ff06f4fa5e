//! One flipped bit anywhere in the databases: found by `fsck` or at the start, or harmless; never served silently.

use anyhow::Result;
use faults::flips::{Finished, Left, flip_choices, flips};
use faults::program::Program;
use faults::size::{again, rounds, seed};
use std::io::Write;

async fn no_bit_lies(left: Left, count: u64) -> Result<()> {
    let seed = seed();
    let finished = Finished::new(left, true).await?;
    let (outcome, [by_fsck, at_start, harmless]) = flips(&finished, &Program::server(), seed, count).await?;
    let _ = writeln!(std::io::stderr(), "flipped bits, {left:?}: {by_fsck} found by fsck, {at_start} at the start, {harmless} harmless");
    outcome.judge(&format!("flipped bits, {left:?}"), &again(seed, "flips"));
    if left == Left::Stopped {
        assert_eq!(by_fsck, count, "the seal covers every bit");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bit_that_flips_while_the_server_is_stopped_is_found() -> Result<()> {
    no_bit_lies(Left::Stopped, rounds(8, 150, 3_000)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bit_that_flips_after_a_crash_is_never_served_silently() -> Result<()> {
    no_bit_lies(Left::Killed, rounds(17, 350, 7_000)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_choice_breaks_the_chain() -> Result<()> {
    let finished = Finished::new(Left::Unsealed, false).await?;
    flip_choices(&finished, &Program::server(), 5).await?.judge("flipped choices", &again(0, "flips"));
    Ok(())
}
