//! Tables that are read as they come, and faults that are told with their lines.

use crate::{Computed, check, rule_set};
use selection::outcome::Place;
use selection::tables::{FAULTS_MAX, read_formations, read_scores};

const FORMATIONS: &str = "formation,slots,category\nA,1,umum\nB,2,disabilitas\n";

/// The English words of each fault, with its line.
fn faults(rules: &str, formations: &str, scores: &str) -> Vec<String> {
    let faults = Computed::of(rule_set(rules, &[]), formations, scores).err().unwrap_or_default();
    assert!(faults.iter().all(|fault| !fault.indonesian.is_empty()));
    faults.into_iter().map(|fault| format!("{}: {}", fault.line, fault.english)).collect()
}

#[test]
fn columns_are_found_by_name() {
    let formations = "\u{feff}Slots;Category;Formation;Extra\r\n1;UMUM;A;x\r\n";
    let scores = "nama;TKP;Formation;Participant No;TWK;TIU\r\nAni;\"170,5\"; A ;0001-X;65;80\r\n";
    check(rule_set("skd-2024", &[]), formations, scores, &["participant_no", "total", "status"], &["0001-X,315.5,shortlisted"]);
    let rules = rule_set("skd-2024", &[]);
    let read = read_formations(formations.as_bytes(), &rules).expect("formations");
    assert_eq!(read.unused, ["extra"]);
    let (people, until) = read_scores(scores.as_bytes(), &rules, &read.rows).expect("people");
    assert_eq!((people.unused, until), (vec!["nama".to_owned()], Place::Stage(0)));
}

#[test]
fn a_table_may_end_before_the_last_stage() {
    let scores = "participant_no,formation,twk,tiu,tkp\n1,A,65,80,166\n";
    check(rule_set("cpns-2024", &[]), FORMATIONS, scores, &["total", "rank", "status", "code", "final"], &["311,1,shortlisted,P/L,"]);
}

#[test]
fn the_category_of_a_person_overrides_that_of_the_line() {
    let scores = "participant_no,formation,category,twk,tiu,tkp\n1,A,papua,50,60,176\n2,A,,50,60,176\n";
    let expected = ["1,shortlisted,papua", "2,below_threshold,umum"];
    check(rule_set("skd-2024", &[]), FORMATIONS, scores, &["participant_no", "status", "category"], &expected);
}

#[test]
fn what_is_missing_in_a_header() {
    assert_eq!(
        faults("skd-2024", FORMATIONS, "formation,twk,tiu\nA,1,2\n"),
        ["1: there is no column `tkp`", "1: there is no column `participant_no`"]
    );
    assert_eq!(faults("skd-2024", "formation,category\nA,umum\n", ""), ["1: there is no column `slots`"]);
    assert_eq!(faults("skd-2024", FORMATIONS, "participant_no,formation,twk,tiu,tkp,TWK\n"), ["1: column `twk` is there twice"]);
    assert_eq!(faults("skd-2024", "formation,slots,category\n", ""), ["1: there is no formation"]);
    let one_bad = "formation,slots,category\nA,banyak,umum\n";
    assert_eq!(faults("skd-2024", one_bad, ""), ["2: slots `banyak`: not a number from 0 to 1000000"], "and nothing else");
}

#[test]
fn faults_of_formations() {
    let formations = "formation,slots,category,weight_skb\nA,x,umum,\nA,1,pegawai,\n,1,umum,\nB,1,,\nC,1,umum,\nC,1,umum,99\n";
    let found = faults("cpns-2024", formations, "");
    let known = "there are: umum, cumlaude, diaspora, disabilitas, papua, daerah_tertinggal, kalimantan";
    assert_eq!(
        found,
        [
            "2: slots `x`: not a number from 0 to 1000000".to_owned(),
            format!("3: there is no category `pegawai`; {known}"),
            "4: the formation has no code".to_owned(),
            format!("5: there is no category; {known}"),
            "7: the weights of stage skb add up to 99, not 100".to_owned(),
            "7: formation C is there twice".to_owned(),
        ]
    );
}

#[test]
fn faults_of_scores() {
    let scores = "participant_no,formation,twk,tiu,tkp,status,gpa,birth_date,decision,prior_year,prior_twk,prior_tiu,prior_tkp\n\
        1,Z,1,2,3,,,,,,,,\n,A,1,2,3,,,,,,,,\n2,A,151,2,3,,,,,,,,\n3,A,1,,3,,,,,,,,\n4,A,1,2,x,,,,,,,,\n5,A,1,2,3,gone,,,,,,,\n\
        6,A,1,2,3,absent,,,,,,,\n7,A,1,2,3,,a,31-02-1999,x,,,,\n8,A,,,,,,,,2019,1,1,1\n\
        9,A,,,,,,,,2023,200,,1\n1,A,-1,2,3,,,,,,,,\n10,A,1,2,3,,,,,,,,\n10,A,1,2,3,,,,,,,,\n";
    assert_eq!(
        faults("skd-2024", FORMATIONS, scores),
        [
            "2: there is no formation `Z`",
            "3: the participant has no number",
            "4: twk 151 is above the maximum 150",
            "5: there is no score of tiu",
            "6: `x` is no score: not a decimal number",
            "7: status `gone` is not known",
            "8: absent from skd, but has a score",
            "9: `a` is no score: not a decimal number",
            "9: birth date `31-02-1999` is not known",
            "9: decision `x` is not known",
            "10: a score of 2019 cannot be used",
            "11: prior_twk 200 is above the maximum 150",
            "11: there is no score of prior_tiu",
            "12: `-1` is no score: below zero",
            "14: participant 10 is there twice, first in line 13",
        ]
    );
    let shifted = "participant_no,formation,twk,tiu,tkp\n1,A,65,5,80,166\n2,A,65,80\n";
    assert_eq!(faults("skd-2024", FORMATIONS, shifted), ["2: 6 cells, the header has 5", "3: 4 cells, the header has 5"]);
    for place in ["0", "-1", "dua", "1/0", "0/1", "1/1 1/2", "1/2/3"] {
        let decided = format!("participant_no,formation,twk,tiu,tkp,move_decision\n1,A,1,2,3,{place}\n");
        assert_eq!(faults("skd-2024", FORMATIONS, &decided), [format!("2: move decision `{place}` is not known")]);
    }
    let adjusted = "participant_no,formation,twk,tiu,tkp,adjustments\n1,A,1,2,3,bonus\n";
    assert_eq!(faults("cpns-2018", FORMATIONS, adjusted), ["2: there is no adjustment `bonus`"]);
}

#[test]
fn everybody_who_is_there_twice_is_named_with_both_lines() {
    let scores = "participant_no,formation,twk,tiu,tkp\n1,A,1,2,3\n2,A,1,2,3\n\"3\nx\",B,1,2,3\n1,B,1,2,3\n2,A,1,2,3\n1,A,1,2,3\n";
    let expected = [
        "6: participant 1 is there twice, first in line 2",
        "7: participant 2 is there twice, first in line 3",
        "8: participant 1 is there twice, first in line 2",
    ];
    assert_eq!(faults("skd-2024", FORMATIONS, scores), expected);
}

#[test]
fn everybody_with_two_scores_is_named_with_the_line() {
    let scores = "participant_no,formation,twk,tiu,tkp,status,prior_year,prior_twk,prior_tiu,prior_tkp\n\
        1,A,1,2,3,,2023,100,100,100\n2,A,,,,,2023,100,100,100\n3,A,1,2,3,,,,,\n4,A,0,0,0,absent,2023,100,100,100\n5,B,1,2,3,,2023,100,100,100\n";
    let both = |line: u32| format!("{line}: a score of this year and one of 2023; the rule set allows only one");
    assert_eq!(faults("skd-2024", FORMATIONS, scores), [both(2), both(6)]);
}

#[test]
fn a_cell_that_cannot_be_read_is_one_fault() {
    let scores = "participant_no,formation,twk,tiu,tkp,prior_year,prior_twk,prior_tiu,prior_tkp\n\
        1,A,1,2,tiga,,,,\n2,A,,,,2023,100,x,100\n";
    assert_eq!(
        faults("skd-2024", FORMATIONS, scores),
        ["2: `tiga` is no score: not a decimal number", "3: `x` is no score: not a decimal number"]
    );
    let weights = "formation,slots,category,weight_skb\nA,1,umum,penuh\n";
    assert_eq!(faults("cpns-2024", weights, ""), ["2: `penuh` is no score: not a decimal number"]);
}

#[test]
fn a_cell_that_is_no_text_is_a_fault_where_it_is_asked_for() {
    let rules = rule_set("skd-2024", &[]);
    let formations = read_formations(FORMATIONS.as_bytes(), &rules).expect("formations").rows;
    let read = |scores: &[u8]| {
        let faults = read_scores(scores, &rules, &formations).err().unwrap_or_default();
        faults.into_iter().map(|fault| format!("{}: {}", fault.line, fault.english)).collect::<Vec<_>>()
    };
    assert_eq!(read(b"participant_no,formation,twk,tiu,tkp,gpa\n1,A,1,2,3,3\xbd\n"), ["2: column `gpa` is not UTF-8"]);
    assert_eq!(read(b"participant_no,formation,twk,tiu,tkp,nama\n1,A,1,2,3,Ren\xe9\n"), [""; 0], "nobody asks for names");
}

#[test]
fn many_faults_are_counted() {
    let rows = "1,Z,1,2,3\n".repeat(FAULTS_MAX + 7);
    let found = faults("skd-2024", FORMATIONS, &format!("participant_no,formation,twk,tiu,tkp\n{rows}"));
    assert_eq!((found.len(), found.last().map(String::as_str)), (FAULTS_MAX + 1, Some("51: and 7 more")));
}
