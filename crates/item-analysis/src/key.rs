//! Keys: which choice of an item is right, or how many marks each choice gives, in four forms of a CSV file.

use crate::table::{Header, Rows, Table};
use crate::unreadable::{Fault, Unreadable};
use crate::{Marks, Source};
use std::collections::BTreeMap;

/// How answers become marks, item by item.
#[derive(Clone, Debug)]
pub struct Key {
    /// Name of the file, for messages.
    pub file: String,
    /// By the name of the item.
    pub items: BTreeMap<String, KeyItem>,
}

/// What a key says about one item.
#[derive(Clone, Debug)]
pub struct KeyItem {
    /// Line of the key where the item stands first.
    pub line: u64,
    /// The section it counts for.
    pub section: Option<String>,
    /// The most marks that can be had.
    pub max: Option<Marks>,
    /// How cells become marks.
    pub marking: Marking,
}

/// How the cells of an item become marks. A blank one gives none, always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Marking {
    /// Cells are marks already.
    Scored,
    /// One of these choices is right; others give nothing.
    Right {
        /// The right ones.
        choices: Vec<String>,
        /// What a right one gives.
        marks: Marks,
    },
    /// Marks of each choice; there are no others.
    Weights(BTreeMap<String, Marks>),
}

/// Marks of a right choice when the key does not say.
const RIGHT_MARKS: Marks = Marks::whole(1);

impl Key {
    /// Reads a key. Its form shows in the names of its columns.
    pub fn read(source: Source<'_>) -> Result<Key, Unreadable> {
        let table = Table::open(source, Header::Present)?;
        let columns = Columns::of(&table);
        let mut items = match (columns.item, columns.choices(&table)) {
            (None, _) => return Ok(Key { file: source.name.to_owned(), items: one_row(&table)? }),
            (Some(item), Choices::Right(key)) => read_items(&table, &columns, item, |rows, item| right(&table, rows, &columns, item, key))?,
            (Some(item), Choices::Beside(beside)) => read_items(&table, &columns, item, |rows, item| weights(&table, rows, &beside, item))?,
            (Some(item), Choices::Below { choice, marks }) => read_choices(&table, &columns, item, choice, marks)?,
            (Some(item), Choices::None) => read_items(&table, &columns, item, |_, _| Ok(Marking::Scored))?,
        };
        items.values_mut().for_each(KeyItem::settle_max);
        Ok(Key { file: source.name.to_owned(), items })
    }
}

impl KeyItem {
    /// Where choices have marks they say the maximum; the column `max` is for items whose cells are marks already.
    fn settle_max(&mut self) {
        let of_choices = match &self.marking {
            Marking::Scored => None,
            Marking::Right { marks, .. } => Some(*marks),
            Marking::Weights(weights) => weights.values().max().copied(),
        };
        self.max = of_choices.or(self.max);
    }
}

/// Columns that have a meaning in a key, from 0. Keys come from many hands, so some other usual names are understood.
struct Columns {
    item: Option<usize>,
    key: Option<usize>,
    choice: Option<usize>,
    marks: Option<usize>,
    section: Option<usize>,
    max: Option<usize>,
    right: Option<usize>,
}

/// Where a key names the choices.
enum Choices {
    /// In the column `key`.
    Right(usize),
    /// In lines of their own.
    Below {
        /// The choice.
        choice: usize,
        /// Its marks.
        marks: usize,
    },
    /// In columns of their own, named by the choice.
    Beside(Vec<usize>),
    /// Nowhere: the cells are marks.
    None,
}

impl Columns {
    fn of(table: &Table<'_>) -> Columns {
        let named = |names: &[&str]| names.iter().find_map(|name| table.column(name));
        Columns {
            item: named(&["item", "item_id", "id", "butir"]),
            key: named(&["key", "answer", "kunci"]),
            choice: named(&["choice", "option", "pilihan"]),
            marks: named(&["marks", "score", "nilai"]),
            section: named(&["section", "bagian"]),
            max: named(&["max"]),
            right: named(&["right"]),
        }
    }

    fn choices(&self, table: &Table<'_>) -> Choices {
        if let Some(key) = self.key {
            return Choices::Right(key);
        }
        if let (Some(choice), Some(marks)) = (self.choice, self.marks) {
            return Choices::Below { choice, marks };
        }
        let known = [self.item, self.section, self.max];
        let beside: Vec<usize> = (0..table.names.len()).filter(|column| !known.contains(&Some(*column))).collect();
        if beside.is_empty() { Choices::None } else { Choices::Beside(beside) }
    }

    fn section(&self, rows: &Rows<'_>, item: &str) -> Result<Option<String>, Unreadable> {
        let Some(column) = self.section else { return Ok(None) };
        match rows.cell(column) {
            "" => Err(rows.fault(Some(column), Fault::SectionEmpty { item: item.to_owned() })),
            section => Ok(Some(section.to_owned())),
        }
    }

    fn max(&self, rows: &Rows<'_>) -> Result<Option<Marks>, Unreadable> {
        self.max.filter(|column| !rows.cell(*column).is_empty()).map(|column| marks(rows, column)).transpose()
    }
}

/// One item in each line.
fn read_items(
    table: &Table<'_>,
    columns: &Columns,
    item: usize,
    marking: impl Fn(&Rows<'_>, &str) -> Result<Marking, Unreadable>,
) -> Result<BTreeMap<String, KeyItem>, Unreadable> {
    let mut items: BTreeMap<String, KeyItem> = BTreeMap::new();
    let mut rows = table.rows()?;
    while rows.advance()? {
        let name = rows.cell(item);
        if let Some(first) = items.get(name) {
            return Err(rows.fault(Some(item), Fault::KeyTwice { what: name.to_owned(), line: first.line }));
        }
        let read =
            KeyItem { line: rows.line, section: columns.section(&rows, name)?, max: columns.max(&rows)?, marking: marking(&rows, name)? };
        items.insert(name.to_owned(), read);
    }
    Ok(items)
}

/// `C`, or several right ones as `A;C`.
fn right(table: &Table<'_>, rows: &Rows<'_>, columns: &Columns, item: &str, key: usize) -> Result<Marking, Unreadable> {
    let marks = match columns.right.filter(|column| !rows.cell(*column).is_empty()) {
        Some(column) => marks(rows, column)?,
        None => RIGHT_MARKS,
    };
    right_choices(rows.cell(key), marks).ok_or_else(|| table.fault(Some(rows.line), Some(key), Fault::KeyEmpty { item: item.to_owned() }))
}

fn right_choices(text: &str, marks: Marks) -> Option<Marking> {
    let choices: Vec<String> = text.split([';', '|']).map(str::trim).filter(|choice| !choice.is_empty()).map(str::to_owned).collect();
    (!choices.is_empty()).then_some(Marking::Right { choices, marks })
}

/// Marks in columns that are named by the choice; an empty cell means that the item does not have it.
fn weights(table: &Table<'_>, rows: &Rows<'_>, beside: &[usize], item: &str) -> Result<Marking, Unreadable> {
    let mut weights = BTreeMap::new();
    for column in beside.iter().filter(|column| !rows.cell(**column).is_empty()) {
        weights.insert(table.names[*column].clone(), marks(rows, *column)?);
    }
    if weights.is_empty() {
        return Err(rows.fault(None, Fault::KeyEmpty { item: item.to_owned() }));
    }
    Ok(Marking::Weights(weights))
}

/// One choice of an item in each line.
fn read_choices(
    table: &Table<'_>,
    columns: &Columns,
    item: usize,
    choice: usize,
    marks_column: usize,
) -> Result<BTreeMap<String, KeyItem>, Unreadable> {
    let mut items: BTreeMap<String, KeyItem> = BTreeMap::new();
    let mut lines: BTreeMap<(String, String), u64> = BTreeMap::new();
    let mut rows = table.rows()?;
    while rows.advance()? {
        let (name, letter) = (rows.cell(item).to_owned(), rows.cell(choice).to_owned());
        if letter.is_empty() {
            return Err(rows.fault(Some(choice), Fault::KeyEmpty { item: name }));
        }
        if let Some(line) = lines.insert((name.clone(), letter.clone()), rows.line) {
            return Err(rows.fault(Some(choice), Fault::KeyTwice { what: format!("the choice {letter:?} of {name:?}"), line }));
        }
        let (section, max, weight) = (columns.section(&rows, &name)?, columns.max(&rows)?, marks(&rows, marks_column)?);
        let read = items.entry(name.clone()).or_insert_with(|| KeyItem {
            line: rows.line,
            section: section.clone(),
            max,
            marking: Marking::Weights(BTreeMap::new()),
        });
        let contradicts = |what, column: Option<usize>| {
            let text = column.map_or("", |column| rows.cell(column)).to_owned();
            Err(rows.fault(column, Fault::KeyContradicts { item: name.clone(), what, text }))
        };
        if read.section != section {
            return contradicts("section", columns.section);
        }
        if read.max != max {
            return contradicts("max", columns.max);
        }
        if let Marking::Weights(weights) = &mut read.marking {
            weights.insert(letter, weight);
        }
    }
    Ok(items)
}

/// Names of items above, one row of right choices below.
fn one_row(table: &Table<'_>) -> Result<BTreeMap<String, KeyItem>, Unreadable> {
    let no_form = || table.fault(Some(table.header_line), None, Fault::KeyForm);
    let mut rows = table.rows()?;
    if !rows.advance()? {
        return Err(no_form());
    }
    let mut items = BTreeMap::new();
    for (column, name) in table.names.iter().enumerate() {
        let marking = right_choices(rows.cell(column), RIGHT_MARKS)
            .ok_or_else(|| rows.fault(Some(column), Fault::KeyEmpty { item: name.clone() }))?;
        items.insert(name.clone(), KeyItem { line: rows.line, section: None, max: Some(RIGHT_MARKS), marking });
    }
    if rows.advance()? { Err(no_form()) } else { Ok(items) }
}

fn marks(rows: &Rows<'_>, column: usize) -> Result<Marks, Unreadable> {
    let text = rows.cell(column);
    text.parse().map_err(|source| rows.fault(Some(column), Fault::NotANumber { text: text.to_owned(), source }))
}
