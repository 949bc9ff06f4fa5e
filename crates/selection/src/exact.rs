//! Exact quotients: values on the scale to 100, and the final value.

use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedMul};
use rules::Score;
use rules::rule_set::{Display, Rounding};

const MICRO: i128 = 1_000_000;

/// An exact number that is not negative. Comparing cannot overflow; adding and multiplying say so when they would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Exact(Ratio<i128>);

/// Maxima and weights are so odd that a value cannot be kept exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("keep the value exactly: maxima and weights have no common denominator of reasonable size")]
pub struct TooFine;

impl Exact {
    /// Nothing.
    pub const ZERO: Exact = Exact(Ratio::new_raw(0, 1));

    /// A decimal.
    pub fn of(score: Score) -> Self {
        Exact(Ratio::new(i128::from(score.micro()), MICRO))
    }

    /// `part` of `whole` on the scale to 100. `whole` is above zero.
    pub fn percent(part: Score, whole: Score) -> Self {
        Exact(Ratio::new(i128::from(part.micro()) * 100, i128::from(whole.micro())))
    }

    /// Sum.
    pub fn plus(self, other: Exact) -> Result<Exact, TooFine> {
        self.0.checked_add(&other.0).and_then(Exact::sized).ok_or(TooFine)
    }

    /// Nothing where a digit more could not be computed.
    fn sized(ratio: Ratio<i128>) -> Option<Exact> {
        (*ratio.denom() <= i128::MAX / 10).then_some(Exact(ratio))
    }

    /// So many percent of it.
    pub fn weighted(self, percent: Score) -> Result<Exact, TooFine> {
        let weight = Ratio::new(i128::from(percent.micro()), 100 * MICRO);
        self.0.checked_mul(&weight).and_then(Exact::sized).ok_or(TooFine)
    }

    /// Rounded as it is shown.
    pub fn rounded(self, display: Display) -> Exact {
        let scale = 10_i128.pow(display.decimals);
        Exact(Ratio::new(self.units(display), scale))
    }

    /// With all its decimal places and a point: `71.600`.
    pub fn shown(self, display: Display) -> String {
        let scale = 10_i128.pow(display.decimals);
        let units = self.units(display);
        let places = display.decimals as usize;
        if places == 0 {
            return units.to_string();
        }
        format!("{}.{:0places$}", units / scale, units % scale)
    }

    /// The same with the decimal mark of the rule set, for people: `71,600`.
    pub fn read(self, display: Display) -> String {
        self.shown(display).replace('.', &display.mark.to_string())
    }

    /// Units of the last place, by long division: the remainder stays below the denominator, of which ten times fit.
    fn units(self, display: Display) -> i128 {
        let (numerator, denominator) = (*self.0.numer(), *self.0.denom());
        let (mut below, mut rest) = (numerator / denominator, numerator % denominator);
        for _ in 0..display.decimals {
            rest *= 10;
            below = below * 10 + rest / denominator;
            rest %= denominator;
        }
        // Twice the remainder beside the denominator, without doubling.
        let half = rest.cmp(&(denominator - rest));
        let up = match display.rounding {
            Rounding::HalfUp => half.is_ge(),
            Rounding::HalfEven => half.is_gt() || (half.is_eq() && below % 2 != 0),
            Rounding::Down => false,
        };
        below + i128::from(up)
    }
}

impl std::fmt::Display for Exact {
    /// As a fraction in lowest terms: `358/5`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn display(decimals: u32, rounding: Rounding) -> Display {
        Display { decimals, mark: ',', rounding }
    }

    #[test]
    fn rounding() {
        let check = |part: u32, whole: u32, decimals: u32, rounding: Rounding, shown: &str| {
            let value = Exact::percent(Score::whole(part), Score::whole(whole));
            assert_eq!(value.shown(display(decimals, rounding)), shown, "{part}/{whole} {rounding:?}");
        };
        check(2, 3, 3, Rounding::HalfUp, "66.667");
        check(2, 3, 3, Rounding::Down, "66.666");
        check(1, 800, 2, Rounding::HalfUp, "0.13");
        check(1, 800, 2, Rounding::HalfEven, "0.12");
        check(3, 800, 2, Rounding::HalfEven, "0.38");
        check(137, 200, 0, Rounding::HalfEven, "68");
        check(139, 200, 0, Rounding::HalfEven, "70");
        check(199_999, 200_000, 2, Rounding::HalfUp, "100.00");
        check(1, 3, 0, Rounding::HalfUp, "33");
        check(300, 500, 3, Rounding::HalfUp, "60.000");
        check(1, 3, 9, Rounding::HalfUp, "33.333333333");
    }

    #[test]
    fn people_read_a_decimal_comma() {
        assert_eq!(Exact::percent(Score::whole(358), Score::whole(500)).read(display(3, Rounding::HalfUp)), "71,600");
    }

    #[test]
    fn what_cannot_be_exact_is_refused_rather_than_rounded() {
        let odd = |micro: i64| Exact::percent(Score::from_micro(1), Score::from_micro(micro));
        let sum = [999_999_999_989, 999_999_999_961, 999_999_999_937, 999_999_999_899].into_iter().map(odd);
        assert_eq!(sum.into_iter().try_fold(Exact::ZERO, Exact::plus), Err(TooFine));
    }

    proptest! {
        #[test]
        fn comparing_is_comparing_of_products(a in 0_u32..1000, b in 1_u32..1000, c in 0_u32..1000, d in 1_u32..1000) {
            let (one, other) = (Exact::percent(Score::whole(a), Score::whole(b)), Exact::percent(Score::whole(c), Score::whole(d)));
            prop_assert_eq!(one.cmp(&other), (u64::from(a) * u64::from(d)).cmp(&(u64::from(c) * u64::from(b))));
        }

        #[test]
        fn what_is_shown_is_less_than_a_unit_away(part in 0_u32..5000, whole in 1_u32..5000, decimals in 0_u32..=9) {
            let value = Exact::percent(Score::whole(part), Score::whole(whole));
            let rounded = value.rounded(display(decimals, Rounding::HalfUp));
            let distance = if rounded > value { rounded.0 - value.0 } else { value.0 - rounded.0 };
            prop_assert!(distance * 2 <= Ratio::new(1, 10_i128.pow(decimals)));
        }
    }
}
