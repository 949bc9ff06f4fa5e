//! `daftar.pdf`: the announcement as a committee prints, signs and posts it, and the certificate of one person. A4 portrait, PDF/A-2a and
//! PDF/UA-1.
//!
//! Three layers, each knowing only the ones below: `letter`, `lists`, `annex` and `certificate` say what stands where; `table` and `sheet`
//! break it into lines, rows and pages; `draw`, `figure` and `tags` turn pages into a tagged file. `type_face` shapes and measures text for all.

mod annex;
mod certificate;
mod draw;
mod figure;
mod letter;
mod letterhead;
mod list_table;
mod lists;
mod sheet;
mod table;
mod tags;
mod type_face;

use crate::Error;
use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};

/// The file: the letter, the lists, the pictures.
pub fn write(announcement: &Announcement) -> Result<Vec<u8>, Error> {
    announcement.check()?;
    let faces = type_face::Faces::load().map_err(|missing| Error::stop("daftar.pdf", missing))?;
    let mut paper = draw::Paper::of(announcement);
    let mut sheet = sheet::Sheet::new();
    paper.outline.push(letter::place(&mut sheet, announcement, &faces));
    paper.outline.extend(lists::place(&mut sheet, announcement, &faces));
    paper.outline.extend(annex::place(&mut sheet, announcement, &faces));
    paper.pages = sheet.into_pages();
    draw::draw(paper, &faces).map_err(|error| Error::stop("daftar.pdf", error.to_string()))
}

/// The certificate of one person; see [`crate::certificate::write`].
pub(crate) fn certificate(
    announcement: &Announcement,
    list: &AnnouncedList,
    row: &AnnouncedRow,
    url: &str,
    code: crate::chart::Drawing,
) -> Result<Vec<u8>, Error> {
    let faces = type_face::Faces::load().map_err(|missing| Error::stop("sertifikat.pdf", missing))?;
    let mut paper = draw::Paper::of(announcement);
    certificate::place(&mut paper, announcement, list, row, url, code, &faces);
    draw::draw(paper, &faces).map_err(|error| Error::stop("sertifikat.pdf", error.to_string()))
}
