//! What a proctor's console sees of a sitting: the seat map and the log, as one snapshot and deltas twice a second.

use crate::clock::utc_ms;
use crate::hall::{Facts, HallState, Person};
use crate::pressure::Pressure;
use crate::random;
use axum::extract::ws::Utf8Bytes;
use exam_session::command::Actor;
use exam_session::event::{Event, SessionEvent, SittingEvent};
use exam_session::record::Record;
use exam_session::session::{Attendance as Noted, Session};
use exam_session::sitting::SittingPhase as Stands;
use question_bank::id::SessionId;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use wire::proctor::{Attendance, LogLine, ProposalView, SeatView, SittingPhase, WatchDelta, WatchFrame, WatchHead, WatchSnapshot};
use wire::terminal::Phase;

/// Frames a console may lag behind before it gets a snapshot.
const LAG_FRAMES_MAX: usize = 32;

/// After so many publications without news (two a second) an empty delta says that the console is still connected.
const QUIET_MAX: u32 = 16;

/// Deltas of one sitting.
pub struct WatchFeed {
    frames: broadcast::Sender<Utf8Bytes>,
    pressure: Pressure,
    /// Commands that wait for a batch.
    commands: AtomicUsize,
    /// Words on their way to the slowest terminal.
    words: AtomicUsize,
    epoch: u32,
    /// Cancelled when the sitting's task ends: consoles come back to the new one.
    ended: CancellationToken,
}

impl WatchFeed {
    pub(crate) fn new(pressure: Pressure) -> Self {
        WatchFeed {
            pressure,
            commands: AtomicUsize::new(0),
            words: AtomicUsize::new(0),
            frames: broadcast::channel(LAG_FRAMES_MAX).0,
            epoch: u32::from_be_bytes(random::bytes()),
            ended: CancellationToken::new(),
        }
    }

    /// The sitting's task ended.
    pub async fn ended(&self) {
        self.ended.cancelled().await;
    }

    pub(crate) fn end(&self) {
        self.ended.cancel();
    }

    /// Frames that the slowest console has not taken yet.
    pub fn lag(&self) -> usize {
        self.frames.len()
    }

    /// What waits inside the sitting's task, as of its last publication.
    pub fn queues(&self) -> [usize; 2] {
        [self.commands.load(Ordering::Relaxed), self.words.load(Ordering::Relaxed)]
    }

    /// Frames from now on. Subscribe before reading the snapshot.
    pub fn subscribe(&self) -> broadcast::Receiver<Utf8Bytes> {
        self.frames.subscribe()
    }
}

/// What changed since the last delta.
pub struct WatchState {
    feed: Arc<WatchFeed>,
    position: u32,
    dirty: BTreeSet<u32>,
    all_dirty: bool,
    head_dirty: bool,
    log: Vec<Record>,
    proposals: Vec<ProposalView>,
    proposals_dirty: bool,
    /// Publications that had nothing to say in a row.
    quiet: u32,
    /// Publications since the last frame.
    since_frame: u32,
}

impl Default for WatchState {
    fn default() -> Self {
        WatchState::new(Arc::new(WatchFeed::new(Pressure::default())))
    }
}

impl WatchState {
    pub(crate) fn new(feed: Arc<WatchFeed>) -> Self {
        WatchState {
            feed,
            position: 0,
            dirty: BTreeSet::new(),
            all_dirty: false,
            head_dirty: false,
            log: Vec::new(),
            proposals: Vec::new(),
            proposals_dirty: false,
            quiet: 0,
            since_frame: 0,
        }
    }

    /// The sitting's task ends.
    pub fn end(&self) {
        self.feed.end();
    }

    /// A session or its link changed.
    pub fn seat_changed(&mut self, session: u32) {
        self.dirty.insert(session);
    }

    /// The sitting as a whole changed, and with it every seat.
    pub fn head_changed(&mut self) {
        self.head_dirty = true;
        self.all_dirty = true;
    }

    /// A record that people want to read.
    pub fn logged(&mut self, record: &Record) {
        self.log.push(record.clone());
    }

    /// The acts that wait for a second person.
    pub fn set_proposals(&mut self, proposals: Vec<ProposalView>) {
        self.proposals = proposals;
        self.proposals_dirty = true;
    }

    /// Sends what changed, when somebody is watching.
    pub fn publish(&mut self, hall: &HallState) {
        if let Some(since) = hall.owner().waiting_since() {
            self.feed.pressure.waited(Duration::from_millis(hall.mono_ms().saturating_sub(since.mono_ms)));
        }
        self.feed.commands.store(hall.owner().waiting(), Ordering::Relaxed);
        self.feed.words.store(hall.words_waiting(), Ordering::Relaxed);
        self.since_frame += 1;
        let changed = self.all_dirty || self.head_dirty || !self.dirty.is_empty() || !self.log.is_empty() || self.proposals_dirty;
        self.quiet = if changed { 0 } else { self.quiet + 1 };
        if !changed && self.quiet < QUIET_MAX {
            return;
        }
        if self.since_frame < self.feed.pressure.level().console_every() {
            return;
        }
        self.since_frame = 0;
        self.quiet = 0;
        self.position += 1;
        let (dirty, log) = (std::mem::take(&mut self.dirty), std::mem::take(&mut self.log));
        let all = std::mem::take(&mut self.all_dirty);
        self.head_dirty = false;
        let proposals = std::mem::take(&mut self.proposals_dirty).then(|| self.proposals.clone());
        if self.feed.frames.receiver_count() == 0 {
            return;
        }
        let seats = if all { seats(hall) } else { dirty.into_iter().filter_map(|session| seat_of(hall, session)).collect() };
        let frame = WatchFrame::Delta(WatchDelta {
            epoch: self.feed.epoch,
            position: self.position,
            head: head(hall),
            seats,
            log: log.iter().map(|record| log_line(hall.facts(), record)).collect(),
            proposals,
        });
        let _ = self.feed.frames.send(encode(&frame));
    }

    /// Everything, for a console that connects or lagged.
    pub fn snapshot(&self, hall: &HallState) -> Utf8Bytes {
        encode(&WatchFrame::Snapshot(WatchSnapshot {
            epoch: self.feed.epoch,
            position: self.position,
            head: head(hall),
            room: hall.facts().seats.clone(),
            seats: seats(hall),
            log: hall.log().map(|record| log_line(hall.facts(), record)).collect(),
            proposals: self.proposals.clone(),
        }))
    }
}

fn encode(frame: &WatchFrame) -> Utf8Bytes {
    serde_json::to_string(frame).map_or_else(|_| Utf8Bytes::from_static("{}"), Utf8Bytes::from)
}

/// Where a sitting stands, for people.
pub fn shown_phase(hall: &HallState) -> SittingPhase {
    let head = hall.owner().sitting().head();
    match head.phase {
        Stands::Closed => SittingPhase::Closed,
        _ if head.held => SittingPhase::Held,
        Stands::Planned => SittingPhase::Planned,
        Stands::Open => SittingPhase::Open,
        Stands::Started => SittingPhase::Started,
    }
}

fn head(hall: &HallState) -> WatchHead {
    let facts = hall.facts();
    WatchHead {
        sitting: facts.sitting.to_string(),
        code: facts.code.clone(),
        hall: facts.hall_title.clone(),
        phase: shown_phase(hall),
        starts_utc_ms: facts.starts_utc_ms,
        now_utc_ms: utc_ms(),
        records: hall.owner().journal_head().next_position as u32,
        held_reason: hall.owner().sitting().head().held_reason.clone(),
        silent_after_s: facts.sitting_policy.silent_after_s,
    }
}

fn seats(hall: &HallState) -> Vec<SeatView> {
    let sitting = hall.owner().sitting();
    let seat = |person: &Person| match sitting.index_of(person.session).and_then(|index| Some((index, sitting.session_at(index)?))) {
        Some((index, (_, session))) => seat_view(hall, index, person, session),
        None => without_paper(person),
    };
    hall.facts().people.iter().map(seat).collect()
}

fn seat_of(hall: &HallState, index: u32) -> Option<SeatView> {
    let (id, session) = hall.owner().sitting().session_at(index)?;
    let person = hall.facts().index.get(&id).map(|&person| &hall.facts().people[person as usize])?;
    Some(seat_view(hall, index, person, session))
}

/// Attendance in the words of the wire.
pub fn shown_attendance(noted: Noted) -> Attendance {
    match noted {
        Noted::Expected => Attendance::Expected,
        Noted::Present => Attendance::Present,
        Noted::Absent => Attendance::Absent,
        Noted::Refused => Attendance::Refused,
    }
}

fn seat_view(hall: &HallState, index: u32, person: &Person, session: &Session) -> SeatView {
    let head = hall.owner().sitting().head();
    let clock = crate::hall::clock_view(session, head, hall.mono_ms());
    SeatView {
        session: person.session.to_string(),
        seat: session.seat().or(person.planned_seat).map(|seat| seat.to_string()),
        participant_no: person.participant_no.clone(),
        name: person.name.clone(),
        formation: person.formation_title.clone(),
        phase: clock.phase,
        attendance: shown_attendance(session.attendance()),
        connected: hall.connected(index),
        answered: session.answered(),
        doubtful: session.doubtful(),
        items: session.paper().len(),
        remaining_ms: if session.prepared() { clock.remaining_ms } else { person.base_ms + person.extra_ms },
        active_utc_ms: (session.active_utc_ms() > 0).then_some(session.active_utc_ms()),
        granted_s: session.granted_ms() / 1000,
        late: session.evidence().iter().filter(|piece| !piece.admitted).count() as u16,
        consented: session.consented(),
    }
}

fn without_paper(person: &Person) -> SeatView {
    SeatView {
        session: person.session.to_string(),
        seat: person.planned_seat.map(|seat| seat.to_string()),
        participant_no: person.participant_no.clone(),
        name: person.name.clone(),
        formation: person.formation_title.clone(),
        phase: Phase::Expected,
        attendance: Attendance::Expected,
        connected: false,
        answered: 0,
        doubtful: 0,
        items: 0,
        remaining_ms: person.base_ms + person.extra_ms,
        active_utc_ms: None,
        granted_s: 0,
        late: 0,
        consented: false,
    }
}

/// A record told in a line, for the console and the minutes.
pub fn log_line(facts: &Facts, record: &Record) -> LogLine {
    let number = |id: SessionId| facts.index.get(&id).map(|&index| facts.people[index as usize].participant_no.clone());
    let sessions: BTreeSet<SessionId> = record
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Session(id, SessionEvent::Prepared { .. } | SessionEvent::AttendanceNoted { refused: false, .. })
                if record.scope.is_none() =>
            {
                let _ = id;
                None
            }
            Event::Session(id, _) => Some(*id),
            Event::Sitting(SittingEvent::Noted { session, .. }) => *session,
            Event::Sitting(_) => None,
        })
        .collect();
    let about = match sessions.len() {
        0 => None,
        1 => sessions.first().and_then(|&id| number(id)),
        count => Some(format!("{count} peserta")),
    };
    let (kind, text) = record.events.iter().find_map(|event| told(facts, event)).unwrap_or(("other", String::new()));
    LogLine {
        position: record.position as u32,
        at_utc_ms: record.at.utc_ms,
        kind: kind.to_owned(),
        who: match record.actor {
            Actor::System => "sistem".to_owned(),
            Actor::Candidate => record.scope.and_then(number).unwrap_or_default(),
            Actor::Staff(staff) => facts.staff_name(staff),
        },
        approver: record.approver.map(|staff| facts.staff_name(staff)),
        about,
        text,
    }
}

fn told(facts: &Facts, event: &Event) -> Option<(&'static str, String)> {
    let seat = |seat: &question_bank::id::SeatId| facts.seat_label(*seat).unwrap_or("?").to_owned();
    Some(match event {
        Event::Sitting(event) => match event {
            SittingEvent::Opened => ("opened", "Pintu dibuka".to_owned()),
            SittingEvent::Started => ("started", "Ujian dimulai".to_owned()),
            SittingEvent::Held { reason } => ("held", format!("Seluruh ruang dihentikan sementara: {reason}")),
            SittingEvent::Released { reason } if reason.is_empty() => ("released", "Seluruh ruang dilanjutkan".to_owned()),
            SittingEvent::Released { reason } => ("released", format!("Seluruh ruang dilanjutkan: {reason}")),
            SittingEvent::Closed => ("closed", "Sesi ditutup".to_owned()),
            SittingEvent::MessageSent { text, .. } => ("message_sent", format!("Pesan: {text}")),
            SittingEvent::Noted { text, .. } => ("noted", format!("Catatan: {text}")),
        },
        Event::Session(_, event) => match event {
            SessionEvent::Prepared { .. }
            | SessionEvent::Consented
            | SessionEvent::Viewed { .. }
            | SessionEvent::Answered { .. }
            | SessionEvent::Flagged { .. } => return None,
            SessionEvent::CheckedIn { seat: at, override_reason: None, .. } => ("checked_in", format!("Daftar ulang, kursi {}", seat(at))),
            SessionEvent::CheckedIn { seat: at, override_reason: Some(reason), .. } => {
                ("checked_in", format!("Daftar ulang di luar waktu, kursi {}: {reason}", seat(at)))
            }
            SessionEvent::AttendanceNoted { refused: true, reason } => ("refused", format!("Ditolak di meja: {reason}")),
            SessionEvent::AttendanceNoted { refused: false, reason } if reason.is_empty() => ("absent", "Tidak hadir".to_owned()),
            SessionEvent::AttendanceNoted { refused: false, reason } => ("absent", format!("Tidak hadir: {reason}")),
            SessionEvent::SignedIn { epoch } => ("signed_in", format!("Masuk di komputer ujian (ke-{epoch})")),
            SessionEvent::Started => ("session_started", "Mulai mengerjakan".to_owned()),
            SessionEvent::SectionClosed { section, by_time } => {
                let why = if *by_time { "waktunya habis" } else { "selesai" };
                ("section_closed", format!("Bagian {} {why}", section + 1))
            }
            SessionEvent::Paused { reason, .. } => ("paused", format!("Dihentikan sementara: {reason}")),
            SessionEvent::Resumed => ("resumed", "Dilanjutkan".to_owned()),
            SessionEvent::TimeGranted { ms, reason } => ("time_granted", format!("Tambahan waktu {} menit: {reason}", minutes(*ms))),
            SessionEvent::Moved { seat: to, reason, .. } => ("moved", format!("Pindah ke kursi {}: {reason}", seat(to))),
            SessionEvent::Submitted => ("submitted", "Selesai".to_owned()),
            SessionEvent::Expired => ("expired", "Waktu habis".to_owned()),
            SessionEvent::Terminated { reason } => ("terminated", format!("Dihentikan pengawas: {reason}")),
            SessionEvent::AnsweredLate { position, .. } => ("late", format!("Jawaban terlambat untuk nomor {}", position + 1)),
            SessionEvent::LateAdmitted { position, reason, .. } => {
                ("late_admitted", format!("Jawaban terlambat nomor {} diterima: {reason}", position + 1))
            }
        },
    })
}

fn minutes(ms: u32) -> String {
    let (whole, rest) = (ms / 60_000, ms % 60_000 / 1_000);
    if rest == 0 { whole.to_string() } else { format!("{whole}:{rest:02}") }
}
