//! Who sat and what they have: one sitting's contribution to the results of its stage.

use crate::hall::Facts;
use exam_session::block::JournalHead;
use exam_session::session::{Attendance, Phase, Slot};
use exam_session::sitting::{Sitting, SittingPhase};
use question_bank::id::{CandidateId, ItemId, SessionId};
use question_bank::marks::Marks;
use question_bank::paper::Paper;
use scoring::result::{Attempt, AttemptRule, counting};
use scoring::scheme::{Amendment, Keys, Tally, tally};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A sitting as it stood when it was read.
#[derive(Clone)]
pub struct Sat {
    /// What was set up for it.
    pub facts: Arc<Facts>,
    /// Where its journal ends.
    pub head: JournalHead,
    /// Where it stands.
    pub phase: SittingPhase,
    /// Its sessions with a paper.
    pub sessions: Vec<SatSession>,
    /// Late answers that nobody has decided about.
    pub late_waiting: u32,
}

/// A session as it stood.
#[derive(Clone)]
pub struct SatSession {
    /// The session.
    pub session: SessionId,
    /// Where it stands.
    pub phase: Phase,
    /// Attendance.
    pub attendance: Attendance,
    /// The paper.
    pub paper: Arc<Paper>,
    /// Choices by position; empty before the start.
    pub slots: Vec<Slot>,
}

impl Sat {
    /// Copies what results need of a sitting's state.
    pub fn new(facts: &Arc<Facts>, sitting: &Sitting, head: JournalHead) -> Self {
        let sessions = facts.people.iter().filter_map(|person| {
            let session = sitting.session(person.session)?;
            Some(SatSession {
                session: person.session,
                phase: session.phase(),
                attendance: session.attendance(),
                paper: Arc::clone(session.paper()),
                slots: session.slots().to_vec(),
            })
        });
        let late_waiting =
            sitting.sessions().map(|(_, session)| session.evidence().iter().filter(|piece| !piece.admitted).count() as u32).sum();
        Sat { sessions: sessions.collect(), late_waiting, facts: Arc::clone(facts), head, phase: sitting.head().phase }
    }

    /// Keys of the sitting after corrections.
    pub fn keys(&self, amendments: &BTreeMap<ItemId, Amendment>) -> Keys {
        let catalogue = self.sessions.first().map(|session| Arc::clone(&session.paper.catalogue)).unwrap_or_default();
        self.facts.keys.amended(&catalogue, amendments)
    }
}

/// What one candidate has at a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Section codes of the paper, in order, with marks and what was possible; empty for who never began.
    pub sections: Vec<TakenSection>,
    /// A proctor ended the session.
    pub terminated: bool,
}

/// Marks of one section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenSection {
    /// Code.
    pub code: String,
    /// Marks.
    pub marks: Marks,
    /// The most that the paper could earn.
    pub maximum: Marks,
}

/// What every candidate has at a stage: the attempt that counts, marked with keys after corrections.
pub fn taken(sittings: &[Sat], rule: AttemptRule, amendments: &BTreeMap<ItemId, Amendment>) -> BTreeMap<CandidateId, Taken> {
    let mut attempts: BTreeMap<CandidateId, Vec<Marked<'_>>> = BTreeMap::new();
    for sitting in sittings {
        let keys = sitting.keys(amendments);
        for session in &sitting.sessions {
            let Some(&index) = sitting.facts.index.get(&session.session) else { continue };
            let person = &sitting.facts.people[index as usize];
            let tally = (!session.slots.is_empty()).then(|| tally(&session.paper, &session.slots, &keys));
            attempts.entry(person.candidate).or_default().push(Marked {
                attempt: Attempt { number: person.attempt, phase: session.phase, tally },
                paper: &session.paper,
                maxima: keys.maxima(&session.paper),
                scheme: &person.scheme,
            });
        }
    }
    attempts.into_iter().filter_map(|(candidate, marked)| Some((candidate, taken_of(rule, &marked)?))).collect()
}

/// An attempt with what its marks mean.
struct Marked<'a> {
    attempt: Attempt,
    paper: &'a Paper,
    maxima: Vec<Marks>,
    scheme: &'a scoring::scheme::Scheme,
}

fn taken_of(rule: AttemptRule, marked: &[Marked<'_>]) -> Option<Taken> {
    let attempts: Vec<Attempt> = marked.iter().map(|marked| marked.attempt.clone()).collect();
    let number = counting(marked.first()?.scheme, rule, &attempts)?.number;
    let counts = marked.iter().find(|marked| marked.attempt.number == number)?;
    let sections = match &counts.attempt.tally {
        Some(tally) => sections(counts.paper, tally, &counts.maxima),
        None => Vec::new(),
    };
    Some(Taken { sections, terminated: counts.attempt.phase == Phase::Terminated })
}

fn sections(paper: &Paper, tally: &Tally, maxima: &[Marks]) -> Vec<TakenSection> {
    let marks = tally.sections.iter().zip(maxima);
    paper
        .sections
        .iter()
        .zip(marks)
        .map(|(section, (&marks, &maximum))| TakenSection { code: section.code.clone(), marks, maximum })
        .collect()
}

/// The rule of a selection in the words of `scoring`.
pub fn attempt_rule(rule: wire::roster::AttemptRule) -> AttemptRule {
    match rule {
        wire::roster::AttemptRule::Last => AttemptRule::Last,
        wire::roster::AttemptRule::First => AttemptRule::First,
        wire::roster::AttemptRule::Best => AttemptRule::Best,
    }
}
