//! The second scorer. It computes marks from journals, papers and keys, and results from tables and a rule set, a second time and in its own
//! way, so that a mistake of the first has to be made twice before anybody believes it.
//!
//! It shares with the first only what is stored: rule sets (`rules`), papers and sealed keys (`question-bank`), blocks and records
//! (`exam-session`). It never uses `scoring` or `selection`, and a test of the workspace keeps it so. Slow and plain is right here: every
//! module is to be read beside the section of `docs/rules.md` that it names.
//!
//! Pure: bytes in, values out. No clock, no randomness, no files, no floats.

pub mod compare;
mod ending;
mod error;
mod formation;
mod journal;
pub mod marks;
mod moves;
mod number;
mod order;
mod person;
pub mod results;
mod stage;
mod standing;
mod table;
mod threshold;

pub use compare::{Comparison, Difference, compare};
pub use error::Error;
pub use marks::{Amendment, marks};
pub use results::{Line, reaches, results};
