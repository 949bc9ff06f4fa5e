//! The table of scores (`docs/rules.md`, "S: scores").

use crate::error::Error;
use crate::formation::Formation;
use crate::number::{self, Number};
use crate::table::{Column, Row, Table, as_word};
use rules::rule_set::{Carried, CarriedThreshold, CategoryId, RuleSet, Stage, WhenBoth};
use rules::status::{Given, Status};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who applied.
pub struct Person {
    /// Number of the participant, as it came.
    pub number: String,
    /// Place of the formation line.
    pub formation: usize,
    /// Category applied for: it chooses the predicate.
    pub category: CategoryId,
    /// By stage; none where there is no score.
    pub scores: Vec<Option<Scores>>,
    /// By stage: absent, or barred from this stage on.
    pub on_record: Vec<Option<Status>>,
    /// Barred after the end.
    pub on_record_at_the_end: Option<Status>,
    /// Grade point average, or average of the diploma.
    pub gpa: Option<Number>,
    /// Year, month, day.
    pub birth_date: Option<(u32, u32, u32)>,
    /// Place among those of the same line who are tied to the end.
    pub decision: Option<u32>,
    /// Places among people of several lines who were tied for a vacant slot, by the number of the decision.
    pub move_decisions: BTreeMap<u32, u32>,
    /// Places of granted adjustments in the rule set.
    pub adjustments: BTreeSet<usize>,
}

/// Scores of one stage.
#[derive(Clone)]
pub struct Scores {
    /// By section.
    pub of: Vec<Number>,
    /// By section: the highest score of the form they were reached on.
    pub maxima: Vec<Number>,
    /// The threshold was reached in another year and is not tested again.
    pub declared: bool,
    /// The other year they come from.
    pub carried_from: Option<u16>,
}

impl Scores {
    /// Sum of the sections.
    pub fn sum(&self) -> Number {
        number::sum(self.of.iter().cloned())
    }
}

/// Reads the table, as far as the first `stages` stages go.
pub fn read(rules: &RuleSet, formations: &[Formation], csv: &[u8], stages: usize) -> Result<Vec<Person>, Error> {
    let table = Table::read("scores", csv)?;
    let (number, formation) = (table.needed("participant_no")?, table.needed("formation")?);
    for section in rules.stages.iter().take(stages).flat_map(|stage| &stage.sections) {
        table.needed(&section.id)?;
    }
    let places: BTreeMap<&str, usize> = formations.iter().enumerate().map(|(place, line)| (line.code.as_str(), place)).collect();
    let mut numbers = BTreeSet::new();
    let mut people = Vec::new();
    for row in &table.rows {
        let filled = row.filled(&number).ok_or_else(|| table.fault(row, &number, "is empty"))?;
        if !numbers.insert(filled) {
            return Err(table.fault(row, &number, format!("`{filled}` is there twice")));
        }
        let place = *places.get(row.text(&formation)).ok_or_else(|| table.fault(row, &formation, "there is no such formation"))?;
        people.push(person(rules, &table, row, filled, place, &formations[place], stages)?);
    }
    Ok(people)
}

fn person(
    rules: &RuleSet,
    table: &Table,
    row: &Row,
    number: &str,
    place: usize,
    formation: &Formation,
    stages: usize,
) -> Result<Person, Error> {
    let (mut scores, mut on_record) = (Vec::new(), Vec::new());
    for (place, stage) in rules.stages.iter().enumerate().take(stages) {
        let column = status_column(table, stage, place);
        let status = status(table, row, &column, Given::InStage)?;
        let own = match own_scores(table, row, stage, formation, place, status.is_some())? {
            // Exports write zeros for who was not there.
            Some(own) if status == Some(Status::Absent) && own.sum() > number::whole(0) => {
                return Err(table.fault(row, &column, "absent, but there is a score"));
            }
            own => own.filter(|_| status != Some(Status::Absent)),
        };
        let may_carry = place == 0 && !stage.carried.is_empty();
        scores.push(if may_carry { or_carried(table, row, stage, own)? } else { own });
        on_record.push(status);
    }
    Ok(Person {
        number: number.to_owned(),
        formation: place,
        category: category(rules, table, row)?.unwrap_or(formation.category),
        scores,
        on_record,
        on_record_at_the_end: status(table, row, &table.column("final_status"), Given::AtTheEnd)?,
        gpa: read_number(table, row, &table.column("gpa"))?,
        birth_date: birth_date(table, row)?,
        decision: decision(table, row, "decision")?,
        move_decisions: move_decisions(table, row)?,
        adjustments: adjustments(rules, table, row)?,
    })
}

/// `status` in the first stage, where the table has it; otherwise, and later, under the name of the stage.
fn status_column(table: &Table, stage: &Stage, place: usize) -> Column {
    let plain = table.column("status");
    if place == 0 && plain.is_there() { plain } else { table.column(&format!("{}_status", stage.id)) }
}

/// This year's scores: all sections of the stage, or none. A section may be empty that has no weight in this line, or of somebody on record.
fn own_scores(
    table: &Table,
    row: &Row,
    stage: &Stage,
    formation: &Formation,
    place: usize,
    on_record: bool,
) -> Result<Option<Scores>, Error> {
    let columns: Vec<Column> = stage.sections.iter().map(|section| table.column(&section.id)).collect();
    if columns.iter().all(|column| row.filled(column).is_none()) {
        return Ok(None);
    }
    let mut of = Vec::new();
    for (section, column) in columns.iter().enumerate() {
        let weightless = formation.weights[place].as_ref().is_some_and(|weights| weights[section].is_zero());
        let score = match read_number(table, row, column)? {
            Some(score) => score,
            None if weightless || on_record => number::whole(0),
            None => return Err(table.fault(row, column, "is empty, but other sections of the stage are not")),
        };
        not_above(table, row, column, &score, &formation.maxima[place][section])?;
        of.push(score);
    }
    Ok(Some(Scores { of, maxima: formation.maxima[place].clone(), declared: false, carried_from: None }))
}

/// The score of another year, where there is one and it counts.
fn or_carried(table: &Table, row: &Row, stage: &Stage, own: Option<Scores>) -> Result<Option<Scores>, Error> {
    let year_column = table.column("prior_year");
    let columns: Vec<Column> = stage.sections.iter().map(|section| table.column(&format!("prior_{}", section.id))).collect();
    let Some(year) = row.filled(&year_column) else { return Ok(own) };
    let Some(carried) = stage.carried.iter().find(|carried| year == carried.year.to_string()) else {
        return Err(table.fault(row, &year_column, "scores of that year cannot be used"));
    };
    let prior = carried_scores(table, row, &columns, carried)?;
    let Some(own) = own else { return Ok(Some(prior)) };
    match carried.when_both {
        WhenBoth::Refuse => Err(table.fault(row, &year_column, "there is a score of this year too")),
        WhenBoth::Prior => Ok(Some(prior)),
        WhenBoth::Current => Ok(Some(own)),
        WhenBoth::Higher if prior.sum() > own.sum() => Ok(Some(prior)),
        WhenBoth::Higher => Ok(Some(own)),
    }
}

fn carried_scores(table: &Table, row: &Row, columns: &[Column], carried: &Carried) -> Result<Scores, Error> {
    let maxima: Vec<Number> = carried.max.iter().copied().map(number::of_score).collect();
    let mut of = Vec::new();
    for (column, max) in columns.iter().zip(&maxima) {
        let score = read_number(table, row, column)?.ok_or_else(|| table.fault(row, column, "is empty"))?;
        not_above(table, row, column, &score, max)?;
        of.push(score);
    }
    Ok(Scores { of, maxima, declared: carried.threshold == CarriedThreshold::Declared, carried_from: Some(carried.year) })
}

fn not_above(table: &Table, row: &Row, column: &Column, score: &Number, max: &Number) -> Result<(), Error> {
    if score > max {
        return Err(table.fault(row, column, format!("above the maximum {}", number::as_decimal(max))));
    }
    Ok(())
}

/// A word of a status column: who is absent or barred. `present` says nothing more than an empty cell.
fn status(table: &Table, row: &Row, column: &Column, given: Given) -> Result<Option<Status>, Error> {
    let Some(text) = row.filled(column) else { return Ok(None) };
    let in_stage = given == Given::InStage;
    match as_word(text).as_str() {
        "present" | "hadir" => Ok(None),
        "absent" | "th" if in_stage => Ok(Some(Status::Absent)),
        "disqualified" | "dis" => Ok(Some(Status::Disqualified)),
        "withdrawn" | "aps" => Ok(Some(Status::Withdrawn)),
        "ineligible" | "tms" => Ok(Some(Status::Ineligible)),
        _ => Err(table.fault(row, column, format!("`{text}` cannot be on record here"))),
    }
}

fn category(rules: &RuleSet, table: &Table, row: &Row) -> Result<Option<CategoryId>, Error> {
    let column = table.column("category");
    let Some(text) = row.filled(&column) else { return Ok(None) };
    let found = rules.category(&as_word(text));
    found.map(Some).ok_or_else(|| table.fault(row, &column, format!("there is no category `{text}`")))
}

/// `1999-12-31` or `31-12-1999`, or with strokes.
fn birth_date(table: &Table, row: &Row) -> Result<Option<(u32, u32, u32)>, Error> {
    let column = table.column("birth_date");
    let Some(text) = row.filled(&column) else { return Ok(None) };
    let parts: Vec<u32> = text.split(['-', '/']).map_while(|part| part.parse().ok()).collect();
    let date = match parts[..] {
        [year, month, day] if year >= 1000 => (year, month, day),
        [day, month, year] if year >= 1000 => (year, month, day),
        _ => return Err(table.fault(row, &column, "not a date like 1999-12-31")),
    };
    Ok(Some(date))
}

/// A place that the committee gave.
fn decision(table: &Table, row: &Row, name: &str) -> Result<Option<u32>, Error> {
    let column = table.column(name);
    let Some(text) = row.filled(&column) else { return Ok(None) };
    let place = text.parse().ok().filter(|&place: &u32| place > 0);
    place.map(Some).ok_or_else(|| table.fault(row, &column, "not a place: 1, 2, ..."))
}

/// `1/2 3/1`: the second of the first decision, the first of the third. A place alone is one of the first decision.
fn move_decisions(table: &Table, row: &Row) -> Result<BTreeMap<u32, u32>, Error> {
    let column = table.column("move_decision");
    let mut places = BTreeMap::new();
    for part in row.text(&column).split_whitespace() {
        let (number, place) = part.split_once('/').unwrap_or(("1", part));
        let from_1 = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
        let known = from_1(number).zip(from_1(place)).filter(|(number, _)| !places.contains_key(number));
        let (number, place) = known.ok_or_else(|| table.fault(row, &column, "not places like 1/2 3/1: decision and place in it"))?;
        places.insert(number, place);
    }
    Ok(places)
}

/// Ids separated by spaces, semicolons or commas.
fn adjustments(rules: &RuleSet, table: &Table, row: &Row) -> Result<BTreeSet<usize>, Error> {
    let column = table.column("adjustments");
    let mut granted = BTreeSet::new();
    for id in row.text(&column).split([' ', ';', ',']).filter(|id| !id.is_empty()) {
        let place = rules.adjustments.iter().position(|adjustment| adjustment.id == as_word(id) || adjustment.id == id);
        granted.insert(place.ok_or_else(|| table.fault(row, &column, format!("there is no adjustment `{id}`")))?);
    }
    Ok(granted)
}

fn read_number(table: &Table, row: &Row, column: &Column) -> Result<Option<Number>, Error> {
    row.filled(column).map(number::parse).transpose().map_err(|reason| table.fault(row, column, reason))
}
