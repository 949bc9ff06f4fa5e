//! Adopted corrections as they enter the inputs of a computation.

use question_bank::id::ItemId;
use question_bank::key::Choices;
use rules::RuleSet;
use scoring::scheme::Amendment;
use std::collections::BTreeMap;
use store::roster::participant_key;
use wire::results::{Change, FactValue, VoidPolicy};

/// Columns of the table of scores that a correction may set, besides `prior_*`.
const FACTS: [&str; 4] = ["adjustments", "birth_date", "category", "gpa"];

/// Everything that corrections change, gathered in the order of their adoption: later ones win.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Items, by the place of the stage in the selection.
    pub items: BTreeMap<u32, BTreeMap<ItemId, Amendment>>,
    /// Decisions about moves so far.
    move_decisions: u16,
    /// Cells of the table of scores, by participant key and column.
    pub cells: BTreeMap<String, BTreeMap<String, String>>,
}

/// A change that cannot be used, in a sentence for the committee.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub String);

impl Changes {
    /// Adds a change of the stage at this place of the selection. `item` finds an item by its code.
    pub fn add(&mut self, stage: u32, change: &Change, rules: &RuleSet, item: impl Fn(&str) -> Option<ItemId>) -> Result<(), Unusable> {
        let found = |code: &str| item(code).ok_or_else(|| Unusable(format!("Butir {code} tidak ada di bank soal.")));
        match change {
            Change::Key { item, right } => {
                let choices = Choices::from_ids(right).filter(|choices| !choices.is_empty());
                let choices = choices.ok_or_else(|| Unusable("Pilihan yang benar belum ditentukan.".to_owned()))?;
                self.items.entry(stage).or_default().insert(found(item)?, Amendment::Right(choices));
            }
            Change::Void { item, policy } => {
                let amendment = match policy {
                    VoidPolicy::FullMarks => Amendment::FullMarks,
                    VoidPolicy::Removed => Amendment::Removed,
                };
                self.items.entry(stage).or_default().insert(found(item)?, amendment);
            }
            Change::Status { participant_no, status, from } => {
                let column = status_column(rules, from)?;
                let value = status_value(status)?;
                self.cell(participant_no, &column, value);
            }
            Change::Facts { participant_no, values } => {
                for FactValue { column, value } in values {
                    if !is_fact(column) {
                        return Err(Unusable(format!("Kolom {column} tidak dapat dikoreksi.")));
                    }
                    self.cell(participant_no, column, value);
                }
            }
            Change::Decision { formation: _, order } => {
                for (place, participant_no) in (1_u16..).zip(order) {
                    self.cell(participant_no, "decision", &place.to_string());
                }
            }
            Change::MoveDecision { order } => {
                // A later one does not take an earlier one back: each is about those whom it names.
                self.move_decisions += 1;
                for (place, participant_no) in (1_u16..).zip(order) {
                    let cells = self.cells.entry(participant_key(participant_no)).or_default();
                    let before = cells.get("move_decision").map(String::as_str).unwrap_or_default();
                    let places = format!("{before} {}/{place}", self.move_decisions).trim().to_owned();
                    cells.insert("move_decision".to_owned(), places);
                }
            }
            Change::Recompute => {}
        }
        Ok(())
    }

    /// Did a correction set the status of somebody at the stage at this place of the rule set?
    pub fn set_status(&self, participant_no: &str, rules: &RuleSet, place: usize) -> bool {
        let column = rules.stages.get(place).and_then(|stage| status_column(rules, &stage.id).ok());
        let cells = self.cells.get(&participant_key(participant_no));
        cells.zip(column).is_some_and(|(cells, column)| cells.contains_key(&column))
    }

    fn cell(&mut self, participant_no: &str, column: &str, value: &str) {
        self.cells.entry(participant_key(participant_no)).or_default().insert(column.to_owned(), value.trim().to_owned());
    }
}

/// Is this a column that a candidate's facts may have?
pub fn is_fact(column: &str) -> bool {
    FACTS.contains(&column) || column.strip_prefix("prior_").is_some_and(|section| !section.is_empty())
}

/// The column of a status from a stage on.
fn status_column(rules: &RuleSet, from: &str) -> Result<String, Unusable> {
    match rules.stages.iter().position(|stage| stage.id == from) {
        Some(0) => Ok("status".to_owned()),
        Some(_) => Ok(format!("{from}_status")),
        None if from == "final" && rules.selection.is_some() => Ok("final_status".to_owned()),
        None => Err(Unusable(format!("Tahap {from} tidak ada dalam himpunan aturan {}.", rules.id))),
    }
}

/// What stands in the column.
fn status_value(status: &str) -> Result<&str, Unusable> {
    match status {
        "open" => Ok("present"),
        "absent" | "disqualified" | "withdrawn" | "ineligible" => Ok(status),
        other => Err(Unusable(format!("Status {other} tidak dikenal."))),
    }
}

/// A change in words, for the committee.
pub fn sentence(change: &Change) -> String {
    match change {
        Change::Key { item, right } => {
            let letters: Vec<String> = right.iter().map(|&id| char::from(b'A' + id.min(25)).to_string()).collect();
            format!("Kunci butir {item} menjadi {}", letters.join(" atau "))
        }
        Change::Void { item, policy: VoidPolicy::FullMarks } => {
            format!("Butir {item} dibatalkan: semua yang menerimanya mendapat nilai penuh")
        }
        Change::Void { item, policy: VoidPolicy::Removed } => format!("Butir {item} dibatalkan: dikeluarkan dari penilaian"),
        Change::Status { participant_no, status, from } => {
            let words = match status.as_str() {
                "absent" => "tidak hadir",
                "disqualified" => "didiskualifikasi",
                "withdrawn" => "mengundurkan diri",
                "ineligible" => "tidak memenuhi syarat",
                _ => "dipulihkan",
            };
            format!("Peserta {participant_no}: {words} mulai {from}")
        }
        Change::Facts { participant_no, values } => {
            let columns: Vec<&str> = values.iter().map(|value| value.column.as_str()).collect();
            format!("Data peserta {participant_no} diperbaiki: {}", columns.join(", "))
        }
        Change::Decision { formation, order } => format!("Keputusan panitia pada formasi {formation}: {}", order.join(", ")),
        Change::MoveDecision { order } => format!("Keputusan panitia antarformasi pada perpindahan (lowongan): {}", order.join(", ")),
        Change::Recompute => "Dihitung ulang dengan data terbaru".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> RuleSet {
        RuleSet::parse(rules::shipped::text("cpns-2024").expect("it is shipped"), &rules::shipped::library).expect("it is in order")
    }

    #[test]
    fn later_corrections_win_and_stages_keep_apart() {
        let (mut changes, rules) = (Changes::default(), rules());
        let status = |status: &str, from: &str| Change::Status {
            participant_no: " 24-1 ".to_owned(),
            status: status.to_owned(),
            from: from.to_owned(),
        };
        let none = |_: &str| None;
        changes.add(0, &status("disqualified", "skd"), &rules, none).expect("usable");
        changes.add(1, &status("withdrawn", "final"), &rules, none).expect("usable");
        changes.add(1, &status("open", "skd"), &rules, none).expect("usable");
        let cells = &changes.cells["24-1"];
        assert_eq!(cells["status"], "present");
        assert_eq!(cells["final_status"], "withdrawn");
    }

    #[test]
    fn decisions_about_moves_stand_beside_each_other() {
        let (mut changes, rules) = (Changes::default(), rules());
        for order in [["a", "b"], ["b", "c"]] {
            let change = Change::MoveDecision { order: order.map(str::to_owned).into() };
            changes.add(1, &change, &rules, |_| None).expect("usable");
        }
        let places = |number: &str| changes.cells[&participant_key(number)]["move_decision"].clone();
        assert_eq!(["a", "b", "c"].map(places), ["1/1", "1/2 2/1", "2/2"]);
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let rules = rules();
        let refused = |change: Change| Changes::default().add(0, &change, &rules, |_| None).expect_err("unusable").0;
        assert!(refused(Change::Key { item: "tiu-9".into(), right: vec![0] }).contains("tiu-9"));
        assert!(refused(Change::Key { item: "tiu-9".into(), right: vec![] }).contains("belum ditentukan"));
        let status = |status: &str, from: &str| Change::Status { participant_no: "1".into(), status: status.into(), from: from.into() };
        assert!(refused(status("dropped", "skd")).contains("dropped"));
        assert!(refused(status("absent", "skx")).contains("skx"));
        let value = FactValue { column: "twk".into(), value: "150".into() };
        assert!(refused(Change::Facts { participant_no: "1".into(), values: vec![value] }).contains("twk"));
    }
}
