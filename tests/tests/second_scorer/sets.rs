//! Rule sets: the shipped ones, and copies in which a few of the keys say something else.

use rand::RngExt;
use rand::rngs::SmallRng;
use rules::{RuleSet, shipped};

/// What the shipped sets do not use.
const OWN: [(&str, &str); 2] = [("tiga-tahap", include_str!("three_stages.toml")), ("satu-tahap", include_str!("one_stage.toml"))];

/// All sets that are compared.
pub fn ids() -> impl Iterator<Item = &'static str> {
    shipped::ids().chain(OWN.iter().map(|(id, _)| *id))
}

/// Is it none of the shipped sets? Some of its steps are taken more rarely than theirs.
pub fn is_own(id: &str) -> bool {
    OWN.iter().any(|(own, _)| *own == id)
}

fn text(id: &str) -> Option<String> {
    let own = OWN.iter().find(|(known, _)| *known == id).map(|(_, text)| (*text).to_owned());
    own.or_else(|| shipped::library(id))
}

/// A set as it is.
pub fn set(id: &str) -> RuleSet {
    RuleSet::parse(&text(id).expect("a set"), &text).unwrap_or_else(|problems| panic!("{id}: {problems:?}"))
}

/// What a text of the shipped sets can be replaced by.
const CHANGES: [(&str, &[&str]); 15] = [
    ("boundary_tie = \"all_pass\"", &["boundary_tie = \"none_passes\""]),
    ("factor = 3", &["factor = 1", "factor = 2"]),
    ("when_closed = \"below_threshold\"", &["when_closed = \"passed_but_outside_the_cut\""]),
    ("slots = \"reserved\"", &["slots = \"left\""]),
    ("threshold = \"declared\"\nwhen_both", &["threshold = \"current\"\nwhen_both"]),
    ("when_both = \"refuse\"", &["when_both = \"prior\"", "when_both = \"current\"", "when_both = \"higher\""]),
    ("decide_ties_on = \"exact\"", &["decide_ties_on = \"published\""]),
    ("missing = \"committee\"", &["missing = \"last\""]),
    (", \"committee\"]", &["]"]),
    ("weights = { skd = 40, skb = 60 }", &["weights = { skd = 50, skb = 50 }", "weights = { skd = \"33.5\", skb = \"66.5\" }"]),
    ("decimals = 3", &["decimals = 0", "decimals = 1", "decimals = 6"]),
    ("rounding = \"half_up\"", &["rounding = \"half_even\"", "rounding = \"down\""]),
    ("enabled = false", &["enabled = true"]),
    ("threshold = \"umum\"", &["threshold = \"own\"", "threshold = \"none\""]),
    ("cap = 100", &["", "cap = 70"]),
];

/// The field test alone, and with an interview that eliminates.
const FIELD_TEST: &str = "max = 500\nweight = 100\n\n[[stages.pass]]\ncategories = [\"*\"]\nrule = \"none\"\n";
const WITH_INTERVIEW: &str = "max = 500\nweight = \"62.5\"\n\n[[stages.sections]]\nid = \"wawancara\"\n\
    title = { id = \"Wawancara\", en = \"Interview\" }\nmax = 100\nweight = \"37.5\"\n\n\
    [[stages.pass]]\ncategories = [\"*\"]\nrule = \"listed\"\nleast = { wawancara = 60 }\n";

/// A copy of a set with a few changes, and what they are.
pub fn changed_set(id: &str, rng: &mut SmallRng) -> (RuleSet, String) {
    let mut changes: Vec<(&str, &str)> = Vec::new();
    for (from, to) in CHANGES {
        if rng.random_bool(0.3) {
            changes.push((from, to[rng.random_range(0..to.len())]));
        }
    }
    if rng.random_bool(0.3) {
        changes.push((FIELD_TEST, WITH_INTERVIEW));
    }
    let changed = |text: String| changes.iter().fold(text, |text, (from, to)| text.replace(from, to));
    let library = |id: &str| text(id).map(changed);
    let text = library(id).expect("a set");
    let rules = RuleSet::parse(&text, &library).unwrap_or_else(|problems| panic!("{id}, {changes:?}: {problems:?}"));
    (rules, format!("{changes:?}"))
}
