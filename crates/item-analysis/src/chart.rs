//! Pictures of an exam as self-contained SVG, each with a table of the same numbers. No script, no outside font, colours never alone: what a
//! colour says is also said by a line, a shape or the table.

mod completion;
mod distribution;
mod item_map;
mod ladder;
mod plot;

pub use completion::{Completion, Moment, completion};
pub use distribution::{Bin, Distribution, distribution};
pub use item_map::item_map;
pub use ladder::{LADDER_ROWS, Rung, cut_total, ladder, rungs};

use crate::phrase::Phrase;

/// A picture and its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What it shows.
    pub title: Phrase,
    /// How to read it.
    pub reading: Phrase,
    /// The picture: one `svg` element with a title and a description.
    pub svg: String,
    /// The numbers of the picture.
    pub table: DataTable,
}

/// A table whose cells are ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataTable {
    /// Names of columns.
    pub columns: Vec<(Phrase, Align)>,
    /// Rows from above.
    pub rows: Vec<Vec<String>>,
}

/// Which side the cells of a column stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Names, in one line.
    Start,
    /// Words, in as many lines as they need.
    Words,
    /// Numbers.
    End,
}
