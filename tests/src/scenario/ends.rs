//! The server's end at random instants under terminals that go on choosing: `kill -9`, told to stop, or a disk that fails.

use super::{Hall, Report, spread};
use crate::Launch;
use crate::outbox::{ClockSeen, Crowd, Diary, Habits};
use anyhow::Result;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};
use wire::roster::SittingPolicyBody;

/// Ends of one installation; afterwards everything is compared and a fresh one set up.
const ENDS_OF_ONE: u32 = 40;
/// The first process of an installation lives at least so long: a mistake with the time then has some to be made with.
const FIRST_LIFE: Duration = Duration::from_secs(4);
/// Instants on two clocks that count whole milliseconds.
const ROUNDING_MS: f64 = 5.0;
/// After a crash time goes on from the last record or heartbeat. A heartbeat is due every second; this allows for one that was just missed.
const HEARTBEAT_MS: f64 = 2_000.0;

/// How the server ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// `kill -9`.
    Killed,
    /// SIGTERM.
    Told,
    /// A write or a sync of the journal fails.
    Failing,
}

/// Calls of which one fails.
const FAILING: [&str; 2] = ["fdatasync,fsync", "pwrite64"];
/// Which one at most: a commit has one sync and some writes.
const FAILING_MAX: u32 = 60;

/// How much.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    /// How it ends.
    pub how: How,
    /// How often.
    pub times: u32,
    /// Terminals.
    pub terminals: usize,
    /// Mean time between two choices of a terminal.
    pub every: Duration,
}

/// The life of one process of the server.
struct Life {
    spawned: Instant,
    listening: Instant,
    /// The signal was sent, the process is known to be gone.
    ended: Option<(Instant, Instant)>,
}

/// Ends and restarts the server again and again.
pub async fn ends(launch: &Launch, plan: Ends, seed: u64) -> Result<Report> {
    let mut rng = SmallRng::seed_from_u64(seed);
    let mut report = Report::default();
    let (mut first_acks, mut credits) = (Vec::new(), Vec::new());
    let mut left = plan.times;
    while left > 0 {
        let times = left.min(ENDS_OF_ONE);
        left -= times;
        report.add(one_installation(launch, Ends { times, ..plan }, &mut rng, &mut first_acks, &mut credits).await?);
    }
    report.figures.push(format!("{} ends; restart to first acknowledgement {}", plan.times, spread(&mut first_acks)));
    report.figures.push(format!("time given back beyond the outage itself: {}", spread(&mut credits)));
    Ok(report)
}

async fn one_installation(
    launch: &Launch,
    plan: Ends,
    rng: &mut SmallRng,
    first_acks: &mut Vec<Duration>,
    credits: &mut Vec<Duration>,
) -> Result<Report> {
    let mut hall = Hall::new(launch, plan.terminals, SittingPolicyBody::default()).await?;
    let habits = Habits { every: plan.every, jitter: 0.05, honest_line: true, seed: rng.random() };
    let crowd = Crowd::start(hall.address(), &hall.seated, habits);
    let mut lives = vec![Life { spawned: Instant::now(), listening: Instant::now(), ended: None }];
    crowd.until_everybody_works().await?;
    let mut violations = Vec::new();
    let mut acks = 0;
    tokio::time::sleep(FIRST_LIFE).await;
    for _ in 0..plan.times {
        if rng.random_bool(0.8) {
            // Mostly when the hall works again; sometimes while it comes back.
            let (enough, most) = (acks + plan.terminals as u64, crowd.size() * 9 / 10);
            if !crowd.until(|progress| progress.acks.load(Relaxed) >= enough && progress.up.load(Relaxed) >= most).await {
                violations.push("terminals did not come back".to_owned());
                break;
            }
            tokio::time::sleep(Duration::from_millis(rng.random_range(0..700))).await;
        } else {
            tokio::time::sleep(Duration::from_millis(rng.random_range(0..60))).await;
        }
        let sent = Instant::now();
        match plan.how {
            How::Killed => hall.server.kill().await?,
            How::Told => {
                if !hall.server.stop().await? {
                    violations.push(format!("SIGTERM did not end with code 0: {}", hall.server.log()));
                }
            }
            How::Failing => {
                let (calls, nth) = (FAILING[rng.random_range(0..FAILING.len())], rng.random_range(1..=FAILING_MAX));
                match hall.server.end_by_io_error(calls, nth).await? {
                    Some(status) if !status.success() => {}
                    Some(_) => violations.push(format!("after a failed {calls} it ended with code 0")),
                    None => {
                        violations.push(format!("after a failed {calls}, number {nth}, it went on"));
                        hall.server.kill().await?;
                    }
                }
            }
        }
        if let Some(life) = lives.last_mut() {
            life.ended = Some((sent, Instant::now()));
        }
        let spawned = Instant::now();
        hall.server.restart().await?;
        lives.push(Life { spawned, listening: Instant::now(), ended: None });
        acks = crowd.progress.acks.load(Relaxed);
        if !crowd.until(|progress| progress.acks.load(Relaxed) > acks).await {
            violations.push("nothing was acknowledged after a restart".to_owned());
            break;
        }
        first_acks.push(spawned.elapsed());
    }
    if !crowd.drain().await {
        violations.push("something is never answered".to_owned());
    }
    let diaries = crowd.leave().await?;
    violations.extend(clocks_agree(&lives, &diaries, credits));
    let mut report = hall.close(diaries, 0).await?;
    report.violations.extend(violations);
    Ok(report)
}

/// An instant between two, milliseconds.
#[derive(Clone, Copy, Debug)]
struct Between(f64, f64);

impl Between {
    const ANY: Between = Between(f64::NEG_INFINITY, f64::INFINITY);

    fn and(self, other: Between) -> Between {
        Between(self.0.max(other.0), self.1.min(other.1))
    }

    fn possible(self) -> bool {
        self.0 <= self.1 + ROUNDING_MS
    }
}

/// What the clocks of sessions must agree on. Each welcome says, between two instants of this process, how much time is left, so that the end of the
/// session lies between two instants too. While the server lives these must fit each other; from one life to the next the end of every session moves
/// by the same time, which is at least the outage, and at most that and what no heartbeat had told.
fn clocks_agree(lives: &[Life], diaries: &[Diary], credits: &mut Vec<Duration>) -> Vec<String> {
    let Some(first) = lives.first() else { return Vec::new() };
    let ms = |instant: Instant| instant.duration_since(first.spawned).as_secs_f64() * 1e3;
    let mut violations = Vec::new();
    // (life, later life) -> by how much the ends moved.
    let mut moved: BTreeMap<(usize, usize), Between> = BTreeMap::new();
    for diary in diaries {
        let mut ends: BTreeMap<usize, Between> = BTreeMap::new();
        for ClockSeen { before, after, clock } in &diary.clocks {
            let life = lives.iter().rposition(|life| life.spawned <= *before).unwrap_or(0);
            let left = f64::from(clock.remaining_ms);
            let end = ends.entry(life).or_insert(Between::ANY);
            *end = end.and(Between(ms(*before) + left, ms(*after) + left));
            if !end.possible() {
                violations.push(format!("{}: its clock did not run evenly in life {life}: {end:?}", diary.participant_no));
            }
        }
        for ((life, was), (later, is)) in ends.iter().zip(ends.iter().skip(1)) {
            let between = moved.entry((*life, *later)).or_insert(Between::ANY);
            *between = between.and(Between(is.0 - was.1, is.1 - was.0));
            if !between.possible() {
                violations.push(format!("{}: its clock disagrees with the others' after life {life}: {between:?}", diary.participant_no));
            }
        }
    }
    for ((life, later), between) in moved {
        let (mut least, mut most) = (0.0, 0.0);
        for pair in lives[life..=later].windows(2) {
            let Some((sent, gone)) = pair[0].ended else { continue };
            least += ms(pair[1].spawned) - ms(gone);
            most += ms(pair[1].listening) - ms(sent) + HEARTBEAT_MS;
        }
        if between.1 + ROUNDING_MS < least {
            violations.push(format!("the outage after life {life} cost time: {least:.0} ms, of which {between:?} came back"));
        }
        if between.0 - ROUNDING_MS > most {
            violations.push(format!("the outage after life {life} gave time: {between:?} came back of at most {most:.0} ms"));
        }
        if later == life + 1 {
            credits.push(Duration::from_secs_f64((between.0 - (most - HEARTBEAT_MS)).max(0.0) / 1e3));
        }
    }
    violations
}
