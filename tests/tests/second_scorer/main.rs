//! The second scorer against the first: random tables under every shipped rule set and changed copies of them, random journals, and proof
//! that a wrong result does not pass.

mod journals;
mod sets;
mod tables;

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use recount::{Comparison, compare, reaches, results};
use rules::{RuleSet, Status};
use selection::tables::{read_formations, read_scores, write_results};
use std::collections::BTreeSet;
use tables::Tables;

/// Random tables for each shipped set as it is, three times as many for our own; as many again for changed copies of each.
const TABLES: u64 = 300;

/// What the first scorer makes of the tables; or what it refuses.
fn first(rules: &RuleSet, tables: &Tables) -> Result<Vec<u8>, String> {
    let told = |faults: Vec<selection::tables::Fault>| faults.iter().map(|fault| format!("{fault}\n")).collect::<String>();
    let formations = read_formations(tables.formations.as_bytes(), rules).map_err(told)?.rows;
    let (people, until) = read_scores(tables.scores.as_bytes(), rules, &formations).map_err(told)?;
    let outcomes = selection::compute(rules, &formations, &people.rows, until).map_err(|error| error.to_string())?;
    let mut written = Vec::new();
    write_results(&mut written, rules, &formations, &people.rows, &outcomes).map_err(|error| error.to_string())?;
    Ok(written)
}

/// What the second finds in these results.
fn second(rules: &RuleSet, tables: &Tables, theirs: &[u8]) -> Result<Comparison, recount::Error> {
    let until = reaches(rules, tables.scores.as_bytes())?;
    let lines = results(rules, tables.formations.as_bytes(), tables.scores.as_bytes(), &until)?;
    compare(&lines, theirs)
}

/// Both make the same of the tables, or both refuse them. Says whether there was a result.
fn check(rules: &RuleSet, tables: &Tables, about: &str) -> bool {
    let show = || format!("{about}\n\n{}\n{}", tables.formations, tables.scores);
    match first(rules, tables) {
        Ok(theirs) => {
            let found = second(rules, tables, &theirs).unwrap_or_else(|error| panic!("only the second refuses: {error}\n{}", show()));
            assert!(found.is_equal(), "{:#?}\n{}\n{}", found.differences, show(), String::from_utf8_lossy(&theirs));
            true
        }
        Err(refused) => {
            let found = second(rules, tables, b"participant_no,formation,total,rank,status,code,stage\n");
            assert!(found.is_err(), "only the first refuses: {refused}\n{}", show());
            false
        }
    }
}

/// What the results of tables say: statuses, groups and moves with their notes.
fn said(rules: &RuleSet, tables: &Tables) -> Vec<String> {
    let lines = reaches(rules, tables.scores.as_bytes())
        .and_then(|until| results(rules, tables.formations.as_bytes(), tables.scores.as_bytes(), &until));
    lines.into_iter().flatten().flat_map(|line| [format!("{} {}", line.status, line.note), line.group, line.moved_by]).collect()
}

/// The same tables, in which a column of the scores has a name that nobody asks for.
fn without(tables: &Tables, column: &str) -> Tables {
    let scores = tables.scores.replacen(&format!(",{column},"), ",catatan,", 1);
    Tables { formations: tables.formations.clone(), scores }
}

#[test]
fn random_tables_under_every_set() {
    let (mut seen, mut by_decision, mut by_move_decision) = (BTreeSet::new(), 0, 0);
    for id in sets::ids() {
        let rules = sets::set(id);
        let tables_of_set = if sets::is_own(id) { 3 * TABLES } else { TABLES };
        let computed = (0..tables_of_set).filter(|&seed| {
            let mut rng = SmallRng::seed_from_u64(seed);
            let tables = tables::random(&rules, &mut rng);
            let with_decisions = said(&rules, &tables);
            by_decision += u64::from(said(&rules, &without(&tables, "decision")) != with_decisions);
            by_move_decision += u64::from(said(&rules, &without(&tables, "move_decision")) != with_decisions);
            seen.extend(with_decisions);
            check(&rules, &tables, &format!("{id}, seed {seed}"))
        });
        let computed = computed.count() as u64;
        assert!(computed * 10 >= tables_of_set * 9, "{id}: only {computed} of {tables_of_set} tables were in order");
    }
    // The tables reach every corner: all statuses, both kinds of ties that wait, both groups, moves of each kind.
    let statuses = Status::ALL.iter().filter(|status| **status != Status::Shortlisted).map(|status| format!("{status} "));
    let others = ["shortlisted ", "shortlisted committee_decides", "not_selected committee_decides", "P1", "P2", "I", "II"];
    let moves = ["1", "2", "U-1", "same", "any"];
    for word in statuses.chain(others.into_iter().chain(moves).map(str::to_owned)) {
        assert!(seen.contains(&word), "no table led to {word:?}: {seen:?}");
    }
    assert!(by_decision > 20 && by_move_decision > 20, "decided by the committee: {by_decision} and {by_move_decision} tables");
}

#[test]
fn random_tables_under_changed_copies_of_the_sets() {
    for id in sets::ids() {
        let mut computed = 0;
        for seed in 0..TABLES {
            let mut rng = SmallRng::seed_from_u64(seed);
            let (rules, changed) = sets::changed_set(id, &mut rng);
            let tables = tables::random(&rules, &mut rng);
            computed += u64::from(check(&rules, &tables, &format!("{id}, seed {seed}, changed: {changed}")));
        }
        assert!(computed * 10 >= TABLES * 8, "{id}: only {computed} of {TABLES} tables were in order");
    }
}

/// One cell in each column, changed in random rows, is named by the second scorer.
#[test]
fn no_wrong_cell_passes() {
    let rules = sets::set("cpns-2018");
    let mut rng = SmallRng::seed_from_u64(7);
    let mut cells = 0;
    for _ in 0..20 {
        let tables = tables::random(&rules, &mut rng);
        let Ok(theirs) = first(&rules, &tables) else { continue };
        let theirs = String::from_utf8(theirs).expect("a table");
        let rows: Vec<Vec<&str>> = theirs.lines().map(|line| line.split(',').collect()).collect();
        if rows.len() < 2 || !check(&rules, &tables, "as it was computed") {
            continue;
        }
        for column in [
            "formation",
            "total",
            "rank",
            "status",
            "code",
            "stage",
            "group",
            "move",
            "to_formation",
            "note",
            "category",
            "skd_total",
            "skd_rank",
            "skd_100",
            "skb_100",
            "final",
            "score_year",
        ] {
            let place = rows[0].iter().position(|name| *name == column).expect("a column of the results");
            let row = rng.random_range(1..rows.len());
            let mut spoilt = rows.clone();
            let wrong = format!("{}9", rows[row][place]);
            spoilt[row][place] = &wrong;
            let spoilt: String = spoilt.iter().map(|row| row.join(",") + "\n").collect();
            let found = second(&rules, &tables, spoilt.as_bytes()).expect("tables in order");
            let named: Vec<(&str, &str)> =
                found.differences.iter().map(|difference| (difference.participant_no.as_str(), difference.column.as_str())).collect();
            assert_eq!(named, [(rows[row][0], column)], "{spoilt}");
            cells += 1;
        }
    }
    assert!(cells >= 100, "{cells}");
}
