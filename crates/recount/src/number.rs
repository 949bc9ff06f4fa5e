//! Exact numbers: fractions of whole numbers without a limit. They are rounded where they are shown, and nowhere else.

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;
use rules::Score;
use rules::rule_set::{Display, Rounding};

/// An exact fraction.
pub type Number = RBig;

/// Most decimal places of a score or weight.
const PLACES_MAX: usize = 6;
/// A score or weight is below this.
const BELOW: u32 = 1_000_000;

/// A whole number.
pub fn whole(number: u32) -> Number {
    Number::from(number)
}

/// A number of the rule set.
pub fn of_score(score: Score) -> Number {
    Number::from_parts(IBig::from(score.micro()), UBig::from(1_000_000_u32))
}

/// All together.
pub fn sum(numbers: impl Iterator<Item = Number>) -> Number {
    numbers.fold(Number::ZERO, |sum, number| sum + number)
}

/// Reads a score or weight: `12`, `0.5`, `71,6`; not negative, at most six places, below a million.
pub fn parse(text: &str) -> Result<Number, &'static str> {
    let (whole, places) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let places = places.trim_end_matches('0');
    let digits = format!("{whole}{places}");
    if text.trim_matches(['.', ',']).is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',') {
        return Err("not a decimal number");
    }
    if places.len() > PLACES_MAX {
        return Err("more than six decimal places");
    }
    let digits = if digits.is_empty() { "0" } else { &digits };
    let numerator: UBig = digits.parse().map_err(|_| "not a decimal number")?;
    let number = Number::from_parts(IBig::from(numerator), UBig::from(10_u32).pow(places.len()));
    if number >= Number::from(BELOW) {
        return Err("a million or more");
    }
    Ok(number)
}

/// A number that has at most six places, with no more places than it needs: `395`, `71.6`.
pub fn as_decimal(number: &Number) -> String {
    let text = with_places(&(number * Number::from(BELOW)).floor(), PLACES_MAX);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A number rounded as lists show it: `71.600`. Always with a point.
pub fn as_shown(number: &Number, display: Display) -> String {
    with_places(&in_last_places(number, display), display.decimals as usize)
}

/// The number that a list shows.
pub fn rounded(number: &Number, display: Display) -> Number {
    Number::from_parts(in_last_places(number, display), UBig::from(10_u32).pow(display.decimals as usize))
}

/// Rounded, and counted in units of the last decimal place. No number here is negative.
fn in_last_places(number: &Number, display: Display) -> IBig {
    let exact = number * Number::from(UBig::from(10_u32).pow(display.decimals as usize));
    let below = exact.floor();
    let rest = exact - Number::from(below.clone());
    let half = Number::from_parts(IBig::from(1), UBig::from(2_u32));
    let up = match display.rounding {
        Rounding::Down => false,
        Rounding::HalfUp => rest >= half,
        Rounding::HalfEven => rest > half || (rest == half && &below % 2 == 1),
    };
    if up { below + 1 } else { below }
}

/// Units of the last place as a decimal.
fn with_places(units: &IBig, places: usize) -> String {
    let digits = format!("{units}");
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, rest) = digits.split_at(digits.len() - places);
    if rest.is_empty() { whole.to_owned() } else { format!("{whole}.{rest}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn decimals() {
        let check = |text: &str, shown: Result<&str, &str>| {
            assert_eq!(parse(text).map(|number| as_decimal(&number)), shown.map(str::to_owned), "{text:?}");
        };
        check("395", Ok("395"));
        check("71,600", Ok("71.6"));
        check(".5", Ok("0.5"));
        check("5.", Ok("5"));
        check("000", Ok("0"));
        check("0.000001", Ok("0.000001"));
        check("999999.999999", Ok("999999.999999"));
        check("1000000", Err("a million or more"));
        check("0.0000001", Err("more than six decimal places"));
        for text in ["", ".", "-1", "1e3", "1.2.3", "x", "1 0"] {
            check(text, Err("not a decimal number"));
        }
    }

    #[test]
    fn rounding() {
        let check = |numerator: u32, denominator: u32, decimals: u32, shown: [&str; 3]| {
            let number = whole(numerator) / whole(denominator);
            for (rounding, shown) in [Rounding::HalfUp, Rounding::HalfEven, Rounding::Down].into_iter().zip(shown) {
                let display = Display { decimals, mark: ',', rounding };
                assert_eq!(as_shown(&number, display), shown, "{numerator}/{denominator}, {rounding:?}");
            }
        };
        check(716, 10, 3, ["71.600", "71.600", "71.600"]);
        check(1, 8, 2, ["0.13", "0.12", "0.12"]);
        check(3, 8, 2, ["0.38", "0.38", "0.37"]);
        check(200, 3, 3, ["66.667", "66.667", "66.666"]);
        check(5, 2, 0, ["3", "2", "2"]);
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(micro in 0_i64..1_000_000_000_000) {
            let score = Score::from_micro(micro);
            prop_assert_eq!(parse(&score.to_string()), Ok(of_score(score)));
            prop_assert_eq!(as_decimal(&of_score(score)), score.to_string());
        }
    }
}
