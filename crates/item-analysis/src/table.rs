//! CSV, row by row, with the line of every row. Every file of this crate comes in through here.

use crate::Source;
use crate::unreadable::{Fault, Unreadable};
use csv::ByteRecord;
use question_bank::import::separator;
use std::borrow::Cow;

/// Whether the first line names the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// It does.
    #[default]
    Present,
    /// It is data already; columns are called `item_1`, `item_2`, and so on.
    Absent,
}

/// A CSV file whose names were read; rows follow one by one.
pub(crate) struct Table<'a> {
    file: &'a str,
    text: Cow<'a, str>,
    separator: u8,
    quoted: bool,
    header: Header,
    /// Names of the columns.
    pub names: Vec<String>,
    /// Where the names stand.
    pub header_line: u64,
}

impl<'a> Table<'a> {
    /// Reads the names; columns that are empty on the right of a spreadsheet are not columns.
    pub fn open(source: Source<'a>, header: Header) -> Result<Table<'a>, Unreadable> {
        let text = text(source)?;
        let (separator, quoted) = (separator(&text), text.contains('"'));
        let mut table = Table { file: source.name, text, separator, quoted, header, names: Vec::new(), header_line: 1 };
        let mut rows = table.all_rows();
        if !rows.advance()? {
            return Err(table.fault(None, None, Fault::Empty));
        }
        let (mut names, header_line): (Vec<String>, u64) = (rows.cells().map(str::to_owned).collect(), rows.line);
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        if header == Header::Absent {
            names = (1..=names.len()).map(|number| format!("item_{number}")).collect();
        }
        (table.names, table.header_line) = (names, header_line);
        table.check_names()?;
        Ok(table)
    }

    /// The rows below the names, from the first.
    pub fn rows(&self) -> Result<Rows<'_>, Unreadable> {
        let mut rows = self.all_rows();
        if self.header == Header::Present {
            rows.advance()?;
        }
        rows.columns = Some(self.names.len());
        Ok(rows)
    }

    /// The column of this name, from 0.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|other| other == name)
    }

    /// Something wrong, in this line and in this column (from 0).
    pub fn fault(&self, line: Option<u64>, column: Option<usize>, fault: Fault) -> Unreadable {
        let column = column.map(|column| (column + 1, self.names.get(column).cloned().unwrap_or_default()));
        Unreadable::new(self.file, line, column, fault)
    }

    /// The first column may go without a name: spreadsheets and statistics programs write their row names so.
    fn check_names(&self) -> Result<(), Unreadable> {
        for (column, name) in self.names.iter().enumerate() {
            let fault = match self.names[..column].iter().position(|other| other == name) {
                _ if name.is_empty() && column == 0 => continue,
                _ if name.is_empty() => Fault::NameMissing,
                Some(first) => Fault::NameTwice { name: name.clone(), first: first + 1 },
                None => continue,
            };
            // The fault says the name.
            return Err(Unreadable::new(self.file, Some(self.header_line), Some((column + 1, String::new())), fault));
        }
        Ok(())
    }

    fn all_rows(&self) -> Rows<'_> {
        let reader =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(self.separator).from_reader(self.text.as_bytes());
        Rows { table: self, reader, record: ByteRecord::new(), columns: None, line: 0 }
    }
}

/// Rows of a table, one at a time.
pub(crate) struct Rows<'t> {
    table: &'t Table<'t>,
    reader: csv::Reader<&'t [u8]>,
    record: ByteRecord,
    columns: Option<usize>,
    /// Line of the row that was read last.
    pub line: u64,
}

impl Rows<'_> {
    /// Reads the next row that is not blank; false at the end. A row must have a cell for each column.
    pub fn advance(&mut self) -> Result<bool, Unreadable> {
        loop {
            let more = self.reader.read_byte_record(&mut self.record);
            // Reading bytes from memory into rows of any length cannot fail.
            if !more.expect("bytes in memory are read") {
                return Ok(false);
            }
            let inside = if self.table.quoted { self.record.iter().flatten().filter(|byte| **byte == b'\n').count() as u64 } else { 0 };
            let ended = self.reader.position().line();
            self.line = ended.saturating_sub(1 + inside);
            self.check_quotes()?;
            // A line of separators of another width is what spreadsheets leave below a table.
            if self.blank() && self.columns != Some(self.record.len()) {
                continue;
            }
            return self.check_width().map(|()| true);
        }
    }

    /// Whether nothing stands in this row.
    pub fn blank(&self) -> bool {
        self.record.iter().all(|cell| cell.trim_ascii().is_empty())
    }

    /// Cells of this row as bytes, without blanks around them.
    pub fn bytes(&self) -> impl Iterator<Item = &[u8]> {
        let columns = self.columns.unwrap_or(self.record.len());
        self.record.iter().take(columns).map(<[u8]>::trim_ascii)
    }

    /// Cells of this row as text, without blanks around them.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.bytes().map(utf8)
    }

    /// One cell as text.
    pub fn cell(&self, column: usize) -> &str {
        utf8(self.record.get(column).unwrap_or_default().trim_ascii())
    }

    /// Something wrong in this row.
    pub fn fault(&self, column: Option<usize>, fault: Fault) -> Unreadable {
        self.table.fault(Some(self.line), column, fault)
    }

    /// A row that swallowed the rest of the file has one line end less than it has lines.
    fn check_quotes(&mut self) -> Result<(), Unreadable> {
        let last = self.reader.position().byte() as usize >= self.table.text.len();
        if !(self.table.quoted && last) {
            return Ok(());
        }
        let start = self.record.position().map_or(0, |position| position.byte()) as usize;
        let quotes = self.table.text.as_bytes()[start..].iter().filter(|byte| **byte == b'"').count();
        if quotes % 2 == 0 {
            return Ok(());
        }
        self.line += 1;
        Err(self.fault(None, Fault::QuoteOpen))
    }

    fn check_width(&self) -> Result<(), Unreadable> {
        let Some(columns) = self.columns else { return Ok(()) };
        let mut cells = self.record.len();
        while cells > columns && self.record.get(cells - 1).is_some_and(|cell| cell.trim_ascii().is_empty()) {
            cells -= 1;
        }
        match cells.cmp(&columns) {
            std::cmp::Ordering::Equal => Ok(()),
            std::cmp::Ordering::Less => Err(self.fault(None, Fault::RowShort { cells, columns })),
            std::cmp::Ordering::Greater => Err(self.fault(None, Fault::RowLong { cells, columns })),
        }
    }
}

/// The whole file was checked when it was opened, and separators are ASCII.
fn utf8(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("a cell of a text is text")
}

/// The text with one kind of line end and one at its end, so that lines can be counted.
fn text<'a>(source: Source<'a>) -> Result<Cow<'a, str>, Unreadable> {
    let bytes = source.bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(source.bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
        Unreadable::new(source.name, Some(line), None, Fault::NotText)
    })?;
    if text.contains('\r') {
        let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
        text.push('\n');
        return Ok(Cow::Owned(text));
    }
    if text.ends_with('\n') { Ok(Cow::Borrowed(text)) } else { Ok(Cow::Owned(format!("{text}\n"))) }
}
