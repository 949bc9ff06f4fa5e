//! How each one's time went, as the journal has it: what was looked at for how long, when answers came, when it ended. On the candidate's own
//! clock: it begins with the start and stands still in every pause of the seat or the hall. Pure.

use exam_session::block::Block;
use exam_session::event::{Event, SessionEvent, SittingEvent};
use exam_session::record::{Record, RecordBroken};
use exam_session::time::RunningTime;
use question_bank::id::SessionId;
use question_bank::paper::Paper;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The course of one session. Times are milliseconds of running time since its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Course {
    /// How long each position was on the screen; positions that never were are not there.
    pub seen_ms: BTreeMap<u16, u64>,
    /// When an item became answered (+1) or was emptied again (−1). What was admitted after the end is not there.
    pub changes: Vec<(u64, i64)>,
    /// When it ended.
    pub ended_ms: Option<u64>,
}

/// The courses of those of these sessions that one sitting's journal tells of; its blocks are given in order. Who never started has an empty one.
pub fn courses(blocks: &[Block], papers: &HashMap<SessionId, &Paper>) -> Result<HashMap<SessionId, Course>, RecordBroken> {
    let mut watched: HashMap<SessionId, Watched<'_>> = HashMap::new();
    let mut held = false;
    for block in blocks {
        for record in Record::decode_all(&block.records, block.count)? {
            let mono_ms = record.at.mono_ms;
            for event in &record.events {
                match event {
                    Event::Session(id, event) => {
                        if let Some(paper) = papers.get(id) {
                            watched.entry(*id).or_insert_with(|| Watched::new(paper, held)).hear(event, mono_ms);
                        }
                    }
                    Event::Sitting(SittingEvent::Held { .. }) => {
                        held = true;
                        watched.values_mut().for_each(|one| one.hold(mono_ms));
                    }
                    Event::Sitting(SittingEvent::Released { .. }) => {
                        held = false;
                        watched.values_mut().for_each(|one| one.release(mono_ms));
                    }
                    Event::Sitting(
                        SittingEvent::Opened
                        | SittingEvent::Started
                        | SittingEvent::Closed
                        | SittingEvent::MessageSent { .. }
                        | SittingEvent::Noted { .. },
                    ) => {}
                }
            }
        }
    }
    Ok(watched.into_iter().map(|(id, one)| (id, one.course)).collect())
}

/// A session on the way through its journal.
struct Watched<'a> {
    paper: &'a Paper,
    clock: RunningTime,
    running: bool,
    paused: bool,
    held: bool,
    /// What is on the screen, and since when.
    cursor: (u16, u64),
    answered: BTreeSet<u16>,
    course: Course,
}

impl<'a> Watched<'a> {
    fn new(paper: &'a Paper, held: bool) -> Self {
        Watched {
            paper,
            clock: RunningTime::default(),
            running: false,
            paused: false,
            held,
            cursor: (0, 0),
            answered: BTreeSet::new(),
            course: Course::default(),
        }
    }

    fn hear(&mut self, event: &SessionEvent, mono_ms: u64) {
        match event {
            SessionEvent::Started => {
                self.running = true;
                self.run_if_free(mono_ms);
            }
            SessionEvent::Viewed { position } => self.look(*position, mono_ms),
            SessionEvent::SectionClosed { section, .. } => {
                let (_, next) = self.paper.bounds(*section);
                if next < self.paper.len() {
                    self.look(next, mono_ms);
                }
            }
            SessionEvent::Answered { position, choices, .. } => {
                let changed = if choices.is_empty() { self.answered.remove(position) } else { self.answered.insert(*position) };
                if changed {
                    let change = if choices.is_empty() { -1 } else { 1 };
                    self.course.changes.push((self.clock.consumed(mono_ms), change));
                }
            }
            SessionEvent::Paused { .. } => {
                self.paused = true;
                self.clock.stop(mono_ms);
            }
            SessionEvent::Resumed => {
                self.paused = false;
                self.run_if_free(mono_ms);
            }
            SessionEvent::Submitted | SessionEvent::Expired | SessionEvent::Terminated { .. } => self.end(mono_ms),
            SessionEvent::Prepared { .. }
            | SessionEvent::CheckedIn { .. }
            | SessionEvent::AttendanceNoted { .. }
            | SessionEvent::SignedIn { .. }
            | SessionEvent::Consented
            | SessionEvent::Flagged { .. }
            | SessionEvent::TimeGranted { .. }
            | SessionEvent::Moved { .. }
            | SessionEvent::AnsweredLate { .. }
            | SessionEvent::LateAdmitted { .. } => {}
        }
    }

    fn hold(&mut self, mono_ms: u64) {
        self.held = true;
        self.clock.stop(mono_ms);
    }

    fn release(&mut self, mono_ms: u64) {
        self.held = false;
        self.run_if_free(mono_ms);
    }

    fn run_if_free(&mut self, mono_ms: u64) {
        if self.running && !self.paused && !self.held {
            self.clock.run(mono_ms);
        }
    }

    /// From now on something else is on the screen.
    fn look(&mut self, position: u16, mono_ms: u64) {
        let now_ms = self.clock.consumed(mono_ms);
        let (before, since_ms) = self.cursor;
        // The first item is on the screen from the start; a look that takes no time is none.
        if now_ms > since_ms {
            *self.course.seen_ms.entry(before).or_default() += now_ms - since_ms;
        }
        self.cursor = (position, now_ms);
    }

    fn end(&mut self, mono_ms: u64) {
        // Somebody may be sent away before the start.
        if !self.running {
            return;
        }
        self.look(self.cursor.0, mono_ms);
        self.clock.stop(mono_ms);
        self.running = false;
        self.course.ended_ms = Some(self.clock.consumed(mono_ms));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use exam_session::block::JournalHead;
    use exam_session::command::Actor;
    use exam_session::time::Now;
    use question_bank::id::{CommandId, ItemId, SittingId};
    use question_bank::key::Choices;
    use question_bank::paper::PaperSection;
    use std::sync::Arc;

    const SESSION: SessionId = SessionId::from_bytes([1; 16]);

    /// Two sections of two items.
    fn paper() -> Paper {
        let section = |code: &str| PaperSection { code: code.into(), title: code.into(), items: 2, duration_ms: None, linear: false };
        let item = question_bank::paper::PaperItem { entry: 0, order: question_bank::paper::ChoiceOrder::default() };
        Paper { sections: Arc::new([section("a"), section("b")]), items: [item; 4].into(), catalogue: Arc::default() }
    }

    fn check(story: Vec<(u64, Event)>, expected: Course) {
        let sitting = SittingId::from_bytes([2; 16]);
        let mut head = JournalHead::empty(sitting);
        let mut blocks = Vec::new();
        for (position, (second, event)) in story.into_iter().enumerate() {
            let record = Record {
                nonce: [0; 16],
                position: position as u64,
                at: Now { utc_ms: 0, mono_ms: 7_000 + second * 1000 },
                actor: Actor::System,
                approver: None,
                scope: match &event {
                    Event::Session(id, _) => Some(*id),
                    Event::Sitting(_) => None,
                },
                command: CommandId::from_bytes([3; 16]),
                events: vec![event],
            };
            let mut bytes = Vec::new();
            record.encode(&mut bytes);
            blocks.push(head.block(sitting, 1, bytes));
            head = JournalHead::after(&blocks[position]);
        }
        let paper = paper();
        let courses = courses(&blocks, &HashMap::from([(SESSION, &paper)])).expect("a sound journal");
        assert_eq!(courses, HashMap::from([(SESSION, expected)]));
    }

    fn session(event: SessionEvent) -> Event {
        Event::Session(SESSION, event)
    }

    fn view(position: u16) -> Event {
        session(SessionEvent::Viewed { position })
    }

    fn answer(position: u16, ids: &[u8]) -> Event {
        let choices = Choices::from_ids(ids).expect("choices");
        session(SessionEvent::Answered { position, item: ItemId::from_bytes([4; 16]), choices })
    }

    #[test]
    fn looks_last_until_the_next_one() {
        let story = vec![
            (0, session(SessionEvent::Started)),
            (0, view(0)),
            (4, answer(0, &[1])),
            (5, view(1)),
            (8, view(0)),
            (9, answer(0, &[])),
            (10, answer(0, &[2])),
            (10, answer(0, &[3])),
            (12, session(SessionEvent::SectionClosed { section: 0, by_time: true })),
            (20, session(SessionEvent::Submitted)),
            (30, view(3)),
        ];
        let seen_ms = BTreeMap::from([(0, 9_000), (1, 3_000), (2, 8_000)]);
        check(story, Course { seen_ms, changes: vec![(4_000, 1), (9_000, -1), (10_000, 1)], ended_ms: Some(20_000) });
    }

    #[test]
    fn pauses_of_the_seat_and_of_the_hall_take_no_time() {
        let text = || "listrik".to_owned();
        let story = vec![
            (0, session(SessionEvent::Started)),
            (0, view(2)),
            (10, session(SessionEvent::Paused { reason: text(), for_move: false })),
            (15, Event::Sitting(SittingEvent::Held { reason: text() })),
            (20, session(SessionEvent::Resumed)),
            (40, Event::Sitting(SittingEvent::Released { reason: text() })),
            (41, answer(2, &[0])),
            (45, session(SessionEvent::Expired)),
        ];
        check(story, Course { seen_ms: BTreeMap::from([(2, 15_000)]), changes: vec![(11_000, 1)], ended_ms: Some(15_000) });
    }

    #[test]
    fn who_is_sent_away_before_the_start_has_no_course() {
        check(vec![(3, session(SessionEvent::Terminated { reason: "joki".into() }))], Course::default());
    }
}
