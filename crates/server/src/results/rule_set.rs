//! The rule set of a selection: its texts as stored, and what of the selection does not fit it.

use question_bank::blueprint::Blueprint;
use rules::rule_set::as_id;
use rules::{Problem, RuleSet, shipped};
use std::collections::{BTreeMap, BTreeSet};
use store::roster::Stage;
use wire::roster::FormationLine;

/// The file of a rule set among the files of a revision.
pub const RULES_FILE: &str = "rules.toml";

/// Longest text of a rule set, bytes.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;

/// A rule set with the texts it was read from: `rules.toml` and `ID.toml` of each set that it takes stages from.
pub struct Texts {
    /// The set.
    pub rules: RuleSet,
    /// Texts by file name.
    pub by_name: BTreeMap<String, String>,
}

/// Reads a text; sets that it takes stages from come with the program.
pub fn read(text: &str) -> Result<Texts, Vec<Problem>> {
    let rules = RuleSet::parse(text, &shipped::library)?;
    let from = rules.stages.iter().filter_map(|stage| stage.from.as_deref());
    let mut by_name: BTreeMap<String, String> = from.filter_map(|id| Some((format!("{id}.toml"), shipped::library(id)?))).collect();
    by_name.insert(RULES_FILE.to_owned(), text.to_owned());
    Ok(Texts { rules, by_name })
}

/// Reads stored texts again, without looking anywhere else: a set that is shipped later may be another.
pub fn read_stored(by_name: BTreeMap<String, String>) -> Result<Texts, Vec<Problem>> {
    let library = |id: &str| by_name.get(&format!("{id}.toml")).cloned();
    let rules = RuleSet::parse_stored(by_name.get(RULES_FILE).map_or("", String::as_str), &library)?;
    Ok(Texts { rules, by_name })
}

/// The place of a stage in the rule set: by its id, or, where no stage of the selection has an id of the rule set, by its order.
pub fn place_of(rules: &RuleSet, stages: &[Stage], stage: &Stage) -> Option<usize> {
    let by_id = |stage: &Stage| rules.stages.iter().position(|known| known.id == as_id(&stage.code));
    if stages.iter().any(|stage| by_id(stage).is_some()) {
        return by_id(stage);
    }
    let order = stages.iter().position(|other| other.id == stage.id)?;
    (order < rules.stages.len()).then_some(order)
}

/// What of a selection does not fit its rule set, in sentences for the committee.
pub fn misfits(
    rules: &RuleSet,
    stages: &[(Stage, Vec<Blueprint>)],
    formations: &[(String, FormationLine)],
    categories: &BTreeSet<String>,
) -> Vec<String> {
    let mut misfits = Vec::new();
    let all: Vec<Stage> = stages.iter().map(|(stage, _)| stage.clone()).collect();
    for (stage, blueprints) in stages {
        match place_of(rules, &all, stage) {
            None => misfits.push(format!("Tahap {} tidak ada dalam himpunan aturan {} ({}).", stage.title, rules.id, stage_ids(rules))),
            Some(place) => misfits.extend(blueprints.iter().flat_map(|blueprint| sections_misfit(&rules.stages[place], stage, blueprint))),
        }
    }
    let known = |category: &str| rules.category(&as_id(category)).is_some();
    let is = rules.categories.join(", ");
    for (code, line) in formations.iter().filter(|(_, line)| !known(&line.category)) {
        misfits.push(format!("Jenis kebutuhan \"{}\" pada formasi {code} tidak ada dalam aturan; yang ada: {is}.", line.category));
    }
    for category in categories.iter().filter(|category| !category.is_empty() && !known(category)) {
        misfits.push(format!("Jenis kebutuhan \"{category}\" pada data peserta tidak ada dalam aturan; yang ada: {is}."));
    }
    misfits.dedup();
    misfits
}

fn stage_ids(rules: &RuleSet) -> String {
    rules.stages.iter().map(|stage| stage.id.as_str()).collect::<Vec<_>>().join(", ")
}

fn sections_misfit(rule: &rules::rule_set::Stage, stage: &Stage, blueprint: &Blueprint) -> Vec<String> {
    let has: BTreeSet<String> = blueprint.sections.iter().map(|section| as_id(&section.code)).collect();
    let wanted: BTreeSet<String> = rule.sections.iter().map(|section| section.id.clone()).collect();
    // A stage that the rule set sees as one number is the total of whatever sections the paper has.
    if wanted.len() == 1 && wanted.is_disjoint(&has) {
        return Vec::new();
    }
    let missing =
        wanted.difference(&has).map(|id| format!("Kisi-kisi tahap {} tidak memuat bagian {id} yang diminta aturan.", stage.title));
    let extra = has.difference(&wanted).map(|id| format!("Bagian {id} pada kisi-kisi tahap {} tidak ada dalam aturan.", stage.title));
    missing.chain(extra).collect()
}
