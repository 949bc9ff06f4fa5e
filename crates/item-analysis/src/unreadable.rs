//! Why a file cannot be used: what is wrong, and in which file, line and column.

use question_bank::marks::BadMarks;
use std::fmt;

/// A file that has to be corrected before anything is computed from it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("read {place}: {fault}")]
pub struct Unreadable {
    /// Where.
    pub place: Box<Place>,
    /// What.
    pub fault: Fault,
}

impl Unreadable {
    pub(crate) fn new(file: &str, line: Option<u64>, column: Option<(usize, String)>, fault: Fault) -> Unreadable {
        Unreadable { place: Box::new(Place { file: file.to_owned(), line, column }), fault }
    }
}

/// A place in a file, as a person finds it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the file.
    pub file: String,
    /// Line of the file, from 1; nothing when the whole file is meant.
    pub line: Option<u64>,
    /// Column, from 1, and its name where it has one.
    pub column: Option<(usize, String)>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        match &self.column {
            Some((column, name)) if name.is_empty() => write!(f, ", column {column}"),
            Some((column, name)) => write!(f, ", column {column} ({name})"),
            None => Ok(()),
        }
    }
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not text.
    #[error("this is not UTF-8 text")]
    NotText,
    /// Nothing but blank lines.
    #[error("the file is empty")]
    Empty,
    /// The last row swallows the rest of the file.
    #[error("a quotation mark is opened and never closed")]
    QuoteOpen,
    /// Fewer cells than columns.
    #[error("the row has {cells} cells, but there are {columns} columns")]
    RowShort {
        /// In this row.
        cells: usize,
        /// In the first row.
        columns: usize,
    },
    /// More cells than columns.
    #[error("the row has {cells} cells, but there are only {columns} columns")]
    RowLong {
        /// In this row.
        cells: usize,
        /// In the first row.
        columns: usize,
    },
    /// A column without a name.
    #[error("the column has no name; the first line names the columns")]
    NameMissing,
    /// Two columns with one name.
    #[error("column {first} has the same name, {name:?}; the first line names the columns, each differently")]
    NameTwice {
        /// The name.
        name: String,
        /// The column that has it already, from 1.
        first: usize,
    },
    /// The column that the caller named is not there.
    #[error("there is no column {name:?}")]
    ColumnAbsent {
        /// The name.
        name: String,
    },
    /// Nothing to analyse.
    #[error("no column is an item")]
    NoItems,
    /// Variances need two.
    #[error("statistics need at least 2 people, and {people} can be used")]
    TooFewPeople {
        /// Rows that count.
        people: usize,
    },
    /// A cell of a table of marks.
    #[error("{text:?} is no score ({source}); a table of choices needs a key")]
    NotAScore {
        /// What stands there.
        text: String,
        /// Why.
        source: BadMarks,
    },
    /// A number of the key or of the times.
    #[error("{text:?} is no number that can be used here ({source})")]
    NotANumber {
        /// What stands there.
        text: String,
        /// Why.
        source: BadMarks,
    },
    /// Nobody needs less than no time.
    #[error("{text:?} is less than nothing")]
    Negative {
        /// What stands there.
        text: String,
    },
    /// More than the key allows.
    #[error("{text:?} is more than {max}, which the key calls the most")]
    AboveMax {
        /// What stands there.
        text: String,
        /// The most.
        max: String,
    },
    /// The key gives marks for each choice, and not for this one.
    #[error("the key gives no marks for the choice {text:?}")]
    ChoiceUnknown {
        /// What stands there.
        text: String,
    },
    /// More different answers than anybody can have meant.
    #[error("more than {max} different answers in one column: this is no item")]
    AnswersTooMany {
        /// The limit.
        max: usize,
    },
    /// Beyond the limits of this crate.
    #[error("more than {max} {what}")]
    TooLarge {
        /// Items or people.
        what: &'static str,
        /// The limit.
        max: usize,
    },
    /// The key names an item that the responses do not have.
    #[error("the key has the item {item:?}, but the responses have no such column")]
    ItemAbsent {
        /// The item.
        item: String,
    },
    /// The key names an item or a choice twice.
    #[error("{what} stands in line {line} already")]
    KeyTwice {
        /// The item, or item and choice.
        what: String,
        /// Where it stands first.
        line: u64,
    },
    /// The key is in none of the forms we know.
    #[error(
        "a key has the columns item and key; or item, choice and marks; or item and one column for each choice; \
         or it is one row below the names of the items"
    )]
    KeyForm,
    /// An item without a right choice or without any marks.
    #[error("the key of {item:?} is empty")]
    KeyEmpty {
        /// The item.
        item: String,
    },
    /// Some items have a section and this one has none.
    #[error("{item:?} has no section, though there is a column for it")]
    SectionEmpty {
        /// The item.
        item: String,
    },
    /// One item in two sections, or with two greatest marks.
    #[error("{item:?} has {what} {text:?} here and another above")]
    KeyContradicts {
        /// The item.
        item: String,
        /// The column.
        what: &'static str,
        /// What stands here.
        text: String,
    },
}
