//! What is wrong with a rule set is told with its line.

use rules::{Problem, RuleSet, shipped};

/// A small rule set in order; tests spoil it.
const GOOD: &str = r#"id = "contoh"
year = 2026
title = { id = "Contoh", en = "Example" }
categories = ["umum", "disabilitas"]

[[sources]]
decree = "Keputusan 1/2026"
article = "2"

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

/// Line and English words of everything that is told.
fn told(text: &str) -> Vec<(usize, String)> {
    problems(text).into_iter().map(|problem| (problem.line, problem.english)).collect()
}

/// Every one of these is told, on the line where its text stands, and nothing else.
fn all_told(text: &str, faults: &[(&str, &str)]) {
    let found = told(text);
    let line = |at: &str| text[..text.find(at).expect("the place is in the text")].matches('\n').count() + 1;
    for (at, says) in faults {
        assert!(found.iter().any(|(told, english)| *told == line(at) && english.contains(says)), "{at:?}, {says:?}: {found:#?}");
    }
    assert_eq!(found.len(), faults.len(), "{found:#?}");
}

#[test]
fn an_unknown_key_hides_no_other_fault() {
    let text = complete()
        .replacen("year = 2026", "year = 2026\nregion = 5", 1)
        .replacen("max = 100", "max = 100\nmaks = 100", 1)
        .replacen("weights = { tes = 100 }", "weights = { tes = 99 }", 1)
        .replacen("\"umum\", \"disabilitas\"]", "\"umum\", \"disabilitas\", \"papua\"]", 1)
        .replacen("categories = [\"disabilitas\"]", "categories = [\"disabilitas\", \"umum\"]", 1);
    all_told(
        &text,
        &[
            ("region", "unknown field `region`"),
            ("maks", "unknown field `maks`"),
            ("[final]", "add up to 100, not 99"),
            ("id = \"tes\"", "category `papua` has no pass predicate"),
            ("[[stages.pass]]\ncategories = [\"disabilitas\", ", "overlaps with the one of line 28"),
        ],
    );
}

#[test]
fn every_fault_of_reading_is_told() {
    let text = complete()
        .replacen("year = 2026", "year = \"2026\"\nyear = 2026", 1)
        .replacen("factor = 3", "faktor = 3", 1)
        .replacen("max = 100", "max = 1.5\nmaks = 100", 1)
        .replacen("max = \"62.5\"", "max = \"62,5x\"", 1)
        .replacen("rule = \"each\"", "rule = \"every\"\nleasts = 3", 1)
        .replacen("missing = \"committee\"\n", "", 1)
        .replacen("stage = \"*\"", "stages = \"*\"", 1);
    all_told(
        &text,
        &[
            ("year = 2026", "duplicate key"),
            ("year = \"2026\"", "invalid type"),
            ("faktor", "unknown field `faktor`"),
            ("faktor", "missing field `factor`"),
            ("max = 1.5", "write decimals in quotes"),
            ("maks", "unknown field `maks`"),
            ("max = \"62,5x\"", "not a decimal number"),
            ("rule = \"every\"", "unknown variant `every`"),
            ("leasts", "unknown field `leasts`"),
            ("[final]", "missing field `missing`"),
            ("stages = \"*\"", "unknown field `stages`"),
            ("[[codes]]", "missing field `stage`"),
        ],
    );
}

#[test]
fn what_is_no_toml_is_told_once() {
    all_told(&complete().replacen("id = \"a\"", "id = \"a", 1), &[("id = \"a\n", "invalid basic string")]);
    all_told(&complete().replacen("[final]", "[final", 1), &[("[final", "unclosed table")]);
}

#[test]
fn very_many_faults_come_to_an_end() {
    let text = format!("{}\n{}", complete(), (0..500).map(|key| format!("key_{key} = 1\n")).collect::<String>());
    let found = told(&text);
    assert!((50..=51).contains(&found.len()), "{found:#?}");
    assert!(found.iter().any(|(_, english)| english == "there may be more faults"), "{found:#?}");
}

#[test]
fn every_set_says_where_it_comes_from() {
    let source = "[[sources]]\ndecree = \"Keputusan 1/2026\"\narticle = \"2\"\n";
    check(source, "", "id = \"contoh\"", "there is no source");
    check("decree = \"Keputusan 1/2026\"", "decree = \" \"", "[[sources]]", "a source without a decree");
    check("article = \"2\"\n", "", "[[sources]]", "write the article, or `sources.article (Keputusan 1/2026)` under `[[unsure]]`");
    let unsure = "[[unsure]]\nparameter = \"sources.article (Keputusan 1/2026)\"\ndefault = \"-\"\nabout = { id = \"x\", en = \"x\" }\n";
    assert_eq!(problems(&format!("{}\n{unsure}", complete().replacen("article = \"2\"", "article = \"\"", 1))), []);
}

#[test]
fn a_stored_set_is_read_again_without_sources() {
    let source = "[[sources]]\ndecree = \"Keputusan 1/2026\"\narticle = \"2\"\n";
    let set = RuleSet::parse_stored(&complete().replacen(source, "", 1), &shipped::library).expect("it can be computed with");
    assert!(set.sources.is_empty());
    let faulty = complete().replacen("weights = { tes = 100 }", "weights = { tes = 99 }", 1);
    assert!(RuleSet::parse_stored(&faulty, &shipped::library).is_err(), "nothing else is let pass");
}

#[test]
fn tables_of_a_case_know_their_lines() {
    let case = "\n[[cases]]\nid = \"c\"\ntitle = { id = \"c\", en = \"c\" }\nformations = \"\"\"\nformation,slots,category\nA,1,umum\n\"\"\"\n\
        scores = \"participant_no,formation\\n1,A\\n\"\nexpect = '''participant_no\n1\n'''\n";
    let text = format!("{}{case}", complete());
    let set = RuleSet::parse(&text, &shipped::library).expect("in order");
    let line = |at: &str| text[..text.find(at).expect("the place")].matches('\n').count() as u64 + 1;
    let lines = set.cases[0].lines;
    assert_eq!((lines.formations.line(1), lines.formations.line(2)), (line("formation,slots"), line("A,1,umum")));
    assert_eq!((lines.scores.line(1), lines.scores.line(2)), (line("scores = "), line("scores = ")), "all on one line");
    assert_eq!((lines.expect.line(1), lines.expect.line(2)), (line("expect = "), line("expect = ") + 1));
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
        "overlaps with the one of line 26",
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
    let from = |id: &str| {
        format!(
            "id = \"x\"\nyear = 2024\ntitle = {{ id = \"x\", en = \"x\" }}\nsources = [{{ decree = \"x\", article = \"1\" }}]\n[[stages]]\nfrom = \"{id}\"\n"
        )
    };
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
