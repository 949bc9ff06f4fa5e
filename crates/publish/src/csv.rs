//! `daftar.csv`: UTF-8 with a byte order mark (a spreadsheet reads names right), RFC 4180, one row a person.
//!
//! Sections of all lists together make the columns of marks; a cell of a section the formation does not have stays empty.

use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};
use crate::{Error, shown, strings};
use std::borrow::Cow;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The file.
pub fn write(announcement: &Announcement) -> Result<Vec<u8>, Error> {
    announcement.check()?;
    records(announcement).map_err(|error| Error::stop("daftar.csv", error))
}

fn records(announcement: &Announcement) -> Result<Vec<u8>, ::csv::Error> {
    let sections = section_codes(announcement);
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    writer.write_record(header(&sections).iter().map(|head| inert(head).into_owned()))?;
    for list in &announcement.lists {
        // Where each column of marks finds its value in a row of this list.
        let places: Vec<Option<usize>> =
            sections.iter().map(|code| list.sections.iter().position(|section| section.code == *code)).collect();
        for row in &list.rows {
            writer.write_record(record(list, row, &places))?;
        }
    }
    writer.into_inner().map_err(|error| ::csv::Error::from(error.into_error()))
}

/// Codes of all sections, in order of first appearance.
fn section_codes(announcement: &Announcement) -> Vec<&str> {
    let mut codes: Vec<&str> = Vec::new();
    for section in announcement.lists.iter().flat_map(|list| &list.sections) {
        if !codes.contains(&section.code.as_str()) {
            codes.push(&section.code);
        }
    }
    codes
}

fn header<'a>(sections: &[&'a str]) -> Vec<&'a str> {
    let mut header = vec![strings::FORMATION_CODE, strings::FORMATION, strings::RANK, strings::PARTICIPANT_NO, strings::NAME];
    header.extend(sections);
    header.extend([strings::TOTAL, strings::STATUS_CODE, strings::STATUS]);
    header
}

fn record(list: &AnnouncedList, row: &AnnouncedRow, places: &[Option<usize>]) -> Vec<String> {
    let mut record = vec![
        inert(&list.formation_code).into_owned(),
        inert(&list.formation_title).into_owned(),
        row.rank.map(|rank| rank.to_string()).unwrap_or_default(),
        inert(&row.participant_no).into_owned(),
        inert(&row.name).into_owned(),
    ];
    // Numbers are ours and may be negative; only texts of others can carry a formula.
    let mark = |place: &Option<usize>| place.and_then(|place| row.marks_milli.get(place)).copied().map(shown::marks);
    record.extend(places.iter().map(|place| mark(place).unwrap_or_default()));
    record.push(row.total_milli.map(shown::marks).unwrap_or_default());
    record.push(strings::status_code(row.status).to_owned());
    record.push(strings::status(row.status).id.to_owned());
    record
}

/// A text that no spreadsheet takes for a formula: an apostrophe goes before `=`, `+`, `-`, `@` (also in full width, also behind blanks and
/// invisible characters, which some importers skip) and before a leading tab or line break.
fn inert(text: &str) -> Cow<'_, str> {
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
