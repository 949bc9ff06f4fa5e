//! What must hold whatever people, networks, disks and power do: random sequences of commands, appended and lost batches and crashes against
//! an owner, compared with models that are too simple to be wrong.

mod hall;

use exam_session::block::{Block, JournalHead};
use exam_session::command::{
    Actor, Command, GivenAnswer, Order, SessionOrder, SittingOrder, TerminalStamp, terminal_command_id, terminal_stamp,
};
use exam_session::event::{Event, SessionEvent, SittingEvent};
use exam_session::owner::{Effect, Input, Owner, ReplyTo};
use exam_session::record::Record;
use exam_session::refusal::Refusal;
use exam_session::session::Phase;
use exam_session::sitting::{Accepted, Decision, Sitting, SittingPolicy};
use exam_session::time::Now;
use hall::{
    BASE_MS, SCHEDULED_UTC_MS, SITTING, assert_replays, assert_same, item, paper, policy, preparation, read, seat, session, sitting, staff,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{FileFailurePersistence, TestRunner};
use question_bank::id::{CommandId, SessionId};
use question_bank::key::Choices;
use question_bank::paper::Paper;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Seven properties of 750 sequences each.
const SEQUENCES: u32 = 750;
const SESSIONS: u8 = 3;
const GRACE_MS: u64 = 2_000;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: SEQUENCES,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("tests/proptest-regressions/properties.txt"))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_time_is_invented_or_lost(scene in scenes(), acts in sequences()) {
        play(&scene, &acts, |world| {
            for n in 1..=SESSIONS {
                world.check_time(n);
            }
        });
    }

    #[test]
    fn no_answer_counts_after_the_end_and_none_in_time_is_late(scene in scenes(), acts in sequences()) {
        let world = play(&scene, &acts, |_| {});
        for (index, record) in world.records.iter().enumerate() {
            world.check_in_time(&world.records[..index], record);
        }
    }

    #[test]
    fn the_last_accepted_answer_counts(scene in scenes(), acts in sequences()) {
        play(&scene, &acts, World::check_answers);
    }

    #[test]
    fn what_was_accepted_once_is_answered_the_same_for_ever_and_changes_nothing(scene in scenes(), acts in sequences()) {
        let mut world = play(&scene, &acts, World::check_acks);
        world.repeat_everything();
        world.crash(0, false);
        world.repeat_everything();
    }

    #[test]
    fn deciding_changes_nothing_and_the_journal_gives_the_same_hall(scene in scenes(), acts in sequences()) {
        let world = play(&scene, &acts, |world| {
            let before = world.owner.sitting().clone();
            for sent in world.sent.iter().rev().take(5) {
                let draft = world.owner.sitting().draft();
                assert_eq!(draft.decide(&sent.command), draft.decide(&sent.command));
            }
            assert_same(world.owner.sitting(), &before);
        });
        assert_replays(world.planned.clone(), &world.blocks, world.owner.sitting());
    }

    #[test]
    fn a_batch_that_is_lost_never_happened_and_can_be_sent_again(scene in scenes(), acts in sequences()) {
        let mut world = play(&scene, &acts, |_| {});
        world.settle();
        let before = world.owner.sitting().clone();
        let now = world.now();
        let commands: Vec<Command> = world.sent.iter().map(|sent| Command { at: now, ..sent.command.clone() }).collect();
        let first = world.send_all(&commands);
        let lost = world.on_its_way.clone();
        let failed = world.step(Input::NotAppended);
        assert_same(world.owner.sitting(), &before);
        if lost.is_some() {
            assert!(first.is_empty() && failed.iter().all(|answer| *answer == Err(Refusal::Busy)), "{failed:?}");
            assert_eq!(failed.len(), commands.len());
        }
        let second = world.send_all(&commands);
        assert_eq!(&world.on_its_way, &lost, "the same commands make the same block");
        assert_eq!(second, first);
    }

    #[test]
    fn everybody_who_may_run_ends_in_time(scene in scenes(), acts in sequences()) {
        let mut world = play(&scene, &acts, |world| {
            if !world.owner.appending() {
                let head = world.owner.sitting().head();
                let due = world.owner.sitting().sessions().filter_map(|(_, session)| session.deadline(head)).min();
                assert_eq!(world.owner.next_deadline(), due.map(|due_ms| due_ms + GRACE_MS + 1));
                assert!(world.owner.next_deadline().is_none_or(|due_ms| due_ms > world.mono_ms), "somebody is overdue");
            }
        });
        world.ask(PROCTOR, Order::Sitting(SittingOrder::Release { reason: String::new() }));
        world.ask(PROCTOR, Order::Sitting(SittingOrder::Resume { sessions: Vec::new() }));
        world.settle();
        world.mono_ms += 100_000_000;
        world.step(Input::Tick);
        world.settle();
        assert!(world.owner.sitting().sessions().all(|(_, session)| session.phase() != Phase::Running));
        assert_eq!(world.owner.next_deadline(), None);
    }
}

#[test]
fn the_random_sequences_reach_every_event_and_most_refusals() {
    let mut runner = TestRunner::deterministic();
    let strategy = (scenes(), sequences());
    let (mut kinds, mut refusals) = (BTreeMap::<u8, u32>::new(), BTreeSet::new());
    let (mut repeated, mut late_in_flight) = (0, 0);
    for _ in 0..400 {
        let (scene, acts) = strategy.new_tree(&mut runner).expect("a sequence").current();
        let world = play(&scene, &acts, |_| {});
        for event in world.records.iter().flat_map(|record| &record.events) {
            *kinds.entry(exam_session::record::code_of(event)).or_default() += 1;
        }
        for answer in world.sent.iter().filter_map(|sent| sent.answer) {
            match answer {
                Err(refusal) => drop(refusals.insert(refusal.code())),
                Ok(Accepted { position: None, .. }) => repeated += 1,
                Ok(Accepted { late: true, .. }) => late_in_flight += 1,
                Ok(_) => {}
            }
        }
    }
    let every: BTreeSet<u8> = (1..=19).chain(40..=46).collect();
    assert_eq!(kinds.keys().copied().collect::<BTreeSet<u8>>(), every, "{kinds:?}");
    assert!(kinds.values().all(|&count| count >= 5), "{kinds:?}");
    assert!(refusals.len() >= 25, "{refusals:?}");
    assert!(repeated > 100 && late_in_flight > 100, "{repeated} repetitions, {late_in_flight} late answers");
}

const PROCTOR: Actor = Actor::Staff(staff(201));

/// Which paper and which policy.
#[derive(Clone, Debug)]
struct Scene {
    sections: Vec<(u16, Option<u32>, bool)>,
    hard_close_after_ms: Option<u64>,
    start_together: bool,
}

fn scenes() -> impl Strategy<Value = Scene> {
    let sections = prop_oneof![
        Just(vec![(5, None, false)]),
        Just(vec![(3, Some(200_000), false), (2, Some(300_000), false), (1, None, false)]),
        Just(vec![(3, None, true), (3, Some(250_000), false)]),
    ];
    let hard_close = prop_oneof![2 => Just(None), 1 => Just(Some(500_000))];
    (sections, hard_close, any::<bool>()).prop_map(|(sections, hard_close_after_ms, start_together)| Scene {
        sections,
        hard_close_after_ms,
        start_together,
    })
}

/// Something happens so many milliseconds after what happened before.
type Step = (u64, Act);

#[derive(Clone, Debug)]
enum Act {
    Terminal { who: u8, number: Number, order: TerminalOrder },
    SignIn(u8),
    Desk(u8, DeskOrder),
    Proctor(ProctorOrder),
    Repeat(usize),
    Appended,
    NotAppended,
    Crash { lag_ms: u64, durable: bool },
}

/// How the number of a terminal's command follows from the one before.
#[derive(Clone, Copy, Debug)]
enum Number {
    Next,
    Skipping(u32),
    Back(u32),
    OfOldEpoch(u32),
}

#[derive(Clone, Copy, Debug)]
enum TerminalOrder {
    Consent,
    Start,
    View(u16),
    Answer(u16, u16),
    Flag(u16, bool),
    Advance(u8),
    Submit,
    Find(u16, u16),
}

#[derive(Clone, Copy, Debug)]
enum DeskOrder {
    Prepare,
    CheckIn(u8),
    NoteAttendance(bool),
}

#[derive(Clone, Debug)]
enum ProctorOrder {
    Start,
    Hold,
    Release,
    Pause(Option<u8>),
    Resume(Option<u8>),
    Grant(Vec<u8>, u32),
    Move(u8, u8),
    Terminate(u8),
    Admit(u8, usize),
    Message,
    Note,
    Close,
}

fn sequences() -> impl Strategy<Value = Vec<Step>> {
    let wait = prop_oneof![6 => 0..50_u64, 5 => 500..9_000_u64, 1 => 30_000..200_000_u64];
    proptest::collection::vec((wait, acts()), 1..80)
}

fn acts() -> impl Strategy<Value = Act> {
    let who = 1..=SESSIONS;
    let terminal = (who.clone(), numbers(), terminal_orders()).prop_map(|(who, number, order)| Act::Terminal { who, number, order });
    let desk =
        prop_oneof![Just(DeskOrder::Prepare), (1..=4_u8).prop_map(DeskOrder::CheckIn), any::<bool>().prop_map(DeskOrder::NoteAttendance),];
    prop_oneof![
        30 => terminal,
        2 => who.clone().prop_map(Act::SignIn),
        2 => (who, desk).prop_map(|(who, order)| Act::Desk(who, order)),
        12 => proctor_orders().prop_map(Act::Proctor),
        4 => any::<usize>().prop_map(Act::Repeat),
        25 => Just(Act::Appended),
        2 => Just(Act::NotAppended),
        1 => (0..1_500_u64, any::<bool>()).prop_map(|(lag_ms, durable)| Act::Crash { lag_ms, durable }),
    ]
}

fn numbers() -> impl Strategy<Value = Number> {
    prop_oneof![
        14 => Just(Number::Next),
        6 => (1..4_u32).prop_map(Number::Skipping),
        6 => (1..4_u32).prop_map(Number::Back),
        3 => (1..30_u32).prop_map(Number::OfOldEpoch),
    ]
}

fn terminal_orders() -> impl Strategy<Value = TerminalOrder> {
    // Positions and choices go a little beyond what there is; a mask may hold several choices where only one is allowed. Most answers are for
    // few positions, so that they meet.
    let positions = || prop_oneof![3 => 0..2_u16, 2 => 0..7_u16];
    let choices = prop_oneof![8 => (0..6_u32).prop_map(|bit| 1 << bit), 1 => Just(0), 2 => 0..64_u16];
    prop_oneof![
        1 => Just(TerminalOrder::Consent),
        2 => Just(TerminalOrder::Start),
        4 => positions().prop_map(TerminalOrder::View),
        20 => (positions(), choices.clone()).prop_map(|(position, mask)| TerminalOrder::Answer(position, mask)),
        4 => (positions(), any::<bool>()).prop_map(|(position, doubtful)| TerminalOrder::Flag(position, doubtful)),
        2 => (0..3_u8).prop_map(TerminalOrder::Advance),
        1 => Just(TerminalOrder::Submit),
        3 => (positions(), choices).prop_map(|(position, mask)| TerminalOrder::Find(position, mask)),
    ]
}

fn proctor_orders() -> impl Strategy<Value = ProctorOrder> {
    let who = 1..=SESSIONS;
    let some_or_all = proptest::option::weighted(0.7, who.clone());
    prop_oneof![
        1 => Just(ProctorOrder::Start),
        2 => Just(ProctorOrder::Hold),
        4 => Just(ProctorOrder::Release),
        4 => some_or_all.clone().prop_map(ProctorOrder::Pause),
        6 => some_or_all.prop_map(ProctorOrder::Resume),
        3 => (proptest::collection::vec(who.clone(), 0..4), 500..400_000_u32).prop_map(|(who, ms)| ProctorOrder::Grant(who, ms)),
        2 => (who.clone(), 1..=6_u8).prop_map(|(who, to)| ProctorOrder::Move(who, to)),
        1 => who.clone().prop_map(ProctorOrder::Terminate),
        4 => (who, any::<usize>()).prop_map(|(who, which)| ProctorOrder::Admit(who, which)),
        1 => Just(ProctorOrder::Message),
        1 => Just(ProctorOrder::Note),
        1 => Just(ProctorOrder::Close),
    ]
}

/// A command on its way through the world, and its answer once there is one. After a crash there may never be one.
struct Sent {
    command: Command,
    answer: Option<Result<Accepted, Refusal>>,
}

struct World {
    planned: Sitting,
    owner: Owner,
    paper: Arc<Paper>,
    blocks: Vec<Block>,
    records: Vec<Record>,
    on_its_way: Option<Block>,
    sent: Vec<Sent>,
    numbers: BTreeMap<(u8, u32), u32>,
    mono_ms: u64,
}

/// Plays a sequence in a hall where two of three are ready and at least one has started; `watch` looks after each step.
fn play(scene: &Scene, acts: &[Step], watch: impl Fn(&World)) -> World {
    let mut world = World::new(scene);
    world.begin();
    for (wait_ms, act) in acts {
        world.mono_ms += wait_ms;
        world.act(act);
        watch(&world);
    }
    world.settle();
    watch(&world);
    world.check_journal();
    world
}

impl World {
    fn new(scene: &Scene) -> Self {
        let paper = paper(&scene.sections);
        let Scene { hard_close_after_ms, start_together, .. } = *scene;
        let planned = sitting(SESSIONS, SittingPolicy { hard_close_after_ms, start_together, ..policy() }, &paper);
        World {
            owner: Owner::new(planned.clone(), JournalHead::empty(SITTING), 0),
            planned,
            paper,
            blocks: Vec::new(),
            records: Vec::new(),
            on_its_way: None,
            sent: Vec::new(),
            numbers: BTreeMap::new(),
            mono_ms: 50_000,
        }
    }

    fn begin(&mut self) {
        let extra = |n| if n == 3 { BASE_MS / 2 } else { 0 };
        let preparations = (1..=SESSIONS).map(|n| preparation(n, &self.paper, extra(n))).collect();
        self.ask(PROCTOR, Order::Sitting(SittingOrder::Open(preparations)));
        for n in 1..SESSIONS {
            self.act(&Act::Desk(n, DeskOrder::CheckIn(n)));
            self.act(&Act::SignIn(n));
            self.settle();
            self.act(&Act::Terminal { who: n, number: Number::Next, order: TerminalOrder::Consent });
        }
        self.act(&Act::Proctor(ProctorOrder::Start));
        self.act(&Act::Terminal { who: 1, number: Number::Next, order: TerminalOrder::Start });
        self.settle();
    }

    fn act(&mut self, act: &Act) {
        match act {
            Act::Terminal { who, number, order } => {
                let stamp = self.stamp(*who, *number);
                let order = terminal_order(stamp, *order);
                self.ask(Actor::Candidate, Order::Session(session(*who), order));
            }
            Act::SignIn(who) => self.ask(Actor::Candidate, Order::Session(session(*who), SessionOrder::SignIn)),
            Act::Desk(who, order) => {
                let order = desk_order(*order, preparation(*who, &self.paper, 0));
                self.ask(PROCTOR, Order::Session(session(*who), order));
            }
            Act::Proctor(order) => {
                let order = self.proctor_order(order);
                self.ask(PROCTOR, Order::Sitting(order));
            }
            Act::Repeat(index) => {
                let command = self.sent[index % self.sent.len()].command.clone();
                self.send(Command { at: self.now(), ..command });
            }
            Act::Appended => drop(self.step(Input::Appended)),
            Act::NotAppended => drop(self.step(Input::NotAppended)),
            Act::Crash { lag_ms, durable } => self.crash(*lag_ms, *durable),
        }
    }

    fn stamp(&mut self, who: u8, number: Number) -> TerminalStamp {
        let epoch = self.owner.sitting().session(session(who)).map_or(0, |session| session.epoch());
        if let Number::OfOldEpoch(seq) = number {
            return TerminalStamp { epoch: epoch.saturating_sub(1), seq };
        }
        let last = self.numbers.entry((who, epoch)).or_default();
        let seq = match number {
            Number::Next | Number::OfOldEpoch(_) => *last + 1,
            Number::Skipping(by) => *last + 1 + by,
            Number::Back(by) => last.saturating_sub(by).max(1),
        };
        *last = seq.max(*last);
        TerminalStamp { epoch, seq }
    }

    fn proctor_order(&self, order: &ProctorOrder) -> SittingOrder {
        let reason = || "gangguan listrik".to_owned();
        let named = |who: &Option<u8>| who.iter().map(|&n| session(n)).collect();
        match order {
            ProctorOrder::Start => SittingOrder::Start,
            ProctorOrder::Hold => SittingOrder::Hold { reason: reason() },
            ProctorOrder::Release => SittingOrder::Release { reason: String::new() },
            ProctorOrder::Pause(who) => SittingOrder::Pause { sessions: named(who), reason: reason() },
            ProctorOrder::Resume(who) => SittingOrder::Resume { sessions: named(who) },
            ProctorOrder::Grant(who, ms) => {
                SittingOrder::GrantTime { sessions: who.iter().map(|&n| session(n)).collect(), ms: *ms, reason: reason() }
            }
            ProctorOrder::Move(who, to) => SittingOrder::Move { session: session(*who), seat: seat(*to), reason: reason() },
            ProctorOrder::Terminate(who) => SittingOrder::Terminate { session: session(*who), reason: reason() },
            ProctorOrder::Admit(who, which) => {
                let evidence = self.owner.sitting().session(session(*who)).map_or(&[][..], |session| session.evidence());
                let position = evidence.get(which % evidence.len().max(1)).map_or(7, |evidence| evidence.journal_position);
                SittingOrder::AdmitLate { session: session(*who), position, reason: reason() }
            }
            ProctorOrder::Message => SittingOrder::Message { sessions: vec![session(1)], text: reason() },
            ProctorOrder::Note => SittingOrder::Note { session: None, text: reason() },
            ProctorOrder::Close => SittingOrder::Close,
        }
    }

    fn now(&self) -> Now {
        // The wall clock jumps about, in and out of the window of check-in; nobody's time may depend on it.
        let jump_ms = (self.mono_ms % 13) as i64 * 400_000;
        Now { utc_ms: SCHEDULED_UTC_MS - 4_200_000 + jump_ms, mono_ms: self.mono_ms }
    }

    fn ask(&mut self, actor: Actor, order: Order) {
        let number = self.sent.len() as u64;
        let id = order.stamp().map_or_else(|| CommandId::derive("test/command", &[&number.to_be_bytes()]), terminal_command_id);
        self.send(Command { id, at: self.now(), nonce: [number as u8; 16], actor, approver: None, order });
    }

    fn send(&mut self, command: Command) {
        let reply = ReplyTo(self.sent.len() as u64);
        self.sent.push(Sent { command: command.clone(), answer: None });
        self.step(Input::Command { command: Box::new(command), reply });
    }

    /// Sends commands in one step; what was answered at once.
    fn send_all(&mut self, commands: &[Command]) -> Vec<Result<Accepted, Refusal>> {
        let mut inputs = Vec::new();
        for command in commands {
            inputs.push(Input::Command { command: Box::new(command.clone()), reply: ReplyTo(self.sent.len() as u64) });
            self.sent.push(Sent { command: command.clone(), answer: None });
        }
        self.step_all(inputs)
    }

    fn step(&mut self, input: Input) -> Vec<Result<Accepted, Refusal>> {
        self.step_all(vec![input])
    }

    /// Steps the owner and looks at its effects: answers that name a position come only after their block is durable, and each once.
    fn step_all(&mut self, inputs: Vec<Input>) -> Vec<Result<Accepted, Refusal>> {
        let appended = inputs.iter().any(|input| matches!(input, Input::Appended));
        let lost = inputs.iter().any(|input| matches!(input, Input::NotAppended));
        let block = if appended || lost { self.on_its_way.take() } else { None };
        let before = lost.then(|| self.owner.sitting().clone());
        if appended {
            self.blocks.extend(block);
        }
        let mut answers = Vec::new();
        for effect in self.owner.step(self.now(), inputs) {
            match effect {
                Effect::Append(block) => {
                    assert!(self.on_its_way.is_none(), "one batch at a time");
                    assert_eq!(block.first_position, self.owner.journal_head().next_position);
                    self.on_its_way = Some(block);
                }
                Effect::Answer { reply, answer } => {
                    if let Ok(Accepted { position: Some(position), .. }) = answer {
                        assert!(appended && position < self.owner.journal_head().next_position, "answered before it was durable");
                    }
                    let sent = &mut self.sent[reply.0 as usize];
                    assert!(sent.answer.replace(answer).is_none(), "answered twice");
                    answers.push(answer);
                }
                Effect::Applied { records, .. } => {
                    assert!(appended);
                    self.records.extend(records);
                }
            }
        }
        if let Some(before) = before {
            assert_same(self.owner.sitting(), &before);
        }
        answers
    }

    /// Appends until nothing is on its way.
    fn settle(&mut self) {
        self.step(Input::Tick);
        while self.owner.appending() {
            self.step(Input::Appended);
        }
        assert_eq!(self.owner.waiting(), 0);
    }

    /// The power fails; what was on its way may have been stored or not. The sitting's clock goes on from the last heartbeat.
    fn crash(&mut self, lag_ms: u64, durable: bool) {
        let block = self.on_its_way.take();
        self.blocks.extend(block.filter(|_| durable));
        self.records = read(&self.blocks);
        let mut state = self.planned.clone();
        self.records.iter().for_each(|record| state.apply(record));
        let last_ms = self.records.last().map_or(0, |record| record.at.mono_ms);
        self.mono_ms = self.mono_ms.saturating_sub(lag_ms).max(last_ms);
        let head = self.blocks.last().map_or(JournalHead::empty(SITTING), JournalHead::after);
        self.owner = Owner::new(state, head, self.mono_ms);
        self.step(Input::Tick);
    }

    /// Positions without gaps, times that never go back, and the records that were shown are those that were stored.
    fn check_journal(&self) {
        let stored = read(&self.blocks);
        assert_eq!(stored, self.records);
        assert!(stored.iter().zip(0..).all(|(record, position)| record.position == position));
        assert!(stored.is_sorted_by_key(|record| record.at.mono_ms));
    }

    fn check_time(&self, n: u8) {
        let (head, now_ms) = (self.owner.sitting().head(), self.mono_ms);
        let session = self.owner.sitting().session(session(n)).expect("enrolled");
        let clock = Clock::read(&self.paper, &self.records, hall::session(n), now_ms);
        assert_eq!(session.allowance_ms(), clock.allowance_ms());
        assert_eq!(session.consumed_ms(now_ms), clock.ran_ms.min(clock.allowance_ms()), "used up is what it ran");
        if session.phase().ended() {
            assert_eq!(session.remaining_ms(head, now_ms), 0);
            return;
        }
        let own_ms = clock.allowance_ms() - session.consumed_ms(now_ms);
        let hall_ms = self.planned.policy().hard_close_after_ms.map_or(u64::MAX, |limit_ms| limit_ms.saturating_sub(clock.hall_ran_ms));
        assert_eq!(session.remaining_ms(head, now_ms), own_ms.min(hall_ms), "used up and remaining are the whole");
        let section_ms = clock.section_over_ms().map(|over_ms| over_ms.saturating_sub(clock.ran_ms).min(own_ms).min(hall_ms));
        assert_eq!(session.section_remaining_ms(head, now_ms), section_ms);
    }

    /// An answer in the journal counts exactly when it arrived within the time and the grace.
    fn check_in_time(&self, before: &[Record], record: &Record) {
        let [Event::Session(id, event)] = &record.events[..] else { return };
        let counted = match event {
            SessionEvent::Answered { .. } => true,
            SessionEvent::AnsweredLate { .. } => false,
            _ => return,
        };
        // A command that was sent several times arrived several times; one of those arrivals made the record, after what was decided before.
        let decided_ms = before.last().map_or(0, |record| record.at.mono_ms);
        let arrived = self.sent.iter().filter(|sent| sent.command.nonce == record.nonce && sent.command.at.mono_ms >= decided_ms);
        let in_time: Vec<bool> = arrived
            .filter(|sent| matches!(sent.command.order, Order::Session(_, SessionOrder::Answer(..))))
            .map(|sent| {
                let clock = Clock::read(&self.paper, before, *id, sent.command.at.mono_ms);
                let hard_close_ms = self.planned.policy().hard_close_after_ms;
                let within = |used_ms: u64, limit_ms: u64| used_ms <= limit_ms + GRACE_MS;
                clock.started
                    && !clock.ended
                    && within(clock.ran_ms, clock.allowance_ms())
                    && clock.section_over_ms().is_none_or(|over_ms| within(clock.ran_ms, over_ms))
                    && hard_close_ms.is_none_or(|limit_ms| within(clock.hall_ran_ms, limit_ms))
            })
            .collect();
        assert!(in_time.is_empty() && !counted || in_time.contains(&counted), "{record:?} {in_time:?}");
    }

    /// Slots hold the last answer of the journal for each position, admitted evidence included; and within an epoch none overtakes a higher number.
    fn check_answers(&self) {
        let mut last: BTreeMap<(SessionId, u16), (Choices, TerminalStamp)> = BTreeMap::new();
        for record in &self.records {
            for event in &record.events {
                let Event::Session(id, event) = event else { continue };
                match event {
                    SessionEvent::Answered { position, choices, .. } => {
                        let stamp = terminal_stamp(record.command);
                        let before = last.insert((*id, *position), (*choices, stamp));
                        let overtaken = before.is_some_and(|(_, before)| before.epoch == stamp.epoch && before.seq > stamp.seq);
                        assert!(!overtaken, "{record:?} overtook a higher number");
                    }
                    SessionEvent::LateAdmitted { position, choices, .. } => {
                        let stamp = last.get(&(*id, *position)).map_or(TerminalStamp { epoch: 0, seq: 0 }, |&(_, stamp)| stamp);
                        last.insert((*id, *position), (*choices, stamp));
                    }
                    _ => {}
                }
            }
        }
        for (id, session) in self.owner.sitting().sessions() {
            let expected = |position: u16| last.get(&(id, position)).map_or(Choices::NONE, |&(choices, _)| choices);
            let slots: Vec<Choices> = session.slots().iter().map(|slot| slot.choices).collect();
            assert_eq!(slots, (0..slots.len() as u16).map(expected).collect::<Vec<_>>());
            assert_eq!(usize::from(session.answered()), slots.iter().filter(|choices| !choices.is_empty()).count());
        }
    }

    /// What a terminal was told is saved stands in the journal, as it was asked for, and what it was told is late stands there as evidence.
    fn check_acks(&self) {
        for Sent { command, answer } in &self.sent {
            let Some(Ok(accepted)) = answer else { continue };
            let mut records = self.records.iter().filter(|record| record.command == command.id && record.actor == command.actor);
            let found = match &command.order {
                Order::Session(id, SessionOrder::Answer(_, given) | SessionOrder::LateAnswer(_, given, _)) => records.any(|record| {
                    record.events.iter().any(|event| match event {
                        Event::Session(of, SessionEvent::Answered { position, choices, .. }) => {
                            of == id && !accepted.late && (*position, *choices) == (given.position, given.choices)
                        }
                        Event::Session(of, SessionEvent::AnsweredLate { position, choices, .. }) => {
                            of == id && accepted.late && (*position, *choices) == (given.position, given.choices)
                        }
                        _ => false,
                    })
                }),
                Order::Session(id, SessionOrder::Submit(_)) => {
                    records.any(|record| record.events.contains(&Event::Session(*id, SessionEvent::Submitted)))
                }
                Order::Session(id, SessionOrder::Prepare(_)) => self.owner.sitting().session(*id).is_some_and(|session| session.prepared()),
                Order::Session(..) | Order::Sitting(_) => records.next().is_some(),
            };
            assert!(found, "{command:?} was answered {accepted:?}");
            assert!(accepted.position.is_none_or(|position| self.records[position as usize].command == command.id));
        }
    }

    /// Sends again all that was ever accepted: the same answer, no record, no change.
    fn repeat_everything(&mut self) {
        let before = (self.owner.sitting().clone(), self.owner.journal_head());
        let accepted: Vec<(Command, bool)> = self
            .sent
            .iter()
            .filter_map(|sent| match sent.answer {
                Some(Ok(accepted)) => Some((sent.command.clone(), accepted.late)),
                _ => None,
            })
            .collect();
        for (command, late) in accepted {
            let again = Command { at: self.now(), ..command };
            let decided = self.owner.sitting().draft().decide(&again);
            assert_eq!(decided, Ok(Decision::Already { late }), "{again:?}");
            let answers = self.send_all(&[again]);
            assert_eq!(answers, [Ok(Accepted { position: None, late, sessions: 0 })]);
        }
        assert_same(self.owner.sitting(), &before.0);
        assert_eq!(self.owner.journal_head(), before.1);
    }
}

fn terminal_order(stamp: TerminalStamp, order: TerminalOrder) -> SessionOrder {
    let given = |position, mask| GivenAnswer { position, item: item(position), choices: Choices::from_mask(mask).unwrap_or_default() };
    match order {
        TerminalOrder::Consent => SessionOrder::Consent(stamp),
        TerminalOrder::Start => SessionOrder::Start(stamp),
        TerminalOrder::View(position) => SessionOrder::View(stamp, position),
        TerminalOrder::Answer(position, mask) => SessionOrder::Answer(stamp, given(position, mask)),
        TerminalOrder::Flag(position, doubtful) => SessionOrder::Flag(stamp, position, doubtful),
        TerminalOrder::Advance(section) => SessionOrder::Advance(stamp, section),
        TerminalOrder::Submit => SessionOrder::Submit(stamp),
        TerminalOrder::Find(position, mask) => SessionOrder::LateAnswer(stamp, given(position, mask), 1_234),
    }
}

fn desk_order(order: DeskOrder, preparation: exam_session::command::Preparation) -> SessionOrder {
    match order {
        DeskOrder::Prepare => SessionOrder::Prepare(preparation),
        DeskOrder::CheckIn(at) => SessionOrder::CheckIn { seat: seat(at), documents: vec!["KTP".to_owned()], override_reason: None },
        DeskOrder::NoteAttendance(refused) => SessionOrder::NoteAttendance { refused, reason: "tanpa KTP".to_owned() },
    }
}

/// The time of one session as a reader of the journal with a stopwatch would count it.
struct Clock<'a> {
    paper: &'a Paper,
    started: bool,
    ended: bool,
    paused: bool,
    held: bool,
    hall_runs: bool,
    base_ms: u64,
    own_ms: u64,
    granted_ms: u64,
    ran_ms: u64,
    hall_ran_ms: u64,
    section: usize,
    section_began_ms: u64,
    section_granted_ms: u64,
}

impl Clock<'_> {
    /// Reads the journal up to an instant.
    fn read<'a>(paper: &'a Paper, records: &[Record], id: SessionId, until_ms: u64) -> Clock<'a> {
        let mut clock = Clock {
            paper,
            started: false,
            ended: false,
            paused: false,
            held: false,
            hall_runs: false,
            base_ms: 0,
            own_ms: 0,
            granted_ms: 0,
            ran_ms: 0,
            hall_ran_ms: 0,
            section: 0,
            section_began_ms: 0,
            section_granted_ms: 0,
        };
        let mut since_ms = 0;
        for record in records {
            let at_ms = record.at.mono_ms.min(until_ms);
            clock.pass(at_ms - since_ms);
            since_ms = at_ms;
            for event in &record.events {
                match event {
                    Event::Session(of, event) if *of == id => clock.happens(event),
                    Event::Session(..) => {}
                    Event::Sitting(event) => clock.hall_happens(event),
                }
            }
        }
        clock.pass(until_ms - since_ms);
        clock
    }

    fn pass(&mut self, ms: u64) {
        if self.started && !self.ended && !self.paused && !self.held {
            self.ran_ms += ms;
        }
        if self.hall_runs && !self.held {
            self.hall_ran_ms += ms;
        }
    }

    fn happens(&mut self, event: &SessionEvent) {
        match event {
            SessionEvent::Prepared { base_ms, extra_ms, .. } => {
                self.base_ms = u64::from(*base_ms);
                self.own_ms = u64::from(*base_ms) + u64::from(*extra_ms);
            }
            SessionEvent::Started => self.started = true,
            SessionEvent::Paused { .. } => self.paused = true,
            SessionEvent::Resumed => self.paused = false,
            SessionEvent::TimeGranted { ms, .. } => {
                self.granted_ms += u64::from(*ms);
                self.section_granted_ms += u64::from(*ms);
            }
            SessionEvent::SectionClosed { section, by_time } => {
                assert_eq!(usize::from(*section), self.section, "sections are left in order");
                let over_ms = self.section_over_ms();
                assert!(!by_time || over_ms.is_some_and(|over_ms| over_ms <= self.ran_ms), "its time was not over");
                self.section_began_ms = over_ms.map_or(self.ran_ms, |over_ms| over_ms.min(self.ran_ms));
                self.section_granted_ms = 0;
                self.section += 1;
            }
            SessionEvent::Submitted | SessionEvent::Expired | SessionEvent::Terminated { .. } => self.ended = true,
            SessionEvent::CheckedIn { .. }
            | SessionEvent::AttendanceNoted { .. }
            | SessionEvent::SignedIn { .. }
            | SessionEvent::Consented
            | SessionEvent::Viewed { .. }
            | SessionEvent::Answered { .. }
            | SessionEvent::Flagged { .. }
            | SessionEvent::Moved { .. }
            | SessionEvent::AnsweredLate { .. }
            | SessionEvent::LateAdmitted { .. } => {}
        }
    }

    fn hall_happens(&mut self, event: &SittingEvent) {
        match event {
            SittingEvent::Started => self.hall_runs = true,
            SittingEvent::Closed => self.hall_runs = false,
            SittingEvent::Held { .. } => self.held = true,
            SittingEvent::Released { .. } => self.held = false,
            SittingEvent::Opened | SittingEvent::MessageSent { .. } | SittingEvent::Noted { .. } => {}
        }
    }

    fn allowance_ms(&self) -> u64 {
        self.own_ms + self.granted_ms
    }

    /// Running time at which the current section is over, when it has its own.
    fn section_over_ms(&self) -> Option<u64> {
        let section_ms = u64::from(self.paper.sections.get(self.section)?.duration_ms?);
        Some(self.section_began_ms + section_ms * self.own_ms / self.base_ms + self.section_granted_ms)
    }
}
