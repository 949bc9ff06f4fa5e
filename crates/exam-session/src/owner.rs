//! The owner of a sitting as a pure step: inputs in, effects out. The server gives it a task and a clock, the simulator a fake of both.
//!
//! At most one batch is on its way to the journal. While it is, commands wait; when it is durable, its answers go out in order, and
//! everything that waited becomes the next batch. Under load batches grow by themselves, which is what makes one sync serve many.

use crate::block::{Block, JournalHead};
use crate::command::{Actor, Command, Order, SessionOrder};
use crate::event::{Event, SessionEvent};
use crate::record::Record;
use crate::refusal::Refusal;
use crate::sitting::{Accepted, Changes, Decision, Sitting};
use crate::time::Now;
use question_bank::id::{CommandId, SessionId};
use sabotage::Sabotage;
use std::collections::{BTreeSet, VecDeque};

/// Most commands of one batch.
pub const BATCH_COMMANDS_MAX: usize = 1_000;
/// A batch is closed when its records reach this many bytes.
pub const BATCH_BYTES_MAX: usize = 256 * 1024;
/// Most commands that wait for the next batch; more are refused as busy, not stored.
pub const WAITING_COMMANDS_MAX: usize = 20_000;

/// What enters an owner.
#[derive(Clone, Debug)]
pub enum Input {
    /// Somebody asks; the answer goes to `reply`.
    Command {
        /// What.
        command: Box<Command>,
        /// Whom to answer; chosen by the rim.
        reply: ReplyTo,
    },
    /// The batch on its way is durable.
    Appended,
    /// The batch on its way was not stored (a full disk); nothing of it happened.
    NotAppended,
    /// Time has passed.
    Tick,
}

/// Whom the rim answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReplyTo(pub u64);

/// What the rim has to do.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Make this block durable, then say [`Input::Appended`] or [`Input::NotAppended`].
    Append(Block),
    /// Answer.
    Answer {
        /// Whom.
        reply: ReplyTo,
        /// What.
        answer: Result<Accepted, Refusal>,
    },
    /// These records are durable and applied; indexes of the sessions that changed. For projections, screens and consoles.
    Applied {
        /// In order of position.
        records: Vec<Record>,
        /// Ascending.
        touched: Vec<u32>,
        /// Every session may have changed.
        head_changed: bool,
    },
}

#[derive(Debug)]
struct Waiting {
    command: Box<Command>,
    reply: Option<ReplyTo>,
}

/// A batch on its way to the journal.
#[derive(Debug)]
struct InFlight {
    head: JournalHead,
    changes: Changes,
    records: Vec<Record>,
    answers: Vec<(ReplyTo, Result<Accepted, Refusal>)>,
}

/// A sitting with its journal's head and what waits.
#[derive(Debug)]
pub struct Owner {
    sitting: Sitting,
    head: JournalHead,
    waiting: VecDeque<Waiting>,
    in_flight: Option<InFlight>,
    deadlines: Deadlines,
    /// Somebody from outside may have changed what deadlines follow from.
    deadlines_stale: bool,
    /// Records never go back in time, even where commands arrived in another order than they are decided.
    last_mono_ms: u64,
}

impl Owner {
    /// An owner that goes on where the journal ends.
    pub fn new(mut sitting: Sitting, head: JournalHead, last_mono_ms: u64) -> Self {
        if sabotage::on(Sabotage::RestartClocks) {
            sitting.restart_clocks(last_mono_ms);
        }
        let mut deadlines = Deadlines::default();
        deadlines.refresh_all(&sitting);
        Owner { sitting, head, waiting: VecDeque::new(), in_flight: None, deadlines, deadlines_stale: false, last_mono_ms }
    }

    /// The durable state.
    pub fn sitting(&self) -> &Sitting {
        &self.sitting
    }

    /// The durable state, for enlisting sessions and changing the policy. Step the owner afterwards: deadlines may have moved.
    pub fn sitting_mut(&mut self) -> &mut Sitting {
        self.deadlines_stale = true;
        &mut self.sitting
    }

    /// End of the durable journal.
    pub fn journal_head(&self) -> JournalHead {
        self.head
    }

    /// Commands that wait for the next batch.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// When the oldest command that waits for a batch arrived.
    pub fn waiting_since(&self) -> Option<Now> {
        self.waiting.front().map(|waiting| waiting.command.at)
    }

    /// A batch is on its way.
    pub fn appending(&self) -> bool {
        self.in_flight.is_some()
    }

    /// When the owner must be woken by [`Input::Tick`] at the latest, on the sitting's clock; while a batch is on its way it waits for that only.
    pub fn next_deadline(&self) -> Option<u64> {
        if self.in_flight.is_some() {
            return None;
        }
        self.deadlines.first().map(|deadline_ms| deadline_ms + self.sitting.policy().grace_ms + 1)
    }

    /// Takes inputs in order and says what to do.
    pub fn step(&mut self, now: Now, inputs: impl IntoIterator<Item = Input>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for input in inputs {
            match input {
                Input::Command { command, reply } => self.wait(command, reply, &mut effects),
                Input::Appended => self.appended(&mut effects),
                Input::NotAppended => self.not_appended(&mut effects),
                Input::Tick => {}
            }
        }
        if std::mem::take(&mut self.deadlines_stale) {
            self.deadlines.refresh_all(&self.sitting);
        }
        if self.in_flight.is_none() {
            self.expire(now);
            self.next_batch(now, &mut effects);
        }
        effects
    }

    fn wait(&mut self, command: Box<Command>, reply: ReplyTo, effects: &mut Vec<Effect>) {
        if self.waiting.len() >= WAITING_COMMANDS_MAX {
            effects.push(Effect::Answer { reply, answer: Err(Refusal::Busy) });
        } else {
            self.waiting.push_back(Waiting { command, reply: Some(reply) });
        }
    }

    /// Puts the expiry of sessions whose time is over behind what arrived before.
    fn expire(&mut self, now: Now) {
        let grace_ms = self.sitting.policy().grace_ms;
        for index in self.deadlines.due(now.mono_ms.saturating_sub(grace_ms)) {
            let Some((session, _)) = self.sitting.session_at(index) else { continue };
            let command = Box::new(Command {
                id: expiry_id(session, self.head),
                at: now,
                nonce: expiry_nonce(session, self.head),
                actor: Actor::System,
                approver: None,
                order: Order::Session(session, SessionOrder::Expire),
            });
            self.waiting.push_back(Waiting { command, reply: None });
        }
    }

    /// Decides what waits and sends it to the journal. Batches that come to nothing durable are answered at once.
    fn next_batch(&mut self, now: Now, effects: &mut Vec<Effect>) {
        while !self.waiting.is_empty() {
            let (batch, bytes) = self.decide_batch(now);
            if batch.records.is_empty() {
                effects.extend(batch.answers.into_iter().map(|(reply, answer)| Effect::Answer { reply, answer }));
                continue;
            }
            let block = self.head.block(self.sitting.id(), batch.records.len() as u32, bytes);
            let mut batch = InFlight { head: JournalHead::after(&block), ..batch };
            if sabotage::on(Sabotage::AckBeforeCommit) {
                effects.extend(std::mem::take(&mut batch.answers).into_iter().map(|(reply, answer)| Effect::Answer { reply, answer }));
            }
            if sabotage::on(Sabotage::ApplyBeforeAppend) {
                self.sitting.settle(batch.changes.clone());
            }
            self.in_flight = Some(batch);
            effects.push(Effect::Append(block));
            return;
        }
    }

    /// Decides commands in order until the batch is full; with the encoded records.
    fn decide_batch(&mut self, now: Now) -> (InFlight, Vec<u8>) {
        let mut batch = InFlight { head: self.head, changes: Changes::default(), records: Vec::new(), answers: Vec::new() };
        let mut draft = self.sitting.draft();
        let mut bytes = Vec::new();
        for _ in 0..BATCH_COMMANDS_MAX {
            if bytes.len() >= BATCH_BYTES_MAX {
                break;
            }
            let Some(Waiting { command, reply }) = self.waiting.pop_front() else { break };
            let answer = match draft.decide(&command) {
                Err(refusal) => Err(refusal),
                Ok(Decision::Already { late }) => Ok(Accepted { position: None, late, sessions: 0 }),
                Ok(Decision::Events(events)) => {
                    self.last_mono_ms = self.last_mono_ms.max(command.at.mono_ms.min(now.mono_ms));
                    let at = Now { utc_ms: command.at.utc_ms, mono_ms: self.last_mono_ms };
                    let position = self.head.next_position + batch.records.len() as u64;
                    draft.apply(&command, at, position, &events);
                    let record = record_of(*command, at, position, events);
                    let accepted = accepted(&record);
                    record.encode(&mut bytes);
                    batch.records.push(record);
                    Ok(accepted)
                }
            };
            batch.answers.extend(reply.map(|reply| (reply, answer)));
        }
        batch.changes = draft.into_changes();
        (batch, bytes)
    }

    fn appended(&mut self, effects: &mut Vec<Effect>) {
        let Some(InFlight { head, changes, records, answers }) = self.in_flight.take() else { return };
        let touched: Vec<u32> = changes.touched().collect();
        let head_changed = changes.head_changed();
        self.head = head;
        self.sitting.settle(changes);
        if head_changed {
            self.deadlines.refresh_all(&self.sitting);
        } else {
            touched.iter().for_each(|&index| self.deadlines.refresh(&self.sitting, index));
        }
        effects.extend(answers.into_iter().map(|(reply, answer)| Effect::Answer { reply, answer }));
        effects.push(Effect::Applied { records, touched, head_changed });
    }

    fn not_appended(&mut self, effects: &mut Vec<Effect>) {
        let Some(InFlight { answers, .. }) = self.in_flight.take() else { return };
        // Refusals of the batch were decided against changes that did not happen, so they are withdrawn too.
        effects.extend(answers.into_iter().map(|(reply, _)| Effect::Answer { reply, answer: Err(Refusal::Busy) }));
        self.deadlines.refresh_all(&self.sitting);
    }
}

fn accepted(record: &Record) -> Accepted {
    let late = record.events.iter().any(|event| matches!(event, Event::Session(_, SessionEvent::AnsweredLate { .. })));
    // Nearly every record is one answer of one session; only the hall's need counting.
    let sessions = if record.scope.is_some() { 1 } else { sessions_of(&record.events) };
    Accepted { position: Some(record.position), late, sessions }
}

fn sessions_of(events: &[Event]) -> u32 {
    let session = |event: &Event| match event {
        Event::Session(session, _) => Some(*session),
        Event::Sitting(_) => None,
    };
    events.iter().filter_map(session).collect::<BTreeSet<_>>().len() as u32
}

fn record_of(command: Command, at: Now, position: u64, events: Vec<Event>) -> Record {
    let scope = match command.order {
        Order::Session(session, _) => Some(session),
        Order::Sitting(_) => None,
    };
    Record { nonce: command.nonce, position, at, actor: command.actor, approver: command.approver, scope, command: command.id, events }
}

/// The owner's own commands have ids and nonces that follow from the journal, so that the core needs no randomness.
/// An accepted expiry moves the head, so no two accepted ones have the same id.
fn expiry_id(session: SessionId, head: JournalHead) -> CommandId {
    CommandId::derive("saksama/expiry/v1", &[session.as_bytes(), &head.hash.0])
}

fn expiry_nonce(session: SessionId, head: JournalHead) -> [u8; 16] {
    *CommandId::derive("saksama/expiry-nonce/v1", &[session.as_bytes(), &head.hash.0]).as_bytes()
}

/// The sessions' deadlines in order: one timer for the whole sitting.
#[derive(Debug, Default)]
struct Deadlines {
    order: BTreeSet<(u64, u32)>,
    of: Vec<Option<u64>>,
}

impl Deadlines {
    fn first(&self) -> Option<u64> {
        self.order.first().map(|&(deadline_ms, _)| deadline_ms)
    }

    /// Takes out the sessions whose deadline lies before `mono_ms`.
    fn due(&mut self, mono_ms: u64) -> Vec<u32> {
        let mut due = Vec::new();
        while let Some(&(deadline_ms, index)) = self.order.first()
            && deadline_ms < mono_ms
        {
            self.order.pop_first();
            self.of[index as usize] = None;
            due.push(index);
        }
        due
    }

    fn refresh(&mut self, sitting: &Sitting, index: u32) {
        let Some((_, session)) = sitting.session_at(index) else { return };
        if self.of.len() <= index as usize {
            self.of.resize(index as usize + 1, None);
        }
        let next = session.deadline(sitting.head());
        let slot = &mut self.of[index as usize];
        if *slot == next {
            return;
        }
        if let Some(before) = slot.take() {
            self.order.remove(&(before, index));
        }
        if let Some(next) = next {
            self.order.insert((next, index));
            *slot = Some(next);
        }
    }

    fn refresh_all(&mut self, sitting: &Sitting) {
        (0..sitting.sessions().len() as u32).for_each(|index| self.refresh(sitting, index));
    }
}
