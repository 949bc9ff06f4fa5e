//! How a simulated candidate behaves: reads, thinks, chooses, doubts, changes, skips, comes back, submits.

use crate::terminal::{Reply, Seated, Terminal};
use anyhow::{Result, bail};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, LogNormal};
use std::collections::BTreeMap;
use std::time::Duration;
use wire::terminal::{ClockView, EndMarks, PaperFrame, Phase, TerminalFrame, TerminalNews, Welcome};

/// Median time for an item at human pace, seconds: 110 items in 90 minutes leave 49.
const THINK_S: f64 = 38.0;

/// So often a candidate comes again to a server that is busy.
const BUSY_MAX: u32 = 600;

/// What a candidate did and saw, for checking against the server.
#[derive(Clone, Debug, Default)]
pub struct Diary {
    /// Participant number.
    pub participant_no: String,
    /// Last acknowledged choices per paper position; empty for a cleared answer.
    pub acknowledged: BTreeMap<u16, Vec<u8>>,
    /// Items of the paper in order.
    pub items: Vec<String>,
    /// Answers acknowledged in all.
    pub acks: u64,
    /// Marks shown at the end.
    pub marks: Option<EndMarks>,
}

/// How fast and how often.
#[derive(Clone, Copy, Debug)]
pub struct Habits {
    /// 1.0 is human pace; 20.0 is twenty times as fast.
    pub speed: f64,
    /// Share of items that are skipped at first, 0 to 1.
    pub skips: f64,
    /// Share of answers that are changed once more, 0 to 1.
    pub changes: f64,
    /// Share of items that stay unanswered, 0 to 1.
    pub blanks: f64,
    /// Seed of everything random here.
    pub seed: u64,
}

/// Takes the whole exam; `progress` is told after every acknowledged answer.
pub async fn take_exam(seated: &Seated, habits: Habits, mut progress: impl FnMut()) -> Result<Diary> {
    let mut rng = SmallRng::seed_from_u64(habits.seed);
    let mut terminal = seated.connect(&format!("sim-{}", habits.seed), None).await?;
    let mut diary = Diary { participant_no: seated.session.participant_no.clone(), ..Diary::default() };
    let mut desk = Sitting { next_seq: 1, clock: None, paper: None, ended: false };
    desk.settle(&mut terminal).await?;
    desk.begin(&mut terminal, habits, &mut rng).await?;
    let Some(paper) = desk.paper.take() else { bail!("{}: started without a paper", diary.participant_no) };
    diary.items = paper.items.iter().map(|item| item.item.clone()).collect();

    let mut later = Vec::new();
    for position in 0..paper.items.len() as u16 {
        if rng.random_bool(habits.skips) {
            later.push(position);
        } else {
            desk.answer(&mut terminal, &paper, position, habits, &mut rng, &mut diary, &mut progress).await?;
        }
        if desk.ended {
            break;
        }
    }
    for position in later {
        if desk.ended || rng.random_bool(habits.blanks) {
            continue;
        }
        desk.answer(&mut terminal, &paper, position, habits, &mut rng, &mut diary, &mut progress).await?;
    }
    desk.finish(&mut terminal, &mut diary).await?;
    Ok(diary)
}

/// What the candidate knows of the sitting.
struct Sitting {
    next_seq: u32,
    clock: Option<ClockView>,
    paper: Option<PaperFrame>,
    ended: bool,
}

impl Sitting {
    fn seq(&mut self) -> u32 {
        self.next_seq += 1;
        self.next_seq - 1
    }

    fn learn(&mut self, news: TerminalNews) {
        match news {
            TerminalNews::Welcome(welcome) => {
                let Welcome { next_seq, clock, .. } = *welcome;
                self.next_seq = next_seq;
                self.clock = Some(clock);
            }
            TerminalNews::Clock(clock) => self.clock = Some(clock),
            TerminalNews::Paper(paper) => self.paper = Some(*paper),
            TerminalNews::Ended { .. } => self.ended = true,
            TerminalNews::Saved { .. }
            | TerminalNews::Late { .. }
            | TerminalNews::Refused { .. }
            | TerminalNews::Message { .. }
            | TerminalNews::Evidence { .. } => {}
        }
    }

    async fn hear(&mut self, terminal: &mut Terminal) -> Result<()> {
        match terminal.hear().await? {
            Ok(news) => self.learn(news),
            Err(code) => bail!("the server closed with {code}"),
        }
        Ok(())
    }

    async fn ask(&mut self, terminal: &mut Terminal, frame: TerminalFrame, seq: u32) -> Result<Reply> {
        let mut heard = Vec::new();
        let reply = terminal.ask(&frame, seq, |news| heard.push(news)).await?;
        heard.into_iter().for_each(|news| self.learn(news));
        Ok(reply)
    }

    /// Asks again under the same number while the server is busy: what it refused so, it has not stored.
    async fn insist(&mut self, terminal: &mut Terminal, frame: TerminalFrame, seq: u32) -> Result<Reply> {
        for _ in 0..BUSY_MAX {
            match self.ask(terminal, frame.clone(), seq).await? {
                Reply::Refused { code, retry_after_ms } if code == "busy" => {
                    tokio::time::sleep(Duration::from_millis(u64::from(retry_after_ms.unwrap_or(1_000)))).await;
                }
                other => return Ok(other),
            }
        }
        bail!("the server was busy {BUSY_MAX} times")
    }

    /// Waits for `welcome`, then consents when that is still to be done.
    async fn settle(&mut self, terminal: &mut Terminal) -> Result<()> {
        while self.clock.is_none() {
            self.hear(terminal).await?;
        }
        if self.clock.as_ref().is_some_and(|clock| clock.phase == Phase::SignedIn) {
            let seq = self.seq();
            match self.ask(terminal, TerminalFrame::Consent { seq }, seq).await? {
                Reply::Saved => {}
                other => bail!("consent: {other:?}"),
            }
        }
        Ok(())
    }

    /// Waits until the proctor lets the sitting start, presses start, and reads the paper.
    async fn begin(&mut self, terminal: &mut Terminal, habits: Habits, rng: &mut SmallRng) -> Result<()> {
        while !self.clock.as_ref().is_some_and(|clock| clock.sitting_started) {
            self.hear(terminal).await?;
        }
        if !self.clock.as_ref().is_some_and(|clock| clock.phase == Phase::Running) {
            tokio::time::sleep(Duration::from_secs_f64(rng.random_range(0.0..8.0) / habits.speed)).await;
            let seq = self.seq();
            match self.ask(terminal, TerminalFrame::Start { seq }, seq).await? {
                Reply::Saved => {}
                // Started by the proctor for everybody meanwhile.
                Reply::Refused { code, .. } if code == "started_already" => {}
                other => bail!("start: {other:?}"),
            }
        }
        while self.paper.is_none() {
            self.hear(terminal).await?;
        }
        Ok(())
    }

    #[expect(clippy::too_many_arguments, reason = "one candidate's whole situation; a struct of references would say the same")]
    async fn answer(
        &mut self,
        terminal: &mut Terminal,
        paper: &PaperFrame,
        position: u16,
        habits: Habits,
        rng: &mut SmallRng,
        diary: &mut Diary,
        progress: &mut impl FnMut(),
    ) -> Result<()> {
        let seq = self.seq();
        self.ask(terminal, TerminalFrame::View { seq, position }, seq).await?;
        self.think(terminal, THINK_S / habits.speed, rng).await?;
        if rng.random_bool(0.08) {
            let seq = self.seq();
            self.ask(terminal, TerminalFrame::Flag { seq, position, doubtful: true }, seq).await?;
        }
        let times = 1 + u32::from(rng.random_bool(habits.changes));
        for _ in 0..times {
            let item = &paper.items[usize::from(position)];
            let first = rng.random_range(0..item.choices.len());
            let mut choices = vec![item.choices[first].id];
            if item.multiple && item.choices.len() > 1 {
                choices.push(item.choices[(first + 1) % item.choices.len()].id);
            }
            let seq = self.seq();
            let frame = TerminalFrame::Answer { seq, position, item: item.item.clone(), choices: choices.clone() };
            match self.insist(terminal, frame, seq).await? {
                Reply::Saved => {
                    diary.acknowledged.insert(position, choices);
                    diary.acks += 1;
                    progress();
                }
                Reply::Late => self.ended = true,
                Reply::Refused { code, .. } if code == "session_ended" => self.ended = true,
                other => bail!("answer at {position}: {other:?}"),
            }
        }
        Ok(())
    }

    /// Thinks for a log-normal time, still listening to the server.
    async fn think(&mut self, terminal: &mut Terminal, median_s: f64, rng: &mut SmallRng) -> Result<()> {
        let seconds = LogNormal::new(median_s.max(1e-6).ln(), 0.6)?.sample(rng);
        let until = tokio::time::Instant::now() + Duration::from_secs_f64(seconds.min(600.0));
        loop {
            match tokio::time::timeout_at(until, terminal.hear()).await {
                Err(_) => return Ok(()),
                Ok(news) => match news? {
                    Ok(news) => self.learn(news),
                    Err(code) => bail!("the server closed with {code}"),
                },
            }
        }
    }

    async fn finish(&mut self, terminal: &mut Terminal, diary: &mut Diary) -> Result<()> {
        let seq = self.seq();
        if !self.ended {
            terminal.say(&TerminalFrame::Submit { seq }).await?;
        }
        loop {
            match terminal.hear().await? {
                Ok(TerminalNews::Ended { marks, .. }) => {
                    diary.marks = marks;
                    return Ok(());
                }
                Ok(TerminalNews::Refused { code, .. }) if code != "session_ended" => bail!("submit: {code}"),
                Ok(_) => {}
                Err(code) => bail!("the server closed with {code} before the end was told"),
            }
        }
    }
}
