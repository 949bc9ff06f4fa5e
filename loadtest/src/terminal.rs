//! One terminal: sign-in over HTTP, then the websocket.

use anyhow::{Context, Result, bail};
use futures_util::{SinkExt, StreamExt};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use wire::PROTOCOL_VERSION;
use wire::terminal::{SignIn, TerminalFrame, TerminalNews, TerminalSession};

/// No answer within this ends a run.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// Who sits here, and the cookie that says so.
#[derive(Clone, Debug)]
pub struct Seated {
    /// The answer to the sign-in.
    pub session: TerminalSession,
    /// The terminal's cookie.
    pub cookie: String,
    base: String,
}

/// Signs in with number and PIN.
pub async fn sign_in(client: &reqwest::Client, base: &str, participant_no: &str, pin: &str) -> Result<Seated> {
    let base = base.trim_end_matches('/').to_owned();
    let body = SignIn { participant_no: participant_no.to_owned(), pin: pin.to_owned() };
    let response = client.post(format!("{base}/api/v1/terminal/sign-in")).header("x-saksama", "1").json(&body).send().await?;
    let status = response.status();
    let cookie = response.headers().get("set-cookie").and_then(|cookie| cookie.to_str().ok()).and_then(|cookie| cookie.split(';').next());
    let cookie = cookie.unwrap_or_default().to_owned();
    let text = response.text().await?;
    if !status.is_success() {
        bail!("sign-in of {participant_no}: {status} {text}");
    }
    Ok(Seated { session: serde_json::from_str(&text)?, cookie, base })
}

/// Somebody who signed in earlier, by the cookie of then.
pub async fn signed_in(client: &reqwest::Client, base: &str, cookie: &str) -> Result<Seated> {
    let base = base.trim_end_matches('/').to_owned();
    let response = client.get(format!("{base}/api/v1/terminal/session")).header("cookie", cookie).send().await?.error_for_status()?;
    Ok(Seated { session: response.json().await?, cookie: cookie.to_owned(), base })
}

/// A live terminal.
pub struct Terminal {
    socket: WebSocketStream<TcpStream>,
}

impl Seated {
    /// Opens the websocket and says hello; the next news is `welcome`.
    pub async fn connect(&self, instance: &str, have_paper: Option<String>) -> Result<Terminal> {
        let address = self.base.strip_prefix("http://").context("the load tester speaks plain HTTP, to loopback")?;
        let mut request = format!("ws://{address}/api/v1/terminal/ws").into_client_request()?;
        request.headers_mut().insert("cookie", HeaderValue::from_str(&self.cookie)?);
        let stream = TcpStream::connect(address).await.context("the server's address")?;
        stream.set_nodelay(true)?;
        // The default buffers cost 128 KiB a socket and most of the time of a message.
        let config = WebSocketConfig::default().read_buffer_size(4096).write_buffer_size(0);
        let (socket, _) = client_async_with_config(request, stream, Some(config)).await.context("the websocket")?;
        let mut terminal = Terminal { socket };
        terminal.say(&TerminalFrame::Hello { version: PROTOCOL_VERSION, instance: instance.to_owned(), have_paper }).await?;
        Ok(terminal)
    }
}

impl Terminal {
    /// Sends a frame.
    pub async fn say(&mut self, frame: &TerminalFrame) -> Result<()> {
        let text = serde_json::to_string(frame)?;
        self.socket.send(Message::Text(Utf8Bytes::from(text))).await.context("the terminal's socket")
    }

    /// The next news; pings are answered on the way. None when the server closed, with its code.
    pub async fn hear(&mut self) -> Result<Result<TerminalNews, u16>> {
        loop {
            let message = tokio::time::timeout(ANSWER_WITHIN, self.socket.next()).await.context("no word from the server for 30 s")?;
            match message {
                Some(Ok(Message::Text(text))) => {
                    return Ok(Ok(serde_json::from_str(&text).with_context(|| format!("an unknown frame: {text:.200}"))?));
                }
                Some(Ok(Message::Close(frame))) => return Ok(Err(frame.map_or(1005, |frame| frame.code.into()))),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_) | Message::Frame(_))) => {}
                Some(Err(error)) => return Err(error).context("the terminal's socket"),
                None => return Ok(Err(1006)),
            }
        }
    }

    /// Splits into what is said and what is heard, for open-loop runs.
    pub fn into_socket(self) -> WebSocketStream<TcpStream> {
        self.socket
    }

    /// Sends a frame with a number and waits for its answer; other news on the way is given to `other`.
    pub async fn ask(&mut self, frame: &TerminalFrame, seq: u32, mut other: impl FnMut(TerminalNews)) -> Result<Reply> {
        self.say(frame).await?;
        loop {
            match self.hear().await? {
                Ok(TerminalNews::Saved { seq: of }) if of == seq => return Ok(Reply::Saved),
                Ok(TerminalNews::Late { seq: of }) if of == seq => return Ok(Reply::Late),
                Ok(TerminalNews::Refused { seq: of, code, retry_after_ms }) if of == seq => {
                    return Ok(Reply::Refused { code, retry_after_ms });
                }
                Ok(news) => other(news),
                Err(code) => return Ok(Reply::Closed(code)),
            }
        }
    }
}

/// What a numbered frame came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Durable.
    Saved,
    /// Kept as late evidence.
    Late,
    /// Not done.
    Refused {
        /// Why.
        code: String,
        /// With `busy`: when to come again, milliseconds.
        retry_after_ms: Option<u32>,
    },
    /// The server closed the socket first.
    Closed(u16),
}
