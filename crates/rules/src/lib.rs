//! Rule sets: what a regulation says about sections, thresholds, cuts, weights, ties and vacancies, as data with an id and a hash.
//!
//! A rule set is a TOML file ([`RuleSet::parse`]; `docs/rules.md` describes every key). Here it is read, checked with line numbers and
//! explained in words; nothing is computed with it. Whoever computes results a second time, independently, may use this crate and must not
//! use `selection`.

mod check;
mod document;
pub mod explain;
pub mod problem;
mod reading;
pub mod rule_set;
pub mod score;
pub mod shipped;
pub mod status;

pub use check::{Library, STAGES_MAX};
pub use problem::Problem;
pub use rule_set::RuleSet;
pub use score::Score;
pub use status::Status;
