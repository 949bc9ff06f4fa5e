//! The answers of everybody to every item, as codes into a short list of different answers for each item.

mod columns;
mod encode;

pub use crate::table::Header;
pub use columns::IdColumn;

use crate::key::{Key, KeyItem, Marking};
use crate::phrase::{Phrase, phrase};
use crate::table::{Rows, Table};
use crate::unreadable::{Fault, Unreadable};
use crate::{Marks, Source};
use columns::Columns;
use encode::Encoder;
use std::collections::BTreeSet;

/// Most items in a table; with the limits of [`Marks`] and [`PEOPLE_MAX`] no sum of squares overflows 128 bits.
pub const ITEMS_MAX: usize = 1000;
/// Most people in a table.
pub const PEOPLE_MAX: usize = 5_000_000;
/// The code of an answer that was not given, for each item.
pub const OMITTED: u16 = 0;

/// How a table of responses is to be read.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Whether the first line names the columns.
    pub header: Header,
    /// Which column holds ids.
    pub id: IdColumn,
    /// What becomes of people who left something out.
    pub missing: Missing,
    /// What stands in a cell that was left out, besides nothing and `NA`.
    pub omitted: Vec<String>,
}

/// What becomes of people who left an item out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Missing {
    /// No answer gives no marks, as in the exam.
    #[default]
    Zero,
    /// A person who left anything out is left out of everything (listwise deletion).
    Listwise,
}

/// Answers of people to items.
#[derive(Clone, Debug)]
pub struct Responses {
    /// Items in the order of their columns.
    pub items: Vec<Item>,
    /// One for each person, when there is a column of them.
    pub ids: Option<Vec<String>>,
    /// People that count.
    pub people: usize,
    /// Person by person, the code of the answer to each item.
    pub cells: Vec<u16>,
    /// What whoever reads the statistics has to know of the reading.
    pub notes: Vec<Note>,
}

/// An item and the different answers to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Name of its column.
    pub name: String,
    /// The section it counts for.
    pub section: Option<String>,
    /// The most marks that it gives; without a key, the most that anybody has.
    pub max: Marks,
    /// Whether answers are choices that a key turned into marks.
    pub keyed: bool,
    /// Whether the key lists all choices, so that one that nobody took is known to be there.
    pub choices_listed: bool,
    /// Answers by their codes; the first is no answer.
    pub answers: Vec<Answer>,
}

/// One of the different answers to an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// As it stands in the table.
    pub label: String,
    /// What it gives.
    pub marks: Marks,
}

/// Something about the reading that is no error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// The column with the ids.
    IdColumn(String),
    /// Columns that the key does not have.
    ColumnsUnused(Vec<String>),
    /// Rows in which everything was left out; they count as people without marks.
    RowsBlank(usize),
    /// People who were left out because they left something out.
    PeopleLeftOut(usize),
    /// Rows whose id stands in an earlier row already.
    IdsRepeated(usize),
    /// Nobody ever chose what the key calls right.
    KeyNeverChosen,
    /// People had different items, drawn at random.
    PapersDrawn,
    /// Items that too few people had; they are left out.
    ItemsRare {
        /// How many items.
        items: usize,
        /// Fewer people than this are too few.
        people_min: usize,
    },
    /// People whose exam goes on; they are left out.
    StillSitting(usize),
}

impl Note {
    /// As a sentence.
    pub fn words(&self) -> Phrase {
        match self {
            Note::IdColumn(name) => phrase(
                format!("kolom {name:?} berisi identitas peserta dan bukan butir"),
                format!("column {name:?} holds the ids of people and is no item"),
            ),
            Note::ColumnsUnused(names) => {
                let names = names.join(", ");
                phrase(format!("kolom tanpa kunci bukan butir: {names}"), format!("columns without a key are no items: {names}"))
            }
            Note::RowsBlank(rows) => phrase(
                format!("{rows} baris kosong dihitung sebagai peserta tanpa nilai"),
                format!("{rows} rows are blank and count as people without marks"),
            ),
            Note::PeopleLeftOut(people) => phrase(
                format!("{people} orang melewatkan sesuatu dan tidak dihitung"),
                format!("{people} people left something out and are not counted"),
            ),
            Note::IdsRepeated(rows) => phrase(
                format!("{rows} baris mengulang identitas baris lain; setiap baris dihitung"),
                format!("{rows} rows repeat the id of another row; each row counts"),
            ),
            Note::KeyNeverChosen => phrase(
                "tidak ada jawaban benar di mana pun: apakah kunci dan jawaban ini berpasangan?",
                "nobody chose a right answer anywhere: do the key and the responses belong together?",
            ),
            Note::PapersDrawn => phrase(
                "naskah diundi, sehingga butir setiap peserta berbeda: alfa dan galat baku pengukuran tidak terdefinisi, dan setiap butir \
                 dibandingkan dengan sisa bagiannya pada orang-orang yang menerimanya",
                "papers were drawn at random, so people had different items: alpha and the standard error of measurement are not defined, and \
                 each item is held against the rest of its section over those who had it",
            ),
            Note::ItemsRare { items, people_min } => phrase(
                format!("{items} butir diterima kurang dari {people_min} orang dan tidak ditampilkan"),
                format!("{items} items were on the papers of fewer than {people_min} people and are left out"),
            ),
            Note::StillSitting(people) => phrase(
                format!("{people} orang masih mengerjakan dan belum dihitung"),
                format!("{people} people are still sitting and are not counted"),
            ),
        }
    }
}

/// On the command line, in English like all of it.
impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.words().en)
    }
}

impl Responses {
    /// Reads a row per person and a column per item. With a key the items are those of the key; without one all columns but that of the ids.
    pub fn read(source: Source<'_>, key: Option<&Key>, reading: &Reading) -> Result<Responses, Unreadable> {
        let table = Table::open(source, reading.header)?;
        let columns = Columns::find(&table, key, &reading.id)?;
        if let Some(key) = key {
            every_item_is_there(key, &table, &columns)?;
        }
        let mut encoders: Vec<Encoder> = columns
            .items
            .iter()
            .map(|column| {
                Encoder::new(*column, table.names[*column].clone(), key.and_then(|key| key.items.get(&table.names[*column])), reading)
            })
            .collect();
        let mut taken = read_rows(&table, &columns, &mut encoders, reading.missing)?;
        if taken.people < 2 {
            return Err(table.fault(None, None, Fault::TooFewPeople { people: taken.people }));
        }
        let mut notes: Vec<Note> = columns.id.map(|id| Note::IdColumn(table.names[id].clone())).into_iter().collect();
        if !columns.unused.is_empty() {
            notes.push(Note::ColumnsUnused(columns.unused.iter().map(|column| table.names[*column].clone()).collect()));
        }
        notes.append(&mut taken.notes);
        let mut items: Vec<Item> = encoders.into_iter().map(Encoder::into_item).collect();
        share_choices(&mut items, key);
        if never_right(&items, &taken) {
            notes.push(Note::KeyNeverChosen);
        }
        Ok(Responses { items, ids: columns.id.map(|_| taken.ids), people: taken.people, cells: taken.cells, notes })
    }
}

/// What was read row by row.
#[derive(Default)]
struct Taken {
    people: usize,
    ids: Vec<String>,
    cells: Vec<u16>,
    notes: Vec<Note>,
}

fn read_rows(table: &Table<'_>, columns: &Columns, encoders: &mut [Encoder], missing: Missing) -> Result<Taken, Unreadable> {
    let mut taken = Taken::default();
    let (mut blank, mut left_out) = (0, 0);
    let mut rows = table.rows()?;
    while rows.advance()? {
        // Without an id a blank row is a person who answered nothing; where people have ids it is nobody.
        if columns.id.is_some() && rows.blank() {
            continue;
        }
        let start = taken.cells.len();
        encode_row(&rows, encoders, &mut taken.cells)?;
        let row = &taken.cells[start..];
        blank += usize::from(row.iter().all(|code| *code == OMITTED));
        if missing == Missing::Listwise && row.contains(&OMITTED) {
            taken.cells.truncate(start);
            left_out += 1;
            continue;
        }
        taken.people += 1;
        taken.ids.extend(columns.id.map(|id| rows.cell(id).to_owned()));
        if taken.people > PEOPLE_MAX {
            return Err(rows.fault(None, Fault::TooLarge { what: "people", max: PEOPLE_MAX }));
        }
    }
    let different: BTreeSet<&str> = taken.ids.iter().map(String::as_str).collect();
    let repeated = taken.ids.len() - different.len();
    taken.notes.extend((repeated > 0).then_some(Note::IdsRepeated(repeated)));
    taken.notes.extend((left_out > 0).then_some(Note::PeopleLeftOut(left_out)));
    taken.notes.extend((blank > 0 && missing == Missing::Zero).then_some(Note::RowsBlank(blank)));
    Ok(taken)
}

/// Columns of items come in the order of the file, so one walk over the cells meets them all.
fn encode_row(rows: &Rows<'_>, encoders: &mut [Encoder], cells: &mut Vec<u16>) -> Result<(), Unreadable> {
    let mut encoders = encoders.iter_mut();
    let mut next = encoders.next();
    for (column, cell) in rows.bytes().enumerate() {
        let Some(encoder) = next.as_mut().filter(|encoder| encoder.column == column) else { continue };
        cells.push(encoder.code(cell).map_err(|fault| rows.fault(Some(column), fault))?);
        next = encoders.next();
    }
    Ok(())
}

fn every_item_is_there(key: &Key, table: &Table<'_>, columns: &Columns) -> Result<(), Unreadable> {
    let there: BTreeSet<&str> = columns.items.iter().map(|column| table.names[*column].as_str()).collect();
    match key.items.iter().filter(|(name, _)| !there.contains(name.as_str())).min_by_key(|(_, item)| item.line) {
        None => Ok(()),
        Some((name, item)) => Err(Unreadable::new(&key.file, Some(item.line), None, Fault::ItemAbsent { item: name.clone() })),
    }
}

/// A key of right choices does not list the others: what is chosen on any such item is taken as a choice of all of them, so that a choice that
/// nobody took is seen.
fn share_choices(items: &mut [Item], key: Option<&Key>) {
    let Some(key) = key else { return };
    let open = |item: &Item| matches!(key.items.get(&item.name), Some(KeyItem { marking: Marking::Right { .. }, .. }));
    let labels: BTreeSet<String> =
        items.iter().filter(|item| open(item)).flat_map(|item| item.answers.iter().skip(1)).map(|answer| answer.label.clone()).collect();
    for item in items.iter_mut().filter(|item| open(item)) {
        let known: BTreeSet<String> = item.answers.iter().skip(1).map(|answer| answer.label.clone()).collect();
        item.answers.extend(labels.difference(&known).map(|label| Answer { label: label.clone(), marks: Marks::ZERO }));
    }
}

/// Whether all items have a key and no cell has marks.
fn never_right(items: &[Item], taken: &Taken) -> bool {
    items.iter().all(|item| item.keyed)
        && taken
            .cells
            .chunks(items.len())
            .all(|row| row.iter().zip(items).all(|(code, item)| item.answers[usize::from(*code)].marks == Marks::ZERO))
}
