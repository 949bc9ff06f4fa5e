//! What travels between the server and its pages: websocket frames and HTTP documents.
//!
//! One declaration here makes the Rust type, the TypeScript type (`web/src/wire/`, written by this crate's test, which fails on drift)
//! and the schema in `/api/v1/openapi.json`. The crate knows no other crate of the workspace: a client can be built from it alone, and
//! nothing that must stay secret (a key, a weight) has a type here that could reach a terminal.
//!
//! Conventions: ids are 32 lower-case hexadecimal digits ([`Id`]); instants are Unix milliseconds in `*_utc_ms`; durations carry their unit
//! (`*_ms`, `*_s`); marks are exact thousandths in `*_milli`. Frames are JSON objects whose field `t` names the variant.

pub mod bank;
pub mod board;
pub mod desk;
pub mod objections;
pub mod proctor;
pub mod results;
pub mod roster;
pub mod rule_sets;
pub mod staff;
pub mod terminal;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use utoipa::ToSchema;

/// A 16-byte id as 32 lower-case hexadecimal digits.
pub type Id = String;

/// Version of the websocket protocol; a terminal that says another one is told to reload the page.
pub const PROTOCOL_VERSION: u32 = 1;

/// Why not: the body of every refused HTTP request and part of every refused frame.
///
/// A refusal is an answer, not an error. `code` is stable and meant for programs; `message` is a sentence for people, in Indonesian.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct RefusalBody {
    /// Stable lower-case code, e.g. `session_ended`, `pin_wrong`, `busy`.
    pub code: String,
    /// A sentence for the person in front of the page.
    pub message: String,
    /// What exactly is wrong and where (a field, a row), when there is more to say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// When to try again, for `busy` and rate limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_after_ms: Option<u32>,
}

/// The answer to a request that creates one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, ToSchema)]
pub struct Created {
    /// Id of the new thing.
    pub id: Id,
}
