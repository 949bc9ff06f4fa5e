//! A public screen that waits for something.

use anyhow::{Context, Result, bail};
use futures_util::StreamExt;
use std::collections::HashSet;
use tokio_tungstenite::tungstenite::Message;
use wire::board::{BoardFrame, BoardKind, BoardState, BoardSummary};

/// Watches the stage's board until it shows the end of so many people, ranked; answers when that was, Unix time in microseconds.
pub async fn all_ended(base: String, people: u32) -> Result<i64> {
    let boards: Vec<BoardSummary> =
        reqwest::Client::builder().no_proxy().build()?.get(format!("{base}/api/v1/boards")).send().await?.json().await?;
    let stage = boards.into_iter().find(|board| board.kind == BoardKind::Stage && board.candidates >= people);
    let stage = stage.context("no board has everybody")?;
    let address = base.strip_prefix("http://").context("plain HTTP only")?;
    let stream = tokio::net::TcpStream::connect(address).await?;
    let request = format!("ws://{address}/api/v1/boards/{}/ws", stage.id);
    let (mut socket, _) = tokio_tungstenite::client_async(request, stream).await?;
    let mut ended = HashSet::new();
    while let Some(message) = socket.next().await {
        let Message::Text(text) = message? else { continue };
        let rows = match serde_json::from_str(&text)? {
            BoardFrame::Snapshot(snapshot) => snapshot.rows,
            BoardFrame::Delta(delta) => delta.rows,
        };
        let now = crate::worker::unix_us();
        ended.extend(rows.iter().filter(|row| row.state == BoardState::Ended && row.rank > 0).map(|row| row.id));
        if ended.len() >= people as usize {
            return Ok(now);
        }
    }
    bail!("the board's line was lost")
}
