//! Do the fault tests bite? Each deliberate mistake of the crate `sabotage` below is made by a server of its own, and the scenario of the named
//! test must report a violation.
//!
//! | mistake | test that turns red |
//! | --- | --- |
//! | `ack_before_commit` | `kill::nothing_acknowledged_is_lost_by_kill_nine` |
//! | `restart_clocks` | `kill::nothing_acknowledged_is_lost_by_kill_nine` |
//! | `lose_last_batch` | `kill::nothing_acknowledged_is_lost_when_the_server_is_told_to_stop` |
//! | `shed_answers` | `kill::what_piles_up_while_the_server_stands_still_drains_without_a_storm`, `partitions::a_bad_network_loses_nothing_that_was_shown_as_saved` |
//! | `wall_clock` | `clocks::jumps_of_the_wall_clock_change_nobodys_time` |
//! | `skip_idempotency` | `partitions::a_bad_network_loses_nothing_that_was_shown_as_saved` |

use anyhow::Result;
use std::time::Duration;
use tests::Launch;
use tests::scenario::Report;
use tests::scenario::clocks::{Jumps, jumps};
use tests::scenario::ends::{Ends, How, ends};
use tests::scenario::partitions::{Partitions, partitions};
use tests::scenario::pause::{Pause, pause};
use tests::size::seed;

/// A mistake was made: it must have been seen.
fn bites(mistake: &str, seed: u64, report: &Report) {
    println!(
        "{mistake}: {} violations, the first: {:.200}",
        report.violations.len(),
        report.violations.first().map_or("none", |line| line)
    );
    assert!(!report.violations.is_empty(), "{mistake} was not seen with seed {seed}");
}

fn kills(how: How) -> Ends {
    Ends { how, times: 4, terminals: 30, every: Duration::from_millis(20) }
}

const BAD_NETWORK: Partitions =
    Partitions { times: 4, terminals: 20, every: Duration::from_millis(60), longest: Duration::from_millis(600) };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledgement_before_the_commit_is_seen() -> Result<()> {
    let seed = seed();
    bites("ack_before_commit", seed, &ends(&Launch::sabotaged("ack_before_commit"), kills(How::Killed), seed).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_that_begin_anew_are_seen() -> Result<()> {
    let seed = seed();
    bites("restart_clocks", seed, &ends(&Launch::sabotaged("restart_clocks"), kills(How::Killed), seed).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_last_batch_that_is_lost_is_seen() -> Result<()> {
    let seed = seed();
    bites("lose_last_batch", seed, &ends(&Launch::sabotaged("lose_last_batch"), kills(How::Told), seed).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_are_dropped_under_load_are_seen() -> Result<()> {
    let seed = seed();
    let plan = Pause { terminals: 20, every: Duration::from_millis(50), still: Duration::from_secs(1) };
    bites("shed_answers", seed, &pause(&Launch::sabotaged("shed_answers"), plan, seed).await?);
    bites("shed_answers", seed, &partitions(&Launch::sabotaged("shed_answers"), BAD_NETWORK, seed).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn time_by_the_wall_clock_is_seen() -> Result<()> {
    let seed = seed();
    let plan = Jumps { times: 3, terminals: 2, watchers: 2 };
    bites("wall_clock", seed, &jumps(&Launch::sabotaged("wall_clock"), plan, seed).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_that_are_done_twice_are_seen() -> Result<()> {
    let seed = seed();
    bites("skip_idempotency", seed, &partitions(&Launch::sabotaged("skip_idempotency"), BAD_NETWORK, seed).await?);
    Ok(())
}
