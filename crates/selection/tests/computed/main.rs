//! Rule sets applied to tables, as `saksama rank` does it.

mod document;
mod endings;
mod explained;
mod properties;
mod shipped;
mod tables;
mod thresholds;

use rules::{RuleSet, shipped as sets};
use selection::outcome::Outcomes;
use selection::tables::{Fault, read_formations, read_scores, write_results};
use selection::{Candidate, Formation, compute};

/// A shipped rule set, with some of its text replaced.
fn rule_set(id: &str, changes: &[(&str, &str)]) -> RuleSet {
    let mut text = sets::text(id).unwrap_or_default().to_owned();
    for (from, to) in changes {
        assert!(text.contains(from), "{id} says {from:?}");
        text = text.replacen(from, to, 1);
    }
    RuleSet::parse(&text, &sets::library).unwrap_or_else(|problems| panic!("{id}: {problems:#?}"))
}

/// Tables read and computed.
struct Computed {
    rules: RuleSet,
    formations: Vec<Formation>,
    people: Vec<Candidate>,
    outcomes: Outcomes,
}

impl Computed {
    fn of(rules: RuleSet, formations: &str, scores: &str) -> Result<Computed, Vec<Fault>> {
        let formations = read_formations(formations.as_bytes(), &rules)?.rows;
        let (people, until) = read_scores(scores.as_bytes(), &rules, &formations)?;
        let outcomes = compute(&rules, &formations, &people.rows, until).expect("computed");
        Ok(Computed { rules, formations, people: people.rows, outcomes })
    }

    /// The cells of some columns, a row a person, in the order of the result.
    fn columns(&self, names: &[&str]) -> Vec<String> {
        let mut table = Vec::new();
        write_results(&mut table, &self.rules, &self.formations, &self.people, &self.outcomes).expect("written");
        let mut reader = csv::Reader::from_reader(&table[..]);
        let header = reader.headers().expect("a header").clone();
        let place = |name: &&str| header.iter().position(|column| column == *name).unwrap_or_else(|| panic!("no column {name}"));
        let places: Vec<usize> = names.iter().map(place).collect();
        let row = |record: csv::StringRecord| places.iter().map(|&place| record[place].to_owned()).collect::<Vec<_>>().join(",");
        reader.records().map(|record| row(record.expect("a row"))).collect()
    }
}

/// What is computed from tables, by columns.
fn check(rules: RuleSet, formations: &str, scores: &str, columns: &[&str], expected: &[&str]) {
    let computed = Computed::of(rules, formations, scores).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(computed.columns(columns), expected, "{scores}");
}
