//! How far people were, minute by minute since each one's own start: items answered, and people who had ended.

use super::{Anchor, Chart, ChartHead, Drawing, Picture, Size, Stroke};
use crate::announcement::FormStatistics;
use crate::decimal::Decimal;
use crate::{shown, strings};

/// Most steps between the rows of the table.
const ROW_STEPS_MAX: u32 = 10;
/// Most steps of the scale of minutes.
const SCALE_STEPS_MAX: u32 = 10;
/// Lines of the grid, in hundredths.
const GRID_HUNDREDTHS: [i128; 5] = [0, 25, 50, 75, 100];
/// Minutes that people count by; further ones are twice the one before.
const ROUND_MINUTES: [u32; 8] = [1, 2, 5, 10, 15, 20, 30, 60];

/// A course over time.
pub(super) struct Completion {
    people: u32,
    moments: Vec<Moment>,
}

struct Moment {
    minute: u32,
    answered: Decimal,
    ended: Decimal,
}

impl Completion {
    /// The course of a form; none if it has fewer than two moments.
    pub(super) fn of(statistics: &FormStatistics) -> Option<Self> {
        let moments: Option<Vec<Moment>> = statistics
            .completion
            .iter()
            .map(|moment| {
                let (answered, ended) = (Decimal::parse(&moment.answered)?, Decimal::parse(&moment.ended)?);
                Some(Moment { minute: moment.minute, answered, ended })
            })
            .collect();
        moments.filter(|moments| moments.len() > 1).map(|moments| Completion { people: statistics.people, moments })
    }

    /// The picture and its table.
    pub(super) fn chart(self, mark: char) -> Chart<'static> {
        let title = strings::of_people(strings::COMPLETION, &shown::count(self.people as usize));
        let row = |moment: &Moment| vec![shown::count(moment.minute as usize), percent(moment.answered, mark), percent(moment.ended, mark)];
        Chart {
            alternative: self.alternative(&title, mark),
            title,
            heads: vec![
                ChartHead::number(strings::MINUTE),
                ChartHead::number(strings::ANSWERED_PERCENT),
                ChartHead::number(strings::ENDED_PERCENT),
            ],
            rows: self.rows().into_iter().map(row).collect(),
            cut_below: None,
            rows_beside: false,
            tall: false,
            picture: Picture::Completion(self),
            mark,
        }
    }

    fn first_minute(&self) -> u32 {
        self.moments.first().map_or(0, |moment| moment.minute)
    }

    fn last_minute(&self) -> u32 {
        self.moments.last().map_or(0, |moment| moment.minute)
    }

    /// All moments where they are few; otherwise those at round minutes, or the last ones before, and the very last one.
    fn rows(&self) -> Vec<&Moment> {
        if self.moments.len() <= ROW_STEPS_MAX as usize {
            return self.moments.iter().collect();
        }
        let (first, last) = (self.first_minute(), self.last_minute());
        let step = round_step(last - first, ROW_STEPS_MAX);
        let round = (first.div_ceil(step)..=last / step).map(|number| number * step);
        let mut rows: Vec<&Moment> = round.chain([last]).filter_map(|minute| self.at(minute)).collect();
        rows.dedup_by_key(|moment| moment.minute);
        rows
    }

    /// The last moment that is not later.
    fn at(&self, minute: u32) -> Option<&Moment> {
        let until = self.moments.partition_point(|moment| moment.minute <= minute);
        self.moments[..until].last()
    }

    fn alternative(&self, title: &str, mark: char) -> String {
        let half = Decimal::hundredths(50);
        let half_at = |of: fn(&Moment) -> Decimal| self.moments.iter().find(|moment| half <= of(moment)).map(|moment| moment.minute);
        let mut sentences = vec![format!("{title}, sampai menit ke-{}.", shown::count(self.last_minute() as usize))];
        let halves =
            [(strings::ITEMS_ANSWERED, half_at(|moment| moment.answered)), (strings::PEOPLE_ENDED, half_at(|moment| moment.ended))];
        for (what, minute) in halves {
            sentences.extend(minute.map(|minute| format!("Separuh {what} pada menit ke-{}.", shown::count(minute as usize))));
        }
        sentences.extend(self.moments.last().map(|last| {
            let (answered, ended) = (percent(last.answered, mark), percent(last.ended, mark));
            format!("Akhirnya {answered}% {} dan {ended}% {}.", strings::ITEMS_ANSWERED, strings::PEOPLE_ENDED)
        }));
        sentences.join(" ")
    }

    pub(super) fn draw(&self, size: Size) -> Drawing {
        let mut drawing = Drawing::new(size);
        let last = self.last_minute().max(1);
        let (left, right) = (size.text * 3.6, size.width - size.text * 1.8);
        let (top, bottom) = (size.text * 2.9, size.height - size.text * 3.3);
        let x = |minute: u32| left + (right - left) * (f64::from(minute) / f64::from(last)) as f32;
        let y = |share: Decimal| bottom - (bottom - top) * share.approximate() as f32;
        for hundredths in GRID_HUNDREDTHS {
            let y = y(Decimal::hundredths(hundredths));
            drawing.line((left, y), (right, y), if hundredths == 0 { Stroke::Axis } else { Stroke::Grid });
            drawing.label(left - size.text * 0.4, y + size.text * 0.35, Anchor::End, format!("{hundredths}%"));
        }
        let label_width = (shown::count(last as usize).len() as f32 + 1.0) * size.text * 0.6;
        let room = ((right - left) / label_width).clamp(1.0, SCALE_STEPS_MAX as f32) as u32;
        let step = round_step(last, room);
        for minute in (0..=last / step).map(|number| number * step) {
            drawing.line((x(minute), bottom), (x(minute), bottom + size.text * 0.3), Stroke::Axis);
            drawing.label(x(minute), bottom + size.text * 1.4, Anchor::Middle, shown::count(minute as usize));
        }
        drawing.label((left + right) / 2.0, bottom + size.text * 2.8, Anchor::Middle, strings::MINUTES_SINCE_START);
        let course = |of: fn(&Moment) -> Decimal| self.moments.iter().map(|moment| (x(moment.minute), y(of(moment)))).collect();
        drawing.course(course(|moment| moment.answered), Stroke::Answered);
        drawing.course(course(|moment| moment.ended), Stroke::Ended);
        // What the lines are stands above: they often end in one place.
        let lines = [(left, Stroke::Answered, strings::ITEMS_ANSWERED), ((left + right) / 2.0, Stroke::Ended, strings::PEOPLE_ENDED)];
        for (x, stroke, what) in lines {
            let y = size.text;
            drawing.line((x, y), (x + size.text * 3.0, y), stroke);
            drawing.label(x + size.text * 3.6, y + size.text * 0.35, Anchor::Start, what);
        }
        drawing
    }
}

/// A share in percent, without the sign.
fn percent(share: Decimal, mark: char) -> String {
    Decimal(share.0 * 100).shown(mark)
}

/// The finest step of round minutes that gives at most so many steps.
fn round_step(minutes: u32, steps_max: u32) -> u32 {
    let further = std::iter::successors(Some(120_u32), |step| step.checked_mul(2));
    let mut steps = ROUND_MINUTES.into_iter().chain(further);
    steps.find(|step| minutes.div_ceil(*step) <= steps_max).unwrap_or(minutes.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::announcement;

    fn completion(minutes: &[u32]) -> Option<Completion> {
        let share = |index: usize| format!("{}.{:03}", index / minutes.len(), index * 1000 / minutes.len() % 1000);
        let moment =
            |(index, minute): (usize, &u32)| announcement::Moment { minute: *minute, answered: share(index + 1), ended: share(index) };
        let completion = minutes.iter().enumerate().map(moment).collect();
        Completion::of(&announcement::FormStatistics { formation_code: "A".into(), people: 10, items: Vec::new(), completion })
    }

    #[test]
    fn steps_are_those_people_count_by() {
        for (minutes, step) in [(0, 1), (10, 1), (11, 2), (90, 10), (100, 10), (101, 15), (120, 15), (210, 30), (600, 60), (601, 120)] {
            assert_eq!(round_step(minutes, 10), step, "{minutes}");
        }
        assert!(u32::MAX.div_ceil(round_step(u32::MAX, 10)) <= 10);
        assert!(u32::MAX.div_ceil(round_step(u32::MAX, 1)) <= 1);
    }

    #[test]
    fn the_table_has_moments_at_round_minutes_and_the_last_one() {
        let every = |first: u32, last: u32, step: usize| (first..=last).step_by(step).collect::<Vec<u32>>();
        let cases: [(Vec<u32>, &[u32]); 6] = [
            (every(0, 100, 1), &[0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]),
            (every(0, 37, 1), &[0, 5, 10, 15, 20, 25, 30, 35, 37]),
            (every(0, 99, 3), &[0, 9, 18, 30, 39, 48, 60, 69, 78, 90, 99]),
            (every(500, 511, 1), &[500, 502, 504, 506, 508, 510, 511]),
            (vec![3, 1500, 1517], &[3, 1500, 1517]),
            (vec![7, 8], &[7, 8]),
        ];
        for (minutes, expected) in cases {
            let completion = completion(&minutes);
            let rows: Option<Vec<u32>> = completion.map(|completion| completion.rows().iter().map(|moment| moment.minute).collect());
            assert_eq!(rows.as_deref(), Some(expected), "{minutes:?}");
        }
        assert!(completion(&[5]).is_none());
    }

    #[test]
    fn a_course_over_ages_has_few_rows_and_labels() {
        let minutes: Vec<u32> = (0..=50).map(|number| number * (u32::MAX / 50)).collect();
        let completion = completion(&minutes);
        assert!(completion.as_ref().is_some_and(|completion| completion.rows().len() <= 12));
        let drawing = completion.map(|completion| completion.draw(Size { width: 282.0, height: 118.0, text: 7.0 }));
        assert!(drawing.is_some_and(|drawing| drawing.shapes.len() < 40));
    }
}
