//! Durable saves at a given rate: open loop, latency from the scheduled instant, so that a stalled server cannot hide behind a waiting client.

use crate::terminal::Seated;
use anyhow::{Result, bail};
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use hdrhistogram::Histogram;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Exp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use wire::terminal::{PaperFrame, TerminalFrame, TerminalNews};

/// What a run at one rate came to.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RateReport {
    /// Sockets.
    pub sessions: usize,
    /// Saves per second asked for.
    pub asked_per_s: u64,
    /// Saves sent.
    pub sent: u64,
    /// Saves acknowledged as durable.
    pub acked: u64,
    /// Saves refused (busy).
    pub refused: u64,
    /// Acknowledged per second of the run.
    pub acked_per_s: f64,
    /// Latency from the scheduled instant, milliseconds.
    pub ack_ms_p50: f64,
    /// Latency from the scheduled instant, milliseconds.
    pub ack_ms_p99: f64,
    /// Latency from the scheduled instant, milliseconds.
    pub ack_ms_p999: f64,
    /// Worst latency, milliseconds.
    pub ack_ms_max: f64,
}

/// A session that runs and can save.
pub struct Saver {
    socket: WebSocketStream<TcpStream>,
    paper: PaperFrame,
    next_seq: u32,
}

/// Connects, consents and starts; the sitting must be started.
pub async fn ready(seated: &Seated, instance: u64) -> Result<Saver> {
    let mut terminal = seated.connect(&format!("rate-{instance}"), None).await?;
    let mut next_seq = 1;
    let mut paper = None;
    let mut asked = false;
    while paper.is_none() {
        match terminal.hear().await? {
            Ok(TerminalNews::Welcome(welcome)) => next_seq = welcome.next_seq,
            Ok(TerminalNews::Paper(frame)) => paper = Some(*frame),
            Ok(TerminalNews::Refused { code, .. }) if !code.ends_with("already") => bail!("{code}"),
            Ok(_) => {}
            Err(code) => bail!("the server closed with {code}"),
        }
        if !asked {
            asked = true;
            terminal.say(&TerminalFrame::Consent { seq: next_seq }).await?;
            terminal.say(&TerminalFrame::Start { seq: next_seq + 1 }).await?;
            next_seq += 2;
        }
    }
    let Some(paper) = paper else { bail!("no paper") };
    Ok(Saver { socket: terminal.into_socket(), paper, next_seq })
}

/// Latencies in microseconds, from 1 to a minute. With bounds: a histogram without them cuts off what is longer than it knows.
fn latencies() -> Histogram<u64> {
    Histogram::new_with_bounds(1, 60_000_000, 3).expect("the bounds are in order")
}

/// When each save of a session was scheduled, by its number.
type Scheduled = Arc<Mutex<HashMap<u32, Instant>>>;

/// Runs at a rate for a time; the savers can be used again.
pub async fn run(savers: Vec<Saver>, per_s: u64, duration: Duration, seed: u64) -> Result<(Vec<Saver>, RateReport)> {
    let sessions = savers.len();
    let mut writers = Vec::with_capacity(sessions);
    let mut readers = Vec::with_capacity(sessions);
    for saver in savers {
        let (sink, mut stream) = saver.socket.split();
        let scheduled: Scheduled = Arc::default();
        let shared = Arc::clone(&scheduled);
        readers.push(tokio::spawn(async move {
            let mut histogram = latencies();
            let mut refused = 0_u64;
            loop {
                match stream.next().await {
                    Some(Ok(Message::Text(text))) => {
                        let now = Instant::now();
                        match serde_json::from_str(&text) {
                            Ok(TerminalNews::Saved { seq }) => {
                                let since = shared.lock().expect("nothing panics under this lock").remove(&seq);
                                if let Some(since) = since {
                                    histogram.saturating_record(((now - since).as_micros() as u64).max(1));
                                }
                            }
                            Ok(TerminalNews::Refused { seq, .. }) => {
                                shared.lock().expect("nothing panics under this lock").remove(&seq);
                                refused += 1;
                            }
                            Ok(_) | Err(_) => {}
                        }
                        if text.contains("\"t\":\"refused\",\"seq\":0") {
                            break;
                        }
                    }
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break,
                }
            }
            (stream, histogram, refused)
        }));
        writers.push(Writer { sink, scheduled, paper: saver.paper, next_seq: saver.next_seq });
    }
    let began = Instant::now();
    let sent = send_all(&mut writers, per_s, duration, seed).await?;
    drain(&writers, Duration::from_secs(10)).await;
    let elapsed = began.elapsed().min(duration + Duration::from_secs(10));
    // A command number of 0 is refused by every server, so its answer marks the end of what a reader has to read.
    for writer in &mut writers {
        writer.sink.send(Message::Text(Utf8Bytes::from_static("{\"t\":\"submit\",\"seq\":0}"))).await?;
    }
    let mut all = latencies();
    let (mut refused, mut savers) = (0, Vec::with_capacity(sessions));
    for (reader, writer) in readers.into_iter().zip(writers) {
        let (stream, histogram, of_session) = reader.await?;
        all.add(&histogram)?;
        refused += of_session.saturating_sub(1);
        let socket = stream.reunite(writer.sink).map_err(|_| anyhow::anyhow!("halves of different sockets"))?;
        savers.push(Saver { socket, paper: writer.paper, next_seq: writer.next_seq });
    }
    let ms = |quantile| all.value_at_quantile(quantile) as f64 / 1000.0;
    let report = RateReport {
        sessions,
        asked_per_s: per_s,
        sent,
        acked: all.len(),
        refused,
        acked_per_s: all.len() as f64 / elapsed.as_secs_f64().min(duration.as_secs_f64().max(0.001)),
        ack_ms_p50: ms(0.5),
        ack_ms_p99: ms(0.99),
        ack_ms_p999: ms(0.999),
        ack_ms_max: all.max() as f64 / 1000.0,
    };
    Ok((savers, report))
}

struct Writer {
    sink: SplitSink<WebSocketStream<TcpStream>, Message>,
    scheduled: Scheduled,
    paper: PaperFrame,
    next_seq: u32,
}

impl Writer {
    fn frame(&mut self, at: Instant, rng: &mut SmallRng) -> Message {
        let seq = self.next_seq;
        self.next_seq += 1;
        let position = rng.random_range(0..self.paper.items.len());
        let item = &self.paper.items[position];
        let choice = item.choices[rng.random_range(0..item.choices.len())].id;
        self.scheduled.lock().expect("nothing panics under this lock").insert(seq, at);
        Message::Text(Utf8Bytes::from(format!(
            "{{\"t\":\"answer\",\"seq\":{seq},\"position\":{position},\"item\":\"{}\",\"choices\":[{choice}]}}",
            item.item
        )))
    }
}

/// Poisson arrivals over all sessions; what is due is sent, whatever the server does meanwhile.
async fn send_all(writers: &mut [Writer], per_s: u64, duration: Duration, seed: u64) -> Result<u64> {
    let mut rng = SmallRng::seed_from_u64(seed);
    let gap = Exp::new(per_s as f64)?;
    let began = Instant::now();
    let mut due = Duration::ZERO;
    let mut sent = 0;
    while due < duration {
        let now = began.elapsed();
        if due > now {
            tokio::time::sleep((due - now).min(Duration::from_millis(1))).await;
            continue;
        }
        let index = rng.random_range(0..writers.len());
        let writer = &mut writers[index];
        let frame = writer.frame(began + due, &mut rng);
        writer.sink.send(frame).await?;
        sent += 1;
        due += Duration::from_secs_f64(gap.sample(&mut rng));
    }
    Ok(sent)
}

/// Waits until everything sent is answered, within a limit.
async fn drain(writers: &[Writer], limit: Duration) {
    let began = Instant::now();
    let open = || writers.iter().any(|writer| !writer.scheduled.lock().expect("nothing panics under this lock").is_empty());
    while open() && began.elapsed() < limit {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
