//! What comes after the stages: the final order, adjustments, moves, codes.

use super::Checker;
use crate::document::{self, Name};
use crate::rule_set::{
    Adjustment, Attribute, Code, DecideOn, Donors, Effect, Missing, Move, MoveThreshold, PassRule, Predicate, RuleSet, Selection, TieKey,
};
use crate::score::Score;
use crate::status::{Given, Status};
use toml::Spanned;

impl Checker<'_, '_> {
    pub(super) fn selection(&mut self, set: &RuleSet, selection: Spanned<document::Selection>) -> Selection {
        let span = selection.span();
        let document::Selection { weights: by_name, tie_order, decide_ties_on, missing } = selection.into_inner();
        let mut weights = vec![None; set.stages.len()];
        for (name, document::Number(weight)) in by_name {
            match set.stages.iter().position(|stage| stage.id == *name.get_ref()) {
                Some(place) => weights[place] = Some(weight),
                None => self.no_stage(&name),
            }
        }
        let complete = weights.iter().all(Option::is_some);
        let weights: Vec<Score> = weights.into_iter().map(Option::unwrap_or_default).collect();
        let sum: Score = weights.iter().copied().sum();
        if !complete || sum != Score::HUNDRED {
            self.fault(
                span,
                format!("bobot tahap harus lengkap dan berjumlah 100, bukan {sum}"),
                format!("the weights of stages must be complete and add up to 100, not {sum}"),
            );
        }
        let tie_order = self.final_ties(set, &tie_order);
        Selection {
            weights,
            tie_order,
            decide_on: match decide_ties_on {
                document::DecideOn::Exact => DecideOn::Exact,
                document::DecideOn::Published => DecideOn::Published,
            },
            missing: match missing {
                document::Missing::Committee => Missing::Committee,
                document::Missing::Last => Missing::Last,
            },
        }
    }

    fn final_ties(&mut self, set: &RuleSet, names: &[Name]) -> Vec<TieKey> {
        let mut order = Vec::new();
        for name in names {
            let Some(key) = tie_key(set, name.get_ref()) else {
                let id = name.get_ref();
                self.fault(
                    name.span(),
                    format!("`{id}` bukan tahap, subtes, `gpa`, `birth_date` atau `committee`"),
                    format!("`{id}` is no stage, section, `gpa`, `birth_date` or `committee`"),
                );
                continue;
            };
            if order.contains(&key) || order.last() == Some(&TieKey::Committee) {
                self.fault(
                    name.span(),
                    "setiap kunci sekali saja, dan `committee` paling akhir",
                    "each key only once, and `committee` at the end",
                );
            }
            order.push(key);
        }
        order
    }

    pub(super) fn adjustment(&mut self, set: &RuleSet, adjustment: Spanned<document::Adjustment>) -> Option<Adjustment> {
        let span = adjustment.span();
        let document::Adjustment { id, title, stage, kind, points, cap, evidence } = adjustment.into_inner();
        self.id_is_plain(&id);
        if set.selection.is_none() {
            self.fault(span.clone(), "penyesuaian nilai tanpa `[final]`", "an adjustment without `[final]`");
        }
        let effect = match (kind, points) {
            (document::AdjustmentKind::ToMaximum, None) if cap.is_none() => Effect::ToMaximum,
            (document::AdjustmentKind::Add, Some(points)) if points.get_ref().0 <= Score::HUNDRED => {
                Effect::Add { points: points.get_ref().0, cap: cap.map(|cap| cap.get_ref().0) }
            }
            _ => {
                self.fault(
                    span,
                    "`add` perlu `points` sampai 100 (dan boleh `cap`), `to_maximum` tanpa keduanya",
                    "`add` needs `points` up to 100 (and may have `cap`), `to_maximum` has neither",
                );
                return None;
            }
        };
        let Some(place) = set.stages.iter().position(|other| other.id == *stage.get_ref()) else {
            self.no_stage(&stage);
            return None;
        };
        Some(Adjustment { id: id.into_inner(), title: title.into(), evidence: evidence.into(), stage: place, effect })
    }

    pub(super) fn step(&mut self, set: &RuleSet, step: Spanned<document::Move>) -> Move {
        let document::Move { id, title, enabled, fill, donors, same, differ, threshold, agencies } = step.into_inner();
        let both = same.iter().find(|attribute| differ.contains(attribute));
        if both.is_some() {
            self.fault(id.span(), "`same` dan `differ` bertentangan", "`same` and `differ` contradict each other");
        }
        let fill = match &fill[..] {
            [all] if all.get_ref() == "*" => Vec::new(),
            _ => fill.iter().filter_map(|name| self.category(set, name)).collect(),
        };
        let donors = match &donors[..] {
            [word] if word.get_ref() == "*" => Donors::Any,
            [word] if word.get_ref() == "same" => Donors::Same,
            [word] if word.get_ref() == "other" => Donors::Other,
            _ => Donors::Listed(donors.iter().filter_map(|name| self.category(set, name)).collect()),
        };
        let threshold = match threshold.get_ref().as_str() {
            "own" => MoveThreshold::Own,
            "none" => MoveThreshold::None,
            "fallback" => {
                if set.stages.first().is_none_or(|stage| stage.fallback.is_none()) {
                    self.fault(threshold.span(), "tidak ada `fallback`", "there is no `fallback`");
                }
                MoveThreshold::Fallback
            }
            _ => self.category(set, &threshold).map_or(MoveThreshold::Own, MoveThreshold::Of),
        };
        let attributes = |list: Vec<document::Attribute>| list.into_iter().map(attribute).collect();
        Move {
            id: id.into_inner(),
            title: title.into(),
            enabled,
            fill,
            donors,
            same: attributes(same),
            differ: attributes(differ),
            threshold,
            agencies,
        }
    }

    pub(super) fn moves_are_possible(&mut self, set: &RuleSet, id: &Name) {
        if !set.moves.is_empty() && set.selection.is_none() {
            self.fault(id.span(), "perpindahan (`moves`) tanpa `[final]`", "moves without `[final]`");
        }
        for (place, step) in set.moves.iter().enumerate() {
            if set.moves[..place].iter().any(|other| other.id == step.id) {
                self.fault(id.span(), format!("langkah `{}` ada dua kali", step.id), format!("move `{}` is there twice", step.id));
            }
        }
    }

    pub(super) fn code(&mut self, set: &RuleSet, code: Spanned<document::Code>) -> Code {
        let document::Code { stage, status, group, by_move, code, text } = code.into_inner();
        let known_status = status.get_ref().parse();
        if known_status.is_err() {
            let id = status.get_ref();
            self.fault(status.span(), format!("tidak ada status `{id}`"), format!("there is no status `{id}`"));
        }
        let known = ["*", "final"].contains(&stage.get_ref().as_str()) || set.stages.iter().any(|other| other.id == *stage.get_ref());
        if !known {
            self.no_stage(&stage);
        }
        if let Some(step) = by_move.as_ref().filter(|step| !set.moves.iter().any(|other| other.id == *step.get_ref())) {
            let id = step.get_ref();
            self.fault(step.span(), format!("tidak ada langkah `{id}`"), format!("there is no move `{id}`"));
        }
        let groups = || set.stages.iter().filter_map(|stage| stage.fallback.as_ref());
        if let Some(group) = group.as_ref().filter(|group| !groups().any(|pair| [&pair.first, &pair.second].contains(&group.get_ref()))) {
            let id = group.get_ref();
            self.fault(group.span(), format!("tidak ada kelompok `{id}`"), format!("there is no group `{id}`"));
        }
        Code {
            stage: stage.into_inner(),
            status: known_status.unwrap_or(Status::Absent),
            group: group.map(Spanned::into_inner),
            by_move: by_move.map(Spanned::into_inner),
            code,
            text: text.into(),
        }
    }

    /// A published line without a code would be a riddle.
    pub(super) fn every_status_has_a_code(&mut self, set: &RuleSet, id: &Name) {
        let places = set.stages.iter().map(|stage| stage.id.as_str()).chain(set.selection.is_some().then_some("final"));
        let groups: Vec<Option<&str>> = match set.stages.iter().find_map(|stage| stage.fallback.as_ref()) {
            Some(pair) => vec![Some(&pair.first), Some(&pair.second)],
            None => vec![None],
        };
        for place in places {
            for status in Status::ALL.into_iter().filter(|status| can_be(set, place, *status)) {
                let steps: Vec<Option<&str>> = match status {
                    Status::SelectedByMove => set.moves.iter().map(|step| Some(step.id.as_str())).collect(),
                    _ => vec![None],
                };
                let without = |step: &Option<&str>| groups.iter().any(|group| set.code(place, status, *group, *step).is_empty());
                for step in steps.into_iter().filter(without) {
                    let of = step.map(|step| format!(" ({step})")).unwrap_or_default();
                    self.fault(
                        id.span(),
                        format!("belum ada kode untuk status `{status}`{of} pada `{place}`"),
                        format!("no code for status `{status}`{of} at `{place}`"),
                    );
                }
            }
        }
    }

    fn no_stage(&mut self, name: &Name) {
        let id = name.get_ref();
        self.fault(name.span(), format!("tidak ada tahap `{id}`"), format!("there is no stage `{id}`"));
    }
}

/// Can a status be given at a stage, or at the end?
fn can_be(set: &RuleSet, place: &str, status: Status) -> bool {
    let Some(stage) = set.stages.iter().find(|stage| stage.id == place) else {
        return status.given() != Given::InStage;
    };
    let last = set.stages.last() == Some(stage) && set.selection.is_some();
    let threshold = |rule: &PassRule| !matches!(rule.predicate, Predicate::None | Predicate::RankOnly);
    match status {
        Status::Shortlisted => !last,
        Status::PassedButOutsideTheCut => stage.cut.is_some(),
        Status::BelowThreshold => stage.pass.iter().any(threshold),
        _ => status.given() != Given::AtTheEnd,
    }
}

fn tie_key(set: &RuleSet, id: &str) -> Option<TieKey> {
    let sections = || {
        let each = |(place, stage): (usize, &'_ crate::rule_set::Stage)| {
            stage.sections.iter().position(|section| section.id == id).map(|section| TieKey::Section(place, section))
        };
        set.stages.iter().enumerate().find_map(each)
    };
    match id {
        "gpa" => Some(TieKey::Gpa),
        "birth_date" => Some(TieKey::BirthDate),
        "committee" => Some(TieKey::Committee),
        _ => set.stages.iter().position(|stage| stage.id == id).map(TieKey::Stage).or_else(sections),
    }
}

fn attribute(attribute: document::Attribute) -> Attribute {
    match attribute {
        document::Attribute::Job => Attribute::Job,
        document::Attribute::Education => Attribute::Education,
        document::Attribute::Unit => Attribute::Unit,
    }
}
