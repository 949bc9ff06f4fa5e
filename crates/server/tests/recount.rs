//! `saksama recount` over real files: the same is equal, and a changed result is named.

use std::path::Path;
use std::process::{Command, Output};

fn saksama(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_saksama")).args(arguments).current_dir(folder).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

const SCORES: &str = "participant_no,formation,twk,tiu,tkp,skb\n1,B,80,100,180,400\n2,B,80,100,180,300\n3,B,60,100,180,390\n";
const FORMATIONS: &str = "formation,slots,category,job,education,unit\nA,2,umum,perawat,d3,rsud\nB,1,disabilitas,perawat,d3,rsud\nC,1,umum,perawat,d3,puskesmas\n";
const TABLES: [&str; 6] = ["--rules", "cpns-2024", "--scores", "s.csv", "--formations", "f.csv"];

#[test]
fn results_of_rank_are_recounted() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("s.csv"), SCORES).expect("a file in the test's own folder");
    std::fs::write(path("f.csv"), FORMATIONS).expect("a file in the test's own folder");
    let ranked = saksama(folder.path(), &[&["rank"], &TABLES[..], &["--out", "o.csv"]].concat());
    assert!(ranked.status.success(), "{}", text(&ranked.stderr));
    let recount = |more: &[&str]| saksama(folder.path(), &[&["recount"], &TABLES[..], &["--results", "o.csv"], more].concat());

    let equal = recount(&[]);
    assert!(equal.status.success(), "{}", text(&equal.stderr));
    assert_eq!(text(&equal.stdout), "sama: 3 peserta / equal: 3 people\n");
    assert!(text(&equal.stderr).contains("computing again up to final"), "{}", text(&equal.stderr));

    let earlier = recount(&["--until", "skd"]);
    assert_eq!(earlier.status.code(), Some(1), "a shortlist is not the end");
    assert!(text(&earlier.stdout).contains("shortlisted"), "{}", text(&earlier.stdout));
    let unknown = recount(&["--until", "skt"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("`skt` is no stage of the rule set"), "{}", text(&unknown.stderr));

    let results = std::fs::read_to_string(path("o.csv")).expect("results");
    std::fs::write(path("o.csv"), results.replace("selected_by_move,U-1", "not_selected,TL")).expect("a file in the test's own folder");
    let different = recount(&[]);
    assert_eq!(different.status.code(), Some(1));
    let said = text(&different.stdout);
    assert!(said.starts_with("berbeda: 2 sel dari 3 peserta / different: 2 cells of 3 people\n"), "{said}");
    let rows: Vec<Vec<&str>> = said.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows, [["2", "status", "not_selected", "selected_by_move"], ["2", "code", "TL", "U-1"]]);
}

#[test]
fn a_table_that_cannot_be_used_is_named_with_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::write(path("s.csv"), "participant_no,formation,twk,tiu,tkp\n1,A,151,1,1\n").expect("a file in the test's own folder");
    std::fs::write(path("f.csv"), "formation,slots,category\nA,1,umum\n").expect("a file in the test's own folder");
    std::fs::write(path("o.csv"), "").expect("a file in the test's own folder");
    let refused = saksama(folder.path(), &[&["recount"], &TABLES[..], &["--results", "o.csv"]].concat());
    assert_eq!(refused.status.code(), Some(1));
    let said = text(&refused.stderr);
    assert!(said.contains("scores, line 2, column twk: above the maximum 150"), "{said}");
}
