//! From the start of the program to the moment it is of use: empty, and with millions of records.

use crate::archive::{self, Size};
use crate::child::{self, Server};
use crate::figures::Figures;
use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use std::path::Path;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::{WebSocketStream, client_async};
use wire::PROTOCOL_VERSION;
use wire::terminal::{TerminalFrame, TerminalNews};

/// Longer than this is not a restart.
const WITHIN: Duration = Duration::from_secs(120);
/// Starts that are measured; the figure is the median.
const STARTS: usize = 5;

/// An empty directory: from exec until the server says that it listens.
pub fn cold(dir: &Path, figures: &mut Figures) -> Result<()> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let data = tempfile::tempdir_in(dir)?;
        let server = Server::start(&mut child::serve(data.path())?, WITHIN)?;
        times.push(server.listening_after.as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    figures.noted("cold_start_ms", times[STARTS / 2], "ms", &format!("empty directory, exec to `Listening on`, median of {STARTS}"));
    Ok(())
}

/// A directory of this size: from exec until an answer is acknowledged as durable.
pub fn full(cache: &Path, size: Size, figures: &mut Figures) -> Result<()> {
    let (dir, archive) = archive::kept(cache, size)?;
    archive::touch(&dir, &archive)?;
    let server = Server::start(&mut child::serve(&dir)?, WITHIN)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let saved = async { tokio::time::timeout(WITHIN, save_once(&server.address, &archive.cookie)).await };
    runtime.block_on(saved).context("no save was accepted")??;
    let first_save = server.began.elapsed().as_secs_f64();
    let rss_mb = crate::process::rss_kb(server.pid())? / 1_024.0;
    let what = format!("{} records, {} sittings, {} running sessions", archive.records, archive.sittings, archive.size.live);
    figures.noted("restart_listening_s", server.listening_after.as_secs_f64(), "s", &format!("{what}; files in the page cache"));
    figures.noted("restart_first_save_s", first_save, "s", "from exec to the first accepted save");
    figures.noted("restart_rss_mb", rss_mb, "MB", "resident memory of the server then");
    Ok(())
}

/// Comes back as a terminal does, and saves one answer.
async fn save_once(address: &str, cookie: &str) -> Result<()> {
    let mut request = format!("ws://{address}/api/v1/terminal/ws").into_client_request()?;
    request.headers_mut().insert("cookie", HeaderValue::from_str(cookie)?);
    let stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let (mut socket, _) = client_async(request, stream).await.context("the terminal's websocket")?;
    say(&mut socket, &TerminalFrame::Hello { version: PROTOCOL_VERSION, instance: "bench".to_owned(), have_paper: None }).await?;
    let (mut next_seq, mut asked) = (None, None);
    loop {
        match hear(&mut socket).await? {
            TerminalNews::Welcome(welcome) => next_seq = Some(welcome.next_seq),
            // The page shows the paper before anybody can answer.
            TerminalNews::Paper(paper) => {
                let (seq, item) = (next_seq.context("the paper came before the welcome")?, paper.items.first().context("an item")?);
                let choices = item.choices.iter().map(|choice| choice.id).take(1).collect();
                say(&mut socket, &TerminalFrame::Answer { seq, position: 0, item: item.item.clone(), choices }).await?;
                asked = Some(seq);
            }
            TerminalNews::Saved { seq } if Some(seq) == asked => return Ok(()),
            TerminalNews::Refused { code, .. } => bail!("the save was refused: {code}"),
            _ => {}
        }
    }
}

type Socket = WebSocketStream<TcpStream>;

async fn say(socket: &mut Socket, frame: &TerminalFrame) -> Result<()> {
    Ok(socket.send(Message::text(serde_json::to_string(frame)?)).await?)
}

async fn hear(socket: &mut Socket) -> Result<TerminalNews> {
    loop {
        match socket.next().await.context("the server hung up")?? {
            Message::Text(text) => return Ok(serde_json::from_str(&text)?),
            Message::Close(frame) => bail!("the server closed: {frame:?}"),
            _ => {}
        }
    }
}
