//! Public traffic: GETs of pages and lists over keep-alive connections, at a rate, whatever the server answers. HTTP/1.1 by hand and pipelined, because
//! ten thousand requests a second must not cost more here than there.

use crate::beside;
use anyhow::{Context, Result, bail, ensure};
use hdrhistogram::Histogram;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Pages and lists that anybody may read.
pub const PATHS: [&str; 5] = ["/", "/papan", "/hasil", "/api/v1/boards", "/api/v1/publications"];
/// Requests of one connection that wait for their answers; what is due beyond them is not sent.
const WAITING_MAX: usize = 256;
/// The longest head of an answer, bytes.
const HEAD_BYTES_MAX: usize = 16 * 1024;
/// How long answers may take after the last request.
const LAST_ANSWERS: Duration = Duration::from_secs(5);
/// A connection that could not be made is tried again after this.
const AGAIN_AFTER: Duration = Duration::from_millis(50);

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Traffic {
    /// Address of the server.
    pub server: String,
    /// Paths, each as often as the others.
    pub paths: Vec<String>,
    /// Requests per second over all connections.
    pub per_s: u64,
    /// Connections.
    pub connections: usize,
    /// For so long.
    pub duration: Duration,
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Answers {
    /// Requests that were due.
    pub due: u64,
    /// Of these, sent.
    pub sent: u64,
    /// Answers by status.
    pub by_status: BTreeMap<u16, u64>,
    /// Answers 503 that say when to come again.
    pub retry_after: u64,
    /// Requests without an answer: their connection ended, or the time was over.
    pub unanswered: u64,
    /// Connections that could not be made or ended.
    pub lost_connections: u64,
    /// Bytes received.
    pub bytes: u64,
    /// From the scheduled instant to the end of the answer, microseconds.
    pub latencies: Histogram<u64>,
}

impl Default for Answers {
    fn default() -> Self {
        Answers {
            due: 0,
            sent: 0,
            by_status: BTreeMap::new(),
            retry_after: 0,
            unanswered: 0,
            lost_connections: 0,
            bytes: 0,
            latencies: beside::latencies(),
        }
    }
}

impl Answers {
    /// Answers with this status.
    pub fn with(&self, status: u16) -> u64 {
        self.by_status.get(&status).copied().unwrap_or(0)
    }

    fn add(&mut self, other: &Answers) -> Result<()> {
        self.due += other.due;
        self.sent += other.sent;
        self.retry_after += other.retry_after;
        self.unanswered += other.unanswered;
        self.lost_connections += other.lost_connections;
        self.bytes += other.bytes;
        for (status, count) in &other.by_status {
            *self.by_status.entry(*status).or_default() += count;
        }
        self.latencies.add(&other.latencies).context("latencies of one kind")
    }
}

/// Runs the traffic on a thread and a runtime of its own, so that it does not stand in the way of what is measured beside it.
pub async fn run(traffic: Traffic) -> Result<Answers> {
    ensure!(traffic.per_s > 0 && traffic.connections > 0 && !traffic.paths.is_empty(), "some requests on some connections");
    let thread = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(all(traffic))
    };
    tokio::task::spawn_blocking(thread).await?
}

async fn all(traffic: Traffic) -> Result<Answers> {
    let address = traffic.server.trim_end_matches('/').strip_prefix("http://").context("the load tester speaks plain HTTP, to loopback")?;
    let address: SocketAddr = address.parse().context("the server's address must be numbers, e.g. http://127.0.0.1:8080")?;
    let requests: Arc<[String]> =
        traffic.paths.iter().map(|path| format!("GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: */*\r\n\r\n")).collect();
    let mut connections = JoinSet::new();
    for seed in 0..traffic.connections as u64 {
        let visitor = Visitor {
            address,
            requests: Arc::clone(&requests),
            gap: Exp::new(traffic.per_s as f64 / traffic.connections as f64)?,
            rng: SmallRng::seed_from_u64(seed),
            answers: Answers::default(),
            began: Instant::now(),
            due: Duration::ZERO,
            duration: traffic.duration,
        };
        connections.spawn(visitor.visit());
    }
    let mut answers = Answers::default();
    while let Some(done) = connections.join_next().await {
        answers.add(&done?)?;
    }
    Ok(answers)
}

/// One connection after another, with the schedule of one.
struct Visitor {
    address: SocketAddr,
    requests: Arc<[String]>,
    gap: Exp<f64>,
    rng: SmallRng,
    answers: Answers,
    began: Instant,
    /// When the next request is due, since the beginning.
    due: Duration,
    duration: Duration,
}

impl Visitor {
    async fn visit(mut self) -> Answers {
        while self.due < self.duration {
            match TcpStream::connect(self.address).await {
                Ok(stream) => {
                    if self.converse(stream).await.is_err() {
                        self.answers.lost_connections += 1;
                    }
                }
                Err(_) => {
                    self.answers.lost_connections += 1;
                    tokio::time::sleep(AGAIN_AFTER).await;
                    self.pass();
                }
            }
        }
        self.answers
    }

    /// What became due while there was no connection is not sent.
    fn pass(&mut self) {
        while self.due < self.duration && self.due <= self.began.elapsed() {
            self.answers.due += 1;
            self.next();
        }
    }

    fn next(&mut self) {
        self.due += Duration::from_secs_f64(self.gap.sample(&mut self.rng));
    }

    /// Sends what is due and reads what comes, until all is answered or the connection ends.
    async fn converse(&mut self, mut stream: TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        let (mut from, mut to) = stream.split();
        let (mut waiting, mut out, mut reading) = (VecDeque::new(), Vec::new(), Reading::default());
        let end = self.duration + LAST_ANSWERS;
        let outcome = loop {
            self.ask_what_is_due(&mut waiting, &mut out);
            if self.due >= self.duration && waiting.is_empty() {
                break Ok(());
            }
            if self.began.elapsed() > end {
                break Ok(());
            }
            let next = if self.due < self.duration { self.due } else { end };
            tokio::select! {
                written = to.write(&out), if !out.is_empty() => match written {
                    Ok(count) => drop(out.drain(..count)),
                    Err(error) => break Err(error.into()),
                },
                read = from.read_buf(&mut reading.bytes) => match read {
                    Ok(0) => break Err(anyhow::anyhow!("the server closed")),
                    Ok(count) => {
                        self.answers.bytes += count as u64;
                        if let Err(error) = self.hear(&mut reading, &mut waiting) {
                            break Err(error);
                        }
                    }
                    Err(error) => break Err(error.into()),
                },
                // Not finer than the timer: what is due within a millisecond goes together.
                () = tokio::time::sleep_until((self.began + next.max(self.began.elapsed() + Duration::from_millis(1))).into()) => {}
            }
        };
        self.answers.unanswered += waiting.len() as u64;
        outcome
    }

    fn ask_what_is_due(&mut self, waiting: &mut VecDeque<Instant>, out: &mut Vec<u8>) {
        while self.due < self.duration && self.due <= self.began.elapsed() {
            self.answers.due += 1;
            if waiting.len() < WAITING_MAX {
                let request = self.rng.random_range(0..self.requests.len());
                out.extend_from_slice(self.requests[request].as_bytes());
                waiting.push_back(self.began + self.due);
                self.answers.sent += 1;
            }
            self.next();
        }
    }

    fn hear(&mut self, reading: &mut Reading, waiting: &mut VecDeque<Instant>) -> Result<()> {
        while let Some(answer) = reading.next()? {
            let scheduled = waiting.pop_front().context("an answer to nothing")?;
            beside::note(&mut self.answers.latencies, scheduled.elapsed());
            *self.answers.by_status.entry(answer.status).or_default() += 1;
            self.answers.retry_after += u64::from(answer.status == 503 && answer.retry_after);
            if answer.last {
                bail!("the server wants another connection");
            }
        }
        Ok(())
    }
}

/// The head of an answer, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    body_bytes: usize,
    retry_after: bool,
    /// The connection ends after it.
    last: bool,
}

/// Answers as they come in pieces.
#[derive(Default)]
struct Reading {
    bytes: Vec<u8>,
    /// The head whose body is not yet there, and what is missing of it.
    open: Option<(Head, usize)>,
}

impl Reading {
    /// The next whole answer; its body is thrown away.
    fn next(&mut self) -> Result<Option<Head>> {
        let (head, missing) = match self.open.take() {
            Some(open) => open,
            None => match self.head()? {
                Some(head) => (head, head.body_bytes),
                None => return Ok(None),
            },
        };
        let here = missing.min(self.bytes.len());
        self.bytes.drain(..here);
        if here < missing {
            self.open = Some((head, missing - here));
            return Ok(None);
        }
        Ok(Some(head))
    }

    fn head(&mut self) -> Result<Option<Head>> {
        let Some(end) = self.bytes.windows(4).position(|four| four == b"\r\n\r\n") else {
            ensure!(self.bytes.len() < HEAD_BYTES_MAX, "a head without an end");
            return Ok(None);
        };
        let head = parse(std::str::from_utf8(&self.bytes[..end]).context("a head that is no text")?)?;
        self.bytes.drain(..end + 4);
        Ok(Some(head))
    }
}

fn parse(text: &str) -> Result<Head> {
    let mut lines = text.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok()).context("a line of status")?;
    let mut head = Head { status, body_bytes: 0, retry_after: false, last: false };
    for line in lines {
        let (name, value) = line.split_once(':').context("a line of a head")?;
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => head.body_bytes = value.parse().context("a length")?,
            "transfer-encoding" => bail!("a body of unknown length"),
            "retry-after" => head.retry_after = true,
            "connection" => head.last = value.eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_told_apart_however_they_are_cut() {
        let text = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhalloHTTP/1.1 503 Busy\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n\
                     HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n";
        for piece in 1..text.len() {
            let (mut reading, mut heard) = (Reading::default(), Vec::new());
            for bytes in text.chunks(piece) {
                reading.bytes.extend_from_slice(bytes);
                while let Some(head) = reading.next().expect("answers") {
                    heard.push((head.status, head.retry_after, head.last));
                }
            }
            assert_eq!(heard, [(200, false, false), (503, true, false), (304, false, true)], "in pieces of {piece}");
        }
    }

    #[test]
    fn what_cannot_be_counted_is_not_guessed() {
        let mut reading = Reading { bytes: b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec(), open: None };
        assert!(reading.next().is_err());
    }
}
