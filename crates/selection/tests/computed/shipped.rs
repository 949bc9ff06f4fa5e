//! Every shipped rule set is in order, and its worked cases hold.

use rules::{RuleSet, shipped};
use selection::cases;

#[test]
fn the_worked_cases_of_every_shipped_set_hold() {
    for id in shipped::ids() {
        let rules = RuleSet::parse(shipped::text(id).unwrap_or_default(), &shipped::library)
            .unwrap_or_else(|problems| panic!("{id}: {}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")));
        assert_eq!(rules.id, id);
        assert!(!rules.cases.is_empty(), "{id} has no worked case");
        for case in &rules.cases {
            assert_eq!(cases::run(&rules, case), Vec::<String>::new(), "{id}, case {}", case.id);
        }
    }
}
