//! How the values of a list are spread: people by class of values, with the threshold and the cut.

use super::{Anchor, Chart, ChartHead, Drawing, Picture, Size, Stroke, Tone, charted, charted_title};
use crate::announcement::{AnnouncedList, Announcement};
use crate::decimal::Decimal;
use crate::{shown, strings};

/// Most classes of values.
const CLASSES_MAX: i128 = 12;
/// The finest class, in thousand-millionths: one thousandth.
const WIDTH_MIN: i128 = 1_000_000;
/// Most lines of the grid.
const GRID_MAX: usize = 4;

/// People by class.
pub(super) struct Distribution {
    /// What is spread.
    of: String,
    classes: Vec<Class>,
    threshold: Option<Decimal>,
    cut: Option<Decimal>,
}

/// People from one value up to, but without, another.
struct Class {
    from: Decimal,
    to: Decimal,
    people: usize,
    /// Of these, above the cut.
    above: usize,
}

impl Distribution {
    /// Counts a list; none if nobody on it has a value.
    pub(super) fn of(announcement: &Announcement, list: &AnnouncedList) -> Option<Self> {
        let last_above = list.last_above_cut();
        let values = list.rows.iter().enumerate().filter_map(|(index, row)| Some((index, charted(announcement, row)?)));
        let values: Vec<(usize, Decimal)> = values.collect();
        if values.is_empty() {
            return None;
        }
        let classes = classes(&values, |index| last_above.is_some_and(|last| index <= last));
        // A threshold of the total says nothing about a value on another scale.
        let threshold = list.total_threshold.as_deref().filter(|_| announcement.values.is_empty()).and_then(Decimal::parse);
        let cut = last_above.and_then(|last| charted(announcement, &list.rows[last]));
        Some(Distribution { of: charted_title(announcement).to_lowercase(), classes, threshold, cut })
    }

    /// Counts the marks of one section of a list; none if fewer than `values_min` have some. The cut is not one of sections.
    pub(super) fn of_section(list: &AnnouncedList, section: usize, values_min: usize) -> Option<Self> {
        let marks = list.rows.iter().enumerate().filter_map(|(index, row)| Some((index, Decimal::parse(row.marks.get(section)?)?)));
        let marks: Vec<(usize, Decimal)> = marks.collect();
        if marks.len() < values_min {
            return None;
        }
        let of = &list.sections[section];
        let title = if of.title.trim().is_empty() { &of.code } else { &of.title };
        let threshold = of.threshold.as_deref().and_then(Decimal::parse);
        Some(Distribution { of: shown::plain(title).into_owned(), classes: classes(&marks, |_| false), threshold, cut: None })
    }

    /// The picture and its table; `marked` is the value of the one person a page is about.
    pub(super) fn chart(self, announcement: &Announcement, marked: Option<Decimal>) -> Chart<'static> {
        let mark = announcement.display.mark;
        let title = format!("{} {}", strings::DISTRIBUTION, self.of);
        let row = |class: &Class| {
            let range = format!("{} – < {}", class.from.shown(mark), class.to.shown(mark));
            let mut row = vec![range, shown::count(class.people)];
            row.extend(self.cut.map(|_| shown::count(class.above)));
            row
        };
        let rows = self.classes.iter().map(row).collect();
        let mut heads = vec![ChartHead::text(strings::CLASS), ChartHead::number(strings::PEOPLE)];
        heads.extend(self.cut.map(|_| ChartHead::number(strings::ABOVE_CUT)));
        let alternative = self.alternative(&title, mark, marked);
        let picture = Picture::Distribution { distribution: self, marked };
        Chart { title, alternative, heads, rows, cut_below: None, rows_beside: false, tall: false, picture, mark }
    }

    fn alternative(&self, title: &str, mark: char, marked: Option<Decimal>) -> String {
        let fullest = self.classes.iter().max_by_key(|class| class.people);
        let mut sentences = vec![format!("{title} dalam {} kelas.", self.classes.len())];
        if let Some(class) = fullest {
            let (from, to, people) = (class.from.shown(mark), class.to.shown(mark), shown::count(class.people));
            sentences.push(format!("Terbanyak {people} peserta dari {from} sampai di bawah {to}."));
        }
        sentences.extend(self.threshold.map(|threshold| format!("{} {}.", strings::THRESHOLD, threshold.shown(mark))));
        sentences.extend(self.cut.map(|cut| format!("Nilai terakhir di atas batas {}.", cut.shown(mark))));
        sentences.extend(marked.map(|marked| format!("Nilai peserta ini {}.", marked.shown(mark))));
        sentences.join(" ")
    }

    pub(super) fn draw(&self, size: Size, mark: char, marked: Option<Decimal>) -> Drawing {
        let mut drawing = Drawing::new(size);
        let most = self.classes.iter().map(|class| class.people).max().unwrap_or(0).max(1);
        let step = grid_step(most);
        let top_count = most.div_ceil(step) * step;
        // Above the picture the lines of labels, below it one, beside it the counts.
        let count_chars = shown::count(top_count).len() as f32;
        let plot = Plot {
            left: count_chars * size.text * 0.6 + size.text * 0.6,
            right: size.width - size.text * 1.2,
            top: size.text * if marked.is_some() { 4.1 } else { 2.9 },
            bottom: size.height - size.text * 1.9,
            first: self.classes.first().map_or(Decimal(0), |class| class.from),
            last: self.classes.last().map_or(Decimal(1), |class| class.to),
        };
        let height = |people: usize| (plot.bottom - plot.top) * people as f32 / top_count as f32;
        for count in (0..=top_count).step_by(step) {
            let y = plot.bottom - height(count);
            drawing.line((plot.left, y), (plot.right, y), if count == 0 { Stroke::Axis } else { Stroke::Grid });
            drawing.label(plot.left - size.text * 0.4, y + size.text * 0.35, Anchor::End, shown::count(count));
        }
        for class in &self.classes {
            let (left, right) = (plot.x(class.from), plot.x(class.to));
            let gap = ((right - left) * 0.06).max(0.5);
            let (above, others) = (height(class.above), height(class.people - class.above));
            let (x, width) = (left + gap, right - left - 2.0 * gap);
            if above > 0.0 {
                drawing.bar(x, plot.bottom - above, width, above, Tone::Above);
            }
            if others > 0.0 {
                drawing.bar(x, plot.bottom - above - others, width, others, Tone::Others);
            }
        }
        self.draw_scale(&mut drawing, &plot, mark);
        if let Some(threshold) = self.threshold {
            let label = format!("{} {}", strings::THRESHOLD_SHORT, threshold.shown(mark));
            draw_border(&mut drawing, &plot, threshold, Stroke::Threshold, label);
        }
        if let Some(cut) = self.cut {
            draw_border(&mut drawing, &plot, cut, Stroke::Cut, format!("{} {}", strings::CUT_SHORT, cut.shown(mark)));
        }
        if let Some(value) = marked {
            draw_border(&mut drawing, &plot, value, Stroke::Marked, format!("{} {}", strings::THIS_PERSON, value.shown(mark)));
        }
        drawing
    }

    /// Values below the axis: at the borders of classes, as many as have room.
    fn draw_scale(&self, drawing: &mut Drawing, plot: &Plot, mark: char) {
        let size = drawing.size;
        let borders: Vec<Decimal> = self.classes.iter().map(|class| class.from).chain([plot.last]).collect();
        let widest = borders.iter().map(|border| border.shown(mark).len()).max().unwrap_or(1) as f32 * size.text * 0.62 + size.text * 0.6;
        let room = (plot.right - plot.left) / self.classes.len().max(1) as f32;
        let every = (widest / room).ceil().max(1.0) as usize;
        for border in borders.iter().step_by(every) {
            let x = plot.x(*border);
            drawing.line((x, plot.bottom), (x, plot.bottom + size.text * 0.3), Stroke::Axis);
            drawing.label(x, plot.bottom + size.text * 1.4, Anchor::Middle, border.shown(mark));
        }
    }
}

/// A value across the picture with its label on top, each kind on a line of its own, so that labels never meet.
fn draw_border(drawing: &mut Drawing, plot: &Plot, value: Decimal, stroke: Stroke, label: String) {
    if value < plot.first || plot.last < value {
        return;
    }
    let (x, text) = (plot.x(value), drawing.size.text);
    let raised = match stroke {
        Stroke::Marked => 2.5,
        Stroke::Cut => 1.25,
        Stroke::Threshold | Stroke::Axis | Stroke::Grid | Stroke::Answered | Stroke::Ended => 0.0,
    };
    drawing.line((x, plot.bottom), (x, plot.top - text * (0.35 + raised)), stroke);
    // Beside its line, on the side that has room.
    let (x, anchor) = if x > (plot.left + plot.right) / 2.0 { (x - 3.0, Anchor::End) } else { (x + 3.0, Anchor::Start) };
    drawing.label(x, plot.top - text * (0.6 + raised), anchor, label);
}

/// Where values and counts are in the drawing.
struct Plot {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
    first: Decimal,
    last: Decimal,
}

impl Plot {
    fn x(&self, value: Decimal) -> f32 {
        let share = (value.0 - self.first.0) as f64 / (self.last.0 - self.first.0).max(1) as f64;
        self.left + (self.right - self.left) * share as f32
    }
}

/// Counts values, by the rows they come from, into classes of one round width; there has to be one.
fn classes(values: &[(usize, Decimal)], above: impl Fn(usize) -> bool) -> Vec<Class> {
    let least = values.iter().map(|(_, value)| *value).min().unwrap_or(Decimal(0));
    let most = values.iter().map(|(_, value)| *value).max().unwrap_or(least);
    let width = class_width(least, most);
    let first = least.0.div_euclid(width);
    let class = |number: i128| Class { from: Decimal(number * width), to: Decimal((number + 1) * width), people: 0, above: 0 };
    let mut classes: Vec<Class> = (first..=most.0.div_euclid(width)).map(class).collect();
    for (index, value) in values {
        let class = &mut classes[(value.0.div_euclid(width) - first) as usize];
        class.people += 1;
        class.above += usize::from(above(*index));
    }
    classes
}

/// The width of classes: 1, 2 or 5 times a power of ten, the finest that gives at most [`CLASSES_MAX`].
fn class_width(least: Decimal, most: Decimal) -> i128 {
    let mut power = WIDTH_MIN;
    loop {
        for width in [power, 2 * power, 5 * power] {
            if most.0.div_euclid(width) - least.0.div_euclid(width) < CLASSES_MAX {
                return width;
            }
        }
        power *= 10;
    }
}

/// The step of the grid: 1, 2 or 5 times a power of ten, the finest that gives at most [`GRID_MAX`] lines above the axis.
fn grid_step(most: usize) -> usize {
    let mut power = 1;
    loop {
        for step in [power, 2 * power, 5 * power] {
            if most.div_ceil(step) <= GRID_MAX {
                return step;
            }
        }
        power *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn classes_are_round_and_few() {
        let one = 1_000_000_000;
        let cases = [(0, 550, 50 * one), (300, 342, 5 * one), (-3, 6, one), (7, 7, WIDTH_MIN), (0, 19, 2 * one)];
        for (least, most, width) in cases {
            assert_eq!(class_width(Decimal(least * one), Decimal(most * one)), width, "{least} to {most}");
        }
    }

    proptest! {
        #[test]
        fn everybody_stands_in_the_class_of_their_value(values in proptest::collection::vec(-10_i128.pow(15)..10_i128.pow(15), 1..60), above in 0_usize..60) {
            let values: Vec<(usize, Decimal)> = values.into_iter().map(Decimal).enumerate().collect();
            let classes = classes(&values, |index| index < above);
            prop_assert!((1..=CLASSES_MAX as usize).contains(&classes.len()));
            prop_assert!(classes.windows(2).all(|pair| pair[0].to == pair[1].from));
            for class in &classes {
                let inside = |(_, value): &&(usize, Decimal)| class.from <= *value && *value < class.to;
                prop_assert_eq!(class.people, values.iter().filter(inside).count());
                prop_assert_eq!(class.above, values.iter().filter(inside).filter(|(index, _)| *index < above).count());
            }
            prop_assert_eq!(classes.iter().map(|class| class.people).sum::<usize>(), values.len());
        }
    }

    #[test]
    fn the_grid_has_round_steps() {
        for (most, step) in [(1, 1), (4, 1), (5, 2), (9, 5), (21, 10), (700, 200)] {
            assert_eq!(grid_step(most), step, "{most}");
        }
    }
}
