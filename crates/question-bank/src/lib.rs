//! The question bank: items and their keys, blueprints, drawn papers, and the formats they come and go in.
//!
//! Pure: no async, no SQL, no HTTP, no clock and no randomness of the operating system. Time, seeds and file contents are arguments.
//! What a candidate may see of an item ([`item::Face`]) and what is right ([`key::Key`]) are different types.

pub mod blueprint;
pub mod draw;
pub mod export;
pub mod id;
pub mod import;
pub mod item;
pub mod key;
pub mod marks;
pub mod paper;
pub mod picture;
pub mod rich_text;
