//! Marks: tallies from answers and keys, standings in tie-break order, live ranking, final results.
//!
//! Pure, and without floats: marks are whole thousandths throughout. Everything here can be thrown away and computed again from journals,
//! papers and keys.

pub mod ranking;
pub mod result;
pub mod reveal;
pub mod scheme;
