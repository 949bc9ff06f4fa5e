//! docs/rules.md says what the program does.

use crate::{Computed, rule_set};
use rules::{Status, shipped};
use selection::tables::write_results;

fn document() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules.md");
    std::fs::read_to_string(path).expect("docs/rules.md is there")
}

fn names(document: &str, word: &str) -> bool {
    document.contains(&format!("`{word}`"))
}

#[test]
fn words_and_columns_of_the_tables_are_documented() {
    let document = document();
    for status in Status::ALL {
        assert!(names(&document, status.word()), "status {status}");
    }
    let scores = "participant_no,formation,twk,tiu,tkp,skb\n";
    let computed = Computed::of(rule_set("cpns-2024", &[]), "formation,slots,category\nA,1,umum\n", scores).expect("computed");
    let mut table = Vec::new();
    write_results(&mut table, &computed.rules, &computed.formations, &computed.people, &computed.outcomes).expect("written");
    let header = String::from_utf8(table).expect("text");
    for column in header.trim().split(',') {
        assert!(names(&document, column), "column {column}");
    }
}

#[test]
fn shipped_sets_and_what_is_unsure_in_them_are_documented() {
    let document = document();
    for id in shipped::ids() {
        assert!(names(&document, id), "rule set {id}");
        for unsure in rule_set(id, &[]).unsure {
            assert!(names(&document, &unsure.parameter), "{id}: {}", unsure.parameter);
        }
    }
}
