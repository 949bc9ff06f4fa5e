//! Simulated people for an exam: staff over HTTP, candidates over real websockets, speaking only the types of `wire`.
//!
//! The `saksama-loadtest` program and the end-to-end tests share it. It knows nothing of the server but its address.

pub mod beside;
pub mod candidate;
pub mod check;
pub mod overload;
pub mod public;
pub mod rate;
pub mod report;

pub mod screens;
pub mod sitting;
pub mod slow;
pub mod staff;
pub mod terminal;
