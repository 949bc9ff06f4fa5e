//! Published results as files: one announcement in; JSON, CSV, XLSX, PDF, an archive of them all, static HTML pages and certificates out.
//!
//! Pure: no async, SQL, HTTP, clock or randomness, and no other crate of the workspace. The same [`Announcement`] gives the same
//! bytes, today and in ten years, so a file on a stranger's disk can be compared with what the server gives out. Names arrive here as
//! policy allows them to be shown; nothing in this crate knows an item's name, a key, an answer or a national identity number, and no word of its own says
//! who passed: statuses, codes and what they mean come with the announcement.

mod announcement;
mod archive;
pub mod certificate;
mod chart;
pub mod csv;
mod decimal;
pub mod html;
pub mod pdf;
mod shown;
pub mod strings;
mod table;
pub mod xlsx;

pub use announcement::{
    AnnouncedList, AnnouncedRow, AnnouncedSection, Announcement, CELL_CHARS_MAX, CODE_CHARS_MAX, CODES_MAX, CodeMeaning, Columns,
    DECIMALS_MAX, DECREES_MAX, Display, Flaw, FormStatistics, Format, ITEMS_MAX, ItemPoint, LETTERHEAD_CHARS_MAX, LETTERHEAD_LINES_MAX,
    LISTS_MAX, Letterhead, MOMENTS_MAX, Moment, PARAGRAPH_CHARS_MAX, PEOPLE_MAX, Part, Place, RuleSetNamed, SECTION_TITLE_CHARS_MAX,
    SECTIONS_MAX, STATISTICS_PEOPLE_MIN, Signatory, VALUES_MAX, ValueColumn, Zone,
};
pub use archive::FileSum;

/// JSON schema of `daftar.json`, to be served beside it as `daftar.schema.json`.
pub const SCHEMA: &str = include_str!("../daftar.schema.json");

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
    /// `semua.zip`: the four, the schema and `SHA256SUMS`.
    pub zip: Vec<u8>,
    /// Name, size and SHA-256 of everything in the archive but the sums themselves.
    pub sums: Vec<FileSum>,
}

/// Every file of an announcement.
pub fn files(announcement: &Announcement) -> Result<Files, Error> {
    let json = announcement.to_json()?;
    let csv = csv::write(announcement)?;
    let xlsx = xlsx::write(announcement)?;
    let pdf = pdf::write(announcement)?;
    let named: [(&'static str, &[u8]); 5] = [
        ("daftar.pdf", &pdf),
        ("daftar.xlsx", &xlsx),
        ("daftar.csv", &csv),
        ("daftar.json", &json),
        ("daftar.schema.json", SCHEMA.as_bytes()),
    ];
    let sums = archive::sums(&named);
    let zip = archive::write(announcement, &named, &sums)?;
    Ok(Files { json, csv, xlsx, pdf, zip, sums })
}

impl Files {
    /// `SHA256SUMS`, for `sha256sum -c`.
    pub fn sha256sums(&self) -> String {
        archive::sha256sums(&self.sums)
    }
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
