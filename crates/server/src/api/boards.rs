//! Public screens: the boards there are, and a websocket for each. No sign-in; nothing here can reach a terminal or a key.

use crate::answer::No;
use crate::api::ops::SocketKind;
use crate::api::socket::{close_with, deliver};
use crate::app::Shared;
use crate::board::Board;
use crate::front::Wish;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wire::board::BoardSummary;
use wire::terminal::close;

/// A screen is pinged this often, so that one that is gone does not keep its place.
const PING_EVERY: Duration = Duration::from_secs(30);

/// Routes of screens.
pub fn router() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(socket))
}

/// The boards there are.
#[utoipa::path(get, path = "/api/v1/boards", tag = "public", responses((status = 200, body = Vec<BoardSummary>)))]
async fn list(State(app): State<Shared>) -> Json<Vec<BoardSummary>> {
    Json(app.boards.list())
}

/// A board's websocket: a snapshot, then deltas.
#[utoipa::path(get, path = "/api/v1/boards/{board}/ws", tag = "public", params(("board" = String, Path, description = "id of the board")),
    responses((status = 101, description = "websocket; frames as in docs/protocol.md"), (status = 404, body = wire::RefusalBody)))]
async fn socket(
    State(app): State<Shared>,
    Path(board): Path<String>,
    wish: Option<Extension<Wish>>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, No> {
    let board = app.boards.get(&board).ok_or(No::NotFound("board"))?;
    let place = app.sockets.open(SocketKind::Screen).ok_or(No::Busy)?;
    if let Some(Extension(wish)) = wish {
        wish.view();
    }
    let stopping = app.stopping.clone();
    let upgrade = upgrade.read_buffer_size(1024).write_buffer_size(0).max_write_buffer_size(8 * 1024 * 1024);
    // The limit of a message is looked at when its frames are in memory, the limit of a frame before.
    let upgrade = upgrade.max_message_size(1024).max_frame_size(1024);
    Ok(upgrade.on_upgrade(move |socket| async move {
        let _place = place;
        show(socket, board, stopping).await;
    }))
}

async fn show(mut socket: WebSocket, board: Arc<Board>, stopping: CancellationToken) {
    let mut frames = board.subscribe();
    if !send(&mut socket, board.snapshot()).await {
        return;
    }
    let mut ping = tokio::time::interval(PING_EVERY);
    ping.reset();
    loop {
        tokio::select! {
            () = stopping.cancelled() => return close_with(&mut socket, close::GOING_AWAY).await,
            frame = frames.recv() => match frame {
                Ok(frame) => {
                    if !send(&mut socket, frame).await {
                        return;
                    }
                }
                // Too slow for the queue: the newest state instead, from a new place in it.
                Err(RecvError::Lagged(_)) => {
                    frames = board.subscribe();
                    if !send(&mut socket, board.snapshot()).await {
                        return;
                    }
                }
                Err(RecvError::Closed) => return close_with(&mut socket, close::GOING_AWAY).await,
            },
            _ = ping.tick() => {
                if !deliver(&mut socket, Message::Ping(Default::default())).await {
                    return;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                // A screen has nothing to say.
                Some(Ok(Message::Text(_) | Message::Binary(_))) => return close_with(&mut socket, close::BAD_FRAME).await,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
            },
        }
    }
}

async fn send(socket: &mut WebSocket, frame: Utf8Bytes) -> bool {
    deliver(socket, Message::Text(frame)).await
}
