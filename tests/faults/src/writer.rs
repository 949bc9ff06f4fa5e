//! A node without sockets: owners whose candidates answer as fast as acknowledgements come, over the real journal.

use crate::hall::{SCHEDULED_UTC_MS, Scale, answer, paper, preparation, proctor, seat_id, session_id, sitting_id};
use crate::verify::{Recovered, recover_all};
use anyhow::{Context, Result, bail};
use exam_session::command::{Actor, Command, Order, SessionOrder, SittingOrder, TerminalStamp, terminal_command_id};
use exam_session::owner::{Effect, Input, Owner, ReplyTo};
use exam_session::refusal::Refusal;
use exam_session::session::Phase;
use exam_session::sitting::Accepted;
use exam_session::time::Now;
use question_bank::id::CommandId;
use std::fmt;
use std::io::Write;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use store::journal::{Heartbeat, Journal, LOG_PAGES};

/// A batch that found the disk full is tried again after this, as the server does.
const RETRY_FULL_DISK_AFTER: Duration = Duration::from_millis(50);
const BEAT_EVERY: Duration = Duration::from_secs(1);

/// One acknowledged answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ack {
    /// When the acknowledgement was known, Unix microseconds.
    pub utc_us: u64,
    /// The sitting's number.
    pub sitting: u16,
    /// The session's number.
    pub session: u16,
    /// The terminal's number of the command.
    pub stamp: TerminalStamp,
    /// Position in the journal.
    pub position: u64,
}

impl fmt::Display for Ack {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Ack { utc_us, sitting, session, stamp: TerminalStamp { epoch, seq }, position } = self;
        write!(f, "{utc_us} sitting {sitting} session {session} epoch {epoch} seq {seq} position {position}")
    }
}

impl Ack {
    /// Reads a line of the writer; none for a line that was cut off.
    pub fn parse(line: &str) -> Option<Ack> {
        let mut words = line.split(' ').filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        let mut next = || words.next()?.parse::<u64>().ok();
        Some(Ack {
            utc_us: next()?,
            sitting: next()? as u16,
            session: next()? as u16,
            stamp: TerminalStamp { epoch: next()? as u32, seq: next()? as u32 },
            position: next()?,
        })
    }

    /// Reads all whole lines.
    pub fn parse_all(text: &str) -> Vec<Ack> {
        text.split_inclusive('\n').filter(|line| line.ends_with('\n')).filter_map(|line| Ack::parse(line.trim_end())).collect()
    }
}

/// Unix microseconds.
pub fn utc_us() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as u64)
}

/// How long and how fast the candidates answer.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Answers after which the writer stops.
    pub answers: u64,
    /// Pause before each step of a sitting, so that a short journal spans several foldings of the log.
    pub pause: Duration,
    /// Pages of the journal's log.
    pub log_pages: u32,
}

/// Which sitting's batch the journal answered, and whether it was stored.
type Word = (usize, bool);

struct Node<W> {
    halls: Vec<Owner>,
    began: Instant,
    began_ms: Vec<u64>,
    journal: Journal,
    words: Sender<Word>,
    out: W,
    left: u64,
    commands: u64,
}

/// Runs in a directory until so many answers are acknowledged; one line per acknowledgement. Ends the process when the journal says that
/// nothing may be believed any more.
pub fn run(dir: &Path, scale: Scale, pace: Pace, out: impl Write) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (words, heard) = channel();
    let on_fatal = |fatal| {
        eprintln!("{fatal:?}");
        std::process::abort();
    };
    let (journal, writer) = runtime.block_on(Journal::open(dir, pace.log_pages, on_fatal))?;
    let recovered = runtime.block_on(recover_all(dir, scale))?;
    let began_ms = recovered.iter().map(|recovered| recovered.mono_ms).collect();
    let halls = recovered.into_iter().map(|Recovered { sitting, head, mono_ms }| Owner::new(sitting, head, mono_ms)).collect();
    let mut node = Node { halls, began: Instant::now(), began_ms, journal, words, out, left: pace.answers, commands: 0 };
    for n in 0..node.halls.len() {
        if node.halls[n].sitting().sessions().all(|(_, session)| session.phase() != Phase::Running) {
            node.make_ready(n, scale, &heard)?;
        }
    }
    node.answer_until_done(scale, pace, &heard)?;
    drop(node);
    writer.join();
    Ok(())
}

impl<W: Write> Node<W> {
    fn now(&self, n: usize) -> Now {
        let mono_ms = self.began_ms[n] + self.began.elapsed().as_millis() as u64;
        Now { utc_ms: SCHEDULED_UTC_MS - 1_000_000 + mono_ms as i64, mono_ms }
    }

    fn command(&mut self, n: usize, reply: ReplyTo, actor: Actor, order: Order) -> Input {
        self.commands += 1;
        let bytes = [utc_us().to_be_bytes(), self.commands.to_be_bytes()];
        let id = order.stamp().map_or_else(|| CommandId::derive("faults/command", &[&bytes[0], &bytes[1]]), terminal_command_id);
        let mut nonce = [0; 16];
        nonce[..8].copy_from_slice(&self.commands.to_be_bytes());
        let command = Command { id, at: self.now(n), nonce, actor, approver: None, order };
        Input::Command { command: Box::new(command), reply }
    }

    /// Steps a sitting; answers come back, blocks go to the journal.
    fn step(&mut self, n: usize, inputs: Vec<Input>) -> Vec<(ReplyTo, Result<Accepted, Refusal>)> {
        let now = self.now(n);
        let mut answers = Vec::new();
        for effect in self.halls[n].step(now, inputs) {
            match effect {
                Effect::Append(block) => {
                    let words = self.words.clone();
                    self.journal.append(block, move |stored| {
                        let _ = words.send((n, stored.is_ok()));
                    });
                }
                Effect::Answer { reply, answer } => answers.push((reply, answer)),
                Effect::Applied { .. } => {}
            }
        }
        answers
    }

    /// Opens the doors, seats everybody and lets them start.
    fn make_ready(&mut self, n: usize, scale: Scale, heard: &Receiver<Word>) -> Result<()> {
        let (number, sheet) = (n as u16, paper());
        let (staff, nobody) = (Actor::Staff(proctor()), ReplyTo(u64::MAX));
        let open = SittingOrder::Open((0..scale.sessions).map(|m| preparation(number, m, &sheet)).collect());
        let mut inputs = vec![self.command(n, nobody, staff, Order::Sitting(open))];
        let stamp = |seq| TerminalStamp { epoch: 1, seq };
        for m in 0..scale.sessions {
            let check_in = SessionOrder::CheckIn { seat: seat_id(m), documents: Vec::new(), override_reason: None };
            inputs.push(self.command(n, nobody, staff, Order::Session(session_id(number, m), check_in)));
            for order in [SessionOrder::SignIn, SessionOrder::Consent(stamp(1))] {
                inputs.push(self.command(n, nobody, Actor::Candidate, Order::Session(session_id(number, m), order)));
            }
        }
        inputs.push(self.command(n, nobody, staff, Order::Sitting(SittingOrder::Start)));
        for m in 0..scale.sessions {
            let start = SessionOrder::Start(stamp(2));
            inputs.push(self.command(n, nobody, Actor::Candidate, Order::Session(session_id(number, m), start)));
        }
        let mut answers = self.step(n, inputs);
        while self.halls[n].appending() {
            let (who, stored) = heard.recv().context("the journal is gone")?;
            anyhow::ensure!(who == n, "only this sitting writes");
            answers.extend(self.step(n, vec![if stored { Input::Appended } else { Input::NotAppended }]));
        }
        match answers.into_iter().find_map(|(_, answer)| answer.err()) {
            Some(refusal) => bail!("sitting {n} could not be made ready: {refusal:?}"),
            None => Ok(()),
        }
    }

    fn next_answer(&mut self, n: usize, m: u16) -> Option<Input> {
        if self.left == 0 {
            return None;
        }
        let session = session_id(n as u16, m);
        let state = self.halls[n].sitting().session(session)?;
        let stamp = TerminalStamp { epoch: state.epoch(), seq: state.next_seq() };
        Some(self.command(n, ReplyTo(u64::from(m)), Actor::Candidate, Order::Session(session, answer(m, stamp))))
    }

    fn answer_until_done(&mut self, scale: Scale, pace: Pace, heard: &Receiver<Word>) -> Result<()> {
        for n in 0..self.halls.len() {
            let inputs = (0..scale.sessions).filter_map(|m| self.next_answer(n, m)).collect();
            self.step(n, inputs);
        }
        let mut beat_at = Instant::now();
        while self.halls.iter().any(Owner::appending) {
            if beat_at.elapsed() >= BEAT_EVERY {
                beat_at = Instant::now();
                for n in 0..self.halls.len() {
                    let Now { utc_ms, mono_ms } = self.now(n);
                    self.journal.beat(Heartbeat { sitting: sitting_id(n as u16), mono_ms, utc_ms });
                }
            }
            let (n, stored) = match heard.recv_timeout(BEAT_EVERY) {
                Ok(word) => word,
                Err(RecvTimeoutError::Timeout) => continue,
                Err(RecvTimeoutError::Disconnected) => bail!("the journal is gone"),
            };
            if !stored {
                std::thread::sleep(RETRY_FULL_DISK_AFTER);
            }
            let sent: Vec<(u16, TerminalStamp)> = self.next_stamps(n, scale);
            let mut inputs = Vec::new();
            for (reply, answer) in self.step(n, vec![if stored { Input::Appended } else { Input::NotAppended }]) {
                let m = reply.0 as u16;
                match answer {
                    Ok(Accepted { position: Some(position), .. }) => {
                        let stamp = sent[usize::from(m)].1;
                        let ack = Ack { utc_us: utc_us(), sitting: n as u16, session: m, stamp, position };
                        // One write per line: a reader never sees half of an acknowledgement that counts.
                        self.out.write_all(format!("{ack}\n").as_bytes())?;
                        self.left = self.left.saturating_sub(1);
                    }
                    Ok(_) | Err(Refusal::Busy) => {}
                    Err(refusal) => bail!("sitting {n} session {m}: {refusal:?}"),
                }
                inputs.extend(self.next_answer(n, m));
            }
            if !pace.pause.is_zero() {
                std::thread::sleep(pace.pause);
            }
            self.step(n, inputs);
        }
        Ok(())
    }

    /// The numbers under which answers are on their way: the durable state does not know them yet.
    fn next_stamps(&self, n: usize, scale: Scale) -> Vec<(u16, TerminalStamp)> {
        let sitting = self.halls[n].sitting();
        let stamp =
            |m| sitting.session(session_id(n as u16, m)).map(|session| TerminalStamp { epoch: session.epoch(), seq: session.next_seq() });
        (0..scale.sessions).map(|m| (m, stamp(m).unwrap_or(TerminalStamp { epoch: 0, seq: 0 }))).collect()
    }
}

/// The command line of `saksama-journal-writer`.
#[derive(clap::Parser, Debug)]
#[command(about = "Halls that answer as fast as the journal takes it; one line per acknowledged answer")]
pub struct Arguments {
    /// Directory of the journal.
    dir: std::path::PathBuf,
    /// Sittings that share the journal.
    #[arg(long, default_value_t = 3)]
    sittings: u16,
    /// Sessions of each sitting.
    #[arg(long, default_value_t = 30)]
    sessions: u16,
    /// Stops after so many acknowledged answers.
    #[arg(long, default_value_t = 1_000_000)]
    answers: u64,
    /// Milliseconds of pause before each step of a sitting.
    #[arg(long, default_value_t = 0)]
    pause_ms: u64,
    /// Pages of the journal's log: with few of them it is begun again often, and there are few zeros in it.
    #[arg(long, default_value_t = LOG_PAGES)]
    log_pages: u32,
    /// Writes nothing: reads the journal again and compares it with the acknowledgements in this file.
    #[arg(long, value_name = "ACKS")]
    verify: Option<std::path::PathBuf>,
}

/// Runs what the command line says.
pub fn main(arguments: &Arguments) -> Result<()> {
    let scale = Scale { sittings: arguments.sittings, sessions: arguments.sessions };
    if let Some(acks) = &arguments.verify {
        let acks = Ack::parse_all(&std::fs::read_to_string(acks)?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let broken = runtime.block_on(crate::verify::broken(&arguments.dir, scale, &acks));
        broken.iter().for_each(|line| println!("{line}"));
        anyhow::ensure!(broken.is_empty(), "{} promises are broken", broken.len());
        println!("{} acknowledged answers are there", acks.len());
        return Ok(());
    }
    std::fs::create_dir_all(&arguments.dir)?;
    let pace = Pace { answers: arguments.answers, pause: Duration::from_millis(arguments.pause_ms), log_pages: arguments.log_pages };
    run(&arguments.dir, scale, pace, std::io::stdout())
}
