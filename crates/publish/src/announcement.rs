//! The announcement: the stored, immutable document every file is made from.
//!
//! Only this module is serialised; `daftar.schema.json` describes it. What is not in it cannot leak: there is no field for an identity number, a
//! birth date, an address or an accommodation. Until release 1.0 its [`Format`] may change; from then on old documents are read for ever.

mod check;
mod find;

pub use check::{Flaw, Part, Place};

use crate::Error;
use serde::{Deserialize, Serialize};

/// Longest text of a table cell (a name, a participant number), in characters. Keeps a row shorter than a page.
pub const CELL_CHARS_MAX: usize = 500;
/// Longest code of a formation, section or status, in characters.
pub const CODE_CHARS_MAX: usize = 60;
/// Longest title of a section, in characters.
pub const SECTION_TITLE_CHARS_MAX: usize = 200;
/// Longest heading, title, decree or reason, in characters.
pub const PARAGRAPH_CHARS_MAX: usize = 2_000;
/// Most lines of a letterhead.
pub const LETTERHEAD_LINES_MAX: usize = 6;
/// Longest line of a letterhead, in characters.
pub const LETTERHEAD_CHARS_MAX: usize = 200;
/// Most decrees.
pub const DECREES_MAX: usize = 40;
/// Most codes of the legend.
pub const CODES_MAX: usize = 200;
/// Most stage values.
pub const VALUES_MAX: usize = 10;
/// Most sections of one list.
pub const SECTIONS_MAX: usize = 40;
/// Most lists of one announcement; each becomes a sheet of the workbook.
pub const LISTS_MAX: usize = 5_000;
/// Most people of one announcement; a tagged PDF takes about a kilobyte and ten of memory a person.
pub const PEOPLE_MAX: usize = 100_000;
/// Most items of one form.
pub const ITEMS_MAX: usize = 1_000;
/// Most moments of one form's course over time.
pub const MOMENTS_MAX: usize = 1_000;
/// Fewest people whose items and time are shown: with fewer, such a picture says more of the people than of the items.
pub const STATISTICS_PEOPLE_MIN: u32 = 10;
/// Most decimals of the numbers about an item.
const ITEM_PLACES_MAX: u8 = 2;
/// Most decimals of a share at a moment.
const SHARE_PLACES_MAX: u8 = 3;
/// Most decimals a value is shown with.
pub const DECIMALS_MAX: u8 = 9;

/// One publication: what was announced, when, by whom, computed from what. Never edited: a correction is a further revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Announcement {
    /// Version of this document.
    pub format: Format,
    /// The paper it is written on.
    pub letterhead: Letterhead,
    /// Who announces.
    pub organiser: String,
    /// Title of the selection.
    pub selection: String,
    /// Title of the stage.
    pub stage: String,
    /// What the announcement is about; stands below *tentang*.
    pub heading: String,
    /// Number under which the organiser files it; may be empty.
    pub number: String,
    /// Where it is signed; may be empty.
    pub place: String,
    /// Who signs.
    pub signatory: Option<Signatory>,
    /// The decrees it rests on (*dasar*), in order.
    pub decrees: Vec<String>,
    /// Revision, from 1.
    pub revision: u32,
    /// Why there is a further revision; may be empty for the first.
    pub reason: String,
    /// When it was published, in milliseconds since 1970 UTC.
    pub published_utc_ms: i64,
    /// The zone in which times are shown.
    pub zone: Zone,
    /// The rule set the results were computed with.
    pub rule_set: RuleSetNamed,
    /// SHA-256 over the input files of the revision, lower-case hex.
    pub input_hash: String,
    /// SHA-256 of the revision's `results.csv`, lower-case hex.
    pub results_hash: String,
    /// What the committee decided to show besides number, total and code.
    pub columns: Columns,
    /// How decimals are written.
    pub display: Display,
    /// The legend. A code can stand for several statuses, and a status mean something else in another stage.
    pub codes: Vec<CodeMeaning>,
    /// Stage values on the scale to 100 and the final value, in order; none for a single stage that is a sum.
    pub values: Vec<ValueColumn>,
    /// One list per formation, in the order to be shown.
    pub lists: Vec<AnnouncedList>,
    /// What is shown of the items and the time, at most once for a list; documents without it are as they ever were.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statistics: Vec<FormStatistics>,
}

/// Version of the stored document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub enum Format {
    /// Results by rule sets, with letterhead, legend and columns by policy.
    V2,
}

impl From<Format> for u32 {
    fn from(format: Format) -> u32 {
        match format {
            Format::V2 => 2,
        }
    }
}

impl TryFrom<u32> for Format {
    type Error = String;

    fn try_from(format: u32) -> Result<Self, String> {
        match format {
            2 => Ok(Format::V2),
            other => Err(format!("format {other} is not known here")),
        }
    }
}

/// The lines at the top of an agency's paper (*kop*).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letterhead {
    /// Agency, unit, address and so on; one to [`LETTERHEAD_LINES_MAX`].
    pub lines: Vec<String>,
}

/// Who signs the announcement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatory {
    /// Office or function.
    pub position: String,
    /// Name.
    pub name: String,
}

/// A rule set by name and content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSetNamed {
    /// Its id, such as `skd-2024`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// SHA-256 of its text, lower-case hex.
    pub hash: String,
}

/// Columns that are shown by policy. What is not shown must not be in the document either: see [`Announcement::without_hidden`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// Category each person applied for.
    pub category: bool,
    /// Marks per section.
    pub marks: bool,
    /// Stage values and the final value.
    pub stage_values: bool,
    /// Rank.
    pub rank: bool,
}

/// How decimals are written, as the rule set says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Display {
    /// Decimals of stage values; they come rounded.
    pub decimals: u8,
    /// Comma or point.
    pub mark: char,
}

/// An entry of the legend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeMeaning {
    /// The code as printed.
    pub code: String,
    /// The status it stands for, one of the words of `docs/rules.md`.
    pub status: String,
    /// Its meaning in Indonesian.
    pub id: String,
    /// Its meaning in English.
    pub en: String,
}

/// A column of stage values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueColumn {
    /// Its id, such as `skd_100` or `final`.
    pub id: String,
    /// Its title; the head of the column.
    pub title: String,
}

/// A time zone of Indonesia. None of them has summer time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Zone {
    /// Western Indonesia, UTC+7.
    Wib,
    /// Central Indonesia, UTC+8.
    Wita,
    /// Eastern Indonesia, UTC+9.
    Wit,
}

/// The list of one formation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncedList {
    /// Formation code, unique in the announcement.
    pub formation_code: String,
    /// Formation title.
    pub formation_title: String,
    /// Category of the formation; may be empty.
    pub category: String,
    /// Vacant slots.
    pub slots: u32,
    /// The sections of the test, in order.
    pub sections: Vec<AnnouncedSection>,
    /// Least total, where the rule set has one for this formation.
    pub total_threshold: Option<String>,
    /// The rank after which the cut runs, where there is one.
    pub cut_after: Option<u32>,
    /// People in the order to be shown.
    pub rows: Vec<AnnouncedRow>,
}

/// A section of a test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncedSection {
    /// Section code, unique in the list; the head of the column.
    pub code: String,
    /// Section title.
    pub title: String,
    /// Highest possible mark.
    pub max: Option<String>,
    /// Least mark, where the rule set has one for this formation.
    pub threshold: Option<String>,
}

/// One person on a list. Numbers are decimals with a point, as in `results.csv`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnnouncedRow {
    /// Rank, from 1; equals share one; none for who was not ranked.
    pub rank: Option<u32>,
    /// Participant number, unique in the announcement without regard to case and white space; not always digits.
    pub participant_no: String,
    /// Name as policy allows it to be shown: full, initials or none.
    pub name: Option<String>,
    /// Category applied for.
    pub category: Option<String>,
    /// Marks per section; one for each section, or none at all.
    pub marks: Vec<String>,
    /// The number that was ranked, or the total of the stage where it ended.
    pub total: Option<String>,
    /// One for each [`ValueColumn`].
    pub values: Vec<Option<String>>,
    /// Status, one of the words of `docs/rules.md`.
    pub status: String,
    /// The rule set's code for it; empty while the committee has not decided.
    pub code: String,
    /// Code of the formation somebody was moved to.
    pub to_formation: Option<String>,
}

/// Items and time of the people of one formation. No item has a name, a number or a place of its own here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormStatistics {
    /// Code of a formation that has a list.
    pub formation_code: String,
    /// How many people it was computed from; at least [`STATISTICS_PEOPLE_MIN`].
    pub people: u32,
    /// The items, sorted by difficulty, then discrimination: an order that is not their own.
    pub items: Vec<ItemPoint>,
    /// The course over time, minutes ascending.
    pub completion: Vec<Moment>,
}

/// One item without its name. Numbers are decimals with a point and at most two places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemPoint {
    /// Share of the item's marks that people got, from -1 to 1: the higher, the easier; below 0 only where an item punishes.
    pub difficulty: String,
    /// How well it tells good from weak, from -1 to 1.
    pub discrimination: String,
}

/// How far people were, so many minutes after each one's own start. Shares are decimals with a point, from 0 to 1, with at most three places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Minutes since the start.
    pub minute: u32,
    /// Share of all items of all people that were answered.
    pub answered: String,
    /// Share of people who had ended.
    pub ended: String,
}

impl Announcement {
    /// Reads a stored document and checks it.
    pub fn from_json(json: &[u8]) -> Result<Self, Error> {
        let announcement: Announcement = serde_json::from_slice(json).map_err(Error::Restore)?;
        announcement.check()?;
        Ok(announcement)
    }

    /// The document as it is stored and served as `daftar.json`.
    pub fn to_json(&self) -> Result<Vec<u8>, Error> {
        self.check()?;
        let mut json = serde_json::to_vec(self).map_err(|error| Error::stop("daftar.json", error))?;
        json.push(b'\n');
        Ok(json)
    }

    /// The same without everything that [`Columns`] does not show.
    pub fn without_hidden(mut self) -> Self {
        let columns = self.columns;
        if !columns.stage_values {
            self.values.clear();
        }
        for row in self.lists.iter_mut().flat_map(|list| &mut list.rows) {
            row.category = row.category.take().filter(|_| columns.category);
            row.rank = row.rank.filter(|_| columns.rank);
            if !columns.marks {
                row.marks.clear();
            }
            if !columns.stage_values {
                row.values.clear();
            }
        }
        self
    }
}
