//! Terminals that keep the rules of the page (`web/src/terminal/step.ts`) and a diary of what was promised to them.
//!
//! What a candidate chooses goes into an outbox, is sent in order, is sent again under its old number after every lost connection, and leaves the
//! outbox only when the server has said what became of it. Choices go on while the line is down. Views and marks are left out: they are worth
//! nothing afterwards. Only the waits before coming back are shorter than the page's ([`Habits::jitter`]).

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use loadtest::terminal::Seated;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use wire::PROTOCOL_VERSION;
use wire::terminal::{ClockView, PaperFrame, Phase, TerminalFrame, TerminalNews, Welcome, close};

/// Commands on their way at one time.
const FLYING_MAX: usize = 16;
/// Choices that wait in an outbox; more are not made, as a person would stop too.
const OUTBOX_MAX: usize = 200;
/// A silent line counts as dead after this.
const SILENCE: Duration = Duration::from_secs(40);
/// A line that does not come up in this time is tried anew.
const GREETING: Duration = Duration::from_secs(20);
/// The first attempt after a loss comes within this.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// A refusal that shows a disagreement asks for a fresh welcome, but not more often than this.
const RESYNC: Duration = Duration::from_secs(10);
/// Nothing at all moves for so long: whoever waits is told that it will not come.
const STANDSTILL: Duration = Duration::from_secs(12);
/// Nobody waits longer than this, whatever moves.
const PATIENCE: Duration = Duration::from_secs(120);
/// Words about the clock kept in a diary.
const CLOCKS_MAX: usize = 10_000;

/// How candidates behave.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// Mean time between two choices.
    pub every: Duration,
    /// Share of the page's waits before it comes back.
    pub jitter: f64,
    /// Nothing between terminal and server duplicates or reorders: an answer that is passed over on a live socket is a violation at once.
    pub honest_line: bool,
    /// Seed of everything random here.
    pub seed: u64,
}

/// What became of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Not known yet.
    Unknown,
    /// Durable, and counts unless a later one does.
    Saved,
    /// Kept as evidence.
    Late,
    /// Refused for good, with this code.
    Refused(String),
    /// Taken back by the page itself: a newer choice was on its way, or the number had to be another one.
    Withdrawn,
}

/// One choice of a candidate.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Its number.
    pub seq: u32,
    /// Position in the paper.
    pub position: u16,
    /// Canonical choice ids; empty clears.
    pub choices: Vec<u8>,
    /// What became of it.
    pub fate: Fate,
    /// Times it went out.
    pub sent: u32,
}

/// What the server said of its clock, between these two instants.
#[derive(Clone, Debug)]
pub struct ClockSeen {
    /// The question had not been asked before.
    pub before: Instant,
    /// The answer was here.
    pub after: Instant,
    /// What it said.
    pub clock: ClockView,
}

/// What a terminal did and was told.
#[derive(Clone, Debug, Default)]
pub struct Diary {
    /// Participant number.
    pub participant_no: String,
    /// The session.
    pub session: String,
    /// In order of their numbers.
    pub choices: Vec<Choice>,
    /// Commands that are not choices (consent, start) and were acknowledged.
    pub other_saved: u64,
    /// What was said of the clock while the session ran.
    pub clocks: Vec<ClockSeen>,
    /// When the end was heard.
    pub ended: Option<Instant>,
    /// What must not have happened.
    pub violations: Vec<String>,
    /// Commands that still waited when the terminal was told to leave.
    pub waiting: usize,
}

impl Diary {
    /// What counts for each position, as far as this terminal was told: the acknowledged choice with the highest number.
    pub fn counts(&self) -> BTreeMap<u16, &Choice> {
        self.choices.iter().filter(|choice| choice.fate == Fate::Saved).map(|choice| (choice.position, choice)).collect()
    }

    /// How many met this fate.
    pub fn of(&self, fate: &Fate) -> u64 {
        self.choices.iter().filter(|choice| choice.fate == *fate).count() as u64
    }

    /// Compares what is stored with what was promised. Choices whose fate is not known may be there or not.
    fn check(&mut self, welcome: &Welcome) {
        let mut wrong = Vec::new();
        let counts = self.counts();
        for (position, stored) in (0_u16..).zip(&welcome.answers) {
            let promised = counts.get(&position);
            let least = promised.map_or(0, |choice| choice.seq);
            let open = |fate: &Fate| matches!(fate, Fate::Unknown | Fate::Withdrawn);
            let possible = |choice: &&Choice| choice.position == position && choice.seq > least && open(&choice.fate);
            let is_promised = match promised {
                Some(choice) => choice.choices == stored.choices,
                None => stored.choices.is_empty(),
            };
            if !is_promised && !self.choices.iter().rev().filter(possible).any(|choice| choice.choices == stored.choices) {
                wrong.push(format!(
                    "{} position {position}: stored {:?}, promised {:?}",
                    self.participant_no,
                    stored.choices,
                    promised.map(|choice| (choice.seq, &choice.choices))
                ));
            }
        }
        let highest = self.choices.iter().filter(|choice| choice.fate == Fate::Saved).map(|choice| choice.seq).max().unwrap_or(0);
        if welcome.next_seq <= highest {
            wrong.push(format!(
                "{}: the server knows no number from {} on, {highest} was acknowledged",
                self.participant_no, welcome.next_seq
            ));
        }
        self.violations.extend(wrong);
    }

    /// After everything was answered: stored is what was promised and nothing else.
    pub fn check_to_the_end(&mut self, welcome: &Welcome) {
        for choice in &self.choices {
            let settled = match &choice.fate {
                Fate::Saved | Fate::Late | Fate::Withdrawn => true,
                Fate::Refused(code) => code == "superseded",
                Fate::Unknown => false,
            };
            if !settled {
                let line = format!("{}: number {} ended as {:?}", self.participant_no, choice.seq, choice.fate);
                self.violations.push(line);
            }
        }
        self.check(welcome);
    }
}

/// What the crowd is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Choose,
    Drain,
    Leave,
}

/// What the crowd has done so far; all terminals write here.
#[derive(Debug, Default)]
pub struct Progress {
    /// Commands acknowledged.
    pub acks: AtomicU64,
    /// Terminals whose outbox is not empty.
    pub busy: AtomicU64,
    /// Terminals with a live line.
    pub up: AtomicU64,
    /// Terminals that have a paper.
    pub seated: AtomicU64,
    /// Connections that were tried.
    pub attempts: AtomicU64,
    /// Terminals that heard of their end.
    pub ended: AtomicU64,
    /// Something of this changed.
    changed: Notify,
}

impl Progress {
    fn note(&self, counter: &AtomicU64, up: bool) {
        if up {
            counter.fetch_add(1, Relaxed)
        } else {
            counter.fetch_sub(1, Relaxed)
        };
        self.changed.notify_waiters();
    }
}

/// Terminals at work.
pub struct Crowd {
    orders: watch::Sender<Order>,
    terminals: JoinSet<Diary>,
    size: usize,
    /// What they have done so far.
    pub progress: Arc<Progress>,
}

impl Crowd {
    /// Seats everybody at `address` (`host:port`, the server's or a proxy's): they consent, start, and choose.
    pub fn start(address: &str, seated: &[Seated], habits: Habits) -> Crowd {
        let (orders, listening) = watch::channel(Order::Choose);
        let progress = Arc::new(Progress::default());
        let mut terminals = JoinSet::new();
        for (index, seated) in (0_u64..).zip(seated) {
            let terminal = Terminal::new(address, seated, habits, index, Arc::clone(&progress));
            terminals.spawn(terminal.live(listening.clone()));
        }
        Crowd { orders, terminals, size: seated.len(), progress }
    }

    /// How many.
    pub fn size(&self) -> u64 {
        self.size as u64
    }

    /// Waits until `reached`; false when nothing moves any more.
    pub async fn until(&self, reached: impl Fn(&Progress) -> bool) -> bool {
        let began = Instant::now();
        let (mut done, mut moved) = (0, began);
        while began.elapsed() < PATIENCE {
            let changed = self.progress.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if reached(&self.progress) {
                return true;
            }
            // Lines that come and go are no progress.
            let progress = &self.progress;
            let now = progress.acks.load(Relaxed) + progress.seated.load(Relaxed) + progress.ended.load(Relaxed);
            if now != done {
                (done, moved) = (now, Instant::now());
            }
            if tokio::time::timeout_at((moved + STANDSTILL).into(), changed).await.is_err() {
                return false;
            }
        }
        false
    }

    /// Waits until everybody has a paper and works.
    pub async fn until_everybody_works(&self) -> Result<()> {
        let everybody = self.size();
        if !self.until(|progress| progress.seated.load(Relaxed) == everybody && progress.up.load(Relaxed) == everybody).await {
            bail!(
                "{} of {everybody} terminals have a paper, {} a line",
                self.progress.seated.load(Relaxed),
                self.progress.up.load(Relaxed)
            );
        }
        Ok(())
    }

    /// Nobody chooses any more; waits until everything is answered. False when something never is.
    pub async fn drain(&self) -> bool {
        let _ = self.orders.send(Order::Drain);
        let everybody = self.size();
        self.until(|progress| progress.busy.load(Relaxed) == 0 && progress.up.load(Relaxed) == everybody).await
    }

    /// Everybody leaves; their diaries, by participant number.
    pub async fn leave(mut self) -> Result<Vec<Diary>> {
        let _ = self.orders.send(Order::Leave);
        let mut diaries = Vec::new();
        while let Some(diary) = self.terminals.join_next().await {
            diaries.push(diary?);
        }
        diaries.sort_by(|a, b| a.participant_no.cmp(&b.participant_no));
        Ok(diaries)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Asked {
    Consent,
    Start,
    /// Index into the diary's choices.
    Choice(usize),
}

#[derive(Clone, Debug)]
struct Entry {
    seq: u32,
    epoch: u32,
    asked: Asked,
    flying: bool,
    not_before: Option<Instant>,
    late: bool,
}

/// How a line ended.
enum Ending {
    /// The server's code, or 1006.
    Closed(u16),
    /// Page and server disagree: a fresh welcome is wanted at once.
    Resync,
    /// Told to leave.
    Leave,
}

struct Terminal {
    address: String,
    seated: Seated,
    habits: Habits,
    rng: SmallRng,
    born: Instant,
    progress: Arc<Progress>,
    epoch: Option<u32>,
    next_seq: u32,
    outbox: Vec<Entry>,
    /// Numbers in the order in which they went out on this line.
    unanswered: Vec<u32>,
    paper: Option<PaperFrame>,
    clock: Option<(ClockView, Instant)>,
    ended: bool,
    next_choice: Instant,
    resynced: Option<Instant>,
    busy: bool,
    reconnect_jitter: Duration,
    diary: Diary,
}

type Socket = WebSocketStream<TcpStream>;

impl Terminal {
    fn new(address: &str, seated: &Seated, habits: Habits, index: u64, progress: Arc<Progress>) -> Terminal {
        let diary =
            Diary { participant_no: seated.session.participant_no.clone(), session: seated.session.session.clone(), ..Diary::default() };
        Terminal {
            address: address.to_owned(),
            seated: seated.clone(),
            habits,
            rng: SmallRng::seed_from_u64(habits.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(index)),
            born: Instant::now(),
            progress,
            epoch: None,
            next_seq: 1,
            outbox: Vec::new(),
            unanswered: Vec::new(),
            paper: None,
            clock: None,
            ended: false,
            next_choice: Instant::now(),
            resynced: None,
            busy: false,
            reconnect_jitter: Duration::from_secs(10),
            diary,
        }
    }

    async fn live(mut self, mut orders: watch::Receiver<Order>) -> Diary {
        let mut failures = 0_u32;
        loop {
            let ending = match self.line(&mut orders, &mut failures).await {
                Ok(ending) => ending,
                Err(_) => Ending::Closed(1006),
            };
            self.outbox.iter_mut().for_each(|entry| entry.flying = false);
            let code = match ending {
                Ending::Leave => break,
                Ending::Resync => continue,
                Ending::Closed(code) => code,
            };
            if matches!(code, close::BAD_FRAME | close::UNAUTHENTICATED | close::SECOND_TERMINAL | close::VERSION) {
                self.diary.violations.push(format!("{}: the server closed with {code}", self.diary.participant_no));
            }
            failures += 1;
            let window = if failures == 1 && code != close::GOING_AWAY { FIRST_RETRY } else { self.reconnect_jitter };
            let wait = window.mul_f64(self.habits.jitter * self.rng.random::<f64>());
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = orders.wait_for(|order| *order == Order::Leave) => break,
            }
        }
        self.diary.waiting = self.outbox.len();
        self.diary
    }

    /// One connection, from its attempt to its end.
    async fn line(&mut self, orders: &mut watch::Receiver<Order>, failures: &mut u32) -> Result<Ending> {
        self.progress.attempts.fetch_add(1, Relaxed);
        let have_paper = self.paper.as_ref().map(|paper| paper.digest.clone());
        let greeting = tokio::time::timeout(GREETING, greet(&self.address, &self.seated, have_paper));
        let (mut socket, before) = tokio::select! {
            greeted = greeting => greeted??,
            _ = orders.wait_for(|order| *order == Order::Leave) => return Ok(Ending::Leave),
        };
        let mut up = false;
        let ending = self.converse(&mut socket, before, orders, failures, &mut up).await;
        if up {
            let progress = Arc::clone(&self.progress);
            progress.note(&progress.up, false);
        }
        ending
    }

    async fn converse(
        &mut self,
        socket: &mut Socket,
        before: Instant,
        orders: &mut watch::Receiver<Order>,
        failures: &mut u32,
        up: &mut bool,
    ) -> Result<Ending> {
        let mut heard = Instant::now();
        self.unanswered.clear();
        loop {
            let order = *orders.borrow_and_update();
            if order == Order::Leave {
                return Ok(Ending::Leave);
            }
            if *up {
                self.choose_what_is_due(order);
                self.pump(socket).await?;
            }
            self.note_busy();
            let silence = if *up { SILENCE } else { GREETING };
            let wake = self.next_wake(order).unwrap_or(heard + silence).min(heard + silence);
            tokio::select! {
                message = socket.next() => {
                    heard = Instant::now();
                    let text = match message {
                        Some(Ok(Message::Text(text))) => text,
                        Some(Ok(Message::Close(frame))) => return Ok(Ending::Closed(frame.map_or(1005, |frame| frame.code.into()))),
                        Some(Ok(_)) => continue,
                        Some(Err(_)) | None => return Ok(Ending::Closed(1006)),
                    };
                    let news = serde_json::from_str(&text).with_context(|| format!("an unknown frame: {text:.200}"))?;
                    if matches!(news, TerminalNews::Welcome(_)) && !*up {
                        *up = true;
                        *failures = 0;
                        self.progress.note(&self.progress.up, true);
                    }
                    if let Some(ending) = self.hear(news, before, heard) {
                        return Ok(ending);
                    }
                }
                () = tokio::time::sleep_until(wake.into()) => {
                    if heard.elapsed() >= silence {
                        return Ok(Ending::Closed(1006));
                    }
                }
                _ = orders.changed() => {}
            }
        }
    }

    fn note_busy(&mut self) {
        let busy = !self.outbox.is_empty() || self.paper.is_none();
        if busy != std::mem::replace(&mut self.busy, busy) {
            self.progress.note(&self.progress.busy, busy);
        }
    }

    fn next_wake(&self, order: Order) -> Option<Instant> {
        let offered_again = self.outbox.iter().filter(|entry| !entry.flying).filter_map(|entry| entry.not_before).min();
        let chooses = order == Order::Choose && self.answerable(self.next_choice) && self.outbox.len() < OUTBOX_MAX;
        [offered_again, chooses.then_some(self.next_choice)].into_iter().flatten().min()
    }

    /// May a candidate choose at this instant, by what the page knows?
    fn answerable(&self, at: Instant) -> bool {
        let Some((clock, heard)) = &self.clock else { return false };
        let left = Duration::from_millis(clock.remaining_ms.into());
        self.paper.is_some() && !self.ended && clock.phase == Phase::Running && at < *heard + left
    }

    /// Makes the choices whose time has come, also those of the time without a line.
    fn choose_what_is_due(&mut self, order: Order) {
        let now = Instant::now();
        while self.next_choice <= now {
            if order == Order::Choose && self.answerable(self.next_choice) && self.outbox.len() < OUTBOX_MAX {
                self.choose();
            }
            let pause = -self.habits.every.as_secs_f64() * (1.0 - self.rng.random::<f64>()).ln();
            self.next_choice += Duration::from_secs_f64(pause.max(0.001));
        }
    }

    fn choose(&mut self) {
        let Some(paper) = &self.paper else { return };
        let position = self.rng.random_range(0..paper.items.len()) as u16;
        let ids: Vec<u8> = paper.items[usize::from(position)].choices.iter().map(|choice| choice.id).collect();
        // One in twenty clears the item.
        let choices = if self.rng.random_bool(0.05) { Vec::new() } else { vec![ids[self.rng.random_range(0..ids.len())]] };
        let seq = self.issue(Asked::Choice(self.diary.choices.len()));
        self.diary.choices.push(Choice { seq, position, choices, fate: Fate::Unknown, sent: 0 });
    }

    /// Numbers a command and puts it into the outbox.
    fn issue(&mut self, asked: Asked) -> u32 {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.outbox.push(Entry { seq, epoch: self.epoch.unwrap_or(0), asked, flying: false, not_before: None, late: false });
        seq
    }

    /// Sends what may be sent, in order.
    async fn pump(&mut self, socket: &mut Socket) -> Result<()> {
        let now = Instant::now();
        let mut flying = self.outbox.iter().filter(|entry| entry.flying).count();
        let paused = self.clock.as_ref().is_some_and(|(clock, _)| clock.phase == Phase::Paused);
        let mut sent = false;
        for index in 0..self.outbox.len() {
            if self.outbox[index].flying {
                continue;
            }
            if flying >= FLYING_MAX || paused || self.outbox[index].not_before.is_some_and(|instant| instant > now) {
                break;
            }
            let frame = self.frame(index);
            self.outbox[index].flying = true;
            self.unanswered.push(self.outbox[index].seq);
            flying += 1;
            sent = true;
            socket.feed(Message::Text(Utf8Bytes::from(serde_json::to_string(&frame)?))).await?;
        }
        if sent {
            socket.flush().await?;
        }
        Ok(())
    }

    fn frame(&mut self, index: usize) -> TerminalFrame {
        let Entry { seq, epoch, late, ref asked, .. } = self.outbox[index];
        match *asked {
            Asked::Consent => TerminalFrame::Consent { seq },
            Asked::Start => TerminalFrame::Start { seq },
            Asked::Choice(number) => {
                let choice = &mut self.diary.choices[number];
                choice.sent += 1;
                let (position, choices) = (choice.position, choice.choices.clone());
                let item = self.paper.as_ref().map(|paper| paper.items[usize::from(position)].item.clone()).unwrap_or_default();
                if late || self.epoch != Some(epoch) {
                    let client_mono_ms = self.born.elapsed().as_millis() as u32;
                    TerminalFrame::LateAnswer { seq, epoch, position, item, choices, client_mono_ms }
                } else {
                    TerminalFrame::Answer { seq, position, item, choices }
                }
            }
        }
    }

    fn hear(&mut self, news: TerminalNews, before: Instant, after: Instant) -> Option<Ending> {
        if let TerminalNews::Saved { seq } | TerminalNews::Late { seq } = news
            && self.passed_over(seq)
        {
            let line = format!("{}: {seq} was answered before {:?}", self.diary.participant_no, self.unanswered.first());
            self.diary.violations.push(line);
        }
        match news {
            TerminalNews::Welcome(welcome) => self.welcome(*welcome, before, after),
            TerminalNews::Paper(paper) => {
                if self.paper.is_none() {
                    self.progress.note(&self.progress.seated, true);
                }
                self.paper = Some(*paper);
                self.next_choice = after;
            }
            TerminalNews::Clock(clock) => {
                // Said at some time of this line.
                self.note_clock(before, after, &clock);
                self.clock = Some((clock, after));
            }
            TerminalNews::Ended { .. } => self.end(after),
            TerminalNews::Saved { seq } => return self.answered(seq, |terminal, index| terminal.settle(index, Fate::Saved)),
            TerminalNews::Late { seq } => return self.answered(seq, |terminal, index| terminal.settle(index, Fate::Late)),
            TerminalNews::Refused { seq, code, retry_after_ms } => {
                return self.answered(seq, |terminal, index| terminal.refused(index, code, retry_after_ms));
            }
            TerminalNews::Message { .. } => {}
            // The session sits elsewhere now: what is left here is told as evidence, and the server closes.
            TerminalNews::Evidence { epoch } => {
                self.epoch = Some(epoch);
                self.outbox.retain(|entry| matches!(entry.asked, Asked::Choice(_)));
            }
        }
        None
    }

    fn note_clock(&mut self, before: Instant, after: Instant, clock: &ClockView) {
        if clock.phase == Phase::Running && self.diary.clocks.len() < CLOCKS_MAX {
            self.diary.clocks.push(ClockSeen { before, after, clock: clock.clone() });
        }
    }

    fn end(&mut self, at: Instant) {
        if !std::mem::replace(&mut self.ended, true) {
            self.diary.ended = Some(at);
            self.progress.note(&self.progress.ended, true);
        }
    }

    fn welcome(&mut self, welcome: Welcome, before: Instant, after: Instant) {
        self.diary.check(&welcome);
        self.note_clock(before, after, &welcome.clock);
        let known = self.epoch == Some(welcome.epoch);
        self.epoch = Some(welcome.epoch);
        self.outbox.retain(|entry| entry.epoch == welcome.epoch || matches!(entry.asked, Asked::Choice(_)));
        self.outbox.iter_mut().for_each(|entry| entry.flying = false);
        let mine = self.outbox.iter().filter(|entry| entry.epoch == welcome.epoch).map(|entry| entry.seq + 1).max().unwrap_or(0);
        self.next_seq = welcome.next_seq.max(mine).max(if known { self.next_seq } else { 0 });
        self.reconnect_jitter = Duration::from_millis(welcome.reconnect_jitter_ms.into());
        self.clock = Some((welcome.clock.clone(), after));
        if welcome.ended.is_some() {
            self.end(after);
        }
        if welcome.clock.phase == Phase::SignedIn && self.outbox.is_empty() {
            self.issue(Asked::Consent);
            self.issue(Asked::Start);
        }
        if welcome.clock.phase == Phase::Ready && !self.outbox.iter().any(|entry| entry.asked == Asked::Start) {
            self.issue(Asked::Start);
        }
    }

    /// Was an earlier frame of this line left without an answer? Only a "busy" may come out of turn: a server that stops says it for what comes
    /// after the end of a hall.
    fn passed_over(&self, seq: u32) -> bool {
        self.habits.honest_line && self.unanswered.first() != Some(&seq)
    }

    /// Finds the command that an answer belongs to: the one on its way with that number.
    fn answered(&mut self, seq: u32, then: impl FnOnce(&mut Self, usize) -> Option<Ending>) -> Option<Ending> {
        self.unanswered.retain(|waiting| *waiting != seq);
        let index = self.outbox.iter().position(|entry| entry.seq == seq && entry.flying)?;
        then(self, index)
    }

    fn settle(&mut self, index: usize, fate: Fate) -> Option<Ending> {
        let entry = self.outbox.remove(index);
        if matches!(fate, Fate::Saved | Fate::Late) {
            self.progress.note(&self.progress.acks, true);
        }
        match entry.asked {
            Asked::Choice(number) => self.diary.choices[number].fate = fate,
            Asked::Consent | Asked::Start if fate == Fate::Saved => self.diary.other_saved += 1,
            Asked::Consent | Asked::Start => {}
        }
        None
    }

    fn refused(&mut self, index: usize, code: String, retry_after_ms: Option<u32>) -> Option<Ending> {
        let Entry { seq, epoch, ref asked, late, .. } = self.outbox[index];
        let choice = match asked {
            Asked::Choice(number) => Some(*number),
            Asked::Consent | Asked::Start => None,
        };
        let position = |asked: &Asked| match asked {
            Asked::Choice(number) => Some(self.diary.choices[*number].position),
            Asked::Consent | Asked::Start => None,
        };
        let mine = position(asked);
        let newer = |other: &Entry| other.flying && other.epoch == epoch && other.seq > seq && position(&other.asked) == mine;
        let overtaken = mine.is_some() && self.outbox.iter().any(newer);
        let wait = |entry: &mut Entry, ms: u32| {
            entry.flying = false;
            entry.not_before = Some(Instant::now() + Duration::from_millis(ms.into()));
        };
        match (code.as_str(), choice) {
            ("superseded", _) => self.settle(index, Fate::Refused(code)),
            ("busy" | "paused", _) if overtaken => self.settle(index, Fate::Withdrawn),
            ("busy", _) => {
                wait(&mut self.outbox[index], retry_after_ms.unwrap_or(1_000));
                None
            }
            ("paused" | "terminal_superseded", Some(_)) => {
                wait(&mut self.outbox[index], 2_000);
                None
            }
            ("number_reused", Some(number)) => {
                self.settle(index, Fate::Withdrawn);
                let again = Choice { fate: Fate::Unknown, sent: 0, ..self.diary.choices[number].clone() };
                let seq = self.issue(Asked::Choice(self.diary.choices.len()));
                self.diary.choices.push(Choice { seq, ..again });
                None
            }
            ("session_ended", Some(_)) if !late => {
                self.outbox[index].late = true;
                self.outbox[index].flying = false;
                None
            }
            _ => {
                self.settle(index, Fate::Refused(code));
                if self.resynced.is_some_and(|last| last.elapsed() < RESYNC) {
                    return None;
                }
                self.resynced = Some(Instant::now());
                Some(Ending::Resync)
            }
        }
    }
}

/// Opens a terminal's socket and says hello; with the instant before the hello.
async fn greet(address: &str, seated: &Seated, have_paper: Option<String>) -> Result<(Socket, Instant)> {
    let mut request = format!("ws://{address}/api/v1/terminal/ws").into_client_request()?;
    request.headers_mut().insert("cookie", HeaderValue::from_str(&seated.cookie)?);
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
    let (mut socket, _) = client_async_with_config(request, stream, Some(config)).await?;
    let before = Instant::now();
    // The tab stays the same through all of its connections.
    let hello = TerminalFrame::Hello { version: PROTOCOL_VERSION, instance: seated.session.session.clone(), have_paper };
    socket.send(Message::Text(Utf8Bytes::from(serde_json::to_string(&hello)?))).await?;
    Ok((socket, before))
}

/// Connects once, as the same tab, and reads the welcome: the state as it is stored, and the clock between two instants.
pub async fn look(address: &str, seated: &Seated) -> Result<(Welcome, ClockSeen)> {
    let looking = async {
        // "Have paper" keeps it from being sent; any digest will do, as only the welcome is read.
        let (mut socket, before) = greet(address, seated, None).await?;
        loop {
            let message = socket.next().await.context("the server closed before a welcome")??;
            let Message::Text(text) = message else { continue };
            if let TerminalNews::Welcome(welcome) = serde_json::from_str(&text)? {
                let clock = welcome.clock.clone();
                return Ok((*welcome, ClockSeen { before, after: Instant::now(), clock }));
            }
        }
    };
    tokio::time::timeout(GREETING, looking).await.context("no welcome within 20 s")?
}

/// Looks at everybody and compares what is stored with the diaries, in which everything must be answered; what is wrong.
pub async fn compare(address: &str, seated: &[Seated], diaries: &mut [Diary]) -> Result<Vec<String>> {
    let known: BTreeMap<String, &Seated> = seated.iter().map(|one| (one.session.participant_no.clone(), one)).collect();
    let mut wrong = BTreeSet::new();
    for diary in diaries {
        let seated = known.get(&diary.participant_no).context("a diary without a seat")?;
        let (welcome, _) = look(address, seated).await.with_context(|| diary.participant_no.clone())?;
        diary.check_to_the_end(&welcome);
        wrong.extend(diary.violations.iter().cloned());
    }
    Ok(wrong.into_iter().collect())
}
