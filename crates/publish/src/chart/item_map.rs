//! The items of a form as dots without names: how hard they were across, how well they tell good from weak upward.

use super::{Anchor, Chart, ChartHead, Drawing, Picture, Size, Stroke, Tone};
use crate::announcement::FormStatistics;
use crate::decimal::Decimal;
use crate::{shown, strings};

/// Items below are hard. This limit and the next two are those the committee's report on its items flags by.
const DIFFICULTY_MIN: Decimal = Decimal::hundredths(20);
/// Items above are easy.
const DIFFICULTY_MAX: Decimal = Decimal::hundredths(90);
/// Items below hardly tell good from weak.
const DISCRIMINATION_MIN: Decimal = Decimal::hundredths(20);
/// Borders of classes between hard and easy.
const BORDERS: [Decimal; 3] = [Decimal::hundredths(40), Decimal::hundredths(60), Decimal::hundredths(80)];
const CLASSES: usize = BORDERS.len() + 3;
/// The step of both scales.
const STEP: Decimal = Decimal::hundredths(20);
/// The easiest an item can be.
const DIFFICULTY_MOST: Decimal = Decimal::hundredths(100);
/// The scale of discrimination reaches at least this high.
const DISCRIMINATION_TOP_MIN: Decimal = Decimal::hundredths(60);

/// Items by where they are.
pub(super) struct ItemMap {
    people: u32,
    /// In the order of the document.
    spots: Vec<Spot>,
}

/// Items that have both numbers in common.
struct Spot {
    difficulty: Decimal,
    discrimination: Decimal,
    items: usize,
}

/// Items of a class of difficulty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Class {
    items: usize,
    /// Of these, below [`DISCRIMINATION_MIN`].
    low: usize,
}

impl ItemMap {
    /// The items of a form; none if it has none.
    pub(super) fn of(statistics: &FormStatistics) -> Option<Self> {
        let mut spots: Vec<Spot> = Vec::new();
        for item in &statistics.items {
            let (difficulty, discrimination) = (Decimal::parse(&item.difficulty)?, Decimal::parse(&item.discrimination)?);
            // Items come sorted: equal ones follow each other.
            match spots.last_mut() {
                Some(spot) if (spot.difficulty, spot.discrimination) == (difficulty, discrimination) => spot.items += 1,
                Some(_) | None => spots.push(Spot { difficulty, discrimination, items: 1 }),
            }
        }
        (!spots.is_empty()).then_some(ItemMap { people: statistics.people, spots })
    }

    /// The picture and its table.
    pub(super) fn chart(self, mark: char) -> Chart<'static> {
        let title = strings::of_people(strings::ITEM_MAP, &shown::count(self.people as usize));
        let row = |(range, class): (String, &Class)| vec![range, shown::count(class.items), shown::count(class.low)];
        let classes = self.classes();
        Chart {
            alternative: self.alternative(&title, &classes, mark),
            title,
            heads: vec![
                ChartHead::text(strings::DIFFICULTY_HEAD),
                ChartHead::number(strings::ITEMS),
                ChartHead::number(strings::low_discrimination_head(&DISCRIMINATION_MIN.shown(mark))),
            ],
            rows: class_titles(mark).into_iter().zip(&classes).map(row).collect(),
            cut_below: None,
            rows_beside: false,
            tall: true,
            picture: Picture::ItemMap(self),
            mark,
        }
    }

    fn classes(&self) -> [Class; CLASSES] {
        let mut classes = [Class::default(); CLASSES];
        for spot in &self.spots {
            let class = &mut classes[class_of(spot.difficulty)];
            class.items += spot.items;
            class.low += if spot.discrimination < DISCRIMINATION_MIN { spot.items } else { 0 };
        }
        classes
    }

    fn alternative(&self, title: &str, classes: &[Class; CLASSES], mark: char) -> String {
        let items = classes.iter().map(|class| class.items).sum();
        let low = classes.iter().map(|class| class.low).sum();
        let mut sentences = vec![format!("{title}: {} butir menurut tingkat kesukaran dan daya beda.", shown::count(items))];
        if let (Some(hardest), Some(easiest)) = (self.spots.first(), self.spots.last()) {
            let (hardest, easiest) = (hardest.difficulty.shown(mark), easiest.difficulty.shown(mark));
            sentences.push(format!("Tingkat kesukaran dari {hardest} sampai {easiest}."));
        }
        let counts = [
            (strings::HARD, "di bawah", DIFFICULTY_MIN, classes[0].items),
            (strings::EASY, "di atas", DIFFICULTY_MAX, classes[CLASSES - 1].items),
            (strings::DISCRIMINATION, "di bawah", DISCRIMINATION_MIN, low),
        ];
        let counted = |(what, side, limit, count): (&str, &str, Decimal, usize)| {
            let count = shown::count(count);
            format!("{count} butir {what} ({side} {})", limit.shown(mark))
        };
        sentences.push(format!("{}.", counts.map(counted).join(", ")));
        sentences.join(" ")
    }

    pub(super) fn draw(&self, size: Size, mark: char) -> Drawing {
        let mut drawing = Drawing::new(size);
        let plot = self.plot(size, mark);
        for value in steps(plot.lowest, plot.highest) {
            let y = plot.y(value);
            drawing.line((plot.left, y), (plot.right, y), if value == Decimal(0) { Stroke::Axis } else { Stroke::Grid });
            drawing.label(plot.left - size.text * 0.4, y + size.text * 0.35, Anchor::End, value.shown(mark));
        }
        for value in steps(plot.hardest, DIFFICULTY_MOST) {
            let x = plot.x(value);
            drawing.line((x, plot.top), (x, plot.bottom), Stroke::Grid);
            drawing.line((x, plot.bottom), (x, plot.bottom + size.text * 0.3), Stroke::Axis);
            drawing.label(x, plot.bottom + size.text * 1.4, Anchor::Middle, value.shown(mark));
        }
        let low = plot.y(DISCRIMINATION_MIN);
        drawing.line((plot.left, low), (plot.right, low), Stroke::Threshold);
        for limit in [DIFFICULTY_MIN, DIFFICULTY_MAX] {
            drawing.line((plot.x(limit), plot.top), (plot.x(limit), plot.bottom), Stroke::Threshold);
        }
        for spot in &self.spots {
            // Twice the items, twice the area.
            let radius = (size.text * 0.22 * (spot.items as f32).sqrt()).min(size.text * 0.8);
            drawing.dot(plot.x(spot.difficulty), plot.y(spot.discrimination), radius, Tone::Ink);
        }
        let above = plot.top - size.text * 0.6;
        drawing.label(plot.left, above, Anchor::Start, format!("{} < {}", strings::HARD, DIFFICULTY_MIN.shown(mark)));
        drawing.label(plot.right, above, Anchor::End, format!("{} > {}", strings::EASY, DIFFICULTY_MAX.shown(mark)));
        drawing.label(0.0, size.text, Anchor::Start, strings::DISCRIMINATION);
        drawing.label((plot.left + plot.right) / 2.0, plot.bottom + size.text * 2.8, Anchor::Middle, strings::DIFFICULTY);
        drawing
    }

    /// Scales with room for every item, from round numbers to round numbers.
    fn plot(&self, size: Size, mark: char) -> Plot {
        let least = |of: fn(&Spot) -> Decimal| self.spots.iter().map(of).min().unwrap_or(Decimal(0)).min(Decimal(0));
        let most = self.spots.iter().map(|spot| spot.discrimination).max().unwrap_or(Decimal(0));
        let lowest = Decimal(least(|spot| spot.discrimination).0.div_euclid(STEP.0) * STEP.0);
        let highest = Decimal(-(-most.0).div_euclid(STEP.0) * STEP.0).max(DISCRIMINATION_TOP_MIN);
        let widest = steps(lowest, highest).map(|value| value.shown(mark).len()).max().unwrap_or(1) as f32;
        Plot {
            left: widest * size.text * 0.6 + size.text * 0.6,
            right: size.width - size.text * 1.2,
            top: size.text * 2.9,
            bottom: size.height - size.text * 3.3,
            hardest: Decimal(least(|spot| spot.difficulty).0.div_euclid(STEP.0) * STEP.0),
            lowest,
            highest,
        }
    }
}

/// Where items are in the drawing.
struct Plot {
    left: f32,
    right: f32,
    top: f32,
    bottom: f32,
    /// The left end of the scale of difficulty; the right one is [`DIFFICULTY_MOST`].
    hardest: Decimal,
    /// The scale of discrimination.
    lowest: Decimal,
    highest: Decimal,
}

impl Plot {
    fn x(&self, difficulty: Decimal) -> f32 {
        self.left + (self.right - self.left) * share(difficulty, self.hardest, DIFFICULTY_MOST)
    }

    fn y(&self, discrimination: Decimal) -> f32 {
        self.bottom - (self.bottom - self.top) * share(discrimination, self.lowest, self.highest)
    }
}

/// How far a value is from one end of a scale to the other.
fn share(value: Decimal, from: Decimal, to: Decimal) -> f32 {
    ((value.0 - from.0) as f64 / (to.0 - from.0).max(1) as f64) as f32
}

fn steps(from: Decimal, to: Decimal) -> impl Iterator<Item = Decimal> {
    (from.0 / STEP.0..=to.0 / STEP.0).map(|step| Decimal(step * STEP.0))
}

/// The class an item is in: hard, easy, or between two borders.
fn class_of(difficulty: Decimal) -> usize {
    if difficulty < DIFFICULTY_MIN {
        0
    } else if difficulty > DIFFICULTY_MAX {
        CLASSES - 1
    } else {
        1 + BORDERS.iter().filter(|border| **border <= difficulty).count()
    }
}

fn class_titles(mark: char) -> [String; CLASSES] {
    let [first, second, third] = BORDERS.map(|border| border.shown(mark));
    let (hard, easy) = (DIFFICULTY_MIN.shown(mark), DIFFICULTY_MAX.shown(mark));
    [
        format!("< {hard} ({})", strings::HARD),
        format!("{hard} – < {first}"),
        format!("{first} – < {second}"),
        format!("{second} – < {third}"),
        format!("{third} – {easy}"),
        format!("> {easy} ({})", strings::EASY),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::announcement::ItemPoint;

    fn map(items: &[(&str, &str)]) -> Option<ItemMap> {
        let point = |(difficulty, discrimination): &(&str, &str)| ItemPoint {
            difficulty: (*difficulty).to_owned(),
            discrimination: (*discrimination).to_owned(),
        };
        let items = items.iter().map(point).collect();
        ItemMap::of(&FormStatistics { formation_code: "A".into(), people: 10, items, completion: Vec::new() })
    }

    #[test]
    fn items_on_a_limit_are_neither_hard_nor_easy() {
        let cases =
            [("-0.5", 0), ("0.19", 0), ("0.2", 1), ("0.39", 1), ("0.40", 2), ("0.6", 3), ("0.8", 4), ("0.9", 4), ("0.91", 5), ("1", 5)];
        for (difficulty, class) in cases {
            assert_eq!(Decimal::parse(difficulty).map(class_of), Some(class), "{difficulty}");
        }
    }

    #[test]
    fn every_item_is_counted_and_equal_ones_share_a_dot() {
        let map = map(&[("0.1", "0.2"), ("0.5", "0.19"), ("0.5", "0.3"), ("0.50", "0.30"), ("0.95", "-0.1")]);
        let counts: Option<Vec<(usize, usize)>> = map.as_ref().map(|map| map.classes().map(|class| (class.items, class.low)).into());
        assert_eq!(counts, Some(vec![(1, 0), (0, 0), (3, 1), (0, 0), (0, 0), (1, 1)]));
        assert_eq!(map.map(|map| map.spots.iter().map(|spot| spot.items).collect::<Vec<_>>()), Some(vec![1, 1, 2, 1]));
    }

    #[test]
    fn every_dot_is_inside_the_picture() {
        let size = Size { width: 282.0, height: 160.0, text: 7.0 };
        let cases: [&[(&str, &str)]; 4] =
            [&[("0", "0")], &[("1", "1")], &[("-1", "-1"), ("1", "1")], &[("0.33", "-0.01"), ("0.34", "0.61")]];
        for items in cases {
            let drawing = map(items).map(|map| map.draw(size, ','));
            let dots = drawing.iter().flat_map(|drawing| &drawing.shapes).filter_map(|shape| match shape {
                super::super::Shape::Dot { x, y, .. } => Some((*x, *y)),
                _ => None,
            });
            let dots: Vec<(f32, f32)> = dots.collect();
            assert_eq!(dots.len(), items.len(), "{items:?}");
            for (x, y) in dots {
                assert!((0.0..=size.width).contains(&x) && (size.text * 2.5..=size.height - size.text * 3.0).contains(&y), "{items:?}");
            }
        }
        assert!(map(&[]).is_none());
    }
}
