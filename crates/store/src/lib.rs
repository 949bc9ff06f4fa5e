//! All SQL of the product, on SQLite: roster, library, staff and results in `saksama.db`, journals in a file of their own.
//!
//! [`Store`] holds the connections; its methods, all in [`sqlite`], are the only SQL beside the journal's own. They take and give the plain rows of
//! [`roster`], [`library`], [`staff`] and [`results`], typed by ids of `question-bank`. Every write is one transaction that took the write lock
//! when it began; every error is named by what the caller does next ([`Error`]).
//!
//! Must not know: HTTP, Redis, the frames on the wire, clocks and randomness (instants and ids are arguments). There is no
//! function that lists keys beside faces, and none but [`Store::nik_of_candidate`] that gives out a national id number.

mod error;
pub mod journal;
pub mod library;
pub mod results;
pub mod roster;
pub mod seal;
pub mod sqlite;
pub mod staff;

pub use error::Error;
pub use sqlite::{Store, connect_options};
