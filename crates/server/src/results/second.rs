//! The second scorer over what this installation has: marks from journals, papers and keys, results from the tables, both computed again by
//! `recount`, which shares no code with the first.

use super::computed::Computed;
use question_bank::id::SessionId;
use recount::marks::Keys;
use recount::{Amendment, Line};
use rules::rule_set::as_id;
use selection::outcome::Place;
use std::collections::BTreeMap;
use wire::results::{ScorerDifference, SecondScorer};

/// Differences kept.
const DIFFERENCES_MAX: usize = recount::compare::DIFFERENCES_MAX;

/// What one sitting's marks follow from, in stored form.
pub struct Evidence {
    /// Journal and papers.
    pub sitting: recount::marks::Sitting,
    /// Where the journal ended when the first scorer read it: one cut short is in order by itself.
    pub head: recount::marks::Head,
    /// Code of the sitting.
    pub code: String,
    /// Keys of the items on its papers.
    pub keys: Keys,
    /// The stage's place in the rule set.
    pub place: usize,
    /// Participant numbers by session.
    pub people: BTreeMap<SessionId, String>,
}

/// Compares both scorers on results whose tables are given.
pub fn check_results(computed: &Computed) -> SecondScorer {
    let rules = &computed.texts.rules;
    // Without an end the last stage is the last word.
    let until = match computed.until {
        Place::Final if rules.selection.is_none() => &rules.stages[rules.stages.len() - 1].id,
        place => place.id(rules),
    };
    let mut found = Found::default();
    let lines: Result<Vec<Line>, recount::Error> = recount::results(rules, &computed.formations_csv, &computed.scores_csv, until);
    match lines.and_then(|lines| recount::compare(&lines, &computed.results_csv)) {
        Ok(comparison) => {
            found.people = comparison.people as u32;
            found.count = comparison.count;
            found.kept = comparison
                .differences
                .into_iter()
                .map(|difference| ScorerDifference {
                    participant_no: difference.participant_no,
                    column: difference.column.to_owned(),
                    first: difference.theirs.unwrap_or_default(),
                    second: difference.ours.unwrap_or_default(),
                })
                .collect();
        }
        Err(error) => found.add("", "", "", &crate::answer::with_causes(&error)),
    }
    found.into_view()
}

/// Compares both scorers on marks and results.
pub fn check(computed: &Computed, evidence: &[Evidence], amendments: &BTreeMap<usize, Vec<Amendment>>) -> SecondScorer {
    let results = check_results(computed);
    let mut found = Found { people: results.people, count: usize::from(!results.agrees), kept: results.differences };
    let marks = marks_by_person(evidence, amendments, &mut found);
    let rules = &computed.texts.rules;
    for candidate in &computed.candidates {
        let mut columns = 0;
        for (place, stage) in rules.stages.iter().enumerate().take(computed.last_stage() + 1) {
            let scores = &candidate.scores.get(columns..columns + stage.sections.len()).unwrap_or_default();
            columns += stage.sections.len();
            let ids: Vec<&str> = stage.sections.iter().map(|section| section.id.as_str()).collect();
            let first: Vec<String> = scores.iter().map(|score| score.map(|score| score.to_string()).unwrap_or_default()).collect();
            let attempts = marks.get(&(place, candidate.number.to_string()));
            let second: Vec<Vec<String>> = attempts.map(|all| all.iter().map(|marks| under(&ids, marks)).collect()).unwrap_or_default();
            let none = first.iter().all(String::is_empty);
            if second.contains(&first) || none && second.is_empty() {
                continue;
            }
            let second = second.first().map(|marks| marks.join(" ")).unwrap_or_default();
            found.add(&candidate.number, &ids.join(" "), &first.join(" "), &second);
        }
    }
    found.into_view()
}

/// Section code and thousandths, by place of the stage and participant number: one entry for each attempt that was begun.
type Marks = BTreeMap<(usize, String), Vec<Vec<(String, i64)>>>;

fn marks_by_person(evidence: &[Evidence], amendments: &BTreeMap<usize, Vec<Amendment>>, found: &mut Found) -> Marks {
    let mut marks = Marks::new();
    let none = Vec::new();
    for one in evidence {
        let marked = match recount::marks(&one.sitting, &one.keys, amendments.get(&one.place).unwrap_or(&none)) {
            Ok(marked) => marked,
            Err(error) => {
                found.add("", &one.code, "", &crate::answer::with_causes(&error));
                continue;
            }
        };
        if marked.head != one.head {
            found.add("", &one.code, &one.head.next_position.to_string(), &marked.head.next_position.to_string());
        }
        for session in marked.sessions {
            let (Some(sections), Some(number)) = (session.sections, one.people.get(&session.session)) else { continue };
            let sections = sections.into_iter().map(|section| (as_id(&section.code), section.thousandths)).collect();
            marks.entry((one.place, number.clone())).or_default().push(sections);
        }
    }
    marks
}

/// Marks in the order of these sections; a stage that is one number is the sum.
fn under(ids: &[&str], marks: &[(String, i64)]) -> Vec<String> {
    let text = |milli: i64| question_bank::marks::Marks::from_milli(milli).to_string();
    let named = |id: &str| marks.iter().find(|(code, _)| code == id).map(|(_, milli)| *milli);
    match ids {
        [only] if named(only).is_none() => vec![text(marks.iter().map(|(_, milli)| milli).sum())],
        ids => ids.iter().map(|id| named(id).map(text).unwrap_or_default()).collect(),
    }
}

/// Differences as they come.
#[derive(Default)]
struct Found {
    people: u32,
    count: usize,
    kept: Vec<ScorerDifference>,
}

impl Found {
    fn add(&mut self, participant_no: &str, column: &str, first: &str, second: &str) {
        self.count += 1;
        if self.kept.len() < DIFFERENCES_MAX {
            self.kept.push(ScorerDifference {
                participant_no: participant_no.to_owned(),
                column: column.to_owned(),
                first: first.to_owned(),
                second: second.to_owned(),
            });
        }
    }

    fn into_view(self) -> SecondScorer {
        SecondScorer { agrees: self.count == 0, people: self.people, differences: self.kept }
    }
}
