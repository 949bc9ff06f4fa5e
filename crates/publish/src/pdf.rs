//! `daftar.pdf`: the announcement as a committee prints, signs and posts it. A4 portrait, PDF/A-2a and PDF/UA-1.
//!
//! Three layers, each knowing only the one below: `document` says what stands where in the announcement, `table` and `sheet` break
//! it into lines, rows and pages, `draw` turns pages into a tagged file. `type_face` shapes and measures text for all of them.

mod document;
mod draw;
mod sheet;
mod table;
mod type_face;

use crate::Error;
use crate::announcement::Announcement;

/// The file.
pub fn write(announcement: &Announcement) -> Result<Vec<u8>, Error> {
    announcement.check()?;
    let faces = type_face::Faces::load().map_err(|missing| Error::stop("daftar.pdf", missing))?;
    let laid_out = document::lay_out(announcement, &faces);
    draw::draw(announcement, laid_out, &faces).map_err(|error| Error::stop("daftar.pdf", error.to_string()))
}
