//! HTTP endpoints and websockets, one file per noun: request, response, handler, and the rules of who may ask.

pub mod bank;
pub mod boards;
pub mod corrections;
pub mod desk;
pub mod objections;
pub mod ops;
pub mod papers;
pub mod previews;
pub mod proctor;
pub mod publications;
pub mod publishing;
pub mod results;
pub mod roster;
pub mod rule_sets;
pub mod socket;
pub mod staff;
pub mod statistics;
pub mod terminal;
