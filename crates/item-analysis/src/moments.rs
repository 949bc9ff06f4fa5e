//! Exact sums of one or two variables, and what divides them: variance, correlation.
//!
//! Values are thousandths of marks, sums are integers of 128 bits; with the limits of [`crate::responses`] none overflows. The division comes
//! last, so a statistic does not depend on the order of its terms.

/// Sums of pairs of values over people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moments {
    /// Number of pairs.
    pub n: i128,
    /// Sum of the first values.
    pub x: i128,
    /// Sum of the second values.
    pub y: i128,
    /// Sum of squares of the first values.
    pub xx: i128,
    /// Sum of products.
    pub xy: i128,
    /// Sum of squares of the second values.
    pub yy: i128,
}

impl Moments {
    /// n² times the variance of the first values over the people at hand.
    pub fn spread_x(&self) -> i128 {
        self.n * self.xx - self.x * self.x
    }

    /// The same of the second values.
    pub fn spread_y(&self) -> i128 {
        self.n * self.yy - self.y * self.y
    }

    /// The pairs (x, y − x): an item and the rest of the scale instead of an item and the whole scale.
    pub fn with_rest(&self) -> Moments {
        Moments { y: self.y - self.x, xy: self.xy - self.xx, yy: self.yy - 2 * self.xy + self.xx, ..*self }
    }

    /// Pearson's correlation; none when one of the two is constant.
    pub fn correlation(&self) -> Option<f64> {
        let (x, y) = (self.spread_x(), self.spread_y());
        if x == 0 || y == 0 {
            return None;
        }
        let both = self.n * self.xy - self.x * self.y;
        Some((both as f64 / ((x as f64).sqrt() * (y as f64).sqrt())).clamp(-1.0, 1.0))
    }
}

/// Mean of marks from a sum of thousandths.
pub(crate) fn mean(sum: i128, n: i128) -> f64 {
    sum as f64 / n as f64 / 1000.0
}

/// Standard deviation of marks, with n − 1, from n² times the variance in thousandths.
pub(crate) fn sd(spread: i128, n: i128) -> f64 {
    (spread as f64 / (n * (n - 1)) as f64).sqrt() / 1000.0
}
