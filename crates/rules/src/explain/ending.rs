//! The final order, adjustments, moves and codes in words.

use super::{Page, names};
use crate::rule_set::{
    Adjustment, Attribute, DecideOn, Donors, Effect, Missing, Move, MoveThreshold, Rounding, RuleSet, Selection, TieKey,
};

impl Page {
    pub(super) fn ending(&mut self, rules: &RuleSet) {
        let Some(selection) = &rules.selection else {
            self.lines.push(String::new());
            return self.say(0, "Hasilnya daftar yang ikut tahap berikutnya.", "The result is the list of those who go on.");
        };
        self.lines.push(String::new());
        self.say(0, "Akhir (final)", "End (final)");
        self.selection(rules, selection);
        rules.adjustments.iter().for_each(|adjustment| self.adjustment(rules, adjustment));
        if rules.moves.is_empty() {
            self.say(1, "Kebutuhan yang kosong tidak diisi dari formasi lain.", "Vacant slots are not filled from other lines.");
        } else {
            self.say(1, "Kebutuhan yang kosong diisi langkah demi langkah:", "Vacant slots are filled step by step:");
        }
        rules.moves.iter().for_each(|step| self.step(rules, step));
    }

    fn selection(&mut self, rules: &RuleSet, selection: &Selection) {
        let shares: Vec<String> =
            rules.stages.iter().zip(&selection.weights).map(|(stage, weight)| format!("{weight} % {}", stage.id)).collect();
        let shares = shares.join(" + ");
        self.say(
            1,
            &format!("Nilai akhir = {shares}; setiap tahap dikonversi ke 100 dengan maksimum formulirnya sendiri."),
            &format!("Final value = {shares}; each stage is converted to 100 by the maximum of its own form."),
        );
        let keys = |language: fn(TieKey, &RuleSet) -> String| {
            let keys: Vec<String> = selection.tie_order.iter().map(|&key| language(key, rules)).collect();
            keys.join(", ")
        };
        self.say(
            1,
            &format!("Bila sama: {}.", keys(|key, rules| tie_key(rules, key).0)),
            &format!("Between equals: {}.", keys(|key, rules| tie_key(rules, key).1)),
        );
        match selection.decide_on {
            DecideOn::Exact => {
                self.say(1, "Nilai dibandingkan persis, tanpa pembulatan.", "Values are compared exactly, without rounding.")
            }
            DecideOn::Published => {
                self.say(1, "Nilai dibandingkan seperti yang diumumkan (dibulatkan).", "Values are compared as published (rounded).")
            }
        }
        match selection.missing {
            Missing::Committee => self.say(
                1,
                "Bila penentu tidak ada pada salah seorang yang sama, panitia memutuskan.",
                "Where one of those who are equal lacks what would decide, the committee decides.",
            ),
            Missing::Last => self.say(1, "Yang tidak punya penentu ditempatkan terakhir.", "Whoever lacks what would decide comes last."),
        }
        let display = rules.display;
        let (indonesian, english) = match display.rounding {
            Rounding::HalfUp => ("setengah ke atas", "a half goes up"),
            Rounding::HalfEven => ("setengah ke genap", "a half goes to the even one"),
            Rounding::Down => ("dipotong", "cut off"),
        };
        let (decimals, mark) = (display.decimals, display.mark);
        self.say(
            1,
            &format!("Tampilan: {decimals} desimal, tanda `{mark}`, pembulatan {indonesian}."),
            &format!("Shown: {decimals} decimals, mark `{mark}`, rounding: {english}."),
        );
    }

    fn adjustment(&mut self, rules: &RuleSet, adjustment: &Adjustment) {
        let stage = &rules.stages[adjustment.stage].id;
        let (indonesian, english) = match adjustment.effect {
            Effect::ToMaximum => (format!("nilai {stage} menjadi 100"), format!("value of {stage} becomes 100")),
            Effect::Add { points, cap: None } => (format!("nilai {stage} + {points}"), format!("value of {stage} + {points}")),
            Effect::Add { points, cap: Some(cap) } => {
                (format!("nilai {stage} + {points}, paling tinggi {cap}"), format!("value of {stage} + {points}, at most {cap}"))
            }
        };
        let (id, title, evidence) = (&adjustment.id, &adjustment.title, &adjustment.evidence);
        self.say(
            1,
            &format!("Penyesuaian `{id}` ({}): {indonesian}. Bukti: {}", title.id, evidence.id),
            &format!("Adjustment `{id}` ({}): {english}. Evidence: {}", title.en, evidence.en),
        );
    }

    fn step(&mut self, rules: &RuleSet, step: &Move) {
        let fill = if step.fill.is_empty() { "*".to_owned() } else { names(rules, &step.fill) };
        let (from_id, from_en) = match &step.donors {
            Donors::Any => ("semua jenis kebutuhan".to_owned(), "every category".to_owned()),
            Donors::Same => ("jenis kebutuhan yang sama".to_owned(), "the same category".to_owned()),
            Donors::Other => ("jenis kebutuhan lain".to_owned(), "other categories".to_owned()),
            Donors::Listed(categories) => (names(rules, categories), names(rules, categories)),
        };
        let list = |attributes: &[Attribute], english: bool| {
            let words: Vec<&str> = attributes.iter().map(|&attribute| attribute_word(attribute, english)).collect();
            words.join(", ")
        };
        let (needs_id, needs_en) = match step.threshold {
            MoveThreshold::None => ("tanpa ambang".to_owned(), "no threshold".to_owned()),
            MoveThreshold::Own => ("ambang kebutuhan asalnya".to_owned(), "the threshold of the own category".to_owned()),
            MoveThreshold::Fallback => ("kelompok kedua".to_owned(), "the second group".to_owned()),
            MoveThreshold::Of(category) => {
                let name = rules.category_name(category);
                (format!("ambang {name}"), format!("the threshold of {name}"))
            }
        };
        let (off_id, off_en) = if step.enabled { ("", "") } else { (" [TIDAK AKTIF]", " [OFF]") };
        let agencies = if step.agencies.is_empty() { String::new() } else { format!(" [agency: {}]", step.agencies.join(", ")) };
        let title = &step.title;
        self.say(2, &format!("{}{off_id}{agencies}: {}", step.id, title.id), &format!("{}{off_en}{agencies}: {}", step.id, title.en));
        let differ = |words: String, prefix: &str| if words.is_empty() { String::new() } else { format!("; {prefix} {words}") };
        self.say(
            3,
            &format!(
                "untuk {fill}, dari {from_id}; sama {}{}; syarat: {needs_id}; menurut nilai akhir",
                list(&step.same, false),
                differ(list(&step.differ, false), "berbeda")
            ),
            &format!(
                "for {fill}, from {from_en}; same {}{}; needs {needs_en}; by final value",
                list(&step.same, true),
                differ(list(&step.differ, true), "other")
            ),
        );
    }

    pub(super) fn codes(&mut self, rules: &RuleSet) {
        self.lines.push(String::new());
        self.say(0, "Kode keterangan:", "Codes:");
        for code in &rules.codes {
            let only = [&code.group, &code.by_move].into_iter().flatten().fold(String::new(), |only, word| format!("{only} {word}"));
            let text = self.language.of(&code.text);
            self.lines.push(format!("  {} ({}, {}{only}): {text}", code.code, code.stage, code.status));
        }
    }
}

/// A tie key in Indonesian and in English.
pub fn tie_key(rules: &RuleSet, key: TieKey) -> (String, String) {
    let both = |indonesian: &str, english: &str| (indonesian.to_owned(), english.to_owned());
    match key {
        TieKey::Stage(stage) => both(&format!("total {}", rules.stages[stage].id), &format!("total of {}", rules.stages[stage].id)),
        TieKey::Section(stage, section) => {
            let id = &rules.stages[stage].sections[section].id;
            both(id, id)
        }
        TieKey::Gpa => both("IPK atau rata-rata ijazah", "GPA or diploma average"),
        TieKey::BirthDate => both("usia lebih tua", "older age"),
        TieKey::Committee => both("keputusan panitia yang dicatat", "a recorded decision of the committee"),
    }
}

fn attribute_word(attribute: Attribute, english: bool) -> &'static str {
    match (attribute, english) {
        (Attribute::Job, false) => "jabatan",
        (Attribute::Job, true) => "job",
        (Attribute::Education, false) => "pendidikan",
        (Attribute::Education, true) => "education",
        (Attribute::Unit, false) => "unit",
        (Attribute::Unit, true) => "unit",
    }
}
