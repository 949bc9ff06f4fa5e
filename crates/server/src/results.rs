//! Ranked lists of a stage, computed from the sittings' states alone: the same for the committee's page and for `saksama fsck`.

use crate::board::public_name;
use crate::hall::Facts;
use exam_session::block::JournalHead;
use exam_session::sitting::{Sitting, SittingPhase};
use publish::{AnnouncedList, AnnouncedRow, AnnouncedSection, CodeMeaning};
use question_bank::id::{CandidateId, Digest32, FormationId, SessionId};
use scoring::result::{Attempt, AttemptRule, Candidate, Placed, Status, ranked_list};
use scoring::scheme::{Scheme, tally};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::roster::Formation;

/// What one sitting contributes.
pub struct Outcome {
    facts: Arc<Facts>,
    head: JournalHead,
    phase: SittingPhase,
    attempts: Vec<(SessionId, Attempt)>,
}

impl Outcome {
    /// Tallies every session as it stands.
    pub fn new(facts: &Arc<Facts>, sitting: &Sitting, head: JournalHead) -> Self {
        let attempts = facts.people.iter().filter_map(|person| {
            let session = sitting.session(person.session)?;
            let started = !session.slots().is_empty();
            let attempt = Attempt {
                number: person.attempt,
                phase: session.phase(),
                attendance: session.attendance(),
                tally: started.then(|| tally(session.paper(), session.slots(), &facts.keys)),
            };
            Some((person.session, attempt))
        });
        Outcome { attempts: attempts.collect(), facts: Arc::clone(facts), head, phase: sitting.head().phase }
    }
}

/// A stage's lists, and what stands in the way of publishing them.
pub struct Computed {
    /// One per formation, by code.
    pub lists: Vec<AnnouncedList>,
    /// Sentences for the committee; empty when the lists may be published.
    pub obstacles: Vec<String>,
    /// Names everything the lists follow from.
    pub input_hash: Digest32,
}

/// One candidate of a formation as the sittings tell it.
struct Entrant {
    participant_no: String,
    name: String,
    scheme: Arc<Scheme>,
    sections: Vec<AnnouncedSection>,
    attempts: Vec<Attempt>,
}

/// Computes a stage's lists from all its sittings.
pub fn compute(formations: &[Formation], rule: AttemptRule, outcomes: &[Outcome]) -> Computed {
    let mut entrants: BTreeMap<FormationId, BTreeMap<CandidateId, Entrant>> = BTreeMap::new();
    for outcome in outcomes {
        for (session, attempt) in &outcome.attempts {
            let Some(&index) = outcome.facts.index.get(session) else { continue };
            let person = &outcome.facts.people[index as usize];
            let entrant = entrants.entry(person.formation).or_default().entry(person.candidate).or_insert_with(|| Entrant {
                participant_no: person.participant_no.clone(),
                name: public_name(outcome.facts.selection_policy.names, &person.name),
                scheme: Arc::clone(&person.scheme),
                sections: Vec::new(),
                attempts: Vec::new(),
            });
            if let Some(paper) = &person.paper {
                let section = |section: &question_bank::paper::PaperSection| AnnouncedSection {
                    code: section.code.clone(),
                    title: section.title.clone(),
                    max: None,
                    threshold: None,
                };
                entrant.sections = paper.sections.iter().map(section).collect();
            }
            entrant.attempts.push(attempt.clone());
        }
    }
    let mut formations: Vec<&Formation> = formations.iter().collect();
    formations.sort_by(|a, b| a.code.cmp(&b.code));
    let lists = formations.into_iter().map(|formation| list(formation, rule, entrants.remove(&formation.id).unwrap_or_default()));
    Computed { lists: lists.collect(), obstacles: obstacles(outcomes), input_hash: input_hash(outcomes) }
}

fn list(formation: &Formation, rule: AttemptRule, entrants: BTreeMap<CandidateId, Entrant>) -> AnnouncedList {
    let scheme = entrants.values().next().map(|entrant| Arc::clone(&entrant.scheme));
    let sections = entrants.values().map(|entrant| &entrant.sections).find(|sections| !sections.is_empty()).cloned().unwrap_or_default();
    let candidates = entrants
        .into_values()
        .map(|entrant| Candidate { who: (entrant.participant_no, entrant.name), attempts: entrant.attempts })
        .collect();
    let placed = scheme.map(|scheme| ranked_list(&scheme, rule, candidates)).unwrap_or_default();
    AnnouncedList {
        formation_code: formation.code.clone(),
        formation_title: formation.title.clone(),
        category: String::new(),
        slots: formation.slots,
        sections,
        total_threshold: None,
        cut_after: None,
        rows: placed.into_iter().map(row).collect(),
    }
}

fn row(Placed { who: (participant_no, name), rank, status, tally }: Placed<(String, String)>) -> AnnouncedRow {
    let (word, code, ..) = standing(status);
    AnnouncedRow {
        rank,
        participant_no,
        name: Some(name),
        category: None,
        marks: tally.iter().flat_map(|tally| &tally.sections).map(|marks| decimal(marks.milli())).collect(),
        total: tally.as_ref().map(|tally| decimal(tally.total.milli())),
        values: Vec::new(),
        status: word.to_owned(),
        code: code.to_owned(),
        to_formation: None,
    }
}

/// How a person stands after the test: word, code, and what the code means in Indonesian and English.
fn standing(status: Status) -> (&'static str, &'static str, &'static str, &'static str) {
    match status {
        Status::Meets => ("meets", "MA", "Memenuhi ambang batas", "Meets every threshold"),
        Status::BelowThreshold => ("below_threshold", "TMA", "Tidak memenuhi ambang batas", "Below a threshold"),
        Status::Absent => ("absent", "TH", "Tidak hadir", "Absent"),
        Status::NotStarted => ("not_started", "HTM", "Hadir, tidak memulai tes", "Present, did not begin"),
        Status::Terminated => ("terminated", "DH", "Tes dihentikan panitia", "Ended by the committee"),
    }
}

/// The legend of a stage's lists.
pub fn legend() -> Vec<CodeMeaning> {
    let all = [Status::Meets, Status::BelowThreshold, Status::Absent, Status::NotStarted, Status::Terminated].map(standing);
    let entry = |(status, code, id, en): (&str, &str, &str, &str)| CodeMeaning {
        code: code.to_owned(),
        status: status.to_owned(),
        id: id.to_owned(),
        en: en.to_owned(),
    };
    all.map(entry).into()
}

/// Thousandths as a decimal with a point, as short as possible.
fn decimal(milli: i64) -> String {
    let sign = if milli < 0 { "-" } else { "" };
    let (whole, thousandths) = (milli.unsigned_abs() / 1000, milli.unsigned_abs() % 1000);
    if thousandths == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{}", format!("{thousandths:03}").trim_end_matches('0')) }
}

/// A decimal of ours in thousandths.
pub fn milli(decimal: &str) -> i64 {
    let (sign, digits) = decimal.strip_prefix('-').map_or((1, decimal), |digits| (-1, digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    sign * format!("{whole}{fraction:0<3}").parse::<i64>().unwrap_or_default()
}

fn obstacles(outcomes: &[Outcome]) -> Vec<String> {
    let mut obstacles: Vec<String> = outcomes
        .iter()
        .filter(|outcome| !outcome.facts.people.is_empty() && outcome.phase != SittingPhase::Closed)
        .map(|outcome| format!("Sesi {} belum ditutup.", outcome.facts.code))
        .collect();
    if outcomes.iter().all(|outcome| outcome.facts.people.is_empty()) {
        obstacles.push("Belum ada peserta pada tahap ini.".to_owned());
    }
    obstacles
}

/// Journal heads, keys, blueprints and policies: when one of them changes, so may the lists.
fn input_hash(outcomes: &[Outcome]) -> Digest32 {
    let mut sittings: Vec<&Outcome> = outcomes.iter().collect();
    sittings.sort_by_key(|outcome| outcome.facts.sitting);
    let mut inputs = b"saksama/results/v1\n".to_vec();
    for outcome in sittings {
        inputs.extend(outcome.facts.sitting.as_bytes());
        inputs.extend(outcome.head.next_position.to_be_bytes());
        inputs.extend(outcome.head.hash.0);
        inputs.extend(outcome.facts.rules_digest.0);
        inputs.extend(format!("{:?}{:?}", outcome.facts.selection_policy.names, outcome.facts.selection_policy.attempt_rule).bytes());
    }
    Digest32::of(&inputs)
}

/// The rule of a selection in the words of `scoring`.
pub fn attempt_rule(rule: wire::roster::AttemptRule) -> AttemptRule {
    match rule {
        wire::roster::AttemptRule::Last => AttemptRule::Last,
        wire::roster::AttemptRule::First => AttemptRule::First,
        wire::roster::AttemptRule::Best => AttemptRule::Best,
    }
}
