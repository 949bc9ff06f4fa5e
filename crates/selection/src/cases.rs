//! Runs the worked cases of a rule set: each computes from its own tables and compares what it expects.

use crate::compute::compute;
use crate::tables::{Fault, read_formations, read_scores, write_results};
use rules::rule_set::{Case, RuleSet, TextLines};
use std::collections::HashMap;

/// What a case expected and did not get: one sentence each, with its line of the rule set. Empty: it holds.
pub fn run(rules: &RuleSet, case: &Case) -> Vec<String> {
    match results(rules, case) {
        Ok(results) => differences(case, &results),
        Err(reason) => vec![reason],
    }
}

fn results(rules: &RuleSet, case: &Case) -> Result<Vec<u8>, String> {
    let said = |table: &str, lines: TextLines, faults: Vec<Fault>| {
        let in_file = |fault: Fault| Fault { line: lines.line(fault.line), ..fault }.to_string();
        let faults: Vec<String> = faults.into_iter().map(in_file).collect();
        format!("{table}: {}", faults.join("; "))
    };
    let Case { formations, scores, lines, .. } = case;
    let formations = read_formations(formations.as_bytes(), rules).map_err(|faults| said("formations", lines.formations, faults))?.rows;
    let (people, until) = read_scores(scores.as_bytes(), rules, &formations).map_err(|faults| said("scores", lines.scores, faults))?;
    let outcomes = compute(rules, &formations, &people.rows, until).map_err(|error| format!("failed to {error}"))?;
    let mut written = Vec::new();
    write_results(&mut written, rules, &formations, &people.rows, &outcomes).map_err(|error| error.to_string())?;
    Ok(written)
}

/// A table read for comparing: columns, participant numbers with their lines, and cells by both.
struct Cells {
    columns: Vec<String>,
    order: Vec<(String, u64)>,
    rows: HashMap<String, HashMap<String, String>>,
}

/// A fault of a table: the line, and what is wrong.
type Misread = (u64, String);

fn cells(table: &[u8]) -> Result<Cells, Misread> {
    let misread = |error: csv::Error| (error.position().map_or(1, csv::Position::line), error.to_string());
    let mut reader = csv::Reader::from_reader(table);
    let columns: Vec<String> = reader.headers().map_err(misread)?.iter().map(str::to_owned).collect();
    let (mut order, mut rows) = (Vec::new(), HashMap::new());
    for record in reader.records() {
        let record = record.map_err(misread)?;
        let line = record.position().map_or(1, csv::Position::line);
        let row: HashMap<String, String> = columns.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
        let number = row.get("participant_no").cloned().ok_or_else(|| (1, "there is no column participant_no".to_owned()))?;
        order.push((number.clone(), line));
        rows.insert(number, row);
    }
    Ok(Cells { columns, order, rows })
}

fn differences(case: &Case, results: &[u8]) -> Vec<String> {
    let at = |line: u64| {
        let line = case.lines.expect.line(line);
        format!("expect, baris/line {line}")
    };
    let (expected, got) = match (cells(case.expect.as_bytes()), cells(results)) {
        (Ok(expected), Ok(got)) => (expected, got),
        (Err((line, reason)), _) => return vec![format!("{}: {reason}", at(line))],
        (_, Err((_, reason))) => return vec![reason],
    };
    let mut found = Vec::new();
    if expected.order.is_empty() {
        found.push(format!("{}: nothing is expected", at(1)));
    }
    for (number, line) in &expected.order {
        for column in &expected.columns {
            let want = &expected.rows[number][column];
            match got.rows.get(number).and_then(|row| row.get(column)) {
                Some(cell) if cell == want => {}
                Some(cell) => found.push(format!("{}: {number}: {column} = {cell}, expected {want}", at(*line))),
                None => found.push(format!("{}: {number}: no {column}, expected {want}", at(*line))),
            }
        }
    }
    found
}
