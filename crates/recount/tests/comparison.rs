//! A result that is not the same is found and named.

use recount::compare::DIFFERENCES_MAX;
use recount::{Comparison, Line, compare, results};
use rules::{RuleSet, shipped};

const FORMATIONS: &str = "formation,slots,category\nA,1,umum\nB,1,umum\n";
const SCORES: &str = "\
participant_no,formation,twk,tiu,tkp,skb,skb_status
1,A,80,100,180,400,
2,A,80,100,180,300,
3,A,60,100,180,,
4,B,80,100,180,,
5,B,90,100,180,350,withdrawn
";

fn lines(scores: &str) -> Vec<Line> {
    let rules = RuleSet::parse(shipped::text("cpns-2024").expect("a shipped set"), &shipped::library).expect("in order");
    results(&rules, FORMATIONS.as_bytes(), scores.as_bytes(), "final").expect("tables in order")
}

fn joined<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    cells.collect::<Vec<_>>().join(",") + "\n"
}

/// The table of results as it should be.
fn table() -> String {
    let mut table = String::new();
    for line in lines(SCORES) {
        if table.is_empty() {
            table = joined(line.columns().into_iter().map(|(column, _)| column));
        }
        table += &joined(line.columns().into_iter().map(|(_, cell)| cell));
    }
    table
}

fn compared(table: &str) -> Comparison {
    compare(&lines(SCORES), table.as_bytes()).expect("a table")
}

/// What is found when `right` stands as `wrong` in the results: participant, column, theirs, ours.
fn check(right: &str, wrong: &str, expected: &[(&str, &str, Option<&str>, Option<&str>)]) {
    let table = table();
    assert_eq!(table.matches(right).count(), 1, "{right:?} in\n{table}");
    let found = compared(&table.replace(right, wrong));
    let told = found.differences.iter().map(|difference| {
        (difference.participant_no.as_str(), difference.column.as_str(), difference.theirs.as_deref(), difference.ours.as_deref())
    });
    assert_eq!(told.collect::<Vec<_>>(), expected, "{right:?} as {wrong:?}");
    assert_eq!((found.count, found.is_equal()), (expected.len(), expected.is_empty()));
}

#[test]
fn the_same_is_equal() {
    assert_eq!(compared(&table()), Comparison { people: 5, count: 0, differences: Vec::new() });
}

#[test]
fn each_wrong_cell_is_named() {
    check("1,A,74.182,1,selected", "1,A,74.182,1,selected", &[]);
    check("1,A,74.182,1,selected", "1,A,74.183,1,selected", &[("1", "total", Some("74.183"), Some("74.182"))]);
    check("2,A,62.182,2,not_selected", "2,A,62.182,3,not_selected", &[("2", "rank", Some("3"), Some("2"))]);
    check("not_selected,TL", "selected,TL", &[("2", "status", Some("selected"), Some("not_selected"))]);
    check("withdrawn,APS", "withdrawn,DIS", &[("5", "code", Some("DIS"), Some("APS"))]);
    check("absent,TH,skb", "absent,TH,skd", &[("4", "stage", Some("skd"), Some("skb"))]);
    check("3,A,340", "3,B,340", &[("3", "formation", Some("B"), Some("A"))]);
}

#[test]
fn who_is_missing_on_one_side_is_named() {
    check("3,A,340,,below_threshold,TL,skd,,,,,umum,2024,340,,,,,,\n", "", &[("3", "participant_no", None, Some("3"))]);
    check("3,A,340", "33,A,340", &[("3", "participant_no", None, Some("3")), ("33", "participant_no", Some("33"), None)]);
}

#[test]
fn one_changed_mark_is_seen() {
    let table = table();
    let changed = lines(&SCORES.replace("2,A,80,100,180,300", "2,A,80,100,180,299"));
    let found = compare(&changed, table.as_bytes()).expect("a table");
    let columns: Vec<&str> = found.differences.iter().map(|difference| difference.column.as_str()).collect();
    assert_eq!(columns, ["total", "skb_100", "final"]);
    assert!(found.differences.iter().all(|difference| difference.participant_no == "2"));
}

#[test]
fn many_differences_are_counted_and_the_first_kept() {
    let people: String = (1000..1500).map(|number| format!("{number},A,1,1,selected,L,final\n")).collect();
    let found = compare(&[], format!("participant_no,formation,total,rank,status,code,stage\n{people}").as_bytes()).expect("a table");
    assert_eq!((found.people, found.count, found.differences.len()), (500, 500, DIFFERENCES_MAX));
}

#[test]
fn a_table_that_is_no_result_is_refused() {
    let said = |table: &str| compare(&[], table.as_bytes()).expect_err("refused").to_string();
    assert_eq!(said("participant_no,formation,total\n"), "results, line 1: there is no column `rank`");
    let twice = "participant_no,formation,total,rank,status,code,stage\n1,,,,,,\n1,,,,,,\n";
    assert_eq!(said(twice), "results, line 3, column participant_no: `1` is there twice");
}
