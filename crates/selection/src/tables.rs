//! The CSV tables of `saksama rank`; `docs/rules.md` describes their columns.
//!
//! Comma or semicolon, UTF-8 with or without a mark, a header line. Columns are found by name, in any order and in any case; columns nobody
//! asked for are left alone and named.

mod formations;
mod results;
mod scores;

pub use formations::read_formations;
pub use results::write_results;
pub use scores::read_scores;

use rules::rule_set::as_id;
use std::fmt;
use std::io::BufRead;

/// Most faults that are told of one table.
pub const FAULTS_MAX: usize = 50;

/// What is wrong with a table, and on which line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// Line of the file, from 1.
    pub line: u64,
    /// What is wrong, in Indonesian.
    pub indonesian: String,
    /// What is wrong, in English.
    pub english: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "baris {line}: {} / line {line}: {}", self.indonesian, self.english, line = self.line)
    }
}

/// What was read, and the columns that were not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Columns nobody asked for.
    pub unused: Vec<String>,
}

/// Faults in order; after the last one that is told the others are only counted.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    told: Vec<Fault>,
    more: u64,
}

impl Faults {
    pub fn add(&mut self, line: u64, indonesian: impl Into<String>, english: impl Into<String>) {
        if self.told.len() < FAULTS_MAX {
            self.told.push(Fault { line, indonesian: indonesian.into(), english: english.into() });
        } else {
            self.more += 1;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    pub fn into_result<T>(mut self, value: T) -> Result<T, Vec<Fault>> {
        if self.more > 0 {
            let line = self.told.last().map_or(0, |fault| fault.line);
            let more = self.more;
            self.told.push(Fault { line, indonesian: format!("dan {more} kesalahan lagi"), english: format!("and {more} more") });
        }
        if self.told.is_empty() { Ok(value) } else { Err(self.told) }
    }
}

/// An open table: its reader and where its columns are.
pub(crate) struct Table<R> {
    pub reader: csv::Reader<R>,
    columns: Vec<String>,
    asked: Vec<bool>,
}

impl<R: BufRead> Table<R> {
    /// Reads the header line.
    pub fn open(mut source: R) -> Result<Self, Vec<Fault>> {
        let unreadable =
            |error: &dyn fmt::Display| vec![fault(1, format!("tidak dapat dibaca: {error}"), format!("cannot be read: {error}"))];
        let start = source.fill_buf().map_err(|error| unreadable(&error))?;
        let mark = if start.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let count = |wanted: u8| start.iter().take_while(|&&byte| byte != b'\n').filter(|&&byte| byte == wanted).count();
        let delimiter = if count(b';') > count(b',') { b';' } else { b',' };
        source.consume(mark);
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(source);
        let header = reader.headers().map_err(|error| unreadable(&error))?;
        let columns: Vec<String> = header.iter().map(as_id).collect();
        let twice = columns.iter().enumerate().find(|(place, name)| !name.is_empty() && columns[..*place].contains(name));
        if let Some((_, name)) = twice {
            return Err(vec![fault(1, format!("kolom `{name}` ada dua kali"), format!("column `{name}` is there twice"))]);
        }
        let asked = vec![false; columns.len()];
        Ok(Table { reader, columns, asked })
    }

    /// Place of a column.
    pub fn column(&mut self, name: &str) -> Option<usize> {
        let place = self.columns.iter().position(|column| column == name)?;
        self.asked[place] = true;
        Some(place)
    }

    /// Place of a column that must be there.
    pub fn needed(&mut self, name: &str, faults: &mut Faults) -> usize {
        self.column(name).unwrap_or_else(|| {
            faults.add(1, format!("kolom `{name}` tidak ada"), format!("there is no column `{name}`"));
            usize::MAX
        })
    }

    /// Columns nobody asked for.
    pub fn unused(&self) -> Vec<String> {
        let named = self.columns.iter().zip(&self.asked).filter(|(name, asked)| !**asked && !name.is_empty());
        named.map(|(name, _)| name.clone()).collect()
    }

    /// Reads the next row into `record`; false at the end. A row that cannot be taken as it stands is a fault and is left out.
    pub fn next(&mut self, record: &mut csv::ByteRecord, faults: &mut Faults) -> bool {
        loop {
            match self.reader.read_byte_record(record) {
                Ok(true) => match self.fault_of(record) {
                    Some((indonesian, english)) => faults.add(line(record), indonesian, english),
                    None => return true,
                },
                Ok(false) => return false,
                Err(error) => {
                    let at = self.reader.position().line();
                    faults.add(at, format!("tidak dapat dibaca: {error}"), format!("cannot be read: {error}"));
                    return false;
                }
            }
        }
    }

    /// A row of another length than the header, whose cells may stand in wrong columns, as after a decimal comma that nobody quoted; or one
    /// with a cell that is no text, in a column that was asked for.
    fn fault_of(&self, record: &csv::ByteRecord) -> Option<(String, String)> {
        let (cells, columns) = (record.len(), self.columns.len());
        if cells != columns {
            return Some((format!("{cells} sel, judulnya {columns}"), format!("{cells} cells, the header has {columns}")));
        }
        let mut asked = record.iter().zip(&self.columns).zip(&self.asked).filter(|(_, asked)| **asked);
        let ((_, column), _) = asked.find(|((cell, _), _)| std::str::from_utf8(cell).is_err())?;
        Some((format!("kolom `{column}` bukan UTF-8"), format!("column `{column}` is not UTF-8")))
    }
}

fn fault(line: u64, indonesian: String, english: String) -> Fault {
    Fault { line, indonesian, english }
}

/// A cell of a column that was asked for, trimmed.
pub(crate) fn cell(record: &csv::ByteRecord, column: usize) -> &str {
    std::str::from_utf8(record.get(column).unwrap_or_default()).unwrap_or_default().trim()
}

/// A cell of an optional column.
pub(crate) fn optional(record: &csv::ByteRecord, column: Option<usize>) -> Option<&str> {
    column.map(|column| cell(record, column)).filter(|text| !text.is_empty())
}

/// Line of a row.
pub(crate) fn line(record: &csv::ByteRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}
