//! Simulated people for an exam: staff over HTTP, candidates over real websockets, speaking only the types of `wire`.
//!
//! The `saksama-loadtest` program and the end-to-end tests share it. It knows nothing of the server but its address.
//!
//! A load run has these parts: [`server`] starts a server, [`set_up`] fills it with signed-in people, [`crew`] starts the client processes
//! ([`worker`]) that hold the sockets, [`scenario`] tells them what to do while [`machine`] watches, and [`report`] is what stays.

pub mod beside;
pub mod candidate;
pub mod check;
pub mod crew;
pub mod latency;
pub mod machine;
pub mod orders;
pub mod overload;
pub mod pacer;
pub mod public;
pub mod report;
pub mod ring;
pub mod scenario;
mod screen;
pub mod screens;
pub mod server;
pub mod set_up;
pub mod sitting;
pub mod slow;
pub mod staff;
pub mod terminal;
mod tls;
pub mod worker;
