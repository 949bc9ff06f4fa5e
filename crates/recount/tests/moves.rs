//! Ties in moves: whom the committee has compared, and whom not.

use recount::results;
use rules::{RuleSet, shipped};

/// Two slots in B and one in C are given by the committee's decision; A is vacant, and whoever is left of both lines may come.
const FORMATIONS: &str = "\
formation,slots,category,job,education,unit,agency
A,1,umum,guru,s1,sd1,daerah
B,2,umum,guru,s1,sd2,daerah
C,1,umum,guru,s1,sd3,daerah
";

/// People who are equal in everything, as (number, formation, decision, move decision).
fn check(people: &[(&str, &str, &str, &str)], expected: &[&str]) {
    let rules = RuleSet::parse(shipped::text("cpns-2019").expect("a shipped set"), &shipped::library).expect("in order");
    let mut scores = "participant_no,formation,twk,tiu,tkp,skb,gpa,birth_date,decision,move_decision\n".to_owned();
    for (number, formation, decision, move_decision) in people {
        scores += &format!("{number},{formation},100,100,150,400,3.5,1999-01-01,{decision},{move_decision}\n");
    }
    let lines = results(&rules, FORMATIONS.as_bytes(), scores.as_bytes(), "final").expect("tables in order");
    let told: Vec<String> = lines
        .iter()
        .map(|line| {
            [&*line.participant_no, &line.status, &line.code, &line.to_formation, &line.note].join(",").trim_end_matches(',').into()
        })
        .collect();
    assert_eq!(told, expected, "{people:?}");
}

#[test]
fn places_of_different_formations_are_not_compared() {
    let people = |b3: &'static str, c2: &'static str| {
        [("b1", "B", "1", ""), ("b2", "B", "2", ""), ("b3", "B", "3", b3), ("c1", "C", "1", ""), ("c2", "C", "2", c2)]
    };
    let waiting = [
        "b1,selected,P/L",
        "b2,selected,P/L",
        "b3,not_selected,,,committee_decides",
        "c1,selected,P/L",
        "c2,not_selected,,,committee_decides",
    ];
    check(&people("", ""), &waiting);
    check(&people("1", ""), &waiting);
    check(&people("2", "2"), &waiting);
    let b3 = ["b1,selected,P/L", "b2,selected,P/L", "b3,selected_by_move,P/L-2,A", "c1,selected,P/L", "c2,not_selected,TL"];
    check(&people("1", "2"), &b3);
    let c2 = ["b1,selected,P/L", "b2,selected,P/L", "b3,not_selected,TL", "c1,selected,P/L", "c2,selected_by_move,P/L-2,A"];
    check(&people("7", "4"), &c2);
    // Of several decisions the newest that is about both, each at a place of its own.
    check(&people("1/1 2/2", "1/2"), &b3);
    check(&people("1/1 2/2", "1/2 3/1"), &b3);
    check(&people("1/1 3/2", "1/2 3/1"), &c2);
    check(&people("1/1", "2/2"), &waiting);
    check(&people("1/1 2/1", "1/2 2/1"), &b3);
}

#[test]
fn people_of_one_formation_keep_the_order_of_its_tie() {
    let people = [("b1", "B", "1", ""), ("b2", "B", "2", ""), ("b3", "B", "4", "1"), ("b4", "B", "3", "2"), ("c1", "C", "", "")];
    let expected = ["b1,selected,P/L", "b2,selected,P/L", "b3,not_selected,TL", "b4,selected_by_move,P/L-2,A", "c1,selected,P/L"];
    check(&people, &expected);
}

#[test]
fn a_place_is_a_number_from_1() {
    let rules = RuleSet::parse(shipped::text("cpns-2019").expect("a shipped set"), &shipped::library).expect("in order");
    for place in ["0", "dua", "-1", "1/0", "0/1", "1/1 1/2", "1/2/3"] {
        let scores = format!("participant_no,formation,twk,tiu,tkp,skb,move_decision\n1,A,100,100,150,400,{place}\n");
        let refused = results(&rules, FORMATIONS.as_bytes(), scores.as_bytes(), "final").err().map(|error| error.to_string());
        assert_eq!(
            refused.as_deref(),
            Some("scores, line 2, column move_decision: not places like 1/2 3/1: decision and place in it"),
            "{place}"
        );
    }
}
