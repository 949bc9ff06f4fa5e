//! The files of an announcement as their readers get them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod archive;
mod certificate;
mod csv;
mod find;
mod html;
mod json;
mod limits;
mod pdf;
mod sample;
mod tools;
mod xlsx;
