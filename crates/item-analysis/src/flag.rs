//! What somebody should look at in an item. A flag is a question to the author, never a verdict; thresholds are customary ones, and
//! `docs/item-statistics.md` names where they come from.

use crate::phrase::{Phrase, phrase};

/// Something that is unusual about an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// Whoever is better elsewhere does worse here.
    NegativeDiscrimination,
    /// In the upper group more people take a wrong choice than a right one, and it goes with better totals than the right one does.
    PossibleMiskey,
    /// A wrong choice is taken by more of the upper than of the lower group.
    AttractiveDistractor,
    /// Everybody has the same marks.
    Constant,
    /// The item hardly tells good from weak.
    LowDiscrimination,
    /// Hardly anybody gets it.
    TooHard,
    /// Nearly everybody gets it.
    TooEasy,
    /// Without it the scale would be more reliable.
    LowersAlpha,
    /// Many leave it out.
    OftenOmitted,
    /// A wrong choice that hardly anybody takes. One that nobody takes is known only where the key lists the choices.
    UnusedDistractor,
}

/// Below this corrected point-biserial an item is flagged as [`Flag::LowDiscrimination`].
pub const DISCRIMINATION_MIN: f64 = 0.20;
/// Below this difficulty an item is flagged as [`Flag::TooHard`].
pub const DIFFICULTY_MIN: f64 = 0.20;
/// Above this difficulty an item is flagged as [`Flag::TooEasy`].
pub const DIFFICULTY_MAX: f64 = 0.90;
/// Above this rate of omissions an item is flagged as [`Flag::OftenOmitted`].
pub const OMISSION_MAX: f64 = 0.10;
/// By how much alpha rises without an item that is flagged as [`Flag::LowersAlpha`].
pub const ALPHA_RISE_MIN: f64 = 0.001;
/// A distractor that a smaller share takes does not work.
pub const DISTRACTOR_SHARE_MIN: f64 = 0.05;

impl Flag {
    /// All flags, gravest first.
    pub const ALL: [Flag; 10] = [
        Flag::NegativeDiscrimination,
        Flag::PossibleMiskey,
        Flag::AttractiveDistractor,
        Flag::Constant,
        Flag::LowDiscrimination,
        Flag::TooHard,
        Flag::TooEasy,
        Flag::LowersAlpha,
        Flag::OftenOmitted,
        Flag::UnusedDistractor,
    ];

    /// The word in the column `flags`.
    pub fn code(self) -> &'static str {
        match self {
            Flag::NegativeDiscrimination => "negative_discrimination",
            Flag::PossibleMiskey => "possible_miskey",
            Flag::AttractiveDistractor => "attractive_distractor",
            Flag::Constant => "constant",
            Flag::LowDiscrimination => "low_discrimination",
            Flag::TooHard => "too_hard",
            Flag::TooEasy => "too_easy",
            Flag::LowersAlpha => "lowers_alpha",
            Flag::OftenOmitted => "often_omitted",
            Flag::UnusedDistractor => "unused_distractor",
        }
    }

    /// What it means, for whoever looks at the item.
    pub fn words(self) -> Phrase {
        match self {
            Flag::NegativeDiscrimination => phrase("daya beda negatif", "negative discrimination"),
            Flag::PossibleMiskey => phrase("kunci mungkin salah", "the key may be wrong"),
            Flag::AttractiveDistractor => phrase("pengecoh menarik peserta terbaik", "a distractor draws the best"),
            Flag::Constant => phrase("semua mendapat nilai sama", "everybody has the same marks"),
            Flag::LowDiscrimination => phrase("daya beda rendah", "low discrimination"),
            Flag::TooHard => phrase("terlalu sukar", "too hard"),
            Flag::TooEasy => phrase("terlalu mudah", "too easy"),
            Flag::LowersAlpha => phrase("menurunkan alfa", "lowers alpha"),
            Flag::OftenOmitted => phrase("sering tidak dijawab", "often omitted"),
            Flag::UnusedDistractor => phrase("pengecoh jarang dipilih", "a distractor is rarely chosen"),
        }
    }
}
