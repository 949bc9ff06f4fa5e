//! The table of formations.

use super::{Fault, Faults, Read, Table, cell, line, optional};
use crate::candidate::{Formation, columns};
use rules::Score;
use rules::rule_set::{CategoryId, RuleSet, as_id};
use rules::score::BadScore;
use std::collections::HashSet;
use std::io::BufRead;

/// Most slots of one line.
const SLOTS_MAX: u32 = 1_000_000;

struct Columns {
    code: usize,
    slots: usize,
    category: Option<usize>,
    job: Option<usize>,
    education: Option<usize>,
    unit: Option<usize>,
    agency: Option<usize>,
    max: Vec<Option<usize>>,
    weight: Vec<Option<usize>>,
}

/// Reads formation lines; lines without a category have the rule set's only one, or none of the people may leave theirs out.
pub fn read_formations(source: impl BufRead, rules: &RuleSet) -> Result<Read<Formation>, Vec<Fault>> {
    let mut faults = Faults::default();
    let mut table = Table::open(source)?;
    let places = Columns {
        code: table.needed("formation", &mut faults),
        slots: table.needed("slots", &mut faults),
        category: table.column("category"),
        job: table.column("job"),
        education: table.column("education"),
        unit: table.column("unit"),
        agency: table.column("agency"),
        max: columns(rules).map(|section| table.column(&format!("max_{section}"))).collect(),
        weight: columns(rules).map(|section| table.column(&format!("weight_{section}"))).collect(),
    };
    faults = faults.into_result(Faults::default())?;
    let mut seen = HashSet::new();
    let mut rows = Vec::new();
    let mut record = csv::ByteRecord::new();
    while table.next(&mut record, &mut faults) {
        if let Some(formation) = formation(&record, &places, rules, &mut faults) {
            if !seen.insert(formation.code.clone()) {
                let code = &formation.code;
                faults.add(line(&record), format!("formasi {code} ada dua kali"), format!("formation {code} is there twice"));
            }
            rows.push(formation);
        }
    }
    if rows.is_empty() && faults.is_empty() {
        faults.add(1, "tidak ada formasi", "there is no formation");
    }
    let unused = table.unused();
    faults.into_result(Read { rows, unused })
}

fn formation(record: &csv::ByteRecord, places: &Columns, rules: &RuleSet, faults: &mut Faults) -> Option<Formation> {
    let at = line(record);
    let (code, slots) = (cell(record, places.code), cell(record, places.slots));
    if code.is_empty() {
        faults.add(at, "kode formasi kosong", "the formation has no code");
        return None;
    }
    let Some(slots) = slots.parse::<u32>().ok().filter(|slots| *slots <= SLOTS_MAX) else {
        faults.add(
            at,
            format!("jumlah kebutuhan `{slots}` bukan bilangan 0 sampai {SLOTS_MAX}"),
            format!("slots `{slots}`: not a number from 0 to {SLOTS_MAX}"),
        );
        return None;
    };
    let category = category(optional(record, places.category), rules, at, faults)?;
    let id = |column: Option<usize>| optional(record, column).map(as_id).unwrap_or_default();
    let mut max = Vec::new();
    let mut weight = Vec::new();
    let mut all_read = true;
    for (column, section) in rules.stages.iter().flat_map(|stage| &stage.sections).enumerate() {
        let given = |place: Option<usize>, faults: &mut Faults| score(optional(record, place), at, faults);
        let highest = given(places.max[column], faults).unwrap_or_default();
        max.push(highest.filter(|max| *max > Score::ZERO).unwrap_or(section.max));
        let share = given(places.weight[column], faults);
        all_read &= share.is_ok();
        weight.push(share.unwrap_or_default().or(section.weight).unwrap_or_default());
    }
    if all_read {
        weights_are_whole(rules, &weight, at, faults);
    }
    let agency = optional(record, places.agency).unwrap_or(&rules.default_agency);
    Some(Formation {
        code: code.into(),
        slots,
        category,
        job: id(places.job),
        education: id(places.education),
        unit: id(places.unit),
        agency: as_id(agency),
        max: max.into(),
        weight: weight.into(),
    })
}

fn weights_are_whole(rules: &RuleSet, weight: &[Score], at: u64, faults: &mut Faults) {
    let mut first = 0;
    for stage in &rules.stages {
        let sum: Score = weight[first..first + stage.sections.len()].iter().copied().sum();
        first += stage.sections.len();
        let expected = if stage.weighted() { Score::HUNDRED } else { Score::ZERO };
        if sum != expected {
            let id = &stage.id;
            faults.add(
                at,
                format!("bobot subtes tahap {id} berjumlah {sum}, harus {expected}"),
                format!("the weights of stage {id} add up to {sum}, not {expected}"),
            );
        }
    }
}

/// A category of the rule set; without one, the only one there is.
pub(super) fn category(text: Option<&str>, rules: &RuleSet, at: u64, faults: &mut Faults) -> Option<CategoryId> {
    let known = || rules.categories.join(", ");
    let Some(text) = text else {
        if rules.categories.len() > 1 {
            faults.add(
                at,
                format!("jenis kebutuhan (`category`) kosong; yang ada: {}", known()),
                format!("there is no category; there are: {}", known()),
            );
            return None;
        }
        return Some(CategoryId(0));
    };
    let found = rules.category(&as_id(text));
    if found.is_none() {
        faults.add(
            at,
            format!("jenis kebutuhan `{text}` tidak ada; yang ada: {}", known()),
            format!("there is no category `{text}`; there are: {}", known()),
        );
    }
    found
}

/// A cell that is no score; that has been told, and nothing more can be said of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// A decimal, or nothing.
pub(super) fn score(text: Option<&str>, at: u64, faults: &mut Faults) -> Result<Option<Score>, Unreadable> {
    text.map(str::parse).transpose().map_err(|error: BadScore| {
        let text = text.unwrap_or_default();
        faults.add(at, format!("`{text}` bukan nilai ({error})"), format!("`{text}` is no score: {error}"));
        Unreadable
    })
}
