//! Halls: one owner task per sitting, and the handles by which everybody else reaches it.
//!
//! The task holds the [`exam_session::owner::Owner`] and gives it a clock, a journal and ears. Everything that touches a sitting goes through
//! its inbox, so that two simultaneous answers get their order in exactly one place.

mod facts;
mod link;
mod task;

pub(crate) use facts::load;
pub use facts::{Facts, Person, Schemes, outline};
pub use link::{Attach, Attached, ClockNow, LinkId, Mailbox, OUTBOUND_MAX, Outbound, Postman, later};
pub use task::{HallState, clock_view};

use crate::board::Boards;
use crate::clock::SittingClock;
use crate::random;
use exam_session::command::{Actor, Command, Order};
use exam_session::refusal::Refusal;
use exam_session::sitting::Accepted;
use futures_util::FutureExt;
use question_bank::id::{CommandId, SessionId, SittingId, StaffId};
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use store::Store;
use store::journal::{Journal, Reader};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

/// Most inputs that wait for one owner task; beyond that a terminal is told "busy", and all others wait.
pub const INBOX_MAX: usize = 20_000;

/// What enters a hall's task.
pub(crate) enum Inlet {
    /// Somebody asks over HTTP, or the server itself.
    Command(Box<Command>, oneshot::Sender<Result<Accepted, Refusal>>),
    /// A terminal asks; the answer goes to its link and to no other.
    FromTerminal { link: LinkId, seq: u32, command: Box<Command> },
    /// A terminal's socket wants to speak for a session.
    Attach(Attach, oneshot::Sender<Attached>),
    /// A terminal's socket is gone.
    Detach(LinkId),
    /// Look at the state.
    Read(Box<dyn FnOnce(&HallState) + Send>),
    /// Change what is not part of the journal (names, proposals shown).
    Touch(Box<dyn FnOnce(&mut HallState) + Send>),
    /// The journal answered for the batch on its way.
    Appended(bool),
    /// Finish what is on its way and end.
    Stop,
}

/// A handle to one sitting's task.
#[derive(Clone)]
pub struct Hall {
    sitting: SittingId,
    inbox: mpsc::Sender<Inlet>,
    clock: SittingClock,
    facts: Arc<Facts>,
    watch: Arc<crate::watch::WatchFeed>,
    /// Cancelled when the task has ended and nothing of it writes any more.
    ended: CancellationToken,
}

impl Hall {
    /// Whose.
    pub fn sitting(&self) -> SittingId {
        self.sitting
    }

    /// What the committee set up, as of the last (re)load.
    pub fn facts(&self) -> &Arc<Facts> {
        &self.facts
    }

    /// The sitting's clock: the one for everything that must not follow a step of the wall clock.
    pub fn mono_ms(&self) -> u64 {
        self.clock.mono_ms()
    }

    /// Deltas for consoles.
    pub(crate) fn watch(&self) -> &Arc<crate::watch::WatchFeed> {
        &self.watch
    }

    /// Asks, and waits until it is durable or refused.
    pub async fn command(&self, actor: Actor, approver: Option<StaffId>, id: CommandId, order: Order) -> Result<Accepted, Refusal> {
        let command = Box::new(Command { id, at: self.clock.now(), nonce: random::bytes(), actor, approver, order });
        let (reply, answer) = oneshot::channel();
        self.inbox.send(Inlet::Command(command, reply)).await.map_err(|_| Refusal::Busy)?;
        answer.await.unwrap_or(Err(Refusal::Busy))
    }

    /// Inputs that wait for the task.
    pub fn inbox_len(&self) -> usize {
        self.inbox.max_capacity() - self.inbox.capacity()
    }

    /// Looks at the durable state, in order with everything that was asked before.
    pub async fn read<T: Send + 'static>(&self, look: impl FnOnce(&HallState) -> T + Send + 'static) -> Result<T, Refusal> {
        let (reply, answer) = oneshot::channel();
        let look = Box::new(move |state: &HallState| {
            let _ = reply.send(look(state));
        });
        self.inbox.send(Inlet::Read(look)).await.map_err(|_| Refusal::Busy)?;
        answer.await.map_err(|_| Refusal::Busy)
    }

    /// Changes what is not part of the journal.
    pub async fn touch(&self, change: impl FnOnce(&mut HallState) + Send + 'static) {
        let _ = self.inbox.send(Inlet::Touch(Box::new(change))).await;
    }

    /// Binds a terminal's socket to its session.
    pub async fn attach(&self, attach: Attach) -> Result<Attached, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.inbox.send(Inlet::Attach(attach, reply)).await.map_err(|_| Refusal::Busy)?;
        answer.await.map_err(|_| Refusal::Busy)
    }

    /// The socket is gone.
    pub async fn detach(&self, link: LinkId) {
        let _ = self.inbox.send(Inlet::Detach(link)).await;
    }

    /// A terminal's command, stamped with this instant; the answer goes to the link.
    pub fn from_terminal(&self, link: LinkId, seq: u32, id: CommandId, order: Order) -> Result<(), Refusal> {
        let command =
            Box::new(Command { id, at: self.clock.now(), nonce: random::bytes(), actor: Actor::Candidate, approver: None, order });
        // Full: it is not stored, the terminal hears so and keeps it.
        self.inbox.try_send(Inlet::FromTerminal { link, seq, command }).map_err(|_| Refusal::Busy)
    }

    /// Ends the task, and waits until it has: only then may another one write to the journal of this sitting.
    async fn stop(&self) {
        // A closed inbox means that it was told before.
        let _ = self.inbox.send(Inlet::Stop).await;
        self.ended.cancelled().await;
    }
}

/// All sittings this node owns.
pub struct Halls {
    store: Store,
    journal: Journal,
    dir: PathBuf,
    boards: Boards,
    /// Where halls and their terminals' sockets run, whoever asks for a reload.
    runtime: tokio::runtime::Handle,
    /// Guards the registry only; never held across a wait. A sitting that is being reloaded keeps its old handle, which says "busy".
    running: RwLock<HashMap<SittingId, Hall>>,
    /// One (re)load at a time, and none after the stop: true then.
    stopped: tokio::sync::Mutex<bool>,
    /// Finished sittings are read while the others go on already: what is known of the rest of them.
    rest: watch::Sender<Rest>,
}

/// The finished sittings that are not read yet, and those that cannot be.
#[derive(Debug, Default)]
struct Rest {
    loading: bool,
    damaged: Vec<(SittingId, String)>,
}

/// There is no hall to speak to.
#[derive(Debug, thiserror::Error)]
pub enum Absent {
    /// Nobody knows this sitting.
    #[error("there is no such sitting")]
    Unknown,
    /// What is stored of a finished sitting cannot be right.
    #[error("{0}")]
    Damaged(String),
}

/// Runs the owner to its end. One that panicked would leave its sitting silent for ever, and nobody knows what of its state is true: the process
/// ends, and whoever starts it again reads what is really on the disk.
async fn own(state: HallState, inlet: mpsc::Receiver<Inlet>, ended: CancellationToken) {
    if AssertUnwindSafe(task::run(state, inlet)).catch_unwind().await.is_err() {
        tracing::error!("the task of a sitting panicked; this process ends so that a fresh one reads what is stored");
        std::process::abort();
    }
    ended.cancel();
}

/// A sitting could not be loaded: stop, or repair what the cause names.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The store says no.
    #[error("failed to read the store")]
    Store(#[from] store::Error),
    /// The journal says no.
    #[error("failed to read the journal")]
    Journal(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What is stored cannot be right.
    #[error("sitting {sitting} is damaged: {what}")]
    Damaged {
        /// Which.
        sitting: SittingId,
        /// What.
        what: String,
    },
}

impl Halls {
    /// Starts the tasks of all sittings that are not over; those that are, come after ([`Halls::load_finished`]): an exam that goes on waits for none
    /// of yesterday's.
    pub async fn load(store: Store, journal: Journal, dir: &Path, boards: Boards) -> Result<(Halls, Vec<SittingId>), LoadError> {
        let halls = Halls {
            store,
            journal,
            dir: dir.to_owned(),
            boards,
            runtime: tokio::runtime::Handle::current(),
            running: RwLock::new(HashMap::new()),
            stopped: tokio::sync::Mutex::new(false),
            rest: watch::Sender::new(Rest { loading: true, damaged: Vec::new() }),
        };
        let known: Vec<SittingId> = halls.store.sittings_to_run().await?.into_iter().map(|sitting| sitting.sitting).collect();
        let finished = halls.finished(&known).await?;
        for sitting in known.into_iter().filter(|sitting| !finished.contains(sitting)) {
            halls.reload(sitting).await?;
        }
        Ok((halls, finished))
    }

    /// The sittings that are closed, as far as the end of their journals tells: one with a note behind its end is read with those that go on.
    async fn finished(&self, known: &[SittingId]) -> Result<Vec<SittingId>, LoadError> {
        let unread = |error: Box<dyn std::error::Error + Send + Sync>| LoadError::Journal(error);
        let mut journal = Reader::open(&self.dir).await.map_err(|error| unread(error.into()))?;
        let mut finished = Vec::new();
        for sitting in journal.sittings().await.map_err(|error| unread(error.into()))? {
            if !known.contains(&sitting) {
                // It may be the journal of one that now seems to have none.
                return Err(LoadError::Damaged { sitting, what: "it has a journal and does not stand in the roster".to_owned() });
            }
            let last = journal.last_block(sitting).await.map_err(|error| unread(error.into()))?;
            if last.is_some_and(|block| facts::closes(&block)) {
                finished.push(sitting);
            }
        }
        Ok(finished)
    }

    /// Reads the sittings that are over and starts their tasks. One that is damaged is left out and said loudly; nothing that needs it is computed.
    pub async fn load_finished(&self, finished: Vec<SittingId>) {
        for sitting in finished {
            if let Err(error) = self.reload(sitting).await {
                let what = crate::answer::with_causes(&error);
                tracing::error!(%sitting, what, "a finished sitting cannot be read; results of its stage cannot be computed");
                self.rest.send_modify(|rest| rest.damaged.push((sitting, what)));
            }
        }
        self.rest.send_modify(|rest| rest.loading = false);
    }

    /// Waits until the finished sittings are read.
    async fn read_through(&self) {
        // The sender lives as long as this.
        let _ = self.rest.subscribe().wait_for(|rest| !rest.loading).await;
    }

    /// The sitting's handle; waits for one that is being read.
    pub async fn find(&self, sitting: SittingId) -> Result<Hall, Absent> {
        if let Some(hall) = self.get(sitting) {
            return Ok(hall);
        }
        self.read_through().await;
        let damaged = |rest: &Rest| rest.damaged.iter().find(|(of, _)| *of == sitting).map(|(_, what)| what.clone());
        match (self.get(sitting), damaged(&self.rest.borrow())) {
            (Some(hall), _) => Ok(hall),
            (None, Some(what)) => Err(Absent::Damaged(what)),
            (None, None) => Err(Absent::Unknown),
        }
    }

    /// The sitting that has this session; waits for those that are being read.
    pub async fn find_session(&self, session: SessionId) -> Option<Hall> {
        if let Some(hall) = self.of_session(session) {
            return Some(hall);
        }
        self.read_through().await;
        self.of_session(session)
    }

    /// All sittings, by scheduled start, once every one of them is read; an error when one cannot be.
    pub async fn every(&self) -> Result<Vec<Hall>, Absent> {
        self.read_through().await;
        match self.rest.borrow().damaged.first() {
            Some((_, what)) => Err(Absent::Damaged(what.clone())),
            None => Ok(self.all()),
        }
    }

    /// Starts a sitting's task anew from store and journal: after enrolling, drawing, or a change of policy. Terminals come back by themselves.
    pub async fn reload(&self, sitting: SittingId) -> Result<(), LoadError> {
        let stopped = self.stopped.lock().await;
        if *stopped {
            // What was set up is read at the next start.
            return Ok(());
        }
        if let Some(before) = self.get(sitting) {
            before.stop().await;
        }
        let loaded = facts::load(&self.store, &self.dir, sitting, |_, _| ()).await?;
        let facts = Arc::clone(&loaded.facts);
        let clock = SittingClock::resume(loaded.mono_ms);
        let (inbox, inlet) = mpsc::channel(INBOX_MAX);
        let watch = Arc::new(crate::watch::WatchFeed::new(self.boards.pressure().clone()));
        let waiting = crate::api::proctor::proposals(self.store.pending_proposals(sitting).await?, &facts);
        let mut state = HallState::new(loaded, clock, self.journal.clone(), inbox.downgrade(), self.boards.clone(), Arc::clone(&watch));
        state.watch().set_proposals(waiting);
        let ended = CancellationToken::new();
        self.runtime.spawn(own(state, inlet, ended.clone()));
        let hall = Hall { sitting, inbox, clock, facts, watch, ended };
        self.running.write().expect("the registry's lock is not poisoned: nothing in it can panic").insert(sitting, hall);
        Ok(())
    }

    /// The runtime of the halls.
    pub fn runtime(&self) -> &tokio::runtime::Handle {
        &self.runtime
    }

    /// Finishes what is on its way in every sitting and ends their tasks.
    pub async fn stop(&self) {
        let mut stopped = self.stopped.lock().await;
        *stopped = true;
        for hall in self.all() {
            hall.stop().await;
        }
    }

    /// The handle of a sitting that is read.
    pub fn get(&self, sitting: SittingId) -> Option<Hall> {
        self.running.read().expect("the registry's lock is not poisoned").get(&sitting).cloned()
    }

    fn of_session(&self, session: SessionId) -> Option<Hall> {
        let running = self.running.read().expect("the registry's lock is not poisoned");
        running.values().find(|hall| hall.facts.index.contains_key(&session)).cloned()
    }

    /// All sittings that are read, by scheduled start.
    pub fn all(&self) -> Vec<Hall> {
        let running = self.running.read().expect("the registry's lock is not poisoned");
        let mut halls: Vec<Hall> = running.values().cloned().collect();
        halls.sort_by_key(|hall| (hall.facts.starts_utc_ms, hall.sitting));
        halls
    }
}
