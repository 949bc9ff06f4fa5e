//! One stage of somebody's explanation.

use super::{Key, Story, decided};
use crate::outcome::{Group, Place};
use crate::value::{Used, used};
use rules::explain::predicate;
use rules::rule_set::{BoundaryTie, Cut, Predicate, Stage};
use rules::{Score, Status};

/// People who are equal in everything across a cut.
struct BoundaryTied {
    rule: BoundaryTie,
    people: Vec<usize>,
    /// How many people of the line go on.
    going_on: usize,
}

impl BoundaryTied {
    fn say(&self, story: &mut Story<'_>) {
        let (tied, going_on) = (self.people.len(), self.going_on);
        let (indonesian, english) = match self.rule {
            BoundaryTie::AllPass => ("semuanya ikut", "all of them go on"),
            BoundaryTie::NonePasses => ("semuanya tidak ikut", "none of them goes on"),
        };
        story.say(
            1,
            format!("Di batas ada {tied} orang yang sama dalam semua penentu; {indonesian}. Yang ikut: {going_on} orang."),
            format!("At the boundary {tied} people are equal in everything that decides; {english}. Going on: {going_on} people."),
        );
    }
}

impl Story<'_> {
    pub(super) fn stage(&mut self, place: usize) {
        let stage = &self.of.rules.stages[place];
        self.say(0, format!("Tahap {}: {}", stage.id, stage.title.id), format!("Stage {}: {}", stage.id, stage.title.en));
        let used = used(self.of.rules, place, self.candidate()).ok().flatten();
        if let Some(used) = used {
            self.scores(stage, used);
        }
        if let Some(status) = self.candidate().entries[place].status() {
            let (indonesian, english) = status.text();
            return self.say(1, format!("Tercatat: {indonesian}."), format!("On record: {english}."));
        }
        let Some(used) = used else {
            return self.say(1, "Tidak ada nilai: tidak hadir.", "There is no score: absent.");
        };
        self.threshold(stage, used);
        self.cut(place, stage);
    }

    fn scores(&mut self, stage: &Stage, used: Used<'_>) {
        let scores: Vec<String> = stage
            .sections
            .iter()
            .zip(used.scores)
            .map(|(section, score)| format!("{} {}", section.id, score.unwrap_or_default()))
            .collect();
        let scores = scores.join(", ");
        let total = if stage.weighted() { String::new() } else { format!(", total {}", used.total()) };
        let (year_id, year_en) = match used.carried {
            Some(carried) => (format!(" (nilai tahun {})", carried.year), format!(" (scores of {})", carried.year)),
            None => (String::new(), String::new()),
        };
        self.say(1, format!("Nilai{year_id}: {scores}{total}."), format!("Scores{year_en}: {scores}{total}."));
    }

    fn threshold(&mut self, stage: &Stage, used: Used<'_>) {
        if used.declared() {
            return self.say(
                1,
                "Ambang tahun asalnya sudah dipenuhi; tidak diuji lagi.",
                "Its own year's threshold was reached; not tested again.",
            );
        }
        let formation = self.formation();
        let category = self.candidate().category.unwrap_or(formation.category);
        let needed = stage.predicate(category, &formation.job);
        let met = used.meets(needed);
        self.needed(stage, used, needed, met);
        if met {
            return;
        }
        if let Some((fallback, looser)) = stage.fallback.as_ref().and_then(|pair| Some((pair, pair.predicate(category, &formation.job)?))) {
            self.say(1, format!("Kelompok {}:", fallback.second), format!("Group {}:", fallback.second));
            self.needed(stage, used, looser, used.meets(looser));
        }
    }

    fn needed(&mut self, stage: &Stage, used: Used<'_>, needed: &Predicate, met: bool) {
        let (indonesian, english) = predicate(stage, needed);
        if met {
            return self.say(1, format!("Syarat: {indonesian}. Terpenuhi."), format!("Needed: {english}. Reached."));
        }
        let sections = needed.least().iter().filter(|(section, least)| used.score(*section) < *least);
        let mut missed: Vec<String> =
            sections.map(|(section, least)| format!("{} {} < {least}", stage.sections[*section].id, used.score(*section))).collect();
        missed.extend(needed.total().filter(|total| used.total() < *total).map(|total| format!("total {} < {total}", used.total())));
        let missed = missed.join(", ");
        self.say(1, format!("Syarat: {indonesian}. Tidak terpenuhi: {missed}."), format!("Needed: {english}. Missed: {missed}."));
    }

    fn cut(&mut self, place: usize, stage: &Stage) {
        let outcomes = self.of.outcomes;
        let ranked = self.ranked(|person| Some(outcomes.stage(person, place).rank).filter(|rank| *rank > 0));
        let Some(&(rank, _)) = ranked.iter().find(|(_, person)| *person == self.person) else { return };
        let (count, slots) = (ranked.len(), self.formation().slots);
        self.say(
            1,
            format!("Peringkat {rank} dari {count} yang memenuhi syarat."),
            format!("Rank {rank} of {count} who reached what is needed."),
        );
        let first = outcomes.first_group[self.candidate().formation as usize];
        let passed = |person: usize| {
            let outcome = &outcomes.of[person];
            outcome.at != Place::Stage(place) || outcome.status == Status::Shortlisted
        };
        if let (Some(cut), None) = (stage.cut, &stage.fallback) {
            let quota = u64::from(cut.factor) * u64::from(slots);
            self.say(
                1,
                format!("Batas: {} x {slots} = {quota} orang.", cut.factor),
                format!("Cut: {} x {slots} = {quota} people.", cut.factor),
            );
        }
        if let (Some(cut), Some(fallback)) = (stage.cut, &stage.fallback) {
            let (one, two, factor) = (&fallback.first, &fallback.second, cut.factor);
            let (indonesian, english) = if first >= slots {
                let quota = u64::from(factor) * u64::from(slots);
                (
                    format!("{one} ada {first}, kebutuhan {slots}: hanya {one}, {quota} orang."),
                    format!("{first} people of {one} for {slots} slots: {one} only, {quota} people."),
                )
            } else {
                let quota = factor * (slots - first);
                (
                    format!("{one} ada {first}, kebutuhan {slots}: semua {one}, lalu {factor} x {} = {quota} orang {two}.", slots - first),
                    format!(
                        "{first} people of {one} for {slots} slots: all of {one}, then {factor} x {} = {quota} of {two}.",
                        slots - first
                    ),
                )
            };
            self.say(1, indonesian, english);
        }
        let tie = stage.cut.and_then(|cut| self.boundary(stage, cut, &ranked, passed));
        if let Some(tie) = &tie {
            tie.say(self);
        }
        self.against(&ranked, passed, |story, better, worse| story.decided_at(place, better, worse));
        let (indonesian, english) = match (passed(self.person), tie.is_some_and(|tie| tie.people.contains(&self.person))) {
            (true, false) => ("Ikut tahap berikutnya.", "Goes on."),
            (true, true) => {
                ("Ikut tahap berikutnya: sama dengan orang terakhir di batas.", "Goes on: equal to the last one at the boundary.")
            }
            (false, false) => ("Di luar batas.", "Outside the cut."),
            (false, true) => ("Di luar batas: sama dengan orang pertama di luarnya.", "Outside the cut: equal to the first one outside."),
        };
        self.say(1, indonesian, english);
    }

    /// The people who are equal in everything across the cut; none where the cut stands between two who differ, or beyond all there are.
    fn boundary(&self, stage: &Stage, cut: Cut, ranked: &[(u32, usize)], passed: impl Fn(usize) -> bool) -> Option<BoundaryTied> {
        let formation = self.candidate().formation as usize;
        let (slots, first) = (self.formation().slots as usize, self.of.outcomes.first_group[formation] as usize);
        let opened = stage.fallback.is_some() && first < slots;
        // Where the second group is opened all of the first go on, and the cut is among the second.
        let (before, quota) = if opened { (first, slots - first) } else { (0, slots) };
        let quota = before.saturating_add(quota.saturating_mul(cut.factor as usize));
        let (last_inside, first_outside) = (ranked.get(quota.checked_sub(1)?)?, ranked.get(quota)?);
        if quota == before || last_inside.0 != first_outside.0 {
            return None;
        }
        let people = ranked.iter().filter(|(rank, _)| rank == &last_inside.0).map(|(_, person)| *person).collect();
        let going_on = ranked.iter().filter(|(_, person)| passed(*person)).count();
        Some(BoundaryTied { rule: cut.boundary_tie, people, going_on })
    }

    /// What decides between two people at a stage.
    fn decided_at(&self, place: usize, better: usize, worse: usize) -> (String, String) {
        let stage = &self.of.rules.stages[place];
        let group = |person: usize| self.of.outcomes.of[person].group;
        if let (Some(Group::First), Some(Group::Second), Some(fallback)) = (group(better), group(worse), &stage.fallback) {
            let (first, second) = (&fallback.first, &fallback.second);
            return (format!("{first} sebelum {second}"), format!("{first} comes before {second}"));
        }
        let used = |person: usize| used(self.of.rules, place, &self.of.candidates[person]).ok().flatten();
        let (Some(one), Some(other)) = (used(better), used(worse)) else { return (String::new(), String::new()) };
        let key = |(indonesian, english): (&str, &str), better: Score, worse: Score| Key {
            indonesian: indonesian.to_owned(),
            english: english.to_owned(),
            better: Some(better.to_string()),
            worse: Some(worse.to_string()),
            differs: better != worse,
        };
        let ties = stage.tie_order.iter().map(|&section| {
            let id = stage.sections[section].id.as_str();
            key((id, id), one.score(section), other.score(section))
        });
        let keys = std::iter::once(key(("total", "the total"), one.total(), other.total())).chain(ties);
        decided(keys)
    }
}
