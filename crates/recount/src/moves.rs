//! Vacant slots are filled step by step (`docs/rules.md`, "What is computed", 5).

use crate::formation::Formation;
use crate::order;
use crate::standing::{Group, Standing, Verdict};
use crate::table::as_word;
use crate::threshold;
use rules::Status;
use rules::rule_set::{Donors, Move, MoveThreshold, RuleSet, Selection};

/// Moves people into vacant slots; `vacant` says for each formation line how many there are.
pub fn fill(rules: &RuleSet, selection: &Selection, formations: &[Formation], mut vacant: Vec<usize>, standings: &mut [Standing<'_>]) {
    let mut by_code: Vec<usize> = (0..formations.len()).collect();
    by_code.sort_by_key(|&line| &formations[line].code);
    // Only who reached the end and has no slot can be moved: looked for once, not for each vacant line.
    let without_slot: Vec<usize> = (0..standings.len()).filter(|&place| is_free(&standings[place])).collect();
    for (step_place, step) in rules.moves.iter().enumerate().filter(|(_, step)| step.enabled) {
        for &line in by_code.iter().filter(|&&line| is_for(step, &formations[line])) {
            if vacant[line] == 0 {
                continue;
            }
            let matching =
                without_slot.iter().copied().filter(|&place| matches(rules, step, &formations[line], &standings[place])).collect();
            for tie in order::of(rules, selection, standings, matching) {
                if vacant[line] == 0 {
                    break;
                }
                if tie.len() > vacant[line] {
                    // Nothing decides: the slots wait, and so do the people.
                    tie.iter().for_each(|&place| standings[place].waits = true);
                    vacant[line] = 0;
                    break;
                }
                vacant[line] -= tie.len();
                for place in tie {
                    let status = Status::SelectedByMove;
                    standings[place].verdict = Some(Verdict { status, stage: None, moved: Some((step_place, line)) });
                }
            }
        }
    }
}

/// Is a step for a vacant line?
fn is_for(step: &Move, vacant: &Formation) -> bool {
    let category = step.fill.is_empty() || step.fill.contains(&vacant.category);
    category && (step.agencies.is_empty() || step.agencies.iter().any(|agency| as_word(agency) == vacant.agency))
}

/// Took every stage, has no slot, and does not wait for the committee.
fn is_free(standing: &Standing<'_>) -> bool {
    let at_the_end = standing.verdict.as_ref().is_some_and(|verdict| verdict.stage.is_none() && verdict.status == Status::NotSelected);
    at_the_end && !standing.waits
}

/// Somebody of another line who is free and matches the step.
fn matches(rules: &RuleSet, step: &Move, vacant: &Formation, standing: &Standing<'_>) -> bool {
    let own = standing.formation;
    let donor = match &step.donors {
        Donors::Any => true,
        Donors::Same => own.category == vacant.category,
        Donors::Other => own.category != vacant.category,
        Donors::Listed(categories) => categories.contains(&own.category),
    };
    is_free(standing)
        && own.code != vacant.code
        && donor
        && step.same.iter().all(|&attribute| own.attribute(attribute) == vacant.attribute(attribute))
        && step.differ.iter().all(|&attribute| own.attribute(attribute) != vacant.attribute(attribute))
        && has_reached(rules, step.threshold, standing)
}

/// The threshold of the step, in the first stage. Who came so far without being of the second group has reached the own one.
fn has_reached(rules: &RuleSet, asked: MoveThreshold, standing: &Standing<'_>) -> bool {
    match asked {
        MoveThreshold::None => true,
        MoveThreshold::Own => standing.group != Some(Group::Second),
        MoveThreshold::Fallback => standing.group == Some(Group::Second),
        MoveThreshold::Of(category) => {
            let asked = threshold::of(&rules.stages[0].pass, category, &standing.formation.job);
            let scores = standing.person.scores[0].as_ref();
            scores.is_some_and(|scores| asked.is_none_or(|asked| threshold::is_reached(asked, scores)))
        }
    }
}
