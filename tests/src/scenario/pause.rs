//! The server stands still for a while (SIGSTOP) under terminals that go on choosing, and goes on: everything that piled up drains, nothing is lost,
//! and nobody storms it.

use super::{Hall, Report, metric};
use crate::Launch;
use crate::outbox::{Crowd, Habits};
use anyhow::Result;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};
use wire::roster::SittingPolicyBody;

/// How much.
#[derive(Clone, Copy, Debug)]
pub struct Pause {
    /// Terminals.
    pub terminals: usize,
    /// Mean time between two choices of a terminal.
    pub every: Duration,
    /// How long the server stands still.
    pub still: Duration,
}

/// Stops the process and lets it go on.
pub async fn pause(launch: &Launch, plan: Pause, seed: u64) -> Result<Report> {
    let hall = Hall::new(launch, plan.terminals, SittingPolicyBody::default()).await?;
    let habits = Habits { every: plan.every, jitter: 0.1, honest_line: true, seed };
    let crowd = Crowd::start(hall.address(), &hall.seated, habits);
    crowd.until_everybody_works().await?;
    let mut violations = Vec::new();
    let attempts = crowd.progress.attempts.load(Relaxed);
    hall.server.signal("STOP")?;
    tokio::time::sleep(plan.still).await;
    let acks = crowd.progress.acks.load(Relaxed);
    hall.server.signal("CONT")?;
    let woken = Instant::now();
    // What piled up and as much again.
    if !crowd.until(|progress| progress.acks.load(Relaxed) >= acks + 8 * crowd.size()).await {
        violations.push("nothing moves after the pause".to_owned());
    }
    if !crowd.drain().await {
        violations.push("something is never answered".to_owned());
    }
    let drained = woken.elapsed();
    let again = crowd.progress.attempts.load(Relaxed) - attempts;
    // A pause that is shorter than the page's patience makes nobody come anew, a longer one everybody once.
    if again > crowd.size() {
        violations.push(format!("{again} connections were tried by {} terminals", crowd.size()));
    }
    let sockets = metric(&hall.server, "saksama_sockets_open").await?;
    if sockets > crowd.size() as f64 {
        violations.push(format!("{sockets} sockets are open for {} terminals", crowd.size()));
    }
    let diaries = crowd.leave().await?;
    let mut report = hall.close(diaries, 0).await?;
    report.violations.extend(violations);
    report.figures.push(format!(
        "paused {:.1} s, drained {:.1} s after it; {again} further connections tried",
        plan.still.as_secs_f64(),
        drained.as_secs_f64()
    ));
    Ok(report)
}
