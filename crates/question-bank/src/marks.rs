//! Exact marks: decimals with three places, kept as whole thousandths.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::str::FromStr;

/// An exact number of marks in thousandths; never a float. Text form is a decimal with a point: `5`, `2.5`, `-0.125`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marks(i64);

impl Marks {
    /// No marks.
    pub const ZERO: Marks = Marks(0);
    /// The largest weight or bound that is accepted from outside: keeps every sum far from overflow.
    pub const LIMIT: Marks = Marks(1_000_000_000);

    /// From thousandths.
    pub const fn from_milli(milli: i64) -> Self {
        Marks(milli)
    }

    /// From whole marks.
    pub const fn whole(marks: i32) -> Self {
        Marks(marks as i64 * 1000)
    }

    /// In thousandths.
    pub const fn milli(self) -> i64 {
        self.0
    }
}

impl Add for Marks {
    type Output = Marks;
    fn add(self, other: Marks) -> Marks {
        Marks(self.0 + other.0)
    }
}
impl Sub for Marks {
    type Output = Marks;
    fn sub(self, other: Marks) -> Marks {
        Marks(self.0 - other.0)
    }
}
impl AddAssign for Marks {
    fn add_assign(&mut self, other: Marks) {
        self.0 += other.0;
    }
}
impl SubAssign for Marks {
    fn sub_assign(&mut self, other: Marks) {
        self.0 -= other.0;
    }
}
impl Sum for Marks {
    fn sum<I: Iterator<Item = Marks>>(marks: I) -> Marks {
        marks.fold(Marks::ZERO, Add::add)
    }
}

impl fmt::Display for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, rest) = (self.0.unsigned_abs() / 1000, self.0.unsigned_abs() % 1000);
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        let rest = format!("{rest:03}");
        write!(f, "{sign}{whole}.{}", rest.trim_end_matches('0'))
    }
}

/// Why a text is not marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadMarks {
    /// Not a decimal number.
    #[error("not a decimal number")]
    NotANumber,
    /// More than three places.
    #[error("more than three decimal places")]
    TooFine,
    /// Beyond a million marks.
    #[error("more than 1,000,000 marks")]
    TooLarge,
}

impl FromStr for Marks {
    type Err = BadMarks;

    /// Reads `12`, `-0.5`, `2,25` (a decimal comma is taken as a point).
    fn from_str(text: &str) -> Result<Self, BadMarks> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, places) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && places.is_empty()) || !all_digits(whole) || !all_digits(places) {
            return Err(BadMarks::NotANumber);
        }
        let places = places.trim_end_matches('0');
        if places.len() > 3 {
            return Err(BadMarks::TooFine);
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > 7 {
            return Err(BadMarks::TooLarge);
        }
        let thousandths: i64 = format!("0{whole}{places:0<3}").parse().map_err(|_| BadMarks::NotANumber)?;
        if thousandths > Marks::LIMIT.0 {
            return Err(BadMarks::TooLarge);
        }
        Ok(Marks(if negative { -thousandths } else { thousandths }))
    }
}

impl Serialize for Marks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Marks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        let check = |text: &str, milli: i64, shown: &str| {
            let marks: Marks = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((marks.milli(), marks.to_string().as_str()), (milli, shown), "{text}");
        };
        check("5", 5_000, "5");
        check("2,5", 2_500, "2.5");
        check("-0.125", -125, "-0.125");
        check(" .5 ", 500, "0.5");
        check("1.5000", 1_500, "1.5");
        check("1000000", 1_000_000_000, "1000000");
    }

    #[test]
    fn what_is_not_marks_is_refused() {
        for (text, error) in [
            ("", BadMarks::NotANumber),
            ("-", BadMarks::NotANumber),
            ("5a", BadMarks::NotANumber),
            ("1e3", BadMarks::NotANumber),
            ("0.0001", BadMarks::TooFine),
            ("1000000.001", BadMarks::TooLarge),
            ("99999999", BadMarks::TooLarge),
        ] {
            assert_eq!(text.parse::<Marks>(), Err(error), "{text:?}");
        }
    }
}
