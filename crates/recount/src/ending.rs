//! The end in one formation line: the final value, the final order, the slots (`docs/rules.md`, "What is computed", 3 and 4).

use crate::number::{Number, of_score, sum, whole};
use crate::order;
use crate::stage;
use crate::standing::{Group, Last, Standing};
use rules::Status;
use rules::rule_set::{Effect, FallbackSlots, RuleSet, Selection};

/// Decides about everybody of a line who is still in; says how many slots stay vacant. `people` are all who applied in the line.
pub fn judge(rules: &RuleSet, selection: &Selection, people: &mut [Standing<'_>]) -> usize {
    let Some(slots) = people.first().map(|standing| standing.formation.slots) else { return 0 };
    for standing in people.iter_mut().filter(|standing| standing.is_in()) {
        let on_hundred = on_hundred(rules, standing);
        let value = weighted(selection, &on_hundred);
        standing.last = Some(Last { on_hundred, value, rank: None });
        if let Some(status) = standing.person.on_record_at_the_end {
            standing.decide_at_the_end(status);
        }
    }
    let ties = final_order(rules, selection, people);
    rank(&ties, people);
    let reserved = reserved_for_second(rules, slots, people);
    give_slots(slots, reserved, &ties, people)
}

/// Each stage on the scale to 100, with its adjustments.
fn on_hundred(rules: &RuleSet, standing: &Standing<'_>) -> Vec<Number> {
    let on_hundred = standing.person.scores.iter().enumerate().map(|(place, scores)| {
        let raw = scores.as_ref().map_or(whole(0), |scores| stage::on_hundred(place, standing.formation, scores));
        adjusted(rules, place, standing, raw)
    });
    on_hundred.collect()
}

/// The stages, summed by their weights.
fn weighted(selection: &Selection, on_hundred: &[Number]) -> Number {
    sum(on_hundred.iter().zip(&selection.weights).map(|(value, weight)| value * of_score(*weight) / whole(100)))
}

/// Granted adjustments of a stage, in the order of the rule set. None of them lowers a value.
fn adjusted(rules: &RuleSet, place: usize, standing: &Standing<'_>, raw: Number) -> Number {
    let granted = standing.person.adjustments.iter().map(|&granted| &rules.adjustments[granted]);
    granted.filter(|adjustment| adjustment.stage == place).fold(raw, |value, adjustment| match adjustment.effect {
        Effect::ToMaximum => value.max(whole(100)),
        Effect::Add { points, cap: None } => value + of_score(points),
        Effect::Add { points, cap: Some(cap) } => (&value + of_score(points)).min(of_score(cap)).max(value),
    })
}

/// The first group comes before the second.
fn final_order(rules: &RuleSet, selection: &Selection, people: &[Standing<'_>]) -> Vec<order::Tie> {
    let in_group = |second: bool| {
        let in_order = |place: &usize| people[*place].is_in() && (people[*place].group == Some(Group::Second)) == second;
        order::of(rules, selection, people, (0..people.len()).filter(in_order).collect())
    };
    [in_group(false), in_group(true)].concat()
}

/// Equals share a rank.
fn rank(ties: &[order::Tie], people: &mut [Standing<'_>]) {
    let mut before = 0;
    for tie in ties {
        for &place in tie {
            if let Some(last) = &mut people[place].last {
                last.rank = Some(before + 1);
            }
        }
        before += tie.len();
    }
}

/// For how many slots the second group competes.
fn reserved_for_second(rules: &RuleSet, slots: usize, people: &[Standing<'_>]) -> usize {
    let fallback = rules.stages.iter().find_map(|stage| stage.fallback.as_ref());
    match fallback.map(|fallback| fallback.slots) {
        Some(FallbackSlots::Reserved) => slots.saturating_sub(stage::size_of_first_group(people)),
        Some(FallbackSlots::Left) | None => slots,
    }
}

/// Slots go to the best. Where a tie stands across the last slot, nobody of it gets one, and the slots wait for the committee. Gives back how
/// many slots are vacant: neither given nor waiting.
fn give_slots(slots: usize, reserved: usize, ties: &[order::Tie], people: &mut [Standing<'_>]) -> usize {
    let (mut left, mut left_for_second) = (slots, reserved);
    for tie in ties {
        let second = people[tie[0]].group == Some(Group::Second);
        let free = if second { left.min(left_for_second) } else { left };
        let used = tie.len().min(free);
        let status = match free {
            0 => Status::NotSelected,
            _ if tie.len() <= free => Status::Selected,
            _ => Status::Shortlisted,
        };
        for &place in tie {
            people[place].decide_at_the_end(status);
            people[place].waits = status == Status::Shortlisted;
        }
        left -= used;
        left_for_second -= if second { used } else { 0 };
    }
    left
}
