//! Results of a stage: from the journals' states to the files of a revision, and what they say. Pure but for the reading of rows by its callers.
//!
//! ```text
//! sittings -> sat -> inputs -> files (rules.toml, formations.csv, scores.csv) -> computed -> results.csv -> shown, effect, announced
//!                    ^ changes (adopted corrections)
//! ```
//!
//! Left of the files everything is this installation's; right of them everything follows from the files alone, so that a stranger with
//! `saksama rank` arrives at the same bytes. `saksama fsck`, the committee's pages and publications all go through here.

pub mod announced;
pub mod changes;
pub mod computed;
pub mod course;
pub mod effect;
pub mod gathered;
pub mod inputs;
pub mod reconciled;
pub mod rule_set;
pub mod sat;
pub mod second;
pub mod shown;
pub mod statistics;
