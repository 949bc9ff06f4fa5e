//! The rule sets that come with the program, by id.

/// Id and text of each, by kind and year.
const SETS: [(&str, &str); 11] = [
    ("skd-2018", include_str!("../sets/skd-2018.toml")),
    ("skd-2019", include_str!("../sets/skd-2019.toml")),
    ("skd-2021", include_str!("../sets/skd-2021.toml")),
    ("skd-2023", include_str!("../sets/skd-2023.toml")),
    ("skd-2024", include_str!("../sets/skd-2024.toml")),
    ("cpns-2018", include_str!("../sets/cpns-2018.toml")),
    ("cpns-2019", include_str!("../sets/cpns-2019.toml")),
    ("cpns-2021", include_str!("../sets/cpns-2021.toml")),
    ("cpns-2023", include_str!("../sets/cpns-2023.toml")),
    ("cpns-2024", include_str!("../sets/cpns-2024.toml")),
    ("bkpsdm-3", include_str!("../sets/bkpsdm-3.toml")),
];

/// Ids in order.
pub fn ids() -> impl Iterator<Item = &'static str> {
    SETS.iter().map(|(id, _)| *id)
}

/// The text of a rule set.
pub fn text(id: &str) -> Option<&'static str> {
    SETS.iter().find(|(known, _)| *known == id).map(|(_, text)| *text)
}

/// A library of the shipped sets alone, for [`crate::RuleSet::parse`].
pub fn library(id: &str) -> Option<String> {
    text(id).map(str::to_owned)
}
