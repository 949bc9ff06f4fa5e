//! From a text to a document. Everything in it that cannot be read is named, not only the first of it.

use crate::document::Document;
use crate::problem::Problems;
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer, Error};

/// Most faults of reading that are told.
const FAULTS_MAX: usize = 50;

/// Where something stands in the text.
type Place = Range<usize>;

/// Reads a document. Keys that nobody knows are told and left out; after any other fault there is none, as what rests on the rest of it
/// would be told wrongly.
pub(crate) fn read(text: &str, problems: &mut Problems<'_>) -> Option<Document> {
    let (root, faults) = DeTable::parse_recoverable(text);
    let readable = faults.iter().all(is_duplicate);
    for fault in faults.iter().take(if readable { FAULTS_MAX } else { 1 }) {
        tell(problems, fault);
    }
    let reading = readable.then(|| Reading { whole: faults.is_empty(), root, spoiled: Vec::new() });
    reading.and_then(|reading| reading.run(problems))
}

/// Reads again and again, each time without what could not be read.
struct Reading<'t> {
    root: Spanned<DeTable<'t>>,
    /// Is nothing left out but keys that nobody knows?
    whole: bool,
    /// Tables and arrays that something was taken out of: that it is missing now is no news.
    spoiled: Vec<Place>,
}

impl Reading<'_> {
    fn run(mut self, problems: &mut Problems<'_>) -> Option<Document> {
        for _ in 0..FAULTS_MAX {
            match Document::deserialize(Deserializer::from(self.root.clone())) {
                Ok(document) => return self.whole.then_some(document),
                Err(error) => self.leave_out(&error, problems)?,
            }
        }
        problems.add(0..0, "mungkin masih ada kesalahan lain", "there may be more faults");
        None
    }

    /// Tells a fault and takes it out; nothing when that cannot be done.
    fn leave_out(&mut self, error: &Error, problems: &mut Problems<'_>) -> Option<()> {
        let whole_text = self.root.span();
        let place = error.span().unwrap_or_else(|| whole_text.clone());
        let known = error.message().starts_with("missing field") && self.spoiled.contains(&place);
        if !known {
            tell(problems, error);
        }
        let holder = take_out(self.root.get_mut(), &whole_text, &place)?;
        if !error.message().starts_with("unknown field") {
            self.whole = false;
            self.spoiled.push(holder);
        }
        Some(())
    }
}

fn is_duplicate(error: &Error) -> bool {
    error.message().starts_with("duplicate key")
}

fn tell(problems: &mut Problems<'_>, error: &Error) {
    problems.add(error.span().unwrap_or(0..0), in_indonesian(error.message()), error.message());
}

/// Takes the innermost entry at a place, by key or by value, out of a table; the place of what held it.
fn take_out(table: &mut DeTable<'_>, own: &Place, place: &Place) -> Option<Place> {
    if let Some(holder) = table.iter_mut().find_map(|(_, value)| take_out_of_value(value, place)) {
        return Some(holder);
    }
    let found = table.iter().find(|(key, value)| key.span() == *place || value.span() == *place);
    let key = found.map(|(key, _)| key.get_ref().to_string())?;
    table.remove(key.as_str());
    Some(own.clone())
}

fn take_out_of_value(value: &mut Spanned<DeValue<'_>>, place: &Place) -> Option<Place> {
    let own = value.span();
    match value.get_mut() {
        DeValue::Table(table) => take_out(table, &own, place),
        DeValue::Array(array) => {
            if let Some(holder) = array.iter_mut().find_map(|element| take_out_of_value(element, place)) {
                return Some(holder);
            }
            let index = array.iter().position(|element| element.span() == *place)?;
            let mut rest = DeArray::new();
            let others = array.iter().enumerate().filter(|(other, _)| *other != index);
            others.for_each(|(_, element)| rest.push(element.clone()));
            *array = rest;
            Some(own)
        }
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => None,
    }
}

/// The parser speaks English; what people meet most often is said in Indonesian too.
fn in_indonesian(message: &str) -> String {
    let known = [
        ("unknown field", "kunci tidak dikenal"),
        ("unknown variant", "nilai tidak dikenal"),
        ("missing field", "kunci belum ada"),
        ("duplicate key", "kunci ditulis dua kali"),
        ("invalid type", "jenis nilai salah"),
    ];
    let said = known.iter().find(|(english, _)| message.starts_with(english));
    said.map_or_else(
        || format!("tidak dapat dibaca sebagai TOML ({message})"),
        |(english, indonesian)| {
            message.replacen(english, indonesian, 1).replace("expected one of", "yang ada").replace("expected", "yang ada")
        },
    )
}
