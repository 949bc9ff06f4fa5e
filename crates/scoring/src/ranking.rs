//! Live ranking: change one standing, know every rank, without sorting again.

use crate::scheme::{NARROW_PARTS, Standing};
use indexset::BTreeSet;
use sabotage::Sabotage;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::Hash;

/// A ranking of `K`s by standing; ranks start at 1 and equal standings share one.
///
/// What a change costs is waiting for memory, so the order is kept in few bytes: a total and three ties of ordinary size are a fifth of a
/// whole standing. The first standing that needs more widens the order, once.
#[derive(Clone, Debug)]
pub struct Ranking<K: Ord + Copy + Hash> {
    width: Width<K>,
    smallest: K,
}

#[derive(Clone, Debug)]
enum Width<K: Ord + Copy + Hash> {
    Narrow(Order<K, [i32; NARROW_PARTS]>),
    Wide(Order<K, Standing>),
}

/// Keys by standing, and the standing of each key.
#[derive(Clone, Debug)]
struct Order<K: Ord + Copy + Hash, S: Ord + Copy> {
    best_first: BTreeSet<(Reverse<S>, K)>,
    of: HashMap<K, S>,
}

impl<K: Ord + Copy + Hash, S: Ord + Copy> Order<K, S> {
    fn new() -> Self {
        Order { best_first: BTreeSet::new(), of: HashMap::new() }
    }

    fn set(&mut self, key: K, standing: S) {
        match self.of.insert(key, standing) {
            Some(before) if before == standing => return,
            Some(before) => drop(self.best_first.remove(&(Reverse(before), key))),
            None => {}
        }
        self.best_first.insert((Reverse(standing), key));
    }

    fn remove(&mut self, key: K) {
        if let Some(before) = self.of.remove(&key) {
            self.best_first.remove(&(Reverse(before), key));
        }
    }

    fn rank(&self, key: K, smallest: K) -> Option<u32> {
        let standing = *self.of.get(&key)?;
        Some(self.best_first.rank(&(Reverse(standing), smallest)) as u32 + 1)
    }
}

impl<K: Ord + Copy + Hash> Ranking<K> {
    /// An empty ranking; `smallest` is the smallest key there can be.
    pub fn new(smallest: K) -> Self {
        Ranking { width: Width::Narrow(Order::new()), smallest }
    }

    /// Puts `key` at a standing, wherever it was before.
    pub fn set(&mut self, key: K, standing: Standing) {
        let standing = if sabotage::on(Sabotage::WrongTieOrder) { standing.with_ties_turned_round() } else { standing };
        match (&mut self.width, standing.narrow()) {
            (Width::Narrow(order), Some(standing)) => order.set(key, standing),
            (Width::Narrow(order), None) => {
                let mut wide = Order::new();
                order.of.iter().for_each(|(&key, &standing)| wide.set(key, Standing::widened(standing)));
                wide.set(key, standing);
                self.width = Width::Wide(wide);
            }
            (Width::Wide(order), _) => order.set(key, standing),
        }
    }

    /// Takes `key` out.
    pub fn remove(&mut self, key: K) {
        match &mut self.width {
            Width::Narrow(order) => order.remove(key),
            Width::Wide(order) => order.remove(key),
        }
    }

    /// Rank of `key`: one more than the number of better standings.
    pub fn rank(&self, key: K) -> Option<u32> {
        match &self.width {
            Width::Narrow(order) => order.rank(key, self.smallest),
            Width::Wide(order) => order.rank(key, self.smallest),
        }
    }

    /// Number of ranked.
    pub fn len(&self) -> usize {
        match &self.width {
            Width::Narrow(order) => order.of.len(),
            Width::Wide(order) => order.of.len(),
        }
    }

    /// Is nobody ranked?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever changes in whatever order: the live ranks are those of sorting everything again.
        #[test]
        fn live_ranks_are_those_of_sorting_again(
            changes in prop::collection::vec((0_u32..40, -3_i64..6, any::<bool>()), 1..200),
            // From here on totals no longer fit a narrow order.
            wide_from in 0_usize..400,
        ) {
            let mut ranking = Ranking::new(0);
            let mut model: HashMap<u32, Standing> = HashMap::new();
            for (index, (key, marks, remove)) in changes.into_iter().enumerate() {
                let marks = if index < wide_from { marks } else { marks << 40 };
                if remove {
                    ranking.remove(key);
                    model.remove(&key);
                } else {
                    ranking.set(key, Standing::of_total(marks));
                    model.insert(key, Standing::of_total(marks));
                }
            }
            prop_assert_eq!(ranking.len(), model.len());
            for (&key, &standing) in &model {
                let better = model.values().filter(|&&other| other > standing).count() as u32;
                prop_assert_eq!(ranking.rank(key), Some(better + 1));
            }
        }
    }
}
