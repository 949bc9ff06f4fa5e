//! Against the statistics of R packages (CTT 2.3.3, psych 2.2.9) over four known tables, and against a table published in 1970.
//!
//! The tables are not part of the repository; without them these tests say so and pass.

use super::{item, near, read, sound};
use item_analysis::analysis::{Groups, analyse_in_groups};
use item_analysis::output::{choices_csv, items_csv};
use item_analysis::{Analysis, Marks, Reading, Times};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Decimals in which we and the references agree.
const DECIMALS: i32 = 6;

/// Text of a file of the outside data; nothing, visibly, when it is not on this machine.
fn outside(path: &str) -> Option<String> {
    let shared = std::env::var_os("SAKSAMA_SHARED_DATA")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")), PathBuf::from);
    let text = std::fs::read_to_string(shared.join(path)).ok();
    if text.is_none() {
        // Not by a macro: those are silent in a test that passes.
        let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("SKIPPED: {path} absent\n").as_bytes());
    }
    text
}

/// Rows of a table by the names of its columns.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().collect::<Result<_, _>>().expect("a table")
}

fn number(row: &BTreeMap<String, String>, column: &str) -> Option<f64> {
    row[column].parse().ok()
}

struct Reference {
    analysis: Analysis,
    items: Vec<BTreeMap<String, String>>,
    scale: BTreeMap<String, String>,
}

/// The analysis of a table and what the packages say of it.
fn reference(name: &str, responses: &str, keyed: bool) -> Option<Reference> {
    let folder = "GPL-psychometrics";
    let responses = outside(&format!("{folder}/{responses}"))?;
    let key = if keyed { Some(outside(&format!("{folder}/{name}.key.csv"))?) } else { None };
    let items = rows(&outside(&format!("{folder}/reference/{name}.items.csv"))?);
    let scale = rows(&outside(&format!("{folder}/reference/{name}.scale.csv"))?).remove(0);
    Some(Reference { analysis: sound(&responses, key.as_deref()), items, scale })
}

fn check(name: &str, responses: &str, keyed: bool) {
    let Some(Reference { analysis, items, scale }) = reference(name, responses, keyed) else { return };
    let ours = &analysis.scales[0];
    assert_eq!((ours.people.to_string(), ours.items.to_string()), (scale["nPerson"].clone(), scale["nItem"].clone()), "{name}");
    near("alpha", ours.alpha, number(&scale, "CTT_alpha"), DECIMALS);
    near("alpha by psych", ours.alpha, number(&scale, "psych_raw_alpha"), DECIMALS);
    near("mean total", Some(ours.mean), number(&scale, "CTT_scaleMean"), DECIMALS);
    near("SD of totals", Some(ours.sd), number(&scale, "CTT_scaleSD"), DECIMALS);
    assert_eq!((ours.min.to_string(), ours.max.to_string()), (scale["total_min"].clone(), scale["total_max"].clone()), "{name}");
    assert_eq!(analysis.items.len(), items.len(), "{name}");
    // As a user reads them.
    let written = rows(&items_csv(&analysis));
    for (theirs, written) in items.iter().zip(&written) {
        let ours = item(&analysis, &theirs["item"]);
        assert_eq!((&theirs["item"], &theirs["n"]), (&written["item"], &written["people"]), "{name}");
        near("difficulty", ours.difficulty, number(theirs, "CTT_itemMean"), DECIMALS);
        near("corrected point-biserial", ours.point_biserial_corrected, number(theirs, "CTT_pBis_corrected"), DECIMALS);
        near("the same by psych", ours.point_biserial_corrected, number(theirs, "psych_r.drop"), DECIMALS);
        near("point-biserial", ours.point_biserial, number(theirs, "psych_raw.r"), DECIMALS);
        near("alpha if deleted", ours.alpha_if_deleted, number(theirs, "CTT_alphaIfDeleted"), DECIMALS);
        near("SD of the item", Some(ours.sd), number(theirs, "psych_sd"), DECIMALS);
        near("written difficulty", number(written, "difficulty"), number(theirs, "CTT_itemMean"), DECIMALS - 1);
        near("written point-biserial", number(written, "point_biserial_corrected"), number(theirs, "CTT_pBis_corrected"), DECIMALS - 1);
        near("written alpha if deleted", number(written, "alpha_if_deleted"), number(theirs, "CTT_alphaIfDeleted"), DECIMALS - 1);
    }
}

#[test]
fn a_hundred_people_and_twenty_items() {
    check("ctt_example", "ctt_example.responses.csv", true);
}

#[test]
fn a_table_with_columns_that_are_no_items() {
    check("hci", "hci.responses.csv", true);
}

#[test]
fn choices_that_are_numbers() {
    check("sat12", "sat12.responses.csv", true);
}

#[test]
fn marks_without_a_key() {
    check("lsat6", "lsat6.scored.csv", false);
}

/// Bock and Lieberman's table as counts of patterns: each counted so often.
#[test]
fn the_patterns_of_1970_give_what_was_published() {
    let Some(text) = outside("lsat-stan/lsat.data.json") else { return };
    let table: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let mut responses = "q1,q2,q3,q4,q5\n".to_owned();
    let mut before = 0;
    for (pattern, until) in table["response"].as_array().expect("patterns").iter().zip(table["culm"].as_array().expect("counts")) {
        let marks: Vec<String> = pattern.as_array().expect("a pattern").iter().map(ToString::to_string).collect();
        let until = until.as_u64().expect("a count");
        (before..until).for_each(|_| responses.push_str(&format!("{}\n", marks.join(","))));
        before = until;
    }
    let analysis = sound(&responses, None);
    assert_eq!(analysis.scales[0].people, 1000);
    near("alpha", analysis.scales[0].alpha, Some(0.295), 3);
    for (name, published) in [("q1", 0.924), ("q2", 0.709), ("q3", 0.553), ("q4", 0.763), ("q5", 0.870)] {
        near(name, item(&analysis, name).difficulty, Some(published), 3);
    }
}

/// Choices: counts and shares are the same. Two definitions differ, and theirs is computed here from our numbers:
/// - CTT's `pBis` correlates a choice with the total less *the choice itself*, as if it were the key; ours takes away the item's marks.
/// - CTT's groups end at the quartiles of the totals (type 7): at most the first, and above the third; ours are the 27 % with ties on both sides.
fn check_choices(name: &str) {
    let Some(Reference { analysis, .. }) = reference(name, &format!("{name}.responses.csv"), true) else { return };
    let Some(theirs) = outside(&format!("GPL-psychometrics/reference/{name}.distractors.csv")).map(|text| rows(&text)) else { return };
    let ours = rows(&choices_csv(&analysis).expect("choices"));
    let by_name: BTreeMap<(&str, &str), &BTreeMap<String, String>> =
        ours.iter().map(|row| ((row["item"].as_str(), row["choice"].as_str()), row)).collect();
    let people = analysis.scales[0].people as f64;
    let (mean, spread) = (analysis.scales[0].mean * people, analysis.scales[0].sd.powi(2) * (people - 1.0) * people);
    let squares = (spread + mean * mean) / people;
    for theirs in &theirs {
        let what = format!("{name} {} {}", theirs["item"], theirs["option"]);
        let ours = by_name[&(theirs["item"].as_str(), theirs["option"].as_str())];
        assert_eq!(ours["people"], theirs["n"], "{what}");
        near(&what, number(ours, "share"), number(theirs, "rspP"), DECIMALS - 1);
        assert_eq!(ours["role"] == "key", theirs["correct"] == "*", "{what}");
        // Sums of the total (t) and of the choice (c), then the correlation of c and t − c.
        let taken = number(ours, "people").expect("a count");
        let total = number(ours, "mean_total").unwrap_or(0.0) * taken;
        let both = people * (total - taken) - taken * (mean - taken);
        let rest = people * (squares - 2.0 * total + taken) - (mean - taken).powi(2);
        let one = people * taken - taken * taken;
        let as_if_key = (one > 0.0).then(|| both / (one.sqrt() * rest.sqrt()));
        near(&what, as_if_key, number(theirs, "pBis"), 3);
        if theirs["correct"] == "*" {
            near(&what, number(ours, "point_biserial"), number(theirs, "pBis"), DECIMALS - 1);
        }
    }
}

#[test]
fn choices_of_letters() {
    check_choices("ctt_example");
    check_choices("hci");
}

#[test]
fn choices_of_numbers() {
    check_choices("sat12");
}

/// With CTT's groups in the place of ours the shares of every choice and their differences are theirs.
#[test]
fn groups_by_quartiles_give_the_discrimination_of_the_reference() {
    for name in ["ctt_example", "hci", "sat12"] {
        let Some(responses) = outside(&format!("GPL-psychometrics/{name}.responses.csv")) else { return };
        let Some(key) = outside(&format!("GPL-psychometrics/{name}.key.csv")) else { return };
        let Some(theirs) = outside(&format!("GPL-psychometrics/reference/{name}.distractors.csv")) else { return };
        let responses = read(&responses, Some(&key), &Reading::default()).expect("a sound table");
        let analysis = analyse_in_groups(&responses, &Times::default(), quartiles);
        for theirs in rows(&theirs) {
            let what = format!("{name} {} {}", theirs["item"], theirs["option"]);
            let ours = item(&analysis, &theirs["item"]).choices.iter().find(|choice| choice.label == theirs["option"]).expect(&what);
            near(&what, ours.lower_share, number(&theirs, "lower"), DECIMALS);
            near(&what, ours.upper_share, number(&theirs, "upper"), DECIMALS);
            near(&what, ours.discrimination(), number(&theirs, "discrim"), DECIMALS);
        }
    }
}

/// At most the first quartile, and above the third.
fn quartiles(totals: &[Marks]) -> Option<Groups> {
    let mut sorted = totals.to_vec();
    sorted.sort_unstable();
    // A type 7 quantile lies on a total or before the next one, so the total at or before it says who is where.
    let (first, third) = (sorted[(sorted.len() - 1) / 4], sorted[3 * (sorted.len() - 1) / 4]);
    let upper_min = sorted.into_iter().find(|total| *total > third)?;
    Some(Groups { lower_max: first, upper_min })
}

/// The manual of this table says that item 32 may have a wrong key (5 instead of 3).
#[test]
fn a_wrong_key_is_found() {
    let Some(Reference { analysis, .. }) = reference("sat12", "sat12.responses.csv", true) else { return };
    let flags: Vec<&str> = item(&analysis, "Item.32").flags.iter().map(|flag| flag.code()).collect();
    assert!(flags.starts_with(&["possible_miskey", "attractive_distractor", "low_discrimination"]), "{flags:?}");
    let miskeyed: Vec<&str> = analysis
        .items
        .iter()
        .filter(|item| item.flags.iter().any(|flag| flag.code() == "possible_miskey"))
        .map(|item| item.name.as_str())
        .collect();
    assert_eq!(miskeyed, ["Item.32"]);
}
