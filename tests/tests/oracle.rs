//! The public board must not tell whether one answer was right: change an answer, watch the score jump, keep what scored better.

use anyhow::{Context, Result, bail};
use futures_util::StreamExt;
use loadtest::sitting::{open, seat_people, start};
use loadtest::terminal::{Reply, Terminal};
use std::time::Duration;
use tests::{People, Plan, Server, set_up};
use tokio_tungstenite::tungstenite::Message;
use wire::board::{BoardFrame, BoardRow};
use wire::terminal::{PaperFrame, TerminalFrame, TerminalNews};

type Screen = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn screen(server: &Server, board: &str) -> Result<Screen> {
    let address = server.base.replace("http://", "ws://");
    Ok(tokio_tungstenite::connect_async(format!("{address}/api/v1/boards/{board}/ws")).await?.0)
}

/// The candidate's row in everything that arrives until the board was quiet for a second.
async fn row_after_quiet(screen: &mut Screen, number: &str, mut last: Option<BoardRow>) -> Result<(Option<BoardRow>, u32)> {
    let mut moves = 0;
    while let Ok(Some(message)) = tokio::time::timeout(Duration::from_secs(1), screen.next()).await {
        let Message::Text(text) = message? else { continue };
        let rows = match serde_json::from_str(&text)? {
            BoardFrame::Snapshot(snapshot) => snapshot.rows,
            BoardFrame::Delta(delta) => delta.rows,
        };
        if let Some(row) = rows.into_iter().find(|row| row.number == number) {
            let before = last.as_ref().map(|row| (row.total_milli, row.answered, row.marks_milli.clone()));
            if before.is_some_and(|before| before != (row.total_milli, row.answered, row.marks_milli.clone())) {
                moves += 1;
            }
            last = Some(row);
        }
    }
    Ok((last, moves))
}

struct Candidate {
    terminal: Terminal,
    paper: PaperFrame,
    seq: u32,
}

impl Candidate {
    async fn answer(&mut self, position: u16, nth_choice: usize) -> Result<()> {
        let item = &self.paper.items[usize::from(position)];
        let choices = vec![item.choices[nth_choice % item.choices.len()].id];
        let frame = TerminalFrame::Answer { seq: self.seq, position, item: item.item.clone(), choices };
        let reply = self.terminal.ask(&frame, self.seq, |_| ()).await?;
        self.seq += 1;
        if reply != Reply::Saved {
            bail!("answer at {position}: {reply:?}");
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_board_is_no_oracle() -> Result<()> {
    let mut server = Server::start().await?;
    let people = People::new(&server).await?;
    let exam = set_up(&people, &Plan { candidates: 3, ..Plan::default() }).await?;
    open(&people.proctor, &exam.sitting).await?;
    let seated = seat_people(&people.registrar, &server.base, &exam.sitting.id, 1, |_| ()).await?.remove(0);
    start(&people.proctor, &exam.sitting.id).await?;
    let mut terminal = seated.connect("oracle", None).await?;
    let (mut seq, mut paper) = (1, None);
    while !matches!(terminal.hear().await?, Ok(TerminalNews::Welcome(_))) {}
    for frame in [TerminalFrame::Consent { seq: 1 }, TerminalFrame::Start { seq: 2 }] {
        terminal
            .ask(&frame, seq, |news| {
                if let TerminalNews::Paper(frame) = news {
                    paper = Some(*frame);
                }
            })
            .await?;
        seq += 1;
    }
    while paper.is_none() {
        if let Ok(TerminalNews::Paper(frame)) = terminal.hear().await? {
            paper = Some(*frame);
        }
    }
    let mut candidate = Candidate { terminal, paper: paper.context("a paper")?, seq };
    let number = seated.session.participant_no.clone();

    let mut board = screen(&server, &exam.sitting.id).await?;
    let (row, _) = row_after_quiet(&mut board, &number, None).await?;
    assert_eq!(row.as_ref().map(|row| (row.total_milli, row.answered)), Some((0, 0)));

    // Every choice of one item, one after another: a whole key for the asking, if the board told.
    for choice in 0..5 {
        candidate.answer(0, choice).await?;
    }
    for position in 1..4 {
        candidate.answer(position, 0).await?;
    }
    let (row, moves) = row_after_quiet(&mut board, &number, row).await?;
    assert_eq!(moves, 0, "four answered items, one of them changed four times, move nothing");

    candidate.answer(4, 0).await?;
    let (row, moves) = row_after_quiet(&mut board, &number, row).await?;
    assert_eq!(moves, 1, "the fifth newly answered item moves the row once");
    assert_eq!(row.as_ref().map(|row| row.answered), Some(5));

    for round in 1..6 {
        for position in 0..5 {
            candidate.answer(position, round).await?;
        }
    }
    let (_, moves) = row_after_quiet(&mut board, &number, row).await?;
    assert_eq!(moves, 0, "changing answered items tells nothing until five new ones are answered");
    assert!(server.stop().await?);
    Ok(())
}
