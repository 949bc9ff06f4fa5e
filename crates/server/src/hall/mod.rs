//! Halls: one owner task per sitting, and the handles by which everybody else reaches it.
//!
//! The task holds the [`exam_session::owner::Owner`] and gives it a clock, a journal and ears. Everything that touches a sitting goes through
//! its inbox, so that two simultaneous answers get their order in exactly one place.

mod facts;
mod link;
mod task;

pub(crate) use facts::load;
pub use facts::{Facts, Person, Schemes, outline};
pub use link::{Attach, Attached, LinkEnd, OUTBOUND_MAX, Outbound};
pub use task::{HallState, clock_view};

use crate::board::Boards;
use crate::clock::SittingClock;
use crate::random;
use exam_session::command::{Actor, Command, Order};
use exam_session::refusal::Refusal;
use exam_session::sitting::Accepted;
use question_bank::id::{CommandId, SessionId, SittingId, StaffId};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use store::Store;
use store::journal::Journal;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// Most inputs that wait for one owner task; senders wait beyond that, so a socket that floods only slows itself.
pub const INBOX_MAX: usize = 20_000;

/// What enters a hall's task.
pub(crate) enum Inlet {
    /// Somebody asks over HTTP, or the server itself.
    Command(Box<Command>, oneshot::Sender<Result<Accepted, Refusal>>),
    /// A terminal asks; the answer goes to its link.
    FromTerminal { session: u32, seq: u32, command: Box<Command> },
    /// A terminal's socket wants to speak for a session.
    Attach(Attach, oneshot::Sender<Attached>),
    /// A terminal's socket is gone.
    Detach(LinkEnd),
    /// Look at the state.
    Read(Box<dyn FnOnce(&HallState) + Send>),
    /// Change what is not part of the journal (names, proposals shown).
    Touch(Box<dyn FnOnce(&mut HallState) + Send>),
    /// The journal answered for the batch on its way.
    Appended(bool),
    /// Finish what is on its way and end.
    Stop(oneshot::Sender<()>),
}

/// A handle to one sitting's task.
#[derive(Clone)]
pub struct Hall {
    sitting: SittingId,
    inbox: mpsc::Sender<Inlet>,
    clock: SittingClock,
    facts: Arc<Facts>,
    watch: Arc<crate::watch::WatchFeed>,
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
    pub async fn detach(&self, end: LinkEnd) {
        let _ = self.inbox.send(Inlet::Detach(end)).await;
    }

    /// A terminal's command, stamped with this instant; the answer goes to the link.
    pub async fn from_terminal(&self, session: u32, seq: u32, id: CommandId, order: Order) -> Result<(), Refusal> {
        let command =
            Box::new(Command { id, at: self.clock.now(), nonce: random::bytes(), actor: Actor::Candidate, approver: None, order });
        self.inbox.send(Inlet::FromTerminal { session, seq, command }).await.map_err(|_| Refusal::Busy)
    }
}

/// A sitting's task, taken by whoever waits for its end.
type Task = Arc<tokio::sync::Mutex<Option<JoinHandle<()>>>>;

/// All sittings this node owns.
pub struct Halls {
    store: Store,
    journal: Journal,
    dir: PathBuf,
    boards: Boards,
    /// Guards the registry only; never held across a wait.
    running: RwLock<HashMap<SittingId, (Hall, Task)>>,
    /// One (re)load at a time.
    loading: tokio::sync::Mutex<()>,
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
    /// Loads every sitting there is and starts their tasks.
    pub async fn load(store: Store, journal: Journal, dir: &Path, boards: Boards) -> Result<Halls, LoadError> {
        let halls = Halls {
            store,
            journal,
            dir: dir.to_owned(),
            boards,
            running: RwLock::new(HashMap::new()),
            loading: tokio::sync::Mutex::new(()),
        };
        for sitting in halls.store.sittings_to_run().await? {
            halls.reload(sitting.sitting).await?;
        }
        Ok(halls)
    }

    /// Starts a sitting's task anew from store and journal: after enrolling, drawing, or a change of policy. Terminals come back by themselves.
    pub async fn reload(&self, sitting: SittingId) -> Result<(), LoadError> {
        let _one_at_a_time = self.loading.lock().await;
        self.stop_one(sitting).await;
        let loaded = facts::load(&self.store, &self.dir, sitting, |_, _| ()).await?;
        let facts = Arc::clone(&loaded.facts);
        let clock = SittingClock::resume(loaded.mono_ms);
        let (inbox, inlet) = mpsc::channel(INBOX_MAX);
        let watch = Arc::new(crate::watch::WatchFeed::new());
        let waiting = crate::api::proctor::proposals(self.store.pending_proposals(sitting).await?, &facts);
        let mut state = HallState::new(loaded, clock, self.journal.clone(), inbox.downgrade(), self.boards.clone(), Arc::clone(&watch));
        state.watch().set_proposals(waiting);
        let task = tokio::spawn(task::run(state, inlet));
        let hall = Hall { sitting, inbox, clock, facts, watch };
        let mut running = self.running.write().expect("the registry's lock is not poisoned: nothing in it can panic");
        running.insert(sitting, (hall, Arc::new(tokio::sync::Mutex::new(Some(task)))));
        Ok(())
    }

    async fn stop_one(&self, sitting: SittingId) {
        let removed = self.running.write().expect("the registry's lock is not poisoned").remove(&sitting);
        let Some((hall, task)) = removed else { return };
        let (done, stopped) = oneshot::channel();
        if hall.inbox.send(Inlet::Stop(done)).await.is_ok() {
            let _ = stopped.await;
        }
        if let Some(task) = task.lock().await.take() {
            let _ = task.await;
        }
    }

    /// Finishes what is on its way in every sitting and ends their tasks.
    pub async fn stop(&self) {
        for sitting in self.all().iter().map(Hall::sitting) {
            self.stop_one(sitting).await;
        }
    }

    /// The sitting's handle.
    pub fn get(&self, sitting: SittingId) -> Option<Hall> {
        self.running.read().expect("the registry's lock is not poisoned").get(&sitting).map(|(hall, _)| hall.clone())
    }

    /// The sitting that has this session.
    pub fn of_session(&self, session: SessionId) -> Option<Hall> {
        let running = self.running.read().expect("the registry's lock is not poisoned");
        running.values().find(|(hall, _)| hall.facts.index.contains_key(&session)).map(|(hall, _)| hall.clone())
    }

    /// All sittings, by scheduled start.
    pub fn all(&self) -> Vec<Hall> {
        let running = self.running.read().expect("the registry's lock is not poisoned");
        let mut halls: Vec<Hall> = running.values().map(|(hall, _)| hall.clone()).collect();
        halls.sort_by_key(|hall| (hall.facts.starts_utc_ms, hall.sitting));
        halls
    }
}
