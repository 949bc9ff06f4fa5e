//! The letterhead (*kop*): the lines of the agency's paper, centred over a double rule.

use super::sheet::{Align, Element, Look, Paragraph, Sheet, Weight};
use super::type_face::{Face, Faces};
use crate::announcement::Announcement;
use crate::shown;

const AGENCY: Look = Look::of(Face::Bold, 13.0);
const ADDRESS: Look = Look::of(Face::Regular, 9.0);
/// With so many lines the second one names the unit and is as strong as the first.
const LINES_WITH_UNIT: usize = 3;

/// Places the letterhead at the top of the page.
pub(super) fn place(sheet: &mut Sheet, announcement: &Announcement, faces: &Faces) {
    let lines = &announcement.letterhead.lines;
    let strong = if lines.len() >= LINES_WITH_UNIT { 2 } else { 1 };
    for (index, line) in lines.iter().enumerate() {
        let look = if index < strong { AGENCY } else { ADDRESS };
        sheet.paragraph(Element::Paragraph, &Paragraph::new(faces, look, Align::Centre, &shown::plain(line)));
    }
    sheet.skip(6.0);
    sheet.rule(Weight::Heavy);
    sheet.skip(2.4);
    sheet.rule(Weight::Fine);
    sheet.skip(18.0);
}
