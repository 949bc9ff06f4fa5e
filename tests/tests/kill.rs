//! The server ends at any instant, with and without warning, or because its disk fails, or stands still: whatever was acknowledged is there afterwards, once, and the clocks
//! agree.

use anyhow::Result;
use std::time::Duration;
use tests::Launch;
use tests::scenario::ends::{Ends, How, ends};
use tests::scenario::pause::{Pause, pause};
use tests::size::{Size, seed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kill_nine() -> Result<()> {
    let (size, seed) = (Size::asked_for(), seed());
    let plan = Ends {
        how: How::Killed,
        times: size.of(8, 200, 2_000),
        terminals: size.of(120, 500, 500),
        every: Duration::from_millis(size.of(150, 200, 200)),
    };
    ends(&Launch::default(), plan, seed).await?.insist("kill::nothing_acknowledged_is_lost_by_kill_nine", seed);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_server_is_told_to_stop() -> Result<()> {
    let (size, seed) = (Size::asked_for(), seed());
    let plan = Ends {
        how: How::Told,
        times: size.of(3, 30, 200),
        terminals: size.of(60, 500, 500),
        every: Duration::from_millis(size.of(50, 100, 100)),
    };
    ends(&Launch::default(), plan, seed).await?.insist("kill::nothing_acknowledged_is_lost_when_the_server_is_told_to_stop", seed);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_when_the_disk_fails_under_the_server() -> Result<()> {
    let (size, seed) = (Size::asked_for(), seed());
    let plan = Ends {
        how: How::Failing,
        times: size.of(3, 30, 300),
        terminals: size.of(60, 500, 500),
        every: Duration::from_millis(size.of(100, 200, 200)),
    };
    ends(&Launch::default(), plan, seed).await?.insist("kill::nothing_acknowledged_is_lost_when_the_disk_fails_under_the_server", seed);
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_piles_up_while_the_server_stands_still_drains_without_a_storm() -> Result<()> {
    let (size, seed) = (Size::asked_for(), seed());
    let plan =
        Pause { terminals: size.of(60, 500, 500), every: Duration::from_millis(200), still: Duration::from_secs(size.of(2, 10, 10)) };
    pause(&Launch::default(), plan, seed).await?.insist("kill::what_piles_up_while_the_server_stands_still_drains_without_a_storm", seed);
    Ok(())
}
