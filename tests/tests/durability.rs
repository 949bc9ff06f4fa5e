//! kill -9 at any moment: whatever was acknowledged is there afterwards, nobody signs in again, and the clocks agree.

use anyhow::{Context, Result, bail};
use loadtest::sitting::{open, seat_people, start};
use loadtest::terminal::{Reply, Seated, Terminal};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tests::{People, Plan, Server, set_up};
use tokio::task::JoinSet;
use wire::terminal::{PaperFrame, TerminalFrame, TerminalNews, Welcome};

/// Kills; a larger number is for longer runs.
const KILLS: u64 = 6;
/// Candidates who answer as fast as acknowledgements come.
const CANDIDATES: usize = 30;
/// The server may take this long from start to listening.
const RESTART_WITHIN: Duration = Duration::from_secs(3);

/// What one candidate knows for certain.
#[derive(Clone, Default)]
struct Known {
    /// Last acknowledged choice per position.
    acknowledged: BTreeMap<u16, Vec<u8>>,
    /// Answers that were sent and never answered: they may be there or not.
    uncertain: BTreeMap<u16, Vec<u8>>,
}

async fn welcome(terminal: &mut Terminal) -> Result<Welcome> {
    loop {
        match terminal.hear().await? {
            Ok(TerminalNews::Welcome(welcome)) => return Ok(*welcome),
            Ok(_) => {}
            Err(code) => bail!("closed with {code} before a welcome"),
        }
    }
}

async fn begin(seated: &Seated) -> Result<PaperFrame> {
    let mut terminal = seated.connect("first", None).await?;
    let mut next_seq = welcome(&mut terminal).await?.next_seq;
    let mut paper = None;
    for frame in [TerminalFrame::Consent { seq: next_seq }, TerminalFrame::Start { seq: next_seq + 1 }] {
        let take = |news| {
            if let TerminalNews::Paper(frame) = news {
                paper = Some(*frame);
            }
        };
        assert_eq!(terminal.ask(&frame, next_seq, take).await?, Reply::Saved);
        next_seq += 1;
    }
    while paper.is_none() {
        if let Ok(TerminalNews::Paper(frame)) = terminal.hear().await? {
            paper = Some(*frame);
        }
    }
    paper.context("a paper")
}

/// Answers until the socket dies; `round` makes each round's choices different.
async fn answer_until_the_end(seated: Seated, paper: Arc<PaperFrame>, round: u64, mut known: Known, acks: Arc<AtomicU64>) -> Result<Known> {
    let mut terminal = seated.connect("again", Some(paper.digest.clone())).await?;
    let state = welcome(&mut terminal).await?;
    check(&seated, &known, &state);
    // What was uncertain is known now, one way or the other.
    for position in std::mem::take(&mut known.uncertain).into_keys() {
        known.acknowledged.insert(position, state.answers[usize::from(position)].choices.clone());
    }
    for (seq, step) in (state.next_seq..).zip(0_u64..) {
        let position = ((step * 7 + round) % paper.items.len() as u64) as u16;
        let item = &paper.items[usize::from(position)];
        let choice = item.choices[((step + round) % item.choices.len() as u64) as usize].id;
        let choices = vec![choice];
        let frame = TerminalFrame::Answer { seq, position, item: item.item.clone(), choices: choices.clone() };
        known.uncertain.insert(position, choices.clone());
        match terminal.ask(&frame, seq, |_| ()).await {
            Ok(Reply::Saved) => {
                known.uncertain.remove(&position);
                known.acknowledged.insert(position, choices);
                acks.fetch_add(1, Ordering::Relaxed);
            }
            Ok(Reply::Closed(_)) | Err(_) => return Ok(known),
            Ok(other) => bail!("{}: {other:?}", seated.session.participant_no),
        }
    }
    Ok(known)
}

/// What is stored is what was acknowledged, or what was sent and not answered; nothing else.
fn check(seated: &Seated, known: &Known, state: &Welcome) {
    for (position, stored) in (0_u16..).zip(&state.answers) {
        let acknowledged = known.acknowledged.get(&position).cloned().unwrap_or_default();
        let uncertain = known.uncertain.get(&position);
        assert!(
            stored.choices == acknowledged || Some(&stored.choices) == uncertain,
            "{} position {position}: stored {:?}, acknowledged {acknowledged:?}, uncertain {uncertain:?}",
            seated.session.participant_no,
            stored.choices
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_kill_nine() -> Result<()> {
    let mut server = Server::start().await?;
    let people = People::new(&server).await?;
    let exam = set_up(&people, &Plan { candidates: CANDIDATES, ..Plan::default() }).await?;
    open(&people.proctor, &exam.sitting).await?;
    let seated = seat_people(&people.registrar, &server.base, &exam.sitting.id, CANDIDATES, |_| ()).await?;
    start(&people.proctor, &exam.sitting.id).await?;
    let mut papers = Vec::new();
    for seated in &seated {
        papers.push(Arc::new(begin(seated).await?));
    }
    let mut known = vec![Known::default(); CANDIDATES];
    let began = Instant::now();
    for round in 0..KILLS {
        let acks = Arc::new(AtomicU64::new(0));
        let mut answering = JoinSet::new();
        for (index, seated) in seated.iter().cloned().enumerate() {
            let (paper, known, acks) = (Arc::clone(&papers[index]), known[index].clone(), Arc::clone(&acks));
            answering.spawn(async move { answer_until_the_end(seated, paper, round, known, acks).await.map(|known| (index, known)) });
        }
        // Each round is cut at another moment of the work.
        while acks.load(Ordering::Relaxed) < 150 + 137 * round {
            tokio::task::yield_now().await;
        }
        server.kill().await?;
        while let Some(done) = answering.join_next().await {
            let (index, after) = done??;
            known[index] = after;
        }
        let took = server.restart().await?;
        assert!(took < RESTART_WITHIN, "the restart took {took:?}");
    }
    // Nobody signed in again; everything is there; the clocks agree.
    let mut remaining = Vec::new();
    for (index, seated) in seated.iter().enumerate() {
        let mut terminal = seated.connect("last", Some(papers[index].digest.clone())).await?;
        let state = welcome(&mut terminal).await?;
        check(seated, &known[index], &state);
        remaining.push(state.clock.remaining_ms);
    }
    let elapsed_ms = began.elapsed().as_millis() as u32;
    let least = remaining.iter().min().copied().unwrap_or(0);
    assert!(least + elapsed_ms + 2_000 > 5_400_000, "outages cost time: {least} ms remain after {elapsed_ms} ms");
    let spread = remaining.iter().max().copied().unwrap_or(0) - least;
    assert!(spread < 30_000, "sessions started within seconds of each other agree within that: {spread} ms");
    assert!(server.stop().await?, "SIGTERM ends with code 0");
    let checked = server.command(&["fsck"])?;
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    Ok(())
}
