//! Statistics as CSV and as lines for a terminal. What is not defined is an empty cell; numbers have six decimals, enough to compare and to
//! compute on.

use crate::analysis::{Analysis, Choice, ItemStatistics, Scale};
use std::fmt::Write;

/// Columns of the table of items.
pub const ITEM_COLUMNS: [&str; 15] = [
    "item",
    "section",
    "people",
    "max_marks",
    "mean",
    "sd",
    "difficulty",
    "point_biserial_corrected",
    "point_biserial",
    "discrimination_27",
    "alpha_if_deleted",
    "omission_rate",
    "mean_time_s",
    "key",
    "flags",
];

/// Columns of the table of choices.
pub const CHOICE_COLUMNS: [&str; 12] = [
    "item",
    "section",
    "choice",
    "role",
    "marks",
    "people",
    "share",
    "mean_total",
    "point_biserial",
    "lower_share",
    "upper_share",
    "discrimination_27",
];

/// A row for each item.
pub fn items_csv(analysis: &Analysis) -> String {
    let rows = analysis.items.iter().map(|item| {
        let scale = &analysis.scales[item.scale];
        vec![
            item.name.clone(),
            scale.name.clone().unwrap_or_default(),
            item.people.to_string(),
            item.max.to_string(),
            number(item.mean),
            number(item.sd),
            defined(item.difficulty),
            defined(item.point_biserial_corrected),
            defined(item.point_biserial),
            defined(item.discrimination),
            defined(item.alpha_if_deleted),
            number(item.omission_rate),
            defined(item.mean_time_s),
            keys(item),
            flags(item),
        ]
    });
    csv(&ITEM_COLUMNS, rows)
}

/// A row for each choice of each item, no answer last; nothing when no key marked choices.
pub fn choices_csv(analysis: &Analysis) -> Option<String> {
    if analysis.items.iter().all(|item| item.choices.is_empty()) {
        return None;
    }
    let rows = analysis.items.iter().flat_map(|item| {
        let section = analysis.scales[item.scale].name.clone().unwrap_or_default();
        item.choices.iter().map(move |choice| {
            vec![
                item.name.clone(),
                section.clone(),
                choice.label.clone(),
                choice.role.code().to_owned(),
                choice.marks.to_string(),
                choice.people.to_string(),
                number(choice.share),
                defined(choice.mean_total),
                defined(choice.point_biserial),
                defined(choice.lower_share),
                defined(choice.upper_share),
                defined(choice.discrimination()),
            ]
        })
    });
    Some(csv(&CHOICE_COLUMNS, rows))
}

/// A line for the whole test, one for each section, and one about flags.
pub fn summary(analysis: &Analysis) -> String {
    let mut text = String::new();
    for scale in &analysis.scales {
        let _ = writeln!(text, "{}", scale_line(scale));
    }
    let flagged = analysis.items.iter().filter(|item| !item.flags.is_empty()).count();
    let _ = writeln!(text, "{flagged} of {} items have flags", analysis.items.len());
    text
}

fn scale_line(scale: &Scale) -> String {
    let name = scale.name.as_ref().map_or(String::new(), |name| format!("section {name}: "));
    let (people, items, mean, sd) = (scale.people, scale.items, scale.mean, scale.sd);
    let alpha = match scale.alpha {
        Some(alpha) => format!("alpha {alpha:.4}"),
        None if scale.items < 2 => "alpha is not defined for one item".to_owned(),
        None => "alpha is not defined when all totals are equal".to_owned(),
    };
    let sem = scale.sem.map_or(String::new(), |sem| format!(", SEM {sem:.3}"));
    format!("{name}{alpha}, {people} people, {items} items, mean {mean:.3}, SD {sd:.3}{sem}, from {} to {}", scale.min, scale.max)
}

/// Right choices, separated as in a key.
pub(crate) fn keys(item: &ItemStatistics) -> String {
    let right = item.choices.iter().filter(|choice| choice.role == crate::analysis::Role::Key);
    right.map(|choice| choice.label.as_str()).collect::<Vec<_>>().join(";")
}

fn flags(item: &ItemStatistics) -> String {
    item.flags.iter().map(|flag| flag.code()).collect::<Vec<_>>().join(" ")
}

fn number(value: f64) -> String {
    // No negative zero.
    let text = format!("{value:.6}");
    if text == "-0.000000" { "0.000000".to_owned() } else { text }
}

fn defined(value: Option<f64>) -> String {
    value.map_or(String::new(), number)
}

fn csv(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).expect("memory takes bytes");
    for row in rows {
        writer.write_record(&row).expect("rows have a cell for each column");
    }
    String::from_utf8(writer.into_inner().expect("memory takes bytes")).expect("what was text is text")
}

impl Choice {
    /// Share in the upper group less share in the lower group.
    pub fn discrimination(&self) -> Option<f64> {
        Some(self.upper_share? - self.lower_share?)
    }
}
