//! A sitting: one hall in one time slot. It owns its sessions, and is the one place where simultaneous commands get their order.
//!
//! Commands are decided against a [`Draft`], which is the durable state plus what the current batch has decided so far. The draft is invisible
//! to everybody until the batch is durable, and is thrown away when it cannot be made so.

use crate::command::{Actor, Command, Order, Preparation, SessionOrder, SittingOrder, TerminalStamp, terminal_command_id, terminal_stamp};
use crate::event::{Event, SessionEvent, SittingEvent};
use crate::record::Record;
use crate::refusal::Refusal;
use crate::session::{Phase, Session, Stamp, Verdict, is_asked_by_terminal, text};
use crate::time::{Now, RunningTime};
use question_bank::id::{CommandId, SeatId, SessionId, SittingId, StaffId};
use question_bank::paper::Paper;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// Least and most time of one grant, milliseconds.
pub const GRANT_MS: std::ops::RangeInclusive<u32> = 1_000..=7_200_000;

/// How a sitting behaves; set up by the committee, not part of the journal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SittingPolicy {
    /// The proctor's start starts everybody who is ready.
    pub start_together: bool,
    /// Scheduled start, wall clock.
    pub scheduled_utc_ms: i64,
    /// Check-in opens so long before the scheduled start.
    pub check_in_opens_before_ms: i64,
    /// Check-in closes so long before the scheduled start (negative: after it).
    pub check_in_closes_before_ms: i64,
    /// Nobody starts later than this after the proctor's start, on the hall's running time.
    pub latest_start_after_ms: u64,
    /// Everything ends at the latest so long after the proctor's start, on the hall's running time.
    pub hard_close_after_ms: Option<u64>,
    /// An answer so long after the deadline still counts.
    pub grace_ms: u64,
    /// After an outage longer than this the sitting is held until a proctor decides.
    pub outage_automatic_ms: i64,
    /// Granting more than this needs a second person; none = never.
    pub grant_approval_above_ms: Option<u32>,
    /// Ending a session needs a second person.
    pub terminate_approval: bool,
    /// Admitting late evidence needs a second person.
    pub admit_late_approval: bool,
}

impl SittingPolicy {
    /// Is the window of check-in open at this wall-clock time?
    pub fn check_in_open(&self, utc_ms: i64) -> Result<(), Refusal> {
        if utc_ms < self.scheduled_utc_ms - self.check_in_opens_before_ms {
            return Err(Refusal::CheckInNotOpen);
        }
        if utc_ms > self.scheduled_utc_ms - self.check_in_closes_before_ms {
            return Err(Refusal::CheckInOver);
        }
        Ok(())
    }
}

/// Where a sitting stands; a hold is kept beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SittingPhase {
    /// Scheduled.
    Planned,
    /// Doors open.
    Open,
    /// Candidates may run.
    Started,
    /// Over.
    Closed,
}

/// The sitting as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Where it stands.
    pub phase: SittingPhase,
    /// All clocks of the hall stand still.
    pub held: bool,
    /// Why, if held.
    pub held_reason: Option<String>,
    /// Running time of the hall since the proctor's start, holds not counted.
    pub running: RunningTime,
    /// Limit of `running`, where the policy has a hard close.
    pub hard_close_ms: Option<u64>,
}

impl Head {
    /// Check-in and sign-in are possible.
    pub fn doors_open(&self) -> Result<(), Refusal> {
        match self.phase {
            SittingPhase::Planned => Err(Refusal::SittingNotOpen),
            SittingPhase::Open | SittingPhase::Started => Ok(()),
            SittingPhase::Closed => Err(Refusal::SittingClosed),
        }
    }
}

/// A sitting and all its sessions, as durably stored.
#[derive(Clone, Debug)]
pub struct Sitting {
    id: SittingId,
    policy: SittingPolicy,
    head: Head,
    ids: Vec<SessionId>,
    index: HashMap<SessionId, u32>,
    sessions: Vec<Session>,
    /// Accepted commands that are known by their id; those of terminals are known by number in their sessions.
    known_commands: HashSet<CommandId>,
}

/// The answer to an accepted command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Journal position of its record; for a repetition the answer does not name one.
    pub position: Option<u64>,
    /// The answer was kept as late evidence.
    pub late: bool,
    /// Sessions it applied to.
    pub sessions: u32,
}

/// What a command comes to, before it is durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// These events, in one record.
    Events(Vec<Event>),
    /// It was accepted before.
    Already {
        /// It was kept as late evidence.
        late: bool,
    },
}

impl Sitting {
    /// A planned sitting with the enrolled sessions and their drawn papers.
    pub fn new(id: SittingId, policy: SittingPolicy, enrolled: Vec<(SessionId, Arc<Paper>)>) -> Self {
        let head = Head {
            phase: SittingPhase::Planned,
            held: false,
            held_reason: None,
            running: RunningTime::default(),
            hard_close_ms: policy.hard_close_after_ms,
        };
        let mut sitting = Sitting {
            id,
            policy,
            head,
            ids: Vec::with_capacity(enrolled.len()),
            index: HashMap::with_capacity(enrolled.len()),
            sessions: Vec::with_capacity(enrolled.len()),
            known_commands: HashSet::new(),
        };
        for (session, paper) in enrolled {
            sitting.enlist(session, paper);
        }
        sitting
    }

    /// Makes a session known that was enrolled later. Does nothing when it is known.
    pub fn enlist(&mut self, id: SessionId, paper: Arc<Paper>) {
        if !self.index.contains_key(&id) {
            self.index.insert(id, self.sessions.len() as u32);
            self.ids.push(id);
            let mut session = Session::new(paper);
            session.join(self.head.held);
            self.sessions.push(session);
        }
    }

    /// Applies a durable record, in order of position. Nothing is checked: it was checked when it was decided.
    pub fn apply(&mut self, record: &Record) {
        let terminal = terminal_of(record.actor, record.command, &record.events);
        if terminal.is_none() {
            self.known_commands.insert(record.command);
        }
        let stamp = Stamp { at: record.at, position: record.position, terminal };
        for event in &record.events {
            match event {
                Event::Session(id, event) => {
                    if let Some(&index) = self.index.get(id) {
                        let session = &mut self.sessions[index as usize];
                        session.apply(event, stamp);
                        session.settle();
                    }
                }
                Event::Sitting(event) => {
                    apply_to_head(&mut self.head, event, record.at.mono_ms);
                    if let Some(change) = hall_change(event) {
                        self.sessions.iter_mut().for_each(|session| change(session, record.at.mono_ms));
                    }
                }
            }
        }
    }

    /// The sitting's id.
    pub fn id(&self) -> SittingId {
        self.id
    }

    /// How it behaves.
    pub fn policy(&self) -> &SittingPolicy {
        &self.policy
    }

    /// Replaces the policy, for instance after the committee moved the scheduled start.
    pub fn set_policy(&mut self, policy: SittingPolicy) {
        self.head.hard_close_ms = policy.hard_close_after_ms;
        self.policy = policy;
    }

    /// The sitting as a whole.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// One session.
    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.index.get(&id).map(|&index| &self.sessions[index as usize])
    }

    /// All sessions with their ids, in the order they were enlisted.
    pub fn sessions(&self) -> impl ExactSizeIterator<Item = (SessionId, &Session)> {
        self.ids.iter().copied().zip(&self.sessions)
    }

    /// Index of a session in [`Sitting::sessions`].
    pub fn index_of(&self, id: SessionId) -> Option<u32> {
        self.index.get(&id).copied()
    }

    /// The session at an index.
    pub fn session_at(&self, index: u32) -> Option<(SessionId, &Session)> {
        Some((*self.ids.get(index as usize)?, self.sessions.get(index as usize)?))
    }

    /// A draft over the durable state.
    pub fn draft(&self) -> Draft<'_> {
        Draft { sitting: self, changes: Changes::default() }
    }

    /// Takes over what a draft changed, once it is durable.
    pub fn settle(&mut self, changes: Changes) {
        for (index, session) in changes.sessions {
            let live = &mut self.sessions[index as usize];
            *live = session;
            live.settle();
        }
        if let Some(head) = changes.head {
            // The policy may have changed, and sessions may have been enlisted, while the batch was on its way.
            let held = head.held;
            self.head = Head { hard_close_ms: self.policy.hard_close_after_ms, ..head };
            self.sessions.iter_mut().for_each(|session| session.join(held));
        }
        self.known_commands.extend(changes.known_commands);
    }
}

/// What a batch changed so far.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    head: Option<Head>,
    sessions: BTreeMap<u32, Session>,
    known_commands: Vec<CommandId>,
}

impl Changes {
    /// Indexes of the sessions that changed, ascending.
    pub fn touched(&self) -> impl Iterator<Item = u32> {
        self.sessions.keys().copied()
    }

    /// The sitting as a whole changed.
    pub fn head_changed(&self) -> bool {
        self.head.is_some()
    }
}

/// The durable state plus what the current batch decided.
pub struct Draft<'a> {
    sitting: &'a Sitting,
    changes: Changes,
}

impl<'a> Draft<'a> {
    /// Gives up the loan of the sitting and keeps the changes.
    pub fn into_changes(self) -> Changes {
        self.changes
    }

    fn head(&self) -> &Head {
        self.changes.head.as_ref().unwrap_or(&self.sitting.head)
    }

    fn session(&self, index: u32) -> &Session {
        self.changes.sessions.get(&index).unwrap_or(&self.sitting.sessions[index as usize])
    }

    fn index(&self, id: SessionId) -> Result<u32, Refusal> {
        self.sitting.index.get(&id).copied().ok_or(Refusal::UnknownSession)
    }

    fn indexes(&self) -> impl Iterator<Item = u32> + use<> {
        0..self.sitting.sessions.len() as u32
    }

    /// Decides a command against the draft; changes nothing.
    pub fn decide(&self, command: &Command) -> Result<Decision, Refusal> {
        if let Some(approver) = command.approver
            && command.actor == Actor::Staff(approver)
        {
            return Err(Refusal::SamePerson);
        }
        match (command.actor, command.order.stamp()) {
            // Known by number in the session. Its id is compared with nothing else: another author could have made the same one.
            (Actor::Candidate, Some(stamp)) => {
                debug_assert_eq!(command.id, terminal_command_id(stamp), "a terminal's command is named after its number");
            }
            (Actor::Candidate | Actor::Staff(_) | Actor::System, _) => {
                if self.sitting.known_commands.contains(&command.id) || self.changes.known_commands.contains(&command.id) {
                    return Ok(Decision::Already { late: false });
                }
            }
        }
        match &command.order {
            Order::Session(id, order) => self.decide_for_session(*id, order, command),
            Order::Sitting(order) => self.decide_for_sitting(order, command),
        }
    }

    fn decide_for_session(&self, id: SessionId, order: &SessionOrder, command: &Command) -> Result<Decision, Refusal> {
        let index = self.index(id)?;
        if let SessionOrder::CheckIn { seat, .. } = order {
            self.seat_free(*seat, index)?;
        }
        match self.session(index).decide(self.head(), &self.sitting.policy, order, command.at)? {
            Verdict::Already { late } => Ok(Decision::Already { late }),
            Verdict::Events(events) => Ok(Decision::Events(events.into_iter().map(|event| Event::Session(id, event)).collect())),
        }
    }

    fn seat_free(&self, seat: SeatId, by: u32) -> Result<(), Refusal> {
        let taken =
            self.indexes().any(|index| index != by && self.session(index).seat() == Some(seat) && !self.session(index).phase().ended());
        if taken { Err(Refusal::SeatTaken) } else { Ok(()) }
    }

    fn decide_for_sitting(&self, order: &SittingOrder, command: &Command) -> Result<Decision, Refusal> {
        let events = match order {
            SittingOrder::Open(preparations) => self.open(preparations),
            SittingOrder::Start => self.start(),
            SittingOrder::Hold { reason } => self.hold(reason),
            SittingOrder::Release { reason } => self.release(reason),
            SittingOrder::Pause { sessions, reason } => self.pause(sessions, reason),
            SittingOrder::Resume { sessions } => self.resume(sessions),
            SittingOrder::GrantTime { sessions, ms, reason } => self.grant(sessions, *ms, reason, command.approver),
            SittingOrder::Move { session, seat, reason } => self.relocate(*session, *seat, reason),
            SittingOrder::Terminate { session, reason } => self.terminate(*session, reason, command.approver),
            SittingOrder::AdmitLate { session, position, reason } => self.admit(*session, *position, reason, command.approver),
            SittingOrder::Message { sessions, text } => self.message(sessions, text),
            SittingOrder::Note { session, text } => self.note(*session, text),
            SittingOrder::Close => self.close(),
        }?;
        Ok(Decision::Events(events))
    }

    fn open(&self, preparations: &[Preparation]) -> Result<Vec<Event>, Refusal> {
        match self.head().phase {
            SittingPhase::Planned => {}
            SittingPhase::Open | SittingPhase::Started => return Err(Refusal::SittingOpen),
            SittingPhase::Closed => return Err(Refusal::SittingClosed),
        }
        let mut events = vec![Event::Sitting(SittingEvent::Opened)];
        for preparation in preparations {
            self.index(preparation.session)?;
            let Preparation { session, paper, base_ms, extra_ms } = *preparation;
            events.push(Event::Session(session, SessionEvent::Prepared { paper, base_ms, extra_ms }));
        }
        Ok(events)
    }

    fn start(&self) -> Result<Vec<Event>, Refusal> {
        match self.head().phase {
            SittingPhase::Planned => return Err(Refusal::SittingNotOpen),
            SittingPhase::Open => {}
            SittingPhase::Started => return Err(Refusal::SittingStarted),
            SittingPhase::Closed => return Err(Refusal::SittingClosed),
        }
        if self.head().held {
            return Err(Refusal::HallHeld);
        }
        let mut events = vec![Event::Sitting(SittingEvent::Started)];
        if self.sitting.policy.start_together {
            let ready = self.indexes().filter(|&index| self.session(index).phase() == Phase::Ready);
            events.extend(ready.map(|index| self.about(index, SessionEvent::Started)));
        }
        Ok(events)
    }

    fn about(&self, index: u32, event: SessionEvent) -> Event {
        Event::Session(self.sitting.ids[index as usize], event)
    }

    fn hold(&self, reason: &str) -> Result<Vec<Event>, Refusal> {
        text(reason).map_err(|_| Refusal::ReasonMissing)?;
        self.head().doors_open()?;
        if self.head().held {
            return Err(Refusal::HallHeld);
        }
        Ok(vec![Event::Sitting(SittingEvent::Held { reason: reason.to_owned() })])
    }

    fn release(&self, reason: &str) -> Result<Vec<Event>, Refusal> {
        if !reason.is_empty() {
            text(reason)?;
        }
        self.head().doors_open()?;
        if !self.head().held {
            return Err(Refusal::HallNotHeld);
        }
        Ok(vec![Event::Sitting(SittingEvent::Released { reason: reason.to_owned() })])
    }

    /// The sessions named (all when none is named) to which something applies. When one session is named and it does not apply, the refusal
    /// says why; otherwise those that do not apply are left out, and it is refused only when nobody is left.
    fn each(&self, sessions: &[SessionId], apply: impl Fn(&Session) -> Result<SessionEvent, Refusal>) -> Result<Vec<Event>, Refusal> {
        if let [only] = sessions {
            let index = self.index(*only)?;
            return Ok(vec![self.about(index, apply(self.session(index))?)]);
        }
        // A session that is named twice is meant once.
        let named = sessions.iter().map(|&id| self.index(id)).collect::<Result<BTreeSet<_>, _>>()?;
        let indexes: BTreeSet<u32> = if sessions.is_empty() { self.indexes().collect() } else { named };
        let events: Vec<Event> =
            indexes.into_iter().filter_map(|index| apply(self.session(index)).ok().map(|event| self.about(index, event))).collect();
        if events.is_empty() { Err(Refusal::NothingToDo) } else { Ok(events) }
    }

    fn pause(&self, sessions: &[SessionId], reason: &str) -> Result<Vec<Event>, Refusal> {
        text(reason).map_err(|_| Refusal::ReasonMissing)?;
        self.head().doors_open()?;
        self.each(sessions, |session| match running(session) {
            Ok(()) if session.paused() => Err(Refusal::Paused),
            Ok(()) => Ok(SessionEvent::Paused { reason: reason.to_owned(), for_move: false }),
            Err(refusal) => Err(refusal),
        })
    }

    fn resume(&self, sessions: &[SessionId]) -> Result<Vec<Event>, Refusal> {
        self.head().doors_open()?;
        self.each(sessions, |session| match running(session) {
            Ok(()) if session.paused() => Ok(SessionEvent::Resumed),
            Ok(()) => Err(Refusal::NotPaused),
            Err(refusal) => Err(refusal),
        })
    }

    fn grant(&self, sessions: &[SessionId], ms: u32, reason: &str, approver: Option<StaffId>) -> Result<Vec<Event>, Refusal> {
        text(reason).map_err(|_| Refusal::ReasonMissing)?;
        self.head().doors_open()?;
        if !GRANT_MS.contains(&ms) {
            return Err(Refusal::OutOfRange);
        }
        let events = self.each(sessions, |session| {
            if session.phase().ended() {
                return Err(Refusal::Ended);
            }
            Ok(SessionEvent::TimeGranted { ms, reason: reason.to_owned() })
        })?;
        // What was granted before counts: several grants below the limit are one above it.
        let beyond = |above_ms: u32| {
            events.iter().any(|event| match event {
                Event::Session(id, _) => self.index(*id).is_ok_and(|index| self.session(index).granted_ms().saturating_add(ms) > above_ms),
                Event::Sitting(_) => false,
            })
        };
        if approver.is_none() && self.sitting.policy.grant_approval_above_ms.is_some_and(beyond) {
            return Err(Refusal::ApprovalMissing);
        }
        Ok(events)
    }

    fn relocate(&self, session: SessionId, seat: SeatId, reason: &str) -> Result<Vec<Event>, Refusal> {
        text(reason).map_err(|_| Refusal::ReasonMissing)?;
        self.head().doors_open()?;
        let index = self.index(session)?;
        let candidate = self.session(index);
        match candidate.phase() {
            Phase::Expected => return Err(Refusal::NotCheckedIn),
            Phase::CheckedIn | Phase::SignedIn | Phase::Ready | Phase::Running => {}
            Phase::Submitted | Phase::Expired | Phase::Terminated => return Err(Refusal::Ended),
        }
        self.seat_free(seat, index)?;
        let mut events =
            vec![Event::Session(session, SessionEvent::Moved { seat, epoch: candidate.epoch() + 1, reason: reason.to_owned() })];
        if candidate.phase() == Phase::Running && !candidate.paused() {
            // The walk to the other seat costs the candidate nothing; signing in there lets the clock run again.
            events.push(Event::Session(session, SessionEvent::Paused { reason: reason.to_owned(), for_move: true }));
        }
        Ok(events)
    }

    fn terminate(&self, session: SessionId, reason: &str, approver: Option<StaffId>) -> Result<Vec<Event>, Refusal> {
        text(reason).map_err(|_| Refusal::ReasonMissing)?;
        self.head().doors_open()?;
        let index = self.index(session)?;
        if self.session(index).phase().ended() {
            return Err(Refusal::Ended);
        }
        if self.sitting.policy.terminate_approval && approver.is_none() {
            return Err(Refusal::ApprovalMissing);
        }
        Ok(vec![Event::Session(session, SessionEvent::Terminated { reason: reason.to_owned() })])
    }

    fn admit(&self, session: SessionId, evidence: u64, reason: &str, approver: Option<StaffId>) -> Result<Vec<Event>, Refusal> {
        text(reason).map_err(|_| Refusal::ReasonMissing)?;
        let event = self.session(self.index(session)?).admit(evidence, reason)?;
        if self.sitting.policy.admit_late_approval && approver.is_none() {
            return Err(Refusal::ApprovalMissing);
        }
        Ok(vec![Event::Session(session, event)])
    }

    fn message(&self, sessions: &[SessionId], words: &str) -> Result<Vec<Event>, Refusal> {
        text(words)?;
        self.head().doors_open()?;
        sessions.iter().try_for_each(|&id| self.index(id).map(|_| ()))?;
        Ok(vec![Event::Sitting(SittingEvent::MessageSent { sessions: sessions.to_vec(), text: words.to_owned() })])
    }

    fn note(&self, session: Option<SessionId>, words: &str) -> Result<Vec<Event>, Refusal> {
        text(words)?;
        session.map_or(Ok(0), |id| self.index(id))?;
        Ok(vec![Event::Sitting(SittingEvent::Noted { session, text: words.to_owned() })])
    }

    fn close(&self) -> Result<Vec<Event>, Refusal> {
        match self.head().phase {
            SittingPhase::Planned => return Err(Refusal::SittingNotOpen),
            SittingPhase::Open | SittingPhase::Started => {}
            SittingPhase::Closed => return Err(Refusal::SittingClosed),
        }
        if self.indexes().any(|index| self.session(index).phase() == Phase::Running) {
            return Err(Refusal::SessionsRunning);
        }
        let absent = self.indexes().filter(|&index| {
            let session = self.session(index);
            session.prepared() && session.attendance() == crate::session::Attendance::Expected
        });
        let mut events: Vec<Event> =
            absent.map(|index| self.about(index, SessionEvent::AttendanceNoted { refused: false, reason: String::new() })).collect();
        events.push(Event::Sitting(SittingEvent::Closed));
        Ok(events)
    }

    /// Takes a decision into the draft.
    pub fn apply(&mut self, command: &Command, at: Now, position: u64, events: &[Event]) {
        let terminal = terminal_of(command.actor, command.id, events);
        if terminal.is_none() {
            self.changes.known_commands.push(command.id);
        }
        let stamp = Stamp { at, position, terminal };
        for event in events {
            match event {
                Event::Session(id, event) => {
                    if let Ok(index) = self.index(*id) {
                        self.session_mut(index).apply(event, stamp);
                    }
                }
                Event::Sitting(event) => {
                    let head = self.changes.head.get_or_insert_with(|| self.sitting.head.clone());
                    apply_to_head(head, event, at.mono_ms);
                    if let Some(change) = hall_change(event) {
                        for index in self.indexes() {
                            change(self.session_mut(index), at.mono_ms);
                        }
                    }
                }
            }
        }
    }

    fn session_mut(&mut self, index: u32) -> &mut Session {
        let sitting = self.sitting;
        self.changes.sessions.entry(index).or_insert_with(|| sitting.sessions[index as usize].clone())
    }
}

fn running(session: &Session) -> Result<(), Refusal> {
    match session.phase() {
        Phase::Expected | Phase::CheckedIn | Phase::SignedIn | Phase::Ready => Err(Refusal::NotStarted),
        Phase::Running => Ok(()),
        Phase::Submitted | Phase::Expired | Phase::Terminated => Err(Refusal::Ended),
    }
}

fn apply_to_head(head: &mut Head, event: &SittingEvent, mono_ms: u64) {
    match event {
        SittingEvent::Opened => head.phase = SittingPhase::Open,
        SittingEvent::Started => {
            head.phase = SittingPhase::Started;
            head.running.run(mono_ms);
        }
        SittingEvent::Held { reason } => {
            head.held = true;
            head.held_reason = Some(reason.clone());
            head.running.stop(mono_ms);
        }
        SittingEvent::Released { .. } => {
            head.held = false;
            head.held_reason = None;
            if head.phase == SittingPhase::Started {
                head.running.run(mono_ms);
            }
        }
        SittingEvent::Closed => {
            head.phase = SittingPhase::Closed;
            head.running.stop(mono_ms);
        }
        SittingEvent::MessageSent { .. } | SittingEvent::Noted { .. } => {}
    }
}

/// What an event of the hall does to each session.
fn hall_change(event: &SittingEvent) -> Option<fn(&mut Session, u64)> {
    match event {
        SittingEvent::Held { .. } => Some(Session::hold),
        SittingEvent::Released { .. } => Some(Session::release),
        SittingEvent::Opened
        | SittingEvent::Started
        | SittingEvent::Closed
        | SittingEvent::MessageSent { .. }
        | SittingEvent::Noted { .. } => None,
    }
}

/// The stamp of a terminal's command. Signing in is asked for by the candidate too, but no terminal speaks for the session before.
fn terminal_of(actor: Actor, command: CommandId, events: &[Event]) -> Option<TerminalStamp> {
    match (actor, events) {
        (Actor::Candidate, [Event::Session(_, event)]) if is_asked_by_terminal(event) => Some(terminal_stamp(command)),
        (Actor::Candidate | Actor::System | Actor::Staff(_), _) => None,
    }
}
