//! The wall clock jumps, the remaining time does not.

use anyhow::Result;
use tests::Launch;
use tests::scenario::clocks::{Jumps, jumps};
use tests::size::{Size, seed};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jumps_of_the_wall_clock_change_nobodys_time() -> Result<()> {
    let (size, seed) = (Size::asked_for(), seed());
    let plan = Jumps { times: size.of(12, 200, 1_000), terminals: size.of(10, 100, 100), watchers: size.of(4, 8, 8) };
    jumps(&Launch::default(), plan, seed).await?.insist("clocks::jumps_of_the_wall_clock_change_nobodys_time", seed);
    Ok(())
}
