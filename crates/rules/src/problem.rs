//! What is wrong with a rule set, and on which line.

use crate::rule_set::TextLines;
use std::fmt;
use std::ops::Range;

/// One fault of a rule set; its sentence completes "failed to use the rule set".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Line of the file, from 1.
    pub line: usize,
    /// What is wrong, in Indonesian.
    pub indonesian: String,
    /// What is wrong, in English.
    pub english: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "baris {line}: {} / line {line}: {}", self.indonesian, self.english, line = self.line)
    }
}

/// Faults in the order they are found, each at a place of one text.
#[derive(Debug)]
pub(crate) struct Problems<'a> {
    text: &'a str,
    found: Vec<Problem>,
}

impl<'a> Problems<'a> {
    pub(crate) fn in_text(text: &'a str) -> Self {
        Problems { text, found: Vec::new() }
    }

    /// Line of a place, from 1.
    pub(crate) fn line(&self, span: &Range<usize>) -> usize {
        self.text.bytes().take(span.start).filter(|&byte| byte == b'\n').count() + 1
    }

    /// Lines of a string: within three quotation marks each of its lines has one of the file, otherwise all stand on one.
    pub(crate) fn lines_of(&self, span: &Range<usize>) -> TextLines {
        let written = self.text.get(span.clone()).unwrap_or_default();
        let inside = written.strip_prefix("\"\"\"").or_else(|| written.strip_prefix("'''"));
        let begins_below = inside.is_some_and(|inside| inside.starts_with('\n') || inside.starts_with("\r\n"));
        TextLines { first: self.line(span) + usize::from(begins_below), each: inside.is_some() }
    }

    pub(crate) fn add(&mut self, span: Range<usize>, indonesian: impl Into<String>, english: impl Into<String>) {
        let line = self.line(&span);
        self.found.push(Problem { line, indonesian: indonesian.into(), english: english.into() });
    }

    /// All of them by line, or none.
    pub(crate) fn into_result(mut self) -> Result<(), Vec<Problem>> {
        if self.found.is_empty() {
            return Ok(());
        }
        self.found.sort();
        self.found.dedup();
        Err(self.found)
    }
}
