//! Partitions, loss, duplicates and reordering between terminal and server.

use anyhow::Result;
use std::time::Duration;
use tests::Launch;
use tests::scenario::partitions::{Partitions, partitions};
use tests::size::{Size, seed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_network_loses_nothing_that_was_shown_as_saved() -> Result<()> {
    let (size, seed) = (Size::asked_for(), seed());
    let plan = Partitions {
        times: size.of(10, 100, 1_000),
        terminals: size.of(40, 200, 200),
        every: Duration::from_millis(size.of(150, 250, 250)),
        longest: Duration::from_millis(size.of(900, 5_000, 5_000)),
    };
    partitions(&Launch::default(), plan, seed).await?.insist("partitions::a_bad_network_loses_nothing_that_was_shown_as_saved", seed);
    Ok(())
}
