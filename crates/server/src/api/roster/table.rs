//! Tables of candidates: CSV and XLSX as rows of text, and empty ones to fill in.
//!
//! Not the reader of the question bank, on purpose: there a date in a cell is a mistake (1/2 that became the first of February), here it is a
//! birth date; there a number is a number, here one of sixteen digits has lost its last one.

use calamine::{DataRef, Reader as _, Xlsx};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Rows of one table.
pub(super) const ROWS_MAX: u32 = 50_000;
/// Columns of one table.
const COLUMNS_MAX: u32 = 100;
/// What a workbook may inflate to, bytes; its reader has no limit of its own.
const INFLATED_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Files inside a workbook.
const PARTS_MAX: usize = 1_000;

/// A table as text.
#[derive(Debug)]
pub(super) struct Table {
    /// Column names in lower case.
    pub header: Vec<String>,
    /// Rows that are not blank.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// As a person counts: the header is 1.
    pub number: u32,
    /// One per column, trimmed.
    pub cells: Vec<String>,
    /// Columns (from 0) whose cell cannot be text, and why.
    pub faults: Vec<(usize, &'static str)>,
}

/// The file as a whole cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    /// Stable code.
    pub code: &'static str,
    /// Row, or 0.
    pub row: u32,
    /// In words.
    pub reason: String,
}

fn unreadable(code: &'static str, row: u32, reason: impl Into<String>) -> Unreadable {
    Unreadable { code, row, reason: reason.into() }
}

/// Reads a table: a workbook is told by how it begins, or by the end of its name; everything else is CSV.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Table, Unreadable> {
    let workbook = bytes.starts_with(b"PK\x03\x04") || name.to_ascii_lowercase().ends_with(".xlsx");
    let rows = if workbook { xlsx(bytes)? } else { csv(bytes)? };
    let mut rows = rows.into_iter().filter(|row| !row.faults.is_empty() || row.cells.iter().any(|cell| !cell.is_empty()));
    let header = rows.next().ok_or_else(|| unreadable("table_empty", 0, "Tabel kosong."))?;
    let mut names: Vec<String> = header.cells.iter().map(|name| name.to_lowercase()).collect();
    // Spreadsheet programs leave empty columns on the right.
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    let columns = names.len();
    let width = |mut row: Row| {
        while row.cells.len() > columns && row.cells.last().is_some_and(String::is_empty) {
            row.cells.pop();
        }
        row
    };
    Ok(Table { header: names, rows: rows.map(width).collect() })
}

fn too_large() -> Unreadable {
    unreadable("too_large", 0, "Tabel terlalu besar; paling banyak 50.000 baris dan 100 kolom.")
}

/// Reads CSV; the separator is the one of `,`, `;` and tab that the first line has most of.
fn csv(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count() as u32 + 1;
        unreadable("encoding", line, "Berkas bukan UTF-8; simpan ulang sebagai \"CSV UTF-8\".")
    })?;
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.push('\n');
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: char| first.matches(separator).count();
    let separator = [',', ';', '\t'].into_iter().rev().max_by_key(|&separator| count(separator)).map_or(b',', |separator| separator as u8);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    let (mut rows, mut record, mut inside) = (Vec::new(), csv::StringRecord::new(), 0);
    while reader.read_record(&mut record).map_err(|error| unreadable("table_bad", 0, format!("Tabel tidak dapat dibaca: {error}.")))? {
        // A spreadsheet program shows a cell of several lines as one row.
        inside += record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        let number = (reader.position().line().saturating_sub(1 + inside)) as u32;
        if rows.len() as u32 > ROWS_MAX || record.len() > COLUMNS_MAX as usize {
            return Err(too_large());
        }
        rows.push(Row { number, cells: record.iter().map(|cell| cell.trim().to_owned()).collect(), faults: Vec::new() });
    }
    Ok(rows)
}

/// Reads the first sheet of a workbook.
fn xlsx(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    check_inflated(bytes)?;
    // The reader is somebody else's, and a workbook can be odd in more ways than it has been tried with; a request must not end that way.
    catch_unwind(AssertUnwindSafe(|| sheet(bytes))).unwrap_or_else(|_| Err(broken("berkas rusak")))
}

fn broken(why: &str) -> Unreadable {
    unreadable("table_bad", 0, format!("Buku kerja XLSX tidak dapat dibaca: {why}."))
}

fn check_inflated(bytes: &[u8]) -> Result<(), Unreadable> {
    let no_zip = || broken("berkas rusak atau bukan XLSX");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| no_zip())?;
    if archive.len() > PARTS_MAX {
        return Err(too_large());
    }
    let mut room = INFLATED_BYTES_MAX;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|_| no_zip())?;
        let read = std::io::copy(&mut std::io::Read::take(part, room + 1), &mut std::io::sink()).map_err(|_| no_zip())?;
        room = room.checked_sub(read).ok_or_else(too_large)?;
    }
    Ok(())
}

fn sheet(bytes: &[u8]) -> Result<Vec<Row>, Unreadable> {
    let bad = |error: calamine::XlsxError| broken(&error.to_string());
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(bad)?;
    let name = workbook.sheet_names().first().cloned().ok_or_else(|| unreadable("table_empty", 0, "Tabel kosong."))?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(bad)?;
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(bad)? {
        let (row, column) = cell.get_position();
        let text = cell_text(cell.get_value());
        if matches!(&text, Ok(text) if text.is_empty()) {
            continue;
        }
        if row > ROWS_MAX || column >= COLUMNS_MAX {
            return Err(too_large());
        }
        let row = rows.entry(row).or_insert_with(|| Row { number: row + 1, ..Row::default() });
        let column = column as usize;
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        match text {
            Ok(text) => row.cells[column] = text,
            Err(why) => row.faults.push((column, why)),
        }
    }
    let mut rows: Vec<Row> = rows.into_values().collect();
    // A workbook has no short rows: an empty cell is simply not there.
    let columns = rows.first().map_or(0, |header| header.cells.len());
    rows.iter_mut().for_each(|row| row.cells.resize(columns.max(row.cells.len()), String::new()));
    Ok(rows)
}

fn cell_text(value: &DataRef<'_>) -> Result<String, &'static str> {
    match value {
        DataRef::Int(number) => Ok(number.to_string()),
        // Spreadsheet programs keep fifteen digits of a number.
        DataRef::Float(number) if number.abs() >= 1e15 => {
            Err("Angka ini terlalu panjang untuk sel angka; ubah format sel menjadi Teks dan tulis ulang.")
        }
        DataRef::Float(number) => Ok(number_text(*number)),
        DataRef::String(text) => Ok(text.trim().to_owned()),
        DataRef::SharedString(text) => Ok(text.trim().to_owned()),
        DataRef::Bool(true) => Ok("TRUE".to_owned()),
        DataRef::Bool(false) => Ok("FALSE".to_owned()),
        DataRef::DateTime(date) if date.is_datetime() => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            Ok(format!("{year:04}-{month:02}-{day:02}"))
        }
        DataRef::DateTimeIso(text) => Ok(text.split('T').next().unwrap_or_default().to_owned()),
        DataRef::DateTime(_) | DataRef::DurationIso(_) => Err("Sel ini berisi lama waktu; ubah format sel menjadi Teks dan tulis ulang."),
        DataRef::Error(_) => Err("Sel ini berisi pesan galat rumus."),
        DataRef::Empty => Ok(String::new()),
    }
}

/// A number as the spreadsheet shows it: 15 digits, no `.0`.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 {
        return format!("{number:.0}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

/// Writes rows as CSV. With a byte order mark: without it spreadsheet programs take UTF-8 for something else.
pub(super) fn write_csv(rows: &[Vec<String>]) -> Result<Vec<u8>, csv::Error> {
    let mut bytes = b"\xef\xbb\xbf".to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
    for row in rows {
        writer.write_record(row)?;
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

/// Writes rows as a workbook of text cells; a second sheet explains the columns.
pub(super) fn write_xlsx(rows: &[Vec<String>], explained: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // No clock here: the same version of this program writes the same bytes.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2025, 1, 1)?));
    let bold = Format::new().set_bold();
    let text = Format::new().set_num_format("@").set_text_wrap();
    for (name, rows, width) in [("peserta", rows, 20), ("petunjuk", explained, 30)] {
        let sheet = workbook.add_worksheet().set_name(name)?;
        let columns = rows.first().map_or(0, Vec::len) as u16;
        for column in 0..columns {
            // Text format for the whole column, or long numbers lose digits while they are typed.
            let wide = name == "petunjuk" && column + 1 == columns;
            sheet.set_column_format(column, &text)?.set_column_width(column, if wide { 110 } else { width })?;
        }
        for (number, row) in (0_u32..).zip(rows) {
            for (column, cell) in (0_u16..).zip(row) {
                sheet.write_string_with_format(number, column, cell, if number == 0 { &bold } else { &text })?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_as_a_person_counts() {
        let table = read("peserta.csv", "\u{feff}No;Nama;;\r\n\r\n1; Ani \r\n;;;\r\n2;\"Budi;\r\nSantoso\";;x\r\n3;Cici".as_bytes())
            .expect("made for this test");
        assert_eq!(table.header, ["no", "nama"]);
        let rows: Vec<(u32, Vec<&str>)> =
            table.rows.iter().map(|row| (row.number, row.cells.iter().map(String::as_str).collect())).collect();
        assert_eq!(rows, [(3, vec!["1", "Ani"]), (5, vec!["2", "Budi;\nSantoso", "", "x"]), (6, vec!["3", "Cici"])]);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (name, bytes, code) in
            [("a.csv", &b"no,nama\n1,Jos\xe9"[..], "encoding"), ("a.csv", b" \n", "table_empty"), ("a.xlsx", b"PK\x03\x04", "table_bad")]
        {
            assert_eq!(read(name, bytes).map(|_| ()).map_err(|unreadable| unreadable.code), Err(code), "{name}");
        }
    }

    #[test]
    fn a_workbook_keeps_texts_dates_and_says_which_numbers_are_too_long() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let date = Format::new().set_num_format("yyyy-mm-dd");
        for (column, name) in (0..).zip(["no", "lahir", "nik", "ipk"]) {
            sheet.write_string(0, column, name).expect("made for this test");
        }
        sheet.write_string(2, 0, "0012").expect("made for this test");
        sheet
            .write_datetime_with_format(2, 1, ExcelDateTime::from_ymd(1999, 12, 31).expect("made for this test"), &date)
            .expect("made for this test");
        sheet.write_number(2, 2, 3_671_010_101_990_001_f64).expect("made for this test");
        sheet.write_number(2, 3, 3.41).expect("made for this test");
        let table = read("a.XLSX", &workbook.save_to_buffer().expect("made for this test")).expect("made for this test");
        let row = &table.rows[0];
        assert_eq!((row.number, row.cells.as_slice()), (3, ["0012", "1999-12-31", "", "3.41"].map(str::to_owned).as_slice()));
        assert_eq!(row.faults.iter().map(|(column, _)| *column).collect::<Vec<_>>(), [2]);
    }
}
