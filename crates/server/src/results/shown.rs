//! A computation as pages show it.

use super::computed::Computed;
use rules::Status;
use rules::rule_set::{DecideOn, RuleSet, Text};
use selection::outcome::Place;
use std::collections::BTreeMap;
use wire::results::{ListSection, MoveView, PlaceCounts, ResultList, ResultRow, Results, SecondScorer, StatusCount};
use wire::rule_sets::TwoLanguages;

/// What is not in the files: titles of formations and names of people, as the reader may see them.
#[derive(Default)]
pub struct Names {
    /// Titles by formation code.
    pub formations: BTreeMap<String, String>,
    /// Names by participant number.
    pub people: BTreeMap<String, String>,
}

/// The rows of `results.csv` by column name, in order.
pub struct Rows {
    header: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

impl Rows {
    /// Reads a table that this program wrote.
    pub fn read(results_csv: &[u8]) -> csv::Result<Self> {
        let mut reader = csv::Reader::from_reader(results_csv);
        Ok(Rows { header: reader.headers()?.clone(), rows: reader.records().collect::<Result<_, _>>()? })
    }

    /// Each row with its cells by column.
    pub fn iter(&self) -> impl Iterator<Item = Cells<'_>> {
        self.rows.iter().map(|row| Cells { header: &self.header, row })
    }
}

/// A row.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    header: &'a csv::StringRecord,
    row: &'a csv::StringRecord,
}

impl<'a> Cells<'a> {
    /// A cell; empty where there is no such column.
    pub fn get(&self, column: &str) -> &'a str {
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| self.row.get(place)).unwrap_or_default()
    }

    /// A cell that may be empty.
    pub fn some(&self, column: &str) -> Option<String> {
        Some(self.get(column)).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

/// Shows a computation.
pub fn results(computed: &Computed, names: &Names, second_scorer: SecondScorer) -> csv::Result<Results> {
    let rules = &computed.texts.rules;
    Ok(Results {
        rule_set: format!("{} · {}", rules.id, rules.title.id),
        rule_set_hash: rules.hash.clone(),
        ties_on: ties_on(rules).to_owned(),
        input_hash: computed.input_hash.to_string(),
        results_hash: computed.results_hash.to_string(),
        counts: counts(computed),
        lists: lists(computed, names)?,
        values: value_columns(computed).into_iter().map(|column| column.title).collect(),
        moves: moves(computed),
        second_scorer,
    })
}

/// What ties are decided on, in a word; a setting that can change winners is told with every result.
pub fn ties_on(rules: &RuleSet) -> &'static str {
    match rules.selection.as_ref().map_or(DecideOn::Exact, |selection| selection.decide_on) {
        DecideOn::Exact => "exact",
        DecideOn::Published => "published",
    }
}

/// A column of values on the scale to 100.
pub struct ValueColumn {
    /// Column of `results.csv`.
    pub id: String,
    /// Title, in Indonesian.
    pub title: String,
}

/// Columns of values, where there are several stages to bring together.
pub fn value_columns(computed: &Computed) -> Vec<ValueColumn> {
    let rules = &computed.texts.rules;
    if computed.until != Place::Final || rules.selection.is_none() || rules.stages.len() < 2 {
        return Vec::new();
    }
    let stages = rules.stages.iter().map(|stage| ValueColumn { id: format!("{}_100", stage.id), title: stage.title.id.clone() });
    stages.chain([ValueColumn { id: "final".to_owned(), title: "Nilai akhir".to_owned() }]).collect()
}

fn counts(computed: &Computed) -> Vec<PlaceCounts> {
    let rules = &computed.texts.rules;
    let mut places: Vec<Place> = (0..=computed.last_stage()).map(Place::Stage).collect();
    if computed.until == Place::Final && rules.selection.is_some() {
        places.push(Place::Final);
    }
    places.into_iter().map(|place| counts_at(computed, place)).collect()
}

fn counts_at(computed: &Computed, place: Place) -> PlaceCounts {
    let rules = &computed.texts.rules;
    let outcomes = &computed.outcomes.of;
    let goes_on = |status: Status| status == Status::Shortlisted && place != Place::Final;
    let mut decided: BTreeMap<(Status, &str), u32> = BTreeMap::new();
    let mut went_on = outcomes.iter().filter(|outcome| outcome.at > place).count() as u32;
    for (person, outcome) in outcomes.iter().enumerate().filter(|(_, outcome)| outcome.at == place) {
        went_on += u32::from(goes_on(outcome.status));
        *decided.entry((outcome.status, computed.outcomes.code(rules, person))).or_default() += 1;
    }
    let title = match place {
        Place::Stage(stage) => rules.stages[stage].title.id.clone(),
        Place::Final => "Hasil akhir".to_owned(),
    };
    let count = |((status, code), people): ((Status, &str), u32)| StatusCount {
        status: status.word().to_owned(),
        title: status_title(status),
        code: code.to_owned(),
        people,
    };
    PlaceCounts {
        place: place.id(rules).to_owned(),
        title,
        entered: outcomes.iter().filter(|outcome| outcome.at >= place).count() as u32,
        decided: decided.into_iter().map(count).collect(),
        went_on,
    }
}

/// Goes on to the next stage, or has a slot.
pub fn is_inside(status: &str) -> bool {
    matches!(status, "shortlisted" | "selected" | "selected_by_move")
}

/// The words of a status.
pub fn status_title(status: Status) -> TwoLanguages {
    let (id, en) = status.text();
    TwoLanguages { id: id.to_owned(), en: en.to_owned() }
}

/// A text of a rule set.
pub fn two_languages(text: &Text) -> TwoLanguages {
    TwoLanguages { id: text.id.clone(), en: text.en.clone() }
}

fn moves(computed: &Computed) -> Vec<MoveView> {
    let moved = |moved: &selection::outcome::Moved| {
        let candidate = &computed.candidates[moved.candidate];
        MoveView {
            step: computed.texts.rules.moves[moved.step].id.clone(),
            participant_no: candidate.number.to_string(),
            from: computed.formations[candidate.formation as usize].code.to_string(),
            to: computed.formations[moved.to].code.to_string(),
        }
    };
    computed.outcomes.moves.iter().map(moved).collect()
}

/// Lists by formation code; a formation that nobody applied for has an empty one.
pub fn lists(computed: &Computed, names: &Names) -> csv::Result<Vec<ResultList>> {
    let rows = Rows::read(&computed.results_csv)?;
    let mut lists: BTreeMap<&str, ResultList> =
        (0..computed.formations.len()).map(|place| (&*computed.formations[place].code, empty_list(computed, names, place))).collect();
    let marks = marks(computed);
    let values = value_columns(computed);
    for cells in rows.iter() {
        let Some(list) = lists.get_mut(cells.get("formation")) else { continue };
        list.rows.push(row(cells, &marks, &values, names));
    }
    // Whom the rank itself takes in: a slot by a move comes from further down, or from another list.
    let (last, taken) = match computed.until {
        Place::Final if computed.texts.rules.selection.is_some() => ("final", "selected"),
        Place::Final | Place::Stage(_) => (computed.texts.rules.stages[computed.last_stage()].id.as_str(), "shortlisted"),
    };
    for list in lists.values_mut() {
        let inside = |row: &&ResultRow| row.place == last && row.status == taken;
        list.cut_after = list.rows.iter().filter(inside).filter_map(|row| row.rank).max();
    }
    Ok(lists.into_values().collect())
}

fn empty_list(computed: &Computed, names: &Names, place: usize) -> ResultList {
    let (rules, formation) = (&computed.texts.rules, &computed.formations[place]);
    let stage = &rules.stages[computed.last_stage()];
    let first_column = selection::candidate::first_column(rules, computed.last_stage());
    let predicate = stage.predicate(formation.category, &formation.job);
    let least = |section: usize| predicate.least().iter().find(|(place, _)| *place == section).map(|(_, score)| score.to_string());
    ResultList {
        formation: formation.code.to_string(),
        title: names.formations.get(&*formation.code).cloned().unwrap_or_default(),
        category: rules.category_name(formation.category).to_owned(),
        job: formation.job.clone(),
        slots: formation.slots,
        vacant: (computed.until == Place::Final && rules.selection.is_some()).then(|| computed.outcomes.vacant[place]),
        sections: stage
            .sections
            .iter()
            .enumerate()
            .map(|(section, of)| ListSection {
                code: of.id.clone(),
                title: of.title.id.clone(),
                max: formation.max[first_column + section].to_string(),
                threshold: least(section),
            })
            .collect(),
        total_threshold: predicate.total().map(|total| total.to_string()),
        cut_after: None,
        rows: Vec::new(),
    }
}

/// Marks of the last stage by participant number.
fn marks(computed: &Computed) -> BTreeMap<&str, Vec<String>> {
    let stage = computed.last_stage();
    let first = selection::candidate::first_column(&computed.texts.rules, stage);
    let sections = first..first + computed.texts.rules.stages[stage].sections.len();
    let of = |candidate: &selection::Candidate| -> Option<Vec<String>> {
        let all: Option<Vec<_>> = candidate.scores.get(sections.clone())?.iter().copied().collect();
        // A carried score is the one that counts when there is none of this year.
        let all = all.or_else(|| candidate.prior.as_ref().filter(|_| stage == 0)?.scores.iter().copied().collect());
        Some(all?.iter().map(ToString::to_string).collect())
    };
    computed.candidates.iter().filter_map(|candidate| Some((&*candidate.number, of(candidate)?))).collect()
}

fn row(cells: Cells<'_>, marks: &BTreeMap<&str, Vec<String>>, values: &[ValueColumn], names: &Names) -> ResultRow {
    let number = cells.get("participant_no");
    ResultRow {
        participant_no: number.to_owned(),
        name: names.people.get(number).cloned().unwrap_or_default(),
        category: cells.get("category").to_owned(),
        rank: cells.get("rank").parse().ok(),
        marks: marks.get(number).cloned().unwrap_or_default(),
        total: cells.some("total"),
        values: values.iter().map(|column| cells.get(&column.id).to_owned()).collect(),
        status: cells.get("status").to_owned(),
        code: cells.get("code").to_owned(),
        place: cells.get("stage").to_owned(),
        group: cells.get("group").to_owned(),
        to_formation: cells.get("to_formation").to_owned(),
        note: cells.get("note").to_owned(),
    }
}
