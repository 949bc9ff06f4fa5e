//! The live ranking alone: one standing changes, one rank is asked for, among a million.

use crate::figures::Figures;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use scoring::ranking::Ranking;
use scoring::scheme::Standing;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Changes between two looks at the clock.
const TURN: u32 = 1_000;

/// Changes and ranks per second among `ranked`, for a time.
pub fn measure(ranked: u32, time: Duration, figures: &mut Figures) {
    let mut rng = SmallRng::seed_from_u64(1);
    let mut ranking = Ranking::new(0_u32);
    let marks = |rng: &mut SmallRng| Standing::of_total(rng.random_range(0..550_000));
    for key in 1..=ranked {
        ranking.set(key, marks(&mut rng));
    }
    let (began, mut changes) = (Instant::now(), 0_u64);
    while began.elapsed() < time {
        for _ in 0..TURN {
            let key = rng.random_range(1..=ranked);
            ranking.set(key, marks(&mut rng));
            black_box(ranking.rank(key));
        }
        changes += u64::from(TURN);
    }
    let rate = changes as f64 / began.elapsed().as_secs_f64();
    figures.noted("ranking_per_s", rate, "1/s", &format!("one changes and hears its rank, among {ranked}"));
}
