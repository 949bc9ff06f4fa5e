//! The end of somebody's explanation: value, slots, moves.

use super::{Computed, Key, Story, decided};
use crate::compare::{FinalOrder, Finalist, Mark, deciding_place, of_several_formations};
use crate::exact::Exact;
use crate::moves::{leads, reaches};
use crate::outcome::{Group, Place, Value};
use rules::Status;
use rules::explain::tie_key;
use rules::rule_set::{Missing, RuleSet, Selection, TieKey};

impl Story<'_> {
    pub(super) fn final_order(&mut self) {
        let (rules, outcomes) = (self.of.rules, self.of.outcomes);
        let outcome = &outcomes.of[self.person];
        let (Some(selection), Some(value)) = (&rules.selection, outcome.value.as_deref()) else { return };
        self.say(0, "Nilai akhir", "Final value");
        self.value(selection, value);
        if let Some(status) = self.candidate().entries[rules.stages.len()].status() {
            let (indonesian, english) = status.text();
            return self.say(1, format!("Tercatat: {indonesian}."), format!("On record: {english}."));
        }
        let ranked = self.ranked(|person| outcomes.of[person].rank.filter(|_| outcomes.of[person].at == Place::Final));
        let (count, slots) = (ranked.len(), self.formation().slots);
        if let Some(rank) = outcome.rank {
            self.say(1, format!("Peringkat {rank} dari {count}, {slots} kebutuhan."), format!("Rank {rank} of {count}, {slots} slots."));
        }
        let has_slot = |person: usize| outcomes.of[person].status == Status::Selected;
        self.against(&ranked, has_slot, |story, better, worse| {
            let group = |person: usize| outcomes.of[person].group;
            let pool = ranked.iter().map(|&(_, person)| person).filter(|&person| group(person) == group(better)).collect();
            story.decided_finally(selection, better, worse, pool)
        });
        if outcome.undecided && outcome.waits_for.is_none() {
            self.say(
                1,
                "Sama dalam semua penentu di kursi terakhir: panitia memutuskan.",
                "Equal in everything at the last slot: the committee decides.",
            );
        }
        match outcome.status {
            Status::SelectedByMove => self.moved(selection),
            Status::NotSelected => self.not_moved(),
            _ => {}
        }
    }

    fn moved(&mut self, selection: &Selection) {
        let Some(moved) = self.of.outcomes.moves.iter().find(|moved| moved.candidate == self.person) else { return };
        let (step, to) = (&self.of.rules.moves[moved.step], &self.of.formations[moved.to].code);
        self.say(
            1,
            format!("Dipindahkan ke formasi {to} dengan langkah {}: {}.", step.id, step.title.id),
            format!("Moved to formation {to} by step {}: {}.", step.id, step.title.en),
        );
        let Some(other) = moved.before else {
            return self.say(2, "Tidak ada orang lain yang dapat dipindahkan ke sana.", "Nobody else could have been moved there.");
        };
        let (indonesian, english) = self.decided_finally(selection, self.person, other, self.could_come(moved.step, moved.to));
        let number = self.number(other);
        self.say(2, format!("Berikutnya: peserta {number}; {indonesian}."), format!("Next: participant {number}; {english}."));
    }

    /// Why no step helped: only lines that had a vacant slot and could have been reached are told of.
    fn not_moved(&mut self) {
        let Computed { rules, formations, outcomes, .. } = self.of;
        let from = self.formation();
        for (place, step) in rules.moves.iter().enumerate().filter(|(_, step)| step.enabled) {
            for (to, line) in formations.iter().enumerate().filter(|(_, line)| leads(step, line, from)) {
                let filled: Vec<&str> = outcomes
                    .moves
                    .iter()
                    .filter(|moved| (moved.step, moved.to) == (place, to))
                    .map(|moved| self.number(moved.candidate))
                    .collect();
                if filled.is_empty() && outcomes.vacant[to] + outcomes.held[to] == 0 {
                    continue;
                }
                let (id, code) = (&step.id, &line.code);
                let reached = reaches(rules, formations, self.candidate(), outcomes.of[self.person].group, step);
                let why = if reached {
                    self.why_not(place, to, &filled)
                } else {
                    Some(("syarat ambangnya tidak terpenuhi".to_owned(), "its threshold was not reached".to_owned()))
                };
                let Some((indonesian, english)) = why else { continue };
                self.say(
                    1,
                    format!("Tidak dipindahkan dengan langkah {id} ke formasi {code}: {indonesian}."),
                    format!("Not moved by step {id} to formation {code}: {english}."),
                );
            }
        }
    }

    /// Why a step that could have moved the person to a line did not; none where it had no slot for anybody.
    fn why_not(&self, step: usize, to: usize, filled: &[&str]) -> Option<(String, String)> {
        let Computed { formations, outcomes, .. } = self.of;
        let waits_for = outcomes.of[self.person].waits_for;
        let held = self.numbers(|person| person != self.person && outcomes.of[person].waits_for == Some((step, to)));
        if waits_for == Some((step, to)) {
            return Some((
                format!("sama dalam semua penentu dengan peserta {held} di kursi kosong terakhir; kursi ditahan sampai panitia memutuskan"),
                format!("equal in everything to participants {held} at the last vacant slot, which is held until the committee decides"),
            ));
        }
        if let Some((_, elsewhere)) = waits_for.filter(|waits_for| self.turn(*waits_for) < self.turn((step, to))) {
            let code = &formations[elsewhere].code;
            return Some((
                format!("menunggu keputusan panitia tentang kursi formasi {code}"),
                format!("waits for the committee's decision about a slot of formation {code}"),
            ));
        }
        let own = self.numbers(|person| {
            let outcome = &outcomes.of[person];
            outcome.undecided && outcome.waits_for.is_none() && self.of.candidates[person].formation as usize == to
        });
        let filled = filled.join(", ");
        Some(match (filled.is_empty(), held.is_empty()) {
            (false, true) => (
                format!("diisi peserta {filled}, yang peringkatnya lebih baik"),
                format!("filled by participants {filled}, who rank better"),
            ),
            (true, false) => (
                format!("kursi ditahan sampai panitia memutuskan antara peserta {held}, yang peringkatnya lebih baik"),
                format!("held until the committee decides between participants {held}, who rank better"),
            ),
            (false, false) => (
                format!(
                    "diisi peserta {filled}, dan kursi lain ditahan sampai panitia memutuskan antara peserta {held}; semuanya berperingkat \
                     lebih baik"
                ),
                format!(
                    "filled by participants {filled}, and held until the committee decides between participants {held}; all rank better"
                ),
            ),
            (true, true) if !own.is_empty() => (
                format!("kursi ditahan sampai panitia memutuskan antara peserta formasi itu sendiri: {own}"),
                format!("held until the committee decides between that formation's own participants: {own}"),
            ),
            (true, true) => return None,
        })
    }

    /// Numbers of people, in order.
    fn numbers(&self, of: impl Fn(usize) -> bool) -> String {
        let mut numbers: Vec<&str> = (0..self.of.candidates.len()).filter(|&person| of(person)).map(|person| self.number(person)).collect();
        numbers.sort_unstable();
        numbers.join(", ")
    }

    /// When a step comes to a line: steps one after the other, lines by their code.
    fn turn(&self, (step, line): (usize, usize)) -> (usize, &str) {
        (step, &self.of.formations[line].code)
    }

    /// Everybody who had no slot when a step came to a line, and whom it could have moved there.
    fn could_come(&self, step: usize, to: usize) -> Vec<usize> {
        let Computed { rules, formations, candidates, outcomes } = self.of;
        let turn = self.turn((step, to));
        let still_free = |person: &usize| {
            let outcome = &outcomes.of[*person];
            let own_end = outcome.at == Place::Final && matches!(outcome.status, Status::NotSelected | Status::SelectedByMove);
            own_end && outcome.moved.or(outcome.waits_for).is_none_or(|taken| self.turn(taken) >= turn)
        };
        let suits = |person: &usize| {
            let candidate = &candidates[*person];
            leads(&rules.moves[step], &formations[to], &formations[candidate.formation as usize])
                && reaches(rules, formations, candidate, outcomes.of[*person].group, &rules.moves[step])
        };
        (0..candidates.len()).filter(still_free).filter(suits).collect()
    }

    fn value(&mut self, selection: &Selection, value: &Value) {
        let rules = self.of.rules;
        let read = |exact: Exact| exact.read(rules.display);
        for (place, stage) in rules.stages.iter().enumerate() {
            let (raw, adjusted) = (value.raw[place], value.adjusted[place]);
            let (id, raw_read) = (&stage.id, read(raw));
            self.say(
                1,
                format!("{id} pada skala 100: {raw_read} (persis {raw})."),
                format!("{id} on the scale to 100: {raw_read} (exactly {raw})."),
            );
            let granted = rules.adjustments.iter().enumerate();
            let mine = self.candidate().adjustments;
            for (_, adjustment) in granted.filter(|(bit, adjustment)| adjustment.stage == place && mine & (1 << bit) != 0) {
                let title = &adjustment.title;
                self.say(2, format!("Penyesuaian: {}.", title.id), format!("Adjustment: {}.", title.en));
            }
            if adjusted != raw {
                self.say(2, format!("Menjadi {}.", read(adjusted)), format!("Becomes {}.", read(adjusted)));
            }
        }
        let shares: Vec<String> =
            selection.weights.iter().zip(&value.adjusted).map(|(weight, stage)| format!("{weight} % x {}", read(*stage))).collect();
        let (shares, sum, exact) = (shares.join(" + "), read(value.exact), value.exact);
        self.say(1, format!("{shares} = {sum} (persis {exact})."), format!("{shares} = {sum} (exactly {exact})."));
    }

    /// What decides between two people at the end. `pool` are all who are ordered together: the groups of a line are ordered one by one.
    fn decided_finally(&self, selection: &Selection, better: usize, worse: usize, pool: Vec<usize>) -> (String, String) {
        let (rules, outcomes) = (self.of.rules, self.of.outcomes);
        let groups = (outcomes.of[better].group, outcomes.of[worse].group);
        if groups == (Some(Group::First), Some(Group::Second)) && !pool.contains(&worse) {
            let name = |group: Group| group.name(rules).unwrap_or_default();
            let (first, second) = (name(Group::First), name(Group::Second));
            return (format!("{first} sebelum {second}"), format!("{first} comes before {second}"));
        }
        let finalist = |person: usize| {
            let value = outcomes.of[person].value.as_deref()?;
            Some(Finalist { candidate: person, person: &self.of.candidates[person], value })
        };
        let (Some(one), Some(other)) = (finalist(better), finalist(worse)) else { return (String::new(), String::new()) };
        let shown = |value: &Value| Some(format!("{} ({})", value.exact.read(rules.display), value.exact));
        let mut keys = vec![Key {
            indonesian: "nilai akhir".to_owned(),
            english: "the final value".to_owned(),
            better: shown(one.value),
            worse: shown(other.value),
            differs: one.value.compared != other.value.compared,
        }];
        let order = FinalOrder { rules, selection, outcomes };
        // Whoever is equal to both so far and lacks a mark leaves the whole tie to the committee.
        let mut tied: Vec<Finalist<'_>> = pool.into_iter().filter_map(finalist).collect();
        tied.retain(|finalist| finalist.value.compared == one.value.compared);
        let mut committee = false;
        for &key in &selection.tie_order {
            if key == TieKey::Committee {
                keys.push(by_committee(&tied, &one, &other));
                break;
            }
            committee |= selection.missing == Missing::Committee && tied.iter().any(|finalist| order.mark(key, finalist).is_none());
            if committee {
                continue;
            }
            let (of_one, of_other) = (order.mark(key, &one), order.mark(key, &other));
            let (indonesian, english) = tie_key(rules, key);
            let (better, worse) = (words(rules, key, &one, of_one), words(rules, key, &other, of_other));
            keys.push(Key { indonesian, english, better, worse, differs: of_one != of_other });
            tied.retain(|finalist| order.mark(key, finalist) == of_one);
        }
        decided(keys)
    }
}

/// The committee's recorded decision as a key.
fn by_committee(tied: &[Finalist<'_>], one: &Finalist<'_>, other: &Finalist<'_>) -> Key {
    let place = deciding_place(tied);
    let (better, worse) = (place(one.person), place(other.person));
    let (indonesian, english) = match of_several_formations(tied) {
        true => ("keputusan panitia antarformasi yang dicatat", "a recorded decision of the committee across formations"),
        false => ("keputusan panitia yang dicatat", "a recorded decision of the committee"),
    };
    Key {
        indonesian: indonesian.to_owned(),
        english: english.to_owned(),
        better: better.map(|place| place.to_string()),
        worse: worse.map(|place| place.to_string()),
        differs: better != worse,
    }
}

/// A key's mark for people. A birth date is personal: only that it differs is said.
fn words(rules: &RuleSet, key: TieKey, finalist: &Finalist<'_>, mark: Option<Mark>) -> Option<String> {
    let (value, number) = mark?;
    Some(match key {
        TieKey::Stage(stage) if rules.stages[stage].weighted() => value.read(rules.display),
        TieKey::Stage(_) | TieKey::Section(..) | TieKey::Gpa => rules::Score::from_micro(number).to_string(),
        TieKey::BirthDate => String::new(),
        TieKey::Committee => finalist.person.decision?.to_string(),
    })
}
