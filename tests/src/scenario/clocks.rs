//! The server's wall clock jumps while sessions run: remaining time is measured by this process's monotonic clock and must not follow.
//!
//! Nobody's clock is set: libfaketime stands between the server and the wall clock, takes how far off it is from a file, and leaves the monotonic
//! clock alone.

use super::{Hall, Report, spread};
use crate::Launch;
use crate::outbox::{ClockSeen, Crowd, Habits, look};
use anyhow::{Context, Result, bail};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use wire::roster::SittingPolicyBody;
use wire::terminal::Phase;

/// Remaining time may be off by so much.
const OFF_MS: f64 = 50.0;
/// An answer counts, and a session ends, so long after its time.
const GRACE: Duration = Duration::from_millis(500);
/// The end is recorded within this.
const END_WITHIN: Duration = Duration::from_secs(2);
/// Farthest from the true time, seconds.
const FAR_S: f64 = 10.0 * 86_400.0;
/// Between two jumps, milliseconds.
const EVERY_MS: std::ops::Range<u64> = 100..400;

/// How much.
#[derive(Clone, Copy, Debug)]
pub struct Jumps {
    /// Jumps of 1 s to a day, forth and back.
    pub times: u32,
    /// Terminals that work.
    pub terminals: usize,
    /// Terminals that come back after every jump and read the clock.
    pub watchers: usize,
}

/// The library that `tools/setup test` installs.
fn library() -> Result<PathBuf> {
    let folders = std::fs::read_dir("/usr/lib")?.filter_map(|entry| Some(entry.ok()?.path()));
    let mut places = folders.map(|folder| folder.join("faketime/libfaketime.so.1"));
    places.find(|place| place.is_file()).context("libfaketime is not there; tools/setup test installs it")
}

/// A wall clock that can be moved.
struct Wall {
    folder: TempDir,
    off_s: f64,
}

impl Wall {
    fn new() -> Result<Wall> {
        let wall = Wall { folder: tempfile::tempdir()?, off_s: 0.0 };
        wall.write()?;
        Ok(wall)
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("off")
    }

    /// The library reads the file at every look at the clock, so it must never be half written.
    fn write(&self) -> Result<()> {
        let new = self.folder.path().join("new");
        std::fs::write(&new, format!("{:+.3}\n", self.off_s))?;
        Ok(std::fs::rename(new, self.file())?)
    }

    fn jump(&mut self, by_s: f64) -> Result<()> {
        self.off_s += by_s;
        self.write()
    }

    fn environment(&self, library: &Path) -> Vec<(String, String)> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let pairs = [
            ("LD_PRELOAD", text(library)),
            ("FAKETIME_TIMESTAMP_FILE", text(&self.file())),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            // Times of files stay what they are.
            ("NO_FAKE_STAT", "1".to_owned()),
        ];
        pairs.map(|(name, value)| (name.to_owned(), value)).into()
    }
}

/// The day by the server's wall clock.
async fn day(base: &str) -> Result<String> {
    let answer = reqwest::get(format!("{base}/healthz")).await?;
    let date = answer.headers().get("date").and_then(|date| date.to_str().ok()).context("a date")?;
    Ok(date.chars().take("Sun, 22 Nov 2026".len()).collect())
}

/// When a session's time is over, as far as this process can tell: milliseconds since `zero`.
#[derive(Clone, Copy, Debug)]
struct End(f64, f64);

impl End {
    fn of(seen: &ClockSeen, zero: Instant) -> End {
        let ms = |instant: Instant| instant.duration_since(zero).as_secs_f64() * 1e3;
        let left = f64::from(seen.clock.remaining_ms);
        End(ms(seen.before) + left, ms(seen.after) + left)
    }

    /// Surely farther off than allowed: some milliseconds, if so.
    fn off(self, seen: End) -> Option<f64> {
        let off = (seen.0 - self.1).max(self.0 - seen.1);
        (off > OFF_MS).then_some(off)
    }
}

/// Moves the wall clock until the sessions are over.
pub async fn jumps(launch: &Launch, plan: Jumps, seed: u64) -> Result<Report> {
    let mut rng = SmallRng::seed_from_u64(seed);
    let mut wall = Wall::new()?;
    let mut launch = launch.clone();
    launch.environment.extend(wall.environment(&library()?));
    let lasts_s = u64::from(plan.times) * EVERY_MS.end / 1000 + 7;
    let policy =
        SittingPolicyBody { hard_close_after_s: lasts_s as u32, grace_ms: GRACE.as_millis() as u32, ..SittingPolicyBody::default() };
    let hall = Hall::new(&launch, plan.terminals + plan.watchers, policy).await?;
    let (working, watching) = hall.seated.split_at(plan.terminals);
    let habits = Habits { every: Duration::from_millis(200), jitter: 0.1, honest_line: true, seed };
    let crowd = Crowd::start(hall.address(), working, habits);
    let starting = Crowd::start(hall.address(), watching, Habits { seed: seed.wrapping_add(1), ..habits });
    crowd.until_everybody_works().await?;
    starting.until_everybody_works().await?;
    let mut violations = Vec::new();
    if !starting.drain().await {
        violations.push("something is never answered".to_owned());
    }
    let mut diaries = starting.leave().await?;

    let zero = Instant::now();
    let mut ends = Vec::new();
    for seated in watching {
        ends.push(End::of(&look(hall.address(), seated).await?.1, zero));
    }
    let (mut jumped, mut widths, mut most_off) = (0, Vec::new(), 0.0_f64);
    let over = loop {
        let today = day(&hall.server.base).await?;
        let by_s = if jumped == 0 { 86_400.0 } else { drawn_jump(&mut rng, wall.off_s) };
        wall.jump(by_s)?;
        jumped += 1;
        if jumped == 1 && day(&hall.server.base).await? == today {
            bail!("the server's wall clock does not jump");
        }
        let mut running = 0;
        for (seated, end) in watching.iter().zip(&mut ends) {
            let (_, seen) = look(hall.address(), seated).await?;
            let who = &seated.session.participant_no;
            let now = End::of(&seen, zero);
            let (before, after) = (ms(seen.before, zero), ms(seen.after, zero));
            if seen.clock.phase == Phase::Running {
                running += 1;
                widths.push(seen.after - seen.before);
                if seen.clock.remaining_ms > 0 {
                    most_off = most_off.max((now.0 - end.1).max(end.0 - now.1));
                    if let Some(off) = end.off(now) {
                        violations.push(format!("{who}: off by {off:.0} ms after jump {jumped} of {by_s:+.0} s"));
                    }
                }
                if before > end.1 + millis(GRACE) + millis(END_WITHIN) {
                    violations.push(format!("{who}: still runs {:.0} ms after its end", before - end.1));
                }
            } else if after < end.0 + millis(GRACE) - OFF_MS {
                violations.push(format!("{who}: {:?} {:.0} ms before its end", seen.clock.phase, end.0 - after));
            }
        }
        let late = ms(Instant::now(), zero) > ends.iter().fold(0.0, |last, end| end.1.max(last)) + millis(GRACE) + millis(END_WITHIN);
        if (running == 0 || late) && jumped >= plan.times {
            break late;
        }
        if running == 0 && violations.len() > 100 {
            break late;
        }
        tokio::time::sleep(Duration::from_millis(rng.random_range(EVERY_MS))).await;
    };
    if !over && !crowd.drain().await {
        violations.push("something is never answered".to_owned());
    }
    let earliest = ends.iter().fold(f64::INFINITY, |first, end| end.0.min(first));
    diaries.extend(crowd.leave().await?);
    for diary in &diaries {
        if let Some(ended) = diary.ended.filter(|ended| ms(*ended, zero) < earliest + millis(GRACE) - OFF_MS) {
            violations.push(format!("{}: heard of its end {:.0} ms before it", diary.participant_no, earliest - ms(ended, zero)));
        }
    }
    let sessions = diaries.len() as u64;
    let mut report = hall.close(diaries, sessions).await?;
    report.violations.extend(violations);
    report.figures.push(format!(
        "{jumped} jumps, {} looks at the clock, each between two instants ({}); most it can be said to be off: {:.1} ms",
        widths.len(),
        spread(&mut widths),
        most_off.max(0.0)
    ));
    Ok(report)
}

/// As many of a second as of a day, forth and back, and never too far away.
fn drawn_jump(rng: &mut SmallRng, off_s: f64) -> f64 {
    let far = rng.random_range(0.0..86_400_f64.ln()).exp();
    let back = if off_s.abs() > FAR_S { off_s > 0.0 } else { rng.random_bool(0.5) };
    if back { -far } else { far }
}

fn ms(instant: Instant, zero: Instant) -> f64 {
    instant.saturating_duration_since(zero).as_secs_f64() * 1e3
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
