//! What must hold whatever the scores are.

use crate::rule_set;
use proptest::prelude::*;
use rules::rule_set::CategoryId;
use rules::{RuleSet, Score, Status};
use selection::candidate::{BirthDate, Entry, STAGES_MAX, columns};
use selection::outcome::{Outcomes, Place};
use selection::tables::write_results;
use selection::{Candidate, Formation, compute};
use std::cmp::Reverse;

/// A person in few words: line, scores (twk, tiu, tkp, skb), GPA, year of birth, what happened, the committee's decisions (in the line, in a
/// move).
type Drawn = (u32, [u32; 4], Option<u32>, Option<u32>, u8, [Option<u16>; 2]);

/// Few different values around the thresholds, so that ties and both sides of every rule are common.
fn drawn() -> impl Strategy<Value = Drawn> {
    let near = |values: &'static [u32]| prop::sample::select(values);
    let scores = [near(&[60, 65, 75, 80, 100]), near(&[55, 80, 85, 100]), near(&[100, 126, 143, 150, 166]), near(&[200, 250, 300, 400])];
    let entry = prop_oneof![12 => Just(0_u8), 1 => Just(1_u8), 1 => Just(2), 1 => Just(3), 1 => Just(4)];
    let decisions = [(); 2].map(|()| prop::option::weighted(0.7, 1_u16..5));
    (0_u32..5, scores, prop::option::weighted(0.8, 300_u32..303), prop::option::weighted(0.8, 1990_u32..1993), entry, decisions)
}

/// Lines of one job: two units, general and special, and one of another job.
fn formations(rules: &RuleSet, slots: [u32; 5]) -> Vec<Formation> {
    let special = rules.category("disabilitas").expect("every shipped set has this category");
    let lines = [
        ("guru", "sd1", CategoryId(0)),
        ("guru", "sd1", special),
        ("guru", "sd2", CategoryId(0)),
        ("guru", "sd2", special),
        ("perawat", "rsud", CategoryId(0)),
    ];
    let all = || rules.stages.iter().flat_map(|stage| &stage.sections);
    let line = |(place, (job, unit, category)): (usize, (&str, &str, CategoryId))| Formation {
        code: format!("F{place}").into(),
        slots: slots[place],
        category,
        job: job.to_owned(),
        education: "s1".to_owned(),
        unit: unit.to_owned(),
        agency: "daerah".to_owned(),
        max: all().map(|section| section.max).collect(),
        weight: all().map(|section| section.weight.unwrap_or_default()).collect(),
    };
    lines.into_iter().enumerate().map(line).collect()
}

fn candidates(rules: &RuleSet, drawn: &[Drawn]) -> Vec<Candidate> {
    drawn.iter().enumerate().map(|(number, drawn)| candidate(rules, number, drawn)).collect()
}

fn candidate(rules: &RuleSet, number: usize, (formation, scores, gpa, born, entry, decisions): &Drawn) -> Candidate {
    let mut entries = [Entry::Open; STAGES_MAX + 1];
    match entry {
        1 => entries[0] = Entry::Disqualified,
        2 => entries[1] = Entry::Absent,
        3 => entries[2] = Entry::Withdrawn,
        4 => entries[0] = Entry::Absent,
        _ => {}
    }
    Candidate {
        number: format!("{number:04}").into(),
        formation: *formation,
        category: None,
        scores: columns(rules).zip(scores).map(|(_, score)| (*entry != 4).then_some(Score::whole(*score))).collect(),
        prior: None,
        gpa: gpa.map(|gpa| Score::from_micro(i64::from(gpa) * 10_000)),
        birth_date: born.and_then(|year| BirthDate::read(&format!("{year}-01-01"))),
        decision: decisions[0],
        move_decisions: decisions[1].map(|place| (1, place)).into_iter().collect(),
        adjustments: 0,
        entries,
    }
}

fn ending(rules: &RuleSet) -> Place {
    if rules.selection.is_some() { Place::Final } else { Place::Stage(rules.stages.len() - 1) }
}

fn outcomes(rules: &RuleSet, formations: &[Formation], people: &[Candidate]) -> Outcomes {
    compute(rules, formations, people, ending(rules)).expect("computed")
}

/// What decides in a stage, simply: group, total, tkp, tiu, twk; the smaller, the better.
fn stage_key(outcomes: &Outcomes, people: &[Candidate], person: usize) -> impl Ord + Copy + std::fmt::Debug + use<> {
    let scores = &people[person].scores;
    (outcomes.of[person].group, Reverse(scores[..3].iter().flatten().copied().sum::<Score>()), Reverse((scores[2], scores[1], scores[0])))
}

/// Is one better than another at the end, as far as both have what decides?
fn better_at_the_end(outcomes: &Outcomes, people: &[Candidate], one: usize, other: usize) -> bool {
    let value = |person: usize| outcomes.of[person].value.as_ref().map(|value| value.compared);
    let (first, second) = (stage_key(outcomes, people, one), stage_key(outcomes, people, other));
    let (one, other, values) = (&people[one], &people[other], (value(one), value(other)));
    if outcomes.of.is_empty() || values.0 != values.1 {
        return values.0 > values.1;
    }
    if first != second {
        return first < second;
    }
    match (one.gpa, other.gpa) {
        (Some(one), Some(other)) if one != other => one > other,
        (Some(_), Some(_)) => one.birth_date.zip(other.birth_date).is_some_and(|(one, other)| one < other),
        _ => false,
    }
}

const SETS: [&str; 11] = [
    "skd-2018",
    "skd-2019",
    "skd-2021",
    "skd-2023",
    "skd-2024",
    "cpns-2018",
    "cpns-2019",
    "cpns-2021",
    "cpns-2023",
    "cpns-2024",
    "bkpsdm-3",
];

fn any_set() -> impl Strategy<Value = RuleSet> {
    prop::sample::select(&SETS).prop_map(|id| rule_set(id, &[]))
}

fn first_stage() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&SETS[..5])
}

fn without_moves() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["cpns-2021", "cpns-2023"])
}

fn slots() -> impl Strategy<Value = [u32; 5]> {
    prop::array::uniform5(0_u32..4)
}

fn people() -> impl Strategy<Value = Vec<Drawn>> {
    prop::collection::vec(drawn(), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_order_of_the_input_leaves_no_trace(rules in any_set(), drawn in people(), slots in slots(), seed in any::<u64>()) {
        let (lines, people) = (formations(&rules, slots), candidates(&rules, &drawn));
        let table = |lines: &[Formation], people: &[Candidate]| {
            let mut table = Vec::new();
            write_results(&mut table, &rules, lines, people, &outcomes(&rules, lines, people)).expect("written");
            String::from_utf8(table).expect("text")
        };
        let mixed = |place: usize| (place as u64 + 1).wrapping_mul(seed | 1).rotate_left(29);
        let mut line_order: Vec<usize> = (0..lines.len()).collect();
        line_order.sort_by_key(|&place| mixed(place));
        let other_lines: Vec<Formation> = line_order.iter().map(|&place| lines[place].clone()).collect();
        let moved = |line: u32| line_order.iter().position(|&place| place == line as usize).expect("the line is there") as u32;
        let mut order: Vec<usize> = (0..people.len()).collect();
        order.sort_by_key(|&place| mixed(place));
        let in_other_line = |&place: &usize| Candidate { formation: moved(people[place].formation), ..people[place].clone() };
        let other_people: Vec<Candidate> = order.iter().map(in_other_line).collect();
        prop_assert_eq!(table(&lines, &people), table(&other_lines, &other_people));
    }

    #[test]
    fn nobody_below_is_better(rules in any_set(), drawn in people(), slots in slots()) {
        let (lines, people) = (formations(&rules, slots), candidates(&rules, &drawn));
        let outcomes = outcomes(&rules, &lines, &people);
        let went_on = |person: usize| outcomes.of[person].at != Place::Stage(0);
        let reached = |person: usize| went_on(person) || outcomes.of[person].status == Status::Shortlisted;
        for one in 0..people.len() {
            for other in (0..people.len()).filter(|&other| people[other].formation == people[one].formation) {
                if reached(one) && outcomes.of[other].status == Status::PassedButOutsideTheCut {
                    prop_assert!(stage_key(&outcomes, &people, one) < stage_key(&outcomes, &people, other), "the cut keeps the order");
                }
                let same_group = outcomes.of[one].group == outcomes.of[other].group;
                let statuses = (outcomes.of[one].status, outcomes.of[other].status);
                if rules.id != "bkpsdm-3" && same_group && statuses == (Status::Selected, Status::NotSelected) {
                    prop_assert!(!better_at_the_end(&outcomes, &people, other, one), "{} is below {}", other, one);
                }
            }
        }
    }

    #[test]
    fn a_worse_candidate_moves_no_better_one(id in first_stage(), drawn in people(), added in drawn(), slots in slots()) {
        let rules = rule_set(id, &[]);
        let (lines, mut people) = (formations(&rules, slots), candidates(&rules, &drawn));
        let before = outcomes(&rules, &lines, &people);
        people.push(candidate(&rules, people.len(), &added));
        let after = outcomes(&rules, &lines, &people);
        let new = people.len() - 1;
        for person in 0..new {
            let other_line = people[person].formation != people[new].formation;
            let unranked = after.of[new].rank.is_none() && after.of[new].status != Status::BelowThreshold;
            let worse = stage_key(&after, &people, person) < stage_key(&after, &people, new);
            if other_line || unranked || worse {
                prop_assert_eq!(&before.of[person], &after.of[person], "{} was moved by {}", person, new);
            }
        }
    }

    #[test]
    fn a_worse_one_takes_no_slot_from_others(id in without_moves(), drawn in people(), line in 0_u32..5, slots in slots()) {
        let rules = rule_set(id, &[]);
        let (lines, mut people) = (formations(&rules, slots), candidates(&rules, &drawn));
        let before = outcomes(&rules, &lines, &people);
        // Just at the threshold of the line.
        let scores = if line == 1 || line == 3 { [60, 60, 166, 1] } else { [65, 80, 166, 1] };
        people.push(candidate(&rules, people.len(), &(line, scores, Some(200), Some(1999), 0, [None; 2])));
        let after = outcomes(&rules, &lines, &people);
        let new = people.len() - 1;
        let passed = |person: &usize| people[*person].formation == line && before.stage(*person, 0).rank > 0;
        // Pushing somebody out of the cut who would have won at the end is not taking a slot by being worse.
        prop_assume!((0..new).filter(passed).all(|person| before.stage(person, 0).total > after.stage(new, 0).total));
        for person in 0..new {
            prop_assert_eq!(&before.of[person], &after.of[person]);
        }
    }

    #[test]
    fn every_slot_is_taken_held_or_vacant(rules in any_set(), drawn in people(), slots in slots()) {
        prop_assume!(rules.selection.is_some());
        let (lines, people) = (formations(&rules, slots), candidates(&rules, &drawn));
        let outcomes = outcomes(&rules, &lines, &people);
        for (place, line) in lines.iter().enumerate() {
            let own = |person: &usize| outcomes.of[*person].status == Status::Selected && people[*person].formation as usize == place;
            let moved = |person: &usize| outcomes.of[*person].moved.is_some_and(|(_, to)| to == place);
            let taken = (0..people.len()).filter(|person| own(person) || moved(person)).count() as u32;
            prop_assert_eq!(taken + outcomes.held[place] + outcomes.vacant[place], line.slots);
        }
        for (person, outcome) in outcomes.of.iter().enumerate() {
            prop_assert_eq!(outcome.moved.is_some(), outcome.status == Status::SelectedByMove, "{}", person);
        }
        prop_assert_eq!(outcomes.moves.len(), outcomes.of.iter().filter(|outcome| outcome.moved.is_some()).count());
    }
}
