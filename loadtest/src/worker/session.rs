//! What a client process knows of one session.

use super::frames;
use super::line::Line;
use crate::orders::Seat;
use crate::ring::{Ring, Sent};
use rand::RngExt;
use rand::rngs::SmallRng;
use std::collections::{BTreeMap, HashMap};
use std::task::Waker;
use tokio::sync::OwnedSemaphorePermit;
use wire::terminal::{Phase, Welcome};

/// What a command was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// An answer: index into [`Session::saves`].
    Save(u32),
    /// A look at a position.
    View(u16),
    /// The rules are accepted.
    Consent,
    /// The candidate's own start.
    Start,
}

/// What an answer came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// Nothing was heard yet.
    Unknown,
    /// Durable.
    Saved,
    /// Kept as late evidence.
    Late,
    /// Refused for good.
    Refused,
    /// Not stored because the server was busy, and not sent before.
    Busy,
}

impl Came {
    /// As in a diary.
    pub fn letter(self) -> &'static str {
        match self {
            Came::Unknown => "?",
            Came::Saved => "s",
            Came::Late => "l",
            Came::Refused => "r",
            Came::Busy => "b",
        }
    }
}

/// An answer that was given.
#[derive(Clone, Copy, Debug)]
pub struct Save {
    /// Number.
    pub seq: u32,
    /// Position in the paper.
    pub position: u16,
    /// Item, as an index of [`Bank`].
    pub item: u16,
    /// Choice.
    pub choice: u8,
    /// What it came to.
    pub came: Came,
    /// Sent more than once: a refusal says nothing of the other times.
    pub again: bool,
}

/// Words about the clock that a session writes down.
const CLOCKS_MAX: usize = 50;

/// Items that were seen on papers: papers of thousands draw from the same few.
#[derive(Debug, Default)]
pub struct Bank {
    items: Vec<(String, Vec<u8>)>,
    index: HashMap<String, u16>,
}

impl Bank {
    /// The index of an item, new or known.
    pub fn intern(&mut self, item: &str, choices: impl FnOnce() -> Vec<u8>) -> u16 {
        if let Some(&known) = self.index.get(item) {
            return known;
        }
        let index = self.items.len() as u16;
        self.items.push((item.to_owned(), choices()));
        self.index.insert(item.to_owned(), index);
        index
    }

    /// Id of an item.
    pub fn id(&self, item: u16) -> &str {
        &self.items[usize::from(item)].0
    }

    /// Choices of an item.
    pub fn choices(&self, item: u16) -> &[u8] {
        &self.items[usize::from(item)].1
    }
}

/// A comparison with what the server has.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// None was asked for.
    #[default]
    Unasked,
    /// The next welcome is compared.
    Asked,
    /// All is as acknowledged.
    Right,
    /// Something is not.
    Wrong(String),
}

/// One session.
pub struct Session {
    /// Who.
    pub seat: Seat,
    /// Its line, when there is one.
    pub line: Option<Line>,
    /// Whoever listens to the line.
    pub listener: Option<Waker>,
    /// True once the server said welcome on this line.
    pub up: bool,
    /// True if the server said welcome on the line that is, or was just lost.
    pub greeted: bool,
    /// True if the line came back during this order.
    pub came_back: bool,
    /// When the line was lost, microseconds; none when it is up or was never there.
    pub lost_us: Option<u64>,
    /// Come back at once and not after the jitter.
    pub hurry: bool,
    /// A place among those who are let in at once.
    pub permit: Option<OwnedSemaphorePermit>,
    /// Terminal epoch.
    pub epoch: u32,
    /// Next number.
    pub next_seq: u32,
    /// What waits for an answer.
    pub ring: Ring<What>,
    /// All answers given, in order.
    pub saves: Vec<Save>,
    /// Items by position.
    pub paper: Box<[u16]>,
    /// Digest of the paper, once it was read.
    pub digest: Option<String>,
    /// What the server had at the first welcome, by position.
    pub before: Box<[Vec<u8>]>,
    /// Epoch and number that came next at the first welcome: what stands before them was sent in an earlier run.
    pub from: (u32, u32),
    /// Where the session stands.
    pub phase: Phase,
    /// When start was pressed, microseconds; none when the paper has been read.
    pub pressed_us: Option<u64>,
    /// When its time is over by the server's word, microseconds.
    pub deadline_us: Option<u64>,
    /// What was told of the remaining time while it ran: wall clock and what remains, milliseconds.
    pub clocks: Vec<(i64, u32)>,
    /// When the end was told, microseconds.
    pub ended_us: Option<u64>,
    /// Window of coming back, milliseconds.
    pub jitter_ms: u32,
    /// Comparison with the server.
    pub verdict: Verdict,
}

impl Session {
    /// Nothing is known yet.
    pub fn new(seat: Seat) -> Session {
        Session {
            seat,
            line: None,
            listener: None,
            up: false,
            greeted: false,
            came_back: false,
            lost_us: None,
            hurry: false,
            permit: None,
            epoch: 0,
            next_seq: 1,
            ring: Ring::default(),
            saves: Vec::new(),
            paper: Box::default(),
            digest: None,
            before: Box::default(),
            from: (0, 0),
            phase: Phase::Expected,
            pressed_us: None,
            deadline_us: None,
            clocks: Vec::new(),
            ended_us: None,
            jitter_ms: 10_000,
            verdict: Verdict::Unasked,
        }
    }

    /// Can it answer?
    pub fn answers(&self) -> bool {
        !self.paper.is_empty() && self.ended_us.is_none()
    }

    /// Notes a command; the frame to say when the line is up.
    pub fn command(&mut self, due_us: u64, what: What) -> u32 {
        let seq = self.next_seq;
        self.next_seq += 1;
        self.ring.push(seq, Sent { due_us, what });
        seq
    }

    /// Gives an answer, at a position or anywhere.
    pub fn answer(&mut self, due_us: u64, position: Option<u16>, bank: &Bank, rng: &mut SmallRng) {
        let position = position.unwrap_or_else(|| rng.random_range(0..self.paper.len()) as u16);
        let Some(&item) = self.paper.get(usize::from(position)) else { return };
        let choices = bank.choices(item);
        let choice = choices[rng.random_range(0..choices.len())];
        let index = self.saves.len() as u32;
        let seq = self.command(due_us, What::Save(index));
        self.saves.push(Save { seq, position, item, choice, came: Came::Unknown, again: false });
        if self.up {
            let text = frames::answer(seq, position, bank.id(item), choice);
            self.say(text);
        }
    }

    /// The frame of a command that waits.
    pub fn frame(&self, seq: u32, bank: &Bank) -> Option<String> {
        Some(match self.ring.get(seq)?.what {
            What::Save(index) => {
                let save = self.saves.get(index as usize)?;
                frames::answer(seq, save.position, bank.id(save.item), save.choice)
            }
            What::View(position) => format!("{{\"t\":\"view\",\"seq\":{seq},\"position\":{position}}}"),
            What::Consent => format!("{{\"t\":\"consent\",\"seq\":{seq}}}"),
            What::Start => format!("{{\"t\":\"start\",\"seq\":{seq}}}"),
        })
    }

    /// Says something, if there is a line.
    pub fn say(&mut self, text: String) {
        if let Some(line) = &mut self.line {
            line.say(text);
            if line.stuck()
                && let Some(listener) = &self.listener
            {
                listener.wake_by_ref();
            }
        }
    }

    /// Says a command that waits, perhaps not for the first time; at all only when the line is up.
    pub fn say_command(&mut self, seq: u32, bank: &Bank) {
        if self.up
            && let Some(text) = self.frame(seq, bank)
        {
            if let Some(save) = self.save_of(seq) {
                save.again = true;
                save.came = Came::Unknown;
            }
            self.say(text);
        }
    }

    /// A command that waits was not stored because the server is busy.
    pub fn busy(&mut self, seq: u32) {
        if let Some(save) = self.save_of(seq).filter(|save| !save.again) {
            save.came = Came::Busy;
        }
    }

    /// The answer that a command that waits is.
    fn save_of(&mut self, seq: u32) -> Option<&mut Save> {
        match self.ring.get(seq)?.what {
            What::Save(index) => self.saves.get_mut(index as usize),
            What::View(_) | What::Consent | What::Start => None,
        }
    }

    /// Writes down a remaining time that was told.
    pub fn told(&mut self, phase: Phase, utc_ms: i64, remaining_ms: u32) {
        if phase == Phase::Running && self.clocks.len() < CLOCKS_MAX {
            self.clocks.push((utc_ms, remaining_ms));
        }
    }

    /// Drops the line; whoever listens finds that out.
    pub fn cut(&mut self) {
        self.line = None;
        self.up = false;
        if let Some(listener) = self.listener.take() {
            listener.wake();
        }
    }

    /// Compares what the server has with what it acknowledged.
    ///
    /// At each position counts the newest answer that was acknowledged, or a newer one that was not answered: it may have arrived.
    pub fn compare(&self, welcome: &Welcome) -> Verdict {
        let mut acknowledged: BTreeMap<u16, &Save> = BTreeMap::new();
        for save in self.saves.iter().filter(|save| save.came == Came::Saved) {
            let newest = acknowledged.entry(save.position).or_insert(save);
            if save.seq > newest.seq {
                *newest = save;
            }
        }
        for (position, stored) in (0_u16..).zip(&welcome.answers) {
            let counts = acknowledged.get(&position);
            let as_acknowledged = match counts {
                Some(save) => stored.choices == [save.choice],
                None => self.before.get(usize::from(position)).is_none_or(|before| *before == stored.choices),
            };
            let newer = |save: &&Save| save.position == position && counts.is_none_or(|counts| save.seq > counts.seq);
            let unanswered = |save: &Save| save.came == Came::Unknown && stored.choices == [save.choice];
            if !as_acknowledged && !self.saves.iter().filter(newer).any(unanswered) {
                let expected = counts.map(|save| (save.seq, save.choice));
                let number = &self.seat.participant_no;
                return Verdict::Wrong(format!(
                    "{number} position {position}: acknowledged {expected:?}, the server has {:?}",
                    stored.choices
                ));
            }
        }
        if let Some((position, save)) = acknowledged.iter().find(|(position, _)| usize::from(**position) >= welcome.answers.len()) {
            return Verdict::Wrong(format!(
                "{} position {position}: acknowledged {}, the server has nothing",
                self.seat.participant_no, save.seq
            ));
        }
        Verdict::Right
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::terminal::{AnswerView, ClockView};

    fn seat() -> Seat {
        Seat { participant_no: "1".into(), session: String::new(), sitting: String::new(), cookie: String::new() }
    }

    fn welcome(choices: &[&[u8]]) -> Welcome {
        let clock = ClockView { phase: Phase::Running, remaining_ms: 1, section: 0, section_remaining_ms: None, sitting_started: true };
        Welcome {
            session: String::new(),
            epoch: 1,
            next_seq: 9,
            clock,
            paper_digest: None,
            answers: choices.iter().map(|choices| AnswerView { choices: choices.to_vec(), doubtful: false }).collect(),
            cursor: 0,
            start_individually: true,
            reconnect_jitter_ms: 10,
            ended: None,
        }
    }

    /// Answers as (seq, position, choice, what it came to).
    fn session(saves: &[(u32, u16, u8, Came)]) -> Session {
        let mut session = Session::new(seat());
        session.before = vec![Vec::new(), Vec::new()].into();
        session.saves =
            saves.iter().map(|&(seq, position, choice, came)| Save { seq, position, item: 0, choice, came, again: false }).collect();
        session
    }

    #[test]
    fn what_was_acknowledged_last_must_be_there() {
        let session = session(&[(1, 0, 3, Came::Saved), (2, 0, 4, Came::Saved), (3, 1, 1, Came::Refused)]);
        assert_eq!(session.compare(&welcome(&[&[4], &[]])), Verdict::Right);
        for wrong in [&[&[3_u8][..], &[]], &[&[], &[]], &[&[4], &[1]]] {
            assert!(matches!(session.compare(&welcome(wrong)), Verdict::Wrong(_)), "{wrong:?}");
        }
        assert!(matches!(session.compare(&welcome(&[])), Verdict::Wrong(_)), "a server that forgot everything");
    }

    #[test]
    fn busy_is_written_down_when_it_is_all_that_was_heard() {
        let mut bank = Bank::default();
        let item = bank.intern("ab", || vec![0]);
        let mut session = Session::new(seat());
        (session.paper, session.up) = (vec![item].into(), true);
        let mut rng = rand::SeedableRng::seed_from_u64(1);
        session.answer(0, Some(0), &bank, &mut rng);
        session.busy(1);
        assert_eq!(session.saves[0].came.letter(), "b");
        session.say_command(1, &bank);
        assert_eq!(session.saves[0].came.letter(), "?", "on its way again");
        session.busy(1);
        assert_eq!(session.saves[0].came.letter(), "?", "one of two sendings may have arrived");
    }

    #[test]
    fn an_answer_without_an_answer_may_have_arrived_if_it_is_newer() {
        let session = session(&[(1, 0, 2, Came::Unknown), (2, 0, 3, Came::Saved), (3, 0, 4, Came::Unknown)]);
        for (stored, right) in [(3, true), (4, true), (2, false)] {
            assert_eq!(session.compare(&welcome(&[&[stored], &[]])) == Verdict::Right, right, "{stored}");
        }
    }
}
