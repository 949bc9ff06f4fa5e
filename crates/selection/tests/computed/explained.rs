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
    let told = story(&computed, "6", Language::English);
    let (first, rest) = told.split_once('\n').unwrap_or_default();
    let (sources, rest) = rest.split_once('\n').unwrap_or_default();
    assert_eq!(first, "Participant 6, formation A (umum), 2 slots; rules skd-2019");
    assert!(sources.starts_with("The rules rest on: "), "{sources}");
    let expected = "\
Stage skd: Basic competence
  Scores: twk 100, tiu 110, tkp 146, total 356.
  Needed: each section: at least twk 65, tiu 80, tkp 126. Reached.
  Rank 7 of 7 who reached what is needed.
  Cut: 3 x 2 = 6 people.
  Just above: participant 7; decided by tiu: 115 and 110. Last inside the boundary.
  Outside the cut.
Status: passed_but_outside_the_cut (ranked, outside the cut), code `P`.
";
    assert_eq!(rest, expected);
    let says = [
        "Peringkat 3 dari 7 yang memenuhi syarat.",
        "Tepat di bawah: peserta 5; penentu tkp: 147 dan 146.",
        "Pertama di luar batas: peserta 6; penentu total: 367 dan 356.",
    ];
    check(&computed, "4", Language::Indonesian, &says);
    assert_eq!(story(&computed, "8", Language::English), "", "nobody of that number");
}

#[test]
fn the_sources_of_the_rule_set_are_named_once() {
    let scores = "participant_no,formation,twk,tiu,tkp\n1,A,80,90,150\n";
    let mut computed = Computed::of(rule_set("skd-2024", &[]), "formation,slots,category\nA,2,umum\n", scores).expect("computed");
    let source = |decree: &str, article: &str| {
        let mut source = computed.rules.sources[0].clone();
        (source.decree, source.article) = (decree.to_owned(), article.to_owned());
        source
    };
    computed.rules.sources = vec![source("Permen 1/2030", "Pasal 2 ayat (3)"), source("Keputusan 4/2030", "")];
    let (indonesian, english) = (story(&computed, "1", Language::Indonesian), story(&computed, "1", Language::English));
    for (told, sentence) in [
        (indonesian, "\nDasar aturan: Permen 1/2030, Pasal 2 ayat (3); Keputusan 4/2030.\n"),
        (english, "\nThe rules rest on: Permen 1/2030, Pasal 2 ayat (3); Keputusan 4/2030.\n"),
    ] {
        assert_eq!(told.matches(sentence).count(), 1, "{told}");
    }
    computed.rules.sources.clear();
    assert!(!story(&computed, "1", Language::English).contains("rest on"));
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

#[test]
fn the_rule_of_the_boundary_where_equals_stand_across_it() {
    let row = |number: u32, twk: u32| format!("{number},A,{twk},80,160\n");
    let people = [(1, 95), (2, 94), (3, 93), (4, 93), (5, 92)].map(|(number, twk)| row(number, twk)).concat();
    let scores = format!("participant_no,formation,twk,tiu,tkp\n{people}");
    let computed = |changes: &[(&str, &str)]| {
        Computed::of(rule_set("skd-2024", changes), "formation,slots,category\nA,1,disabilitas\n", &scores).expect("computed")
    };
    let all = computed(&[]);
    let rule = "At the boundary 2 people are equal in everything that decides; all of them go on. Going on: 4 people.";
    for number in ["3", "4"] {
        check(&all, number, Language::English, &["Cut: 3 x 1 = 3 people.", rule, "Goes on: equal to the last one at the boundary."]);
    }
    check(&all, "1", Language::English, &[rule, "  Goes on.\n"]);
    let says = [
        "Di batas ada 2 orang yang sama dalam semua penentu; semuanya ikut. Yang ikut: 4 orang.",
        "Tepat di atas: peserta 4; penentu total: 333 dan 332. Terakhir di dalam batas.",
        "Di luar batas.",
    ];
    check(&all, "5", Language::Indonesian, &says);
    check(&all, "3", Language::Indonesian, &["Tepat di bawah: peserta 5; penentu total: 333 dan 332. Pertama di luar batas."]);
    let none = computed(&[("all_pass", "none_passes")]);
    let says = [
        "At the boundary 2 people are equal in everything that decides; none of them goes on. Going on: 2 people.",
        "Just above: participant 2; decided by the total: 334 and 333. Last inside the boundary.",
        "Outside the cut: equal to the first one outside.",
    ];
    check(&none, "3", Language::English, &says);
    check(&none, "5", Language::Indonesian, &["semuanya tidak ikut. Yang ikut: 2 orang.", "Terakhir di dalam batas: peserta 2;"]);
}

#[test]
fn a_cut_without_equals_across_it_says_no_more_than_the_number() {
    let scores = "participant_no,formation,twk,tiu,tkp\n1,A,95,80,160\n2,A,94,80,160\n3,A,93,80,160\n4,A,92,80,160\n5,A,92,80,160\n";
    let computed = Computed::of(rule_set("skd-2024", &[]), "formation,slots,category\nA,1,disabilitas\n", scores).expect("computed");
    assert!(!story(&computed, "3", Language::English).contains("At the boundary"));
}

#[test]
fn equals_across_the_boundary_of_the_second_group() {
    let scores = "participant_no,formation,twk,tiu,tkp\n1,A,100,100,150\n2,A,70,100,143\n3,A,70,100,142\n4,A,70,100,141\n5,A,70,100,141\n6,A,70,100,140\n";
    let computed = Computed::of(rule_set("skd-2018", &[]), "formation,slots,category\nA,2,umum\n", scores).expect("computed");
    let says =
        ["3 x 1 = 3 of P2.", "At the boundary 2 people are equal in everything that decides; all of them go on. Going on: 5 people."];
    check(&computed, "5", Language::English, &says);
}

/// A is vacant; of B three people are equal to one of C, and the committee has not compared them.
fn held_slot(slots: u32, decided: bool) -> Computed {
    let formations = format!(
        "formation,slots,category,job,education,unit,agency\nA,{slots},umum,guru,s1,sd1,daerah\nB,1,umum,guru,s1,sd2,daerah\n\
         C,1,umum,guru,s1,sd3,daerah\nD,1,umum,guru,s1,sd4,daerah\n"
    );
    let row = |number: &str, formation: &str, skb: u32, place: &str| {
        let place = if decided { place } else { "" };
        format!("{number},{formation},100,100,150,{skb},3.5,1999-01-01,{place}\n")
    };
    let scores = [
        row("b1", "B", 450, ""),
        row("c1", "C", 450, ""),
        row("b2", "B", 400, "2"),
        row("c2", "C", 400, "1"),
        row("c3", "C", 300, ""),
        row("d1", "D", 450, ""),
        row("d2", "D", 420, ""),
    ];
    let scores = format!("participant_no,formation,twk,tiu,tkp,skb,gpa,birth_date,move_decision\n{}", scores.concat());
    Computed::of(rule_set("cpns-2019", &[]), &formations, &scores).expect("computed")
}

#[test]
fn a_slot_that_is_held_was_filled_by_nobody() {
    let only_d = "not_selected,,committee_decides";
    let computed = held_slot(2, false);
    let rows = computed.columns(&["participant_no", "status", "code", "note"]);
    assert!(rows.contains(&format!("b2,{only_d}")) && rows.contains(&format!("c2,{only_d}")), "{rows:?}");
    check(
        &computed,
        "b2",
        Language::English,
        &[
            "Not moved by step 2 to formation A: equal in everything to participants c2 at the last vacant slot, which is held until the \
             committee decides.",
            "Status: not_selected (waits for the committee's decision), code ``.",
        ],
    );
    check(
        &computed,
        "c2",
        Language::Indonesian,
        &["sama dalam semua penentu dengan peserta b2 di kursi kosong terakhir; kursi ditahan sampai panitia memutuskan."],
    );
    check(
        &computed,
        "c3",
        Language::English,
        &["formation A: filled by participants d2, and held until the committee decides between participants b2, c2; all rank better."],
    );
    check(
        &computed,
        "c3",
        Language::Indonesian,
        &[
            "formasi A: diisi peserta d2, dan kursi lain ditahan sampai panitia memutuskan antara peserta b2, c2; semuanya berperingkat lebih baik.",
        ],
    );
    for number in ["b2", "c2", "c3", "d2"] {
        assert!(!story(&computed, number, Language::English).contains("participants ,"), "{number}");
    }
}

#[test]
fn a_decision_across_formations_is_named_as_such() {
    let computed = held_slot(2, true);
    let says = [
        "Moved to formation A by step 2",
        "Next: participant b2; decided by a recorded decision of the committee across formations: 1 and 2.",
    ];
    check(&computed, "c2", Language::English, &says);
    check(&computed, "b2", Language::English, &["formation A: filled by participants d2, c2, who rank better."]);
    check(&computed, "c2", Language::Indonesian, &["penentu keputusan panitia antarformasi yang dicatat: 1 dan 2."]);
}

#[test]
fn slots_that_wait_for_a_formations_own_tie() {
    let formations = "formation,slots,category,job,education,unit,agency\nA,1,umum,guru,s1,sd1,daerah\nB,1,umum,guru,s1,sd2,daerah\n";
    let scores = "participant_no,formation,twk,tiu,tkp,skb,gpa,birth_date\na1,A,100,100,150,400,3.5,1999-01-01\n\
        a2,A,100,100,150,400,3.5,1999-01-01\nb1,B,100,100,150,450,,\nb2,B,100,100,150,430,,\n";
    let computed = Computed::of(rule_set("cpns-2019", &[]), formations, scores).expect("computed");
    check(
        &computed,
        "b2",
        Language::English,
        &["Not moved by step 2 to formation A: held until the committee decides between that formation's own participants: a1, a2."],
    );
}

#[test]
fn who_waits_for_one_slot_is_moved_to_no_other() {
    let formations = "formation,slots,category,job,education,unit,agency\nA,1,umum,guru,s1,sd1,daerah\nB,1,umum,guru,s1,sd2,daerah\n\
        C,1,umum,guru,s1,sd3,daerah\nD,1,umum,guru,s1,sd4,daerah\n";
    let scores = "participant_no,formation,twk,tiu,tkp,skb,gpa,birth_date\nb1,B,100,100,150,450,,\nb2,B,100,100,150,400,3.5,1999-01-01\n\
        b3,B,100,100,150,400,3.5,1999-01-01\nd1,D,100,100,150,450,,\nd2,D,100,100,150,300,,\n";
    let computed = Computed::of(rule_set("cpns-2019", &[]), formations, scores).expect("computed");
    check(&computed, "b2", Language::Indonesian, &["langkah 2 ke formasi C: menunggu keputusan panitia tentang kursi formasi A."]);
    check(&computed, "d2", Language::English, &["Moved to formation C by step 2", "Nobody else could have been moved there."]);
}
