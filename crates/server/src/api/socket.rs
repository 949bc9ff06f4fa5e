//! What all websockets share: how long a frame may take, and how one says goodbye.

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use std::time::Duration;

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
