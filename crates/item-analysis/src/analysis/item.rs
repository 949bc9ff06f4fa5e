//! An item and its choices, held against the scale they belong to.

use super::count::AnswerCount;
use super::scale::Scale;
use crate::Marks;
use crate::flag::{self, Flag};
use crate::moments::{self, Moments};
use crate::responses::{Answer, Item, OMITTED};
use std::collections::BTreeSet;

/// Statistics of an item. What is not defined for this table is none.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemStatistics {
    /// Name of its column.
    pub name: String,
    /// Which of the scales of the analysis it is held against.
    pub scale: usize,
    /// How many people had it.
    pub people: usize,
    /// The most marks it gives.
    pub max: Marks,
    /// Mean marks.
    pub mean: f64,
    /// Standard deviation of the marks, with n − 1.
    pub sd: f64,
    /// Mean marks as a share of the most marks: for right and wrong the share of people who have it right.
    pub difficulty: Option<f64>,
    /// Correlation of the item with the sum of the other items of its scale.
    pub point_biserial_corrected: Option<f64>,
    /// Correlation of the item with the whole scale, itself included.
    pub point_biserial: Option<f64>,
    /// Difficulty in the upper 27 % less that in the lower 27 %.
    pub discrimination: Option<f64>,
    /// Alpha of the scale without this item.
    pub alpha_if_deleted: Option<f64>,
    /// Share of people who gave no answer.
    pub omission_rate: f64,
    /// Mean seconds that people took for it, where known.
    pub mean_time_s: Option<f64>,
    /// Its choices, where a key marked them.
    pub choices: Vec<Choice>,
    /// What somebody should look at, gravest first.
    pub flags: BTreeSet<Flag>,
}

/// A choice of an item (or no answer): who took it.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// As it stands in the table; nothing for no answer.
    pub label: String,
    /// What it gives.
    pub marks: Marks,
    /// What it is.
    pub role: Role,
    /// How many took it.
    pub people: u64,
    /// Share of people who took it.
    pub share: f64,
    /// Mean total, on the item's scale, of those who took it.
    pub mean_total: Option<f64>,
    /// Correlation of taking it (1 or 0) with the sum of the other items of the scale.
    pub point_biserial: Option<f64>,
    /// Share of the lower group that took it.
    pub lower_share: Option<f64>,
    /// Share of the upper group that took it.
    pub upper_share: Option<f64>,
}

/// What a choice is to its item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Right: it alone gives the most, and all others give the same.
    Key,
    /// Wrong, where some choice is right.
    Distractor,
    /// One of choices with different marks, as in a test of attitudes.
    Weighted,
    /// No answer.
    Omitted,
}

impl Role {
    /// The word in the table of choices.
    pub fn code(self) -> &'static str {
        match self {
            Role::Key => "key",
            Role::Distractor => "distractor",
            Role::Weighted => "weighted",
            Role::Omitted => "omitted",
        }
    }
}

impl ItemStatistics {
    pub(super) fn new(item: &Item, own_scale: usize, counts: &[AnswerCount], scale: &Scale, mean_time_s: Option<f64>) -> ItemStatistics {
        let sums = scale.moments(item, counts);
        let (lower, upper) = scale.group_people;
        let group_difficulty = |count: fn(&AnswerCount) -> u64, people: usize| {
            let marks = item.answers.iter().zip(counts).map(|(answer, at)| i128::from(answer.marks.milli()) * i128::from(count(at)));
            share_of_max(marks.sum(), people as i128, item.max)
        };
        let discrimination =
            scale.groups.and_then(|_| Some(group_difficulty(|at| at.upper, upper)? - group_difficulty(|at| at.lower, lower)?));
        let mut statistics = ItemStatistics {
            name: item.name.clone(),
            scale: own_scale,
            people: scale.people,
            max: item.max,
            mean: moments::mean(sums.x, sums.n),
            sd: moments::sd(sums.spread_x(), sums.n),
            difficulty: share_of_max(sums.x, sums.n, item.max),
            point_biserial_corrected: sums.with_rest().correlation(),
            point_biserial: sums.correlation(),
            discrimination,
            alpha_if_deleted: scale.alpha_without(&sums),
            omission_rate: counts[usize::from(OMITTED)].people as f64 / scale.people as f64,
            mean_time_s,
            choices: if item.keyed { choices(item, counts, scale, &sums) } else { Vec::new() },
            flags: BTreeSet::new(),
        };
        statistics.flags = flags(&statistics, scale, Known { choices_listed: item.choices_listed, constant: sums.spread_x() == 0 });
        statistics
    }
}

/// A sum of thousandths as a share of what so many people could have had.
fn share_of_max(sum: i128, people: i128, max: Marks) -> Option<f64> {
    match i128::from(max.milli()) {
        // Nobody ever had any marks.
        0 => Some(0.0),
        max => (max > 0).then(|| sum as f64 / (people * max) as f64),
    }
}

fn choices(item: &Item, counts: &[AnswerCount], scale: &Scale, sums: &Moments) -> Vec<Choice> {
    let roles = Roles::of(item);
    let mut choices: Vec<Choice> = item
        .answers
        .iter()
        .zip(counts)
        .enumerate()
        .map(|(code, (answer, count))| choice(answer, count, roles.role(code, answer), scale, sums))
        .collect();
    // No answer last; numbers by their size, other labels by their letters.
    choices.sort_by_cached_key(|choice| {
        let number = choice.label.parse::<Marks>().ok();
        (choice.role == Role::Omitted, number.is_none(), number, choice.label.clone())
    });
    choices
}

/// Whether an item has right and wrong choices.
struct Roles {
    right: Option<Marks>,
}

impl Roles {
    fn of(item: &Item) -> Roles {
        let different: BTreeSet<Marks> = item.answers.iter().skip(1).map(|answer| answer.marks).collect();
        let right = different.last().filter(|most| different.len() <= 2 && **most > Marks::ZERO);
        Roles { right: right.copied() }
    }

    fn role(&self, code: usize, answer: &Answer) -> Role {
        match self.right {
            _ if code == usize::from(OMITTED) => Role::Omitted,
            None => Role::Weighted,
            Some(right) if answer.marks == right => Role::Key,
            Some(_) => Role::Distractor,
        }
    }
}

fn choice(answer: &Answer, count: &AnswerCount, role: Role, scale: &Scale, sums: &Moments) -> Choice {
    let (people, total, marks) = (i128::from(count.people), i128::from(count.total_milli), i128::from(answer.marks.milli()));
    // Taking the choice (1 or 0) beside the rest of the scale.
    let rest = sums.with_rest();
    let taking = Moments { x: people, xx: people, xy: total - marks * people, ..rest };
    let (lower, upper) = scale.group_people;
    let share_of = |count: u64, people: usize| scale.groups.map(|_| count as f64 / people as f64);
    Choice {
        label: answer.label.clone(),
        marks: answer.marks,
        role,
        people: count.people,
        share: count.people as f64 / scale.people as f64,
        mean_total: (people > 0).then(|| moments::mean(total, people)),
        point_biserial: taking.correlation(),
        lower_share: share_of(count.lower, lower),
        upper_share: share_of(count.upper, upper),
    }
}

/// What flags need to know besides the statistics.
struct Known {
    /// Choices that nobody took are choices of this item.
    choices_listed: bool,
    /// Everybody has the same marks.
    constant: bool,
}

fn flags(item: &ItemStatistics, scale: &Scale, known: Known) -> BTreeSet<Flag> {
    let below = |value: Option<f64>, least: f64| value.is_some_and(|value| value < least);
    let negative = below(item.point_biserial_corrected, 0.0);
    let rises = matches!((item.alpha_if_deleted, scale.alpha), (Some(without), Some(with)) if without - with >= flag::ALPHA_RISE_MIN);
    let distractors = || item.choices.iter().filter(|choice| choice.role == Role::Distractor);
    let right = item.choices.iter().filter(|choice| choice.role == Role::Key).filter_map(|choice| choice.upper_share).sum::<f64>();
    // In a hard item more may fall for one distractor than find the key, and yet the key is where the best are.
    let beats_key =
        |choice: &Choice| choice.upper_share.is_some_and(|share| share > right) && choice.point_biserial > item.point_biserial_corrected;
    let draws_the_best = |choice: &Choice| choice.share >= flag::DISTRACTOR_SHARE_MIN && choice.upper_share > choice.lower_share;
    let unused = |choice: &Choice| choice.share < flag::DISTRACTOR_SHARE_MIN && (known.choices_listed || choice.people > 0);
    let found = [
        (Flag::NegativeDiscrimination, negative),
        (Flag::PossibleMiskey, distractors().any(beats_key)),
        (Flag::AttractiveDistractor, distractors().any(draws_the_best)),
        (Flag::Constant, known.constant),
        (Flag::LowDiscrimination, !negative && below(item.point_biserial_corrected, flag::DISCRIMINATION_MIN)),
        (Flag::TooHard, below(item.difficulty, flag::DIFFICULTY_MIN)),
        (Flag::TooEasy, item.difficulty.is_some_and(|difficulty| difficulty > flag::DIFFICULTY_MAX)),
        (Flag::LowersAlpha, rises),
        (Flag::OftenOmitted, item.omission_rate > flag::OMISSION_MAX),
        (Flag::UnusedDistractor, distractors().any(unused)),
    ];
    found.into_iter().filter_map(|(flag, is_so)| is_so.then_some(flag)).collect()
}
