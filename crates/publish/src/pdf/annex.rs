//! The second annex: of the largest formations how the values are spread, the rungs around the cut, the items and the time they took, each
//! picture with its table.

use super::draw::Target;
use super::lists::{begin_annex, formation_title};
use super::sheet::{Align, Element, LEFT, Look, Paragraph, Sheet, WIDTH};
use super::table::{Cells, ColumnOf, Place, Room, Setting, Table};
use super::type_face::{Face, Faces};
use crate::announcement::{AnnouncedList, Announcement};
use crate::chart::{self, Chart, Size};
use crate::strings;
use std::borrow::Cow;

/// Most formations with pictures: the largest ones.
const FORMATIONS_MAX: usize = 20;

const FORMATION: Look = Look::of(Face::Bold, 10.5);
const CAPTION: Look = Look::of(Face::Bold, 8.5);
const BODY: Look = Look::of(Face::Regular, 9.5);
const LABEL_SIZE: f32 = 7.0;

/// Above a caption, and between it and its picture.
const CAPTION_GAP: f32 = 8.0;
const PICTURE_GAP: f32 = 3.0;
const PICTURE_WIDTH: f32 = 282.0;
const PICTURE_HEIGHT_MIN: f32 = 118.0;
/// Two sections, the item map and the completion fill a page.
const TALL_PICTURE_HEIGHT_MIN: f32 = 160.0;
const TABLE: Place = Place { x: LEFT + PICTURE_WIDTH + 16.0, width: WIDTH - PICTURE_WIDTH - 16.0 };
const SETTINGS: [Setting; 2] = [
    Setting { size: 7.5, pad: 3.5, pad_y: 1.3, broken_width_min: 0.0 },
    Setting { size: 6.5, pad: 2.5, pad_y: 1.3, broken_width_min: 0.0 },
];

/// Places the annex; nothing where no list has enough values.
pub(super) fn place(sheet: &mut Sheet, announcement: &Announcement, faces: &Faces) -> Option<Target> {
    let mut lists: Vec<&AnnouncedList> = announcement.lists.iter().filter(|list| chart::has_charts(announcement, list)).collect();
    if lists.is_empty() {
        return None;
    }
    let drawable = lists.len();
    // The largest, but in the order of the lists.
    lists.sort_by_key(|list| std::cmp::Reverse(list.rows.len()));
    lists.truncate(FORMATIONS_MAX);
    let chosen = |list: &&AnnouncedList| lists.iter().any(|other| other.formation_code == list.formation_code);
    sheet.break_page();
    let target = begin_annex(sheet, announcement, strings::ANNEX_CHARTS, faces);
    let about = strings::about_charts(lists.len(), drawable);
    sheet.paragraph(Element::Paragraph, &Paragraph::new(faces, BODY, Align::Left, &about));
    if announcement.lists.iter().filter(chosen).any(|list| !chart::statistics_charts(announcement, list).is_empty()) {
        sheet.skip(CAPTION_GAP);
        sheet.paragraph(Element::Paragraph, &Paragraph::new(faces, BODY, Align::Left, strings::ABOUT_STATISTICS));
    }
    for list in announcement.lists.iter().filter(chosen) {
        formation(sheet, announcement, list, faces);
    }
    Some(target)
}

fn formation(sheet: &mut Sheet, announcement: &Announcement, list: &AnnouncedList, faces: &Faces) {
    let title = formation_title(list);
    let heading = Paragraph::new(faces, FORMATION, Align::Left, &title);
    let with_table = |chart| {
        let table = table_of(&chart, announcement.display.mark, faces);
        (chart, table)
    };
    let of_list = chart::charts(announcement, list).into_iter().chain(chart::section_charts(announcement, list));
    let charts: Vec<(Chart, Table)> = of_list.chain(chart::statistics_charts(announcement, list)).map(with_table).collect();
    // The pictures of the list stand together; those of sections, items and time may go over to the next page.
    let height = charts.iter().take(2).map(|(chart, table)| height_of(chart, table)).sum::<f32>();
    sheet.skip(16.0);
    sheet.keep_together(heading.height() + height);
    sheet.open(Element::Section);
    sheet.paragraph(Element::Heading { level: 3, title }, &heading);
    for (chart, table) in charts {
        place_chart(sheet, &chart, &table, faces);
    }
    sheet.close();
}

fn height_of(chart: &Chart, table: &Table) -> f32 {
    CAPTION_GAP + CAPTION.line_height() + PICTURE_GAP + height_beside(chart, table)
}

/// Height of a picture and its table side by side.
fn height_beside(chart: &Chart, table: &Table) -> f32 {
    table.height().max(if chart.tall { TALL_PICTURE_HEIGHT_MIN } else { PICTURE_HEIGHT_MIN })
}

/// A picture on the left, its numbers on the right.
fn place_chart(sheet: &mut Sheet, chart: &Chart, table: &Table, faces: &Faces) {
    sheet.keep_together(height_of(chart, table));
    sheet.skip(CAPTION_GAP);
    sheet.paragraph(Element::Paragraph, &Paragraph::new(faces, CAPTION, Align::Left, &chart.title));
    sheet.skip(PICTURE_GAP);
    let top = sheet.y();
    // The rungs of a ladder stand beside their rows.
    let picture_top = if chart.rows_beside { top + table.head_height() } else { top };
    let height = if chart.rows_beside { table.height() - table.head_height() } else { height_beside(chart, table) };
    let drawing = chart.draw(Size { width: PICTURE_WIDTH, height, text: LABEL_SIZE });
    sheet.figure(chart.alternative.clone(), LEFT, picture_top, drawing);
    table.place(sheet);
    sheet.go_to(top + height_beside(chart, table));
}

fn table_of(chart: &Chart, mark: char, faces: &Faces) -> Table {
    let column = |(index, head): (usize, &chart::ChartHead)| ColumnOf {
        head: head.text.clone(),
        align: if head.number { Align::Right } else { Align::Left },
        room: Room::Natural,
        row_head: index == 0,
    };
    let columns = chart.heads.iter().enumerate().map(column).collect();
    let texts = chart.rows.iter().flatten().map(|text| Cow::Borrowed(text.as_str()));
    let cells = Cells::shape(columns, texts, mark, faces);
    Table::set_somehow(cells, TABLE, &SETTINGS, faces).summary(chart.alternative.clone()).cut_below(chart.cut_below)
}
