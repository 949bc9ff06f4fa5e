//! Final results of a stage: which attempt counts, who stands where, who reached the least marks.

use crate::ranking::ranks;
use crate::scheme::{Scheme, Standing, Tally};
use exam_session::session::{Attendance, Phase};

/// One attempt of an enrolment as the journals tell it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// Number of the attempt, from 1.
    pub number: u32,
    /// Where its session ended.
    pub phase: Phase,
    /// Attendance.
    pub attendance: Attendance,
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

/// What a list says of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Has marks and reached the least marks.
    Meets,
    /// Has marks below the least ones.
    BelowThreshold,
    /// A proctor ended the session.
    Terminated,
    /// Came but did not start.
    NotStarted,
    /// Did not come or was refused.
    Absent,
}

/// One candidate of a formation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate<T> {
    /// Whatever names the candidate to the caller; ties among the unranked are broken by it.
    pub who: T,
    /// The attempts.
    pub attempts: Vec<Attempt>,
}

/// A candidate on the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed<T> {
    /// Whatever names the candidate to the caller.
    pub who: T,
    /// Rank among those who reached the least marks; equal standings share one.
    pub rank: Option<u32>,
    /// What the list says.
    pub status: Status,
    /// Marks of the attempt that counts.
    pub tally: Option<Tally>,
}

/// The ranked list of one formation: those with a rank first, best first, then the others by status and name.
pub fn ranked_list<T: Ord>(scheme: &Scheme, rule: AttemptRule, candidates: Vec<Candidate<T>>) -> Vec<Placed<T>> {
    let mut placed: Vec<(Option<Standing>, Placed<T>)> = candidates
        .into_iter()
        .map(|candidate| {
            let attempt = counting(scheme, rule, &candidate.attempts);
            let (status, tally) = status_of(scheme, attempt);
            let standing = tally.as_ref().map(|tally| scheme.standing(tally));
            (standing, Placed { who: candidate.who, rank: None, status, tally })
        })
        .collect();
    placed.sort_by(|(standing_a, a), (standing_b, b)| {
        a.status.cmp(&b.status).then_with(|| standing_b.cmp(standing_a)).then_with(|| a.who.cmp(&b.who))
    });
    let ranked = placed.iter().take_while(|(_, placed)| placed.status == Status::Meets).count();
    let standings: Vec<Option<Standing>> = placed[..ranked].iter().map(|(standing, _)| *standing).collect();
    for (rank, (_, placed)) in ranks(&standings).into_iter().zip(&mut placed) {
        placed.rank = Some(rank);
    }
    placed.into_iter().map(|(_, placed)| placed).collect()
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

fn status_of(scheme: &Scheme, attempt: Option<&Attempt>) -> (Status, Option<Tally>) {
    let Some(attempt) = attempt else { return (Status::Absent, None) };
    match (&attempt.tally, attempt.phase) {
        (tally, Phase::Terminated) => (Status::Terminated, tally.clone()),
        (Some(tally), _) if scheme.meets(tally) => (Status::Meets, Some(tally.clone())),
        (Some(tally), _) => (Status::BelowThreshold, Some(tally.clone())),
        (None, _) if attempt.attendance == Attendance::Present => (Status::NotStarted, None),
        (None, _) => (Status::Absent, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use question_bank::blueprint::{Blueprint, Cell, PassRule, Section};
    use question_bank::marks::Marks;

    fn scheme(pass: PassRule) -> Scheme {
        let section = |code: &str| Section {
            code: code.to_owned(),
            title: code.to_owned(),
            duration_s: None,
            linear: false,
            shuffle_items: false,
            shuffle_choices: false,
            cells: vec![Cell { count: 1, ..Cell::default() }],
        };
        let sections = ["tkp", "tiu", "twk"].map(section).into();
        Scheme::new(&Blueprint { sections, duration_s: 6_000, tie_order: ["tkp", "tiu", "twk"].map(str::to_owned).into(), pass })
    }

    fn attempt(number: u32, marks: [i32; 3]) -> Attempt {
        let sections: Vec<Marks> = marks.map(Marks::whole).into();
        let tally = Tally { total: sections.iter().copied().sum(), sections, answered: 1 };
        Attempt { number, phase: Phase::Submitted, attendance: Attendance::Present, tally: Some(tally) }
    }

    fn list(rule: AttemptRule, pass: PassRule, candidates: Vec<(u32, Vec<Attempt>)>) -> Vec<(u32, Option<u32>, Status)> {
        let candidates = candidates.into_iter().map(|(who, attempts)| Candidate { who, attempts }).collect();
        ranked_list(&scheme(pass), rule, candidates).into_iter().map(|placed| (placed.who, placed.rank, placed.status)).collect()
    }

    /// The agency's published worked case: seven people, (tkp, tiu, twk); the sixth and seventh differ in tiu only.
    #[test]
    fn the_published_case_of_seven() {
        let marks = [[150, 110, 135], [148, 125, 115], [145, 105, 117], [147, 115, 105], [146, 112, 109], [146, 110, 100], [146, 115, 95]];
        let candidates = (1..).zip(marks).map(|(who, marks)| (who, vec![attempt(1, marks)])).collect();
        let order: Vec<u32> = list(AttemptRule::Last, PassRule::None, candidates).into_iter().map(|(who, _, _)| who).collect();
        assert_eq!(order, [1, 2, 4, 5, 3, 7, 6]);
    }

    #[test]
    fn equal_standings_share_a_rank_and_the_next_is_skipped() {
        let marks = [[150, 110, 135], [148, 125, 115], [147, 105, 117], [147, 105, 117], [1, 1, 1]];
        let candidates = (1..).zip(marks).map(|(who, marks)| (who, vec![attempt(1, marks)])).collect();
        let ranks: Vec<Option<u32>> = list(AttemptRule::Last, PassRule::None, candidates).into_iter().map(|(_, rank, _)| rank).collect();
        assert_eq!(ranks, [Some(1), Some(2), Some(3), Some(3), Some(5)]);
    }

    #[test]
    fn those_without_a_rank_stand_below_with_their_reason() {
        let absent = Attempt { number: 1, phase: Phase::Expected, attendance: Attendance::Absent, tally: None };
        let left = Attempt { number: 1, phase: Phase::Ready, attendance: Attendance::Present, tally: None };
        let thrown_out = Attempt { phase: Phase::Terminated, ..attempt(1, [150, 150, 150]) };
        let pass = PassRule::Total { total: Marks::whole(200), minima: vec![] };
        let candidates = vec![
            (1, vec![absent]),
            (2, vec![left]),
            (3, vec![thrown_out]),
            (4, vec![attempt(1, [10, 10, 10])]),
            (5, vec![attempt(1, [90, 90, 90])]),
        ];
        assert_eq!(
            list(AttemptRule::Last, pass, candidates),
            [
                (5, Some(1), Status::Meets),
                (4, None, Status::BelowThreshold),
                (3, None, Status::Terminated),
                (2, None, Status::NotStarted),
                (1, None, Status::Absent)
            ]
        );
    }

    #[test]
    fn the_attempt_that_counts() {
        let attempts = || vec![attempt(1, [10, 0, 0]), attempt(2, [50, 0, 0]), attempt(3, [30, 0, 0])];
        let total = |rule| {
            let candidates = vec![Candidate { who: 1, attempts: attempts() }];
            ranked_list(&scheme(PassRule::None), rule, candidates)[0].tally.as_ref().map(|tally| tally.total.to_string())
        };
        assert_eq!(total(AttemptRule::Last).as_deref(), Some("30"));
        assert_eq!(total(AttemptRule::First).as_deref(), Some("10"));
        assert_eq!(total(AttemptRule::Best).as_deref(), Some("50"));
    }
}
