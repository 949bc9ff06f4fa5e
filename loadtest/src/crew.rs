//! The client processes of a run: starting them, telling them what to do, putting together what they say.

use crate::orders::{Order, Outcome, Seat, Target, Word};
use anyhow::{Context, Result, bail};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Most sockets of one process: descriptors are limited.
pub const SOCKETS_MAX: usize = 15_000;
/// Source addresses of a process: each has some 28,000 ports.
const SOURCES: u8 = 4;
/// Handshakes under way at once in each process.
const HANDSHAKES: usize = 100;

/// A client process.
struct Client {
    child: Child,
    orders: ChildStdin,
    words: Lines<BufReader<ChildStdout>>,
    sessions: usize,
}

/// All client processes.
pub struct Crew {
    clients: Vec<Client>,
}

impl Crew {
    /// Starts processes (of this program) and opens all sockets, spread evenly over them; without seats there are no processes.
    pub async fn open(target: &Target, seats: &[Seat], processes: usize, seed: u64, progress: impl FnMut(u64)) -> Result<Crew> {
        let mut crew = Crew { clients: Vec::with_capacity(processes) };
        crew.join_in(target, seats, processes, seed, progress).await?;
        Ok(crew)
    }

    /// Further people, in processes of their own.
    pub async fn join_in(&mut self, target: &Target, seats: &[Seat], processes: usize, seed: u64, progress: impl FnMut(u64)) -> Result<()> {
        let needed = seats.len().div_ceil(SOCKETS_MAX);
        let processes = processes.max(needed).min(seats.len());
        let program = std::env::current_exe().context("this program's own path")?;
        let (mut joining, mut orders) = (Crew { clients: Vec::new() }, Vec::with_capacity(processes));
        for number in 0..processes {
            // Neighbours in the list are of one sitting; every process gets some of each.
            let mine: Vec<Seat> = seats.iter().skip(number).step_by(processes).cloned().collect();
            joining.clients.push(Client::start(&program, mine.len())?);
            let network = 10 + (self.clients.len() + number) as u8;
            orders.push(Order::Open {
                target: target.clone(),
                seats: mine,
                sources: (1..=SOURCES).map(|last| Ipv4Addr::new(127, 0, network, last)).collect(),
                at_once: HANDSHAKES,
                seed: seed.wrapping_add(number as u64),
            });
        }
        joining.tell_each(orders, progress).await.context("opening the sockets")?;
        self.clients.append(&mut joining.clients);
        Ok(())
    }

    /// Process ids.
    pub fn pids(&self) -> Vec<u32> {
        self.clients.iter().filter_map(|client| client.child.id()).collect()
    }

    /// Sessions of all processes.
    pub fn sessions(&self) -> usize {
        self.clients.iter().map(|client| client.sessions).sum()
    }

    /// The part of all sessions that each process has.
    pub fn shares(&self) -> Vec<f64> {
        let all = self.sessions().max(1) as f64;
        self.clients.iter().map(|client| client.sessions as f64 / all).collect()
    }

    /// The same order for all.
    pub async fn tell(&mut self, order: Order, progress: impl FnMut(u64)) -> Result<Outcome> {
        self.tell_each(vec![order; self.clients.len()], progress).await
    }

    /// An order for each.
    pub async fn tell_each(&mut self, orders: Vec<Order>, mut progress: impl FnMut(u64)) -> Result<Outcome> {
        for (client, order) in self.clients.iter_mut().zip(&orders) {
            client.say(order).await?;
        }
        let mut done = vec![0; self.clients.len()];
        let (words, mut heard) = tokio::sync::mpsc::channel(16);
        let mut hearing = Vec::new();
        for (index, client) in self.clients.iter_mut().enumerate() {
            let words = words.clone();
            hearing.push(async move {
                loop {
                    let word = client.hear().await;
                    let last = !matches!(word, Ok(Word::Progress { .. }));
                    if words.send((index, word)).await.is_err() || last {
                        return;
                    }
                }
            });
        }
        drop(words);
        let mut whole = Outcome::default();
        let mut failed = Vec::new();
        let gather = async {
            while let Some((index, word)) = heard.recv().await {
                match word {
                    Ok(Word::Progress { done: now }) => {
                        done[index] = now;
                        progress(done.iter().sum());
                    }
                    Ok(Word::Done(outcome)) => whole.join(*outcome),
                    Ok(Word::Failed { why }) => failed.push(why),
                    Err(error) => failed.push(format!("{error:#}")),
                }
            }
        };
        tokio::join!(futures_util::future::join_all(hearing), gather);
        if failed.is_empty() { Ok(whole) } else { bail!("{}", failed.join("; ")) }
    }

    /// Has every process write its diaries into the folder of the run.
    pub async fn write_diaries(&mut self, dir: &Path) -> Result<()> {
        let dir = std::path::absolute(dir)?;
        let orders = (1..=self.clients.len()).map(|number| Order::Diaries { path: dir.join(format!("diaries-{number}.jsonl")) });
        self.tell_each(orders.collect(), |_| ()).await?;
        Ok(())
    }

    /// Ends all processes and waits for them.
    pub async fn quit(mut self) -> Result<()> {
        for client in &mut self.clients {
            client.say(&Order::Quit).await?;
            client.child.wait().await?;
        }
        Ok(())
    }
}

impl Client {
    fn start(program: &Path, sessions: usize) -> Result<Client> {
        let mut child = Command::new(program)
            .arg("worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| format!("failed to start {}", program.display()))?;
        let orders = child.stdin.take().context("a piped standard input")?;
        let words = BufReader::new(child.stdout.take().context("a piped standard output")?).lines();
        Ok(Client { child, orders, words, sessions })
    }

    async fn say(&mut self, order: &Order) -> Result<()> {
        let mut line = serde_json::to_vec(order)?;
        line.push(b'\n');
        self.orders.write_all(&line).await.context("a client process is gone")?;
        Ok(self.orders.flush().await?)
    }

    async fn hear(&mut self) -> Result<Word> {
        let line = self.words.next_line().await?.context("a client process ended")?;
        serde_json::from_str(&line).with_context(|| format!("a word of another shape: {line:.200}"))
    }
}
