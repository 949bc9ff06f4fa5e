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

/// Whether a fault meets the mistake is chance: a kill must fall between an acknowledgement and its commit. Each round has a seed of its own.
const ROUNDS_MAX: u64 = 6;

/// Makes a mistake until it is seen; it must be, within [`ROUNDS_MAX`].
async fn bites(mistake: &'static str, scenario: impl AsyncFn(&Launch, u64) -> Result<Report>) -> Result<()> {
    let first = seed();
    for round in 0..ROUNDS_MAX {
        let report = scenario(&Launch::sabotaged(mistake), first.wrapping_add(round)).await?;
        let violations = report.violations.len();
        println!("{mistake}: {violations} violations, the first: {:.200}", report.violations.first().map_or("none", |line| line));
        if violations > 0 {
            return Ok(());
        }
    }
    panic!("{mistake} was not seen in {ROUNDS_MAX} rounds from seed {first} on");
}

fn kills(how: How) -> Ends {
    Ends { how, times: 4, terminals: 30, every: Duration::from_millis(20) }
}

const BAD_NETWORK: Partitions =
    Partitions { times: 4, terminals: 20, every: Duration::from_millis(60), longest: Duration::from_millis(600) };

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledgement_before_the_commit_is_seen() -> Result<()> {
    bites("ack_before_commit", async |launch, seed| ends(launch, kills(How::Killed), seed).await).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clocks_that_begin_anew_are_seen() -> Result<()> {
    bites("restart_clocks", async |launch, seed| ends(launch, kills(How::Killed), seed).await).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_last_batch_that_is_lost_is_seen() -> Result<()> {
    bites("lose_last_batch", async |launch, seed| ends(launch, kills(How::Told), seed).await).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_are_dropped_under_load_are_seen() -> Result<()> {
    let plan = Pause { terminals: 20, every: Duration::from_millis(50), still: Duration::from_secs(1) };
    bites("shed_answers", async |launch, seed| pause(launch, plan, seed).await).await?;
    bites("shed_answers", async |launch, seed| partitions(launch, BAD_NETWORK, seed).await).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn time_by_the_wall_clock_is_seen() -> Result<()> {
    let plan = Jumps { times: 3, terminals: 2, watchers: 2 };
    bites("wall_clock", async |launch, seed| jumps(launch, plan, seed).await).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_that_are_done_twice_are_seen() -> Result<()> {
    bites("skip_idempotency", async |launch, seed| partitions(launch, BAD_NETWORK, seed).await).await?;
    Ok(())
}
