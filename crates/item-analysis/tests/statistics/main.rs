//! Statistics at the border of the crate: files in, numbers and sentences out.

mod documents;
mod errors;
mod hand;
mod keys;
mod papers;
mod pictures;
mod properties;
mod reference;

use item_analysis::analysis::ItemStatistics;
use item_analysis::{Analysis, Key, Reading, Responses, Source, Times, Unreadable, analyse};

/// Reads responses (and a key) as files of these names and computes everything.
fn analysed(responses: &str, key: Option<&str>, reading: &Reading) -> Result<Analysis, Unreadable> {
    Ok(analyse(&read(responses, key, reading)?, &Times::default()))
}

fn read(responses: &str, key: Option<&str>, reading: &Reading) -> Result<Responses, Unreadable> {
    let key = key.map(|key| Key::read(Source { name: "key.csv", bytes: key.as_bytes() })).transpose()?;
    Responses::read(Source { name: "responses.csv", bytes: responses.as_bytes() }, key.as_ref(), reading)
}

/// The analysis of a sound table.
fn sound(responses: &str, key: Option<&str>) -> Analysis {
    analysed(responses, key, &Reading::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn item<'a>(analysis: &'a Analysis, name: &str) -> &'a ItemStatistics {
    analysis.items.iter().find(|item| item.name == name).unwrap_or_else(|| panic!("no item {name}"))
}

/// Equal to so many decimals.
fn near(what: &str, ours: Option<f64>, theirs: Option<f64>, decimals: i32) {
    let equal = match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours - theirs).abs() < 0.5 * 10_f64.powi(-decimals),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    assert!(equal, "{what}: ours {ours:?}, expected {theirs:?}");
}
