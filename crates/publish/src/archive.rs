//! `semua.zip`: every file of an announcement in one, with their sums, the same bytes every time.

use crate::announcement::Announcement;
use crate::shown::Local;
use crate::{Error, shown};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

const FILE: &str = "semua.zip";

/// What a file is recognised by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileSum {
    /// Its name.
    pub name: &'static str,
    /// Its size in bytes.
    pub bytes: usize,
    /// Its SHA-256, lower-case hex.
    pub sha256: String,
}

/// The sums of files.
pub(crate) fn sums(files: &[(&'static str, &[u8])]) -> Vec<FileSum> {
    files.iter().map(|(name, bytes)| FileSum { name, bytes: bytes.len(), sha256: sha256(bytes) }).collect()
}

fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The form that `sha256sum -c` reads.
pub(crate) fn sha256sums(sums: &[FileSum]) -> String {
    sums.iter().map(|sum| format!("{}  {}\n", sum.sha256, sum.name)).collect()
}

/// The archive, dated by the publication.
pub(crate) fn write(announcement: &Announcement, files: &[(&'static str, &[u8])], sums: &[FileSum]) -> Result<Vec<u8>, Error> {
    let local = Local::at(announcement.published_utc_ms, announcement.zone);
    let date = DateTime::from_date_and_time(local.year, local.month, local.day, local.hour, local.minute, local.second);
    let options = SimpleFileOptions::default().last_modified_time(date.map_err(|error| Error::stop(FILE, error))?).unix_permissions(0o644);
    let sums = sha256sums(sums);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files.iter().copied().chain([("SHA256SUMS", sums.as_bytes())]) {
        // A workbook is an archive already; of a PDF the tag tree, most of a long list, is not compressed.
        let method = if name == "daftar.xlsx" { CompressionMethod::Stored } else { CompressionMethod::Deflated };
        archive.start_file(name, options.compression_method(method)).map_err(|error| Error::stop(FILE, error))?;
        archive.write_all(bytes).map_err(|error| Error::stop(FILE, error))?;
    }
    let archive = archive.finish().map_err(|error| Error::stop(FILE, error))?;
    Ok(archive.into_inner())
}

/// A size as people read it: `812 kB`, `1,4 MB`.
pub(crate) fn size(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..=999_000 => format!("{} kB", shown::count(bytes.div_ceil(1_000))),
        _ => {
            let tenths = bytes.div_ceil(100_000);
            format!("{},{} MB", shown::count(tenths / 10), tenths % 10)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        for (bytes, shown) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1 kB"),
            (812_400, "813 kB"),
            (999_001, "1,0 MB"),
            (1_000_000, "1,0 MB"),
            (24_660_631, "24,7 MB"),
        ] {
            assert_eq!(size(bytes), shown, "{bytes}");
        }
    }
}
