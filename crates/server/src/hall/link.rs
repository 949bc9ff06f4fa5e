//! The link between a session and the one terminal socket that speaks for it.

use exam_session::refusal::Refusal;
use futures_util::task::AtomicWaker;
use question_bank::id::SessionId;
use question_bank::paper::Paper;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use wire::terminal::{ClockView, Phase, TerminalNews, Welcome};

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
    Clock(ClockNow),
    /// The whole state, at the beginning.
    Welcome(Box<Welcome>, u64),
    /// The paper may be shown now.
    Paper(Arc<Paper>),
    /// Any other word.
    News(Box<TerminalNews>),
    /// Close with this code.
    Close(u16),
}

/// What a session's clock shows, and when on the sitting's clock it was read, milliseconds. When thousands start together a word waits for its
/// turn on the wire, and the page must not be told more time than remains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockNow {
    pub(crate) view: ClockView,
    pub(crate) read_mono_ms: u64,
}

/// What a clock shows `later_ms` after it was read.
pub fn later(view: ClockView, later_ms: u64) -> ClockView {
    if view.phase != Phase::Running {
        return view;
    }
    let less = |remaining_ms: u32| remaining_ms.saturating_sub(u32::try_from(later_ms).unwrap_or(u32::MAX));
    ClockView { remaining_ms: less(view.remaining_ms), section_remaining_ms: view.section_remaining_ms.map(less), ..view }
}

/// Where a hall puts words for one terminal. There is one for each of thousands of terminals, nearly always empty, so it holds memory only while
/// there are words, and its reader takes all of them at once.
#[derive(Clone, Debug, Default)]
pub struct Mailbox(Arc<Letters>);

/// The reader of a [`Mailbox`]; when it is gone, telling fails.
#[derive(Debug)]
pub struct Postman(Arc<Letters>);

#[derive(Debug, Default)]
struct Letters {
    waiting: Mutex<Waiting>,
    reader: AtomicWaker,
}

#[derive(Debug, Default)]
struct Waiting {
    words: Vec<Outbound>,
    /// The hall dropped the link, or the reader is gone.
    over: bool,
}

impl Letters {
    /// Held for a push or a swap.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) {
        self.waiting().over = true;
        self.reader.wake();
    }
}

impl Mailbox {
    /// An empty one with its reader.
    pub fn new() -> (Mailbox, Postman) {
        let letters = Arc::<Letters>::default();
        (Mailbox(Arc::clone(&letters)), Postman(letters))
    }

    /// Puts a word in; false when [`OUTBOUND_MAX`] wait already, or nobody reads any more.
    pub(super) fn tell(&self, word: Outbound) -> bool {
        let mut waiting = self.0.waiting();
        if waiting.over || waiting.words.len() >= OUTBOUND_MAX {
            return false;
        }
        waiting.words.push(word);
        let first = waiting.words.len() == 1;
        drop(waiting);
        if first {
            self.0.reader.wake();
        }
        true
    }

    /// Words that wait.
    pub(super) fn len(&self) -> usize {
        self.0.waiting().words.len()
    }

    fn is_over(&self) -> bool {
        self.0.waiting().over
    }
}

impl Postman {
    /// Waits for words and takes all of them, in order; none when the hall has dropped the link and everything it said before was taken. Safe to
    /// cancel.
    pub async fn words(&mut self) -> Option<Vec<Outbound>> {
        std::future::poll_fn(|context| {
            self.0.reader.register(context.waker());
            let mut waiting = self.0.waiting();
            match waiting.words.is_empty() {
                false => Poll::Ready(Some(std::mem::take(&mut waiting.words))),
                true if waiting.over => Poll::Ready(None),
                true => Poll::Pending,
            }
        })
        .await
    }
}

impl Drop for Postman {
    fn drop(&mut self) {
        self.0.waiting().over = true;
    }
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
    pub out: Mailbox,
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
    pub(super) out: Mailbox,
    pub(super) heard_mono_ms: Arc<AtomicU64>,
}

impl Link {
    /// Was something heard from it lately?
    pub(super) fn alive(&self, now_mono_ms: u64) -> bool {
        !self.out.is_over() && now_mono_ms.saturating_sub(self.heard_mono_ms.load(Ordering::Relaxed)) < SILENT_MS
    }

    /// Tells it something; false when it is too slow or gone.
    pub(super) fn tell(&self, word: Outbound) -> bool {
        self.out.tell(word)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.out.0.end();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(words: Option<Vec<Outbound>>) -> Option<Vec<u32>> {
        let number = |word| match word {
            Outbound::Saved(seq) => seq,
            other => panic!("{other:?}"),
        };
        words.map(|words| words.into_iter().map(number).collect())
    }

    #[test]
    fn a_clock_runs_on_while_its_word_waits() {
        let view = |phase, remaining_ms, section_remaining_ms| ClockView {
            phase,
            remaining_ms,
            section: 0,
            section_remaining_ms,
            sitting_started: true,
        };
        assert_eq!(later(view(Phase::Running, 60_000, Some(400)), 900), view(Phase::Running, 59_100, Some(0)));
        assert_eq!(later(view(Phase::Paused, 60_000, None), 900), view(Phase::Paused, 60_000, None), "a paused one stands still");
    }

    #[tokio::test]
    async fn words_come_in_order_and_those_said_before_the_end_come_too() {
        let (out, mut postman) = Mailbox::new();
        let link = Link { number: 1, instance: String::new(), out, heard_mono_ms: Arc::default() };
        let reading = tokio::spawn(async move {
            let mut heard = Vec::new();
            while let Some(words) = numbers(postman.words().await) {
                heard.extend(words);
            }
            heard
        });
        for seq in 0..200 {
            assert!(link.tell(Outbound::Saved(seq)));
            if seq % 7 == 0 {
                tokio::task::yield_now().await;
            }
        }
        drop(link);
        assert_eq!(reading.await.expect("no panic"), (0..200).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn who_does_not_read_is_told_so_much_and_no_more() {
        let (out, mut postman) = Mailbox::new();
        let told = (0..1_000).take_while(|&seq| out.tell(Outbound::Saved(seq))).count();
        assert_eq!(told, OUTBOUND_MAX);
        assert_eq!(numbers(postman.words().await).map(|words| words.len()), Some(OUTBOUND_MAX));
        assert!(out.tell(Outbound::Saved(0)));
        drop(postman);
        assert!(!out.tell(Outbound::Saved(1)), "nobody reads any more");
    }
}
