//! A bad network between terminals and server, through the deadline: after it clears, what a page showed as saved is stored and counts by its
//! number, and everything else has arrived, in time or as evidence.

use super::{Hall, Report};
use crate::Launch;
use crate::outbox::{Crowd, Fate, Habits};
use crate::proxy::{Proxy, Way, Weather};
use anyhow::Result;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use wire::roster::SittingPolicyBody;

/// Partitions of one installation; afterwards everything is compared and a fresh one set up.
const PARTITIONS_OF_ONE: u32 = 50;

/// How much.
#[derive(Clone, Copy, Debug)]
pub struct Partitions {
    /// Partitions.
    pub times: u32,
    /// Terminals.
    pub terminals: usize,
    /// Mean time between two choices of a terminal.
    pub every: Duration,
    /// A partition lasts up to so long.
    pub longest: Duration,
}

/// Cuts the network again and again, the last time when the time is over.
pub async fn partitions(launch: &Launch, plan: Partitions, seed: u64) -> Result<Report> {
    let mut rng = SmallRng::seed_from_u64(seed);
    let mut report = Report::default();
    let mut left = plan.times;
    while left > 0 {
        let times = left.min(PARTITIONS_OF_ONE);
        left -= times;
        report.add(one_installation(launch, Partitions { times, ..plan }, &mut rng).await?);
    }
    Ok(report)
}

async fn one_installation(launch: &Launch, plan: Partitions, rng: &mut SmallRng) -> Result<Report> {
    let longest = plan.longest.as_millis() as u64;
    let troubles: Vec<(Weather, Duration, Duration)> = (1..plan.times)
        .map(|_| {
            let bad = Duration::from_millis(rng.random_range(longest / 4..longest));
            let between = Duration::from_millis(rng.random_range(50..600));
            (Weather::bad(rng), bad, between)
        })
        .collect();
    // The hall closes while the last partition lasts.
    let planned: Duration = troubles.iter().map(|(_, bad, between)| *bad + *between).sum();
    let policy = SittingPolicyBody { hard_close_after_s: planned.as_secs() as u32 + 6, grace_ms: 500, ..Default::default() };
    let hall = Hall::new(launch, plan.terminals, policy).await?;
    let proxy = Proxy::start(hall.address(), rng.random()).await?;
    let habits = Habits { every: plan.every, jitter: 0.05, honest_line: false, seed: rng.random() };
    let crowd = Crowd::start(&proxy.address, &hall.seated, habits);
    crowd.until_everybody_works().await?;
    let mut violations = Vec::new();
    for (weather, bad, between) in troubles {
        proxy.change(weather);
        tokio::time::sleep(bad).await;
        proxy.change(Weather::rough(rng));
        tokio::time::sleep(between).await;
    }
    let (_, clock) = crate::outbox::look(hall.address(), &hall.seated[0]).await?;
    let left = Duration::from_millis(clock.clock.remaining_ms.into());
    tokio::time::sleep(left.saturating_sub(Duration::from_secs(1))).await;
    let silent = Way { stalled: true, ..Way::default() };
    proxy.change(Weather { up: silent, down: silent, share: 0.7, ..Weather::fair() });
    tokio::time::sleep(Duration::from_secs(3)).await;
    proxy.change(Weather::fair());
    if !crowd.until(|progress| progress.ended.load(Relaxed) == crowd.size()).await {
        violations.push("not everybody heard of the end".to_owned());
    }
    if !crowd.drain().await {
        violations.push("something is never answered".to_owned());
    }
    let diaries = crowd.leave().await?;
    let late: u64 = diaries.iter().map(|diary| diary.of(&Fate::Late)).sum();
    violations.extend(evidence(&hall, late, &diaries).await?);
    let harm = proxy.harm.told();
    let expired = diaries.len() as u64;
    let mut report = hall.close(diaries, expired).await?;
    report.violations.extend(violations);
    report.figures.push(format!("{} partitions: {harm}", plan.times));
    Ok(report)
}

/// What came late is there as evidence, piece by piece.
async fn evidence(hall: &Hall, told: u64, diaries: &[crate::outbox::Diary]) -> Result<Vec<String>> {
    let mut found = 0;
    for diary in diaries {
        let pieces: Vec<serde_json::Value> = hall.people.proctor.get(&format!("/api/v1/sessions/{}/late", diary.session)).await?.done()?;
        found += pieces.len() as u64;
    }
    if found == told { Ok(Vec::new()) } else { Ok(vec![format!("{told} answers were told to be late, {found} are kept as evidence")]) }
}
