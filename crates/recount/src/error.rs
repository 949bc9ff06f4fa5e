//! Why something cannot be computed again.

/// Something in a table is missing or cannot be understood: stop, and have it corrected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A cell.
    #[error("{table}, line {line}, column {column}: {reason}")]
    Cell {
        /// Which table.
        table: &'static str,
        /// Line in the file, from 1.
        line: u64,
        /// Name of the column.
        column: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The table as a whole, or a row of it.
    #[error("{table}, line {line}: {reason}")]
    Row {
        /// Which table.
        table: &'static str,
        /// Line in the file, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// The stage up to which should be computed.
    #[error("`{0}` is no stage of the rule set, and not its end")]
    Until(String),
}
