//! Published cases and vectors of the regulations, in the words of the exam.

use recount::{Line, results};
use rules::{RuleSet, shipped};

fn rule_set(id: &str) -> RuleSet {
    RuleSet::parse(shipped::text(id).expect("a shipped set"), &shipped::library).expect("a shipped set is in order")
}

/// People of one general line as (number, TKP, TIU, TWK).
fn skd(rules: &RuleSet, slots: usize, people: &[(&str, u32, u32, u32)]) -> Vec<Line> {
    let formations = format!("formation,slots,category\nA,{slots},umum\n");
    let mut scores = "participant_no,formation,tkp,tiu,twk\n".to_owned();
    for (number, tkp, tiu, twk) in people {
        scores += &format!("{number},A,{tkp},{tiu},{twk}\n");
    }
    results(rules, formations.as_bytes(), scores.as_bytes(), "skd").expect("tables in order")
}

/// Numbers of those who go on, by rank.
fn going_on(lines: &[Line]) -> Vec<&str> {
    let rank = |line: &&Line| line.rank.parse::<u32>().expect("who goes on is ranked");
    let mut going_on: Vec<&Line> = lines.iter().filter(|line| line.status == "shortlisted").collect();
    going_on.sort_by_key(rank);
    going_on.iter().map(|line| line.participant_no.as_str()).collect()
}

const SEVEN: [(&str, u32, u32, u32); 7] = [
    ("1", 150, 110, 135),
    ("2", 148, 125, 115),
    ("3", 145, 105, 117),
    ("4", 147, 115, 105),
    ("5", 146, 112, 109),
    ("6", 146, 110, 100),
    ("7", 146, 115, 95),
];

#[test]
fn seven_people_and_one_or_two_slots() {
    for id in ["skd-2018", "skd-2019"] {
        let rules = rule_set(id);
        assert_eq!(going_on(&skd(&rules, 1, &SEVEN)), ["1", "2", "4"], "{id}");
        assert_eq!(going_on(&skd(&rules, 2, &SEVEN)), ["1", "2", "4", "5", "3", "7"], "{id}");
    }
}

#[test]
fn equal_in_everything_at_the_boundary() {
    let people = [("1", 150, 110, 135), ("2", 148, 125, 115), ("3", 147, 105, 117), ("4", 147, 105, 117)];
    for id in ["skd-2018", "skd-2019"] {
        let lines = skd(&rule_set(id), 1, &people);
        assert_eq!(going_on(&lines), ["1", "2", "3", "4"], "{id}");
        let three_and_four: Vec<(&str, &str)> = lines[2..].iter().map(|line| (line.total.as_str(), line.rank.as_str())).collect();
        assert_eq!(three_and_four, [("369", "3"), ("369", "3")], "{id}");
    }
}

#[test]
fn first_and_second_group_of_2018() {
    let rules = rule_set("skd-2018");
    let check = |slots: usize, first: usize, expected: (usize, usize)| {
        // The first group reaches 75, 80 and 143; the second only a total of 255.
        let firsts = (0..first).map(|n| (format!("1{n:02}"), 150, 100, 100 + n as u32));
        let seconds = (0..10).map(|n| (format!("2{n:02}"), 140, 100, 60 + n));
        let people: Vec<(String, u32, u32, u32)> = firsts.chain(seconds).collect();
        let people: Vec<(&str, u32, u32, u32)> = people.iter().map(|(number, tkp, tiu, twk)| (number.as_str(), *tkp, *tiu, *twk)).collect();
        let lines = skd(&rules, slots, &people);
        let of = |group: &str| lines.iter().filter(|line| line.status == "shortlisted" && line.group == group).count();
        assert_eq!((of("P1"), of("P2")), expected, "{slots} slots, {first} of P1");
    };
    check(1, 1, (1, 0));
    check(1, 0, (0, 3));
    check(2, 2, (2, 0));
    check(2, 1, (1, 3));
    check(1, 7, (3, 0));
}

#[test]
fn forty_and_sixty() {
    let formations = b"formation,slots,category\nA,1,disabilitas\n";
    let finals = |adjustments: &str| {
        let scores = format!(
            "participant_no,formation,twk,tiu,tkp,skb,adjustments\nadul,A,90,80,130,350,\nbedu,A,85,80,130,400,\n\
             cita,A,80,75,125,375,{adjustments}\n"
        );
        let lines = results(&rule_set("cpns-2018"), formations, scores.as_bytes(), "final").expect("tables in order");
        lines.into_iter().map(|line| (line.total, line.rank)).collect::<Vec<_>>()
    };
    let expected = |rows: [(&str, &str); 3]| rows.map(|(total, rank)| (total.to_owned(), rank.to_owned()));
    assert_eq!(finals(""), expected([("66.000", "3"), ("71.600", "1"), ("67.400", "2")]));
    assert_eq!(finals("sertifikat_pendidik"), expected([("66.000", "3"), ("71.600", "2"), ("82.400", "1")]));
}
