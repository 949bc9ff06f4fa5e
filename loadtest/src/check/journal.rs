//! The journal's records against the diaries, in one pass over the lines of `saksama journal`.

use super::clock::Clock;
use super::diary::{Diary, Outcome, Save, Stamp};
use super::{Choices, Offenders, id};
use crate::report::Check;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::io::BufRead;

/// Clocks agree when they differ by at most this.
const CLOCK_MS: i64 = 1_000;
/// An expiry is decided at most so long after the time is over.
const EXPIRY_MS: i64 = 10_000;
/// An answer counts at most so long after the time is over: grace, and the wait for its decision.
const IN_TIME_MS: i64 = 15_000;
/// Suspicions that are kept until the halls' hard closes are known.
const SUSPICIONS_MAX: usize = 10_000;

/// What the journal says of the sessions of the diaries.
#[derive(Default)]
pub struct Journal {
    pub sessions: Vec<Session>,
    /// Records read.
    pub records: u64,
    index: HashMap<u128, usize>,
    sittings: Vec<Sitting>,
    sitting_index: HashMap<u128, usize>,
    /// Answers that count.
    answers: u64,
    never_sent: Offenders,
    late: Offenders,
    clocks: Offenders,
    told: u64,
    expired: u64,
    suspicions: Vec<Suspicion>,
}

/// One session of the diaries.
pub struct Session {
    pub diary: Diary,
    /// What counts, by position of the paper.
    pub counting: Vec<Option<Counting>>,
    pub started: bool,
    pub terminated: bool,
    over: bool,
    epoch: u32,
    /// It has left a section by its time: the whole paper's time says little.
    sections_have_times: bool,
    clock: Clock,
    /// Where the candidate sits, once a record says so.
    pub sitting: Option<u128>,
}

/// The answer that counts at a position.
#[derive(Clone, Copy)]
pub struct Counting {
    pub item: u128,
    pub choices: Choices,
    stamp: Stamp,
    admitted: bool,
}

/// A sitting with records.
#[derive(Default)]
struct Sitting {
    id: u128,
    utc_ms: i64,
    mono_ms: u64,
    /// Sessions of the diaries.
    sessions: Vec<usize>,
    /// Running time of the hall.
    hall: Clock,
    /// What terminals were told, oldest first: wall clock, session, remaining time.
    told: BinaryHeap<Reverse<(i64, usize, u32)>>,
    /// Answers of people who are in no diary.
    strangers: Offenders,
}

/// A clock that is wrong unless the hall's hard close explains it.
struct Suspicion {
    sitting: u128,
    hall_used_ms: u64,
    /// The remaining time that a terminal was told.
    told_ms: Option<u32>,
    words: String,
}

/// A line of `saksama journal`, as far as it is needed.
#[derive(Deserialize)]
struct Line<'a> {
    sitting: &'a str,
    position: u64,
    utc_ms: i64,
    mono_ms: u64,
    session: Option<&'a str>,
    epoch: Option<u32>,
    seq: Option<u32>,
    #[serde(borrow)]
    events: Vec<Happened<'a>>,
}

#[derive(Deserialize)]
struct Happened<'a> {
    kind: &'a str,
    session: Option<&'a str>,
    position: Option<u16>,
    item: Option<&'a str>,
    choices: Option<Choices>,
    epoch: Option<u32>,
    base_ms: Option<u64>,
    extra_ms: Option<u64>,
    ms: Option<u64>,
    by_time: Option<bool>,
}

/// Where and when an event stands.
#[derive(Clone, Copy)]
struct At {
    sitting: usize,
    position: u64,
    mono_ms: u64,
    stamp: Option<Stamp>,
}

impl Journal {
    /// Reads all lines.
    pub fn read(diaries: Vec<Diary>, mut lines: impl BufRead) -> Result<Journal> {
        let mut journal = Journal::default();
        for diary in diaries {
            anyhow::ensure!(
                journal.index.insert(diary.session, journal.sessions.len()).is_none(),
                "{} has two diaries of the same session",
                diary.participant_no
            );
            journal.sessions.push(Session::new(diary));
        }
        let mut text = String::new();
        while lines.read_line(&mut text)? > 0 {
            journal.line(&text).with_context(|| format!("line {}: {text:.300}", journal.records + 1))?;
            text.clear();
        }
        for sitting in 0..journal.sittings.len() {
            journal.compare_told(sitting, None);
        }
        Ok(journal)
    }

    fn line(&mut self, text: &str) -> Result<()> {
        let line: Line = serde_json::from_str(text)?;
        self.records += 1;
        let sitting = self.sitting(id(line.sitting)?);
        self.compare_told(sitting, Some((line.utc_ms, line.mono_ms)));
        self.tick(sitting, &line);
        let scope = line.session.map(id).transpose()?;
        let stamp = line.epoch.zip(line.seq).map(|(epoch, seq)| Stamp { epoch, seq });
        let at = At { sitting, position: line.position, mono_ms: line.mono_ms, stamp };
        for event in &line.events {
            match event.session.map(id).transpose()?.or(scope) {
                Some(session) => self.of_session(session, event, at)?,
                None => self.of_hall(event.kind, at),
            }
        }
        Ok(())
    }

    fn sitting(&mut self, id: u128) -> usize {
        *self.sitting_index.entry(id).or_insert_with(|| {
            self.sittings.push(Sitting { id, ..Sitting::default() });
            self.sittings.len() - 1
        })
    }

    /// The sitting's clock goes on, and no faster than the wall clock.
    fn tick(&mut self, index: usize, line: &Line) {
        let sitting = &mut self.sittings[index];
        let ahead_ms = line.mono_ms as i64 - sitting.mono_ms as i64 - (line.utc_ms - sitting.utc_ms);
        if line.mono_ms < sitting.mono_ms {
            self.clocks.add(|| format!("the clock of sitting {} goes back at position {}", line.sitting, line.position));
        } else if sitting.utc_ms != 0 && ahead_ms > CLOCK_MS {
            let at = line.position;
            self.clocks
                .add(|| format!("the clock of sitting {} runs {ahead_ms} ms ahead of the wall clock at position {at}", line.sitting));
        }
        (sitting.mono_ms, sitting.utc_ms) = (line.mono_ms, line.utc_ms);
    }

    fn of_hall(&mut self, kind: &str, at: At) {
        let sitting = &mut self.sittings[at.sitting];
        let change: fn(&mut Clock) = match kind {
            "sitting_started" => return sitting.hall.change(at.mono_ms, |hall| hall.set_started(true)),
            "held" => |clock| clock.set_held(true),
            "released" => |clock| clock.set_held(false),
            _ => return,
        };
        sitting.hall.change(at.mono_ms, change);
        for &session in &sitting.sessions {
            self.sessions[session].clock.change(at.mono_ms, change);
        }
    }

    fn of_session(&mut self, session: u128, event: &Happened, at: At) -> Result<()> {
        let Some(&index) = self.index.get(&session) else {
            if matches!(event.kind, "answered" | "answered_late") {
                self.sittings[at.sitting].strangers.add(|| format!("session {session:032x} at journal position {}", at.position));
            }
            return Ok(());
        };
        self.seat(index, at);
        let session = &mut self.sessions[index];
        match event.kind {
            "prepared" => session.clock.allowance_ms = event.base_ms.unwrap_or(0) + event.extra_ms.unwrap_or(0),
            "time_granted" => session.clock.allowance_ms += event.ms.unwrap_or(0),
            "signed_in" | "moved" => session.epoch = event.epoch.unwrap_or(session.epoch),
            "started" => {
                session.started = true;
                session.clock.change(at.mono_ms, |clock| clock.set_started(true));
            }
            "paused" => session.clock.change(at.mono_ms, |clock| clock.set_paused(true)),
            "resumed" => session.clock.change(at.mono_ms, |clock| clock.set_paused(false)),
            "section_closed" => session.sections_have_times |= event.by_time.unwrap_or(false),
            "submitted" | "terminated" => {
                session.terminated |= event.kind == "terminated";
                session.end(at.mono_ms);
            }
            "expired" => {
                self.expire(index, at);
                self.sessions[index].end(at.mono_ms);
            }
            "answered" => {
                self.answers += 1;
                self.answer(index, event, at)?;
                self.in_time(index, at);
                self.count(index, event, at, false)?;
            }
            "answered_late" => {
                self.answer(index, event, at)?;
                self.too_late(index, at);
            }
            "late_admitted" => self.count(index, event, at, true)?,
            _ => {}
        }
        Ok(())
    }

    /// The session of a diary is of this sitting.
    fn seat(&mut self, index: usize, at: At) {
        let session = &mut self.sessions[index];
        if session.sitting.is_none() {
            let sitting = &mut self.sittings[at.sitting];
            session.sitting = Some(sitting.id);
            session.clock.set_held(sitting.hall.held());
            sitting.sessions.push(index);
            sitting.told.extend(session.diary.clocks.iter().map(|&(utc_ms, remaining_ms)| Reverse((utc_ms, index, remaining_ms))));
        }
    }

    /// A record of an answer must be that of a save, word for word.
    fn answer(&mut self, index: usize, event: &Happened, at: At) -> Result<()> {
        let item = id(event.item.unwrap_or_default())?;
        let diary = &mut self.sessions[index].diary;
        let who = &diary.participant_no;
        let save = at.stamp.and_then(|stamp| find(&mut diary.saves, stamp));
        let Some(save) = save else {
            if at.stamp.is_some_and(|stamp| stamp < diary.from) {
                return Ok(());
            }
            self.never_sent.add(|| {
                format!("{who}, journal position {}, {}", at.position, at.stamp.map_or("no number".into(), |stamp| stamp.to_string()))
            });
            return Ok(());
        };
        if (Some(save.position), save.item, Some(save.choices)) != (event.position, item, event.choices) {
            self.never_sent
                .add(|| format!("{who}, {}: another answer than the one that was sent (journal position {})", save.stamp, at.position));
        } else if save.outcome == Outcome::Busy {
            self.never_sent.add(|| format!("{who}, {}: refused as busy, and stored (journal position {})", save.stamp, at.position));
        }
        match event.kind {
            "answered" => save.in_time = save.in_time.saturating_add(1),
            _ => save.late = save.late.saturating_add(1),
        }
        Ok(())
    }

    fn in_time(&mut self, index: usize, at: At) {
        let session = &self.sessions[index];
        let (who, over_ms) = (&session.diary.participant_no, session.clock.over_ms(at.mono_ms));
        if session.over {
            self.late.add(|| format!("{who}: the answer of journal position {} counts although the session was over", at.position));
        } else if over_ms > IN_TIME_MS {
            self.late.add(|| format!("{who}: the answer of journal position {} counts {over_ms} ms after the time was over", at.position));
        }
    }

    /// A terminal that speaks for a running session with time left is not late.
    fn too_late(&mut self, index: usize, at: At) {
        let session = &self.sessions[index];
        let speaks = at.stamp.is_some_and(|stamp| stamp.epoch == session.epoch);
        let over_ms = session.clock.over_ms(at.mono_ms);
        if speaks && !session.over && !session.sections_have_times && over_ms <= 0 {
            let who = &session.diary.participant_no;
            let words =
                format!("{who}: the answer of journal position {} was called late {} ms before the time was over", at.position, -over_ms);
            self.suspect(at.sitting, at.mono_ms, None, words);
        }
    }

    fn expire(&mut self, index: usize, at: At) {
        self.expired += 1;
        let session = &self.sessions[index];
        let over_ms = session.clock.over_ms(at.mono_ms);
        if session.sections_have_times || (0..=EXPIRY_MS).contains(&over_ms) {
            return;
        }
        let who = &session.diary.participant_no;
        let words = format!("{who}: expired at journal position {}, {over_ms} ms after the time was over", at.position);
        self.suspect(at.sitting, at.mono_ms, None, words);
    }

    /// What terminals were told until `next` (wall clock, sitting's clock) against the time that follows from the events before it. An outage may lie
    /// between two records: then either of them says how far the sitting's clock was.
    fn compare_told(&mut self, index: usize, next: Option<(i64, u64)>) {
        loop {
            let sitting = &mut self.sittings[index];
            let (utc_ms, mono_ms) = (sitting.utc_ms, sitting.mono_ms);
            let Some(&Reverse((told_utc_ms, session, told_ms))) = sitting.told.peek() else { return };
            if next.is_some_and(|(next_utc_ms, _)| told_utc_ms >= next_utc_ms) {
                return;
            }
            sitting.told.pop();
            let at = &self.sessions[session];
            if at.over || at.sections_have_times {
                continue;
            }
            self.told += 1;
            let after_last = mono_ms as i64 + told_utc_ms - utc_ms;
            let before_next = next.map(|(next_utc_ms, next_mono_ms)| next_mono_ms as i64 - (next_utc_ms - told_utc_ms));
            let off_ms = |now_ms: i64| i64::from(told_ms) + at.clock.over_ms(now_ms.max(0) as u64).min(0);
            let off = [Some(after_last), before_next].into_iter().flatten().map(off_ms).min_by_key(|off_ms| off_ms.abs()).unwrap_or(0);
            if off.abs() > CLOCK_MS {
                let words = format!("{}: was told {told_ms} ms remain, which is off by {off} ms", at.diary.participant_no);
                self.suspect(index, after_last.max(0) as u64, Some(told_ms), words);
            }
        }
    }

    fn suspect(&mut self, sitting: usize, mono_ms: u64, told_ms: Option<u32>, words: String) {
        let sitting = &self.sittings[sitting];
        if self.suspicions.len() < SUSPICIONS_MAX {
            self.suspicions.push(Suspicion { sitting: sitting.id, hall_used_ms: sitting.hall.used_ms(mono_ms), told_ms, words });
        } else {
            self.clocks.add(|| words);
        }
    }

    fn count(&mut self, index: usize, event: &Happened, at: At, admitted: bool) -> Result<()> {
        let position = usize::from(event.position.context("an answer without a position")?);
        let counting = &mut self.sessions[index].counting;
        if counting.len() <= position {
            counting.resize(position + 1, None);
        }
        let stamp = at.stamp.unwrap_or(Stamp { epoch: 0, seq: 0 });
        counting[position] =
            Some(Counting { item: id(event.item.unwrap_or_default())?, choices: event.choices.unwrap_or_default(), stamp, admitted });
        Ok(())
    }

    /// What the answers come to; the clocks need [`Journal::clocks_agree`].
    pub fn checks(&self) -> Vec<Check> {
        let mut audit = Audit { late: self.late.clone(), ..Audit::default() };
        for session in &self.sessions {
            audit.session(session);
        }
        let mut never_sent = self.never_sent.clone();
        let mut elsewhere = 0;
        for sitting in &self.sittings {
            if sitting.sessions.is_empty() {
                elsewhere += sitting.strangers.count;
            } else {
                never_sent.append(&sitting.strangers);
            }
        }
        let Audit { once, counts, late, acknowledged, late_ones, unanswered, refused, arrived, positions } = audit;
        vec![
            once.check("every acknowledged answer is in the journal exactly once", format!("{acknowledged} acknowledged")),
            counts.check(
                "of several acknowledged answers the last one counts",
                format!("{positions} positions of {} sessions", self.sessions.len()),
            ),
            never_sent.check(
                "nothing is in the journal that was never sent",
                format!(
                    "{} answers count; {unanswered} were sent without an answer and {refused} refused, {arrived} of these arrived; {elsewhere} \
                     are of other runs",
                    self.answers
                ),
            ),
            late.check("late answers are kept as late and do not count", format!("{late_ones} late")),
        ]
    }

    /// The check of the clocks; `hard_closes` are the limits of halls' running time, milliseconds, by sitting.
    pub fn clocks_agree(&self, hard_closes: &HashMap<u128, u64>) -> Check {
        let mut clocks = self.clocks.clone();
        for suspicion in &self.suspicions {
            let explained = hard_closes.get(&suspicion.sitting).is_some_and(|&limit_ms| match suspicion.told_ms {
                Some(told_ms) => (limit_ms as i64 - suspicion.hall_used_ms as i64 - i64::from(told_ms)).abs() <= CLOCK_MS,
                None => suspicion.hall_used_ms >= limit_ms,
            });
            if !explained {
                clocks.add(|| suspicion.words.clone());
            }
        }
        clocks.check("clocks agree", format!("{} records, {} told times, {} expiries", self.records, self.told, self.expired))
    }
}

impl Session {
    fn new(diary: Diary) -> Session {
        Session {
            diary,
            counting: Vec::new(),
            started: false,
            terminated: false,
            over: false,
            epoch: 0,
            sections_have_times: false,
            clock: Clock::default(),
            sitting: None,
        }
    }

    fn end(&mut self, mono_ms: u64) {
        self.over = true;
        self.clock.change(mono_ms, |clock| clock.set_started(false));
    }
}

/// Diaries against records, session by session.
#[derive(Default)]
struct Audit {
    once: Offenders,
    counts: Offenders,
    late: Offenders,
    acknowledged: u64,
    /// Acknowledged as late.
    late_ones: u64,
    unanswered: u64,
    refused: u64,
    /// Of the unanswered and the refused.
    arrived: u64,
    /// Positions with an acknowledged answer.
    positions: u64,
}

impl Audit {
    fn session(&mut self, session: &Session) {
        let who = &session.diary.participant_no;
        for save in &session.diary.saves {
            self.save(who, save);
        }
        for (position, last) in (0_u16..).zip(last_acknowledged(&session.diary.saves)) {
            let Some(last) = last else { continue };
            self.positions += 1;
            match session.counting.get(usize::from(position)).copied().flatten() {
                None => self.counts.add(|| format!("{who}, position {position}: nothing counts, {} was acknowledged", last.stamp)),
                Some(counting) if !counting.admitted && counting.stamp < last.stamp => {
                    self.counts.add(|| format!("{who}, position {position}: {} counts, {} was acknowledged", counting.stamp, last.stamp));
                }
                Some(_) => {}
            }
        }
    }

    fn save(&mut self, who: &str, save: &Save) {
        let (records, stamp) = (u32::from(save.in_time) + u32::from(save.late), save.stamp);
        let acknowledged = matches!(save.outcome, Outcome::Saved | Outcome::Late);
        if acknowledged && records == 0 {
            self.once.add(|| format!("{who}, {stamp}: lost"));
        }
        if records > 1 {
            self.once.add(|| format!("{who}, {stamp}: {records} times"));
        }
        self.acknowledged += u64::from(acknowledged);
        self.arrived += u64::from(!acknowledged && records > 0);
        match save.outcome {
            Outcome::Saved if save.late > 0 => self.late.add(|| format!("{who}, {stamp}: acknowledged as saved, recorded as late")),
            Outcome::Late if save.in_time > 0 => self.late.add(|| format!("{who}, {stamp}: acknowledged as late, and counts")),
            Outcome::Saved | Outcome::Late => {}
            Outcome::Unanswered => self.unanswered += 1,
            Outcome::Refused | Outcome::Busy => self.refused += 1,
        }
        self.late_ones += u64::from(save.outcome == Outcome::Late);
    }
}

fn find(saves: &mut [Save], stamp: Stamp) -> Option<&mut Save> {
    let index = saves.binary_search_by_key(&stamp, |save| save.stamp).ok()?;
    Some(&mut saves[index])
}

/// Per position the acknowledged answer with the highest stamp.
fn last_acknowledged(saves: &[Save]) -> Vec<Option<Save>> {
    let mut last = Vec::new();
    for save in saves.iter().filter(|save| save.outcome == Outcome::Saved) {
        let position = usize::from(save.position);
        if last.len() <= position {
            last.resize(position + 1, None);
        }
        // By stamp, ascending: what comes later is higher.
        last[position] = Some(*save);
    }
    last
}
