//! The announcement: the stored, immutable document every file is made from.
//!
//! Only this module is serialised. A new field or status is a new [`Format`]; documents of an old one are read for ever.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Longest text of a table cell (a name, a participant number), in characters. Keeps a row shorter than a page.
pub const CELL_CHARS_MAX: usize = 500;
/// Longest code of a formation or section, in characters.
pub const CODE_CHARS_MAX: usize = 60;
/// Longest title of a section, in characters.
pub const SECTION_TITLE_CHARS_MAX: usize = 200;
/// Longest heading, title or reason, in characters.
pub const PARAGRAPH_CHARS_MAX: usize = 2_000;
/// Most sections of one list.
pub const SECTIONS_MAX: usize = 40;
/// Most lists of one announcement; each becomes a sheet of the workbook.
pub const LISTS_MAX: usize = 5_000;
/// Most people of one announcement; a tagged PDF takes about a kilobyte and ten of memory a person.
pub const PEOPLE_MAX: usize = 100_000;

/// Years that are believed; a clock that says otherwise was never set.
const PUBLISHED_UTC_MS: std::ops::Range<i64> = 946_684_800_000..4_102_444_800_000;

/// One publication: what was announced, when, by whom, computed from what. Never edited: a correction is a further revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// Version of this document.
    pub format: Format,
    /// Who announces, as in a letterhead.
    pub organiser: String,
    /// Title of the selection.
    pub selection: String,
    /// Title of the stage.
    pub stage: String,
    /// Heading of the announcement.
    pub heading: String,
    /// Number under which the organiser files it; may be empty.
    pub number: String,
    /// Revision, from 1.
    pub revision: u32,
    /// Why there is a further revision; empty for the first.
    pub reason: String,
    /// When it was published, in milliseconds since 1970 UTC.
    pub published_utc_ms: i64,
    /// The zone in which times are shown.
    pub zone: Zone,
    /// SHA-256 over the inputs (journal heads, keys, blueprints), lower-case hex.
    pub input_hash: String,
    /// One list per formation, in the order to be shown.
    pub lists: Vec<AnnouncedList>,
}

/// Version of the stored document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub enum Format {
    /// The first.
    V1,
}

impl From<Format> for u32 {
    fn from(format: Format) -> u32 {
        match format {
            Format::V1 => 1,
        }
    }
}

impl TryFrom<u32> for Format {
    type Error = String;

    fn try_from(format: u32) -> Result<Self, String> {
        match format {
            1 => Ok(Format::V1),
            other => Err(format!("format {other} is not known here")),
        }
    }
}

/// A time zone of Indonesia. None of them has summer time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Zone {
    /// Western Indonesia, UTC+7.
    Wib,
    /// Central Indonesia, UTC+8.
    Wita,
    /// Eastern Indonesia, UTC+9.
    Wit,
}

/// The ranked list of one formation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncedList {
    /// Formation code, unique in the announcement.
    pub formation_code: String,
    /// Formation title.
    pub formation_title: String,
    /// Vacant slots.
    pub slots: u32,
    /// The columns of marks, in order.
    pub sections: Vec<AnnouncedSection>,
    /// People in the order to be shown.
    pub rows: Vec<AnnouncedRow>,
}

/// A column of marks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncedSection {
    /// Section code, unique in the list; the head of the column.
    pub code: String,
    /// Section title.
    pub title: String,
}

/// One person on a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncedRow {
    /// Rank, from 1; equal standings share one; none without marks.
    pub rank: Option<u32>,
    /// Participant number; not always digits.
    pub participant_no: String,
    /// Name as policy allows it to be shown.
    pub name: String,
    /// Marks per section in thousandths; one for each section, or none at all.
    pub marks_milli: Vec<i64>,
    /// Total in thousandths.
    pub total_milli: Option<i64>,
    /// How the person stands after the test.
    pub status: Status,
}

/// How a person stands after the test; its words are in [`crate::strings`]. This is not the committee's final decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Every threshold was met.
    Meets,
    /// A threshold was missed.
    BelowThreshold,
    /// Never checked in.
    Absent,
    /// Checked in but never began.
    NotStarted,
    /// The session was ended by the committee.
    Terminated,
}

impl Status {
    /// All of them, in the order of the legend.
    pub const ALL: [Status; 5] = [Status::Meets, Status::BelowThreshold, Status::Absent, Status::NotStarted, Status::Terminated];
}

/// What has to be corrected before an announcement can be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A text that must be there is missing.
    #[error("{what} is empty")]
    Empty {
        /// Which text.
        what: &'static str,
    },
    /// A text is longer than its limit.
    #[error("{what} has {chars} characters, more than {chars_max}")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// Its length.
        chars: usize,
        /// The limit.
        chars_max: usize,
    },
    /// There is more of something than a file can hold.
    #[error("{count} {what}, more than {count_max}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// The limit.
        count_max: usize,
    },
    /// A code that must be unique stands twice.
    #[error("{what} {code:?} stands twice")]
    Twice {
        /// Which code.
        what: &'static str,
        /// The code.
        code: String,
    },
    /// A person has marks for another number of sections than the list has.
    #[error("row {row} of list {formation_code:?} has {marks} marks for {sections} sections")]
    MarksMismatch {
        /// Of which formation.
        formation_code: String,
        /// Row, from 1.
        row: usize,
        /// Marks given.
        marks: usize,
        /// Sections of the list.
        sections: usize,
    },
    /// The input hash is not 64 lower-case hexadecimal digits.
    #[error("the input hash is not 64 lower-case hexadecimal digits")]
    InputHash,
    /// Revisions count from 1.
    #[error("the revision is 0")]
    Revision,
    /// The time of publication lies outside this century.
    #[error("the time of publication lies outside this century")]
    PublishedAt,
}

impl Announcement {
    /// Reads a stored document and checks it.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let announcement: Announcement = serde_json::from_slice(json).map_err(Error::Restore)?;
        announcement.check()?;
        Ok(announcement)
    }

    /// The document as it is stored and served as `daftar.json`.
    pub fn to_json(&self) -> Result<Vec<u8>, Error> {
        self.check()?;
        let mut json = serde_json::to_vec(self).map_err(|error| Error::stop("daftar.json", error))?;
        json.push(b'\n');
        Ok(json)
    }

    /// People on all lists together.
    pub fn people(&self) -> usize {
        self.lists.iter().map(|list| list.rows.len()).sum()
    }

    /// Whether files can be made of it.
    pub fn check(&self) -> Result<(), Flaw> {
        present("organiser", &self.organiser)?;
        present("heading", &self.heading)?;
        let paragraphs = [
            ("organiser", &self.organiser),
            ("selection", &self.selection),
            ("stage", &self.stage),
            ("heading", &self.heading),
            ("number", &self.number),
            ("reason", &self.reason),
        ];
        for (what, text) in paragraphs {
            within(what, text, PARAGRAPH_CHARS_MAX)?;
        }
        if self.revision == 0 {
            return Err(Flaw::Revision);
        }
        if !PUBLISHED_UTC_MS.contains(&self.published_utc_ms) {
            return Err(Flaw::PublishedAt);
        }
        if self.input_hash.len() != 64 || !self.input_hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(Flaw::InputHash);
        }
        at_most("lists", self.lists.len(), LISTS_MAX)?;
        at_most("people", self.people(), PEOPLE_MAX)?;
        unique("formation code", self.lists.iter().map(|list| &list.formation_code))?;
        self.lists.iter().try_for_each(AnnouncedList::check)
    }
}

impl AnnouncedList {
    /// People with a status.
    pub fn people_with(&self, status: Status) -> usize {
        self.rows.iter().filter(|row| row.status == status).count()
    }

    fn check(&self) -> Result<(), Flaw> {
        present("formation code", &self.formation_code)?;
        within("formation code", &self.formation_code, CODE_CHARS_MAX)?;
        within("formation title", &self.formation_title, CELL_CHARS_MAX)?;
        at_most("sections", self.sections.len(), SECTIONS_MAX)?;
        unique("section code", self.sections.iter().map(|section| &section.code))?;
        for section in &self.sections {
            present("section code", &section.code)?;
            within("section code", &section.code, CODE_CHARS_MAX)?;
            within("section title", &section.title, SECTION_TITLE_CHARS_MAX)?;
        }
        for (index, row) in self.rows.iter().enumerate() {
            within("participant number", &row.participant_no, CELL_CHARS_MAX)?;
            within("name", &row.name, CELL_CHARS_MAX)?;
            let (marks, sections) = (row.marks_milli.len(), self.sections.len());
            if marks != 0 && marks != sections {
                return Err(Flaw::MarksMismatch { formation_code: self.formation_code.clone(), row: index + 1, marks, sections });
            }
        }
        Ok(())
    }
}

fn present(what: &'static str, text: &str) -> Result<(), Flaw> {
    if crate::shown::plain(text).trim().is_empty() { Err(Flaw::Empty { what }) } else { Ok(()) }
}

fn within(what: &'static str, text: &str, chars_max: usize) -> Result<(), Flaw> {
    // No text has more characters than bytes, and most are short: counting is for the few.
    if text.len() <= chars_max {
        return Ok(());
    }
    let chars = text.chars().count();
    if chars > chars_max { Err(Flaw::TooLong { what, chars, chars_max }) } else { Ok(()) }
}

fn at_most(what: &'static str, count: usize, count_max: usize) -> Result<(), Flaw> {
    if count > count_max { Err(Flaw::TooMany { what, count, count_max }) } else { Ok(()) }
}

fn unique<'a>(what: &'static str, codes: impl Iterator<Item = &'a String>) -> Result<(), Flaw> {
    let mut seen = BTreeSet::new();
    for code in codes {
        if !seen.insert(code) {
            return Err(Flaw::Twice { what, code: code.clone() });
        }
    }
    Ok(())
}
