//! The link between a session and the one terminal socket that speaks for it.

use exam_session::refusal::Refusal;
use question_bank::id::SessionId;
use question_bank::paper::Paper;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::mpsc;
use wire::terminal::{ClockView, TerminalNews};

/// Most words on their way to one terminal; one that does not read them is disconnected.
pub const OUTBOUND_MAX: usize = 256;
/// A socket from which nothing was heard for so long does not keep a second terminal out, milliseconds.
pub const SILENT_MS: u64 = 20_000;

/// What a hall tells a terminal's socket.
#[derive(Debug)]
pub enum Outbound {
    /// Durable.
    Saved(u32),
    /// Kept as late evidence.
    Late(u32),
    /// Not done.
    Refused(u32, Refusal),
    /// The clock, or a change of phase.
    Clock(ClockView),
    /// The paper may be shown now.
    Paper(Arc<Paper>),
    /// Any other word.
    News(Box<TerminalNews>),
    /// Close with this code.
    Close(u16),
}

/// A socket that wants to speak for a session.
pub struct Attach {
    /// The session of the terminal's cookie.
    pub session: SessionId,
    /// The epoch of the terminal's cookie.
    pub epoch: u32,
    /// Random per browser tab.
    pub instance: String,
    /// Digest of the paper the page has.
    pub have_paper: Option<String>,
    /// Where words for it go.
    pub out: mpsc::Sender<Outbound>,
    /// When something was heard from it last, on the sitting's clock; written by the socket's task.
    pub heard_mono_ms: Arc<AtomicU64>,
}

/// How that came out.
#[derive(Debug)]
pub enum Attached {
    /// It speaks for the session; `welcome` (and the paper) are on their way.
    Yes {
        /// Goes with every command, and back at the end.
        link: LinkId,
    },
    /// An older terminal of the session: it may hand in late evidence and nothing else.
    Evidence {
        /// Epoch of the terminal that speaks for it now.
        epoch: u32,
    },
    /// Close with this code.
    No(u16),
}

/// Names a link, so that the end of an old socket does not cut a new one, and no socket hears "saved" for what another one sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkId {
    pub(super) session: u32,
    pub(super) number: u64,
}

/// A live link.
pub(super) struct Link {
    pub(super) number: u64,
    pub(super) instance: String,
    pub(super) out: mpsc::Sender<Outbound>,
    pub(super) heard_mono_ms: Arc<AtomicU64>,
}

impl Link {
    /// Was something heard from it lately?
    pub(super) fn alive(&self, now_mono_ms: u64) -> bool {
        !self.out.is_closed() && now_mono_ms.saturating_sub(self.heard_mono_ms.load(Ordering::Relaxed)) < SILENT_MS
    }

    /// Tells it something; false when it is too slow or gone.
    pub(super) fn tell(&self, word: Outbound) -> bool {
        self.out.try_send(word).is_ok()
    }
}
