//! Marks, ranks and states computed again, and compared with the committee's lists.

use super::journal::{Journal, Session};
use super::{Offenders, id};
use crate::report::Check;
use crate::staff::Staff;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use wire::results::{Computation, ResultList, ResultRow};
use wire::roster::{AttemptRule, SelectionSummary, SelectionView};

/// Name of the check.
pub const NAME: &str = "every score and rank recomputed from the answers equals the server's";

/// The state of those who reached the least marks; whatever became of them then.
const MEETS: &str = "meets";

/// A formation's list, as far as it is compared.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Section codes in column order.
    pub sections: Vec<String>,
    /// Least marks by section, thousandths; none where there is no threshold.
    pub least_milli: Vec<Option<i64>>,
    /// Least total, thousandths.
    pub least_total_milli: Option<i64>,
    /// Rows in order.
    pub rows: Vec<ListedRow>,
    /// Equals share a rank; false where keys that this check does not know come after the tie order.
    pub shared_ranks: bool,
}

/// One person of a list.
#[derive(Clone, Debug)]
pub struct ListedRow {
    /// Rank, from 1.
    pub rank: Option<u32>,
    /// Participant number.
    pub participant_no: String,
    /// Marks per section, thousandths.
    pub marks_milli: Vec<i64>,
    /// Total, thousandths.
    pub total_milli: Option<i64>,
    /// `meets`, `below_threshold`, `absent`, `disqualified`.
    pub status: String,
}

impl Listed {
    fn of(list: ResultList) -> Result<Listed> {
        Ok(Listed {
            least_milli: list.sections.iter().map(|section| section.threshold.as_deref().map(milli).transpose()).collect::<Result<_>>()?,
            least_total_milli: list.total_threshold.as_deref().map(milli).transpose()?,
            sections: list.sections.into_iter().map(|section| section.code).collect(),
            shared_ranks: !list.rows.iter().any(|row| row.place == "final"),
            rows: list.rows.into_iter().map(ListedRow::of).collect::<Result<_>>()?,
        })
    }

    fn meets(&self, marks: &[i64]) -> bool {
        let reaches = |(marks, least): (&i64, &Option<i64>)| least.is_none_or(|least| *marks >= least);
        marks.iter().zip(&self.least_milli).all(reaches) && self.least_total_milli.is_none_or(|least| marks.iter().sum::<i64>() >= least)
    }
}

impl ListedRow {
    fn of(row: ResultRow) -> Result<ListedRow> {
        let status = match row.status.as_str() {
            "shortlisted" | "passed_but_outside_the_cut" | "selected" | "selected_by_move" | "not_selected" => MEETS,
            other => other,
        };
        Ok(ListedRow {
            rank: row.rank,
            status: status.to_owned(),
            participant_no: row.participant_no,
            marks_milli: row.marks.iter().map(|marks| milli(marks)).collect::<Result<_>>()?,
            total_milli: row.total.as_deref().map(milli).transpose()?,
        })
    }
}

/// A decimal in thousandths.
fn milli(decimal: &str) -> Result<i64> {
    let (sign, digits) = decimal.strip_prefix('-').map_or((1, decimal), |digits| (-1, digits));
    let (whole, places) = digits.split_once('.').unwrap_or((digits, ""));
    let number = (places.len() <= 3).then(|| format!("{whole}{places:0<3}").parse::<i64>().ok()).flatten();
    Ok(sign * number.with_context(|| format!("{decimal} is no decimal of three places"))?)
}

/// What the set-up knows of the bank it made: marks are thousandths; a blank item is worth nothing.
#[derive(Debug, Default)]
pub struct Key {
    marks: HashMap<u128, BTreeMap<u8, i64>>,
    /// Section code of an item.
    sections: HashMap<u128, String>,
}

impl Key {
    /// Reads `key.json` of a run.
    pub fn read(dir: &Path) -> Result<Key> {
        #[derive(Deserialize)]
        struct Written {
            items: HashMap<String, BTreeMap<u8, i64>>,
            #[serde(default)]
            sections: HashMap<String, Vec<String>>,
        }
        let text =
            std::fs::read_to_string(dir.join("key.json")).with_context(|| format!("failed to read key.json in {}", dir.display()))?;
        let written: Written = serde_json::from_str(&text).context("failed to understand key.json")?;
        let mut key = Key::default();
        for (item, marks) in written.items {
            key.marks.insert(id(&item)?, marks);
        }
        for (section, items) in written.sections {
            for item in items {
                key.sections.insert(id(&item)?, section.clone());
            }
        }
        Ok(key)
    }

    /// Marks of a session per section of a list; those of an item whose section is not known, or not on the list, are an error.
    fn tally(&self, session: &Session, codes: &[&str]) -> Result<Vec<i64>> {
        let mut sections = vec![0; codes.len()];
        for counting in session.counting.iter().flatten() {
            let marks = self.marks.get(&counting.item).with_context(|| format!("item {:032x} is not in key.json", counting.item))?;
            let section = match codes {
                [_] => 0,
                _ => {
                    let code = self
                        .sections
                        .get(&counting.item)
                        .with_context(|| format!("key.json has no section for item {:032x}", counting.item))?;
                    codes.iter().position(|known| known == code).with_context(|| format!("section {code} is not on the list"))?
                }
            };
            for choice in counting.choices.ids() {
                sections[section] +=
                    marks.get(&choice).with_context(|| format!("choice {choice} of item {:032x} is not in key.json", counting.item))?;
            }
        }
        Ok(sections)
    }
}

/// A formation's list as the server computed it, and the rules it follows.
pub struct List {
    pub stage: String,
    pub list: Listed,
    pub tie_order: Vec<String>,
}

/// What the server says.
#[derive(Default)]
pub struct Said {
    pub lists: Vec<List>,
    /// Stages by sitting.
    pub stages: HashMap<u128, String>,
    /// Limits of halls' running time, milliseconds, by sitting.
    pub hard_closes: HashMap<u128, u64>,
}

/// Asks for the results of all stages.
pub async fn ask(staff: &Staff) -> Result<Said> {
    let mut said = Said::default();
    let selections: Vec<SelectionSummary> = staff.get("/api/v1/selections").await?.done()?;
    for selection in selections {
        let view: SelectionView = staff.get(&format!("/api/v1/selections/{}", selection.id)).await?.done()?;
        for sitting in &view.sittings {
            said.stages.insert(id(&sitting.id)?, sitting.stage.clone());
            if sitting.policy.hard_close_after_s > 0 {
                said.hard_closes.insert(id(&sitting.id)?, u64::from(sitting.policy.hard_close_after_s) * 1000);
            }
        }
        anyhow::ensure!(
            view.stages.is_empty() || view.policy.attempt_rule == AttemptRule::Last,
            "selection {} does not let the last attempt count, and this check knows no other rule",
            view.code
        );
        for stage in &view.stages {
            let path = format!("/api/v1/stages/{}/computation", stage.id);
            let computation: Computation = staff.patient().post(&path, &serde_json::json!({})).await?.done()?;
            let second = &computation.results.second_scorer;
            anyhow::ensure!(second.agrees, "the second scorer differs: {:?}", second.differences.first());
            for list in computation.results.lists {
                let formation = view.formations.iter().find(|formation| formation.code == list.formation).map(|formation| &formation.id);
                let own =
                    stage.blueprints.iter().find(|blueprint| blueprint.formation.is_some() && blueprint.formation.as_ref() == formation);
                let common = stage.blueprints.iter().find(|blueprint| blueprint.formation.is_none());
                let Some(blueprint) = own.or(common) else { continue };
                let tie_order = blueprint.blueprint.tie_order.clone();
                said.lists.push(List { stage: stage.id.clone(), list: Listed::of(list)?, tie_order });
            }
        }
    }
    Ok(said)
}

/// One row as it should be.
struct Row {
    marks: Option<Vec<i64>>,
    standing: Vec<i64>,
    status: &'static str,
}

/// Compares lists with what follows from the journal.
pub fn compare(key: &Key, journal: &Journal, said: &Said) -> Check {
    let mut compared = Compared::default();
    for list in &said.lists {
        let here = |session: &&Session| session.sitting.and_then(|sitting| said.stages.get(&sitting)) == Some(&list.stage);
        let by_number: HashMap<&str, &Session> =
            journal.sessions.iter().filter(here).map(|session| (session.diary.participant_no.as_str(), session)).collect();
        compared.list(key, list, &by_number);
    }
    let Compared { mut wrong, scores, ranks, others, met } = compared;
    for session in journal.sessions.iter().filter(|session| !met.contains(session.diary.participant_no.as_str())) {
        wrong.add(|| format!("{} stands on no list", session.diary.participant_no));
    }
    wrong.check(NAME, format!("{scores} scores, {ranks} ranks; {others} people who are in no diary were taken as they are"))
}

#[derive(Default)]
struct Compared {
    wrong: Offenders,
    scores: u64,
    ranks: u64,
    /// People on lists with people of the diaries, who are in no diary.
    others: u64,
    /// People of the diaries who stand on a list.
    met: HashSet<String>,
}

impl Compared {
    fn list(&mut self, key: &Key, List { list, tie_order, .. }: &List, by_number: &HashMap<&str, &Session>) {
        if !list.rows.iter().any(|row| by_number.contains_key(row.participant_no.as_str())) {
            return;
        }
        let codes: Vec<&str> = list.sections.iter().map(String::as_str).collect();
        let mut rows = Vec::with_capacity(list.rows.len());
        for said in &list.rows {
            let Some(session) = by_number.get(said.participant_no.as_str()) else {
                self.others += 1;
                rows.push((said, as_said(said, &codes, tie_order), false));
                continue;
            };
            self.met.insert(said.participant_no.clone());
            match expected(key, session, &codes, tie_order, list) {
                Ok(expected) => rows.push((said, expected, true)),
                Err(error) => self.wrong.add(|| format!("{}: {error:#}", said.participant_no)),
            }
        }
        let mut standings: Vec<&[i64]> =
            rows.iter().filter(|(_, row, _)| row.status == MEETS).map(|(_, row, _)| &row.standing[..]).collect();
        standings.sort_unstable_by(|one, other| other.cmp(one));
        for (said, row, _) in rows.iter().filter(|(_, _, of_a_diary)| *of_a_diary) {
            let better = standings.partition_point(|other| *other > &row.standing[..]) as u32;
            let worst = standings.partition_point(|other| *other >= &row.standing[..]) as u32;
            // Keys after the tie order may put equals in any order among themselves.
            let among = |rank: &u32| !list.shared_ranks && (better + 1..=worst).contains(rank);
            let rank = said.rank.filter(among).unwrap_or(better + 1);
            self.row(said, row, (row.status == MEETS).then_some(rank));
        }
    }

    fn row(&mut self, said: &ListedRow, row: &Row, rank: Option<u32>) {
        let number = &said.participant_no;
        let total = row.marks.as_ref().map(|marks| marks.iter().sum::<i64>());
        self.scores += u64::from(total.is_some());
        self.ranks += u64::from(rank.is_some());
        let marks = row.marks.as_deref().unwrap_or_default();
        if said.total_milli != total || said.marks_milli != marks {
            self.wrong
                .add(|| format!("{number}: {:?} in all {:?}, should be {marks:?} in all {total:?}", said.marks_milli, said.total_milli));
        }
        if said.status != row.status {
            self.wrong.add(|| format!("{number}: {}, should be {}", said.status, row.status));
        }
        if said.rank != rank {
            self.wrong.add(|| format!("{number}: rank {:?}, should be {rank:?}", said.rank));
        }
    }
}

fn expected(key: &Key, session: &Session, codes: &[&str], tie_order: &[String], list: &Listed) -> Result<Row> {
    let marks = session.started.then(|| key.tally(session, codes)).transpose()?;
    let status = match &marks {
        _ if session.terminated => "disqualified",
        Some(marks) if list.meets(marks) => MEETS,
        Some(_) => "below_threshold",
        None => "absent",
    };
    let standing = marks.as_ref().map(|marks| standing(marks, codes, tie_order)).unwrap_or_default();
    Ok(Row { marks, standing, status })
}

fn as_said(row: &ListedRow, codes: &[&str], tie_order: &[String]) -> Row {
    let marks = row.total_milli.map(|_| row.marks_milli.clone());
    let standing = marks.as_ref().map(|marks| standing(marks, codes, tie_order)).unwrap_or_default();
    Row { marks, standing, status: if row.status == MEETS { MEETS } else { "" } }
}

/// The total, then the sections that break ties, in their order.
fn standing(marks: &[i64], codes: &[&str], tie_order: &[String]) -> Vec<i64> {
    let section = |code: &String| codes.iter().position(|known| known == code).and_then(|index| marks.get(index)).copied().unwrap_or(0);
    std::iter::once(marks.iter().sum()).chain(tie_order.iter().map(section)).collect()
}
