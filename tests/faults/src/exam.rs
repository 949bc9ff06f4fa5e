//! The real server under test: a small exam on a directory of the test's choice, and candidates who know for certain what was acknowledged.

use crate::program::{ENDS_WITHIN, Program};
use anyhow::{Context, Result, bail, ensure};
use loadtest::sitting::{open, seat_people, start};
use loadtest::staff::Staff;
use loadtest::terminal::{Reply, Seated, Terminal};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tests::{People, Plan, set_up};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;
use tokio::task::JoinSet;
use wire::terminal::{PaperFrame, TerminalFrame, TerminalNews, Welcome};

/// A refused candidate tries again after this; the page waits longer.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(20);

/// A running server on a directory.
pub struct Server {
    program: Program,
    data: PathBuf,
    log: PathBuf,
    child: Option<Child>,
    /// Where it listens.
    pub base: String,
}

impl Server {
    /// Starts a program on a directory. Its log goes to a file that must lie elsewhere.
    pub async fn start(program: &Program, wrapper: &[String], data: &Path, log: &Path, listen: &str) -> Result<Server> {
        let mut command = tokio::process::Command::from(program.command(wrapper));
        command.args(["serve", "--listen", listen, "--data"]).arg(data);
        let mut child = command.stdout(Stdio::piped()).stderr(File::create(log)?).kill_on_drop(true).spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("a piped standard output")?).lines();
        let base = loop {
            let Some(line) = lines.next_line().await? else {
                bail!("the server does not start: {}", std::fs::read_to_string(log)?.lines().last().unwrap_or_default());
            };
            if let Some(address) = line.strip_prefix("Listening on ") {
                break address.trim_end_matches('/').to_owned();
            }
        };
        // Whatever it still says must not fill the pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Server { program: program.clone(), data: data.to_owned(), log: log.to_owned(), child: Some(child), base })
    }

    /// `kill -9`.
    pub async fn kill(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// Waits until it ends by itself; none if it does not.
    pub async fn ended(&mut self) -> Result<Option<ExitStatus>> {
        let Some(child) = self.child.as_mut() else { bail!("it was ended") };
        Ok(tokio::time::timeout(ENDS_WITHIN, child.wait()).await.ok().transpose()?)
    }

    /// Asks it to stop, and waits.
    pub async fn stop(&mut self) -> Result<()> {
        let Some(mut child) = self.child.take() else { return Ok(()) };
        Command::new("kill").args(["-TERM", &child.id().context("a live process")?.to_string()]).status()?;
        ensure!(child.wait().await?.success(), "SIGTERM ends with code 0");
        Ok(())
    }

    /// Starts a program where this one listened.
    pub async fn again(&mut self, program: &Program, wrapper: &[String]) -> Result<()> {
        let listen = self.base.trim_start_matches("http://").to_owned();
        *self = Server::start(program, wrapper, &self.data, &self.log, &listen).await?;
        Ok(())
    }

    async fn staff(&self, login: &str, role: &str) -> Result<Staff> {
        Staff::sign_in(&self.base, login, &self.password(login, role)?).await
    }

    /// Makes a staff member and says the password.
    pub fn password(&self, login: &str, role: &str) -> Result<String> {
        let made = run(&self.program, &["admin", "create-staff", "--login", login, "--name", "Uji", "--role", role], &self.data)?;
        let text = String::from_utf8_lossy(&made.stdout).into_owned();
        let password = text.lines().find_map(|line| line.strip_prefix("password")?.split_whitespace().next()).context("a password")?;
        Ok(password.to_owned())
    }
}

/// Runs another subcommand on a directory.
pub fn run(program: &Program, arguments: &[&str], data: &Path) -> Result<Output> {
    Ok(program.command(&[]).args(arguments).arg("--data").arg(data).stdin(Stdio::null()).output()?)
}

/// What one candidate knows for certain.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Last acknowledged choice per position.
    acknowledged: BTreeMap<u16, Vec<u8>>,
    /// Answers that were sent and never answered: they may be there or not.
    uncertain: BTreeMap<u16, Vec<u8>>,
}

/// A sitting that runs.
pub struct Exam {
    /// Who set it up.
    pub people: People,
    /// Id of its stage.
    pub stage: String,
    /// Id of the sitting.
    pub sitting: String,
    /// Its candidates.
    pub seated: Vec<Seated>,
    papers: Vec<Arc<PaperFrame>>,
    known: Vec<Known>,
}

/// What the candidates have seen so far.
#[derive(Debug, Default)]
pub struct Seen {
    /// Acknowledgements.
    pub saved: AtomicU64,
    /// Refusals as busy.
    pub busy: AtomicU64,
    /// Refusals of any other kind.
    pub refused: AtomicU64,
    done: AtomicBool,
}

/// Candidates who answer until they are told to stop or the server is gone.
pub struct Answering {
    /// What they have seen.
    pub seen: Arc<Seen>,
    candidates: JoinSet<Result<(usize, Known)>>,
}

impl Exam {
    /// Sets up a selection and lets so many candidates start.
    pub async fn begin(server: &Server, candidates: usize) -> Result<Exam> {
        let people = People {
            author: server.staff("penulis", "author").await?,
            committee: server.staff("panitia", "committee").await?,
            registrar: server.staff("registrar", "registrar").await?,
            proctor: server.staff("pengawas", "proctor").await?,
            second_proctor: server.staff("pengawas2", "proctor").await?,
        };
        let exam = set_up(&people, &Plan { candidates, ..Plan::default() }).await?;
        open(&people.proctor, &exam.sitting).await?;
        let seated = seat_people(&people.registrar, &server.base, &exam.sitting.id, candidates, |_| ()).await?;
        start(&people.proctor, &exam.sitting.id).await?;
        let mut papers = Vec::new();
        for seated in &seated {
            papers.push(Arc::new(begin(seated).await?));
        }
        let known = vec![Known::default(); candidates];
        Ok(Exam { people, stage: exam.stage, sitting: exam.sitting.id, seated, papers, known })
    }

    /// Everybody answers as fast as acknowledgements come; `round` makes each round's choices different.
    pub fn answer(&self, round: u64) -> Answering {
        let (seen, mut candidates) = (Arc::new(Seen::default()), JoinSet::new());
        for (index, seated) in self.seated.iter().cloned().enumerate() {
            let (paper, known, seen) = (Arc::clone(&self.papers[index]), self.known[index].clone(), Arc::clone(&seen));
            candidates.spawn(async move { answer(&seated, &paper, round, known, &seen).await.map(|known| (index, known)) });
        }
        Answering { seen, candidates }
    }

    /// Waits for the candidates and keeps what they know.
    pub async fn done(&mut self, mut answering: Answering) -> Result<()> {
        answering.seen.done.store(true, Ordering::Relaxed);
        while let Some(candidate) = answering.candidates.join_next().await {
            let (index, known) = candidate??;
            self.known[index] = known;
        }
        Ok(())
    }

    /// Everybody hands in.
    pub async fn submit(&self) -> Result<()> {
        for (seated, paper) in self.seated.iter().zip(&self.papers) {
            let mut terminal = seated.connect("end", Some(paper.digest.clone())).await?;
            let seq = welcome(&mut terminal).await?.next_seq;
            let reply = terminal.ask(&TerminalFrame::Submit { seq }, seq, |_| ()).await?;
            ensure!(reply == Reply::Saved, "{reply:?}");
        }
        Ok(())
    }

    /// Asks the server what is stored; what was acknowledged must be there, and nothing else but what was sent.
    pub async fn broken(&self) -> Result<Vec<String>> {
        let mut broken = Vec::new();
        for (index, seated) in self.seated.iter().enumerate() {
            let mut terminal = seated.connect("last", Some(self.papers[index].digest.clone())).await?;
            let state = welcome(&mut terminal).await?;
            broken.extend(differences(seated, &self.known[index], &state));
        }
        Ok(broken)
    }

    /// Ids of all items on the papers, as bytes.
    pub fn items(&self) -> Vec<[u8; 16]> {
        let hex = |text: &str| {
            let digits: Vec<u8> = text.bytes().filter_map(|byte| (byte as char).to_digit(16)).map(|digit| digit as u8).collect();
            let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
            <[u8; 16]>::try_from(bytes).ok()
        };
        let mut items: Vec<_> = self.papers.iter().flat_map(|paper| &paper.items).filter_map(|item| hex(&item.item)).collect();
        items.sort_unstable();
        items.dedup();
        items
    }

    /// Answers of which it is known that they are stored.
    pub fn certain(&self) -> u64 {
        self.known.iter().map(|known| known.acknowledged.len() as u64).sum()
    }
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
    let first = welcome(&mut terminal).await?.next_seq;
    let mut paper = None;
    for (seq, frame) in [(first, TerminalFrame::Consent { seq: first }), (first + 1, TerminalFrame::Start { seq: first + 1 })] {
        let take = |news| {
            if let TerminalNews::Paper(frame) = news {
                paper = Some(*frame);
            }
        };
        let reply = terminal.ask(&frame, seq, take).await?;
        ensure!(reply == Reply::Saved, "{reply:?}");
    }
    while paper.is_none() {
        if let Ok(TerminalNews::Paper(frame)) = terminal.hear().await? {
            paper = Some(*frame);
        }
    }
    paper.context("a paper")
}

async fn answer(seated: &Seated, paper: &PaperFrame, round: u64, mut known: Known, seen: &Seen) -> Result<Known> {
    let Ok(mut terminal) = seated.connect("again", Some(paper.digest.clone())).await else { return Ok(known) };
    let Ok(state) = welcome(&mut terminal).await else { return Ok(known) };
    let differences = differences(seated, &known, &state);
    ensure!(differences.is_empty(), "{differences:?}");
    // What was uncertain is known now, one way or the other.
    for position in std::mem::take(&mut known.uncertain).into_keys() {
        known.acknowledged.insert(position, state.answers[usize::from(position)].choices.clone());
    }
    let (mut seq, mut step) = (state.next_seq, 0_u64);
    while !seen.done.load(Ordering::Relaxed) {
        let position = ((step * 7 + round) % paper.items.len() as u64) as u16;
        let item = &paper.items[usize::from(position)];
        let choices = vec![item.choices[((step + round) % item.choices.len() as u64) as usize].id];
        let frame = TerminalFrame::Answer { seq, position, item: item.item.clone(), choices: choices.clone() };
        let before = known.uncertain.insert(position, choices.clone());
        match terminal.ask(&frame, seq, |_| ()).await {
            Ok(Reply::Saved) => {
                known.uncertain.remove(&position);
                known.acknowledged.insert(position, choices);
                seen.saved.fetch_add(1, Ordering::Relaxed);
                (seq, step) = (seq + 1, step + 1);
            }
            Ok(Reply::Refused { code, .. }) => {
                // "Not stored" is a promise too.
                match before {
                    Some(before) => known.uncertain.insert(position, before),
                    None => known.uncertain.remove(&position),
                };
                let count = if code == "busy" { &seen.busy } else { &seen.refused };
                count.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(TRY_AGAIN_AFTER).await;
            }
            Ok(Reply::Closed(_) | Reply::Late) | Err(_) => return Ok(known),
        }
    }
    Ok(known)
}

/// What is stored is what was acknowledged, or what was sent and not answered; nothing else.
fn differences(seated: &Seated, known: &Known, state: &Welcome) -> Vec<String> {
    let stored = (0_u16..).zip(&state.answers);
    let differs = stored.filter_map(|(position, stored)| {
        let acknowledged = known.acknowledged.get(&position).cloned().unwrap_or_default();
        let as_it_should = stored.choices == acknowledged || known.uncertain.get(&position) == Some(&stored.choices);
        let number = &seated.session.participant_no;
        (!as_it_should).then(|| format!("{number} item {position}: {:?} is stored, {acknowledged:?} was acknowledged", stored.choices))
    });
    differs.collect()
}
