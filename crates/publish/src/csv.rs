//! `daftar.csv`: UTF-8 with a byte order mark (a spreadsheet reads names right), RFC 4180, one row a person.
//!
//! Decimals have a point, as in `results.csv`, so that programs read them; for spreadsheets there is the workbook. Sections of all lists
//! together make the columns of marks; a cell of a section the formation does not have stays empty.

use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};
use crate::{Error, strings, table};
use std::borrow::Cow;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The file.
pub fn write(announcement: &Announcement) -> Result<Vec<u8>, Error> {
    announcement.check()?;
    records(announcement).map_err(|error| Error::stop("daftar.csv", error))
}

fn records(announcement: &Announcement) -> Result<Vec<u8>, ::csv::Error> {
    let sections = section_codes(announcement);
    let wide = Wide::of(announcement);
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(header(announcement, &wide, &sections).into_iter().map(inert).map(Cow::into_owned))?;
    for list in &announcement.lists {
        // Where each column of marks finds its value in a row of this list.
        let places: Vec<Option<usize>> =
            sections.iter().map(|code| list.sections.iter().position(|section| section.code == *code)).collect();
        for row in &list.rows {
            writer.write_record(record(announcement, &wide, list, row, &places))?;
        }
    }
    writer.into_inner().map_err(|error| ::csv::Error::from(error.into_error()))
}

/// Columns that are there only if somebody, in whichever list, has something in them.
struct Wide {
    names: bool,
    moves: bool,
}

impl Wide {
    fn of(announcement: &Announcement) -> Self {
        let any = |has: fn(&AnnouncedRow) -> bool| announcement.lists.iter().flat_map(|list| &list.rows).any(has);
        Wide { names: any(|row| row.name.is_some()), moves: any(|row| row.to_formation.is_some()) }
    }
}

/// Codes of all sections whose marks are shown, in order of first appearance.
fn section_codes(announcement: &Announcement) -> Vec<&str> {
    let mut codes: Vec<&str> = Vec::new();
    let shown = announcement.lists.iter().filter(|_| announcement.columns.marks);
    for section in shown.flat_map(|list| &list.sections) {
        if !codes.contains(&section.code.as_str()) {
            codes.push(&section.code);
        }
    }
    codes
}

fn header<'a>(announcement: &'a Announcement, wide: &Wide, sections: &[&'a str]) -> Vec<&'a str> {
    let columns = announcement.columns;
    let mut header = vec![strings::FORMATION_CODE, strings::FORMATION, strings::FORMATION_CATEGORY];
    let mut add = |head, there| {
        if there {
            header.push(head);
        }
    };
    add(strings::RANK, columns.rank);
    add(strings::PARTICIPANT_NO, true);
    add(strings::NAME, wide.names);
    add(strings::CATEGORY, columns.category);
    header.extend(sections);
    header.push(strings::TOTAL);
    header.extend(announcement.values.iter().map(|value| value.title.as_str()));
    header.extend([strings::CODE, strings::MEANING, strings::STATUS]);
    header.extend(wide.moves.then_some(strings::TO_FORMATION));
    header
}

fn record(announcement: &Announcement, wide: &Wide, list: &AnnouncedList, row: &AnnouncedRow, places: &[Option<usize>]) -> Vec<String> {
    let columns = announcement.columns;
    let text = |text: &str| inert(text).into_owned();
    let or_empty = |value: Option<&String>| value.map(|value| text(value)).unwrap_or_default();
    let mut record = vec![text(&list.formation_code), text(&list.formation_title), text(&list.category)];
    record.extend(columns.rank.then(|| row.rank.map(|rank| rank.to_string()).unwrap_or_default()));
    record.push(text(&row.participant_no));
    record.extend(wide.names.then(|| or_empty(row.name.as_ref())));
    record.extend(columns.category.then(|| or_empty(row.category.as_ref())));
    // Numbers were checked to be numbers and may be negative; only texts of others can carry a formula.
    record.extend(places.iter().map(|place| place.and_then(|place| row.marks.get(place)).cloned().unwrap_or_default()));
    record.push(row.total.clone().unwrap_or_default());
    record.extend(row.values.iter().map(|value| value.clone().unwrap_or_default()));
    record.extend([text(&row.code), text(&table::meaning(announcement, row)), row.status.clone()]);
    record.extend(wide.moves.then(|| or_empty(row.to_formation.as_ref())));
    record
}

/// A text that no spreadsheet takes for a formula: an apostrophe goes before `=`, `+`, `-`, `@` (also in full width, also behind blanks and
/// invisible characters, which some importers skip) and before a leading tab or line break.
pub fn inert(text: &str) -> Cow<'_, str> {
    let breaks = text.starts_with(['\t', '\r', '\n']);
    let skipped = |char: char| char.is_whitespace() || char.is_control() || matches!(char, '\u{feff}' | '\u{200b}'..='\u{200f}');
    let formula = text.trim_start_matches(skipped).starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if breaks || formula { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("+62811", "'+62811"),
            ("-2", "'-2"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\rx", "'\rx"),
            ("\nx", "'\nx"),
            ("  =1", "'  =1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("＝1", "'＝1"),
            ("Siti-Aminah", "Siti-Aminah"),
            ("'Aisyah", "'Aisyah"),
            ("", ""),
        ];
        for (text, kept) in cases {
            assert_eq!(inert(text), kept, "{text:?}");
        }
    }
}
