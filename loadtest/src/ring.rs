//! What a session has said and not yet heard the answer to, by number.

use std::collections::VecDeque;

/// A command on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent<T> {
    /// When it was due, microseconds on the clock of the run.
    pub due_us: u64,
    /// What it was.
    pub what: T,
}

/// Commands of one session that wait for their answer. Numbers grow by one, answers come nearly in order, so that a short queue indexed by number
/// does without hashing and without locks.
#[derive(Clone, Debug)]
pub struct Ring<T> {
    /// Number of the first entry.
    first: u32,
    entries: VecDeque<Option<Sent<T>>>,
    open: usize,
}

impl<T> Default for Ring<T> {
    fn default() -> Self {
        Ring { first: 1, entries: VecDeque::new(), open: 0 }
    }
}

impl<T> Ring<T> {
    /// Notes a command under the next number, which must be above all numbers before; gaps are numbers that nobody waits for.
    pub fn push(&mut self, seq: u32, sent: Sent<T>) {
        if self.entries.is_empty() {
            self.first = seq;
        }
        let next = self.first + self.entries.len() as u32;
        self.entries.extend((next..seq).map(|_| None));
        self.entries.push_back(Some(sent));
        self.open += 1;
    }

    /// Takes the command that an answer names; none if nobody waits for it.
    pub fn take(&mut self, seq: u32) -> Option<Sent<T>> {
        let index = seq.checked_sub(self.first)? as usize;
        let taken = self.entries.get_mut(index)?.take()?;
        self.open -= 1;
        while let Some(None) = self.entries.front() {
            self.entries.pop_front();
            self.first += 1;
        }
        Some(taken)
    }

    /// The command of a number that waits.
    pub fn get(&self, seq: u32) -> Option<&Sent<T>> {
        self.entries.get(seq.checked_sub(self.first)? as usize)?.as_ref()
    }

    /// How many wait.
    pub fn open(&self) -> usize {
        self.open
    }

    /// All that wait, oldest first, with their numbers.
    pub fn waiting(&self) -> impl Iterator<Item = (u32, &Sent<T>)> {
        (self.first..).zip(&self.entries).filter_map(|(seq, sent)| Some((seq, sent.as_ref()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(due_us: u64) -> Sent<u8> {
        Sent { due_us, what: 0 }
    }

    #[test]
    fn answers_find_their_instant_in_whatever_order_they_come() {
        let mut ring = Ring::default();
        for seq in 7..12 {
            ring.push(seq, sent(u64::from(seq) * 10));
        }
        let taken: Vec<_> = [9, 7, 8, 11, 10].into_iter().map(|seq| ring.take(seq).map(|sent| sent.due_us)).collect();
        assert_eq!(taken, [Some(90), Some(70), Some(80), Some(110), Some(100)]);
        assert_eq!((ring.open(), ring.entries.len()), (0, 0), "nothing is kept");
    }

    #[test]
    fn an_answer_counts_once_and_a_strange_one_not_at_all() {
        let mut ring = Ring::default();
        ring.push(3, sent(1));
        ring.push(6, sent(2));
        assert_eq!((ring.take(2), ring.take(4), ring.take(7)), (None, None, None));
        assert!(ring.take(3).is_some() && ring.take(3).is_none());
        assert_eq!(ring.waiting().map(|(seq, sent)| (seq, sent.due_us)).collect::<Vec<_>>(), [(6, 2)]);
        assert_eq!(ring.get(6).map(|sent| sent.due_us), Some(2));
    }

    #[test]
    fn an_empty_ring_begins_anywhere() {
        let mut ring = Ring::default();
        ring.push(1, sent(1));
        ring.take(1);
        ring.push(900, sent(2));
        assert_eq!(ring.entries.len(), 1, "numbers used elsewhere cost nothing");
        assert_eq!(ring.take(900).map(|sent| sent.due_us), Some(2));
    }
}
