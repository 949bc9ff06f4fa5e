//! Small tables whose statistics were computed by hand; the working stands beside them.

use super::{analysed, item, near, sound};
use item_analysis::analysis::Role;
use item_analysis::output::{choices_csv, items_csv, summary};
use item_analysis::responses::Missing;
use item_analysis::{Reading, Responses, Source, Times, analyse};

/// Four people of whom each answers one more than the next.
const STEPS: &str = "id,a,b,c\nP1,1,1,1\nP2,1,1,0\nP3,1,0,0\nP4,0,0,0\n";

#[test]
fn a_scale_of_three_items() {
    let analysis = sound(STEPS, None);
    let scale = &analysis.scales[0];
    // Totals 3 2 1 0: variance 5/3. Items: 1/4, 1/3, 1/4, together 5/6. Alpha 3/2 · (1 − 1/2).
    near("mean", Some(scale.mean), Some(1.5), 12);
    near("SD", Some(scale.sd), Some((5.0_f64 / 3.0).sqrt()), 12);
    near("alpha", scale.alpha, Some(0.75), 12);
    near("SEM", scale.sem, Some((5.0_f64 / 12.0).sqrt()), 12);
    // Items against the sum of the other two. a: 1110 and 2100; b: 1100 and 2110; c: 1000 and 2210.
    for (name, difficulty, corrected, without) in [
        ("a", 0.75, 0.75 / (0.75_f64 * 2.75).sqrt(), 8.0 / 11.0),
        ("b", 0.5, 0.5_f64.sqrt(), 0.5),
        ("c", 0.25, 0.75 / (0.75_f64 * 2.75).sqrt(), 8.0 / 11.0),
    ] {
        let item = item(&analysis, name);
        near(name, item.difficulty, Some(difficulty), 12);
        near(name, item.point_biserial_corrected, Some(corrected), 12);
        near(name, item.alpha_if_deleted, Some(without), 12);
        // 27 % of four is one: P1 against P4.
        near(name, item.discrimination, Some(1.0), 12);
        assert_eq!((item.omission_rate, item.mean_time_s), (0.0, None));
    }
    assert_eq!(
        summary(&analysis),
        "alpha 0.7500, 4 people, 3 items, mean 1.500, SD 1.291, SEM 0.645, from 0 to 3\n0 of 3 items have flags\n"
    );
}

#[test]
fn groups_take_in_everybody_with_the_same_total() {
    // Ten people: 27 % are three. The third from below has 1, as has the fourth; the third from above has 3.
    let marks = ["0,0,0,0", "0,0,0,0", "1,0,0,0", "0,0,0,1", "1,1,0,0", "1,0,1,0", "1,1,0,0", "1,1,1,0", "1,1,1,0", "1,1,1,1"];
    let analysis = sound(&format!("a,b,c,d\n{}\n", marks.join("\n")), None);
    assert_eq!(analysis.scales[0].group_people, (4, 3));
    // Lower four: one has a, one has d. Upper three: all have a, b and c, one has d.
    near("a", item(&analysis, "a").discrimination, Some(0.75), 12);
    near("b", item(&analysis, "b").discrimination, Some(1.0), 12);
    near("d", item(&analysis, "d").discrimination, Some(1.0 / 3.0 - 0.25), 12);
}

#[test]
fn right_and_wrong_choices() {
    // b is chosen by the two best though the key says a; nobody takes d.
    let responses = "id,q1,q2,q3,q4\nP1,b,x,x,x\nP2,b,x,x,y\nP3,a,x,y,y\nP4,a,y,y,y\nP5,,y,y,y\nP6,c,y,y,y\n";
    let key = "item,key\nq1,a\nq2,x\nq3,x\nq4,x\n";
    let analysis = sound(responses, Some(key));
    // Totals 3 2 2 1 0 0; 27 % are two: lower P5 P6 (0), upper P1 P2 P3 (at least 2).
    let q1 = item(&analysis, "q1");
    let rows: Vec<_> = q1.choices.iter().map(|choice| (choice.label.as_str(), choice.role, choice.people, choice.mean_total)).collect();
    assert_eq!(
        rows,
        [
            ("a", Role::Key, 2, Some(1.5)),
            ("b", Role::Distractor, 2, Some(2.5)),
            ("c", Role::Distractor, 1, Some(0.0)),
            ("x", Role::Distractor, 0, None),
            ("y", Role::Distractor, 0, None),
            ("", Role::Omitted, 1, Some(0.0)),
        ]
    );
    // b (110000) beside the rest without q1 (321000): 5 − 2·6/6 over the root of 8/6 · (14 − 36/6).
    near("b", q1.choices[1].point_biserial, Some(3.0 / (4.0_f64 / 3.0 * 8.0).sqrt()), 12);
    near("b above", q1.choices[1].upper_share, Some(2.0 / 3.0), 12);
    near("b below", q1.choices[1].lower_share, Some(0.0), 12);
    near("omitted", Some(q1.omission_rate), Some(1.0 / 6.0), 12);
    let flags: Vec<&str> = q1.flags.iter().map(|flag| flag.code()).collect();
    assert_eq!(flags, ["negative_discrimination", "possible_miskey", "attractive_distractor", "lowers_alpha", "often_omitted"]);
    let table = choices_csv(&analysis).expect("choices");
    assert!(table.contains("\nq1,,b,distractor,0,2,0.333333,2.500000,0.918559,0.000000,0.666667,0.666667\n"), "{table}");
}

#[test]
fn choices_with_marks_of_their_own() {
    // As in the part on personal characteristics: each choice gives 1 to 5, and none is wrong.
    let key = "item,section,A,B,C,D,E\nt1,tkp,5,4,3,2,1\nt2,tkp,1,2,3,4,5\n";
    let analysis = sound("no,t1,t2\n1,A,E\n2,B,E\n3,C,C\n4,E,A\n5,,A\n", Some(key));
    let t1 = item(&analysis, "t1");
    near("mean", Some(t1.mean), Some(13.0 / 5.0), 12);
    near("share of the most", t1.difficulty, Some(13.0 / 25.0), 12);
    assert!(t1.choices.iter().all(|choice| choice.role == Role::Weighted || choice.label.is_empty()));
    let marks: Vec<(&str, String)> = t1.choices.iter().map(|choice| (choice.label.as_str(), choice.marks.to_string())).collect();
    assert_eq!(
        marks,
        [("A", "5"), ("B", "4"), ("C", "3"), ("D", "2"), ("E", "1"), ("", "0")].map(|(label, marks)| (label, marks.to_owned()))
    );
    assert_eq!(analysis.scales.iter().map(|scale| scale.name.as_deref()).collect::<Vec<_>>(), [None, Some("tkp")]);
}

#[test]
fn an_item_is_held_against_its_own_section() {
    // Two sections that contradict each other: within each of them items agree, over the whole test they do not.
    let responses = "id,a1,a2,b1,b2\nP1,1,1,0,0\nP2,1,1,0,0\nP3,0,0,1,1\nP4,0,0,1,1\n";
    let key = "item,section\na1,twk\na2,twk\nb1,tiu\nb2,tiu\n";
    let sections = sound(responses, Some(key));
    near("in its section", item(&sections, "a1").point_biserial_corrected, Some(1.0), 12);
    near("alpha of a section", sections.scales[1].alpha, Some(1.0), 12);
    assert_eq!(sections.scales[0].alpha, None, "all totals are two");
    near("in the whole", item(&sound(responses, None), "a1").point_biserial_corrected, Some(-1.0), 12);
    assert!(summary(&sections).starts_with("alpha is not defined when all totals are equal, 4 people"), "{}", summary(&sections));
    assert!(summary(&sections).contains("\nsection tiu: alpha 1.0000, 4 people, 2 items"), "{}", summary(&sections));
}

#[test]
fn what_is_not_defined_is_left_empty() {
    // a is constant: nothing goes with it. Alpha is 3/2 · (1 − 2/3), and 2 · (1 − 2/3) without a; without b one item of two varies.
    let analysis = sound("a,b,c\n1,1,1\n1,0,1\n1,0,0\n", None);
    let csv = items_csv(&analysis);
    let row = csv.lines().nth(1).expect("the first item");
    assert_eq!(row, "a,,3,1,1.000000,0.000000,1.000000,,,0.000000,0.666667,0.000000,,,constant too_easy lowers_alpha");
    // One item alone has no rest and no alpha.
    let one = sound("a\n1\n0\n", None);
    assert_eq!((one.scales[0].alpha, one.items[0].point_biserial_corrected, one.items[0].alpha_if_deleted), (None, None, None));
    assert!(summary(&one).starts_with("alpha is not defined for one item"), "{}", summary(&one));
    // Nobody has anything: hard, and nothing else can be said.
    let nothing = sound("a,b\n0,0\n0,0\n", None);
    assert_eq!((nothing.items[0].difficulty, nothing.items[0].discrimination), (Some(0.0), None));
}

#[test]
fn what_was_left_out_gives_nothing_or_leaves_the_person_out() {
    let responses = "id,a,b\nP1,1,1\nP2,NA,1\nP3,,0\nP4,-,0\nP5,0,0\n";
    let reading = Reading { omitted: vec!["-".to_owned()], ..Reading::default() };
    let zero = analysed(responses, None, &reading).expect("a sound table");
    near("counts as nothing", item(&zero, "a").difficulty, Some(0.2), 12);
    near("three of five", Some(item(&zero, "a").omission_rate), Some(0.6), 12);
    let listwise = analysed(responses, None, &Reading { missing: Missing::Listwise, ..reading }).expect("a sound table");
    assert_eq!(listwise.scales[0].people, 2);
    near("of those who answered", item(&listwise, "a").difficulty, Some(0.5), 12);
    assert_eq!(listwise.ids, Some(vec!["P1".to_owned(), "P5".to_owned()]));
}

#[test]
fn mean_times_are_those_that_are_known() {
    let responses = Responses::read(Source { name: "r.csv", bytes: STEPS.as_bytes() }, None, &Reading::default()).expect("a sound table");
    let source = Source { name: "t.csv", bytes: b"id,a,b,other\nP1,10.5,,1\nP2,20,,x\nP3,NA,,1\n" };
    let times = Times::read(source, &Reading::default().id, |name| responses.items.iter().any(|item| item.name == name)).expect("times");
    let analysis = analyse(&responses, &times);
    assert_eq!(analysis.items.iter().map(|item| item.mean_time_s).collect::<Vec<_>>(), [Some(15.25), None, None]);
}

#[test]
fn marks_are_added_exactly() {
    // 0.1 + 0.2 is 0.3: in floats P1 and P2 would differ, and with them the groups.
    let analysis = sound("id,a,b,c\nP1,0.1,0.2,0\nP2,0,0,0.3\nP3,0,0,0\nP4,0.3,0.3,0.3\n", None);
    let totals: Vec<String> = analysis.scales[0].totals.iter().map(ToString::to_string).collect();
    assert_eq!(totals, ["0.3", "0.3", "0", "0.9"]);
}
