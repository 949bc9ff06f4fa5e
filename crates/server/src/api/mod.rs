//! HTTP endpoints and websockets, one file per noun: request, response, handler, and the rules of who may ask.

pub mod bank;
pub mod boards;
pub mod desk;
pub mod ops;
pub mod papers;
pub mod proctor;
pub mod publications;
pub mod results;
pub mod roster;
pub mod socket;
pub mod staff;
pub mod terminal;
