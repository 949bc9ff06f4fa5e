//! The second scorer over what this installation has: marks from journals, papers and keys, results from the tables, both computed again by
//! `recount`, which shares no code with the first.

use super::computed::Computed;
use question_bank::id::SessionId;
use recount::marks::{Ending, Keys, SectionMarks};
use recount::{Amendment, Line};
use rules::rule_set::as_id;
use selection::candidate::Entry;
use selection::outcome::Place;
use std::collections::BTreeMap;
use wire::results::{ScorerDifference, SecondScorer};
use wire::roster::AttemptRule;

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
    /// Who sat, by session.
    pub people: BTreeMap<SessionId, Sitter>,
}

/// Somebody who sat.
pub struct Sitter {
    /// Participant number.
    pub participant_no: String,
    /// Number of the attempt, from 1.
    pub attempt: u32,
    /// Section codes that decide between attempts with the same total, in order.
    pub tie_order: Vec<String>,
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

/// Compares both scorers on marks and results. `corrected` tells whether a correction set somebody's status at a stage, by participant number and
/// place of the stage.
pub fn check(
    computed: &Computed,
    evidence: &[Evidence],
    amendments: &BTreeMap<usize, Vec<Amendment>>,
    rule: AttemptRule,
    corrected: impl Fn(&str, usize) -> bool,
) -> SecondScorer {
    let results = check_results(computed);
    let mut found = Found { people: results.people, count: usize::from(!results.agrees), kept: results.differences };
    let mut tries = tries_by_person(evidence, amendments, &mut found);
    let rules = &computed.texts.rules;
    for candidate in &computed.candidates {
        let mut columns = 0;
        for (place, stage) in rules.stages.iter().enumerate().take(computed.last_stage() + 1) {
            let scores = &candidate.scores.get(columns..columns + stage.sections.len()).unwrap_or_default();
            columns += stage.sections.len();
            let ids: Vec<&str> = stage.sections.iter().map(|section| section.id.as_str()).collect();
            let first: Vec<String> = scores.iter().map(|score| score.map(|score| score.to_string()).unwrap_or_default()).collect();
            let tries = tries.remove(&(place, candidate.number.to_string())).unwrap_or_default();
            let counts = counting(rule, &tries);
            let marks = counts.and_then(|counts| counts.sections.as_ref());
            let second = marks.map_or_else(|| vec![String::new(); ids.len()], |marks| under(&ids, marks));
            if first != second {
                found.add(&candidate.number, &ids.join(" "), &first.join(" "), &second.join(" "));
            }
            let thrown_out = counts.is_some_and(|counts| counts.ended_by_proctor);
            if thrown_out != (candidate.entries[place] == Entry::Disqualified) && !corrected(&candidate.number, place) {
                let word = |is: bool| if is { "disqualified" } else { "" };
                found.add(&candidate.number, "status", word(!thrown_out), word(thrown_out));
            }
        }
    }
    // Whoever sat and is not in the table was lost on the way.
    for ((_, participant_no), tries) in tries {
        if tries.iter().any(|one| one.sections.is_some()) {
            found.add(&participant_no, "participant_no", "", &participant_no);
        }
    }
    found.into_view()
}

/// A try at a stage, as its journal tells it.
struct Try {
    /// Number, from 1.
    attempt: u32,
    /// Section id and thousandths; none where it was never begun.
    sections: Option<Vec<(String, i64)>>,
    /// Section ids that decide between tries with the same total.
    tie_order: Vec<String>,
    /// A proctor ended it.
    ended_by_proctor: bool,
}

impl Try {
    /// The total, then the sections that decide between equal totals.
    fn standing(&self) -> Vec<i64> {
        let sections = self.sections.as_deref().unwrap_or_default();
        let of = |id: &String| sections.iter().find(|(known, _)| known == id).map_or(0, |(_, milli)| *milli);
        std::iter::once(sections.iter().map(|(_, milli)| milli).sum()).chain(self.tie_order.iter().map(of)).collect()
    }
}

/// The try that counts: of those begun the last, the first, or the best (the earlier of two that are equal); where none was begun, the last.
fn counting(rule: AttemptRule, tries: &[Try]) -> Option<&Try> {
    let mut begun: Vec<&Try> = tries.iter().filter(|one| one.sections.is_some()).collect();
    begun.sort_by_key(|one| one.attempt);
    let counts = match rule {
        AttemptRule::Last => begun.last().copied(),
        AttemptRule::First => begun.first().copied(),
        AttemptRule::Best => begun.into_iter().reduce(|best, one| if one.standing() > best.standing() { one } else { best }),
    };
    counts.or_else(|| tries.iter().max_by_key(|one| one.attempt))
}

/// By place of the stage and participant number.
type Tries = BTreeMap<(usize, String), Vec<Try>>;

fn tries_by_person(evidence: &[Evidence], amendments: &BTreeMap<usize, Vec<Amendment>>, found: &mut Found) -> Tries {
    let mut tries = Tries::new();
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
            let Some(sitter) = one.people.get(&session.session) else { continue };
            let id_and_marks = |section: SectionMarks| (as_id(&section.code), section.thousandths);
            tries.entry((one.place, sitter.participant_no.clone())).or_default().push(Try {
                attempt: sitter.attempt,
                sections: session.sections.map(|sections| sections.into_iter().map(id_and_marks).collect()),
                tie_order: sitter.tie_order.iter().map(|code| as_id(code)).collect(),
                ended_by_proctor: session.ending == Some(Ending::Terminated),
            });
        }
    }
    tries
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

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(attempt: u32, marks: Option<[i64; 2]>) -> Try {
        let sections = marks.map(|marks| ["twk", "tiu"].map(str::to_owned).into_iter().zip(marks).collect());
        Try { attempt, sections, tie_order: vec!["tiu".to_owned(), "twk".to_owned()], ended_by_proctor: false }
    }

    fn check(tries: &[Try], [last, first, best]: [u32; 3]) {
        let counts = |rule| counting(rule, tries).map(|one| one.attempt);
        assert_eq!(counts(AttemptRule::Last), Some(last));
        assert_eq!(counts(AttemptRule::First), Some(first));
        assert_eq!(counts(AttemptRule::Best), Some(best));
    }

    #[test]
    fn the_try_that_counts() {
        check(&[tried(1, Some([80, 70])), tried(2, Some([60, 70]))], [2, 1, 1]);
        check(&[tried(2, Some([60, 70])), tried(1, Some([50, 70]))], [2, 1, 2]);
        // One that was never begun is none; equal totals are decided by the tie order, equal standings by the earlier one.
        check(&[tried(1, Some([80, 70])), tried(2, None)], [1, 1, 1]);
        check(&[tried(1, Some([80, 70])), tried(2, Some([70, 80]))], [2, 1, 2]);
        check(&[tried(3, Some([80, 70])), tried(2, Some([80, 70])), tried(1, Some([0, 0]))], [3, 1, 2]);
        check(&[tried(1, None), tried(2, None)], [2, 2, 2]);
        assert!(counting(AttemptRule::Best, &[]).is_none());
    }
}
