//! The task of one sitting: the pure owner with a clock, a journal and ears.

use super::Inlet;
use super::facts::{Facts, LOG_LINES_MAX, Loaded, worth_reading};
use super::link::{Attach, Attached, ClockNow, Link, LinkId, Outbound};
use crate::board::{Boards, SittingBoard};
use crate::clock::{SittingClock, utc_ms};
use crate::random;
use crate::watch::{WatchFeed, WatchState};
use exam_session::command::{Actor, Command, Order, SessionOrder, SittingOrder};
use exam_session::event::{Event, SessionEvent, SittingEvent};
use exam_session::owner::{Effect, Input, Owner, ReplyTo};
use exam_session::record::Record;
use exam_session::refusal::Refusal;
use exam_session::session::{Phase, Session};
use exam_session::sitting::{Accepted, Head, SittingPhase};
use exam_session::time::Now;
use question_bank::id::SessionId;
use sabotage::Sabotage;
use std::collections::{HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use store::journal::{Heartbeat, Journal};
use tokio::sync::{mpsc, oneshot};
use wire::terminal::{ClockView, EndKind, EndMarks, SectionMarks, TerminalNews, Welcome, close};

/// Inputs taken at once.
const INPUTS_MAX: usize = 2_000;
/// A batch that found the disk full is tried again after this.
const RETRY_FULL_DISK_AFTER: Duration = Duration::from_millis(250);
/// Answers taken at once, beyond which [`Sabotage::ShedAnswers`] drops them.
const SHED_ABOVE: usize = 8;
/// Each link hears about its clock this often, seconds.
const CLOCK_EVERY_S: u64 = 15;

/// Whom to answer when a command is durable.
enum Reply {
    Request(oneshot::Sender<Result<Accepted, Refusal>>),
    Terminal { link: LinkId, seq: u32 },
}

/// Everything a sitting's task holds.
pub struct HallState {
    owner: Owner,
    facts: Arc<Facts>,
    clock: SittingClock,
    journal: Journal,
    /// Weak: the task ends when all handles are gone.
    inbox: mpsc::WeakSender<Inlet>,
    links: Vec<Option<Link>>,
    links_made: u64,
    replies: HashMap<u64, Reply>,
    replies_made: u64,
    log: VecDeque<Record>,
    board: SittingBoard,
    watch: WatchState,
    seconds: u64,
    /// The hold after a long outage, until it is durable: before that nobody else is heard, and no time passes.
    hold: Option<Box<Command>>,
    /// Told to end: what is on its way is finished, nothing new is begun.
    stopping: bool,
}

impl HallState {
    pub(super) fn new(
        loaded: Loaded,
        clock: SittingClock,
        journal: Journal,
        inbox: mpsc::WeakSender<Inlet>,
        boards: Boards,
        feed: Arc<WatchFeed>,
    ) -> Self {
        let Loaded { facts, state, head, mono_ms, seen_utc_ms, log } = loaded;
        let sessions = state.sessions().len();
        let mut hall = HallState {
            board: SittingBoard::new(&facts, &state, boards, mono_ms),
            owner: Owner::new(state, head, mono_ms),
            facts,
            clock,
            journal,
            inbox,
            links: (0..sessions).map(|_| None).collect(),
            links_made: 0,
            replies: HashMap::new(),
            replies_made: 0,
            log: log.into(),
            watch: WatchState::new(feed),
            seconds: 0,
            hold: None,
            stopping: false,
        };
        hall.hold_after_outage(seen_utc_ms);
        hall
    }

    /// After a long outage a proctor decides how to go on: the hall is held before anybody's time runs.
    fn hold_after_outage(&mut self, seen_utc_ms: Option<i64>) {
        let Some(seen_utc_ms) = seen_utc_ms else { return };
        let sitting = self.owner.sitting();
        let away_ms = utc_ms() - seen_utc_ms;
        let running = sitting.sessions().any(|(_, session)| session.phase() == Phase::Running);
        if !running || sitting.head().held || away_ms <= sitting.policy().outage_automatic_ms {
            return;
        }
        let reason = format!("Gangguan server {} menit; menunggu keputusan pengawas", away_ms / 60_000);
        let command = self.system(Order::Sitting(SittingOrder::Hold { reason }));
        self.hold = Some(command.clone());
        self.step(command.at, vec![Input::Command { command, reply: ReplyTo(u64::MAX) }]);
    }

    /// The journal answered. A hold that found the disk full is asked for again, with the time at which it was due.
    fn appended(&mut self, stored: bool, inputs: &mut Vec<Input>) {
        inputs.push(if stored { Input::Appended } else { Input::NotAppended });
        match &self.hold {
            Some(command) if !stored => inputs.push(Input::Command { command: command.clone(), reply: ReplyTo(u64::MAX) }),
            Some(_) | None => self.hold = None,
        }
    }

    fn system(&self, order: Order) -> Box<Command> {
        Box::new(Command { id: random::id(), at: self.clock.now(), nonce: random::bytes(), actor: Actor::System, approver: None, order })
    }

    /// What the committee set up.
    pub fn facts(&self) -> &Arc<Facts> {
        &self.facts
    }

    /// The durable state.
    pub fn owner(&self) -> &Owner {
        &self.owner
    }

    /// The sitting's clock.
    pub fn mono_ms(&self) -> u64 {
        self.clock.mono_ms()
    }

    /// Is a terminal's socket live for this session?
    pub fn connected(&self, session: u32) -> bool {
        self.links.get(session as usize).is_some_and(Option::is_some)
    }

    /// Words on their way to the terminal that takes them slowest.
    pub fn words_waiting(&self) -> usize {
        self.links.iter().flatten().map(|link| link.out.len()).max().unwrap_or(0)
    }

    /// The newest records that people want to read.
    pub fn log(&self) -> impl DoubleEndedIterator<Item = &Record> {
        self.log.iter()
    }

    /// The console's state, for snapshots and proposals.
    pub fn watch(&mut self) -> &mut WatchState {
        &mut self.watch
    }

    /// The console's state.
    pub fn watch_ref(&self) -> &WatchState {
        &self.watch
    }

    fn take(&mut self, inlet: Inlet, inputs: &mut Vec<Input>) {
        match inlet {
            // Whoever asks now asks the next owner again; otherwise a hall under load would never come to its end.
            Inlet::Command(_, reply) if self.stopping || self.hold.is_some() => {
                let _ = reply.send(Err(Refusal::Busy));
            }
            // The terminal hears that this owner goes away, comes back and sends it again.
            Inlet::FromTerminal { .. } if self.stopping => {}
            Inlet::FromTerminal { link, seq, .. } if self.hold.is_some() => self.tell_link(link, Outbound::Refused(seq, Refusal::Busy)),
            Inlet::FromTerminal { ref command, .. }
                if sabotage::on(Sabotage::ShedAnswers)
                    && inputs.len() >= SHED_ABOVE
                    && matches!(command.order, Order::Session(_, SessionOrder::Answer(..))) => {}
            Inlet::Command(command, reply) => {
                let reply = self.reply_to(Reply::Request(reply));
                inputs.push(Input::Command { command, reply });
            }
            Inlet::FromTerminal { link, seq, command } => {
                let reply = self.reply_to(Reply::Terminal { link, seq });
                inputs.push(Input::Command { command, reply });
            }
            Inlet::Attach(attach, reply) => {
                let _ = reply.send(self.attach(attach));
            }
            Inlet::Detach(link) => self.detach(link),
            // Looking changes nothing, so a look that panics harms only who asked for it: the answer never comes.
            Inlet::Read(look) => drop(catch_unwind(AssertUnwindSafe(|| look(self)))),
            Inlet::Touch(change) => change(self),
            Inlet::Appended(stored) => self.appended(stored, inputs),
            Inlet::Stop => self.stopping = true,
        }
    }

    fn reply_to(&mut self, reply: Reply) -> ReplyTo {
        self.replies_made += 1;
        self.replies.insert(self.replies_made, reply);
        ReplyTo(self.replies_made)
    }

    fn step(&mut self, now: Now, inputs: Vec<Input>) {
        let effects = self.owner.step(now, inputs);
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Append(block) => self.append(block),
                Effect::Answer { reply, answer } => self.answer(reply, answer),
                Effect::Applied { records, touched, head_changed } => self.applied(records, &touched, head_changed),
            }
        }
    }

    fn append(&self, block: exam_session::block::Block) {
        let (inbox, runtime) = (self.inbox.clone(), tokio::runtime::Handle::current());
        if sabotage::on(Sabotage::AckBeforeCommit) {
            // The owner has answered already; on a fast disk a kill would seldom come between that and the commit.
            std::thread::sleep(Duration::from_millis(100));
        }
        if self.stopping && sabotage::on(Sabotage::LoseLastBatch) {
            runtime.spawn(async move {
                if let Some(inbox) = inbox.upgrade() {
                    let _ = inbox.send(Inlet::Appended(true)).await;
                }
            });
            return;
        }
        self.journal.append(block, move |stored| {
            let Some(inbox) = inbox.upgrade() else { return };
            let inlet = Inlet::Appended(stored.is_ok());
            if stored.is_err() {
                // No space: the next try waits a moment, and with it whatever the sitting has to write.
                runtime.spawn(async move {
                    tokio::time::sleep(RETRY_FULL_DISK_AFTER).await;
                    let _ = inbox.send(inlet).await;
                });
            } else if let Err(mpsc::error::TrySendError::Full(inlet)) = inbox.try_send(inlet) {
                // The writer waits for no hall; this one is busy taking inputs and gets the word in its turn.
                runtime.spawn(async move { inbox.send(inlet).await });
            }
        });
    }

    fn answer(&mut self, reply: ReplyTo, answer: Result<Accepted, Refusal>) {
        match self.replies.remove(&reply.0) {
            None => {}
            Some(Reply::Request(request)) => {
                let _ = request.send(answer);
            }
            Some(Reply::Terminal { link, seq }) => {
                let word = match answer {
                    Ok(Accepted { late: false, .. }) => Outbound::Saved(seq),
                    Ok(Accepted { late: true, .. }) => Outbound::Late(seq),
                    Err(refusal) => Outbound::Refused(seq, refusal),
                };
                self.tell_link(link, word);
            }
        }
    }

    fn tell_link(&mut self, LinkId { session, number }: LinkId, word: Outbound) {
        let Some(slot) = self.links.get_mut(session as usize) else { return };
        let Some(link) = slot.as_ref().filter(|link| link.number == number) else { return };
        if !link.tell(word) {
            // Too slow or gone: the socket's task notices that its channel is closed, and the terminal comes back for the whole state.
            *slot = None;
            self.watch.seat_changed(session);
        }
    }

    fn tell(&mut self, session: u32, word: Outbound) {
        let number = self.links.get(session as usize).and_then(Option::as_ref).map(|link| link.number);
        if let Some(number) = number {
            self.tell_link(LinkId { session, number }, word);
        }
    }

    fn applied(&mut self, records: Vec<Record>, touched: &[u32], head_changed: bool) {
        for record in &records {
            for event in &record.events {
                self.tell_about(event, record.position, head_changed);
            }
        }
        if head_changed {
            (0..self.links.len() as u32).for_each(|session| self.tell_clock(session));
        }
        let now_ms = self.clock.mono_ms();
        self.board.applied(&self.facts, self.owner.sitting(), &records, touched, head_changed, now_ms);
        for &session in touched {
            self.watch.seat_changed(session);
        }
        if head_changed {
            self.watch.head_changed();
        }
        for record in records {
            if worth_reading(&record) {
                self.watch.logged(&record);
                self.log.push_back(record);
            }
        }
        self.log.drain(..self.log.len().saturating_sub(LOG_LINES_MAX));
    }

    /// Tells terminals what concerns them, besides the answers to their own commands.
    fn tell_about(&mut self, event: &Event, position: u64, head_changed: bool) {
        match event {
            Event::Session(id, event) => {
                let Some(session) = self.owner.sitting().index_of(*id) else { return };
                match event {
                    SessionEvent::Answered { .. }
                    | SessionEvent::Viewed { .. }
                    | SessionEvent::Flagged { .. }
                    | SessionEvent::AnsweredLate { .. }
                    | SessionEvent::Prepared { .. }
                    | SessionEvent::CheckedIn { .. }
                    | SessionEvent::AttendanceNoted { .. }
                    | SessionEvent::LateAdmitted { .. } => {}
                    SessionEvent::Started => {
                        self.tell_clock(session);
                        self.tell_paper(session);
                    }
                    // Whatever is linked now belongs to an older epoch.
                    SessionEvent::Moved { .. } | SessionEvent::SignedIn { .. } => {
                        self.tell(session, Outbound::Close(close::SUPERSEDED));
                        self.unlink(session);
                    }
                    SessionEvent::Submitted | SessionEvent::Expired | SessionEvent::Terminated { .. } => self.tell_end(session),
                    SessionEvent::Consented
                    | SessionEvent::SectionClosed { .. }
                    | SessionEvent::Paused { .. }
                    | SessionEvent::Resumed
                    | SessionEvent::TimeGranted { .. } => {
                        if !head_changed {
                            self.tell_clock(session);
                        }
                    }
                }
            }
            Event::Sitting(SittingEvent::MessageSent { sessions, text }) => {
                let to: Vec<u32> = if sessions.is_empty() {
                    (0..self.links.len() as u32).collect()
                } else {
                    sessions.iter().filter_map(|&id| self.owner.sitting().index_of(id)).collect()
                };
                for session in to {
                    let news = TerminalNews::Message { id: position as u32, text: text.clone() };
                    self.tell(session, Outbound::News(Box::new(news)));
                }
            }
            Event::Sitting(
                SittingEvent::Opened
                | SittingEvent::Started
                | SittingEvent::Held { .. }
                | SittingEvent::Released { .. }
                | SittingEvent::Closed
                | SittingEvent::Noted { .. },
            ) => {}
        }
    }

    fn unlink(&mut self, session: u32) {
        if let Some(slot) = self.links.get_mut(session as usize) {
            *slot = None;
        }
        self.watch.seat_changed(session);
    }

    fn tell_clock(&mut self, session: u32) {
        if self.connected(session) {
            let Some((_, state)) = self.owner.sitting().session_at(session) else { return };
            let read_mono_ms = self.clock.mono_ms();
            let view = clock_view(state, self.owner.sitting().head(), read_mono_ms);
            self.tell(session, Outbound::Clock(ClockNow { view, read_mono_ms }));
        }
    }

    fn tell_paper(&mut self, session: u32) {
        let Some((_, state)) = self.owner.sitting().session_at(session) else { return };
        let paper = Arc::clone(state.paper());
        self.tell(session, Outbound::Paper(paper));
    }

    fn tell_end(&mut self, session: u32) {
        if let Some((_, state)) = self.owner.sitting().session_at(session)
            && let Some(how) = end_kind(state.phase())
        {
            let news = TerminalNews::Ended { how, marks: self.end_marks(state), answered: state.answered() };
            self.tell(session, Outbound::News(Box::new(news)));
        }
    }

    fn end_marks(&self, state: &Session) -> Option<EndMarks> {
        if !self.facts.selection_policy.marks_at_end || state.slots().is_empty() {
            return None;
        }
        let tally = scoring::scheme::tally(state.paper(), state.slots(), &self.facts.keys);
        let sections = state.paper().sections.iter().zip(&tally.sections).map(|(section, marks)| SectionMarks {
            code: section.code.clone(),
            title: section.title.clone(),
            marks_milli: marks.milli(),
        });
        Some(EndMarks { sections: sections.collect(), total_milli: tally.total.milli() })
    }

    fn attach(&mut self, attach: Attach) -> Attached {
        let Some(session) = self.owner.sitting().index_of(attach.session) else { return Attached::No(close::UNAUTHENTICATED) };
        let Some((id, state)) = self.owner.sitting().session_at(session) else { return Attached::No(close::UNAUTHENTICATED) };
        if attach.epoch < state.epoch() {
            return Attached::Evidence { epoch: state.epoch() };
        }
        if let Some(Some(live)) = self.links.get(session as usize) {
            if live.instance != attach.instance && live.alive(self.clock.mono_ms()) {
                return Attached::No(close::SECOND_TERMINAL);
            }
            live.tell(Outbound::Close(close::SUPERSEDED));
        }
        let started = !state.slots().is_empty();
        let digest = state.paper_digest().filter(|_| started).map(|digest| digest.to_string());
        let need_paper = started && attach.have_paper != digest;
        let read_mono_ms = self.clock.mono_ms();
        let welcome = self.welcome(id, state, digest, read_mono_ms);
        let paper = Arc::clone(state.paper());
        self.links_made += 1;
        let number = self.links_made;
        let link = Link { number, instance: attach.instance, out: attach.out, heard_mono_ms: attach.heard_mono_ms };
        link.tell(Outbound::Welcome(Box::new(welcome), read_mono_ms));
        if need_paper {
            link.tell(Outbound::Paper(paper));
        }
        if let Some(slot) = self.links.get_mut(session as usize) {
            *slot = Some(link);
        }
        self.watch.seat_changed(session);
        Attached::Yes { link: LinkId { session, number } }
    }

    fn welcome(&self, id: SessionId, state: &Session, paper_digest: Option<String>, mono_ms: u64) -> Welcome {
        let head = self.owner.sitting().head();
        let answers =
            state.slots().iter().map(|slot| wire::terminal::AnswerView { choices: slot.choices.ids().collect(), doubtful: slot.doubtful });
        let ended =
            end_kind(state.phase()).map(|how| wire::terminal::Ended { how, marks: self.end_marks(state), answered: state.answered() });
        Welcome {
            session: id.to_string(),
            epoch: state.epoch(),
            next_seq: state.next_seq(),
            clock: clock_view(state, head, mono_ms),
            paper_digest,
            answers: answers.collect(),
            cursor: state.cursor(),
            start_individually: !self.owner.sitting().policy().start_together,
            reconnect_jitter_ms: 10_000,
            ended,
        }
    }

    fn detach(&mut self, LinkId { session, number }: LinkId) {
        let same = self.links.get(session as usize).and_then(Option::as_ref).is_some_and(|link| link.number == number);
        if same {
            self.unlink(session);
        }
    }

    /// Once a second: the heartbeat, a word about the clock to a part of the terminals, deltas for consoles and boards.
    fn second(&mut self) {
        self.seconds += 1;
        let sitting = self.owner.sitting();
        let open = matches!(sitting.head().phase, SittingPhase::Open | SittingPhase::Started);
        if open {
            let now = self.clock.now();
            self.journal.beat(Heartbeat { sitting: sitting.id(), mono_ms: now.mono_ms, utc_ms: now.utc_ms });
        }
        let turn = self.seconds % CLOCK_EVERY_S;
        for session in (0..self.links.len() as u32).filter(|session| u64::from(*session) % CLOCK_EVERY_S == turn) {
            self.tell_clock(session);
        }
        let now_ms = self.clock.mono_ms();
        self.board.tick(&self.facts, self.owner.sitting(), now_ms);
    }

    /// Sends consoles what changed, when somebody is watching.
    fn publish(&mut self) {
        let mut watch = std::mem::take(&mut self.watch);
        watch.publish(self);
        self.watch = watch;
    }
}

/// When the last of these commands arrived.
fn newest(inputs: &[Input]) -> Option<Now> {
    inputs.iter().rev().find_map(|input| match input {
        Input::Command { command, .. } => Some(command.at),
        Input::Appended | Input::NotAppended | Input::Tick => None,
    })
}

/// Runs a sitting until it is told to stop.
pub(super) async fn run(mut state: HallState, mut inlet: mpsc::Receiver<Inlet>) {
    let mut second = tokio::time::interval(Duration::from_secs(1));
    second.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut publish = tokio::time::interval(Duration::from_millis(500));
    publish.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut taken = Vec::with_capacity(INPUTS_MAX);
    loop {
        if state.stopping && !state.owner.appending() && state.owner.waiting() == 0 {
            break;
        }
        let deadline = state.owner.next_deadline().filter(|_| !state.owner.appending()).map(|ms| state.clock.instant_of(ms));
        let wake = async {
            match deadline {
                Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
                None => std::future::pending().await,
            }
        };
        let mut inputs = Vec::new();
        tokio::select! {
            biased;
            // These two come seldom; behind the inbox a hall under load would have neither heartbeats nor a console.
            _ = second.tick() => state.second(),
            _ = publish.tick() => state.publish(),
            count = inlet.recv_many(&mut taken, INPUTS_MAX) => {
                if count == 0 {
                    break;
                }
                taken.drain(..).for_each(|one| state.take(one, &mut inputs));
            }
            () = wake => inputs.push(Input::Tick),
        }
        if !inputs.is_empty() {
            // While others wait in the inbox, time has come only as far as what was taken: an answer that arrived before the end of its session
            // must not find it expired.
            let reached = match &state.hold {
                Some(hold) => Some(hold.at),
                None if inlet.is_empty() => None,
                None => newest(&inputs).or_else(|| state.owner.waiting_since()),
            };
            state.step(reached.unwrap_or_else(|| state.clock.now()), inputs);
        }
    }
    if sabotage::on(Sabotage::LoseLastBatch) {
        // On a fast disk nothing is on its way at the end; what comes during a moment more is.
        std::thread::sleep(Duration::from_millis(100));
        while let Ok(late) = inlet.try_recv() {
            if let Inlet::FromTerminal { link, seq, .. } = late {
                state.tell_link(link, Outbound::Saved(seq));
            }
        }
    }
    for session in 0..state.links.len() as u32 {
        state.tell(session, Outbound::Close(close::GOING_AWAY));
    }
    state.watch.end();
}

/// The one honest clock, for a frame.
pub fn clock_view(state: &Session, head: &Head, mono_ms: u64) -> ClockView {
    use wire::terminal::Phase as Shown;
    let phase = match state.phase() {
        Phase::Expected => Shown::Expected,
        Phase::CheckedIn => Shown::CheckedIn,
        Phase::SignedIn => Shown::SignedIn,
        Phase::Ready => Shown::Ready,
        Phase::Running if state.stopped() => Shown::Paused,
        Phase::Running => Shown::Running,
        Phase::Submitted => Shown::Submitted,
        Phase::Expired => Shown::Expired,
        Phase::Terminated => Shown::Terminated,
    };
    ClockView {
        phase,
        remaining_ms: milliseconds(state.remaining_ms(head, mono_ms)),
        section: state.section(),
        section_remaining_ms: state.section_remaining_ms(head, mono_ms).map(milliseconds),
        sitting_started: head.phase == SittingPhase::Started,
    }
}

fn milliseconds(ms: u64) -> u32 {
    u32::try_from(ms).unwrap_or(u32::MAX)
}

fn end_kind(phase: Phase) -> Option<EndKind> {
    match phase {
        Phase::Submitted => Some(EndKind::Submitted),
        Phase::Expired => Some(EndKind::Expired),
        Phase::Terminated => Some(EndKind::Terminated),
        Phase::Expected | Phase::CheckedIn | Phase::SignedIn | Phase::Ready | Phase::Running => None,
    }
}
