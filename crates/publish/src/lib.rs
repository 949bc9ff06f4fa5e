//! Published ranked lists as files: one announcement in, JSON, CSV, XLSX, PDF and a static HTML page out.
//!
//! Pure: no async, SQL, HTTP, clock or randomness, and no other crate of the workspace. The same [`Announcement`] gives the same
//! bytes, today and in ten years, so a file on a stranger's disk can be compared with what the server gives out. Names arrive here as
//! policy allows them to be shown; nothing in this crate knows a key, an answer or a national identity number.

mod announcement;
pub mod csv;
pub mod html;
pub mod pdf;
mod shown;
pub mod strings;
pub mod xlsx;

pub use announcement::{
    AnnouncedList, AnnouncedRow, AnnouncedSection, Announcement, CELL_CHARS_MAX, CODE_CHARS_MAX, Flaw, Format, LISTS_MAX,
    PARAGRAPH_CHARS_MAX, PEOPLE_MAX, SECTION_TITLE_CHARS_MAX, SECTIONS_MAX, Status, Zone,
};

/// The files of one announcement, ready to be served or stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files {
    /// `daftar.json`: the announcement itself.
    pub json: Vec<u8>,
    /// `daftar.csv`.
    pub csv: Vec<u8>,
    /// `daftar.xlsx`.
    pub xlsx: Vec<u8>,
    /// `daftar.pdf`.
    pub pdf: Vec<u8>,
}

/// Every file of an announcement.
pub fn files(announcement: &Announcement) -> Result<Files, Error> {
    Ok(Files {
        json: announcement.to_json()?,
        csv: csv::write(announcement)?,
        xlsx: xlsx::write(announcement)?,
        pdf: pdf::write(announcement)?,
    })
}

/// Why there is no file, by what the caller does about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The announcement contradicts itself or breaks a limit: correct it and publish again.
    #[error("publish an announcement that has to be corrected first")]
    Correct(#[from] Flaw),
    /// The stored document was altered, or written by a newer version: restore it, or upgrade.
    #[error("read the stored announcement")]
    Restore(#[source] serde_json::Error),
    /// A writer failed on a sound announcement. Trying again gives the same: stop and report it.
    #[error("write {file}")]
    Stop {
        /// The file that was being written.
        file: &'static str,
        /// What the writer said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    fn stop(file: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Error::Stop { file, source: source.into() }
    }
}
