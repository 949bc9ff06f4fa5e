//! Decimals as they stand in the document: exact, compared and divided into classes without ever being a float.

/// Digits before the point, at most.
const WHOLE_DIGITS_MAX: usize = 12;
/// Digits behind the point, at most.
const PLACES_MAX: usize = 9;
/// Parts of a unit that are counted.
const NANOS: i128 = 1_000_000_000;

/// An exact decimal, counted in thousand-millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Decimal(pub(crate) i128);

impl Decimal {
    /// So many hundredths.
    pub(crate) const fn hundredths(count: i128) -> Self {
        Decimal(count * (NANOS / 100))
    }

    /// Reads `-12`, `0.5`, `71.600`; anything else is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let counted = |digits: &str, most| (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if !counted(whole, WHOLE_DIGITS_MAX) || !counted(fraction, PLACES_MAX) || leading_zero {
            return None;
        }
        let scale = 10_i128.pow((PLACES_MAX - fraction.len()) as u32);
        Some(Decimal(sign * (whole.parse::<i128>().ok()? * NANOS + fraction.parse::<i128>().ok()? * scale)))
    }

    /// Written as short as possible, with the given mark.
    pub(crate) fn shown(self, mark: char) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, nanos) = (self.0.abs() / NANOS, self.0.abs() % NANOS);
        if nanos == 0 {
            return format!("{sign}{whole}");
        }
        format!("{sign}{whole}{mark}{}", format!("{nanos:09}").trim_end_matches('0'))
    }

    /// For positions in a drawing and numbers of a spreadsheet only; nothing is compared by it.
    pub(crate) fn approximate(self) -> f64 {
        self.0 as f64 / NANOS as f64
    }
}

/// Digits behind the point.
pub(crate) fn places(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_decimals_with_a_point_are_read() {
        let cases = [
            ("0", Some(0)),
            ("85", Some(85 * NANOS)),
            ("-2.5", Some(-2_500_000_000)),
            ("71.600", Some(71_600_000_000)),
            ("0.000000001", Some(1)),
            ("999999999999.999999999", Some(999_999_999_999_999_999_999)),
            ("", None),
            ("-", None),
            (".5", None),
            ("5.", None),
            ("1,5", None),
            ("+1", None),
            ("007", None),
            ("1e3", None),
            ("0.0000000001", None),
            ("1000000000000", None),
            ("٣", None),
        ];
        for (text, nanos) in cases {
            assert_eq!(Decimal::parse(text).map(|decimal| decimal.0), nanos, "{text:?}");
        }
    }

    #[test]
    fn what_was_read_is_shown_without_trailing_zeros() {
        for (text, shown) in [("0", "0"), ("71.600", "71,6"), ("-0.125", "-0,125"), ("550", "550"), ("0.000000001", "0,000000001")] {
            assert_eq!(Decimal::parse(text).map(|decimal| decimal.shown(',')).as_deref(), Some(shown), "{text:?}");
        }
    }
}
