//! Words of pictures and reports: Indonesian first, English second.

use std::fmt::Write;

/// A sentence or word in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// Indonesian.
    pub id: String,
    /// English.
    pub en: String,
}

/// A phrase of fixed words.
pub(crate) fn phrase(id: impl Into<String>, en: impl Into<String>) -> Phrase {
    Phrase { id: id.into(), en: en.into() }
}

/// A number as Indonesians write it, with a decimal comma.
pub(crate) fn decimal(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let zero = text.trim_start_matches('-').bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if zero { text.trim_start_matches('-').replace('.', ",") } else { text.replace('.', ",").replace('-', "−") }
}

/// A number that may not be defined.
pub(crate) fn decimal_or_dash(value: Option<f64>, decimals: usize) -> String {
    value.map_or("–".to_owned(), |value| decimal(value, decimals))
}

/// Exact marks with a decimal comma.
pub(crate) fn marks(value: crate::Marks) -> String {
    value.to_string().replace('.', ",").replace('-', "−")
}

/// A share in per cent, to one decimal.
pub(crate) fn percent(share: f64) -> String {
    format!("{} %", decimal(share * 100.0, 1))
}

/// Text between tags and in attributes of HTML and SVG.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Not allowed in XML, and nothing to see.
            control if control.is_control() => {
                let _ = write!(safe, " ");
            }
            other => safe.push(other),
        }
    }
    safe
}
