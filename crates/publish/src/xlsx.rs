//! `daftar.xlsx`: a summary sheet and one sheet per formation, with typed numbers, frozen heads and filters.
//!
//! Texts are written as strings, so nothing in them is ever a formula. The workbook names no person as its author.

mod summary;

use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};
use crate::decimal::Decimal;
use crate::table::{self, Column};
use crate::{Error, shown, strings};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use std::collections::BTreeSet;

/// Longest name of a sheet, in UTF-16 units.
const SHEET_NAME_UNITS_MAX: usize = 31;
const COLUMN_WIDTH_MAX: f64 = 60.0;
/// Excel's number of A4.
const PAPER_A4: u8 = 9;
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
    let looks = Looks::new(usize::from(announcement.display.decimals));
    let names = sheet_names(announcement);
    summary::write(workbook.add_worksheet(), announcement, &names, &looks)?;
    for (list, name) in announcement.lists.iter().zip(&names) {
        Formation { announcement, list, columns: table::columns(announcement, list), looks: &looks }
            .write(workbook.add_worksheet(), name)?;
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
    row: RowLooks,
    /// The last row above the cut: ruled below.
    row_above_cut: RowLooks,
}

/// The formats of a row.
struct RowLooks {
    text: Format,
    number: Format,
    /// Stage values show as many decimals as the rule set says.
    value: Format,
    centred: Format,
}

impl Looks {
    fn new(decimals: usize) -> Self {
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
            row: RowLooks::new(&Format::new(), decimals),
            row_above_cut: RowLooks::new(&Format::new().set_border_bottom(FormatBorder::Medium), decimals),
        }
    }
}

impl RowLooks {
    fn new(base: &Format, decimals: usize) -> Self {
        let number = base.clone().set_align(FormatAlign::Right);
        let places = if decimals == 0 { "0".to_owned() } else { format!("0.{}", "0".repeat(decimals)) };
        RowLooks {
            text: base.clone(),
            value: number.clone().set_num_format(places),
            number,
            centred: base.clone().set_align(FormatAlign::Center),
        }
    }
}

/// The sheet of one formation: its columns, and behind them what each code means.
struct Formation<'a> {
    announcement: &'a Announcement,
    list: &'a AnnouncedList,
    columns: Vec<Column>,
    looks: &'a Looks,
}

impl Formation<'_> {
    fn write(&self, sheet: &mut Worksheet, name: &str) -> Result<(), XlsxError> {
        sheet.set_name(name)?;
        sheet.set_paper_size(PAPER_A4).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        sheet.set_freeze_panes(1, 0)?;
        self.heads(sheet)?;
        let cut = self.list.last_above_cut();
        for (index, row) in self.list.rows.iter().enumerate() {
            let looks = if cut == Some(index) { &self.looks.row_above_cut } else { &self.looks.row };
            self.person(sheet, index as u32 + 1, row, looks)?;
        }
        self.widths(sheet)?;
        sheet.autofilter(0, 0, self.list.rows.len() as u32, self.meaning_column())?;
        Ok(())
    }

    fn meaning_column(&self) -> u16 {
        self.columns.len() as u16
    }

    fn heads(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        sheet.set_row_height(0, 20)?;
        for (at, column) in (0..).zip(&self.columns) {
            let look = if column.is_number() { &self.looks.head_number } else { &self.looks.head };
            sheet.write_string_with_format(0, at, column.head(self.announcement, self.list), look)?;
        }
        sheet.write_string_with_format(0, self.meaning_column(), strings::MEANING, &self.looks.head)?;
        Ok(())
    }

    fn person(&self, sheet: &mut Worksheet, at: u32, row: &AnnouncedRow, looks: &RowLooks) -> Result<(), XlsxError> {
        for (index, column) in (0..).zip(&self.columns) {
            match *column {
                Column::Rank => match row.rank {
                    Some(rank) => sheet.write_number_with_format(at, index, rank, &looks.number)?,
                    None => sheet.write_blank(at, index, &looks.number)?,
                },
                Column::Marks(_) | Column::Total => decimal(sheet, at, index, column.number(row), &looks.number)?,
                Column::Value(_) => decimal(sheet, at, index, column.number(row), &looks.value)?,
                Column::ParticipantNo => text(sheet, at, index, Some(&row.participant_no), &looks.text)?,
                Column::Name => text(sheet, at, index, row.name.as_ref(), &looks.text)?,
                Column::Category => text(sheet, at, index, row.category.as_ref(), &looks.text)?,
                Column::Code => text(sheet, at, index, Some(&row.code), &looks.centred)?,
                Column::ToFormation => text(sheet, at, index, row.to_formation.as_ref(), &looks.text)?,
            };
        }
        sheet.write_string_with_format(at, self.meaning_column(), table::meaning(self.announcement, row), &looks.text)?;
        Ok(())
    }

    fn widths(&self, sheet: &mut Worksheet) -> Result<(), XlsxError> {
        for (at, column) in (0..).zip(&self.columns) {
            let head = column.head(self.announcement, self.list).chars().count() + 2;
            let cells = self.list.rows.iter().map(|row| column.cell(self.announcement, row).chars().count());
            let chars = cells.max().unwrap_or(0).max(head);
            sheet.set_column_width(at, (chars as f64 + 3.0).clamp(9.0, COLUMN_WIDTH_MAX))?;
        }
        sheet.set_column_width(self.meaning_column(), 48)?;
        Ok(())
    }
}

fn text<'s>(sheet: &'s mut Worksheet, row: u32, column: u16, text: Option<&String>, look: &Format) -> Result<&'s mut Worksheet, XlsxError> {
    sheet.write_string_with_format(row, column, shown::plain(text.map_or("", String::as_str)), look)
}

/// A spreadsheet's number, which is a float: exact enough to be shown right with 15 digits. A missing one stays blank.
fn decimal<'s>(sheet: &'s mut Worksheet, row: u32, column: u16, text: Option<&str>, look: &Format) -> Result<&'s mut Worksheet, XlsxError> {
    match text.and_then(Decimal::parse) {
        Some(decimal) => sheet.write_number_with_format(row, column, decimal.approximate(), look),
        None => sheet.write_blank(row, column, look),
    }
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
