//! The columns of a list, alike in every file: which there are, what heads them, what stands in them.

use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};
use crate::{shown, strings};
use std::borrow::Cow;

/// What a column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Rank,
    ParticipantNo,
    Name,
    Category,
    /// Marks of one section.
    Marks(usize),
    Total,
    /// A stage value.
    Value(usize),
    Code,
    ToFormation,
}

/// Columns of a list: those of the policy, and of the rest only what somebody on the list has.
pub(crate) fn columns(announcement: &Announcement, list: &AnnouncedList) -> Vec<Column> {
    let shows = announcement.columns;
    let any = |has: fn(&AnnouncedRow) -> bool| list.rows.iter().any(has);
    let mut columns = Vec::new();
    if shows.rank {
        columns.push(Column::Rank);
    }
    columns.push(Column::ParticipantNo);
    if any(|row| row.name.is_some()) {
        columns.push(Column::Name);
    }
    if any(|row| row.category.is_some()) {
        columns.push(Column::Category);
    }
    if shows.marks {
        columns.extend((0..list.sections.len()).map(Column::Marks));
    }
    columns.push(Column::Total);
    columns.extend((0..announcement.values.len()).map(Column::Value));
    columns.push(Column::Code);
    if any(|row| row.to_formation.is_some()) {
        columns.push(Column::ToFormation);
    }
    columns
}

impl Column {
    /// What heads it.
    pub(crate) fn head<'a>(self, announcement: &'a Announcement, list: &'a AnnouncedList) -> Cow<'a, str> {
        match self {
            Column::Rank => strings::RANK.into(),
            Column::ParticipantNo => strings::PARTICIPANT_NO.into(),
            Column::Name => strings::NAME.into(),
            Column::Category => strings::CATEGORY.into(),
            Column::Marks(section) => shown::plain(&list.sections[section].code),
            Column::Total => strings::TOTAL.into(),
            Column::Value(value) => shown::plain(&announcement.values[value].title),
            Column::Code => strings::CODE.into(),
            Column::ToFormation => strings::TO_FORMATION.into(),
        }
    }

    /// What stands in it, with the sign for nothing where there is nothing.
    pub(crate) fn cell<'a>(self, announcement: &Announcement, row: &'a AnnouncedRow) -> Cow<'a, str> {
        let mark = announcement.display.mark;
        match self {
            Column::Rank => shown::rank(row.rank),
            Column::ParticipantNo => shown::text_or_nothing(Some(&row.participant_no)),
            Column::Name => shown::text_or_nothing(row.name.as_deref()),
            Column::Category => shown::text_or_nothing(row.category.as_deref()),
            Column::Marks(_) | Column::Total | Column::Value(_) => shown::decimal_or_nothing(self.number(row), mark),
            Column::Code => shown::text_or_nothing(Some(&row.code)),
            Column::ToFormation => shown::text_or_nothing(row.to_formation.as_deref()),
        }
    }

    /// The decimal that stands in it, if it is a column of decimals and there is one.
    pub(crate) fn number(self, row: &AnnouncedRow) -> Option<&str> {
        match self {
            Column::Marks(section) => row.marks.get(section).map(String::as_str),
            Column::Total => row.total.as_deref(),
            Column::Value(value) => row.values.get(value).and_then(Option::as_deref),
            Column::Rank | Column::ParticipantNo | Column::Name | Column::Category | Column::Code | Column::ToFormation => None,
        }
    }

    /// Whether its cells stand under each other by their decimal mark.
    pub(crate) fn is_number(self) -> bool {
        matches!(self, Column::Rank | Column::Marks(_) | Column::Total | Column::Value(_))
    }
}

/// What a row's code means, in Indonesian; the sign for nothing while nothing is decided.
pub(crate) fn meaning(announcement: &Announcement, row: &AnnouncedRow) -> String {
    let meanings: Vec<Cow<'_, str>> = announcement.meanings(row).into_iter().map(|entry| shown::plain(&entry.id)).collect();
    if meanings.is_empty() { strings::NOT_DECIDED.id.to_owned() } else { meanings.join(" / ") }
}

/// What a section is: `Tes Wawasan Kebangsaan, maks. 150, ambang 65`; empty where nothing is known but its code.
pub(crate) fn section_facts(announcement: &Announcement, section: &crate::AnnouncedSection) -> String {
    let mark = announcement.display.mark;
    let title = shown::plain(&section.title).trim().to_owned();
    let title = if title == section.code { String::new() } else { title };
    let max = section.max.as_deref().map(|max| format!("{} {}", strings::MAX_SHORT, shown::decimal(max, mark)));
    let threshold = section.threshold.as_deref().map(|least| format!("{} {}", strings::THRESHOLD_SHORT, shown::decimal(least, mark)));
    [Some(title), max, threshold].into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// What the heads of the columns of marks mean: `TWK: Tes Wawasan Kebangsaan, maks. 150; …`.
pub(crate) fn section_key(announcement: &Announcement, list: &AnnouncedList) -> String {
    let explained = list.sections.iter().filter_map(|section| {
        let facts = section_facts(announcement, section);
        (!facts.is_empty()).then(|| format!("{}: {facts}", shown::plain(&section.code)))
    });
    explained.collect::<Vec<_>>().join("; ")
}

/// Labels and values below the title of a formation.
pub(crate) fn list_facts(announcement: &Announcement, list: &AnnouncedList) -> Vec<(&'static str, String)> {
    let mark = announcement.display.mark;
    let mut facts = Vec::new();
    if !list.category.trim().is_empty() {
        facts.push((strings::CATEGORY, shown::plain(&list.category).into_owned()));
    }
    facts.push((strings::SLOTS, shown::count(list.slots as usize)));
    facts.push((strings::PEOPLE, shown::count(list.rows.len())));
    if let Some(least) = &list.total_threshold {
        facts.push((strings::TOTAL_THRESHOLD, shown::decimal(least, mark).into_owned()));
    }
    if let Some(cut) = list.cut_after.filter(|_| announcement.columns.rank) {
        facts.push((strings::CUT, strings::after_rank(cut)));
    }
    facts
}
