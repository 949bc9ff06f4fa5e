//! The first sheet: what was announced, the formations with their counts, the legend.

use super::{Looks, PAPER_A4};
use crate::announcement::{AnnouncedList, Announcement};
use crate::{shown, strings, table};
use rust_xlsxwriter::{Url, Worksheet, XlsxError};

/// Columns of the table of formations before the counts by code.
const FIXED_HEADS: [&str; 6] =
    [strings::FORMATION_CODE, strings::FORMATION, strings::CATEGORY, strings::SLOTS, strings::TOTAL_THRESHOLD, strings::PEOPLE];
const WIDTHS: [f64; 6] = [26.0, 56.0, 16.0, 12.0, 14.0, 10.0];

/// Writes the sheet.
pub(super) fn write(sheet: &mut Worksheet, announcement: &Announcement, names: &[String], looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(strings::SUMMARY)?;
    sheet.set_paper_size(PAPER_A4).set_landscape().set_print_fit_to_pages(1, 0);
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, shown::plain(&announcement.heading), &looks.title)?;
    let mut row = 1;
    for (label, value) in facts(announcement) {
        sheet.write_string_with_format(row, 0, label, &looks.label)?;
        sheet.write_string_with_format(row, 1, value, &looks.text)?;
        row += 1;
    }
    row = formations(sheet, announcement, names, row + 1, looks)?;
    legend(sheet, announcement, row + 1, looks)
}

/// Labels and values above the table of formations.
fn facts(announcement: &Announcement) -> Vec<(&'static str, String)> {
    let plain = |text: &str| shown::plain(text).into_owned();
    let mut facts = vec![
        (strings::ORGANISER, plain(&announcement.organiser)),
        (strings::SELECTION, plain(&announcement.selection)),
        (strings::STAGE, plain(&announcement.stage)),
        (strings::NUMBER, plain(&announcement.number)),
        (strings::PUBLISHED, shown::moment(announcement.published_utc_ms, announcement.zone)),
        (strings::REVISION, announcement.revision.to_string()),
        (strings::REASON, plain(&announcement.reason)),
        (strings::CONTENT, strings::content(&shown::count(announcement.people()), &shown::count(announcement.lists.len()))),
    ];
    facts.extend(announcement.decrees.iter().map(|decree| (strings::DECREES, plain(decree))));
    facts.extend([
        (strings::RULE_SET, strings::rule_set(&plain(&announcement.rule_set.title), &plain(&announcement.rule_set.id))),
        (strings::RULE_SET_HASH, announcement.rule_set.hash.clone()),
        (strings::INPUT_HASH_LONG, announcement.input_hash.clone()),
        (strings::RESULTS_HASH_LONG, announcement.results_hash.clone()),
    ]);
    facts.retain(|(_, value)| !value.trim().is_empty());
    facts
}

/// One line per formation with a link to its sheet; gives back the row below.
fn formations(sheet: &mut Worksheet, announcement: &Announcement, names: &[String], top: u32, looks: &Looks) -> Result<u32, XlsxError> {
    let codes: Vec<&str> = announcement.legend().into_iter().map(|(code, _)| code).collect();
    for (column, head) in (0..).zip(FIXED_HEADS) {
        sheet.write_string_with_format(top, column, head, if column < 3 { &looks.head } else { &looks.head_number })?;
    }
    let first_code = FIXED_HEADS.len() as u16;
    for (column, code) in (first_code..).zip(&codes) {
        sheet.write_string_with_format(top, column, shown::plain(code), &looks.head_number)?;
    }
    let sections = first_code + codes.len() as u16;
    sheet.set_column_width(sections, 60)?;
    sheet.write_string_with_format(top, sections, strings::SECTION, &looks.head)?;
    for ((row, list), name) in (top + 1..).zip(&announcement.lists).zip(names) {
        let code = shown::plain(&list.formation_code);
        sheet.write_url_with_text(row, 0, Url::new(format!("internal:'{}'!A1", name.replace('\'', "''"))), code)?;
        formation(sheet, list, row, looks)?;
        for (column, code) in (first_code..).zip(&codes) {
            sheet.write_number(row, column, list.people_with(code) as f64)?;
        }
        // A cell holds 32,767 characters; the limits of an announcement stay below.
        sheet.write_string_with_format(row, sections, table::section_key(announcement, list), &looks.text)?;
    }
    Ok(top + 1 + announcement.lists.len() as u32)
}

fn formation(sheet: &mut Worksheet, list: &AnnouncedList, row: u32, looks: &Looks) -> Result<(), XlsxError> {
    sheet.write_string_with_format(row, 1, shown::plain(&list.formation_title), &looks.text)?;
    sheet.write_string_with_format(row, 2, shown::plain(&list.category), &looks.text)?;
    sheet.write_number(row, 3, list.slots)?;
    super::decimal(sheet, row, 4, list.total_threshold.as_deref(), &looks.row.number)?;
    sheet.write_number(row, 5, list.rows.len() as f64)?;
    Ok(())
}

fn legend(sheet: &mut Worksheet, announcement: &Announcement, top: u32, looks: &Looks) -> Result<(), XlsxError> {
    sheet.write_string_with_format(top, 0, strings::CODE, &looks.head)?;
    sheet.write_string_with_format(top, 1, strings::MEANING, &looks.head)?;
    let entries = announcement.legend().into_iter().flat_map(|(code, meanings)| meanings.into_iter().map(move |entry| (code, entry)));
    let mut row = top + 1;
    for (code, entry) in entries {
        sheet.write_string(row, 0, shown::plain(code))?;
        let english = if entry.en.trim().is_empty() { String::new() } else { format!(" ({})", entry.en) };
        sheet.write_string(row, 1, shown::plain(&format!("{}{english}", entry.id)))?;
        row += 1;
    }
    sheet.write_string(row + 1, 0, strings::TIES.id)?;
    sheet.write_string(row + 2, 0, strings::RECOMPUTE.id)?;
    Ok(())
}
