//! Stages: sections, predicates, cuts, carried scores.

use super::{Checker, Depth, parse_within};
use crate::document::{self, Name, Number, PassKind};
use crate::rule_set::{
    BoundaryTie, Carried, CarriedThreshold, CategoryId, Cut, Fallback, FallbackSlots, PassRule, Predicate, RuleSet, Section, Stage,
    WhenBoth, WhenClosed, as_id,
};
use crate::score::Score;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

impl Checker<'_, '_> {
    /// Adds a stage, its own or one taken from another set, to `set`.
    pub(super) fn stage(&mut self, set: &mut RuleSet, stage: Spanned<document::Stage>, hashes: &mut Vec<String>) {
        let span = stage.span();
        let mut stage = stage.into_inner();
        let taken = match stage.from.take() {
            Some(from) => self.taken(set, &from, &stage, hashes),
            None => self.own(set, span.clone(), stage),
        };
        let Some(taken) = taken else { return };
        let ids = |stage: &Stage| {
            let mut ids: Vec<String> = stage.sections.iter().map(|section| section.id.clone()).collect();
            if stage.sections.len() != 1 || stage.sections[0].id != stage.id {
                ids.push(stage.id.clone());
            }
            ids
        };
        let before: Vec<String> = set.stages.iter().flat_map(ids).collect();
        for id in ids(&taken).into_iter().filter(|id| before.contains(id)) {
            self.fault(
                span.clone(),
                format!("nama `{id}` sudah dipakai tahap lain"),
                format!("another stage uses the name `{id}` already"),
            );
        }
        set.stages.push(taken);
    }

    /// The only stage of another set, with its categories and codes.
    fn taken(&mut self, set: &mut RuleSet, from: &Name, stage: &document::Stage, hashes: &mut Vec<String>) -> Option<Stage> {
        let own_words = stage.id.is_some()
            || stage.title.is_some()
            || stage.cut.is_some()
            || stage.fallback.is_some()
            || !(stage.sections.is_empty() && stage.pass.is_empty() && stage.tie_order.is_empty() && stage.carried.is_empty());
        if own_words {
            self.fault(from.span(), "tahap dengan `from` tidak punya kunci lain", "a stage with `from` has no other key");
        }
        if self.depth == Depth::Taken {
            self.fault(from.span(), "`from` di dalam himpunan yang sudah diambil", "`from` inside a set that is itself taken from");
            return None;
        }
        let id = from.get_ref();
        let Some(text) = (self.library)(id) else {
            self.fault(from.span(), format!("himpunan aturan `{id}` tidak ditemukan"), format!("there is no rule set `{id}`"));
            return None;
        };
        let mut other = match parse_within(&text, self.library, Depth::Taken, self.origin) {
            Ok(other) => other,
            Err(problems) => {
                let first = problems.first().map(ToString::to_string).unwrap_or_default();
                self.fault(from.span(), format!("himpunan aturan `{id}` salah: {first}"), format!("rule set `{id}` has faults: {first}"));
                return None;
            }
        };
        if !set.stages.is_empty() || !set.categories.is_empty() {
            self.fault(
                from.span(),
                "`from` harus tahap pertama, dan `categories` ikut dari sana",
                "`from` must be the first stage, and `categories` come from there",
            );
        }
        hashes.push(other.hash);
        set.categories = other.categories;
        set.codes = other.codes;
        set.unsure.extend(other.unsure);
        set.sources.extend(other.sources);
        let stage = other.stages.drain(..).next()?;
        Some(Stage { from: Some(id.clone()), ..stage })
    }

    fn own(&mut self, set: &RuleSet, span: Range<usize>, stage: document::Stage) -> Option<Stage> {
        let (Some(id), Some(title)) = (stage.id, stage.title) else {
            self.fault(span, "tahap perlu `id` dan `title`, atau `from`", "a stage needs `id` and `title`, or `from`");
            return None;
        };
        self.id_is_a_column(&id);
        if set.categories.is_empty() {
            self.fault(id.span(), "tidak ada jenis kebutuhan (`categories`)", "there are no categories (`categories`)");
        }
        let sections = self.sections(&id, stage.sections);
        let pass = self.pass_rules(set, &sections, stage.pass);
        self.every_category_has_a_predicate(set, &id, &pass);
        let fallback = stage.fallback.map(|fallback| self.fallback(set, &sections, fallback));
        let cut = stage.cut.map(|cut| self.cut(&sections, cut));
        if fallback.is_some() && cut.is_none() {
            self.fault(id.span(), "`fallback` tanpa `cut`", "`fallback` without `cut`");
        }
        if fallback.is_some() && !set.stages.is_empty() {
            self.fault(id.span(), "`fallback` hanya pada tahap pertama", "`fallback` in the first stage only");
        }
        let carried = stage.carried.into_iter().map(|carried| self.carried(&sections, carried)).collect::<Vec<_>>();
        if !carried.is_empty() && !set.stages.is_empty() {
            self.fault(id.span(), "`carried` hanya pada tahap pertama", "`carried` in the first stage only");
        }
        let tie_order = self.tie_order(&sections, &stage.tie_order);
        Some(Stage { id: id.into_inner(), title: title.into(), from: None, sections, pass, fallback, tie_order, cut, carried })
    }

    fn sections(&mut self, stage: &Name, sections: Vec<Spanned<document::Section>>) -> Vec<Section> {
        let mut checked: Vec<Section> = Vec::new();
        if sections.is_empty() || sections.len() > 20 {
            self.fault(stage.span(), "tahap perlu 1 sampai 20 subtes", "a stage needs 1 to 20 sections");
        }
        for section in sections {
            let document::Section { id, title, max, weight } = section.into_inner();
            self.id_is_a_column(&id);
            if checked.iter().any(|other| other.id == *id.get_ref()) {
                self.fault(
                    id.span(),
                    format!("subtes `{}` ada dua kali", id.get_ref()),
                    format!("section `{}` is there twice", id.get_ref()),
                );
            }
            if max.get_ref().0 == Score::ZERO {
                self.fault(max.span(), "nilai maksimum tidak boleh 0", "a maximum must be above 0");
            }
            let weight = weight.map(|weight| weight.get_ref().0);
            checked.push(Section { id: id.into_inner(), title: title.into(), max: max.get_ref().0, weight });
        }
        let weights: Vec<Score> = checked.iter().filter_map(|section| section.weight).collect();
        let whole = weights.len() == checked.len() && weights.iter().copied().sum::<Score>() == Score::HUNDRED;
        if !weights.is_empty() && !whole {
            let sum: Score = weights.into_iter().sum();
            self.fault(
                stage.span(),
                format!("bobot subtes harus lengkap dan berjumlah 100, bukan {sum}"),
                format!("the weights of sections must be complete and add up to 100, not {sum}"),
            );
        }
        checked
    }

    fn pass_rules(&mut self, set: &RuleSet, sections: &[Section], rules: Vec<Spanned<document::Pass>>) -> Vec<PassRule> {
        let mut checked: Vec<PassRule> = Vec::new();
        let mut lines: Vec<usize> = Vec::new();
        for rule in rules {
            let span = rule.span();
            let document::Pass { categories, jobs, rule, total, least } = rule.into_inner();
            let categories = self.pass_categories(set, &categories);
            let jobs = self.pass_jobs(jobs);
            let predicate = self.predicate(sections, span.clone(), rule, total, least);
            let rule = PassRule { categories, jobs, predicate };
            if let Some((line, both)) = checked.iter().zip(&lines).find_map(|(other, line)| Some((*line, overlap(set, other, &rule)?))) {
                self.fault(
                    span.clone(),
                    format!("syarat untuk {both} tumpang tindih dengan baris {line}"),
                    format!("the predicate for {both} overlaps with the one of line {line}"),
                );
            }
            lines.push(self.problems.line(&span));
            checked.push(rule);
        }
        checked
    }

    fn pass_categories(&mut self, set: &RuleSet, names: &[Name]) -> Vec<CategoryId> {
        match names {
            [all] if all.get_ref() == "*" => (0..set.categories.len()).map(|place| CategoryId(place as u16)).collect(),
            _ => names.iter().filter_map(|name| self.category(set, name)).collect(),
        }
    }

    fn pass_jobs(&mut self, names: Vec<Name>) -> Vec<String> {
        for name in &names {
            if as_id(name.get_ref()) != *name.get_ref() {
                let id = as_id(name.get_ref());
                self.fault(name.span(), format!("tulis jabatan sebagai `{id}`"), format!("write the job as `{id}`"));
            }
        }
        names.into_iter().map(Spanned::into_inner).collect()
    }

    fn predicate(
        &mut self,
        sections: &[Section],
        span: Range<usize>,
        rule: PassKind,
        total: Option<Spanned<Number>>,
        least: BTreeMap<Name, Number>,
    ) -> Predicate {
        for (name, Number(score)) in &least {
            let max = sections.iter().find(|section| section.id == *name.get_ref()).map(|section| section.max);
            if max.is_some_and(|max| *score > max) {
                self.fault(
                    name.span(),
                    format!("ambang {score} di atas nilai maksimum"),
                    format!("threshold {score} is above the maximum"),
                );
            }
        }
        let highest: Score = sections.iter().map(|section| section.max).sum();
        if let Some(total) = total.as_ref().filter(|total| total.get_ref().0 > highest) {
            self.fault(
                total.span(),
                format!("ambang total {} di atas jumlah nilai maksimum {highest}", total.get_ref().0),
                format!("threshold {} of the total is above the highest total {highest}", total.get_ref().0),
            );
        }
        let least = self.by_section(sections, least);
        let fits = match rule {
            PassKind::Each => total.is_none() && least.len() == sections.len(),
            PassKind::Total => total.is_some(),
            PassKind::Listed => total.is_none() && !least.is_empty(),
            PassKind::None | PassKind::RankOnly => total.is_none() && least.is_empty(),
        };
        if !fits {
            self.fault(
                span,
                "`each` perlu `least` untuk setiap subtes, `total` perlu `total` (dan boleh `least`), `listed` perlu `least`, \
                 `none` dan `rank_only` tanpa keduanya",
                "`each` needs `least` for every section, `total` needs `total` (and may have `least`), `listed` needs `least`, \
                 `none` and `rank_only` have neither",
            );
        }
        match (rule, total) {
            (PassKind::Each, _) => Predicate::Each(least),
            (PassKind::Total, total) => Predicate::Total { total: total.map_or(Score::ZERO, |total| total.get_ref().0), least },
            (PassKind::Listed, _) => Predicate::Listed(least),
            (PassKind::None, _) => Predicate::None,
            (PassKind::RankOnly, _) => Predicate::RankOnly,
        }
    }

    fn every_category_has_a_predicate(&mut self, set: &RuleSet, stage: &Name, pass: &[PassRule]) {
        for (place, id) in set.categories.iter().enumerate() {
            let general = |rule: &PassRule| rule.jobs.is_empty() && rule.categories.contains(&CategoryId(place as u16));
            if !pass.iter().any(general) {
                self.fault(
                    stage.span(),
                    format!("jenis kebutuhan `{id}` belum punya syarat kelulusan"),
                    format!("category `{id}` has no pass predicate"),
                );
            }
        }
    }

    fn fallback(&mut self, set: &RuleSet, sections: &[Section], fallback: Spanned<document::Fallback>) -> Fallback {
        let document::Fallback { first, second, when_closed, slots, pass } = fallback.into_inner();
        Fallback {
            first,
            second,
            pass: self.pass_rules(set, sections, pass),
            when_closed: match when_closed {
                document::WhenClosed::BelowThreshold => WhenClosed::BelowThreshold,
                document::WhenClosed::PassedButOutsideTheCut => WhenClosed::Outside,
            },
            slots: match slots {
                document::FallbackSlots::Reserved => FallbackSlots::Reserved,
                document::FallbackSlots::Left => FallbackSlots::Left,
            },
        }
    }

    fn cut(&mut self, sections: &[Section], cut: document::Cut) -> Cut {
        let span = cut.factor.span();
        if !(1..=100).contains(cut.factor.get_ref()) {
            self.fault(span.clone(), "`factor` harus 1 sampai 100", "`factor` must be 1 to 100");
        }
        if sections.iter().any(|section| section.weight.is_some()) {
            self.fault(span, "tahap dengan bobot subtes tidak dapat punya `cut`", "a stage with weights of sections cannot have a `cut`");
        }
        let boundary_tie = match cut.boundary_tie {
            document::BoundaryTie::AllPass => BoundaryTie::AllPass,
            document::BoundaryTie::NonePasses => BoundaryTie::NonePasses,
        };
        Cut { factor: *cut.factor.get_ref(), boundary_tie }
    }

    fn carried(&mut self, sections: &[Section], carried: Spanned<document::Carried>) -> Carried {
        let span = carried.span();
        let document::Carried { year, max, threshold, when_both } = carried.into_inner();
        let max: Vec<Score> = self.by_section(sections, max).into_iter().map(|(_, max)| max).collect();
        if max.len() != sections.len() || max.contains(&Score::ZERO) {
            self.fault(span, "`max` perlu nilai untuk setiap subtes", "`max` needs a value for every section");
        }
        Carried {
            year,
            max,
            threshold: match threshold {
                document::CarriedThreshold::Current => CarriedThreshold::Current,
                document::CarriedThreshold::Declared => CarriedThreshold::Declared,
            },
            when_both: match when_both {
                document::WhenBoth::Refuse => WhenBoth::Refuse,
                document::WhenBoth::Prior => WhenBoth::Prior,
                document::WhenBoth::Current => WhenBoth::Current,
                document::WhenBoth::Higher => WhenBoth::Higher,
            },
        }
    }

    fn tie_order(&mut self, sections: &[Section], names: &[Name]) -> Vec<usize> {
        let mut order = Vec::new();
        for name in names {
            match sections.iter().position(|section| section.id == *name.get_ref()) {
                Some(place) if order.contains(&place) => {
                    let id = name.get_ref();
                    self.fault(name.span(), format!("subtes `{id}` ada dua kali"), format!("section `{id}` is there twice"));
                }
                Some(place) => order.push(place),
                None => self.no_section(name),
            }
        }
        order
    }
}

/// What two predicates are both for, in words.
fn overlap(set: &RuleSet, one: &PassRule, other: &PassRule) -> Option<String> {
    let category = one.categories.iter().find(|category| other.categories.contains(category))?;
    let category = set.category_name(*category);
    if one.jobs.is_empty() && other.jobs.is_empty() {
        return Some(format!("`{category}`"));
    }
    let job = one.jobs.iter().find(|job| other.jobs.contains(job))?;
    Some(format!("`{category}`, `{job}`"))
}
