//! The results of a table of scores, step by step as `docs/rules.md` tells it in "What is computed".

use crate::error::Error;
use crate::formation::{self, Formation};
use crate::number;
use crate::person;
use crate::standing::{Group, Standing, Verdict};
use crate::table::Table;
use crate::{ending, moves, stage};
use rules::rule_set::RuleSet;
use rules::status::Status;

/// What the end is called where stages are named.
pub const FINAL: &str = "final";
/// In the column `note`: tied for a slot, and the committee has not decided.
const COMMITTEE_DECIDES: &str = "committee_decides";

/// One person's row of the results: columns of `docs/rules.md`, "O: results", as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// `participant_no`.
    pub participant_no: String,
    /// `formation`.
    pub formation: String,
    /// `total`: the number that was ranked, with a decimal point.
    pub total: String,
    /// `rank`; empty for who was not ranked.
    pub rank: String,
    /// `status`.
    pub status: String,
    /// `code`; empty while the committee has not decided.
    pub code: String,
    /// `stage`: where it was decided.
    pub stage: String,
    /// `group` of a fallback.
    pub group: String,
    /// `move`: by which step.
    pub moved_by: String,
    /// `to_formation`.
    pub to_formation: String,
    /// `note`.
    pub note: String,
    /// What stands beside it, by name of the column: `category`, `score_year`, totals, ranks and values of the stages, `final`.
    pub values: Vec<(String, String)>,
}

/// Computes up to a stage, or to the end (`final`). Lines are ordered by the number of the participant.
pub fn results(rules: &RuleSet, formations_csv: &[u8], scores_csv: &[u8], until: &str) -> Result<Vec<Line>, Error> {
    let last_stage = rules.stages.iter().position(|stage| stage.id == until);
    let selection = rules.selection.as_ref().filter(|_| until == FINAL);
    let stages = match (last_stage, selection) {
        (Some(last), _) => last + 1,
        (None, Some(_)) => rules.stages.len(),
        (None, None) => return Err(Error::Until(until.to_owned())),
    };
    let formations = formation::read(rules, formations_csv)?;
    let mut people = person::read(rules, &formations, scores_csv, stages)?;
    people.sort_by(|one, other| (one.formation, &one.number).cmp(&(other.formation, &other.number)));
    let mut standings: Vec<Standing<'_>> = people.iter().map(|person| Standing::new(person, &formations)).collect();
    let mut vacant: Vec<usize> = formations.iter().map(|line| line.slots).collect();
    for in_line in standings.chunk_by_mut(|one, other| one.person.formation == other.person.formation) {
        for place in 0..stages {
            stage::judge(rules, place, in_line);
        }
        match selection {
            Some(selection) => vacant[in_line[0].person.formation] = ending::judge(rules, selection, in_line),
            None => in_line.iter_mut().filter(|standing| standing.is_in()).for_each(|going_on| {
                going_on.decide_in(stages - 1, Status::Shortlisted);
            }),
        }
    }
    if let Some(selection) = selection {
        moves::fill(rules, selection, &formations, vacant, &mut standings);
    }
    let mut lines: Vec<Line> = standings.iter().map(|standing| line(rules, &formations, stages, standing)).collect();
    lines.sort_by(|one, other| one.participant_no.cmp(&other.participant_no));
    Ok(lines)
}

/// How far a table of scores reaches: the last stage that it has columns of, or `final` when that is the last one and the rule set has an end.
pub fn reaches(rules: &RuleSet, scores_csv: &[u8]) -> Result<String, Error> {
    let table = Table::read("scores", scores_csv)?;
    let has_columns = |stage: &&rules::rule_set::Stage| stage.sections.iter().any(|section| table.column(&section.id).is_there());
    let last = rules.stages.iter().take_while(has_columns).last();
    match (last, &rules.selection) {
        (Some(last), Some(_)) if Some(last) == rules.stages.last() => Ok(FINAL.to_owned()),
        (Some(last), _) => Ok(last.id.clone()),
        (None, _) => Err(Error::Row { table: "scores", line: 1, reason: "there are no columns of the first stage".to_owned() }),
    }
}

fn line(rules: &RuleSet, formations: &[Formation], stages: usize, standing: &Standing<'_>) -> Line {
    let mut line = Line {
        participant_no: standing.person.number.clone(),
        formation: standing.formation.code.clone(),
        total: total(rules, stages, standing),
        rank: text(rank(rules, standing), |rank| rank.to_string()),
        group: group(rules, standing).unwrap_or_default().to_owned(),
        values: values(rules, standing),
        ..Line::default()
    };
    let Some(verdict) = &standing.verdict else { return line };
    line.status = verdict.status.word().to_owned();
    line.stage = verdict.stage.map_or(FINAL, |stage| &rules.stages[stage].id).to_owned();
    // Who waits for the committee, at the end or in a move, has no code yet.
    match standing.waits {
        true => line.note = COMMITTEE_DECIDES.to_owned(),
        false => line.code = code(rules, &line.stage, verdict, group(rules, standing)).to_owned(),
    }
    if let Some((step, to)) = verdict.moved {
        line.moved_by = rules.moves[step].id.clone();
        line.to_formation = formations[to].code.clone();
    }
    line
}

/// Category, year of the first stage's score, total and rank of each stage that is a sum, and the values of who reached the final order.
fn values(rules: &RuleSet, standing: &Standing<'_>) -> Vec<(String, String)> {
    let person = standing.person;
    let mut values = vec![("category".to_owned(), rules.category_name(person.category).to_owned())];
    let scores = person.scores[0].as_ref().filter(|_| !rules.stages[0].carried.is_empty());
    values.push(("score_year".to_owned(), text(scores, |scores| scores.carried_from.unwrap_or(rules.year).to_string())));
    for (place, stage) in rules.stages.iter().enumerate() {
        let taken = standing.taken.get(place).filter(|_| !stage.weighted());
        values.push((format!("{}_total", stage.id), text(taken, |taken| number::as_decimal(&taken.total))));
        values.push((format!("{}_rank", stage.id), text(taken.and_then(|taken| taken.rank), |rank| rank.to_string())));
        let on_hundred = standing.last.as_ref().map(|last| &last.on_hundred[place]);
        values.push((format!("{}_100", stage.id), text(on_hundred, |value| number::as_shown(value, rules.display))));
    }
    values.push((FINAL.to_owned(), text(standing.last.as_ref(), |last| number::as_shown(&last.value, rules.display))));
    values
}

/// Empty for nothing.
fn text<T>(something: Option<T>, as_text: impl FnOnce(T) -> String) -> String {
    something.map(as_text).unwrap_or_default()
}

/// The final value of who reached the final order of several stages, or of one whose sections have weights; otherwise the total of the stage
/// where it ended, if that is a sum.
fn total(rules: &RuleSet, stages: usize, standing: &Standing<'_>) -> String {
    let ended = standing.verdict.as_ref().and_then(|verdict| verdict.stage).unwrap_or(stages - 1);
    match (&standing.last, standing.taken.get(ended)) {
        (Some(last), _) if rules.stages.len() > 1 || rules.stages[0].weighted() => number::as_shown(&last.value, rules.display),
        (_, Some(taken)) if !rules.stages[ended].weighted() => number::as_decimal(&taken.total),
        (_, _) => String::new(),
    }
}

/// Rank in the final order, or in the stage where it ended; a stage of weighted sections ranks by no total that could be shown.
fn rank(rules: &RuleSet, standing: &Standing<'_>) -> Option<usize> {
    match (&standing.last, standing.verdict.as_ref()?.stage) {
        (Some(last), _) => last.rank,
        (None, Some(stage)) => standing.taken.get(stage).filter(|_| !rules.stages[stage].weighted())?.rank,
        (None, None) => None,
    }
}

fn group<'r>(rules: &'r RuleSet, standing: &Standing<'_>) -> Option<&'r str> {
    let fallback = rules.stages.iter().find_map(|stage| stage.fallback.as_ref())?;
    Some(match standing.group? {
        Group::First => &fallback.first,
        Group::Second => &fallback.second,
    })
}

/// The code of a status: the most special of the entries that fit. By which move is more special than the group, and that more than the
/// stage; of equally special ones the last.
fn code<'r>(rules: &'r RuleSet, stage: &str, verdict: &Verdict, group: Option<&str>) -> &'r str {
    let by_move = verdict.moved.map(|(step, _)| rules.moves[step].id.as_str());
    let mut best: Option<(u8, &str)> = None;
    for entry in &rules.codes {
        let fits = entry.status == verdict.status
            && (entry.stage == "*" || entry.stage == stage)
            && (entry.group.is_none() || entry.group.as_deref() == group)
            && (entry.by_move.is_none() || entry.by_move.as_deref() == by_move);
        let special = 4 * u8::from(entry.by_move.is_some()) + 2 * u8::from(entry.group.is_some()) + u8::from(entry.stage != "*");
        if fits && best.is_none_or(|(most, _)| special >= most) {
            best = Some((special, &entry.code));
        }
    }
    best.map_or("", |(_, code)| code)
}
