//! The rungs of a ranking around its cut, or its highest ones where there is no cut.

use super::{Anchor, Chart, ChartHead, Drawing, Picture, Size, Stroke, Tone, charted, charted_text, charted_title};
use crate::announcement::{AnnouncedList, AnnouncedRow, Announcement};
use crate::decimal::Decimal;
use crate::{shown, strings};

/// Rungs on either side of the cut.
const RUNGS_BESIDE: usize = 5;
/// Longest text in the table beside the picture, in characters.
const CELL_CHARS_MAX: usize = 30;

/// People on neighbouring rungs.
pub(super) struct Ladder<'a> {
    rungs: Vec<Rung<'a>>,
    /// Rungs above the cut; none where there is no cut.
    above: Option<usize>,
}

struct Rung<'a> {
    row: &'a AnnouncedRow,
    rank: u32,
    value: Decimal,
    /// The value as it stands in the list.
    text: String,
}

impl<'a> Ladder<'a> {
    /// The rungs of a list; none where fewer than two people are ranked.
    pub(super) fn of(announcement: &Announcement, list: &'a AnnouncedList) -> Option<Self> {
        let rung = |row: &'a AnnouncedRow| {
            let text = shown::decimal(charted_text(announcement, row)?, announcement.display.mark).into_owned();
            Some(Rung { row, rank: row.rank?, value: charted(announcement, row)?, text })
        };
        let above_all = list.last_above_cut().map(|last| list.rows[..=last].iter().filter_map(rung).count());
        let first = above_all.unwrap_or(0).saturating_sub(RUNGS_BESIDE);
        let rungs: Vec<Rung<'a>> = list.rows.iter().filter_map(rung).skip(first).take(2 * RUNGS_BESIDE).collect();
        let above = above_all.map(|above| above - first);
        (rungs.len() > 1).then_some(Ladder { rungs, above })
    }

    /// The picture and its table.
    pub(super) fn chart(self, announcement: &Announcement) -> Chart<'a> {
        let mark = announcement.display.mark;
        let title = if self.above.is_some() { strings::LADDER } else { strings::LADDER_TOP };
        let row = |rung: &Rung| {
            let code = shortened(&shown::text_or_nothing(Some(&rung.row.code)));
            vec![rung.rank.to_string(), shortened(&shown::plain(&rung.row.participant_no)), rung.text.clone(), code]
        };
        Chart {
            title: title.to_owned(),
            alternative: self.alternative(title),
            heads: vec![
                ChartHead::number(strings::RANK),
                ChartHead::text(strings::PARTICIPANT_NO),
                ChartHead::number(charted_title(announcement)),
                ChartHead::text(strings::CODE),
            ],
            rows: self.rungs.iter().map(row).collect(),
            cut_below: self.above.and_then(|above| above.checked_sub(1)),
            rows_beside: true,
            tall: false,
            picture: Picture::Ladder(self),
            mark,
        }
    }

    fn alternative(&self, title: &str) -> String {
        let (Some(first), Some(last)) = (self.rungs.first(), self.rungs.last()) else { return title.to_owned() };
        let span = format!(
            "{title}: peringkat {} dengan nilai {} sampai peringkat {} dengan nilai {}.",
            first.rank, first.text, last.rank, last.text
        );
        match self.above.and_then(|above| above.checked_sub(1)) {
            Some(last_above) => format!("{span} Batas sesudah nilai {}.", self.rungs[last_above].text),
            None => span,
        }
    }

    pub(super) fn draw(&self, size: Size) -> Drawing {
        let mut drawing = Drawing::new(size);
        let rung_height = size.height / self.rungs.len() as f32;
        let chars = |text: &str| text.chars().count() as f32 * size.text * 0.6;
        let widest_rank = self.rungs.iter().map(|rung| chars(&rung.rank.to_string())).fold(0.0, f32::max);
        let widest_value = self.rungs.iter().map(|rung| chars(&rung.text)).fold(0.0, f32::max);
        let (left, right) = (widest_rank + size.text, size.width - widest_value - size.text);
        let least = self.rungs.iter().map(|rung| rung.value).min().unwrap_or(Decimal(0));
        let most = self.rungs.iter().map(|rung| rung.value).max().unwrap_or(least);
        let radius = (size.text * 0.38).min(rung_height * 0.3);
        for (index, rung) in self.rungs.iter().enumerate() {
            let y = (index as f32 + 0.5) * rung_height;
            // Equal values stand at the right end: nobody is behind anybody.
            let share = if most == least { 1.0 } else { (rung.value.0 - least.0) as f64 / (most.0 - least.0) as f64 };
            let x = left + radius + (right - left - 2.0 * radius) * share as f32;
            let tone = if self.above.is_some_and(|above| index < above) { Tone::Above } else { Tone::Others };
            drawing.label(left - size.text * 0.5, y + size.text * 0.35, Anchor::End, rung.rank.to_string());
            drawing.line((left, y), (right, y), Stroke::Grid);
            drawing.dot(x, y, radius, tone);
            drawing.label(right + size.text * 0.5, y + size.text * 0.35, Anchor::Start, rung.text.clone());
        }
        if let Some(above) = self.above {
            let y = above as f32 * rung_height;
            drawing.line((0.0, y), (size.width, y), Stroke::Cut);
        }
        drawing
    }
}

/// The beginning of a text that would make the table beside the picture higher than a page; the list has the whole.
fn shortened(text: &str) -> String {
    if text.chars().count() <= CELL_CHARS_MAX {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(CELL_CHARS_MAX - 1).collect::<String>())
}
