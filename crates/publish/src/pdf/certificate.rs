//! One person's line on one page: who, where, the marks, the rank and the code, and how to check that the page is true.

use super::draw::{Paper, Target};
use super::letterhead;
use super::sheet::{Align, Element, LEFT, Look, Paragraph, RIGHT, Sheet, WIDTH, Weight};
use super::table::{Cells, ColumnOf, Place, Room, Setting, Table};
use super::type_face::{Face, Faces};
use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};
use crate::chart::Drawing;
use crate::{certificate::facts, shown, strings};
use std::borrow::Cow;

const TITLE: Look = Look::of(Face::Bold, 15.0);
const HEADING: Look = Look::of(Face::Regular, 10.5);
const BODY: Look = Look::of(Face::Regular, 10.0);
const STRONG: Look = Look::of(Face::Bold, 10.0);
const CODE: Look = Look::of(Face::Bold, 13.0);
const SMALL: Look = Look::of(Face::Regular, 8.5);

/// Column of the values beside the labels of the facts.
const VALUE_X: f32 = LEFT + 118.0;
/// A text as long as an announcement allows must not push the code off the page.
const FACT_LINES_MAX: usize = 3;
const SETTINGS: [Setting; 2] = [
    Setting { size: 9.5, pad: 6.0, pad_y: 3.2, broken_width_min: 120.0 },
    Setting { size: 8.0, pad: 4.0, pad_y: 3.2, broken_width_min: 60.0 },
];
const SMALL_PRINT_GAP: f32 = 14.0;

/// Places the page.
pub(super) fn place(
    paper: &mut Paper,
    announcement: &Announcement,
    list: &AnnouncedList,
    row: &AnnouncedRow,
    url: &str,
    code: Drawing,
    faces: &Faces,
) {
    let number = shown::plain(&row.participant_no).into_owned();
    paper.title = format!("{} {number}", strings::CERTIFICATE);
    paper.description = shown::plain(&announcement.heading).into_owned();
    paper.id = format!("{}-{number}", paper.id);
    let page = Certificate { announcement, list, row, faces };
    let mut sheet = Sheet::new();
    letterhead::place(&mut sheet, announcement, faces);
    page.title(&mut sheet);
    page.facts(&mut sheet);
    page.marks(&mut sheet);
    page.standing(&mut sheet);
    page.verification(&mut sheet, url, code);
    paper.outline.push(Target { title: strings::CERTIFICATE.to_owned(), page_index: 0, y: 0.0 });
    paper.pages = sheet.into_pages();
}

struct Certificate<'a> {
    announcement: &'a Announcement,
    list: &'a AnnouncedList,
    row: &'a AnnouncedRow,
    faces: &'a Faces,
}

impl Certificate<'_> {
    fn title(&self, sheet: &mut Sheet) {
        let centred = |look, text: &str| Paragraph::new(self.faces, look, Align::Centre, text);
        let heading = centred(TITLE, &strings::CERTIFICATE.to_uppercase());
        sheet.paragraph(Element::Heading { level: 1, title: strings::CERTIFICATE.to_owned() }, &heading);
        sheet.skip(3.0);
        let about = centred(HEADING, &shown::plain(&self.announcement.heading)).at_most(FACT_LINES_MAX, self.faces);
        sheet.paragraph(Element::Paragraph, &about);
        if !self.announcement.number.trim().is_empty() {
            let number = strings::announcement_number(&shown::plain(&self.announcement.number));
            sheet.paragraph(Element::Paragraph, &centred(SMALL.grey(), &number).at_most(1, self.faces));
        }
        sheet.skip(16.0);
    }

    fn facts(&self, sheet: &mut Sheet) {
        for (label, value) in facts(self.announcement, self.list, self.row) {
            let who = [strings::PARTICIPANT_NO, strings::NAME].contains(&label);
            self.fact(sheet, label, &value, if who { STRONG } else { BODY });
        }
        sheet.skip(12.0);
    }

    fn fact(&self, sheet: &mut Sheet, label: &str, value: &str, look: Look) {
        let label = Paragraph::in_column(self.faces, BODY.grey(), Align::Left, label, LEFT, VALUE_X - LEFT - 6.0);
        let value =
            Paragraph::in_column(self.faces, look, Align::Left, value, VALUE_X, RIGHT - VALUE_X).at_most(FACT_LINES_MAX, self.faces);
        sheet.open(Element::Paragraph);
        sheet.beside(&label);
        sheet.lines(&value);
        sheet.close();
        sheet.skip(3.0);
    }

    /// Section by section, then the total and the stage values.
    fn marks(&self, sheet: &mut Sheet) {
        let rows = crate::certificate::marks(self.announcement, self.list, self.row);
        let heads = [strings::SECTION, strings::MARK, strings::MAX, strings::THRESHOLD];
        let column = |(index, head): (usize, &str)| ColumnOf {
            head: head.to_owned(),
            align: if index == 0 { Align::Left } else { Align::Right },
            room: if index == 0 { Room::Rest } else { Room::Natural },
            row_head: index == 0,
        };
        let columns = heads.into_iter().enumerate().map(column).collect();
        let totals_below = rows.iter().position(|row| row.is_total).and_then(|first| first.checked_sub(1));
        let texts = rows.iter().flat_map(|row| row.cells.iter().map(|text| Cow::Borrowed(text.as_str())));
        let cells = Cells::shape(columns, texts, self.announcement.display.mark, self.faces);
        let table = Table::set_somehow(cells, Place::FULL, &SETTINGS, self.faces);
        table.summary(strings::MARKS_SUMMARY.to_owned()).cut_below(totals_below).place(sheet);
        sheet.skip(14.0);
    }

    fn standing(&self, sheet: &mut Sheet) {
        if let Some(rank) = self.row.rank {
            let ranked = shown::count(self.list.people_ranked());
            self.fact(sheet, strings::RANK, &strings::rank_of_ranked(rank, &ranked), STRONG);
        }
        let code = shown::text_or_nothing(Some(&self.row.code));
        self.fact(sheet, strings::CODE, &code, CODE);
        let meanings = self.announcement.meanings(self.row);
        for meaning in &meanings {
            let in_column = |look, text: &str| {
                Paragraph::in_column(self.faces, look, Align::Left, text, VALUE_X, RIGHT - VALUE_X).at_most(FACT_LINES_MAX, self.faces)
            };
            sheet.paragraph(Element::Paragraph, &in_column(BODY, &shown::plain(&meaning.id)));
            sheet.paragraph(Element::Paragraph, &in_column(SMALL.grey().english(), &shown::plain(&meaning.en)));
        }
        if meanings.is_empty() {
            self.fact(sheet, strings::MEANING, strings::NOT_DECIDED.id, BODY);
        }
        sheet.skip(SMALL_PRINT_GAP);
    }

    /// The code, and beside it what to compare.
    fn verification(&self, sheet: &mut Sheet, url: &str, code: Drawing) {
        let announcement = self.announcement;
        let edge = code.size.width;
        sheet.keep_together(edge + 8.0);
        sheet.rule(Weight::Fine);
        sheet.skip(8.0);
        let (top, x) = (sheet.y(), LEFT + edge + 12.0);
        let beside = |look, text: &str| Paragraph::in_column(self.faces, look, Align::Left, text, x, LEFT + WIDTH - x);
        sheet.figure(strings::code_leads_to(url), LEFT, top, code);
        let hashes = format!(
            "{} {} · {} {} · {} {}",
            strings::RULE_SET,
            shown::plain(&announcement.rule_set.id),
            strings::INPUT_HASH,
            shown::short_hash(&announcement.input_hash),
            strings::RESULTS_HASH,
            shown::short_hash(&announcement.results_hash)
        );
        let published = shown::moment(announcement.published_utc_ms, announcement.zone);
        for paragraph in [
            beside(SMALL, strings::PAGE_COUNTS.id),
            beside(SMALL.grey().english(), strings::PAGE_COUNTS.en),
            beside(SMALL, url),
            beside(SMALL, &format!("{} {} · {} {published}", strings::REVISION, announcement.revision, strings::PUBLISHED)),
            beside(SMALL.grey(), &hashes),
        ] {
            sheet.paragraph(Element::Paragraph, &paragraph);
            sheet.skip(2.5);
        }
    }
}
