//! Live ranking on public screens: `/api/v1/boards/{board}/ws`, snapshot plus deltas stamped (epoch, position).
//!
//! The server sends what a screen may show and nothing else: no answers, no item-level marks, and never a word of passing. A gap in
//! `position` means: wait for the next snapshot, which the server sends by itself.

use crate::Id;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// `GET /api/v1/boards`: the boards there are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct BoardSummary {
    /// Id of the board: of a sitting, or of a stage for the whole selection.
    pub id: Id,
    /// What it covers.
    pub kind: BoardKind,
    /// Title, e.g. the sitting's code and hall, or the selection's title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Number of candidates on it.
    pub candidates: u32,
}

/// What a board covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BoardKind {
    /// One sitting.
    Sitting,
    /// One stage of a selection, grouped by formation.
    Stage,
}

/// What a screen receives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum BoardFrame {
    /// Everything, on connecting and whenever the viewer lagged.
    Snapshot(BoardSnapshot),
    /// Rows that changed since `position - 1`.
    Delta(BoardDelta),
}

/// The whole board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardSnapshot {
    /// Changes when the server restarts; positions of different epochs cannot be compared.
    pub epoch: u32,
    /// Number of the last delta contained.
    pub position: u32,
    /// What it covers.
    pub kind: BoardKind,
    /// Title.
    pub title: String,
    /// Subtitle.
    pub subtitle: String,
    /// Section titles, in the order of `marks_milli`.
    pub sections: Vec<BoardSection>,
    /// Formations, in the order of `BoardRow::formation`.
    pub formations: Vec<String>,
    /// True while the board is frozen before the end.
    pub frozen: bool,
    /// How scores are revealed, a sentence for the audience.
    pub reveal: String,
    /// All rows, in no particular order.
    pub rows: Vec<BoardRow>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardSection {
    /// Section code.
    pub code: String,
    /// Title shown.
    pub title: String,
}

/// Changed rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardDelta {
    /// Same as in the snapshot.
    pub epoch: u32,
    /// One more than the frame before.
    pub position: u32,
    /// True while frozen.
    pub frozen: bool,
    /// Rows that are new or changed.
    pub rows: Vec<BoardRow>,
}

/// One candidate on a screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BoardRow {
    /// Opaque id of the row, stable within the epoch.
    pub id: u32,
    /// Participant number, or masked, by policy.
    pub number: String,
    /// Name, initials or nothing, by policy.
    pub name: String,
    /// Index into `formations`.
    pub formation: u16,
    /// Revealed marks per section, thousandths.
    pub marks_milli: Vec<i64>,
    /// Revealed total, thousandths.
    pub total_milli: i64,
    /// Standing: compare element by element, higher first; equal standings share a rank. Total first, then the blueprint's tie order.
    pub standing: Vec<i64>,
    /// Rank on this board (for a stage: within the formation), as ranked by the server when the row was sent; `0` before the start. A screen recomputes ranks from `standing`.
    pub rank: u32,
    /// Answered items (revealed with the marks).
    pub answered: u16,
    /// Items on the paper.
    pub items: u16,
    /// `waiting`, `running`, `paused`, `ended` or `absent`.
    pub state: BoardState,
}

/// What a screen says of a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BoardState {
    /// Not started.
    Waiting,
    /// Answering.
    Running,
    /// Clock stopped.
    Paused,
    /// Over.
    Ended,
    /// Not come, or refused at the desk.
    Absent,
}
