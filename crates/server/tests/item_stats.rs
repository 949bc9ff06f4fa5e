//! `saksama item-stats` over real files.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn item_stats(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_saksama")).arg("item-stats").args(arguments).current_dir(folder).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// Four people: marks, and the choices that give them.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("a file");
    write("skor.csv", "participant_no,a,b,c\nP1,1,1,1\nP2,1,1,0\nP3,1,0,0\nP4,0,0,0\n");
    write("jawaban.csv", "participant_no,a,b,c\nP1,A,B,C\nP2,A,B,-\nP3,A,A,B\nP4,C,A,A\n");
    write("kunci.csv", "item,key\na,A\nb,B\nc,C\n");
    write("waktu.csv", "participant_no,a,b,c\nP1,10,20,30\nP2,20,30,\n");
    folder
}

#[test]
fn marks_become_statistics() {
    let folder = folder();
    let done = item_stats(folder.path(), &["--responses", "skor.csv", "--out", "butir.csv"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let summary =
        "alpha 0.7500, 4 people, 3 items, mean 1.500, SD 1.291, SEM 0.645, from 0 to 3\n0 of 3 items have flags\nitems: butir.csv\n";
    assert_eq!(text(&done.stdout), summary);
    assert_eq!(text(&done.stderr), "note: column \"participant_no\" holds the ids of people and is no item\n");
    let written = fs::read_to_string(folder.path().join("butir.csv")).expect("statistics");
    let expected = "item,section,people,max_marks,mean,sd,difficulty,point_biserial_corrected,point_biserial,discrimination_27,alpha_if_deleted,\
                    omission_rate,mean_time_s,key,flags\n\
                    a,,4,1,0.750000,0.500000,0.750000,0.522233,0.774597,1.000000,0.727273,0.000000,,,\n\
                    b,,4,1,0.500000,0.577350,0.500000,0.707107,0.894427,1.000000,0.500000,0.000000,,,\n\
                    c,,4,1,0.250000,0.500000,0.250000,0.522233,0.774597,1.000000,0.727273,0.000000,,,\n";
    assert_eq!(written, expected);
    assert!(!folder.path().join("butir.choices.csv").exists(), "marks are no choices");
}

#[test]
fn choices_are_marked_and_tabulated() {
    let folder = folder();
    let arguments = ["--responses", "jawaban.csv", "--key", "kunci.csv", "--times", "waktu.csv", "--omitted=-", "--out", "butir.csv"];
    let done = item_stats(folder.path(), &arguments);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(text(&done.stdout).starts_with("alpha 0.7500, "), "{}", text(&done.stdout));
    let items = fs::read_to_string(folder.path().join("butir.csv")).expect("statistics");
    assert!(items.contains("\na,,4,1,0.750000,0.500000,0.750000,0.522233,0.774597,1.000000,0.727273,0.000000,15.000000,A,"), "{items}");
    assert!(items.lines().any(|line| line.starts_with("c,") && line.contains(",0.250000,30.000000,C,")), "{items}");
    let choices = fs::read_to_string(folder.path().join("butir.choices.csv")).expect("choices");
    assert!(choices.contains("\na,,C,distractor,0,1,0.250000,0.000000,"), "{choices}");
    assert!(choices.contains("\nc,,,omitted,0,1,0.250000,2.000000,"), "{choices}");
}

#[test]
fn a_report_has_pictures() {
    let folder = folder();
    let arguments = ["--responses", "skor.csv", "--out", "butir.csv", "--report", "butir.html", "--threshold", "2", "--cut", "1"];
    let done = item_stats(folder.path(), &arguments);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert!(text(&done.stdout).ends_with("items: butir.csv\nreport: butir.html\n"), "{}", text(&done.stdout));
    let page = fs::read_to_string(folder.path().join("butir.html")).expect("a page");
    assert_eq!(page.matches("<svg ").count(), 3, "totals, ladder, item map");
    assert!(page.contains("2 dari 4 orang mencapai ambang") && page.contains("kolom &quot;participant_no&quot; berisi"), "{page}");
}

/// A failure with its exit code and its sentence; nothing may have been written.
fn check_failure(folder: &Path, arguments: &[&str], code: i32, message: &str) {
    let done = item_stats(folder, arguments);
    assert_eq!((done.status.code(), text(&done.stdout).as_str()), (Some(code), ""), "{arguments:?}");
    assert!(text(&done.stderr).ends_with(message), "{arguments:?}: {}", text(&done.stderr));
    assert!(!folder.join("butir.csv").exists() && !folder.join("butir.html").exists(), "{arguments:?}");
}

#[test]
fn failures_say_where() {
    let folder = folder();
    let at = folder.path();
    let responses = fs::read(at.join("jawaban.csv")).expect("responses");
    let no_score = "saksama: failed to read jawaban.csv, line 2, column 2 (a): \"A\" is no score (not a decimal number); a table of choices needs a key\n";
    check_failure(at, &["--responses", "jawaban.csv", "--out", "butir.csv"], 1, no_score);
    let absent = "saksama: failed to read tidak-ada.csv: No such file or directory (os error 2)\n";
    check_failure(at, &["--responses", "tidak-ada.csv", "--out", "butir.csv"], 1, absent);
    let input = "saksama: failed to write jawaban.csv: it is one of the files that are read\n";
    check_failure(at, &["--responses", "jawaban.csv", "--key", "kunci.csv", "--out", "jawaban.csv"], 1, input);
    assert_eq!(fs::read(at.join("jawaban.csv")).expect("responses"), responses, "what was read is as it was");
    let twice = "saksama: failed to write butir.csv: two files cannot have one name\n";
    check_failure(at, &["--responses", "skor.csv", "--out", "butir.csv", "--report", "butir.csv"], 1, twice);
    let section = "saksama: failed to draw a threshold of \"twk\": there is no such section\n";
    check_failure(at, &["--responses", "skor.csv", "--out", "butir.csv", "--report", "butir.html", "--threshold", "twk=65"], 1, section);
    check_failure(at, &["--responses", "skor.csv"], 2, "For more information, try '--help'.\n");
}

#[test]
fn help_has_examples_and_exit_codes() {
    let help = text(&item_stats(Path::new("."), &["--help"]).stdout);
    assert!(
        help.contains("saksama item-stats --responses jawaban.csv --key kunci.csv --out butir.csv") && help.contains("Exit codes:"),
        "{help}"
    );
}
