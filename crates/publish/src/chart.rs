//! Pictures of a list: how its values are spread, the rungs of the ranking around the cut, its items and the time they took. Each is drawn
//! once, for paper and page alike, and has a table with the same numbers beside it.

mod completion;
mod distribution;
mod drawing;
mod item_map;
mod ladder;

pub(crate) use drawing::{Anchor, Drawing, Shape, Size, Stroke, Tone};

use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};
use crate::decimal::Decimal;
use crate::{shown, strings};
use completion::Completion;
use distribution::Distribution;
use item_map::ItemMap;
use ladder::Ladder;

/// A list with fewer values has no pictures: they would say no more than the list.
const VALUES_MIN: usize = 5;

/// A picture with the table of its numbers.
pub(crate) struct Chart<'a> {
    pub(crate) title: String,
    /// What the picture shows, for those who do not see it.
    pub(crate) alternative: String,
    pub(crate) heads: Vec<ChartHead>,
    pub(crate) rows: Vec<Vec<String>>,
    /// The row of the table below which the cut runs.
    pub(crate) cut_below: Option<usize>,
    /// Whether each row of the table stands beside what it says in the picture.
    pub(crate) rows_beside: bool,
    /// Whether the picture is read upward as closely as across.
    pub(crate) tall: bool,
    picture: Picture<'a>,
    mark: char,
}

enum Picture<'a> {
    Distribution { distribution: Distribution, marked: Option<Decimal> },
    Ladder(Ladder<'a>),
    ItemMap(ItemMap),
    Completion(Completion),
}

impl Chart<'_> {
    /// The picture in a size.
    pub(crate) fn draw(&self, size: Size) -> Drawing {
        match &self.picture {
            Picture::Distribution { distribution, marked } => distribution.draw(size, self.mark, *marked),
            Picture::Ladder(ladder) => ladder.draw(size),
            Picture::ItemMap(map) => map.draw(size, self.mark),
            Picture::Completion(completion) => completion.draw(size),
        }
    }
}

/// The head of a column of a chart's table.
pub(crate) struct ChartHead {
    pub(crate) text: String,
    pub(crate) number: bool,
}

impl ChartHead {
    fn text(text: impl Into<String>) -> Self {
        ChartHead { text: text.into(), number: false }
    }

    fn number(text: impl Into<String>) -> Self {
        ChartHead { text: text.into(), number: true }
    }
}

/// The pictures of a list: how its values are spread, and the ladder. None where it has too few values.
pub(crate) fn charts<'a>(announcement: &Announcement, list: &'a AnnouncedList) -> Vec<Chart<'a>> {
    if !has_charts(announcement, list) {
        return Vec::new();
    }
    let distribution = Distribution::of(announcement, list).map(|distribution| distribution.chart(announcement, None));
    let ladder = Ladder::of(announcement, list).map(|ladder| ladder.chart(announcement));
    distribution.into_iter().chain(ladder).collect()
}

/// How the marks of each section are spread, where there are several sections; for the annex on paper.
pub(crate) fn section_charts<'a>(announcement: &Announcement, list: &'a AnnouncedList) -> Vec<Chart<'a>> {
    if list.sections.len() < 2 {
        return Vec::new();
    }
    let sections = (0..list.sections.len()).filter_map(|section| Distribution::of_section(list, section, VALUES_MIN));
    sections.map(|distribution| distribution.chart(announcement, None)).collect()
}

/// The items of a list without their names, and the time they took; for the annex on paper. None where the announcement says nothing of them.
pub(crate) fn statistics_charts(announcement: &Announcement, list: &AnnouncedList) -> Vec<Chart<'static>> {
    let Some(statistics) = announcement.statistics_of(list) else { return Vec::new() };
    let mark = announcement.display.mark;
    let map = ItemMap::of(statistics).map(|map| map.chart(mark));
    let completion = Completion::of(statistics).map(|completion| completion.chart(mark));
    map.into_iter().chain(completion).collect()
}

/// Where one person stands among the values of a list.
pub(crate) fn place_of<'a>(announcement: &Announcement, list: &'a AnnouncedList, row: &AnnouncedRow) -> Option<Chart<'a>> {
    let value = charted(announcement, row).filter(|_| has_charts(announcement, list))?;
    Some(Distribution::of(announcement, list)?.chart(announcement, Some(value)))
}

/// Whether a list has enough values for pictures.
pub(crate) fn has_charts(announcement: &Announcement, list: &AnnouncedList) -> bool {
    list.rows.iter().filter(|row| charted(announcement, row).is_some()).nth(VALUES_MIN - 1).is_some()
}

/// The number that is drawn: the last stage value where there are stage values, otherwise the total.
fn charted(announcement: &Announcement, row: &AnnouncedRow) -> Option<Decimal> {
    charted_text(announcement, row).and_then(Decimal::parse)
}

/// The same as it stands in the document.
fn charted_text<'a>(announcement: &Announcement, row: &'a AnnouncedRow) -> Option<&'a str> {
    if announcement.values.is_empty() { row.total.as_deref() } else { row.values.last().and_then(Option::as_deref) }
}

/// What the drawn number is called.
fn charted_title(announcement: &Announcement) -> String {
    announcement.values.last().map_or_else(|| strings::TOTAL.to_owned(), |value| shown::plain(&value.title).into_owned())
}
