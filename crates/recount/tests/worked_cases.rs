//! Every worked case that a shipped rule set carries comes out the same here.

use recount::{Line, reaches, results};
use rules::rule_set::Case;
use rules::{RuleSet, shipped};

fn rule_set(id: &str) -> RuleSet {
    let text = shipped::text(id).expect("a shipped set");
    RuleSet::parse(text, &shipped::library).expect("a shipped set is in order")
}

/// Compares what a case expects with the computed lines; says how many cells were compared.
fn check(rules: &RuleSet, case: &Case) -> usize {
    let until = reaches(rules, case.scores.trim().as_bytes()).expect("columns of a stage");
    let lines = results(rules, case.formations.trim().as_bytes(), case.scores.trim().as_bytes(), &until);
    let lines = lines.unwrap_or_else(|error| panic!("{}, {}: {error}", rules.id, case.id));
    let mut expected = csv::Reader::from_reader(case.expect.trim().as_bytes());
    let columns: Vec<String> = expected.headers().expect("a header").iter().map(str::to_owned).collect();
    let mut compared = 0;
    for row in expected.records() {
        let row = row.expect("a row");
        let line = of(&lines, &row[0]).unwrap_or_else(|| panic!("{}, {}: {} is missing", rules.id, case.id, &row[0]));
        for (name, expected) in columns.iter().zip(&row) {
            let Some((_, ours)) = line.columns().into_iter().find(|(column, _)| column == name) else { continue };
            assert_eq!(ours, expected, "{}, {}, participant {}, {name}: {line:?}", rules.id, case.id, &row[0]);
            compared += 1;
        }
    }
    compared
}

fn of<'a>(lines: &'a [Line], number: &str) -> Option<&'a Line> {
    lines.iter().find(|line| line.participant_no == number)
}

#[test]
fn worked_cases_of_every_shipped_set() {
    let (mut cases, mut cells) = (0, 0);
    for id in shipped::ids() {
        let rules = rule_set(id);
        assert!(!rules.cases.is_empty(), "{id} has cases");
        for case in &rules.cases {
            cells += check(&rules, case);
            cases += 1;
        }
    }
    assert!(cases >= 40 && cells >= 700, "{cases} cases, {cells} cells");
}
