//! One websocket of a session: opening it, and saying something without waiting.

use crate::orders::Target;
use crate::tls::Trust;
use anyhow::{Context as _, Result, bail};
use futures_util::{Sink, Stream};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tokio_util::either::Either;

/// A handshake takes no longer, or it failed.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(20);

/// Where lines go.
pub struct Server {
    address: SocketAddr,
    host: String,
    path: &'static str,
    secure: Option<Trust>,
}

impl Server {
    /// Understands a target; only loopback addresses are one.
    pub fn new(target: &Target) -> Result<Server> {
        let (secure, host) = match (target.base.strip_prefix("http://"), target.base.strip_prefix("https://")) {
            (Some(host), _) => (None, host),
            (None, Some(host)) => {
                let authority = target.authority.as_ref().context("the authority of an https server must be named")?;
                (Some(Trust::read(authority)?), host)
            }
            (None, None) => bail!("{} is neither http:// nor https://", target.base),
        };
        let host = host.trim_end_matches('/').to_owned();
        let address: SocketAddr = host.parse().with_context(|| format!("{host} is not an address and a port"))?;
        if !address.ip().is_loopback() {
            bail!("{address} is not on this machine; only ever load a server of your own");
        }
        let path = if target.echo { "/ws" } else { "/api/v1/terminal/ws" };
        Ok(Server { address, host, path, secure })
    }

    /// Opens a line from a source address.
    pub async fn open(&self, source: Ipv4Addr, cookie: &str) -> Result<Line> {
        tokio::time::timeout(HANDSHAKE_WITHIN, self.handshake(source, cookie)).await.context("no handshake within 20 s")?
    }

    async fn handshake(&self, source: Ipv4Addr, cookie: &str) -> Result<Line> {
        let socket = TcpSocket::new_v4()?;
        // Closed with a reset: tens of thousands of ports in TIME_WAIT would be missing in the next run.
        socket.set_zero_linger()?;
        socket.bind(SocketAddr::new(IpAddr::V4(source), 0)).context("a source address")?;
        let stream = socket.connect(self.address).await.context("the server's address")?;
        stream.set_nodelay(true)?;
        let mut request = format!("ws://{}{}", self.host, self.path).into_client_request()?;
        let cookie = if self.secure.is_some() { format!("__Host-{cookie}") } else { cookie.to_owned() };
        request.headers_mut().insert("cookie", HeaderValue::from_str(&cookie)?);
        let stream = match &self.secure {
            None => Either::Left(stream),
            Some(secure) => Either::Right(secure.connect(self.address, stream).await?),
        };
        // The default buffers cost 128 KiB a socket and most of the time of a message.
        let config = WebSocketConfig::default().read_buffer_size(2048).write_buffer_size(0);
        let (socket, _) = client_async_with_config(request, stream, Some(config)).await.context("the websocket")?;
        Ok(Line { socket, stuck: false })
    }
}

/// An open websocket.
pub struct Line {
    socket: WebSocketStream<Either<TcpStream, TlsStream<TcpStream>>>,
    stuck: bool,
}

impl Line {
    /// Says something. What the system does not take at once goes out with whatever is said or heard next; an error shows when something is heard.
    pub fn say(&mut self, text: String) {
        let mut context = Context::from_waker(Waker::noop());
        let mut socket = Pin::new(&mut self.socket);
        let _ = socket.as_mut().poll_ready(&mut context);
        let _ = socket.as_mut().start_send(Message::Text(Utf8Bytes::from(text)));
        self.stuck = socket.as_mut().poll_flush(&mut context).is_pending();
    }

    /// Hears something; also pushes on what could not be said.
    pub fn hear(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Message, Error>>> {
        if self.stuck {
            self.stuck = Pin::new(&mut self.socket).poll_flush(context).is_pending();
        }
        Pin::new(&mut self.socket).poll_next(context)
    }

    /// Could something not be said yet?
    pub fn stuck(&self) -> bool {
        self.stuck
    }
}
