//! The upper and the lower group of a scale.

use crate::Marks;

/// The share of people in each group, in hundredths: with normal totals 27 % tells items apart best (Kelley 1939).
pub const SHARE_PERCENT: usize = 27;

/// The best and the weakest of a scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Groups {
    /// Whose total is at most this is in the lower group.
    pub lower_max: Marks,
    /// Whose total is at least this is in the upper group.
    pub upper_min: Marks,
}

/// Which group somebody is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Lower,
    Middle,
    Upper,
}

impl Groups {
    /// The 27 % with the smallest and with the greatest totals, at least one each. Everybody with the same total is in the same group, so a
    /// group may be larger. None when the groups would meet, as with few different totals.
    pub fn of(totals: &[Marks]) -> Option<Groups> {
        let mut sorted = totals.to_vec();
        sorted.sort_unstable();
        let size = ((sorted.len() * SHARE_PERCENT + 50) / 100).max(1);
        let lower_max = *sorted.get(size - 1)?;
        let upper_min = *sorted.get(sorted.len() - size)?;
        (lower_max < upper_min).then_some(Groups { lower_max, upper_min })
    }

    pub(crate) fn group(&self, total: Marks) -> Group {
        if total <= self.lower_max {
            Group::Lower
        } else if total >= self.upper_min {
            Group::Upper
        } else {
            Group::Middle
        }
    }
}
