//! `slow`: people who do not read, or do not speak, while others save. What does it cost those who do, and what does the server do with the others?
//!
//! Everything here is raw TCP: a client that is slow on purpose must not be helped by a library that reads ahead.

use crate::beside::{self, RESIDENT, Saves, Saving, Watch};
use crate::report::{Check, Figure, RunReport};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use wire::PROTOCOL_VERSION;
use wire::terminal::TerminalFrame;

/// Most sockets of each kind.
pub const SOCKETS_MAX: usize = 500;
/// Bytes that a reader who does not read has room for: little, so that the server soon notices.
const ROOM_BYTES: u32 = 4 * 1024;
/// A byte of a head comes so often.
const BYTE_EVERY: Duration = Duration::from_secs(1);
/// A terminal that does not read asks so much at once, so often.
const ASKED_AT_ONCE: u32 = 200;
const ASKS_EVERY: Duration = Duration::from_millis(100);
/// In the end a reader takes what is left, for so long.
const LEFT_OVER: Duration = Duration::from_secs(5);

/// The command line.
#[derive(clap::Args)]
pub struct Arguments {
    /// Saves per second of all of them
    #[arg(long, default_value_t = 2_000)]
    per_s: u64,
    /// Screens that never read, at most 500
    #[arg(long, default_value_t = 250)]
    stalled_screens: usize,
    /// Further candidates whose terminals ask and never read, at most 500
    #[arg(long, default_value_t = 5)]
    stalled_terminals: usize,
    /// Sockets that send the head of a request byte by byte, or nothing, half of each, at most 500
    #[arg(long, default_value_t = 500)]
    slowloris: usize,
    /// Websockets of terminals that say nothing, at most 500
    #[arg(long, default_value_t = 100)]
    half_open: usize,
    /// Seconds without the slow ones, and as many with them
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// The slow ones are watched for so many seconds in all
    #[arg(long, default_value_t = 60)]
    watched_s: u64,
}

impl Arguments {
    /// People beside those who save: one for each terminal that never reads, and one for all that say nothing.
    pub fn slow_ones(&self) -> usize {
        self.stalled_terminals + usize::from(self.half_open > 0)
    }
}

/// How somebody is slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    StalledScreen,
    StalledTerminal,
    ByteByByte,
    Silent,
    HalfOpen,
}

impl Kind {
    const ALL: [Kind; 5] = [Kind::StalledScreen, Kind::StalledTerminal, Kind::ByteByByte, Kind::Silent, Kind::HalfOpen];

    fn words(self) -> &'static str {
        match self {
            Kind::StalledScreen => "stalled_screens",
            Kind::StalledTerminal => "stalled_terminals",
            Kind::ByteByByte => "byte_by_byte",
            Kind::Silent => "silent_sockets",
            Kind::HalfOpen => "half_open_terminals",
        }
    }
}

/// What became of one of them.
struct Fate {
    kind: Kind,
    /// Seconds until the server ended it, as far as its own side can tell; none if it never did while it was watched.
    ended_s: Option<f64>,
    /// How: "close 4004", "status 408", "closed".
    how: String,
}

/// Runs the scenario with sessions that save; the slow terminals speak with the cookies of `slow_ones`, as many as [`Arguments::slow_ones`].
pub async fn run(server: &str, board: &str, asked: &Arguments, slow_ones: &[String], savers: &mut impl Saving) -> Result<RunReport> {
    let counts = [asked.stalled_screens, asked.stalled_terminals, asked.slowloris, asked.half_open];
    ensure!(counts.iter().all(|count| *count <= SOCKETS_MAX), "at most {SOCKETS_MAX} of each kind");
    let mut report = beside::report("slow", "people who do not read or do not speak beside people who save");
    let began = Instant::now();
    let duration = Duration::from_secs(asked.seconds);
    savers.save(asked.per_s.min(1_000), Duration::from_secs(1)).await?;
    let before = savers.save(asked.per_s, duration).await?;

    let watch = Watch::begin(server);
    let (stop, stopping) = watch::channel(false);
    let mut slow = JoinSet::new();
    let connected = connect_all(server, board, asked, slow_ones, &stopping, &mut slow).await?;
    let during = savers.save(asked.per_s, duration).await?;
    tokio::time::sleep(Duration::from_secs_f64((asked.watched_s as f64 - watch.now_s()).max(0.0))).await;
    stop.send(true).context("all slow ones have ended before they were told")?;
    let mut fates = Vec::new();
    while let Some(fate) = slow.join_next().await {
        fates.push(fate?);
    }
    let watched = watch.end(server).await?;
    report.seconds = began.elapsed().as_secs_f64();

    report.figures.extend(before.figures("without"));
    report.figures.extend(during.figures("with"));
    let ratio = during.ack_ms_p99 / before.ack_ms_p99.max(0.001);
    report
        .figures
        .push(Figure { note: "ack p99 with the slow ones over that without".into(), ..Figure::new("slow_ack_p99_ratio", ratio, "") });
    let (first, last, most) = watched.first_last_most(RESIDENT);
    report.figures.push(Figure::new("server_mb_growth", (last - first) / 1e6, "MB"));
    report.figures.push(Figure::new("server_mb_growth_most", (most - first) / 1e6, "MB"));
    for kind in Kind::ALL {
        report.figures.extend(figures_of(kind, connected.get(&kind).copied().unwrap_or(0), &fates));
    }
    for (name, growth) in watched.growth("saksama_sockets_dropped_total") {
        report.figures.push(Figure::new(&name, growth, ""));
    }
    report.series.push(watched.series(RESIDENT, "server memory", "MB", 1e6));
    for kind in ["terminal", "screen"] {
        let name = format!("saksama_sockets_open{{kind=\"{kind}\"}}");
        report.series.push(watched.series(&name, &format!("open {kind}s"), "", 1.0));
    }
    report.checks.push(undisturbed(&during));
    report.checks.push(sent_away(&fates));
    Ok(report)
}

/// Who saves is served.
fn undisturbed(during: &Saves) -> Check {
    let detail = format!("{} sent, {} acknowledged, {} refused", during.sent, during.acked, during.refused);
    Check { name: "every save beside the slow ones is acknowledged".into(), ok: during.acked == during.sent, detail }
}

/// Who never finishes a head, or never says hello, loses the place.
fn sent_away(fates: &[Fate]) -> Check {
    let must = |kind| matches!(kind, Kind::ByteByByte | Kind::Silent | Kind::HalfOpen);
    let (ended, kept): (Vec<&Fate>, Vec<&Fate>) = fates.iter().filter(|fate| must(fate.kind)).partition(|fate| fate.ended_s.is_some());
    Check {
        name: "who connects and does not ask is sent away".into(),
        ok: kept.is_empty(),
        detail: format!("{} were, {} keep their place", ended.len(), kept.len()),
    }
}

/// How many of a kind the server ended, when, and how.
fn figures_of(kind: Kind, connected: usize, fates: &[Fate]) -> Vec<Figure> {
    let of_kind = || fates.iter().filter(|fate| fate.kind == kind);
    let mut ended: Vec<f64> = of_kind().filter_map(|fate| fate.ended_s).collect();
    ended.sort_by(f64::total_cmp);
    let mut how: BTreeMap<&str, u32> = BTreeMap::new();
    of_kind().for_each(|fate| *how.entry(fate.how.as_str()).or_default() += 1);
    let name = kind.words();
    let note = how.iter().map(|(how, count)| format!("{count} {how}")).collect::<Vec<_>>().join(", ");
    let mut figures =
        vec![Figure::new(name, connected as f64, ""), Figure { note, ..Figure::new(&format!("{name}_ended"), ended.len() as f64, "") }];
    if let (Some(median), Some(last)) = (ended.get(ended.len() / 2), ended.last()) {
        figures.push(Figure::new(&format!("{name}_ended_s_p50"), *median, "s"));
        figures.push(Figure::new(&format!("{name}_ended_s_max"), *last, "s"));
    }
    figures
}

type Stopping = watch::Receiver<bool>;

/// Connects all of them; says how many of each kind there are.
async fn connect_all(
    server: &str,
    board: &str,
    asked: &Arguments,
    slow_ones: &[String],
    stopping: &Stopping,
    slow: &mut JoinSet<Fate>,
) -> Result<BTreeMap<Kind, usize>> {
    let address = server.trim_end_matches('/').strip_prefix("http://").context("the load tester speaks plain HTTP, to loopback")?;
    let address: SocketAddr = address.parse().context("the server's address must be numbers, e.g. http://127.0.0.1:8080")?;
    for _ in 0..asked.stalled_screens {
        let stream = upgraded(address, &format!("/api/v1/boards/{board}/ws"), "", Some(ROOM_BYTES)).await?;
        slow.spawn(never_read(Kind::StalledScreen, stream, None, stopping.clone()));
    }
    let mut terminals = slow_ones.iter();
    for terminal in terminals.by_ref().take(asked.stalled_terminals) {
        let stream = upgraded(address, TERMINAL, terminal, Some(ROOM_BYTES)).await?;
        slow.spawn(never_read(Kind::StalledTerminal, stream, Some(3), stopping.clone()));
    }
    if let Some(terminal) = terminals.next() {
        for _ in 0..asked.half_open {
            let stream = upgraded(address, TERMINAL, terminal, None).await?;
            slow.spawn(wait_for_the_end(Kind::HalfOpen, stream, &[], stopping.clone()));
        }
    }
    for index in 0..asked.slowloris {
        let stream = TcpStream::connect(address).await?;
        let (kind, bytes): (_, &[u8]) = if index % 2 == 0 { (Kind::ByteByByte, HEAD) } else { (Kind::Silent, &[]) };
        slow.spawn(wait_for_the_end(kind, stream, bytes, stopping.clone()));
    }
    Ok(BTreeMap::from([
        (Kind::StalledScreen, asked.stalled_screens),
        (Kind::StalledTerminal, asked.stalled_terminals.min(slow_ones.len())),
        (Kind::ByteByByte, asked.slowloris.div_ceil(2)),
        (Kind::Silent, asked.slowloris / 2),
        (Kind::HalfOpen, asked.half_open),
    ]))
}

const TERMINAL: &str = "/api/v1/terminal/ws";
/// A head that takes minutes at a byte a second.
const HEAD: &[u8] = b"GET /papan HTTP/1.1\r\nhost: saksama\r\nuser-agent: a machine on a line that is slower than anybody would have thought\r\naccept: */*\r\n\
cookie: this-is-a-long-one=0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789\r\n";

/// A websocket by hand.
async fn upgraded(address: SocketAddr, path: &str, cookie: &str, room_bytes: Option<u32>) -> Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if let Some(bytes) = room_bytes {
        socket.set_recv_buffer_size(bytes)?;
    }
    let mut stream = socket.connect(address).await?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
         sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\ncookie: {cookie}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    // To the end of the head and no further: what follows is not read.
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.context("the answer to an upgrade")?);
    }
    if !head.starts_with(b"HTTP/1.1 101") {
        bail!("{path} was not upgraded: {}", String::from_utf8_lossy(&head).lines().next().unwrap_or_default());
    }
    Ok(stream)
}

/// A text frame of a client, under a mask of zeros.
fn frame(text: &str) -> Vec<u8> {
    let mut bytes = vec![0x81];
    match text.len() {
        length @ 0..126 => bytes.push(0x80 | length as u8),
        length => {
            bytes.push(0x80 | 126);
            bytes.extend((length as u16).to_be_bytes());
        }
    }
    bytes.extend([0; 4]);
    bytes.extend(text.as_bytes());
    bytes
}

fn say(frame_: &TerminalFrame) -> Vec<u8> {
    frame(&serde_json::to_string(frame_).unwrap_or_default())
}

/// Says hello, consents and starts when it is a terminal, asks and asks, and reads nothing until the end; `seq` is the next number of its commands.
async fn never_read(kind: Kind, mut stream: TcpStream, seq: Option<u32>, mut stopping: Stopping) -> Fate {
    let began = Instant::now();
    let asking = async {
        let Some(mut seq) = seq else { return std::future::pending().await };
        let hello = TerminalFrame::Hello { version: PROTOCOL_VERSION, instance: "slow".into(), have_paper: None };
        let mut bytes = [say(&hello), say(&TerminalFrame::Consent { seq: 1 }), say(&TerminalFrame::Start { seq: 2 })].concat();
        loop {
            if stream.write_all(&bytes).await.is_err() {
                return began.elapsed().as_secs_f64();
            }
            tokio::time::sleep(ASKS_EVERY).await;
            bytes.clear();
            // Nothing stands there: a refusal each, and nothing in the journal.
            for _ in 0..ASKED_AT_ONCE {
                bytes.extend(say(&TerminalFrame::View { seq, position: u16::MAX }));
                seq += 1;
            }
        }
    };
    let noticed_s = tokio::select! {
        at_s = asking => Some(at_s),
        _ = stopping.wait_for(|stop| *stop) => None,
    };
    // Behind what was not read stands how it ended, if it did.
    let mut words = Words::default();
    let ended = tokio::time::timeout(LEFT_OVER, words.read_to_the_end(&mut stream)).await.is_ok();
    let how = if ended || noticed_s.is_some() { words.how() } else { "still open".to_owned() };
    Fate { kind, ended_s: noticed_s.or(ended.then(|| began.elapsed().as_secs_f64())), how }
}

/// Sends bytes slowly, or none, and waits until the server ends it.
async fn wait_for_the_end(kind: Kind, mut stream: TcpStream, bytes: &'static [u8], mut stopping: Stopping) -> Fate {
    let began = Instant::now();
    let (mut from, mut to) = stream.split();
    let sending = async {
        for byte in bytes {
            if to.write_all(std::slice::from_ref(byte)).await.is_err() {
                break;
            }
            tokio::time::sleep(BYTE_EVERY).await;
        }
        std::future::pending::<()>().await;
    };
    let mut words = Words::default();
    tokio::select! {
        () = sending => unreachable!("it never ends"),
        () = words.read_to_the_end(&mut from) => Fate { kind, ended_s: Some(began.elapsed().as_secs_f64()), how: words.how() },
        _ = stopping.wait_for(|stop| *stop) => Fate { kind, ended_s: None, how: "still open".to_owned() },
    }
}

/// What a server said in the end: frames of a websocket, or an answer of HTTP.
#[derive(Default)]
struct Words {
    bytes: Vec<u8>,
    /// Bytes of the open frame that are not yet there.
    skip: u64,
    frames: u64,
    close: Option<u16>,
}

impl Words {
    /// Reads until the other side ends; only the heads of frames are kept.
    async fn read_to_the_end(&mut self, from: &mut (impl AsyncReadExt + Unpin)) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer).await {
            self.take(&buffer[..count]);
        }
    }

    fn take(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let skipped = self.skip.min(bytes.len() as u64);
            bytes = &bytes[skipped as usize..];
            self.skip -= skipped;
            let Some((&first, rest)) = bytes.split_first() else { return };
            self.bytes.push(first);
            bytes = rest;
            self.frame();
        }
    }

    /// Takes a frame's head, or the whole of a close frame, when it is there.
    fn frame(&mut self) {
        let [opcode, length, rest @ ..] = &self.bytes[..] else { return };
        if opcode & 0x80 == 0 {
            // No frame: an answer of HTTP, of which the first line is enough.
            return;
        }
        let (length, code) = match (length & 0x7f, rest) {
            (126, [high, low, code @ ..]) => (u64::from(u16::from_be_bytes([*high, *low])), code),
            (127, [a, b, c, d, e, f, g, h, code @ ..]) => (u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h]), code),
            (short @ 0..126, code) => (u64::from(short), code),
            _ => return,
        };
        if opcode & 0x0f == 8 && length >= 2 {
            let [high, low, ..] = code else { return };
            self.close = Some(u16::from_be_bytes([*high, *low]));
            self.skip = length - 2;
        } else {
            self.skip = length;
        }
        self.frames += 1;
        self.bytes.clear();
    }

    fn how(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        match (self.close, text.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3))) {
            (Some(code), _) => format!("close {code}"),
            (None, Some(status)) => format!("status {status}"),
            (None, None) => "cut".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_it_ended_stands_behind_what_was_not_read() {
        let long = [&[0x81, 126, 0x01, 0x00][..], &[b'x'; 256][..]].concat();
        let stream = [&[0x81, 2, b'h', b'i'][..], &long, &[0x89, 0][..], &[0x88, 2, 0x0f, 0xa4][..]].concat();
        for piece in [1, 3, 7, 1_000] {
            let mut words = Words::default();
            stream.chunks(piece).for_each(|bytes| words.take(bytes));
            assert_eq!((words.how(), words.frames), ("close 4004".to_owned(), 4), "in pieces of {piece}");
        }
    }

    #[test]
    fn an_answer_of_http_and_a_cut() {
        let mut words = Words::default();
        words.take(b"HTTP/1.1 408 Request Timeout\r\n\r\n");
        assert_eq!(words.how(), "status 408");
        assert_eq!(Words::default().how(), "cut");
    }

    #[test]
    fn who_keeps_a_place_without_asking_fails_the_run() {
        let fate = |kind, ended_s| Fate { kind, ended_s, how: "cut".into() };
        assert!(sent_away(&[fate(Kind::Silent, Some(15.0)), fate(Kind::StalledScreen, None)]).ok);
        assert!(!sent_away(&[fate(Kind::Silent, Some(15.0)), fate(Kind::ByteByByte, None)]).ok);
    }
}
