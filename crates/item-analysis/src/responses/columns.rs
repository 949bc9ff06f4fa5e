//! Which columns of a table are items, and which one holds the ids of people.

use super::ITEMS_MAX;
use crate::key::Key;
use crate::table::Table;
use crate::unreadable::{Fault, Unreadable};
use std::collections::BTreeSet;

/// Which column holds the ids of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IdColumn {
    /// The first one if it looks like it: see [`Columns::find`].
    #[default]
    Guess,
    /// None.
    Absent,
    /// The one with this name.
    Named(String),
}

/// Names that a first column of ids has, in lower case. Statistics programs leave the name of row names out.
const ID_NAMES: [&str; 17] = [
    "",
    "id",
    "no",
    "nomor",
    "nama",
    "name",
    "participant_no",
    "participant",
    "person",
    "person_id",
    "candidate",
    "student",
    "student_id",
    "examinee",
    "respondent",
    "nomor_peserta",
    "no_peserta",
];

/// From this on a whole number is rather the number of a person than a score.
const ID_NUMBER_MIN: u64 = 1000;

/// Columns of a table by what they are, from 0.
pub(super) struct Columns {
    pub id: Option<usize>,
    pub items: Vec<usize>,
    pub unused: Vec<usize>,
}

impl Columns {
    /// With a key, its items are the items; a first column that it does not know holds ids, and others are not used. Without a key, the first
    /// column holds ids if it is called so, if not all of its cells are numbers, or if its cells are all different whole numbers that count up
    /// by one or are all at least 1,000.
    pub fn find(table: &Table<'_>, key: Option<&Key>, id: &IdColumn) -> Result<Columns, Unreadable> {
        let in_key = |column: usize| key.is_none_or(|key| key.items.contains_key(&table.names[column]));
        let id = match id {
            IdColumn::Absent => None,
            IdColumn::Named(name) => {
                let absent = || table.fault(Some(table.header_line), None, Fault::ColumnAbsent { name: name.clone() });
                Some(table.column(name).ok_or_else(absent)?)
            }
            IdColumn::Guess if table.names.len() < 2 => None,
            IdColumn::Guess if key.is_some() => (!in_key(0)).then_some(0),
            IdColumn::Guess => looks_like_ids(table)?.then_some(0),
        };
        let others = || (0..table.names.len()).filter(|column| Some(*column) != id);
        let columns = Columns {
            id,
            items: others().filter(|column| in_key(*column)).collect(),
            unused: others().filter(|column| !in_key(*column)).collect(),
        };
        let header = Some(table.header_line);
        match columns.items.iter().find(|column| table.names[**column].is_empty()) {
            Some(column) => Err(table.fault(header, Some(*column), Fault::NameMissing)),
            None if columns.items.is_empty() => Err(table.fault(header, None, Fault::NoItems)),
            None if columns.items.len() > ITEMS_MAX => Err(table.fault(header, None, Fault::TooLarge { what: "items", max: ITEMS_MAX })),
            None => Ok(columns),
        }
    }
}

fn looks_like_ids(table: &Table<'_>) -> Result<bool, Unreadable> {
    if ID_NAMES.contains(&table.names[0].to_lowercase().as_str()) {
        return Ok(true);
    }
    let mut numbers: Vec<u64> = Vec::new();
    let mut whole = true;
    let mut rows = table.rows()?;
    while rows.advance()? {
        let cell = rows.cell(0);
        if cell.is_empty() || cell == "NA" {
            whole = false;
            continue;
        }
        match cell.parse::<u64>() {
            Ok(number) => numbers.push(number),
            Err(_) if cell.parse::<crate::Marks>().is_ok() => whole = false,
            // A table of choices without a key has letters everywhere; its first column is no better than the others.
            Err(_) => return Ok(true),
        }
    }
    let counts_up = numbers.len() > 2 && numbers.windows(2).all(|pair| Some(pair[1]) == pair[0].checked_add(1));
    let long = numbers.len() > 1 && numbers.iter().all(|number| *number >= ID_NUMBER_MIN);
    let different = numbers.iter().collect::<BTreeSet<_>>().len() == numbers.len();
    Ok(whole && (counts_up || long && different))
}
