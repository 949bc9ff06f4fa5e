//! Papers as the engine has them: one table where everybody had the same items, item by item where they were drawn; and how an exam goes.

use super::{item, near, sound};
use item_analysis::chart::{Completion, completion};
use item_analysis::papers::{PaperItem, Papers, PapersAnalysis, analyse_papers};
use item_analysis::report::{Lines, html};
use item_analysis::responses::{Answer, Item, Note};
use item_analysis::{Marks, Times};

/// An item with choices A and B of which A gives 1; `answers` are person and choice, a dot is none.
fn right_or_wrong(name: &str, section: usize, answers: &[(u32, char)]) -> PaperItem {
    let answer = |label: &str, marks| Answer { label: label.to_owned(), marks: Marks::whole(marks) };
    let item = Item {
        name: name.to_owned(),
        section: None,
        max: Marks::whole(1),
        keyed: true,
        choices_listed: true,
        answers: vec![answer("", 0), answer("A", 1), answer("B", 0)],
    };
    let code = |choice| ".AB".find(choice).expect("a choice") as u16;
    PaperItem { item, section, answers: answers.iter().map(|&(person, choice)| (person, code(choice))).collect() }
}

fn analysed(papers: &Papers) -> PapersAnalysis {
    analyse_papers(papers, &Times::default()).expect("two people at least")
}

#[test]
fn the_same_items_for_everybody_are_one_table() {
    let everybody = |choices: &str| choices.chars().enumerate().map(|(person, choice)| (person as u32, choice)).collect::<Vec<_>>();
    let items = vec![
        right_or_wrong("a1", 0, &everybody("AABB.")),
        right_or_wrong("a2", 0, &everybody("AABAB")),
        right_or_wrong("b1", 1, &everybody("ABAB.")),
    ];
    let papers = Papers { people: 5, sections: vec![("umum".to_owned(), 2), ("bidang".to_owned(), 1)], items };
    let table = "a1,a2,b1\nA,A,A\nA,A,B\nB,B,A\nB,A,B\n,B,\n";
    let key = "item,section,A,B\na1,umum,1,0\na2,umum,1,0\nb1,bidang,1,0\n";
    let ours = analysed(&papers);
    assert_eq!(ours.analysis, sound(table, Some(key)));
    assert_eq!(ours.notes, []);
    assert!(ours.analysis.scales[0].alpha.is_some());
}

/// Six people. Five had p, all had q, two had r: in marks of the section 2, 2, 1, 1, 0, 1.
fn drawn() -> Papers {
    let items = vec![
        right_or_wrong("p", 0, &[(0, 'A'), (1, 'A'), (2, 'B'), (3, 'A'), (4, '.')]),
        right_or_wrong("q", 0, &[(0, 'A'), (1, 'A'), (2, 'A'), (3, 'B'), (4, 'B'), (5, 'A')]),
        right_or_wrong("r", 0, &[(5, 'B')]),
    ];
    Papers { people: 6, sections: vec![("umum".to_owned(), 2)], items }
}

#[test]
fn an_item_that_was_drawn_is_held_against_the_rest_of_those_who_had_it() {
    let PapersAnalysis { analysis, notes } = analysed(&drawn());
    assert_eq!(notes, [Note::PapersDrawn, Note::ItemsRare { items: 1, people_min: 5 }]);
    assert_eq!(analysis.items.iter().map(|item| (item.name.as_str(), item.people)).collect::<Vec<_>>(), [("p", 5), ("q", 6)]);
    // p: marks 1 1 0 1 0 beside the rest 1 1 1 0 0: covariance sum 2 - 3·3/5 = 0.2, spreads 6/5 each.
    let p = item(&analysis, "p");
    near("difficulty", p.difficulty, Some(0.6), 12);
    near("corrected", p.point_biserial_corrected, Some(0.2 / 1.2), 12);
    near("omitted", Some(p.omission_rate), Some(0.2), 12);
    // q: marks 1 1 1 0 0 1 beside the rest 1 1 0 1 0 0: covariance sum 2 - 4·3/6 = 0.
    let q = item(&analysis, "q");
    near("difficulty", q.difficulty, Some(4.0 / 6.0), 12);
    near("corrected", q.point_biserial_corrected, Some(0.0), 12);
    // Section: 2 2 1 1 0 1, the item that is left out included.
    let section = &analysis.scales[1];
    assert_eq!((section.name.as_deref(), section.items, section.people, section.max), (Some("umum"), 2, 6, Marks::whole(2)));
    near("mean", Some(section.mean), Some(7.0 / 6.0), 12);
    assert!(analysis.scales.iter().all(|scale| scale.alpha.is_none() && scale.sem.is_none()));
    assert!(analysis.items.iter().all(|item| item.alpha_if_deleted.is_none()));
    let csv = item_analysis::output::items_csv(&analysis);
    assert!(csv.lines().nth(1).is_some_and(|line| line.starts_with("p,umum,5,1,0.600000,")), "{csv}");
}

#[test]
fn a_page_says_why_drawn_papers_have_no_alpha() {
    let PapersAnalysis { analysis, notes } = analysed(&drawn());
    let page = html(&analysis, "x", &notes, &Lines::default(), None).expect("a page");
    let (id, en) = (page.find("naskah diundi"), page.find("papers were drawn at random"));
    assert!(id.is_some() && id < en, "Indonesian first: {page}");
    assert!(page.contains("1 butir diterima kurang dari 5 orang") && !page.contains("Penyelesaian menurut waktu"));
}

#[test]
fn one_person_has_no_statistics() {
    let one = Papers { people: 1, sections: vec![("umum".to_owned(), 1)], items: vec![right_or_wrong("p", 0, &[(0, 'A')])] };
    assert!(analyse_papers(&one, &Times::default()).is_none() && analyse_papers(&Papers::default(), &Times::default()).is_none());
}

#[test]
fn times_are_means_over_those_who_have_one() {
    let mut times = Times::default();
    times.add("p", 1_500);
    times.add("p", 2_000);
    assert_eq!((times.mean_s("p"), times.mean_s("q")), (Some(1.75), None));
}

/// Two people with two items each: the first is done in a minute and a half, the second takes an answer back and never ends.
fn watched() -> Completion {
    let mut completion = Completion::default();
    completion.add(2, [(0, 1), (60_000, 1)], Some(90_000));
    completion.add(2, [(60_001, 1), (179_999, -1)], None);
    completion
}

#[test]
fn completion_counts_from_each_ones_own_start() {
    let moments: Vec<(usize, f64, f64)> = watched().moments().iter().map(|moment| (moment.minute, moment.answered, moment.ended)).collect();
    assert_eq!(moments, [(0, 0.25, 0.0), (1, 0.5, 0.0), (2, 0.75, 0.5), (3, 0.5, 0.5)]);
}

#[test]
fn completion_is_a_picture_with_its_table() {
    let chart = completion(&watched(), "one").expect("something happened");
    let picture = roxmltree::Document::parse(&chart.svg).expect("well-formed");
    let curves: Vec<&str> = picture
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "polyline")))
        .filter_map(|node| node.attribute("class"))
        .collect();
    assert_eq!(curves, ["answered", "ended"]);
    let rows: Vec<String> = chart.table.rows.iter().map(|row| row.join(" | ")).collect();
    assert_eq!(rows, ["0 | 25,0 % | 0,0 %", "1 | 50,0 % | 0,0 %", "2 | 75,0 % | 50,0 %", "3 | 50,0 % | 50,0 %"]);
    let page = html(&sound("a,b\n1,0\n0,1\n", None), "x", &[], &Lines::default(), Some(&watched())).expect("a page");
    assert!(page.contains("<h2>Penyelesaian menurut waktu <span lang=\"en\">Completion over time</span></h2>"));
    assert!(completion(&Completion::default(), "two").is_none());
}

#[test]
fn a_long_exam_has_a_short_table() {
    let mut long = Completion::default();
    long.add(1, [(30_000, 1)], Some(100 * 60_000));
    let rows = completion(&long, "one").expect("a picture").table.rows;
    let minutes: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
    assert_eq!((minutes.len(), minutes[1], minutes[20]), (21, "5", "100"));
}
