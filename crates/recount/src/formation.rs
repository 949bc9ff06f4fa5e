//! The table of formations (`docs/rules.md`, "F: formations").

use crate::error::Error;
use crate::number::{self, Number};
use crate::table::{Column, Row, Table, as_word};
use rules::RuleSet;
use rules::rule_set::{Attribute, CategoryId, Stage};
use std::collections::BTreeSet;

/// A formation line.
pub struct Formation {
    /// Its code, as it came.
    pub code: String,
    /// How many are wanted.
    pub slots: usize,
    /// Category of who applies here, where their own row says nothing else.
    pub category: CategoryId,
    /// Job, as a word.
    pub job: String,
    education: String,
    unit: String,
    /// Kind of agency, as a word.
    pub agency: String,
    /// By stage and section: the highest score of this line's form.
    pub maxima: Vec<Vec<Number>>,
    /// By stage and section: the share of the stage in percent; nothing for a stage that is a sum.
    pub weights: Vec<Option<Vec<Number>>>,
}

impl Formation {
    /// What moves compare.
    pub fn attribute(&self, attribute: Attribute) -> &str {
        match attribute {
            Attribute::Job => &self.job,
            Attribute::Education => &self.education,
            Attribute::Unit => &self.unit,
        }
    }
}

/// Reads the table.
pub fn read(rules: &RuleSet, csv: &[u8]) -> Result<Vec<Formation>, Error> {
    let table = Table::read("formations", csv)?;
    let (code, slots) = (table.needed("formation")?, table.needed("slots")?);
    let mut codes = BTreeSet::new();
    let mut formations = Vec::new();
    for row in &table.rows {
        let filled = row.filled(&code).ok_or_else(|| table.fault(row, &code, "is empty"))?;
        if !codes.insert(filled) {
            return Err(table.fault(row, &code, format!("`{filled}` is there twice")));
        }
        let word = |column: &str| as_word(row.text(&table.column(column)));
        formations.push(Formation {
            code: filled.to_owned(),
            slots: row.text(&slots).parse::<u32>().map_err(|_| table.fault(row, &slots, "not a whole number"))? as usize,
            category: category(rules, &table, row)?,
            job: word("job"),
            education: word("education"),
            unit: word("unit"),
            agency: Some(word("agency")).filter(|word| !word.is_empty()).unwrap_or_else(|| as_word(&rules.default_agency)),
            maxima: rules.stages.iter().map(|stage| maxima(&table, row, stage)).collect::<Result<_, _>>()?,
            weights: rules.stages.iter().map(|stage| weights(&table, row, stage)).collect::<Result<_, _>>()?,
        });
    }
    Ok(formations)
}

/// Needed where the rule set has more than one.
fn category(rules: &RuleSet, table: &Table, row: &Row) -> Result<CategoryId, Error> {
    let column = table.column("category");
    match row.filled(&column) {
        Some(text) => rules.category(&as_word(text)).ok_or_else(|| table.fault(row, &column, format!("there is no category `{text}`"))),
        None if rules.categories.len() == 1 => Ok(CategoryId(0)),
        None => Err(table.fault(row, &column, "is empty")),
    }
}

/// Columns `max_...` replace what the rule set says.
fn maxima(table: &Table, row: &Row, stage: &Stage) -> Result<Vec<Number>, Error> {
    let mut maxima = Vec::new();
    for section in &stage.sections {
        let column = table.column(&format!("max_{}", section.id));
        let max = read_number(table, row, &column)?.unwrap_or_else(|| number::of_score(section.max));
        if max.is_zero() {
            return Err(table.fault(row, &column, "must be above 0"));
        }
        maxima.push(max);
    }
    Ok(maxima)
}

/// Columns `weight_...` replace what the rule set says, and add up to 100.
fn weights(table: &Table, row: &Row, stage: &Stage) -> Result<Option<Vec<Number>>, Error> {
    let mut weights = Vec::new();
    for section in &stage.sections {
        let Some(weight) = section.weight else { return Ok(None) };
        let column = table.column(&format!("weight_{}", section.id));
        weights.push(read_number(table, row, &column)?.unwrap_or_else(|| number::of_score(weight)));
    }
    if number::sum(weights.iter().cloned()) != number::whole(100) {
        return Err(table.row_fault(row, format!("the weights of stage `{}` do not add up to 100", stage.id)));
    }
    Ok(Some(weights))
}

fn read_number(table: &Table, row: &Row, column: &Column) -> Result<Option<Number>, Error> {
    row.filled(column).map(number::parse).transpose().map_err(|reason| table.fault(row, column, reason))
}
