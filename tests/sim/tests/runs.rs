//! Every promise holds in every seed. `SAKSAMA_FAULTS` says how many: `quick` (the default), `full`, `long`.

use sim::cli::sweep;
use sim::{Options, run};

/// Seeds of this size.
fn size() -> u64 {
    match std::env::var("SAKSAMA_FAULTS").as_deref() {
        Err(_) | Ok("quick" | "") => 60,
        Ok("full") => 2_000,
        Ok("long") => 100_000,
        Ok(other) => panic!("SAKSAMA_FAULTS={other} is none of quick, full, long"),
    }
}

#[test]
fn every_promise_holds_in_every_seed() {
    let sum = sweep(&Options::new(0), 0..size(), None, || ());
    if let Some((seed, violation)) = &sum.failed {
        panic!("seed {seed} violates {violation}\nrepeat it: saksama-sim --seed {seed} --trace");
    }
    assert_eq!(sum.seeds, size());
    // A simulator in which nothing happens would hold every promise.
    assert!(sum.crashes > size() / 2 && sum.saved > size() * 500 && sum.records > sum.saved, "{sum:?}");
}

#[test]
fn seeds_that_failed_once_hold() {
    let kept = include_str!("../seeds.txt").lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    for line in kept {
        let mut words = line.splitn(3, ' ');
        let mut number = || words.next().and_then(|word| word.parse().ok());
        let (Some(seed), Some(minutes)) = (number(), number()) else { panic!("{line}: seed, minutes, why") };
        assert!(words.next().is_some_and(|why| !why.is_empty()), "{line}: a word why");
        let report = run(&Options { minutes, ..Options::new(seed) });
        assert!(report.violation.is_none(), "{line}: {}", report.violation.map_or(String::new(), |violation| violation.to_string()));
    }
}

#[test]
fn the_same_seed_is_the_same_run() {
    let traces =
        |from: u64| -> Vec<[u8; 32]> { (from..from + 50).map(|seed| run(&Options { minutes: 2, ..Options::new(seed) }).trace).collect() };
    let (first, again) = (traces(1_000), traces(1_000));
    assert_eq!(first, again);
    let different: std::collections::BTreeSet<_> = first.iter().collect();
    assert_eq!(different.len(), first.len(), "every seed is a run of its own");
}
