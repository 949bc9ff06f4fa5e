//! Random tables of formations and scores: few formations and few different people, so that ties, boundaries and vacancies are everywhere.

use rand::RngExt;
use rand::rngs::SmallRng;
use rules::RuleSet;
use rules::rule_set::{Predicate, Stage};
use std::fmt::Write;

/// Two tables as text.
pub struct Tables {
    /// Formations.
    pub formations: String,
    /// Scores.
    pub scores: String,
}

/// Tables for a rule set.
pub fn random(rules: &RuleSet, rng: &mut SmallRng) -> Tables {
    // Now and then the later stages have not been held.
    let stages = if rng.random_bool(0.15) { rng.random_range(1..=rules.stages.len()) } else { rules.stages.len() };
    // Now and then nearly everybody is equal to everybody in everything, in lines that are nearly the same, the last of which nobody wants:
    // moves are common, and only the committee can decide about them.
    let alike = rng.random_bool(0.3);
    let lines = rng.random_range(if alike { 3..=6 } else { 1..=6 });
    let weightless: Vec<bool> = (0..lines).map(|_| !alike && last_is_weighted(rules) && rng.random_bool(0.3)).collect();
    Tables { formations: formations(rules, &weightless, alike, rng), scores: scores(rules, stages, &weightless, alike, rng) }
}

fn one_of<T: Copy>(words: &[T], rng: &mut SmallRng) -> T {
    words[rng.random_range(0..words.len())]
}

/// Mostly nothing.
fn rarely<'a>(chance: f64, words: &[&'a str], rng: &mut SmallRng) -> &'a str {
    if rng.random_bool(chance) { one_of(words, rng) } else { "" }
}

/// Has the last stage several sections, each with its share?
fn last_is_weighted(rules: &RuleSet) -> bool {
    rules.stages.last().is_some_and(|stage| stage.sections.len() > 1 && stage.weighted())
}

/// `weightless` says by line whether the last section has no weight there.
fn formations(rules: &RuleSet, weightless: &[bool], alike: bool, rng: &mut SmallRng) -> String {
    let own_rules = rules.jobs();
    let mut jobs = vec!["guru", "Guru", "perawat"];
    jobs.extend(own_rules.iter().copied().take(2));
    let categories: Vec<&str> = rules.categories.iter().map(String::as_str).collect();
    let sections: Vec<&str> = rules.stages.iter().flat_map(|stage| stage.sections.iter().map(|section| section.id.as_str())).collect();
    let last = sections[sections.len() - 1];
    let mut table = format!("formation,slots,category,job,education,unit,agency,max_{last}");
    let shared_job = rng.random_bool(if alike { 1.0 } else { 0.6 }).then(|| one_of(&jobs, rng));
    let shared_category = rng.random_bool(if alike { 0.5 } else { 0.2 }).then(|| one_of(&categories, rng));
    if last_is_weighted(rules) {
        let _ = write!(table, ",weight_{},weight_{last}", sections[sections.len() - 2]);
    }
    for (code, weightless) in weightless.iter().enumerate() {
        let slots = if alike { one_of(&["1", "1", "2"], rng) } else { one_of(&["0", "1", "1", "1", "2", "2", "3"], rng) };
        let category = if rng.random_bool(0.5) { categories[0] } else { one_of(&categories, rng) };
        let category = shared_category.unwrap_or(category);
        let job = shared_job.unwrap_or_else(|| one_of(&jobs, rng));
        let education = if alike { "s1" } else { one_of(&["s1", "S1", "d3"], rng) };
        let unit = one_of(&["rsud", "sd-1"], rng);
        let agency = if alike { "daerah" } else { rarely(0.5, &["daerah", "pusat"], rng) };
        let max = if alike { "" } else { rarely(0.2, &["550", "520.5"], rng) };
        // Codes are not in the order of the lines, and sort as text.
        let _ = write!(table, "\nF{},{slots},{category},{job},{education},{unit},{agency},{max}", (code * 7 + 9) % 13);
        if last_is_weighted(rules) {
            table += if *weightless {
                ",100,0"
            } else if alike {
                ",,"
            } else {
                one_of(&[",,", ",50,50", ",\"66,7\",33.3"], rng)
            };
        }
    }
    table + "\n"
}

fn code(place: usize) -> String {
    format!("F{}", (place * 7 + 9) % 13)
}

fn scores(rules: &RuleSet, stages: usize, weightless: &[bool], alike: bool, rng: &mut SmallRng) -> String {
    let first = &rules.stages[0];
    let held = &rules.stages[..stages];
    let mut columns: Vec<String> =
        ["participant_no", "formation", "category", "gpa", "birth_date", "decision", "move_decision", "adjustments", "status"]
            .map(str::to_owned)
            .to_vec();
    columns.extend(held.iter().skip(1).map(|stage| format!("{}_status", stage.id)));
    columns.push("final_status".to_owned());
    columns.extend(held.iter().flat_map(|stage| stage.sections.iter().map(|section| section.id.clone())));
    if !first.carried.is_empty() {
        columns.push("prior_year".to_owned());
        columns.extend(first.sections.iter().map(|section| format!("prior_{}", section.id)));
    }
    let good = |stage: &Stage| stage.sections.iter().map(|section| (section.max.micro() / 1_000_000 * 4 / 5).to_string()).collect();
    let pool: Vec<Vec<Vec<String>>> = if alike {
        vec![held.iter().map(good).collect()]
    } else {
        (0..rng.random_range(1..=5)).map(|_| held.iter().map(|stage| stage_scores(rules, stage, rng)).collect()).collect()
    };
    let habit = Habit {
        alike,
        missing: rng.random_range(0.0..if alike { 0.05 } else { 0.3 }),
        barred: rng.random_range(0.0..if alike { 0.05 } else { 0.15 }),
        decided: if alike { one_of(&[1.0, 1.0, 0.9], rng) } else { rng.random_range(0.0..1.0) },
    };
    let mut rows: Vec<String> = (0..rng.random_range(0..if alike { 16 } else { 30 }))
        .map(|number| {
            let mut cells = Vec::new();
            let line = rng.random_range(0..weightless.len() - usize::from(alike));
            cells.extend([format!("{}", 2_410_000 + number * 37 % 101), code(line)]);
            let particulars = particulars(rules, stages, &habit, rng);
            let mut marks = marks(rules, held, &pool, weightless[line], &habit, rng);
            // Who is absent has no scores; rarely somebody has, which is a fault.
            let statuses = &particulars[particulars.len() - 1 - stages..];
            let mut of_stage = marks.iter_mut();
            for (stage, status) in held.iter().zip(statuses) {
                let absent = (status == "absent" || status == "TH") && rng.random_bool(0.98);
                of_stage.by_ref().take(stage.sections.len()).filter(|_| absent).for_each(String::clear);
            }
            cells.extend(particulars);
            cells.extend(marks);
            cells.join(",")
        })
        .collect();
    rows.insert(0, columns.join(","));
    rows.join("\n") + "\n"
}

/// How often things happen in one table.
struct Habit {
    alike: bool,
    missing: f64,
    barred: f64,
    decided: f64,
}

/// Category, GPA, birth date, decisions, adjustments and the columns of statuses.
fn particulars(rules: &RuleSet, stages: usize, habit: &Habit, rng: &mut SmallRng) -> Vec<String> {
    let categories: Vec<&str> = rules.categories.iter().map(String::as_str).collect();
    let granted: Vec<&str> = rules.adjustments.iter().map(|adjustment| adjustment.id.as_str()).collect();
    let both = granted.join(" ");
    let choices: Vec<&str> = granted.iter().copied().chain([both.as_str()]).collect();
    let gpas = if habit.alike { &["3.50", "3.5"][..] } else { &["3.50", "3.5", "3.51"] };
    let births = if habit.alike { &["1999-01-02", "02-01-1999"][..] } else { &["1999-01-02", "02-01-1999", "1998-12-31", "01-02-1999"] };
    let gpa = if rng.random_bool(habit.missing) { "" } else { one_of(gpas, rng) };
    let born = if rng.random_bool(habit.missing) { "" } else { one_of(births, rng) };
    let (place, across) = (rng.random_range(1..=300).to_string(), rng.random_range(1..=300).to_string());
    let later = format!("2/{across}");
    let twice = format!("{across} 2/{place}");
    let places = if habit.alike { &[place.as_str()][..] } else { &["1", "2", "3", "1"] };
    let mut cells = vec![
        rarely(0.1, &categories, rng),
        gpa,
        born,
        rarely(habit.decided, places, rng),
        rarely(habit.decided, &[across.as_str(), &twice, &twice, &twice, &later], rng),
        rarely(0.2, &choices, rng),
        rarely(habit.barred, &["absent", "TH", "disqualified", "DIS", "withdrawn", "ineligible", "Present"], rng),
    ];
    for _ in 1..stages {
        cells.push(rarely(habit.barred, &["absent", "TH", "disqualified", "DIS", "withdrawn", "ineligible", "Present"], rng));
    }
    cells.push(rarely(habit.barred, &["disqualified", "withdrawn", "APS", "TMS"], rng));
    cells.into_iter().map(str::to_owned).collect()
}

/// Scores of all stages from the pool, sometimes a little changed, sometimes missing; and of another year.
fn marks(rules: &RuleSet, held: &[Stage], pool: &[Vec<Vec<String>>], weightless: bool, habit: &Habit, rng: &mut SmallRng) -> Vec<String> {
    let like = &pool[rng.random_range(0..pool.len())];
    let mut cells = Vec::new();
    for (place, stage) in held.iter().enumerate() {
        let mut scores = like[place].clone();
        if rng.random_bool(if habit.alike { 0.05 } else { 0.3 }) {
            scores = stage_scores(rules, stage, rng);
        }
        if rng.random_bool(habit.missing / 3.0) {
            scores.iter_mut().for_each(String::clear);
        }
        cells.extend(scores);
    }
    if weightless && held.len() == rules.stages.len() && rng.random_bool(0.5) {
        cells.last_mut().into_iter().for_each(String::clear);
    }
    if let Some(carried) = rules.stages[0].carried.first() {
        let sections = rules.stages[0].sections.len();
        let mut prior = vec![String::new(); sections + 1];
        if rng.random_bool(if habit.alike { 0.02 } else { 0.2 }) {
            prior[0] = carried.year.to_string();
            let maxima = carried.max.iter().map(|max| max.micro() / 1_000_000);
            prior.iter_mut().skip(1).zip(maxima).for_each(|(cell, max)| *cell = (max * rng.random_range(5..=10) / 10).to_string());
            // Rarely somebody has both, which may be a fault.
            if rng.random_bool(0.99) {
                cells.iter_mut().take(sections).for_each(String::clear);
            }
        }
        cells.extend(prior);
    }
    cells
}

/// Scores of a stage: at a threshold, good, or anything.
fn stage_scores(rules: &RuleSet, stage: &Stage, rng: &mut SmallRng) -> Vec<String> {
    let predicates: Vec<&Predicate> = stage.pass.iter().map(|rule| &rule.predicate).collect();
    let predicate = predicates[rng.random_range(0..predicates.len())];
    let kind = rng.random_range(0..10);
    // The highest score of any form this rule set may meet is not above that of the section.
    let scores = stage.sections.iter().enumerate().map(|(place, section)| {
        let max = section.max.micro() / 1_000_000;
        let least =
            predicate.least().iter().find(|(named, _)| *named == place).map_or(max * 7 / 10, |(_, least)| least.micro() / 1_000_000);
        match kind {
            0 | 1 => format!("{least}"),
            2 => format!("{}", (least - rng.random_range(0..=1)).max(0)),
            3..=6 => format!("{}", max * rng.random_range(14..=20) / 20),
            7 => format!("{}.5", max * rng.random_range(14..=19) / 20),
            _ => format!("{}", rng.random_range(0..=max)),
        }
    });
    let mut scores: Vec<String> = scores.collect();
    // What one stage gives and the other takes away: equal final values of different parts, under 40 and 60.
    let steps = match rules.stages[0].max().micro() / 1_000_000 {
        500 => Some((3, 2)),
        550 => Some((33, 20)),
        _ => None,
    };
    if let Some((up, down)) = steps.filter(|_| rules.stages.len() == 2 && rng.random_bool(0.3)) {
        let step = rng.random_range(0..=2);
        let first = rules.stages[0].id == stage.id;
        scores[0] = if first { format!("{}", 65 + up * step) } else { format!("{}", 400 - down * step) };
    }
    scores
}
