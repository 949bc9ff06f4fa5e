//! Exact decimals of rule sets and score tables.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;
use std::str::FromStr;

/// Millionths in one.
const UNIT: i64 = 1_000_000;
/// Most decimal places.
const PLACES: usize = 6;
/// Most digits before the decimal point: no sum of scores comes near an overflow.
const WHOLE_DIGITS: usize = 6;

/// A section score, a maximum, a threshold or a weight: not negative, below a million, whole millionths; never a float.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(i64);

impl Score {
    /// Nothing.
    pub const ZERO: Score = Score(0);
    /// The top of the common scale.
    pub const HUNDRED: Score = Score::whole(100);

    /// From a whole number.
    pub const fn whole(score: u32) -> Self {
        Score(score as i64 * UNIT)
    }

    /// From millionths.
    pub const fn from_micro(micro: i64) -> Self {
        Score(micro)
    }

    /// In millionths.
    pub const fn micro(self) -> i64 {
        self.0
    }
}

impl Add for Score {
    type Output = Score;
    fn add(self, other: Score) -> Score {
        Score(self.0 + other.0)
    }
}

impl Sum for Score {
    fn sum<I: Iterator<Item = Score>>(scores: I) -> Score {
        scores.fold(Score::ZERO, Add::add)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / UNIT, self.0 % UNIT);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let rest = format!("{rest:06}");
        write!(f, "{whole}.{}", rest.trim_end_matches('0'))
    }
}

/// Why a text is not a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadScore {
    /// Not a decimal number.
    #[error("not a decimal number")]
    NotANumber,
    /// Below zero.
    #[error("below zero")]
    Negative,
    /// More than six places.
    #[error("more than six decimal places")]
    TooFine,
    /// A million or more.
    #[error("a million or more")]
    TooLarge,
}

impl FromStr for Score {
    type Err = BadScore;

    /// Reads `12`, `0.5`, `71,600` (a decimal comma is taken as a point).
    fn from_str(text: &str) -> Result<Self, BadScore> {
        let text = text.trim();
        if text.starts_with('-') {
            return Err(BadScore::Negative);
        }
        let (whole, places) = text.split_once(['.', ',']).unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && places.is_empty()) || !digits(whole) || !digits(places) {
            return Err(BadScore::NotANumber);
        }
        let places = places.trim_end_matches('0');
        if places.len() > PLACES {
            return Err(BadScore::TooFine);
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > WHOLE_DIGITS {
            return Err(BadScore::TooLarge);
        }
        let value = |part: &str| part.bytes().fold(0_i64, |value, digit| value * 10 + i64::from(digit - b'0'));
        let fraction = value(places) * 10_i64.pow((PLACES - places.len()) as u32);
        Ok(Score(value(whole) * UNIT + fraction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals_are_exact() {
        let check = |text: &str, micro: i64, shown: &str| {
            let score: Score = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((score.micro(), score.to_string().as_str()), (micro, shown), "{text}");
        };
        check("5", 5_000_000, "5");
        check("71,600", 71_600_000, "71.6");
        check(" .5 ", 500_000, "0.5");
        check("86.666667", 86_666_667, "86.666667");
        check("007", 7_000_000, "7");
        check("999999.999999", 999_999_999_999, "999999.999999");
    }

    #[test]
    fn what_is_not_a_score_is_refused() {
        for (text, error) in [
            ("", BadScore::NotANumber),
            (".", BadScore::NotANumber),
            ("5a", BadScore::NotANumber),
            ("1e3", BadScore::NotANumber),
            ("-1", BadScore::Negative),
            ("0.0000001", BadScore::TooFine),
            ("1000000", BadScore::TooLarge),
        ] {
            assert_eq!(text.parse::<Score>(), Err(error), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_the_same(micro in 0_i64..1_000_000_000_000) {
            let score = Score::from_micro(micro);
            prop_assert_eq!(score.to_string().parse::<Score>(), Ok(score));
        }
    }
}
