//! Which of several attempts counts in the results of a stage.

use crate::scheme::{Scheme, Tally};
use exam_session::session::Phase;

/// One attempt of an enrolment as the journals tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Number of the attempt, from 1.
    pub number: u32,
    /// Where its session ended.
    pub phase: Phase,
    /// Marks, when it was started.
    pub tally: Option<Tally>,
}

/// Which of several attempts counts, among those that were started; when none was, the last one tells the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttemptRule {
    /// The last.
    Last,
    /// The first.
    First,
    /// The one with the best standing.
    Best,
}

/// The attempt that counts; none when there is none.
pub fn counting<'a>(scheme: &Scheme, rule: AttemptRule, attempts: &'a [Attempt]) -> Option<&'a Attempt> {
    let started = || attempts.iter().filter(|attempt| attempt.tally.is_some());
    let chosen = match rule {
        AttemptRule::Last => started().max_by_key(|attempt| attempt.number),
        AttemptRule::First => started().min_by_key(|attempt| attempt.number),
        AttemptRule::Best => {
            started().max_by_key(|attempt| (attempt.tally.as_ref().map(|tally| scheme.standing(tally)), std::cmp::Reverse(attempt.number)))
        }
    };
    chosen.or_else(|| attempts.iter().max_by_key(|attempt| attempt.number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use question_bank::blueprint::{Blueprint, Cell, Section};
    use question_bank::marks::Marks;

    fn scheme() -> Scheme {
        let section = |code: &str| Section {
            code: code.to_owned(),
            title: code.to_owned(),
            duration_s: None,
            linear: false,
            shuffle_items: false,
            shuffle_choices: false,
            cells: vec![Cell { count: 1, ..Cell::default() }],
        };
        let sections = ["tkp", "tiu"].map(section).into();
        Scheme::new(&Blueprint { sections, duration_s: 6_000, tie_order: vec!["tkp".into(), "tiu".into()] })
    }

    fn attempt(number: u32, marks: Option<[i32; 2]>) -> Attempt {
        let tally = marks.map(|marks| {
            let sections: Vec<Marks> = marks.map(Marks::whole).into();
            Tally { total: sections.iter().copied().sum(), sections, answered: 1 }
        });
        Attempt { number, phase: Phase::Submitted, tally }
    }

    #[test]
    fn the_attempt_that_counts() {
        let check = |rule: AttemptRule, attempts: &[Attempt], expected: Option<u32>| {
            assert_eq!(counting(&scheme(), rule, attempts).map(|attempt| attempt.number), expected, "{rule:?}");
        };
        let three = [attempt(1, Some([10, 0])), attempt(2, Some([50, 0])), attempt(3, Some([30, 0]))];
        check(AttemptRule::Last, &three, Some(3));
        check(AttemptRule::First, &three, Some(1));
        check(AttemptRule::Best, &three, Some(2));
        // Of equal totals the tie order decides, of equal standings the earlier attempt.
        check(AttemptRule::Best, &[attempt(1, Some([10, 20])), attempt(2, Some([20, 10]))], Some(2));
        check(AttemptRule::Best, &[attempt(1, Some([20, 10])), attempt(2, Some([20, 10]))], Some(1));
        // One that was never begun counts only where none was.
        check(AttemptRule::Last, &[attempt(1, Some([10, 0])), attempt(2, None)], Some(1));
        check(AttemptRule::First, &[attempt(1, None), attempt(2, None)], Some(2));
        check(AttemptRule::Last, &[], None);
    }
}
