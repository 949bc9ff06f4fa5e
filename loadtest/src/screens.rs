//! `screens`: viewers of a board while sessions answer. How long does it take from the acknowledgement of the answer that reveals to the frame on each
//! screen, the board's tick included, and what does a screen receive?

use crate::beside::{self, Hall, RESIDENT, Watch};
use crate::report::{Check, Figure, RunReport};
use crate::terminal::{Reply, Seated, Terminal};
use anyhow::{Context, Result, bail, ensure};
use futures_util::StreamExt;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use wire::board::BoardFrame;
use wire::terminal::{PaperFrame, TerminalFrame, TerminalNews, TerminalSession};

/// Most viewers of one process.
pub const VIEWERS_MAX: usize = 2_000;
/// Frames that are still on their way when the last answer was given.
const LAST_FRAMES: Duration = Duration::from_millis(1_500);

/// The command line.
#[derive(clap::Args)]
pub struct Arguments {
    /// Screens that show the sitting's board, at most 2,000
    #[arg(long, default_value_t = 1_000)]
    viewers: usize,
    /// Candidates who answer, all of one sitting
    #[arg(long, default_value_t = 56)]
    pub candidates: usize,
    /// Answers per second of all of them
    #[arg(long, default_value_t = 100.0)]
    per_s: f64,
    /// Longest run, seconds; it ends earlier when all items are answered
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// Newly answered items that move a row, by the selection's policy
    #[arg(long, default_value_t = 5)]
    reveal_items: u16,
}

/// The answer that reveals was acknowledged.
struct Reveal {
    number: String,
    answered: u16,
    acked: Instant,
}

/// Runs the scenario; the diary of those who answered goes into the folder of the run.
pub async fn run(hall: &Hall, asked: &Arguments, dir: &Path) -> Result<RunReport> {
    ensure!((1..=VIEWERS_MAX).contains(&asked.viewers), "1 to {VIEWERS_MAX} viewers");
    ensure!(asked.per_s > 0.0 && asked.reveal_items > 0, "rates and items are above 0");
    let mut report = beside::report("screens", &format!("{} screens while {} sessions answer", asked.viewers, asked.candidates));
    let seated = hall.seated.get(..asked.candidates).with_context(|| format!("there are {} candidates", hall.seated.len()))?;
    let mut papers = Vec::with_capacity(seated.len());
    for (index, seated) in seated.iter().enumerate() {
        papers.push(begin(seated, index).await?);
    }
    let watch = Watch::begin(&hall.server);
    let texts = Texts::default();
    let (stop, stopping) = watch::channel(false);
    let mut screens = JoinSet::new();
    for _ in 0..asked.viewers {
        let screen = connect(&hall.server, &hall.sitting).await?;
        screens.spawn(look(screen, texts.clone(), stopping.clone()));
    }

    let began = Instant::now();
    let until = began + Duration::from_secs(asked.seconds);
    let gap = Duration::from_secs_f64(asked.candidates as f64 / asked.per_s);
    let mut answering = JoinSet::new();
    for (index, (seated, candidate)) in (0_u32..).zip(seated.iter().zip(papers)) {
        // Spread over the time between two reveals of one session, so that the board moves all the time.
        let first = began + gap * u32::from(asked.reveal_items) * index / asked.candidates as u32;
        answering.spawn(candidate.answer_all(seated.session.clone(), first, gap, until, asked.reveal_items));
    }
    let (mut reveals, mut answers) = (Vec::new(), 0);
    let mut diaries = String::new();
    while let Some(done) = answering.join_next().await {
        let (of_session, count, diary) = done??;
        reveals.extend(of_session);
        answers += count;
        diaries.push_str(&diary);
        diaries.push('\n');
    }
    std::fs::write(dir.join("diaries-1.jsonl"), diaries).context("the diaries")?;
    report.seconds = began.elapsed().as_secs_f64();
    tokio::time::sleep(LAST_FRAMES).await;
    stop.send(true).context("the screens have ended before they were told")?;
    let mut seen = Vec::with_capacity(asked.viewers);
    while let Some(screen) = screens.join_next().await {
        seen.push(screen?);
    }
    let watched = watch.end(&hall.server).await?;
    report.series.push(watched.series(RESIDENT, "server memory", "MB", 1e6));
    count(&mut report, &reveals, &seen, &texts.rows()?, answers);
    Ok(report)
}

/// Puts the latencies and amounts into the report.
fn count(report: &mut RunReport, reveals: &[Reveal], seen: &[Seen], shown: &Shown, answers: u64) {
    let mut latencies = beside::latencies();
    let mut missed = 0_u64;
    for reveal in reveals {
        let position = shown.first_with(&reveal.number, reveal.answered);
        for screen in seen {
            match position.and_then(|position| screen.arrival(position)) {
                // The frame may be faster than the acknowledgement: both leave at the same time.
                Some(arrived) => beside::note(&mut latencies, arrived.saturating_duration_since(reveal.acked)),
                None => missed += 1,
            }
        }
    }
    let per_screen = |of: fn(&Frame) -> u64| {
        seen.iter().map(|screen| screen.frames.iter().map(of).sum::<u64>()).sum::<u64>() as f64 / seen.len().max(1) as f64
    };
    let skipped: u64 = seen.iter().map(Seen::skipped).sum();
    report.figures.extend([
        Figure::new("viewers", seen.len() as f64, ""),
        Figure::new("answers", answers as f64, ""),
        Figure::new("reveals", reveals.len() as f64, ""),
        Figure {
            note: "from the ack to the frame, tick included".into(),
            ..Figure::new("reveal_ms_p50", beside::ms(&latencies, 0.5), "ms")
        },
        Figure::new("reveal_ms_p99", beside::ms(&latencies, 0.99), "ms"),
        Figure::new("reveal_ms_max", latencies.max() as f64 / 1000.0, "ms"),
        Figure::new("frames_per_screen", per_screen(|_| 1), ""),
        Figure::new("kb_per_screen", per_screen(|frame| frame.bytes) / 1000.0, "KB"),
        Figure { note: "positions that a screen got as a snapshot".into(), ..Figure::new("frames_skipped", skipped as f64, "") },
    ]);
    report.checks.push(Check {
        name: "every reveal reached every screen".into(),
        ok: missed == 0 && !reveals.is_empty(),
        detail: format!("{} reveals on {} screens, {missed} missed", reveals.len(), seen.len()),
    });
    report.histograms.push(beside::distribution("reveal to frame", &latencies));
}

/// A candidate who has the paper.
struct Candidate {
    terminal: Terminal,
    paper: PaperFrame,
    epoch: u32,
    seq: u32,
}

/// Connects, consents and starts.
async fn begin(seated: &Seated, index: usize) -> Result<Candidate> {
    let mut terminal = seated.connect(&format!("screens-{index}"), None).await?;
    let (mut paper, mut stamp) = (None, None);
    loop {
        match terminal.hear().await? {
            Ok(TerminalNews::Welcome(welcome)) => {
                let next = welcome.next_seq;
                terminal.say(&TerminalFrame::Consent { seq: next }).await?;
                terminal.say(&TerminalFrame::Start { seq: next + 1 }).await?;
                stamp = Some((welcome.epoch, next + 2));
            }
            Ok(TerminalNews::Paper(frame)) => paper = Some(*frame),
            Ok(TerminalNews::Refused { code, .. }) if !code.ends_with("already") => bail!("{}: {code}", seated.session.participant_no),
            Ok(_) => {}
            Err(code) => bail!("the server closed with {code}"),
        }
        if let (Some(_), Some((epoch, seq))) = (&paper, stamp) {
            return Ok(Candidate { terminal, paper: paper.context("a paper")?, epoch, seq });
        }
    }
}

impl Candidate {
    /// Answers one item after another, each at its time; says what revealed, how many there were, and a line of the run's diary.
    async fn answer_all(
        mut self,
        session: TerminalSession,
        first: Instant,
        gap: Duration,
        until: Instant,
        reveal_items: u16,
    ) -> Result<(Vec<Reveal>, u64, String)> {
        let (number, mut reveals, mut saves) = (session.participant_no.clone(), Vec::new(), Vec::new());
        for (position, answered) in (0..self.paper.items.len() as u16).zip(1..) {
            let due = first + gap * u32::from(position);
            if due >= until {
                break;
            }
            tokio::time::sleep_until(due.into()).await;
            let item = &self.paper.items[usize::from(position)];
            let frame = TerminalFrame::Answer { seq: self.seq, position, item: item.item.clone(), choices: vec![item.choices[0].id] };
            match self.terminal.ask(&frame, self.seq, |_| ()).await? {
                Reply::Saved => {}
                other => bail!("{number}, position {position}: {other:?}"),
            }
            saves.push(serde_json::json!([self.epoch, self.seq, position, item.item, [item.choices[0].id], "s"]));
            self.seq += 1;
            if answered % reveal_items == 0 {
                reveals.push(Reveal { number: number.clone(), answered, acked: Instant::now() });
            }
        }
        let count = saves.len() as u64;
        let diary = serde_json::json!({ "participant_no": number, "session": session.session, "saves": saves });
        Ok((reveals, count, diary.to_string()))
    }
}

type Screen = WebSocketStream<TcpStream>;

async fn connect(server: &str, board: &str) -> Result<Screen> {
    let address = server.trim_end_matches('/').strip_prefix("http://").context("the load tester speaks plain HTTP, to loopback")?;
    let request = format!("ws://{address}/api/v1/boards/{board}/ws").into_client_request()?;
    let stream = TcpStream::connect(address).await.context("the server's address")?;
    let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
    Ok(client_async_with_config(request, stream, Some(config)).await.context("a screen's websocket")?.0)
}

/// A frame on a screen.
struct Frame {
    position: u32,
    arrived: Instant,
    bytes: u64,
}

/// What a screen saw, in order.
struct Seen {
    frames: Vec<Frame>,
}

impl Seen {
    /// When the state of a position, or a newer one, was there.
    fn arrival(&self, position: u32) -> Option<Instant> {
        let index = self.frames.partition_point(|frame| frame.position < position);
        self.frames.get(index).map(|frame| frame.arrived)
    }

    /// Positions that never came by themselves.
    fn skipped(&self) -> u64 {
        self.frames.windows(2).map(|pair| u64::from(pair[1].position.saturating_sub(pair[0].position + 1))).sum()
    }
}

/// Looks until it is told to stop. Only the place of a frame is read: all screens get the same bytes, and one copy of them is read in the end.
async fn look(mut screen: Screen, texts: Texts, mut stopping: watch::Receiver<bool>) -> Seen {
    let mut frames = Vec::new();
    loop {
        let message = tokio::select! {
            message = screen.next() => message,
            _ = stopping.changed() => break,
        };
        match message {
            Some(Ok(Message::Text(text))) => {
                let arrived = Instant::now();
                if let Some(position) = position_of(&text) {
                    frames.push(Frame { position, arrived, bytes: text.len() as u64 });
                    texts.keep(position, text);
                }
            }
            Some(Ok(_)) => {}
            Some(Err(_)) | None => break,
        }
    }
    Seen { frames }
}

/// The position stands before the rows.
fn position_of(text: &str) -> Option<u32> {
    let (_, rest) = text.get(..text.len().min(200))?.split_once("\"position\":")?;
    rest.split(|digit: char| !digit.is_ascii_digit()).next()?.parse().ok()
}

/// One copy of the frame of each position.
#[derive(Clone, Default)]
struct Texts(Arc<Mutex<BTreeMap<u32, Utf8Bytes>>>);

impl Texts {
    fn keep(&self, position: u32, text: Utf8Bytes) {
        self.0.lock().expect("nothing panics under this lock").entry(position).or_insert(text);
    }

    /// Who was shown with how many answers, from which position on.
    fn rows(&self) -> Result<Shown> {
        let mut shown = Shown::default();
        for (position, text) in self.0.lock().expect("nothing panics under this lock").iter() {
            let rows = match serde_json::from_str(text).context("a board's frame")? {
                BoardFrame::Snapshot(snapshot) => snapshot.rows,
                BoardFrame::Delta(delta) => delta.rows,
            };
            for row in rows {
                shown.0.entry(row.number).or_default().push((row.answered, *position));
            }
        }
        Ok(shown)
    }
}

/// By number: answered items as shown, and the position; both ascending.
#[derive(Default)]
struct Shown(HashMap<String, Vec<(u16, u32)>>);

impl Shown {
    fn first_with(&self, number: &str, answered: u16) -> Option<u32> {
        let rows = self.0.get(number)?;
        rows.get(rows.partition_point(|(shown, _)| *shown < answered)).map(|(_, position)| *position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(position: u32, after_ms: u64, began: Instant) -> Frame {
        Frame { position, arrived: began + Duration::from_millis(after_ms), bytes: 100 }
    }

    #[test]
    fn the_place_of_a_frame_is_read_without_the_rest() {
        assert_eq!(position_of(r#"{"t":"delta","epoch":7,"position":42,"frozen":false,"rows":[{"position":1}]}"#), Some(42));
        assert_eq!(position_of(r#"{"t":"delta"}"#), None);
    }

    #[test]
    fn a_reveal_is_late_by_the_slowest_frame_and_a_screen_that_misses_it_is_counted() {
        let began = Instant::now();
        let reveals = [Reveal { number: "UJI-1".into(), answered: 5, acked: began + Duration::from_millis(10) }];
        let shown = Shown(HashMap::from([("UJI-1".to_owned(), vec![(0, 1), (4, 2), (5, 3)])]));
        let screens = [
            Seen { frames: vec![frame(1, 0, began), frame(3, 110, began)] },
            // It lagged and got a newer snapshot.
            Seen { frames: vec![frame(1, 0, began), frame(9, 310, began)] },
            Seen { frames: vec![frame(2, 0, began)] },
        ];
        let mut report = RunReport::default();
        count(&mut report, &reveals, &screens, &shown, 5);
        assert!(report.figure("reveal_ms_max").is_some_and(|max| (299.0..302.0).contains(&max)), "{report:?}");
        assert_eq!(report.figure("frames_skipped"), Some(8.0));
        assert!(!report.ok() && report.checks[0].detail.ends_with("1 missed"));
    }
}
