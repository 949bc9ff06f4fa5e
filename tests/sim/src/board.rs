//! Live rankings, fed as `crates/server/src/board.rs` feeds them: the same tallies, standings, rankings and reveal policy, without frames and
//! viewers. Beside it stands what a screen may show by plain counting, and the two must be equal.

use crate::model::HallModel;
use crate::plan::HallPlan;
use crate::property::{Checked, Property, broken};
use exam_session::event::{Event, SessionEvent};
use exam_session::record::Record;
use exam_session::session::Session;
use exam_session::sitting::{Sitting, SittingPhase};
use question_bank::key::Choices;
use scoring::ranking::Ranking;
use scoring::reveal::{Reveal, Revealed};
use scoring::scheme::{Tally, tally};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A hall's rows on its board.
pub struct Board {
    plan: Arc<HallPlan>,
    ranking: Ranking<u32>,
    revealed: Vec<Revealed>,
    /// Rows that wait for the end of a freeze.
    frozen: BTreeSet<usize>,
    /// What is shown of each row by plain counting: total, then sections in tie order.
    shown: Vec<Option<Vec<i64>>>,
    oracle: Vec<Oracle>,
    changed: bool,
}

/// What the policy allows, by plain counting.
#[derive(Clone, Default)]
struct Oracle {
    ever: BTreeSet<u16>,
    since_move: usize,
    moved_ms: Option<u64>,
}

impl Board {
    /// Puts a sitting on its board as it stands.
    pub fn new(plan: &Arc<HallPlan>, sitting: &Sitting, model: &HallModel, mono_ms: u64) -> Checked<Board> {
        let people = plan.people.len();
        let mut board = Board {
            plan: Arc::clone(plan),
            ranking: Ranking::new(0),
            revealed: vec![Revealed::default(); people],
            frozen: BTreeSet::new(),
            shown: vec![None; people],
            oracle: vec![Oracle::default(); people],
            changed: true,
        };
        for (index, (_, session)) in sitting.sessions().enumerate() {
            for (position, slot) in (0..).zip(session.slots()).filter(|(_, slot)| !slot.choices.is_empty()) {
                board.revealed[index].answered(plan.reveal, position, slot.choices, 0);
                board.oracle[index].ever.insert(position);
            }
            if let Reveal::EveryAnswered(items) = plan.reveal {
                board.oracle[index].since_move = board.oracle[index].ever.len() % usize::from(items.max(1));
            }
            if !board.oracle[index].ever.is_empty() {
                board.oracle[index].moved_ms = Some(0);
            }
            if board.shown_on_load(sitting, session, mono_ms) {
                board.show(index, session, model)?;
            } else if session.phase().ended() {
                board.frozen.insert(index);
            }
        }
        Ok(board)
    }

    fn shown_on_load(&self, sitting: &Sitting, session: &Session, mono_ms: u64) -> bool {
        let closed = sitting.head().phase == SittingPhase::Closed;
        if self.plan.freeze_ms > 0 && !closed && session.remaining_ms(sitting.head(), mono_ms) < self.plan.freeze_ms {
            return false;
        }
        session.phase().ended() || self.plan.reveal != Reveal::AtEnd
    }

    /// Records are durable: rows move where the policy says so.
    pub fn applied(&mut self, sitting: &Sitting, records: &[Record], model: &HallModel, now_ms: u64) -> Checked {
        let mut moving = BTreeSet::new();
        for event in records.iter().flat_map(|record| &record.events) {
            let Event::Session(id, event) = event else { continue };
            let Some(index) = sitting.index_of(*id).map(|index| index as usize) else { continue };
            match event {
                SessionEvent::Answered { position, choices, .. } => {
                    let moves = self.revealed[index].answered(self.plan.reveal, *position, *choices, now_ms);
                    self.oracle(index, Some((*position, *choices)), moves, now_ms)?;
                    if moves {
                        moving.insert(index);
                    }
                }
                SessionEvent::Started | SessionEvent::Submitted | SessionEvent::Expired | SessionEvent::Terminated { .. } => {
                    moving.insert(index);
                }
                // While the session runs the admitted answer waits for the next move like a changed one.
                SessionEvent::LateAdmitted { .. } if model.sessions[index].ended.is_some() => {
                    moving.insert(index);
                }
                _ => {}
            }
        }
        self.move_rows(sitting, moving, model, now_ms)
    }

    /// Once a second.
    pub fn tick(&mut self, sitting: &Sitting, model: &HallModel, now_ms: u64) -> Checked {
        let mut due = BTreeSet::new();
        for index in 0..self.revealed.len() {
            if self.revealed[index].tick(self.plan.reveal, now_ms) {
                self.oracle(index, None, true, now_ms)?;
                due.insert(index);
            }
        }
        if !due.is_empty() || !self.frozen.is_empty() {
            self.move_rows(sitting, due, model, now_ms)?;
        }
        self.compare()
    }

    /// May the row move, by plain counting?
    fn oracle(&mut self, index: usize, answered: Option<(u16, Choices)>, moves: bool, now_ms: u64) -> Checked {
        let oracle = &mut self.oracle[index];
        if let Some((position, choices)) = answered
            && !choices.is_empty()
            && oracle.ever.insert(position)
        {
            oracle.since_move += 1;
        }
        if answered.is_some() {
            // The first answer starts the interval.
            oracle.moved_ms.get_or_insert(now_ms);
        }
        let (may, must) = match self.plan.reveal {
            Reveal::EveryAnswered(items) => {
                let enough = oracle.since_move >= usize::from(items.max(1));
                (enough, enough)
            }
            Reveal::Interval(every_ms) => (oracle.moved_ms.is_none_or(|moved_ms| now_ms - moved_ms >= every_ms), false),
            Reveal::AtEnd => (false, false),
        };
        if moves && !may || must && !moves {
            let Oracle { since_move, moved_ms, .. } = oracle;
            return broken(
                Property::RevealIsPolicy,
                format!("row {index} moves {moves} at {now_ms} after {since_move} items, last moved {moved_ms:?}, {:?}", self.plan.reveal),
            );
        }
        if moves {
            oracle.since_move = 0;
            oracle.moved_ms = Some(now_ms);
        }
        Ok(())
    }

    fn move_rows(&mut self, sitting: &Sitting, moving: BTreeSet<usize>, model: &HallModel, now_ms: u64) -> Checked {
        let closed = sitting.head().phase == SittingPhase::Closed;
        for index in moving.into_iter().chain(std::mem::take(&mut self.frozen)).collect::<BTreeSet<_>>() {
            let Some((_, session)) = sitting.session_at(index as u32) else { continue };
            let near_end = self.plan.freeze_ms > 0 && session.remaining_ms(sitting.head(), now_ms) < self.plan.freeze_ms;
            if near_end && !closed {
                self.frozen.insert(index);
            } else {
                self.show(index, session, model)?;
            }
        }
        Ok(())
    }

    fn show(&mut self, index: usize, session: &Session, model: &HallModel) -> Checked {
        if session.slots().is_empty() {
            return Ok(());
        }
        let tally = tally(session.paper(), session.slots(), &self.plan.keys);
        check_tally(&self.plan, model, index, &tally)?;
        self.ranking.set(index as u32, self.plan.scheme.standing(&tally));
        self.shown[index] = Some(standing(&self.plan, &model.sessions[index].marks(&self.plan)));
        self.changed = true;
        Ok(())
    }

    /// Every live rank is the one that sorting everything gives.
    pub fn compare(&mut self) -> Checked {
        if !std::mem::take(&mut self.changed) {
            return Ok(());
        }
        let mut sorted: Vec<&Vec<i64>> = self.shown.iter().flatten().collect();
        sorted.sort_by(|a, b| b.cmp(a));
        for (index, shown) in self.shown.iter().enumerate() {
            let expected = shown.as_ref().map(|shown| sorted.partition_point(|other| *other > shown) as u32 + 1);
            let found = self.ranking.rank(index as u32);
            if found != expected {
                return broken(Property::RanksAreSorting, format!("row {index} has rank {found:?}, expected {expected:?}"));
            }
        }
        Ok(())
    }
}

/// Total, then sections in tie order.
pub fn standing(plan: &HallPlan, sections: &[i64]) -> Vec<i64> {
    let mut standing = vec![sections.iter().sum()];
    standing.extend(plan.tie_order.iter().map(|&index| sections[index]));
    standing
}

/// A tally is the sum of what the table says.
pub fn check_tally(plan: &HallPlan, model: &HallModel, index: usize, tally: &Tally) -> Checked {
    let expected = model.sessions[index].marks(plan);
    let found: Vec<i64> = tally.sections.iter().map(|marks| marks.milli()).collect();
    let whole = (tally.total.milli(), usize::from(tally.answered)) == (expected.iter().sum(), model.sessions[index].answered());
    if found != expected || !whole {
        return broken(Property::TalliesAreLookups, format!("session {index} has {found:?}, total {}, expected {expected:?}", tally.total));
    }
    Ok(())
}
