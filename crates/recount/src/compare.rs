//! Lines that were computed here beside a table of results from elsewhere.

use crate::error::Error;
use crate::results::Line;
use crate::table::{Column, Row, Table};
use std::collections::BTreeMap;

/// Most differences that are kept; all are counted.
pub const DIFFERENCES_MAX: usize = 200;
/// Columns that a table of results must have; without one of the others its cells are empty.
const NEEDED: [&str; 7] = ["participant_no", "formation", "total", "rank", "status", "code", "stage"];

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// People on either side.
    pub people: usize,
    /// How many differences there are.
    pub count: usize,
    /// The first of them, at most [`DIFFERENCES_MAX`], by number of the participant.
    pub differences: Vec<Difference>,
}

/// Something that is not the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// About whom.
    pub participant_no: String,
    /// The column of the results; `participant_no` when the person is missing on one side.
    pub column: String,
    /// What the table of results has; none: the person is not there.
    pub theirs: Option<String>,
    /// What was computed here; none: the person is not there.
    pub ours: Option<String>,
}

impl Comparison {
    /// Are both the same?
    pub fn is_equal(&self) -> bool {
        self.count == 0
    }

    fn add(&mut self, participant_no: &str, column: &str, theirs: Option<&str>, ours: Option<&str>) {
        if theirs == ours {
            return;
        }
        self.count += 1;
        if self.differences.len() < DIFFERENCES_MAX {
            let [theirs, ours] = [theirs, ours].map(|text| text.map(str::to_owned));
            self.differences.push(Difference { participant_no: participant_no.to_owned(), column: column.to_owned(), theirs, ours });
        }
    }
}

impl Line {
    /// The columns of the results by name.
    pub fn columns(&self) -> Vec<(&str, &str)> {
        let own: [(&str, &str); 11] = [
            ("participant_no", &self.participant_no),
            ("formation", &self.formation),
            ("total", &self.total),
            ("rank", &self.rank),
            ("status", &self.status),
            ("code", &self.code),
            ("stage", &self.stage),
            ("group", &self.group),
            ("move", &self.moved_by),
            ("to_formation", &self.to_formation),
            ("note", &self.note),
        ];
        own.into_iter().chain(self.values.iter().map(|(column, cell)| (column.as_str(), cell.as_str()))).collect()
    }
}

/// Compares lines of one rule set with a table of results, column by column, as text.
pub fn compare(lines: &[Line], results_csv: &[u8]) -> Result<Comparison, Error> {
    let table = Table::read("results", results_csv)?;
    for column in NEEDED {
        table.needed(column)?;
    }
    let number = table.column("participant_no");
    let mut theirs: BTreeMap<&str, &Row> = BTreeMap::new();
    for row in &table.rows {
        if theirs.insert(row.text(&number), row).is_some() {
            return Err(table.fault(row, &number, format!("`{}` is there twice", row.text(&number))));
        }
    }
    let ours: BTreeMap<&str, &Line> = lines.iter().map(|line| (line.participant_no.as_str(), line)).collect();
    let mut numbers: Vec<&str> = theirs.keys().chain(ours.keys()).copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    let columns = lines.first().map(Line::columns).unwrap_or_default();
    let columns: Vec<Column> = columns.into_iter().map(|(name, _)| table.column(name)).collect();
    let mut found = Comparison { people: numbers.len(), ..Comparison::default() };
    for number in numbers {
        match (theirs.get(number), ours.get(number)) {
            (Some(row), Some(line)) => {
                for ((name, ours), column) in line.columns().into_iter().zip(&columns) {
                    found.add(number, name, Some(row.text(column)), Some(ours));
                }
            }
            (theirs, ours) => {
                found.add(number, "participant_no", theirs.map(|_| number), ours.map(|_| number));
            }
        }
    }
    Ok(found)
}
