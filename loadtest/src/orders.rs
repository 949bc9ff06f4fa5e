//! What the program says to its client processes, and what they say back: one JSON document a line, orders on standard input, words on standard
//! output.

use crate::latency::Counted;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::PathBuf;

/// A person who is signed in at a terminal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Participant number.
    pub participant_no: String,
    /// The session.
    pub session: String,
    /// The sitting.
    pub sitting: String,
    /// The terminal's cookie, as sent with plain HTTP: `saksama_terminal=...`.
    pub cookie: String,
}

/// What the sockets go to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Address, e.g. `http://127.0.0.1:8080`.
    pub base: String,
    /// Certificate of the authority that the server's own was made by (PEM); with `https` only.
    pub authority: Option<PathBuf>,
    /// True for a bare echo: no sign-in, no hello, what comes back is the acknowledgement.
    pub echo: bool,
}

/// One order; each is answered by one [`Word::Done`] or [`Word::Failed`], with any number of [`Word::Progress`] before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Order {
    /// Opens all sockets and waits for `welcome` on each.
    Open {
        /// Where.
        target: Target,
        /// Who; with an echo only their number matters.
        seats: Vec<Seat>,
        /// Source addresses, so that ports do not run out.
        sources: Vec<Ipv4Addr>,
        /// Handshakes under way at once.
        at_once: usize,
        /// Seed of everything random.
        seed: u64,
    },
    /// Everybody consents, if that is still to be done.
    Consent,
    /// Everybody presses start at one instant, and reads the paper.
    Press {
        /// Unix time, microseconds; what is past means now.
        at_unix_us: i64,
    },
    /// Saves for a time.
    Save {
        /// How often.
        pace: Pace,
        /// For how long.
        seconds: f64,
        /// When it begins, Unix time, microseconds; the same for all processes.
        at_unix_us: i64,
        /// Length of a slice of the time line.
        slice_ms: u64,
        /// How long answers are waited for after the last save.
        drain_ms: u64,
        /// Break every line at the beginning; everybody comes back as the page does.
        cut: bool,
    },
    /// Everybody answers at one instant.
    Burst {
        /// Unix time, microseconds.
        at_unix_us: i64,
        /// How long answers are waited for.
        drain_ms: u64,
    },
    /// Everybody who has not answered yet answers so many positions of the paper, from the first, as fast as answers come.
    Fill {
        /// Positions.
        positions: u16,
    },
    /// Waits until everybody's session is over.
    AwaitEnd {
        /// Seconds at most.
        within_s: u64,
        /// The grace after the deadline, milliseconds.
        grace_ms: u64,
    },
    /// Waits until everybody who lost the connection has a `welcome` again and nothing is unanswered.
    AwaitBack {
        /// Seconds at most.
        within_s: u64,
    },
    /// Connects everybody anew and compares what the server has with what it acknowledged.
    Verify,
    /// Writes what was said and answered, one line a session.
    Diaries {
        /// The file.
        path: PathBuf,
    },
    /// Ends.
    Quit,
}

/// How saves are spread over time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Pace {
    /// Poisson arrivals over all sessions of this process.
    Poisson {
        /// Saves a second.
        per_s: f64,
    },
    /// Everybody reads an item (a view), thinks for a log-normal time and answers.
    Human {
        /// Median of thinking, seconds.
        think_s: f64,
    },
}

/// What a client process says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", rename_all = "snake_case")]
pub enum Word {
    /// How far an order is.
    Progress {
        /// Done of all.
        done: u64,
    },
    /// An order is carried out.
    Done(Box<Outcome>),
    /// It could not be.
    Failed {
        /// Why.
        why: String,
    },
}

/// What an order came to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Sessions that are connected now.
    pub connected: u64,
    /// Counts by name: `sent`, `acked`, `late`, `refused`, `busy`, `open`, `views`, `lines_lost`, `verified`, `wrong`, ...
    pub counts: BTreeMap<String, u64>,
    /// Latencies by name: `ack`, `paper`, `ended`, `back`, ...
    pub latencies: BTreeMap<String, Counted>,
    /// Instants by name, Unix time in microseconds.
    pub instants: BTreeMap<String, i64>,
    /// The time line.
    pub slices: Vec<Slice>,
    /// The first few things that went wrong.
    pub problems: Vec<String>,
}

/// A slice of the time line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// Its end, milliseconds since the order began.
    pub at_ms: u64,
    /// Latencies of what was acknowledged within it.
    pub ack: Counted,
    /// Saves that wait for an answer at its end.
    pub open: u64,
}

impl Outcome {
    /// Puts another process's part in: counts add up, of instants the names beginning with `first_` keep the earliest, others the latest.
    pub fn join(&mut self, other: Outcome) {
        self.connected += other.connected;
        for (name, count) in other.counts {
            *self.counts.entry(name).or_default() += count;
        }
        for (name, counted) in other.latencies {
            self.latencies.entry(name).or_default().join(counted);
        }
        for (name, at) in other.instants {
            let before = self.instants.entry(name.clone()).or_insert(at);
            *before = if name.starts_with("first_") { at.min(*before) } else { at.max(*before) };
        }
        for slice in other.slices {
            match self.slices.iter_mut().find(|mine| mine.at_ms == slice.at_ms) {
                Some(mine) => {
                    mine.open += slice.open;
                    mine.ack.join(slice.ack);
                }
                None => self.slices.push(slice),
            }
        }
        self.problems.extend(other.problems);
        self.problems.truncate(20);
    }

    /// A count; 0 when there is none of this name.
    pub fn count(&self, name: &str) -> u64 {
        self.counts.get(name).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_several_processes_become_one() {
        let part = |acked, at| Outcome {
            connected: 5,
            counts: BTreeMap::from([("acked".to_owned(), acked)]),
            instants: BTreeMap::from([("first_saved".to_owned(), at), ("last_saved".to_owned(), at)]),
            slices: vec![Slice { at_ms: 250, open: 1, ..Slice::default() }],
            ..Outcome::default()
        };
        let mut whole = part(10, 700);
        whole.join(part(4, 300));
        assert_eq!((whole.connected, whole.count("acked"), whole.count("nothing")), (10, 14, 0));
        assert_eq!((whole.instants["first_saved"], whole.instants["last_saved"]), (300, 700));
        assert_eq!(whole.slices, [Slice { at_ms: 250, open: 2, ..Slice::default() }]);
    }
}
