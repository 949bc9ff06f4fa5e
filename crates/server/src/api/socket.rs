//! What all websockets share: how long a frame may take, and how one says goodbye.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::SinkExt;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, tungstenite};

/// A reader that does not take a frame within this is disconnected; it comes back for the newest state.
pub const SEND_WITHIN: Duration = Duration::from_secs(10);

/// Sends a message; false when the reader is gone or too slow.
pub async fn deliver(socket: &mut WebSocket, message: Message) -> bool {
    matches!(tokio::time::timeout(SEND_WITHIN, socket.send(message)).await, Ok(Ok(())))
}

/// Says why and closes; a browser reads the code where it could not read a status.
pub async fn close_with(socket: &mut WebSocket, code: u16) {
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static("") };
    deliver(socket, Message::Close(Some(frame))).await;
}

/// The websocket of a terminal: the library's own, without axum's around it, so that what lies below can be reached.
pub type TerminalSocket = WebSocketStream<TokioIo<Upgraded>>;

/// A request that wants to become a [`TerminalSocket`].
pub struct TerminalUpgrade {
    on_upgrade: OnUpgrade,
    accept: HeaderValue,
}

impl<S: Send + Sync> FromRequestParts<S> for TerminalUpgrade {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let on_upgrade = parts.extensions.get::<OnUpgrade>().cloned();
        let accept = parts.headers.get(header::SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()));
        // Whether it is a websocket's request at all, axum knows.
        let _is_one = WebSocketUpgrade::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let accept = accept.and_then(|accept| HeaderValue::try_from(accept).ok());
        let (Some(on_upgrade), Some(accept)) = (on_upgrade, accept) else { return Err(StatusCode::BAD_REQUEST.into_response()) };
        Ok(TerminalUpgrade { on_upgrade, accept })
    }
}

impl TerminalUpgrade {
    /// Answers the request, and goes on with the socket when the answer is out.
    pub fn then<Work: Future<Output = ()> + Send + 'static>(
        self,
        config: WebSocketConfig,
        work: impl FnOnce(TerminalSocket) -> Work + Send + 'static,
    ) -> Response {
        let on_upgrade = self.on_upgrade;
        tokio::spawn(async move {
            // Otherwise it went away before it had the answer.
            if let Ok(upgraded) = on_upgrade.await {
                work(WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await).await;
            }
        });
        let headers = [
            (header::CONNECTION, HeaderValue::from_static("upgrade")),
            (header::UPGRADE, HeaderValue::from_static("websocket")),
            (header::SEC_WEBSOCKET_ACCEPT, self.accept),
        ];
        (StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response()
    }
}

/// Sends a long text past the socket's buffer, which would keep its size for as long as the socket lives: a paper is ten times what a terminal's
/// session needs otherwise. None: the socket is gone.
pub async fn send_long<S: AsyncRead + AsyncWrite + Unpin>(socket: &mut WebSocketStream<S>, text: &str) -> Option<()> {
    // Whatever is in the buffer goes first, whole.
    socket.flush().await.ok()?;
    let stream = socket.get_mut();
    let (head, length) = head_of_text(text.len());
    stream.write_all(&head[..length]).await.ok()?;
    stream.write_all(text.as_bytes()).await.ok()?;
    stream.flush().await.ok()
}

/// The head of an unmasked text frame in one piece (RFC 6455, 5.2), and how long it is.
fn head_of_text(bytes: usize) -> ([u8; 10], usize) {
    const TEXT_AND_LAST: u8 = 0x81;
    let mut head = [0; 10];
    head[0] = TEXT_AND_LAST;
    let length = match bytes {
        0..=125 => {
            head[1] = bytes as u8;
            2
        }
        126..=0xffff => {
            head[1] = 126;
            head[2..4].copy_from_slice(&(bytes as u16).to_be_bytes());
            4
        }
        _ => {
            head[1] = 127;
            head[2..10].copy_from_slice(&(bytes as u64).to_be_bytes());
            10
        }
    };
    (head, length)
}

/// Says why and closes a terminal's socket.
pub async fn close_terminal(socket: &mut TerminalSocket, code: u16) {
    let frame = tungstenite::protocol::CloseFrame { code: code.into(), reason: tungstenite::Utf8Bytes::from_static("") };
    let _ = tokio::time::timeout(SEND_WITHIN, socket.send(tungstenite::Message::Close(Some(frame)))).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt;

    #[tokio::test]
    async fn long_texts_arrive_whole_between_others() {
        let (near, far) = tokio::io::duplex(1024);
        let mut client = WebSocketStream::from_raw_socket(far, Role::Client, None).await;
        let sizes = [0, 1, 125, 126, 65_535, 65_536, 200_000];
        let sending = tokio::spawn(async move {
            let config = WebSocketConfig::default().read_buffer_size(1024).write_buffer_size(0);
            let mut socket = WebSocketStream::from_raw_socket(near, Role::Server, Some(config)).await;
            for size in sizes {
                socket.feed(tungstenite::Message::text("before")).await.expect("the client reads");
                send_long(&mut socket, &"x".repeat(size)).await.expect("the client reads");
            }
            socket
        });
        for size in sizes {
            for expected in ["before".len(), size] {
                let message = client.next().await.expect("a message").expect("a whole one");
                assert_eq!(message.into_text().expect("text").len(), expected);
            }
        }
        sending.await.expect("no panic");
    }
}
