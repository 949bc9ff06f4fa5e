//! Live ranking: change one standing, know every rank, without sorting again.

use crate::scheme::Standing;
use indexset::BTreeSet;
use sabotage::Sabotage;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::hash::Hash;

/// A ranking of `K`s by standing; ranks start at 1 and equal standings share one.
#[derive(Clone, Debug)]
pub struct Ranking<K: Ord + Copy + Hash> {
    order: BTreeSet<(Reverse<Standing>, K)>,
    of: HashMap<K, Standing>,
    smallest: K,
}

impl<K: Ord + Copy + Hash> Ranking<K> {
    /// An empty ranking; `smallest` is the smallest key there can be.
    pub fn new(smallest: K) -> Self {
        Ranking { order: BTreeSet::new(), of: HashMap::new(), smallest }
    }

    /// Puts `key` at a standing, wherever it was before.
    pub fn set(&mut self, key: K, standing: Standing) {
        let standing = if sabotage::on(Sabotage::WrongTieOrder) { standing.with_ties_turned_round() } else { standing };
        if let Some(before) = self.of.insert(key, standing) {
            if before == standing {
                return;
            }
            self.order.remove(&(Reverse(before), key));
        }
        self.order.insert((Reverse(standing), key));
    }

    /// Takes `key` out.
    pub fn remove(&mut self, key: K) {
        if let Some(before) = self.of.remove(&key) {
            self.order.remove(&(Reverse(before), key));
        }
    }

    /// Rank of `key`: one more than the number of better standings.
    pub fn rank(&self, key: K) -> Option<u32> {
        let standing = *self.of.get(&key)?;
        Some(self.order.rank(&(Reverse(standing), self.smallest)) as u32 + 1)
    }

    /// Best first.
    pub fn iter(&self) -> impl Iterator<Item = (K, Standing)> + '_ {
        self.order.iter().map(|&(Reverse(standing), key)| (key, standing))
    }

    /// Number of ranked.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Is nobody ranked?
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}

/// Ranks of standings that are already in order, best first: 1, 2, 2, 4.
pub fn ranks<S: PartialEq>(standings: &[S]) -> Vec<u32> {
    let mut ranks = Vec::with_capacity(standings.len());
    for (index, standing) in standings.iter().enumerate() {
        let shared = index > 0 && *standing == standings[index - 1];
        ranks.push(if shared { ranks[index - 1] } else { index as u32 + 1 });
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever changes in whatever order: the live ranks are those of sorting everything again.
        #[test]
        fn live_ranks_are_those_of_sorting_again(changes in prop::collection::vec((0_u32..40, -3_i64..6, any::<bool>()), 1..200)) {
            let mut ranking = Ranking::new(0);
            let mut model: HashMap<u32, Standing> = HashMap::new();
            for (key, marks, remove) in changes {
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
            let listed: Vec<Standing> = ranking.iter().map(|(_, standing)| standing).collect();
            prop_assert!(listed.is_sorted_by(|a, b| a >= b));
        }
    }
}
