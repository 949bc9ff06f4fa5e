//! The realtime scoring server: HTTP, websockets, who may do what, clocks, the owners of sittings, projections and screens.
//!
//! The one line everything hangs on runs through [`hall`]: a terminal's frame becomes a command, the sitting's owner decides it, the journal
//! makes it durable, then the answer goes back and the projections ([`board`], [`watch`]) learn of it. No SQL is written here.

pub mod answer;
pub mod api;
pub mod app;
pub mod assets;
pub mod auth;
pub mod board;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod front;
pub mod fsck;
pub mod hall;
pub mod item_stats;
pub mod journal;
pub mod lanes;
pub mod pages;
pub mod pressure;
pub mod random;
pub mod rank;
pub mod recount;
pub mod results;
pub mod routes;
pub mod rule_sets;
pub mod tls;
pub mod watch;
