//! Live rankings for public screens: what a screen may show, kept up to date row by row and encoded once for all viewers.
//!
//! A hall pushes rows when the reveal policy lets them move; four times a second each board that changed becomes one frame. A viewer that
//! cannot keep up gets the newest snapshot instead of a queue. Everything here can be thrown away: it is rebuilt from the sittings' states.

use crate::hall::{Facts, Person};
use crate::pressure::{Level, Pressure};
use crate::random;
use axum::extract::ws::Utf8Bytes;
use exam_session::event::{Event, SessionEvent};
use exam_session::record::Record;
use exam_session::session::{Attendance, Phase, Session};
use exam_session::sitting::{Sitting, SittingPhase};
use question_bank::id::{SessionId, SittingId, StageId};
use scoring::ranking::Ranking;
use scoring::reveal::{Reveal, Revealed};
use scoring::scheme::{Standing, tally};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::time::Instant;
use wire::board::{BoardDelta, BoardFrame, BoardKind, BoardRow, BoardSection, BoardSnapshot, BoardState, BoardSummary};
use wire::roster::{NamePolicy, RevealPolicy};

/// Boards look this often whether they may send; they send at most one frame per tick of the [level](Level::board_tick).
pub const TICK: Duration = Level::Calm.board_tick();
/// Frames a viewer may lag behind before it gets a snapshot.
const LAG_FRAMES_MAX: usize = 32;

/// All boards of this node; cheap to clone.
#[derive(Clone)]
pub struct Boards {
    inner: Arc<Inner>,
}

struct Inner {
    /// Tells the positions of this process from those of an earlier one.
    epoch: u32,
    pressure: Pressure,
    /// Guards the registry only.
    boards: RwLock<BTreeMap<String, Arc<Board>>>,
}

/// One board.
pub struct Board {
    id: String,
    kind: BoardKind,
    epoch: u32,
    /// What halls moved since the last tick. Held to put in or to take out, so that no hall waits for a board that is being encoded.
    moved: Mutex<Moved>,
    data: Mutex<BoardData>,
    frames: broadcast::Sender<Utf8Bytes>,
}

struct BoardData {
    kind: BoardKind,
    title: String,
    subtitle: String,
    reveal: String,
    sections: Vec<BoardSection>,
    formations: Vec<String>,
    /// Row ids are indexes; a row is gone when its sitting was set up anew.
    rows: Vec<Option<Row>>,
    rankings: Vec<Ranking<u32>>,
    dirty: BTreeSet<u32>,
    all_dirty: bool,
    frozen: BTreeSet<SittingId>,
    position: u32,
    /// The snapshot as encoded for `position`.
    snapshot: Option<Utf8Bytes>,
}

/// What halls moved, at most one entry per row and sitting.
#[derive(Default)]
struct Moved {
    marks: BTreeMap<u32, Marks>,
    states: BTreeMap<u32, BoardState>,
    frozen: BTreeMap<SittingId, bool>,
}

/// Where a row moves.
#[derive(Clone)]
struct Marks {
    standing: Standing,
    parts: Vec<i64>,
    marks_milli: Vec<i64>,
    total_milli: i64,
    answered: u16,
}

struct Row {
    sitting: SittingId,
    shown: BoardRow,
}

impl Default for Boards {
    fn default() -> Self {
        Boards::new(Pressure::default())
    }
}

impl Boards {
    /// No boards yet; their frames become seldom under pressure.
    pub fn new(pressure: Pressure) -> Self {
        let epoch = u32::from_be_bytes(random::bytes());
        Boards { inner: Arc::new(Inner { epoch, pressure, boards: RwLock::new(BTreeMap::new()) }) }
    }

    /// Sends frames until the process ends.
    pub async fn run(self) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut sent: Option<Instant> = None;
        loop {
            let now = tick.tick().await;
            // Half a tick of grace: ticks are not exact.
            if sent.is_some_and(|sent| now - sent + TICK / 2 < self.inner.pressure.level().board_tick()) {
                continue;
            }
            sent = Some(now);
            for board in self.all() {
                board.send_changes();
            }
        }
    }

    /// The pressure that slows them.
    pub fn pressure(&self) -> &Pressure {
        &self.inner.pressure
    }

    /// Frames that the slowest screen of all boards has not taken yet.
    pub fn lag_max(&self) -> usize {
        self.all().iter().map(|board| board.lag()).max().unwrap_or(0)
    }

    fn all(&self) -> Vec<Arc<Board>> {
        self.inner.boards.read().expect("the registry's lock is not poisoned").values().cloned().collect()
    }

    /// One board.
    pub fn get(&self, id: &str) -> Option<Arc<Board>> {
        self.inner.boards.read().expect("the registry's lock is not poisoned").get(id).cloned()
    }

    /// All boards with people on them: stages first.
    pub fn list(&self) -> Vec<BoardSummary> {
        let mut list: Vec<BoardSummary> = self.all().iter().map(|board| board.summary()).filter(|board| board.candidates > 0).collect();
        list.sort_by_key(|board| (board.kind == BoardKind::Sitting, board.title.clone()));
        list
    }

    fn open(&self, id: String, kind: BoardKind) -> Arc<Board> {
        let mut boards = self.inner.boards.write().expect("the registry's lock is not poisoned");
        let epoch = self.inner.epoch;
        Arc::clone(boards.entry(id.clone()).or_insert_with(|| Arc::new(Board::new(id, kind, epoch))))
    }
}

impl Board {
    fn new(id: String, kind: BoardKind, epoch: u32) -> Self {
        let data = BoardData {
            kind,
            title: String::new(),
            subtitle: String::new(),
            reveal: String::new(),
            sections: Vec::new(),
            formations: Vec::new(),
            rows: Vec::new(),
            rankings: Vec::new(),
            dirty: BTreeSet::new(),
            all_dirty: false,
            frozen: BTreeSet::new(),
            position: 0,
            snapshot: None,
        };
        Board { id, kind, epoch, moved: Mutex::default(), data: Mutex::new(data), frames: broadcast::channel(LAG_FRAMES_MAX).0 }
    }

    fn data(&self) -> std::sync::MutexGuard<'_, BoardData> {
        self.data.lock().expect("the board's lock is not poisoned")
    }

    fn moved(&self) -> std::sync::MutexGuard<'_, Moved> {
        self.moved.lock().expect("the lock of what moved is not poisoned: nothing in it can panic")
    }

    fn summary(&self) -> BoardSummary {
        let data = self.data();
        BoardSummary {
            id: self.id.clone(),
            kind: self.kind,
            title: data.title.clone(),
            subtitle: data.subtitle.clone(),
            candidates: data.rows.iter().flatten().count() as u32,
        }
    }

    /// Frames that the slowest screen has not taken yet.
    fn lag(&self) -> usize {
        self.frames.len()
    }

    /// Frames from now on. Subscribe before taking the snapshot; deltas at or below its position are already in it.
    pub fn subscribe(&self) -> broadcast::Receiver<Utf8Bytes> {
        self.frames.subscribe()
    }

    /// The whole board, encoded once per position.
    pub fn snapshot(&self) -> Utf8Bytes {
        let mut data = self.data();
        if let Some(snapshot) = &data.snapshot {
            return snapshot.clone();
        }
        let frame = BoardFrame::Snapshot(BoardSnapshot {
            epoch: self.epoch,
            position: data.position,
            kind: self.kind,
            title: data.title.clone(),
            subtitle: data.subtitle.clone(),
            sections: data.sections.clone(),
            formations: data.formations.clone(),
            frozen: !data.frozen.is_empty(),
            reveal: data.reveal.clone(),
            rows: (0..data.rows.len() as u32).filter_map(|row| data.ranked(row)).collect(),
        });
        let encoded = encode(&frame);
        data.snapshot = Some(encoded.clone());
        encoded
    }

    fn send_changes(&self) {
        let moved = std::mem::take(&mut *self.moved());
        let mut data = self.data();
        data.take_in(moved);
        if data.dirty.is_empty() && !data.all_dirty {
            return;
        }
        data.position += 1;
        data.snapshot = None;
        let dirty = std::mem::take(&mut data.dirty);
        if std::mem::take(&mut data.all_dirty) {
            drop(data);
            let _ = self.frames.send(self.snapshot());
            return;
        }
        let frame = BoardFrame::Delta(BoardDelta {
            epoch: self.epoch,
            position: data.position,
            frozen: !data.frozen.is_empty(),
            rows: dirty.into_iter().filter_map(|row| data.ranked(row)).collect(),
        });
        drop(data);
        if self.frames.receiver_count() > 0 {
            let _ = self.frames.send(encode(&frame));
        }
    }

    /// Takes the rows of a sitting off, for instance before it is set up anew.
    fn clear(&self, sitting: SittingId) {
        let mut data = self.data();
        for row in 0..data.rows.len() {
            if data.rows[row].as_ref().is_some_and(|shown| shown.sitting == sitting) {
                data.rows[row] = None;
                data.rankings.iter_mut().for_each(|ranking| ranking.remove(row as u32));
                data.all_dirty = true;
            }
        }
        data.frozen.remove(&sitting);
        self.moved().frozen.remove(&sitting);
    }

    /// Puts people of a sitting on; gives each its row.
    fn enlist(&self, facts: &Facts, people: &[(&Person, BoardRow)]) -> Vec<u32> {
        let mut data = self.data();
        data.title = if self.kind == BoardKind::Sitting { format!("Sesi {}", facts.code) } else { facts.selection_title.clone() };
        data.subtitle = if self.kind == BoardKind::Sitting {
            format!("{} · {}", facts.hall_title, facts.selection_title)
        } else {
            facts.stage_title.clone()
        };
        data.reveal = reveal_sentence(facts.selection_policy.reveal);
        for person in people.iter().map(|(person, _)| person) {
            if let Some(paper) = &person.paper
                && paper.sections.len() >= data.sections.len()
            {
                data.sections = paper
                    .sections
                    .iter()
                    .map(|section| BoardSection { code: section.code.clone(), title: section.title.clone() })
                    .collect();
            }
        }
        data.all_dirty = true;
        people.iter().map(|(person, row)| data.add(facts.sitting, person, row.clone())).collect()
    }
}

/// A stage ranks each formation by itself, a sitting everybody together.
fn ranking_of(kind: BoardKind, row: &BoardRow) -> usize {
    if kind == BoardKind::Stage { usize::from(row.formation) } else { 0 }
}

impl BoardData {
    /// What halls moved is what screens see next.
    fn take_in(&mut self, moved: Moved) {
        for (row, state) in moved.states {
            let Some(Some(found)) = self.rows.get_mut(row as usize) else { continue };
            found.shown.state = state;
            self.dirty.insert(row);
        }
        for (row, marks) in moved.marks {
            let Some(Some(Row { shown, .. })) = self.rows.get_mut(row as usize) else { continue };
            shown.marks_milli = marks.marks_milli;
            shown.total_milli = marks.total_milli;
            shown.standing = marks.parts;
            shown.answered = marks.answered;
            let ranking = ranking_of(self.kind, shown);
            self.ranking(ranking).set(row, marks.standing);
            self.dirty.insert(row);
        }
        for (sitting, frozen) in moved.frozen {
            let changed = if frozen { self.frozen.insert(sitting) } else { self.frozen.remove(&sitting) };
            self.all_dirty |= changed;
        }
    }

    fn add(&mut self, sitting: SittingId, person: &Person, mut row: BoardRow) -> u32 {
        let formation = self.formations.iter().position(|title| *title == person.formation_title).unwrap_or_else(|| {
            self.formations.push(person.formation_title.clone());
            self.formations.len() - 1
        });
        let id = self.rows.len() as u32;
        row.id = id;
        row.formation = formation as u16;
        if self.kind == BoardKind::Stage {
            self.ranking(formation);
        }
        self.rows.push(Some(Row { sitting, shown: row }));
        id
    }

    fn ranking(&mut self, index: usize) -> &mut Ranking<u32> {
        while self.rankings.len() <= index {
            self.rankings.push(Ranking::new(0));
        }
        &mut self.rankings[index]
    }

    fn ranked(&self, row: u32) -> Option<BoardRow> {
        let shown = &self.rows.get(row as usize)?.as_ref()?.shown;
        let rank = self.rankings.get(ranking_of(self.kind, shown)).and_then(|ranking| ranking.rank(row)).unwrap_or(0);
        Some(BoardRow { rank, ..shown.clone() })
    }
}

fn encode(frame: &BoardFrame) -> Utf8Bytes {
    serde_json::to_string(frame).map_or_else(|_| Utf8Bytes::from_static("{}"), Utf8Bytes::from)
}

fn reveal_sentence(policy: RevealPolicy) -> String {
    match policy {
        RevealPolicy::EveryAnswered { items } => format!("Nilai bergerak setiap {items} soal baru dijawab."),
        RevealPolicy::Interval { seconds } => format!("Nilai diperbarui setiap {seconds} detik."),
        RevealPolicy::AtEnd => "Nilai ditampilkan setelah peserta selesai.".to_owned(),
    }
}

/// A name as the public may see it.
pub fn public_name(policy: NamePolicy, name: &str) -> String {
    match policy {
        NamePolicy::Full => name.to_owned(),
        NamePolicy::Initials => {
            let initials = name.split_whitespace().filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()));
            initials.map(|letter| format!("{}.", letter.to_uppercase())).collect::<Vec<_>>().join(" ")
        }
        NamePolicy::None => String::new(),
    }
}

/// A hall's side of its boards: which rows are its own, and when they may move.
pub struct SittingBoard {
    boards: [Arc<Board>; 2],
    pressure: Pressure,
    rows: HashMap<SessionId, [u32; 2]>,
    /// What the rows show already.
    states: HashMap<SessionId, BoardState>,
    revealed: HashMap<SessionId, Revealed>,
    /// Rows that wait for the end of a freeze.
    frozen: BTreeSet<SessionId>,
    /// What the boards say about that.
    shown_frozen: bool,
}

impl SittingBoard {
    /// Puts a sitting on its own board and on its stage's, as it stands.
    pub fn new(facts: &Arc<Facts>, sitting: &Sitting, boards: Boards, mono_ms: u64) -> Self {
        let pressure = boards.pressure().clone();
        let boards = [boards.open(facts.sitting.to_string(), BoardKind::Sitting), boards.open(stage_board(facts.stage), BoardKind::Stage)];
        let people: Vec<(&Person, BoardRow)> =
            facts.people.iter().filter(|person| person.paper.is_some()).map(|person| (person, empty_row(facts, person))).collect();
        let rows = boards.each_ref().map(|board| {
            board.clear(facts.sitting);
            board.enlist(facts, &people)
        });
        let rows = people.iter().enumerate().map(|(index, (person, _))| (person.session, [rows[0][index], rows[1][index]])).collect();
        let mut board = SittingBoard {
            boards,
            pressure,
            rows,
            states: HashMap::new(),
            revealed: HashMap::new(),
            frozen: BTreeSet::new(),
            shown_frozen: false,
        };
        for (id, session) in sitting.sessions() {
            board.remember(facts, id, session);
            board.show_state(id, session);
            if board.shown_on_load(facts, sitting, session, mono_ms) {
                board.reveal(facts, id, session);
            } else if session.phase().ended() {
                board.frozen.insert(id);
            }
        }
        board
    }

    /// A row stands at its marks of this moment, unless the policy shows marks at the end only or a freeze lies over it.
    fn shown_on_load(&self, facts: &Facts, sitting: &Sitting, session: &Session, mono_ms: u64) -> bool {
        let freeze_ms = u64::from(facts.selection_policy.freeze_before_end_s) * 1000;
        let closed = sitting.head().phase == SittingPhase::Closed;
        if freeze_ms > 0 && !closed && session.remaining_ms(sitting.head(), mono_ms) < freeze_ms {
            return false;
        }
        session.phase().ended() || facts.reveal() != Reveal::AtEnd
    }

    /// After a restart what is answered counts as shown: the row stands at the marks of this moment and moves on from there.
    fn remember(&mut self, facts: &Facts, id: SessionId, session: &Session) {
        let revealed = self.revealed.entry(id).or_default();
        for (position, slot) in (0..).zip(session.slots()).filter(|(_, slot)| !slot.choices.is_empty()) {
            revealed.answered(facts.reveal(), position, slot.choices, 0);
        }
    }

    /// Records are durable: rows move where the policy says so.
    pub fn applied(&mut self, facts: &Facts, sitting: &Sitting, records: &[Record], touched: &[u32], head_changed: bool, now_ms: u64) {
        if let Some(record) = records.first() {
            self.pressure.waited(Duration::from_millis(now_ms.saturating_sub(record.at.mono_ms)));
        }
        let mut moving = BTreeSet::new();
        for (id, event) in records.iter().flat_map(|record| &record.events).filter_map(session_event) {
            match event {
                SessionEvent::Answered { position, choices, .. } => {
                    if self.revealed.entry(id).or_default().answered(facts.reveal(), *position, *choices, now_ms) {
                        moving.insert(id);
                    }
                }
                SessionEvent::Started | SessionEvent::Submitted | SessionEvent::Expired | SessionEvent::Terminated { .. } => {
                    moving.insert(id);
                }
                // Of a session that goes on it is seen with the next move, like every other answer.
                SessionEvent::LateAdmitted { .. } => {
                    if sitting.session(id).is_some_and(|session| session.phase().ended()) {
                        moving.insert(id);
                    }
                }
                SessionEvent::Prepared { .. }
                | SessionEvent::CheckedIn { .. }
                | SessionEvent::AttendanceNoted { .. }
                | SessionEvent::SignedIn { .. }
                | SessionEvent::Consented
                | SessionEvent::Viewed { .. }
                | SessionEvent::Flagged { .. }
                | SessionEvent::SectionClosed { .. }
                | SessionEvent::Paused { .. }
                | SessionEvent::Resumed
                | SessionEvent::TimeGranted { .. }
                | SessionEvent::Moved { .. }
                | SessionEvent::AnsweredLate { .. } => {}
            }
        }
        for (id, session) in touched.iter().filter_map(|&index| sitting.session_at(index)) {
            self.show_state(id, session);
        }
        if head_changed {
            for (id, session) in sitting.sessions() {
                self.show_state(id, session);
            }
        }
        self.move_rows(facts, sitting, moving, now_ms);
    }

    /// Time has passed.
    pub fn tick(&mut self, facts: &Facts, sitting: &Sitting, now_ms: u64) {
        let policy = facts.reveal();
        let due: BTreeSet<SessionId> =
            self.revealed.iter_mut().filter_map(|(id, revealed)| revealed.tick(policy, now_ms).then_some(*id)).collect();
        if !due.is_empty() || !self.frozen.is_empty() {
            self.move_rows(facts, sitting, due, now_ms);
        }
    }

    fn move_rows(&mut self, facts: &Facts, sitting: &Sitting, moving: BTreeSet<SessionId>, now_ms: u64) {
        let freeze_ms = u64::from(facts.selection_policy.freeze_before_end_s) * 1000;
        let closed = sitting.head().phase == SittingPhase::Closed;
        let waiting = std::mem::take(&mut self.frozen);
        for id in moving.into_iter().chain(waiting).collect::<BTreeSet<_>>() {
            let Some(session) = sitting.session(id) else { continue };
            let near_end = freeze_ms > 0 && session.remaining_ms(sitting.head(), now_ms) < freeze_ms;
            if near_end && !closed {
                self.frozen.insert(id);
            } else {
                self.reveal(facts, id, session);
            }
        }
        let frozen = !self.frozen.is_empty();
        if frozen != std::mem::replace(&mut self.shown_frozen, frozen) {
            for board in &self.boards {
                board.moved().frozen.insert(facts.sitting, frozen);
            }
        }
    }

    fn reveal(&self, facts: &Facts, id: SessionId, session: &Session) {
        if session.slots().is_empty() {
            return;
        }
        let Some(person) = facts.index.get(&id).map(|&index| &facts.people[index as usize]) else { return };
        let tally = tally(session.paper(), session.slots(), &facts.keys);
        let standing = person.scheme.standing(&tally);
        let marks = Marks {
            parts: standing.parts(&person.scheme).to_vec(),
            standing,
            marks_milli: tally.sections.iter().map(|marks| marks.milli()).collect(),
            total_milli: tally.total.milli(),
            answered: tally.answered,
        };
        let Some(rows) = self.rows.get(&id) else { return };
        for (board, &row) in self.boards.iter().zip(rows) {
            board.moved().marks.insert(row, marks.clone());
        }
    }

    fn show_state(&mut self, id: SessionId, session: &Session) {
        let state = match session.phase() {
            Phase::Expected if matches!(session.attendance(), Attendance::Absent | Attendance::Refused) => BoardState::Absent,
            Phase::Expected | Phase::CheckedIn | Phase::SignedIn | Phase::Ready => BoardState::Waiting,
            Phase::Running if session.stopped() => BoardState::Paused,
            Phase::Running => BoardState::Running,
            Phase::Submitted | Phase::Expired | Phase::Terminated => BoardState::Ended,
        };
        let Some(rows) = self.rows.get(&id) else { return };
        if self.states.insert(id, state) == Some(state) {
            return;
        }
        for (board, &row) in self.boards.iter().zip(rows) {
            board.moved().states.insert(row, state);
        }
    }
}

fn session_event(event: &Event) -> Option<(SessionId, &SessionEvent)> {
    match event {
        Event::Session(id, event) => Some((*id, event)),
        Event::Sitting(_) => None,
    }
}

/// Id of a stage's board.
pub fn stage_board(stage: StageId) -> String {
    stage.to_string()
}

fn empty_row(facts: &Facts, person: &Person) -> BoardRow {
    let paper = person.paper.as_ref();
    let sections = paper.map_or(0, |paper| paper.sections.len());
    BoardRow {
        id: 0,
        number: person.participant_no.clone(),
        name: public_name(facts.selection_policy.names, &person.name),
        formation: 0,
        marks_milli: vec![0; sections],
        total_milli: 0,
        standing: vec![0],
        rank: 0,
        answered: 0,
        items: paper.map_or(0, |paper| paper.len()),
        state: BoardState::Waiting,
    }
}
