//! The table of results.

use crate::candidate::{Candidate, Formation};
use crate::outcome::{Outcome, Outcomes, Place, Total};
use crate::value::used;
use rules::rule_set::RuleSet;
use std::cmp::Reverse;
use std::fmt::Write as _;
use std::io::Write;

/// Writes one row a person: by code of the formation, then by how far somebody came, rank, status and number, so that the order in which
/// people were read leaves no trace.
pub fn write_results(
    to: impl Write,
    rules: &RuleSet,
    formations: &[Formation],
    candidates: &[Candidate],
    outcomes: &Outcomes,
) -> csv::Result<()> {
    let mut writer = csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(to);
    writer.write_record(header(rules))?;
    let results = Results { rules, formations, candidates, outcomes };
    let mut text = String::new();
    for person in results.in_order() {
        results.row(&mut writer, person, &mut text)?;
    }
    writer.flush()?;
    Ok(())
}

fn header(rules: &RuleSet) -> Vec<String> {
    let mut columns: Vec<String> =
        ["participant_no", "formation", "total", "rank", "status", "code", "stage", "group", "category"].map(str::to_owned).into();
    for stage in rules.stages.iter().filter(|stage| !stage.weighted()) {
        columns.push(format!("{}_total", stage.id));
        columns.push(format!("{}_rank", stage.id));
    }
    if rules.selection.is_some() {
        columns.extend(rules.stages.iter().map(|stage| format!("{}_100", stage.id)));
        columns.push("final".to_owned());
    }
    columns.extend(["score_year", "move", "to_formation", "note"].map(str::to_owned));
    columns
}

struct Results<'a> {
    rules: &'a RuleSet,
    formations: &'a [Formation],
    candidates: &'a [Candidate],
    outcomes: &'a Outcomes,
}

impl Results<'_> {
    fn in_order(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.formations.len()).collect();
        places.sort_by(|&one, &other| self.formations[one].code.cmp(&self.formations[other].code));
        let mut order_of = vec![0_u32; places.len()];
        for (order, place) in (0..).zip(places) {
            order_of[place] = order;
        }
        let mut people: Vec<(u32, Reverse<Place>, u32, u8, u32)> = Vec::with_capacity(self.candidates.len());
        for ((candidate, outcome), place) in self.candidates.iter().zip(&self.outcomes.of).zip(0_u32..) {
            let rank = outcome.rank.unwrap_or(u32::MAX);
            people.push((order_of[candidate.formation as usize], Reverse(outcome.at), rank, outcome.status as u8, place));
        }
        let number = |place: u32| &self.candidates[place as usize].number;
        people.sort_unstable_by(|one, other| {
            (one.0, one.1, one.2, one.3).cmp(&(other.0, other.1, other.2, other.3)).then_with(|| number(one.4).cmp(number(other.4)))
        });
        people.into_iter().map(|person| person.4 as usize).collect()
    }

    fn row<W: Write>(&self, writer: &mut csv::Writer<W>, person: usize, text: &mut String) -> csv::Result<()> {
        let (rules, outcomes) = (self.rules, self.outcomes);
        let (candidate, outcome) = (&self.candidates[person], &outcomes.of[person]);
        let formation = &self.formations[candidate.formation as usize];
        writer.write_field(candidate.number.as_bytes())?;
        writer.write_field(formation.code.as_bytes())?;
        match outcomes.total(rules, person) {
            Some(Total::Score(score)) => show(writer, text, score)?,
            Some(Total::Value(value)) => writer.write_field(value.shown(rules.display))?,
            None => writer.write_field("")?,
        }
        show_some(writer, text, outcome.rank)?;
        writer.write_field(outcome.status.word())?;
        writer.write_field(outcomes.code(rules, person))?;
        writer.write_field(outcome.at.id(rules))?;
        writer.write_field(outcome.group.and_then(|group| group.name(rules)).unwrap_or_default())?;
        writer.write_field(rules.category_name(candidate.category.unwrap_or(formation.category)))?;
        for (stage, _) in rules.stages.iter().enumerate().filter(|(_, stage)| !stage.weighted()) {
            let result = outcomes.stage(person, stage);
            show_some(writer, text, result.total)?;
            show_some(writer, text, (result.rank > 0).then_some(result.rank))?;
        }
        self.values(writer, outcome)?;
        show_some(writer, text, self.score_year(candidate, outcome))?;
        let (step, to) = outcome.moved.map_or(("", ""), |(step, to)| (&rules.moves[step].id, &self.formations[to].code));
        writer.write_field(step)?;
        writer.write_field(to)?;
        writer.write_field(if outcome.undecided { "committee_decides" } else { "" })?;
        writer.write_record(None::<&[u8]>)
    }

    fn values<W: Write>(&self, writer: &mut csv::Writer<W>, outcome: &Outcome) -> csv::Result<()> {
        if self.rules.selection.is_none() {
            return Ok(());
        }
        let display = self.rules.display;
        match &outcome.value {
            Some(value) => {
                for stage in &value.adjusted {
                    writer.write_field(stage.shown(display))?;
                }
                writer.write_field(value.exact.shown(display))
            }
            None => (0..=self.rules.stages.len()).try_for_each(|_| writer.write_field("")),
        }
    }

    /// The year of a score, where scores of other years may be used.
    fn score_year(&self, candidate: &Candidate, outcome: &Outcome) -> Option<u16> {
        let carries = !self.rules.stages[0].carried.is_empty();
        used(self.rules, 0, candidate).ok().flatten().filter(|_| carries)?;
        match (&candidate.prior, outcome.carried) {
            (Some(prior), true) => Some(prior.year),
            _ => Some(self.rules.year),
        }
    }
}

fn show<W: Write>(writer: &mut csv::Writer<W>, text: &mut String, value: impl std::fmt::Display) -> csv::Result<()> {
    text.clear();
    // Writing to a string cannot fail.
    let _ = write!(text, "{value}");
    writer.write_field(text.as_bytes())
}

fn show_some<W: Write>(writer: &mut csv::Writer<W>, text: &mut String, value: Option<impl std::fmt::Display>) -> csv::Result<()> {
    match value {
        Some(value) => show(writer, text, value),
        None => writer.write_field(""),
    }
}
