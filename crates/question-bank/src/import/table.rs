//! Tables: CSV and XLSX as rows of text, and the question table made of them (its columns are described in `docs/import-table.md`).

use super::draft::Draft;
use super::package;
use super::problem::{Fault, Problems};
use calamine::{DataRef, Reader as _, Xlsx};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Letters of the choices.
pub(crate) const LETTERS: [char; 10] = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

/// Columns of the question table in their usual order, and what a person who fills it in should know; `choice_c` to `choice_j`
/// follow `choice_b`.
pub(crate) const COLUMNS: [(&str, bool, &str); 16] = [
    ("id", true, "Kode soal yang tetap: a-z, 0-9, tanda hubung, paling banyak 40 karakter; tidak boleh sama dengan soal lain."),
    ("section", true, "Kode bagian, misalnya umum, lokal, bidang."),
    ("topic", true, "Kode topik: a-z, 0-9, tanda hubung."),
    ("subtopic", false, "Kode subtopik; boleh kosong."),
    ("level", false, "Tingkat kognitif C1 (mengingat) sampai C6 (mencipta); kosong berarti C2."),
    ("difficulty", false, "easy, medium, atau hard (boleh juga mudah, sedang, sukar); kosong berarti medium."),
    ("language", false, "Kode bahasa, misalnya id, en; kosong berarti id."),
    (
        "stem",
        true,
        "Pokok soal. Boleh memakai HTML sederhana, gambar <img src=\"gambar/x.svg\" alt=\"...\">, dan rumus TeX di antara \\( dan \\).",
    ),
    ("choice_a", true, "Pilihan A, sebagai teks kaya seperti pokok soal."),
    ("choice_b", true, "Pilihan B, dan seterusnya sampai choice_j (2 sampai 10 pilihan), diisi berurutan tanpa terlewat."),
    (
        "key",
        false,
        "Huruf pilihan yang benar, misalnya C; untuk rule sum atau all_or_nothing boleh beberapa: A;C. Isi key atau weights, jangan keduanya.",
    ),
    ("weights", false, "Satu bobot untuk setiap pilihan, misalnya 5;4;3;2;1; paling banyak tiga angka di belakang koma, boleh negatif."),
    ("right", false, "Nilai satu pilihan benar jika memakai key; kosong berarti 5."),
    ("blank", false, "Nilai jika tidak dijawab; kosong berarti 0."),
    (
        "rule",
        false,
        "single (satu pilihan), sum (beberapa pilihan, bobot dijumlahkan), atau all_or_nothing (semua pilihan benar atau tidak sama sekali).",
    ),
    ("basis", false, "Dasar kunci jawaban untuk penelaah; tidak pernah ditampilkan kepada peserta."),
];

/// Most rows, columns and cells that are read.
const ROWS_MAX: u32 = 100_000;
const COLUMNS_MAX: u32 = 300;
const CELLS_MAX: usize = 2_000_000;

/// A table as text.
#[derive(Debug, Default)]
pub(super) struct Table {
    header: Vec<String>,
    header_row: u32,
    rows: Vec<Row>,
}

/// One row that is not blank.
#[derive(Debug, Default)]
struct Row {
    /// As a person counts in a spreadsheet program: the header is 1, a blank row counts, a cell of several lines does not.
    number: u32,
    cells: Vec<String>,
    faults: Vec<(usize, Fault)>,
    whole: Option<Fault>,
}

impl Table {
    fn of(mut rows: Vec<Row>) -> Result<Table, Fault> {
        rows.retain(|row| row.whole.is_some() || !row.faults.is_empty() || row.cells.iter().any(|cell| !cell.trim().is_empty()));
        if rows.is_empty() {
            return Err(Fault::TableEmpty);
        }
        let header = rows.remove(0);
        // Spreadsheet programs leave empty columns on the right.
        let mut names: Vec<String> = header.cells.iter().map(|name| name.trim().to_owned()).collect();
        while names.last().is_some_and(String::is_empty) {
            names.pop();
        }
        Ok(Table { header: names, header_row: header.number, rows })
    }
}

/// Reads CSV; the separator is the one of `,`, `;` and tab that the first line has most of.
pub(super) fn csv(text: &str) -> Result<Table, Fault> {
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.push('\n');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator(&text)).from_reader(text.as_bytes());
    let mut rows: Vec<Row> = Vec::new();
    let mut record = csv::StringRecord::new();
    let mut number = 0;
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(0);
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => return Err(Fault::WorkbookBad { reason: error.to_string() }),
        }
        let lines = record.iter().map(|cell| cell.matches('\n').count()).sum::<usize>() as u64 + 1;
        let blank = (reader.position().line() - line).saturating_sub(lines);
        number += u32::try_from(blank).unwrap_or(u32::MAX).saturating_add(1);
        if number > ROWS_MAX || record.len() > COLUMNS_MAX as usize {
            return Err(Fault::TooLarge { what: "tabel, paling banyak 100.000 baris dan 300 kolom" });
        }
        // The last record swallows the rest of the file when its quote is never closed.
        let last = usize::try_from(reader.position().byte()).is_ok_and(|end| end >= text.len());
        let whole = (last && text[start..].matches('"').count() % 2 == 1).then_some(Fault::QuoteOpen);
        rows.push(Row { number, cells: record.iter().map(str::to_owned).collect(), faults: Vec::new(), whole });
    }
    let mut table = Table::of(rows)?;
    table.rows.iter_mut().for_each(|row| check_width(row, table.header.len()));
    Ok(table)
}

fn check_width(row: &mut Row, columns: usize) {
    while row.cells.len() > columns && row.cells.last().is_some_and(|cell| cell.trim().is_empty()) {
        row.cells.pop();
    }
    let cells = row.cells.len();
    if row.whole.is_none() && cells != columns {
        row.whole = Some(if cells < columns { Fault::RowShort { cells, columns } } else { Fault::RowLong { cells, columns } });
    }
}

/// The one of `,`, `;` and tab that the first line of a table has most of; a comma when it has none.
pub fn separator(text: &str) -> u8 {
    let mut quoted = false;
    let mut counts = [(0, b','), (0, b';'), (0, b'\t')];
    for byte in text.trim_start_matches('\n').bytes() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            _ if !quoted => counts.iter_mut().filter(|(_, separator)| *separator == byte).for_each(|(count, _)| *count += 1),
            _ => {}
        }
    }
    // The first of the greatest: a comma when there is no separator at all.
    counts.iter().rev().max_by_key(|(count, _)| *count).map_or(b',', |(_, separator)| *separator)
}

/// Reads the first sheet of a workbook, every cell as the text a person sees.
pub(super) fn xlsx(bytes: &[u8]) -> Result<Table, Fault> {
    package::check_inflated(bytes)?;
    // The reader is somebody else's, and a workbook can be odd in more ways than it has been tried with; an import must not end that way.
    catch_unwind(AssertUnwindSafe(|| sheet(bytes))).unwrap_or_else(|_| Err(Fault::WorkbookBad { reason: "berkas rusak".to_owned() }))
}

fn sheet(bytes: &[u8]) -> Result<Table, Fault> {
    let bad = |error: calamine::XlsxError| Fault::WorkbookBad { reason: error.to_string() };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(bad)?;
    let name = workbook.sheet_names().first().cloned().ok_or(Fault::TableEmpty)?;
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(bad)?;
    let mut rows: BTreeMap<u32, Row> = BTreeMap::new();
    let mut count = 0;
    while let Some(cell) = cells.next_cell().map_err(bad)? {
        let (row, column) = cell.get_position();
        let text = cell_text(cell.get_value());
        if matches!(&text, Ok(text) if text.is_empty()) {
            continue;
        }
        count += 1;
        if row >= ROWS_MAX || column >= COLUMNS_MAX || count > CELLS_MAX {
            return Err(Fault::TooLarge { what: "tabel, paling banyak 100.000 baris dan 300 kolom" });
        }
        let row = rows.entry(row).or_insert_with(|| Row { number: row + 1, ..Row::default() });
        let column = column as usize;
        if row.cells.len() <= column {
            row.cells.resize(column + 1, String::new());
        }
        match text {
            Ok(text) => row.cells[column] = text,
            Err(what) => row.faults.push((column, Fault::CellBad { what })),
        }
    }
    let mut table = Table::of(rows.into_values().collect())?;
    let columns = table.header.len();
    for row in &mut table.rows {
        // A workbook has no short rows: an empty cell is simply not there.
        row.cells.resize(columns.max(row.cells.len()), String::new());
        check_width(row, columns);
    }
    Ok(table)
}

fn cell_text(value: &DataRef<'_>) -> Result<String, &'static str> {
    match value {
        DataRef::Int(number) => Ok(number.to_string()),
        DataRef::Float(number) => Ok(number_text(*number)),
        DataRef::String(text) => Ok(text.clone()),
        DataRef::SharedString(text) => Ok((*text).to_owned()),
        DataRef::Bool(true) => Ok("TRUE".to_owned()),
        DataRef::Bool(false) => Ok("FALSE".to_owned()),
        // 1/2 typed into a spreadsheet becomes the first of February; the number behind it is nobody's choice.
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) | DataRef::DurationIso(_) => Err("tanggal atau waktu"),
        DataRef::Error(_) => Err("pesan galat rumus"),
        DataRef::Empty => Ok(String::new()),
    }
}

/// A number as the spreadsheet shows it: 15 digits, no `.0`.
fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    rounded.to_string()
}

/// The drafts of a question table; when its header is wrong, all its rows are bad and counted.
pub(super) fn drafts(table: &Table, file: &str, problems: &mut Problems) -> Result<Vec<Draft>, u32> {
    let faults = header_faults(&table.header);
    if faults.is_empty() {
        return Ok(table.rows.iter().map(|row| draft(&table.header, row)).collect());
    }
    for (field, fault) in faults {
        problems.add(fault.at(file, table.header_row, &field));
    }
    Err(u32::try_from(table.rows.len()).unwrap_or(u32::MAX))
}

fn header_faults(header: &[String]) -> Vec<(String, Fault)> {
    let mut faults = Vec::new();
    for (index, name) in header.iter().enumerate() {
        let known = COLUMNS.iter().any(|(column, _, _)| column == name) || choice_of(name).is_some();
        if !known {
            let shown = if name.is_empty() { format!("kolom ke-{}", index + 1) } else { name.clone() };
            faults.push((shown, Fault::ColumnUnknown));
        } else if header[..index].contains(name) {
            faults.push((name.clone(), Fault::ColumnTwice));
        }
    }
    let has = |wanted: &str| header.iter().any(|name| name == wanted);
    for (name, _, _) in COLUMNS.iter().filter(|(name, needed, _)| *needed && !has(name)) {
        faults.push(((*name).to_owned(), Fault::ColumnMissing));
    }
    if !has("key") && !has("weights") {
        faults.push(("key".to_owned(), Fault::ColumnMissing));
    }
    faults
}

/// Index of the choice a column holds.
fn choice_of(column: &str) -> Option<usize> {
    let letter = column.strip_prefix("choice_")?;
    LETTERS.iter().position(|&known| letter.chars().eq([known]))
}

fn draft(header: &[String], row: &Row) -> Draft {
    let cell = |wanted: &str| {
        let index = header.iter().position(|name| name == wanted);
        index.and_then(|index| row.cells.get(index)).map(|cell| unguarded(cell).trim().to_owned()).unwrap_or_default()
    };
    let mut notes: Vec<(String, Fault)> = row.whole.iter().map(|fault| (String::new(), fault.clone())).collect();
    notes.extend(row.faults.iter().map(|(column, fault)| (header.get(*column).cloned().unwrap_or_default(), fault.clone())));
    let mut choices: Vec<(String, String)> =
        LETTERS.iter().map(|letter| format!("choice_{letter}")).map(|name| (name.clone(), cell(&name))).collect();
    let noted = |name: &String| notes.iter().any(|(noted, _)| noted == name);
    while choices.last().is_some_and(|(name, text)| text.is_empty() && !noted(name)) {
        choices.pop();
    }
    let gaps: Vec<String> = choices.iter().filter(|(name, text)| text.is_empty() && !noted(name)).map(|(name, _)| name.clone()).collect();
    notes.extend(gaps.into_iter().map(|name| (name, Fault::ChoiceMissing)));
    Draft {
        row: row.number,
        code: cell("id"),
        section: cell("section"),
        topic: cell("topic"),
        subtopic: cell("subtopic"),
        level: cell("level"),
        difficulty: cell("difficulty"),
        language: cell("language"),
        stem: cell("stem"),
        choices,
        key: cell("key"),
        weights: cell("weights"),
        right: cell("right"),
        blank: cell("blank"),
        rule: cell("rule"),
        basis: cell("basis"),
        notes,
    }
}

/// Characters at the start of a cell that make a spreadsheet program calculate.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A cell for export, safe to open in a spreadsheet program: an apostrophe before what would be a formula.
pub(crate) fn guarded(cell: &str) -> String {
    if cell.trim_start_matches('\'').starts_with(FORMULA_STARTS) { format!("'{cell}") } else { cell.to_owned() }
}

/// The inverse of [`guarded`].
fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.trim_start_matches('\'').starts_with(FORMULA_STARTS) => rest,
        Some(_) | None => cell,
    }
}

/// A record of somebody else's table: its fields by column name.
#[derive(Clone, Debug)]
pub(super) struct Record {
    pub row: u32,
    pub fields: Value,
    pub fault: Option<Fault>,
}

/// The rows of a table as records for a mapping.
pub(super) fn records(table: &Table) -> Vec<Record> {
    let fields = |row: &Row| -> Map<String, Value> {
        table.header.iter().zip(&row.cells).map(|(name, cell)| (name.clone(), Value::String(cell.clone()))).collect()
    };
    let fault = |row: &Row| row.whole.clone().or_else(|| row.faults.first().map(|(_, fault)| fault.clone()));
    table.rows.iter().map(|row| Record { row: row.number, fields: Value::Object(fields(row)), fault: fault(row) }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_a_person_sees_them() {
        for (number, text) in [(5.0, "5"), (-3.0, "-3"), (2.5, "2.5"), (0.1 + 0.2, "0.3"), (1e15, "1000000000000000"), (1e-7, "0.0000001")]
        {
            assert_eq!(number_text(number), text);
        }
    }

    #[test]
    fn the_separator_is_the_one_of_the_header() {
        for (text, separated_by) in [("a,b;c,d", b','), ("a;b;c", b';'), ("a\tb", b'\t'), ("\"a;b;c\",d", b','), ("id", b','), ("", b',')] {
            assert_eq!(separator(text), separated_by, "{text}");
        }
    }

    #[test]
    fn rows_are_counted_as_in_a_spreadsheet() {
        let numbers =
            |text: &str| -> Vec<u32> { csv(text).map(|table| table.rows.iter().map(|row| row.number).collect()).unwrap_or_default() };
        assert_eq!(numbers("a,b\n1,2\n3,4"), [2, 3]);
        assert_eq!(numbers("a,b\r\n1,2\r\n\r\n\r\n3,4\r\n"), [2, 5]);
        assert_eq!(numbers("\na,b\n\"one\ntwo\",2\n,\n3,\"four\n\n\"\n5,6"), [3, 5, 6]);
    }

    #[test]
    fn guarding_is_undone() {
        for cell in ["=1+1", "-13, 15", "'=x", "''@", "'tis", "plain", "", "'", "\tx", "+62"] {
            let guarded = guarded(cell);
            assert!(!guarded.starts_with(FORMULA_STARTS), "{guarded}");
            assert_eq!(unguarded(&guarded), cell);
        }
    }
}
