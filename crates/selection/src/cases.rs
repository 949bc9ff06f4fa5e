//! Runs the worked cases of a rule set: each computes from its own tables and compares what it expects.

use crate::compute::compute;
use crate::tables::{read_formations, read_scores, write_results};
use rules::rule_set::{Case, RuleSet};
use std::collections::HashMap;

/// What a case expected and did not get: one sentence each. Empty: it holds.
pub fn run(rules: &RuleSet, case: &Case) -> Vec<String> {
    match results(rules, case) {
        Ok(results) => differences(case, &results),
        Err(reason) => vec![reason],
    }
}

fn results(rules: &RuleSet, case: &Case) -> Result<Vec<u8>, String> {
    let said = |table: &str, faults: Vec<crate::tables::Fault>| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        format!("{table}: {}", faults.join("; "))
    };
    let formations = read_formations(case.formations.as_bytes(), rules).map_err(|faults| said("formations", faults))?.rows;
    let (people, until) = read_scores(case.scores.as_bytes(), rules, &formations).map_err(|faults| said("scores", faults))?;
    let outcomes = compute(rules, &formations, &people.rows, until).map_err(|error| format!("failed to {error}"))?;
    let mut written = Vec::new();
    write_results(&mut written, rules, &formations, &people.rows, &outcomes).map_err(|error| error.to_string())?;
    Ok(written)
}

/// Rows by participant number, cells by column.
type Rows = HashMap<String, HashMap<String, String>>;

fn rows(table: &[u8]) -> Result<(Vec<String>, Vec<String>, Rows), String> {
    let mut reader = csv::Reader::from_reader(table);
    let columns: Vec<String> = reader.headers().map_err(|error| error.to_string())?.iter().map(str::to_owned).collect();
    let (mut order, mut rows) = (Vec::new(), Rows::new());
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let row: HashMap<String, String> = columns.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        let number = row.get("participant_no").cloned().ok_or("there is no column participant_no")?;
        order.push(number.clone());
        rows.insert(number, row);
    }
    Ok((columns, order, rows))
}

fn differences(case: &Case, results: &[u8]) -> Vec<String> {
    let (expected, got) = match (rows(case.expect.as_bytes()), rows(results)) {
        (Ok(expected), Ok(got)) => (expected, got),
        (Err(reason), _) | (_, Err(reason)) => return vec![format!("expect: {reason}")],
    };
    let mut found = Vec::new();
    if expected.1.is_empty() {
        found.push("expect: nothing is expected".to_owned());
    }
    for number in &expected.1 {
        for column in &expected.0 {
            let want = &expected.2[number][column];
            match got.2.get(number).and_then(|row| row.get(column)) {
                Some(cell) if cell == want => {}
                Some(cell) => found.push(format!("{number}: {column} = {cell}, expected {want}")),
                None => found.push(format!("{number}: no {column}, expected {want}")),
            }
        }
    }
    found
}
