//! Who passes, who goes on, who gets a slot: a rule set applied to candidates and formations, from section scores to vacancy moves.
//!
//! [`compute`] does everything in memory; [`tables`] reads and writes the CSV files of `saksama rank` (`docs/rules.md`); [`explain`] says
//! in words why somebody stands where they stand. Pure: the same candidates give the same outcome in whatever order they come, and no value
//! that decides anything is a float.

pub mod candidate;
pub mod cases;
mod compare;
pub mod compute;
pub mod exact;
pub mod explain;
mod moves;
pub mod outcome;
mod slots;
pub mod tables;
mod value;

pub use candidate::{Candidate, Formation};
pub use compute::compute;
pub use outcome::Outcomes;
