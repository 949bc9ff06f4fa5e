//! `saksama rank` and `saksama rules` over real files.

use std::path::Path;
use std::process::{Command, Output};

fn saksama(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_saksama")).args(arguments).current_dir(folder).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("a file in the test's own folder");
    }
}

/// The agency's published worked case of seven people and two slots.
const SCORES: &str = "participant_no,formation,tkp,tiu,twk,nama\n1,A,150,110,135,a\n2,A,148,125,115,b\n3,A,145,105,117,c\n\
    4,A,147,115,105,d\n5,A,146,112,109,e\n6,A,146,110,100,f\n7,A,146,115,95,g\n";
const FORMATIONS: &str = "formation,slots,category,job\nA,2,umum,guru\n";
const RANK: [&str; 9] = ["rank", "--rules", "skd-2019", "--scores", "s.csv", "--formations", "f.csv", "--out", "o.csv"];

#[test]
fn from_files_to_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &[("s.csv", SCORES), ("f.csv", FORMATIONS), ("o.csv", "old")]);
    let done = saksama(folder.path(), &[&RANK[..], &["--explain", "6"]].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    let results = std::fs::read_to_string(folder.path().join("o.csv")).expect("results");
    let rows: Vec<Vec<&str>> = results.lines().map(|line| line.split(',').take(6).collect()).collect();
    let expected = [
        "participant_no,formation,total,rank,status,code",
        "1,A,395,1,shortlisted,P/L",
        "2,A,388,2,shortlisted,P/L",
        "4,A,367,3,shortlisted,P/L",
        "5,A,367,4,shortlisted,P/L",
        "3,A,367,5,shortlisted,P/L",
        "7,A,356,6,shortlisted,P/L",
        "6,A,356,7,passed_but_outside_the_cut,P",
    ];
    assert_eq!(rows.iter().map(|row| row.join(",")).collect::<Vec<_>>(), expected);
    assert!(!folder.path().join("o.csv.part").exists(), "no half table is left");
    let (said, noted) = (text(&done.stdout), text(&done.stderr));
    assert!(said.contains("Peringkat 7 dari 7") && said.contains("Just above: participant 7; decided by tiu: 115 and 110."), "{said}");
    assert!(said.contains("        6  shortlisted"), "{said}");
    assert!(noted.contains("columns not used: nama"), "{noted}");
}

#[test]
fn a_changed_copy_of_a_shipped_set() {
    let folder = tempfile::tempdir().expect("a folder");
    let shown = saksama(folder.path(), &["rules", "show", "skd-2019"]);
    let copy = text(&shown.stdout).replace("factor = 3", "factor = 1");
    write(folder.path(), &[("s.csv", SCORES), ("f.csv", FORMATIONS), ("kota.toml", &copy)]);
    let mut arguments = RANK;
    arguments[2] = "kota.toml";
    assert!(saksama(folder.path(), &arguments).status.success());
    let results = std::fs::read_to_string(folder.path().join("o.csv")).expect("results");
    assert_eq!(results.matches(",shortlisted,").count(), 2);
    let checked = saksama(folder.path(), &["rules", "check", "kota.toml"]);
    assert_eq!(checked.status.code(), Some(1), "its worked cases were computed with a factor of 3");
    assert!(text(&checked.stdout).contains("4: status = passed_but_outside_the_cut, expected shortlisted"));
}

#[test]
fn what_cannot_be_used_is_told_with_its_line_and_writes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &[("s.csv", "participant_no,formation,twk,tiu,tkp\n1,A,151,1,1\n"), ("f.csv", FORMATIONS)]);
    let check = |arguments: &[&str], says: &str| {
        let done = saksama(folder.path(), arguments);
        assert_eq!(done.status.code(), Some(1));
        assert!(text(&done.stderr).contains(says), "{}", text(&done.stderr));
    };
    check(&RANK, "line 2: twk 151 is above the maximum 150");
    check(&["rules", "check", "skd-1999"], "no file and no id");
    check(&["rules", "show", "skd-1999"], "there is none of that id");
    let broken = rules::shipped::text("skd-2024").unwrap_or_default().replacen("tie_order", "tie_orders", 1);
    write(folder.path(), &[("kota.toml", &broken)]);
    let line = broken.lines().position(|line| line.starts_with("tie_orders")).expect("the line") + 1;
    check(&["rules", "check", "kota.toml"], &format!("line {line}: unknown field `tie_orders`"));
    assert!(!folder.path().join("o.csv").exists());
    assert_eq!(saksama(folder.path(), &["rank", "--rules", "skd-2024"]).status.code(), Some(2), "wrong use");
}

#[test]
fn a_stored_revision_is_computed_with_the_sets_stored_beside_it() {
    let shipped = |id: &str| rules::shipped::text(id).unwrap_or_default();
    let skd = shipped("skd-2019").replacen("factor = 3", "factor = 1", 1);
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), &[("s.csv", SCORES), ("f.csv", FORMATIONS), ("rules.toml", shipped("cpns-2019")), ("skd-2019.toml", &skd)]);
    let going_on = |rules: &str| {
        let mut arguments = RANK;
        arguments[2] = rules;
        let done = saksama(folder.path(), &arguments);
        assert!(done.status.success(), "{}", text(&done.stderr));
        std::fs::read_to_string(folder.path().join("o.csv")).expect("results").matches(",shortlisted,").count()
    };
    assert_eq!(going_on("rules.toml"), 2, "the stored skd-2019 lets as many go on as there are slots");
    assert_eq!(going_on("cpns-2019"), 6, "a shipped set is asked for, and is taken whole");
    std::fs::remove_file(folder.path().join("skd-2019.toml")).expect("it was there");
    assert_eq!(going_on("rules.toml"), 6, "without one beside, the shipped one");
    std::fs::create_dir(folder.path().join("skd-2019.toml")).expect("a folder");
    let refused = saksama(folder.path(), &["rules", "check", "rules.toml"]);
    let said = text(&refused.stderr);
    assert!(
        refused.status.code() == Some(1) && said.contains("failed to read skd-2019.toml"),
        "not the shipped one without a word: {said}"
    );
}

#[test]
fn a_set_without_sources_is_no_set_to_adopt_but_can_be_computed_with() {
    let folder = tempfile::tempdir().expect("a folder");
    let (head, rest) = rules::shipped::text("skd-2019").and_then(|text| text.split_once("[[sources]]")).expect("it has sources");
    let without = format!("{head}{}", &rest[rest.find("[[stages]]").expect("it has a stage")..]);
    write(folder.path(), &[("s.csv", SCORES), ("f.csv", FORMATIONS), ("kota.toml", &without)]);
    let checked = saksama(folder.path(), &["rules", "check", "kota.toml"]);
    let said = text(&checked.stderr);
    assert!(checked.status.code() == Some(1) && said.contains("line 3: there is no source"), "{said}");
    let mut arguments = RANK;
    arguments[2] = "kota.toml";
    let computed = saksama(folder.path(), &arguments);
    assert!(computed.status.success() && text(&computed.stderr).contains("a rule set without sources"), "{}", text(&computed.stderr));
}

#[test]
fn faults_inside_a_worked_case_are_told_with_the_line_of_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let shipped = rules::shipped::text("skd-2019").unwrap_or_default();
    let check = |from: &str, to: &str, says: &str| {
        let changed = shipped.replacen(from, to, 1);
        let line = changed[..changed.find(to).expect("the change")].matches('\n').count() + 1;
        write(folder.path(), &[("kota.toml", &changed)]);
        let checked = saksama(folder.path(), &["rules", "check", "kota.toml"]);
        let said = text(&checked.stdout);
        assert_eq!(checked.status.code(), Some(1), "{}", text(&checked.stderr));
        assert!(said.contains(&says.replace("LINE", &line.to_string())), "{said}");
    };
    check("1,F1,65,80,126", "1,F1,651,80,126", "/ line LINE: twk 651 is above the maximum 150");
    check("F1,1,umum,\n", "F1,-1,umum,\n", "/ line LINE: ");
    check("4,367,3,shortlisted", "4,368,3,shortlisted", "expect, baris/line LINE: 4: total = 367, expected 368");
    check("4,367,3,shortlisted", "4,367,3", "expect, baris/line LINE: ");
}

#[test]
fn shipped_sets_are_listed_and_in_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let listed = text(&saksama(folder.path(), &["rules", "list"]).stdout);
    let ids: Vec<&str> = listed.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(ids, rules::shipped::ids().collect::<Vec<_>>());
    let checked = saksama(folder.path(), &["rules", "check", "cpns-2024"]);
    let said = text(&checked.stdout);
    assert!(checked.status.success() && !said.contains("WRONG"), "{said}");
    assert!(said.contains("Nilai akhir = 40 % skd + 60 % skb") && said.contains("Final value = 40 % skd + 60 % skb"), "{said}");
}
