//! Tables as `docs/rules.md` describes them: CSV with a header line, comma or semicolon, columns found by name in any case.

use crate::error::Error;

/// A table that was read whole.
pub struct Table {
    /// What it is called in messages.
    pub name: &'static str,
    /// Names of the columns, as words.
    columns: Vec<String>,
    /// Everything below the header line.
    pub rows: Vec<Row>,
}

/// A row.
pub struct Row {
    /// Line in the file, from 1.
    pub line: u64,
    cells: csv::StringRecord,
}

/// A column that the table has or has not.
#[derive(Clone)]
pub struct Column {
    name: String,
    place: Option<usize>,
}

impl Table {
    /// Reads a table.
    pub fn read(name: &'static str, bytes: &[u8]) -> Result<Table, Error> {
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
        let header = bytes.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let count = |wanted: u8| header.iter().filter(|&&byte| byte == wanted).count();
        let delimiter = if count(b';') > count(b',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(bytes);
        let unreadable = |error: csv::Error| {
            let line = error.position().map_or(1, csv::Position::line);
            Error::Row { table: name, line, reason: format!("cannot be read: {error}") }
        };
        let columns: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(as_word).collect();
        let named = columns.iter().enumerate().filter(|(_, column)| !column.is_empty());
        if let Some((_, twice)) = named.into_iter().find(|(place, column)| columns[..*place].contains(column)) {
            return Err(Error::Row { table: name, line: 1, reason: format!("column `{twice}` is there twice") });
        }
        let mut rows = Vec::new();
        for cells in reader.records() {
            let cells = cells.map_err(unreadable)?;
            let line = cells.position().map_or(0, csv::Position::line);
            rows.push(Row { line, cells });
        }
        Ok(Table { name, columns, rows })
    }

    /// A column that may be absent; its cells are empty then.
    pub fn column(&self, name: &str) -> Column {
        Column { name: name.to_owned(), place: self.columns.iter().position(|column| column == name) }
    }

    /// A column that must be there.
    pub fn needed(&self, name: &str) -> Result<Column, Error> {
        let column = self.column(name);
        if column.is_there() {
            return Ok(column);
        }
        Err(Error::Row { table: self.name, line: 1, reason: format!("there is no column `{name}`") })
    }

    /// Something is wrong in a cell.
    pub fn fault(&self, row: &Row, column: &Column, reason: impl Into<String>) -> Error {
        Error::Cell { table: self.name, line: row.line, column: column.name.clone(), reason: reason.into() }
    }

    /// Something is wrong in a row.
    pub fn row_fault(&self, row: &Row, reason: impl Into<String>) -> Error {
        Error::Row { table: self.name, line: row.line, reason: reason.into() }
    }
}

impl Column {
    /// Does the table have it?
    pub fn is_there(&self) -> bool {
        self.place.is_some()
    }
}

impl Row {
    /// The text of a cell; empty where the table has no such column.
    pub fn text(&self, column: &Column) -> &str {
        column.place.and_then(|place| self.cells.get(place)).unwrap_or_default()
    }

    /// The text of a cell that is not empty.
    pub fn filled(&self, column: &Column) -> Option<&str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }
}

/// Words are compared in lower case, with `_` for spaces and hyphens.
pub fn as_word(text: &str) -> String {
    text.trim().to_lowercase().replace([' ', '-'], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_and_semicolons_and_columns_in_any_case() {
        for text in ["\u{feff}Formation,SLOTS\nA,1\n", "formation;slots\r\n A ; 1 \r\n"] {
            let table = Table::read("formations", text.as_bytes()).expect("a table");
            let (formation, slots) = (table.column("formation"), table.column("slots"));
            let cells: Vec<(&str, &str)> = table.rows.iter().map(|row| (row.text(&formation), row.text(&slots))).collect();
            assert_eq!(cells, [("A", "1")], "{text:?}");
            assert_eq!(table.rows[0].filled(&table.column("unit")), None);
        }
    }

    #[test]
    fn faults_have_their_lines() {
        let said = |text: &str| Table::read("scores", text.as_bytes()).map(|_| ()).expect_err("a fault").to_string();
        assert_eq!(said("a,b,A\n"), "scores, line 1: column `a` is there twice");
        assert!(said("a,b\n1,2\n1,2,3\n").starts_with("scores, line 3: cannot be read: "));
    }

    #[test]
    fn words() {
        assert_eq!(as_word(" Dokter Gigi"), "dokter_gigi");
        assert_eq!(as_word("eks-THK2"), "eks_thk2");
    }
}
