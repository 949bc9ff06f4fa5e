//! The last look: a restart, then everything that people were told against everything that is on the disk.

use crate::board::{check_tally, standing};
use crate::page::{Line, Shown};
use crate::property::{Checked, Property, broken};
use crate::world::World;
use exam_session::command::TerminalStamp;
use exam_session::session::Phase;
use question_bank::key::Choices;
use scoring::ranking::Ranking;
use scoring::scheme::tally;
use std::collections::HashMap;

impl World {
    /// What must be true when all halls are closed.
    pub fn finish(&mut self) -> Checked {
        for hall in 0..self.halls.len() {
            let Some(rim) = self.halls[hall].take() else { continue };
            let mono_ms = self.instant(&rim).mono_ms;
            self.crashed[hall] = Some((rim.owner, mono_ms));
        }
        self.crashes += 1;
        self.restart()?;
        for hall in 0..self.halls.len() {
            for session in 0..self.halls_plan[hall].people.len() {
                self.check_diary(hall, session)?;
            }
            self.check_results(hall)?;
        }
        Ok(())
    }

    /// What was shown as saved is in the journal exactly once and counts; what is in the journal was asked for.
    fn check_diary(&self, hall: usize, session: usize) -> Checked {
        let machines = self.machines.iter().filter(|machine| (machine.hall, machine.session) == (hall, session));
        let diary: Vec<&Line> = machines.flat_map(|machine| &machine.page.diary).collect();
        let model = &self.models[hall].sessions[session];
        let mut stored: HashMap<TerminalStamp, (u16, Choices)> = HashMap::new();
        for answer in &model.answers {
            let Some(stamp) = answer.stamp else { continue };
            if stored.insert(stamp, (answer.position, answer.choices)).is_some() {
                return broken(Property::NothingDoubled, format!("answer {stamp:?} of session {session} of hall {hall} is stored twice"));
            }
        }
        let late: HashMap<TerminalStamp, (u16, Choices)> =
            model.evidence.iter().map(|piece| (piece.stamp, (piece.position, piece.choices))).collect();
        for line in &diary {
            let found = match line.shown {
                Shown::Saved => stored.get(&line.stamp),
                Shown::Late => late.get(&line.stamp),
                Shown::Unknown | Shown::Refused => continue,
            };
            if found != Some(&(line.given.position, line.given.choices)) {
                return broken(
                    Property::AcknowledgedIsDurable,
                    format!("session {session} of hall {hall} was told {line:?}, stored is {found:?}"),
                );
            }
        }
        let asked: std::collections::HashSet<(TerminalStamp, u16, Choices)> =
            diary.iter().map(|line| (line.stamp, line.given.position, line.given.choices)).collect();
        if let Some((stamp, _)) =
            stored.iter().chain(&late).find(|(stamp, (position, choices))| !asked.contains(&(**stamp, *position, *choices)))
        {
            return broken(Property::RulesHold, format!("answer {stamp:?} of session {session} of hall {hall} was never given"));
        }
        self.check_last(hall, session, &diary, &stored)
    }

    /// The newest answer that was shown as saved counts, or one that is newer still.
    fn check_last(&self, hall: usize, session: usize, diary: &[&Line], stored: &HashMap<TerminalStamp, (u16, Choices)>) -> Checked {
        let model = &self.models[hall].sessions[session];
        let order = |line: &&&Line| (line.stamp.epoch, line.stamp.seq);
        let positions: std::collections::BTreeSet<u16> = diary.iter().map(|line| line.given.position).collect();
        let Some((_, state)) = self.halls[hall].as_ref().and_then(|rim| rim.owner.sitting().session_at(session as u32)) else {
            return Ok(());
        };
        for position in positions {
            let of = |line: &&&Line| line.given.position == position;
            let saved = diary.iter().filter(of).filter(|line| line.shown == Shown::Saved).max_by_key(order);
            let Some(saved) = saved else { continue };
            let found = state.slots().get(usize::from(position)).map(|slot| slot.choices).unwrap_or_default();
            let newer = diary.iter().filter(of).filter(|line| order(line) > order(&saved) && stored.contains_key(&line.stamp));
            let admitted =
                model.answers.iter().any(|answer| answer.stamp.is_none() && (answer.position, answer.choices) == (position, found));
            if found != saved.given.choices && !newer.into_iter().any(|line| line.given.choices == found) && !admitted {
                return broken(
                    Property::LastAnswerCounts,
                    format!("position {position} of session {session} of hall {hall} is {found:?}, last saved was {saved:?}"),
                );
            }
        }
        Ok(())
    }

    /// The marks and ranks at the end are what sorting everything by the table gives.
    fn check_results(&self, hall: usize) -> Checked {
        let (plan, model) = (&self.halls_plan[hall], &self.models[hall]);
        let Some(rim) = &self.halls[hall] else { return Ok(()) };
        let mut ranking = Ranking::new(0);
        for (index, (_, session)) in (0..).zip(rim.owner.sitting().sessions()) {
            let expected = &model.sessions[index as usize];
            let found = (!session.slots().is_empty(), session.phase() == Phase::Terminated, session.attendance());
            let wanted = (expected.started(), expected.ended == Some(Phase::Terminated), expected.attendance());
            if found != wanted {
                return broken(
                    Property::RulesHold,
                    format!("candidate {index} of hall {hall} (started, terminated, attendance) is {found:?}, expected {wanted:?}"),
                );
            }
            if expected.started() {
                let tally = tally(session.paper(), session.slots(), &plan.keys);
                check_tally(plan, model, index as usize, &tally)?;
                ranking.set(index, plan.scheme.standing(&tally));
            }
        }
        let standings: Vec<(u32, Vec<i64>)> = (0..)
            .zip(&model.sessions)
            .filter(|(_, session)| session.started())
            .map(|(index, session)| (index, standing(plan, &session.marks(plan))))
            .collect();
        for (index, own) in &standings {
            let expected = standings.iter().filter(|(_, other)| other > own).count() as u32 + 1;
            let rank = ranking.rank(*index);
            if rank != Some(expected) {
                return broken(
                    Property::RanksAreSorting,
                    format!("candidate {index} of hall {hall} is at rank {rank:?}, expected {expected}"),
                );
            }
        }
        Ok(())
    }
}
