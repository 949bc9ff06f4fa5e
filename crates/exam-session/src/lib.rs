//! Exam sessions: the state machine of one candidate's session, the sitting that owns a hall of them, and the record of what happened.
//!
//! Pure: no async, no SQL, no HTTP, no clock and no randomness. Time ([`time::Now`]) and nonces come in as arguments, what should happen
//! goes out as values ([`owner::Effect`]); the server, the simulator and the checker drive the very same code.
//!
//! ```text
//! command --decide--> events --append--> record --apply--> state
//! ```

pub mod block;
pub mod command;
pub mod event;
pub mod owner;
pub mod record;
pub mod refusal;
pub mod session;
pub mod sitting;
pub mod time;
