//! What is wrong with a rule set is told with its line.

use rules::{Problem, RuleSet, shipped};

/// A small rule set in order; tests spoil it.
const GOOD: &str = r#"id = "contoh"
year = 2026
title = { id = "Contoh", en = "Example" }
categories = ["umum", "disabilitas"]

[[stages]]
id = "tes"
title = { id = "Tes", en = "Test" }
tie_order = ["b", "a"]
cut = { factor = 3, boundary_tie = "all_pass" }

[[stages.sections]]
id = "a"
title = { id = "A", en = "A" }
max = 100

[[stages.sections]]
id = "b"
title = { id = "B", en = "B" }
max = "62.5"

[[stages.pass]]
categories = ["umum"]
rule = "each"
least = { a = 50, b = 30 }

[[stages.pass]]
categories = ["disabilitas"]
rule = "total"
total = 70

[final]
weights = { tes = 100 }
tie_order = ["tes", "b", "gpa", "birth_date", "committee"]
decide_ties_on = "exact"
missing = "committee"

[[codes]]
stage = "*"
status = "selected"
code = "L"
text = { id = "lulus", en = "selected" }
"#;

/// Codes for every status.
fn complete() -> String {
    let words = ["not_selected", "passed_but_outside_the_cut", "below_threshold", "absent", "disqualified", "withdrawn", "ineligible"];
    let codes =
        words.map(|word| format!("\n[[codes]]\nstage = \"*\"\nstatus = \"{word}\"\ncode = \"X\"\ntext = {{ id = \"x\", en = \"x\" }}\n"));
    format!("{GOOD}{}", codes.concat())
}

fn problems(text: &str) -> Vec<Problem> {
    RuleSet::parse(text, &shipped::library).err().unwrap_or_default()
}

#[test]
fn a_rule_set_in_order_has_no_problem() {
    assert_eq!(problems(&complete()), []);
    let set = RuleSet::parse(&complete(), &shipped::library).expect("in order");
    assert_eq!(set.stages[0].max().to_string(), "162.5");
    assert_eq!(set.jobs(), Vec::<&str>::new());
}

/// Replaces `right` by `wrong`; the problem must stand on the line where `at` is then, and its English words must contain `says`.
fn check(right: &str, wrong: &str, at: &str, says: &str) {
    let text = complete();
    assert!(text.contains(right), "{right:?} is not in the example");
    let text = text.replacen(right, wrong, 1);
    let place = text.find(at).expect("the place is in the text");
    let line = text[..place].matches('\n').count() + 1;
    let found = problems(&text);
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.iter().any(|problem| problem.line == line && problem.english.contains(says)), "line {line}, {says:?}: {told:#?}");
    assert!(found.iter().all(|problem| !problem.indonesian.is_empty()), "{told:#?}");
}

#[test]
fn unknown_keys() {
    check("year = 2026", "year = 2026\nregion = 5", "region", "unknown field `region`");
    check("factor = 3,", "faktor = 3,", "cut =", "unknown field `faktor`");
    check("rule = \"each\"", "rule = \"every\"", "rule = \"every\"", "unknown variant `every`");
    check("max = 100", "max = 100\nmaks = 100", "maks", "unknown field `maks`");
    check("year = 2026", "year = 2026\nyear = 2027", "year = 2027", "duplicate key");
    check("missing = \"committee\"\n", "", "[final]", "missing field `missing`");
}

#[test]
fn numbers_are_exact_and_possible() {
    check("max = \"62.5\"", "max = 62.5", "max = 62.5", "write decimals in quotes");
    check("max = \"62.5\"", "max = \"62,5x\"", "max = \"62,5x\"", "not a decimal number");
    check("max = 100", "max = 0", "max = 0", "above 0");
    check("max = 100", "max = -1", "max = -1", "below zero");
    check("a = 50", "a = 101", "least =", "above the maximum");
    check("total = 70", "total = 163", "total = 163", "above the highest total 162.5");
    check("factor = 3", "factor = 0", "cut =", "1 to 100");
    check("year = 2026", "year = 1926", "year", "not plausible");
}

#[test]
fn impossible_weights() {
    check("weights = { tes = 100 }", "weights = { tes = 99 }", "[final]", "add up to 100, not 99");
    check("weights = { tes = 100 }", "weights = { tes = \"33.333333\" }", "[final]", "not 33.333333");
    check("weights = { tes = 100 }", "weights = { tes = 100, skb = 60 }", "weights", "no stage `skb`");
    check("max = 100", "max = 100\nweight = 60", "id = \"tes\"", "must be complete and add up to 100, not 60");
}

#[test]
fn overlapping_predicates_and_missing_categories() {
    check(
        "categories = [\"disabilitas\"]",
        "categories = [\"disabilitas\", \"umum\"]",
        "[[stages.pass]]\ncategories = [\"disabilitas\", ",
        "overlaps with the one of line 22",
    );
    check(
        "categories = [\"disabilitas\"]",
        "categories = [\"umum\"]\njobs = [\"dokter\"]",
        "id = \"tes\"",
        "category `disabilitas` has no pass predicate",
    );
    check("categories = [\"disabilitas\"]", "categories = [\"difabel\"]", "categories = [\"difabel\"]", "no category `difabel`");
    check("\"umum\", \"disabilitas\"]", "\"umum\", \"disabilitas\", \"papua\"]", "id = \"tes\"", "category `papua` has no pass predicate");
    check("\"umum\", \"disabilitas\"]", "\"umum\", \"disabilitas\", \"umum\"]", "categories = [\"umum\", \"dis", "twice");
    check(
        "categories = [\"disabilitas\"]\n",
        "categories = [\"disabilitas\"]\njobs = [\"Dokter Gigi\"]\n",
        "jobs",
        "write the job as `dokter_gigi`",
    );
}

#[test]
fn predicates_say_what_they_need() {
    check(
        "least = { a = 50, b = 30 }",
        "least = { a = 50 }",
        "[[stages.pass]]\ncategories = [\"umum\"]",
        "`each` needs `least` for every section",
    );
    check("least = { a = 50, b = 30 }", "least = { a = 50, c = 30 }", "least", "no section `c`");
    check("total = 70", "", "[[stages.pass]]\ncategories = [\"disabilitas\"]", "`total` needs `total`");
}

#[test]
fn names_must_exist() {
    check("tie_order = [\"b\", \"a\"]", "tie_order = [\"b\", \"c\"]", "tie_order", "no section `c`");
    check("tie_order = [\"tes\"", "tie_order = [\"usia\"", "tie_order = [\"usia\"", "is no stage, section");
    check("\"birth_date\", \"committee\"]", "\"committee\", \"birth_date\"]", "tie_order = [\"tes\"", "`committee` at the end");
    check("id = \"a\"", "id = \"gpa\"", "id = \"gpa\"", "cannot be the name of a column");
    check("status = \"selected\"", "status = \"passed\"", "status = \"passed\"", "no status `passed`");
    check("id = \"contoh\"", "id = \"Contoh 1\"", "id = \"Contoh 1\"", "lower-case letters");
}

#[test]
fn every_status_needs_a_code() {
    let found = problems(GOOD);
    assert!(
        found.iter().any(|problem| problem.line == 1 && problem.english.contains("no code for status `below_threshold` at `tes`")),
        "{found:#?}"
    );
}

#[test]
fn stages_taken_from_another_set() {
    let from = |id: &str| format!("id = \"x\"\nyear = 2024\ntitle = {{ id = \"x\", en = \"x\" }}\n\n[[stages]]\nfrom = \"{id}\"\n");
    let set = RuleSet::parse(&from("skd-2024"), &shipped::library).expect("in order");
    assert_eq!((set.stages[0].id.as_str(), set.stages[0].from.as_deref()), ("skd", Some("skd-2024")));
    assert!(set.category("papua").is_some());
    let found = problems(&from("skd-1999"));
    assert_eq!((found[0].line, found[0].english.as_str()), (6, "there is no rule set `skd-1999`"));
    let found = problems(&from("cpns-2024"));
    assert!(found[0].english.contains("rule set `cpns-2024` has faults"), "{found:#?}");
}

#[test]
fn the_hash_is_that_of_the_file_and_of_what_it_takes_from() {
    let hash = |text: &str| RuleSet::parse(text, &shipped::library).expect("in order").hash;
    let skd = shipped::text("skd-2024").unwrap_or_default();
    assert_eq!(hash(skd).len(), 64);
    assert_ne!(hash(skd), hash(&format!("{skd}\n")));
    let cpns = shipped::text("cpns-2024").unwrap_or_default();
    let changed = |id: &str| shipped::library(id).map(|text| text.replace("tiu = 60", "tiu = 61"));
    assert_ne!(hash(cpns), RuleSet::parse(cpns, &changed).expect("in order").hash, "another skd-2024 makes another cpns-2024");
}
