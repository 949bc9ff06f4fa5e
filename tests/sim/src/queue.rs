//! The run's only clock: events by time, and by order of making where times are equal.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

struct Scheduled<E> {
    at_ms: u64,
    number: u64,
    event: E,
}

impl<E> PartialEq for Scheduled<E> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl<E> Eq for Scheduled<E> {}
impl<E> PartialOrd for Scheduled<E> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<E> Ord for Scheduled<E> {
    /// The earliest is the greatest, as the heap gives the greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at_ms, other.number).cmp(&(self.at_ms, self.number))
    }
}

/// Events to come.
pub struct Queue<E> {
    heap: BinaryHeap<Scheduled<E>>,
    made: u64,
}

impl<E> Default for Queue<E> {
    fn default() -> Self {
        Queue { heap: BinaryHeap::new(), made: 0 }
    }
}

impl<E> Queue<E> {
    /// Something will happen.
    pub fn push(&mut self, at_ms: u64, event: E) {
        self.made += 1;
        self.heap.push(Scheduled { at_ms, number: self.made, event });
    }

    /// What happens next, and when.
    pub fn pop(&mut self) -> Option<(u64, E)> {
        self.heap.pop().map(|Scheduled { at_ms, event, .. }| (at_ms, event))
    }
}
