//! What stands where in the announcement: letterhead, facts, one section per formation, legend.

use super::sheet::{Align, Element, LEFT, Look, Page, Paragraph, Sheet, WIDTH, Weight};
use super::table::Table;
use super::type_face::{Face, Faces};
use crate::announcement::{AnnouncedList, Announcement, Status};
use crate::{shown, strings};

const ORGANISER: Look = Look::of(Face::Bold, 13.0);
const SELECTION: Look = Look::of(Face::Regular, 10.5);
const HEADING: Look = Look::of(Face::Bold, 12.5);
const NUMBER: Look = Look::of(Face::Regular, 10.0);
const BODY: Look = Look::of(Face::Regular, 9.5);
const FORMATION: Look = Look::of(Face::Bold, 10.5);
const SMALL: Look = Look::of(Face::Regular, 8.5);
const SMALL_BOLD: Look = Look::of(Face::Bold, 8.5);

/// Column of the values beside the labels of the facts.
const VALUE_X: f32 = LEFT + 96.0;
/// Column of the words beside the codes of the legend.
const WORDS_X: f32 = LEFT + 36.0;

/// The announcement on pages, with the places the outline leads to.
pub(super) struct LaidOut {
    pub(super) pages: Vec<Page>,
    pub(super) outline: Vec<Place>,
}

/// An entry of the outline.
pub(super) struct Place {
    pub(super) title: String,
    pub(super) page_index: usize,
    pub(super) y: f32,
}

pub(super) fn lay_out(announcement: &Announcement, faces: &Faces) -> LaidOut {
    let mut sheet = Sheet::new();
    let mut outline = Vec::new();
    letterhead(&mut sheet, announcement, faces);
    facts(&mut sheet, announcement, faces);
    for list in &announcement.lists {
        outline.push(formation(&mut sheet, list, faces));
    }
    if announcement.lists.is_empty() {
        sheet.skip(10.0);
        sheet.paragraph(Element::Paragraph, &Paragraph::new(faces, BODY, Align::Left, strings::NO_LISTS));
    }
    outline.push(legend(&mut sheet, announcement, faces));
    LaidOut { pages: sheet.into_pages(), outline }
}

/// As on an agency's paper: who, in capitals, over a double rule; then what, and its number.
fn letterhead(sheet: &mut Sheet, announcement: &Announcement, faces: &Faces) {
    let centred = |look, text: &str| Paragraph::new(faces, look, Align::Centre, text);
    let capitals = |text: &str| shown::plain(text).to_uppercase();
    sheet.paragraph(Element::Paragraph, &centred(ORGANISER, &capitals(&announcement.organiser)));
    if !announcement.selection.trim().is_empty() {
        sheet.paragraph(Element::Paragraph, &centred(SELECTION, &shown::plain(&announcement.selection)));
    }
    sheet.skip(6.0);
    sheet.rule(Weight::Heavy);
    sheet.skip(2.4);
    sheet.rule(Weight::Fine);
    sheet.skip(16.0);
    let title = shown::plain(&announcement.heading).into_owned();
    let heading = centred(HEADING, &capitals(&announcement.heading));
    sheet.paragraph(Element::Heading { level: 1, title }, &heading);
    if !announcement.number.trim().is_empty() {
        let number = format!("{}: {}", strings::NUMBER, shown::plain(&announcement.number));
        sheet.paragraph(Element::Paragraph, &centred(NUMBER, &number));
    }
    sheet.skip(14.0);
}

/// Labels and values, and the sentence that says what the lists are.
fn facts(sheet: &mut Sheet, announcement: &Announcement, faces: &Faces) {
    let people = shown::count(announcement.people());
    let facts = [
        (strings::STAGE, announcement.stage.clone()),
        (strings::PUBLISHED, shown::moment(announcement.published_utc_ms, announcement.zone)),
        (strings::REVISION, announcement.revision.to_string()),
        (strings::REASON, announcement.reason.clone()),
        (strings::CONTENT, strings::content(&people, &shown::count(announcement.lists.len()))),
    ];
    for (label, value) in facts.iter().filter(|(_, value)| !value.trim().is_empty()) {
        let label = Paragraph::new(faces, BODY, Align::Left, label);
        let colon = Paragraph::in_column(faces, BODY, Align::Left, ": ", VALUE_X - 9.0, 9.0);
        let value = Paragraph::in_column(faces, BODY, Align::Left, &shown::plain(value), VALUE_X, LEFT + WIDTH - VALUE_X);
        sheet.keep_together(BODY.line_height());
        sheet.open(Element::Paragraph);
        sheet.beside(&label);
        sheet.beside(&colon);
        sheet.lines(&value);
        sheet.close();
        sheet.skip(1.5);
    }
    sheet.skip(7.0);
    sheet.paragraph(Element::Paragraph, &Paragraph::new(faces, BODY, Align::Left, strings::NOT_THE_DECISION.id));
}

fn formation(sheet: &mut Sheet, list: &AnnouncedList, faces: &Faces) -> Place {
    let title = [shown::plain(&list.formation_code), shown::plain(&list.formation_title)].join(" ").trim().to_owned();
    let heading = Paragraph::new(faces, FORMATION, Align::Left, &title);
    let facts = strings::list_facts(&shown::count(list.slots as usize), &shown::count(list.rows.len()));
    let facts = Paragraph::new(faces, SMALL, Align::Left, &facts);
    let key = Paragraph::new(faces, SMALL.grey(), Align::Left, &section_key(list));
    let table = Table::new(list, faces);
    sheet.skip(18.0);
    sheet.keep_together(heading.height() + facts.height() + key.height() + 6.0 + table.height_kept());
    let place = Place { title: title.clone(), page_index: sheet.page_index(), y: sheet.y() };
    sheet.open(Element::Section);
    sheet.paragraph(Element::Heading { level: 2, title }, &heading);
    sheet.paragraph(Element::Paragraph, &facts);
    if !key.is_empty() {
        sheet.paragraph(Element::Paragraph, &key);
    }
    sheet.skip(4.0);
    if list.rows.is_empty() {
        sheet.paragraph(Element::Paragraph, &Paragraph::new(faces, BODY, Align::Left, strings::NO_PEOPLE));
    } else {
        table.place(sheet);
    }
    sheet.close();
    place
}

/// What the heads of the columns of marks mean: `TWK: Tes Wawasan Kebangsaan; …`.
fn section_key(list: &AnnouncedList) -> String {
    let meaning = |section: &crate::AnnouncedSection| format!("{}: {}", shown::plain(&section.code), shown::plain(&section.title));
    let titled = list.sections.iter().filter(|section| !section.title.trim().is_empty() && section.title != section.code);
    titled.map(meaning).collect::<Vec<_>>().join("; ")
}

/// Codes, what the lists are not, and how to recompute them; one block on one page.
fn legend(sheet: &mut Sheet, announcement: &Announcement, faces: &Faces) -> Place {
    let paragraph = |look, text: &str| Paragraph::new(faces, look, Align::Left, text);
    let hash = format!("{}: {}", strings::INPUT_HASH_LONG, announcement.input_hash);
    let closing = [
        paragraph(SMALL, &format!("{} {}", strings::TIES.id, strings::NOT_THE_DECISION.id)),
        paragraph(SMALL.grey().english(), &format!("{} {}", strings::TIES.en, strings::NOT_THE_DECISION.en)),
        paragraph(SMALL, &hash),
        paragraph(SMALL, strings::RECOMPUTE.id),
        paragraph(SMALL.grey().english(), strings::RECOMPUTE.en),
    ];
    let items = Status::ALL.len() + 1;
    let height =
        FORMATION.line_height() + items as f32 * (SMALL.line_height() + 1.0) + closing.iter().map(|p| p.height() + 2.0).sum::<f32>();
    sheet.skip(20.0);
    sheet.keep_together(height + 12.0);
    let place = Place { title: strings::LEGEND.to_owned(), page_index: sheet.page_index(), y: sheet.y() };
    sheet.open(Element::Section);
    let title = strings::LEGEND.to_owned();
    sheet.paragraph(Element::Heading { level: 2, title }, &paragraph(FORMATION, strings::LEGEND));
    sheet.skip(3.0);
    codes(sheet, faces);
    sheet.skip(5.0);
    for paragraph in &closing {
        sheet.paragraph(Element::Paragraph, paragraph);
        sheet.skip(2.0);
    }
    sheet.close();
    place
}

fn codes(sheet: &mut Sheet, faces: &Faces) {
    let statuses = Status::ALL.map(|status| (strings::status_code(status), strings::status(status)));
    sheet.open(Element::List);
    for (code, words) in statuses.into_iter().chain([(shown::NOTHING, strings::NOTHING_MEANS)]) {
        sheet.open(Element::Item);
        sheet.open(Element::ItemLabel);
        sheet.beside(&Paragraph::new(faces, SMALL_BOLD, Align::Left, code));
        sheet.close();
        sheet.open(Element::ItemBody);
        let indonesian = Paragraph::in_column(faces, SMALL, Align::Left, words.id, WORDS_X, WIDTH / 2.0);
        sheet.beside(&indonesian);
        let english = format!("({})", words.en);
        sheet.lines(&Paragraph::in_column(faces, SMALL.grey().english(), Align::Left, &english, WORDS_X + 150.0, WIDTH / 2.0));
        sheet.close();
        sheet.close();
        sheet.skip(1.0);
    }
    sheet.close();
}
