//! The server around the owners: inbox, clock, links, journal's answers, crash and recovery, as `crates/server/src/hall/task.rs` and `facts.rs`
//! have them. Where this rim differs from theirs on purpose, a comment says so.

use crate::board::Board;
use crate::disk::{Beat, Committed};
use crate::model::{AskedCommand, HallModel};
use crate::page::{Close, Welcome, Word};
use crate::property::{Checked, Property, broken};
use crate::world::{Event, Hall, Inlet, Reply, World, clock_word};
use exam_session::block::{Block, JournalHead};
use exam_session::command::{Actor, Command, Order, SittingOrder};
use exam_session::event::{Event as Happened, SessionEvent, SittingEvent};
use exam_session::owner::{BATCH_BYTES_MAX, BATCH_COMMANDS_MAX, Effect, Input, Owner, ReplyTo, WAITING_COMMANDS_MAX};
use exam_session::record::Record;
use exam_session::refusal::Refusal;
use exam_session::session::Phase;
use exam_session::sitting::{Accepted, Sitting, SittingPhase};
use exam_session::time::Now;
use question_bank::id::CommandId;
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// A batch that found the disk full is tried again after this.
const RETRY_FULL_DISK_MS: u64 = 250;
/// Each link hears about its clock this often, seconds.
const CLOCK_EVERY_S: u64 = 15;
/// The largest record there can be in a batch that was not yet full: the doors opening for a large hall.
const RECORD_BYTES_MAX: usize = 256 * 1024;

/// A sitting read from its journal.
struct Recovered {
    sitting: Sitting,
    head: JournalHead,
    records: Vec<Record>,
    mono_ms: u64,
    seen_utc_ms: Option<i64>,
}

impl World {
    /// Something enters a hall's inbox; while the server is down it is lost.
    pub fn enter(&mut self, hall: usize, inlet: Inlet) -> Checked {
        let stalls = !self.healed && self.rng.per_mille(self.plan.faults.stall_per_mille);
        let stall_ms = if stalls { self.rng.below(1_000) } else { 0 };
        let Some(rim) = &mut self.halls[hall] else { return Ok(()) };
        rim.inbox.push_back(inlet);
        if !std::mem::replace(&mut rim.waking, true) {
            self.queue.push(self.now_ms + stall_ms, Event::Wake(hall, self.crashes));
        }
        Ok(())
    }

    /// The owner's task takes what waits.
    pub fn wake(&mut self, hall: usize) -> Checked {
        let Some(mut rim) = self.halls[hall].take() else { return Ok(()) };
        rim.waking = false;
        let outcome = if rim.hold.is_some() { self.wake_to_hold(hall, &mut rim) } else { self.wake_to_work(hall, &mut rim) };
        if !rim.inbox.is_empty() && rim.hold.is_none() {
            rim.waking = true;
            self.queue.push(self.now_ms + 1, Event::Wake(hall, self.crashes));
        }
        self.schedule_deadline(hall, &mut rim);
        self.halls[hall] = Some(rim);
        outcome
    }

    /// Until the hold after a long outage is durable nothing else is decided, and for the owner no time passes; a disk that was full is tried
    /// again. (The server asks for the hold once.)
    fn wake_to_hold(&mut self, hall: usize, rim: &mut Hall) -> Checked {
        let Some(command) = rim.hold.clone() else { return Ok(()) };
        let Some(word) = rim.inbox.iter().position(|inlet| matches!(inlet, Inlet::Appended(_))) else { return Ok(()) };
        let now = command.at;
        match rim.inbox.remove(word) {
            Some(Inlet::Appended(true)) => self.step(hall, rim, now, vec![Input::Appended]),
            _ => self.step(hall, rim, now, vec![Input::NotAppended, Input::Command { command, reply: ReplyTo(u64::MAX) }]),
        }
    }

    fn wake_to_work(&mut self, hall: usize, rim: &mut Hall) -> Checked {
        let mut inputs = Vec::new();
        let mut newest = None;
        for _ in 0..self.plan.faults.inputs_max {
            let Some(inlet) = rim.inbox.pop_front() else { break };
            match inlet {
                Inlet::Command(command, reply) => {
                    newest = Some(command.at);
                    rim.replies_made += 1;
                    rim.replies.insert(rim.replies_made, (reply, AskedCommand { command: (*command).clone() }));
                    inputs.push(Input::Command { command, reply: ReplyTo(rim.replies_made) });
                }
                Inlet::Attach(conn) => self.attach(rim, conn),
                Inlet::Detach(conn) => rim.links.iter_mut().filter(|link| **link == Some(conn)).for_each(|link| *link = None),
                Inlet::Appended(true) => inputs.push(Input::Appended),
                Inlet::Appended(false) => inputs.push(Input::NotAppended),
                Inlet::Tick => inputs.push(Input::Tick),
            }
        }
        if inputs.is_empty() {
            return Ok(());
        }
        // While others wait in the inbox, time has come only as far as what was taken; where nothing of that has a time, as far as the first that
        // waits. (The server takes its clock then, but it takes 2,000 inputs at once.)
        let waiting = || rim.inbox.iter().find_map(|inlet| if let Inlet::Command(command, _) = inlet { Some(command.at) } else { None });
        let reached = if rim.inbox.is_empty() { None } else { newest.or_else(waiting) };
        let now = reached.unwrap_or_else(|| self.instant(rim));
        self.step(hall, rim, now, inputs)
    }

    fn schedule_deadline(&mut self, hall: usize, rim: &mut Hall) {
        let next_ms = rim.owner.next_deadline().filter(|_| !rim.owner.appending());
        if next_ms != rim.deadline_ms {
            rim.deadline_ms = next_ms;
            if let Some(mono_ms) = next_ms {
                let at_ms = rim.since_ms + mono_ms.saturating_sub(rim.base_ms);
                self.queue.push(at_ms.max(self.now_ms + 1), Event::Deadline(hall, self.crashes));
            }
        }
    }

    /// A deadline that was scheduled has come, or was moved since.
    pub fn deadline(&mut self, hall: usize) -> Checked {
        let due = self.halls[hall].as_mut().is_some_and(|rim| {
            let mono_ms = rim.base_ms + self.now_ms - rim.since_ms;
            let due = rim.deadline_ms.is_some_and(|deadline_ms| deadline_ms <= mono_ms);
            if due {
                rim.deadline_ms = None;
            }
            due
        });
        if due { self.enter(hall, Inlet::Tick) } else { Ok(()) }
    }

    fn step(&mut self, hall: usize, rim: &mut Hall, now: Now, inputs: Vec<Input>) -> Checked {
        let lost = inputs.iter().any(|input| matches!(input, Input::NotAppended));
        let crowded = rim.owner.waiting() + inputs.len() > WAITING_COMMANDS_MAX;
        let effects = rim.owner.step(now, inputs);
        let most = WAITING_COMMANDS_MAX + self.models[hall].sessions.len();
        if rim.owner.waiting() > most {
            return broken(Property::QueuesAreBounded, format!("{} commands wait, at most {most} may", rim.owner.waiting()));
        }
        if lost {
            // What was not stored has left no trace.
            let all = 0..self.models[hall].sessions.len();
            self.unchanged(hall, rim, now, all)?;
        }
        let mut answers = Vec::new();
        for effect in effects {
            match effect {
                Effect::Append(block) => self.append(hall, rim, now, block)?,
                Effect::Answer { reply, answer } => {
                    let Some((to, asked)) = rim.replies.remove(&reply.0) else { continue };
                    if let Ok(Accepted { position: Some(position), .. }) = answer
                        && position >= self.disk.next_position(hall)
                    {
                        return broken(Property::AcknowledgedIsDurable, format!("record {position} is acknowledged but not on the disk"));
                    }
                    if answer == Err(Refusal::Busy) {
                        if !lost && !crowded {
                            return broken(Property::RulesHold, format!("{:?} is refused as busy, and nothing is", asked.command.order));
                        }
                    } else {
                        answers.push((asked, answer));
                    }
                    self.answer(rim, to, answer);
                }
                Effect::Applied { records, touched, .. } => {
                    self.models[hall].batch(&std::mem::take(&mut answers), &records)?;
                    self.applied(hall, rim, &records, &touched)?;
                }
            }
        }
        // The rest was decided against the durable state.
        self.models[hall].batch(&answers, &[])?;
        Ok(())
    }

    /// The owner's state is what is durable, and nothing more.
    fn unchanged(&self, hall: usize, rim: &Hall, now: Now, sessions: impl Iterator<Item = usize>) -> Checked {
        self.models[hall]
            .compare(rim.owner.sitting(), now.mono_ms, sessions)
            .or_else(|violation| broken(Property::RefusedChangesNothing, format!("before it is durable: {violation}")))
    }

    fn append(&mut self, hall: usize, rim: &mut Hall, now: Now, block: Block) -> Checked {
        let count = block.count as usize;
        if count == 0 || count > BATCH_COMMANDS_MAX || block.records.len() > BATCH_BYTES_MAX + RECORD_BYTES_MAX {
            return broken(Property::JournalIsWhole, format!("a block of {count} records and {} bytes", block.records.len()));
        }
        self.trace.digest(&block.hash.0);
        // One in four blocks is read here, to see that none of it shows yet.
        if self.rng.per_mille(250) {
            let records = Record::decode_all(&block.records, block.count)
                .or_else(|error| broken(Property::JournalIsWhole, format!("the owner's own block cannot be read: {error}")))?;
            let sessions: Vec<usize> =
                records.iter().filter_map(|record| rim.owner.sitting().index_of(record.scope?)).map(|index| index as usize).collect();
            self.unchanged(hall, rim, now, sessions.into_iter())?;
        }
        self.disk.append(hall, block);
        self.begin_commit();
        Ok(())
    }

    fn begin_commit(&mut self) {
        if self.disk.begin() {
            let slow = !self.healed && self.rng.per_mille(self.plan.faults.slow_commit_per_mille);
            let took_ms = self.rng.within(self.plan.faults.commit_ms) * if slow { 50 } else { 1 };
            self.queue.push(self.now_ms + took_ms, Event::CommitDone(self.crashes));
        }
    }

    /// The journal's writer hears from the disk.
    pub fn commit_done(&mut self) -> Checked {
        match self.disk.end() {
            Committed::Stored(halls) => {
                halls.into_iter().for_each(|hall| self.queue.push(self.now_ms, Event::Appended(hall, true, self.crashes)))
            }
            Committed::Full(halls) => {
                let at_ms = self.now_ms + RETRY_FULL_DISK_MS;
                halls.into_iter().for_each(|hall| self.queue.push(at_ms, Event::Appended(hall, false, self.crashes)));
            }
            // Somebody else writes: nothing may be believed any more, and the process ends.
            Committed::SecondWriter(_) => return self.die(false),
        }
        self.begin_commit();
        Ok(())
    }

    fn answer(&mut self, rim: &Hall, to: Reply, answer: Result<Accepted, Refusal>) {
        let word = |seq| match answer {
            Ok(Accepted { late: false, .. }) => Word::Saved(seq),
            Ok(Accepted { late: true, .. }) => Word::Late(seq),
            Err(refusal) => Word::Refused(seq, refusal),
        };
        match to {
            Reply::Nobody => {}
            Reply::Terminal(conn, seq) => {
                if rim.links.contains(&Some(conn)) {
                    self.send_down(conn, word(seq));
                }
            }
            Reply::Evidence(conn, seq) => {
                if self.conns[conn].open {
                    self.send_down(conn, word(seq));
                }
            }
            Reply::Request(id) => {
                let Some(request) = self.requests.get(&id) else { return };
                let epoch = match &request.order {
                    // Read after the command, as the handler does.
                    Order::Session(session, _) => rim.owner.sitting().session(*session).map_or(0, |session| session.epoch()),
                    Order::Sitting(_) => 0,
                };
                self.respond(id, answer, epoch);
            }
        }
    }

    fn applied(&mut self, hall: usize, rim: &mut Hall, records: &[Record], touched: &[u32]) -> Checked {
        if let Some(command) = &rim.hold {
            let held = records.first().is_some_and(|record| record.command == command.id && record.at.mono_ms == rim.base_ms);
            if !held {
                return broken(Property::OutageHolds, format!("after a long outage {:?} came before the hold", records.first()));
            }
            rim.hold = None;
        }
        for event in records.iter().flat_map(|record| &record.events) {
            self.tell_about(rim, event);
        }
        let mono_ms = self.instant(rim).mono_ms;
        self.models[hall].compare(rim.owner.sitting(), mono_ms, touched.iter().map(|&index| index as usize))?;
        rim.board.applied(rim.owner.sitting(), records, &self.models[hall], mono_ms)?;
        Ok(())
    }

    fn tell(&mut self, rim: &Hall, session: usize, word: Word) {
        if let Some(conn) = rim.links[session] {
            self.send_down(conn, word);
        }
    }

    fn tell_clock(&mut self, rim: &Hall, session: usize) {
        if rim.links[session].is_some()
            && let Some((_, state)) = rim.owner.sitting().session_at(session as u32)
        {
            let clock = clock_word(state, rim.owner.sitting().head(), self.instant(rim).mono_ms);
            self.tell(rim, session, Word::Clock(clock));
        }
    }

    fn tell_about(&mut self, rim: &mut Hall, event: &Happened) {
        match event {
            Happened::Session(id, event) => {
                let Some(session) = rim.owner.sitting().index_of(*id).map(|index| index as usize) else { return };
                match event {
                    SessionEvent::Moved { .. } | SessionEvent::SignedIn { .. } => {
                        if let Some(conn) = rim.links[session].take() {
                            self.close(conn, Close::Superseded);
                        }
                    }
                    SessionEvent::Submitted | SessionEvent::Expired | SessionEvent::Terminated { .. } => {
                        self.tell_clock(rim, session);
                        self.tell(rim, session, Word::Ended);
                    }
                    SessionEvent::Started
                    | SessionEvent::Consented
                    | SessionEvent::SectionClosed { .. }
                    | SessionEvent::Paused { .. }
                    | SessionEvent::Resumed
                    | SessionEvent::TimeGranted { .. } => self.tell_clock(rim, session),
                    _ => {}
                }
            }
            Happened::Sitting(SittingEvent::Started | SittingEvent::Held { .. } | SittingEvent::Released { .. } | SittingEvent::Closed) => {
                (0..rim.links.len()).for_each(|session| self.tell_clock(rim, session));
            }
            Happened::Sitting(_) => {}
        }
    }

    fn attach(&mut self, rim: &mut Hall, conn: usize) {
        let machine = self.conns[conn].machine;
        let session = self.machines[machine].session;
        let Some((_, state)) = rim.owner.sitting().session_at(session as u32) else { return };
        if !self.conns[conn].open {
            return;
        }
        if self.conns[conn].epoch < state.epoch() {
            self.conns[conn].evidence = true;
            let epoch = state.epoch();
            self.queue.push(self.now_ms + 10_000, Event::EvidenceOver(conn));
            return self.send_down(conn, Word::Evidence { epoch });
        }
        let welcome = Welcome {
            epoch: state.epoch(),
            next_seq: state.next_seq(),
            clock: clock_word(state, rim.owner.sitting().head(), self.instant(rim).mono_ms),
            answers: state.slots().iter().map(|slot| slot.choices).collect(),
            cursor: state.cursor(),
        };
        if let Some(before) = rim.links[session].replace(conn).filter(|before| *before != conn) {
            self.close(before, Close::Superseded);
        }
        self.send_down(conn, Word::Welcome(Box::new(welcome)));
    }

    /// Once a second: the heartbeat, clocks for a part of the terminals, the board, and a look at everything.
    pub fn second(&mut self, hall: usize) -> Checked {
        let Some(mut rim) = self.halls[hall].take() else { return Ok(()) };
        rim.seconds += 1;
        let at = self.instant(&rim);
        if matches!(rim.owner.sitting().head().phase, SittingPhase::Open | SittingPhase::Started) {
            self.disk.beat(hall, Beat { mono_ms: at.mono_ms, utc_ms: at.utc_ms });
            self.begin_commit();
        }
        let turn = rim.seconds % CLOCK_EVERY_S;
        for session in (0..rim.links.len()).filter(|session| *session as u64 % CLOCK_EVERY_S == turn) {
            self.tell_clock(&rim, session);
        }
        let outcome = self.look(hall, &mut rim, at);
        self.queue.push(self.now_ms + 1_000, Event::Second(hall, self.crashes));
        self.halls[hall] = Some(rim);
        outcome
    }

    fn look(&mut self, hall: usize, rim: &mut Hall, at: Now) -> Checked {
        let model = &self.models[hall];
        rim.board.tick(rim.owner.sitting(), model, at.mono_ms)?;
        if rim.seconds.is_multiple_of(10) {
            model.compare(rim.owner.sitting(), at.mono_ms, 0..model.sessions.len())?;
        }
        // Nobody who may be ended is forgotten.
        if !rim.owner.appending() && rim.owner.waiting() == 0 && rim.inbox.is_empty() {
            let most_ms = self.halls_plan[hall].policy.grace_ms + 2;
            let forgotten =
                (0..model.sessions.len()).find(|&index| model.over_ms(index, at.mono_ms).is_some_and(|over_ms| over_ms > most_ms));
            if let Some(index) = forgotten {
                let over_ms = model.over_ms(index, at.mono_ms);
                return broken(Property::EverythingIsAnswered, format!("session {index} is over since {over_ms:?} ms and was not ended"));
            }
        }
        Ok(())
    }

    // ---- Crash and recovery -----------------------------------------------------------------------------------------------------

    /// The server dies at a random moment.
    pub fn crash(&mut self) -> Checked {
        if self.healed || self.halls.iter().all(Option::is_none) {
            return Ok(());
        }
        self.later(self.plan.faults.crash_after_ms, Event::Crash);
        let survives = self.rng.per_mille(500);
        self.die(survives)
    }

    /// Everything that is not on the disk is gone; a commit under way is on it or not.
    pub fn die(&mut self, commit_survives: bool) -> Checked {
        self.crashes += 1;
        self.disk.crash(commit_survives);
        for hall in 0..self.halls.len() {
            if let Some(rim) = self.halls[hall].take() {
                let mono_ms = self.instant(&rim).mono_ms;
                self.crashed[hall] = Some((rim.owner, mono_ms));
            }
        }
        for conn in 0..self.conns.len() {
            if self.conns[conn].open {
                self.conns[conn].open = false;
                self.cut(conn);
            }
        }
        let down_ms = if self.healed { 500 } else { self.rng.within(self.plan.faults.down_ms) };
        self.queue.push(self.now_ms + down_ms, Event::Restart);
        Ok(())
    }

    /// The server comes up and reads what is stored.
    pub fn restart(&mut self) -> Checked {
        for hall in 0..self.halls.len() {
            let recovered = self.recover(hall)?;
            let model = &mut self.models[hall];
            for record in recovered.records.iter().skip(model.next_position as usize) {
                model.unasked(record)?;
            }
            if model.next_position != recovered.head.next_position {
                let found = recovered.head.next_position;
                return broken(Property::JournalIsWhole, format!("the journal has {found} records, {} were stored", model.next_position));
            }
            self.begin_hall(hall, recovered)?;
        }
        Ok(())
    }

    /// Reads a journal as `facts::load` does.
    fn recover(&self, hall: usize) -> Checked<Recovered> {
        let plan = &self.halls_plan[hall];
        let enrolled = plan.people.iter().map(|person| (person.session, Arc::clone(&person.paper))).collect();
        let mut sitting = Sitting::new(plan.sitting, plan.policy.clone(), enrolled);
        let mut head = JournalHead::empty(plan.sitting);
        let (mut mono_ms, mut seen_utc_ms, mut all) = (0, None, Vec::new());
        for block in self.disk.blocks[hall].values() {
            let records =
                head.read(block).or_else(|error| broken(Property::JournalIsWhole, format!("the journal cannot be read: {error:?}")))?;
            for record in records {
                sitting.apply(&record);
                mono_ms = record.at.mono_ms;
                seen_utc_ms = Some(record.at.utc_ms);
                all.push(record);
            }
            head = JournalHead::after(block);
        }
        if let Some(beat) = self.disk.beats[hall] {
            mono_ms = mono_ms.max(beat.mono_ms);
            seen_utc_ms = seen_utc_ms.map(|seen_utc_ms: i64| seen_utc_ms.max(beat.utc_ms));
        }
        Ok(Recovered { sitting, head, records: all, mono_ms, seen_utc_ms })
    }

    fn begin_hall(&mut self, hall: usize, recovered: Recovered) -> Checked {
        let Recovered { sitting, head, mono_ms, seen_utc_ms, .. } = recovered;
        if let Some((owner, crashed_mono_ms)) = self.crashed[hall].take() {
            self.compare_with_crashed(hall, &owner, &sitting, head, (crashed_mono_ms, mono_ms))?;
        }
        let sessions = sitting.sessions().len();
        let away_ms = seen_utc_ms.map(|seen_utc_ms| self.utc_ms() - seen_utc_ms);
        let owner = Owner::new(sitting, head, mono_ms);
        same_credit(&self.models[hall], &owner, mono_ms)?;
        self.models[hall].compare(owner.sitting(), mono_ms, 0..sessions)?;
        let board = Board::new(&self.halls_plan[hall], owner.sitting(), &self.models[hall], mono_ms)?;
        let mut rim = Hall {
            owner,
            base_ms: mono_ms,
            since_ms: self.now_ms,
            inbox: VecDeque::new(),
            links: vec![None; sessions],
            replies: HashMap::new(),
            replies_made: 0,
            board,
            waking: false,
            deadline_ms: None,
            seconds: 0,
            hold: None,
        };
        let model = &self.models[hall];
        let long = away_ms.is_some_and(|away_ms| away_ms > self.halls_plan[hall].policy.outage_automatic_ms);
        let outcome = if long && model.anybody_running() && !model.held() {
            let at = self.instant(&rim);
            let reason = "gangguan server".to_owned();
            let (id, nonce) = (CommandId::from_bytes(self.rng.bytes()), self.rng.bytes());
            let order = Order::Sitting(SittingOrder::Hold { reason });
            let command = Box::new(Command { id, at, nonce, actor: Actor::System, approver: None, order });
            rim.hold = Some(command.clone());
            self.step(hall, &mut rim, at, vec![Input::Command { command, reply: ReplyTo(u64::MAX) }])
        } else {
            Ok(())
        };
        self.schedule_deadline(hall, &mut rim);
        self.queue.push(self.now_ms + 1_000, Event::Second(hall, self.crashes));
        self.halls[hall] = Some(rim);
        outcome
    }

    /// What was read is what was alive, where the disk has no more than that; and the outage costs nobody anything.
    fn compare_with_crashed(
        &self,
        hall: usize,
        owner: &Owner,
        sitting: &Sitting,
        head: JournalHead,
        (crashed_ms, mono_ms): (u64, u64),
    ) -> Checked {
        if owner.journal_head() == head {
            same_state(owner.sitting(), sitting)?;
        }
        let running = self.models[hall].anybody_running();
        let last_ms = self.models[hall].last_mono_ms();
        // A heartbeat a second, a commit that may be slow, a disk that may be full, a task that may get no time.
        let most_ms = 1_000
            + 2_000
            + self.plan.faults.commit_ms.1 * 150
            + self.plan.faults.full_after_ms.map_or(0, |(_, most_ms)| most_ms / 4 + 2_000);
        if mono_ms < last_ms || mono_ms > crashed_ms || (running && crashed_ms - mono_ms > most_ms) {
            return broken(
                Property::ClocksAgree,
                format!(
                    "the clock stood at {crashed_ms} ms and goes on at {mono_ms} ms; the last record is of {last_ms} ms, at most {most_ms} ms may be lost"
                ),
            );
        }
        Ok(())
    }

    // ---- The disk, the wall clock, a second writer ---------------------------------------------------------------------------------

    /// The disk fills, or has space again.
    pub fn disk_full(&mut self, full: bool) -> Checked {
        let Some((least_ms, most_ms)) = self.plan.faults.full_after_ms.filter(|_| !self.healed) else { return Ok(()) };
        self.disk.full = full;
        let bounds = if full { (least_ms / 4, most_ms / 4) } else { (least_ms, most_ms) };
        self.later(Some(bounds), Event::DiskFull(!full));
        Ok(())
    }

    /// The wall clock jumps by up to a day.
    pub fn wall_jump(&mut self) -> Checked {
        if !self.healed {
            let most_ms = [1_000, 60_000, 3_600_000, 86_400_000][self.rng.index(4)];
            self.wall_off_ms = self.rng.between(0, 2 * most_ms) as i64 - most_ms as i64;
            self.later(self.plan.faults.wall_jump_after_ms, Event::WallJump);
        }
        Ok(())
    }

    /// A second process has read a hall's journal and makes a block of its own.
    pub fn second_writer(&mut self) -> Checked {
        if self.healed {
            return Ok(());
        }
        self.later(self.plan.faults.second_writer_after_ms, Event::SecondWriter);
        let hall = self.rng.index(self.halls.len());
        let recovered = self.recover(hall)?;
        let at = Now { utc_ms: self.utc_ms(), mono_ms: recovered.mono_ms };
        let mut owner = Owner::new(recovered.sitting, recovered.head, recovered.mono_ms);
        let order = Order::Sitting(SittingOrder::Note { session: None, text: "dari proses lain".to_owned() });
        let actor = Actor::Staff(self.halls_plan[hall].staff[0]);
        let id = CommandId::from_bytes(self.rng.bytes());
        let command = Box::new(Command { id, at, nonce: self.rng.bytes(), actor, approver: None, order });
        for effect in owner.step(at, [Input::Command { command, reply: ReplyTo(0) }]) {
            if let Effect::Append(block) = effect {
                let at_ms = self.now_ms + self.rng.below(3_000);
                self.queue.push(at_ms, Event::Intrude(hall, Box::new(block)));
            }
        }
        Ok(())
    }

    /// And writes it, unless the key is taken.
    pub fn intrude(&mut self, hall: usize, block: Block) -> Checked {
        let next = self.disk.next_position(hall);
        let first = block.first_position;
        if self.disk.intrude(hall, block) && first != next {
            return broken(Property::OneWriter, format!("a second writer's block at {first} got in where {next} was next"));
        }
        Ok(())
    }
}

/// Sessions interrupted together go on with what the model says, each of them.
fn same_credit(model: &HallModel, owner: &Owner, mono_ms: u64) -> Checked {
    let running = |(index, (_, session)): (usize, (_, &exam_session::session::Session))| {
        (session.phase() == Phase::Running).then(|| (index, session.remaining_ms(owner.sitting().head(), mono_ms)))
    };
    for (index, found) in owner.sitting().sessions().enumerate().filter_map(running) {
        let expected = model.remaining_ms(index, mono_ms);
        if found != expected {
            return broken(Property::ClocksAgree, format!("after a restart session {index} has {found} ms left, expected {expected} ms"));
        }
    }
    Ok(())
}

/// Two sittings stand at the same place, field for field.
pub fn same_state(living: &Sitting, read: &Sitting) -> Checked {
    if living.head() != read.head() {
        return broken(Property::ReplayIsState, format!("the hall was {:?} and is read as {:?}", living.head(), read.head()));
    }
    let differs = living.sessions().zip(read.sessions()).position(|(living, read)| living != read);
    match differs {
        Some(index) => broken(Property::ReplayIsState, format!("session {index} is read otherwise than it lived")),
        None => Ok(()),
    }
}
