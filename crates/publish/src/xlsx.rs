//! `daftar.xlsx`: a summary sheet and one sheet per formation, with typed numbers, frozen heads and filters.
//!
//! Texts are written as strings, so nothing in them is ever a formula. The workbook names no person as its author.

use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement, Status};
use crate::{Error, shown, strings};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Url, Workbook, Worksheet, XlsxError};
use std::collections::BTreeSet;

/// Longest name of a sheet, in UTF-16 units.
const SHEET_NAME_UNITS_MAX: usize = 31;
const COLUMN_WIDTH_MAX: f64 = 60.0;
const RULE: u32 = 0x9A_A3AF;
const SHADE: u32 = 0xE9_EDF2;

/// The file.
pub fn write(announcement: &Announcement) -> Result<Vec<u8>, Error> {
    announcement.check()?;
    workbook(announcement).map_err(|error| Error::stop("daftar.xlsx", error))
}

fn workbook(announcement: &Announcement) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(announcement)?);
    let looks = Looks::new();
    let names = sheet_names(announcement);
    summary(workbook.add_worksheet(), announcement, &names, &looks)?;
    for (list, name) in announcement.lists.iter().zip(&names) {
        formation(workbook.add_worksheet(), list, name, &looks)?;
    }
    workbook.save_to_buffer()
}

/// Without an author, and with the time of publication instead of the time of writing: the same announcement is the same file.
fn properties(announcement: &Announcement) -> Result<DocProperties, XlsxError> {
    let published = ExcelDateTime::from_timestamp(announcement.published_utc_ms.div_euclid(1000))?;
    Ok(DocProperties::new()
        .set_title(shown::plain(&announcement.heading))
        .set_subject(shown::plain(&announcement.selection))
        .set_company(shown::plain(&announcement.organiser))
        .set_creation_datetime(&published))
}

/// The formats in use.
struct Looks {
    title: Format,
    label: Format,
    text: Format,
    head: Format,
    head_number: Format,
    number: Format,
    centred: Format,
}

impl Looks {
    fn new() -> Self {
        let head = Format::new()
            .set_bold()
            .set_background_color(SHADE)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(RULE)
            .set_align(FormatAlign::VerticalCenter);
        Looks {
            title: Format::new().set_bold().set_font_size(14),
            label: Format::new().set_bold().set_align(FormatAlign::Top),
            text: Format::new().set_text_wrap().set_align(FormatAlign::Top),
            head_number: head.clone().set_align(FormatAlign::Right),
            head,
            number: Format::new().set_align(FormatAlign::Right),
            centred: Format::new().set_align(FormatAlign::Center),
        }
    }
}

fn summary(sheet: &mut Worksheet, announcement: &Announcement, names: &[String], looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(strings::SUMMARY)?;
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0);
    let widths = [26.0, 52.0, 12.0, 10.0, 14.0, 14.0, 12.0, 14.0, 14.0, 52.0];
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, shown::plain(&announcement.heading), &looks.title)?;
    let mut row = 1;
    for (label, value) in facts(announcement) {
        sheet.write_string_with_format(row, 0, label, &looks.label)?;
        sheet.write_string_with_format(row, 1, value, &looks.text)?;
        row += 1;
    }
    row = formations_table(sheet, announcement, names, row + 1, looks)?;
    legend(sheet, row + 1, looks)
}

/// Labels and values above the table of formations.
fn facts(announcement: &Announcement) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        (strings::ORGANISER, shown::plain(&announcement.organiser).into_owned()),
        (strings::SELECTION, shown::plain(&announcement.selection).into_owned()),
        (strings::STAGE, shown::plain(&announcement.stage).into_owned()),
        (strings::NUMBER, shown::plain(&announcement.number).into_owned()),
        (strings::PUBLISHED, shown::moment(announcement.published_utc_ms, announcement.zone)),
        (strings::REVISION, announcement.revision.to_string()),
        (strings::REASON, shown::plain(&announcement.reason).into_owned()),
        (strings::CONTENT, strings::content(&shown::count(announcement.people()), &shown::count(announcement.lists.len()))),
        (strings::INPUT_HASH_LONG, announcement.input_hash.clone()),
        (strings::LEGEND, strings::NOT_THE_DECISION.id.to_owned()),
    ];
    facts.retain(|(_, value)| !value.trim().is_empty());
    facts
}

/// One line per formation with a link to its sheet; gives back the row below.
fn formations_table(
    sheet: &mut Worksheet,
    announcement: &Announcement,
    names: &[String],
    top: u32,
    looks: &Looks,
) -> Result<u32, XlsxError> {
    let mut heads = vec![strings::FORMATION_CODE, strings::FORMATION, strings::SLOTS, strings::PEOPLE];
    heads.extend(Status::ALL.map(strings::status_code));
    heads.push(strings::SECTIONS);
    for (column, head) in (0..).zip(&heads) {
        let look = if (2..=8).contains(&column) { &looks.head_number } else { &looks.head };
        sheet.write_string_with_format(top, column, *head, look)?;
    }
    for ((row, list), name) in (top + 1..).zip(&announcement.lists).zip(names) {
        let code = shown::plain(&list.formation_code);
        sheet.write_url_with_text(row, 0, Url::new(format!("internal:'{}'!A1", name.replace('\'', "''"))), code)?;
        sheet.write_string_with_format(row, 1, shown::plain(&list.formation_title), &looks.text)?;
        sheet.write_number(row, 2, list.slots)?;
        sheet.write_number(row, 3, list.rows.len() as f64)?;
        for (column, status) in (4..).zip(Status::ALL) {
            sheet.write_number(row, column, list.people_with(status) as f64)?;
        }
        sheet.write_string_with_format(row, 9, section_titles(list), &looks.text)?;
    }
    Ok(top + 1 + announcement.lists.len() as u32)
}

/// What the section codes mean. A cell holds 32,767 characters; the limits of an announcement stay below.
fn section_titles(list: &AnnouncedList) -> String {
    let titles: Vec<String> = list.sections.iter().map(|section| format!("{}: {}", section.code, section.title)).collect();
    shown::plain(&titles.join("; ")).into_owned()
}

fn legend(sheet: &mut Worksheet, top: u32, looks: &Looks) -> Result<(), XlsxError> {
    sheet.write_string_with_format(top, 0, strings::STATUS_CODE, &looks.head)?;
    sheet.write_string_with_format(top, 1, strings::STATUS, &looks.head)?;
    for (row, status) in (top + 1..).zip(Status::ALL) {
        let words = strings::status(status);
        sheet.write_string(row, 0, strings::status_code(status))?;
        sheet.write_string(row, 1, format!("{} ({})", words.id, words.en))?;
    }
    let below = top + 1 + Status::ALL.len() as u32;
    sheet.write_string(below + 1, 0, format!("{} {}", strings::NOT_THE_DECISION.id, strings::TIES.id))?;
    sheet.write_string(below + 2, 0, strings::RECOMPUTE.id)?;
    Ok(())
}

fn formation(sheet: &mut Worksheet, list: &AnnouncedList, name: &str, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    sheet.set_freeze_panes(1, 0)?;
    let columns = Columns::of(list);
    columns.heads(sheet, list, looks)?;
    for (at, row) in (1..).zip(&list.rows) {
        columns.person(sheet, at, row, looks)?;
    }
    columns.widths(sheet, list)?;
    sheet.autofilter(0, 0, list.rows.len() as u32, columns.status)?;
    Ok(())
}

/// Where things stand on a formation's sheet: rank, number, name, the sections, and then these.
struct Columns {
    total: u16,
    code: u16,
    status: u16,
}

const FIRST_SECTION: u16 = 3;

impl Columns {
    fn of(list: &AnnouncedList) -> Self {
        let total = FIRST_SECTION + list.sections.len() as u16;
        Columns { total, code: total + 1, status: total + 2 }
    }

    fn heads(&self, sheet: &mut Worksheet, list: &AnnouncedList, looks: &Looks) -> Result<(), XlsxError> {
        sheet.set_row_height(0, 20)?;
        sheet.write_string_with_format(0, 0, strings::RANK, &looks.head_number)?;
        sheet.write_string_with_format(0, 1, strings::PARTICIPANT_NO, &looks.head)?;
        sheet.write_string_with_format(0, 2, strings::NAME, &looks.head)?;
        for (column, section) in (FIRST_SECTION..).zip(&list.sections) {
            sheet.write_string_with_format(0, column, shown::plain(&section.code), &looks.head_number)?;
        }
        sheet.write_string_with_format(0, self.total, strings::TOTAL, &looks.head_number)?;
        sheet.write_string_with_format(0, self.code, strings::STATUS_CODE, &looks.head)?;
        sheet.write_string_with_format(0, self.status, strings::STATUS, &looks.head)?;
        Ok(())
    }

    fn person(&self, sheet: &mut Worksheet, at: u32, row: &AnnouncedRow, looks: &Looks) -> Result<(), XlsxError> {
        if let Some(rank) = row.rank {
            sheet.write_number_with_format(at, 0, rank, &looks.number)?;
        }
        sheet.write_string(at, 1, shown::plain(&row.participant_no))?;
        sheet.write_string(at, 2, shown::plain(&row.name))?;
        for (column, milli) in (FIRST_SECTION..).zip(&row.marks_milli) {
            sheet.write_number_with_format(at, column, number(*milli), &looks.number)?;
        }
        if let Some(total) = row.total_milli {
            sheet.write_number_with_format(at, self.total, number(total), &looks.number)?;
        }
        sheet.write_string_with_format(at, self.code, strings::status_code(row.status), &looks.centred)?;
        sheet.write_string(at, self.status, strings::status(row.status).id)?;
        Ok(())
    }

    fn widths(&self, sheet: &mut Worksheet, list: &AnnouncedList) -> Result<(), XlsxError> {
        let longest = |text: fn(&AnnouncedRow) -> &str| list.rows.iter().map(|row| text(row).chars().count()).max().unwrap_or(0);
        let fitting = |chars: usize| (chars as f64 + 3.0).clamp(10.0, COLUMN_WIDTH_MAX);
        sheet.set_column_width(0, 12)?;
        sheet.set_column_width(1, fitting(longest(|row| &row.participant_no).max(strings::PARTICIPANT_NO.len() + 2)))?;
        sheet.set_column_width(2, fitting(longest(|row| &row.name).max(20)))?;
        for (column, section) in (FIRST_SECTION..).zip(&list.sections) {
            sheet.set_column_width(column, fitting(section.code.chars().count() + 2))?;
        }
        sheet.set_column_width(self.total, 10)?;
        sheet.set_column_width(self.code, 10)?;
        sheet.set_column_width(self.status, 28)?;
        Ok(())
    }
}

/// Marks as a spreadsheet's number. A float can hold every thousandth below nine million million exactly enough to be shown right.
fn number(milli: i64) -> f64 {
    milli as f64 / 1000.0
}

/// A name for each list's sheet: the formation code without what a spreadsheet forbids, cut to length, unlike every other.
fn sheet_names(announcement: &Announcement) -> Vec<String> {
    // `History` is reserved by some spreadsheets; names are compared without regard to case.
    let mut taken: BTreeSet<String> = [strings::SUMMARY, "History"].iter().map(|name| name.to_lowercase()).collect();
    let mut names = Vec::with_capacity(announcement.lists.len());
    for list in &announcement.lists {
        let wish = sheet_name(&list.formation_code);
        let name = (1..)
            .map(|attempt| if attempt == 1 { wish.clone() } else { numbered(&wish, attempt) })
            .find(|name| taken.insert(name.to_lowercase()))
            .unwrap_or(wish);
        names.push(name);
    }
    names
}

fn sheet_name(code: &str) -> String {
    let allowed: String =
        shown::plain(code).chars().map(|char| if matches!(char, '[' | ']' | ':' | '*' | '?' | '/' | '\\') { '-' } else { char }).collect();
    let name = cut(allowed.trim_matches(|char: char| char == '\'' || char.is_whitespace()), SHEET_NAME_UNITS_MAX);
    if name.is_empty() { strings::FORMATION.to_owned() } else { name.to_owned() }
}

fn numbered(name: &str, attempt: usize) -> String {
    let suffix = format!(" ({attempt})");
    format!("{}{suffix}", cut(name, SHEET_NAME_UNITS_MAX - suffix.len()))
}

/// The beginning of a text, within a number of UTF-16 units; never ends in an apostrophe, which a sheet's name may not.
fn cut(text: &str, units_max: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, char)| {
        units += char.len_utf16();
        units > units_max
    });
    end.map_or(text, |(end, _)| &text[..end]).trim_end_matches(|char: char| char == '\'' || char.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_obey_the_spreadsheet() {
        let cases = [
            ("PR-01", "PR-01"),
            ("A/B:C*D?E[F]\\", "A-B-C-D-E-F--"),
            ("'kutip'", "kutip"),
            ("   ", "Formasi"),
            ("1234567890123456789012345678901234567890", "1234567890123456789012345678901"),
            ("123456789012345678901234567890'x", "123456789012345678901234567890"),
        ];
        for (code, name) in cases {
            assert_eq!(sheet_name(code), name, "{code:?}");
        }
        assert_eq!(numbered(&"x".repeat(31), 12), format!("{} (12)", "x".repeat(26)));
    }
}
