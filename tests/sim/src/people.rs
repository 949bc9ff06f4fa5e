//! The people: candidates at their machines, the desk, the proctor.

use crate::page::{Frame, Link, Shown};
use crate::property::{Checked, Property, broken};
use crate::rng::Rng;
use crate::world::{ANSWERED_WITHIN_MS, CLOSED_WITHIN_MS, Event, Purpose, Reply, Request, World};
use exam_session::command::{Actor, GivenAnswer, Order, Preparation, SessionOrder, SittingOrder, TerminalStamp};
use exam_session::refusal::Refusal;
use exam_session::session::Phase;
use exam_session::sitting::Accepted;
use question_bank::id::{CommandId, SeatId, SessionId, StaffId};
use question_bank::key::Choices;
use question_bank::paper::Paper;
use std::sync::Arc;

/// Candidates go on for so long after faults have ended, then sit and wait for their time to be over.
const REST_AFTER_MS: u64 = 20_000;

impl World {
    fn command_id(&mut self) -> CommandId {
        CommandId::from_bytes(self.rng.bytes())
    }

    fn staff_of(&mut self, hall: usize) -> (StaffId, Option<StaffId>) {
        let staff = &self.halls_plan[hall].staff;
        let first = self.rng.index(staff.len());
        // Mostly somebody else approves, sometimes nobody, and now and then the same person tries.
        let second = match self.rng.below(10) {
            0..5 => Some((first + 1) % staff.len()),
            5 => Some(first),
            _ => None,
        };
        (staff[first], second.map(|index| staff[index]))
    }

    // ---- The desk ---------------------------------------------------------------------------------------------------------------

    /// A candidate comes to the desk.
    pub fn desk(&mut self, candidate: usize) -> Checked {
        let (hall, session) = (self.candidates[candidate].hall, self.candidates[candidate].session);
        if self.candidates[candidate].checked_in || self.models[hall].closed() {
            return Ok(());
        }
        let plan = Arc::clone(&self.halls_plan[hall]);
        // Now and then the wrong seat is named first.
        let wrong = self.rng.per_mille(30);
        let seat = plan.seats[if wrong { self.rng.index(plan.people.len()) } else { session }];
        let id = self.command_id();
        let override_reason = self.rng.per_mille(500).then(|| "kapal feri terlambat".to_owned());
        let order = SessionOrder::CheckIn { seat, documents: vec!["KTP".to_owned()], override_reason };
        let (actor, _) = self.staff_of(hall);
        let order = Order::Session(plan.people[session].session, order);
        self.request(Request { hall, purpose: Purpose::CheckIn(candidate), id, actor: Actor::Staff(actor), approver: None, order });
        Ok(())
    }

    // ---- Answers to requests ----------------------------------------------------------------------------------------------------

    /// A request has its answer.
    pub fn response(&mut self, id: u64, answer: Result<Accepted, Refusal>, epoch: u32) -> Checked {
        if answer == Err(Refusal::Busy) {
            // Asked again under the same id when "nothing came back" is due; signing in is tried anew.
            return Ok(());
        }
        let Some(request) = self.requests.remove(&id) else { return Ok(()) };
        let hall = request.hall;
        match request.purpose {
            Purpose::Act => {}
            Purpose::CheckIn(candidate) => {
                let in_already = matches!(answer, Ok(_) | Err(Refusal::CheckedInAlready));
                self.candidates[candidate].checked_in = in_already;
                let at_ms = self.now_ms + self.rng.between(1_000, 8_000);
                let again = matches!(
                    answer,
                    Err(Refusal::SeatTaken
                        | Refusal::SittingNotOpen
                        | Refusal::CheckInOver
                        | Refusal::CheckInNotOpen
                        | Refusal::NotPrepared)
                );
                if in_already {
                    self.queue.push(at_ms, Event::Think(candidate));
                } else if again && !self.healed {
                    self.queue.push(at_ms, Event::Desk(candidate));
                }
            }
            Purpose::SignIn(candidate, machine) => {
                self.candidates[candidate].signing_in = false;
                if answer.is_ok() {
                    self.machines[machine].cookie = Some(epoch);
                    self.machines[machine].page.blocked = false;
                    self.hang_up(machine);
                    let now_ms = self.now_ms;
                    let todo = self.machines[machine].page.lose(now_ms);
                    self.perform(machine, todo);
                }
            }
            Purpose::Move(candidate) => {
                // Sometimes the candidate is not moved, because the seat was taken; then the next proctor's round tries again.
                if answer.is_ok() {
                    let session = self.candidates[candidate].session;
                    let machine = self.new_machine(hall, session);
                    self.candidates[candidate].machine = machine;
                } else if let Order::Sitting(SittingOrder::Move { .. }) = request.order
                    && answer == Err(Refusal::SeatTaken)
                {
                    self.ask_move(candidate);
                }
            }
        }
        Ok(())
    }

    /// Asks the proctor for another seat.
    fn ask_move(&mut self, candidate: usize) {
        let (hall, session) = (self.candidates[candidate].hall, self.candidates[candidate].session);
        let plan = Arc::clone(&self.halls_plan[hall]);
        self.spare[hall] += 1;
        let seat: SeatId = plan.seats[plan.people.len() + self.spare[hall] % (plan.seats.len() - plan.people.len())];
        let order = SittingOrder::Move { session: plan.people[session].session, seat, reason: "komputer rusak".to_owned() };
        let (actor, _) = self.staff_of(hall);
        let id = self.command_id();
        let order = Order::Sitting(order);
        self.request(Request { hall, purpose: Purpose::Move(candidate), id, actor: Actor::Staff(actor), approver: None, order });
    }

    // ---- Candidates -------------------------------------------------------------------------------------------------------------

    /// A candidate does something, and will again.
    pub fn think(&mut self, candidate: usize) -> Checked {
        let (hall, session) = (self.candidates[candidate].hall, self.candidates[candidate].session);
        let machine = self.candidates[candidate].machine;
        let page = &self.machines[machine].page;
        let resting = self.healed && self.now_ms > self.plan.faults_until_ms + REST_AFTER_MS;
        if (page.ended && page.outbox.is_empty()) || self.models[hall].closed() {
            return Ok(());
        }
        let pace_ms = self.halls_plan[hall].people[session].pace_ms;
        let after_ms = if self.rng.per_mille(100) { self.rng.below(300) } else { self.rng.below(pace_ms) + self.rng.below(pace_ms) };
        self.queue.push(self.now_ms + after_ms.max(20), Event::Think(candidate));
        if !self.machines[machine].on {
            return Ok(());
        }
        let signed_out = self.machines[machine].cookie.is_none() || (page.blocked && page.link == Link::Off && page.outbox.is_empty());
        if signed_out {
            if !std::mem::replace(&mut self.candidates[candidate].signing_in, true) {
                let id = self.command_id();
                let order = Order::Session(self.halls_plan[hall].people[session].session, SessionOrder::SignIn);
                let purpose = Purpose::SignIn(candidate, machine);
                self.request(Request { hall, purpose, id, actor: Actor::Candidate, approver: None, order });
            }
            return Ok(());
        }
        let Some(clock) = page.clock.filter(|_| !page.blocked) else { return Ok(()) };
        let now_ms = self.now_ms;
        match clock.phase {
            Phase::SignedIn if !page.underway(|frame| *frame == Frame::Consent) => {
                self.machines[machine].page.issue(Frame::Consent, now_ms)
            }
            Phase::Ready if clock.sitting_started && !resting && !page.underway(|frame| *frame == Frame::Start) => {
                self.machines[machine].page.issue(Frame::Start, now_ms);
            }
            Phase::Running if page.answerable() && !resting => self.work(candidate, machine)?,
            _ => {}
        }
        if self.machines[machine].on {
            self.tend(machine);
        }
        Ok(())
    }

    /// One act of somebody whose exam runs.
    fn work(&mut self, candidate: usize, machine: usize) -> Checked {
        let (hall, session, now_ms) = (self.machines[machine].hall, self.machines[machine].session, self.now_ms);
        let faults = &self.plan.faults;
        let (reload, dead, stubborn) = (faults.reload_per_mille, faults.dead_machine_per_mille, faults.stubborn_per_mille);
        if !self.healed && self.rng.per_mille(reload) {
            let todo = self.machines[machine].page.reload(now_ms);
            self.perform(machine, todo);
            return Ok(());
        }
        if !self.healed && self.rng.per_mille(dead) {
            self.hang_up(machine);
            self.machines[machine].on = false;
            let back_ms = now_ms + self.rng.between(10_000, 200_000);
            self.queue.push(back_ms, Event::PowerOn(machine));
            self.ask_move(candidate);
            return Ok(());
        }
        if !self.healed && self.rng.per_mille(stubborn) {
            self.stubborn(hall, session)?;
        }
        let paper = Arc::clone(&self.halls_plan[hall].people[session].paper);
        let acts = if self.rng.per_mille(50) { self.rng.between(2, 20) } else { 1 };
        for _ in 0..acts {
            act(&mut self.rng, &mut self.machines[machine].page, &paper, now_ms);
        }
        Ok(())
    }

    /// Somebody does not keep to the protocol: an old frame again, one that was never sent by a page, or a number used for something else.
    fn stubborn(&mut self, hall: usize, session: usize) -> Checked {
        let machines: Vec<usize> =
            (0..self.machines.len()).filter(|&at| (self.machines[at].hall, self.machines[at].session) == (hall, session)).collect();
        let machine = machines[self.rng.index(machines.len())];
        let length = self.machines[machine].sent.len();
        if length == 0 {
            return Ok(());
        }
        let at = self.rng.index(length);
        let order = self.machines[machine].sent[at].clone();
        let paper = Arc::clone(&self.halls_plan[hall].people[session].paper);
        let epoch = self.models[hall].sessions[session].epoch;
        let order = match self.rng.below(3) {
            0 => order,
            // The same number for something else. Numbers that are not yet decided are left to the page, which must find them free.
            1 if !matches!(order, SessionOrder::Answer(..)) => order,
            1 => match order {
                SessionOrder::Answer(stamp, given) if !self.undecided(machine, stamp) => {
                    SessionOrder::Answer(stamp, GivenAnswer { choices: other(&mut self.rng, &paper, given), ..given })
                }
                order => order,
            },
            // A machine that was left speaks as if it still had the word.
            _ => match order {
                SessionOrder::Answer(stamp, given) if stamp.epoch < epoch => {
                    let stamp = TerminalStamp { seq: stamp.seq + 1_000 + self.rng.below(10_000) as u32, ..stamp };
                    SessionOrder::Answer(stamp, given)
                }
                order => order,
            },
        };
        self.ask_as_candidate(hall, session, order, Reply::Nobody)
    }

    fn undecided(&self, machine: usize, stamp: TerminalStamp) -> bool {
        let page = &self.machines[machine].page;
        !page.diary.iter().any(|line| line.stamp == stamp && line.shown == Shown::Saved)
    }

    /// A dead machine is switched on: what was on its disk is handed in.
    pub fn power_on(&mut self, machine: usize) -> Checked {
        if !std::mem::replace(&mut self.machines[machine].on, true) {
            let now_ms = self.now_ms;
            let todo = self.machines[machine].page.reload(now_ms);
            self.perform(machine, todo);
            self.tend(machine);
        }
        Ok(())
    }

    // ---- The proctor ------------------------------------------------------------------------------------------------------------

    fn act_of(&mut self, hall: usize, order: SittingOrder, actor: StaffId, approver: Option<StaffId>) {
        let id = self.command_id();
        let order = Order::Sitting(order);
        self.request(Request { hall, purpose: Purpose::Act, id, actor: Actor::Staff(actor), approver, order });
    }

    /// The proctor's round.
    pub fn staff(&mut self, hall: usize) -> Checked {
        let plan = Arc::clone(&self.halls_plan[hall]);
        let model = &self.models[hall];
        if model.closed() {
            return Ok(());
        }
        let pace_ms = if self.healed || !model.started() { 2_000 } else { plan.staff_pace_ms };
        let (opened, started) = (model.doors_open(), model.started());
        self.queue.push(self.now_ms + pace_ms / 2 + self.rng.below(pace_ms), Event::Staff(hall));
        let (actor, approver) = self.staff_of(hall);
        if !opened {
            let preparation = |person: &crate::plan::Person| Preparation {
                session: person.session,
                paper: person.paper.digest(),
                base_ms: person.base_ms,
                extra_ms: person.extra_ms,
            };
            let order = SittingOrder::Open(plan.people.iter().map(preparation).collect());
            self.act_of(hall, order, actor, None);
        } else if self.healed {
            self.tidy_up(hall, actor);
        } else if !started {
            if self.now_ms >= plan.start_ms {
                self.act_of(hall, SittingOrder::Start, actor, None);
            }
        } else {
            let order = self.whim(hall);
            self.act_of(hall, order, actor, approver);
        }
        Ok(())
    }

    /// After the faults: everything that was stopped goes on, and at the end the hall is closed.
    fn tidy_up(&mut self, hall: usize, actor: StaffId) {
        let model = &self.models[hall];
        let paused = model.sessions.iter().any(|session| session.running() && session.paused());
        let running = model.anybody_running();
        let rested = self.now_ms > self.plan.faults_until_ms + ANSWERED_WITHIN_MS;
        if model.held() {
            self.act_of(hall, SittingOrder::Release { reason: String::new() }, actor, None);
        } else if paused {
            self.act_of(hall, SittingOrder::Resume { sessions: Vec::new() }, actor, None);
        } else if !running && rested {
            self.act_of(hall, SittingOrder::Close, actor, None);
        }
    }

    fn whim(&mut self, hall: usize) -> SittingOrder {
        let plan = Arc::clone(&self.halls_plan[hall]);
        let people = plan.people.len();
        let one = plan.people[self.rng.index(people)].session;
        let some: Vec<SessionId> = match self.rng.below(3) {
            0 => Vec::new(),
            1 => vec![one],
            _ => (0..3).map(|_| plan.people[self.rng.index(people)].session).collect(),
        };
        let reason = || "gangguan listrik".to_owned();
        let model = &self.models[hall];
        // What stands still goes on sooner than what runs is stopped.
        if model.held() && self.rng.per_mille(600) {
            return SittingOrder::Release { reason: String::new() };
        }
        match self.rng.below(24) {
            0 => SittingOrder::Hold { reason: reason() },
            1 | 2 => SittingOrder::Release { reason: String::new() },
            3..6 => SittingOrder::Pause { sessions: some, reason: reason() },
            6..11 => SittingOrder::Resume { sessions: some },
            11..14 => SittingOrder::GrantTime { sessions: some, ms: self.rng.between(500, 60_000) as u32, reason: reason() },
            14 => SittingOrder::Move { session: one, seat: plan.seats[self.rng.index(plan.seats.len())], reason: reason() },
            15 if self.rng.per_mille(200) => SittingOrder::Terminate { session: one, reason: reason() },
            16..20 => self.admission(hall).unwrap_or(SittingOrder::Message { sessions: Vec::new(), text: reason() }),
            20 => SittingOrder::Note { session: Some(one), text: reason() },
            21 => SittingOrder::Close,
            22 => SittingOrder::Start,
            _ => SittingOrder::Message { sessions: some, text: reason() },
        }
    }

    /// Some late evidence, mostly not yet admitted.
    fn admission(&mut self, hall: usize) -> Option<SittingOrder> {
        let model = &self.models[hall];
        let pieces =
            model.sessions.iter().enumerate().flat_map(|(index, session)| session.evidence.iter().map(move |piece| (index, piece)));
        let fresh: Vec<(usize, u64)> =
            pieces.filter(|(_, piece)| !piece.admitted).map(|(index, piece)| (index, piece.journal_position)).collect();
        if fresh.is_empty() {
            return None;
        }
        let (index, position) = fresh[self.rng.index(fresh.len())];
        let session = self.halls_plan[hall].people[index].session;
        Some(SittingOrder::AdmitLate { session, position, reason: "kabel lepas".to_owned() })
    }

    // ---- The end ----------------------------------------------------------------------------------------------------------------

    /// Faults end: everything that is broken is mended.
    pub fn heal(&mut self) -> Checked {
        self.healed = true;
        self.disk.full = false;
        for machine in 0..self.machines.len() {
            self.machines[machine].up_blocked_ms = self.now_ms;
            self.machines[machine].down_blocked_ms = self.now_ms;
            self.queue.push(self.now_ms + 1_000, Event::PowerOn(machine));
        }
        Ok(())
    }

    /// Is everything over? Everything must be, in time.
    pub fn over(&self) -> Checked<bool> {
        let since_ms = self.now_ms - self.plan.faults_until_ms;
        if since_ms > ANSWERED_WITHIN_MS {
            let waiting = self.machines.iter().position(|machine| !machine.page.outbox.is_empty());
            // After that nobody asks for anything any more.
            if let Some(index) = waiting {
                let machine = &self.machines[index];
                let page = &machine.page;
                return broken(
                    Property::EverythingIsAnswered,
                    format!(
                        "machine {index} still keeps {:?}, link {:?}, blocked {}, clock {:?}",
                        page.outbox[0], page.link, page.blocked, page.clock
                    ),
                );
            }
        }
        if since_ms > CLOSED_WITHIN_MS {
            let open = self.models.iter().position(|model| !model.closed());
            return broken(Property::EverythingIsAnswered, format!("hall {open:?} never came to its end"));
        }
        Ok(self.models.iter().all(crate::model::HallModel::closed) && self.halls.iter().all(Option::is_some))
    }
}

/// What a candidate does at the page.
fn act(rng: &mut Rng, page: &mut crate::page::Page, paper: &Paper, now_ms: u64) {
    let Some(clock) = page.clock else { return };
    let section = usize::from(clock.section).min(paper.sections.len() - 1);
    let (first, end) = paper.bounds(section as u8);
    let linear = paper.sections[section].linear;
    let last = section + 1 == paper.sections.len();
    let cursor = page.cursor.clamp(first, end - 1);
    let anywhere = rng.per_mille(50);
    let position = if anywhere {
        rng.below(u64::from(paper.len())) as u16
    } else if linear {
        cursor
    } else {
        first + rng.below(u64::from(end - first)) as u16
    };
    match rng.below(100) {
        0..55 => {
            page.look(cursor, now_ms);
            answer(rng, page, paper, cursor, now_ms);
            if cursor + 1 < end {
                page.look(cursor + 1, now_ms);
            }
        }
        55..78 => answer(rng, page, paper, position, now_ms),
        78..82 => give(page, paper, position, Choices::NONE, now_ms),
        82..90 => page.issue(Frame::Flag(position, rng.per_mille(600)), now_ms),
        90..96 => page.look(position, now_ms),
        96..99 => {
            let ready = !page.underway(|frame| matches!(frame, Frame::Advance(_) | Frame::Submit));
            if !last && ready && (rng.per_mille(150) || cursor + 1 == end) {
                page.issue(Frame::Advance(clock.section), now_ms);
            }
        }
        _ => {
            let ready = !page.underway(|frame| matches!(frame, Frame::Advance(_) | Frame::Submit));
            if ready && rng.per_mille(60) {
                page.issue(Frame::Submit, now_ms);
            }
        }
    }
}

fn answer(rng: &mut Rng, page: &mut crate::page::Page, paper: &Paper, position: u16, now_ms: u64) {
    let Some(entry) = paper.entry(position) else { return };
    let before = page.shown_at(position);
    let given = GivenAnswer { position, item: entry.item, choices: before };
    let choices = other(rng, paper, given);
    give(page, paper, position, choices, now_ms);
}

fn give(page: &mut crate::page::Page, paper: &Paper, position: u16, choices: Choices, now_ms: u64) {
    if let Some(entry) = paper.entry(position) {
        page.issue(Frame::Answer(GivenAnswer { position, item: entry.item, choices }), now_ms);
    }
}

/// Other choices than these, such as the item allows.
fn other(rng: &mut Rng, paper: &Paper, given: GivenAnswer) -> Choices {
    let Some(entry) = paper.entry(given.position) else { return given.choices };
    loop {
        let choices = if entry.multiple {
            Choices::from_mask(rng.below(1 << entry.choices) as u16).unwrap_or_default()
        } else {
            Choices::one(rng.below(u64::from(entry.choices)) as u8)
        };
        if choices != given.choices {
            return choices;
        }
    }
}
