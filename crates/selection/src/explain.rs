//! Why somebody stands where they stand: which rule decided, and against whom.

mod ending;
mod stage;

use crate::candidate::{Candidate, Formation};
use crate::outcome::{Outcomes, Place};
use rules::explain::Language;
use rules::rule_set::{RuleSet, Source};

/// Everything a result was computed from, and the result.
#[derive(Clone, Copy)]
pub struct Computed<'a> {
    /// The rule set.
    pub rules: &'a RuleSet,
    /// Formation lines.
    pub formations: &'a [Formation],
    /// People.
    pub candidates: &'a [Candidate],
    /// How they stand.
    pub outcomes: &'a Outcomes,
}

impl Computed<'_> {
    /// Explains one person's rank and status in words; none when there is nobody of that number.
    pub fn explain(&self, number: &str, language: Language) -> Option<String> {
        let person = self.candidates.iter().position(|candidate| &*candidate.number == number)?;
        let mut story = Story { of: *self, person, language, lines: Vec::new() };
        story.tell();
        Some(story.lines.join("\n") + "\n")
    }
}

/// The explanation of one person as it grows.
struct Story<'a> {
    of: Computed<'a>,
    person: usize,
    language: Language,
    lines: Vec<String>,
}

impl<'a> Story<'a> {
    fn tell(&mut self) {
        self.who();
        self.sources();
        let outcome = &self.of.outcomes.of[self.person];
        let stages = match outcome.at {
            Place::Stage(stage) => stage + 1,
            Place::Final => self.of.rules.stages.len(),
        };
        for stage in 0..stages {
            self.stage(stage);
        }
        if outcome.at == Place::Final {
            self.final_order();
        }
        let (indonesian, english) = match outcome.at {
            Place::Final if outcome.undecided => ("menunggu keputusan panitia", "waits for the committee's decision"),
            _ => outcome.status.text(),
        };
        let code = self.of.outcomes.code(self.of.rules, self.person);
        self.say(
            0,
            format!("Status: {} ({indonesian}), kode `{code}`.", outcome.status),
            format!("Status: {} ({english}), code `{code}`.", outcome.status),
        );
    }

    fn say(&mut self, indent: usize, indonesian: impl AsRef<str>, english: impl AsRef<str>) {
        let text = self.language.choose(indonesian.as_ref(), english.as_ref());
        self.lines.push(format!("{}{text}", "  ".repeat(indent)));
    }

    fn who(&mut self) {
        let candidate = self.candidate();
        let formation = self.formation();
        let category = self.of.rules.category_name(candidate.category.unwrap_or(formation.category));
        let job = if formation.job.is_empty() { String::new() } else { format!(", {}", formation.job) };
        let (number, code, slots) = (&candidate.number, &formation.code, formation.slots);
        self.say(
            0,
            format!("Peserta {number}, formasi {code} ({category}{job}), {slots} kebutuhan; aturan {}", self.of.rules.id),
            format!("Participant {number}, formation {code} ({category}{job}), {slots} slots; rules {}", self.of.rules.id),
        );
    }

    /// What the rule set rests on, and with it all that follows.
    fn sources(&mut self) {
        let named = |source: &Source| match source.article.is_empty() {
            true => source.decree.clone(),
            false => format!("{}, {}", source.decree, source.article),
        };
        let sources: Vec<String> = self.of.rules.sources.iter().map(named).collect();
        if !sources.is_empty() {
            let sources = sources.join("; ");
            self.say(0, format!("Dasar aturan: {sources}."), format!("The rules rest on: {sources}."));
        }
    }

    fn candidate(&self) -> &'a Candidate {
        &self.of.candidates[self.person]
    }

    fn formation(&self) -> &'a Formation {
        &self.of.formations[self.candidate().formation as usize]
    }

    fn number(&self, person: usize) -> &'a str {
        &self.of.candidates[person].number
    }

    /// People of the same formation with a rank, best first.
    fn ranked(&self, rank: impl Fn(usize) -> Option<u32>) -> Vec<(u32, usize)> {
        let line = self.candidate().formation;
        let people = self.of.candidates.iter().enumerate().filter(|(_, candidate)| candidate.formation == line);
        let mut ranked: Vec<(u32, usize)> = people.filter_map(|(person, _)| Some((rank(person)?, person))).collect();
        ranked.sort_by_key(|&(rank, person)| (rank, self.number(person)));
        ranked
    }

    /// Compares with the neighbours in a ranking and with whoever stands at the boundary. `passed` are above the boundary; `why` says what
    /// decides between a better and a worse person.
    fn against(&mut self, ranked: &[(u32, usize)], passed: impl Fn(usize) -> bool, why: impl Fn(&Self, usize, usize) -> (String, String)) {
        let Some(mine) = ranked.iter().position(|&(_, person)| person == self.person) else { return };
        let rank = ranked[mine].0;
        let above = ranked[..mine].iter().rev().find(|(other, _)| *other < rank).map(|(_, person)| *person);
        let below = ranked[mine..].iter().find(|(other, _)| *other > rank).map(|(_, person)| *person);
        let equal: Vec<&str> = ranked
            .iter()
            .filter(|(other, person)| *other == rank && *person != self.person)
            .map(|(_, person)| self.number(*person))
            .collect();
        if !equal.is_empty() {
            let equal = equal.iter().take(10).copied().collect::<Vec<_>>().join(", ");
            self.say(1, format!("Sama dalam semua penentu: {equal}."), format!("Equal in everything that decides: {equal}."));
        }
        let (boundary, boundary_words) = if passed(self.person) {
            let first_outside = ranked[mine..].iter().find(|(_, person)| !passed(*person));
            (first_outside.map(|(_, person)| *person), ("Pertama di luar batas", "First outside the boundary"))
        } else {
            let last_inside = ranked[..mine].iter().rev().find(|(_, person)| passed(*person));
            (last_inside.map(|(_, person)| *person), ("Terakhir di dalam batas", "Last inside the boundary"))
        };
        for (other, words) in [
            (above, ("Tepat di atas", "Just above")),
            (below, ("Tepat di bawah", "Just below")),
            (boundary.filter(|person| Some(*person) != above && Some(*person) != below), boundary_words),
        ] {
            let Some(other) = other else { continue };
            // A neighbour may be the one at the boundary too.
            let also = if Some(other) == boundary && words != boundary_words { boundary_words } else { ("", "") };
            let also = [also.0, also.1].map(|words| if words.is_empty() { String::new() } else { format!(" {words}.") });
            let other_is_better = ranked.iter().position(|&(_, person)| person == other).is_some_and(|place| place < mine);
            let (better, worse) = if other_is_better { (other, self.person) } else { (self.person, other) };
            let (indonesian, english) = why(self, better, worse);
            let number = self.number(other);
            self.say(
                1,
                format!("{}: peserta {number}; {indonesian}.{}", words.0, also[0]),
                format!("{}: participant {number}; {english}.{}", words.1, also[1]),
            );
        }
    }
}

/// One of the keys that may decide between a better and a worse person; a value is none where somebody has no such mark.
struct Key {
    indonesian: String,
    english: String,
    better: Option<String>,
    worse: Option<String>,
    differs: bool,
}

/// The first key that differs, in words. A key with an empty value is personal: only its name is told.
fn decided(keys: impl IntoIterator<Item = Key>) -> (String, String) {
    let mut equal = 0;
    for Key { indonesian, english, better, worse, differs } in keys {
        match (better, worse) {
            (Some(better), Some(_)) if differs && better.is_empty() => {
                return (format!("penentu: {indonesian}"), format!("decided by: {english}"));
            }
            (Some(better), Some(worse)) if differs => {
                return (format!("penentu {indonesian}: {better} dan {worse}"), format!("decided by {english}: {better} and {worse}"));
            }
            (Some(_), Some(_)) => equal += 1,
            (None, _) | (_, None) => {
                return (format!("{indonesian} tidak ada pada salah seorang"), format!("one of them has no {english}"));
            }
        }
    }
    (format!("sama dalam {equal} penentu"), format!("equal in {equal} keys"))
}
