//! The front: threads of their own, with less weight than the halls', for everything that is not a terminal's socket.
//!
//! Connections are accepted and requests answered here, screens and consoles are fed here, and what is slow runs on blocking threads of this
//! runtime. A terminal's socket moves to the runtime of the halls when it is upgraded. So a flood of requests, a large export or a thousand
//! screens take turns with each other, and the scheduler of the system sees to it that answers go first.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use tokio::runtime::{Builder, Handle, Runtime};

/// Less weight than the threads of the halls and the journal: about a third of a core when all cores are busy, all of what is idle otherwise.
const NICENESS: i32 = 5;
/// Threads for slow work. What is slow is bounded by its lane and by the password hashers; this only bounds both together.
const BLOCKING_THREADS_MAX: usize = 24;

/// The runtime of the front. It ends without waiting when it is dropped.
pub struct Front(Option<Runtime>);

impl Front {
    /// Starts its threads.
    pub fn start() -> std::io::Result<Front> {
        let runtime = Builder::new_multi_thread()
            .thread_name("front")
            .max_blocking_threads(BLOCKING_THREADS_MAX)
            // The threads of one process may differ in weight on Linux, and a thread may always take less.
            .on_thread_start(|| {
                let _ = rustix::process::nice(NICENESS);
            })
            .enable_all()
            .build()?;
        Ok(Front(Some(runtime)))
    }

    /// Where to spawn.
    pub fn handle(&self) -> &Handle {
        self.0.as_ref().expect("the runtime is taken by drop only").handle()
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Bytes that wait in the kernel for one viewer; one that is slower than that gets the newest state later.
pub const VIEWER_SEND_BYTES_MAX: usize = 64 * 1024;

const MOVES: u8 = 1;
const VIEWS: u8 = 2;
const HEARD: u8 = 4;

/// What a connection is told by whoever answers its requests; the connection does it when it is polled next.
#[derive(Clone, Debug, Default)]
pub struct Wish(Arc<AtomicU8>);

impl Wish {
    /// A request has arrived on the connection.
    pub fn hear(&self) {
        self.0.fetch_or(HEARD, Ordering::Relaxed);
    }

    pub(crate) fn heard(&self) -> bool {
        self.0.load(Ordering::Relaxed) & HEARD != 0
    }

    /// The socket is a viewer's: the kernel keeps little for it.
    pub fn view(&self) {
        self.0.fetch_or(VIEWS, Ordering::Relaxed);
    }

    /// Goes on with a socket on another runtime, and takes the connection along.
    pub fn go_on(&self, runtime: &Handle, work: impl Future<Output = ()> + Send + 'static) {
        let wish = self.clone();
        runtime.spawn(async move {
            // Only now, on the new runtime: whoever polls the connection next does it from here.
            wish.0.fetch_or(MOVES, Ordering::Relaxed);
            work.await;
        });
    }

    /// What is to be done, told once: (move to the current runtime, keep little).
    pub(crate) fn take(&self) -> Option<(bool, bool)> {
        // Nearly always nothing, on a path that is hot.
        if self.0.load(Ordering::Relaxed) & !HEARD == 0 {
            return None;
        }
        let wishes = self.0.fetch_and(HEARD, Ordering::Relaxed);
        Some((wishes & MOVES != 0, wishes & VIEWS != 0))
    }
}
