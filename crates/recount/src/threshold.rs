//! What must be reached (`docs/rules.md`, "What is computed", 1).

use crate::number::of_score;
use crate::person::Scores;
use rules::Score;
use rules::rule_set::{CategoryId, PassRule, Predicate};

/// What a category must reach, for a job: the predicate that names the job, or else the category's general one.
pub fn of<'r>(pass: &'r [PassRule], category: CategoryId, job: &str) -> Option<&'r Predicate> {
    let of_category = || pass.iter().filter(|rule| rule.categories.contains(&category));
    let named = of_category().find(|rule| rule.jobs.iter().any(|named| named == job));
    let general = of_category().find(|rule| rule.jobs.is_empty());
    named.or(general).map(|rule| &rule.predicate)
}

/// Do these scores reach it? Thresholds are compared with raw scores, and the total is their sum, whatever weights the sections have.
pub fn is_reached(predicate: &Predicate, scores: &Scores) -> bool {
    let each = |least: &[(usize, Score)]| least.iter().all(|&(section, least)| scores.of[section] >= of_score(least));
    match predicate {
        Predicate::Each(least) | Predicate::Listed(least) => each(least),
        Predicate::Total { total: needed, least } => scores.sum() >= of_score(*needed) && each(least),
        Predicate::None | Predicate::RankOnly => true,
    }
}
