//! The table of scores.

use super::formations::{Unreadable, category, score};
use super::{Fault, Faults, Read, Table, cell, line, optional};
use crate::candidate::{BirthDate, Candidate, Entry, Formation, Prior, STAGES_MAX, Scores, columns, first_column};
use crate::outcome::Place;
use rules::Score;
use rules::rule_set::{RuleSet, WhenBoth, as_id};
use std::collections::{BTreeSet, HashMap, hash_map};
use std::io::BufRead;

struct Columns {
    number: usize,
    formation: usize,
    /// By column of scores; none in stages that the table does not reach.
    scores: Vec<Option<usize>>,
    category: Option<usize>,
    gpa: Option<usize>,
    birth_date: Option<usize>,
    decision: Option<usize>,
    move_decision: Option<usize>,
    adjustments: Option<usize>,
    entries: Vec<Option<usize>>,
    prior_year: Option<usize>,
    prior: Vec<Option<usize>>,
}

/// Reads people and their scores, and says how far the table reaches: to the last stage it has columns for, or to the end.
pub fn read_scores(source: impl BufRead, rules: &RuleSet, formations: &[Formation]) -> Result<(Read<Candidate>, Place), Vec<Fault>> {
    let mut faults = Faults::default();
    let mut table = Table::open(source)?;
    let (places, until) = columns_of(&mut table, rules, &mut faults);
    faults = faults.into_result(Faults::default())?;
    let by_code: HashMap<&str, u32> = formations.iter().zip(0..).map(|(formation, place)| (&*formation.code, place)).collect();
    let row = Row { rules, formations, by_code, places: &places };
    let (mut rows, mut lines): (Vec<Candidate>, Vec<u64>) = (Vec::new(), Vec::new());
    let mut record = csv::ByteRecord::new();
    while table.next(&mut record, &mut faults) {
        if let Some(candidate) = row.candidate(&record, &mut faults) {
            rows.push(candidate);
            lines.push(line(&record));
        }
    }
    nobody_twice(&rows, &lines, &mut faults);
    let unused = table.unused();
    faults.into_result((Read { rows, unused }, until))
}

/// `lines` are those of the rows.
fn nobody_twice(rows: &[Candidate], lines: &[u64], faults: &mut Faults) {
    let mut seen: HashMap<&str, u64> = HashMap::with_capacity(rows.len());
    for (candidate, &at) in rows.iter().zip(lines) {
        let number = &*candidate.number;
        match seen.entry(number) {
            hash_map::Entry::Occupied(first) => {
                let first = first.get();
                faults.add(
                    at,
                    format!("peserta {number} ada dua kali, pertama di baris {first}"),
                    format!("participant {number} is there twice, first in line {first}"),
                );
            }
            hash_map::Entry::Vacant(new) => {
                new.insert(at);
            }
        }
    }
}

fn columns_of<R: BufRead>(table: &mut Table<R>, rules: &RuleSet, faults: &mut Faults) -> (Columns, Place) {
    let mut scores: Vec<Option<usize>> = columns(rules).map(|section| table.column(section)).collect();
    let mut until = if rules.selection.is_some() { Place::Final } else { Place::Stage(rules.stages.len() - 1) };
    for stage in 0..rules.stages.len() {
        let first = first_column(rules, stage);
        let sections = first..first + rules.stages[stage].sections.len();
        if stage > 0 && scores[sections.clone()].iter().all(Option::is_none) {
            scores[first..].fill(None);
            until = Place::Stage(stage - 1);
            break;
        }
        for (section, column) in rules.stages[stage].sections.iter().zip(sections) {
            scores[column].get_or_insert_with(|| table.needed(&section.id, faults));
        }
    }
    let mut entries: Vec<Option<usize>> = rules.stages.iter().map(|stage| table.column(&format!("{}_status", stage.id))).collect();
    entries[0] = table.column("status").or(entries[0]);
    entries.push(table.column("final_status"));
    let carries = !rules.stages[0].carried.is_empty();
    let places = Columns {
        number: table.needed("participant_no", faults),
        formation: table.needed("formation", faults),
        scores,
        category: table.column("category"),
        gpa: table.column("gpa"),
        birth_date: table.column("birth_date"),
        decision: table.column("decision"),
        move_decision: table.column("move_decision"),
        adjustments: table.column("adjustments"),
        entries,
        prior_year: table.column("prior_year").filter(|_| carries),
        prior: rules.stages[0].sections.iter().map(|section| table.column(&format!("prior_{}", section.id)).filter(|_| carries)).collect(),
    };
    (places, until)
}

struct Row<'a> {
    rules: &'a RuleSet,
    formations: &'a [Formation],
    by_code: HashMap<&'a str, u32>,
    places: &'a Columns,
}

impl Row<'_> {
    fn candidate(&self, record: &csv::ByteRecord, faults: &mut Faults) -> Option<Candidate> {
        let (at, places) = (line(record), self.places);
        let (number, code) = (cell(record, places.number), cell(record, places.formation));
        if number.is_empty() {
            faults.add(at, "nomor peserta kosong", "the participant has no number");
            return None;
        }
        let Some(&formation) = self.by_code.get(code) else {
            faults.add(at, format!("formasi `{code}` tidak ada"), format!("there is no formation `{code}`"));
            return None;
        };
        let entries = self.entries(record, faults);
        let scores = self.scores(record, formation as usize, &entries, faults);
        let prior = self.prior(record, faults);
        self.not_both(at, &scores, prior.as_deref(), faults);
        let place = |text: &str| text.parse().ok().filter(|&place: &u16| place > 0);
        Some(Candidate {
            number: number.into(),
            formation,
            category: optional(record, places.category).and_then(|text| category(Some(text), self.rules, at, faults)),
            scores,
            prior,
            gpa: score(optional(record, places.gpa), at, faults).unwrap_or_default(),
            birth_date: parsed(record, places.birth_date, BirthDate::read, ("tanggal lahir", "birth date"), faults),
            decision: parsed(record, places.decision, place, ("keputusan", "decision"), faults),
            move_decisions: parsed(record, places.move_decision, move_decisions, ("keputusan antarformasi", "move decision"), faults)
                .unwrap_or_default(),
            adjustments: self.adjustments(record, faults),
            entries,
        })
    }

    fn entries(&self, record: &csv::ByteRecord, faults: &mut Faults) -> [Entry; STAGES_MAX + 1] {
        let mut entries = [Entry::Open; STAGES_MAX + 1];
        for (entry, place) in entries.iter_mut().zip(&self.places.entries) {
            *entry = parsed(record, *place, entry_of, ("status", "status"), faults).unwrap_or_default();
        }
        if self.places.entries.len() > self.rules.stages.len() && entries[self.places.entries.len() - 1] == Entry::Absent {
            faults.add(line(record), "tidak ada yang tidak hadir sesudah tahap terakhir", "nobody is absent after the last stage");
        }
        entries
    }

    /// Cells of scores.
    fn read(&self, record: &csv::ByteRecord, places: &[Option<usize>], faults: &mut Faults) -> Vec<Result<Option<Score>, Unreadable>> {
        places.iter().map(|place| score(optional(record, *place), line(record), faults)).collect()
    }

    /// All scores of a stage or none of it.
    fn scores(&self, record: &csv::ByteRecord, formation: usize, entries: &[Entry], faults: &mut Faults) -> Scores {
        let at = line(record);
        let formation = &self.formations[formation];
        let read = self.read(record, &self.places.scores, faults);
        let mut scores: Scores = read.iter().map(|score| score.unwrap_or_default()).collect();
        let mut first = 0;
        for (stage, entry) in self.rules.stages.iter().zip(entries) {
            let columns = first..first + stage.sections.len();
            first = columns.end;
            let there = scores[columns.clone()].iter().any(Option::is_some);
            let above = scores[columns.clone()].iter().flatten().any(|score| *score > Score::ZERO);
            if *entry == Entry::Absent && above {
                faults.add(
                    at,
                    format!("tidak hadir di {}, tetapi punya nilai", stage.id),
                    format!("absent from {}, but has a score", stage.id),
                );
            }
            if *entry == Entry::Absent || !there {
                scores[columns].fill(None);
                continue;
            }
            for (section, column) in stage.sections.iter().zip(columns) {
                let (id, max) = (&section.id, formation.max[column]);
                match scores[column] {
                    Some(score) if score > max => {
                        faults.add(at, format!("{id} {score} di atas maksimum {max}"), format!("{id} {score} is above the maximum {max}"));
                    }
                    None if read[column].is_err() => {}
                    None if !(stage.weighted() && formation.weight[column] == Score::ZERO) && *entry == Entry::Open => {
                        faults.add(at, format!("nilai {id} kosong"), format!("there is no score of {id}"));
                    }
                    Some(_) | None => {}
                }
            }
        }
        scores
    }

    fn prior(&self, record: &csv::ByteRecord, faults: &mut Faults) -> Option<Box<Prior>> {
        let at = line(record);
        let given = optional(record, self.places.prior_year)?;
        let carried = given.parse().ok().and_then(|year: u16| self.rules.stages[0].carried.iter().find(|carried| carried.year == year));
        let Some(carried) = carried else {
            faults.add(at, format!("nilai tahun {given} tidak dapat dipakai"), format!("a score of {given} cannot be used"));
            return None;
        };
        let read = self.read(record, &self.places.prior, faults);
        for ((section, score), max) in self.rules.stages[0].sections.iter().zip(&read).zip(&carried.max) {
            let id = &section.id;
            match score {
                Ok(None) => faults.add(at, format!("nilai prior_{id} kosong"), format!("there is no score of prior_{id}")),
                Ok(Some(score)) if score > max => {
                    faults.add(
                        at,
                        format!("prior_{id} {score} di atas maksimum {max}"),
                        format!("prior_{id} {score} is above the maximum {max}"),
                    );
                }
                Ok(Some(_)) | Err(Unreadable) => {}
            }
        }
        Some(Box::new(Prior { year: carried.year, scores: read.into_iter().map(Result::unwrap_or_default).collect() }))
    }

    /// A score of this year and one of another, where the rule set does not say which counts.
    fn not_both(&self, at: u64, scores: &Scores, prior: Option<&Prior>, faults: &mut Faults) {
        let (first, year) = (&self.rules.stages[0], prior.map(|prior| prior.year));
        let refused = first.carried.iter().any(|carried| Some(carried.year) == year && carried.when_both == WhenBoth::Refuse);
        if let Some(year) = year.filter(|_| refused && scores[..first.sections.len()].iter().any(Option::is_some)) {
            faults.add(
                at,
                format!("ada nilai tahun ini dan nilai tahun {year}; aturan hanya mengizinkan satu"),
                format!("a score of this year and one of {year}; the rule set allows only one"),
            );
        }
    }

    /// Ids separated by spaces, semicolons or commas.
    fn adjustments(&self, record: &csv::ByteRecord, faults: &mut Faults) -> u32 {
        let Some(text) = optional(record, self.places.adjustments) else { return 0 };
        let mut granted = 0;
        for id in text.split([' ', ';', ',']).filter(|id| !id.is_empty()) {
            match self.rules.adjustments.iter().position(|adjustment| adjustment.id == as_id(id)) {
                Some(place) => granted |= 1 << place,
                None => faults.add(line(record), format!("tidak ada penyesuaian `{id}`"), format!("there is no adjustment `{id}`")),
            }
        }
        granted
    }
}

/// A cell that means something or is empty.
fn parsed<T>(
    record: &csv::ByteRecord,
    place: Option<usize>,
    parse: impl Fn(&str) -> Option<T>,
    (indonesian, english): (&str, &str),
    faults: &mut Faults,
) -> Option<T> {
    let text = optional(record, place)?;
    let value = parse(text);
    if value.is_none() {
        faults.add(line(record), format!("{indonesian} `{text}` tidak dikenal"), format!("{english} `{text}` is not known"));
    }
    value
}

/// Places in decisions about moves: `1/2 3/1`, second in the first decision and first in the third; a place alone is of the first decision.
fn move_decisions(text: &str) -> Option<Box<[(u16, u16)]>> {
    let counted = |text: &str| text.parse().ok().filter(|&number: &u16| number > 0);
    let one = |part: &str| match part.split_once('/') {
        Some((number, place)) => Some((counted(number)?, counted(place)?)),
        None => Some((1, counted(part)?)),
    };
    let all = text.split_whitespace().map(one).collect::<Option<Box<[(u16, u16)]>>>()?;
    let numbers: BTreeSet<u16> = all.iter().map(|(number, _)| *number).collect();
    (numbers.len() == all.len()).then_some(all)
}

/// The words of the tables, or the usual letters.
fn entry_of(text: &str) -> Option<Entry> {
    Some(match as_id(text).as_str() {
        "present" | "hadir" => Entry::Open,
        "absent" | "th" => Entry::Absent,
        "disqualified" | "dis" => Entry::Disqualified,
        "withdrawn" | "aps" => Entry::Withdrawn,
        "ineligible" | "tms" => Entry::Ineligible,
        _ => return None,
    })
}
