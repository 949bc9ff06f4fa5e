//! The announcement as static pages: no script, no inline style, nothing from elsewhere, readable on a phone and on paper.
//!
//! Made for `Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'`. Below the folder of an
//! announcement they expect its files, `formasi/{number}` and `formasi/{number}/{part}` ([`formation_page`]), `peserta/{participant_no}`
//! ([`person_page`]) and `cari?nomor=`, which sends a reader on to somebody's page or answers with [`person_not_found`].

mod head;
mod list;
mod markup;
mod person;
mod picture;

use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};
use crate::archive::FileSum;
use crate::{shown, strings};
use markup::{Document, Escaped};
use std::fmt::{self, Write as _};

/// The style sheet of every page, to be served as [`STYLESHEET_PATH`].
pub const STYLESHEET: &str = include_str!("gaya.css");

/// Where pages look for [`STYLESHEET`].
pub const STYLESHEET_PATH: &str = "/hasil/gaya.css";

/// An announcement of more people than this has a page for each formation.
pub const PEOPLE_ON_ONE_PAGE_MAX: usize = 300;
/// A formation of more people than this has its page in parts.
pub const PEOPLE_IN_PART_MAX: usize = 500;

/// Where a page leads.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// Address of the folder with the files, such as `/hasil/0192`; without a slash at the end.
    pub folder: String,
    /// The other revisions of this announcement, earlier and later, in order.
    pub revisions: Vec<RevisionLink>,
    /// Sizes and sums of the files, from [`crate::Files::sums`]; without them the page shows the files alone.
    pub sums: Vec<FileSum>,
    /// Whether the server gives everybody the certificates, as `peserta/{participant_no}/sertifikat.pdf`.
    pub certificates: bool,
}

/// Another revision of an announcement.
#[derive(Clone, Debug)]
pub struct RevisionLink {
    /// Its number.
    pub revision: u32,
    /// Its page.
    pub href: String,
    /// When it was published.
    pub published_utc_ms: i64,
}

/// The page of the announcement: with its lists, or leading to a page for each formation.
pub fn page(announcement: &Announcement, links: &Links) -> String {
    let whole = announcement.people() <= PEOPLE_ON_ONE_PAGE_MAX;
    // A row is about 400 bytes; one allocation instead of twenty.
    let rows = if whole { announcement.people() } else { 0 };
    written(8_192 + rows * 420 + announcement.lists.len() * 240, |html| write_page(html, announcement, links, whole))
}

/// The page of one formation by its index in the announcement, in parts of [`PEOPLE_IN_PART_MAX`] people; parts count from 1. None where
/// there is no such formation or part.
pub fn formation_page(announcement: &Announcement, index: usize, part: usize, links: &Links) -> Option<String> {
    let list = announcement.lists.get(index)?;
    if part == 0 || part > parts(list) {
        return None;
    }
    Some(written(8_192 + PEOPLE_IN_PART_MAX * 420, |html| list::write_formation_page(html, announcement, index, part, links)))
}

/// Parts of a formation's page; an empty formation has one too.
pub fn parts(list: &AnnouncedList) -> usize {
    list.rows.len().div_ceil(PEOPLE_IN_PART_MAX).max(1)
}

/// The page of one person's line, to which the code on a certificate leads.
pub fn person_page(announcement: &Announcement, list: &AnnouncedList, row: &AnnouncedRow, links: &Links) -> String {
    written(8_192, |html| person::write_page(html, announcement, list, row, links))
}

/// The answer to a search for a number that is not in the announcement.
pub fn person_not_found(announcement: &Announcement, asked: &str, links: &Links) -> String {
    written(4_096, |html| person::write_not_found(html, announcement, asked, links))
}

/// The address of a person's page.
pub fn person_href(folder: &str, participant_no: &str) -> String {
    format!("{folder}/peserta/{}", markup::in_path(participant_no))
}

/// The address of a formation's page, by its index in the announcement.
pub fn formation_href(folder: &str, index: usize, part: usize) -> String {
    if part > 1 { format!("{folder}/formasi/{}/{part}", index + 1) } else { format!("{folder}/formasi/{}", index + 1) }
}

fn written(bytes: usize, write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut html = String::with_capacity(bytes);
    write(&mut html).expect("writing to a string cannot fail");
    html
}

fn write_page(html: &mut String, announcement: &Announcement, links: &Links, whole: bool) -> fmt::Result {
    let title = format!("{} – {}", announcement.heading, announcement.organiser);
    Document { title: &title, skip_to: "daftar", indexed: true }.begin(html)?;
    head::write_announcement(html, announcement, links)?;
    html.push_str("<main id=\"daftar\">\n");
    if announcement.lists.is_empty() {
        writeln!(html, "<p>{}</p>", strings::NO_LISTS)?;
    }
    write_formations(html, announcement, links, whole)?;
    if whole {
        for (index, list) in announcement.lists.iter().enumerate() {
            list::write_section(html, announcement, index, list, links)?;
        }
    }
    head::write_legend(html, announcement, &|_| true)?;
    html.push_str("</main>\n");
    head::write_foot(html, announcement, links)?;
    Document::end(html);
    Ok(())
}

/// The formations with their numbers: on one page a way down to each, otherwise the way to its page.
fn write_formations(html: &mut String, announcement: &Announcement, links: &Links, whole: bool) -> fmt::Result {
    if announcement.lists.len() < 2 && whole {
        return Ok(());
    }
    writeln!(html, "<nav class=\"formations\" aria-label=\"{0}\">\n<h2>{0}</h2>\n<ol>", strings::FORMATIONS)?;
    for (index, list) in announcement.lists.iter().enumerate() {
        let href = if whole { format!("#f{}", index + 1) } else { formation_href(&links.folder, index, 1) };
        let (slots, people) = (shown::count(list.slots as usize), shown::count(list.rows.len()));
        writeln!(
            html,
            "<li><a href=\"{}\"><b>{}</b> {}</a> <small>{}</small></li>",
            Escaped(&href),
            Escaped(&list.formation_code),
            Escaped(&list.formation_title),
            strings::slots_and_people(&slots, &people),
        )?;
    }
    html.push_str("</ol>\n</nav>\n");
    Ok(())
}
