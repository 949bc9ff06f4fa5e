//! Sittings in this process: the real owner with drawn papers and candidates who answer, on a clock that the caller moves.

use anyhow::{Result, bail};
use exam_session::block::{Block, JournalHead};
use exam_session::command::{
    Actor, Command, GivenAnswer, Order, Preparation, SessionOrder, SittingOrder, TerminalStamp, terminal_command_id,
};
use exam_session::owner::{BATCH_COMMANDS_MAX, Effect, Input, Owner, ReplyTo};
use exam_session::sitting::{Sitting, SittingPolicy};
use exam_session::time::Now;
use question_bank::id::{Id, ItemId, SeatId, SessionId, SittingId, StaffId};
use question_bank::key::Choices;
use question_bank::paper::{Catalogue, ChoiceOrder, Entry, Paper, PaperItem, PaperSection};
use rand::rngs::SmallRng;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt};
use std::sync::Arc;

/// Items of a paper per section; 110 in all, as the demonstration has them.
pub const SECTIONS: [(&str, u16); 3] = [("umum", 40), ("lokal", 30), ("bidang", 40)];
/// Items of the bank for each item of a paper.
const POOL: u16 = 3;
/// Choices of every item.
pub const CHOICES: u8 = 5;
/// Time of the blueprint: 90 minutes.
pub const BASE_MS: u32 = 90 * 60_000;
/// Scheduled start, wall clock: some time in the past.
pub const SCHEDULED_UTC_MS: i64 = 1_780_000_000_000;
/// The registrar and proctor of all halls.
pub const STAFF: StaffId = StaffId::from_bytes([0x5a; 16]);
/// Who is answered when nobody asks.
const NOBODY: ReplyTo = ReplyTo(u64::MAX);

/// A fresh id from seeded randomness.
pub fn fresh<Kind>(rng: &mut SmallRng) -> Id<Kind> {
    Id::from_bytes(bytes(rng))
}

fn bytes(rng: &mut SmallRng) -> [u8; 16] {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// The items all papers are drawn from.
pub struct Bank {
    catalogue: Arc<Catalogue>,
    sections: Arc<[PaperSection]>,
}

impl Bank {
    /// A bank of these items, ascending: [`Bank::items_needed`] of them.
    pub fn new(items: Vec<ItemId>) -> Bank {
        let entries = items.into_iter().map(|item| Entry { item, version: 1, choices: CHOICES, multiple: false }).collect();
        let section = |&(code, items): &(&str, u16)| PaperSection {
            code: code.to_owned(),
            title: code.to_owned(),
            items,
            duration_ms: None,
            linear: false,
        };
        Bank { catalogue: Arc::new(Catalogue { entries }), sections: SECTIONS.iter().map(section).collect() }
    }

    /// How many items a bank has.
    pub fn items_needed() -> u16 {
        SECTIONS.iter().map(|(_, items)| items * POOL).sum()
    }

    /// Draws a paper: items in random order within each section, choices too.
    pub fn paper(&self, rng: &mut SmallRng) -> Arc<Paper> {
        let (mut items, mut first) = (Vec::new(), 0);
        for (_, count) in SECTIONS {
            let mut pool: Vec<u16> = (first..first + count * POOL).collect();
            let (drawn, _) = pool.partial_shuffle(rng, usize::from(count));
            items.extend(drawn.iter().map(|&entry| {
                let mut order: [u8; CHOICES as usize] = std::array::from_fn(|choice| choice as u8);
                order.shuffle(rng);
                PaperItem { entry, order: ChoiceOrder::new(&order).expect("a permutation of five choices") }
            }));
            first += count * POOL;
        }
        Arc::new(Paper { sections: Arc::clone(&self.sections), items: items.into(), catalogue: Arc::clone(&self.catalogue) })
    }
}

/// A bank of invented items.
pub fn invented_bank(rng: &mut SmallRng) -> Bank {
    let mut items: Vec<ItemId> = (0..Bank::items_needed()).map(|_| fresh(rng)).collect();
    items.sort();
    Bank::new(items)
}

/// Everybody starts by themselves, nothing needs approval, nobody is too late.
pub fn policy() -> SittingPolicy {
    SittingPolicy {
        start_together: false,
        scheduled_utc_ms: SCHEDULED_UTC_MS,
        check_in_opens_before_ms: 24 * 3_600_000,
        check_in_closes_before_ms: 0,
        latest_start_after_ms: 24 * 3_600_000,
        hard_close_after_ms: None,
        grace_ms: 2_000,
        outage_automatic_ms: 15 * 60_000,
        grant_approval_above_ms: None,
        terminate_approval: false,
        admit_late_approval: false,
    }
}

/// The instant at `mono_ms` of a sitting's clock.
pub fn at(mono_ms: u64) -> Now {
    Now { utc_ms: SCHEDULED_UTC_MS - 60_000 + mono_ms as i64, mono_ms }
}

/// A sitting with its owner and everybody who sits there.
pub struct Hall {
    /// The real owner.
    pub owner: Owner,
    /// Most commands that are given in at once, and so the size of blocks.
    pub commands_max: usize,
    people: Vec<Person>,
}

struct Person {
    session: SessionId,
    next_seq: u32,
}

impl Hall {
    /// A planned sitting.
    pub fn planned(sitting: SittingId, enrolled: Vec<(SessionId, Arc<Paper>)>) -> Hall {
        let people = enrolled.iter().map(|&(session, _)| Person { session, next_seq: 1 }).collect();
        Hall {
            owner: Owner::new(Sitting::new(sitting, policy(), enrolled), JournalHead::empty(sitting), 0),
            commands_max: BATCH_COMMANDS_MAX,
            people,
        }
    }

    /// An invented sitting of so many sessions.
    pub fn invented(bank: &Bank, sessions: usize, rng: &mut SmallRng) -> Hall {
        let enrolled = (0..sessions).map(|_| (fresh(rng), bank.paper(rng))).collect();
        Hall::planned(fresh(rng), enrolled)
    }

    /// Sessions.
    pub fn people(&self) -> usize {
        self.people.len()
    }

    /// Everything until everybody runs: doors, check-in, sign-in, consent, start. Blocks go to `sink` and count as durable at once.
    pub fn run_up(&mut self, rng: &mut SmallRng, sink: &mut impl FnMut(Block)) -> Result<()> {
        let sitting = self.owner.sitting();
        let preparations = sitting.sessions().map(|(session, state)| Preparation {
            session,
            paper: state.paper().digest(),
            base_ms: BASE_MS,
            extra_ms: 0,
        });
        let open = Order::Sitting(SittingOrder::Open(preparations.collect()));
        self.do_all(at(0), vec![command(rng, at(0), Actor::Staff(STAFF), open)], sink)?;
        let check_in = |rng: &mut SmallRng| SessionOrder::CheckIn {
            seat: fresh::<question_bank::id::kind::Seat>(rng) as SeatId,
            documents: vec!["ktp".to_owned()],
            override_reason: None,
        };
        self.each(at(1_000), rng, sink, |rng, _| (Actor::Staff(STAFF), check_in(rng)))?;
        self.each(at(2_000), rng, sink, |_, _| (Actor::Candidate, SessionOrder::SignIn))?;
        self.each(at(3_000), rng, sink, |_, stamp| (Actor::Candidate, SessionOrder::Consent(stamp)))?;
        let start = Order::Sitting(SittingOrder::Start);
        self.do_all(at(4_000), vec![command(rng, at(4_000), Actor::Staff(STAFF), start)], sink)?;
        self.each(at(5_000), rng, sink, |_, stamp| (Actor::Candidate, SessionOrder::Start(stamp)))
    }

    /// Everybody gives an answer at a position.
    pub fn all_answer(&mut self, position: u16, now: Now, rng: &mut SmallRng, sink: &mut impl FnMut(Block)) -> Result<()> {
        let inputs = (0..self.people.len()).map(|person| self.answer(person, position, now, NOBODY, rng)).collect();
        self.do_all(now, inputs, sink)
    }

    /// Everybody looks at a position.
    pub fn all_view(&mut self, position: u16, now: Now, rng: &mut SmallRng, sink: &mut impl FnMut(Block)) -> Result<()> {
        self.each(now, rng, sink, |_, stamp| (Actor::Candidate, SessionOrder::View(stamp, position)))
    }

    /// Everybody submits, and the sitting is closed.
    pub fn end(&mut self, now: Now, rng: &mut SmallRng, sink: &mut impl FnMut(Block)) -> Result<()> {
        self.each(now, rng, sink, |_, stamp| (Actor::Candidate, SessionOrder::Submit(stamp)))?;
        self.do_all(now, vec![command(rng, now, Actor::Staff(STAFF), Order::Sitting(SittingOrder::Close))], sink)
    }

    /// A random answer of a person to the item at a position.
    pub fn answer(&mut self, person: usize, position: u16, now: Now, reply: ReplyTo, rng: &mut SmallRng) -> Input {
        let session = self.people[person].session;
        let index = person as u32;
        let state = self.owner.sitting().session_at(index).map(|(_, state)| state);
        let item = state.and_then(|state| state.paper().entry(position)).map(|entry| entry.item).expect("the paper has that position");
        let stamp = self.stamp(person);
        let choices = Choices::one(rng.random_range(0..CHOICES));
        let order = SessionOrder::Answer(stamp, GivenAnswer { position, item, choices });
        let id = terminal_command_id(stamp);
        let order = Order::Session(session, order);
        let command = Command { id, at: now, nonce: bytes(rng), actor: Actor::Candidate, approver: None, order };
        Input::Command { command: Box::new(command), reply }
    }

    fn stamp(&mut self, person: usize) -> TerminalStamp {
        let seq = self.people[person].next_seq;
        self.people[person].next_seq += 1;
        TerminalStamp { epoch: 1, seq }
    }

    /// The same of everybody, one command each. Staff and sign-in need no number of the terminal, so theirs is given back.
    fn each(
        &mut self,
        now: Now,
        rng: &mut SmallRng,
        sink: &mut impl FnMut(Block),
        order: impl Fn(&mut SmallRng, TerminalStamp) -> (Actor, SessionOrder),
    ) -> Result<()> {
        let mut inputs = Vec::with_capacity(self.people.len());
        for person in &mut self.people {
            let stamp = TerminalStamp { epoch: 1, seq: person.next_seq };
            let (actor, order) = order(rng, stamp);
            let id = match order.stamp() {
                Some(_) => {
                    person.next_seq += 1;
                    terminal_command_id(stamp)
                }
                None => fresh(rng),
            };
            let order = Order::Session(person.session, order);
            let command = Command { id, at: now, nonce: bytes(rng), actor, approver: None, order };
            inputs.push(Input::Command { command: Box::new(command), reply: NOBODY });
        }
        self.do_all(now, inputs, sink)
    }

    /// Steps until nothing waits; what is refused is a mistake of the bench.
    fn do_all(&mut self, now: Now, inputs: Vec<Input>, sink: &mut impl FnMut(Block)) -> Result<()> {
        let mut inputs = inputs.into_iter().peekable();
        while inputs.peek().is_some() {
            let mut effects = self.owner.step(now, inputs.by_ref().take(self.commands_max));
            while let Some(block) = block_of(effects)? {
                sink(block);
                effects = self.owner.step(now, [Input::Appended]);
            }
        }
        Ok(())
    }
}

/// The block to be stored, if there is one.
fn block_of(effects: Vec<Effect>) -> Result<Option<Block>> {
    let mut next = None;
    for effect in effects {
        match effect {
            Effect::Append(block) => next = Some(block),
            Effect::Answer { answer: Err(refusal), .. } => bail!("refused: {refusal:?}"),
            Effect::Answer { .. } | Effect::Applied { .. } => {}
        }
    }
    Ok(next)
}

fn command(rng: &mut SmallRng, now: Now, actor: Actor, order: Order) -> Input {
    let command = Command { id: fresh(rng), at: now, nonce: bytes(rng), actor, approver: None, order };
    Input::Command { command: Box::new(command), reply: NOBODY }
}
