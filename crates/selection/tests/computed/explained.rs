//! Explanations say which rule decided, and against whom.

use crate::{Computed, rule_set};
use rules::explain::Language;
use selection::explain::Computed as All;

fn story(computed: &Computed, number: &str, language: Language) -> String {
    let Computed { rules, formations, people, outcomes } = computed;
    All { rules, formations, candidates: people, outcomes }.explain(number, language).unwrap_or_default()
}

fn check(computed: &Computed, number: &str, language: Language, says: &[&str]) {
    let told = story(computed, number, language);
    for sentence in says {
        assert!(told.contains(sentence), "{sentence:?} is missing in\n{told}");
    }
}

#[test]
fn the_published_case_of_seven() {
    let scores = "participant_no,formation,tkp,tiu,twk\n1,A,150,110,135\n2,A,148,125,115\n3,A,145,105,117\n4,A,147,115,105\n\
        5,A,146,112,109\n6,A,146,110,100\n7,A,146,115,95\n";
    let computed = Computed::of(rule_set("skd-2019", &[]), "formation,slots,category\nA,2,umum\n", scores).expect("computed");
    let expected = "\
Participant 6, formation A (umum), 2 slots; rules skd-2019
Stage skd: Basic competence
  Scores: twk 100, tiu 110, tkp 146, total 356.
  Needed: each section: at least twk 65, tiu 80, tkp 126. Reached.
  Rank 7 of 7 who reached what is needed.
  Cut: 3 x 2 = 6 people.
  Just above: participant 7; decided by tiu: 115 and 110.
  Outside the cut.
Status: passed_but_outside_the_cut (reached the threshold, outside the cut), code `P`.
";
    assert_eq!(story(&computed, "6", Language::English), expected);
    let says = [
        "Peringkat 3 dari 7 yang memenuhi syarat.",
        "Tepat di bawah: peserta 5; penentu tkp: 147 dan 146.",
        "Pertama di luar batas: peserta 6; penentu total: 367 dan 356.",
    ];
    check(&computed, "4", Language::Indonesian, &says);
    assert_eq!(story(&computed, "8", Language::English), "", "nobody of that number");
}

#[test]
fn thresholds_and_groups_of_2018() {
    let scores = "participant_no,formation,twk,tiu,tkp\n1,A,80,90,150\n2,A,70,90,140\n3,A,70,40,100\n";
    let computed = Computed::of(rule_set("skd-2018", &[]), "formation,slots,category\nA,2,umum\n", scores).expect("computed");
    let says = [
        "Missed: twk 70 < 75, tkp 140 < 143.",
        "Group P2:",
        "Needed: total at least 255. Reached.",
        "1 people of P1 for 2 slots: all of P1, then 3 x 1 = 3 of P2.",
        "Just above: participant 1; P1 comes before P2.",
        "code `P2/L`",
    ];
    check(&computed, "2", Language::English, &says);
    check(&computed, "3", Language::Indonesian, &["Tidak terpenuhi: total 210 < 255.", "below_threshold (di bawah ambang), kode `TL`"]);
}

#[test]
fn the_end_and_the_moves() {
    let formations = "formation,slots,category,job,education,unit\nA,1,umum,guru,s1,sd1\nB,2,disabilitas,guru,s1,sd1\n";
    let scores = "participant_no,formation,twk,tiu,tkp,skb,gpa,birth_date\n1,B,90,80,170,400,3.5,1999-01-01\n\
        2,B,90,80,170,400,3.5,1998-01-01\n3,B,90,80,170,400,3.5,1999-05-05\n4,B,60,80,170,390,3.5,1997-01-01\n5,B,90,80,170,300,3.5,1997-01-01\n6,B,,,,,,\n";
    let computed = Computed::of(rule_set("cpns-2024", &[]), formations, scores).expect("computed");
    let says = [
        "skd on the scale to 100: 61,818 (exactly 680/11).",
        "40 % x 61,818 + 60 % x 80,000 = 72,727 (exactly 800/11).",
        "Rank 3 of 5, 2 slots.",
        "Just above: participant 1; decided by: older age.",
        "Moved to formation A by step U-1",
        "Next: participant 5; decided by the final value: 72,727 (800/11) and 60,727 (668/11).",
        "code `U-1`",
    ];
    check(&computed, "3", Language::English, &says);
    assert!(!story(&computed, "3", Language::English).contains("1999"), "no birth date is told");
    check(&computed, "4", Language::English, &["Not moved by step U-1 to formation A: its threshold was not reached."]);
    check(
        &computed,
        "5",
        Language::Indonesian,
        &["Tidak dipindahkan dengan langkah U-1 ke formasi A: diisi peserta 3, yang peringkatnya lebih baik."],
    );
    check(&computed, "6", Language::Indonesian, &["Tidak ada nilai: tidak hadir.", "kode `TH`"]);
}

#[test]
fn what_only_the_committee_can_decide() {
    let scores = "participant_no,formation,twk,tiu,tkp,skb,gpa,decision\n1,A,90,80,170,400,3.5,\n2,A,90,80,170,400,,\n\
        3,B,90,80,170,400,,1\n4,B,90,80,170,400,3.9,2\n";
    let formations = "formation,slots,category\nA,1,umum\nB,1,umum\n";
    let computed = Computed::of(rule_set("cpns-2024", &[]), formations, scores).expect("computed");
    check(
        &computed,
        "1",
        Language::English,
        &["Equal in everything at the last slot: the committee decides.", "waits for the committee's decision"],
    );
    check(&computed, "4", Language::English, &["Just above: participant 3; decided by a recorded decision of the committee: 1 and 2."]);
}
