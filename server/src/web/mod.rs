//! Routes, sockets, admission, limits, assets: no rules.
//!
//! What the web asks of a server, whatever the server is about: who is asking and whether they may ask now, answers
//! in one form, and repetition without harm.

pub mod admission;
pub mod app;
pub mod assets;
pub mod body;
pub mod carry;
pub mod conversations;
pub mod credentials;
pub mod health;
pub mod idempotency;
pub mod listen;
mod openapi;
pub mod page;
pub mod problem;
mod routes;
pub mod security;
mod socket;
pub mod target;
pub mod trace;
mod upgrade;

pub use routes::{Reach, router, sweep};
