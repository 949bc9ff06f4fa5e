//! The terminal's page, as `web/src/terminal/step.ts` has it: what it keeps, what it sends when, and what it makes of the server's words. Only
//! what has to do with commands is here; what it draws is not.

use exam_session::command::{GivenAnswer, SessionOrder, TerminalStamp};
use exam_session::refusal::Refusal;
use exam_session::session::Phase;
use question_bank::key::Choices;
use question_bank::paper::Paper;

/// The line counts as dead after this silence.
pub const SILENCE_MS: u64 = 40_000;
/// A line that does not come up in this time is tried anew.
pub const GREETING_MS: u64 = 20_000;
/// The first attempt after a loss comes within this.
pub const FIRST_RETRY_MS: u64 = 1_000;
/// Later attempts within this.
pub const RETRY_MS: u64 = 10_000;
/// Commands on their way at one time.
const FLYING_MAX: usize = 16;
/// How often a mark refused with `paused` is offered again.
const HELD_MAX: u8 = 3;
const HOLD_MS: u64 = 2_000;
/// The server's `retry_after_ms` of a busy answer.
const BUSY_MS: u64 = 1_000;
/// A refusal that shows a disagreement asks for a fresh welcome, but not more often than this.
const RESYNC_MS: u64 = 10_000;

/// What a candidate asks for; becomes an order when it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Accept the rules.
    Consent,
    /// Start.
    Start,
    /// Look at an item.
    View(u16),
    /// Choose.
    Answer(GivenAnswer),
    /// Doubtful or not.
    Flag(u16, bool),
    /// Leave a section.
    Advance(u8),
    /// End the exam.
    Submit,
}

impl Frame {
    fn ends_something(&self) -> bool {
        matches!(self, Frame::Advance(_) | Frame::Submit)
    }

    fn is_answer(&self) -> bool {
        matches!(self, Frame::Answer(_))
    }

    fn same_thing(&self, other: &Frame) -> bool {
        match (self, other) {
            (Frame::View(_), Frame::View(_)) => true,
            (Frame::Answer(a), Frame::Answer(b)) => a.position == b.position,
            (Frame::Flag(a, _), Frame::Flag(b, _)) => a == b,
            _ => false,
        }
    }

    fn order(&self, stamp: TerminalStamp) -> SessionOrder {
        match *self {
            Frame::Consent => SessionOrder::Consent(stamp),
            Frame::Start => SessionOrder::Start(stamp),
            Frame::View(position) => SessionOrder::View(stamp, position),
            Frame::Answer(given) => SessionOrder::Answer(stamp, given),
            Frame::Flag(position, doubtful) => SessionOrder::Flag(stamp, position, doubtful),
            Frame::Advance(section) => SessionOrder::Advance(stamp, section),
            Frame::Submit => SessionOrder::Submit(stamp),
        }
    }
}

/// A command that is kept until the server has said what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Epoch it was made in.
    pub epoch: u32,
    /// Its number.
    pub seq: u32,
    /// What.
    pub frame: Frame,
    made_ms: u64,
    flying: bool,
    not_before_ms: u64,
    late: bool,
    held: u8,
}

/// Where the line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// Nothing is tried.
    Off,
    /// An attempt will come.
    Waiting,
    /// Waiting for the server's first word.
    Greeting,
    /// Commands may go out.
    Up,
}

/// The clock as the server says it.
#[derive(Clone, Copy, Debug)]
pub struct ClockWord {
    /// Where the session stands.
    pub phase: Phase,
    /// The clock stands still.
    pub stopped: bool,
    /// The current section.
    pub section: u8,
    /// Whole time left.
    pub remaining_ms: u64,
    /// The proctor has started.
    pub sitting_started: bool,
}

/// What the server says when a line is up.
#[derive(Clone, Debug)]
pub struct Welcome {
    /// The epoch this machine speaks in.
    pub epoch: u32,
    /// First unused number.
    pub next_seq: u32,
    /// The clock.
    pub clock: ClockWord,
    /// What is stored.
    pub answers: Vec<Choices>,
    /// Where the candidate was.
    pub cursor: u16,
}

/// The server's words.
#[derive(Clone, Debug)]
pub enum Word {
    /// The line is up.
    Welcome(Box<Welcome>),
    /// Another terminal speaks for the session; answers may be handed in as evidence.
    Evidence {
        /// Its epoch.
        epoch: u32,
    },
    /// Durable.
    Saved(u32),
    /// Durable as evidence.
    Late(u32),
    /// Not stored.
    Refused(u32, Refusal),
    /// The clock.
    Clock(ClockWord),
    /// It is over.
    Ended,
    /// The server ends the line.
    Close(Close),
}

/// Why the server ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Close {
    /// The session was moved or signed in elsewhere.
    Superseded,
    /// The server goes away, or the line broke.
    Broken,
}

/// What the page tells the candidate about an answer: the simulator's diary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Nothing yet.
    Unknown,
    /// "Saved".
    Saved,
    /// "Late".
    Late,
    /// "Not accepted", for good.
    Refused,
}

/// An answer in the diary of a machine.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Under which number.
    pub stamp: TerminalStamp,
    /// What.
    pub given: GivenAnswer,
    /// What the page says of it.
    pub shown: Shown,
}

/// What is to be done after an action.
#[derive(Debug, Default)]
pub struct Todo {
    /// Commands to send, in order.
    pub send: Vec<SessionOrder>,
    /// Connect within this.
    pub connect_within_ms: Option<u64>,
    /// Hang up.
    pub hang_up: bool,
    /// Look again at this time.
    pub wake_ms: Option<u64>,
}

/// One page on one machine.
#[derive(Debug)]
pub struct Page {
    /// Known after the first welcome.
    pub epoch: Option<u32>,
    next_seq: u32,
    /// Commands without an answer.
    pub outbox: Vec<Entry>,
    /// The line.
    pub link: Link,
    /// Another terminal speaks for the session.
    pub blocked: bool,
    /// It is over.
    pub ended: bool,
    /// The clock as last heard.
    pub clock: Option<ClockWord>,
    /// What the server has.
    pub stored: Vec<Choices>,
    /// Where the candidate is.
    pub cursor: u16,
    viewed: Option<u16>,
    heard_ms: u64,
    failures: u32,
    resynced_ms: Option<u64>,
    /// Survives a reload.
    pub disk: bool,
    /// All answers ever made here.
    pub diary: Vec<Line>,
}

impl Page {
    /// A page on a machine with or without a disk.
    pub fn new(disk: bool) -> Self {
        Page {
            epoch: None,
            next_seq: 1,
            outbox: Vec::new(),
            link: Link::Off,
            blocked: false,
            ended: false,
            clock: None,
            stored: Vec::new(),
            cursor: 0,
            viewed: None,
            heard_ms: 0,
            failures: 0,
            resynced_ms: None,
            disk,
            diary: Vec::new(),
        }
    }

    /// The page is loaded again: what was on the disk is there, what was in memory is not.
    pub fn reload(&mut self, now_ms: u64) -> Todo {
        let disk = self.disk;
        let before = std::mem::replace(self, Page::new(disk));
        self.diary = before.diary;
        if disk {
            self.epoch = before.epoch;
            self.next_seq = before.next_seq;
            self.stored = before.stored;
            self.cursor = before.cursor;
            self.clock = before.clock;
            self.ended = before.ended;
            self.outbox = before.outbox;
            self.outbox.iter_mut().for_each(|entry| *entry = Entry { flying: false, not_before_ms: 0, late: false, held: 0, ..*entry });
        }
        self.lose(now_ms)
    }

    /// May the candidate choose?
    pub fn answerable(&self) -> bool {
        !self.ended && !self.blocked && self.epoch.is_some() && self.clock.is_some_and(|clock| clock.phase == Phase::Running)
    }

    /// Is a command of this kind under way?
    pub fn underway(&self, fits: impl Fn(&Frame) -> bool) -> bool {
        self.outbox.iter().any(|entry| fits(&entry.frame))
    }

    /// What the page shows at a position: the newest that is kept here, or what the server has.
    pub fn shown_at(&self, position: u16) -> Choices {
        let own = self.outbox.iter().rev().find_map(|entry| match entry.frame {
            Frame::Answer(given) if given.position == position && Some(entry.epoch) == self.epoch => Some(given.choices),
            _ => None,
        });
        own.unwrap_or_else(|| self.stored.get(usize::from(position)).copied().unwrap_or_default())
    }

    /// The candidate asks for something.
    pub fn issue(&mut self, frame: Frame, now_ms: u64) {
        let Some(epoch) = self.epoch else { return };
        let seq = self.next_seq;
        self.next_seq += 1;
        if let Frame::Answer(given) = frame {
            self.diary.push(Line { stamp: TerminalStamp { epoch, seq }, given, shown: Shown::Unknown });
        }
        self.outbox.push(Entry { epoch, seq, frame, made_ms: now_ms, flying: false, not_before_ms: 0, late: false, held: 0 });
    }

    /// Looks at an item, if it is not looked at already.
    pub fn look(&mut self, position: u16, now_ms: u64) {
        self.cursor = position;
        if self.answerable() && self.viewed != Some(position) {
            self.viewed = Some(position);
            self.issue(Frame::View(position), now_ms);
        }
    }

    /// What follows from whatever was done: sends what may be sent.
    pub fn settle(&mut self, paper: &Paper, now_ms: u64) -> Todo {
        self.prune(paper);
        let mut todo = Todo::default();
        if self.link == Link::Up {
            self.pump(now_ms, &mut todo);
        }
        todo
    }

    /// Drops marks and views that wait although a newer one of their kind is kept.
    fn prune(&mut self, paper: &Paper) {
        let linear = self.clock.is_some_and(|clock| paper.sections.get(usize::from(clock.section)).is_some_and(|section| section.linear));
        let old: Vec<bool> = self
            .outbox
            .iter()
            .map(|entry| {
                let kind = matches!(entry.frame, Frame::Flag(..)) || (matches!(entry.frame, Frame::View(_)) && !linear);
                let newer = |other: &Entry| other.epoch == entry.epoch && other.seq > entry.seq && other.frame.same_thing(&entry.frame);
                kind && !entry.flying && self.outbox.iter().any(newer)
            })
            .collect();
        let mut old = old.into_iter();
        self.outbox.retain(|_| !old.next().unwrap_or(false));
    }

    fn pump(&mut self, now_ms: u64, todo: &mut Todo) {
        self.outbox.sort_by_key(|entry| (entry.epoch, entry.seq));
        let stopped = self.clock.is_some_and(|clock| clock.stopped);
        let mut numbers: Vec<u32> = self.outbox.iter().filter(|entry| entry.flying).map(|entry| entry.seq).collect();
        for (index, entry) in self.outbox.iter_mut().enumerate() {
            let current = Some(entry.epoch) == self.epoch;
            let barrier = entry.frame.ends_something() && current;
            if !entry.flying {
                let own = current && !entry.late;
                let waits = entry.not_before_ms > now_ms || (stopped && own) || (barrier && index > 0);
                if entry.not_before_ms > now_ms {
                    todo.wake_ms = Some(entry.not_before_ms);
                }
                if waits || numbers.len() >= FLYING_MAX || numbers.contains(&entry.seq) {
                    break;
                }
                numbers.push(entry.seq);
                entry.flying = true;
                let stamp = TerminalStamp { epoch: entry.epoch, seq: entry.seq };
                todo.send.push(match entry.frame {
                    Frame::Answer(given) if !own => SessionOrder::LateAnswer(stamp, given, entry.made_ms as u32),
                    frame => frame.order(stamp),
                });
            }
            if barrier {
                break;
            }
        }
    }

    /// A line was opened and the first frame sent.
    pub fn greets(&mut self, now_ms: u64) {
        self.link = Link::Greeting;
        self.heard_ms = now_ms;
    }

    /// Is the line silent for too long?
    pub fn silent(&self, now_ms: u64) -> bool {
        let limit_ms = match self.link {
            Link::Up if !self.ended || !self.outbox.is_empty() => SILENCE_MS,
            Link::Greeting => GREETING_MS,
            Link::Up | Link::Off | Link::Waiting => return false,
        };
        now_ms.saturating_sub(self.heard_ms) > limit_ms
    }

    fn ground(&mut self) {
        self.outbox.iter_mut().for_each(|entry| entry.flying = false);
    }

    /// The line is gone: try again soon.
    pub fn lose(&mut self, now_ms: u64) -> Todo {
        self.ground();
        self.heard_ms = now_ms;
        if self.ended && self.outbox.is_empty() {
            self.link = Link::Off;
            return Todo { hang_up: true, ..Todo::default() };
        }
        self.failures += 1;
        self.link = Link::Waiting;
        let within_ms = if self.failures == 1 { FIRST_RETRY_MS } else { RETRY_MS };
        Todo { hang_up: true, connect_within_ms: Some(within_ms), ..Todo::default() }
    }

    /// The server says something.
    pub fn hear(&mut self, word: Word, now_ms: u64) -> Todo {
        self.heard_ms = now_ms;
        match word {
            Word::Welcome(welcome) => self.welcome(&welcome),
            Word::Evidence { epoch } => {
                self.link = Link::Up;
                self.blocked = true;
                self.epoch = Some(epoch);
                self.ground();
                self.outbox.retain(|entry| entry.frame.is_answer());
            }
            Word::Saved(seq) => self.saved(seq),
            Word::Late(seq) => {
                if let Some(entry) = self.answered(seq) {
                    self.tell(entry, Shown::Late);
                }
            }
            Word::Refused(seq, refusal) => return self.refused(seq, refusal, now_ms),
            Word::Clock(clock) => self.tick(clock),
            Word::Ended => self.ended = true,
            Word::Close(close) => return self.closed(close, now_ms),
        }
        Todo::default()
    }

    fn welcome(&mut self, news: &Welcome) {
        let known = self.epoch == Some(news.epoch);
        self.link = Link::Up;
        self.failures = 0;
        self.blocked = false;
        self.epoch = Some(news.epoch);
        self.stored = news.answers.clone();
        self.ended = news.clock.phase.ended();
        self.ground();
        self.outbox.retain(|entry| entry.epoch == news.epoch || entry.frame.is_answer());
        let after = self.outbox.iter().filter(|entry| entry.epoch == news.epoch).map(|entry| entry.seq + 1).max().unwrap_or(0);
        self.next_seq = news.next_seq.max(after).max(if known { self.next_seq } else { 0 });
        if !known {
            self.viewed = None;
            self.cursor = news.cursor;
        }
        self.tick(news.clock);
    }

    fn tick(&mut self, clock: ClockWord) {
        if clock.phase == Phase::Running && !clock.stopped {
            // A pause is over: what waited for it is offered at once.
            self.outbox.iter_mut().filter(|entry| entry.held > 0).for_each(|entry| entry.not_before_ms = 0);
        }
        self.clock = Some(clock);
    }

    /// Takes out the command on its way with that number.
    fn answered(&mut self, seq: u32) -> Option<Entry> {
        let index = self.outbox.iter().position(|entry| entry.seq == seq && entry.flying)?;
        Some(self.outbox.remove(index))
    }

    fn tell(&mut self, entry: Entry, shown: Shown) {
        let stamp = TerminalStamp { epoch: entry.epoch, seq: entry.seq };
        // A page without a disk may use a number twice; what the word is about was made last.
        let line = self
            .diary
            .iter_mut()
            .rev()
            .find(|line| line.stamp == stamp && matches!(entry.frame, Frame::Answer(given) if given == line.given));
        if let Some(line) = line {
            line.shown = shown;
        }
    }

    fn saved(&mut self, seq: u32) {
        let Some(entry) = self.answered(seq) else { return };
        self.tell(entry, Shown::Saved);
        if Some(entry.epoch) != self.epoch || entry.late {
            return;
        }
        match entry.frame {
            Frame::Answer(given) => {
                let position = usize::from(given.position);
                if self.stored.len() <= position {
                    self.stored.resize(position + 1, Choices::NONE);
                }
                self.stored[position] = given.choices;
            }
            Frame::Advance(section) => {
                if let Some(clock) = self.clock.as_mut().filter(|clock| clock.section == section) {
                    clock.section += 1;
                }
            }
            Frame::Submit => self.set_phase(Phase::Submitted),
            Frame::Consent => self.set_phase(Phase::Ready),
            Frame::Start | Frame::View(_) | Frame::Flag(..) => {}
        }
    }

    fn set_phase(&mut self, phase: Phase) {
        if let Some(clock) = self.clock.as_mut().filter(|clock| clock.phase < phase) {
            clock.phase = phase;
        }
    }

    fn refused(&mut self, seq: u32, refusal: Refusal, now_ms: u64) -> Todo {
        let Some(entry) = self.answered(seq) else { return Todo::default() };
        let answer = entry.frame.is_answer();
        let newer =
            |other: &Entry| other.flying && other.epoch == entry.epoch && other.seq > entry.seq && other.frame.same_thing(&entry.frame);
        let overtaken = self.outbox.iter().any(newer);
        let own = Some(entry.epoch) == self.epoch;
        let again = |after_ms: u64, held: u8| Entry { flying: false, not_before_ms: now_ms + after_ms, held, ..entry };
        match refusal {
            Refusal::Busy if !overtaken => {
                self.outbox.push(again(BUSY_MS, entry.held));
                Todo { wake_ms: Some(now_ms + BUSY_MS), ..Todo::default() }
            }
            Refusal::Paused if !overtaken && own && entry.held < HELD_MAX && (answer || matches!(entry.frame, Frame::Flag(..))) => {
                self.outbox.push(again(HOLD_MS, entry.held + 1));
                Todo { wake_ms: Some(now_ms + HOLD_MS), ..Todo::default() }
            }
            Refusal::NumberReused if answer => {
                self.issue(entry.frame, now_ms);
                Todo::default()
            }
            Refusal::TerminalSuperseded if answer => {
                self.outbox.push(again(HOLD_MS, entry.held));
                Todo { wake_ms: Some(now_ms + HOLD_MS), ..Todo::default() }
            }
            Refusal::Ended if answer && !entry.late => {
                self.outbox.push(Entry { flying: false, late: true, ..entry });
                Todo::default()
            }
            _ => {
                self.tell(entry, Shown::Refused);
                let quiet = matches!(entry.frame, Frame::View(_)) || matches!(refusal, Refusal::Busy | Refusal::Superseded);
                if quiet || self.resynced_ms.is_some_and(|resynced_ms| now_ms - resynced_ms < RESYNC_MS) {
                    return Todo::default();
                }
                // Page and server disagree: a fresh welcome brings the state as the server has it.
                self.resynced_ms = Some(now_ms);
                self.ground();
                self.link = Link::Waiting;
                Todo { hang_up: true, connect_within_ms: Some(0), ..Todo::default() }
            }
        }
    }

    fn closed(&mut self, close: Close, now_ms: u64) -> Todo {
        self.ground();
        match close {
            Close::Broken => self.lose(now_ms),
            Close::Superseded => {
                self.blocked = true;
                // Answers that crossed with the move are told as evidence, on a line that was opened after it.
                let crossed = self.outbox.iter().any(|entry| entry.frame.is_answer() && Some(entry.epoch) == self.epoch);
                self.link = if crossed { Link::Waiting } else { Link::Off };
                Todo { hang_up: true, connect_within_ms: crossed.then_some(FIRST_RETRY_MS), ..Todo::default() }
            }
        }
    }
}
