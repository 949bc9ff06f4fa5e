//! A rule set in plain words, in Indonesian and in English.

mod ending;

pub use ending::tie_key;

use crate::rule_set::{BoundaryTie, Carried, CarriedThreshold, Cut, Fallback, FallbackSlots, PassRule, Predicate, RuleSet, Stage};
use crate::rule_set::{CategoryId, Text, WhenBoth, WhenClosed};
use crate::score::Score;

/// The language of an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Indonesian.
    Indonesian,
    /// English.
    English,
}

impl Language {
    /// Chooses between two texts.
    pub fn choose<'a>(self, indonesian: &'a str, english: &'a str) -> &'a str {
        match self {
            Language::Indonesian => indonesian,
            Language::English => english,
        }
    }

    /// Chooses from a text in both.
    pub fn of(self, text: &Text) -> &str {
        self.choose(&text.id, &text.en)
    }
}

/// The whole rule set in words, a sentence or an item a line.
pub fn explain(rules: &RuleSet, language: Language) -> String {
    let mut page = Page { language, lines: Vec::new() };
    page.heading(rules);
    for stage in &rules.stages {
        page.stage(rules, stage);
    }
    page.ending(rules);
    page.codes(rules);
    page.unsure(rules);
    page.lines.join("\n") + "\n"
}

/// Lines as they come.
struct Page {
    language: Language,
    lines: Vec<String>,
}

impl Page {
    fn say(&mut self, indent: usize, indonesian: &str, english: &str) {
        let text = self.language.choose(indonesian, english);
        self.lines.push(format!("{}{text}", "  ".repeat(indent)));
    }

    fn heading(&mut self, rules: &RuleSet) {
        let title = self.language.of(&rules.title).to_owned();
        self.lines.push(format!("{} · {title} ({})", rules.id, rules.year));
        self.lines.push(format!("SHA-256 {}", rules.hash));
        if !rules.sources.is_empty() {
            self.say(0, "Sumber:", "Sources:");
        }
        for source in &rules.sources {
            let article = if source.article.is_empty() { String::new() } else { format!(", {}", source.article) };
            let about = self.language.of(&source.about);
            self.lines.push(format!("  {}{article}: {about}", source.decree));
        }
        let categories = rules.categories.join(", ");
        self.say(0, &format!("Jenis kebutuhan (category): {categories}"), &format!("Categories (category): {categories}"));
        let jobs = rules.jobs().join(", ");
        match jobs.is_empty() {
            true => self.say(0, "Jabatan (job): tidak ada yang punya aturan sendiri", "Jobs (job): none has a rule of its own"),
            false => self.say(
                0,
                &format!("Jabatan dengan aturan sendiri (job): {jobs}; jabatan lain dianggap jabatan biasa"),
                &format!("Jobs with rules of their own (job): {jobs}; any other is an ordinary one"),
            ),
        }
        let sections: Vec<&str> = rules.stages.iter().flat_map(|stage| stage.sections.iter().map(|section| section.id.as_str())).collect();
        let sections = sections.join(", ");
        self.say(
            0,
            &format!("Kolom tabel nilai: participant_no, formation, {sections}"),
            &format!("Columns of the table of scores: participant_no, formation, {sections}"),
        );
    }

    fn stage(&mut self, rules: &RuleSet, stage: &Stage) {
        self.lines.push(String::new());
        let from = stage.from.as_ref().map(|from| format!(" [{from}]")).unwrap_or_default();
        let title = self.language.of(&stage.title).to_owned();
        self.say(0, &format!("Tahap {}: {title}{from}", stage.id), &format!("Stage {}: {title}{from}", stage.id));
        for section in &stage.sections {
            let title = self.language.of(&section.title).to_owned();
            let weight = section.weight.map(|weight| format!(", {weight} %")).unwrap_or_default();
            let (id, max) = (&section.id, section.max);
            self.say(1, &format!("{id}: {title}, maksimum {max}{weight}"), &format!("{id}: {title}, maximum {max}{weight}"));
        }
        match stage.weighted() {
            true => self.say(
                1,
                "Nilai tahap = jumlah bobot x nilai / maksimum subtesnya, pada skala 100.",
                "Value of the stage = sum of share x score / maximum of the section, on the scale to 100.",
            ),
            false => {
                let max = stage.max();
                self.say(
                    1,
                    &format!("Total = jumlah subtes, paling tinggi {max}."),
                    &format!("Total = sum of the sections, at most {max}."),
                );
            }
        }
        self.say(1, "Syarat lulus:", "To pass:");
        stage.pass.iter().for_each(|rule| self.pass_rule(rules, stage, rule));
        if let Some(cut) = stage.cut {
            self.cut(stage, cut);
        }
        if let Some(fallback) = &stage.fallback {
            self.fallback(rules, stage, fallback);
        }
        stage.carried.iter().for_each(|carried| self.carried(stage, carried));
    }

    fn pass_rule(&mut self, rules: &RuleSet, stage: &Stage, rule: &PassRule) {
        let whom = names(rules, &rule.categories);
        let jobs = rule.jobs.join(", ");
        let (jobs_id, jobs_en) =
            if jobs.is_empty() { (String::new(), String::new()) } else { (format!(", jabatan {jobs}"), format!(", jobs {jobs}")) };
        let (indonesian, english) = predicate(stage, &rule.predicate);
        self.say(2, &format!("{whom}{jobs_id}: {indonesian}"), &format!("{whom}{jobs_en}: {english}"));
    }

    fn cut(&mut self, stage: &Stage, cut: Cut) {
        let ties: Vec<&str> = stage.tie_order.iter().map(|&section| stage.sections[section].id.as_str()).collect();
        let ties = ties.join(", ");
        self.say(
            1,
            &format!("Peringkat di dalam satu baris formasi: total, lalu {ties}; lebih tinggi didahulukan."),
            &format!("Rank within one formation line: total, then {ties}; higher first."),
        );
        let factor = cut.factor;
        let (all, none) = match cut.boundary_tie {
            BoundaryTie::AllPass => ("semuanya ikut", "all go on"),
            BoundaryTie::NonePasses => ("semuanya tidak ikut", "none goes on"),
        };
        self.say(
            1,
            &format!("Yang ikut tahap berikutnya: paling banyak {factor} x kebutuhan; bila di batas ada yang sama dalam semuanya, {all}."),
            &format!("Who goes on: at most {factor} x slots; where people at the boundary are equal in all of that, {none}."),
        );
    }

    fn fallback(&mut self, rules: &RuleSet, stage: &Stage, fallback: &Fallback) {
        let (first, second) = (&fallback.first, &fallback.second);
        self.say(
            1,
            &format!(
                "Kelompok {first}: memenuhi syarat di atas. {second} hanya dibuka bila {first} lebih sedikit daripada kebutuhan; syaratnya:"
            ),
            &format!("Group {first}: reached the above. {second} is opened only where {first} is smaller than the slots; to be in it:"),
        );
        fallback.pass.iter().for_each(|rule| self.pass_rule(rules, stage, rule));
        let factor = stage.cut.map_or(0, |cut| cut.factor);
        self.say(
            2,
            &format!("ikut: semua {first} dan paling banyak {factor} x (kebutuhan - jumlah {first}) dari {second}"),
            &format!("who goes on: all of {first} and at most {factor} x (slots - size of {first}) of {second}"),
        );
        match fallback.when_closed {
            WhenClosed::BelowThreshold => self.say(
                2,
                &format!("bila {second} tidak dibuka, orangnya di bawah ambang"),
                &format!("where {second} is not opened, its people are below the threshold"),
            ),
            WhenClosed::Outside => self.say(
                2,
                &format!("bila {second} tidak dibuka, orangnya di luar batas jumlah"),
                &format!("where {second} is not opened, its people are outside the cut"),
            ),
        }
        match fallback.slots {
            FallbackSlots::Reserved => self.say(
                2,
                &format!("pada akhirnya {second} memperebutkan kebutuhan - jumlah {first} pada batas ini"),
                &format!("at the end {second} competes for slots - size of {first} at this cut"),
            ),
            FallbackSlots::Left => self.say(
                2,
                &format!("pada akhirnya {second} memperebutkan semua yang ditinggalkan {first}"),
                &format!("at the end {second} competes for whatever {first} leaves"),
            ),
        }
    }

    fn carried(&mut self, stage: &Stage, carried: &Carried) {
        let (year, max) = (carried.year, carried.max.iter().copied().sum::<Score>());
        let columns: Vec<String> = stage.sections.iter().map(|section| format!("prior_{}", section.id)).collect();
        let columns = columns.join(", ");
        self.say(
            1,
            &format!("Nilai tahun {year} boleh dipakai (kolom prior_year, {columns}); maksimum formulirnya {max}."),
            &format!("Scores of {year} may be used (columns prior_year, {columns}); the maximum of that form is {max}."),
        );
        match carried.threshold {
            CarriedThreshold::Current => {
                self.say(2, "diuji dengan syarat lulus tahun ini", "tested with what is needed to pass this year");
            }
            CarriedThreshold::Declared => {
                self.say(2, "sudah memenuhi ambang tahunnya; tidak diuji lagi", "had reached its own year's threshold; not tested again")
            }
        }
        let (indonesian, english) = match carried.when_both {
            WhenBoth::Refuse => ("kesalahan data", "an error of the data"),
            WhenBoth::Prior => ("nilai lama dipakai", "the old one counts"),
            WhenBoth::Current => ("nilai tahun ini dipakai", "this year's counts"),
            WhenBoth::Higher => ("total yang lebih tinggi dipakai", "the higher total counts"),
        };
        self.say(2, &format!("punya dua nilai: {indonesian}"), &format!("somebody with both: {english}"));
    }

    fn unsure(&mut self, rules: &RuleSet) {
        if rules.unsure.is_empty() {
            return;
        }
        self.lines.push(String::new());
        self.say(
            0,
            "Belum pasti menurut sumber (parameter = yang dipakai sekarang):",
            "Uncertain in the sources (parameter = what is used now):",
        );
        for unsure in &rules.unsure {
            let about = self.language.of(&unsure.about);
            self.lines.push(format!("  {} = {}: {about}", unsure.parameter, unsure.default));
        }
    }
}

/// A predicate in Indonesian and in English.
pub fn predicate(stage: &Stage, predicate: &Predicate) -> (String, String) {
    let least: Vec<String> = predicate.least().iter().map(|&(section, least)| format!("{} {least}", stage.sections[section].id)).collect();
    let least = least.join(", ");
    match predicate {
        Predicate::Each(_) => (format!("setiap subtes: paling sedikit {least}"), format!("each section: at least {least}")),
        Predicate::Listed(_) => (format!("paling sedikit {least}"), format!("at least {least}")),
        Predicate::Total { total, .. } if least.is_empty() => (format!("total paling sedikit {total}"), format!("total at least {total}")),
        Predicate::Total { total, .. } => {
            (format!("total paling sedikit {total}, dan {least}"), format!("total at least {total}, and {least}"))
        }
        Predicate::None => ("tanpa ambang".to_owned(), "no threshold".to_owned()),
        Predicate::RankOnly => {
            ("nilai terendah menjadi ambang: hanya peringkat".to_owned(), "the lowest score is the threshold: rank only".to_owned())
        }
    }
}

/// Categories by name.
fn names(rules: &RuleSet, categories: &[CategoryId]) -> String {
    let names: Vec<&str> = categories.iter().map(|&category| rules.category_name(category)).collect();
    names.join(", ")
}
