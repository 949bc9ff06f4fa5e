//! The model of a sitting: lists of what happened, and plain arithmetic over them. It knows nothing of how the engine keeps its state, and is
//! slow in every way that makes it simpler.
//!
//! It is fed with the records that are on the disk, in order, together with what was asked; says for each command what ought to come of it; and
//! is compared with the state of the engine.

use crate::plan::{HallPlan, Person};
use crate::property::{Checked, Property, broken};
use exam_session::command::{Actor, Command, GivenAnswer, Order, SessionOrder, SittingOrder, TerminalStamp, terminal_stamp};
use exam_session::event::{Event, SessionEvent, SittingEvent};
use exam_session::record::Record;
use exam_session::refusal::Refusal;
use exam_session::session::{Attendance, Phase, Session};
use exam_session::sitting::{Accepted, Head, Sitting, SittingPhase};
use question_bank::id::{CommandId, SeatId, SessionId};
use question_bank::key::Choices;
use question_bank::paper::Paper;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What ought to come of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It happens, once.
    Done,
    /// The answer is kept as evidence and does not count.
    Late,
    /// It was accepted before; kept as evidence then or not.
    Again {
        /// Kept as evidence.
        late: bool,
    },
    /// It is refused; accepting it breaks this.
    Refused(Property),
}

/// Stretches of time in which something ran: from, and to where it has ended.
#[derive(Clone, Debug, Default)]
struct Stretches(Vec<(u64, Option<u64>)>);

impl Stretches {
    fn run(&mut self, at_ms: u64) {
        if !self.runs() {
            self.0.push((at_ms, None));
        }
    }

    fn stop(&mut self, at_ms: u64) {
        if let Some((_, to @ None)) = self.0.last_mut() {
            *to = Some(at_ms);
        }
    }

    fn runs(&self) -> bool {
        matches!(self.0.last(), Some((_, None)))
    }

    fn total(&self, now_ms: u64) -> u64 {
        self.0.iter().map(|&(from, to)| to.unwrap_or(now_ms).saturating_sub(from)).sum()
    }
}

/// What a terminal asked for under a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Consent,
    Start,
    View(u16),
    Answer(u16, Choices),
    Flag(u16, bool),
    Advance,
    Submit,
}

fn asked(order: &SessionOrder) -> Option<(TerminalStamp, Asked)> {
    Some(match order {
        SessionOrder::Consent(stamp) => (*stamp, Asked::Consent),
        SessionOrder::Start(stamp) => (*stamp, Asked::Start),
        SessionOrder::View(stamp, position) => (*stamp, Asked::View(*position)),
        SessionOrder::Answer(stamp, given) | SessionOrder::LateAnswer(stamp, given, _) => {
            (*stamp, Asked::Answer(given.position, given.choices))
        }
        SessionOrder::Flag(stamp, position, doubtful) => (*stamp, Asked::Flag(*position, *doubtful)),
        SessionOrder::Advance(stamp, _) => (*stamp, Asked::Advance),
        SessionOrder::Submit(stamp) => (*stamp, Asked::Submit),
        SessionOrder::Prepare(_)
        | SessionOrder::CheckIn { .. }
        | SessionOrder::NoteAttendance { .. }
        | SessionOrder::SignIn
        | SessionOrder::Expire => return None,
    })
}

/// An answer that is in the journal.
#[derive(Clone, Copy, Debug)]
pub struct StoredAnswer {
    /// Which terminal and command; none for evidence that was admitted.
    pub stamp: Option<TerminalStamp>,
    /// Position in the paper.
    pub position: u16,
    /// What was chosen.
    pub choices: Choices,
}

/// Late evidence that is in the journal.
#[derive(Clone, Copy, Debug)]
pub struct StoredEvidence {
    /// Journal position.
    pub journal_position: u64,
    /// Which terminal and command.
    pub stamp: TerminalStamp,
    /// Position in the paper.
    pub position: u16,
    /// What was chosen.
    pub choices: Choices,
    /// It was let count.
    pub admitted: bool,
}

/// One session.
pub struct SessionModel {
    paper: Arc<Paper>,
    prepared: bool,
    base_ms: u64,
    extra_ms: u64,
    grants: Vec<u64>,
    section_grants: Vec<u64>,
    attendance: Attendance,
    seat: Option<SeatId>,
    at_terminal: bool,
    consented: bool,
    started: bool,
    /// How it ended.
    pub ended: Option<Phase>,
    /// The terminal that speaks for it.
    pub epoch: u32,
    paused: bool,
    for_move: bool,
    was_stopped: bool,
    ran: Stretches,
    section: usize,
    section_began_ms: u64,
    cursor: u16,
    flags: BTreeSet<u16>,
    accepted: HashMap<(u32, u32), Asked>,
    /// Every answer that counts or counted, in order.
    pub answers: Vec<StoredAnswer>,
    /// What counts, by position.
    pub counts: BTreeMap<u16, Choices>,
    highest: HashMap<(u32, u16), u32>,
    /// Late evidence in order.
    pub evidence: Vec<StoredEvidence>,
}

impl SessionModel {
    fn new(person: &Person) -> Self {
        SessionModel {
            paper: Arc::clone(&person.paper),
            prepared: false,
            base_ms: 0,
            extra_ms: 0,
            grants: Vec::new(),
            section_grants: Vec::new(),
            attendance: Attendance::Expected,
            seat: None,
            at_terminal: false,
            consented: false,
            started: false,
            ended: None,
            epoch: 0,
            paused: false,
            for_move: false,
            was_stopped: false,
            ran: Stretches::default(),
            section: 0,
            section_began_ms: 0,
            cursor: 0,
            flags: BTreeSet::new(),
            accepted: HashMap::new(),
            answers: Vec::new(),
            counts: BTreeMap::new(),
            highest: HashMap::new(),
            evidence: Vec::new(),
        }
    }

    fn phase(&self) -> Phase {
        match self.ended {
            Some(phase) => phase,
            None if self.started => Phase::Running,
            None if self.at_terminal && self.consented => Phase::Ready,
            None if self.at_terminal => Phase::SignedIn,
            None if self.attendance == Attendance::Present => Phase::CheckedIn,
            None => Phase::Expected,
        }
    }

    /// Started and not over.
    pub fn running(&self) -> bool {
        self.started && self.ended.is_none()
    }

    /// Paused by the proctor or for a move.
    pub fn paused(&self) -> bool {
        self.paused
    }

    fn allowance_ms(&self) -> u64 {
        self.base_ms + self.extra_ms + self.grants.iter().sum::<u64>()
    }

    fn section_limit_ms(&self) -> Option<u64> {
        let own_ms = u64::from(self.paper.sections[self.section].duration_ms?);
        Some(own_ms * (self.base_ms + self.extra_ms) / self.base_ms.max(1) + self.section_grants.iter().sum::<u64>())
    }

    /// First and last open section: one that is linear or timed stands alone, free ones that touch are open together.
    fn open_sections(&self) -> (usize, usize) {
        let alone = |index: usize| self.paper.sections[index].linear || self.paper.sections[index].duration_ms.is_some();
        let (mut first, mut last) = (self.section, self.section);
        if !alone(self.section) {
            while first > 0 && !alone(first - 1) {
                first -= 1;
            }
            while last + 1 < self.paper.sections.len() && !alone(last + 1) {
                last += 1;
            }
        }
        (first, last)
    }

    fn section_of(&self, position: u16) -> Option<usize> {
        let mut end = 0;
        self.paper.sections.iter().position(|section| {
            end += section.items;
            position < end
        })
    }

    /// Open to be looked at or changed; a linear section only at the cursor, and for a look one further.
    fn open(&self, position: u16, further: u16) -> bool {
        let Some(section) = self.section_of(position) else { return false };
        let (first, last) = self.open_sections();
        let linear = self.paper.sections[section].linear;
        (first..=last).contains(&section) && (!linear || position == self.cursor || position == self.cursor + further)
    }

    fn sane(&self, given: &GivenAnswer) -> bool {
        let Some(entry) = self.paper.entry(given.position) else { return false };
        entry.item == given.item && u32::from(given.choices.mask()) < 1 << entry.choices && (entry.multiple || given.choices.len() <= 1)
    }

    /// Marks by section, thousandths, from the table.
    pub fn marks(&self, plan: &HallPlan) -> Vec<i64> {
        let mut position = 0;
        let section = |section: &question_bank::paper::PaperSection| {
            let mut sum = 0;
            for _ in 0..section.items {
                let entry = usize::from(self.paper.items[usize::from(position)].entry);
                let chosen = self.counts.get(&position).copied().unwrap_or_default();
                sum += plan.marks[entry][usize::from(chosen.mask())];
                position += 1;
            }
            sum
        };
        self.paper.sections.iter().map(section).collect()
    }

    /// Did the session ever run? Before that there are no marks.
    pub fn started(&self) -> bool {
        self.started
    }

    /// Attendance as noted.
    pub fn attendance(&self) -> Attendance {
        self.attendance
    }

    /// Positions with a choice.
    pub fn answered(&self) -> usize {
        self.counts.values().filter(|choices| !choices.is_empty()).count()
    }
}

/// A command that somebody waits for, as it entered the owner.
#[derive(Clone, Debug)]
pub struct AskedCommand {
    /// The command, stamped with its arrival.
    pub command: Command,
}

/// One sitting.
pub struct HallModel {
    plan: Arc<HallPlan>,
    index: HashMap<SessionId, usize>,
    /// In the order of the plan.
    pub sessions: Vec<SessionModel>,
    /// Position of the next record.
    pub next_position: u64,
    last_mono_ms: u64,
    opened: bool,
    started: bool,
    closed: bool,
    held: bool,
    ran: Stretches,
    known: HashSet<CommandId>,
}

impl HallModel {
    /// Nothing has happened.
    pub fn new(plan: &Arc<HallPlan>) -> Self {
        HallModel {
            plan: Arc::clone(plan),
            index: plan.people.iter().enumerate().map(|(index, person)| (person.session, index)).collect(),
            sessions: plan.people.iter().map(SessionModel::new).collect(),
            next_position: 0,
            last_mono_ms: 0,
            opened: false,
            started: false,
            closed: false,
            held: false,
            ran: Stretches::default(),
            known: HashSet::new(),
        }
    }

    /// Doors are open.
    pub fn doors_open(&self) -> bool {
        self.opened && !self.closed
    }

    /// The proctor has started.
    pub fn started(&self) -> bool {
        self.started
    }

    /// The proctor has closed.
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// All clocks stand.
    pub fn held(&self) -> bool {
        self.held
    }

    /// Time of the last record.
    pub fn last_mono_ms(&self) -> u64 {
        self.last_mono_ms
    }

    /// Somebody's exam has begun and is not over.
    pub fn anybody_running(&self) -> bool {
        self.sessions.iter().any(SessionModel::running)
    }

    fn seat_free(&self, seat: SeatId, by: usize) -> bool {
        !self.sessions.iter().enumerate().any(|(index, session)| index != by && session.seat == Some(seat) && session.ended.is_none())
    }

    /// Remaining time of a session, milliseconds.
    pub fn remaining_ms(&self, index: usize, now_ms: u64) -> u64 {
        let session = &self.sessions[index];
        if session.ended.is_some() {
            return 0;
        }
        let own = session.allowance_ms().saturating_sub(session.ran.total(now_ms));
        self.plan.policy.hard_close_after_ms.map_or(own, |limit| own.min(limit.saturating_sub(self.ran.total(now_ms))))
    }

    /// By how much the time of a session, its section or the hall is over; none while no clock of it runs or nothing is over.
    pub fn over_ms(&self, index: usize, now_ms: u64) -> Option<u64> {
        let session = &self.sessions[index];
        if !session.running() {
            return None;
        }
        let used = session.ran.total(now_ms);
        let own = session.ran.runs().then(|| used.checked_sub(session.allowance_ms())).flatten();
        let section =
            session.section_limit_ms().filter(|_| session.ran.runs()).and_then(|limit| used.checked_sub(session.section_began_ms + limit));
        let hall =
            self.plan.policy.hard_close_after_ms.filter(|_| self.ran.runs()).and_then(|limit| self.ran.total(now_ms).checked_sub(limit));
        [own, section, hall].into_iter().flatten().max()
    }

    /// Does an answer that arrives now still count, by time alone?
    fn in_time(&self, session: &SessionModel, at_ms: u64) -> bool {
        let grace = self.plan.policy.grace_ms;
        let used = session.ran.total(at_ms);
        used <= session.allowance_ms() + grace
            && session.section_limit_ms().is_none_or(|limit| used <= session.section_began_ms + limit + grace)
            && self.plan.policy.hard_close_after_ms.is_none_or(|limit| self.ran.total(at_ms) <= limit + grace)
    }

    /// What ought to come of a command that arrived when it says, decided now.
    pub fn judge(&self, command: &Command) -> Outcome {
        let rules = Outcome::Refused(Property::RulesHold);
        if command.approver.is_some_and(|approver| command.actor == Actor::Staff(approver)) {
            return rules;
        }
        let by_number = command.actor == Actor::Candidate && command.order.stamp().is_some();
        if !by_number && self.known.contains(&command.id) {
            return Outcome::Again { late: false };
        }
        let fine = match &command.order {
            Order::Session(id, order) => {
                let Some(&index) = self.index.get(id) else { return rules };
                return self.judge_session(index, order, command);
            }
            Order::Sitting(order) => self.allows(order, command),
        };
        if fine { Outcome::Done } else { rules }
    }

    fn judge_session(&self, index: usize, order: &SessionOrder, command: &Command) -> Outcome {
        let session = &self.sessions[index];
        let rules = Outcome::Refused(Property::RulesHold);
        let when = |fine: bool| if fine { Outcome::Done } else { Outcome::Refused(Property::RulesHold) };
        let unseen = session.phase() == Phase::Expected;
        if !session.prepared {
            return when(matches!(order, SessionOrder::Prepare(_)));
        }
        let Some((stamp, asked)) = asked(order) else {
            return match order {
                SessionOrder::Prepare(_) => Outcome::Again { late: false },
                SessionOrder::CheckIn { seat, .. } => {
                    when(self.doors_open() && unseen && self.seat_free(*seat, index) && self.check_in_open(order, command))
                }
                SessionOrder::NoteAttendance { .. } => when(self.doors_open() && unseen),
                SessionOrder::SignIn => when(self.doors_open() && !unseen && session.ended.is_none()),
                SessionOrder::Expire => when(self.over_ms(index, command.at.mono_ms).is_some()),
                _ => rules,
            };
        };
        let given = match order {
            SessionOrder::Answer(_, given) | SessionOrder::LateAnswer(_, given, _) => Some(given),
            _ => None,
        };
        if given.is_some_and(|given| !session.sane(given)) {
            return rules;
        }
        if matches!(order, SessionOrder::LateAnswer(..)) && (!session.started || stamp.epoch == 0 || stamp.epoch > session.epoch) {
            return rules;
        }
        match session.accepted.get(&(stamp.epoch, stamp.seq)) {
            Some(before) if *before == asked => {
                return Outcome::Again { late: session.evidence.iter().any(|piece| piece.stamp == stamp) };
            }
            Some(_) => return Outcome::Refused(Property::NothingDoubled),
            None => {}
        }
        if matches!(order, SessionOrder::LateAnswer(..)) {
            return Outcome::Late;
        }
        if stamp.epoch != session.epoch {
            return Outcome::Refused(Property::OneTerminal);
        }
        let working = session.running() && !session.paused && !self.held;
        match asked {
            Asked::Consent => when(self.doors_open() && session.phase() == Phase::SignedIn),
            Asked::Start => when(
                self.started
                    && !self.closed
                    && !self.held
                    && session.phase() == Phase::Ready
                    && self.ran.total(command.at.mono_ms) <= self.plan.policy.latest_start_after_ms,
            ),
            Asked::View(position) => when(working && session.open(position, 1)),
            Asked::Flag(position, _) => when(working && session.open(position, 0)),
            Asked::Advance => when(
                working
                    && matches!(order, SessionOrder::Advance(_, section) if usize::from(*section) == session.section)
                    && session.open_sections().1 + 1 < session.paper.sections.len(),
            ),
            Asked::Submit => when(working),
            Asked::Answer(position, _) => {
                if !session.started {
                    return rules;
                }
                if session.ended.is_some() || !self.in_time(session, command.at.mono_ms) {
                    return Outcome::Late;
                }
                if session.highest.get(&(stamp.epoch, position)).is_some_and(|&highest| stamp.seq < highest) {
                    return Outcome::Refused(Property::LastAnswerCounts);
                }
                when(session.open(position, 0))
            }
        }
    }

    fn check_in_open(&self, order: &SessionOrder, command: &Command) -> bool {
        let policy = &self.plan.policy;
        let window = policy.scheduled_utc_ms - policy.check_in_opens_before_ms..=policy.scheduled_utc_ms - policy.check_in_closes_before_ms;
        matches!(order, SessionOrder::CheckIn { override_reason: Some(_), .. }) || window.contains(&command.at.utc_ms)
    }

    /// The sessions an order names; none named means all.
    fn named(&self, sessions: &[SessionId]) -> Vec<usize> {
        if sessions.is_empty() {
            (0..self.sessions.len()).collect()
        } else {
            sessions.iter().filter_map(|id| self.index.get(id).copied()).collect()
        }
    }

    /// The sessions to which an order applies.
    fn applies(&self, order: &SittingOrder) -> Vec<usize> {
        let (sessions, fits): (_, fn(&SessionModel) -> bool) = match order {
            SittingOrder::Pause { sessions, .. } => (sessions, |session| session.running() && !session.paused),
            SittingOrder::Resume { sessions } => (sessions, |session| session.running() && session.paused),
            SittingOrder::GrantTime { sessions, .. } => (sessions, |session| session.ended.is_none()),
            _ => return Vec::new(),
        };
        let mut applies = self.named(sessions);
        applies.retain(|&index| fits(&self.sessions[index]));
        // In the order of the plan, and whoever is named twice once.
        applies.sort_unstable();
        applies.dedup();
        applies
    }

    fn allows(&self, order: &SittingOrder, command: &Command) -> bool {
        let policy = &self.plan.policy;
        let approved = |needed: bool| !needed || command.approver.is_some();
        match order {
            SittingOrder::Open(_) => !self.opened,
            SittingOrder::Start => self.opened && !self.started && !self.closed && !self.held,
            SittingOrder::Hold { .. } => self.doors_open() && !self.held,
            SittingOrder::Release { .. } => self.doors_open() && self.held,
            SittingOrder::Pause { .. } | SittingOrder::Resume { .. } => self.doors_open() && !self.applies(order).is_empty(),
            SittingOrder::GrantTime { ms, .. } => {
                let applies = self.applies(order);
                let most = applies.iter().map(|&index| self.sessions[index].grants.iter().sum::<u64>()).max().unwrap_or(0);
                let second = policy.grant_approval_above_ms.is_some_and(|above| most + u64::from(*ms) > u64::from(above));
                self.doors_open() && (1_000..=7_200_000).contains(ms) && !applies.is_empty() && approved(second)
            }
            SittingOrder::Move { session, seat, .. } => {
                let Some(&index) = self.index.get(session) else { return false };
                let phase = self.sessions[index].phase();
                self.doors_open() && phase != Phase::Expected && !phase.ended() && self.seat_free(*seat, index)
            }
            SittingOrder::Terminate { session, .. } => {
                let alive = self.index.get(session).is_some_and(|&index| self.sessions[index].ended.is_none());
                self.doors_open() && alive && approved(policy.terminate_approval)
            }
            SittingOrder::AdmitLate { session, position, .. } => {
                let found = self.index.get(session).is_some_and(|&index| {
                    self.sessions[index].evidence.iter().any(|piece| piece.journal_position == *position && !piece.admitted)
                });
                found && approved(policy.admit_late_approval)
            }
            SittingOrder::Message { .. } => self.doors_open(),
            SittingOrder::Note { .. } => true,
            SittingOrder::Close => self.doors_open() && !self.anybody_running(),
        }
    }

    /// A durable batch with the answers of its commands, both in order. Answers to commands that made no record stand between those that did.
    pub fn batch(&mut self, answers: &[(AskedCommand, Result<Accepted, Refusal>)], records: &[Record]) -> Checked {
        let mut rest = records.iter();
        for (asked, answer) in answers {
            if let Ok(Accepted { position: Some(position), late, .. }) = answer {
                loop {
                    let Some(record) = rest.next() else {
                        return broken(Property::AcknowledgedIsDurable, format!("no record {position} for {:?}", asked.command));
                    };
                    if record.position == *position {
                        self.made(&asked.command, record, *late)?;
                        break;
                    }
                    self.unasked(record)?;
                }
                continue;
            }
            let mut expected = self.judge(&asked.command);
            // Expiries have no answer, so they may have come before this command or after it.
            while !agrees(&expected, answer)
                && let Some(record) = rest.as_slice().first().filter(|record| record.actor == Actor::System)
            {
                rest.next();
                self.unasked(record)?;
                expected = self.judge(&asked.command);
            }
            if !agrees(&expected, answer) {
                return self.wrong(&asked.command, &expected, &format!("{answer:?}"));
            }
        }
        rest.try_for_each(|record| self.unasked(record))
    }

    /// A record whose command nobody waits for: the owner's own, or one whose answer was lost in a crash.
    pub fn unasked(&mut self, record: &Record) -> Checked {
        if let (Actor::System, Some(session), [Event::Session(_, event), ..]) = (record.actor, record.scope, &record.events[..])
            && matches!(event, SessionEvent::Expired | SessionEvent::SectionClosed { by_time: true, .. })
        {
            let index = self.index[&session];
            if self.over_ms(index, record.at.mono_ms).is_none() {
                return broken(Property::OnlyInTimeCounts, format!("session {index} was ended before its time: {:?}", record.events));
            }
        }
        self.apply(record)
    }

    fn wrong(&self, command: &Command, expected: &Outcome, found: &str) -> Checked {
        let property = match expected {
            Outcome::Refused(property) => *property,
            Outcome::Again { .. } => Property::NothingDoubled,
            Outcome::Late => Property::OnlyInTimeCounts,
            Outcome::Done if matches!(command.order, Order::Session(_, SessionOrder::Answer(..))) => Property::OnlyInTimeCounts,
            Outcome::Done => Property::RulesHold,
        };
        broken(
            property,
            format!("{:?} of {:?} at {} came to {found}, expected {expected:?}", command.order, command.actor, command.at.mono_ms),
        )
    }

    /// A record that was made for a command.
    fn made(&mut self, command: &Command, record: &Record, late: bool) -> Checked {
        let expected = self.judge(command);
        if expected != if late { Outcome::Late } else { Outcome::Done } {
            return self.wrong(command, &expected, &format!("{:?}, late {late}", record.events));
        }
        let same =
            (record.command, record.nonce, record.actor, record.approver) == (command.id, command.nonce, command.actor, command.approver);
        if !same || !self.fits(&command.order, &record.events) {
            return broken(Property::RulesHold, format!("{:?} made {record:?}", command.order));
        }
        self.apply(record)
    }

    /// Are these the events of this order?
    fn fits(&self, order: &Order, events: &[Event]) -> bool {
        match order {
            Order::Session(id, order) => {
                let [Event::Session(of, event), rest @ ..] = events else { return false };
                if of != id || (!rest.is_empty() && !matches!(order, SessionOrder::SignIn)) {
                    return false;
                }
                match (order, event) {
                    (SessionOrder::Answer(_, given), SessionEvent::Answered { position, item, choices }) => {
                        *given == GivenAnswer { position: *position, item: *item, choices: *choices }
                    }
                    (
                        SessionOrder::Answer(_, given) | SessionOrder::LateAnswer(_, given, _),
                        SessionEvent::AnsweredLate { position, item, choices, .. },
                    ) => *given == GivenAnswer { position: *position, item: *item, choices: *choices },
                    (SessionOrder::View(_, asked), SessionEvent::Viewed { position }) => asked == position,
                    (SessionOrder::Flag(_, at, on), SessionEvent::Flagged { position, doubtful }) => (at, on) == (position, doubtful),
                    (SessionOrder::Advance(..), SessionEvent::SectionClosed { section, by_time: false }) => {
                        usize::from(*section) == self.sessions[self.index[id]].open_sections().1
                    }
                    (SessionOrder::Submit(_), SessionEvent::Submitted)
                    | (SessionOrder::Consent(_), SessionEvent::Consented)
                    | (SessionOrder::Start(_), SessionEvent::Started)
                    | (SessionOrder::Prepare(_), SessionEvent::Prepared { .. })
                    | (SessionOrder::CheckIn { .. }, SessionEvent::CheckedIn { .. })
                    | (SessionOrder::NoteAttendance { .. }, SessionEvent::AttendanceNoted { .. })
                    | (SessionOrder::Expire, SessionEvent::Expired | SessionEvent::SectionClosed { by_time: true, .. }) => true,
                    (SessionOrder::SignIn, SessionEvent::SignedIn { epoch }) => *epoch == self.sessions[self.index[id]].epoch + 1,
                    _ => false,
                }
            }
            Order::Sitting(order) => {
                let touched: Vec<usize> = events
                    .iter()
                    .filter_map(|event| match event {
                        Event::Session(id, _) => self.index.get(id).copied(),
                        Event::Sitting(_) => None,
                    })
                    .collect();
                match order {
                    SittingOrder::Pause { .. } | SittingOrder::Resume { .. } | SittingOrder::GrantTime { .. } => {
                        touched == self.applies(order)
                    }
                    SittingOrder::Start if self.plan.policy.start_together => {
                        touched
                            == (0..self.sessions.len()).filter(|&index| self.sessions[index].phase() == Phase::Ready).collect::<Vec<_>>()
                    }
                    SittingOrder::Open(preparations) => touched.len() == preparations.len(),
                    SittingOrder::Close | SittingOrder::Move { .. } | SittingOrder::Terminate { .. } | SittingOrder::AdmitLate { .. } => {
                        true
                    }
                    SittingOrder::Start
                    | SittingOrder::Hold { .. }
                    | SittingOrder::Release { .. }
                    | SittingOrder::Message { .. }
                    | SittingOrder::Note { .. } => touched.is_empty(),
                }
            }
        }
    }

    /// Takes in a record.
    fn apply(&mut self, record: &Record) -> Checked {
        if record.position != self.next_position || record.at.mono_ms < self.last_mono_ms || record.events.is_empty() {
            let Record { position, at, .. } = record;
            let (next, last) = (self.next_position, self.last_mono_ms);
            return broken(Property::JournalIsWhole, format!("record {position} at {} after record {next} - 1 at {last}", at.mono_ms));
        }
        self.next_position += 1;
        self.last_mono_ms = record.at.mono_ms;
        let stamp = match &record.events[..] {
            [Event::Session(_, event)] if record.actor == Actor::Candidate && !matches!(event, SessionEvent::SignedIn { .. }) => {
                Some(terminal_stamp(record.command))
            }
            // Signing in at the new seat ends the pause of the walk.
            _ => None,
        };
        if stamp.is_none() && !self.known.insert(record.command) {
            return broken(Property::NothingDoubled, format!("command {} stands twice in the journal", record.command));
        }
        for event in &record.events {
            match event {
                Event::Session(id, event) => self.apply_session(self.index[id], event, record, stamp)?,
                Event::Sitting(event) => self.apply_sitting(event, record.at.mono_ms),
            }
        }
        Ok(())
    }

    fn apply_sitting(&mut self, event: &SittingEvent, at_ms: u64) {
        match event {
            SittingEvent::Opened => self.opened = true,
            SittingEvent::Started => {
                self.started = true;
                self.ran.run(at_ms);
            }
            SittingEvent::Held { .. } => {
                self.held = true;
                self.ran.stop(at_ms);
                for session in &mut self.sessions {
                    session.was_stopped |= session.running();
                    session.ran.stop(at_ms);
                }
            }
            SittingEvent::Released { .. } => {
                self.held = false;
                if self.started {
                    self.ran.run(at_ms);
                }
                self.sessions.iter_mut().filter(|session| session.running() && !session.paused).for_each(|session| session.ran.run(at_ms));
            }
            SittingEvent::Closed => {
                self.closed = true;
                self.ran.stop(at_ms);
            }
            SittingEvent::MessageSent { .. } | SittingEvent::Noted { .. } => {}
        }
    }

    fn apply_session(&mut self, index: usize, event: &SessionEvent, record: &Record, stamp: Option<TerminalStamp>) -> Checked {
        let at_ms = record.at.mono_ms;
        let held = self.held;
        let session = &mut self.sessions[index];
        let accept = |session: &mut SessionModel, asked: Asked| match stamp {
            Some(TerminalStamp { epoch, seq }) if session.accepted.insert((epoch, seq), asked).is_some() => {
                broken(Property::NothingDoubled, format!("number {seq} of epoch {epoch} of session {index} stands twice in the journal"))
            }
            Some(_) | None => Ok(()),
        };
        match event {
            SessionEvent::Prepared { base_ms, extra_ms, .. } => {
                session.prepared = true;
                session.base_ms = u64::from(*base_ms);
                session.extra_ms = u64::from(*extra_ms);
            }
            SessionEvent::CheckedIn { seat, .. } => {
                session.attendance = Attendance::Present;
                session.seat = Some(*seat);
            }
            SessionEvent::AttendanceNoted { refused, .. } => {
                session.attendance = if *refused { Attendance::Refused } else { Attendance::Absent };
            }
            SessionEvent::SignedIn { epoch } => {
                session.epoch = *epoch;
                session.at_terminal = true;
            }
            SessionEvent::Consented => {
                accept(session, Asked::Consent)?;
                session.consented = true;
            }
            SessionEvent::Started => {
                accept(session, Asked::Start)?;
                session.started = true;
                if !held {
                    session.ran.run(at_ms);
                }
            }
            SessionEvent::Viewed { position } => {
                accept(session, Asked::View(*position))?;
                session.cursor = *position;
            }
            SessionEvent::Answered { position, choices, .. } => {
                accept(session, Asked::Answer(*position, *choices))?;
                session.answers.push(StoredAnswer { stamp, position: *position, choices: *choices });
                session.counts.insert(*position, *choices);
                if let Some(TerminalStamp { epoch, seq }) = stamp {
                    session.highest.insert((epoch, *position), seq);
                }
            }
            SessionEvent::Flagged { position, doubtful } => {
                accept(session, Asked::Flag(*position, *doubtful))?;
                if *doubtful {
                    session.flags.insert(*position)
                } else {
                    session.flags.remove(position)
                };
            }
            SessionEvent::SectionClosed { section, by_time } => {
                if !by_time {
                    accept(session, Asked::Advance)?;
                }
                let used = session.ran.total(at_ms);
                let over = session.section_limit_ms().map_or(u64::MAX, |limit| session.section_began_ms + limit);
                session.section_began_ms = used.min(over);
                session.section_grants.clear();
                session.section = (usize::from(*section) + 1).min(session.paper.sections.len() - 1);
                let first: u16 = session.paper.sections[..session.section].iter().map(|section| section.items).sum();
                session.cursor = first;
            }
            SessionEvent::Paused { for_move, .. } => {
                session.paused = true;
                session.for_move = *for_move;
                session.was_stopped = true;
                session.ran.stop(at_ms);
            }
            SessionEvent::Resumed => {
                session.paused = false;
                session.for_move = false;
                if session.running() && !held {
                    session.ran.run(at_ms);
                }
            }
            SessionEvent::TimeGranted { ms, .. } => {
                session.grants.push(u64::from(*ms));
                session.section_grants.push(u64::from(*ms));
            }
            SessionEvent::Moved { seat, epoch, .. } => {
                session.seat = Some(*seat);
                session.epoch = *epoch;
                session.at_terminal = false;
            }
            SessionEvent::Submitted => {
                accept(session, Asked::Submit)?;
                session.end(Phase::Submitted, at_ms);
            }
            SessionEvent::Expired => session.end(Phase::Expired, at_ms),
            SessionEvent::Terminated { .. } => session.end(Phase::Terminated, at_ms),
            SessionEvent::AnsweredLate { position, choices, .. } => {
                accept(session, Asked::Answer(*position, *choices))?;
                let stamp = stamp.unwrap_or(TerminalStamp { epoch: 0, seq: 0 });
                let (position, choices) = (*position, *choices);
                session.evidence.push(StoredEvidence { journal_position: record.position, stamp, position, choices, admitted: false });
            }
            SessionEvent::LateAdmitted { evidence, position, choices, .. } => {
                let piece = session.evidence.iter_mut().find(|piece| piece.journal_position == *evidence && !piece.admitted);
                let Some(piece) = piece.filter(|piece| (piece.position, piece.choices) == (*position, *choices)) else {
                    return broken(Property::RulesHold, format!("admitted what is no evidence: {event:?}"));
                };
                piece.admitted = true;
                session.answers.push(StoredAnswer { stamp: None, position: *position, choices: *choices });
                session.counts.insert(*position, *choices);
            }
        }
        Ok(())
    }

    /// The engine's state of some sessions, and of the hall, is that of the model.
    pub fn compare(&self, sitting: &Sitting, now_ms: u64, sessions: impl Iterator<Item = usize>) -> Checked {
        self.compare_head(sitting.head(), now_ms)?;
        for index in sessions {
            let Some((_, session)) = sitting.session_at(index as u32) else { continue };
            self.compare_session(index, session, sitting.head(), now_ms)?;
        }
        Ok(())
    }

    fn compare_head(&self, head: &Head, now_ms: u64) -> Checked {
        let phase = match (self.opened, self.started, self.closed) {
            (_, _, true) => SittingPhase::Closed,
            (_, true, _) => SittingPhase::Started,
            (true, _, _) => SittingPhase::Open,
            (false, _, _) => SittingPhase::Planned,
        };
        if (head.phase, head.held) != (phase, self.held) {
            return broken(
                Property::RulesHold,
                format!("the hall is {:?}, held {}; expected {phase:?}, held {}", head.phase, head.held, self.held),
            );
        }
        let (found, expected) = (head.running.consumed(now_ms), self.ran.total(now_ms));
        if found != expected {
            return broken(Property::ClocksAgree, format!("the hall ran {found} ms, expected {expected} ms"));
        }
        Ok(())
    }

    fn compare_session(&self, index: usize, session: &Session, head: &Head, now_ms: u64) -> Checked {
        let model = &self.sessions[index];
        let used = model.ran.total(now_ms).min(model.allowance_ms());
        if session.consumed_ms(now_ms) != used {
            let property = if model.was_stopped { Property::PauseStopsTime } else { Property::ClocksAgree };
            return broken(property, format!("session {index} has used {} ms, expected {used} ms", session.consumed_ms(now_ms)));
        }
        let (found, expected) = (session.remaining_ms(head, now_ms), self.remaining_ms(index, now_ms));
        if found != expected || session.allowance_ms() != model.allowance_ms() {
            return broken(Property::ClocksAgree, format!("session {index} has {found} ms left, expected {expected} ms"));
        }
        let limit = model
            .section_limit_ms()
            .map(|limit| (model.section_began_ms + limit).saturating_sub(model.ran.total(now_ms)).min(limit).min(expected));
        if session.section_remaining_ms(head, now_ms) != limit {
            let found = session.section_remaining_ms(head, now_ms);
            return broken(Property::ClocksAgree, format!("the section of session {index} has {found:?} ms left, expected {limit:?} ms"));
        }
        let stopped = model.ended.is_none() && (model.paused || self.held);
        let stands = (session.phase(), session.epoch(), session.paused(), session.seat(), session.attendance());
        let expected = (model.phase(), model.epoch, model.paused, model.seat, model.attendance);
        if stands != expected || (model.ended.is_none() && session.stopped() != stopped) {
            return broken(Property::RulesHold, format!("session {index} stands at {stands:?}, expected {expected:?}, stopped {stopped}"));
        }
        if (usize::from(session.section()), session.cursor()) != (model.section, model.cursor) {
            return broken(
                Property::RulesHold,
                format!("session {index} is at section {}, position {}", session.section(), session.cursor()),
            );
        }
        self.compare_answers(index, session)
    }

    fn compare_answers(&self, index: usize, session: &Session) -> Checked {
        let model = &self.sessions[index];
        for (position, slot) in (0..).zip(session.slots()) {
            let expected = model.counts.get(&position).copied().unwrap_or_default();
            if slot.choices != expected {
                let found = slot.choices;
                return broken(
                    Property::LastAnswerCounts,
                    format!("position {position} of session {index} is {found:?}, expected {expected:?}"),
                );
            }
            if slot.doubtful != model.flags.contains(&position) {
                return broken(Property::RulesHold, format!("position {position} of session {index} has the wrong flag"));
            }
        }
        let evidence: Vec<_> = session.evidence().iter().map(|piece| (piece.journal_position, piece.admitted)).collect();
        let expected: Vec<_> = model.evidence.iter().map(|piece| (piece.journal_position, piece.admitted)).collect();
        if usize::from(session.answered()) != model.answered() || evidence != expected || session.slots().is_empty() == model.started {
            return broken(
                Property::LastAnswerCounts,
                format!("session {index} has {} answers and evidence {evidence:?}", session.answered()),
            );
        }
        Ok(())
    }
}

impl SessionModel {
    fn end(&mut self, how: Phase, at_ms: u64) {
        self.ran.stop(at_ms);
        self.ended = Some(how);
        self.paused = false;
        self.for_move = false;
    }
}

/// Is an answer that made no record the expected one?
fn agrees(expected: &Outcome, answer: &Result<Accepted, Refusal>) -> bool {
    match (expected, answer) {
        (Outcome::Refused(_), Err(_)) => true,
        (Outcome::Again { late }, Ok(Accepted { position: None, late: found, .. })) => late == found,
        (Outcome::Done | Outcome::Late | Outcome::Again { .. } | Outcome::Refused(_), _) => false,
    }
}
