//! A run: actors, network, server and disk around the real owners, one event after another.

use crate::board::Board;
use crate::disk::Disk;
use crate::model::{AskedCommand, HallModel};
use crate::page::{ClockWord, Page, Todo, Word};
use crate::plan::{HallPlan, Options, Plan, UTC_MS};
use crate::property::{Checked, Property, Violation, broken};
use crate::queue::Queue;
use crate::rng::Rng;
use crate::trace::Trace;
use exam_session::block::Block;
use exam_session::command::{Actor, Command, Order, SessionOrder, TerminalStamp, terminal_command_id};
use exam_session::owner::Owner;
use exam_session::refusal::Refusal;
use exam_session::session::Session;
use exam_session::sitting::{Accepted, Head, SittingPhase};
use exam_session::time::Now;
use question_bank::id::{CommandId, StaffId};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

/// Once faults have ended, outboxes are empty after this.
pub const ANSWERED_WITHIN_MS: u64 = 150_000;
/// And every hall is closed after this.
pub const CLOSED_WITHIN_MS: u64 = 7_200_000;

/// What happens. The last number of some is the life of the server they belong to: a crash makes them void.
#[derive(Debug)]
pub enum Event {
    /// The owner's task of a hall takes what waits.
    Wake(usize, u64),
    /// The owner of a hall asked to be woken at this time.
    Deadline(usize, u64),
    /// A second of a hall has passed.
    Second(usize, u64),
    /// The journal's commit is over.
    CommitDone(u64),
    /// The journal's word reaches a hall.
    Appended(usize, bool, u64),
    /// The server dies.
    Crash,
    /// It comes back.
    Restart,
    /// The disk fills, or has space again.
    DiskFull(bool),
    /// The wall clock jumps.
    WallJump,
    /// Somebody else reads a hall's journal and wants to write.
    SecondWriter,
    /// And does.
    Intrude(usize, Box<Block>),
    /// A frame reaches the server.
    Up(usize, Up),
    /// A word reaches a page.
    Down(usize, Word),
    /// The server notices that a line is gone.
    ServerHangsUp(usize),
    /// The page notices that its line is gone.
    PageHangsUp(usize),
    /// The server's patience with a machine that hands in evidence is over.
    EvidenceOver(usize),
    /// A machine's line breaks.
    Break(usize),
    /// A machine's line falls silent.
    Partition(usize),
    /// A machine tries to connect.
    Connect(usize),
    /// A page looks after its outbox.
    PageWake(usize),
    /// A page looks after its line, every five seconds.
    Patrol(usize),
    /// A dead machine is switched on again.
    PowerOn(usize),
    /// A request over HTTP reaches the server.
    Request(u64),
    /// Its answer comes back.
    Response(u64, Result<Accepted, Refusal>, u32),
    /// Nothing came back.
    NoResponse(u64),
    /// A candidate does something.
    Think(usize),
    /// A candidate comes to the desk.
    Desk(usize),
    /// A proctor does something.
    Staff(usize),
    /// Faults end.
    Heal,
}

/// A frame on its way to the server.
#[derive(Clone, Debug)]
pub enum Up {
    /// The first one.
    Hello,
    /// A command.
    Order(SessionOrder),
}

/// Whom the owner's task answers.
#[derive(Clone, Copy, Debug)]
pub enum Reply {
    /// A request over HTTP.
    Request(u64),
    /// A terminal's link, if it is still the one.
    Terminal(usize, u32),
    /// A machine that hands in evidence.
    Evidence(usize, u32),
    /// Nobody waits.
    Nobody,
}

/// What enters a hall's task.
#[derive(Debug)]
pub enum Inlet {
    /// Somebody asks.
    Command(Box<Command>, Reply),
    /// A line wants to speak for a session.
    Attach(usize),
    /// A line is gone.
    Detach(usize),
    /// The journal answered.
    Appended(bool),
    /// A deadline has come.
    Tick,
}

/// The rim around one owner, as `crates/server/src/hall/task.rs` has it.
pub struct Hall {
    /// The real thing.
    pub owner: Owner,
    /// The sitting's clock goes on from here.
    pub base_ms: u64,
    /// Since this simulated time.
    pub since_ms: u64,
    /// What waits.
    pub inbox: VecDeque<Inlet>,
    /// Live lines by session.
    pub links: Vec<Option<usize>>,
    /// Whom to answer, and what was asked.
    pub replies: HashMap<u64, (Reply, AskedCommand)>,
    /// Numbers given out.
    pub replies_made: u64,
    /// Live ranking.
    pub board: Board,
    /// A wake is on its way.
    pub waking: bool,
    /// The deadline that is scheduled.
    pub deadline_ms: Option<u64>,
    /// Seconds since it began.
    pub seconds: u64,
    /// The hold that a long outage asks for, until it is durable.
    pub hold: Option<Box<Command>>,
}

/// A line between a machine and the server.
pub struct Conn {
    /// Whose.
    pub machine: usize,
    /// The epoch of the machine's cookie when it was opened.
    pub epoch: u32,
    /// Frames that would arrive later than this are lost.
    pub up_until_ms: u64,
    /// Words that would arrive later than this are lost.
    pub down_until_ms: u64,
    last_up_ms: u64,
    last_down_ms: u64,
    /// The server still listens.
    pub open: bool,
    /// It hands in evidence and nothing else.
    pub evidence: bool,
    /// When the last frame came.
    pub heard_ms: u64,
}

/// A machine with a page.
pub struct Machine {
    /// The hall.
    pub hall: usize,
    /// The session its candidate works on.
    pub session: usize,
    /// Epoch of its cookie, once signed in.
    pub cookie: Option<u32>,
    /// The page.
    pub page: Page,
    /// Its line.
    pub conn: Option<usize>,
    /// Switched on.
    pub on: bool,
    /// Nothing gets to the server before this.
    pub up_blocked_ms: u64,
    /// Nothing gets to the page before this.
    pub down_blocked_ms: u64,
    /// Orders sent lately.
    pub sent: VecDeque<SessionOrder>,
    /// A connection attempt is scheduled.
    pub connecting: bool,
}

/// A person who takes the exam.
pub struct Candidate {
    /// The hall.
    pub hall: usize,
    /// The session.
    pub session: usize,
    /// Where they sit.
    pub machine: usize,
    /// A sign-in is under way.
    pub signing_in: bool,
    /// Checked in at the desk, as far as they know.
    pub checked_in: bool,
}

/// Why somebody asks over HTTP.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// An act of the proctor.
    Act,
    /// A check-in.
    CheckIn(usize),
    /// A sign-in at a machine.
    SignIn(usize, usize),
    /// A move: the candidate goes to a new machine.
    Move(usize),
}

/// A request over HTTP that has no answer yet.
pub struct Request {
    /// Which hall.
    pub hall: usize,
    /// Why.
    pub purpose: Purpose,
    /// Named by its author, and kept when it is sent again.
    pub id: CommandId,
    /// Who.
    pub actor: Actor,
    /// The second person.
    pub approver: Option<StaffId>,
    /// What.
    pub order: Order,
}

/// What a run came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// SHA-256 over every event in order.
    pub trace: [u8; 32],
    /// Events.
    pub events: u64,
    /// Records in the journals.
    pub records: u64,
    /// Answers that pages showed as saved.
    pub saved: u64,
    /// Candidates.
    pub candidates: u64,
    /// Crashes of the server.
    pub crashes: u64,
    /// What did not hold.
    pub violation: Option<Violation>,
}

/// A run.
pub struct World {
    /// What the seed stands for.
    pub plan: Plan,
    /// The halls' plans, shared with models and boards.
    pub halls_plan: Vec<Arc<HallPlan>>,
    /// The run's randomness.
    pub rng: Rng,
    /// Simulated milliseconds.
    pub now_ms: u64,
    /// What will happen.
    pub queue: Queue<Event>,
    /// What survives.
    pub disk: Disk,
    /// The rims; none while the server is down.
    pub halls: Vec<Option<Hall>>,
    /// The owners at the moment of the last crash, and their clocks.
    pub crashed: Vec<Option<(Owner, u64)>>,
    /// The models.
    pub models: Vec<HallModel>,
    /// All machines there ever were.
    pub machines: Vec<Machine>,
    /// All lines there ever were.
    pub conns: Vec<Conn>,
    /// The people.
    pub candidates: Vec<Candidate>,
    /// Requests over HTTP.
    pub requests: BTreeMap<u64, Request>,
    requests_made: u64,
    /// By how much the wall clock is off.
    pub wall_off_ms: i64,
    /// The trace.
    pub trace: Trace,
    /// Faults have ended.
    pub healed: bool,
    /// Which life of the server events belong to.
    pub crashes: u64,
    /// Spare seats used, by hall.
    pub spare: Vec<usize>,
}

/// Runs a seed to its end or to the first thing that does not hold.
pub fn run(options: &Options) -> Report {
    let mut world = World::new(options);
    let outcome = world.play();
    let violation = outcome.err().map(|violation| Violation { at_ms: world.now_ms, ..violation });
    for hall in &world.disk.blocks {
        if let Some((_, block)) = hall.last_key_value() {
            world.trace.digest(&block.hash.0);
        }
    }
    let (events, trace) = world.trace.finish();
    Report {
        trace,
        events,
        records: (0..world.models.len()).map(|hall| world.disk.next_position(hall)).sum(),
        saved: world.machines.iter().flat_map(|machine| &machine.page.diary).filter(|line| line.shown == crate::page::Shown::Saved).count()
            as u64,
        candidates: world.candidates.len() as u64,
        crashes: world.crashes,
        violation,
    }
}

impl World {
    fn new(options: &Options) -> World {
        let mut rng = Rng::new(options.seed);
        let mut plan = Plan::new(options, &mut rng);
        let halls_plan: Vec<Arc<HallPlan>> = plan.halls.drain(..).map(Arc::new).collect();
        let models: Vec<HallModel> = halls_plan.iter().map(HallModel::new).collect();
        let halls = halls_plan.len();
        World {
            plan,
            rng,
            now_ms: 0,
            queue: Queue::default(),
            disk: Disk::new(halls),
            halls: (0..halls).map(|_| None).collect(),
            crashed: (0..halls).map(|_| None).collect(),
            models,
            machines: Vec::new(),
            conns: Vec::new(),
            candidates: Vec::new(),
            requests: BTreeMap::new(),
            requests_made: 0,
            wall_off_ms: 0,
            trace: Trace::new(options.trace),
            healed: false,
            crashes: 0,
            spare: vec![0; halls],
            halls_plan,
        }
    }

    fn play(&mut self) -> Checked {
        self.restart()?;
        self.begin();
        while let Some((at_ms, event)) = self.queue.pop() {
            self.now_ms = at_ms;
            self.happen(event)?;
            if self.healed && self.over()? {
                return self.finish();
            }
        }
        broken(Property::EverythingIsAnswered, "nothing will ever happen again, and the halls are not closed".to_owned())
    }

    /// The first events: everybody's plans for the day, and the first fault of each kind.
    fn begin(&mut self) {
        for hall in 0..self.halls_plan.len() {
            self.queue.push(500, Event::Staff(hall));
            for session in 0..self.halls_plan[hall].people.len() {
                let machine = self.new_machine(hall, session);
                self.candidates.push(Candidate { hall, session, machine, signing_in: false, checked_in: false });
                if let Some(comes_ms) = self.halls_plan[hall].people[session].comes_ms {
                    self.queue.push(comes_ms, Event::Desk(self.candidates.len() - 1));
                }
            }
        }
        let faults = self.plan.faults.clone();
        self.later(faults.crash_after_ms, Event::Crash);
        self.later(faults.full_after_ms, Event::DiskFull(true));
        self.later(faults.wall_jump_after_ms, Event::WallJump);
        self.later(faults.second_writer_after_ms, Event::SecondWriter);
        self.queue.push(self.plan.faults_until_ms, Event::Heal);
    }

    /// Schedules the next fault of a kind, if this seed has it.
    pub fn later(&mut self, after_ms: Option<(u64, u64)>, event: Event) {
        if let Some(after_ms) = after_ms.filter(|_| !self.healed) {
            let at_ms = self.now_ms + self.rng.within(after_ms);
            self.queue.push(at_ms, event);
        }
    }

    /// A new machine for a session, with its own troubles.
    pub fn new_machine(&mut self, hall: usize, session: usize) -> usize {
        let disk = !self.rng.per_mille(self.plan.faults.diskless_per_mille);
        let machine = self.machines.len();
        self.machines.push(Machine {
            hall,
            session,
            cookie: None,
            page: Page::new(disk),
            conn: None,
            on: true,
            up_blocked_ms: 0,
            down_blocked_ms: 0,
            sent: VecDeque::new(),
            connecting: false,
        });
        self.later(self.plan.faults.break_after_ms, Event::Break(machine));
        self.later(self.plan.faults.partition_after_ms, Event::Partition(machine));
        self.queue.push(self.now_ms + self.rng.between(1, 5_000), Event::Patrol(machine));
        machine
    }

    fn happen(&mut self, event: Event) -> Checked {
        self.note(&event);
        match event {
            Event::Wake(_, life)
            | Event::Deadline(_, life)
            | Event::Second(_, life)
            | Event::CommitDone(life)
            | Event::Appended(_, _, life)
                if life != self.crashes =>
            {
                Ok(())
            }
            Event::Wake(hall, _) => self.wake(hall),
            Event::Deadline(hall, _) => self.deadline(hall),
            Event::Second(hall, _) => self.second(hall),
            Event::CommitDone(_) => self.commit_done(),
            Event::Appended(hall, stored, _) => self.enter(hall, Inlet::Appended(stored)),
            Event::Crash => self.crash(),
            Event::Restart => self.restart(),
            Event::DiskFull(full) => self.disk_full(full),
            Event::WallJump => self.wall_jump(),
            Event::SecondWriter => self.second_writer(),
            Event::Intrude(hall, block) => self.intrude(hall, *block),
            Event::Up(conn, up) => self.up(conn, up),
            Event::Down(conn, word) => self.down(conn, word),
            Event::ServerHangsUp(conn) => self.server_hangs_up(conn),
            Event::PageHangsUp(conn) => self.page_hangs_up(conn),
            Event::EvidenceOver(conn) => self.evidence_over(conn),
            Event::Break(machine) => self.line_breaks(machine),
            Event::Partition(machine) => self.partition(machine),
            Event::Connect(machine) => self.connect(machine),
            Event::PageWake(machine) => self.page_wake(machine),
            Event::Patrol(machine) => self.patrol(machine),
            Event::PowerOn(machine) => self.power_on(machine),
            Event::Request(id) => self.request_arrives(id),
            Event::Response(id, answer, epoch) => self.response(id, answer, epoch),
            Event::NoResponse(id) => self.no_response(id),
            Event::Think(candidate) => self.think(candidate),
            Event::Desk(candidate) => self.desk(candidate),
            Event::Staff(hall) => self.staff(hall),
            Event::Heal => self.heal(),
        }
    }

    /// Every event goes into the trace.
    fn note(&mut self, event: &Event) {
        let (what, numbers) = match event {
            Event::Wake(hall, _) => ("wake", [*hall as u64, 0, 0]),
            Event::Deadline(hall, _) => ("deadline", [*hall as u64, 0, 0]),
            Event::Second(hall, _) => ("second", [*hall as u64, 0, 0]),
            Event::CommitDone(_) => ("commit", [0, 0, 0]),
            Event::Appended(hall, stored, _) => ("appended", [*hall as u64, u64::from(*stored), 0]),
            Event::Crash => ("crash", [0, 0, 0]),
            Event::Restart => ("restart", [0, 0, 0]),
            Event::DiskFull(full) => ("diskfull", [u64::from(*full), 0, 0]),
            Event::WallJump => ("walljump", [0, 0, 0]),
            Event::SecondWriter => ("second-w", [0, 0, 0]),
            Event::Intrude(hall, block) => ("intrude", [*hall as u64, block.first_position, 0]),
            Event::Up(conn, up) => {
                let stamp = match up {
                    Up::Hello => TerminalStamp { epoch: 0, seq: 0 },
                    Up::Order(order) => order.stamp().unwrap_or(TerminalStamp { epoch: 0, seq: 0 }),
                };
                ("up", [*conn as u64, u64::from(stamp.epoch), u64::from(stamp.seq)])
            }
            Event::Down(conn, word) => (
                "down",
                match word {
                    Word::Saved(seq) => [*conn as u64, 1, u64::from(*seq)],
                    Word::Late(seq) => [*conn as u64, 2, u64::from(*seq)],
                    Word::Refused(seq, _) => [*conn as u64, 3, u64::from(*seq)],
                    Word::Welcome(welcome) => [*conn as u64, 4, u64::from(welcome.next_seq)],
                    Word::Clock(clock) => [*conn as u64, 5, clock.remaining_ms],
                    Word::Evidence { epoch } => [*conn as u64, 6, u64::from(*epoch)],
                    Word::Ended => [*conn as u64, 7, 0],
                    Word::Close(_) => [*conn as u64, 8, 0],
                },
            ),
            Event::ServerHangsUp(conn) => ("hangup-s", [*conn as u64, 0, 0]),
            Event::PageHangsUp(conn) => ("hangup-p", [*conn as u64, 0, 0]),
            Event::EvidenceOver(conn) => ("ev-over", [*conn as u64, 0, 0]),
            Event::Break(machine) => ("break", [*machine as u64, 0, 0]),
            Event::Partition(machine) => ("silent", [*machine as u64, 0, 0]),
            Event::Connect(machine) => ("connect", [*machine as u64, 0, 0]),
            Event::PageWake(machine) => ("pagewake", [*machine as u64, 0, 0]),
            Event::Patrol(machine) => ("patrol", [*machine as u64, 0, 0]),
            Event::PowerOn(machine) => ("poweron", [*machine as u64, 0, 0]),
            Event::Request(id) => ("request", [*id, 0, 0]),
            Event::Response(id, answer, epoch) => ("response", [*id, u64::from(answer.is_ok()), u64::from(*epoch)]),
            Event::NoResponse(id) => ("noanswer", [*id, 0, 0]),
            Event::Think(candidate) => ("think", [*candidate as u64, 0, 0]),
            Event::Desk(candidate) => ("desk", [*candidate as u64, 0, 0]),
            Event::Staff(hall) => ("staff", [*hall as u64, 0, 0]),
            Event::Heal => ("heal", [0, 0, 0]),
        };
        self.trace.event(self.now_ms, what, numbers, || format!("{event:?}"));
    }

    /// The wall clock.
    pub fn utc_ms(&self) -> i64 {
        UTC_MS + self.now_ms as i64 + self.wall_off_ms
    }

    /// A sitting's instant.
    pub fn instant(&self, hall: &Hall) -> Now {
        Now { utc_ms: self.utc_ms(), mono_ms: hall.base_ms + self.now_ms - hall.since_ms }
    }

    // ---- The network ------------------------------------------------------------------------------------------------------------

    fn delay(&mut self) -> u64 {
        let slow = !self.healed && self.rng.per_mille(self.plan.faults.slow_per_mille);
        self.rng.within(self.plan.faults.delay_ms) * if slow { 100 } else { 1 }
    }

    /// Puts a frame on a machine's line. Frames of a line keep their order; those of different lines do not.
    pub fn send_up(&mut self, conn: usize, up: Up) {
        let delay_ms = self.delay();
        let blocked_ms = self.machines[self.conns[conn].machine].up_blocked_ms;
        let line = &mut self.conns[conn];
        line.last_up_ms = line.last_up_ms.max(self.now_ms.max(blocked_ms) + delay_ms);
        self.queue.push(line.last_up_ms, Event::Up(conn, up));
    }

    /// Puts a word on a line.
    pub fn send_down(&mut self, conn: usize, word: Word) {
        let delay_ms = self.delay();
        let blocked_ms = self.machines[self.conns[conn].machine].down_blocked_ms;
        let line = &mut self.conns[conn];
        line.last_down_ms = line.last_down_ms.max(self.now_ms.max(blocked_ms) + delay_ms);
        self.queue.push(line.last_down_ms, Event::Down(conn, word));
    }

    fn up(&mut self, conn: usize, up: Up) -> Checked {
        let line = &mut self.conns[conn];
        if self.now_ms > line.up_until_ms || !line.open {
            return Ok(());
        }
        line.heard_ms = self.now_ms;
        let (machine, epoch, evidence) = (line.machine, line.epoch, line.evidence);
        let (hall, session) = (self.machines[machine].hall, self.machines[machine].session);
        match up {
            Up::Hello => self.enter(hall, Inlet::Attach(conn)),
            Up::Order(order) if evidence => {
                let Some(stamp) = order.stamp().filter(|_| matches!(order, SessionOrder::LateAnswer(..))) else {
                    self.close(conn, crate::page::Close::Superseded);
                    return Ok(());
                };
                self.queue.push(self.now_ms + 10_000, Event::EvidenceOver(conn));
                if stamp.epoch > epoch {
                    self.send_down(conn, Word::Refused(stamp.seq, Refusal::TerminalSuperseded));
                    return Ok(());
                }
                self.ask_as_candidate(hall, session, order, Reply::Evidence(conn, stamp.seq))
            }
            Up::Order(order) => {
                let Some(stamp) = order.stamp() else { return Ok(()) };
                self.ask_as_candidate(hall, session, order, Reply::Terminal(conn, stamp.seq))
            }
        }
    }

    /// A candidate's order enters the hall, stamped with this instant.
    pub fn ask_as_candidate(&mut self, hall: usize, session: usize, order: SessionOrder, reply: Reply) -> Checked {
        let Some(stamp) = order.stamp() else { return Ok(()) };
        let id = terminal_command_id(stamp);
        let order = Order::Session(self.halls_plan[hall].people[session].session, order);
        self.ask(hall, id, Actor::Candidate, None, order, reply)
    }

    /// A command enters the hall, stamped with this instant.
    pub fn ask(&mut self, hall: usize, id: CommandId, actor: Actor, approver: Option<StaffId>, order: Order, reply: Reply) -> Checked {
        let Some(rim) = &self.halls[hall] else { return Ok(()) };
        let at = self.instant(rim);
        let nonce = self.rng.bytes();
        self.enter(hall, Inlet::Command(Box::new(Command { id, at, nonce, actor, approver, order }), reply))
    }

    /// Closes a line from the server's side.
    pub fn close(&mut self, conn: usize, why: crate::page::Close) {
        self.send_down(conn, Word::Close(why));
        self.conns[conn].open = false;
    }

    fn down(&mut self, conn: usize, word: Word) -> Checked {
        let line = &self.conns[conn];
        if self.now_ms > line.down_until_ms {
            return Ok(());
        }
        let machine = line.machine;
        if !self.machines[machine].on || self.machines[machine].conn != Some(conn) {
            return Ok(());
        }
        let now_ms = self.now_ms;
        let todo = self.machines[machine].page.hear(word, now_ms);
        self.perform(machine, todo);
        self.tend(machine);
        Ok(())
    }

    /// Does what the page asks for.
    pub fn perform(&mut self, machine: usize, todo: Todo) {
        if todo.hang_up {
            self.hang_up(machine);
        }
        if let Some(within_ms) = todo.connect_within_ms
            && !std::mem::replace(&mut self.machines[machine].connecting, true)
        {
            let at_ms = self.now_ms + self.rng.below(within_ms + 1);
            self.queue.push(at_ms, Event::Connect(machine));
        }
        if let Some(wake_ms) = todo.wake_ms {
            self.queue.push(wake_ms.max(self.now_ms + 1), Event::PageWake(machine));
        }
        if let Some(conn) = self.machines[machine].conn {
            for order in todo.send {
                let sent = &mut self.machines[machine].sent;
                sent.push_back(order.clone());
                if sent.len() > 8 {
                    sent.pop_front();
                }
                self.send_up(conn, Up::Order(order));
            }
        }
    }

    /// Sends what the page may send.
    pub fn tend(&mut self, machine: usize) {
        let now_ms = self.now_ms;
        let Machine { hall, session, .. } = self.machines[machine];
        let paper = Arc::clone(&self.halls_plan[hall].people[session].paper);
        let todo = self.machines[machine].page.settle(&paper, now_ms);
        self.perform(machine, todo);
    }

    /// The page lets go of its line: what is on its way to it is lost, what is on its way from it may still arrive.
    pub fn hang_up(&mut self, machine: usize) {
        let Some(conn) = self.machines[machine].conn.take() else { return };
        let late_ms = self.rng.below(500);
        let silent = self.machines[machine].up_blocked_ms > self.now_ms;
        let line = &mut self.conns[conn];
        line.down_until_ms = line.down_until_ms.min(self.now_ms);
        line.up_until_ms = line.up_until_ms.min(self.now_ms + late_ms);
        // Where nothing gets through, the server hears nothing of the end either; its own patience ends after 50 seconds.
        self.queue.push(self.now_ms + if silent { 50_000 } else { late_ms }, Event::ServerHangsUp(conn));
    }

    fn server_hangs_up(&mut self, conn: usize) -> Checked {
        self.conns[conn].open = false;
        let hall = self.machines[self.conns[conn].machine].hall;
        self.enter(hall, Inlet::Detach(conn))
    }

    fn page_hangs_up(&mut self, conn: usize) -> Checked {
        let machine = self.conns[conn].machine;
        if self.machines[machine].conn == Some(conn) && self.machines[machine].on {
            let now_ms = self.now_ms;
            let todo = self.machines[machine].page.hear(Word::Close(crate::page::Close::Broken), now_ms);
            self.perform(machine, todo);
            self.tend(machine);
        }
        Ok(())
    }

    fn evidence_over(&mut self, conn: usize) -> Checked {
        let line = &self.conns[conn];
        if line.open && line.heard_ms + 10_000 <= self.now_ms {
            self.close(conn, crate::page::Close::Superseded);
        }
        Ok(())
    }

    /// Both ends lose the line, each when it notices.
    pub fn cut(&mut self, conn: usize) {
        let (up_ms, down_ms) = (self.rng.below(200), self.rng.below(200));
        let line = &mut self.conns[conn];
        line.up_until_ms = line.up_until_ms.min(self.now_ms + up_ms);
        line.down_until_ms = line.down_until_ms.min(self.now_ms + down_ms);
        self.queue.push(self.now_ms + up_ms, Event::ServerHangsUp(conn));
        // Half of the time the page is told, otherwise it finds out by silence.
        if self.rng.per_mille(500) {
            self.queue.push(self.now_ms + down_ms + 1, Event::PageHangsUp(conn));
        }
    }

    fn line_breaks(&mut self, machine: usize) -> Checked {
        if self.healed {
            return Ok(());
        }
        if let Some(conn) = self.machines[machine].conn {
            self.cut(conn);
        }
        self.later(self.plan.faults.break_after_ms, Event::Break(machine));
        Ok(())
    }

    fn partition(&mut self, machine: usize) -> Checked {
        let Some(bounds) = self.plan.faults.partition_after_ms.filter(|_| !self.healed) else { return Ok(()) };
        let until_ms = (self.now_ms + self.rng.within(bounds)).min(self.plan.faults_until_ms);
        let direction = self.rng.below(3);
        if direction != 1 {
            self.machines[machine].up_blocked_ms = until_ms;
        }
        if direction != 0 {
            self.machines[machine].down_blocked_ms = until_ms;
        }
        self.later(Some(bounds), Event::Partition(machine));
        Ok(())
    }

    fn connect(&mut self, machine: usize) -> Checked {
        self.machines[machine].connecting = false;
        let now_ms = self.now_ms;
        let Some(epoch) = self.machines[machine].cookie.filter(|_| self.machines[machine].on) else { return Ok(()) };
        self.hang_up(machine);
        if self.halls[self.machines[machine].hall].is_none() {
            let todo = self.machines[machine].page.lose(now_ms);
            self.perform(machine, todo);
            return Ok(());
        }
        let conn = self.conns.len();
        self.conns.push(Conn {
            machine,
            epoch,
            up_until_ms: u64::MAX,
            down_until_ms: u64::MAX,
            last_up_ms: 0,
            last_down_ms: 0,
            open: true,
            evidence: false,
            heard_ms: now_ms,
        });
        self.machines[machine].conn = Some(conn);
        self.machines[machine].page.greets(now_ms);
        self.send_up(conn, Up::Hello);
        Ok(())
    }

    fn page_wake(&mut self, machine: usize) -> Checked {
        if self.machines[machine].on {
            self.tend(machine);
        }
        Ok(())
    }

    fn patrol(&mut self, machine: usize) -> Checked {
        let now_ms = self.now_ms;
        self.queue.push(now_ms + 5_000, Event::Patrol(machine));
        if !self.machines[machine].on {
            return Ok(());
        }
        let page = &mut self.machines[machine].page;
        if page.silent(now_ms) {
            let todo = page.lose(now_ms);
            self.perform(machine, todo);
        } else if page.link == crate::page::Link::Off && !page.outbox.is_empty() && self.healed {
            // Somebody presses "try again" where answers are kept on a page that has given up.
            page.link = crate::page::Link::Waiting;
            self.perform(machine, Todo { connect_within_ms: Some(1_000), ..Todo::default() });
        }
        Ok(())
    }

    /// Makes a request over HTTP.
    pub fn request(&mut self, request: Request) {
        self.requests_made += 1;
        let id = self.requests_made;
        self.requests.insert(id, request);
        self.send_request(id);
        // An impatient second click: the same id twice.
        if !self.healed
            && self.rng.per_mille(self.plan.faults.stubborn_per_mille / 4)
            && !matches!(self.requests[&id].purpose, Purpose::SignIn(..))
        {
            self.send_request(id);
        }
        self.queue.push(self.now_ms + 10_000, Event::NoResponse(id));
    }

    fn send_request(&mut self, id: u64) {
        let delay_ms = self.delay();
        self.queue.push(self.now_ms + delay_ms, Event::Request(id));
    }

    fn request_arrives(&mut self, id: u64) -> Checked {
        let Some(request) = self.requests.get(&id) else { return Ok(()) };
        let Request { hall, id: command, actor, approver, ref order, .. } = *request;
        let order = order.clone();
        self.ask(hall, command, actor, approver, order, Reply::Request(id))
    }

    fn no_response(&mut self, id: u64) -> Checked {
        let Some(request) = self.requests.get_mut(&id) else { return Ok(()) };
        if let Purpose::SignIn(candidate, _) = request.purpose {
            // The desk gives another PIN, and the next sign-in makes another epoch.
            self.requests.remove(&id);
            self.candidates[candidate].signing_in = false;
            return Ok(());
        }
        self.send_request(id);
        self.queue.push(self.now_ms + 10_000, Event::NoResponse(id));
        Ok(())
    }

    /// Answers a request; an answer may be lost with the server or its line.
    pub fn respond(&mut self, id: u64, answer: Result<Accepted, Refusal>, epoch: u32) {
        let delay_ms = self.delay();
        if !self.healed && self.rng.per_mille(20) {
            return;
        }
        self.queue.push(self.now_ms + delay_ms, Event::Response(id, answer, epoch));
    }
}

/// The clock, as a frame says it.
pub fn clock_word(session: &Session, head: &Head, mono_ms: u64) -> ClockWord {
    ClockWord {
        phase: session.phase(),
        stopped: session.phase() == exam_session::session::Phase::Running && session.stopped(),
        section: session.section(),
        remaining_ms: session.remaining_ms(head, mono_ms),
        sitting_started: head.phase == SittingPhase::Started,
    }
}
