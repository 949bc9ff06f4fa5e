//! A client process: thousands of terminals in one thread, which does what it is told on standard input.
//!
//! One thread, because the client shares its machine with the server and must be cheap: sessions are plain cells, nothing is locked, nothing is
//! spawned for a save. Each session has one task that listens; whoever has something to say says it on the spot.

mod frames;
mod line;
mod session;

use crate::latency::Latencies;
use crate::orders::{Order, Outcome, Pace, Seat, Slice, Target, Word};
use crate::pacer::{Arrivals, FineTimer, anybody};
use anyhow::{Context, Result, bail};
use frames::Heard;
use line::Server;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, LogNormal};
use session::{Bank, Came, Session, Verdict, What};
use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::future::poll_fn;
use std::io::{BufRead, Write};
use std::net::Ipv4Addr;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::Semaphore;
use tokio::task::LocalSet;
use tokio_tungstenite::tungstenite::Message;
use wire::PROTOCOL_VERSION;
use wire::terminal::{Phase, TerminalFrame, TerminalNews};

/// What is due is sent in lots of at most so many, so that answers are heard between them.
const LOT: usize = 32;
/// The first attempt to come back after a line that broke without a word comes within this.
const FIRST_RETRY_WINDOW_MS: u32 = 1_000;
/// Problems that are told.
const PROBLEMS_MAX: usize = 10;
/// How often somebody who waits looks: looking at thousands of sessions costs.
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// An order that makes no headway for so long has failed.
const STILL_MAX: Duration = Duration::from_secs(30);

/// Carries out orders until there are no more.
pub fn run() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().event_interval(31).build()?;
    let (orders, mut inbox) = tokio::sync::mpsc::channel::<Order>(4);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines() {
            let Ok(order) = line.map_err(anyhow::Error::from).and_then(|line| Ok(serde_json::from_str(&line)?)) else { break };
            if orders.blocking_send(order).is_err() {
                break;
            }
        }
    });
    LocalSet::new().block_on(&runtime, async move {
        let mut room: Option<Rc<Room>> = None;
        while let Some(order) = inbox.recv().await {
            if order == Order::Quit {
                break;
            }
            let word = match carry_out(&mut room, order).await {
                Ok(outcome) => Word::Done(Box::new(outcome)),
                Err(error) => Word::Failed { why: format!("{error:#}") },
            };
            tell(&word)?;
        }
        Ok(())
    })
}

fn tell(word: &Word) -> Result<()> {
    let mut out = std::io::stdout().lock();
    serde_json::to_writer(&mut out, word)?;
    out.write_all(b"\n")?;
    Ok(out.flush()?)
}

async fn carry_out(room: &mut Option<Rc<Room>>, order: Order) -> Result<Outcome> {
    if let Order::Open { target, seats, sources, at_once, seed } = order {
        let opened = Rc::new(Room::new(&target, seats, sources, seed)?);
        *room = Some(Rc::clone(&opened));
        return opened.open(at_once).await;
    }
    let room = room.as_ref().context("nothing is open")?;
    match order {
        Order::Open { .. } | Order::Quit => bail!("not now"),
        Order::Consent => room.consent().await,
        Order::Press { at_unix_us } => room.press(at_unix_us).await,
        Order::Save { pace, seconds, at_unix_us, slice_ms, drain_ms, cut } => {
            room.measure(at_unix_us, Duration::from_millis(slice_ms.max(10)));
            if cut {
                room.cut().await?;
            }
            match pace {
                Pace::Poisson { per_s } => room.save_poisson(per_s, Duration::from_secs_f64(seconds)).await?,
                Pace::Human { think_s } => room.save_like_people(think_s, Duration::from_secs_f64(seconds)).await?,
            }
            room.drain(Duration::from_millis(drain_ms)).await?;
            Ok(room.outcome())
        }
        Order::Burst { at_unix_us, drain_ms } => {
            room.measure(at_unix_us, Duration::from_millis(10));
            room.burst().await?;
            room.drain(Duration::from_millis(drain_ms)).await?;
            Ok(room.outcome())
        }
        Order::Fill { positions } => room.fill(positions).await,
        Order::AwaitEnd { within_s, grace_ms } => room.await_end(Duration::from_secs(within_s), grace_ms * 1000).await,
        Order::AwaitBack { within_s } => room.await_back(Duration::from_secs(within_s)).await,
        Order::Verify => room.verify().await,
        Order::Diaries { path } => room.diaries(&path),
    }
}

/// Everything of this process.
struct Room {
    server: Server,
    echo: bool,
    sessions: Vec<RefCell<Session>>,
    bank: RefCell<Bank>,
    sources: Vec<Ipv4Addr>,
    rng: RefCell<SmallRng>,
    /// The zero of the clock, on both clocks.
    zero: Instant,
    zero_unix_us: i64,
    timer: FineTimer,
    measured: RefCell<Measured>,
    /// Saves that wait for an answer.
    open: Cell<u64>,
}

/// What is counted during an order.
struct Measured {
    began_us: u64,
    slice_us: u64,
    counts: BTreeMap<&'static str, u64>,
    refusals: BTreeMap<String, u64>,
    ack: Latencies,
    slice: Latencies,
    slices: Vec<Slice>,
    /// Others, by name.
    latencies: BTreeMap<&'static str, Latencies>,
    first_saved_us: Option<u64>,
    last_saved_us: Option<u64>,
    last_back_us: Option<u64>,
    cut_us: Option<u64>,
    /// First save that was acknowledged on a line that came back.
    saved_again_us: Option<u64>,
    problems: Vec<String>,
    /// Counts that are touched with every save; in a map they would cost.
    sent: u64,
    acked: u64,
}

impl Measured {
    fn new(began_us: u64, slice: Duration) -> Measured {
        Measured {
            began_us,
            slice_us: slice.as_micros() as u64,
            counts: BTreeMap::new(),
            refusals: BTreeMap::new(),
            ack: Latencies::default(),
            slice: Latencies::default(),
            slices: Vec::new(),
            latencies: BTreeMap::new(),
            first_saved_us: None,
            last_saved_us: None,
            last_back_us: None,
            cut_us: None,
            saved_again_us: None,
            problems: Vec::new(),
            sent: 0,
            acked: 0,
        }
    }

    fn count(&mut self, name: &'static str) {
        *self.counts.entry(name).or_default() += 1;
    }

    fn saved(&mut self, due_us: u64, now_us: u64) {
        let took_us = now_us.saturating_sub(due_us);
        self.ack.record(took_us);
        self.slice.record(took_us);
        self.acked += 1;
        self.first_saved_us.get_or_insert(now_us);
        self.last_saved_us = Some(now_us);
    }

    fn problem(&mut self, text: impl FnOnce() -> String) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(text());
        }
    }

    /// Ends slices that are over.
    fn slice(&mut self, now_us: u64, open: u64) {
        let next = |slices: &[Slice], slice_us: u64| (slices.len() as u64 + 1) * slice_us;
        while now_us.saturating_sub(self.began_us) >= next(&self.slices, self.slice_us) {
            let at_ms = next(&self.slices, self.slice_us) / 1000;
            self.slices.push(Slice { at_ms, ack: self.slice.counted(), open });
            self.slice.clear();
        }
    }
}

impl Room {
    fn new(target: &Target, seats: Vec<Seat>, sources: Vec<Ipv4Addr>, seed: u64) -> Result<Room> {
        if seats.is_empty() || sources.is_empty() {
            bail!("nobody to connect, or nowhere to connect from");
        }
        let mut bank = Bank::default();
        let mut sessions: Vec<Session> = seats.into_iter().map(Session::new).collect();
        if target.echo {
            let item = bank.intern("00112233445566778899aabbccddeeff", || vec![0, 1, 2, 3, 4]);
            sessions.iter_mut().for_each(|session| session.paper = vec![item; 60].into());
        }
        Ok(Room {
            server: Server::new(target)?,
            echo: target.echo,
            sessions: sessions.into_iter().map(RefCell::new).collect(),
            bank: RefCell::new(bank),
            sources,
            rng: RefCell::new(SmallRng::seed_from_u64(seed)),
            zero: Instant::now(),
            zero_unix_us: unix_us(),
            timer: FineTimer::new()?,
            measured: RefCell::new(Measured::new(0, STILL_MAX)),
            open: Cell::new(0),
        })
    }

    fn now_us(&self) -> u64 {
        self.zero.elapsed().as_micros() as u64
    }

    fn on_my_clock(&self, unix_us: i64) -> u64 {
        u64::try_from(unix_us - self.zero_unix_us).unwrap_or(0)
    }

    fn on_all_clocks(&self, us: u64) -> i64 {
        self.zero_unix_us + us as i64
    }

    /// Begins to count anew; what is past begins now.
    fn measure(&self, at_unix_us: i64, slice: Duration) {
        let began_us = self.on_my_clock(at_unix_us).max(self.now_us());
        *self.measured.borrow_mut() = Measured::new(began_us, slice);
        self.sessions.iter().for_each(|session| session.borrow_mut().came_back = false);
    }

    fn measure_now(&self) {
        self.measure(0, STILL_MAX);
    }

    fn outcome(&self) -> Outcome {
        let measured = self.measured.borrow();
        let mut counts: BTreeMap<String, u64> = measured.counts.iter().map(|(name, count)| ((*name).to_owned(), *count)).collect();
        counts.extend(measured.refusals.iter().map(|(code, count)| (format!("refused_{code}"), *count)));
        counts.insert("sent".to_owned(), measured.sent);
        counts.insert("acked".to_owned(), measured.acked);
        counts.insert("open".to_owned(), self.open.get());
        let mut latencies: BTreeMap<_, _> = measured.latencies.iter().map(|(name, all)| ((*name).to_owned(), all.counted())).collect();
        latencies.insert("ack".to_owned(), measured.ack.counted());
        let instants = [
            ("first_saved", measured.first_saved_us),
            ("last_saved", measured.last_saved_us),
            ("first_cut", measured.cut_us),
            ("first_saved_again", measured.saved_again_us),
            ("last_back", measured.last_back_us),
        ];
        let instants = instants.into_iter().filter_map(|(name, us)| Some((name.to_owned(), self.on_all_clocks(us?))));
        Outcome {
            connected: self.sessions.iter().filter(|session| session.borrow().up).count() as u64,
            counts,
            latencies,
            instants: instants.collect(),
            slices: measured.slices.clone(),
            problems: measured.problems.clone(),
        }
    }

    /// Waits until something holds, telling how far it is; fails when nothing moves for a while.
    async fn until(&self, what: &str, wanted: u64, done: impl Fn() -> u64) -> Result<()> {
        self.until_within(what, wanted, STILL_MAX, done).await
    }

    async fn until_within(&self, what: &str, wanted: u64, still_max: Duration, done: impl Fn() -> u64) -> Result<()> {
        let (mut last, mut moved, mut told) = (0, Instant::now(), Instant::now());
        loop {
            let now = done();
            if now >= wanted {
                return Ok(());
            }
            if now != last {
                (last, moved) = (now, Instant::now());
            }
            if moved.elapsed() > still_max {
                let problems = self.measured.borrow().problems.join("; ");
                bail!("{what}: {now} of {wanted}, and nothing moves any more. {problems}");
            }
            if told.elapsed() > Duration::from_millis(200) {
                told = Instant::now();
                tell(&Word::Progress { done: now })?;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn how_many(&self, holds: impl Fn(&Session) -> bool) -> u64 {
        self.sessions.iter().filter(|session| holds(&session.borrow())).count() as u64
    }

    async fn open(self: &Rc<Self>, at_once: usize) -> Result<Outcome> {
        self.measure_now();
        let gate = Arc::new(Semaphore::new(at_once.max(1)));
        let letting_in = Rc::clone(self);
        tokio::task::spawn_local(async move {
            for index in 0..letting_in.sessions.len() {
                let Ok(permit) = Arc::clone(&gate).acquire_owned().await else { return };
                letting_in.sessions[index].borrow_mut().permit = Some(permit);
                tokio::task::spawn_local(Rc::clone(&letting_in).live(index));
            }
        });
        self.until("connecting", self.sessions.len() as u64, || self.how_many(|session| session.up)).await?;
        Ok(self.outcome())
    }

    /// One session's line, for ever: opens it, listens, comes back when it is lost.
    async fn live(self: Rc<Self>, index: usize) {
        let cell = &self.sessions[index];
        let mut failures = 0_u32;
        loop {
            let cookie = cell.borrow().seat.cookie.clone();
            let opened = self.server.open(self.sources[index % self.sources.len()], &cookie).await;
            let mut paced = false;
            match opened {
                Ok(line) => {
                    {
                        let mut session = cell.borrow_mut();
                        session.line = Some(line);
                        if self.echo {
                            session.up = true;
                            session.permit = None;
                        } else {
                            let instance = format!("load-{}", session.seat.session);
                            let hello = TerminalFrame::Hello { version: PROTOCOL_VERSION, instance, have_paper: session.digest.clone() };
                            session.say(serde_json::to_string(&hello).unwrap_or_default());
                        }
                    }
                    let code = self.listen(index).await;
                    paced = code.is_some();
                    let mut session = cell.borrow_mut();
                    if std::mem::take(&mut session.greeted) {
                        failures = 0;
                    }
                    session.line = None;
                    session.up = false;
                    session.lost_us.get_or_insert(self.now_us());
                    self.measured.borrow_mut().count("lines_lost");
                    if let Some(code) = code {
                        let number = session.seat.participant_no.clone();
                        self.measured.borrow_mut().problem(|| format!("{number}: closed with {code}"));
                    }
                }
                Err(error) => {
                    self.measured.borrow_mut().count("attempts_failed");
                    self.measured.borrow_mut().problem(|| format!("{error:#}"));
                }
            }
            failures += 1;
            let (hurry, jitter_ms) = {
                let mut session = cell.borrow_mut();
                (std::mem::take(&mut session.hurry), session.jitter_ms)
            };
            if !(hurry && failures == 1) {
                let window_ms = if failures == 1 && !paced { FIRST_RETRY_WINDOW_MS } else { jitter_ms };
                let wait_us = self.rng.borrow_mut().random_range(0..=u64::from(window_ms) * 1000);
                tokio::time::sleep(Duration::from_micros(wait_us)).await;
            }
        }
    }

    /// Listens until the line is lost; the code it was closed with, if any.
    async fn listen(self: &Rc<Self>, index: usize) -> Option<u16> {
        let cell = &self.sessions[index];
        loop {
            let message = poll_fn(|context| {
                let mut session = cell.borrow_mut();
                if session.listener.as_ref().is_none_or(|listener| !listener.will_wake(context.waker())) {
                    session.listener = Some(context.waker().clone());
                }
                match &mut session.line {
                    Some(line) => line.hear(context),
                    None => Poll::Ready(None),
                }
            })
            .await;
            match message {
                Some(Ok(Message::Text(text))) => self.heard(index, &text),
                Some(Ok(Message::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    fn heard(self: &Rc<Self>, index: usize, text: &str) {
        let now_us = self.now_us();
        match frames::read(text) {
            Heard::Saved(seq) => self.answered(index, seq, Came::Saved, now_us),
            Heard::Paper(text) => self.read_paper(index, text),
            Heard::Other(text) => match serde_json::from_str(text) {
                Ok(news) => self.news(index, news, now_us),
                Err(error) => self.measured.borrow_mut().problem(|| format!("an unknown frame ({error}): {text:.100}")),
            },
        }
    }

    fn answered(&self, index: usize, seq: u32, came: Came, now_us: u64) {
        let mut session = self.sessions[index].borrow_mut();
        let Some(sent) = session.ring.take(seq) else { return };
        let came_back = session.came_back;
        let mut measured = self.measured.borrow_mut();
        match sent.what {
            What::Save(save) => {
                if let Some(save) = session.saves.get_mut(save as usize) {
                    save.came = came;
                }
                self.open.set(self.open.get() - 1);
                match came {
                    Came::Saved => {
                        measured.saved(sent.due_us, now_us);
                        if came_back {
                            measured.saved_again_us.get_or_insert(now_us);
                        }
                    }
                    Came::Late => measured.count("late"),
                    Came::Refused | Came::Busy | Came::Unknown => measured.count("refused"),
                }
            }
            What::View(_) => measured.count("views_answered"),
            What::Consent if came == Came::Saved => session.phase = Phase::Ready,
            What::Start if came == Came::Saved => {
                let took = now_us.saturating_sub(sent.due_us);
                measured.latencies.entry("start").or_default().record(took);
            }
            What::Consent | What::Start => {}
        }
    }

    fn read_paper(&self, index: usize, text: &str) {
        let paper: frames::Paper<'_> = match serde_json::from_str(text) {
            Ok(paper) => paper,
            Err(error) => return self.measured.borrow_mut().problem(|| format!("a paper that cannot be read: {error}")),
        };
        let mut bank = self.bank.borrow_mut();
        let items = paper.items.iter().map(|item| bank.intern(&item.item, || item.choices.iter().map(|choice| choice.id).collect()));
        let items: Box<[u16]> = items.collect();
        let mut session = self.sessions[index].borrow_mut();
        session.paper = items;
        session.digest = Some(paper.digest.into_owned());
        if let Some(pressed_us) = session.pressed_us.take() {
            let took = self.now_us().saturating_sub(pressed_us);
            self.measured.borrow_mut().latencies.entry("paper").or_default().record(took);
        }
    }

    fn news(self: &Rc<Self>, index: usize, news: TerminalNews, now_us: u64) {
        match news {
            TerminalNews::Saved { seq } => self.answered(index, seq, Came::Saved, now_us),
            TerminalNews::Late { seq } => self.answered(index, seq, Came::Late, now_us),
            TerminalNews::Refused { seq, code, retry_after_ms } => self.refused(index, seq, code, retry_after_ms, now_us),
            TerminalNews::Welcome(welcome) => self.welcome(index, *welcome, now_us),
            TerminalNews::Clock(clock) => {
                let mut session = self.sessions[index].borrow_mut();
                session.phase = clock.phase;
                session.remember_deadline(clock.phase, clock.remaining_ms, now_us);
                session.told(clock.phase, self.on_all_clocks(now_us) / 1000, clock.remaining_ms);
            }
            TerminalNews::Ended { .. } => {
                self.sessions[index].borrow_mut().ended_us.get_or_insert(now_us);
            }
            TerminalNews::Paper(_) | TerminalNews::Message { .. } | TerminalNews::Evidence { .. } => {}
        }
    }

    fn refused(self: &Rc<Self>, index: usize, seq: u32, code: String, retry_after_ms: Option<u32>, now_us: u64) {
        let mut measured = self.measured.borrow_mut();
        if code == "busy" {
            // Not stored: the same again, under the same number, after the time named, as the page does.
            measured.count("busy");
            self.sessions[index].borrow_mut().busy(seq);
            let (room, wait) = (Rc::clone(self), Duration::from_millis(u64::from(retry_after_ms.unwrap_or(1_000))));
            tokio::task::spawn_local(async move {
                tokio::time::sleep(wait).await;
                room.sessions[index].borrow_mut().say_command(seq, &room.bank.borrow());
            });
            return;
        }
        if !code.ends_with("already") && code != "superseded" {
            let number = self.sessions[index].borrow().seat.participant_no.clone();
            measured.problem(|| format!("{number}: {seq} was refused: {code}"));
        }
        *measured.refusals.entry(code).or_default() += 1;
        drop(measured);
        self.answered(index, seq, Came::Refused, now_us);
    }

    fn welcome(&self, index: usize, welcome: wire::terminal::Welcome, now_us: u64) {
        let mut session = self.sessions[index].borrow_mut();
        if session.verdict == Verdict::Asked {
            session.verdict = session.compare(&welcome);
        }
        if session.epoch == 0 {
            session.before = welcome.answers.iter().map(|answer| answer.choices.clone()).collect();
            session.from = (welcome.epoch, welcome.next_seq);
        }
        session.epoch = welcome.epoch;
        session.next_seq = session.next_seq.max(welcome.next_seq);
        session.phase = welcome.clock.phase;
        session.jitter_ms = welcome.reconnect_jitter_ms;
        session.remember_deadline(welcome.clock.phase, welcome.clock.remaining_ms, now_us);
        session.told(welcome.clock.phase, self.on_all_clocks(now_us) / 1000, welcome.clock.remaining_ms);
        if welcome.ended.is_some() {
            session.ended_us.get_or_insert(now_us);
        }
        session.up = true;
        session.greeted = true;
        session.permit = None;
        if let Some(lost_us) = session.lost_us.take() {
            session.came_back = true;
            let mut measured = self.measured.borrow_mut();
            measured.latencies.entry("back").or_default().record(now_us.saturating_sub(lost_us));
            measured.last_back_us = Some(now_us);
        }
        // What was not answered goes out once more, oldest first, with its old numbers.
        let waiting: Vec<u32> = session.ring.waiting().map(|(seq, _)| seq).collect();
        for seq in waiting {
            session.say_command(seq, &self.bank.borrow());
        }
    }

    async fn consent(&self) -> Result<Outcome> {
        self.measure_now();
        for (index, cell) in self.sessions.iter().enumerate() {
            if cell.borrow().phase == Phase::SignedIn {
                let mut session = cell.borrow_mut();
                let seq = session.command(self.now_us(), What::Consent);
                session.say_command(seq, &self.bank.borrow());
            }
            if index % LOT == LOT - 1 {
                tokio::task::yield_now().await;
            }
        }
        self.until("consent", self.sessions.len() as u64, || self.how_many(|session| session.phase != Phase::SignedIn)).await?;
        Ok(self.outcome())
    }

    async fn press(&self, at_unix_us: i64) -> Result<Outcome> {
        self.measure(at_unix_us, STILL_MAX);
        let due_us = self.wait_for_begin().await?;
        for cell in &self.sessions {
            let mut session = cell.borrow_mut();
            if matches!(session.phase, Phase::Ready | Phase::SignedIn) {
                session.pressed_us = Some(due_us);
                let seq = session.command(due_us, What::Start);
                session.say_command(seq, &self.bank.borrow());
            }
        }
        self.until("papers", self.sessions.len() as u64, || self.how_many(|session| !session.paper.is_empty())).await?;
        Ok(self.outcome())
    }

    /// Waits for the instant at which the order begins.
    async fn wait_for_begin(&self) -> Result<u64> {
        let began_us = self.measured.borrow().began_us;
        loop {
            let now_us = self.now_us();
            if now_us >= began_us {
                return Ok(began_us);
            }
            self.timer.sleep(Duration::from_micros(began_us - now_us)).await?;
        }
    }

    fn save(&self, index: usize, due_us: u64, position: Option<u16>, rng: &mut SmallRng) {
        let mut session = self.sessions[index].borrow_mut();
        if session.answers() {
            session.answer(due_us, position, &self.bank.borrow(), rng);
            self.open.set(self.open.get() + 1);
            self.measured.borrow_mut().sent += 1;
        }
    }

    fn fork_rng(&self) -> SmallRng {
        SmallRng::seed_from_u64(self.rng.borrow_mut().random())
    }

    async fn save_poisson(&self, per_s: f64, duration: Duration) -> Result<()> {
        let began_us = self.wait_for_begin().await?;
        let mut rng = self.fork_rng();
        let mut arrivals = Arrivals::new(per_s, duration, &mut rng);
        while let Some(due_us) = arrivals.due_us() {
            let now_us = self.now_us() - began_us;
            if due_us > now_us {
                self.measured.borrow_mut().slice(began_us + now_us, self.open.get());
                self.timer.sleep(Duration::from_micros(due_us - now_us)).await?;
                continue;
            }
            for _ in 0..LOT {
                let Some(due_us) = arrivals.due_us().filter(|due_us| *due_us <= now_us) else { break };
                self.save(anybody(self.sessions.len(), &mut rng), began_us + due_us, None, &mut rng);
                arrivals.next(&mut rng);
            }
            tokio::task::yield_now().await;
        }
        self.wait_until(began_us + duration.as_micros() as u64).await
    }

    async fn wait_until(&self, until_us: u64) -> Result<()> {
        loop {
            let now_us = self.now_us();
            self.measured.borrow_mut().slice(now_us, self.open.get());
            if now_us >= until_us {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_micros((until_us - now_us).min(20_000))).await;
        }
    }

    /// Everybody looks at an item, thinks, answers, looks at the next one.
    async fn save_like_people(&self, think_s: f64, duration: Duration) -> Result<()> {
        let began_us = self.wait_for_begin().await?;
        let end_us = began_us + duration.as_micros() as u64;
        let mut rng = self.fork_rng();
        let thinking = LogNormal::new((think_s.max(1e-3) * 1e6).ln(), 0.6)?;
        // Somebody who has been at it for a while is met in the middle of a thought.
        let mut due: BinaryHeap<Reverse<(u64, usize)>> = (0..self.sessions.len())
            .map(|index| Reverse((began_us + (thinking.sample(&mut rng) * rng.random_range(0.0..1.0)) as u64, index)))
            .collect();
        while let Some(&Reverse((due_us, index))) = due.peek() {
            if due_us >= end_us {
                break;
            }
            let now_us = self.now_us();
            if due_us > now_us {
                self.measured.borrow_mut().slice(now_us, self.open.get());
                self.timer.sleep(Duration::from_micros(due_us - now_us)).await?;
                continue;
            }
            due.pop();
            let position = self.view(index, due_us, &mut rng);
            self.save(index, due_us, position, &mut rng);
            due.push(Reverse((due_us + thinking.sample(&mut rng) as u64, index)));
            tokio::task::yield_now().await;
        }
        self.wait_until(end_us).await
    }

    fn view(&self, index: usize, due_us: u64, rng: &mut SmallRng) -> Option<u16> {
        let mut session = self.sessions[index].borrow_mut();
        if !session.answers() {
            return None;
        }
        let position = rng.random_range(0..session.paper.len()) as u16;
        let seq = session.command(due_us, What::View(position));
        session.say_command(seq, &self.bank.borrow());
        self.measured.borrow_mut().count("views");
        Some(position)
    }

    async fn burst(&self) -> Result<()> {
        let due_us = self.wait_for_begin().await?;
        let mut rng = self.fork_rng();
        for index in 0..self.sessions.len() {
            self.save(index, due_us, None, &mut rng);
            if index % LOT == LOT - 1 {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    /// Waits until everything said is answered, within a limit; what is still open then is counted as such.
    async fn drain(&self, limit: Duration) -> Result<()> {
        let began = Instant::now();
        while self.open.get() > 0 && began.elapsed() < limit {
            self.measured.borrow_mut().slice(self.now_us(), self.open.get());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        self.measured.borrow_mut().slice(self.now_us(), self.open.get());
        Ok(())
    }

    async fn fill(&self, positions: u16) -> Result<Outcome> {
        self.measure_now();
        let mut rng = self.fork_rng();
        for position in 0..positions {
            for index in 0..self.sessions.len() {
                if self.sessions[index].borrow().saves.len() <= usize::from(position) {
                    self.save(index, self.now_us(), Some(position), &mut rng);
                }
                if index % LOT == LOT - 1 {
                    while self.open.get() > 500 {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                    tokio::task::yield_now().await;
                }
            }
            tell(&Word::Progress { done: self.measured.borrow().acked })?;
        }
        self.drain(STILL_MAX).await?;
        Ok(self.outcome())
    }

    async fn await_end(&self, within: Duration, grace_us: u64) -> Result<Outcome> {
        self.measure_now();
        let everybody = self.sessions.len() as u64;
        self.until_within("ends", everybody, within, || self.how_many(|session| session.ended_us.is_some())).await?;
        let ends: Vec<(u64, u64)> = self
            .sessions
            .iter()
            .filter_map(|cell| {
                let session = cell.borrow();
                Some((session.deadline_us? + grace_us, session.ended_us?))
            })
            .collect();
        for (due_us, ended_us) in &ends {
            let took = ended_us.saturating_sub(*due_us);
            self.measured.borrow_mut().latencies.entry("ended").or_default().record(took);
        }
        let mut outcome = self.outcome();
        let mut note = |name: &str, us: Option<u64>| us.map(|us| outcome.instants.insert(name.to_owned(), self.on_all_clocks(us)));
        note("first_due", ends.iter().map(|(due, _)| *due).min());
        note("last_due", ends.iter().map(|(due, _)| *due).max());
        note("last_ended", ends.iter().map(|(_, ended)| *ended).max());
        Ok(outcome)
    }

    async fn cut(&self) -> Result<()> {
        self.wait_for_begin().await?;
        let now_us = self.now_us();
        for cell in &self.sessions {
            let mut session = cell.borrow_mut();
            session.lost_us = Some(now_us);
            session.cut();
        }
        self.measured.borrow_mut().cut_us = Some(now_us);
        Ok(())
    }

    async fn await_back(&self, within: Duration) -> Result<Outcome> {
        let everybody = self.sessions.len() as u64;
        let back = || self.how_many(|session| session.up && session.ring.open() == 0);
        self.until_within("coming back", everybody, within, back).await?;
        Ok(self.outcome())
    }

    async fn verify(self: &Rc<Self>) -> Result<Outcome> {
        self.measure_now();
        let gate = Arc::new(Semaphore::new(200));
        let judged = |session: &Session| matches!(session.verdict, Verdict::Right | Verdict::Wrong(_));
        let sessions = self.sessions.len();
        let asking = Rc::clone(self);
        tokio::task::spawn_local(async move {
            for index in 0..sessions {
                let Ok(permit) = Arc::clone(&gate).acquire_owned().await else { return };
                let mut session = asking.sessions[index].borrow_mut();
                session.permit = Some(permit);
                session.verdict = Verdict::Asked;
                session.hurry = true;
                session.cut();
            }
        });
        self.until("comparing", sessions as u64, || self.how_many(judged)).await?;
        let mut outcome = self.outcome();
        outcome.problems.clear();
        for cell in &self.sessions {
            let mut session = cell.borrow_mut();
            let name = if let Verdict::Wrong(why) = std::mem::take(&mut session.verdict) {
                outcome.problems.push(why);
                "wrong"
            } else {
                "verified"
            };
            *outcome.counts.entry(name.to_owned()).or_default() += 1;
        }
        outcome.problems.truncate(PROBLEMS_MAX);
        Ok(outcome)
    }

    fn diaries(&self, path: &Path) -> Result<Outcome> {
        let mut file = std::io::BufWriter::new(std::fs::File::create(path).with_context(|| format!("failed to write {}", path.display()))?);
        let bank = self.bank.borrow();
        for cell in &self.sessions {
            let session = cell.borrow();
            let head = serde_json::json!({ "participant_no": session.seat.participant_no, "session": session.seat.session });
            let head = head.to_string();
            write!(file, "{},\"saves\":[", head.trim_end_matches('}'))?;
            for (index, save) in session.saves.iter().enumerate() {
                let comma = if index == 0 { "" } else { "," };
                let (id, came) = (bank.id(save.item), save.came.letter());
                write!(file, "{comma}[{},{},{},\"{id}\",[{}],\"{came}\"]", session.epoch, save.seq, save.position, save.choice)?;
            }
            let (epoch, seq) = session.from;
            writeln!(file, "],\"from\":[{epoch},{seq}],\"clocks\":{}}}", serde_json::to_string(&session.clocks)?)?;
        }
        file.flush()?;
        Ok(self.outcome())
    }
}

impl Session {
    /// The earliest word about the end is the least delayed one.
    fn remember_deadline(&mut self, phase: Phase, remaining_ms: u32, now_us: u64) {
        if phase == Phase::Running && remaining_ms > 0 {
            let deadline_us = now_us + u64::from(remaining_ms) * 1000;
            self.deadline_us = Some(self.deadline_us.map_or(deadline_us, |before| before.min(deadline_us)));
        }
    }
}

/// Wall clock, Unix time in microseconds.
pub fn unix_us() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}
