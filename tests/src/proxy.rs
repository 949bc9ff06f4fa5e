//! A bad network between terminals and server, from a seed: lines that stall in one or both directions, go deaf, are cut, come back, and deliver
//! what was sent on a dead line after a new one was opened; frames that are delayed, doubled and reordered.
//!
//! It ends the terminal's websocket and opens one of its own to the server, so that it sees frames. Nothing is lost on a line that goes on
//! living, because nothing is on TCP: a direction that has lost a frame loses all after it, and its line is cut when the weather clears.

use anyhow::{Context, Result};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, accept_hdr_async, client_async};

/// Frames held back in one direction of a line; beyond that nothing more is read, as with a full socket buffer.
const HELD_MAX: usize = 256;
/// A handshake takes no longer than this.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// What a dead line still carries to the server arrives within this.
const LINGER_MS_MAX: u64 = 400;

/// What happens to one direction of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Way {
    /// Nothing arrives; what is sent piles up.
    pub stalled: bool,
    /// Everything is lost, unnoticed by the sender. The line ends when that ends.
    pub deaf: bool,
    /// Each frame takes up to so long.
    pub delay_ms: u64,
    /// Share of the frames that come twice.
    pub doubled: f64,
    /// Share of the frames that overtake the one before.
    pub reordered: f64,
}

/// What happens to lines.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weather {
    /// From the terminal to the server.
    pub up: Way,
    /// Back.
    pub down: Way,
    /// Share of the lines it meets; the others have fair weather.
    pub share: f64,
    /// The lines it meets are cut when it begins.
    pub cuts: bool,
    /// New lines do not come up.
    pub closed: bool,
    /// Share of the lines it meets that do not outlive it, as where something on the way has forgotten them.
    pub forgotten: f64,
}

impl Weather {
    /// Nothing happens.
    pub fn fair() -> Weather {
        Weather::default()
    }

    /// Everything arrives, but late, twice, and in another order.
    pub fn rough(rng: &mut SmallRng) -> Weather {
        let mut weather = Weather { share: [0.5, 1.0][rng.random_range(0..2)], ..Weather::default() };
        for way in [&mut weather.up, &mut weather.down] {
            way.delay_ms = [0, 20, 150][rng.random_range(0..3)];
            way.doubled = [0.05, 0.3][rng.random_range(0..2)];
            way.reordered = [0.05, 0.3][rng.random_range(0..2)];
        }
        weather
    }

    /// A partition: rough, and in one direction or both nothing arrives.
    pub fn bad(rng: &mut SmallRng) -> Weather {
        let mut weather = Weather { forgotten: [0.0, 0.3, 1.0][rng.random_range(0..3)], ..Weather::rough(rng) };
        let (up, down) = (&mut weather.up, &mut weather.down);
        match rng.random_range(0..7) {
            0 => (up.stalled, down.stalled) = (true, true),
            1 => up.stalled = true,
            2 => down.stalled = true,
            3 => up.deaf = true,
            4 => down.deaf = true,
            5 => (up.deaf, down.deaf) = (true, true),
            _ => (weather.cuts, weather.closed) = (true, true),
        }
        weather
    }
}

/// What it did, all lines together.
#[derive(Debug, Default)]
pub struct Harm {
    /// Lines that were cut.
    pub cut: AtomicU64,
    /// Frames that were lost.
    pub lost: AtomicU64,
    /// Frames that came twice.
    pub doubled: AtomicU64,
    /// Frames that overtook another one.
    pub reordered: AtomicU64,
    /// Frames that arrived from a line whose terminal had gone.
    pub belated: AtomicU64,
}

impl Harm {
    /// In words.
    pub fn told(&self) -> String {
        format!(
            "{} lines cut, frames: {} lost, {} doubled, {} reordered, {} from dead lines",
            self.cut.load(Relaxed),
            self.lost.load(Relaxed),
            self.doubled.load(Relaxed),
            self.reordered.load(Relaxed),
            self.belated.load(Relaxed)
        )
    }
}

/// Counts the weathers, so that a line sees every one of them.
type Forecast = (u64, Weather);

/// A running proxy; it ends when it is dropped.
pub struct Proxy {
    /// Where terminals connect: `host:port`.
    pub address: String,
    /// What it did so far.
    pub harm: Arc<Harm>,
    weather: watch::Sender<Forecast>,
    _lines: JoinSet<()>,
}

impl Proxy {
    /// Listens, and carries to `server` (`host:port`).
    pub async fn start(server: &str, seed: u64) -> Result<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address: SocketAddr = listener.local_addr()?;
        let (weather, forecast) = watch::channel((0, Weather::fair()));
        let harm = Arc::new(Harm::default());
        let mut lines = JoinSet::new();
        lines.spawn(accept(listener, server.to_owned(), seed, forecast, Arc::clone(&harm)));
        Ok(Proxy { address: address.to_string(), harm, weather, _lines: lines })
    }

    /// From now on.
    pub fn change(&self, weather: Weather) {
        self.weather.send_modify(|(number, now)| {
            *number += 1;
            *now = weather;
        });
    }
}

async fn accept(listener: TcpListener, server: String, seed: u64, forecast: watch::Receiver<Forecast>, harm: Arc<Harm>) {
    let mut lines = JoinSet::new();
    for number in 0_u64.. {
        let Ok((terminal, _)) = listener.accept().await else { return };
        let (server, forecast, harm) = (server.clone(), forecast.clone(), Arc::clone(&harm));
        lines.spawn(async move {
            let rng = SmallRng::seed_from_u64(seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            let _ = line(terminal, &server, rng, forecast, &harm).await;
        });
        while lines.try_join_next().is_some() {}
    }
}

type Socket = WebSocketStream<TcpStream>;

/// Opens both sides of a line.
#[expect(clippy::result_large_err, reason = "the type that the handshake asks for")]
async fn open(terminal: TcpStream, server: &str) -> Result<(Socket, Socket)> {
    let mut cookie = HeaderValue::from_static("");
    let take = |request: &Request, response: Response| {
        cookie = request.headers().get("cookie").cloned().unwrap_or(HeaderValue::from_static(""));
        Ok(response)
    };
    terminal.set_nodelay(true)?;
    let terminal = accept_hdr_async(terminal, take).await?;
    let mut request = format!("ws://{server}/api/v1/terminal/ws").into_client_request()?;
    request.headers_mut().insert("cookie", cookie);
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let (server, _) = client_async(request, stream).await?;
    Ok((terminal, server))
}

async fn line(terminal: TcpStream, server: &str, mut rng: SmallRng, mut forecast: watch::Receiver<Forecast>, harm: &Harm) -> Result<()> {
    // Where new lines do not come up, the terminal waits as it would for a server that does not answer.
    forecast.wait_for(|(_, weather)| !weather.closed).await?;
    let (terminal, server) = tokio::time::timeout(HANDSHAKE, open(terminal, server)).await.context("a slow handshake")??;
    let ((to_terminal, from_terminal), (to_server, from_server)) = (terminal.split(), server.split());
    let mut up = Carrier::new(from_terminal, to_server, SmallRng::seed_from_u64(rng.random()), harm);
    let mut down = Carrier::new(from_server, to_terminal, SmallRng::seed_from_u64(rng.random()), harm);
    let mut forgotten = false;
    loop {
        let (_, weather) = *forecast.borrow_and_update();
        let met = rng.random_bool(weather.share);
        let (up_way, down_way) = if met { (weather.up, weather.down) } else { Default::default() };
        let lost = (up.lost && !up_way.deaf) || (down.lost && !down_way.deaf);
        if lost || forgotten || (met && weather.cuts) {
            harm.cut.fetch_add(1, Relaxed);
            break;
        }
        forgotten = met && rng.random_bool(weather.forgotten);
        let alive = tokio::select! {
            alive = up.carry(up_way) => alive,
            alive = down.carry(down_way) => alive,
            changed = forecast.changed() => { changed?; true },
        };
        if !alive {
            break;
        }
    }
    drop(down);
    if !up.lost && rng.random_bool(0.5) {
        up.outlive(Duration::from_millis(rng.random_range(0..LINGER_MS_MAX))).await;
    }
    Ok(())
}

/// One direction of a line.
struct Carrier<'a> {
    from: SplitStream<Socket>,
    to: SplitSink<Socket, Message>,
    held: VecDeque<(Instant, Message)>,
    rng: SmallRng,
    lost: bool,
    harm: &'a Harm,
}

impl<'a> Carrier<'a> {
    fn new(from: SplitStream<Socket>, to: SplitSink<Socket, Message>, rng: SmallRng, harm: &'a Harm) -> Carrier<'a> {
        Carrier { from, to, held: VecDeque::new(), rng, lost: false, harm }
    }

    /// Carries frames until this side ends (false); may be dropped at any point and called again with another way.
    async fn carry(&mut self, way: Way) -> bool {
        loop {
            let due = self.held.front().map(|(due, _)| *due).filter(|_| !way.stalled);
            let wake = async {
                match due {
                    Some(due) => tokio::time::sleep_until(due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = wake => {
                    // Taken out first: a frame whose sending is interrupted is lost with its line, never doubled.
                    let Some((_, message)) = self.held.pop_front() else { continue };
                    self.lost = true;
                    if self.to.send(message).await.is_err() {
                        return false;
                    }
                    self.lost = false;
                }
                message = self.from.next(), if self.held.len() < HELD_MAX => match message {
                    Some(Ok(message @ (Message::Text(_) | Message::Close(_)))) => self.take(message, way),
                    // Each side has its own pings.
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return false,
                },
            }
        }
    }

    fn take(&mut self, message: Message, way: Way) {
        if way.deaf || self.lost {
            self.lost = true;
            self.harm.lost.fetch_add(1, Relaxed);
            return;
        }
        let delay = Duration::from_millis(if way.delay_ms > 0 { self.rng.random_range(0..way.delay_ms) } else { 0 });
        // On one line frames keep their order, unless they are made to lose it.
        let due = self.held.back().map_or(Instant::now() + delay, |(last, _)| (*last).max(Instant::now() + delay));
        let plain = may_be_moved(&message);
        if plain && self.rng.random_bool(way.doubled) {
            self.harm.doubled.fetch_add(1, Relaxed);
            self.held.push_back((due, message.clone()));
        }
        self.held.push_back((due, message));
        let last = self.held.len() - 1;
        if plain && last > 0 && may_be_moved(&self.held[last - 1].1) && self.rng.random_bool(way.reordered) {
            self.harm.reordered.fetch_add(1, Relaxed);
            self.held.swap(last - 1, last);
        }
    }

    /// The sender has gone; what it sent before arrives all the same, beside its next line.
    async fn outlive(self, wait: Duration) {
        let Carrier { from, mut to, held, harm, .. } = self;
        drop(from);
        tokio::time::sleep(wait).await;
        for (_, message) in held {
            if to.send(message).await.is_err() {
                return;
            }
            harm.belated.fetch_add(1, Relaxed);
        }
    }
}

/// Only answers and what is said of them: a greeting has its place, and a page that hears an old welcome again shows old answers.
fn may_be_moved(message: &Message) -> bool {
    let Message::Text(text) = message else { return false };
    ["\"answer\"", "\"late_answer\"", "\"saved\"", "\"late\"", "\"refused\""]
        .iter()
        .any(|kind| text.starts_with(&format!("{{\"t\":{kind}")))
}
