//! The table of one formation: its columns in the roomiest setting there is room for.

use super::sheet::Align;
use super::table::{Cells, ColumnOf, Place, Room, Setting, Table};
use super::type_face::Faces;
use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};
use crate::table::{self, Column};
use crate::{shown, strings};
use std::borrow::Cow;

/// What to try, roomiest first, until names have room.
const SETTINGS: [Setting; 5] = [
    Setting { size: 8.5, pad: 6.5, pad_y: 2.4, broken_width_min: 170.0 },
    Setting { size: 8.5, pad: 4.0, pad_y: 2.4, broken_width_min: 130.0 },
    Setting { size: 8.0, pad: 4.0, pad_y: 2.4, broken_width_min: 115.0 },
    Setting { size: 7.5, pad: 3.0, pad_y: 2.4, broken_width_min: 95.0 },
    Setting { size: 7.0, pad: 2.5, pad_y: 2.4, broken_width_min: 80.0 },
];
/// When none of them does: all marks and values share one column, which breaks its lines like the name.
const CROWDED: [Setting; 1] = [Setting { size: 8.0, pad: 4.0, pad_y: 2.4, broken_width_min: 0.0 }];
/// A participant number wider than this is broken into lines, and so are a category and a formation.
const PARTICIPANT_NO_WIDTH_MAX: f32 = 140.0;
const WORDS_WIDTH_MAX: f32 = 70.0;

/// The table of a list.
pub(super) fn set(announcement: &Announcement, list: &AnnouncedList, faces: &Faces) -> Table {
    let columns = table::columns(announcement, list);
    let heads: Vec<Cow<'_, str>> = columns.iter().map(|column| column.head(announcement, list)).collect();
    let summary = strings::table_summary(&shown::plain(&list.formation_code), &heads.join(", ").to_lowercase());
    let settings = columns.iter().map(|column| column_of(*column, announcement, list)).collect();
    let rows = list.rows.iter();
    let texts = rows.flat_map(|row| columns.iter().map(|column| column.cell(announcement, row)));
    let cells = Cells::shape(settings, texts, announcement.display.mark, faces);
    let table = Table::set(cells, Place::FULL, &SETTINGS, faces).unwrap_or_else(|_| crowded(announcement, list, &columns, faces));
    table.summary(summary).cut_below(list.last_above_cut())
}

fn column_of(column: Column, announcement: &Announcement, list: &AnnouncedList) -> ColumnOf {
    let room = match column {
        Column::Name => Room::Rest,
        Column::ParticipantNo => Room::AtMost(PARTICIPANT_NO_WIDTH_MAX),
        Column::Category | Column::ToFormation | Column::Code => Room::AtMost(WORDS_WIDTH_MAX),
        Column::Rank | Column::Marks(_) | Column::Total | Column::Value(_) => Room::Natural,
    };
    let align = match column {
        Column::Rank | Column::Marks(_) | Column::Total | Column::Value(_) => Align::Right,
        Column::ParticipantNo | Column::Name | Column::Category | Column::ToFormation => Align::Left,
        Column::Code => Align::Centre,
    };
    let head = column.head(announcement, list).into_owned();
    ColumnOf { head, align, room, row_head: column == Column::ParticipantNo }
}

/// All marks and values in one column.
fn crowded(announcement: &Announcement, list: &AnnouncedList, columns: &[Column], faces: &Faces) -> Table {
    let merged = |column: &Column| matches!(column, Column::Marks(_) | Column::Value(_));
    let all_marks_at = columns.iter().position(merged).unwrap_or(columns.len());
    // A slot without a column is the one of all marks.
    let mut slots: Vec<Option<Column>> = columns.iter().copied().filter(|column| !merged(column)).map(Some).collect();
    slots.insert(all_marks_at, None);
    let setting = |slot: &Option<Column>| match slot {
        None => ColumnOf { head: strings::ALL_MARKS.to_owned(), align: Align::Left, room: Room::Rest, row_head: false },
        Some(column) => column_of(*column, announcement, list),
    };
    let settings = slots.iter().map(setting).collect();
    let texts = list.rows.iter().flat_map(|row| {
        slots.iter().map(move |slot| match slot {
            None => Cow::Owned(all_marks(announcement, list, columns, row)),
            Some(column) => column.cell(announcement, row),
        })
    });
    Table::set_somehow(Cells::shape(settings, texts, announcement.display.mark, faces), Place::FULL, &CROWDED, faces)
}

fn all_marks(announcement: &Announcement, list: &AnnouncedList, columns: &[Column], row: &AnnouncedRow) -> String {
    let marks = columns.iter().filter(|column| matches!(column, Column::Marks(_) | Column::Value(_)) && column.number(row).is_some());
    // A code and its marks stay on one line.
    let marks =
        marks.map(|column| format!("{}\u{a0}{}", column.head(announcement, list).replace(' ', "\u{a0}"), column.cell(announcement, row)));
    let marks = marks.collect::<Vec<_>>().join("; ");
    if marks.is_empty() { shown::NOTHING.to_owned() } else { marks }
}
