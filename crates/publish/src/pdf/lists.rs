//! The first annex: how many on which list, then the list of each formation.

use super::draw::Target;
use super::list_table;
use super::sheet::{Align, Element, LEFT, Look, Paragraph, RIGHT, Sheet, WIDTH};
use super::table::{Cells, ColumnOf, Place, Room, Setting, Table};
use super::type_face::{Face, Faces};
use crate::announcement::{AnnouncedList, Announcement};
use crate::{shown, strings, table};
use std::borrow::Cow;

const ANNEX: Look = Look::of(Face::Bold, 10.0);
const ANNEX_FACTS: Look = Look::of(Face::Regular, 9.0);
const TITLE: Look = Look::of(Face::Bold, 12.0);
const FORMATION: Look = Look::of(Face::Bold, 10.5);
const BODY: Look = Look::of(Face::Regular, 9.5);
const SMALL: Look = Look::of(Face::Regular, 8.5);
const CONTINUED: Look = Look::of(Face::Bold, 8.5);

/// Where the block that says which annex this is begins.
const ANNEX_X: f32 = LEFT + WIDTH * 0.52;
const OVERVIEW: [Setting; 3] = [
    Setting { size: 8.5, pad: 5.0, pad_y: 2.4, broken_width_min: 150.0 },
    Setting { size: 8.0, pad: 3.5, pad_y: 2.4, broken_width_min: 110.0 },
    Setting { size: 7.0, pad: 2.5, pad_y: 2.4, broken_width_min: 80.0 },
];
/// More codes than these have no columns of their own in the overview.
const OVERVIEW_CODES_MAX: usize = 8;
const FORMATION_CODE_WIDTH_MAX: f32 = 80.0;

/// Places the annex; gives back where it and its formations begin.
pub(super) fn place(sheet: &mut Sheet, announcement: &Announcement, faces: &Faces) -> Vec<Target> {
    sheet.break_page();
    let mut targets = vec![begin_annex(sheet, announcement, strings::ANNEX_LISTS, faces)];
    if announcement.lists.is_empty() {
        sheet.paragraph(Element::Paragraph, &Paragraph::new(faces, BODY, Align::Left, strings::NO_LISTS));
    }
    if announcement.lists.len() > 1 {
        overview(announcement, faces).place(sheet);
    }
    targets.extend(announcement.lists.iter().map(|list| formation(sheet, announcement, list, faces)));
    targets
}

/// The block in the upper right that says to which announcement an annex belongs, and its title.
pub(super) fn begin_annex(sheet: &mut Sheet, announcement: &Announcement, (annex, title): (&str, &str), faces: &Faces) -> Target {
    let in_block = |look, text: &str| Paragraph::in_column(faces, look, Align::Left, text, ANNEX_X, RIGHT - ANNEX_X);
    let mut facts = vec![in_block(ANNEX_FACTS, &strings::annex_of(&shown::plain(&announcement.organiser)))];
    if !announcement.number.trim().is_empty() {
        facts.push(in_block(ANNEX_FACTS, &format!("{} {}", strings::NUMBER, shown::plain(&announcement.number))));
    }
    facts.push(in_block(ANNEX_FACTS, &format!("{} {}", strings::DATE, shown::date(announcement.published_utc_ms, announcement.zone))));
    let target = Target { title: format!("{annex}: {title}"), page_index: sheet.page_index(), y: sheet.y() };
    sheet.paragraph(Element::Paragraph, &in_block(ANNEX, &annex.to_uppercase()));
    facts.iter().for_each(|fact| sheet.paragraph(Element::Paragraph, fact));
    sheet.skip(12.0);
    let heading = Paragraph::new(faces, TITLE, Align::Centre, &title.to_uppercase());
    sheet.paragraph(Element::Heading { level: 2, title: title.to_owned() }, &heading);
    sheet.skip(8.0);
    target
}

/// One row a formation: slots, people, and people by code.
fn overview(announcement: &Announcement, faces: &Faces) -> Table {
    let codes: Vec<&str> = announcement.legend().into_iter().map(|(code, _)| code).collect();
    let used = |code: &&str| announcement.lists.iter().any(|list| list.people_with(code) > 0);
    let codes: Vec<&str> = codes.into_iter().filter(used).collect();
    let codes = if codes.len() > OVERVIEW_CODES_MAX { Vec::new() } else { codes };
    let number = |head: &str| ColumnOf { head: head.to_owned(), align: Align::Right, room: Room::Natural, row_head: false };
    let words = |head: &str, room, row_head| ColumnOf { head: head.to_owned(), align: Align::Left, room, row_head };
    let mut columns = vec![
        words(strings::FORMATION_CODE, Room::AtMost(FORMATION_CODE_WIDTH_MAX), true),
        words(strings::FORMATION, Room::Rest, false),
        number(strings::SLOTS),
        number(strings::PEOPLE),
    ];
    columns.extend(codes.iter().map(|code| number(&shown::plain(code))));
    let texts = announcement.lists.iter().flat_map(|list| {
        let mut row = vec![
            shown::text_or_nothing(Some(&list.formation_code)),
            shown::text_or_nothing(Some(&list.formation_title)),
            Cow::Owned(shown::count(list.slots as usize)),
            Cow::Owned(shown::count(list.rows.len())),
        ];
        row.extend(codes.iter().map(|code| Cow::Owned(shown::count(list.people_with(code)))));
        row
    });
    let cells = Cells::shape(columns, texts, announcement.display.mark, faces);
    Table::set_somehow(cells, Place::FULL, &OVERVIEW, faces).summary(strings::OVERVIEW_SUMMARY.to_owned())
}

/// The title of a formation as it stands above its list.
pub(super) fn formation_title(list: &AnnouncedList) -> String {
    [shown::plain(&list.formation_code), shown::plain(&list.formation_title)].join(" ").trim().to_owned()
}

fn formation(sheet: &mut Sheet, announcement: &Announcement, list: &AnnouncedList, faces: &Faces) -> Target {
    let title = formation_title(list);
    let heading = Paragraph::new(faces, FORMATION, Align::Left, &title);
    let facts = table::list_facts(announcement, list).into_iter().map(|(label, value)| format!("{label} {value}"));
    let facts = Paragraph::new(faces, SMALL, Align::Left, &facts.collect::<Vec<_>>().join(" · "));
    let key = Paragraph::new(faces, SMALL.grey(), Align::Left, &table::section_key(announcement, list));
    let continued = || Paragraph::new(faces, CONTINUED, Align::Left, &strings::continued(&title)).at_most(1, faces);
    let table = (!list.rows.is_empty()).then(|| list_table::set(announcement, list, faces).continued(continued()));
    let kept = table.as_ref().map_or(BODY.line_height(), Table::height_kept);
    sheet.skip(16.0);
    sheet.keep_together(heading.height() + facts.height() + key.height() + 6.0 + kept);
    let target = Target { title: title.clone(), page_index: sheet.page_index(), y: sheet.y() };
    sheet.open(Element::Section);
    sheet.paragraph(Element::Heading { level: 3, title }, &heading);
    sheet.paragraph(Element::Paragraph, &facts);
    if !key.is_empty() {
        sheet.paragraph(Element::Paragraph, &key);
    }
    sheet.skip(4.0);
    match table {
        Some(table) => table.place(sheet),
        None => sheet.paragraph(Element::Paragraph, &Paragraph::new(faces, BODY, Align::Left, strings::NO_PEOPLE)),
    }
    sheet.close();
    target
}
