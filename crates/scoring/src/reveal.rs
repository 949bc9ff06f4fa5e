//! When a candidate's row on a public screen moves.
//!
//! A board that followed every answer would be an oracle: change an answer, watch the score, keep what scored better. So the row moves only
//! after several *newly answered* items (an item counts once, however often it is changed), or at an interval, or at the end; changed answers
//! wait for the next move.

use question_bank::key::Choices;

/// The policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reveal {
    /// After every so many newly answered items.
    EveryAnswered(u16),
    /// At an interval, milliseconds.
    Interval(u64),
    /// Only at the end.
    AtEnd,
}

/// What a board knows of one session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revealed {
    /// Positions that were answered at some time, one bit each.
    ever_answered: Vec<u64>,
    newly_answered: u16,
    last_ms: Option<u64>,
    changed: bool,
}

impl Revealed {
    /// Notes an answer at a position; says whether the row moves now.
    pub fn answered(&mut self, policy: Reveal, position: u16, choices: Choices, now_ms: u64) -> bool {
        self.changed = true;
        if !choices.is_empty() && self.first_time(position) {
            self.newly_answered += 1;
        }
        match policy {
            Reveal::EveryAnswered(items) if self.newly_answered >= items.max(1) => self.move_now(now_ms),
            Reveal::EveryAnswered(_) | Reveal::AtEnd => false,
            Reveal::Interval(every_ms) => self.due(every_ms, now_ms) && self.move_now(now_ms),
        }
    }

    /// Time has passed; says whether the row moves now.
    pub fn tick(&mut self, policy: Reveal, now_ms: u64) -> bool {
        match policy {
            Reveal::Interval(every_ms) => self.changed && self.due(every_ms, now_ms) && self.move_now(now_ms),
            Reveal::EveryAnswered(_) | Reveal::AtEnd => false,
        }
    }

    fn due(&mut self, every_ms: u64, now_ms: u64) -> bool {
        // The first answer starts the interval; it does not show itself.
        let since_ms = *self.last_ms.get_or_insert(now_ms);
        now_ms.saturating_sub(since_ms) >= every_ms
    }

    fn move_now(&mut self, now_ms: u64) -> bool {
        self.newly_answered = 0;
        self.last_ms = Some(now_ms);
        self.changed = false;
        true
    }

    fn first_time(&mut self, position: u16) -> bool {
        let (word, bit) = (usize::from(position) / 64, 1 << (position % 64));
        if self.ever_answered.len() <= word {
            self.ever_answered.resize(word + 1, 0);
        }
        let first = self.ever_answered[word] & bit == 0;
        self.ever_answered[word] |= bit;
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_new_items_move_the_row_and_changes_do_not() {
        let mut row = Revealed::default();
        let mut answer = |position| row.answered(Reveal::EveryAnswered(5), position, Choices::one(0), 0);
        assert!((0..4).all(|position| !answer(position)));
        assert!((0..100).all(|_| !answer(2)), "changing one answer a hundred times tells nothing");
        assert!(answer(4));
        assert!(!answer(4), "and after a move neither");
        assert!((5..9).all(|position| !answer(position)) && answer(9));
    }

    #[test]
    fn clearing_and_answering_again_is_not_new() {
        let mut row = Revealed::default();
        for _ in 0..50 {
            assert!(!row.answered(Reveal::EveryAnswered(2), 0, Choices::one(1), 0));
            assert!(!row.answered(Reveal::EveryAnswered(2), 0, Choices::NONE, 0));
        }
    }

    #[test]
    fn an_interval_passes_between_moves() {
        let mut row = Revealed::default();
        assert!(!row.answered(Reveal::Interval(10_000), 0, Choices::one(1), 1_000));
        assert!(!row.answered(Reveal::Interval(10_000), 1, Choices::one(1), 10_999));
        assert!(row.tick(Reveal::Interval(10_000), 11_000));
        assert!(!row.tick(Reveal::Interval(10_000), 30_000), "nothing changed");
        assert!(row.answered(Reveal::Interval(10_000), 1, Choices::one(1), 31_000));
        assert!(!row.answered(Reveal::AtEnd, 2, Choices::one(1), 99_000));
    }
}
