//! One candidate's session: what it holds, what it decides, how events change it.

use crate::command::{GivenAnswer, Preparation, SessionOrder, TerminalStamp};
use crate::event::SessionEvent;
use crate::refusal::Refusal;
use crate::sitting::{Head, SittingPhase, SittingPolicy};
use crate::time::{Now, RunningTime};
use question_bank::id::{Digest32, ItemId, SeatId};
use question_bank::key::Choices;
use question_bank::paper::Paper;
use std::sync::Arc;

/// Most commands of one terminal epoch: far beyond a person, so that a broken page cannot fill the journal.
pub const COMMANDS_MAX: u32 = 20_000;
/// Most pieces of late evidence of one session.
pub const EVIDENCE_MAX: usize = 1_000;
/// Most documents noted at check-in.
pub const DOCUMENTS_MAX: usize = 20;
/// Longest reason, note or message, characters.
pub const TEXT_MAX: usize = 2_000;

/// Where a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Enrolled, not yet seen (or noted absent or refused).
    Expected,
    /// Identity confirmed at the desk.
    CheckedIn,
    /// A terminal speaks for it.
    SignedIn,
    /// The rules are accepted.
    Ready,
    /// Started and not over; the clock may be stopped.
    Running,
    /// Over: the candidate ended it.
    Submitted,
    /// Over: the time ran out.
    Expired,
    /// Over: a proctor ended it.
    Terminated,
}

impl Phase {
    /// Is it over?
    pub fn ended(self) -> bool {
        matches!(self, Phase::Submitted | Phase::Expired | Phase::Terminated)
    }
}

/// Attendance as noted at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attendance {
    /// Not yet come.
    Expected,
    /// Checked in.
    Present,
    /// Did not come.
    Absent,
    /// Was turned away.
    Refused,
}

/// What is stored for one position of the paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slot {
    /// Chosen now.
    pub choices: Choices,
    /// Doubtful.
    pub doubtful: bool,
    /// Number of the command that set `choices`, within its epoch.
    seq: u32,
}

/// A piece of late evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Position in the journal.
    pub journal_position: u64,
    /// The machine and command it came from.
    pub stamp: TerminalStamp,
    /// What was chosen.
    pub answer: GivenAnswer,
    /// The machine's own time.
    pub client_mono_ms: u32,
    /// When it arrived, wall clock.
    pub utc_ms: i64,
    /// A proctor let it count.
    pub admitted: bool,
}

/// What a terminal's command asked for, in 30 bits; 0 is nothing. A number that comes again is a repetition only when it asks for the same: a page
/// that lost count must not hear "saved" for something else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Asked(u32);

impl Asked {
    const NOTHING: Asked = Asked(0);
    const CONSENT: Asked = Asked::new(1, 0, 0);
    const START: Asked = Asked::new(2, 0, 0);
    const SUBMIT: Asked = Asked::new(7, 0, 0);

    const fn new(kind: u32, position: u16, mask: u16) -> Self {
        Asked(kind << 26 | (position as u32) << 10 | mask as u32)
    }

    const fn view(position: u16) -> Self {
        Asked::new(3, position, 0)
    }

    /// In time or late: sent again as a late answer it is the same answer.
    const fn answer(position: u16, choices: Choices) -> Self {
        Asked::new(4, position, choices.mask())
    }

    const fn flag(position: u16, doubtful: bool) -> Self {
        Asked::new(5, position, doubtful as u16)
    }

    /// Whichever section was named: a run of free sections is left as a whole, and the event names its last one.
    const ADVANCE: Asked = Asked::new(6, 0, 0);

    /// What a terminal asked for when this happened.
    const fn of(event: &SessionEvent) -> Self {
        match event {
            SessionEvent::Consented => Asked::CONSENT,
            SessionEvent::Started => Asked::START,
            SessionEvent::Viewed { position } => Asked::view(*position),
            SessionEvent::Answered { position, choices, .. } | SessionEvent::AnsweredLate { position, choices, .. } => {
                Asked::answer(*position, *choices)
            }
            SessionEvent::Flagged { position, doubtful } => Asked::flag(*position, *doubtful),
            SessionEvent::SectionClosed { .. } => Asked::ADVANCE,
            SessionEvent::Submitted => Asked::SUBMIT,
            SessionEvent::Prepared { .. }
            | SessionEvent::CheckedIn { .. }
            | SessionEvent::AttendanceNoted { .. }
            | SessionEvent::SignedIn { .. }
            | SessionEvent::Paused { .. }
            | SessionEvent::Resumed
            | SessionEvent::TimeGranted { .. }
            | SessionEvent::Moved { .. }
            | SessionEvent::Expired
            | SessionEvent::Terminated { .. }
            | SessionEvent::LateAdmitted { .. } => Asked::NOTHING,
        }
    }
}

/// The accepted numbers of one epoch and what each asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Epoch {
    number: u32,
    asked: Vec<Asked>,
}

/// What terminals had accepted, by epoch: what an old one had is known even after a move.
///
/// A batch is decided on copies of its sessions, and there may be thousands of numbers: copies share what is settled, and what a copy adds stands beside
/// it until the copy is the session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Accepted {
    settled: Arc<Vec<Epoch>>,
    fresh: Vec<(TerminalStamp, Asked)>,
}

impl Accepted {
    fn get(&self, stamp: TerminalStamp) -> Option<Asked> {
        let fresh = self.fresh.iter().find(|(number, _)| *number == stamp).map(|&(_, asked)| asked);
        fresh.or_else(|| {
            let epoch = self.settled.iter().rev().find(|epoch| epoch.number == stamp.epoch)?;
            epoch.asked.get(stamp.seq as usize).copied().filter(|&asked| asked != Asked::NOTHING)
        })
    }

    fn insert(&mut self, stamp: TerminalStamp, asked: Asked) {
        match Arc::get_mut(&mut self.settled) {
            Some(settled) if self.fresh.is_empty() => note(settled, stamp, asked),
            Some(_) | None => self.fresh.push((stamp, asked)),
        }
    }

    /// Joins what was added, once nobody shares the rest.
    fn settle(&mut self) {
        if !self.fresh.is_empty() {
            let settled = Arc::make_mut(&mut self.settled);
            self.fresh.drain(..).for_each(|(stamp, asked)| note(settled, stamp, asked));
            // Kept small: most sessions are idle most of the time.
            self.fresh = Vec::new();
        }
    }

    fn highest(&self, epoch: u32) -> u32 {
        let settled = self.settled.iter().rev().find(|of| of.number == epoch).map_or(0, |of| of.asked.len().saturating_sub(1) as u32);
        let fresh = self.fresh.iter().filter(|(stamp, _)| stamp.epoch == epoch).map(|(stamp, _)| stamp.seq).max();
        settled.max(fresh.unwrap_or(0))
    }
}

fn note(epochs: &mut Vec<Epoch>, stamp: TerminalStamp, asked: Asked) {
    let known = epochs.iter().rposition(|epoch| epoch.number == stamp.epoch);
    let at = known.unwrap_or_else(|| {
        epochs.push(Epoch { number: stamp.epoch, asked: Vec::new() });
        epochs.len() - 1
    });
    let (numbers, index) = (&mut epochs[at].asked, stamp.seq as usize);
    if index >= numbers.len() {
        numbers.resize(index + 1, Asked::NOTHING);
    }
    numbers[index] = asked;
}

/// What a record says besides its events, as far as a session needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// When.
    pub at: Now,
    /// Position in the journal.
    pub position: u64,
    /// For commands of a terminal.
    pub terminal: Option<TerminalStamp>,
}

/// One candidate's session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    phase: Phase,
    attendance: Attendance,
    paper: Arc<Paper>,
    /// Digest of the paper as recorded; known once a preparation is in the journal.
    prepared: Option<Digest32>,
    consented: bool,
    base_ms: u32,
    extra_ms: u32,
    granted_ms: u32,
    clock: RunningTime,
    /// The seat's own pause; the hall's is in the head of the sitting.
    paused: bool,
    paused_for_move: bool,
    held: bool,
    seat: Option<SeatId>,
    epoch: u32,
    accepted: Accepted,
    slots: Box<[Slot]>,
    answered: u16,
    cursor: u16,
    section: u8,
    section_began_ms: u64,
    section_granted_ms: u32,
    active_utc_ms: i64,
    evidence: Vec<Evidence>,
}

/// What deciding came to, when it is not a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This happens.
    Events(Vec<SessionEvent>),
    /// It happened before: the same answer as then.
    Already {
        /// It was kept as late evidence.
        late: bool,
    },
}

impl Session {
    /// A session that is enrolled and has a drawn paper, nothing more.
    pub fn new(paper: Arc<Paper>) -> Self {
        Session {
            phase: Phase::Expected,
            attendance: Attendance::Expected,
            paper,
            prepared: None,
            consented: false,
            base_ms: 0,
            extra_ms: 0,
            granted_ms: 0,
            clock: RunningTime::default(),
            paused: false,
            paused_for_move: false,
            held: false,
            seat: None,
            epoch: 0,
            accepted: Accepted::default(),
            slots: Box::default(),
            answered: 0,
            cursor: 0,
            section: 0,
            section_began_ms: 0,
            section_granted_ms: 0,
            active_utc_ms: 0,
            evidence: Vec::new(),
        }
    }

    /// Decides an order for this session; changes nothing. `now` is when the order arrived.
    pub fn decide(&self, head: &Head, policy: &SittingPolicy, order: &SessionOrder, now: Now) -> Result<Verdict, Refusal> {
        if let SessionOrder::Prepare(preparation) = order {
            return self.prepare(preparation);
        }
        if !self.prepared() {
            return Err(Refusal::NotPrepared);
        }
        match order {
            SessionOrder::Prepare(_) => Err(Refusal::NotPrepared),
            SessionOrder::CheckIn { seat, documents, override_reason } => {
                self.check_in(head, policy, *seat, documents, override_reason.as_deref(), now)
            }
            SessionOrder::NoteAttendance { refused, reason } => self.note_attendance(head, *refused, reason),
            SessionOrder::SignIn => self.sign_in(head),
            SessionOrder::Consent(stamp) => self.by_terminal(*stamp, Asked::CONSENT, || self.consent(head)),
            SessionOrder::Start(stamp) => self.by_terminal(*stamp, Asked::START, || self.start(head, policy, now)),
            SessionOrder::View(stamp, position) => self.by_terminal(*stamp, Asked::view(*position), || self.view(*position)),
            SessionOrder::Answer(stamp, answer) => self.answer(head, policy, *stamp, *answer, now),
            SessionOrder::Flag(stamp, position, doubtful) => {
                self.by_terminal(*stamp, Asked::flag(*position, *doubtful), || self.flag(*position, *doubtful))
            }
            SessionOrder::Advance(stamp, section) => self.by_terminal(*stamp, Asked::ADVANCE, || self.advance(*section)),
            SessionOrder::Submit(stamp) => self.by_terminal(*stamp, Asked::SUBMIT, || self.submit()),
            SessionOrder::LateAnswer(stamp, answer, client_mono_ms) => self.late(*stamp, *answer, *client_mono_ms),
            SessionOrder::Expire => self.expire(head, now),
        }
    }

    fn prepare(&self, preparation: &Preparation) -> Result<Verdict, Refusal> {
        if self.prepared() {
            return Ok(Verdict::Already { late: false });
        }
        Ok(one(SessionEvent::Prepared { paper: preparation.paper, base_ms: preparation.base_ms, extra_ms: preparation.extra_ms }))
    }

    fn check_in(
        &self,
        head: &Head,
        policy: &SittingPolicy,
        seat: SeatId,
        documents: &[String],
        override_reason: Option<&str>,
        now: Now,
    ) -> Result<Verdict, Refusal> {
        head.doors_open()?;
        if self.phase != Phase::Expected {
            return Err(if self.phase.ended() { Refusal::Ended } else { Refusal::CheckedInAlready });
        }
        if documents.len() > DOCUMENTS_MAX || documents.iter().any(|document| text(document).is_err()) {
            return Err(Refusal::BadText);
        }
        match override_reason {
            Some(reason) => text(reason).map_err(|_| Refusal::ReasonMissing)?,
            None => policy.check_in_open(now.utc_ms)?,
        }
        Ok(one(SessionEvent::CheckedIn { seat, documents: documents.to_vec(), override_reason: override_reason.map(str::to_owned) }))
    }

    fn note_attendance(&self, head: &Head, refused: bool, reason: &str) -> Result<Verdict, Refusal> {
        head.doors_open()?;
        if refused || !reason.is_empty() {
            text(reason).map_err(|_| Refusal::ReasonMissing)?;
        }
        match self.phase {
            Phase::Expected => Ok(one(SessionEvent::AttendanceNoted { refused, reason: reason.to_owned() })),
            Phase::CheckedIn | Phase::SignedIn | Phase::Ready | Phase::Running => Err(Refusal::CheckedInAlready),
            Phase::Submitted | Phase::Expired | Phase::Terminated => Err(Refusal::Ended),
        }
    }

    fn sign_in(&self, head: &Head) -> Result<Verdict, Refusal> {
        match self.phase {
            Phase::Expected => Err(Refusal::NotCheckedIn),
            Phase::CheckedIn | Phase::SignedIn | Phase::Ready | Phase::Running => {
                head.doors_open()?;
                let mut events = vec![SessionEvent::SignedIn { epoch: self.epoch + 1 }];
                if self.paused_for_move {
                    events.push(SessionEvent::Resumed);
                }
                Ok(Verdict::Events(events))
            }
            Phase::Submitted | Phase::Expired | Phase::Terminated => Err(Refusal::Ended),
        }
    }

    /// Checks that the command is new and that the terminal speaks for the session, then decides.
    fn by_terminal(
        &self,
        stamp: TerminalStamp,
        asked: Asked,
        decide: impl FnOnce() -> Result<Vec<SessionEvent>, Refusal>,
    ) -> Result<Verdict, Refusal> {
        if let Some(repetition) = self.repetition(stamp, asked)? {
            return Ok(repetition);
        }
        if stamp.epoch != self.epoch {
            return Err(Refusal::TerminalSuperseded);
        }
        decide().map(Verdict::Events)
    }

    /// The answer to a number that was accepted before, in this epoch or an older one.
    fn repetition(&self, stamp: TerminalStamp, asked: Asked) -> Result<Option<Verdict>, Refusal> {
        if !(1..=COMMANDS_MAX).contains(&stamp.seq) {
            return Err(Refusal::TooManyCommands);
        }
        match self.accepted.get(stamp) {
            None => Ok(None),
            Some(before) if before == asked => {
                Ok(Some(Verdict::Already { late: self.evidence.iter().any(|evidence| evidence.stamp == stamp) }))
            }
            Some(_) => Err(Refusal::NumberReused),
        }
    }

    fn consent(&self, head: &Head) -> Result<Vec<SessionEvent>, Refusal> {
        head.doors_open()?;
        match self.phase {
            Phase::Expected | Phase::CheckedIn => Err(Refusal::NotSignedIn),
            Phase::SignedIn => Ok(vec![SessionEvent::Consented]),
            Phase::Ready | Phase::Running => Err(Refusal::StartedAlready),
            Phase::Submitted | Phase::Expired | Phase::Terminated => Err(Refusal::Ended),
        }
    }

    fn start(&self, head: &Head, policy: &SittingPolicy, now: Now) -> Result<Vec<SessionEvent>, Refusal> {
        match head.phase {
            SittingPhase::Planned | SittingPhase::Open => return Err(Refusal::SittingNotStarted),
            SittingPhase::Started if head.held => return Err(Refusal::HallHeld),
            SittingPhase::Started => {}
            SittingPhase::Closed => return Err(Refusal::SittingClosed),
        }
        match self.phase {
            Phase::Expected | Phase::CheckedIn => return Err(Refusal::NotSignedIn),
            Phase::SignedIn => return Err(Refusal::NoConsent),
            Phase::Ready => {}
            Phase::Running => return Err(Refusal::StartedAlready),
            Phase::Submitted | Phase::Expired | Phase::Terminated => return Err(Refusal::Ended),
        }
        if head.running.consumed(now.mono_ms) > policy.latest_start_after_ms {
            return Err(Refusal::TooLateToStart);
        }
        Ok(vec![SessionEvent::Started])
    }

    /// The session is started, its clock runs and its time is not over.
    fn working(&self) -> Result<(), Refusal> {
        match self.phase {
            Phase::Expected | Phase::CheckedIn | Phase::SignedIn | Phase::Ready => Err(Refusal::NotStarted),
            Phase::Running if self.stopped() => Err(Refusal::Paused),
            Phase::Running => Ok(()),
            Phase::Submitted | Phase::Expired | Phase::Terminated => Err(Refusal::Ended),
        }
    }

    fn view(&self, position: u16) -> Result<Vec<SessionEvent>, Refusal> {
        self.working()?;
        let section = self.paper.section_of(position).ok_or(Refusal::NoSuchPosition)?;
        if !self.open_sections().contains(&section) {
            return Err(Refusal::ItemClosed);
        }
        let linear = self.paper.sections[usize::from(section)].linear;
        if linear && position != self.cursor && position != self.cursor + 1 {
            return Err(Refusal::ItemClosed);
        }
        Ok(vec![SessionEvent::Viewed { position }])
    }

    fn flag(&self, position: u16, doubtful: bool) -> Result<Vec<SessionEvent>, Refusal> {
        self.working()?;
        self.open_position(position)?;
        Ok(vec![SessionEvent::Flagged { position, doubtful }])
    }

    fn answer(&self, head: &Head, policy: &SittingPolicy, stamp: TerminalStamp, answer: GivenAnswer, now: Now) -> Result<Verdict, Refusal> {
        self.known_choices(answer)?;
        if let Some(repetition) = self.repetition(stamp, Asked::answer(answer.position, answer.choices))? {
            return Ok(repetition);
        }
        if stamp.epoch != self.epoch {
            return Err(Refusal::TerminalSuperseded);
        }
        match self.phase {
            Phase::Expected | Phase::CheckedIn | Phase::SignedIn | Phase::Ready => return Err(Refusal::NotStarted),
            // An answer that was on its way when the clock was stopped still counts: the pause must not cost anybody a choice.
            Phase::Running => {}
            Phase::Submitted | Phase::Expired | Phase::Terminated => return self.late(stamp, answer, 0),
        }
        if self.overdue(head, policy.grace_ms, now.mono_ms) {
            return self.late(stamp, answer, 0);
        }
        self.open_position(answer.position)?;
        if stamp.seq < self.slots[usize::from(answer.position)].seq {
            return Err(Refusal::Superseded);
        }
        Ok(one(SessionEvent::Answered { position: answer.position, item: answer.item, choices: answer.choices }))
    }

    fn late(&self, stamp: TerminalStamp, answer: GivenAnswer, client_mono_ms: u32) -> Result<Verdict, Refusal> {
        self.known_choices(answer)?;
        if self.phase < Phase::Running {
            return Err(Refusal::NotStarted);
        }
        if stamp.epoch == 0 || stamp.epoch > self.epoch {
            return Err(Refusal::TerminalSuperseded);
        }
        if let Some(repetition) = self.repetition(stamp, Asked::answer(answer.position, answer.choices))? {
            return Ok(repetition);
        }
        if self.evidence.len() >= EVIDENCE_MAX {
            return Err(Refusal::TooManyCommands);
        }
        Ok(one(SessionEvent::AnsweredLate { position: answer.position, item: answer.item, choices: answer.choices, client_mono_ms }))
    }

    fn known_choices(&self, answer: GivenAnswer) -> Result<(), Refusal> {
        let entry = self.paper.entry(answer.position).ok_or(Refusal::NoSuchPosition)?;
        if entry.item != answer.item {
            return Err(Refusal::WrongItem);
        }
        let within = answer.choices.ids().all(|id| id < entry.choices);
        if !within || (!entry.multiple && answer.choices.len() > 1) {
            return Err(Refusal::BadChoices);
        }
        Ok(())
    }

    /// May what stands at this position still be changed?
    fn open_position(&self, position: u16) -> Result<(), Refusal> {
        let section = self.paper.section_of(position).ok_or(Refusal::NoSuchPosition)?;
        if !self.open_sections().contains(&section) {
            return Err(Refusal::ItemClosed);
        }
        if self.paper.sections[usize::from(section)].linear && position != self.cursor {
            return Err(Refusal::ItemClosed);
        }
        Ok(())
    }

    /// The sections that are open now: a linear or timed section stands alone, neighbouring free sections are open together, so that an
    /// ordinary paper is open as a whole.
    pub fn open_sections(&self) -> std::ops::RangeInclusive<u8> {
        let sections = &self.paper.sections;
        let free = |index: u8| sections.get(usize::from(index)).is_some_and(|section| !section.linear && section.duration_ms.is_none());
        let (mut first, mut last) = (self.section, self.section);
        if free(self.section) {
            while first > 0 && free(first - 1) {
                first -= 1;
            }
            while free(last + 1) {
                last += 1;
            }
        }
        first..=last
    }

    fn advance(&self, section: u8) -> Result<Vec<SessionEvent>, Refusal> {
        self.working()?;
        let last = *self.open_sections().end();
        if section != self.section || usize::from(last) + 1 >= self.paper.sections.len() {
            return Err(Refusal::SectionClosed);
        }
        // A run of free sections is left as a whole.
        Ok(vec![SessionEvent::SectionClosed { section: last, by_time: false }])
    }

    fn submit(&self) -> Result<Vec<SessionEvent>, Refusal> {
        self.working()?;
        Ok(vec![SessionEvent::Submitted])
    }

    fn expire(&self, head: &Head, now: Now) -> Result<Verdict, Refusal> {
        if self.phase.ended() {
            return Err(Refusal::Ended);
        }
        if self.whole_deadline(head).is_some_and(|deadline_ms| now.mono_ms >= deadline_ms) {
            return Ok(one(SessionEvent::Expired));
        }
        if self.section_deadline().is_some_and(|deadline_ms| now.mono_ms >= deadline_ms) {
            let last = usize::from(self.section) + 1 == self.paper.sections.len();
            let closed = SessionEvent::SectionClosed { section: self.section, by_time: true };
            return Ok(Verdict::Events(if last { vec![closed, SessionEvent::Expired] } else { vec![closed] }));
        }
        Err(Refusal::NothingToDo)
    }

    /// To be called when a copy on which a batch was decided has become the session.
    pub(crate) fn settle(&mut self) {
        self.accepted.settle();
    }

    /// Lets late evidence count; decided by the sitting, which knows who approved.
    pub fn admit(&self, evidence: u64, reason: &str) -> Result<SessionEvent, Refusal> {
        let found = self.evidence.iter().find(|piece| piece.journal_position == evidence && !piece.admitted);
        let piece = found.ok_or(Refusal::UnknownEvidence)?;
        let GivenAnswer { position, item, choices } = piece.answer;
        Ok(SessionEvent::LateAdmitted { evidence, position, item, choices, reason: reason.to_owned() })
    }

    /// Applies what happened. Cannot fail: an event was decided against this very state.
    pub fn apply(&mut self, event: &SessionEvent, stamp: Stamp) {
        let mono_ms = stamp.at.mono_ms;
        if let Some(terminal) = stamp.terminal.filter(|terminal| terminal.seq <= COMMANDS_MAX) {
            self.accepted.insert(terminal, Asked::of(event));
            if terminal.epoch == self.epoch {
                self.active_utc_ms = stamp.at.utc_ms;
            }
        }
        match event {
            SessionEvent::Prepared { paper, base_ms, extra_ms } => {
                self.prepared = Some(*paper);
                self.base_ms = *base_ms;
                self.extra_ms = *extra_ms;
            }
            SessionEvent::CheckedIn { seat, .. } => {
                self.phase = Phase::CheckedIn;
                self.attendance = Attendance::Present;
                self.seat = Some(*seat);
            }
            SessionEvent::AttendanceNoted { refused, .. } => {
                self.attendance = if *refused { Attendance::Refused } else { Attendance::Absent };
            }
            SessionEvent::SignedIn { epoch } => {
                self.enter_epoch(*epoch);
                self.phase = self.phase.max(if self.consented { Phase::Ready } else { Phase::SignedIn });
            }
            SessionEvent::Consented => {
                self.consented = true;
                self.phase = Phase::Ready;
            }
            SessionEvent::Started => self.begin(mono_ms),
            SessionEvent::Viewed { position } => self.cursor = *position,
            SessionEvent::Answered { position, choices, .. } => {
                self.put(*position, *choices);
                if let (Some(slot), Some(terminal)) = (self.slots.get_mut(usize::from(*position)), stamp.terminal) {
                    slot.seq = terminal.seq;
                }
            }
            SessionEvent::Flagged { position, doubtful } => {
                if let Some(slot) = self.slots.get_mut(usize::from(*position)) {
                    slot.doubtful = *doubtful;
                }
            }
            SessionEvent::SectionClosed { section, .. } => self.leave_section(*section, mono_ms),
            SessionEvent::Paused { for_move, .. } => {
                self.paused = true;
                self.paused_for_move = *for_move;
                self.clock.stop(mono_ms);
            }
            SessionEvent::Resumed => {
                self.paused = false;
                self.paused_for_move = false;
                self.run_if_free(mono_ms);
            }
            SessionEvent::TimeGranted { ms, .. } => {
                self.granted_ms = self.granted_ms.saturating_add(*ms);
                self.section_granted_ms = self.section_granted_ms.saturating_add(*ms);
            }
            SessionEvent::Moved { seat, epoch, .. } => {
                self.seat = Some(*seat);
                self.enter_epoch(*epoch);
                // Nobody sits at the new seat yet: a start of the whole hall must not let the clock run during the walk.
                if self.phase < Phase::Running {
                    self.phase = Phase::CheckedIn;
                }
            }
            SessionEvent::Submitted => self.end(Phase::Submitted, mono_ms),
            SessionEvent::Expired => self.end(Phase::Expired, mono_ms),
            SessionEvent::Terminated { .. } => self.end(Phase::Terminated, mono_ms),
            SessionEvent::AnsweredLate { position, item, choices, client_mono_ms } => self.evidence.push(Evidence {
                journal_position: stamp.position,
                stamp: stamp.terminal.unwrap_or(TerminalStamp { epoch: 0, seq: 0 }),
                answer: GivenAnswer { position: *position, item: *item, choices: *choices },
                client_mono_ms: *client_mono_ms,
                utc_ms: stamp.at.utc_ms,
                admitted: false,
            }),
            SessionEvent::LateAdmitted { evidence, position, choices, .. } => {
                if let Some(piece) = self.evidence.iter_mut().find(|piece| piece.journal_position == *evidence) {
                    piece.admitted = true;
                }
                // The slot keeps its number: whatever the live terminal chooses afterwards is newer.
                self.put(*position, *choices);
            }
        }
    }

    /// Joins a hall that is held, or is not, before it runs.
    pub(crate) fn join(&mut self, held: bool) {
        self.held = held;
    }

    /// The hall's pause reached this session.
    pub fn hold(&mut self, mono_ms: u64) {
        self.held = true;
        self.clock.stop(mono_ms);
    }

    /// The hall's pause is over.
    pub fn release(&mut self, mono_ms: u64) {
        self.held = false;
        self.run_if_free(mono_ms);
    }

    fn enter_epoch(&mut self, epoch: u32) {
        self.epoch = epoch;
        // Numbers of the old epoch say nothing about the new one; whatever comes first there is newer.
        self.slots.iter_mut().for_each(|slot| slot.seq = 0);
    }

    fn begin(&mut self, mono_ms: u64) {
        self.phase = Phase::Running;
        self.slots = vec![Slot::default(); self.paper.items.len()].into_boxed_slice();
        self.run_if_free(mono_ms);
    }

    fn run_if_free(&mut self, mono_ms: u64) {
        if self.phase == Phase::Running && !self.stopped() {
            self.clock.run(mono_ms);
        }
    }

    fn put(&mut self, position: u16, choices: Choices) {
        let Some(slot) = self.slots.get_mut(usize::from(position)) else { return };
        self.answered = self.answered + u16::from(!choices.is_empty()) - u16::from(!slot.choices.is_empty());
        slot.choices = choices;
    }

    fn leave_section(&mut self, section: u8, mono_ms: u64) {
        // The time of a section that ran out ends at its limit, however late the owner noticed.
        let limit_ms = self.section_limit_ms().map_or(u64::MAX, |limit_ms| self.section_began_ms + limit_ms);
        // The last section is left only by its time, together with the end; the index stays inside the paper.
        self.section = (section + 1).min(self.paper.sections.len().saturating_sub(1) as u8);
        self.section_began_ms = self.clock.consumed(mono_ms).min(limit_ms);
        self.section_granted_ms = 0;
        self.cursor = self.paper.bounds(self.section).0.min(self.paper.len().saturating_sub(1));
    }

    fn end(&mut self, phase: Phase, mono_ms: u64) {
        self.clock.stop(mono_ms);
        self.phase = phase;
        self.paused = false;
        self.paused_for_move = false;
    }

    /// Whether a pause of the seat or of the hall stops the clock.
    pub fn stopped(&self) -> bool {
        self.paused || self.held
    }

    /// Whole time of the session.
    pub fn allowance_ms(&self) -> u64 {
        u64::from(self.base_ms) + u64::from(self.extra_ms) + u64::from(self.granted_ms)
    }

    /// Time used up, never more than the allowance.
    pub fn consumed_ms(&self, mono_ms: u64) -> u64 {
        self.clock.consumed(mono_ms).min(self.allowance_ms())
    }

    /// Remaining time of the whole session, the hard close included.
    pub fn remaining_ms(&self, head: &Head, mono_ms: u64) -> u64 {
        if self.phase.ended() {
            return 0;
        }
        let own = self.allowance_ms() - self.consumed_ms(mono_ms);
        head.hard_close_ms.map_or(own, |limit_ms| own.min(limit_ms.saturating_sub(head.running.consumed(mono_ms))))
    }

    /// Remaining time of the current section, when it has its own.
    pub fn section_remaining_ms(&self, head: &Head, mono_ms: u64) -> Option<u64> {
        let limit_ms = self.section_limit_ms()?;
        let used_ms = self.clock.consumed(mono_ms).saturating_sub(self.section_began_ms);
        Some(limit_ms.saturating_sub(used_ms).min(self.remaining_ms(head, mono_ms)))
    }

    /// The section's own time, stretched like the whole paper for enrolments with extra time.
    fn section_limit_ms(&self) -> Option<u64> {
        let own_ms = u64::from(self.paper.sections.get(usize::from(self.section))?.duration_ms?);
        let base_ms = u64::from(self.base_ms.max(1));
        Some(own_ms * (u64::from(self.base_ms) + u64::from(self.extra_ms)) / base_ms + u64::from(self.section_granted_ms))
    }

    /// When something ends by time (section, whole or hall), on the sitting's clock. While the seat is paused only the hall's hard close is left,
    /// while the hall is held nothing is.
    pub fn deadline(&self, head: &Head) -> Option<u64> {
        let whole = self.whole_deadline(head);
        [whole, self.section_deadline()].into_iter().flatten().min()
    }

    fn whole_deadline(&self, head: &Head) -> Option<u64> {
        if self.phase != Phase::Running {
            return None;
        }
        let own = self.clock.reaches(self.allowance_ms());
        let hall = head.hard_close_ms.and_then(|limit_ms| head.running.reaches(limit_ms));
        [own, hall].into_iter().flatten().min()
    }

    /// Is an answer that arrives now too late? Measured in used-up time and not by the deadline, so that it holds while clocks stand still.
    fn overdue(&self, head: &Head, grace_ms: u64, mono_ms: u64) -> bool {
        let used_ms = self.clock.consumed(mono_ms);
        let section = self.section_limit_ms().is_some_and(|limit_ms| used_ms > self.section_began_ms + limit_ms + grace_ms);
        let hall = head.hard_close_ms.is_some_and(|limit_ms| head.running.consumed(mono_ms) > limit_ms.saturating_add(grace_ms));
        section || hall || used_ms > self.allowance_ms() + grace_ms
    }

    fn section_deadline(&self) -> Option<u64> {
        if self.phase != Phase::Running {
            return None;
        }
        self.clock.reaches(self.section_began_ms + self.section_limit_ms()?)
    }

    /// Where it stands.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Attendance as noted.
    pub fn attendance(&self) -> Attendance {
        self.attendance
    }

    /// The paper.
    pub fn paper(&self) -> &Arc<Paper> {
        &self.paper
    }

    /// A preparation is in the journal.
    pub fn prepared(&self) -> bool {
        self.prepared.is_some()
    }

    /// The rules were accepted.
    pub fn consented(&self) -> bool {
        self.consented
    }

    /// The seat, once assigned.
    pub fn seat(&self) -> Option<SeatId> {
        self.seat
    }

    /// Epoch of the terminal that speaks for it; 0 before the first sign-in.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// First unused command number of this epoch.
    pub fn next_seq(&self) -> u32 {
        self.accepted.highest(self.epoch) + 1
    }

    /// One per position once started; before that empty.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// Answered items.
    pub fn answered(&self) -> u16 {
        self.answered
    }

    /// Doubtful items.
    pub fn doubtful(&self) -> u16 {
        self.slots.iter().map(|slot| u16::from(slot.doubtful)).sum()
    }

    /// Last viewed position.
    pub fn cursor(&self) -> u16 {
        self.cursor
    }

    /// Index of the current section.
    pub fn section(&self) -> u8 {
        self.section
    }

    /// Time granted by proctors.
    pub fn granted_ms(&self) -> u32 {
        self.granted_ms
    }

    /// Last accepted command of a terminal, wall clock; 0 = none.
    pub fn active_utc_ms(&self) -> i64 {
        self.active_utc_ms
    }

    /// Late evidence in order of arrival.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// Paused on its own (not by the hall).
    pub fn paused(&self) -> bool {
        self.paused
    }

    /// The item at a position.
    pub fn item(&self, position: u16) -> Option<ItemId> {
        self.paper.entry(position).map(|entry| entry.item)
    }

    /// Digest of the paper, as the journal recorded it before the doors opened.
    pub fn paper_digest(&self) -> Option<Digest32> {
        self.prepared
    }
}

/// Does this happen because a terminal asks for it?
pub(crate) fn is_asked_by_terminal(event: &SessionEvent) -> bool {
    Asked::of(event) != Asked::NOTHING
}

fn one(event: SessionEvent) -> Verdict {
    Verdict::Events(vec![event])
}

/// A reason, note or message: not blank and not too long.
pub(crate) fn text(text: &str) -> Result<(), Refusal> {
    let fits = !text.trim().is_empty() && text.chars().count() <= TEXT_MAX;
    if fits { Ok(()) } else { Err(Refusal::BadText) }
}
