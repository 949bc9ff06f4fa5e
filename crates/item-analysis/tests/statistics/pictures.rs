//! Pictures and the page they stand on: the numbers are those of the tables beside them, and nothing in a name can get out of its place.

use super::{read, sound};
use item_analysis::chart::{Distribution, cut_total, distribution, item_map, ladder, rungs};
use item_analysis::report::{Lines, html};
use item_analysis::{Analysis, Marks, Reading, analyse};
use std::collections::BTreeMap;

/// Bars of these totals as (from, people).
fn bars(totals: &[i64], anchor: i64) -> Vec<(String, usize)> {
    let totals: Vec<Marks> = totals.iter().map(|milli| Marks::from_milli(*milli)).collect();
    let distribution = Distribution::of(&totals, Marks::from_milli(anchor));
    distribution.bins.iter().map(|bin| (bin.from.to_string(), bin.people)).collect()
}

fn expected(bars: &[(&str, usize)]) -> Vec<(String, usize)> {
    bars.iter().map(|(from, people)| ((*from).to_owned(), *people)).collect()
}

#[test]
fn bars_hold_what_can_be_had() {
    // Steps of five: empty ones are there, and no bar between them.
    assert_eq!(bars(&[10_000, 10_000, 15_000, 25_000], 0), expected(&[("10", 2), ("15", 1), ("20", 0), ("25", 1)]));
    assert_eq!(bars(&[500, 1000, 2000], 0), expected(&[("0.5", 1), ("1", 1), ("1.5", 0), ("2", 1)]));
    assert_eq!(bars(&[-1000, 0], 0), expected(&[("-1", 1), ("0", 1)]));
    assert_eq!(bars(&[3000, 3000], 0), expected(&[("3", 2)]));
}

#[test]
fn a_bar_begins_at_the_threshold() {
    let totals: Vec<i64> = (0..=100).map(|total| total * 1000).collect();
    let bars = bars(&totals, 64_000);
    assert_eq!(bars.len(), 21);
    assert_eq!(bars[0], ("-1".to_owned(), 4), "from 0 to 3");
    assert!(bars.contains(&("64".to_owned(), 5)), "{bars:?}");
    assert_eq!(bars.iter().map(|(_, people)| people).sum::<usize>(), 101);
}

/// One item; totals are its marks.
fn people(totals: &[(&str, &str)]) -> Analysis {
    let rows: Vec<String> = totals.iter().map(|(id, total)| format!("{id},{total},0")).collect();
    sound(&format!("id,a,b\n{}\n", rows.join("\n")), None)
}

#[test]
fn the_ladder_says_who_is_level_with_the_cut() {
    let analysis = people(&[("P1", "7"), ("P2", "9"), ("P4", "7"), ("P3", "7"), ("P5", "2.5")]);
    let shown = |places| -> Option<Vec<(usize, String, String, bool)>> {
        let rungs = rungs(&analysis, places)?;
        Some(rungs.into_iter().map(|rung| (rung.rank, rung.person, rung.distance.to_string(), rung.tied_at_cut)).collect())
    };
    let row = |rank, person: &str, distance: &str, tied| (rank, person.to_owned(), distance.to_owned(), tied);
    let level = vec![
        row(1, "P2", "2", false),
        row(2, "P1", "0", true),
        row(2, "P3", "0", true),
        row(2, "P4", "0", true),
        row(5, "P5", "-4.5", false),
    ];
    assert_eq!(shown(2), Some(level), "P1 is inside only by the order of ids");
    let clear = shown(4).expect("somebody is outside");
    assert!(clear.iter().all(|(.., tied)| !tied), "all with 7 are inside");
    assert_eq!((cut_total(&analysis, 2), cut_total(&analysis, 4)), (Some(Marks::whole(7)), Some(Marks::whole(7))));
    assert_eq!((shown(0), shown(5)), (None, None), "a cut leaves somebody inside and somebody outside");
}

#[test]
fn the_ladder_shows_those_around_the_cut() {
    let everybody: Vec<(String, String)> = (0..100).map(|person| (format!("P{person:03}"), (100 - person).to_string())).collect();
    let everybody: Vec<(&str, &str)> = everybody.iter().map(|(id, total)| (id.as_str(), total.as_str())).collect();
    let rungs = rungs(&people(&everybody), 50).expect("a cut");
    let ends = (rungs.first().map(|rung| rung.rank), rungs.last().map(|rung| rung.rank), rungs.len());
    assert_eq!(ends, (Some(41), Some(60), 20));
}

/// Names that try to be something else.
const HOSTILE: &str = "id,<script>alert(1)</script>,\"a\"\"b&c'd\",c\n<b>P1</b>,1,1,1\n&amp;,1,0,0\nP3,0,1,0\nP4,0,0,0\n";

#[test]
fn pictures_are_well_formed_and_say_what_they_show() {
    let analysis = sound(HOSTILE, None);
    let charts = [
        distribution(&analysis.scales[0], Some(Marks::whole(2)), Some(Marks::whole(1)), "one"),
        item_map(&analysis, "two"),
        ladder(&analysis, 2, "three").expect("a cut"),
    ];
    for chart in charts {
        let picture = roxmltree::Document::parse(&chart.svg).unwrap_or_else(|error| panic!("{error}: {}", chart.svg));
        let named = |tag: &str| picture.descendants().find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", tag)));
        assert_eq!(picture.root_element().attribute("role"), Some("img"));
        let title = named("title").and_then(|title| title.text()).unwrap_or_default();
        assert_eq!(title, format!("{} / {}", chart.title.id, chart.title.en));
        assert!(named("desc").is_some() && named("script").is_none() && named("image").is_none());
        assert!(chart.table.rows.iter().all(|row| row.len() == chart.table.columns.len()));
    }
}

#[test]
fn each_bar_is_a_row_of_its_table() {
    let analysis = people(&[("P1", "1"), ("P2", "1"), ("P3", "3"), ("P4", "4")]);
    let chart = distribution(&analysis.scales[0], Some(Marks::whole(3)), None, "one");
    let picture = roxmltree::Document::parse(&chart.svg).expect("well-formed");
    let bars: Vec<(String, String)> = picture
        .descendants()
        .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "path")))
        .map(|node| {
            (
                node.attribute("class").unwrap_or_default().to_owned(),
                node.descendants().find_map(|inside| inside.text()).unwrap_or_default().to_owned(),
            )
        })
        .collect();
    let expected =
        [("below", "1: 2"), ("below", "2: 0"), ("bar", "3: 1"), ("bar", "4: 1")].map(|(class, title)| (class.to_owned(), title.to_owned()));
    assert_eq!(bars, expected);
    let rows: Vec<String> = chart.table.rows.iter().map(|row| row.join(" | ")).collect();
    assert_eq!(rows, ["1 | 2 | 50,0 % | 100,0 %", "2 | 0 | 0,0 % | 50,0 %", "3 | 1 | 25,0 % | 50,0 %", "4 | 1 | 25,0 % | 25,0 %"]);
    assert!(chart.reading.en.contains("2 of 4 people reach the threshold"), "{}", chart.reading.en);
}

#[test]
fn a_page_needs_nothing_else_and_runs_nothing() {
    let read = read(HOSTILE, None, &Reading::default()).expect("a sound table");
    let analysis = analyse(&read, &item_analysis::Times::default());
    let lines = Lines { thresholds: BTreeMap::from([(None, Marks::whole(2))]), places: Some(2) };
    let page = html(&analysis, "<i>x</i>", &read.notes, &lines, None).expect("a page");
    for forbidden in ["<script", "<b>P1", "<i>", "src=", "href=", "url(", "@import", "onload"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    // The only address is the name of SVG.
    assert_eq!(page.matches("http").count(), page.matches("xmlns=\"http://www.w3.org/2000/svg\"").count());
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("&lt;b&gt;P1&lt;/b&gt;") && page.contains("&amp;amp;"));
    for heading in ["Keandalan", "Sebaran nilai total", "Tangga peringkat di sekitar batas", "Peta butir", "Butir yang perlu dilihat"] {
        assert!(page.contains(&format!("<h2>{heading} <span lang=\"en\">")), "{heading}");
    }
}

#[test]
fn a_page_shows_choices_where_there_are_any() {
    let analysis = sound("id,q1,q2\nP1,A,B\nP2,A,C\nP3,C,B\nP4,,A\n", Some("item,key\nq1,A\nq2,B\n"));
    let page = html(&analysis, "x", &[], &Lines::default(), None).expect("a page");
    assert!(page.contains("<summary><b>q1</b> kunci / key A · p 0,50"), "{page}");
    assert!(page.contains(">kosong / omitted</th>"), "{page}");
}

#[test]
fn lines_must_be_somewhere() {
    let analysis = sound(HOSTILE, None);
    let failed = |lines: &Lines| html(&analysis, "x", &[], lines, None).expect_err("a misplaced line").to_string();
    let threshold = Lines { thresholds: BTreeMap::from([(Some("twk".to_owned()), Marks::whole(2))]), places: None };
    assert_eq!(failed(&threshold), "draw a threshold of \"twk\": there is no such section");
    let cut = Lines { thresholds: BTreeMap::new(), places: Some(4) };
    assert_eq!(failed(&cut), "draw a cut after 4 people: it must leave somebody outside, and there are 4");
}
