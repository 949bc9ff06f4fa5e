//! What has to hold before files are made of an announcement.

mod statistics;

use super::find::compared;
use super::{
    AnnouncedList, AnnouncedRow, AnnouncedSection, Announcement, CELL_CHARS_MAX, CODE_CHARS_MAX, CODES_MAX, DECIMALS_MAX, DECREES_MAX,
    LETTERHEAD_CHARS_MAX, LETTERHEAD_LINES_MAX, LISTS_MAX, PARAGRAPH_CHARS_MAX, PEOPLE_MAX, SECTION_TITLE_CHARS_MAX, SECTIONS_MAX,
    STATISTICS_PEOPLE_MIN, VALUES_MAX,
};
use crate::decimal::Decimal;
use std::collections::{BTreeSet, HashSet};
use std::fmt;

/// Years that are believed; a clock that says otherwise was never set.
const PUBLISHED_UTC_MS: std::ops::Range<i64> = 946_684_800_000..4_102_444_800_000;

/// What has to be corrected before an announcement can be published.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// A text that must be there is missing.
    #[error("{what} is empty")]
    Empty {
        /// Which text.
        what: &'static str,
    },
    /// A text is longer than its limit.
    #[error("{what} has {chars} characters, more than {chars_max}")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// Its length.
        chars: usize,
        /// The limit.
        chars_max: usize,
    },
    /// There is more of something than a file can hold.
    #[error("{count} {what}, more than {count_max}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// The limit.
        count_max: usize,
    },
    /// A code that must be unique stands twice.
    #[error("{what} {code:?} stands twice")]
    Twice {
        /// Which code.
        what: &'static str,
        /// The code.
        code: String,
    },
    /// A hash is not 64 lower-case hexadecimal digits.
    #[error("the {what} is not 64 lower-case hexadecimal digits")]
    Hash {
        /// Which hash.
        what: &'static str,
    },
    /// Revisions count from 1.
    #[error("the revision is 0")]
    Revision,
    /// The time of publication lies outside this century.
    #[error("the time of publication lies outside this century")]
    PublishedAt,
    /// Decimals are shown with a comma or a point and with at most nine places.
    #[error("decimals cannot be shown with {decimals} places and the mark {mark:?}")]
    Display {
        /// Places asked for.
        decimals: u8,
        /// Mark asked for.
        mark: char,
    },
    /// A status is not a word of lower-case letters and underscores.
    #[error("{status:?} is no word for a status")]
    StatusWord {
        /// The word.
        status: String,
    },
    /// A person has marks or values for another number of columns than there are.
    #[error("{place} has {count} {what} for {columns} columns")]
    Mismatch {
        /// Whose.
        place: Place,
        /// Marks or values.
        what: &'static str,
        /// How many are given.
        count: usize,
        /// How many there should be.
        columns: usize,
    },
    /// A number is no decimal with a point, of at most 12 digits before and 9 behind it.
    #[error("{place}: {what} {text:?} is no decimal number")]
    NotADecimal {
        /// Where.
        place: Place,
        /// Which number.
        what: &'static str,
        /// What stands there.
        text: String,
    },
    /// Ranks count from 1.
    #[error("{place} has rank 0")]
    Rank {
        /// Whose.
        place: Place,
    },
    /// A number was not rounded: a stage value to what the rule set shows, a number of the statistics to its few decimals.
    #[error("{place}: {text:?} has more than {decimals} decimals")]
    NotRounded {
        /// Where.
        place: Place,
        /// What stands there.
        text: String,
        /// Decimals that are shown.
        decimals: u8,
    },
    /// A row has a code that the legend does not explain for its status.
    #[error("{place}: the legend has no code {code:?} for {status:?}")]
    Unexplained {
        /// Where.
        place: Place,
        /// The code.
        code: String,
        /// The status.
        status: String,
    },
    /// There are statistics of a formation that has no list.
    #[error("statistics of formation {code:?}, which has no list")]
    NoList {
        /// The formation's code.
        code: String,
    },
    /// Statistics of so few people would say more of them than of the items.
    #[error("{place} are of {people} people, fewer than {STATISTICS_PEOPLE_MIN}")]
    TooFewPeople {
        /// Where.
        place: Place,
        /// How many.
        people: u32,
    },
    /// A number lies outside its range.
    #[error("{place}: {what} {text:?} lies outside {least} to {most}")]
    OutOfRange {
        /// Where.
        place: Place,
        /// Which number.
        what: &'static str,
        /// What stands there.
        text: String,
        /// The least it can be.
        least: i8,
        /// The most.
        most: i8,
    },
    /// Something does not stand in its order: items would be recognised by their own, and a line over time would run back.
    #[error("{place} does not stand in the order of {what}")]
    NotSorted {
        /// Where.
        place: Place,
        /// By what it should be sorted.
        what: &'static str,
    },
    /// A certificate's code cannot lead to an address.
    #[error("{url:?} is no address of a verification page")]
    Address {
        /// The address.
        url: String,
    },
    /// Something is in the document that its columns do not show.
    #[error("{place} carries its {what}, which is not shown")]
    Hidden {
        /// Where.
        place: Place,
        /// What.
        what: &'static str,
    },
}

/// Where a flaw is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Of which formation.
    pub formation_code: String,
    /// Of what there.
    pub part: Part,
}

/// What a formation has in a document. Numbers are places in it, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The list itself.
    List,
    /// A row of the list.
    Row(usize),
    /// The statistics themselves.
    Statistics,
    /// A point of the statistics, in their order and not that of the items.
    Item(usize),
    /// A moment of the statistics.
    Moment(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            Part::List => write!(formatter, "list {:?}", self.formation_code),
            Part::Row(row) => write!(formatter, "row {row} of list {:?}", self.formation_code),
            Part::Statistics => write!(formatter, "the statistics of {:?}", self.formation_code),
            Part::Item(item) => write!(formatter, "item {item} of the statistics of {:?}", self.formation_code),
            Part::Moment(moment) => write!(formatter, "moment {moment} of the statistics of {:?}", self.formation_code),
        }
    }
}

impl Announcement {
    /// Whether files can be made of it.
    pub fn check(&self) -> Result<(), Flaw> {
        self.check_texts()?;
        self.check_legend()?;
        if self.revision == 0 {
            return Err(Flaw::Revision);
        }
        if !PUBLISHED_UTC_MS.contains(&self.published_utc_ms) {
            return Err(Flaw::PublishedAt);
        }
        if self.display.decimals > DECIMALS_MAX || !matches!(self.display.mark, '.' | ',') {
            return Err(Flaw::Display { decimals: self.display.decimals, mark: self.display.mark });
        }
        for (what, hash) in [("rule set hash", &self.rule_set.hash), ("input hash", &self.input_hash), ("results hash", &self.results_hash)]
        {
            sha256(what, hash)?;
        }
        at_most("lists", self.lists.len(), LISTS_MAX)?;
        at_most("people", self.people(), PEOPLE_MAX)?;
        unique("formation code", self.lists.iter().map(|list| &list.formation_code))?;
        self.lists.iter().try_for_each(|list| self.check_list(list))?;
        self.check_numbers_differ()?;
        self.check_statistics()
    }

    fn check_texts(&self) -> Result<(), Flaw> {
        if self.letterhead.lines.is_empty() {
            return Err(Flaw::Empty { what: "letterhead" });
        }
        at_most("lines of the letterhead", self.letterhead.lines.len(), LETTERHEAD_LINES_MAX)?;
        for line in &self.letterhead.lines {
            present("line of the letterhead", line)?;
            within("line of the letterhead", line, LETTERHEAD_CHARS_MAX)?;
        }
        present("organiser", &self.organiser)?;
        present("heading", &self.heading)?;
        present("rule set id", &self.rule_set.id)?;
        let paragraphs = [
            ("organiser", &self.organiser),
            ("selection", &self.selection),
            ("stage", &self.stage),
            ("heading", &self.heading),
            ("number", &self.number),
            ("place", &self.place),
            ("reason", &self.reason),
            ("rule set id", &self.rule_set.id),
            ("rule set title", &self.rule_set.title),
        ];
        let signatory = self.signatory.iter().flat_map(|signatory| [("position", &signatory.position), ("name", &signatory.name)]);
        for (what, text) in paragraphs.into_iter().chain(signatory) {
            within(what, text, PARAGRAPH_CHARS_MAX)?;
        }
        at_most("decrees", self.decrees.len(), DECREES_MAX)?;
        for decree in &self.decrees {
            present("decree", decree)?;
            within("decree", decree, PARAGRAPH_CHARS_MAX)?;
        }
        Ok(())
    }

    fn check_legend(&self) -> Result<(), Flaw> {
        at_most("codes", self.codes.len(), CODES_MAX)?;
        for entry in &self.codes {
            present("code", &entry.code)?;
            within("code", &entry.code, CODE_CHARS_MAX)?;
            status_word(&entry.status)?;
            present("meaning of a code", &entry.id)?;
            within("meaning of a code", &entry.id, CELL_CHARS_MAX)?;
            within("meaning of a code", &entry.en, CELL_CHARS_MAX)?;
        }
        at_most("stage values", self.values.len(), VALUES_MAX)?;
        unique("id of a stage value", self.values.iter().map(|value| &value.id))?;
        for value in &self.values {
            present("id of a stage value", &value.id)?;
            within("id of a stage value", &value.id, CODE_CHARS_MAX)?;
            present("title of a stage value", &value.title)?;
            within("title of a stage value", &value.title, CODE_CHARS_MAX)?;
        }
        Ok(())
    }

    fn check_list(&self, list: &AnnouncedList) -> Result<(), Flaw> {
        present("formation code", &list.formation_code)?;
        within("formation code", &list.formation_code, CODE_CHARS_MAX)?;
        within("formation title", &list.formation_title, CELL_CHARS_MAX)?;
        within("category", &list.category, CODE_CHARS_MAX)?;
        at_most("sections", list.sections.len(), SECTIONS_MAX)?;
        unique("section code", list.sections.iter().map(|section| &section.code))?;
        let place = Place { formation_code: list.formation_code.clone(), part: Part::List };
        for section in &list.sections {
            check_section(section, &place)?;
        }
        decimal("threshold of the total", list.total_threshold.as_deref(), &place)?;
        if !self.columns.stage_values && !self.values.is_empty() {
            return Err(Flaw::Hidden { place, what: "stage values" });
        }
        for (index, row) in list.rows.iter().enumerate() {
            let place = || Place { formation_code: list.formation_code.clone(), part: Part::Row(index + 1) };
            self.check_row(list, row).map_err(|problem| problem.at(place()))?;
        }
        Ok(())
    }

    fn check_row(&self, list: &AnnouncedList, row: &AnnouncedRow) -> Result<(), RowProblem> {
        present("participant number", &row.participant_no)?;
        within("participant number", &row.participant_no, CELL_CHARS_MAX)?;
        within("name", row.name.as_deref().unwrap_or_default(), CELL_CHARS_MAX)?;
        within("category", row.category.as_deref().unwrap_or_default(), CODE_CHARS_MAX)?;
        within("formation moved to", row.to_formation.as_deref().unwrap_or_default(), CODE_CHARS_MAX)?;
        status_word(&row.status)?;
        if !row.code.is_empty() && !self.codes.iter().any(|entry| entry.code == row.code && entry.status == row.status) {
            return Err(RowProblem::Unexplained { code: row.code.clone(), status: row.status.clone() });
        }
        self.check_hidden(row)?;
        if row.rank == Some(0) {
            return Err(RowProblem::Rank);
        }
        if !row.marks.is_empty() && row.marks.len() != list.sections.len() {
            return Err(RowProblem::Mismatch { what: "marks", count: row.marks.len(), columns: list.sections.len() });
        }
        if row.values.len() != self.values.len() {
            return Err(RowProblem::Mismatch { what: "stage values", count: row.values.len(), columns: self.values.len() });
        }
        for (what, text) in row.marks.iter().map(|mark| ("mark", mark)).chain(row.total.iter().map(|total| ("total", total))) {
            if Decimal::parse(text).is_none() {
                return Err(RowProblem::NotADecimal { what, text: text.clone() });
            }
        }
        for text in row.values.iter().flatten() {
            if Decimal::parse(text).is_none() {
                return Err(RowProblem::NotADecimal { what: "stage value", text: text.clone() });
            }
            if crate::decimal::places(text) > usize::from(self.display.decimals) {
                return Err(RowProblem::NotRounded { text: text.clone(), decimals: self.display.decimals });
            }
        }
        Ok(())
    }

    /// What is not shown is not in the document: `daftar.json` would show it.
    fn check_hidden(&self, row: &AnnouncedRow) -> Result<(), RowProblem> {
        let hidden = [
            ("category", !self.columns.category && row.category.is_some()),
            ("marks", !self.columns.marks && !row.marks.is_empty()),
            ("stage values", !self.columns.stage_values && !row.values.is_empty()),
            ("rank", !self.columns.rank && row.rank.is_some()),
        ];
        match hidden.into_iter().find(|(_, carried)| *carried) {
            Some((what, _)) => Err(RowProblem::Hidden { what }),
            None => Ok(()),
        }
    }

    /// A participant number leads to one row.
    fn check_numbers_differ(&self) -> Result<(), Flaw> {
        let mut seen = HashSet::with_capacity(self.people());
        for row in self.lists.iter().flat_map(|list| &list.rows) {
            if !seen.insert(compared(&row.participant_no)) {
                return Err(Flaw::Twice { what: "participant number", code: row.participant_no.clone() });
            }
        }
        Ok(())
    }
}

fn check_section(section: &AnnouncedSection, place: &Place) -> Result<(), Flaw> {
    present("section code", &section.code)?;
    within("section code", &section.code, CODE_CHARS_MAX)?;
    within("section title", &section.title, SECTION_TITLE_CHARS_MAX)?;
    decimal("highest mark of a section", section.max.as_deref(), place)?;
    decimal("threshold of a section", section.threshold.as_deref(), place)
}

/// A flaw of a row whose place is added only when there is one: a list has a hundred thousand rows without.
enum RowProblem {
    Flaw(Flaw),
    Unexplained { code: String, status: String },
    Mismatch { what: &'static str, count: usize, columns: usize },
    NotADecimal { what: &'static str, text: String },
    Rank,
    NotRounded { text: String, decimals: u8 },
    Hidden { what: &'static str },
}

impl From<Flaw> for RowProblem {
    fn from(flaw: Flaw) -> Self {
        RowProblem::Flaw(flaw)
    }
}

impl RowProblem {
    fn at(self, place: Place) -> Flaw {
        match self {
            RowProblem::Flaw(flaw) => flaw,
            RowProblem::Unexplained { code, status } => Flaw::Unexplained { place, code, status },
            RowProblem::Mismatch { what, count, columns } => Flaw::Mismatch { place, what, count, columns },
            RowProblem::NotADecimal { what, text } => Flaw::NotADecimal { place, what, text },
            RowProblem::Rank => Flaw::Rank { place },
            RowProblem::NotRounded { text, decimals } => Flaw::NotRounded { place, text, decimals },
            RowProblem::Hidden { what } => Flaw::Hidden { place, what },
        }
    }
}

fn decimal(what: &'static str, text: Option<&str>, place: &Place) -> Result<(), Flaw> {
    match text {
        Some(text) if Decimal::parse(text).is_none() => Err(Flaw::NotADecimal { place: place.clone(), what, text: text.to_owned() }),
        Some(_) | None => Ok(()),
    }
}

fn status_word(status: &str) -> Result<(), Flaw> {
    let sound = !status.is_empty() && status.len() <= CODE_CHARS_MAX && status.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'));
    if sound { Ok(()) } else { Err(Flaw::StatusWord { status: status.to_owned() }) }
}

fn sha256(what: &'static str, hash: &str) -> Result<(), Flaw> {
    let sound = hash.len() == 64 && hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if sound { Ok(()) } else { Err(Flaw::Hash { what }) }
}

fn present(what: &'static str, text: &str) -> Result<(), Flaw> {
    if crate::shown::plain(text).trim().is_empty() { Err(Flaw::Empty { what }) } else { Ok(()) }
}

fn within(what: &'static str, text: &str, chars_max: usize) -> Result<(), Flaw> {
    // No text has more characters than bytes, and most are short: counting is for the few.
    if text.len() <= chars_max {
        return Ok(());
    }
    let chars = text.chars().count();
    if chars > chars_max { Err(Flaw::TooLong { what, chars, chars_max }) } else { Ok(()) }
}

fn at_most(what: &'static str, count: usize, count_max: usize) -> Result<(), Flaw> {
    if count > count_max { Err(Flaw::TooMany { what, count, count_max }) } else { Ok(()) }
}

fn unique<'a>(what: &'static str, codes: impl Iterator<Item = &'a String>) -> Result<(), Flaw> {
    let mut seen = BTreeSet::new();
    for code in codes {
        if !seen.insert(code) {
            return Err(Flaw::Twice { what, code: code.clone() });
        }
    }
    Ok(())
}
