//! The end: ties, decisions, adjustments, groups, moves, statuses.

use crate::{Computed, check, rule_set};
use rules::RuleSet;
use selection::compute::{Error, compute};
use selection::outcome::Place;
use selection::tables::{read_formations, read_scores};
use selection::{Candidate, Formation};

const ONE_LINE: &str = "formation,slots,category\nA,1,disabilitas\n";

fn cpns() -> RuleSet {
    rule_set("cpns-2024", &[])
}

#[test]
fn a_missing_mark_leaves_the_whole_tie_to_the_committee() {
    let scores = |gpas: [&str; 3]| {
        let rows = (1..).zip(gpas).map(|(number, gpa)| format!("{number},A,90,80,160,400,{gpa},1999-01-0{number}\n"));
        format!("participant_no,formation,twk,tiu,tkp,skb,gpa,birth_date\n{}", rows.collect::<String>())
    };
    let columns = ["participant_no", "rank", "status", "note"];
    check(cpns(), ONE_LINE, &scores(["3.1", "3.2", "3.3"]), &columns, &["3,1,selected,", "2,2,not_selected,", "1,3,not_selected,"]);
    let undecided = ["1,1,shortlisted,committee_decides", "2,1,shortlisted,committee_decides", "3,1,shortlisted,committee_decides"];
    check(cpns(), ONE_LINE, &scores(["3.1", "3.2", ""]), &columns, &undecided);
    let last = || rule_set("cpns-2024", &[("missing = \"committee\"", "missing = \"last\"")]);
    check(last(), ONE_LINE, &scores(["3.1", "", "3.1"]), &columns, &["1,1,selected,", "3,2,not_selected,", "2,3,not_selected,"]);
}

#[test]
fn the_committee_decides_and_the_decision_is_recorded() {
    let scores = |decisions: [&str; 3]| {
        let rows = (1..).zip(decisions).map(|(number, decision)| format!("{number},A,90,80,160,400,{decision}\n"));
        format!("participant_no,formation,twk,tiu,tkp,skb,decision\n{}", rows.collect::<String>())
    };
    let columns = ["participant_no", "rank", "status", "code"];
    check(cpns(), ONE_LINE, &scores(["2", "3", "1"]), &columns, &["3,1,selected,P/L", "1,2,not_selected,TL", "2,3,not_selected,TL"]);
    let incomplete = Computed::of(cpns(), ONE_LINE, &scores(["2", "", "1"])).expect("computed");
    assert_eq!((incomplete.outcomes.held.clone(), incomplete.outcomes.vacant.clone()), (vec![1], vec![0]), "the slot waits");
    let three = "formation,slots,category\nA,3,disabilitas\n";
    check(cpns(), three, &scores(["", "", ""]), &columns, &["1,1,selected,P/L", "2,1,selected,P/L", "3,1,selected,P/L"]);
}

#[test]
fn ties_on_exact_or_on_published_values() {
    // 80.000 each when rounded to three places; exactly, the second is higher by a ten-thousandth.
    let scores = "participant_no,formation,twk,tiu,tkp,skb\n1,A,100,140,200,400\n2,A,100,139,201,400.001\n";
    let columns = ["participant_no", "final", "status"];
    check(cpns(), ONE_LINE, scores, &columns, &["2,80.000,selected", "1,80.000,not_selected"]);
    // Published values are equal, and so are the SKD totals; TKP decides for the same person, unless it is turned round.
    let published = rule_set("cpns-2024", &[("\"exact\"", "\"published\""), ("\"tkp\", \"tiu\"", "\"tiu\", \"tkp\"")]);
    check(published, ONE_LINE, scores, &columns, &["1,80.000,selected", "2,80.000,not_selected"]);
}

#[test]
fn adjustments_never_touch_the_raw_score() {
    let scores =
        |skb: u32, granted: &str| format!("participant_no,formation,twk,tiu,tkp,skb,adjustments\n1,A,100,100,150,{skb},{granted}\n");
    let value = |skb, granted: &str, expected: &str| {
        check(rule_set("cpns-2018", &[]), "formation,slots,category\nA,1,umum\n", &scores(skb, granted), &["skb_100"], &[expected]);
    };
    value(400, "", "80.000");
    value(400, "putra_daerah", "90.000");
    value(480, "putra_daerah", "100.000");
    value(400, "sertifikat_pendidik", "100.000");
    value(400, "putra_daerah; sertifikat_pendidik", "100.000");
    let uncapped = rule_set("cpns-2018", &[("points = 10\ncap = 100", "points = 10")]);
    check(uncapped, "formation,slots,category\nA,1,umum\n", &scores(480, "putra_daerah"), &["skb_100"], &["106.000"]);
}

#[test]
fn an_eliminating_test_has_its_own_threshold_and_share() {
    let rules = rule_set(
        "cpns-2024",
        &[
            (
                "max = 500\nweight = 100\n",
                "max = 500\nweight = 60\n\n[[stages.sections]]\nid = \"wawancara\"\n\
                 title = { id = \"W\", en = \"I\" }\nmax = 100\nweight = 40\n",
            ),
            ("categories = [\"*\"]\nrule = \"none\"", "categories = [\"*\"]\nrule = \"listed\"\nleast = { wawancara = 60 }"),
        ],
    );
    let formations = "formation,slots,category,weight_skb,weight_wawancara,max_skb\nA,1,disabilitas,,,\nB,1,disabilitas,100,0,400\n";
    let scores = "participant_no,formation,twk,tiu,tkp,skb,wawancara\n1,A,90,80,160,500,59.5\n2,A,90,80,160,400,60\n3,B,90,80,160,300,60\n";
    let columns = ["participant_no", "status", "code", "skb_100"];
    let expected = ["2,selected,P/L,72.000", "1,below_threshold,TMS-1,", "3,selected,P/L,75.000"];
    check(rules, formations, scores, &columns, &expected);
}

#[test]
fn every_status_has_its_place() {
    let scores = "participant_no,formation,twk,tiu,tkp,skb,status,skb_status,final_status\n\
        1,A,90,80,160,500,,,withdrawn\n2,A,90,80,160,400,,,\n3,A,90,80,161,,,,\n4,A,150,175,225,500,disqualified,,\n5,A,,,,,TH,,\n\
        6,A,,,,,,,\n7,A,90,80,159,,,disqualified,\n8,A,90,80,158,,TMS,,\n9,A,90,50,158,,,,\n";
    let formations = "formation,slots,category\nA,2,disabilitas\n";
    let expected = [
        "2,1,selected,P/L,final",
        "1,,withdrawn,APS,final",
        "3,,absent,TH,skb",
        "7,,disqualified,DIS,skb",
        "9,,below_threshold,TL,skd",
        "5,,absent,TH,skd",
        "6,,absent,TH,skd",
        "4,,disqualified,DIS,skd",
        "8,,ineligible,TMS,skd",
    ];
    check(cpns(), formations, scores, &["participant_no", "rank", "status", "code", "stage"], &expected);
}

#[test]
fn a_second_group_has_its_reserved_slots_or_what_is_left() {
    // One of P1 for two slots does not come to the SKB.
    let scores = "participant_no,formation,twk,tiu,tkp,skb\np1,A,100,100,150,\np2,A,70,100,140,300\np3,A,70,100,139,310\n";
    let formations = "formation,slots,category\nA,2,umum\n";
    let columns = ["participant_no", "rank", "status"];
    check(rule_set("cpns-2018", &[]), formations, scores, &columns, &["p3,1,selected", "p2,2,not_selected", "p1,,absent"]);
    let skd = rules::shipped::text("skd-2018").unwrap_or_default().replacen("slots = \"reserved\"", "slots = \"left\"", 1);
    let library = |id: &str| (id == "skd-2018").then(|| skd.clone());
    let left = RuleSet::parse(rules::shipped::text("cpns-2018").unwrap_or_default(), &library).expect("in order");
    check(left, formations, scores, &columns, &["p3,1,selected", "p2,2,selected", "p1,,absent"]);
}

#[test]
fn equals_across_the_boundary_all_pass_or_none() {
    let formations = "formation,slots,category\nA,1,disabilitas\n";
    let row = |number: u32, twk: u32| format!("{number},A,{twk},80,160\n");
    let scores = format!(
        "participant_no,formation,twk,tiu,tkp\n{}",
        [(1, 95), (2, 94), (3, 93), (4, 93), (5, 92)].map(|(number, twk)| row(number, twk)).concat()
    );
    let columns = ["participant_no", "rank", "status"];
    let outside = "passed_but_outside_the_cut";
    let all = ["1,1,shortlisted", "2,2,shortlisted", "3,3,shortlisted", "4,3,shortlisted", &format!("5,5,{outside}")];
    check(rule_set("skd-2024", &[]), formations, &scores, &columns, &all);
    let none = ["1,1,shortlisted", "2,2,shortlisted", &format!("3,3,{outside}"), &format!("4,3,{outside}"), &format!("5,5,{outside}")];
    check(rule_set("skd-2024", &[("all_pass", "none_passes")]), formations, &scores, &columns, &none);
}

#[test]
fn two_scores_are_refused_or_one_of_them_counts() {
    let read = |rules: &RuleSet| {
        let formations = read_formations(&b"formation,slots,category\nA,1,umum\n"[..], rules).expect("formations").rows;
        let scores = "participant_no,formation,twk,tiu,tkp,prior_year,prior_twk,prior_tiu,prior_tkp\n1,A,100,100,200,2023,110,100,200\n";
        read_scores(scores.as_bytes(), rules, &formations).map(|(people, until)| (formations, people.rows, until))
    };
    let computed = |rules: &RuleSet, read: &(Vec<Formation>, Vec<Candidate>, Place)| {
        let (formations, people, until) = read;
        compute(rules, formations, people, *until).map(|outcomes| outcomes.stage(0, 0).total.unwrap_or_default().to_string())
    };
    let rule = |when_both: &str| rule_set("skd-2024", &[("when_both = \"refuse\"", &format!("when_both = \"{when_both}\""))]);
    let tables = |rules: &RuleSet| computed(rules, &read(rules).expect("scores"));
    assert_eq!(
        read(&rule("refuse")).map_err(|faults| faults.into_iter().map(|fault| (fault.line, fault.english)).collect::<Vec<_>>()),
        Err(vec![(2, "a score of this year and one of 2023; the rule set allows only one".to_owned())])
    );
    // Also where people do not come from a table.
    let unread = computed(&rule("refuse"), &read(&rule("prior")).expect("scores"));
    assert_eq!(unread, Err(Error::BothScores { number: "1".into(), year: 2023 }));
    assert_eq!(tables(&rule("prior")).as_deref(), Ok("410"));
    assert_eq!(tables(&rule("current")).as_deref(), Ok("400"));
    assert_eq!(tables(&rule("higher")).as_deref(), Ok("410"));
}

#[test]
fn steps_that_are_turned_on_fill_from_other_places() {
    let formations = "formation,slots,category,job,education,unit\nA,1,umum,guru,s1,sd1\nB,1,umum,guru,s1,sd2\nC,1,umum,guru,smp,sd3\n";
    let scores = "participant_no,formation,twk,tiu,tkp,skb\n1,B,90,80,170,400\n2,B,90,80,170,300\n3,B,90,80,170,200\n";
    let columns = ["participant_no", "status", "code", "move", "to_formation"];
    check(cpns(), formations, scores, &columns, &["1,selected,P/L,,", "2,not_selected,TL,,", "3,not_selected,TL,,"]);
    let text = rules::shipped::text("cpns-2024").unwrap_or_default();
    let (before, step) = text.split_once("id = \"U-3\"").expect("step U-3");
    let on = format!("{before}id = \"U-3\"{}", step.replacen("enabled = false", "enabled = true", 1));
    let on = RuleSet::parse(&on, &rules::shipped::library).expect("in order");
    // C asks for another education: nobody may come.
    check(on, formations, scores, &columns, &["1,selected,P/L,,", "2,selected_by_move,U-3,U-3,A", "3,not_selected,TL,,"]);
}

#[test]
fn equals_at_the_last_vacant_slot_are_not_moved() {
    let formations = "formation,slots,category,job,education,unit\nA,1,umum,guru,s1,sd1\nB,1,disabilitas,guru,s1,sd1\n";
    let scores = "participant_no,formation,twk,tiu,tkp,skb\n1,B,90,80,170,400\n2,B,90,80,170,300\n3,B,90,80,170,300\n";
    let computed = Computed::of(cpns(), formations, scores).expect("computed");
    let rows = computed.columns(&["participant_no", "status", "code", "note"]);
    assert_eq!(rows, ["1,selected,P/L,", "2,not_selected,,committee_decides", "3,not_selected,,committee_decides"]);
    assert_eq!((computed.outcomes.held, computed.outcomes.vacant), (vec![1, 0], vec![0, 0]));
}

/// A is vacant; B and C give their slots by the committee's decisions about their own ties.
const VACANT_A: &str = "formation,slots,category,job,education,unit,agency\n\
    A,1,umum,guru,s1,sd1,daerah\nB,2,umum,guru,s1,sd2,daerah\nC,1,umum,guru,s1,sd3,daerah\n";

/// Who is told of at the end of 2019, of people who are equal in everything: (number, formation, decision, move decision).
fn check_tie(people: &[(&str, &str, &str, &str)], expected: &[&str]) {
    let row = |&(number, formation, decision, across): &(&str, &str, &str, &str)| {
        format!("{number},{formation},100,100,150,400,3.5,1999-01-01,{decision},{across}\n")
    };
    let columns = ["participant_no", "status", "code", "to_formation", "note"];
    let header = "participant_no,formation,twk,tiu,tkp,skb,gpa,birth_date,decision,move_decision\n";
    for order in [people.to_vec(), people.iter().rev().copied().collect()] {
        let scores = header.to_owned() + &order.iter().map(row).collect::<String>();
        check(rule_set("cpns-2019", &[]), VACANT_A, &scores, &columns, expected);
    }
}

#[test]
fn places_within_two_formations_decide_nothing_between_them() {
    let people = |b3: &'static str, c2: &'static str| {
        [("b1", "B", "1", ""), ("b2", "B", "2", ""), ("b3", "B", "3", b3), ("c1", "C", "1", ""), ("c2", "C", "2", c2)]
    };
    let told = |b3: &str, c2: &str| ["b1,selected,P/L,,", "b2,selected,P/L,,", b3, "c1,selected,P/L,,", c2].map(str::to_owned);
    let check = |b3: &'static str, c2: &'static str, expected: [String; 5]| {
        check_tie(&people(b3, c2), &expected.each_ref().map(String::as_str));
    };
    let waiting = told("b3,not_selected,,,committee_decides", "c2,not_selected,,,committee_decides");
    for (b3, c2) in [("", ""), ("1", ""), ("", "1"), ("2", "2")] {
        check(b3, c2, waiting.clone());
    }
    check("1", "2", told("b3,selected_by_move,P/L-2,A,", "c2,not_selected,TL,,"));
    check("7", "4", told("b3,not_selected,TL,,", "c2,selected_by_move,P/L-2,A,"));
}

#[test]
fn of_several_decisions_about_moves_the_newest_about_all_who_are_tied_counts() {
    let people = |b3: &'static str, c2: &'static str| {
        [("b1", "B", "1", ""), ("b2", "B", "2", ""), ("b3", "B", "3", b3), ("c1", "C", "1", ""), ("c2", "C", "2", c2)]
    };
    let told = |b3: &'static str, c2: &'static str| ["b1,selected,P/L,,", "b2,selected,P/L,,", b3, "c1,selected,P/L,,", c2];
    let b3_moves = told("b3,selected_by_move,P/L-2,A,", "c2,not_selected,TL,,");
    let c2_moves = told("b3,not_selected,TL,,", "c2,selected_by_move,P/L-2,A,");
    let nobody = told("b3,not_selected,,,committee_decides", "c2,not_selected,,,committee_decides");
    // The second decision is about others; the third names both again.
    check_tie(&people("1/1 2/2", "1/2"), &b3_moves);
    check_tie(&people("1/1 2/2", "1/2 3/1"), &b3_moves);
    check_tie(&people("1/1 3/2", "1/2 3/1"), &c2_moves);
    check_tie(&people("1/1", "2/2"), &nobody);
    check_tie(&people("1/1 2/1", "1/2 2/1"), &b3_moves);
}

#[test]
fn within_one_formation_its_own_decision_counts_in_a_move_too() {
    let people = [("b1", "B", "1", ""), ("b2", "B", "2", ""), ("b3", "B", "4", "1"), ("b4", "B", "3", "2"), ("c1", "C", "", "")];
    let b4_moves = ["b1,selected,P/L,,", "b2,selected,P/L,,", "b4,selected_by_move,P/L-2,A,", "b3,not_selected,TL,,", "c1,selected,P/L,,"];
    check_tie(&people, &b4_moves);
}

#[test]
fn where_the_committee_is_no_key_no_decision_counts() {
    let scores = "participant_no,formation,twk,tiu,tkp,skb,gpa,birth_date,move_decision\n\
        1,B,100,100,150,400,3.5,1999-01-01,1\n2,C,100,100,150,400,3.5,1999-01-01,2\n\
        3,B,100,100,150,450,,,\n4,C,100,100,150,450,,,\n";
    let formations = VACANT_A.replace("B,2", "B,1");
    let columns = ["participant_no", "status", "note"];
    let waiting = ["3,selected,", "1,not_selected,committee_decides", "4,selected,", "2,not_selected,committee_decides"];
    check(rule_set("cpns-2019", &[(", \"committee\"]", "]")]), &formations, scores, &columns, &waiting);
    let decided = ["3,selected,", "1,selected_by_move,", "4,selected,", "2,not_selected,"];
    check(rule_set("cpns-2019", &[]), &formations, scores, &columns, &decided);
}

/// One stage whose sections have weights, with scores of another year.
fn weighted_stage() -> RuleSet {
    let changes = [
        ("max = 200\n", "max = 200\nweight = 25\n"),
        ("max = 150\n", "max = 150\nweight = 25\n"),
        (
            "id = \"bidang\"\ntitle = { id = \"Kompetensi Bidang\", en = \"Field competence\" }\nmax = 200\n",
            "id = \"bidang\"\ntitle = { id = \"B\", en = \"B\" }\nmax = 200\nweight = 50\n",
        ),
        (
            "[final]",
            "[[stages.carried]]\nyear = 2025\nmax = { umum = 100, lokal = 100, bidang = 100 }\nthreshold = \"current\"\nwhen_both = \"refuse\"\n\n[final]",
        ),
        ("tie_order = [\"bidang\", \"umum\", \"lokal\", \"gpa\"", "tie_order = [\"tes\", \"gpa\""),
    ];
    rule_set("bkpsdm-3", &changes)
}

#[test]
fn a_single_weighted_stage_shows_its_value_and_uses_the_other_years_maximum() {
    let scores = "participant_no,formation,umum,lokal,bidang,prior_year,prior_umum,prior_lokal,prior_bidang\n\
        1,A,100,75,100,,,,\n2,A,,,,2025,60,60,60\n";
    check(
        weighted_stage(),
        "formation,slots,category\nA,1,umum\n",
        scores,
        &["participant_no", "total", "rank", "status"],
        &["2,60.000,1,selected", "1,50.000,2,not_selected"],
    );
}

#[test]
fn a_weighted_stage_decides_ties_by_its_value() {
    // Both are lifted to 100 and equal at the end; the raw value decides before the GPA.
    let before = "[[codes]]\nstage = \"tes\"\nstatus = \"absent\"";
    let granted = "[[adjustments]]\nid = \"penuh\"\ntitle = { id = \"P\", en = \"P\" }\nevidence = { id = \"-\", en = \"-\" }\nstage = \"tes\"\n\
        kind = \"to_maximum\"\n\n[[codes]]\nstage = \"tes\"\nstatus = \"absent\"";
    let scores = "participant_no,formation,umum,lokal,bidang,gpa,adjustments\n1,A,100,75,100,3.9,penuh\n2,A,100,75,110,3.1,penuh\n";
    let mut rules = weighted_stage();
    let with_adjustment = rule_set("bkpsdm-3", &[(before, granted)]);
    rules.adjustments = with_adjustment.adjustments;
    check(
        rules,
        "formation,slots,category\nA,1,umum\n",
        scores,
        &["participant_no", "final", "rank", "status"],
        &["2,100.000,1,selected", "1,100.000,2,not_selected"],
    );
}

#[test]
fn who_waits_for_the_committee_has_no_code() {
    // Also where the rule set has a code for whoever goes on, at any stage.
    let any = "[[codes]]\nstage = \"*\"\nstatus = \"shortlisted\"\ncode = \"P/L\"\ntext = { id = \"ikut\", en = \"goes on\" }\n\n[[codes]]\nstage = \"tes\"";
    let rules = rule_set("bkpsdm-3", &[("[[codes]]\nstage = \"tes\"", any)]);
    let scores = "participant_no,formation,umum,lokal,bidang\n1,A,100,75,100\n2,A,100,75,100\n";
    check(rules, "formation,slots,category\nA,1,umum\n", scores, &["status", "code", "note"], &["shortlisted,,committee_decides"; 2]);
}
